"""Suppliers weigh, add and take away their own lines by the front door (ORD-6, ORD-O25, PERM-7, PERM-8)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.fees.calculators import FlatRate, PerItem, Weight
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, FeeId, OrderId, PaymentMethodId, ShippingMethodId, UserId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import OrderChanged, OrderWeighed
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.model.product import Measure
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.adjusting import RequestedAdjustment
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing.worlds import CLOSES, NOW, euros, fee, voucher
from services.scenes import why
from services.two_shops import (
    AMELIE,
    BERTA,
    CARROTS,
    CHEESE,
    CYCLE,
    EGGS,
    HUB,
    MONA,
    PAUL,
    ROOT,
    take,
    two_shops,
)

Loads = Callable[[State], FoodNetwork]
LATER: Final = CLOSES + timedelta(hours=2)
LETS: Final = ShopSettings(producers_may_change_orders=True)
OWN: Final = {PAUL: {EGGS, CARROTS}, BERTA: {CHEESE}}
#: What a supplier asks the orders service for about its own lines, and what stands for lines in it.
Act = Callable[[FoodNetwork, OrderId, Actor], Order | Refusal]


def shops(hub: ShopSettings = LETS, market: ShopSettings = ShopSettings()) -> State:  # noqa: B008 - a value
    """Return the two shops, with fees by item, weight and order, and a voucher of each."""
    state = two_shops(hub, market)
    variants = tuple(
        attrs.evolve(each, measure=Measure.WEIGHT, unit_value=Decimal(600)) if each.id == EGGS else each
        for each in state.variants
    )
    fees = (
        fee("per-piece", calculator=PerItem(amount=Decimal("0.10"))),
        fee("van", calculator=Weight(per_unit=Decimal("1.00"))),
        fee("round", calculator=FlatRate(amount=Decimal("1.50"))),
    )
    [cycle] = state.order_cycles
    farm, dairy = cycle.incoming
    incoming = attrs.evolve(farm, fees=(FeeId("round"),)), dairy
    cycle = attrs.evolve(cycle, coordinator_fees=(FeeId("per-piece"), FeeId("van")), incoming=incoming)
    return attrs.evolve(state, variants=variants, fees=fees, order_cycles=(cycle,), vouchers=(voucher(),))


@pytest.fixture
def network(network_of: Loads) -> FoodNetwork:
    """Return the two shops, of which the hub lets suppliers change orders, and the market does not."""
    return network_of(shops())


def bens(network: FoodNetwork) -> OrderId:
    """Take an order of eggs and cheese at the hub."""
    return take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))


def on_hand(network: FoodNetwork, variant: VariantId = EGGS) -> int:
    """Return how many there are of *variant*."""
    return network.stock.levels([variant])[variant].on_hand


def told(network: FoodNetwork, kind: MessageKind) -> list[Message]:
    """Return the messages of one kind."""
    return [each for each in network.worlds.export().messages if each.kind is kind]


OWN_LINES: Final[dict[str, Act]] = {
    "change": lambda network, order, actor: network.orders.change(order, {EGGS: 1}, actor=actor, now=LATER),
    "weigh": lambda network, order, actor: network.orders.weigh(order, {EGGS: Decimal(1500)}, actor=actor, now=LATER),
    "add": lambda network, order, actor: network.orders.add_line(order, CARROTS, 3, actor=actor, now=LATER),
    "remove": lambda network, order, actor: network.orders.remove_line(order, EGGS, actor=actor, now=LATER),
}
JAR: Final = RequestedAdjustment(key="jar", label="Jar", amount=euros("-0.40"))
ONE: Final = Money(1, "EUR")
STAFF_ONLY: Final[dict[str, Callable[[FoodNetwork, OrderId, Actor], object]]] = {
    "cancel": lambda network, order, actor: network.orders.cancel(order, actor=actor, now=NOW),
    "reprice": lambda network, order, actor: network.orders.reprice(order, actor=actor, now=NOW),
    "preview": lambda network, order, actor: network.orders.preview_reprice(order, actor=actor, now=NOW),
    "voucher": lambda network, order, actor: network.orders.apply_voucher(order, "WELCOME", actor=actor, now=NOW),
    "no voucher": lambda network, order, actor: network.orders.apply_voucher(order, "", actor=actor, now=NOW),
    "adjust": lambda network, order, actor: network.orders.adjust(order, JAR, actor=actor, now=NOW),
    "remove adjustment": lambda network, order, actor: network.orders.remove_adjustment(
        order, "jar", actor=actor, now=NOW
    ),
    "charge": lambda network, order, actor: network.payments.charge(order, actor=actor, now=NOW),
    "refund": lambda network, order, actor: network.payments.refund(order, actor=actor, now=NOW),
    "receipt": lambda network, order, actor: network.payments.record_receipt(
        order, ONE, key="till", actor=actor, now=NOW
    ),
    "take": lambda network, _, actor: network.orders.take(for_ben(), actor=actor, now=NOW),
}


def for_ben() -> OrderRequest:
    """Return a request of an order for ``ben``, of the farm's goods only."""
    return OrderRequest(
        key="ben-9",
        customer=CustomerId("ben"),
        distributor=HUB,
        order_cycle=CYCLE,
        lines=(RequestedLine(EGGS, 1),),
        shipping_method=ShippingMethodId("pickup"),
        payment_method=PaymentMethodId("cash"),
    )


