"""From a calculator to an amount of money."""

from collections.abc import Sequence
from fractions import Fraction

from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import CurrencyMismatchError, MoneyError
from ofncore.kernel.money import Money, round_fraction
from ofncore.model.calculator import Calculator, ChargeableLine


def charged_minor(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> int:
    """Return what *calculator* charges on *lines*, rounded by the policy of *terms* to whole minor units.

    Raises:
        MoneyError: the calculator answered with anything but an exact fraction.
    """
    exact: object = calculator.charge(lines, minor_per_unit=terms.minor_per_unit)
    if not isinstance(exact, Fraction):
        message = f"calculator {calculator.kind!r} must charge a Fraction, not {type(exact).__name__} {exact!r}"
        raise MoneyError(message)
    return round_fraction(exact, terms.profile.rounding)


def charged(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Money:
    """Return what *calculator* charges on *lines*, as money of the distributor; see `charged_minor`.

    Raises:
        MoneyError: the amount has more digits than the policy of *terms* allows (FEE-2.1).
    """
    minor, most = charged_minor(calculator, lines, terms), terms.profile.amount_digits
    if most is not None and abs(minor) >= terms.minor_per_unit * 10**most:
        message = f"a fee has at most {most} digits before the point, but {calculator.kind!r} charges more"
        raise MoneyError(message)
    return Money(minor, terms.currency)


def price_minor(price: Money, terms: PricingTerms) -> int:
    """Return *price* in minor units.

    Raises:
        CurrencyMismatchError: it is in another currency than the distributor's.
    """
    if price.currency != terms.currency:
        raise CurrencyMismatchError(price.currency, terms.currency)
    return price.minor
