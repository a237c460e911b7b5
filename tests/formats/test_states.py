"""A state file holds a whole state: what is written is read back, to the cent and to the letter."""

import json
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.samples import busy_state
from formats.values import texts
from ofncore.formats.state import read_state, write_state
from ofncore.formats.world import read_world, write_world
from ofncore.kernel.ids import OrderId
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.model.world import State, World
from ofncore.testing import worlds
from ofncore.testing.worlds import small_state, small_world

_cents = st.integers(0, 10**7).map(lambda cents: worlds.euros(str(Decimal(cents).scaleb(-2))))


@st.composite
def orders(draw: st.DrawFn, key: str) -> Order:
    """Return an order of ``anna`` with any lines."""
    variants = draw(st.lists(st.sampled_from(["carrots", "cheese", "eggs"]), unique=True))
    lines = tuple(worlds.order_line(each, quantity=draw(st.integers(0, 50)), price=draw(_cents)) for each in variants)
    state = draw(st.sampled_from(OrderState))
    return worlds.order(key, lines=lines, state=state, comment=draw(texts), version=draw(st.integers(0, 9)))


@st.composite
def payments(draw: st.DrawFn, key: str, order: OrderId) -> Payment:
    """Return a payment of *order* by hand, either way, in any state."""
    amount, purpose = draw(_cents), draw(st.sampled_from([PaymentPurpose.RECEIPT, PaymentPurpose.REFUND]))
    signed = -amount if purpose is PaymentPurpose.REFUND else amount
    state = draw(st.sampled_from(PaymentState))
    return worlds.payment(key, order=order, purpose=purpose, amount=signed, state=state)


@st.composite
def states(draw: st.DrawFn) -> State:
    """Return a state with orders, their payments, and stock that moved; its lists are in any order."""
    taken = tuple(draw(orders(f"order-{index}")) for index in range(draw(st.integers(0, 3))))
    paid = tuple(draw(payments(f"payment-{index}", each.id)) for index, each in enumerate(taken + taken))
    deltas = draw(st.lists(st.integers(-9, 9), max_size=4))
    moved = tuple(worlds.movement(f"movement-{index}", delta=delta) for index, delta in enumerate(deltas))
    stock = (worlds.stock_item("eggs", opening=40, on_hand=40 + sum(deltas)),)
    shuffled: dict[str, Any] = {
        name: tuple(draw(st.permutations(entries)))
        for name, entries in {"orders": taken, "payments": paid, "stock_movements": moved}.items()
    }
    return small_state(stock=stock, **shuffled)


def sorted_parts(state: State) -> dict[str, Any]:
    """Return the parts of *state* as a document has them: sorted, and without versions."""
    parts: dict[str, Any] = {}
    for field in attrs.fields(State):
        entries = getattr(state, field.name)
        parts[field.name] = entries if isinstance(entries, str) else sorted(map(_unversioned, entries), key=repr)
    return parts


def _unversioned(record: Any) -> Any:  # noqa: ANN401 - any record
    return attrs.evolve(record, version=0) if hasattr(record, "version") else record


@given(states())
@settings(max_examples=60, deadline=None)
def test_a_state_comes_back_as_it_was_written(state: State) -> None:
    read = read_state(write_state(state))
    assert isinstance(read, State), str(read)
    assert sorted_parts(read) == sorted_parts(state)


@given(states())
@settings(max_examples=60, deadline=None)
def test_writing_what_was_read_gives_the_same_text(state: State) -> None:
    text = write_state(state)
    read = read_state(text)
    assert isinstance(read, State), str(read)
    assert write_state(read) == text


@given(states())
@settings(max_examples=40, deadline=None)
def test_the_money_of_an_order_adds_up_in_its_document(state: State) -> None:
    """ORD-O10, ORD-O11: the lines give the total; what is paid and outstanding give it too, unless it was cancelled."""
    document = json.loads(write_state(state))
    for order in document["orders"]:
        lines = sum(Decimal(line["amount"]["amount"]) for line in order["lines"])
        total, paid, outstanding = (Decimal(order[key]["amount"]) for key in ("total", "paid", "outstanding"))
        settled = [
            Decimal(each["amount"]["amount"])
            for each in document["payments"]
            if each["order"] == order["id"] and each["state"] == "settled"
        ]
        assert lines == total == Decimal(order["item_total"]["amount"])
        assert paid == sum(settled)
        assert outstanding == (-paid if order["state"] == "cancelled" else total - paid)


@given(st.permutations(busy_state().events), st.permutations(busy_state().messages))
@settings(max_examples=20)
def test_the_text_does_not_depend_on_the_order_of_the_lists(events: list[Any], messages: list[Any]) -> None:
    shuffled = attrs.evolve(busy_state(), events=tuple(events), messages=tuple(messages))
    assert write_state(shuffled) == write_state(busy_state())


def test_lists_are_sorted_by_id() -> None:
    document = json.loads(write_state(busy_state()))
    for name, entries in document.items():
        if isinstance(entries, list) and name != "stock":
            assert [each["id"] for each in entries] == sorted(each["id"] for each in entries), name
    assert [(each["variant"], each["hub"]) for each in document["stock"]] == [
        ("carrots", None),
        ("cheese", None),
        ("eggs", None),
        ("eggs", "hub"),
    ]


def test_keys_stand_in_the_order_of_the_classes() -> None:
    document = json.loads(write_state(busy_state()))
    assert list(document)[:2] == ["format", "version"]
    assert list(document)[2:] == [field.name for field in attrs.fields(State)]
    line = list(document["orders"][0]["lines"][0])
    assert line[line.index("price") + 1] == "amount"
    assert list(document["orders"][0])[-2:] == ["paid", "outstanding"]
    assert list(document["events"][0])[:2] == ["kind", "id"]
    assert next(iter(document["proxy_orders"][0])) == "id"


def test_a_stock_entry_has_five_keys() -> None:
    document = json.loads(write_state(busy_state()))
    assert document["stock"][0] == {
        "variant": "carrots",
        "hub": None,
        "on_hand": 18,
        "on_demand": False,
        "opening": 20,
    }


def test_letters_are_written_as_they_are() -> None:
    world = small_world(name="L’épicerie à Figuères")
    assert '"name": "L’épicerie à Figuères"' in write_world(world)
    assert write_world(world).endswith("}\n")


def test_a_world_comes_back_as_it_was_written() -> None:
    assert read_world(write_world(small_world())) == small_world()


def test_the_opening_of_stock_is_what_is_on_hand_unless_it_is_said() -> None:
    document = json.loads(write_world(small_world()))
    for entry in document["stock"]:
        del entry["opening"]
    assert read_world(document) == small_world()


def test_a_world_becomes_a_state() -> None:
    assert read_state(write_world(small_world())) == small_state()


def test_a_state_is_a_world_too() -> None:
    """The world of a state is written without what happened in it, if its stock has not moved."""
    assert isinstance(busy_state(), World)
    assert read_world(write_world(small_state())) == small_world()