# ---------------------------------------------------------------- each act


def test_an_added_line_is_on_the_order_its_stock_event_and_letters(network: FoodNetwork) -> None:
    """ORD-6, ORD-N1: customer and shop are told; who did it is on the event."""
    order = bens(network)
    found = network.orders.add_line(order, CARROTS, 3, actor=PAUL, now=LATER)
    assert isinstance(found, Order)
    assert found == network.orders.get(order)
    assert [(line.variant, line.quantity) for line in found.lines] == [(EGGS, 2), (CHEESE, 1), (CARROTS, 3)]
    assert on_hand(network, CARROTS) == 17
    [event] = [each for each in network.worlds.export().events if isinstance(each, OrderChanged)]
    assert (event.actor, event.variants, event.total) == (PAUL, (CARROTS,), found.total)
    [to_customer], [to_shop] = told(network, MessageKind.ORDER_CHANGED), told(network, MessageKind.LINES_CHANGED)
    assert "Added: 3 × Carrots" in to_customer.body
    assert "Added: 3 × Carrots" in to_shop.body
    assert to_shop.subject.endswith("lines of Farm changed")
    assert network.orders.balance(order).outstanding == found.total


def test_a_line_that_is_taken_away_goes_back_to_stock_and_the_order_is_out_of_reach(network: FoodNetwork) -> None:
    """PERM-7: what holds nothing of a supplier is not its order to edit, nor to see."""
    order = bens(network)
    found = network.orders.remove_line(order, EGGS, actor=PAUL, now=LATER)
    assert isinstance(found, Order)
    assert [line.variant for line in found.lines] == [CHEESE]
    assert on_hand(network) == 10
    [to_shop] = told(network, MessageKind.LINES_CHANGED)
    assert "Eggs: 0 instead of 2" in to_shop.body
    assert to_shop.subject.endswith("lines of Farm changed")
    assert network.orders.shown(CYCLE, viewer=PAUL) == ()
    before = network.worlds.export()
    for act in OWN_LINES.values():
        assert why(act(network, order, PAUL))[0] == ("$", Code.NEEDS_MANAGER)
    assert network.worlds.export() == before


