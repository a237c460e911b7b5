"""What a cycle would give by other fees."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import attrs

from ofncore.cycles.offer import Offer
from ofncore.fees.shares import SharingRules
from ofncore.fees.what_if import FeeProposal, OrdersCompared, PriceChange, compare_orders, compare_prices
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.cycle import OrderCycle
from ofncore.orders.cycle_costs import coordinator_problems
from ofncore.orders.terms import shopper_terms
from ofncore.permissions.actions import CycleAction
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.costing.facts import OrderRecords, load_offers, load_records
from ofncore.services.loading import fees_of, load_managers, load_sharing_rules


@attrs.frozen(kw_only=True)
class FeesCompared:
    """The prices and orders of a cycle under its own fees and under others."""

    #: What each shop of the cycle shows a visitor; sorted by distributor.
    prices: Mapping[EnterpriseId, tuple[PriceChange, ...]]
    #: One for each currency, sorted; none without orders.
    orders: tuple[OrdersCompared, ...]


def compare(
    unit: UnitOfWork, order_cycle: OrderCycleId, proposal: FeeProposal, *, actor: Actor, now: datetime, profile: Profile
) -> FeesCompared | Refusal:
    """Return what a cycle gives by its own fees and by those of *proposal*, or why that is not told."""
    cycle = unit.order_cycles.find(order_cycle)
    if cycle is None:
        return Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id=order_cycle)
    relations = load_managers(unit, actor, {cycle.coordinator})
    refused = refusal_of(
        (
            *coordinator_problems(cycle, relations, actor, CycleAction.EDIT_COORDINATOR_FEES),
            *_unknown_fees(unit, proposal),
        )
    )
    if refused is not None:
        return refused
    records = load_records(unit, cycle)
    sellers = [each.distributor for each in cycle.outgoing] + [order.distributor for order in records.orders]
    before = load_offers(unit, cycle, sellers, profile)
    after = {key: _proposed(unit, offer, proposal) for key, offer in before.items()}
    orders = _orders(records, before, after, load_sharing_rules(unit))
    return FeesCompared(prices=_prices(cycle, before, after, now), orders=tuple(orders))


def _unknown_fees(unit: UnitOfWork, proposal: FeeProposal) -> Iterator[Problem]:
    """Yield a problem for each fee that the proposal attaches, and neither it nor the storage has."""
    if proposal.cycle is not None:
        named = fees_of(proposal.cycle) - {fee.id for fee in proposal.fees}
        for key in sorted(named - {fee.id for fee in unit.fees.get_many(named)}):
            yield problem(Code.UNKNOWN_RECORD, "$.cycle", kind="fee", id=key)


def _proposed(unit: UnitOfWork, offer: Offer, proposal: FeeProposal) -> Offer:
    """Return *offer* with the fees of *proposal*; what it sells stays."""
    named = fees_of(proposal.cycle) if proposal.cycle is not None else set()
    known = {**offer.terms.fees, **{fee.id: fee for fee in unit.fees.get_many(named)}}
    return attrs.evolve(offer, terms=proposal.terms(attrs.evolve(offer.terms, fees=known)))


def _prices(
    cycle: OrderCycle, before: Mapping[EnterpriseId, Offer], after: Mapping[EnterpriseId, Offer], now: datetime
) -> dict[EnterpriseId, tuple[PriceChange, ...]]:
    shops = sorted({each.distributor for each in cycle.outgoing})
    return {
        shop: compare_prices(
            shopper_terms(before[shop], None, at=now),
            shopper_terms(after[shop], None, at=now),
            before[shop].variants.values(),
        )
        for shop in shops
    }


def _orders(
    records: OrderRecords,
    before: Mapping[EnterpriseId, Offer],
    after: Mapping[EnterpriseId, Offer],
    rules: SharingRules,
) -> Iterator[OrdersCompared]:
    old, new, by_currency = records.tariffs(before), records.tariffs(after), attrgetter("currency")
    for currency, found in groupby(sorted(records.orders, key=by_currency), key=by_currency):
        yield compare_orders(found, old, new, currency=currency, rules=rules)
