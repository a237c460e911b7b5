"""What comes in is refused at the door if it could not be written and read back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from ofncore.cycles.edits import CycleEdit
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import MINOR_DIGITS
from ofncore.kernel.ids import OrderCycleId, PaymentMethodId, ShippingMethodId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order
from ofncore.model.stock import StockItem
from ofncore.model.world import State
from ofncore.orders.sizes import is_writable
from ofncore.testing.worlds import CLOSES, NOW, OPENS, euros, order_cycle
from services.scenes import AMELIE, BUYERS, CYCLE, EGGS, PAUL, Scene, request, scene, why

ANNA = BUYERS["anna"]


def receipt(shop: Scene, key: str) -> object:
    """Record a payment of one euro."""
    order = shop.take()
    return shop.network.payments.record_receipt(order.id, euros("1"), key=key, actor=AMELIE, now=NOW)


def charge(shop: Scene, occasion: str) -> object:
    """Charge anna's card."""
    order = shop.take(payment_method=PaymentMethodId("card"))
    return shop.network.payments.charge(order.id, actor=ANNA, now=NOW, occasion=occasion)


def supply(shop: Scene, key: str) -> object:
    """Bring eggs."""
    return shop.network.stock.supply({EGGS: 1}, key=key, actor=PAUL, now=NOW)


def duplicate(shop: Scene, new_id: str = "week-11", name: str = "Copy", **changes: object) -> object:
    """Copy the cycle."""
    times = {"orders_open_at": OPENS + timedelta(days=7), "orders_close_at": CLOSES + timedelta(days=7)} | changes
    return shop.network.cycles.duplicate(
        CYCLE,
        new_id=OrderCycleId(new_id),
        name=name,
        actor=AMELIE,
        now=NOW,
        **times,  # type: ignore[arg-type] # instants
    )


def rename(shop: Scene, name: str) -> object:
    """Give the cycle another name."""
    return shop.network.cycles.edit(CYCLE, CycleEdit(name=name), actor=AMELIE, now=NOW)


ENTRIES: dict[str, tuple[str, Callable[[Scene, str], object]]] = {
    "receipt": ("$.key", receipt),
    "charge": ("$.occasion", charge),
    "supply": ("$.key", supply),
    "copy id": ("$.id", duplicate),
    "copy name": ("$.name", lambda shop, name: duplicate(shop, name=name)),
    "edit name": ("$.name", rename),
}


@pytest.mark.parametrize(("path", "enter"), ENTRIES.values(), ids=ENTRIES.keys())
@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 256, Code.BAD_LENGTH), ("a\0b", Code.BAD_TEXT), ("\ud800", Code.BAD_TEXT)],
    ids=["long", "nul", "half"],
)
def test_text_that_cannot_be_read_back_is_refused(
    shop: Scene, path: str, enter: Callable[[Scene, str], object], text: str, code: str
) -> None:
    assert why(enter(shop, text)) == [(path, code)]


@pytest.mark.parametrize(("path", "enter"), ENTRIES.values(), ids=ENTRIES.keys())
def test_text_that_is_empty_is_refused(shop: Scene, path: str, enter: Callable[[Scene, str], object]) -> None:
    code = Code.NAME_BLANK if path == "$.name" else Code.BAD_LENGTH
    assert why(enter(shop, "")) == [(path, code)]


@pytest.mark.parametrize(("path", "enter"), ENTRIES.values(), ids=ENTRIES.keys())
def test_the_longest_text_is_taken_and_read_back(shop: Scene, path: str, enter: Callable[[Scene, str], object]) -> None:
    assert path
    assert not isinstance(enter(shop, "é" * 255), Refusal)
    assert isinstance(read_state(write_state(shop.state)), State)