def test_a_weight_moves_the_fees_by_weight_and_shop_and_customer_are_told(network: FoodNetwork) -> None:
    """ORD-6, FEE-3."""
    order = bens(network)
    before = network.orders.get(order)
    found = network.orders.weigh(order, {EGGS: Decimal(1500)}, actor=PAUL, now=LATER)
    assert isinstance(found, Order)
    assert found.total == before.total + euros("0.30")
    assert network.orders.get(order).lines[0].final_weight == 1500
    [event] = [each for each in network.worlds.export().events if isinstance(each, OrderWeighed)]
    assert (event.actor, event.variants) == (PAUL, (EGGS,))
    [to_shop] = told(network, MessageKind.LINES_CHANGED)
    assert to_shop.subject.endswith("lines of Farm changed")
    assert "Cheese" not in to_shop.body
    assert len(told(network, MessageKind.ORDER_CHANGED)) == 1


def test_a_line_of_nothing_goes_and_nobody_is_told(network: FoodNetwork) -> None:
    order = bens(network)
    network.orders.change(order, {CHEESE: 0}, actor=BERTA, now=NOW)
    letters = len(network.worlds.export().messages)
    found = network.orders.remove_line(order, CHEESE, actor=BERTA, now=LATER)
    assert isinstance(found, Order)
    assert [line.variant for line in found.lines] == [EGGS]
    assert len(network.worlds.export().messages) == letters


def test_a_repeat_is_refused_and_does_nothing(network: FoodNetwork) -> None:
    order = bens(network)
    network.orders.add_line(order, CARROTS, 3, actor=PAUL, now=NOW)
    network.orders.remove_line(order, EGGS, actor=PAUL, now=NOW)
    before = network.worlds.export()
    assert why(OWN_LINES["add"](network, order, PAUL)) == [("$.variant", Code.DUPLICATE_LINE)]
    assert why(OWN_LINES["remove"](network, order, PAUL)) == [("$.variant", Code.NEEDS_MANAGER)]
    assert why(OWN_LINES["remove"](network, order, AMELIE)) == [("$.variant", Code.NO_SUCH_LINE)]
    assert network.worlds.export() == before


def test_a_repeat_of_the_request_gives_the_order_whatever_lines_came_and_went(network: FoodNetwork) -> None:
    """ORD-S4."""
    order = bens(network)
    network.orders.add_line(order, CARROTS, 3, actor=PAUL, now=NOW)
    network.orders.remove_line(order, EGGS, actor=PAUL, now=NOW)
    assert take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1)) == order
    assert [line.variant for line in network.orders.get(order).lines] == [CHEESE, CARROTS]


@pytest.mark.parametrize("act", ["change", "weigh", "add", "remove"])
def test_an_order_that_there_is_not_is_refused_to_everybody_alike(network: FoodNetwork, act: str) -> None:
    expected = Refusal.of(Code.UNKNOWN_RECORD, kind="order", id="nothing")
    assert OWN_LINES[act](network, OrderId("nothing"), PAUL) == expected


@pytest.mark.parametrize("variant", ["", "unheard-of", "a\0b", "eggs "])
def test_goods_that_there_are_not_are_refused(network: FoodNetwork, variant: str) -> None:
    order = bens(network)
    by_staff, by_supplier = (
        network.orders.add_line(order, VariantId(variant), 1, actor=actor, now=NOW) for actor in (AMELIE, PAUL)
    )
    assert why(by_staff) == [("$.variant", Code.NOT_DISTRIBUTED)]
    assert why(by_supplier) == [("$.variant", Code.NEEDS_MANAGER)]


def test_what_suppliers_did_is_exported_and_read_back(network: FoodNetwork) -> None:
    order = bens(network)
    for act in ("add", "weigh", "remove"):
        assert isinstance(OWN_LINES[act](network, order, PAUL), Order)
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    assert write_state(read) == written


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("act", STAFF_ONLY)
def test_everything_else_is_refused_to_suppliers_as_to_strangers(network_of: Loads, act: str) -> None:
    """ORD-6, PERM-8: no payments, no cancelling, no amounts, no terms, no voucher, no order for others."""
    network = network_of(shops())
    order = bens(network)
    before = network.worlds.export()
    refused = STAFF_ONLY[act](network, order, PAUL)
    assert why(refused)[0] == ("$", Code.NEEDS_MANAGER)
    assert refused == STAFF_ONLY[act](network, order, MONA)
    assert network.worlds.export() == before


