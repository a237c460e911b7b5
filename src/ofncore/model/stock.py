"""Stock: counted items and the append-only ledger of their movements.

Quantities are whole numbers of the variant as sold. For goods held loose, the variant's stock is counted in its
smallest unit (grams, millilitres), so it stays whole too (ORD-Q1).
"""

from datetime import datetime
from enum import StrEnum

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, MovementId, OrderId, VariantId
from ofncore.kernel.instants import as_instant, optional_instant


@attrs.frozen(kw_only=True)
class StockItem:
    """What is left of one variant; of a hub's own count of it, if `hub` is given (ORD-Q1).

    `on_hand` is always `opening` plus the movements (ORD-Q5).
    """

    variant: VariantId
    hub: EnterpriseId | None = None
    on_hand: int = 0
    #: Sold without limit; `on_hand` then counts what was sold below zero (ORD-Q4).
    on_demand: bool = False
    #: Count before the first movement.
    opening: int = attrs.field(default=attrs.Factory(lambda item: item.on_hand, takes_self=True))

    def can_supply(self, quantity: int) -> bool:
        """Whether *quantity* can be taken (ORD-Q2)."""
        return self.on_demand or self.on_hand >= quantity


class StockCause(StrEnum):
    """Why stock moved."""

    PLACED = "placed"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    #: Goods came in, or were counted anew.
    SUPPLIED = "supplied"
    #: Goods were spoilt or lost.
    LOST = "lost"


@attrs.frozen(kw_only=True)
class StockMovement:
    """One entry of the ledger (ORD-Q5). Its id comes from the facts, so the same movement is never entered twice."""

    id: MovementId
    variant: VariantId
    hub: EnterpriseId | None = None
    #: What is added to `on_hand`; negative when goods leave.
    delta: int
    cause: StockCause = attrs.field(validator=choice_of(StockCause))
    order: OrderId | None = None
    actor: Actor
    at: datetime = attrs.field(converter=as_instant)
    #: When it was really done, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)
