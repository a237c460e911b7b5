"""Rules of the guide that only show when orders are taken (PERM-2), by number."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ofncore.kernel.codes import Code
from ofncore.model.message import MessageKind
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle
from services.scenes import AMELIE, BUYERS, CHEESE, CYCLE, EGGS, Scene, request, scene, why

TICK = timedelta(microseconds=1)
PRODUCERS = {"farm", "dairy"}


def told(shop: Scene) -> list[tuple[str, MessageKind]]:
    """Return which producers were written to, and what about."""
    return sorted((each.recipient, each.kind) for each in shop.state.messages if each.recipient in PRODUCERS)


@pytest.mark.parametrize(
    ("at", "code"), [(OPENS - TICK, Code.CYCLE_UPCOMING), (CLOSES + TICK, Code.CYCLE_CLOSED)], ids=["before", "after"]
)
def test_g1_nothing_is_ordered_while_the_cycle_is_not_open(tmp_path: Path, at: datetime, code: Code) -> None:
    """PERM-G1."""
    shop = Scene.of(scene(), tmp_path)
    assert why(shop.network.orders.take(request(), actor=BUYERS["anna"], now=at)) == [("$.order_cycle", code)]
    assert shop.state.orders == ()


@pytest.mark.parametrize("at", [OPENS, NOW, CLOSES], ids=["opening", "between", "close"])
def test_g1_the_goods_of_a_shop_can_be_ordered_while_the_cycle_is_open(tmp_path: Path, at: datetime) -> None:
    """PERM-G1."""
    shop = Scene.of(scene(), tmp_path)
    order = shop.take((EGGS, 1), now=at)
    assert shop.state.orders == (order,)


def test_g36_producers_get_no_letter_for_an_order(tmp_path: Path) -> None:
    """PERM-G36."""
    shop = Scene.of(scene(order_cycles=(order_cycle(automatic_notifications=True),)), tmp_path)
    shop.take((EGGS, 1), (CHEESE, 1))
    shop.network.tick(CLOSES)
    assert told(shop) == []


@pytest.mark.parametrize("by_button", [True, False], ids=["button", "close"])
def test_g36_producers_are_told_by_button_or_at_the_close(tmp_path: Path, by_button: bool) -> None:  # noqa: FBT001 - a column
    """PERM-G36."""
    shop = Scene.of(scene(order_cycles=(order_cycle(automatic_notifications=not by_button),)), tmp_path)
    shop.take((EGGS, 1), (CHEESE, 1))
    if by_button:
        assert shop.network.cycles.notify_producers(CYCLE, actor=AMELIE, now=NOW) == len(PRODUCERS)
    else:
        shop.network.tick(CLOSES + TICK)
    assert told(shop) == [("dairy", MessageKind.PRODUCER_SUMMARY), ("farm", MessageKind.PRODUCER_SUMMARY)]
