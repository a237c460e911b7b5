"""Laws of money: exact, in one currency, and never near a float (FEE-2.1, FEE-2.2, FEE-2.6)."""

import pickle
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from operator import add, ge, gt, le, lt, sub
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ofncore.kernel.currencies import MINOR_DIGITS, minor_digits
from ofncore.kernel.errors import CurrencyMismatchError, MoneyError, UnknownCurrencyError
from ofncore.kernel.money import Money, Rounding, round_fraction, round_to_minor

CURRENCIES = {"EUR": 2, "JPY": 0, "TND": 3}
DECIMAL_ROUNDING = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}

minors = st.integers(-(10**18), 10**18)
euros = st.builds(Money, minors, st.just("EUR"))
currencies = st.sampled_from(sorted(CURRENCIES))
moneys = st.builds(Money, minors, currencies)
small_decimals = st.decimals(-(10**9), 10**9, places=6)


# ---------------------------------------------------------------- sums


@given(euros, euros, euros)
def test_addition_is_a_commutative_group(one: Money, two: Money, three: Money) -> None:
    zero = Money.zero("EUR")
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + zero == one
    assert one + -one == zero
    assert one - two == one + -two


@given(st.lists(euros, max_size=8))
def test_a_total_does_not_depend_on_the_order(amounts: list[Money]) -> None:
    assert Money.total(amounts, "EUR") == Money.total(reversed(amounts), "EUR")
    assert Money.total(amounts, "EUR").minor == sum(each.minor for each in amounts)


def test_the_total_of_nothing_is_zero_in_the_currency_asked_for() -> None:
    assert Money.total([], "JPY") == Money.zero("JPY")


