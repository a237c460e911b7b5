"""When things happened in a cycle, by the clocks of its coordinator."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.instants import local
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleEdited, OrderCancelled, RuleOverridden
from ofncore.model.order import Channel, Order
from ofncore.model.payment import PaymentPurpose

#: Orders are counted in steps of so many hours.
STEP_HOURS: Final = 3
_STEP: Final = timedelta(hours=STEP_HOURS)
_DAY: Final = timedelta(days=1)
#: The days after the close on which goods are picked up and paid.
_AFTER: Final = 4 * _DAY


class Mark(StrEnum):
    """What else is marked."""

    EDIT = "edit"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    OVERRIDE = "override"
    LATE = "late"


@attrs.frozen(kw_only=True)
class Marked:
    """One mark."""

    mark: Mark
    #: Position from the first to the last instant drawn, in thousandths.
    place: int
    #: Day, time, and what it was.
    at: datetime
    says: str


@attrs.frozen(kw_only=True)
class Step:
    """The orders that were placed within some hours, without standing orders."""

    place: int
    width: int
    web: int
    by_staff: int
    begins: datetime


@attrs.frozen(kw_only=True)
class Timeline:
    """One cycle, from the day before its opening to the days of its pick-ups."""

    cycle: OrderCycle
    opens: int
    closes: int
    standing: int
    #: Days with the place of their beginning and their end.
    days: tuple[tuple[datetime, int, int], ...]
    steps: tuple[Step, ...]
    marks: tuple[Marked, ...]
    #: Days with how many payments were received by hand.
    received: tuple[tuple[int, int], ...]
    #: By how much the clocks were changed while the cycle was open; zero if they were not.
    clock_change: timedelta


@attrs.frozen
class _Scale:
    """Local wall-clock time, as thousandths of what is drawn."""

    zone: str
    first: datetime
    last: datetime

    def there(self, instant: datetime) -> datetime:
        return local(instant, self.zone).replace(tzinfo=None)

    def place(self, wall: datetime) -> int:
        return int((wall - self.first) * 1000 / (self.last - self.first))

    def of(self, instant: datetime) -> int:
        return self.place(self.there(instant))

    def holds(self, instant: datetime) -> bool:
        return self.first <= self.there(instant) < self.last


def timeline_of(books: Books, cycle: OrderCycle) -> Timeline:
    """Return what happened in *cycle*."""
    opens, closes = cycle.opened_at, cycle.closed_at
    if opens is None or closes is None:
        message = f"only a cycle that opened and closed has a timeline, not {cycle.id!r}"
        raise ValueError(message)
    zone = books.enterprises[cycle.coordinator].time_zone
    first, last = (_midnight(local(each, zone)) for each in (opens, closes))
    scale = _Scale(zone, first - _DAY, last + _AFTER)
    orders = books.orders[cycle.id]
    standing = [order for order in orders if order.channel is Channel.SUBSCRIPTION]
    opened, closed = local(opens, zone).utcoffset(), local(closes, zone).utcoffset()
    return Timeline(
        cycle=cycle,
        opens=scale.of(opens),
        closes=scale.of(closes),
        standing=len(standing),
        days=tuple(_days(scale)),
        steps=tuple(_steps(scale, [order for order in orders if order not in standing])),
        marks=tuple(sorted(_marks(books, scale, cycle), key=lambda mark: (mark.at, mark.says))),
        received=tuple(_received(books, scale, orders)),
        clock_change=(closed or timedelta()) - (opened or timedelta()),
    )


def _midnight(there: datetime) -> datetime:
    return there.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _days(scale: _Scale) -> Iterator[tuple[datetime, int, int]]:
    day = scale.first
    while day < scale.last:
        yield day, scale.place(day), scale.place(day + _DAY)
        day += _DAY


def _steps(scale: _Scale, orders: Iterable[Order]) -> Iterator[Step]:
    found: dict[datetime, list[Order]] = {}
    for order in orders:
        there = scale.there(order.placed_at)
        begins = scale.first + (there - scale.first) // _STEP * _STEP
        found.setdefault(begins, []).append(order)
    for begins, placed in sorted(found.items()):
        web = sum(order.channel is Channel.WEB for order in placed)
        place = scale.place(begins)
        width = scale.place(begins + _STEP) - place
        yield Step(place=place, width=width, web=web, by_staff=len(placed) - web, begins=begins)


def _marks(books: Books, scale: _Scale, cycle: OrderCycle) -> Iterator[Marked]:
    codes = {order.id: order.code for order in books.orders[cycle.id]}
    for event in books.state.events:
        match event:
            case CycleEdited(order_cycle=cycle.id):
                yield from _mark(scale, Mark.EDIT, event.at, f"{_person(books, event.actor.id)} edited the cycle")
            case OrderCancelled() if event.order in codes:
                yield from _mark(scale, Mark.CANCELLED, event.at, f"{codes[event.order]} was cancelled")
            case RuleOverridden() if event.order in codes:
                says = f"{codes[event.order]} was taken after the close: {event.reason}"
                yield from _mark(scale, Mark.OVERRIDE, event.at, says)
            case _:
                pass
    for order in books.orders[cycle.id]:
        if order.late_at is not None:
            yield from _mark(scale, Mark.LATE, order.late_at, f"{order.code} was placed late")
    for attempt in books.attempts_in(cycle.id):
        yield from _mark(scale, Mark.REFUSED, attempt.at, f"{attempt.who}, {attempt.what}: refused")


def _mark(scale: _Scale, mark: Mark, at: datetime, says: str) -> Iterator[Marked]:
    if scale.holds(at):
        yield Marked(mark=mark, place=scale.of(at), at=at, says=says)


def _person(books: Books, key: str) -> str:
    return next((user.name for user in books.state.users if user.id == key), key)


def _received(books: Books, scale: _Scale, orders: Iterable[Order]) -> Iterator[tuple[int, int]]:
    receipts = (
        payment
        for order in orders
        for payment in books.payments[order.id]
        if payment.purpose is PaymentPurpose.RECEIPT and scale.holds(payment.at)
    )
    days = Counter(_midnight(scale.there(payment.at)) for payment in receipts)
    for midnight, number in sorted(days.items()):
        yield scale.place(midnight + _DAY / 2), number
