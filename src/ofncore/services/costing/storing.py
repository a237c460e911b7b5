"""Storing what was decided for the orders of a cycle, and telling their customers."""

from collections.abc import Iterable
from datetime import datetime

from ofncore.kernel.ids import joined_id
from ofncore.kernel.instants import iso
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.orders.balance import balance_of
from ofncore.orders.charging import no_longer_awaiting
from ofncore.orders.plan import OrderPlan
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.costing.facts import OrderRecords
from ofncore.services.ordering import letters
from ofncore.services.recording import post, record_events


def store_plans(
    unit: UnitOfWork, plans: Iterable[OrderPlan], cycle: OrderCycle, records: OrderRecords, *, now: datetime
) -> None:
    """Store the orders of *plans*; customers who pay another amount are told."""
    before = {order.id: order for order in records.orders}
    for plan in plans:
        stored = unit.orders.save(no_longer_awaiting(plan.order, unit.payments.of_orders([plan.order.id])))
        record_events(unit, plan.events)
        if stored.total != before[stored.id].total:
            _tell(unit, before[stored.id], stored, cycle, records, now)


def _tell(
    unit: UnitOfWork, before: Order, after: Order, cycle: OrderCycle, records: OrderRecords, now: datetime
) -> None:
    message = letters.change(
        before,
        after,
        records.customers[after.customer],
        unit.enterprises.get(after.distributor),
        cycle,
        balance_of(after, unit.payments.of_orders([after.id])).outstanding,
        variants=records.variants,
        at=now,
        occasion=joined_id(iso(now), str(before.version)),
    )
    post(unit, [message])
