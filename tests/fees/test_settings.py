"""Settings of calculators are exact, or refused in words (FEE-2.3, FEE-13.3, FEE-13.4)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from fees.strategies import MAKERS, setting_names, settings
from ofncore.fees.calculators import FlatRate, FlexiRate, Weight
from ofncore.fees.settings import WeightUnit
from ofncore.model.calculator import Calculator

DECIMAL_SETTINGS = [
    (kind, name) for kind in MAKERS for name in setting_names(kind) if name not in ("max_items", "unit_from_list")
]


def made(kind: type[Calculator], **values: Any) -> Calculator:  # noqa: ANN401 - good and bad settings
    return kind(**values)


@pytest.mark.parametrize(("kind", "name"), DECIMAL_SETTINGS)
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (2.5, "must be a Decimal such as"),
        (2, "must be a Decimal such as"),
        ("2.50", "must be a Decimal such as"),
        (None, "must be a Decimal such as"),
        (Decimal("NaN"), "must be a number, not NaN"),
        (Decimal("sNaN"), "must be a number, not sNaN"),
        (Decimal("-Infinity"), "must be a number, not -Infinity"),
        (Decimal("33.333"), "at most 2 decimals, but 33.333 has more"),
        (Decimal("-0.005"), "at most 2 decimals, but -0.005 has more"),
    ],
)
def test_what_cannot_be_charged_exactly_is_refused(
    kind: type[Calculator], name: str, value: object, reason: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{name} .*{reason}"):
        made(kind, **{name: value})


@given(settings(limit=10**9))
def test_two_decimals_are_kept_as_they_are(amount: Decimal) -> None:
    assert FlatRate(amount=amount).amount == amount


def test_zeros_at_the_end_are_no_further_decimals() -> None:
    assert FlatRate(amount=Decimal("2.5000")) == FlatRate(amount=Decimal("2.5"))


@pytest.mark.parametrize("value", [-1, 2.0, Decimal(2), "2", True, None])
def test_a_limit_is_a_whole_number_of_items(value: object) -> None:
    with pytest.raises(ValueError, match="max_items must be a whole number of items, zero or more, not"):
        made(FlexiRate, max_items=value)


@pytest.mark.parametrize("value", ["g", "KG", "", None])
def test_an_unknown_unit_of_weight_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="charged per kg or per lb, not per"):
        made(Weight, unit_from_list=value)


@pytest.mark.parametrize("unit", WeightUnit)
def test_a_unit_of_weight_may_be_given_as_text(unit: WeightUnit) -> None:
    assert made(Weight, unit_from_list=str(unit)) == Weight(unit_from_list=unit)
