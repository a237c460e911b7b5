"""Fees on one unit of many variants, in columns of whole minor units.

Nothing is called for each variant where fees go by price alone or by weight alone: a long price list is a few
comprehensions. Each amount is what a line of one unit is charged.

Source:
    FEE-6 (shop price), FEE-14 (base of a percentage, caps and floors).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charges import added_minor
from ofncore.fees.charging import charged_minor
from ofncore.fees.limits import hold_units, is_limited, limits_of
from ofncore.fees.rate_columns import rate_column, summed, weight_column
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import UnitWeights, chargeable_line, unit_weights
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import WeightRule
from ofncore.model.calculator import UnitRate, WeightRate
from ofncore.model.fee import EnterpriseFee, FeeBase
from ofncore.model.product import Variant


@attrs.frozen
class Units:
    """One unit of each of some variants that have the same fees."""

    #: All variants that are priced together.
    listed: Sequence[Variant]
    #: Which of them, ascending.
    rows: Sequence[int]
    #: What fees look at, in minor units, row by row.
    prices: list[int]
    #: By which they are weighed.
    weight_rule: WeightRule

    @cached_property
    def variants(self) -> Sequence[Variant]:
        """The variants, row by row; most fees never look at them."""
        return self.listed if len(self.rows) == len(self.listed) else [self.listed[row] for row in self.rows]

    @cached_property
    def has_negative(self) -> bool:
        """Whether a price is below zero."""
        return min(self.prices, default=0) < 0

    @cached_property
    def weights(self) -> UnitWeights:
        """What each weighs, row by row."""
        return unit_weights(self.variants, self.weight_rule)

    def at(self, rows: Sequence[int]) -> "Units":
        """Return the units at *rows* of all that are listed; ascending."""
        if len(rows) == len(self.listed):
            return self
        return attrs.evolve(self, rows=rows, prices=[self.prices[row] for row in rows])


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
    return Units(variants, range(len(variants)), prices, terms.profile.weight_rule)


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
    if units.has_negative or any(each.fee.base is not FeeBase.PRODUCER_PRICE for each in occurrences):
        return summed(units.prices, fee_columns(occurrences, units, terms))
    together, alone = [UnitRate(Fraction(1))], []
    for each in occurrences:
        rate = _rate(each.fee, terms)
        if isinstance(rate, UnitRate) and not is_limited(each.fee):
            together.append(rate)
        else:
            alone.append(_column(each.fee, units, terms))
    return summed(rate_column(together, units.prices), alone)


# ---------------------------------------------------------------- one column


def _column(fee: EnterpriseFee, units: Units, terms: PricingTerms) -> list[int]:
    rate = _rate(fee, terms)
    if rate is None:
        return list(_asked(fee, units, terms))
    return hold_units(fee, _charged(rate, units), terms.minor_per_unit)


def _rate(fee: EnterpriseFee, terms: PricingTerms) -> UnitRate | WeightRate | None:
    """Return the rate of *fee*; None if its calculator must be asked about each unit."""
    # Rates always round half away from zero.
    if terms.profile.rounding is not Rounding.HALF_UP:
        return None
    return fee.calculator.unit_charge(minor_per_unit=terms.minor_per_unit)


def _charged(rate: UnitRate | WeightRate, units: Units) -> list[int]:
    if isinstance(rate, WeightRate):
        return weight_column(rate, units.weights)
    if units.has_negative:
        return list(map(rate, units.prices))
    return rate_column([rate], units.prices)


def _asked(fee: EnterpriseFee, units: Units, terms: PricingTerms) -> Iterator[int]:
    """Yield what the calculator of *fee* answers for each of *units*."""
    for variant, price in zip(units.variants, units.prices, strict=True):
        lines = [chargeable_line(variant, price=price, quantity=1, rule=units.weight_rule)]
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
