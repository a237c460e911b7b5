"""Orders through the front door: order, stock, message and events together, once (ORD-5, ORD-S4, ORD-Q3)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NaiveInstantError, NotFoundError
from ofncore.kernel.ids import EnterpriseId, OrderId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import OrderCancelled
from ofncore.model.order import Channel, Order, OrderState
from ofncore.model.world import State
from ofncore.orders.balance import PaymentStatus
from ofncore.services.orders import OrderService
from ofncore.testing.worlds import CLOSES, NOW, enterprise, euros, order_cycle, outgoing, producer
from services.scenes import AMELIE, BUYERS, CHEESE, EGGS, STRANGER, Scene, request, scene, why

ANNA = BUYERS["anna"]
LATER = NOW + timedelta(hours=1)


def counts(scene_: Scene) -> tuple[Counter[str], Counter[str]]:
    """Return how many events and messages there are of each kind, those to the shop left out."""
    state = scene_.state
    letters = Counter(each.kind.value for each in state.messages if each.recipient != "hub")
    return Counter(each.kind for each in state.events), letters


def test_an_order_its_stock_its_event_and_its_message_are_stored_together(shop: Scene) -> None:
    order = shop.take((EGGS, 2), (CHEESE, 1))
    assert shop.state.orders == (order,)
    assert (shop.on_hand(EGGS), shop.on_hand(CHEESE)) == (8, -1)
    assert counts(shop) == ({"order_placed": 1}, {"order_placed": 1})
    assert order.version == 1
    assert shop.network.orders.get(order.id) == order


def test_a_repeat_with_the_same_key_gives_the_same_order_and_does_nothing(shop: Scene) -> None:
    """ORD-S4: also after it was changed, paid or cancelled, and after the close."""
    order = shop.take()
    before = shop.state
    assert shop.network.orders.take(request(), actor=ANNA, now=CLOSES + timedelta(days=9)) == order
    assert shop.state == before
    changed = shop.network.orders.change(order.id, {EGGS: 1}, actor=ANNA, now=LATER)
    assert shop.network.orders.take(request(), actor=ANNA, now=LATER) == changed
    cancelled = shop.network.orders.cancel(order.id, actor=ANNA, now=LATER)
    assert shop.network.orders.take(request(), actor=ANNA, now=LATER) == cancelled


def test_a_key_names_one_order_only(shop: Scene) -> None:
    shop.take()
    refused = shop.network.orders.take(request((CHEESE, 1)), actor=ANNA, now=NOW)
    assert why(refused) == [("$.key", Code.KEY_REUSED)]


def test_what_is_named_and_unknown_is_refused_all_at_once(shop: Scene) -> None:
    wanted = request(customer="nobody", distributor="nowhere", order_cycle="never")
    assert set(why(shop.network.orders.take(wanted, actor=ANNA, now=NOW))) == {
        ("$.customer", Code.UNKNOWN_RECORD),
        ("$.distributor", Code.UNKNOWN_RECORD),
        ("$.order_cycle", Code.UNKNOWN_RECORD),
    }


def test_an_enterprise_without_a_prefix_is_no_shop(tmp_path: Path) -> None:
    """ORD-K1."""
    nameless = enterprise("hub", order_code_prefix=None)
    shop = Scene.of(scene(enterprises=(producer("dairy", owner="berta"), producer("farm"), nameless)), tmp_path)
    assert why(shop.network.orders.take(request(), actor=ANNA, now=NOW)) == [("$.distributor", Code.NOT_A_SHOP)]


def test_a_refused_order_leaves_nothing_behind(shop: Scene) -> None:
    """ORD-Q3."""
    before = shop.state
    assert why(shop.network.orders.take(request((CHEESE, 1), (EGGS, 11)), actor=ANNA, now=NOW)) == [
        ("$.lines[1].quantity", Code.INSUFFICIENT_STOCK)
    ]
    assert shop.state == before


def test_the_last_unit_is_sold_once(shop: Scene) -> None:
    """ORD-Q7."""
    taken = [shop.network.orders.take(request((EGGS, 3), key=f"order-{n}"), actor=ANNA, now=NOW) for n in range(5)]
    assert [isinstance(each, Order) for each in taken] == [True, True, True, False, False]
    assert shop.on_hand() == 1


def test_every_order_has_its_own_code_and_the_same_facts_give_the_same_codes(tmp_path: Path) -> None:
    """ORD-K4."""
    codes = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        shop = Scene.of(scene(), folder)
        codes.append([shop.take((CHEESE, 1), key=f"order-{n}").code for n in range(6)])
    assert codes[0] == codes[1]
    assert len(set(codes[0])) == 6
    assert all(code.startswith("HAB-") for code in codes[0])


def test_an_instant_without_a_time_zone_is_a_broken_contract(shop: Scene) -> None:
    with pytest.raises(NaiveInstantError):
        shop.network.orders.take(request(), actor=ANNA, now=NOW.replace(tzinfo=None))


def test_a_change_moves_stock_and_tells_once_for_each_time(shop: Scene) -> None:
    order = shop.take((EGGS, 4))
    for quantity in (3, 2, 3):
        found = shop.network.orders.change(order.id, {EGGS: quantity}, actor=AMELIE, now=NOW)
        assert isinstance(found, Order)
        assert shop.on_hand() == 10 - quantity
    events, letters = counts(shop)
    assert (events["order_changed"], letters["order_changed"]) == (3, 3)


def test_a_change_to_nothing_new_is_not_told(shop: Scene) -> None:
    order = shop.take()
    before = shop.state
    assert shop.network.orders.change(order.id, {EGGS: 2}, actor=ANNA, now=LATER) == order
    assert shop.state == before


def test_a_refused_change_leaves_everything_as_it_was(shop: Scene) -> None:
    """ORD-Q5."""
    order = shop.take()
    before = shop.state
    assert isinstance(shop.network.orders.change(order.id, {EGGS: 13}, actor=AMELIE, now=LATER), Refusal)
    assert isinstance(shop.network.orders.cancel(order.id, actor=STRANGER, now=LATER), Refusal)
    assert shop.state == before


@pytest.mark.parametrize(("restock", "left"), [(True, 10), (False, 8)])
def test_a_cancelled_order_gives_back_its_goods_once(shop: Scene, restock: bool, left: int) -> None:  # noqa: FBT001 - a column
    """SUB-K9."""
    order = shop.take()
    cancelled = shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER, restock=restock)
    assert isinstance(cancelled, Order)
    assert (cancelled.state, shop.on_hand()) == (OrderState.CANCELLED, left)
    assert shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER) == cancelled
    assert isinstance(shop.network.orders.cancel(order.id, actor=STRANGER, now=LATER), Refusal)
    assert shop.on_hand() == left
    events, letters = counts(shop)
    assert (events["order_cancelled"], letters["order_cancelled"]) == (1, 1)


def test_only_staff_keep_the_goods_of_a_cancelled_order_back(shop: Scene) -> None:
    """SUB-K9: a customer who asks for it is not heeded, and the event says so."""
    order = shop.take()
    assert isinstance(shop.network.orders.cancel(order.id, actor=ANNA, now=LATER, restock=False), Order)
    assert shop.on_hand() == 10
    assert [each.restocked for each in shop.state.events if isinstance(each, OrderCancelled)] == [True]


@pytest.mark.parametrize("channel", sorted(set(Channel) - {Channel.SUBSCRIPTION}))
def test_only_staff_say_by_which_channel_an_order_came(shop: Scene, channel: Channel) -> None:
    assert shop.take(channel=channel).channel is Channel.WEB
    taken = shop.network.orders.take(request(key="order-2", channel=channel), actor=AMELIE, now=NOW)
    assert isinstance(taken, Order)
    assert taken.channel is channel


@pytest.mark.parametrize("act", ["change", "cancel"])
def test_an_order_that_there_is_not_cannot_be_changed(shop: Scene, act: str) -> None:
    nothing = OrderId("nothing")
    orders = shop.network.orders
    found = orders.change(nothing, {}, actor=AMELIE, now=NOW) if act == "change" else None
    found = found or orders.cancel(nothing, actor=AMELIE, now=NOW)
    assert found == Refusal.of(Code.UNKNOWN_RECORD, kind="order", id="nothing")
    for ask in (orders.get, orders.balance):
        with pytest.raises(NotFoundError, match="nothing"):
            ask(nothing)


def test_an_order_that_is_paid_up_by_lowering_it_awaits_nothing_more(shop: Scene) -> None:
    """ORD-5: no state says that something is to be paid when nothing is."""
    order = shop.take((EGGS, 2), payment_method="card")
    assert order.state is OrderState.AWAITING_PAYMENT
    shop.network.payments.record_receipt(order.id, euros("3.52"), key="till", actor=AMELIE, now=NOW)
    assert shop.network.orders.get(order.id).state is OrderState.AWAITING_PAYMENT
    lowered = shop.network.orders.change(order.id, {EGGS: 1}, actor=ANNA, now=LATER)
    assert isinstance(lowered, Order)
    assert lowered.state is OrderState.RECEIVED
    assert shop.network.orders.balance(order.id).status is PaymentStatus.PAID


def test_staff_place_after_the_close_knowing_which_producers_have_their_summary(shop: Scene) -> None:
    """ORD-B5, ORD-B6."""
    shop.take((EGGS, 1), (CHEESE, 1), key="web")
    shop.network.cycles.notify_producers(order_cycle().id, actor=AMELIE, now=NOW)
    late = CLOSES + timedelta(hours=1)
    wanted = request((EGGS, 1), override_reason="She telephoned")
    assert why(shop.network.orders.take(wanted, actor=AMELIE, now=late)) == [
        ("$.acknowledged", Code.SUMMARY_ALREADY_SENT)
    ]
    known = attrs.evolve(wanted, acknowledged=(EnterpriseId("farm"),))
    assert isinstance(shop.network.orders.take(known, actor=AMELIE, now=late), Order)
    assert counts(shop)[0]["rule_overridden"] == 1


def test_the_engine_places_nothing_for_others_out_of_time(shop: Scene) -> None:
    late = CLOSES + timedelta(hours=1)
    assert why(shop.network.orders.take(request(), actor=ENGINE, now=late)) == [("$.order_cycle", Code.CYCLE_CLOSED)]


def test_in_a_copied_storage_orders_go_on_as_before(shop: Scene, tmp_path: Path) -> None:
    """Versions begin anew there; changes must still move stock and be told."""
    order = shop.take((EGGS, 4))
    shop.network.orders.change(order.id, {EGGS: 3}, actor=AMELIE, now=NOW)
    text = write_state(shop.state)
    state = read_state(text)
    assert isinstance(state, State)
    copy = Scene.of(state, tmp_path)
    assert write_state(copy.state) == text
    copy.network.orders.change(order.id, {EGGS: 1}, actor=AMELIE, now=LATER)
    assert copy.on_hand() == 9
    events, letters = counts(copy)
    assert (events["order_changed"], letters["order_changed"]) == (2, 2)


def test_what_left_the_offer_stays_in_the_orders_and_can_only_be_lowered(tmp_path: Path) -> None:
    shop = Scene.of(scene(), tmp_path)
    order = shop.take((EGGS, 2), (CHEESE, 1))
    with shop.storage() as unit:
        unit.order_cycles.save(attrs.evolve(unit.order_cycles.get(order.order_cycle), outgoing=(outgoing("hub"),)))
        unit.variants.save(attrs.evolve(unit.variants.get(VariantId("eggs")), deleted=True))
    lowered = shop.network.orders.change(order.id, {EGGS: 1}, actor=AMELIE, now=LATER)
    assert isinstance(lowered, Order)
    assert shop.on_hand() == 9
    assert why(shop.network.orders.change(order.id, {EGGS: 2}, actor=AMELIE, now=LATER)) == [
        ("$.quantities.eggs", Code.INSUFFICIENT_STOCK)
    ]


O1, ACT = OrderId("o1"), {"actor": ANNA, "now": NOW}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("request", lambda orders, wrong: orders.take(wrong, **ACT)),
        ("actor", lambda orders, wrong: orders.take(request(), actor=wrong, now=NOW)),
        ("order", lambda orders, wrong: orders.change(wrong, {EGGS: 1}, **ACT)),
        ("quantities", lambda orders, wrong: orders.change(O1, wrong, **ACT)),
        ("actor", lambda orders, wrong: orders.change(O1, {}, actor=wrong, now=NOW)),
        ("variant", lambda orders, wrong: orders.add_line(O1, wrong, 1, **ACT)),
        ("variant", lambda orders, wrong: orders.remove_line(O1, wrong, **ACT)),
        ("weights", lambda orders, wrong: orders.weigh(O1, wrong, **ACT)),
        ("adjustment", lambda orders, wrong: orders.adjust(O1, wrong, **ACT)),
        ("key", lambda orders, wrong: orders.remove_adjustment(O1, wrong, **ACT)),
        ("code", lambda orders, wrong: orders.apply_voucher(O1, wrong, **ACT)),
        ("order", lambda orders, wrong: orders.preview_reprice(wrong, **ACT)),
        ("order", lambda orders, wrong: orders.reprice(wrong, **ACT)),
        ("actor", lambda orders, wrong: orders.cancel(O1, actor=wrong, now=NOW)),
        ("restock", lambda orders, wrong: orders.cancel(O1, restock=wrong, **ACT)),
        ("order", lambda orders, wrong: orders.get(wrong)),
        ("viewer", lambda orders, wrong: orders.shown("week-10", viewer=wrong)),
        ("order", lambda orders, wrong: orders.balance(wrong)),
    ],
)
@pytest.mark.parametrize("wrong", [None, 7])
def test_an_argument_of_another_type_is_told_by_its_name(
    shop: Scene, name: str, act: Callable[[OrderService, Any], object], wrong: object
) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be of type"):
        act(shop.network.orders, wrong)
