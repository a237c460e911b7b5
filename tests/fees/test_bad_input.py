"""What is no amount, percentage, weight or calculator is refused where it comes in, by code and path."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

from formats.samples import edited, world_data
from ofncore.fees.calculators import (
    FlatPercentItemTotal,
    FlatPercentPerItem,
    FlatRate,
    FlexiRate,
    PerItem,
    PriceSack,
    Weight,
)
from ofncore.fees.registry import calculator_kinds
from ofncore.fees.typed_settings import read_settings
from ofncore.formats.world import read_world
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import MoneyError, NotFoundError, RefusedValueError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import ChargeableLine, UnitRate, WeightRate
from ofncore.orders.adjusting import RequestedAdjustment
from ofncore.orders.request import RequestedLine
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW
from services.scenes import AMELIE, BUYERS, CYCLE, EGGS, HUB, Scene, request, scene

WORLD = world_data()
FEE, VARIANT, RATE, VOUCHER = "$.fees[0]", "$.variants[0]", "$.tax_rates[0]", "$.vouchers[0]"
PERCENT, PER_ITEM = f"{FEE}.calculator.flat_percent", f"{FEE}.calculator.amount"
CALCULATORS: dict[str, dict[str, Any]] = {
    PERCENT: {"kind": "flat_percent_per_item"},
    PER_ITEM: {"kind": "per_item"},
    f"{FEE}.calculator.max_items": {"kind": "flexi_rate"},
    f"{FEE}.calculator.per_unit": {"kind": "weight"},
    f"{FEE}.calculator.unit_from_list": {"kind": "weight"},
}
NO_NUMBERS = ["NaN", "sNaN", "Infinity", "-Infinity", "inf", "ten", "10%", "10 %", "10,5", "1e2", "", " 1", "٣"]


def place(path: str) -> tuple[str | int, ...]:
    """Return the keys and indexes of a JSON path."""
    return tuple(int(index) if index else key for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path))


def refused(found: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of a refusal."""
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


# ---------------------------------------------------------------- world files

DOCUMENTS = [
    *((path, text, Code.BAD_DECIMAL) for path in (PERCENT, PER_ITEM) for text in NO_NUMBERS),
    *((f"{FEE}.at_least", text, Code.BAD_DECIMAL) for text in ("NaN", "1.50 EUR")),
    *((f"{VARIANT}.weight_kg", text, Code.BAD_DECIMAL) for text in ("NaN", "-Infinity", "1kg")),
    *((f"{RATE}.amount", text, Code.BAD_DECIMAL) for text in ("NaN", "5.5%", "5,5")),
    *((f"{VOUCHER}.value", text, Code.BAD_DECIMAL) for text in ("NaN", "10 %")),
    # A number in JSON may have been a float.
    *(
        (path, number, Code.NUMBER_NOT_TEXT)
        for path in (PERCENT, PER_ITEM, f"{FEE}.at_most", f"{VARIANT}.weight_kg", f"{RATE}.amount", f"{VOUCHER}.value")
        for number in (0.1, 10, float("nan"), float("inf"))
    ),
    (f"{VARIANT}.price.amount", 2.5, Code.NUMBER_NOT_TEXT),
    (PERCENT, None, Code.NOT_TEXT),
    (PERCENT, ["10"], Code.NOT_TEXT),
    (PER_ITEM, {"amount": "3.00", "currency": "EUR"}, Code.NOT_TEXT),
    (f"{FEE}.calculator.max_items", "3", Code.NOT_WHOLE_NUMBER),
    (f"{FEE}.calculator.max_items", 3.5, Code.NOT_WHOLE_NUMBER),
    # Finer than what is charged, or kept.
    (PERCENT, "33.333", Code.TOO_MANY_DECIMALS),
    (PER_ITEM, "0.005", Code.TOO_MANY_DECIMALS),
    (f"{RATE}.amount", "0.1234567", Code.TOO_MANY_DECIMALS),
    (f"{VARIANT}.price.amount", "2.505", Code.TOO_FINE),
    # Below or above what there is.
    (f"{VARIANT}.weight_kg", "-0.1", Code.BELOW_ZERO),
    (f"{VARIANT}.unit_value", "-250", Code.NOT_ABOVE_ZERO),
    (f"{VARIANT}.unit_value", "0", Code.NOT_ABOVE_ZERO),
    (f"{FEE}.calculator.max_items", -1, Code.BELOW_ZERO),
    (f"{VOUCHER}.value", "-1", Code.BELOW_ZERO),
    (f"{RATE}.amount", "5.5", Code.NOT_A_FRACTION),
    (f"{RATE}.amount", "-0.055", Code.NOT_A_FRACTION),
    # No such calculator, unit, currency.
    (f"{FEE}.calculator.kind", "flat_percentage", Code.NOT_ACCEPTED),
    (f"{FEE}.calculator.kind", 5, Code.NOT_ACCEPTED),
    (f"{FEE}.calculator.unit_from_list", "stone", Code.NOT_ACCEPTED),
    (f"{FEE}.calculator.percent", "5", Code.UNKNOWN_KEY),
    (f"{VARIANT}.price.currency", "EURO", Code.BAD_CURRENCY),
]


