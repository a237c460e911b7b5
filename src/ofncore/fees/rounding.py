"""Rounding a sum once, and sharing it out.

Source:
    FEE-14 (rounding; largest remainders).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from ofncore.kernel.money import Rounding, round_fraction


def shared_minor(exact: Sequence[Fraction], rounding: Rounding) -> tuple[int, ...]:
    """Return a whole number for each of *exact*, less than one away from it; their sum is the sum of *exact*, rounded.

    The largest remainders get the units that are left over, the earlier part first among equals. Parts may be above and
    below zero at once. A part that is whole stays as it is.
    """
    total = sum(exact, Fraction())
    # What is below zero is shared as its opposite, so that a refund takes back what the charge gave.
    sign = -1 if total < 0 else 1
    parts = [floor(sign * each) for each in exact]
    left_over = round_fraction(abs(total), rounding) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - sign * exact[index], index))
    for index in by_remainder[:left_over]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
