"""What came in, was sold, was lost, and is left."""

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.ids import VariantId
from ofncore.model.stock import StockCause, StockItem


@attrs.frozen(kw_only=True)
class StockFigures:
    """The ledger of one variant, summed by cause."""

    item: StockItem
    goods: str
    supplied: int
    lost: int
    #: What orders took, less what changes and cancellations gave back.
    taken: int
    #: The lines of orders that were not cancelled.
    sold: int

    @property
    def adds_up(self) -> bool:
        """Start and supply, less losses and sales, are what is left."""
        left = self.item.opening + self.supplied - self.lost - self.sold
        return self.taken == self.sold and left == self.item.on_hand


def stock_figures(books: Books) -> tuple[StockFigures, ...]:
    """Return the figures of every variant that is counted, sorted by variant."""
    sums: dict[tuple[VariantId, StockCause], int] = {}
    for movement in books.state.stock_movements:
        key = (movement.variant, movement.cause)
        sums[key] = sums.get(key, 0) + movement.delta
    sold: dict[VariantId, int] = {}
    for order in books.state.orders:
        for line in order.lines if order.is_placed else ():
            sold[line.variant] = sold.get(line.variant, 0) + line.quantity
    by_orders = (StockCause.PLACED, StockCause.CHANGED, StockCause.CANCELLED)
    return tuple(
        StockFigures(
            item=item,
            goods=books.goods(item.variant),
            supplied=sums.get((item.variant, StockCause.SUPPLIED), 0),
            lost=-sums.get((item.variant, StockCause.LOST), 0),
            taken=-sum(sums.get((item.variant, cause), 0) for cause in by_orders),
            sold=sold.get(item.variant, 0),
        )
        for item in books.state.stock
    )