def test_a_copy_never_closes_out_of_sight_of_those_who_are_told_by_themselves(tmp_path: Path) -> None:
    """CYC-14.10."""
    far = NOW + timedelta(days=366)
    for automatic in (True, False):
        cycle = order_cycle(automatic_notifications=automatic)
        folder = tmp_path / str(automatic)
        folder.mkdir()
        shop = Scene.of(scene(order_cycles=(cycle,)), folder)
        assert not isinstance(duplicate(shop, orders_close_at=far), Refusal)
        found = duplicate(shop, "week-12", orders_close_at=far + timedelta(seconds=1))
        if automatic:
            assert why(found) == [("$.automatic_notifications", Code.ENDLESS_CYCLE)]
        else:
            assert not isinstance(found, Refusal)


@pytest.mark.parametrize("quantity", [6, -5, 0])
def test_a_key_of_a_delivery_names_one_quantity(shop: Scene, quantity: int) -> None:
    assert shop.network.stock.supply({EGGS: 5}, key="d", actor=PAUL, now=NOW) is None
    before = shop.state
    found = shop.network.stock.supply({EGGS: quantity}, key="d", actor=PAUL, now=NOW)
    assert why(found) == [("$.quantities.eggs", Code.KEY_REUSED)]
    assert shop.state == before


def test_no_more_comes_in_than_documents_take(tmp_path: Path) -> None:
    stock = (StockItem(variant=EGGS, on_hand=999_999_990),)
    shop = Scene.of(scene(stock=stock), tmp_path)

    def bring(count: int, key: str) -> object:
        return shop.network.stock.supply({EGGS: count}, key=key, actor=PAUL, now=NOW)

    assert why(bring(10, "a")) == [("$.quantities.eggs", Code.BAD_QUANTITY)]
    assert bring(9, "b") is None
    assert bring(9, "b") is None
    assert isinstance(read_state(write_state(shop.state)), State)
    assert shop.on_hand() == 999_999_999


def dear(price: str) -> State:
    """Return the small world with eggs at *price*, of which there are plenty."""
    world = scene(stock=(StockItem(variant=EGGS, on_hand=1_000_000),))
    variants = tuple(attrs.evolve(each, price=euros(price)) if each.id == EGGS else each for each in world.variants)
    return attrs.evolve(world, variants=variants)


def test_an_order_that_comes_to_more_than_can_be_written_is_refused(tmp_path: Path) -> None:
    """Also when it is raised to that."""
    shop = Scene.of(dear("100000000000000.00"), tmp_path)
    before = shop.state
    found = shop.network.orders.take(request((EGGS, 10)), actor=ANNA, now=NOW)
    assert why(found) == [("$.lines[0].quantity", Code.BAD_QUANTITY)]
    assert shop.state == before
    order = shop.take((EGGS, 2))
    for quantity in (10, 1_000_000):
        found = shop.network.orders.change(order.id, {EGGS: quantity}, actor=AMELIE, now=NOW)
        assert why(found) == [("$.quantities.eggs", Code.BAD_QUANTITY)]
    assert isinstance(read_state(write_state(shop.state)), State)


def test_charges_count_towards_what_can_be_written(tmp_path: Path) -> None:
    """The items alone could be written; with their fees they could not."""
    shop = Scene.of(dear("999999999999999.99"), tmp_path)
    found = shop.network.orders.take(request((EGGS, 1)), actor=ANNA, now=NOW)
    assert why(found) == [("$.lines[0].quantity", Code.BAD_QUANTITY)]


def test_storages_hold_every_amount_that_is_writable() -> None:
    assert is_writable(Money(10**17 - 1, "EUR"))
    assert not is_writable(Money(10**17, "EUR"))
    assert not is_writable(Money(-(10**17), "EUR"))
    assert not any(is_writable(Money(2**63, currency)) for currency in MINOR_DIGITS)


@pytest.mark.parametrize(
    "change", [{"shipping_method": ShippingMethodId("delivery")}, {"payment_method": PaymentMethodId("card")}], ids=str
)
def test_a_repeat_by_another_method_is_another_order(shop: Scene, change: dict[str, Any]) -> None:
    order = shop.take()
    again = shop.network.orders.take(request(**change), actor=ANNA, now=NOW)
    assert why(again) == [("$.key", Code.KEY_REUSED)]
    commented = shop.network.orders.take(request(comment="Thank you"), actor=ANNA, now=NOW)
    assert isinstance(commented, Order)
    assert commented == order
