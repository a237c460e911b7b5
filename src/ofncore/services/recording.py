"""Storing what a plan says, in one unit of work."""

from collections.abc import Iterable

from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.event import Event
from ofncore.model.message import Message
from ofncore.model.stock import StockMovement
from ofncore.ports.unit_of_work import UnitOfWork


def record_events(unit: UnitOfWork, events: Iterable[Event]) -> None:
    """Append *events* to the log."""
    for event in events:
        unit.events.add(event)


def post(unit: UnitOfWork, messages: Iterable[Message]) -> None:
    """Put *messages* into the outbox."""
    for message in messages:
        unit.outbox.add(message)


def move_stock(unit: UnitOfWork, movements: tuple[StockMovement, ...]) -> Refusal | None:
    """Enter all *movements*, or none; return why not."""
    short = unit.stock.move(movements)
    if not short:
        return None
    wanted = {each.variant: -each.delta for each in movements}
    return Refusal(
        tuple(
            problem(
                Code.INSUFFICIENT_STOCK,
                "$.lines",
                variant=item.variant,
                wanted=wanted.get(item.variant, 0),
                available=max(item.on_hand, 0),
            )
            for item in short
        )
    )
