"""Vouchers: what one takes off an order, and the share of tax in it.

Source:
    FEE-10, FEE-13.17, FEE-13.18.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.kernel.money import Money, Rounding, round_fraction
from ofncore.kernel.policies import PRODUCT, NegativeVouchers, Profile, VoucherTax

_HUNDRED: Final = 100


@attrs.frozen(kw_only=True)
class FlatVoucher:
    """An amount off an order, up to all of it."""

    code: str
    amount: Money = attrs.field()

    @amount.validator
    def _check_amount(self, _attribute: object, value: Money) -> None:
        if value.minor < 0:
            message = f"a voucher takes an amount of zero or more off an order, not {value}"
            raise ValueError(message)


@attrs.frozen(kw_only=True)
class PercentVoucher:
    """A part of an order off it."""

    code: str
    #: 12.5 is 12.5 %.
    percent: Decimal = attrs.field()

    @percent.validator
    def _check_percent(self, _attribute: object, value: object) -> None:
        if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value <= _HUNDRED:
            message = f"a voucher takes 0 to 100 percent off an order, as a Decimal, not {value!r}"
            raise ValueError(message)


Voucher = FlatVoucher | PercentVoucher


@attrs.frozen(kw_only=True)
class DiscountCharge:
    """One amount taken off; zero or less."""

    amount: Money
    #: The included tax inside it; zero or less.
    included_tax: Money
    #: It is taken off added tax; otherwise off everything else.
    is_tax_part: bool = False


@attrs.frozen(kw_only=True)
class Discount:
    """What a voucher takes off one order."""

    #: Code of the voucher.
    code: str
    #: The part of the order that is taken off, from 0 to 1; not rounded.
    rate: Fraction
    #: Off everything but added tax.
    net: DiscountCharge
    #: Off added tax; None where no tax is added.
    tax: DiscountCharge | None = None

    @property
    def charges(self) -> tuple[DiscountCharge, ...]:
        """Its one or two parts."""
        return (self.net,) if self.tax is None else (self.net, self.tax)

    @property
    def amount(self) -> Money:
        """All that is taken off; zero or less."""
        return Money.total((each.amount for each in self.charges), self.net.amount.currency)

    @property
    def included_tax(self) -> Money:
        """The included tax inside it; zero or less."""
        return self.net.included_tax


@attrs.frozen(kw_only=True)
class Discountable:
    """What of an order a voucher looks at."""

    #: Items, fees, shipping, payment fee and added tax, less pending credit of the customer.
    total: Money
    #: Part of `total`.
    added_tax: Money
    #: Inside `total`.
    included_tax: Money


def discount(voucher: Voucher, order: Discountable, profile: Profile = PRODUCT) -> Discount:
    """Return what *voucher* takes off *order*: never more than there is, and nothing off nothing.

    A flat amount becomes a part of the order; the same part of everything is taken off. Where tax is added, its part is
    rounded for itself and stands apart.

    Raises:
        CurrencyMismatchError: the voucher is in another currency than the order.
    """
    rate = _rate(voucher, order.total, profile)
    off = _Taker(rate=rate, rounding=profile.rounding)
    is_taxed_apart = order.added_tax.minor > 0
    tells_included = not is_taxed_apart or profile.voucher_tax is VoucherTax.ALL
    has_included = tells_included and order.included_tax.minor > 0
    zero = Money.zero(order.total.currency)
    included = off.part_of(order.included_tax) if has_included else zero
    if not is_taxed_apart:
        net = DiscountCharge(amount=off.part_of(order.total), included_tax=included)
        return Discount(code=voucher.code, rate=rate, net=net)
    return Discount(
        code=voucher.code,
        rate=rate,
        net=DiscountCharge(amount=off.part_of(order.total - order.added_tax), included_tax=included),
        tax=DiscountCharge(amount=off.part_of(order.added_tax), included_tax=zero, is_tax_part=True),
    )


def _rate(voucher: Voucher, total: Money, profile: Profile) -> Fraction:
    if isinstance(voucher, PercentVoucher):
        takes_nothing = total.minor < 0 and profile.negative_vouchers is NegativeVouchers.NOTHING
        return Fraction() if takes_nothing else Fraction(voucher.percent) / _HUNDRED
    amount = min(voucher.amount, total)
    # FEE-13.17: the original divides by zero here, and cannot write what it makes of an order below zero.
    return Fraction(amount.minor, total.minor) if total.minor > 0 else Fraction()


@attrs.frozen(kw_only=True)
class _Taker:
    rate: Fraction
    rounding: Rounding

    def part_of(self, amount: Money) -> Money:
        """Return the part of *amount* that is taken off, as it changes the total."""
        return Money(-round_fraction(amount.minor * self.rate, self.rounding), amount.currency)
