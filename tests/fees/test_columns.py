"""Prices of many variants at once are those of each (FEE-6)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import PER_UNIT, Market, featured_markets, settings, variants
from ofncore.fees.calculators import FlatPercentItemTotal, Weight
from ofncore.fees.charging import charged_minor
from ofncore.fees.limits import limits_of
from ofncore.fees.price_book import price_book, unit_totals
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line, unit_weights
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import PRODUCT, RoundingPolicy, WeightRule
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate
from ofncore.model.fee import EnterpriseFee
from ofncore.model.product import Variant
from ofncore.testing import worlds
from ofncore.testing.strategies import calculators_of

by_price = st.one_of([calculators_of(kind) for kind in (*PER_UNIT, FlatPercentItemTotal)])
#: Floors and caps of a fee, one of them or none.
limits = st.one_of(
    st.fixed_dictionaries({}, optional={"at_least": settings(limit=2)}),
    st.fixed_dictionaries({}, optional={"at_most": settings(limit=2)}),
    st.tuples(settings(limit=2), settings(limit=2))
    .map(sorted)
    .map(lambda two: {"at_least": two[0], "at_most": two[1]}),
)
#: Some variants in sizes of every kind.
goods = st.lists(st.integers(0, 99), max_size=6, unique=True).flatmap(
    lambda numbers: st.tuples(*(variants(f"eggs-{number}") for number in numbers)).map(list)
)
prices = st.lists(st.integers(-5_000, 50_000), max_size=8)


def terms(calculators: list[Calculator], **changes: object) -> PricingTerms:
    """Return terms by which the coordinator charges by each of *calculators*."""
    fees = [worlds.fee(f"fee-{number}", calculator=each, **changes) for number, each in enumerate(calculators)]
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


@given(st.lists(calculators_of(Weight), min_size=1, max_size=2), goods, st.sampled_from(WeightRule))
def test_what_is_sold_in_many_sizes_is_charged_as_each_alone(
    calculators: list[Calculator], listed: list[Variant], rule: WeightRule
) -> None:
    """In kilograms and pounds, whatever is sold by weight (FEE-3)."""
    known = terms(calculators)
    check_columns(attrs.evolve(known, profile=attrs.evolve(PRODUCT, weight_rule=rule)), listed)


@given(st.lists(by_price | calculators_of(Weight), max_size=4), goods, limits, st.sampled_from(Rounding))
def test_limits_hold_the_charge_on_each_unit(
    calculators: list[Calculator], listed: list[Variant], held: dict[str, Decimal], ties: Rounding
) -> None:
    """A floor and a cap, before rounding (FEE-14)."""
    known = terms(calculators, **held)
    check_columns(attrs.evolve(known, profile=attrs.evolve(PRODUCT, rounding=ties)), listed)


@given(st.lists(by_price | calculators_of(Weight), max_size=4), goods, st.sampled_from(RoundingPolicy))
def test_rounding_by_line_changes_nothing_on_one_unit(
    calculators: list[Calculator], listed: list[Variant], policy: RoundingPolicy
) -> None:
    check_columns(terms(calculators).rounded_by(policy), listed)


def check_columns(known: PricingTerms, listed: list[Variant]) -> None:
    """Every column of the price book, and the totals, are what each fee charges when it is asked by itself."""
    carried = attrs.evolve(known.cycle, outgoing=(worlds.outgoing("hub", *(each.id for each in listed)),))
    known = attrs.evolve(known, cycle=carried)
    book = price_book(known, listed)
    expected = [[alone(each, fee, known) for fee in known.fees.values()] for each in listed]
    assert [[share.amount.minor for share in price.fees] for price in book.values()] == expected
    assert unit_totals(known, listed) == [price.with_fees.minor for price in book.values()]


def alone(variant: Variant, fee: EnterpriseFee, known: PricingTerms) -> int:
    """Return what *fee* charges on one of *variant*, asked by itself."""
    line = chargeable_line(variant, price=variant.price.minor, quantity=1, rule=known.profile.weight_rule)
    return charged_minor(fee.calculator, [line], known, limits_of(fee, [line], known.minor_per_unit))


@given(goods, st.sampled_from(WeightRule))
def test_weights_of_many_are_those_of_each(listed: list[Variant], rule: WeightRule) -> None:
    found = unit_weights(listed, rule)
    lines = [chargeable_line(each, price=0, quantity=1, rule=rule) for each in listed]
    assert [Fraction(number, found.per_kg) for number in found.numbers] == [line.weight_kg for line in lines]
    assert found.by_weight == [line.sold_by_weight for line in lines]


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
