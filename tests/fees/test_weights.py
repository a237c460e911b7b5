"""What a line weighs (FEE-3, Weight)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import variants
from ofncore.fees.weights import chargeable_line, unit_weight_kg
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
