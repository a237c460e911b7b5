"""Where an order cycle stands at an instant.

Derived from its two dates alone; nothing is stored.

Source:
    CYC-3, CYC-14.1.
"""

from datetime import datetime
from enum import StrEnum

from ofncore.kernel.codes import Code
from ofncore.kernel.policies import CycleBounds
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.cycle import OrderCycle


class CycleStatus(StrEnum):
    """The four states of a cycle; exactly one holds at any instant."""

    #: One of the two dates is missing.
    UNDATED = "undated"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


def status_at(cycle: OrderCycle, now: datetime) -> CycleStatus:
    """Return the state of *cycle* at *now*; at the exact instants of opening and closing it is open (CYC-14.1)."""
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    if opens is None or closes is None:
        return CycleStatus.UNDATED
    if now < opens:
        return CycleStatus.UPCOMING
    return CycleStatus.OPEN if now <= closes else CycleStatus.CLOSED


def is_open_at(cycle: OrderCycle, now: datetime, bounds: CycleBounds = CycleBounds.INCLUDED) -> bool:
    """Whether orders are taken at *now*; *bounds* decides at the exact instants of opening and closing."""
    if bounds is CycleBounds.EXCLUDED and now in (cycle.orders_open_at, cycle.orders_close_at):
        return False
    return status_at(cycle, now) is CycleStatus.OPEN


def window_problem(
    cycle: OrderCycle, now: datetime, *, bounds: CycleBounds = CycleBounds.INCLUDED, path: str = "$"
) -> Problem | None:
    """Return why no order can be taken in *cycle* at *now*, or None if one can."""
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    if is_open_at(cycle, now, bounds):
        return None
    if opens is None or closes is None:
        return problem(Code.CYCLE_UNDATED, path)
    if now <= opens:
        return problem(Code.CYCLE_UPCOMING, path, at=opens)
    return problem(Code.CYCLE_CLOSED, path, at=closes)
