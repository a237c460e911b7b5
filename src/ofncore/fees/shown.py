"""What a shopper sees of a line.

Source:
    FEE-6 (shown on cart and invoice), FEE-13.11.
"""

from fractions import Fraction

import attrs

from ofncore.kernel.money import Money, round_fraction
from ofncore.model.order import OrderLine


@attrs.frozen(kw_only=True)
class ShownLine:
    """A line as one unit price with fees, times a quantity."""

    #: Price of one with the line's fees in it, rounded half away from zero; zero if the quantity is.
    unit_price: Money
    #: The shown unit price times the quantity.
    amount: Money
    #: What the line costs with its fees, less `amount`: some cents where the fees are no multiple of the quantity.
    difference: Money


def shown_line(line: OrderLine) -> ShownLine:
    """Return how *line* is shown on cart and invoice."""
    unit_price = _unit_price(line)
    amount = unit_price * line.quantity
    return ShownLine(unit_price=unit_price, amount=amount, difference=line.amount + line.fee_amount - amount)


def _unit_price(line: OrderLine) -> Money:
    if line.quantity == 0:
        return Money.zero(line.price.currency)
    of_one = Fraction((line.amount + line.fee_amount).minor, line.quantity)
    return Money(round_fraction(of_one), line.price.currency)
