"""Checks of exact numbers and of money, for the fields of values: no float gets in, and nothing that is no number.

The functions that take three arguments are validators of attrs fields. Each raises `ValueError` with the name of the
field, and lets None pass where a field may be empty.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.errors import MoneyError, RefusedValueError
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import problem

#: More digits before the point are a mistake, as with money; and as many zeros after it. Both would fill the memory.
_MOST_DIGITS: Final = 30


def finite_decimal(name: str, value: object) -> Decimal:
    """Return *value* if it is a Decimal and a number of a fair size; *name* is that of its field.

    Raises:
        ValueError: it is of another type, NaN or infinite, or has more than thirty digits before the point.
    """
    if not isinstance(value, Decimal):
        message = f"{name} must be a Decimal such as Decimal('2.50'), not {type(value).__name__} {value!r}"
        raise ValueError(message)  # noqa: TRY004 - whoever shows a refused value catches one exception
    if not value.is_finite():
        message = f"{name} must be a number, not {value}"
        raise ValueError(message)
    if value and value.adjusted() >= _MOST_DIGITS:
        message = f"{name} has at most {_MOST_DIGITS} digits before the point, not {value.adjusted() + 1}"
        raise ValueError(message)
    return value


def check_decimals(name: str, value: Decimal, most: int) -> None:
    """Accept a finite *value* with *most* decimals or fewer, zeros at its end aside; *name* is that of its field.

    Raises:
        RefusedValueError: it has more.
    """
    # What lies far below could fill the memory as a fraction.
    if value and (value.adjusted() < -most or (Fraction(value) * 10**most).denominator != 1):
        message = f"{name} has at most {most} decimals, but {value} has more; round it first"
        raise RefusedValueError(message, problem(Code.TOO_MANY_DECIMALS, found=f'"{value}"', decimals=most))


def finite(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept a finite Decimal."""
    if value is not None:
        _sized(attribute.name, value)


def not_negative(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept a finite Decimal of zero or more."""
    if value is not None and _sized(attribute.name, value) < 0:
        message = f"{attribute.name} must be zero or more, not {value}"
        raise ValueError(message)


def above_zero(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept a finite Decimal above zero."""
    if _sized(attribute.name, value) <= 0:
        message = f"{attribute.name} must be above zero, not {value}"
        raise ValueError(message)


def _sized(name: str, value: object) -> Decimal:
    """Return *value* if its fraction is of a fair size too."""
    number = finite_decimal(name, value)
    if number and number.adjusted() < -_MOST_DIGITS:
        message = f"{name} is nearer to zero than {_MOST_DIGITS} decimals can tell: {value}"
        raise ValueError(message)
    return number


def count(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept a whole number of zero or more; True and False are none."""
    if type(value) is not int or value < 0:
        message = f"{attribute.name} must be a whole number, zero or more, not {value!r}"
        raise ValueError(message)


def fraction(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept a Fraction."""
    if not isinstance(value, Fraction):
        message = f"{attribute.name} must be a Fraction, not {type(value).__name__} {value!r}"
        raise ValueError(message)  # noqa: TRY004 - as above


def money(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """Accept Money of any currency."""
    if not isinstance(value, Money):
        found = f"{type(value).__name__} {value!r}"
        message = f"{attribute.name} must be Money such as Money.of('2.50', 'EUR'), not {found}"
        raise MoneyError(message)
