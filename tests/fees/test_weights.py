"""What a line weighs (FEE-3, Weight)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import variants
from ofncore.fees.calculators import FlatPercentPerItem, FlatRate, PerItem, Weight
from ofncore.fees.raw_lines import RawLine, charge_raw
from ofncore.fees.settings import WeightUnit
from ofncore.fees.weights import UnitWeight, chargeable_line, line_weight_kg, unit_weight_kg
from ofncore.kernel.codes import Code
from ofncore.kernel.policies import WeightRule
from ofncore.kernel.refusals import Refusal
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds


@pytest.mark.parametrize(
    ("measure", "unit_value", "weight_kg", "expected"),
    [
        (Measure.WEIGHT, "1234", None, "1.234"),
        (Measure.WEIGHT, "4", "3", "0.004"),
        (Measure.VOLUME, "0.75", "1.20", "1.20"),
        (Measure.VOLUME, "0.75", None, "0"),
        (Measure.ITEMS, "6", "0.35", "0.35"),
        (Measure.ITEMS, "6", None, "0"),
    ],
)
def test_a_unit_weighs_its_size_or_what_is_noted(
    measure: Measure, unit_value: str, weight_kg: str | None, expected: str
) -> None:
    noted = None if weight_kg is None else Decimal(weight_kg)
    variant = worlds.variant(measure=measure, unit_value=Decimal(unit_value), weight_kg=noted)
    assert unit_weight_kg(variant) == Fraction(expected)


@given(variants("eggs"), st.integers(0, 1_000))
def test_a_line_weighs_its_units(variant: Variant, quantity: int) -> None:
    line = chargeable_line(variant, price=100, quantity=quantity)
    assert line.weight_kg == unit_weight_kg(variant) * quantity
    assert (line.price, line.quantity) == (100, quantity)


@given(variants("eggs"))
def test_only_what_is_measured_by_weight_is_sold_by_weight(variant: Variant) -> None:
    line = chargeable_line(variant, price=100, quantity=1)
    assert line.sold_by_weight is (variant.measure is Measure.WEIGHT)


# ---------------------------------------------------------------- final weights, and the rule as it runs

POUND = UnitWeight(sold_by_weight=True, unit_value=Decimal("453.6"), noted_kg=Decimal("0.45"))
BOTTLE = UnitWeight(sold_by_weight=False, unit_value=Decimal("0.75"), noted_kg=Decimal("1.20"))


@pytest.mark.parametrize(
    ("unit", "quantity", "final_weight", "designed", "as_run"),
    [
        (POUND, 2, None, "0.9072", "0.9"),
        (POUND, 2, "1000", "1", "0.99225"),
        (BOTTLE, 2, None, "2.4", "2.4"),
        (BOTTLE, 2, "1.6", "2.5596", "2.5596"),
        (UnitWeight(sold_by_weight=False, unit_value=None, noted_kg=Decimal(3)), 2, "9", "6", "6"),
        (UnitWeight(sold_by_weight=False, unit_value=Decimal(1), noted_kg=None), 2, None, "0", "0"),
        (UnitWeight(sold_by_weight=True, unit_value=Decimal(4), noted_kg=None), 9, None, "0.036", "0"),
        (UnitWeight(sold_by_weight=True, unit_value=Decimal(1234), noted_kg=None), 1, None, "1.234", "1.23"),
        (UnitWeight(sold_by_weight=True, unit_value=None, noted_kg=Decimal(2)), 3, None, "0", "6"),
    ],
)
def test_what_a_line_weighs_by_design_and_as_it_runs(
    unit: UnitWeight, quantity: int, final_weight: str | None, designed: str, as_run: str
) -> None:
    """FEE-3 (Weight)."""
    measured = None if final_weight is None else Decimal(final_weight)
    assert line_weight_kg(unit, quantity, measured) == Fraction(designed)
    assert line_weight_kg(unit, quantity, measured, WeightRule.AS_RUN) == Fraction(as_run)


@pytest.mark.parametrize(("rule", "minor"), [(WeightRule.DESIGNED, 100), (WeightRule.AS_RUN, 45)])
def test_as_it_runs_a_pound_is_charged_as_a_kilogram(rule: WeightRule, minor: int) -> None:
    """FEE-13.5."""
    pound = worlds.variant(measure=Measure.WEIGHT, unit_value=Decimal("453.6"), weight_kg=Decimal("0.45"))
    fee = Weight(unit_from_list=WeightUnit.POUND, per_unit=Decimal(1))
    assert fee.charge([chargeable_line(pound, price=0, quantity=1, rule=rule)], minor_per_unit=100) == minor


# ---------------------------------------------------------------- lines before anything was checked


def test_a_price_finer_than_a_cent_is_not_rounded_first() -> None:
    """FEE-3: ten percent of 9.267 is 0.93, as of 9.27; of 4.7436 it is 0.47, and 0.474 is not 0.48."""
    line = RawLine(price=Fraction("474.5"), quantity=1)
    assert charge_raw(FlatPercentPerItem(flat_percent=Decimal(10)), [line], minor_per_unit=100) == 47
    whole = RawLine(price=Fraction(475), quantity=1)
    assert charge_raw(FlatPercentPerItem(flat_percent=Decimal(10)), [whole], minor_per_unit=100) == 48


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ([RawLine(price=Fraction(1), quantity=1), RawLine(quantity=2)], "$.lines[1].price"),
        ([RawLine(price=Fraction(1))], "$.lines[0].quantity"),
    ],
)
def test_what_a_calculator_needs_and_misses_is_named(lines: list[RawLine], path: str) -> None:
    refusal = charge_raw(FlatPercentPerItem(flat_percent=Decimal(10)), lines, minor_per_unit=100)
    assert isinstance(refusal, Refusal)
    assert [(each.path, each.code) for each in refusal.problems] == [(path, Code.MISSING_KEY)]


def test_what_a_calculator_does_not_look_at_may_be_missing() -> None:
    assert charge_raw(FlatRate(amount=Decimal(10)), [RawLine()], minor_per_unit=100) == 1000
    assert charge_raw(PerItem(amount=Decimal(1)), [RawLine(quantity=3)], minor_per_unit=100) == 300
