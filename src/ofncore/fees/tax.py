"""Tax on single amounts.

Each taxed amount is rounded for itself, and totals are sums of rounded taxes. Which rates apply to a customer is told
by `ofncore.fees.zones`.

Source:
    FEE-8.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Self

import attrs

from ofncore.kernel.ids import TaxCategoryId, TaxRateId
from ofncore.kernel.money import Money, Rounding, round_fraction
from ofncore.model.fee import EnterpriseFee, TaxRate
from ofncore.model.order import TaxCharge


def included_tax(amount: Money, rate: TaxRate, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Return the tax at *rate* that is inside *amount*; negative for a negative amount."""
    share = Fraction(rate.amount) / (1 + Fraction(rate.amount))
    return Money(round_fraction(amount.minor * share, rounding), amount.currency)


def added_tax(amount: Money, rate: TaxRate, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Return the tax at *rate* that is added to *amount*; negative for a negative amount."""
    return Money(round_fraction(amount.minor * Fraction(rate.amount), rounding), amount.currency)


def fee_tax_category(fee: EnterpriseFee, line: TaxCategoryId | None) -> TaxCategoryId | None:
    """Return the category a charge of *fee* is taxed by: inherited from its *line*, its own, or none (FEE-7)."""
    return line if fee.inherits_tax_category else fee.tax_category


@attrs.frozen(kw_only=True)
class TaxRules:
    """The tax rates in force for one distributor, by category."""

    _rates: Mapping[TaxCategoryId, tuple[TaxRate, ...]]
    _rounding: Rounding = Rounding.HALF_UP
    _refunded: frozenset[TaxRateId] = frozenset()

    @classmethod
    def of(
        cls,
        rates: Iterable[TaxRate],
        rounding: Rounding = Rounding.HALF_UP,
        *,
        refunded: frozenset[TaxRateId] = frozenset(),
    ) -> Self:
        """Sort *rates* by category. A distributor that charges no sales tax has none.

        The tax of a *refunded* rate, which is inside the prices, is given back: as a negative amount that is added to
        them (FEE-8, FEE-13.21).
        """
        by_category: dict[TaxCategoryId, tuple[TaxRate, ...]] = {}
        for rate in rates:
            by_category[rate.tax_category] = (*by_category.get(rate.tax_category, ()), rate)
        return cls(rates=by_category, rounding=rounding, refunded=refunded)

    def on(self, amount: Money, category: TaxCategoryId | None) -> tuple[TaxCharge, ...]:
        """Return the taxes on *amount* by every rate of *category*, each on the amount as it is, none of zero."""
        rates = () if category is None else self._rates.get(category, ())
        charges = (self._charge(amount, rate) for rate in rates)
        return tuple(charge for charge in charges if charge.amount)

    def _charge(self, amount: Money, rate: TaxRate) -> TaxCharge:
        tax_of = included_tax if rate.included_in_price else added_tax
        tax = tax_of(amount, rate, self._rounding)
        if rate.id in self._refunded:
            return TaxCharge(rate=rate.id, name=rate.name, amount=-tax, included=False)
        return TaxCharge(rate=rate.id, name=rate.name, amount=tax, included=rate.included_in_price)
