"""The pictures of the report."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from ofncore.cli.report import svg
from ofncore.cli.report.figures.books import Books
from ofncore.cli.report.figures.prices import PriceMakeUp, PricePart
from ofncore.cli.report.figures.shortages import Serving, Shortage
from ofncore.cli.report.figures.timeline import STEP_HOURS, Mark, Marked, Step, Timeline
from ofncore.cli.report.wording import clock, counted, money, percent, whole_percent

# ---------------------------------------------------------------- prices

_BAR: Final = 30
#: A part narrower than this, in percent, has no room for its own percentage.
_ROOM: Final = 9


def part_class(part: PricePart) -> str:
    """Return the class that colours *part*."""
    return "tax" if part.is_tax else "producer" if part.fee_type is None else f"fee-{part.fee_type}"


def price_bar(make_up: PriceMakeUp, *, key: str, shop: str) -> Markup:
    """Return the bar of one price, from the producer to the tax."""
    whole = make_up.total.minor
    inner: list[Markup] = []
    before = 0
    for part in make_up.parts:
        place, width = svg.part_of(before, whole), svg.part_of(part.amount.minor, whole)
        says = f"{part.name}: {money(part.amount)}, {percent(part.amount.minor, whole)}"
        inner.append(svg.box(place, 0, width, _BAR, class_=f"part {part_class(part)}", says=says))
        if 100 * part.amount.minor >= _ROOM * whole:
            middle = svg.part_of(2 * before + part.amount.minor, 2 * whole)
            label = whole_percent(part.amount.minor, whole)
            inner.append(svg.words(label, middle, 20, class_=f"on-{part_class(part)}", anchor="middle"))
        before += part.amount.minor
    about = "; ".join(f"{part.name} {money(part.amount)}" for part in make_up.parts)
    return svg.picture(
        key, *inner, title=f"{make_up.goods} at {shop}: {money(make_up.total)}", about=about, height=_BAR
    )


# ---------------------------------------------------------------- shortages

_CELL: Final = 20
_PIECE: Final = 10
#: The gap between two customers, in tenths of a piece.
_GAP: Final = 4


def strip_length(shortage: Shortage) -> int:
    """Return how long the strip of *shortage* is, in tenths of a piece."""
    return shortage.wanted * _PIECE + (len(shortage.servings) - 1) * _GAP


def shortage_strip(shortage: Shortage, books: Books, *, key: str, whole: int) -> Markup:
    """Return one box for each piece that was wanted, customer by customer: full if it was given.

    A strip as long as *whole* fills the width.
    """
    inner: list[Markup] = []
    at = 0
    for turn, serving in enumerate(shortage.servings, start=1):
        says = f"{turn}. {_serving(books, serving)}"
        for piece in range(serving.wanted):
            kind = "given" if piece < serving.given else "missing"
            place, width = svg.part_of(at, whole), svg.part_of(_PIECE, whole)
            inner.append(svg.box(place, 1, width, _CELL, class_=f"piece {kind}", says=says))
            at += _PIECE
        at += _GAP
    title = f"{shortage.goods}: {shortage.given} of {shortage.wanted} given"
    about = "; ".join(_serving(books, each) for each in shortage.servings)
    return svg.picture(key, *inner, title=title, about=about, height=_CELL + 2)


def _serving(books: Books, serving: Serving) -> str:
    return f"{books.customers[serving.customer].name}: wanted {serving.wanted}, given {serving.given}"


# ---------------------------------------------------------------- money and reasons

_LINE: Final = 10


def length_bar(length: int, longest: int, *, key: str, title: str, about: str, class_: str) -> Markup:
    """Return a bar of *length*, which is *about* something; the *longest* fills the width."""
    track = svg.box("0", 0, "100%", _LINE, class_="track", corner=2)
    bar = svg.box("0", 0, svg.part_of(length, longest), _LINE, class_=class_, corner=2)
    return svg.picture(key, track, bar, title=title, about=about, height=_LINE)


# ---------------------------------------------------------------- the weeks

_TOP: Final = 34
_FLOOR: Final = 130
_LANE: Final = 150
_LANES: Final = {Mark.EDIT: 0, Mark.REFUSED: 1, Mark.CANCELLED: 2, Mark.OVERRIDE: 2, Mark.LATE: 2}
_BELOW: Final = 206
_SYMBOLS: Final = {
    Mark.EDIT: "M0 -5L5 0L0 5L-5 0Z",
    Mark.REFUSED: "M-4 -4L4 4M-4 4L4 -4",
    Mark.CANCELLED: "M-5 -1.6H5V1.6H-5Z",
    Mark.OVERRIDE: "M0 -6L5.5 4H-5.5Z",
    Mark.LATE: "M0 6L5.5 -4H-5.5Z",
}


def timeline_picture(timeline: Timeline, *, key: str, most: int, zone: str) -> Markup:
    """Return one cycle along its days; *most* orders in one step reach the top."""
    inner = (
        *_open_window(timeline),
        *_days(timeline),
        *(shape for step in timeline.steps for shape in _step(step, most)),
        *_standing(timeline),
        *(_mark(each, zone) for each in timeline.marks),
        *_received(timeline),
        svg.element("line", x1="0", x2="100%", y1=_FLOOR, y2=_FLOOR, class_="floor"),
    )
    others = counted(sum(step.web + step.by_staff for step in timeline.steps), "other order")
    marks, received = counted(len(timeline.marks), "mark"), sum(number for _, number in timeline.received)
    about = (
        f"{counted(timeline.standing, 'standing order')} at the opening, {others} until after the close, {marks}, "
        f"and {received} payments by hand."
    )
    return svg.picture(key, *inner, title=f"{timeline.cycle.name} by day", about=about, height=_BELOW)


def symbol_of(mark: Mark) -> Markup:
    """Return the symbol of *mark* by itself, for a legend."""
    drawn = svg.element("path", d=_SYMBOLS[mark], class_=f"mark {mark}")
    title = svg.element("title", mark)
    return svg.element("svg", title, drawn, viewBox="-7 -7 14 14", width=14, height=14, aria_hidden="true")


def _milli(place: int) -> str:
    return svg.part_of(place, 1000)


def _open_window(timeline: Timeline) -> Iterator[Markup]:
    width = _milli(timeline.closes - timeline.opens)
    yield svg.box(_milli(timeline.opens), _TOP, width, _FLOOR - _TOP, class_="open")
    for place in (timeline.opens, timeline.closes):
        yield svg.upright(_milli(place), _TOP - 4, _FLOOR, class_="bound")


def _days(timeline: Timeline) -> Iterator[Markup]:
    for begins, place, ends in timeline.days:
        yield svg.upright(_milli(place), 4, _BELOW, class_="day")
        middle = _milli((place + ends) // 2)
        yield svg.words(f"{begins:%a}", middle, 13, class_="weekday", anchor="middle")
        yield svg.words(f"{begins.day}", middle, 27, class_="date", anchor="middle")


def _step(step: Step, most: int) -> Iterator[Markup]:
    room = _FLOOR - _TOP - 14
    staff, web = room * step.by_staff // most, room * step.web // most
    ends = step.begins + timedelta(hours=STEP_HOURS)
    says = f"{step.begins:%a %H:%M} to {ends:%H:%M}: {step.web} on the web, {step.by_staff} by staff"
    place, width = _milli(step.place + 1), _milli(max(step.width - 2, 1))
    if step.by_staff:
        yield svg.box(place, _FLOOR - staff, width, staff, class_="by-staff", says=says)
    if step.web:
        yield svg.box(place, _FLOOR - staff - web, width, web, class_="web", says=says)


def _standing(timeline: Timeline) -> Iterator[Markup]:
    place = _milli(timeline.opens)
    yield svg.symbol(f"M0 {_TOP}V{_FLOOR}", place, 0, class_="standing", says=f"{timeline.standing} standing orders")
    yield svg.words(
        f"{timeline.standing} ", _milli(timeline.opens - 6), _TOP + 12, class_="standing-number", anchor="end"
    )
    yield svg.words("standing ", _milli(timeline.opens - 6), _TOP + 26, class_="standing-word", anchor="end")


def _mark(marked: Marked, zone: str) -> Markup:
    says = f"{clock(marked.at, zone)}: {marked.says}"
    middle = _LANE + 20 * _LANES[marked.mark]
    return svg.symbol(_SYMBOLS[marked.mark], _milli(marked.place), middle, class_=f"mark {marked.mark}", says=says)


def _received(timeline: Timeline) -> Iterator[Markup]:
    for place, number in timeline.received:
        if place > timeline.closes:
            yield svg.words(f"{number}", _milli(place), _FLOOR - 24, class_="received-number", anchor="middle")
            yield svg.words("paid", _milli(place), _FLOOR - 10, class_="received-word", anchor="middle")
