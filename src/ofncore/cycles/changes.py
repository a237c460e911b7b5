"""What is different between a cycle before an edit and after it.

Source:
    CYC-11.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import attrs

from ofncore.kernel.paths import keyed
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.methods import ShopMethod

_ATTRIBUTES: Final = (
    "name",
    "orders_open_at",
    "orders_close_at",
    "automatic_notifications",
    "coordinator_fees",
    "payment_methods",
    "shipping_methods",
)
#: The fields of a cycle that an edit changes.
_EDITED: Final = (*_ATTRIBUTES, "incoming", "outgoing")
#: Lists of which each variant, fee and chosen method is told by itself.
_ONE_BY_ONE: Final = frozenset(("coordinator_fees", "payment_methods", "shipping_methods", "variants", "fees"))


class Turn(StrEnum):
    """What happened to a part of a cycle."""

    CHANGED = "changed"
    ADDED = "added"
    TAKEN_OUT = "taken_out"


@attrs.frozen
class Change:
    """One part that is different."""

    #: Such as ``$.name`` or ``$.incoming[farm].variants[eggs]``.
    path: str
    turn: Turn = Turn.CHANGED


def changed_fields(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    """Return the fields that an edit changed, such as ``$.incoming``."""
    return tuple(f"$.{name}" for name in _EDITED if getattr(before, name) != getattr(after, name))


def changed_parts(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    """Return the parts that are different; see `changes_between`."""
    return tuple(each.path for each in changes_between(before, after))


def changes_between(before: OrderCycle, after: OrderCycle) -> tuple[Change, ...]:
    """Return the parts that are different, by the ids of participants, variants and fees.

    A participant that came or went is one part: ``$.incoming[farm]``. In a list that stays, each variant and each fee
    that came or went is one: ``$.outgoing[hub].variants[eggs]``; so is each chosen method of a shop:
    ``$.payment_methods[hub][cash]``. A list of which only the order is another is a part as a whole, as every other
    field is.
    """
    attributes = (
        change for name in _ATTRIBUTES for change in _changes(name, "$", getattr(before, name), getattr(after, name))
    )
    incoming = _changed_exchanges("$.incoming", _by_supplier(before), _by_supplier(after))
    outgoing = _changed_exchanges("$.outgoing", _by_distributor(before), _by_distributor(after))
    return (*attributes, *incoming, *outgoing)


_Exchange = IncomingExchange | OutgoingExchange


def _by_supplier(cycle: OrderCycle) -> Mapping[str, _Exchange]:
    return {each.supplier: each for each in cycle.incoming}


def _by_distributor(cycle: OrderCycle) -> Mapping[str, _Exchange]:
    return {each.distributor: each for each in cycle.outgoing}


def _changed_exchanges(path: str, before: Mapping[str, _Exchange], after: Mapping[str, _Exchange]) -> Iterator[Change]:
    yield from _moves(path, tuple(before), tuple(after))
    for key, was in before.items():
        if key in after:
            for field in attrs.fields(type(was)):
                yield from _changes(
                    field.name, keyed(path, key), getattr(was, field.name), getattr(after[key], field.name)
                )


def _changes(name: str, owner: str, before: object, after: object) -> Iterator[Change]:
    """Yield how the field *name* of what is at *owner* is different."""
    if before == after:
        return
    path = f"{owner}.{name}"
    moves: list[Change] = []
    if name in _ONE_BY_ONE and isinstance(before, tuple) and isinstance(after, tuple):
        moves += _moves(path, before, after)
    yield from moves or [Change(path)]


def _moves(path: str, before: Iterable[str | ShopMethod], after: Iterable[str | ShopMethod]) -> Iterator[Change]:
    """Yield what came into a list and what went. One that is in it twice and then once went."""
    was, now = Counter(before), Counter(after)
    yield from (Change(_place(path, key), Turn.TAKEN_OUT) for key in was - now)
    yield from (Change(_place(path, key), Turn.ADDED) for key in now - was)


def _place(path: str, key: str | ShopMethod) -> str:
    return keyed(keyed(path, key.shop), key.method) if isinstance(key, ShopMethod) else keyed(path, key)


def cleared_marks(before: OrderCycle, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks that *changes* of dates clear.

    A date later than its mark is due again (CYC-11), also if it was cleared in between; others clear nothing.
    """
    opens = changes.get("orders_open_at", before.orders_open_at)
    closes = changes.get("orders_close_at", before.orders_close_at)
    marks: dict[str, Any] = {}
    if _is_later(before.opened_at, opens):
        marks |= {"opened_at": None}
    if _is_later(before.closed_at, closes) or _is_later(before.orders_close_at, closes):
        marks |= {"closed_at": None, "producers_notified_at": None, "settled_at": None}
    return marks


def _is_later(before: datetime | None, after: datetime | None) -> bool:
    return before is not None and after is not None and after > before
