"""Why an amount is what it is: the calculator, what it looked at, and what it came to before any rounding.

Source:
    FEE-14 (base, rate, unrounded and rounded amount).
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, FlexiRate, PerItem, PriceSack, Weight
from ofncore.fees.charges import compute_charge
from ofncore.fees.charging import Charged, rounded_charge
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.terms import PricingTerms
from ofncore.fees.tiers import GraduatedTiers, WholeTiers
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.order import FeeCharge, PaymentCharge, ShippingCharge


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
    return Reason(calculator=calculator, base=base, rate=rate, unrounded=unrounded)
