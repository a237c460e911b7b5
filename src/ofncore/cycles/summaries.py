"""Producer summaries: what each supplier is to bring for the orders of a cycle.

Source:
    CYC-11 (reports), ORD-O33, ORD-D2, ORD-B7 (version).
"""

import hashlib
from collections.abc import Iterable

import attrs

from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import Order, OrderLine


@attrs.frozen(kw_only=True)
class SummaryLine:
    """How much of one variant at one price was ordered, over all orders."""

    variant: VariantId
    product_name: str
    variant_name: str
    quantity: int
    #: Price of one, without fees: what the producer gets.
    price: Money
    #: In how many orders.
    orders: int

    @property
    def amount(self) -> Money:
        """Price times quantity."""
        return self.price * self.quantity


@attrs.frozen(kw_only=True)
class ProducerSummary:
    """All that one supplier brings to one cycle."""

    supplier: EnterpriseId
    order_cycle: OrderCycleId
    currency: str
    #: Sorted by product name, variant name and price.
    lines: tuple[SummaryLine, ...]

    @property
    def total(self) -> Money:
        """Sum of the lines."""
        return Money.total((line.amount for line in self.lines), self.currency)

    @property
    def version(self) -> str:
        """Changes whenever the content does (ORD-B7)."""
        text = repr([(line.variant, line.quantity, line.price.minor, line.orders) for line in self.lines])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def summarise(order_cycle: OrderCycleId, orders: Iterable[Order]) -> tuple[ProducerSummary, ...]:
    """Return one summary for each supplier with something to bring, sorted by supplier.

    Only placed, not cancelled orders count, and only lines above zero. The same variant at two prices gives two lines.
    Orders in several currencies give a summary for each.

    A summary holds sums of the supplier's own lines, and nothing of who bought them: it needs no masking.
    """
    found: dict[tuple[EnterpriseId, str], dict[tuple[VariantId, int], list[OrderLine]]] = {}
    for order in orders:
        for line in order.lines if order.is_placed else ():
            if line.quantity > 0:
                lines = found.setdefault((line.supplier, order.currency), {})
                lines.setdefault((line.variant, line.price.minor), []).append(line)
    return tuple(
        ProducerSummary(supplier=supplier, order_cycle=order_cycle, currency=currency, lines=_summary_lines(lines))
        for (supplier, currency), lines in sorted(found.items())
    )


def _summary_lines(lines: dict[tuple[VariantId, int], list[OrderLine]]) -> tuple[SummaryLine, ...]:
    merged = [
        SummaryLine(
            variant=group[0].variant,
            product_name=group[0].product_name,
            variant_name=group[0].variant_name,
            quantity=sum(line.quantity for line in group),
            price=group[0].price,
            orders=len(group),
        )
        for group in lines.values()
    ]
    key = lambda line: (line.product_name, line.variant_name, line.price.minor, line.variant)  # noqa: E731
    return tuple(sorted(merged, key=key))
