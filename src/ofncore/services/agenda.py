"""The agenda: everything that is due, done in the order in which it fell due.

A late run lives through what it missed: each opening and closing is dealt with as of its own instant, one after the
other, so that it leaves behind what punctual runs would have left, but for the marks that say it was late.

The mark of a step is set last. A run that is killed between two units of work is therefore found undone, and what was
done of it already is not done again.

Source:
    CYC-11, CYC-14.9, SUB-17.1, SUB-17.4.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum

import attrs

from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.instants import as_instant
from ofncore.model.cycle import OrderCycle
from ofncore.services.cycles import CycleService
from ofncore.services.outbox import OutboxService
from ofncore.services.payments import PaymentService
from ofncore.services.subscriptions import SubscriptionService
from ofncore.services.unfinished import Unfinished
from ofncore.services.wiring import Wiring


class _Turn(IntEnum):
    """Which comes first at one and the same instant; at its closing a cycle is still open."""

    OPENING = 0
    CLOSING = 1


@attrs.frozen(order=True)
class _Item:
    at: datetime
    turn: _Turn
    order_cycle: OrderCycleId


@attrs.frozen(kw_only=True)
class AgendaReport:
    """How much was done; all zero when nothing was due."""

    #: Proxy orders created or removed.
    synced: int = 0
    opened: int = 0
    #: Proxy orders that were placed, or that turned out empty.
    placed: int = 0
    closed: int = 0
    #: Proxy orders whose cycle closed before they could be placed.
    missed: int = 0
    #: Proxy orders concluded after the close.
    confirmed: int = 0
    #: Open claims whose outcome was learnt.
    settled: int = 0
    #: Messages handed over.
    delivered: int = 0

    def __add__(self, other: "AgendaReport") -> "AgendaReport":
        names = [field.name for field in attrs.fields(AgendaReport)]
        return AgendaReport(**{name: getattr(self, name) + getattr(other, name) for name in names})


class AgendaService:
    """Does everything that is due at an instant."""

    def __init__(
        self,
        wiring: Wiring,
        *,
        cycles: CycleService,
        subscriptions: SubscriptionService,
        payments: PaymentService,
        outbox: OutboxService,
    ) -> None:
        self._wiring = wiring
        self._cycles = cycles
        self._subscriptions = subscriptions
        self._payments = payments
        self._outbox = outbox

    def run(self, now: datetime) -> AgendaReport:
        """Do what is due at *now*: open, sync, place, close, notify, charge, deliver. Doing it again does nothing.

        What fails for one cycle, payment, standing order or message keeps nothing else waiting; the next run meets it
        again.

        Raises:
            UnfinishedWorkError: something failed; everything else was done and stored before.
        """
        instant, unfinished = as_instant(now), Unfinished()
        report, stuck = self._past(instant, unfinished)
        report += self._present(instant, stuck, unfinished)
        unfinished.raise_all()
        return report

    def _past(self, now: datetime, unfinished: Unfinished) -> tuple[AgendaReport, set[OrderCycleId]]:
        """Live through all openings and closings; return also the cycles that are stuck in one."""
        report, stuck = AgendaReport(), set[OrderCycleId]()
        items = list(self._items(now))
        for done, item in enumerate(items):
            self._wiring.progress.step("agenda", done, len(items))
            # What comes after a failed opening would find its cycle in a state that no rule expects.
            if item.order_cycle in stuck:
                continue
            stuck.add(item.order_cycle)
            with unfinished.noting(f"order cycle {item.order_cycle}"):
                report += self._opening(item, now) if item.turn is _Turn.OPENING else self._closing(item, now)
                stuck.remove(item.order_cycle)
        return report, stuck

    def _items(self, now: datetime) -> Iterator[_Item]:
        found = [
            *(_item(each, each.orders_open_at, _Turn.OPENING) for each in self._cycles.opening_due(now)),
            *(_item(each, each.orders_close_at, _Turn.CLOSING) for each in self._cycles.closing_due(now)),
        ]
        yield from sorted(item for item in found if item is not None)

    def _opening(self, item: _Item, now: datetime) -> AgendaReport:
        synced = self._subscriptions.sync(item.at, order_cycle=item.order_cycle)
        placed = self._subscriptions.place(item.order_cycle, at=item.at, now=now)
        opened = self._cycles.announce_opening(item.order_cycle, now=now)
        return AgendaReport(synced=synced, placed=placed, opened=int(opened))

    def _closing(self, item: _Item, now: datetime) -> AgendaReport:
        synced = self._subscriptions.sync(item.at, order_cycle=item.order_cycle)
        placed = self._subscriptions.place(item.order_cycle, at=item.at, now=now)
        closed = self._cycles.close(item.order_cycle, now=now)
        missed = 0 if closed is None else closed.missed
        return AgendaReport(synced=synced, placed=placed, closed=int(closed is not None), missed=missed)

    def _present(self, now: datetime, stuck: set[OrderCycleId], unfinished: Unfinished) -> AgendaReport:
        """Do what is due without belonging to an opening or a closing."""
        synced = placed = settled = confirmed = delivered = 0
        with unfinished.noting("proxy orders"):
            synced = self._subscriptions.sync(now)
        cycles = [each for each in self._cycles.unsettled() if each.id not in stuck]
        for each in cycles:
            if _is_running(each, now):
                with unfinished.noting(f"order cycle {each.id}"):
                    placed += self._subscriptions.place(each.id, at=now, now=now)
        with unfinished.gathering("payments"):
            settled = len(self._payments.settle_open())
        for each in cycles:
            if each.closed_at is not None:
                with unfinished.gathering(f"order cycle {each.id}"):
                    confirmed += self._subscriptions.confirm(each.id, now=now)
        with unfinished.gathering("messages"):
            delivered = self._outbox.deliver(now)
        return AgendaReport(synced=synced, placed=placed, settled=settled, confirmed=confirmed, delivered=delivered)


def _item(cycle: OrderCycle, at: datetime | None, turn: _Turn) -> _Item | None:
    return None if at is None else _Item(at, turn, cycle.id)


def _is_running(cycle: OrderCycle, now: datetime) -> bool:
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    return opens is not None and closes is not None and opens <= now <= closes
