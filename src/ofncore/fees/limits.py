"""Floors and caps of fees.

Source:
    FEE-14 (caps and floors).
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import ChargeableLine


class Limited(Protocol):
    """What a fee and a charge of it have in common here."""

    @property
    def at_least(self) -> Decimal | None:
        """The floor of each charge, in major units; None for no floor."""

    @property
    def at_most(self) -> Decimal | None:
        """The cap of each charge, in major units; None for no cap."""


def is_limited(fee: Limited) -> bool:
    """Whether *fee* has a floor or a cap."""
    return fee.at_least is not None or fee.at_most is not None


def limits_of(
    fee: Limited, lines: Sequence[ChargeableLine], minor_per_unit: int
) -> Callable[[Fraction], Fraction] | None:
    """Return what holds a charge of *fee* on *lines*, in minor units, within its limits; None if it has none.

    On no items at all a limit takes nobody's money: a floor above zero and a cap below zero are then zero.
    """
    if not is_limited(fee):
        return None
    low = None if fee.at_least is None else Fraction(fee.at_least) * minor_per_unit
    high = None if fee.at_most is None else Fraction(fee.at_most) * minor_per_unit
    if any(line.quantity for line in lines):
        return lambda charge: _held(charge, low, high)
    nothing = Fraction()
    return lambda charge: _held(charge, low and min(low, nothing), high and max(high, nothing))


def hold_units(fee: Limited, column: list[int], minor_per_unit: int) -> list[int]:
    """Return a *column* of charges on one unit each, rounded half away from zero, within the limits of *fee*.

    Rounding keeps the order of amounts, so the rounded charge within rounded limits is the charge within them, rounded.
    """
    low, high = (None if each is None else _rounded(each, minor_per_unit) for each in (fee.at_least, fee.at_most))
    raised = column if low is None else [max(minor, low) for minor in column]
    return raised if high is None else [min(minor, high) for minor in raised]


def _rounded(limit: Decimal, minor_per_unit: int) -> int:
    return round_fraction(Fraction(limit) * minor_per_unit)


def _held(charge: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    raised = charge if low is None else max(charge, low)
    return raised if high is None else min(raised, high)