@pytest.mark.parametrize(("path", "value", "code"), DOCUMENTS, ids=lambda each: str(each).rpartition(".")[2])
def test_a_world_file_is_refused_with_the_path_of_what_is_wrong(path: str, value: object, code: Code) -> None:
    calculator = dict(CALCULATORS.get(path, {"kind": "none"}))
    data = edited(WORLD, (place(f"{FEE}.calculator"), calculator), (place(path), value))
    assert refused(read_world(data)) == [(path, code)]


def test_prices_in_another_currency_than_the_shop_are_refused() -> None:
    data = edited(WORLD, (place(f"{VARIANT}.price"), {"amount": "2.50", "currency": "CHF"}))
    assert refused(read_world(data)) == [(f"{VARIANT}.price.currency", Code.OTHER_CURRENCY)]


def test_an_amount_is_no_finer_than_its_currency() -> None:
    data = edited(WORLD, (place(f"{VARIANT}.price"), {"amount": "2.5", "currency": "JPY"}))
    assert refused(read_world(data)) == [(f"{VARIANT}.price.amount", Code.TOO_FINE)]


def test_an_unknown_calculator_is_answered_with_those_there_are() -> None:
    found = read_world(edited(WORLD, (place(f"{FEE}.calculator"), {"kind": "magic"})))
    assert isinstance(found, Refusal)
    (problem,) = found.problems
    assert dict(problem.parameters) == {"found": '"magic"', "accepted": calculator_kinds()}


def test_text_with_numbers_that_are_none_is_refused_where_they_stand() -> None:
    text = '{"format": "ofncore-world", "version": 1, "name": "N", "stock": [{"variant": "eggs", "on_hand": NaN}]}'
    assert ("$.stock[0].on_hand", Code.NOT_FINITE) in refused(read_world(text))


