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
    return shown_as(line.amount + line.fee_amount, line.quantity)


def shown_as(total: Money, quantity: int) -> ShownLine:
    """Return how a line of *quantity* that costs *total* with its fees is shown."""
    of_one = Fraction(total.minor, quantity) if quantity else Fraction()
    unit_price = Money(round_fraction(of_one), total.currency)
    amount = unit_price * quantity
    return ShownLine(unit_price=unit_price, amount=amount, difference=total - amount)