@pytest.mark.parametrize("act", OWN_LINES)
def test_where_the_switch_is_off_suppliers_change_nothing(network: FoodNetwork, act: str) -> None:
    """PERM-7: the market does not let suppliers change orders, whatever the coordinating hub does."""
    order = take(network, "mara", "mara-1", (EGGS, 2), (CHEESE, 1))
    before = network.worlds.export()
    refused = OWN_LINES[act](network, order, PAUL)
    assert why(refused)[0] == ("$", Code.NEEDS_MANAGER)
    assert refused == OWN_LINES[act](network, order, BERTA)
    assert network.worlds.export() == before


@pytest.mark.parametrize("act", OWN_LINES)
@pytest.mark.parametrize("actor", [ROOT, AMELIE, MONA], ids=str)
def test_administrator_coordinator_and_shop_do_it_as_staff(network: FoodNetwork, act: str, actor: Actor) -> None:
    """ORD-6, ORD-O24: the order is the market's, the cycle the hub's; no shop is told what staff do."""
    order = take(network, "mara", "mara-1", (EGGS, 2), (CHEESE, 1))
    assert isinstance(OWN_LINES[act](network, order, actor), Order)
    assert told(network, MessageKind.LINES_CHANGED) == []


@pytest.mark.parametrize("act", OWN_LINES)
def test_a_shops_manager_who_supplies_too_acts_as_staff(network_of: Loads, act: str) -> None:
    """PERM-8 (5750, 13031): on all lines, and the shop is not told what it does itself."""
    state = shops()
    both = tuple(
        attrs.evolve(each, managers=(*each.managers, UserId("paul"))) if each.id == HUB else each
        for each in state.enterprises
    )
    network = network_of(attrs.evolve(state, enterprises=both))
    order = bens(network)
    assert isinstance(OWN_LINES[act](network, order, PAUL), Order)
    assert told(network, MessageKind.LINES_CHANGED) == []
    found = network.orders.change(order, {CHEESE: 4}, actor=PAUL, now=NOW)
    assert isinstance(found, Order)
    assert isinstance(network.orders.adjust(order, JAR, actor=PAUL, now=NOW), Order)


def test_who_manages_two_suppliers_adds_goods_of_either_where_one_of_them_is_in(network_of: Loads) -> None:
    """PERM-7: the order is theirs to edit by the goods of any enterprise they manage."""
    state = shops()
    both = tuple(attrs.evolve(each, managers=(*each.managers, UserId("paul"))) for each in state.enterprises[:2])
    network = network_of(attrs.evolve(state, enterprises=(*both, *state.enterprises[2:])))
    order = take(network, "ben", "ben-1", (EGGS, 2))
    found = network.orders.add_line(order, CHEESE, 1, actor=PAUL, now=NOW)
    assert isinstance(found, Order)
    [letter] = told(network, MessageKind.LINES_CHANGED)
    assert letter.subject.endswith("lines of Dairy changed")


# ---------------------------------------------------------------- whatever anybody asks


@attrs.frozen
class Ask:
    """One thing that somebody asks for."""

    act: str
    who: Actor
    place: int
    variant: VariantId
    number: int

    def put(self, network: FoodNetwork, order: OrderId, now: datetime) -> Order | Refusal:
        """Ask for it."""
        orders = network.orders
        if self.act == "add":
            return orders.add_line(order, self.variant, self.number, actor=self.who, now=now)
        if self.act == "remove":
            return orders.remove_line(order, self.variant, actor=self.who, now=now)
        if self.act == "weigh":
            return orders.weigh(order, {self.variant: Decimal(self.number * 400)}, actor=self.who, now=now)
        return orders.change(order, {self.variant: self.number}, actor=self.who, now=now)


