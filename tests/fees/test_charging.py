"""From calculators to money under each rounding policy (FEE-13.1, FEE-14, rounding)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import PER_UNIT, calculators, chargeable_lines
from ofncore.fees.calculators import FlatPercentPerItem, PerItem
from ofncore.fees.charging import charged_minor, rounded_charge
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.money import Rounding, round_fraction
from ofncore.kernel.policies import PRODUCT, RoundingPolicy
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.testing import worlds

HALF = Fraction(1, 2)


def terms(policy: RoundingPolicy = RoundingPolicy.PER_UNIT, currency: str = "EUR") -> PricingTerms:
    known = PricingTerms(
        cycle=worlds.order_cycle(),
        distributor=worlds.enterprise("hub", currency=currency),
        fees={},
        profile=PRODUCT,
    )
    return known.rounded_by(policy)


def exact(calculator: Calculator, lines: list[ChargeableLine]) -> Fraction:
    return calculator.exact(lines, minor_per_unit=100)


# ---------------------------------------------------------------- laws


@given(calculators(), chargeable_lines(), st.sampled_from(RoundingPolicy))
def test_charge_and_remainder_are_the_exact_charge(
    calculator: Calculator, lines: list[ChargeableLine], policy: RoundingPolicy
) -> None:
    found = rounded_charge(calculator, lines, terms(policy))
    assert found.amount.minor + found.remainder == exact(calculator, lines)


@given(calculators(), chargeable_lines())
def test_per_line_at_most_half_a_unit_is_rounded_away(calculator: Calculator, lines: list[ChargeableLine]) -> None:
    found = rounded_charge(calculator, lines, terms(RoundingPolicy.PER_LINE))
    assert abs(found.remainder) <= HALF


@given(calculators(), chargeable_lines(), st.sampled_from(RoundingPolicy))
def test_only_per_line_rounds_otherwise_than_the_calculator(
    calculator: Calculator, lines: list[ChargeableLine], policy: RoundingPolicy
) -> None:
    is_per_line = policy is RoundingPolicy.PER_LINE
    charge = (calculator.exact if is_per_line else calculator.charge)(lines, minor_per_unit=100)
    assert charged_minor(calculator, lines, terms(policy)) == round_fraction(charge, Rounding.HALF_UP)


@given(calculators(), st.integers(0, 100_000))
def test_one_unit_costs_the_same_under_every_policy(calculator: Calculator, price: int) -> None:
    """So shop prices are the same whatever the shop chose."""
    unit = [ChargeableLine(price=price, quantity=1)]
    assert len({charged_minor(calculator, unit, terms(policy)) for policy in RoundingPolicy}) == 1


@given(calculators(), st.integers(0, 100_000), st.integers(0, 200), st.sampled_from(["EUR", "JPY", "TND"]))
def test_per_unit_a_line_costs_what_its_units_do(
    calculator: Calculator, price: int, quantity: int, currency: str
) -> None:
    """FEE-13.1: the shop price times the quantity is the line; its remainder is as many of that of one."""
    if isinstance(calculator, PER_UNIT):
        one, line = (
            rounded_charge(calculator, [ChargeableLine(price=price, quantity=times)], terms(currency=currency))
            for times in (1, quantity)
        )
        assert line.amount == one.amount * quantity
        assert line.remainder == one.remainder * quantity


@given(st.sampled_from(RoundingPolicy), st.sampled_from(RoundingPolicy))
def test_terms_change_their_rounding_and_nothing_else(first: RoundingPolicy, second: RoundingPolicy) -> None:
    known = terms(first)
    assert known.rounded_by(second).rounding is second
    assert known.rounded_by(second).rounded_by(first) == known
    assert known.rounded_by(first) is known


# ---------------------------------------------------------------- named cases


@pytest.mark.parametrize(
    ("percent", "price", "quantity", "per_unit", "per_line"),
    [
        # Issue 312: 10 % on 55.55, two items.
        ("10", 5555, 2, 1112, 1111),
        # FEE-3.
        ("3.33", 15, 144, 0, 72),
        # Issue 2522: 10 % of 0.25 is charged 0.03.
        ("10", 25, 10, 30, 25),
        ("-10", 25, 10, -30, -25),
    ],
)
def test_percentages_of_many_units(percent: str, price: int, quantity: int, per_unit: int, per_line: int) -> None:
    """FEE-13.1."""
    fee, lines = FlatPercentPerItem(flat_percent=Decimal(percent)), [ChargeableLine(price=price, quantity=quantity)]
    assert charged_minor(fee, lines, terms(RoundingPolicy.PER_UNIT)) == per_unit
    assert charged_minor(fee, lines, terms(RoundingPolicy.PER_LINE)) == per_line


@pytest.mark.parametrize(("currency", "per_unit", "per_line"), [("EUR", 150, 150), ("JPY", 3, 2), ("TND", 1500, 1500)])
def test_half_a_yen_for_each_item(currency: str, per_unit: int, per_line: int) -> None:
    """FEE-2.6, FEE-14: three items at 0.50 each, in cents, yen and millimes."""
    fee, lines = PerItem(amount=Decimal("0.50")), [ChargeableLine(price=100, quantity=3)]
    assert charged_minor(fee, lines, terms(RoundingPolicy.PER_UNIT, currency)) == per_unit
    assert charged_minor(fee, lines, terms(RoundingPolicy.PER_LINE, currency)) == per_line


@pytest.mark.parametrize("policy", RoundingPolicy)
def test_limits_hold_before_rounding(policy: RoundingPolicy) -> None:
    """A remainder tells what rounding took away, not what a limit did."""
    fee, lines = FlatPercentPerItem(flat_percent=Decimal("3.33")), [ChargeableLine(price=15, quantity=144)]
    found = rounded_charge(fee, lines, terms(policy), lambda charge: min(charge, Fraction(101, 2)))
    assert found.amount.minor + found.remainder == Fraction(101, 2)
