"""What one enterprise is paid out, for which goods, and nothing of what others get.

Its text is made by `ofncore.fees.payout_words`.

Source:
    FEE-11 (payout to suppliers), FEE-14 (who gets what).
"""

from collections.abc import Iterable

import attrs

from ofncore.fees.shares import Part, PartKind, Shares
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.money import Money


@attrs.frozen(kw_only=True)
class PayoutRow:
    """What one enterprise gets for one variant, or for orders as a whole."""

    #: None for what is charged on orders.
    variant: VariantId | None
    #: How many of its own goods were bought.
    quantity: int
    #: Its own goods, at its own price; without tax.
    goods: Money
    #: Its fees, on these goods; without tax.
    fees: Money
    #: The tax it keeps, inside prices or on top of them.
    tax: Money
    #: What it bears of vouchers; zero or less.
    discount: Money
    #: For shipping; without tax.
    shipping: Money
    #: Payment fees.
    payment: Money
    #: Set by hand on orders; without tax.
    adjustments: Money

    @property
    def by_kind(self) -> dict[PartKind, Money]:
        """The amount for each kind of thing; those of zero are left out."""
        amounts = {
            PartKind.GOODS: self.goods,
            PartKind.FEE: self.fees,
            PartKind.SHIPPING: self.shipping,
            PartKind.PAYMENT: self.payment,
            PartKind.ADJUSTMENT: self.adjustments,
            PartKind.TAX: self.tax,
            PartKind.DISCOUNT: self.discount,
        }
        return {kind: amount for kind, amount in amounts.items() if amount}

    @property
    def total(self) -> Money:
        """All of the row."""
        return Money.total(self.by_kind.values(), self.goods.currency)


@attrs.frozen(kw_only=True)
class Payout:
    """What one enterprise gets of one or more orders."""

    enterprise: EnterpriseId
    currency: str
    #: Those of variants in the order in which they are met, then that of orders as a whole.
    rows: tuple[PayoutRow, ...]

    @property
    def by_kind(self) -> dict[PartKind, Money]:
        """What it gets for each kind of thing, over all rows; those that sum to zero are left out."""
        rows = [row.by_kind for row in self.rows]
        sums = {kind: Money.total((row[kind] for row in rows if kind in row), self.currency) for kind in PartKind}
        return {kind: amount for kind, amount in sums.items() if amount}

    @property
    def total(self) -> Money:
        """All that it gets."""
        return Money.total((row.total for row in self.rows), self.currency)


def payout_to(shares: Shares, enterprise: EnterpriseId) -> Payout:
    """Return what *enterprise* gets of *shares*, by variant; no rows if it gets no part.

    The payouts of all who get a part add up to what the buyers pay.
    """
    parts = [part for part in shares.parts if part.enterprise == enterprise]
    variants = sorted(dict.fromkeys(part.variant for part in parts), key=lambda variant: variant is None)
    rows = (_row(variant, [part for part in parts if part.variant == variant], shares.currency) for variant in variants)
    return Payout(enterprise=enterprise, currency=shares.currency, rows=tuple(rows))


def _row(variant: VariantId | None, parts: Iterable[Part], currency: str) -> PayoutRow:
    listed = list(parts)
    sums = {kind: Money.total((part.amount for part in listed if part.kind is kind), currency) for kind in PartKind}
    return PayoutRow(
        variant=variant,
        quantity=sum(part.quantity for part in listed if part.kind is PartKind.GOODS),
        goods=sums[PartKind.GOODS],
        fees=sums[PartKind.FEE],
        tax=sums[PartKind.TAX],
        discount=sums[PartKind.DISCOUNT],
        shipping=sums[PartKind.SHIPPING],
        payment=sums[PartKind.PAYMENT],
        adjustments=sums[PartKind.ADJUSTMENT],
    )
