"""Fees in tiers and margins on the sale price (FEE-14)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import settings
from ofncore.fees.calculators import FlatPercentItemTotal
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.saving import FeeChange, SavedFee, change_fee
from ofncore.fees.tier_texts import read_tiers, tiers_text
from ofncore.fees.tiers import GraduatedTiers, Tier, WholeTiers
from ofncore.fees.typed_settings import KeptSettings, read_settings
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.testing import worlds
from ofncore.testing.strategies import tiers

STEPS = (
    Tier(percent=Decimal(10)),
    Tier(from_amount=Decimal(100), percent=Decimal(8)),
    Tier(from_amount=Decimal(500), percent=Decimal(5), amount=Decimal(3)),
)


def charge(calculator: Calculator, minor: int) -> Fraction:
    return calculator.charge([ChargeableLine(price=minor, quantity=1)], minor_per_unit=100)


# ---------------------------------------------------------------- margins


@given(st.decimals(-1000, "99.99", places=2), st.integers(0, 100_000))
def test_a_margin_is_its_part_of_price_and_margin_together(percent: Decimal, price: int) -> None:
    line = ChargeableLine(price=price, quantity=1)
    margin = MarginOnSalePrice(margin_percent=percent).exact([line], minor_per_unit=100)
    assert margin * 100 == Fraction(percent) * (price + margin)


def test_a_margin_is_rounded_for_one_unit_and_taken_times_the_quantity() -> None:
    """1.00 with 15 %: 0.1764... is 0.18 for one, 1.80 for ten."""
    line = ChargeableLine(price=100, quantity=10)
    assert MarginOnSalePrice(margin_percent=Decimal(15)).charge([line], minor_per_unit=100) == 180


def test_a_margin_is_more_than_a_mark_up_of_the_same_percentage() -> None:
    """FEE-14: a fifth of the sale price is a quarter of the producer's price."""
    assert charge(MarginOnSalePrice(margin_percent=Decimal(20)), 320) == 80


@pytest.mark.parametrize("percent", ["100", "100.01", "250"])
def test_a_margin_of_all_the_sale_price_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="must be below 100"):
        MarginOnSalePrice(margin_percent=Decimal(percent))
    found = read_settings("margin_on_sale_price", {"margin_percent": percent})
    assert isinstance(found, Refusal)
    assert [(each.code, each.path) for each in found.problems] == [
        (Code.MARGIN_TOO_HIGH, "$.preferences.margin_percent")
    ]


# ---------------------------------------------------------------- tiers


@pytest.mark.parametrize(
    ("minor", "whole", "graduated"),
    [
        (0, 0, 0),
        (9_999, Fraction("999.9"), Fraction("999.9")),
        (10_000, 800, 1000),
        (15_000, 1200, 1400),
        (50_000, 2800, 1000 + 3200 + 300),
        (60_000, 3300, 1000 + 3200 + 500 + 300),
    ],
)
def test_whole_and_graduated_tiers(minor: int, whole: Fraction, graduated: Fraction) -> None:
    """10 % at first, 8 % from 100.00 on, 5 % and 3.00 from 500.00 on; what a tier begins with is in it."""
    assert charge(WholeTiers(tiers=STEPS), minor) == whole
    assert charge(GraduatedTiers(tiers=STEPS), minor) == graduated


def test_below_the_first_tier_nothing_is_charged() -> None:
    late = (Tier(from_amount=Decimal(50), amount=Decimal(2)),)
    for kind in (WholeTiers, GraduatedTiers):
        assert [charge(kind(tiers=late), minor) for minor in (-1, 4_999, 5_000)] == [0, 0, 200]


@given(settings(), st.integers(0, 10**6))
def test_one_tier_from_nothing_is_a_percentage_of_the_item_total(percent: Decimal, minor: int) -> None:
    flat = FlatPercentItemTotal(flat_percent=percent)
    for kind in (WholeTiers, GraduatedTiers):
        assert charge(kind(tiers=(Tier(percent=percent),)), minor) == charge(flat, minor)


@given(tiers(), st.integers(0, 10**6))
def test_graduated_tiers_of_one_percentage_do_not_notice_their_bounds(steps: tuple[Tier, ...], minor: int) -> None:
    even = [Tier(from_amount=each.from_amount, percent=Decimal(10)) for each in steps]
    first = Fraction(even[0].from_amount) * 100 if even else Fraction(minor)
    assert charge(GraduatedTiers(tiers=tuple(even)), minor) == max(minor - first, Fraction()) / 10


@given(tiers(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_graduated_tiers_without_discounts_never_fall(steps: tuple[Tier, ...], less: int, more: int) -> None:
    """Whole tiers may: that is what they are for."""
    rising = tuple(Tier(from_amount=each.from_amount, percent=abs(each.percent)) for each in steps)
    low, high = sorted((less, more))
    assert charge(GraduatedTiers(tiers=rising), low) <= charge(GraduatedTiers(tiers=rising), high)


@pytest.mark.parametrize("amounts", [("10", "10"), ("10", "5")])
def test_tiers_must_ascend(amounts: tuple[str, str]) -> None:
    steps = tuple(Tier(from_amount=Decimal(each)) for each in amounts)
    with pytest.raises(ValueError, match="begins above the one before"):
        WholeTiers(tiers=steps)


def test_a_tier_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="from_amount must be zero or more"):
        Tier(from_amount=Decimal(-1))


# ---------------------------------------------------------------- as typed


@given(tiers())
def test_tiers_are_read_as_they_are_written(steps: tuple[Tier, ...]) -> None:
    assert read_tiers(tiers_text(steps)) == steps


def test_how_tiers_are_typed() -> None:
    assert read_tiers(" 0 : 10% ; 100:8% ;500:5%+3.00;") == STEPS
    assert read_tiers("0:2.50;20:-1") == (
        Tier(amount=Decimal("2.50")),
        Tier(from_amount=Decimal(20), amount=Decimal(-1)),
    )
    assert read_tiers(" ") == ()


@pytest.mark.parametrize("typed", ["10%", "0:", "0:ten", "0:1.005", "-5:1", "0:10%5", "0=1"])
def test_what_says_no_tiers_is_refused(typed: str) -> None:
    found = read_settings("whole_tiers", {"tiers": typed})
    assert isinstance(found, Refusal)
    assert [(each.code, each.path) for each in found.problems] == [(Code.BAD_TIERS, "$.preferences.tiers")]


def test_tiers_that_do_not_ascend_are_refused_as_typed() -> None:
    found = read_settings("graduated_tiers", {"tiers": "10:1;5:2"})
    assert isinstance(found, Refusal)
    assert [each.code for each in found.problems] == [Code.TIERS_NOT_ASCENDING]


def test_typed_tiers_are_kept_without_a_warning() -> None:
    assert read_settings("whole_tiers", {"tiers": "0:10% ; 100:8%; 500:5%+3"}) == KeptSettings(
        calculator=WholeTiers(tiers=STEPS)
    )


def test_a_change_of_the_name_leaves_tiers_alone() -> None:
    stepped = worlds.fee("steps", calculator=GraduatedTiers(tiers=STEPS))
    changed = change_fee(stepped, FeeChange(name="Steps", preferences={}))
    assert isinstance(changed, SavedFee)
    assert changed.fee.calculator == stepped.calculator
