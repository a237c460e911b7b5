"""Which stock an order moves.

Source:
    ORD-Q3 to ORD-Q6.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import MovementId, VariantId, joined_id
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.order import Order
from ofncore.model.stock import StockCause, StockItem, StockMovement


def available(stock: Mapping[VariantId, StockItem], variant: VariantId) -> int | None:
    """Return how many of *variant* can be sold; None means without limit; what is not counted cannot be sold."""
    item = stock.get(variant)
    if item is None:
        return 0
    return None if item.on_demand else max(item.on_hand, 0)


def shortage_problem(
    stock: Mapping[VariantId, StockItem], variant: VariantId, more: int, *, path: str, name: str
) -> Problem | None:
    """Return why *more* of *variant* cannot be taken, or None if they can (ORD-Q2)."""
    left = available(stock, variant)
    if left is None or more <= left:
        return None
    return problem(Code.INSUFFICIENT_STOCK, path, variant=name, wanted=more, available=left)


def movements_between(
    before: Order | None,
    after: Order,
    *,
    cause: StockCause,
    occasion: str,
    actor: Actor,
    at: datetime,
    late_at: datetime | None = None,
) -> Iterator[StockMovement]:
    """Yield the movements that lead from one state of an order to another.

    Each variant moves by the difference of what the two hold; a cancelled order holds nothing, nor does none at all.
    *occasion* tells this change of the order from its others.
    """
    held_before, held_after = _held(before), _held(after)
    for variant in sorted(held_before.keys() | held_after.keys()):
        delta = held_before.get(variant, 0) - held_after.get(variant, 0)
        if delta:
            yield StockMovement(
                id=MovementId(joined_id(after.id, cause, occasion, variant)),
                variant=variant,
                delta=delta,
                cause=cause,
                order=after.id,
                actor=actor,
                at=at,
                late_at=late_at,
            )


def _held(order: Order | None) -> dict[VariantId, int]:
    if order is None or not order.is_placed:
        return {}
    return {line.variant: line.quantity for line in order.lines}
