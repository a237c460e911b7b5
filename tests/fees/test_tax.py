"""Tax on one amount (FEE-8)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import CATEGORIES, tax_rates
from ofncore.fees.tax import TaxRules, added_tax, fee_tax_category, included_tax
from ofncore.kernel.ids import TaxCategoryId
from ofncore.kernel.money import Money, Rounding
from ofncore.model.fee import TaxRate
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FOOD, SERVICE = TaxCategoryId("food"), TaxCategoryId("service")

amounts = st.integers(-1_000_000, 1_000_000).map(lambda minor: Money(minor, "EUR"))
fractions = st.decimals(min_value=0, max_value=1, places=5)


def rate(amount: str | Decimal, *, included: bool = True) -> TaxRate:
    return worlds.tax_rate(amount=Decimal(amount), included_in_price=included)


@pytest.mark.parametrize(
    ("amount", "fraction", "inside", "on_top"),
    [
        ("10.55", "0.055", "0.55", "0.58"),
        ("12.00", "0.2", "2.00", "2.40"),
        ("-12.00", "0.2", "-2.00", "-2.40"),
        ("2.50", "0.05", "0.12", "0.13"),
        ("7.50", "0.05", "0.36", "0.38"),
        ("0.01", "0.2", "0.00", "0.00"),
        ("12.00", "0", "0.00", "0.00"),
    ],
)
def test_tax_inside_and_on_top_of_an_amount(amount: str, fraction: str, inside: str, on_top: str) -> None:
    assert included_tax(euros(amount), rate(fraction)) == euros(inside)
    assert added_tax(euros(amount), rate(fraction)) == euros(on_top)


def test_rounding_follows_the_policy() -> None:
    """0.50 at 5 % is 0.025, and 0.05 holds 0.025 at 100 %."""
    assert added_tax(euros("0.50"), rate("0.05"), Rounding.HALF_UP) == euros("0.03")
    assert added_tax(euros("0.50"), rate("0.05"), Rounding.HALF_EVEN) == euros("0.02")
    assert included_tax(euros("0.05"), rate("1"), Rounding.HALF_UP) == euros("0.03")
    assert included_tax(euros("0.05"), rate("1"), Rounding.DOWN) == euros("0.02")


@given(amounts, fractions)
def test_a_negative_amount_carries_negative_tax(amount: Money, fraction: Decimal) -> None:
    for tax_of in (included_tax, added_tax):
        assert tax_of(-amount, rate(fraction)) == -tax_of(amount, rate(fraction))


@given(amounts, fractions)
def test_what_is_left_without_included_tax_carries_that_tax(amount: Money, fraction: Decimal) -> None:
    """Taken out and put on again, a tax differs by its roundings: a cent at most."""
    inside = included_tax(amount, rate(fraction))
    again = added_tax(amount - inside, rate(fraction))
    assert abs(again.minor - inside.minor) <= 1


@given(amounts, fractions)
def test_included_tax_is_the_documented_difference(amount: Money, fraction: Decimal) -> None:
    exact = amount.minor - amount.minor / (1 + Fraction(fraction))
    assert abs(included_tax(amount, rate(fraction)).minor - exact) <= Fraction(1, 2)


@given(amounts, tax_rates(), st.sampled_from(CATEGORIES))
def test_each_rate_of_the_category_is_charged_on_the_same_amount(
    amount: Money, rates: tuple[TaxRate, ...], category: TaxCategoryId | None
) -> None:
    expected = {
        each.id: (included_tax if each.included_in_price else added_tax)(amount, each)
        for each in rates
        if each.tax_category == category
    }
    charges = TaxRules.of(rates).on(amount, category)
    assert {each.rate: each.amount for each in charges} == {key: tax for key, tax in expected.items() if tax}


@given(amounts, tax_rates(), st.sampled_from(CATEGORIES))
def test_a_tax_tells_where_it_comes_from(
    amount: Money, rates: tuple[TaxRate, ...], category: TaxCategoryId | None
) -> None:
    by_id = {each.id: each for each in rates}
    for charge in TaxRules.of(rates).on(amount, category):
        assert charge.name == by_id[charge.rate].name
        assert charge.included is by_id[charge.rate].included_in_price


def test_no_tax_of_zero_is_charged() -> None:
    assert TaxRules.of([rate("0"), rate("0.2")]).on(euros("0.01"), FOOD) == ()


def test_nothing_is_taxed_without_a_category() -> None:
    assert TaxRules.of([rate("0.2")]).on(euros("12.00"), None) == ()


def test_a_fee_is_taxed_by_its_own_category_or_that_of_the_line() -> None:
    """FEE-7."""
    assert fee_tax_category(worlds.fee(tax_category=SERVICE), FOOD) == SERVICE
    assert fee_tax_category(worlds.fee(inherits_tax_category=True), FOOD) == FOOD
    assert fee_tax_category(worlds.fee(), FOOD) is None
