"""Sizes: prices per unit, and texts (FEE-12)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.sizes import UNITS, Size, System, display_unit, plural, price_unit, size_text
from ofncore.kernel.money import Money
from ofncore.model.product import Measure
from ofncore.testing import worlds

METRIC = ("g", "kg", "T", "mL", "L", "kL")
ALL = tuple({unit.name for units in UNITS.values() for unit in units})


def weight(value: str, scale: str | None = None) -> Size:
    return Size(measure=Measure.WEIGHT, value=Decimal(value), scale=None if scale is None else Decimal(scale))


def volume(value: str, scale: str | None = None) -> Size:
    return Size(measure=Measure.VOLUME, value=Decimal(value), scale=None if scale is None else Decimal(scale))


@pytest.mark.parametrize(
    ("size", "unit", "denominator"),
    [
        (weight("250"), "kg", "0.25"),
        (weight("250", "0.001"), "kg", "0.25"),
        (weight("226.8", "28.35"), "lb", "0.5"),
        (weight("453.6", "453.59237"), "lb", "1"),
        (volume("0.75", "0.001"), "L", "0.75"),
        (volume("9.09218", "4.54609"), "L", "9.09218"),
        (Size(measure=Measure.ITEMS, value=Decimal(6), unit_name="egg"), "egg", "6"),
        (Size(measure=Measure.ITEMS, unit_name="bunch"), "bunch", "1"),
        (Size(measure=Measure.ITEMS), "Item", "1"),
    ],
)
def test_what_prices_are_compared_by(size: Size, unit: str, denominator: str) -> None:
    found = price_unit(size)
    assert (found.unit, found.denominator) == (unit, Fraction(denominator))


def test_gallons_are_priced_per_litre_and_not_per_pound() -> None:
    """FEE-12: the original divides litres by grams."""
    assert price_unit(volume("4.54609", "4.54609")).system is System.METRIC
    assert volume("4.54609", "4.54609").system is System.IMPERIAL


@given(st.integers(0, 100_000), st.decimals("0.01", 5_000, places=2))
def test_a_price_per_unit_times_the_size_is_the_price(minor: int, value: Decimal) -> None:
    unit = price_unit(weight(str(value)))
    assert unit.price_of(Money(minor, "EUR")) * unit.denominator == minor
    shown = unit.shown_price_of(Money(minor, "EUR"))
    assert abs(shown.minor - unit.price_of(Money(minor, "EUR"))) <= Fraction(1, 2)


@pytest.mark.parametrize("value", [None, Decimal(0), Decimal(-1), Decimal("NaN")])
def test_a_weight_needs_a_value_above_zero(value: Decimal | None) -> None:
    with pytest.raises(ValueError, match=r"is a number above zero|must be a number, not NaN"):
        Size(measure=Measure.WEIGHT, value=value)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="no unit of volume with the scale 7"):
        volume("1", "7")


@pytest.mark.parametrize(
    ("size", "available", "shown"),
    [
        (weight("1234"), METRIC, "1.23kg"),
        (weight("999"), METRIC, "999g"),
        (weight("1000"), METRIC, "1kg"),
        (weight("0.25", "0.001"), METRIC, "0.25g"),
        (weight("0.25", "0.001"), ALL, "250mg"),
        (weight("16000"), ("lb", "oz", "gal"), "564.37oz"),
        (weight("7.0875", "28.35"), METRIC, "7.09g"),
        (weight("907.2", "453.6"), ALL, "2lb"),
        (volume("0.5"), METRIC, "500mL"),
        (volume("0.5"), ("kg",), ""),
        (volume("9.09218", "4.54609"), ALL, "2gal"),
        (volume("9.09218", "4.54609"), METRIC, "9092.18mL"),
        (Size(measure=Measure.ITEMS, value=Decimal(6), unit_name="bunch"), METRIC, "6 bunches"),
        (Size(measure=Measure.ITEMS, value=Decimal(1), unit_name="bunch"), METRIC, "1 bunch"),
        (Size(measure=Measure.ITEMS, value=Decimal("0.5"), unit_name="dozen"), METRIC, "0.5 dozens"),
        (Size(measure=Measure.ITEMS, value=Decimal(6)), METRIC, ""),
    ],
)
def test_sizes_in_words(size: Size, available: tuple[str, ...], shown: str) -> None:
    assert size_text(size, available) == shown


@given(st.decimals("0.01", 10_000_000, places=2))
def test_the_largest_unit_that_gives_at_least_one_is_taken(value: Decimal) -> None:
    unit = display_unit(weight(str(value)), METRIC)
    assert unit is not None
    assert value >= unit.scale or unit.name == "g"
    larger = [each for each in UNITS[Measure.WEIGHT] if each.name in METRIC and each.scale > unit.scale]
    assert all(value < each.scale for each in larger)


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("egg", "eggs"),
        ("box", "boxes"),
        ("dish", "dishes"),
        ("berry", "berries"),
        ("tray", "trays"),
        ("half", "halves"),
        ("loaf", "loafs"),
        ("tomato", "tomatoes"),
        ("glass", "glasses"),
        ("fish", "fish"),
        ("child", "children"),
        ("Woman", "Women"),
        ("beans", "beans"),
        ("small box", "small boxes"),
        ("", ""),
    ],
)
def test_english_plurals(one: str, several: str) -> None:
    assert plural(one) == several


def test_the_size_of_a_variant_is_metric() -> None:
    size = Size.of(worlds.variant(measure=Measure.WEIGHT, unit_value=Decimal(500)))
    assert (size.system, size.value) == (System.METRIC, Decimal(500))
