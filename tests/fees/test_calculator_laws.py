"""Laws of the calculators (FEE-3)."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import (
    ALL_MAKERS,
    MAKERS,
    PER_UNIT,
    calculators,
    chargeable_lines,
    setting_names,
    settings,
    with_settings,
)
from ofncore.fees.calculators import (
    FlatPercentItemTotal,
    FlatPercentPerItem,
    FlatRate,
    FlexiRate,
    NoCharge,
    PerItem,
    PriceSack,
    Weight,
)
from ofncore.fees.settings import WeightUnit
from ofncore.fees.tiers import GraduatedTiers, WholeTiers
from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate, WeightRate

#: Kinds whose charge on several lines is the sum of the charges on each.
ADDITIVE = (*PER_UNIT, FlatPercentItemTotal, Weight)
#: Settings that are no amount to be charged.
NO_AMOUNTS = {"max_items", "minimal_amount", "unit_from_list"}


def of_kinds(*kinds: type[Calculator]) -> st.SearchStrategy[Calculator]:
    return st.one_of([ALL_MAKERS[kind] for kind in kinds])


def charge(calculator: Calculator, *lines: ChargeableLine) -> Fraction:
    return calculator.charge(lines, minor_per_unit=100)


def line(price: int = 100, quantity: int = 1, **changes: Any) -> ChargeableLine:  # noqa: ANN401 - fields of the line
    return ChargeableLine(price=price, quantity=quantity, **changes)


def euros(amount: str) -> Fraction:
    return Fraction(amount) * 100


@given(calculators(), chargeable_lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_is_irrelevant(calculator: Calculator, lines: list[ChargeableLine], chance: Any) -> None:  # noqa: ANN401 - a random.Random
    shuffled = chance.sample(lines, len(lines))
    assert charge(calculator, *shuffled) == charge(calculator, *lines)


@given(of_kinds(*ADDITIVE), chargeable_lines())
def test_lines_add_up(calculator: Calculator, lines: list[ChargeableLine]) -> None:
    assert charge(calculator, *lines) == sum(charge(calculator, each) for each in lines)


@given(of_kinds(*PER_UNIT), st.integers(0, 100_000), st.integers(0, 500))
def test_a_charge_per_unit_is_linear_in_the_quantity(calculator: Calculator, price: int, quantity: int) -> None:
    """FEE-13.1: the shop price of a unit times the quantity is what the line costs."""
    assert charge(calculator, line(price, quantity)) == charge(calculator, line(price)) * quantity


@given(of_kinds(*PER_UNIT), chargeable_lines())
def test_a_charge_per_unit_is_in_whole_minor_units(calculator: Calculator, lines: list[ChargeableLine]) -> None:
    assert charge(calculator, *lines).denominator == 1


@given(of_kinds(*MAKERS), chargeable_lines())
def test_opposite_settings_charge_the_opposite(calculator: Calculator, lines: list[ChargeableLine]) -> None:
    """A discount is a fee with its sign changed: halves go away from zero on both sides (FEE-2.2)."""
    amounts = set(setting_names(type(calculator))) - NO_AMOUNTS
    opposite = with_settings(calculator, **{name: -getattr(calculator, name) for name in amounts})
    assert charge(opposite, *lines) == -charge(calculator, *lines)


@given(of_kinds(FlatPercentItemTotal, FlatRate, FlexiRate, PriceSack, Weight), chargeable_lines())
def test_a_finer_currency_changes_no_exact_charge(calculator: Calculator, lines: list[ChargeableLine]) -> None:
    finer = [attrs.evolve(each, price=each.price * 10) for each in lines]
    assert calculator.charge(finer, minor_per_unit=1_000) == 10 * charge(calculator, *lines)


@given(calculators(), st.integers(-100_000, 100_000))
def test_the_fast_way_charges_one_unit(calculator: Calculator, price: int) -> None:
    rate = calculator.unit_charge(minor_per_unit=100)
    if isinstance(rate, UnitRate):
        assert rate(price) == round_fraction(charge(calculator, line(price)))


@given(of_kinds(Weight), st.fractions(0, 20), st.booleans())
def test_the_fast_way_by_weight_charges_one_unit(calculator: Calculator, kg: Fraction, sold: bool) -> None:  # noqa: FBT001 - drawn
    rate, one = calculator.unit_charge(minor_per_unit=100), line(weight_kg=kg, sold_by_weight=sold)
    assert isinstance(rate, WeightRate)
    assert rate(kg, sold_by_weight=sold) == round_fraction(charge(calculator, one))


@pytest.mark.parametrize("kind", [FlatPercentPerItem, FlatPercentItemTotal, PerItem, NoCharge])
def test_what_depends_on_the_price_alone_has_a_fast_way(kind: type[Calculator]) -> None:
    assert isinstance(kind().unit_charge(minor_per_unit=100), UnitRate)


def test_what_depends_on_the_weight_alone_has_a_fast_way() -> None:
    """A pound is 0.4536 kg, and counts only for what is sold by weight (FEE-3)."""
    rates = [
        Weight(unit_from_list=unit, per_unit=Decimal("5.67")).unit_charge(minor_per_unit=100) for unit in WeightUnit
    ]
    assert rates == [WeightRate(Fraction(567)), WeightRate(Fraction(567), Fraction(1250))]


@given(settings(limit=10_000), st.integers(0, 100_000), st.integers(0, 500))
def test_a_percentage_per_item_is_the_rounded_unit_times_the_quantity(
    percent: Decimal, price: int, quantity: int
) -> None:
    of_unit = round_fraction(price * Fraction(percent) / 100)
    assert charge(FlatPercentPerItem(flat_percent=percent), line(price, quantity)) == of_unit * quantity


def test_bulk_buyers_of_cheap_goods_pay_no_percentage() -> None:
    """FEE-3: 144 units at 0.15 with 3.33 % give nothing, where the percentage of the total gives 0.72."""
    percent, bulk = Decimal("3.33"), line(15, 144)
    assert charge(FlatPercentPerItem(flat_percent=percent), bulk) == 0
    assert round_fraction(charge(FlatPercentItemTotal(flat_percent=percent), bulk)) == euros("0.72")


@pytest.mark.parametrize(("percent", "expected"), [("2.50", 1), ("-2.50", -1), ("2.49", 0), ("-2.49", 0)])
def test_half_a_cent_goes_away_from_zero(percent: str, expected: int) -> None:
    """0.20 at 2.5 % is 0.005 (FEE-2.2)."""
    assert charge(FlatPercentPerItem(flat_percent=Decimal(percent)), line(20)) == expected


@given(settings(), chargeable_lines())
def test_a_flat_rate_is_charged_once(amount: Decimal, lines: list[ChargeableLine]) -> None:
    assert charge(FlatRate(amount=amount), *lines) == euros(str(amount))


@given(settings(), chargeable_lines())
def test_an_amount_per_item_counts_items(amount: Decimal, lines: list[ChargeableLine]) -> None:
    items = sum(each.quantity for each in lines)
    assert charge(PerItem(amount=amount), *lines) == euros(str(amount)) * items


def test_an_amount_per_item_is_rounded_for_one_item_where_there_are_no_cents() -> None:
    """1.50 a piece is 2 yen a piece, so three cost 6 and not 4.50 rounded up."""
    assert PerItem(amount=Decimal("1.50")).charge([line(quantity=3)], minor_per_unit=1) == 6


FLEXI = FlexiRate(first_item=Decimal(3), additional_item=Decimal(1), max_items=4)


@pytest.mark.parametrize(("items", "expected"), [(0, "2"), (1, "3"), (2, "4"), (4, "6"), (5, "6"), (900, "6")])
def test_a_flexible_rate_stops_at_its_limit_but_not_at_zero(items: int, expected: str) -> None:
    """FEE-13.4: no item at all costs the first less one further."""
    assert charge(FLEXI, line(quantity=items)) == euros(expected)


@given(chargeable_lines())
def test_a_flexible_rate_without_items_to_charge_is_nothing(lines: list[ChargeableLine]) -> None:
    assert charge(attrs.evolve(FLEXI, max_items=0), *lines) == 0


SACK = PriceSack(minimal_amount=Decimal(40), normal_amount=Decimal(5), discount_amount=Decimal(1))


@pytest.mark.parametrize(("item_total", "expected"), [(0, "5"), (3_999, "5"), (4_000, "1"), (4_001, "1")])
def test_the_limit_of_a_price_sack_counts_as_reached(item_total: int, expected: str) -> None:
    assert charge(SACK, line(item_total)) == euros(expected)


@pytest.mark.parametrize(
    ("unit", "sold_by_weight", "expected"),
    [("kg", True, "0.4536"), ("lb", True, "1"), ("kg", False, "0.4536"), ("lb", False, "0.4536")],
)
def test_a_pound_is_charged_by_the_pound_if_sold_by_weight(unit: str, sold_by_weight: bool, expected: str) -> None:  # noqa: FBT001 - a column
    """FEE-3: one pound at 1.00; the unit changes nothing for other variants."""
    pound = line(weight_kg=Fraction("0.4536"), sold_by_weight=sold_by_weight)
    per_unit: Callable[..., Weight] = Weight
    assert charge(per_unit(unit_from_list=unit, per_unit=Decimal(1)), pound) == euros(expected)


@given(st.sampled_from(list(ALL_MAKERS)))
def test_whether_a_kind_is_charged_per_order_is_settled(kind: type[Calculator]) -> None:
    """FEE-4."""
    assert kind.per_order is (kind in (FlatRate, FlexiRate, PriceSack, WholeTiers, GraduatedTiers))


def test_defaults_charge_nothing() -> None:
    """FEE-3: every setting is 0 unless said otherwise."""
    assert [charge(kind(), line()) for kind in ALL_MAKERS] == [0] * len(ALL_MAKERS)


@pytest.mark.parametrize("field", ["price", "quantity", "weight_kg"])
def test_no_float_enters_a_line(field: str) -> None:
    values: dict[str, Any] = {"price": 100, "quantity": 1, field: 1.0}
    with pytest.raises(TypeError, match=field):
        ChargeableLine(**values)
