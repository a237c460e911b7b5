"""Tax on single amounts.

Which rates apply to a customer is told by `ofncore.fees.zones`; how the taxes of a whole order are rounded, by
`ofncore.fees.taxing`.

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
    return Money(round_fraction(_exact_included(amount, rate), rounding), amount.currency)


def added_tax(amount: Money, rate: TaxRate, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Return the tax at *rate* that is added to *amount*; negative for a negative amount."""
    return Money(round_fraction(_exact_added(amount, rate), rounding), amount.currency)


def fee_tax_category(fee: EnterpriseFee, line: TaxCategoryId | None) -> TaxCategoryId | None:
    """Return the category a charge of *fee* is taxed by: inherited from its *line*, its own, or none (FEE-7)."""
    return line if fee.inherits_tax_category else fee.tax_category


@attrs.frozen(kw_only=True)
class ExactTax:
    """One tax on one amount before it is rounded."""

    rate: TaxRateId
    name: str
    #: In minor units; below zero on less than nothing, and for what is refunded.
    exact: Fraction
    #: Inside the taxed amount already.
    included: bool

    def rounded_to(self, minor: int, currency: str) -> TaxCharge:
        """Return the tax as *minor* units of *currency*; the rest is its remainder."""
        return TaxCharge(
            rate=self.rate,
            name=self.name,
            amount=Money(minor, currency),
            included=self.included,
            remainder=self.exact - minor,
        )


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
        """Return the taxes on *amount* by every rate of *category*, each on the amount as it is, none of zero.

        Each is rounded for itself.
        """
        taxes = self.exact_on(amount, category)
        charges = (tax.rounded_to(round_fraction(tax.exact, self._rounding), amount.currency) for tax in taxes)
        return tuple(charge for charge in charges if charge.amount)

    def exact_on(self, amount: Money, category: TaxCategoryId | None) -> tuple[ExactTax, ...]:
        """Return the same taxes before they are rounded, those of zero too."""
        rates = () if category is None else self._rates.get(category, ())
        return tuple(self._exact(amount, rate) for rate in rates)

    def _exact(self, amount: Money, rate: TaxRate) -> ExactTax:
        is_refunded = rate.id in self._refunded
        exact = (_exact_included if rate.included_in_price else _exact_added)(amount, rate)
        return ExactTax(
            rate=rate.id,
            name=rate.name,
            exact=-exact if is_refunded else exact,
            included=rate.included_in_price and not is_refunded,
        )


def _exact_included(amount: Money, rate: TaxRate) -> Fraction:
    share = Fraction(rate.amount)
    return amount.minor * share / (1 + share)


def _exact_added(amount: Money, rate: TaxRate) -> Fraction:
    return amount.minor * Fraction(rate.amount)
