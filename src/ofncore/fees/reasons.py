"""Why an amount is what it is: the calculator, what it looked at, and what it came to before any rounding.

Source:
    FEE-10 (what a voucher is taken off), FEE-13.1 (one unit is rounded), FEE-14 (base, rate, unrounded and rounded
    amount).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, FlexiRate, PerItem, PriceSack, Weight
from ofncore.fees.charges import compute_charge
from ofncore.fees.charging import Charged, rounded_charge
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.terms import PricingTerms
from ofncore.fees.tiers import GraduatedTiers, WholeTiers
from ofncore.fees.vouchers import discountable, discounts
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import Profile, RoundingPolicy
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.order import Discount, FeeCharge, Order, PaymentCharge, ShippingCharge
from ofncore.model.voucher import Voucher

#: Percentages that are rounded for one item, and then taken times the quantity.
_ROUNDED_BY_ITEM: Final = (FlatPercentPerItem, MarginOnSalePrice)


@attrs.frozen(kw_only=True)
class ItemCharge:
    """What is charged for one item of a line, where that is rounded and then taken times the quantity."""

    #: Of one, as the calculator saw it, in minor units.
    price: Fraction
    #: For one, in minor units.
    unrounded: Fraction
    #: For one, rounded.
    amount: Money
    quantity: int

    @property
    def total(self) -> Money:
        """For all of the line."""
        return self.amount * self.quantity


@attrs.frozen(kw_only=True)
class Reason:
    """How a calculator came to an amount."""

    calculator: Calculator
    #: What it looked at: money for a percentage or a limit, a number of items, or a weight in kg. None if nothing.
    base: Money | Fraction | int | None
    #: In percent of a base of money; in major units for each item, kilogram or pound; None for anything else.
    rate: Decimal | None
    #: Before any rounding, in minor units, within the limits of a fee.
    unrounded: Fraction
    #: The same without those limits; None if they change nothing.
    unlimited: Fraction | None = None
    #: One for each line where one item is rounded for itself; none elsewhere. Without the limits of a fee, their totals
    #: add up to the amount.
    items: tuple[ItemCharge, ...] = ()


@attrs.frozen(kw_only=True)
class DiscountReason:
    """How a voucher came to what it takes off."""

    #: None if it is not known, or takes off something else by now.
    voucher: Voucher | None
    #: The part that is taken off, from 0 to 1; not rounded.
    rate: Fraction
    #: What it is taken off: added tax, or everything else but manual adjustments.
    base: Money
    #: The included tax inside what is taken off; zero or less.
    included_tax: Money

    @property
    def unrounded(self) -> Fraction:
        """What is taken off, before rounding, in minor units; zero or less."""
        return -self.base.minor * self.rate


def fee_reason(charge: FeeCharge, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Reason | None:
    """Return why *charge* is what it is on *lines*; None if its terms are not known, or give another amount by now."""
    found = compute_charge(charge, lines, terms)
    if charge.calculator is None or found.amount != charge.amount:
        return None
    free = _exact(compute_charge(attrs.evolve(charge, at_least=None, at_most=None), lines, terms))
    reason = _reason(charge.calculator, lines, terms, unrounded=_exact(found))
    return reason if free == reason.unrounded else attrs.evolve(reason, unlimited=free)


def method_reason(
    charge: ShippingCharge | PaymentCharge, lines: Sequence[ChargeableLine], terms: PricingTerms
) -> Reason | None:
    """Return why shipping or payment costs what it does on *lines*; None as with `fee_reason`."""
    if charge.calculator is None:
        return None
    found = rounded_charge(charge.calculator, lines, terms)
    if found.amount != charge.amount:
        return None
    return _reason(charge.calculator, lines, terms, unrounded=_exact(found))


def discount_reasons(order: Order, voucher: Voucher | None, profile: Profile) -> list[DiscountReason | None]:
    """Return why each discount of *order* is what it is; None where its part of the order gives another amount by now.

    *voucher* is the one the order has, if it is known; without it a flat amount and a percentage look the same.
    """
    base = discountable(order)
    is_same = voucher is not None and discounts(voucher, base, profile) == order.discounts
    known = voucher if is_same else None
    is_apart = any(each.is_tax_part for each in order.discounts)
    rest = base.total - base.added_tax if is_apart else base.total
    found = (
        (each, _discount_reason(each, base.added_tax if each.is_tax_part else rest, known)) for each in order.discounts
    )
    return [
        why if round_fraction(why.unrounded, profile.rounding) == each.amount.minor else None for each, why in found
    ]


def _discount_reason(discount: Discount, base: Money, voucher: Voucher | None) -> DiscountReason:
    return DiscountReason(voucher=voucher, rate=discount.rate, base=base, included_tax=discount.included_tax)


def _exact(found: FeeCharge | Charged) -> Fraction:
    return found.amount.minor + found.remainder


def _reason(
    calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms, *, unrounded: Fraction
) -> Reason:
    items = sum(line.quantity for line in lines)
    total = Money(int(sum(line.price * line.quantity for line in lines)), terms.currency)
    base: Money | Fraction | int | None = None
    rate: Decimal | None = None
    match calculator:
        case FlatPercentPerItem(flat_percent=rate) | FlatPercentItemTotal(flat_percent=rate):
            base = total
        case PerItem(amount=rate):
            base = items
        case Weight(per_unit=rate):
            base = sum((line.weight_kg for line in lines), Fraction())
        case FlexiRate():
            base = items
        case PriceSack() | MarginOnSalePrice() | WholeTiers() | GraduatedTiers():
            base = total
    by_item = tuple(_item_charges(calculator, lines, terms))
    return Reason(calculator=calculator, base=base, rate=rate, unrounded=unrounded, items=by_item)


def _item_charges(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Iterator[ItemCharge]:
    if terms.rounding is RoundingPolicy.PER_LINE or not isinstance(calculator, _ROUNDED_BY_ITEM):
        return
    for line in lines:
        one = [attrs.evolve(line, quantity=1)]
        rounded = calculator.charge(one, minor_per_unit=terms.minor_per_unit)
        yield ItemCharge(
            price=Fraction(line.price),
            unrounded=calculator.exact(one, minor_per_unit=terms.minor_per_unit),
            amount=Money(int(rounded), terms.currency),
            quantity=line.quantity,
        )
