"""Stock that comes in or is lost, apart from orders (ORD-Q5)."""

from pathlib import Path
from typing import Any

import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.model.stock import StockCause
from ofncore.model.world import State
from ofncore.testing.worlds import NOW
from services.scenes import AMELIE, BUYERS, CARROTS, CHEESE, EGGS, PAUL, STRANGER, Scene, why


def supply(shop: Scene, quantities: dict[VariantId, Any], *, key: str = "delivery", actor: Actor = PAUL) -> object:
    """Bring or lose goods."""
    return shop.network.stock.supply(quantities, key=key, actor=actor, now=NOW)


def test_goods_come_in_and_are_lost_and_the_ledger_says_why(shop: Scene) -> None:
    assert supply(shop, {EGGS: 5, CARROTS: -2}) is None
    assert (shop.on_hand(EGGS), shop.on_hand(CARROTS)) == (15, 18)
    causes = {each.variant: each.cause for each in shop.state.stock_movements}
    assert causes == {EGGS: StockCause.SUPPLIED, CARROTS: StockCause.LOST}


def test_a_repeat_with_the_same_key_adds_nothing(shop: Scene) -> None:
    supply(shop, {EGGS: 5})
    before = shop.state
    assert supply(shop, {EGGS: 5}) is None
    assert shop.state == before
    supply(shop, {EGGS: 5}, key="another")
    assert shop.on_hand() == 20


def test_nothing_is_no_movement(shop: Scene) -> None:
    assert supply(shop, {EGGS: 0}) is None
    assert shop.state.stock_movements == ()


def test_more_than_there_is_cannot_be_lost_and_then_nothing_moves(shop: Scene) -> None:
    before = shop.state
    assert why(supply(shop, {EGGS: -11, CARROTS: 5}))[0][1] == Code.INSUFFICIENT_STOCK
    assert shop.state == before


@pytest.mark.parametrize("actor", [AMELIE, STRANGER, BUYERS["anna"], ENGINE], ids=str)
def test_only_the_suppliers_managers_move_its_stock(shop: Scene, actor: Actor) -> None:
    assert why(supply(shop, {EGGS: 1}, actor=actor)) == [("$.quantities.eggs", Code.NEEDS_MANAGER)]


def test_all_problems_are_told_at_once(shop: Scene) -> None:
    found = supply(shop, {VariantId("gold"): 1, CHEESE: 1, EGGS: 1})
    assert why(found) == [
        ("$.quantities.gold", Code.UNKNOWN_RECORD),
        ("$.quantities.cheese", Code.NEEDS_MANAGER),
    ]


@pytest.mark.parametrize("quantity", [1.5, True, "3", None, 1_000_001, -1_000_001])
def test_a_quantity_is_a_whole_number_within_reason(shop: Scene, quantity: object) -> None:
    before = shop.state
    assert why(supply(shop, {EGGS: quantity})) == [("$.quantities.eggs", Code.BAD_QUANTITY)]
    assert shop.state == before


def test_what_is_not_counted_has_no_level(shop: Scene) -> None:
    assert shop.network.stock.levels([VariantId("gold")]) == {}


def test_a_state_in_which_more_was_sold_than_there_was_at_first_can_be_loaded(shop: Scene, tmp_path: Path) -> None:
    """ORD-Q5: goods came in before they were sold, whatever the ids of the movements say."""
    supply(shop, {EGGS: 20}, key="zz")
    shop.take((EGGS, 25))
    read = read_state(write_state(shop.state))
    assert isinstance(read, State)
    copy = Scene.of(read, tmp_path)
    assert copy.on_hand() == 5
    assert write_state(copy.state) == write_state(shop.state)
