"""Bills: an order with what is set beside its own charges, a voucher and manual adjustments.

Source:
    FEE-8 (manual adjustments), FEE-10 (when a voucher is computed), FEE-11 (totals).
"""

from collections.abc import Iterator
from typing import Self

import attrs

from ofncore.fees.tax import TaxRules
from ofncore.fees.vouchers import Discount, Discountable, Voucher, discount
from ofncore.kernel.ids import TaxCategoryId, TaxRateId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.order import Order, TaxCharge


@attrs.frozen(kw_only=True)
class ManualAdjustment:
    """An amount that a manager sets on an order, below zero for less to pay."""

    label: str
    amount: Money
    tax_category: TaxCategoryId | None = None
    taxes: tuple[TaxCharge, ...] = ()

    @classmethod
    def taxed(cls, label: str, amount: Money, category: TaxCategoryId | None, rules: TaxRules) -> Self:
        """Return the adjustment with the taxes of its own category on it (FEE-8)."""
        return cls(label=label, amount=amount, tax_category=category, taxes=rules.on(amount, category))


@attrs.frozen(kw_only=True)
class Bill:
    """All that is asked for one order."""

    order: Order
    adjustments: tuple[ManualAdjustment, ...] = ()
    discount: Discount | None = None

    def with_voucher(
        self, voucher: Voucher | None, profile: Profile = PRODUCT, *, pending_credit: Money | None = None
    ) -> "Bill":
        """Return the bill with *voucher* in place of the one it has, computed on the order as it is now.

        *pending_credit* is money the shop owes the customer already; it is not discounted (FEE-10).
        """
        if voucher is None:
            return attrs.evolve(self, discount=None)
        credit = pending_credit or Money.zero(self.order.currency)
        base = Discountable(
            total=self.discountable_total - credit,
            added_tax=self.added_tax_total,
            included_tax=self.included_tax_total,
        )
        return attrs.evolve(self, discount=discount(voucher, base, profile))

    def with_adjustment(self, adjustment: ManualAdjustment) -> "Bill":
        """Return the bill with one adjustment more. A voucher is not computed anew for it (FEE-10)."""
        return attrs.evolve(self, adjustments=(*self.adjustments, adjustment))

    def tax_charges(self) -> Iterator[TaxCharge]:
        """Every tax charged, on the order and on adjustments."""
        yield from self.order.tax_charges()
        for adjustment in self.adjustments:
            yield from adjustment.taxes

    @property
    def added_tax_total(self) -> Money:
        """Tax on top of prices, before the voucher; below zero where more tax is refunded to a customer abroad."""
        return self._tax(included=False)

    @property
    def included_tax_total(self) -> Money:
        """Tax inside prices, before the voucher."""
        return self._tax(included=True)

    @property
    def discountable_total(self) -> Money:
        """What a voucher is taken off: the order, and all added tax. Adjustments themselves stay whole (FEE-10)."""
        return self.order.total - self.order.added_tax_total + self.added_tax_total

    @property
    def total(self) -> Money:
        """What there is to pay."""
        adjusted = Money.total((each.amount for each in self.adjustments), self.order.currency)
        return self.discountable_total + adjusted + self._discounted

    @property
    def adjustment_total(self) -> Money:
        """All but the items (FEE-11)."""
        return self.total - self.order.item_total

    @property
    def shown_tax_total(self) -> Money:
        """The tax a shopper is told of: added and included tax, less the included tax in the discount (FEE-10)."""
        of_discount = Money.zero(self.order.currency) if self.discount is None else self.discount.included_tax
        return self.added_tax_total + self.included_tax_total + of_discount

    def tax_by_rate(self) -> dict[TaxRateId, Money]:
        """Return the sum of each rate's taxes, included or not; those that sum to zero too."""
        sums: dict[TaxRateId, Money] = {}
        for tax in self.tax_charges():
            sums[tax.rate] = sums.get(tax.rate, Money.zero(self.order.currency)) + tax.amount
        return sums

    @property
    def _discounted(self) -> Money:
        return Money.zero(self.order.currency) if self.discount is None else self.discount.amount

    def _tax(self, *, included: bool) -> Money:
        charged = (tax.amount for tax in self.tax_charges() if tax.included is included)
        return Money.total(charged, self.order.currency)
