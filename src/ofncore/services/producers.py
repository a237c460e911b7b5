"""Telling producers what to bring."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from ofncore.cycles.summaries import ProducerSummary, summarise
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import CustomerId, joined_id
from ofncore.kernel.instants import iso
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import ProducersNotified
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.orders import letters
from ofncore.orders.notices import to_enterprise
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.recording import post, record_events


def notify_producers(
    unit: UnitOfWork,
    cycle: OrderCycle,
    *,
    actor: Actor,
    at: datetime,
    automatic: bool,
    late_at: datetime | None = None,
) -> int:
    """Send each producer with something to bring its summary, and mark the cycle; return how many were written to.

    The automatic one is dated at the close, so it happens once for each closing; one by hand any number of times, at
    different instants (CYC-11).
    """
    orders = [each for each in unit.orders.of_cycle(cycle.id) if each.is_placed]
    customers = {each.id: each for each in unit.customers.get_many({order.customer for order in orders})}
    summaries = summarise(cycle.id, orders)
    occasion = iso(at)
    messages = [
        _message(unit, each, cycle, orders=orders, customers=customers, at=at, occasion=occasion, late_at=late_at)
        for each in summaries
    ]
    post(unit, messages)
    event = ProducersNotified(
        order_cycle=cycle.id,
        suppliers=tuple(each.supplier for each in summaries),
        automatic=automatic,
        occasion=occasion,
        actor=actor,
        at=at,
        late_at=late_at,
    )
    record_events(unit, [event])
    unit.order_cycles.save(attrs.evolve(cycle, producers_notified_at=at))
    return len(summaries)


def _message(
    unit: UnitOfWork,
    summary: ProducerSummary,
    cycle: OrderCycle,
    *,
    orders: Sequence[Order],
    customers: Mapping[CustomerId, Customer],
    at: datetime,
    occasion: str,
    late_at: datetime | None,
) -> Message:
    supplier, coordinator = unit.enterprises.get(summary.supplier), unit.enterprises.get(cycle.coordinator)
    letter = letters.producer_summary(
        summary,
        supplier=supplier,
        coordinator=coordinator,
        cycle=cycle,
        distributors=unit.enterprises.get_many({order.distributor for order in orders}),
        orders=orders,
        customers=customers,
        locale=supplier.locale,
        zone=supplier.time_zone,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.PRODUCER_SUMMARY,
        enterprise=supplier,
        about=cycle.id,
        at=at,
        reply_to=coordinator.email,
        # A producer paid in two currencies gets a summary for each.
        occasion=joined_id(occasion, summary.currency),
        late_at=late_at,
    )
