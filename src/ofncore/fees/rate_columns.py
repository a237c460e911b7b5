"""What rates charge on one unit of many variants, in columns of whole minor units.

A call for each unit would cost more than all of the arithmetic, so it is written out as comprehensions over whole
numbers.

Source:
    FEE-6 (shop price), FEE-3 (Weight).
"""

from collections.abc import Sequence
from fractions import Fraction
from operator import add
from typing import Final

from ofncore.fees.weights import UnitWeights
from ofncore.model.calculator import UnitRate, WeightRate

#: Whole numbers a, b, c: ``(number * a + b) // c`` is charged.
_WholePart = tuple[int, int, int]
#: How many of them one comprehension takes.
_AT_ONCE: Final = 3


def summed(first: list[int], columns: Sequence[list[int]]) -> list[int]:
    """Return *first* and all *columns*, row by row."""
    totals = first
    for column in columns:
        totals = list(map(add, totals, column))
    return totals


def rate_column(rates: Sequence[UnitRate], numbers: list[int]) -> list[int]:
    """Return what *rates*, one or more, charge together on each of *numbers*, none of which is below zero."""
    parts = _whole_parts(rates)
    columns = [_part_column(parts[first : first + _AT_ONCE], numbers) for first in range(0, len(parts), _AT_ONCE)]
    return summed(columns[0], columns[1:])


def weight_column(rate: WeightRate, weights: UnitWeights) -> list[int]:
    """Return what *rate* charges on each of *weights*."""
    if len({rate.of(sold_by_weight=each) for each in set(weights.by_weight)}) > 1:
        of_sold, of_others = (_weight_column(each, weights) for each in (rate.per_kg_by_weight, rate.per_kg))
        chosen = zip(of_sold, of_others, weights.by_weight, strict=True)
        return [sold if is_sold else other for sold, other, is_sold in chosen]
    return _weight_column(rate.of(sold_by_weight=any(weights.by_weight)), weights)


def _weight_column(per_kg: Fraction, weights: UnitWeights) -> list[int]:
    return rate_column([UnitRate(per_kg / weights.per_kg)], weights.numbers)


def _part_column(parts: Sequence[_WholePart], numbers: list[int]) -> list[int]:
    """Return the sum of up to three *parts* of each of *numbers*; written out, as a call for each would cost more."""
    match parts:
        case [(a, b, c)]:
            return [(number * a + b) // c for number in numbers]
        case [(a, b, c), (d, e, f)]:
            return [(number * a + b) // c + (number * d + e) // f for number in numbers]
        case [(a, b, c), (d, e, f), (g, h, i)]:
            return [(number * a + b) // c + (number * d + e) // f + (number * g + h) // i for number in numbers]
    message = f"at most {_AT_ONCE} parts are taken at once, not {len(parts)}"
    raise ValueError(message)


def _whole_parts(rates: Sequence[UnitRate]) -> list[_WholePart]:
    """Return what *rates* take of a number, in whole numbers; their fixed amounts are in the first."""
    whole = sum((rate.part for rate in rates if rate.part.denominator == 1), Fraction())
    fixed = sum(rate.fixed for rate in rates)
    broken = [_whole_part(rate.part) for rate in rates if rate.part.denominator != 1]
    if not broken:
        return [(whole.numerator, fixed, 1)]
    (a, b, c), *others = broken
    return [(a + whole.numerator * c, b + fixed * c, c), *others]


def _whole_part(part: Fraction) -> _WholePart:
    """Return whole numbers a, b, c such that ``(number * a + b) // c`` rounds *part* of a number of zero or more.

    Half goes away from zero: up if the part is above zero, else down.
    """
    half = part.denominator if part > 0 else part.denominator - 1
    return 2 * part.numerator, half, 2 * part.denominator
