"""Prices of many variants at once are those of each (FEE-6)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import PER_UNIT, Market, featured_markets
from ofncore.fees.calculators import FlatPercentItemTotal
from ofncore.fees.charging import charged_minor
from ofncore.fees.price_book import price_book, unit_totals
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import PRODUCT
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate
from ofncore.model.product import Variant
from ofncore.testing import worlds
from ofncore.testing.strategies import calculators_of

by_price = st.one_of([calculators_of(kind) for kind in (*PER_UNIT, FlatPercentItemTotal)])
prices = st.lists(st.integers(-5_000, 50_000), max_size=8)


def terms(calculators: list[Calculator]) -> PricingTerms:
    """Return terms by which the coordinator charges by each of *calculators*."""
    fees = [worlds.fee(f"fee-{number}", calculator=each) for number, each in enumerate(calculators)]
    return PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(each.id for each in fees)),
        distributor=worlds.enterprise(),
        fees={each.id: each for each in fees},
    )


def eggs_at(found: list[int]) -> list[Variant]:
    """Return the same variant at many prices."""
    return [worlds.variant("eggs", price=Money(minor, "EUR")) for minor in found]


@given(st.lists(by_price, max_size=7), prices)
def test_totals_by_many_rates_at_once_are_those_of_each(calculators: list[Calculator], found: list[int]) -> None:
    """Also of discounts, and at prices below zero."""
    known = terms(calculators)
    singles = [ChargeableLine(price=minor, quantity=1) for minor in found]
    expected = [one.price + sum(charged_minor(each, [one], known) for each in calculators) for one in singles]
    assert unit_totals(known, eggs_at(found)) == expected


@given(st.lists(by_price, max_size=7), st.integers(-5_000, 50_000))
def test_columns_are_what_each_rate_gives(calculators: list[Calculator], minor: int) -> None:
    known = terms(calculators)
    one = ChargeableLine(price=minor, quantity=1)
    price = price_book(known, eggs_at([minor]))[VariantId("eggs")]
    assert [share.amount.minor for share in price.fees] == [charged_minor(each, [one], known) for each in calculators]


@given(featured_markets(), st.permutations(["carrots", "cheese", "eggs", "leeks", "truffles"]))
def test_the_book_keeps_the_order_it_was_asked_in(market: Market, keys: list[str]) -> None:
    """Whatever fees each variant has; nobody carries truffles."""
    known = market.variants | {VariantId("truffles"): worlds.variant("truffles")}
    listed = [known[VariantId(key)] for key in keys]
    book = price_book(market.terms, listed)
    assert list(book) == keys
    assert [price.variant for price in book.values()] == keys
    assert book[VariantId("truffles")].fees == ()
    assert unit_totals(market.terms, listed) == [price.with_fees.minor for price in book.values()]


def test_an_empty_list_has_no_prices() -> None:
    assert (unit_totals(terms([]), []), dict(price_book(terms([]), []))) == ([], {})


def test_totals_in_another_currency_are_an_error() -> None:
    mixed = [worlds.variant("eggs"), worlds.variant("cheese", price=Money.of("3.20", "CHF"))]
    with pytest.raises(CurrencyMismatchError):
        unit_totals(terms([]), mixed)


def test_a_rate_is_exact() -> None:
    with pytest.raises(TypeError):
        UnitRate(0.1)  # type: ignore[arg-type] # that is the point
    with pytest.raises(TypeError):
        UnitRate(Fraction(1, 10), fixed=0.5)  # type: ignore[arg-type] # that is the point


def test_ties_go_as_the_profile_says() -> None:
    """0.25 with ten percent is 2.5 cents more."""
    known = terms([FlatPercentItemTotal(flat_percent=Decimal(10))])
    even = attrs.evolve(known, profile=attrs.evolve(PRODUCT, rounding=Rounding.HALF_EVEN))
    assert (unit_totals(known, eggs_at([25])), unit_totals(even, eggs_at([25]))) == ([28], [27])


@pytest.mark.parametrize(
    ("price", "percent", "expected"), [(20, "2.5", 1), (20, "-2.5", -1), (-20, "2.5", -1), (-20, "-2.5", 1)]
)
def test_half_a_cent_goes_away_from_zero_on_both_sides(price: int, percent: str, expected: int) -> None:
    """0.20 at 2.5 % is 0.005 (FEE-2.2)."""
    known = terms([FlatPercentItemTotal(flat_percent=Decimal(percent))])
    eggs = eggs_at([price])
    assert unit_totals(known, eggs) == [price + expected]
    assert [share.amount.minor for share in price_book(known, eggs)[VariantId("eggs")].fees] == [expected]
