"""Validators and converters for the settings of calculators: what could not be charged exactly is refused."""

from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.errors import RefusedValueError
from ofncore.kernel.exact_numbers import check_decimals, finite_decimal
from ofncore.kernel.refusals import problem

_DECIMALS: Final = 2
#: Metadata of a setting that is an amount in major units: in a document it is no finer than the currency.
AMOUNT: Final = MappingProxyType({"unit": "major"})


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
    check_decimals(attribute.name, finite_decimal(attribute.name, value), _DECIMALS)


def check_item_limit(_instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    """Accept a whole number of items, zero or more (FEE-13.4).

    Raises:
        ValueError: the value is of another type, or negative.
    """
    message = f"{attribute.name} must be a whole number of items, zero or more, not {value!r}"
    if type(value) is not int:
        raise ValueError(message)
    if value < 0:
        raise RefusedValueError(message, problem(Code.BELOW_ZERO, found=str(value)))


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
