"""What an order costs, as its buyer is shown it: amounts that add up to the total.

Source:
    FEE-6 (unit price with fees; code `shown_amount`), ORD-O10 (the total).
"""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from ofncore.kernel.money import Money, round_fraction
from ofncore.model.order import Order, OrderLine, TaxCharge


@attrs.frozen(kw_only=True)
class ShownLine:
    """One line with its fees."""

    name: str
    quantity: int
    #: What was asked for; more than `quantity` where stock did not cover it.
    wanted: int
    #: Price of one with its share of the fees, rounded; zero if the quantity is.
    unit_price: Money
    #: Price and fees of the whole quantity, exact.
    amount: Money

    @property
    def is_even(self) -> bool:
        """The unit price times the quantity is the amount; otherwise the amount counts."""
        return self.unit_price * self.quantity == self.amount


@attrs.frozen(kw_only=True)
class ShownTax:
    """All tax of one rate."""

    name: str
    amount: Money


def product_label(product_name: str, variant_name: str) -> str:
    """Return the name of a variant for people."""
    return f"{product_name} ({variant_name})" if variant_name else product_name


def shown_line(line: OrderLine) -> ShownLine:
    """Return *line* with its fees in its price."""
    amount = line.amount + line.fee_amount
    unit = round_fraction(Fraction(amount.minor, line.quantity)) if line.quantity else 0
    return ShownLine(
        name=product_label(line.product_name, line.variant_name),
        quantity=line.quantity,
        wanted=line.wanted,
        unit_price=Money(unit, amount.currency),
        amount=amount,
    )


def products_total(order: Order) -> Money:
    """Return the sum of the shown lines."""
    return Money.total((shown_line(line).amount for line in order.lines), order.currency)


def added_taxes(order: Order) -> tuple[ShownTax, ...]:
    """Return the taxes that stand on top of the prices, by rate; those of nothing are left out."""
    return _by_rate(tax for tax in order.tax_charges() if not tax.included)


def included_taxes(order: Order) -> tuple[ShownTax, ...]:
    """Return the taxes that are in the prices already, by rate; those of nothing are left out."""
    return _by_rate(tax for tax in order.tax_charges() if tax.included)


def _by_rate(charges: Iterable[TaxCharge]) -> tuple[ShownTax, ...]:
    sums: dict[tuple[str, str], Money] = {}
    for charge in charges:
        key = (charge.name, charge.rate)
        sums[key] = sums[key] + charge.amount if key in sums else charge.amount
    return tuple(ShownTax(name=name, amount=amount) for (name, _), amount in sorted(sums.items()) if amount)
