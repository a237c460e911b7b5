"""From a calculator to an amount of money, and what rounding took away from it.

Source:
    FEE-2.1, FEE-13.1, FEE-14 (rounding).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs

from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import CurrencyMismatchError, MoneyError
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.calculator import Calculator, ChargeableLine

#: From an amount in minor units to what limits make of it.
Within = Callable[[Fraction], Fraction]


@attrs.frozen(kw_only=True)
class Charged:
    """What a calculator charges."""

    amount: Money
    #: The exact charge less `amount`, in minor units.
    remainder: Fraction


def rounded_charge(
    calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms, within: Within | None = None
) -> Charged:
    """Return what *calculator* charges on *lines*, rounded by the policies of *terms* to money of the distributor.

    *within* holds the charge, and the exact charge, within the limits of a fee before they are rounded.

    Raises:
        MoneyError: the calculator answered with anything but an exact fraction, or the amount has more digits than the
            profile of *terms* allows (FEE-2.1).
    """
    minor, most = charged_minor(calculator, lines, terms, within), terms.profile.amount_digits
    if most is not None and abs(minor) >= terms.minor_per_unit * 10**most:
        message = f"a fee has at most {most} digits before the point, but {calculator.kind!r} charges more"
        raise MoneyError(message)
    exact = _held(_exact(calculator, lines, terms), within)
    return Charged(amount=Money(minor, terms.currency), remainder=exact - minor)


def charged(
    calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms, within: Within | None = None
) -> Money:
    """Return the amount of `rounded_charge`."""
    return rounded_charge(calculator, lines, terms, within).amount


def charged_minor(
    calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms, within: Within | None = None
) -> int:
    """Return the amount of `rounded_charge` in minor units, however many digits it has.

    Under `RoundingPolicy.PER_LINE` it is the exact charge, rounded once; otherwise calculators round as their own rules
    say (FEE-3, FEE-13.1).
    """
    is_per_line = terms.rounding is RoundingPolicy.PER_LINE
    charge = (_exact if is_per_line else _by_rule)(calculator, lines, terms)
    return round_fraction(_held(charge, within), terms.profile.rounding)


def price_minor(price: Money, terms: PricingTerms) -> int:
    """Return *price* in minor units.

    Raises:
        CurrencyMismatchError: it is in another currency than the distributor's.
    """
    if price.currency != terms.currency:
        raise CurrencyMismatchError(price.currency, terms.currency)
    return price.minor


def _by_rule(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Fraction:
    return _checked(calculator, calculator.charge(lines, minor_per_unit=terms.minor_per_unit))


def _exact(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Fraction:
    return _checked(calculator, calculator.exact(lines, minor_per_unit=terms.minor_per_unit))


def _checked(calculator: Calculator, charge: object) -> Fraction:
    if not isinstance(charge, Fraction):
        message = f"calculator {calculator.kind!r} must charge a Fraction, not {type(charge).__name__} {charge!r}"
        raise MoneyError(message)
    return charge


def _held(charge: Fraction, within: Within | None) -> Fraction:
    return charge if within is None else within(charge)
