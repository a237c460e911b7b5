"""Money: exact amounts in minor units of one currency.

Inside, an amount is an integer of minor units (cents, or what ISO 4217 gives the currency). At the edge it is a
`Decimal`, and text in JSON. It never meets a float. Rounding happens in one place, `round_to_minor`, by a named
`Rounding`.

Source:
    FEE-2.1, FEE-2.2, FEE-2.6.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Self

import attrs

from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.errors import CurrencyMismatchError, MoneyError


class Rounding(StrEnum):
    """How an exact amount becomes a whole number of minor units."""

    #: Half goes away from zero: 0.005 gives 0.01, -0.005 gives -0.01 (FEE-2.2).
    HALF_UP = "half_up"
    #: Half goes to the even neighbour.
    HALF_EVEN = "half_even"
    #: Towards zero.
    DOWN = "down"


def round_fraction(value: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return the whole number that *rounding* makes of *value*.

    Raises:
        MoneyError: *value* is no exact number.
    """
    exact: object = value
    if not isinstance(exact, (Fraction, int)):
        message = f"only an exact fraction is rounded to money, not {type(exact).__name__} {exact!r}"
        raise MoneyError(message)
    if rounding is Rounding.HALF_EVEN:
        return round(value)
    whole, rest = divmod(abs(value.numerator), value.denominator)
    if rounding is Rounding.HALF_UP and 2 * rest >= value.denominator:
        whole += 1
    return whole if value >= 0 else -whole


def round_to_minor(amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return *amount*, in major units of *currency*, as whole minor units.

    Raises:
        MoneyError: *amount* is no Decimal, is NaN or infinite, or has more than thirty digits before the point.
    """
    digits = minor_digits(currency)
    _check_amount(amount)
    return 0 if _is_dust(amount) else round_fraction(Fraction(amount) * 10**digits, rounding)


def _exact_minor(amount: Decimal, currency: str) -> int:
    digits = minor_digits(currency)
    _check_amount(amount)
    if _is_dust(amount) or (Fraction(amount) * 10**digits).denominator != 1:
        message = f"{amount} {currency} is finer than the currency allows ({digits} decimals); round it first"
        raise MoneyError(message)
    return int(Fraction(amount) * 10**digits)


_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: More digits before the point are a mistake, and would make arithmetic slow.
_MOST_DIGITS: Final = 30


def _check_amount(amount: object) -> None:
    if not isinstance(amount, Decimal):
        message = f"an amount is a Decimal, not {type(amount).__name__} {amount!r}"
        raise MoneyError(message)
    if not amount.is_finite():
        message = f"{amount} is not an amount of money"
        raise MoneyError(message)
    if amount and amount.adjusted() >= _MOST_DIGITS:
        message = f"an amount of money has at most {_MOST_DIGITS} digits before the point, not {amount.adjusted() + 1}"
        raise MoneyError(message)


def _is_dust(amount: Decimal) -> bool:
    """Whether *amount* is not zero, but so near to it that it could fill the memory as a fraction."""
    return bool(amount) and amount.adjusted() < -_MOST_DIGITS


@attrs.frozen
class Money:
    """An exact amount of one currency.

    Two amounts add, subtract and compare only in the same currency. Multiply by whole numbers only; anything finer
    goes through `share` or a rounding policy, so that no rounding hides in an operator.

        >>> Money.of("12.50", "EUR") * 3
        Money.of('37.50', 'EUR')
    """

    #: Whole minor units: 1250 is 12.50 EUR, and 1250 JPY.
    minor: int = attrs.field()
    #: ISO 4217 code.
    currency: str = attrs.field()

    @minor.validator
    def _check_minor(self, _attribute: object, value: object) -> None:
        if type(value) is not int:
            message = f"minor units are a whole number, not {value!r}"
            raise MoneyError(message)

    @currency.validator
    def _check_currency(self, _attribute: object, value: str) -> None:
        minor_digits(value)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Make money of an exact *amount* in major units; text is plain digits, such as ``-12.50``.

        Raises:
            MoneyError: the amount is a float, is no such number, or has more decimals than the currency.
            UnknownCurrencyError: the currency is not in ISO 4217.
        """
        if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            message = f"money is made of text, whole numbers or Decimal, not of {type(amount).__name__} {amount!r}"
            raise MoneyError(message)
        if isinstance(amount, str) and not _PLAIN.fullmatch(amount):
            message = f"{amount!r} is not an amount of money, such as '12.50'"
            raise MoneyError(message)
        return cls(_exact_minor(Decimal(amount), currency), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Self:
        """Make money of any *amount* in major units, rounded by *rounding*."""
        return cls(round_to_minor(amount, currency, rounding), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in *currency*."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: "Iterable[Money]", currency: str) -> "Money":
        """Return the sum of *amounts*, zero of *currency* if there are none."""
        result = Money(0, currency)
        for amount in amounts:
            result += amount
        return result

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all the decimals of its currency."""
        # Made of its digits: arithmetic would round to the precision of the caller's decimal context.
        digits = tuple(map(int, str(abs(self.minor))))
        return Decimal((int(self.minor < 0), digits, -minor_digits(self.currency)))

    def _same(self, other: object) -> int:
        if not isinstance(other, Money):
            message = f"money goes together with money only, not with {other!r}"
            raise MoneyError(message)
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            message = f"money is multiplied by whole numbers only, not by {times!r}; see Money.rounded"
            raise MoneyError(message)
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __repr__(self) -> str:
        return f"Money.of('{self.amount}', '{self.currency}')"

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def share(self, weights: Sequence[int]) -> "tuple[Money, ...]":
        """Split the amount in proportion to *weights*; the parts add up to it exactly.

        The largest remainders get the units that are left over, the earlier part first among equals. With weights
        that are all zero the parts are equal.

        Raises:
            ValueError: there are no weights, or one is no whole number or is negative.
        """
        if not weights or any(type(weight) is not int or weight < 0 for weight in weights):
            message = f"an amount is shared by one or more whole weights of zero or more, not by {weights!r}"
            raise ValueError(message)
        fair = list(weights) if any(weights) else [1] * len(weights)
        whole, sign, in_all = abs(self.minor), -1 if self.minor < 0 else 1, sum(fair)
        parts = [whole * weight // in_all for weight in fair]
        remainders = [whole * weight % in_all for weight in fair]
        by_remainder = sorted(range(len(fair)), key=lambda index: (-remainders[index], index))
        for index in by_remainder[: whole - sum(parts)]:
            parts[index] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)
