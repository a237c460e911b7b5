"""Storing the schedules that a cycle joins or leaves."""

from collections.abc import Sequence
from datetime import datetime

from ofncore.kernel.ids import OrderCycleId
from ofncore.model.subscription import Schedule
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.standing.syncing import sync_schedules


def reschedule(unit: UnitOfWork, order_cycle: OrderCycleId, changed: Sequence[Schedule], now: datetime) -> None:
    """Store *changed* schedules, and keep proxy orders in step, theirs and those of every schedule with the cycle.

    Orders that were placed stay, and are concluded as all others are, also where the cycle leaves their schedule
    (SUB-3 K1 and K2, SUB-9).
    """
    for each in changed:
        unit.schedules.save(each)
    concerned = {each.id: each for each in (*unit.schedules.with_cycle(order_cycle), *changed)}
    sync_schedules(unit, now, concerned.values())
