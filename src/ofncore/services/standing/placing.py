"""Placing the standing orders of one cycle, in one unit of work (SUB-17.2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ofncore.cycles.offer import Offer
from ofncore.kernel.errors import OfncoreError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, ProxyOrderId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import free_code, load_catalogue, load_offer
from ofncore.services.recording import move_stock, post, record_events
from ofncore.services.standing.candidates import load_candidates, shops_of
from ofncore.services.standing.letters import placement_letters
from ofncore.subscriptions.placement import (
    Candidate,
    PlacementFacts,
    PlacementPlan,
    may_still_place,
    order_of,
    plan_missed,
    plan_placement,
)


def place(unit: UnitOfWork, order_cycle: OrderCycleId, profile: Profile, *, at: datetime, now: datetime) -> int:
    """Place what is due in *order_cycle*, at all its shops; return how many proxy orders were dealt with."""
    cycle = unit.order_cycles.get(order_cycle)
    waiting = load_candidates(unit, order_cycle)
    shops = {key: unit.enterprises.get(key) for key in shops_of(waiting)}
    open_shops = {key: shop for key, shop in shops.items() if _takes_part(cycle, shop, now)}
    candidates = [each for each in waiting if each.subscription.shop in open_shops]
    if not candidates:
        return 0
    facts = _facts(unit, candidates, {key: load_offer(unit, cycle, key, profile) for key in open_shops})
    plan = plan_placement(candidates, facts, at=at, late_at=profile.late_mark(at, now))
    _store(unit, plan)
    names = (facts.variants, facts.products)
    post(unit, placement_letters(unit, plan, candidates, cycle=cycle, shops=open_shops, names=names, at=at))
    return sum(each.outcome is not None for each in plan.proxy_orders)


def _takes_part(cycle: OrderCycle, shop: Enterprise, now: datetime) -> bool:
    return may_still_place(cycle, shop, now) and cycle.outgoing_to(shop.id) is not None


def report_missed(unit: UnitOfWork, cycle: OrderCycle, now: datetime, *, late_at: datetime | None) -> int:
    """Mark as missed whatever was not placed by the closing of *cycle*, and tell; return how many (SUB-17.4).

    Shops with subscriptions switched off place nothing and miss nothing.
    """
    waiting = load_candidates(unit, cycle.id)
    known = {key: unit.enterprises.get(key) for key in shops_of(waiting)}
    shops = {key: shop for key, shop in known.items() if shop.shop.subscriptions_enabled}
    candidates = [each for each in waiting if each.subscription.shop in shops]
    plan = plan_missed(candidates, cycle, now, late_at=late_at)
    _store(unit, plan)
    names = load_catalogue(unit, {line.variant for each in candidates for line in each.subscription.lines})
    at = cycle.orders_close_at or now
    post(unit, placement_letters(unit, plan, candidates, cycle=cycle, shops=shops, names=names, at=at))
    return len(plan.proxy_orders)


def _facts(unit: UnitOfWork, candidates: Sequence[Candidate], offers: Mapping[EnterpriseId, Offer]) -> PlacementFacts:
    wanted = {line.variant for each in candidates for line in each.subscription.lines}
    variants, products = load_catalogue(unit, wanted)
    codes: dict[ProxyOrderId, str] = {}
    for each in candidates:
        shop = offers[each.subscription.shop].terms.distributor
        codes[each.proxy_order.id] = free_code(unit, shop, order_of(each.proxy_order), codes.values())
    buyers = unit.customers.get_many({each.subscription.customer for each in candidates})
    return PlacementFacts(
        offers=offers,
        variants=variants,
        products=products,
        stock=unit.stock.items(wanted),
        customers={each.id: each for each in buyers},
        codes=codes,
    )


def _store(unit: UnitOfWork, plan: PlacementPlan) -> None:
    short = move_stock(unit, plan.movements)
    if short is not None:
        message = f"the storage let the stock of a plan be taken by somebody else: {short}"
        raise OfncoreError(message)
    for order in plan.orders:
        unit.orders.add(order)
    for proxy in plan.proxy_orders:
        unit.proxy_orders.save(proxy)
    record_events(unit, plan.events)
