"""Fees on one unit of many variants, in columns of whole minor units.

Nothing is called for each variant where fees go by the price alone: a long price list is a few comprehensions. Each
amount is what a line of one unit is charged.

Source:
    FEE-6 (shop price), FEE-14 (base of a percentage, caps and floors).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from operator import add
from typing import Final

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charges import added_minor
from ofncore.fees.charging import charged_minor
from ofncore.fees.limits import limits_of
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.money import Money, Rounding
from ofncore.model.calculator import UnitRate
from ofncore.model.fee import EnterpriseFee, FeeBase
from ofncore.model.product import Variant

#: Whole numbers a, b, c: ``(price * a + b) // c`` is charged.
_WholePart = tuple[int, int, int]
#: How many of them one comprehension takes.
_AT_ONCE: Final = 3


@attrs.frozen
class Units:
    """One unit of each of some variants that have the same fees."""

    #: All variants that are priced together.
    listed: Sequence[Variant]
    #: Which of them, ascending.
    rows: Sequence[int]
    #: What fees look at, in minor units, row by row.
    prices: list[int]

    @cached_property
    def variants(self) -> Sequence[Variant]:
        """The variants, row by row; most fees never look at them."""
        return self.listed if len(self.rows) == len(self.listed) else [self.listed[row] for row in self.rows]

    @cached_property
    def has_negative(self) -> bool:
        """Whether a price is below zero."""
        return min(self.prices, default=0) < 0

    def at(self, rows: Sequence[int]) -> "Units":
        """Return the units at *rows* of all that are listed; ascending."""
        if len(rows) == len(self.listed):
            return self
        return Units(self.listed, rows, [self.prices[row] for row in rows])


def units_of(variants: Sequence[Variant], terms: PricingTerms) -> Units:
    """Return one unit of each of *variants* at its own price.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
    """
    currency = terms.currency
    prices = [variant.price.minor for variant in variants if variant.price.currency == currency]
    if len(prices) != len(variants):
        other = next(variant.price.currency for variant in variants if variant.price.currency != currency)
        raise CurrencyMismatchError(other, currency)
    return Units(variants, range(len(variants)), prices)


def fee_columns(occurrences: Sequence[FeeOccurrence], units: Units, terms: PricingTerms) -> list[list[int]]:
    """Return a column for each of *occurrences*: what it charges on each of *units*, in minor units."""
    columns: dict[int, list[int]] = {}
    for base in FeeBase:
        wanted = [place for place, each in enumerate(occurrences) if each.fee.base is base]
        if wanted:
            lower = [(occurrences[place].fee, column) for place, column in columns.items()]
            seen = attrs.evolve(units, prices=_seen_prices(base, units, lower, terms))
            columns |= {place: _column(occurrences[place].fee, seen, terms) for place in wanted}
    return [columns[place] for place in range(len(occurrences))]


def total_column(occurrences: Sequence[FeeOccurrence], units: Units, terms: PricingTerms) -> list[int]:
    """Return what each of *units* costs with all fees: price and the sum of `fee_columns`."""
    rates = [_plain_rate(each.fee, terms) for each in occurrences]
    plain = [rate for rate in rates if rate is not None]
    if len(plain) == len(rates) and not units.has_negative:
        return _rate_column([UnitRate(Fraction(1)), *plain], units.prices)
    return summed(units.prices, fee_columns(occurrences, units, terms))


def summed(prices: list[int], columns: Sequence[list[int]]) -> list[int]:
    """Return *prices* and all *columns*, row by row."""
    totals = prices
    for column in columns:
        totals = list(map(add, totals, column))
    return totals


# ---------------------------------------------------------------- one column


def _column(fee: EnterpriseFee, units: Units, terms: PricingTerms) -> list[int]:
    rate = _rate(fee, terms)
    if rate is None:
        return list(_asked(fee, units, terms))
    if units.has_negative:
        return list(map(rate, units.prices))
    return _rate_column([rate], units.prices)


def _asked(fee: EnterpriseFee, units: Units, terms: PricingTerms) -> Iterator[int]:
    """Yield what the calculator of *fee* answers for each of *units*."""
    rule = terms.profile.weight_rule
    for variant, price in zip(units.variants, units.prices, strict=True):
        lines = [chargeable_line(variant, price=price, quantity=1, rule=rule)]
        yield charged_minor(fee.calculator, lines, terms, limits_of(fee, lines, terms.minor_per_unit))


def _seen_prices(
    base: FeeBase, units: Units, lower: Sequence[tuple[EnterpriseFee, list[int]]], terms: PricingTerms
) -> list[int]:
    """Return the prices that fees of *base* look at, where *lower* are the fees of the bases before it."""
    if base is FeeBase.PRODUCER_PRICE:
        return units.prices
    columns = [column for _, column in lower]
    if base is FeeBase.PRICE_WITH_FEES_AND_TAX:
        columns.append([added_minor(terms.tax_rules.on(each.price, each.tax_category)) for each in units.variants])
        columns += (_added_taxes(fee, column, units, terms) for fee, column in lower)
    return summed(units.prices, columns)


def _added_taxes(fee: EnterpriseFee, column: list[int], units: Units, terms: PricingTerms) -> list[int]:
    """Return the tax added to each amount of the *column* of *fee*."""
    rows = zip(column, units.variants, strict=True)
    return [added_minor(terms.fee_taxes(Money(minor, terms.currency), fee, each.tax_category)) for minor, each in rows]


# ---------------------------------------------------------------- rates


def _plain_rate(fee: EnterpriseFee, terms: PricingTerms) -> UnitRate | None:
    return _rate(fee, terms) if fee.base is FeeBase.PRODUCER_PRICE else None


def _rate(fee: EnterpriseFee, terms: PricingTerms) -> UnitRate | None:
    """Return the rate of *fee*; None if its calculator must be asked about each unit."""
    is_limited = fee.at_least is not None or fee.at_most is not None
    # Rates always round half away from zero.
    if is_limited or terms.profile.rounding is not Rounding.HALF_UP:
        return None
    return fee.calculator.unit_charge(minor_per_unit=terms.minor_per_unit)


def _rate_column(rates: Sequence[UnitRate], prices: list[int]) -> list[int]:
    """Return what *rates* charge together on each of *prices*, none of which is below zero."""
    parts = _whole_parts(rates)
    columns = [_part_column(parts[first : first + _AT_ONCE], prices) for first in range(0, len(parts), _AT_ONCE)]
    return summed(columns[0], columns[1:])


def _part_column(parts: Sequence[_WholePart], prices: list[int]) -> list[int]:
    """Return the sum of up to three *parts* of each of *prices*; written out, as a call for each would cost more."""
    match parts:
        case [(a, b, c)]:
            return [(price * a + b) // c for price in prices]
        case [(a, b, c), (d, e, f)]:
            return [(price * a + b) // c + (price * d + e) // f for price in prices]
        case [(a, b, c), (d, e, f), (g, h, i)]:
            return [(price * a + b) // c + (price * d + e) // f + (price * g + h) // i for price in prices]
    message = f"at most {_AT_ONCE} parts are taken at once, not {len(parts)}"
    raise ValueError(message)


def _whole_parts(rates: Sequence[UnitRate]) -> list[_WholePart]:
    """Return what *rates* take of a price, in whole numbers; their fixed amounts are in the first."""
    whole = sum((rate.part for rate in rates if rate.part.denominator == 1), Fraction())
    fixed = sum(rate.fixed for rate in rates)
    broken = [_whole_part(rate.part) for rate in rates if rate.part.denominator != 1]
    if not broken:
        return [(whole.numerator, fixed, 1)]
    (a, b, c), *others = broken
    return [(a + whole.numerator * c, b + fixed * c, c), *others]


def _whole_part(part: Fraction) -> _WholePart:
    """Return whole numbers a, b, c such that ``(price * a + b) // c`` rounds *part* of a price of zero or more.

    Half goes away from zero: up if the part is above zero, else down.
    """
    half = part.denominator if part > 0 else part.denominator - 1
    return 2 * part.numerator, half, 2 * part.denominator