asks = st.builds(
    Ask,
    st.sampled_from(["add", "add", "remove", "change", "weigh"]),
    st.sampled_from([PAUL, PAUL, BERTA, AMELIE, MONA, Actor.customer("ben")]),
    st.integers(0, 2),
    st.sampled_from([EGGS, CHEESE, CARROTS]),
    st.integers(-1, 6),
)


def new_database(folder: str) -> SqlStorage:
    """Return a new database of SQLite."""
    storage = SqlStorage(f"sqlite:///{folder}/hub.db")
    storage.create_schema()
    return storage


STORAGES: Final[dict[str, Callable[[str], MemoryStorage | SqlStorage]]] = {
    "memory": lambda _: MemoryStorage(),
    "sqlite": new_database,
}


def untouched(order: Order, mine: set[VariantId]) -> tuple[object, ...]:
    """Return what no supplier of *mine* may move of an order, the amounts aside that follow its lines."""
    others = tuple(line for line in order.lines if line.variant not in mine)
    shipping, payment = attrs.evolve(order.shipping, amount=euros("0")), attrs.evolve(order.payment, amount=euros("0"))
    bare = attrs.evolve(order, lines=(), fees=(), discounts=(), shipping=shipping, payment=payment, version=0)
    return bare, others, {each.code for each in order.discounts}


def lives(storage: Any, wanted: list[Ask]) -> None:  # noqa: ANN401 - either storage
    """Put *wanted* to three orders, one with a voucher and an amount by hand, and keep the books meanwhile."""
    network = make_network(unit_of_work=storage)
    assert network.worlds.load(shops()) is None
    keys = [
        take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1)),
        take(network, "anna", "anna-1", (CARROTS, 1)),
        take(network, "mara", "mara-1", (EGGS, 1), (CHEESE, 2)),
    ]
    network.orders.apply_voucher(keys[0], "WELCOME", actor=AMELIE, now=NOW)
    network.orders.adjust(keys[0], JAR, actor=AMELIE, now=NOW)
    for minute, ask in enumerate(wanted):
        before = network.worlds.export()
        order = network.orders.get(keys[ask.place])
        found = ask.put(network, order.id, NOW + timedelta(minutes=minute))
        after = network.worlds.export()
        if isinstance(found, Refusal) or found.version == order.version:
            assert after == before
        elif ask.who in OWN:
            assert order.distributor == HUB
            assert ask.variant in OWN[ask.who]
            assert untouched(found, OWN[ask.who]) == untouched(order, OWN[ask.who])
            assert [each for each in after.orders if each.id != order.id] == [
                each for each in before.orders if each.id != order.id
            ]
        keep_books(after)


def keep_books(state: State) -> None:
    """Stock is what came in less what is sold, and each change is an event (ORD-Q5)."""
    for item in state.stock:
        sold = sum(line.quantity for each in state.orders for line in each.lines if line.variant == item.variant)
        assert item.on_hand == item.opening - sold
        assert item.on_hand >= 0 or item.on_demand
    for order in state.orders:
        assert any(line.quantity for line in order.lines)
        mine = [each for each in state.events if each.subject == order.id]
        assert len(mine) == order.version


@pytest.mark.parametrize(("name", "examples"), [("memory", 60), ("sqlite", 5)])
def test_whatever_anybody_asks_for_suppliers_move_only_what_is_theirs(name: str, examples: int) -> None:
    """PERM-7, ORD-6."""

    @settings(max_examples=examples, deadline=None)
    @given(st.lists(asks, min_size=1, max_size=12))
    def run(wanted: list[Ask]) -> None:
        with TemporaryDirectory() as folder:
            storage = STORAGES[name](folder)
            lives(storage, wanted)
            if isinstance(storage, SqlStorage):
                storage.close()

    run()
