"""Two networks on one file change grants at the same time: it is as if one went after the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from ofncore.adapters.sql import SqlStorage
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import GrantChanged
from ofncore.model.grant import Permission
from ofncore.network import FoodNetwork, make_network
from ofncore.services.grants import GrantOutcome
from ofncore.testing.worlds import CLOSES, NOW, OPENS
from services.two_shops import AMELIE, BERTA, CYCLE, DAIRY, FARM, HUB, MARKET, PAUL, two_shops

Act = Callable[[FoodNetwork], object]
SELL, PROFILE = Permission.ADD_TO_ORDER_CYCLE, Permission.EDIT_PROFILE
WEEK = timedelta(days=7)


@pytest.fixture
def networks(tmp_path: Path) -> Iterator[tuple[FoodNetwork, FoodNetwork]]:
    """Return two networks on one file with the two shops."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with closing(SqlStorage(url)) as one, closing(SqlStorage(url)) as other:
        one.create_schema()
        first = make_network(unit_of_work=one)
        assert first.worlds.load(two_shops(ShopSettings(), ShopSettings())) is None
        yield first, make_network(unit_of_work=other)


def at_once(networks: tuple[FoodNetwork, FoodNetwork], one: Act, other: Act) -> list[object]:
    """Do both acts at the same time, each in a network of its own."""
    barrier = Barrier(2)

    def begin(network: FoodNetwork, act: Act) -> object:
        barrier.wait()
        return act(network)

    with ThreadPoolExecutor(2) as pool:
        return [
            each.result() for each in [pool.submit(begin, *each) for each in zip(networks, (one, other), strict=True)]
        ]


def test_a_grant_that_both_sides_end_ends_once(networks: tuple[FoodNetwork, FoodNetwork]) -> None:
    found = at_once(
        networks,
        lambda network: network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW),
        lambda network: network.grants.destroy(FARM, HUB, actor=AMELIE, now=NOW),
    )
    assert sorted(type(each).__name__ for each in found) == ["GrantOutcome", "Refusal"]
    assert [each.codes for each in found if isinstance(each, Refusal)] == [{Code.UNKNOWN_RECORD}]
    state = networks[0].worlds.export()
    assert [each.version for each in state.order_cycles] == [2]
    assert len(state.messages) == 2
    assert len([each for each in state.events if isinstance(each, GrantChanged)]) == 1


def test_of_two_first_grants_of_a_pair_one_is_stored(networks: tuple[FoodNetwork, FoodNetwork]) -> None:
    found = at_once(
        networks,
        lambda network: network.grants.create(DAIRY, MARKET, [SELL], actor=BERTA, now=NOW),
        lambda network: network.grants.create(DAIRY, MARKET, [PROFILE], actor=BERTA, now=NOW),
    )
    [made] = [each.grant for each in found if isinstance(each, GrantOutcome)]
    assert [each.codes for each in found if isinstance(each, Refusal)] == [{Code.GRANT_EXISTS}]
    assert [
        each for each in networks[0].worlds.export().grants if each.grantor == DAIRY and each.grantee == MARKET
    ] == [made]


def test_a_copy_made_meanwhile_keeps_nothing_of_the_goods(networks: tuple[FoodNetwork, FoodNetwork]) -> None:
    found = at_once(
        networks,
        lambda network: network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW),
        lambda network: network.cycles.duplicate(
            CYCLE,
            new_id=OrderCycleId("week-11"),
            name="Next week",
            orders_open_at=OPENS + WEEK,
            orders_close_at=CLOSES + WEEK,
            actor=AMELIE,
            now=NOW,
        ),
    )
    assert [type(each) for each in found] == [GrantOutcome, OrderCycle]
    stored = networks[1].worlds.export().order_cycles
    assert [each.id for each in stored] == [CYCLE, "week-11"]
    assert [each.incoming_from(FARM) for each in stored] == [None, None]
    assert {key for each in stored for one in each.outgoing for key in one.variants} == {"cheese"}
