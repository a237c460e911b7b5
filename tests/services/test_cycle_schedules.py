"""Schedules in edits through the front door: what is stored, and what becomes of standing orders (SUB-3, SUB-9)."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import attrs
import pytest

from ofncore.cycles.editing import EditOutcome
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId, ScheduleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle, schedule, subscription
from services.scenes import AMELIE, CYCLE, PAUL, scene, why

NEXT, NEW = OrderCycleId("week-11"), OrderCycleId("week-12")
EARLY, LATE = OPENS - timedelta(days=3), CLOSES + timedelta(minutes=1)
WEEK = timedelta(days=7)

Load = Callable[[State], FoodNetwork]


def world() -> State:
    """Return a shop with two cycles; one subscription to each of three schedules, of which one has no cycle yet."""
    first = scene().order_cycles[0]
    following = order_cycle(
        NEXT,
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
        incoming=first.incoming,
        outgoing=first.outgoing,
    )
    schedules = (
        schedule("weekly", order_cycles=(CYCLE, NEXT)),
        schedule("later", order_cycles=(NEXT,)),
        schedule("empty", order_cycles=()),
    )
    standing = tuple(subscription(f"in-{each.id}", schedule=each.id) for each in schedules)
    return scene(order_cycles=(first, following), schedules=schedules, subscriptions=standing)


def edit(network: FoodNetwork, *schedules: str, **more: object) -> object:
    """Put the first cycle into *schedules* and no others, as its coordinator."""
    wanted = CycleEdit(schedules=frozenset(map(ScheduleId, schedules)))
    return network.cycles.edit_as_allowed(CYCLE, wanted, **({"actor": AMELIE, "now": EARLY} | more))  # type: ignore[arg-type] # by name


def holding(network: FoodNetwork, cycle: str = CYCLE) -> set[str]:
    """Return the schedules that hold *cycle*."""
    return {each.id for each in network.worlds.export().schedules if cycle in each.order_cycles}


def places(network: FoodNetwork, cycle: str = CYCLE) -> set[str]:
    """Return the subscriptions with a place in *cycle*."""
    return {each.subscription for each in network.worlds.export().proxy_orders if each.order_cycle == cycle}


def test_standing_orders_follow_the_schedules_in_the_same_unit_of_work(network_of: Load) -> None:
    """PERM-5.2, SUB-9: of schedules that the cycle joins, and of those that it leaves."""
    network = network_of(world())
    network.tick(EARLY)
    assert places(network) == {"in-weekly"}
    found = edit(network, "later", "empty")
    assert isinstance(found, EditOutcome)
    assert found.applied == ("$.schedules[empty]", "$.schedules[later]", "$.schedules[weekly]")
    assert holding(network) == {"later", "empty"}
    assert places(network) == {"in-later", "in-empty"}
    assert places(network, NEXT) == {"in-weekly", "in-later"}


def test_a_change_of_schedules_alone_is_a_change_of_the_cycle(network_of: Load) -> None:
    """Its version rises, so that nobody stores over it, and its log tells of it."""
    network = network_of(world())
    before = network.worlds.export().order_cycles[0]
    edit(network, "weekly", "later")
    edit(network, "weekly")
    state = network.worlds.export()
    assert state.order_cycles[0] == attrs.evolve(before, version=before.version + 2)
    assert [each.changed for each in state.events if each.kind == "cycle_edited"] == [("$.schedules",)] * 2  # type: ignore[attr-defined] # by its kind


def test_placed_orders_of_a_cycle_that_leaves_its_schedule_stay_and_are_concluded(network_of: Load) -> None:
    """SUB-3 K1 and K2: taking a cycle out of a schedule loses no order."""
    network = network_of(world())
    network.tick(NOW)
    [before] = network.worlds.export().orders
    edit(network, now=NOW)
    assert holding(network) == set()
    state = network.worlds.export()
    assert state.orders == (before,)
    [proxy] = [each for each in state.proxy_orders if each.order_cycle == CYCLE]
    assert (proxy.order, proxy.outcome) == (before.id, ProxyOutcome.PLACED)
    network.tick(LATE)
    [proxy] = [each for each in network.worlds.export().proxy_orders if each.order_cycle == CYCLE]
    assert proxy.outcome is ProxyOutcome.CONFIRMED


def test_a_cycle_that_comes_back_places_nothing_twice(network_of: Load) -> None:
    """SUB-17: one order for each place."""
    network = network_of(world())
    network.tick(NOW)
    before = network.worlds.export()
    edit(network, now=NOW)
    edit(network, "weekly", now=NOW)
    network.tick(NOW + timedelta(hours=1))
    after = network.worlds.export()
    assert (after.orders, after.proxy_orders) == (before.orders, before.proxy_orders)
    assert holding(network) == {"weekly"}


def test_who_may_not_change_a_schedule_changes_nothing_stored(network_of: Load) -> None:
    network = network_of(world())
    network.tick(EARLY)
    before = network.worlds.export()
    found = edit(network, actor=PAUL)
    assert isinstance(found, EditOutcome)
    assert found.dropped == ()
    named = edit(network, "weekly", actor=PAUL)
    assert isinstance(named, EditOutcome)
    assert [(each.path, each.code) for each in named.dropped] == [("$.schedules[weekly]", Code.NEEDS_MANAGER)]
    wanted = CycleEdit(schedules=frozenset({ScheduleId("never")}))
    refused = network.cycles.edit(CYCLE, wanted, actor=AMELIE, now=EARLY)
    assert why(refused) == [("$.schedules[never]", Code.UNKNOWN_RECORD)]
    assert network.worlds.export() == before


def test_a_new_cycle_begins_in_its_schedules_and_is_reached_at_once(network_of: Load) -> None:
    """PERM-5.2, SUB-9."""
    network = network_of(world())
    first = world().order_cycles[0]
    content = CycleEdit(
        name="Week twelve",
        orders_open_at=OPENS + 2 * WEEK,
        orders_close_at=CLOSES + 2 * WEEK,
        schedules=frozenset(map(ScheduleId, ("weekly", "empty"))),
    )
    request = CycleRequest(key=NEW, coordinator=first.coordinator, content=content)
    made = network.cycles.create(request, actor=AMELIE, now=EARLY)
    assert isinstance(made, OrderCycle)
    assert holding(network, NEW) == {"weekly", "empty"}
    assert places(network, NEW) == {"in-weekly", "in-empty"}
    assert network.cycles.create(request, actor=AMELIE, now=EARLY) == made


def test_a_cycle_is_deleted_once_it_left_its_schedules(network_of: Load) -> None:
    """CYC-12."""
    network = network_of(world())
    assert isinstance(network.cycles.delete(CYCLE, actor=AMELIE, now=EARLY), Refusal)
    edit(network)
    assert network.cycles.delete(CYCLE, actor=AMELIE, now=EARLY) is None


@pytest.mark.parametrize("names", [(), ("weekly", "later", "empty")])
def test_the_same_schedules_twice_are_the_same_as_once(network_of: Load, names: Iterable[str]) -> None:
    network = network_of(world())
    edit(network, *names)
    before = network.worlds.export()
    again = edit(network, *names)
    assert isinstance(again, EditOutcome)
    assert (again.applied, again.dropped) == ((), ())
    assert network.worlds.export() == before
