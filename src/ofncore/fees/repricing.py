"""Pricing an order anew, and what that changes.

Its text is made by `ofncore.fees.repricing_words`.

Source:
    FEE-13.16, FEE-14 (an explicit reprice whose result is a diff).
"""

from collections.abc import Iterator
from typing import Self

import attrs

from ofncore.fees.adjustments import Adjustment, AdjustmentKind, adjustments_of
from ofncore.fees.lives import by_todays_terms
from ofncore.fees.tariff import Tariff
from ofncore.fees.vouchers import with_voucher_again
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import Order
from ofncore.model.voucher import Voucher


@attrs.frozen(kw_only=True)
class AdjustmentChange:
    """One adjustment of an order whose amount is another, that is new or that is gone."""

    #: The same in both; see `ofncore.fees.adjustments`.
    id: str
    kind: AdjustmentKind
    #: The line it is on; None for what is on the order.
    variant: VariantId | None
    #: None where there was none.
    before: Money | None
    #: None where it is gone.
    after: Money | None


@attrs.frozen(kw_only=True)
class Repricing:
    """An order priced anew, beside what it was."""

    before: Order
    order: Order
    #: Of fees, taxes, shipping, payment fee and voucher.
    changes: tuple[AdjustmentChange, ...]
    #: What there is to pay more than before; below zero where it is less.
    difference: Money

    @classmethod
    def between(cls, before: Order, after: Order) -> Self:
        """Return what is other in *after*, a later state of the order *before*."""
        changes = tuple(_changes(before, after))
        return cls(before=before, order=after, changes=changes, difference=after.total - before.total)


def reprice(order: Order, tariff: Tariff, voucher: Voucher | None = None) -> Repricing:
    """Return *order* with the fees, methods and tax rates of *tariff*, those of today, and what that changes.

    Lines keep prices, quantities and weights, amounts the rounding policy of the order, and what it was given by hand
    stays. *voucher* is the one the order has; see `ofncore.fees.vouchers.with_voucher_again`. Repricing again by the
    same terms changes nothing.
    """
    repriced = with_voucher_again(by_todays_terms(order, tariff), voucher, tariff.terms.profile)
    return Repricing.between(order, repriced)


def _changes(before: Order, after: Order) -> Iterator[AdjustmentChange]:
    old, new = _by_id(before), _by_id(after)
    for key, known in {**old, **new}.items():
        was, now = _amount(old.get(key)), _amount(new.get(key))
        if was != now:
            yield AdjustmentChange(id=key, kind=known.kind, variant=known.variant, before=was, after=now)


def _by_id(order: Order) -> dict[str, Adjustment]:
    return {each.id: each for each in adjustments_of(order)}


def _amount(adjustment: Adjustment | None) -> Money | None:
    return None if adjustment is None else adjustment.amount
