"""Announcing the opening and carrying out the closing of a cycle, each once, however late.

What is due is selected by state: it has opened (or closed) and carries no mark yet. There is no look-back window.

Source:
    CYC-11, CYC-14.9.
"""

from datetime import datetime

import attrs

from ofncore.kernel.instants import iso
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleClosed, CycleOpened, Event


@attrs.frozen(kw_only=True)
class CycleStep:
    """A cycle as it is to be stored, and what became true."""

    cycle: OrderCycle
    events: tuple[Event, ...]


def plan_opening(cycle: OrderCycle, now: datetime, profile: Profile) -> CycleStep | None:
    """Return the opening of *cycle*, or None if it is not due: not opened yet, or announced already.

    It is dated at the opening itself, and marked late if *now* is late.
    """
    opens = cycle.orders_open_at
    if opens is None or cycle.opened_at is not None or now < opens:
        return None
    event = CycleOpened(order_cycle=cycle.id, occasion=iso(opens), at=opens, late_at=profile.late_mark(opens, now))
    return CycleStep(cycle=attrs.evolve(cycle, opened_at=opens), events=(event,))


def plan_closing(cycle: OrderCycle, now: datetime, profile: Profile) -> CycleStep | None:
    """Return the closing of *cycle*, or None if it is not due.

    At the very instant of closing the cycle is still open (CYC-14.1), so nothing is due until after it.
    """
    closes = cycle.orders_close_at
    if closes is None or cycle.closed_at is not None or now <= closes:
        return None
    event = CycleClosed(order_cycle=cycle.id, occasion=iso(closes), at=closes, late_at=profile.late_mark(closes, now))
    return CycleStep(cycle=attrs.evolve(cycle, closed_at=closes), events=(event,))
