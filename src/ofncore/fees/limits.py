"""Floors and caps of fees.

Source:
    FEE-14 (caps and floors).
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from ofncore.model.calculator import ChargeableLine


class Limited(Protocol):
    """What a fee and a charge of it have in common here."""

    @property
    def at_least(self) -> Decimal | None:
        """The floor of each charge, in major units; None for no floor."""

    @property
    def at_most(self) -> Decimal | None:
        """The cap of each charge, in major units; None for no cap."""


def limits_of(
    fee: Limited, lines: Sequence[ChargeableLine], minor_per_unit: int
) -> Callable[[Fraction], Fraction] | None:
    """Return what holds a charge of *fee* on *lines*, in minor units, within its limits; None if it has none.

    On no items at all a limit takes nobody's money: a floor above zero and a cap below zero are then zero.
    """
    if fee.at_least is None and fee.at_most is None:
        return None
    low = None if fee.at_least is None else Fraction(fee.at_least) * minor_per_unit
    high = None if fee.at_most is None else Fraction(fee.at_most) * minor_per_unit
    if any(line.quantity for line in lines):
        return lambda charge: _held(charge, low, high)
    nothing = Fraction()
    return lambda charge: _held(charge, low and min(low, nothing), high and max(high, nothing))


def _held(charge: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    raised = charge if low is None else max(charge, low)
    return raised if high is None else min(raised, high)
