"""Validators and converters for the settings of calculators: what could not be charged exactly is refused."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

_STEPS_PER_UNIT: Final = 100


class WeightUnit(StrEnum):
    """What a fee by weight is charged for."""

    KILOGRAM = "kg"
    POUND = "lb"


def check_hundredths(_instance: object, attribute: "attrs.Attribute[Decimal]", value: object) -> None:
    """Accept a Decimal with two decimals at most: a percentage, or an amount in major units; negative ones too (FEE-3).

    Where Open Food Network rounds a finer setting to two decimals in silence, it is refused here (FEE-2.3, FEE-13.3).

    Raises:
        ValueError: the value is of another type, NaN, infinite, or finer.
    """
    if not isinstance(value, Decimal):
        message = f"{attribute.name} must be a Decimal such as Decimal('2.50'), not {type(value).__name__} {value!r}"
        raise ValueError(message)  # noqa: TRY004 - whoever shows a refused setting catches one exception
    if not value.is_finite():
        message = f"{attribute.name} must be a number, not {value}"
        raise ValueError(message)
    if (Fraction(value) * _STEPS_PER_UNIT).denominator != 1:
        message = f"{attribute.name} has at most two decimals, but {value} has more; round it first"
        raise ValueError(message)


def check_item_limit(_instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    """Accept a whole number of items, zero or more (FEE-13.4).

    Raises:
        ValueError: the value is of another type, or negative.
    """
    if type(value) is not int or value < 0:
        message = f"{attribute.name} must be a whole number of items, zero or more, not {value!r}"
        raise ValueError(message)


def as_weight_unit(value: str) -> WeightUnit:
    """Return the unit for its text, ``kg`` or ``lb``.

    Raises:
        ValueError: there is no such unit.
    """
    try:
        return WeightUnit(value)
    except ValueError:
        message = f"a fee by weight is charged per {' or per '.join(WeightUnit)}, not per {value!r}"
        raise ValueError(message) from None
