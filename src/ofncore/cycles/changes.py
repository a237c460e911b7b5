"""What is different between a cycle before an edit and after it.

Source:
    CYC-11.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange

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


def changed_fields(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    """Return the fields that an edit changed, such as ``$.incoming``."""
    return tuple(f"$.{name}" for name in _EDITED if getattr(before, name) != getattr(after, name))


def changed_parts(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    """Return the parts that are different, such as ``$.name`` or ``$.incoming[farm].fees``.

    Exchanges go by the id of their participant. One that came or went is named as a whole.
    """
    attributes = (f"$.{name}" for name in _ATTRIBUTES if getattr(before, name) != getattr(after, name))
    incoming = _changed_exchanges("$.incoming", _by_supplier(before), _by_supplier(after))
    outgoing = _changed_exchanges("$.outgoing", _by_distributor(before), _by_distributor(after))
    return (*attributes, *incoming, *outgoing)


_Exchange = IncomingExchange | OutgoingExchange


def _by_supplier(cycle: OrderCycle) -> Mapping[str, _Exchange]:
    return {each.supplier: each for each in cycle.incoming}


def _by_distributor(cycle: OrderCycle) -> Mapping[str, _Exchange]:
    return {each.distributor: each for each in cycle.outgoing}


def _changed_exchanges(path: str, before: Mapping[str, _Exchange], after: Mapping[str, _Exchange]) -> Iterator[str]:
    for key in dict.fromkeys((*before, *after)):
        if key not in before or key not in after:
            yield f"{path}[{key}]"
        else:
            yield from (f"{path}[{key}].{name}" for name in _changed_names(before[key], after[key]))


def _changed_names(before: _Exchange, after: _Exchange) -> Iterator[str]:
    names = (field.name for field in attrs.fields(type(before)))
    return (name for name in names if getattr(before, name) != getattr(after, name))


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
