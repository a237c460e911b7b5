"""What rounding took away from an order.

A remainder is the exact amount less the charged one, in minor units: below zero where more was charged. The exact fee
is that on the prices as they stand, the exact tax that on the rounded amounts.

Source:
    FEE-14 (remainders visible).
"""

from fractions import Fraction

from ofncore.fees.taxing import Charges
from ofncore.model.order import Order


def remainder_of(order: Order) -> Fraction:
    """Return what rounding took away from all charges and taxes of *order*, in minor units.

    Taxes that are rounded for themselves and come to zero have no record on an order (FEE-8), and no remainder here;
    `Assessment.remainder` has theirs.
    """
    return Charges.of(order).remainder + order.payment.remainder