@given(euros, st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_multiplying_by_whole_numbers_distributes(amount: Money, some: int, more: int) -> None:
    assert amount * (some + more) == amount * some + amount * more
    assert some * amount == amount * some


@pytest.mark.parametrize("times", [1.0, True, Decimal(2), Fraction(1, 2), "2", None])
def test_money_is_multiplied_by_whole_numbers_only(times: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(MoneyError, match="whole numbers only"):
        _ = Money(100, "EUR") * times


@given(euros, euros)
def test_comparisons_are_those_of_minor_units(one: Money, two: Money) -> None:
    for compare in (lt, le, gt, ge):
        assert compare(one, two) == compare(one.minor, two.minor)
    assert (one == two) == (one.minor == two.minor)
    assert bool(one) == (one.minor != 0)


@pytest.mark.parametrize("operate", [add, sub, lt, le, gt, ge])
def test_two_currencies_never_meet(operate: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyMismatchError, match="cannot combine EUR with CHF"):
        operate(Money(1, "EUR"), Money(1, "CHF"))


def test_a_total_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money.total([Money(1, "EUR")], "CHF")


@pytest.mark.parametrize("operate", [add, sub, lt, le, gt, ge])
@pytest.mark.parametrize("other", [1, 1.0, Decimal(1), None, "1.00"])
def test_money_goes_together_with_money_only(operate: Callable[[Money, Any], object], other: object) -> None:
    with pytest.raises(MoneyError, match="money only"):
        operate(Money(1, "EUR"), other)


def test_equal_amounts_of_two_currencies_are_not_equal() -> None:
    assert Money(100, "EUR") != Money(100, "CHF")
    assert len({Money(100, "EUR"), Money(100, "CHF"), Money.of("1.00", "EUR")}) == 2


# ---------------------------------------------------------------- in and out


@pytest.mark.parametrize(("currency", "digits"), CURRENCIES.items())
def test_minor_units_are_those_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits
    assert Money.of(1, currency).minor == 10**digits


def test_every_currency_has_a_code_of_three_letters_and_no_two_or_three_decimals() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in MINOR_DIGITS)
    assert set(MINOR_DIGITS.values()) == {0, 2, 3}


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "€", None, 978, ["EUR"]])
def test_an_unknown_currency_is_refused_by_name(code: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(UnknownCurrencyError, match="ISO 4217") as caught:
        Money(1, code)
    assert repr(code) in str(caught.value)


@given(moneys)
def test_money_is_read_again_from_what_it_shows(amount: Money) -> None:
    assert Money.of(amount.amount, amount.currency) == amount
    assert Money.of(str(amount.amount), amount.currency) == amount
    assert str(amount) == f"{amount.amount} {amount.currency}"
    assert eval(repr(amount)) == amount  # noqa: S307 - the repr is the library's own
    assert pickle.loads(pickle.dumps(amount)) == amount  # noqa: S301 - pickled one line above


@given(moneys)
def test_an_amount_has_all_the_decimals_of_its_currency(amount: Money) -> None:
    assert amount.amount.as_tuple().exponent == -CURRENCIES[amount.currency]


@given(st.integers(-(10**60), 10**60), currencies)
def test_an_amount_is_exact_in_any_decimal_context(minor: int, currency: str) -> None:
    """The precision of the caller's context is no rounding policy of ours."""
    with localcontext(prec=3):
        shown = Money(minor, currency).amount
        assert round_to_minor(Decimal("1234567.89"), "EUR") == 123456789
        assert Money.of("1234567.89", "EUR").minor == 123456789
    assert Fraction(shown) == Fraction(minor, 10 ** CURRENCIES[currency])


@pytest.mark.parametrize(
    "amount",
    [0.1, 1.0, float("nan"), float("inf"), True, False, None, b"1", Fraction(1, 2), [1], 1 + 0j],
)
def test_money_is_made_of_text_whole_numbers_or_decimals(amount: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(MoneyError, match=f"not of {type(amount).__name__}"):
        Money.of(amount, "EUR")


@pytest.mark.parametrize("minor", [1.0, True, "1", None, Decimal(1), Fraction(1)])
def test_minor_units_are_a_whole_number(minor: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(MoneyError, match="whole number"):
        Money(minor, "EUR")


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "1,50", "12.50 EUR", "--1", "1e", "0x1", "+1", ".5", "5.", "-", "1_000", " 1", "1 ", "1\n"),
        *("1e2", "1E-2", "0E-9", "NaN", "Infinity", "\u0661", "\uff11.50"),
    ],
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="is not an amount of money, such as"):
        Money.of(text, "EUR")


@pytest.mark.parametrize("text", ["NaN", "sNaN", "-NaN123", "Infinity", "-Infinity", "inf"])
def test_what_is_not_finite_is_no_money(text: str) -> None:
    with pytest.raises(MoneyError, match="is not an amount of money"):
        Money.of(text, "EUR")
    with pytest.raises(MoneyError, match="is not an amount of money"):
        Money.rounded(Decimal(text), "EUR")


@pytest.mark.parametrize(
    ("text", "currency"),
    [("0.001", "EUR"), ("0.1", "JPY"), ("0.0001", "TND"), ("-1.999", "EUR"), ("0." + 30 * "0" + "1", "EUR")],
)
def test_what_is_finer_than_the_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError, match="finer than the currency allows"):
        Money.of(text, currency)


@pytest.mark.parametrize("text", ["1E+999999999", "-1E+30", "1" + 30 * "0"])
def test_an_absurdly_large_amount_is_refused_at_once(text: str) -> None:
    with pytest.raises(MoneyError, match="at most 30 digits"):
        Money.of(Decimal(text), "EUR")
    with pytest.raises(MoneyError, match="at most 30 digits"):
        Money.rounded(Decimal(text), "EUR")


def test_an_absurdly_small_amount_is_refused_or_rounded_to_nothing_at_once() -> None:
    with pytest.raises(MoneyError, match="finer than"):
        Money.of(Decimal("1E-999999999"), "EUR")
    assert Money.rounded(Decimal("1E-999999999"), "EUR") == Money.zero("EUR")


