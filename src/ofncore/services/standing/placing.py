"""Placing the standing orders of one shop in one cycle, in one unit of work (SUB-17.2)."""

from collections.abc import Sequence
from datetime import datetime

from ofncore.cycles.offer import Offer
from ofncore.kernel.errors import OfncoreError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, ProxyOrderId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
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


def place(
    unit: UnitOfWork,
    order_cycle: OrderCycleId,
    shop: EnterpriseId,
    profile: Profile,
    *,
    at: datetime,
    now: datetime,
) -> int:
    """Place what is due at *shop* in *order_cycle*; return how many proxy orders were dealt with."""
    cycle, enterprise = unit.order_cycles.get(order_cycle), unit.enterprises.get(shop)
    if not may_still_place(cycle, enterprise, now) or cycle.outgoing_to(shop) is None:
        return 0
    candidates = [each for each in load_candidates(unit, order_cycle) if each.subscription.shop == shop]
    facts = _facts(unit, candidates, load_offer(unit, cycle, shop, profile))
    plan = plan_placement(candidates, facts, at=at, late_at=profile.late_mark(at, now))
    _store(unit, plan)
    names = (facts.variants, facts.products)
    post(unit, placement_letters(unit, plan, candidates, cycle=cycle, shop=enterprise, names=names, at=at))
    return len(plan.proxy_orders)


def report_missed(unit: UnitOfWork, cycle: OrderCycle, now: datetime) -> int:
    """Mark as missed whatever was not placed by the closing of *cycle*, and tell; return how many (SUB-17.4)."""
    candidates = load_candidates(unit, cycle.id)
    missed = 0
    for key in shops_of(candidates):
        shop = unit.enterprises.get(key)
        if not shop.shop.subscriptions_enabled:
            continue
        mine = [each for each in candidates if each.subscription.shop == key]
        plan = plan_missed(mine, cycle, now)
        _store(unit, plan)
        names = load_catalogue(unit, {line.variant for each in mine for line in each.subscription.lines})
        at = cycle.orders_close_at or now
        post(unit, placement_letters(unit, plan, mine, cycle=cycle, shop=shop, names=names, at=at))
        missed += len(plan.proxy_orders)
    return missed


def _facts(unit: UnitOfWork, candidates: Sequence[Candidate], offer: Offer) -> PlacementFacts:
    wanted = {line.variant for each in candidates for line in each.subscription.lines}
    variants, products = load_catalogue(unit, wanted)
    codes: dict[ProxyOrderId, str] = {}
    for each in candidates:
        proxy = each.proxy_order
        codes[proxy.id] = free_code(unit, offer.terms.distributor, order_of(proxy), codes.values())
    return PlacementFacts(
        offer=offer, variants=variants, products=products, stock=unit.stock.items(wanted), codes=codes
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
