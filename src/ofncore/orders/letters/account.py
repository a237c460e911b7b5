"""What an order costs, as its buyer is shown it: amounts that add up to the total.

Source:
    FEE-6 (unit price with fees), FEE-10 (tax of what a voucher takes off), FEE-13.11 (code `shown_amount`: the exact
    amount is shown), ORD-O10 (the total).
"""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from ofncore.fees.rounding import shared_minor
from ofncore.fees.shown import shown_line
from ofncore.kernel.money import Money, Rounding
from ofncore.model.order import Order, OrderLine, TaxCharge
from ofncore.orders.lines import product_label


@attrs.frozen(kw_only=True)
class WrittenLine:
    """One line with its fees."""

    name: str
    quantity: int
    #: What was asked for; more than `quantity` where stock did not cover it.
    wanted: int
    #: Price of one with its share of the fees, rounded; zero if the quantity is.
    unit_price: Money
    #: Price and fees of the whole quantity, exact.
    amount: Money


@attrs.frozen(kw_only=True)
class WrittenTax:
    """All tax of one rate."""

    name: str
    amount: Money


def written_line(line: OrderLine) -> WrittenLine:
    """Return *line* with its fees in its price."""
    return WrittenLine(
        name=product_label(line.product_name, line.variant_name),
        quantity=line.quantity,
        wanted=line.wanted,
        unit_price=shown_line(line).unit_price,
        amount=line.amount + line.fee_amount,
    )


def products_total(order: Order) -> Money:
    """Return the sum of the lines as written."""
    return Money.total((written_line(line).amount for line in order.lines), order.currency)


def added_taxes(order: Order) -> tuple[WrittenTax, ...]:
    """Return the taxes that stand on top of the prices, by rate; those of nothing are left out."""
    return _by_rate(tax for tax in order.tax_charges() if not tax.included)


def included_taxes(order: Order) -> tuple[WrittenTax, ...]:
    """Return the taxes that are in the prices already, by rate; those of nothing are left out.

    The part of them that the voucher takes off is shared out over the rates (FEE-10, tax shown to the shopper).
    """
    taxes = _by_rate(tax for tax in order.tax_charges() if tax.included)
    whole = sum(tax.amount.minor for tax in taxes)
    taken_off = sum(discount.included_tax.minor for discount in order.discounts)
    if not whole or not taken_off:
        return taxes
    left = shared_minor([Fraction(tax.amount.minor * (whole + taken_off), whole) for tax in taxes], Rounding.HALF_UP)
    amounts = (Money(minor, order.currency) for minor in left)
    return tuple(attrs.evolve(tax, amount=amount) for tax, amount in zip(taxes, amounts, strict=True) if amount)


def _by_rate(charges: Iterable[TaxCharge]) -> tuple[WrittenTax, ...]:
    sums: dict[tuple[str, str], Money] = {}
    for charge in charges:
        key = (charge.name, charge.rate)
        sums[key] = sums[key] + charge.amount if key in sums else charge.amount
    return tuple(WrittenTax(name=name, amount=amount) for (name, _), amount in sorted(sums.items()) if amount)
