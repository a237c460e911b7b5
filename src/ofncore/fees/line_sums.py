"""What calculators add up over lines, in minor units."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ofncore.kernel.exact_numbers import finite_decimal
from ofncore.model.calculator import ChargeableLine, UnitRate


def minor_of(amount: Decimal, minor_per_unit: int) -> Fraction:
    """Return a setting in major units as minor units; exact, so it may be finer than one."""
    return Fraction(finite_decimal("amount", amount)) * minor_per_unit


def items_of(lines: Sequence[ChargeableLine]) -> int:
    """Return how many items there are."""
    return sum(line.quantity for line in lines)


def item_total(lines: Sequence[ChargeableLine]) -> Fraction:
    """Return the price of all items together."""
    return Fraction() + sum(line.price * line.quantity for line in lines)


def per_unit(rate: UnitRate, lines: Sequence[ChargeableLine]) -> Fraction:
    """Return what *rate* charges on one unit of each line, times the quantity."""
    return Fraction() + sum(rate(line.price) * line.quantity for line in lines)