@pytest.mark.parametrize("text", ["0E-999999999", "0E+999999999", "-0", "0.000"])
def test_zero_is_zero_however_it_is_written(text: str) -> None:
    assert Money.of(Decimal(text), "EUR") == Money.zero("EUR") == Money.rounded(Decimal(text), "EUR")
    assert str(Money.of(Decimal(text), "EUR")) == "0.00 EUR"


@pytest.mark.parametrize("amount", [0.125, 1, "1", None])
def test_only_a_decimal_is_rounded_to_money(amount: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(MoneyError, match="is a Decimal"):
        Money.rounded(amount, "EUR")


# ---------------------------------------------------------------- rounding


@given(small_decimals, currencies, st.sampled_from(Rounding))
@example(Decimal("0.005"), "EUR", Rounding.HALF_UP)
@example(Decimal("-0.005"), "EUR", Rounding.HALF_UP)
@example(Decimal("2.5"), "JPY", Rounding.HALF_EVEN)
@example(Decimal("-0.0015"), "TND", Rounding.DOWN)
def test_rounding_is_that_of_decimal_arithmetic(amount: Decimal, currency: str, rounding: Rounding) -> None:
    """FEE-2.2: half goes away from zero, on both sides of it."""
    step = Decimal(1).scaleb(-CURRENCIES[currency])
    expected = amount.quantize(step, rounding=DECIMAL_ROUNDING[rounding])
    assert Money.rounded(amount, currency, rounding).amount == expected


@given(st.fractions(-(10**6), 10**6), st.sampled_from(Rounding))
def test_rounding_moves_by_less_than_one_and_mirrors_at_zero(value: Fraction, rounding: Rounding) -> None:
    rounded = round_fraction(value, rounding)
    assert abs(rounded - value) < 1
    assert round_fraction(-value, rounding) == -rounded
    if rounding is not Rounding.DOWN:
        assert abs(rounded - value) <= Fraction(1, 2)


def test_half_up_is_what_applies_unless_another_rounding_is_named() -> None:
    assert [round_fraction(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
    assert Money.rounded(Decimal("0.125"), "EUR") == Money.of("0.13", "EUR")


# ---------------------------------------------------------------- sharing

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=8)


@given(moneys, weights)
def test_shares_add_up_to_the_whole(amount: Money, parts: list[int]) -> None:
    assert Money.total(amount.share(parts), amount.currency) == amount


@given(moneys, weights.filter(any))
def test_a_share_is_less_than_one_minor_unit_from_fair(amount: Money, parts: list[int]) -> None:
    for share, weight in zip(amount.share(parts), parts, strict=True):
        assert abs(share.minor - Fraction(amount.minor * weight, sum(parts))) < 1
        assert weight or not share


@given(moneys, weights)
def test_who_weighs_more_never_gets_less_and_the_earlier_of_equals_never_less(amount: Money, parts: list[int]) -> None:
    shares = [abs(share.minor) for share in amount.share(parts)]
    for earlier in range(len(parts)):
        for later in range(earlier + 1, len(parts)):
            if parts[earlier] >= parts[later]:
                assert shares[earlier] >= shares[later]


@given(moneys, weights)
def test_shares_of_the_opposite_are_opposite(amount: Money, parts: list[int]) -> None:
    assert (-amount).share(parts) == tuple(-share for share in amount.share(parts))


def test_shares_are_made_by_largest_remainder() -> None:
    assert [each.minor for each in Money(100, "EUR").share([1, 1, 1])] == [34, 33, 33]
    assert [each.minor for each in Money(10, "EUR").share([1, 5, 1])] == [2, 7, 1]
    assert [each.minor for each in Money(-5, "EUR").share([0, 0])] == [-3, -2]


@pytest.mark.parametrize("parts", [[], [1, -1], [-1], [True, 1], [1.0], [0.5, 0.5]])
def test_an_amount_is_shared_by_weights_of_zero_or_more(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="weights of zero or more"):
        Money(100, "EUR").share(parts)