# ---------------------------------------------------------------- typed settings


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("guess", {}, [("$.calculator", Code.NOT_ACCEPTED)]),
        ("per_item", {"amount": "10 %"}, [("$.preferences.amount", Code.BAD_DECIMAL)]),
        ("weight", {"per_unit": "NaN"}, [("$.preferences.per_unit", Code.BAD_DECIMAL)]),
        ("weight", {"per_unit": "Infinity"}, [("$.preferences.per_unit", Code.BAD_DECIMAL)]),
        ("per_item", {"amount": 1.5}, [("$.preferences.amount", Code.NOT_TEXT)]),
        ("per_item", {"amount": float("nan")}, [("$.preferences.amount", Code.NOT_TEXT)]),
        ("flexi_rate", {"max_items": 3.5}, [("$.preferences.max_items", Code.NOT_TEXT)]),
        ("flexi_rate", {"max_items": "-3"}, [("$.preferences.max_items", Code.BELOW_ZERO)]),
        ("flat_rate", {"percent": "3"}, [("$.preferences.percent", Code.UNKNOWN_KEY)]),
    ],
)
def test_typed_settings_are_refused_by_name(kind: str, typed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refused(read_settings(kind, typed)) == expected


# ---------------------------------------------------------------- values made directly

MAKERS: dict[str, Callable[[Any], object]] = {
    "flat_percent": lambda value: FlatPercentPerItem(flat_percent=value),
    "flat_percent of items": lambda value: FlatPercentItemTotal(flat_percent=value),
    "amount of a flat rate": lambda value: FlatRate(amount=value),
    "amount for an item": lambda value: PerItem(amount=value),
    "first_item": lambda value: FlexiRate(first_item=value),
    "minimal_amount": lambda value: PriceSack(minimal_amount=value),
    "per_unit": lambda value: Weight(per_unit=value),
    "at_least": lambda value: worlds.fee(at_least=value),
    "at_most": lambda value: worlds.fee(at_most=value),
    "amount of a tax rate": lambda value: worlds.tax_rate(amount=value),
    "value of a voucher": lambda value: worlds.voucher(value=value),
    "weight_kg": lambda value: worlds.variant(weight_kg=value),
    "unit_value": lambda value: worlds.variant(unit_value=value),
    "final_weight": lambda value: worlds.order_line(final_weight=value),
    "weight of a line": lambda value: ChargeableLine(100, 1, value),
    "part of a unit rate": UnitRate,
    "amount for a kilogram": WeightRate,
    "price of a variant": lambda value: worlds.variant(price=value),
    "price of a line": lambda value: worlds.order_line(price=value),
    "adjustment": lambda value: RequestedAdjustment(key="k", label="Late", amount=value),
    "minor units": lambda value: Money(value, "EUR"),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
@pytest.mark.parametrize("value", [0.5, float("nan"), "0.50", Decimal("NaN"), Decimal("Infinity")], ids=repr)
def test_what_is_no_exact_number_makes_no_value(make: Callable[[Any], object], value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=r"must be|whole number|0 to 100|as a Decimal|from 0 to 1"):
        make(value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: worlds.variant(weight_kg=Decimal("-0.1")),
        lambda: worlds.order_line(final_weight=Decimal("-0.1")),
        lambda: ChargeableLine(100, 1, Fraction(-1, 10)),
        lambda: ChargeableLine(100, -1),
    ],
)
def test_weights_and_quantities_below_zero_make_no_value(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"zero or more|>= 0"):
        make()


def test_a_value_that_refuses_a_setting_says_so_by_code_too() -> None:
    with pytest.raises(RefusedValueError, match="flat_percent has at most 2 decimals") as caught:
        FlatPercentPerItem(flat_percent=Decimal("33.333"))
    found: Any = caught.value.problem
    assert (found.code, dict(found.parameters)) == (Code.TOO_MANY_DECIMALS, {"found": '"33.333"', "decimals": 2})


def test_a_fee_without_a_calculator_is_none() -> None:
    with pytest.raises(ValueError, match="a fee needs a calculator, not str 'flat_rate'"):
        worlds.fee(calculator="flat_rate")


@pytest.mark.parametrize("amount", ["2.505", "NaN", "2,50", "-Infinity"])
def test_money_is_exact(amount: str) -> None:
    with pytest.raises(MoneyError):
        Money.of(amount, "EUR")


# ---------------------------------------------------------------- calls of a network


@pytest.fixture
def shop(tmp_path: Path) -> Scene:
    return Scene.of(scene(), tmp_path)


@pytest.mark.parametrize("quantity", [1.5, float("nan"), "2", Decimal(2), True, -1, 0], ids=repr)
def test_an_order_for_no_whole_number_of_things_is_refused(shop: Scene, quantity: Any) -> None:  # noqa: ANN401 - anything
    asked = attrs.evolve(request(), lines=(RequestedLine(EGGS, quantity),))
    found = shop.network.orders.take(asked, actor=BUYERS["anna"], now=NOW)
    assert refused(found) == [("$.lines[0].quantity", Code.BAD_QUANTITY)]


@pytest.mark.parametrize("weight", [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), Decimal(-1)], ids=repr)
def test_a_weight_that_is_none_is_refused(shop: Scene, weight: Any) -> None:  # noqa: ANN401 - anything
    order = shop.take((EGGS, 2))
    found = shop.network.orders.weigh(order.id, {EGGS: weight}, actor=AMELIE, now=NOW)
    assert refused(found) == [("$.weights.eggs", Code.BAD_WEIGHT)]


def test_an_amount_in_another_currency_is_refused(shop: Scene) -> None:
    order = shop.take((EGGS, 2))
    asked = RequestedAdjustment(key="late", label="Late", amount=Money.of("1.00", "CHF"))
    found = shop.network.orders.adjust(order.id, asked, actor=AMELIE, now=NOW)
    assert refused(found) == [("$.amount", Code.WRONG_CURRENCY)]


def test_a_payment_in_another_currency_is_refused(shop: Scene) -> None:
    order = shop.take((EGGS, 2))
    found = shop.network.payments.record_receipt(order.id, Money.of("1.00", "CHF"), key="r-1", actor=AMELIE, now=NOW)
    assert Code.WRONG_CURRENCY in {code for _, code in refused(found)}


def test_prices_of_a_cycle_or_shop_that_is_not_there_are_an_error(shop: Scene) -> None:
    with pytest.raises(NotFoundError, match="'week-99'"):
        shop.network.fees.price_book(OrderCycleId("week-99"), HUB, at=NOW)
    with pytest.raises(NotFoundError, match="'annex'"):
        shop.network.fees.price_book(CYCLE, EnterpriseId("annex"), at=NOW)
