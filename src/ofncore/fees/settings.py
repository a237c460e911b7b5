"""Fields for the settings of calculators: each refuses what could not be charged exactly."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

_STEPS_PER_UNIT = 100


class WeightUnit(StrEnum):
    """What a fee by weight is charged for."""

    KILOGRAM = "kg"
    POUND = "lb"


def hundredths() -> Any:  # noqa: ANN401 - so is attrs.field typed
    """Return a field for a percentage (12.5 is 12.5 %) or an amount in major units; it may be negative (FEE-3).

    Where Open Food Network rounds a finer setting to two decimals in silence, it is refused here (FEE-2.3, FEE-13.3).
    """
    return attrs.field(default=Decimal(0), validator=_check_hundredths)


def item_limit() -> Any:  # noqa: ANN401 - so is attrs.field typed
    """Return a field for a whole number of items, zero or more (FEE-13.4)."""
    return attrs.field(default=0, validator=_check_item_limit)


def weight_unit() -> Any:  # noqa: ANN401 - so is attrs.field typed
    """Return a field for a unit of weight, given as `WeightUnit` or as its text."""
    return attrs.field(default=WeightUnit.KILOGRAM, converter=_as_weight_unit)


def _check_hundredths(_instance: object, attribute: "attrs.Attribute[Decimal]", value: object) -> None:
    if not isinstance(value, Decimal):
        message = f"{attribute.name} must be a Decimal such as Decimal('2.50'), not {type(value).__name__} {value!r}"
        raise ValueError(message)  # noqa: TRY004 - every refused setting is a ValueError, for whoever shows it in a form
    if not value.is_finite():
        message = f"{attribute.name} must be a number, not {value}"
        raise ValueError(message)
    if (Fraction(value) * _STEPS_PER_UNIT).denominator != 1:
        message = f"{attribute.name} may have two decimals, but {value} has more; round it first"
        raise ValueError(message)


def _check_item_limit(_instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    if type(value) is not int or value < 0:
        message = f"{attribute.name} must be a whole number of items, zero or more, not {value!r}"
        raise ValueError(message)


def _as_weight_unit(value: object) -> WeightUnit:
    try:
        return WeightUnit(value)
    except ValueError:
        message = f"a weight is charged by {' or '.join(WeightUnit)}, not by {value!r}"
        raise ValueError(message) from None
