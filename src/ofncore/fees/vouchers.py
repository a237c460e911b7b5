"""Vouchers: what one takes off an order, and the share of tax in it.

Source:
    FEE-10, FEE-13.17, FEE-13.18.
"""

from fractions import Fraction
from typing import Final

import attrs

from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.ids import VoucherId
from ofncore.kernel.money import Money, Rounding, round_fraction
from ofncore.kernel.policies import PRODUCT, NegativeVouchers, Profile, VoucherTax
from ofncore.model.order import Discount, Order
from ofncore.model.voucher import Voucher, VoucherKind

_HUNDRED: Final = 100


@attrs.frozen(kw_only=True)
class Discountable:
    """What of an order a voucher looks at."""

    #: Items, fees, shipping, payment fee and added tax, less pending credit of the customer.
    total: Money
    #: Part of `total`.
    added_tax: Money
    #: Inside `total`.
    included_tax: Money


def with_voucher(
    order: Order, voucher: Voucher | None, profile: Profile = PRODUCT, *, pending_credit: Money | None = None
) -> Order:
    """Return *order* with *voucher* in place of the one it has, computed on the order as it is; with None, without one.

    *pending_credit* is money the shop owes the customer already; it is not discounted (FEE-10).

    Raises:
        CurrencyMismatchError: the credit is in another currency than the order.
    """
    if voucher is None:
        return attrs.evolve(order, discounts=())
    base = discountable(order)
    if pending_credit is not None:
        base = attrs.evolve(base, total=base.total - pending_credit)
    return attrs.evolve(order, discounts=discounts(voucher, base, profile))


def with_voucher_again(order: Order, voucher: Voucher | None, profile: Profile = PRODUCT) -> Order:
    """Return *order* with what its voucher takes off computed again, if it has one.

    *voucher* is the one it has. Without it the amount that was taken off stays, as far as the order goes.
    """
    off = -order.discount_total
    if not order.discounts or (voucher is None and off.minor < 0):
        return order
    return with_voucher(order, voucher or _flat(order, off), profile)


def discountable(order: Order) -> Discountable:
    """Return what of *order* a voucher looks at, before any credit."""
    return Discountable(
        total=discountable_total(order), added_tax=order.added_tax_total, included_tax=order.included_tax_total
    )


def discountable_total(order: Order) -> Money:
    """Return what a voucher is taken off: all but manual adjustments, whose added tax counts though (FEE-10)."""
    return order.total - order.adjustment_total - order.discount_total


def discounts(voucher: Voucher, order: Discountable, profile: Profile = PRODUCT) -> tuple[Discount, ...]:
    """Return what *voucher* takes off *order*: never more than there is, and nothing off nothing.

    A flat amount, in major units of the order's currency, becomes a part of the order; the same part of everything is
    taken off. Where tax is added, its part is rounded for itself and stands apart, as the second.
    """
    taker = _Taker(code=voucher.code, rate=_rate(voucher, order.total, profile), rounding=profile.rounding)
    zero = Money.zero(order.total.currency)
    is_taxed_apart = order.added_tax.minor > 0
    tells_included = not is_taxed_apart or profile.voucher_tax is VoucherTax.ALL
    inside = order.included_tax if tells_included and order.included_tax.minor > 0 else zero
    if not is_taxed_apart:
        return (taker.off(order.total, inside),)
    tax = attrs.evolve(taker.off(order.added_tax, zero), is_tax_part=True)
    return (taker.off(order.total - order.added_tax, inside), tax)


def _flat(order: Order, amount: Money) -> Voucher:
    code = order.discounts[0].code
    return Voucher(
        id=VoucherId(code), enterprise=order.distributor, code=code, kind=VoucherKind.FLAT, value=amount.amount
    )


def _rate(voucher: Voucher, total: Money, profile: Profile) -> Fraction:
    if voucher.kind is VoucherKind.PERCENT:
        takes_nothing = total.minor < 0 and profile.negative_vouchers is NegativeVouchers.NOTHING
        return Fraction() if takes_nothing else Fraction(voucher.value) / _HUNDRED
    if total.minor <= 0:
        # FEE-13.17: the original divides by zero here, and cannot write what it makes of an order below zero.
        return Fraction()
    minor_per_unit: int = 10 ** minor_digits(total.currency)
    return min(Fraction(1), Fraction(voucher.value) * minor_per_unit / total.minor)


@attrs.frozen(kw_only=True)
class _Taker:
    code: str
    rate: Fraction
    rounding: Rounding

    def off(self, amount: Money, inside: Money) -> Discount:
        """Return what is taken off *amount*, and with it of the included tax *inside*."""
        return Discount(
            code=self.code, rate=self.rate, amount=self._part_of(amount), included_tax=self._part_of(inside)
        )

    def _part_of(self, amount: Money) -> Money:
        return Money(-round_fraction(amount.minor * self.rate, self.rounding), amount.currency)
