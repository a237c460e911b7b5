"""The strategies draw what they promise."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import attrs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from ofncore.formats.converter import make_converter
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator
from ofncore.model.event import EVENT_KINDS, Event
from ofncore.model.order import Order
from ofncore.model.stock import StockItem
from ofncore.testing import strategies, worlds
from ofncore.testing.strategies import Fill

T = TypeVar("T")

RECORDS = [
    "customers",
    "enterprises",
    "fees",
    "grants",
    "messages",
    "order_cycles",
    "order_lines",
    "orders",
    "payment_methods",
    "payments",
    "products",
    "proxy_orders",
    "schedules",
    "shipping_methods",
    "stock_items",
    "stock_movements",
    "subscriptions",
    "tax_categories",
    "tax_rates",
    "users",
    "variants",
]
each_kind = pytest.mark.parametrize("name", RECORDS)
CONVERTER = make_converter()
#: Each strategy is drawn from in many other tests.
few = settings(max_examples=8, deadline=None)


def found(values: st.SearchStrategy[T], condition: Callable[[T], bool]) -> T:
    """Return the first of *values* that meets *condition*."""
    return find(values, condition, settings=settings(phases=[Phase.generate], max_examples=2000))


def optional_fields(value: attrs.AttrsInstance) -> list[object]:
    """Return the values of fields that may be None or empty, in *value* and below it."""
    found: list[object] = []
    for field in attrs.fields(type(value)):
        inner = getattr(value, field.name)
        if inner is None or isinstance(inner, tuple) or field.default is None:
            found.append(inner)
        below = inner if isinstance(inner, tuple) else (inner,)
        for each in below:
            if attrs.has(type(each)) and not isinstance(each, Money | Calculator):
                found += optional_fields(each)
    return found


@each_kind
@few
@given(data=st.data())
def test_all_means_that_nothing_is_missing(name: str, data: st.DataObject) -> None:
    assert all(each not in (None, ()) for each in optional_fields(data.draw(getattr(strategies, name)(fill=Fill.ALL))))


@each_kind
@few
@given(data=st.data())
def test_none_means_that_nothing_optional_is_there(name: str, data: st.DataObject) -> None:
    assert all(each in (None, ()) for each in optional_fields(data.draw(getattr(strategies, name)(fill=Fill.NONE))))


@each_kind
@few
@given(data=st.data())
def test_what_is_drawn_has_a_json_form(name: str, data: st.DataObject) -> None:
    value = data.draw(getattr(strategies, name)())
    assert CONVERTER.structure(CONVERTER.unstructure(value), type(value)) == value


@given(strategies.events())
def test_events_have_a_json_form(event: Event) -> None:
    assert CONVERTER.structure(CONVERTER.unstructure(event), Event) == event  # type: ignore[type-abstract, unused-ignore]


@pytest.mark.parametrize("kind", sorted(EVENT_KINDS))
def test_every_kind_of_event_is_drawn(kind: str) -> None:
    assert found(strategies.events(), lambda event: event.kind == kind).kind == kind


@given(strategies.orders())
def test_an_order_has_one_currency(order: Order) -> None:
    assert order.total.currency == order.currency


@given(strategies.orders(world=worlds.small_state(order_cycles=[worlds.order_cycle("only")])))
def test_references_are_drawn_from_the_world(order: Order) -> None:
    assert order.order_cycle == "only"


@given(strategies.moneys(min_minor=-3, max_minor=5, currency="JPY"))
def test_money_stays_within_its_bounds(money: Money) -> None:
    assert -3 <= money.minor <= 5
    assert money.currency == "JPY"


@given(strategies.instants(min_value=worlds.OPENS, max_value=worlds.CLOSES))
def test_instants_are_aware_and_within_their_bounds(instant: datetime) -> None:
    assert instant.utcoffset() is not None
    assert worlds.OPENS <= instant <= worlds.CLOSES


def test_instants_have_other_offsets_than_utc() -> None:
    assert found(strategies.instants(), lambda instant: instant.utcoffset() == timedelta(minutes=345))
    assert found(strategies.instants(), lambda instant: instant.tzinfo is UTC or instant.utcoffset() == timedelta())


@given(strategies.calculators(per_order=True), strategies.calculators(per_order=False))
def test_calculators_are_drawn_by_what_they_are_charged_on(one: Calculator, other: Calculator) -> None:
    assert (one.per_order, other.per_order) == (True, False)


@given(strategies.stock_items())
def test_stock_is_below_zero_only_on_demand(item: StockItem) -> None:
    assert item.on_demand or item.on_hand >= 0


def test_cycles_may_lack_either_date() -> None:
    assert found(strategies.order_cycles(), lambda cycle: cycle.orders_open_at is None)
    assert found(strategies.order_cycles(), lambda cycle: cycle.orders_close_at is None)
