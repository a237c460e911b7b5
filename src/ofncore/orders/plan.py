"""What a decision about an order leads to; applying it needs no further judgement and no further read."""

import attrs

from ofncore.model.event import Event
from ofncore.model.order import Order
from ofncore.model.stock import StockMovement


@attrs.frozen(kw_only=True)
class OrderPlan:
    """An order as it is to be stored, the stock it moves, and what became true."""

    order: Order
    movements: tuple[StockMovement, ...] = ()
    events: tuple[Event, ...] = ()
