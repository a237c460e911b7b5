"""Suppliers change their own lines by the front door: order, stock, event and letters together (ORD-O25, PERM-7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import OrderCycleId, OrderId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import OrderChanged
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.testing.worlds import CLOSES, NOW
from services.scenes import why
from services.two_shops import (
    AMELIE,
    BERTA,
    BUYERS,
    CARROTS,
    CHEESE,
    CYCLE,
    EGGS,
    MONA,
    PAUL,
    ROOT,
    take,
    two_shops,
)

Loads = Callable[[State], FoodNetwork]
LATER: Final = CLOSES + timedelta(hours=2)
LETS: Final = ShopSettings(producers_may_change_orders=True)


@pytest.fixture
def network(network_of: Loads) -> FoodNetwork:
    """Return the two shops, of which the hub lets suppliers change orders, and the market does not."""
    return network_of(two_shops(LETS, ShopSettings()))


def on_hand(network: FoodNetwork, variant: VariantId = EGGS) -> int:
    """Return how many there are of *variant*."""
    return network.stock.levels([variant])[variant].on_hand


def told(network: FoodNetwork, kind: MessageKind) -> list[Message]:
    """Return the messages of one kind."""
    return [each for each in network.worlds.export().messages if each.kind is kind]


def test_a_supplier_changes_its_line_and_stock_event_customer_and_shop_follow(network: FoodNetwork) -> None:
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    found = network.orders.change(order, {EGGS: 5}, actor=PAUL, now=LATER)
    assert isinstance(found, Order)
    assert found == network.orders.get(order)
    assert ([line.quantity for line in found.lines], found.version) == ([5, 1], 2)
    assert on_hand(network) == 5
    [event] = [each for each in network.worlds.export().events if isinstance(each, OrderChanged)]
    assert (event.actor, event.variants, event.total) == (PAUL, (EGGS,), found.total)
    [to_customer] = told(network, MessageKind.ORDER_CHANGED)
    assert to_customer.recipient == "ben"
    assert "Eggs: 5 instead of 2" in to_customer.body


def test_the_shop_is_told_who_changed_what_of_whose_order(network: FoodNetwork) -> None:
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    network.orders.change(order, {EGGS: 1}, actor=PAUL, now=NOW)
    [letter] = told(network, MessageKind.LINES_CHANGED)
    code = network.orders.get(order).code
    assert (letter.recipient, letter.to, letter.reply_to) == ("hub", "hub@shops.example", BUYERS["ben"].email)
    assert letter.subject == f"Order {code} at Hub: lines of Farm changed"
    assert f"Customer: {BUYERS['ben'].name}\n" in letter.body
    assert "- Eggs: 1 instead of 2\n- Total: " in letter.body
    assert "Cheese" not in letter.body


def test_each_change_is_told_and_one_to_what_is_there_is_none(network: FoodNetwork) -> None:
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    for quantity in (3, 2, 3, 3):
        network.orders.change(order, {EGGS: quantity}, actor=PAUL, now=NOW)
    assert len(told(network, MessageKind.LINES_CHANGED)) == len(told(network, MessageKind.ORDER_CHANGED)) == 3
    assert on_hand(network) == 7


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_the_shop_is_not_told_what_its_staff_do(network: FoodNetwork, actor: Actor) -> None:
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    network.orders.change(order, {EGGS: 1}, actor=actor, now=NOW)
    assert told(network, MessageKind.LINES_CHANGED) == []


@pytest.mark.parametrize(
    ("actor", "wanted", "expected"),
    [
        (PAUL, {CHEESE: 0}, [("$.quantities.cheese", Code.NEEDS_MANAGER)]),
        (PAUL, {EGGS: 1, CARROTS: 1}, [("$.quantities.carrots", Code.NEEDS_MANAGER)]),
        (BERTA, {EGGS: 1}, [("$.quantities.eggs", Code.NEEDS_MANAGER)]),
        (PAUL, {EGGS: 99}, [("$.quantities.eggs", Code.INSUFFICIENT_STOCK)]),
        (MONA, {EGGS: 1}, [("$", Code.NEEDS_MANAGER)]),
        (Actor.user("unheard-of"), {EGGS: 1}, [("$", Code.UNKNOWN_RECORD)]),
        (Actor.customer("anna"), {EGGS: 1}, [("$", Code.NEEDS_MANAGER)]),
        (ENGINE, {EGGS: 1}, [("$", Code.CHANGES_NOT_ALLOWED)]),
    ],
)
def test_what_is_refused_changes_nothing_and_tells_nobody(
    network: FoodNetwork, actor: Actor, wanted: dict[VariantId, int], expected: list[tuple[str, str]]
) -> None:
    """Default deny."""
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    before = network.worlds.export()
    assert why(network.orders.change(order, wanted, actor=actor, now=NOW)) == expected
    assert network.worlds.export() == before


def test_the_shop_of_the_order_decides(network: FoodNetwork) -> None:
    """PERM-7: the market does not let suppliers change orders, whatever the coordinating hub does."""
    order = take(network, "mara", "mara-1", (EGGS, 2), (CHEESE, 1))
    found = network.orders.change(order, {EGGS: 1}, actor=PAUL, now=NOW)
    assert why(found) == [("$", Code.NEEDS_MANAGER), ("$", Code.PRODUCER_CHANGES_NOT_ALLOWED)]


def test_an_order_that_there_is_not_is_refused_to_everybody_alike(network: FoodNetwork) -> None:
    nothing = OrderId("nothing")
    expected = Refusal.of(Code.UNKNOWN_RECORD, kind="order", id="nothing")
    assert network.orders.change(nothing, {EGGS: 1}, actor=PAUL, now=NOW) == expected


def test_suppliers_do_nothing_else_to_an_order(network: FoodNetwork) -> None:
    """ORD-6: no payments, no cancelling, no amounts, no terms."""
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    before = network.worlds.export()
    orders = network.orders
    for refused in (
        orders.cancel(order, actor=PAUL, now=NOW),
        orders.remove_adjustment(order, "jar", actor=PAUL, now=NOW),
        orders.apply_voucher(order, "WELCOME", actor=PAUL, now=NOW),
        orders.reprice(order, actor=PAUL, now=NOW),
        network.payments.charge(order, actor=PAUL, now=NOW),
    ):
        assert isinstance(refused, Refusal), refused
    assert network.worlds.export() == before


def test_what_suppliers_did_is_exported_and_read_back(network: FoodNetwork) -> None:
    order = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    network.orders.change(order, {EGGS: 1}, actor=PAUL, now=NOW)
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    assert write_state(read) == written


# ---------------------------------------------------------------- what is shown


def test_a_supplier_is_shown_its_own_lines_and_staff_the_whole_order(network: FoodNetwork) -> None:
    """PERM-7: the market shows no buyers; the coordinator sees all orders of its cycle."""
    order = take(network, "mara", "mara-1", (EGGS, 2), (CHEESE, 1))
    [shown] = network.orders.shown(CYCLE, viewer=PAUL)
    assert ([line.variant for line in shown.lines], shown.whole, shown.buyer.name) == ([EGGS], None, None)
    for viewer in (AMELIE, MONA, ROOT, Actor.customer("mara")):
        assert [each.whole for each in network.orders.shown(CYCLE, viewer=viewer)] == [network.orders.get(order)]


@pytest.mark.parametrize("viewer", [Actor.user("unheard-of"), Actor.customer("anna"), ENGINE], ids=str)
def test_strangers_are_shown_no_orders(network: FoodNetwork, viewer: Actor) -> None:
    take(network, "mara", "mara-1", (EGGS, 2), (CHEESE, 1))
    assert network.orders.shown(CYCLE, viewer=viewer) == ()


def test_orders_of_a_cycle_that_there_is_not_cannot_be_shown(network: FoodNetwork) -> None:
    with pytest.raises(NotFoundError, match="never"):
        network.orders.shown(OrderCycleId("never"), viewer=ROOT)
