"""Cycles through the front door: edited, copied, opened, closed, producers told (CYC-10, CYC-11, CYC-14.9)."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from ofncore.cycles.editing import CycleEditPlan
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import ProducersNotified
from ofncore.model.message import MessageKind
from ofncore.model.subscription import SubscriptionLine
from ofncore.services.agenda import AgendaReport
from ofncore.testing.worlds import CLOSES, NOW, OPENS, fee, grant, order_cycle, schedule, subscription
from services.scenes import AMELIE, CHEESE, CYCLE, EGGS, PAUL, STRANGER, Scene, request, scene, why

WEEK, TICK = timedelta(days=7), timedelta(microseconds=1)
NEVER, FARM = OrderCycleId("never"), EnterpriseId("farm")


def stored(shop: Scene, key: OrderCycleId = CYCLE) -> OrderCycle:
    """Return the cycle as it is stored."""
    [cycle] = [each for each in shop.state.order_cycles if each.id == key]
    return cycle


def summaries(shop: Scene) -> list[tuple[str, datetime, datetime | None]]:
    """Return who was sent a producer summary, when, and when really if that was late."""
    kind = MessageKind.PRODUCER_SUMMARY
    return sorted((each.recipient, each.at, each.late_at) for each in shop.state.messages if each.kind is kind)


def kinds(shop: Scene) -> Counter[str]:
    """Return how many events there are of each kind."""
    return Counter(each.kind for each in shop.state.events)


# ---------------------------------------------------------------- editing


def test_an_edit_is_stored_with_its_event(shop: Scene) -> None:
    found = shop.network.cycles.edit(CYCLE, CycleEdit(name="Week ten"), actor=AMELIE, now=NOW)
    assert isinstance(found, CycleEditPlan)
    assert found.cycle == stored(shop)
    assert (stored(shop).name, stored(shop).version) == ("Week ten", 2)
    assert kinds(shop) == {"cycle_edited": 1}


def test_each_edit_is_told(shop: Scene) -> None:
    for name in ("a", "b", "c"):
        shop.network.cycles.edit(CYCLE, CycleEdit(name=name), actor=AMELIE, now=NOW)
    assert kinds(shop) == {"cycle_edited": 3}


@pytest.mark.parametrize(
    ("actor", "edit"),
    [
        (PAUL, CycleEdit(name="Mine")),
        (AMELIE, CycleEdit(name="")),
        (AMELIE, CycleEdit(coordinator_fees=(FeeId("nothing"),))),
        (AMELIE, CycleEdit()),
    ],
)
def test_an_edit_that_is_refused_or_empty_stores_nothing(shop: Scene, actor: Actor, edit: CycleEdit) -> None:
    before = shop.state
    shop.network.cycles.edit(CYCLE, edit, actor=actor, now=NOW)
    assert shop.state == before


def test_an_edit_knows_the_fees_and_variants_it_names(tmp_path: Path) -> None:
    shop = Scene.of(scene(fees=(fee(), fee("farm-fee", enterprise="farm"))), tmp_path)
    edit = CycleEdit(
        incoming=(IncomingEdit(supplier=FARM, variants=(EGGS,), fees=(FeeId("farm-fee"),)),),
    )
    assert isinstance(shop.network.cycles.edit(CYCLE, edit, actor=PAUL, now=NOW), CycleEditPlan)
    foreign = CycleEdit(outgoing=(OutgoingEdit(distributor=stored(shop).coordinator, fees=(FeeId("farm-fee"),)),))
    assert isinstance(shop.network.cycles.edit(CYCLE, foreign, actor=AMELIE, now=NOW), CycleEditPlan)


def test_goods_that_leave_the_cycle_leave_the_shop_and_orders_keep_them(shop: Scene) -> None:
    """PERM-G17, PERM-10 `cascade`."""
    order = shop.take((EGGS, 1), (CHEESE, 1))
    edit = CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=()),))
    shop.network.cycles.edit(CYCLE, edit, actor=PAUL, now=NOW)
    refused = shop.network.orders.take(request((EGGS, 1), key="later"), actor=AMELIE, now=NOW)
    assert why(refused) == [("$.lines[0].variant", Code.NOT_DISTRIBUTED)]
    assert shop.network.orders.get(order.id) == order


def test_proxy_orders_follow_a_change_of_dates_at_once(tmp_path: Path) -> None:
    """SUB-18 d8."""
    standing = subscription(ends_at=CLOSES + timedelta(hours=1))
    shop = Scene.of(scene(subscriptions=(standing,)), tmp_path)
    before = OPENS - timedelta(days=3)
    shop.network.tick(before)
    assert reached(shop) == {CYCLE}
    later = CycleEdit(orders_close_at=CLOSES + timedelta(hours=2))
    shop.network.cycles.edit(CYCLE, later, actor=AMELIE, now=before)
    assert reached(shop) == set()
    shop.network.cycles.edit(CYCLE, CycleEdit(orders_close_at=CLOSES), actor=AMELIE, now=before)
    assert reached(shop) == {CYCLE}


def reached(shop: Scene) -> set[str]:
    """Return the cycles in which there are proxy orders."""
    return {each.order_cycle for each in shop.state.proxy_orders}


def test_a_cycle_that_there_is_not_is_refused(shop: Scene) -> None:
    expected = Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id="never")
    cycles = shop.network.cycles
    assert cycles.edit(NEVER, CycleEdit(name="x"), actor=AMELIE, now=NOW) == expected
    assert cycles.notify_producers(NEVER, actor=AMELIE, now=NOW) == expected
    assert copy(shop, of=NEVER) == expected


# ---------------------------------------------------------------- copying


def copy(shop: Scene, *, of: OrderCycleId = CYCLE, new: str = "week-11", actor: Actor = AMELIE) -> OrderCycle | Refusal:
    """Copy a cycle to a week later."""
    return shop.network.cycles.duplicate(
        of,
        new_id=OrderCycleId(new),
        name="Next week",
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
        actor=actor,
        now=NOW,
    )


def test_a_copy_joins_the_schedules_of_its_original_and_gets_proxy_orders(tmp_path: Path) -> None:
    """CYC-10."""
    shop = Scene.of(scene(subscriptions=(subscription(),)), tmp_path)
    made = copy(shop)
    assert isinstance(made, OrderCycle)
    assert made == stored(shop, made.id)
    assert shop.state.schedules[0].order_cycles == (CYCLE, made.id)
    shop.network.tick(NOW)
    assert reached(shop) == {CYCLE, made.id}


def test_what_became_of_the_original_is_not_copied(shop: Scene) -> None:
    shop.network.tick(CLOSES + TICK)
    made = copy(shop)
    assert isinstance(made, OrderCycle)
    assert (made.opened_at, made.closed_at, made.settled_at, made.version) == (None, None, None, 1)
    assert made.outgoing == stored(shop).outgoing


def test_a_copy_is_refused_to_strangers_and_under_an_id_that_is_taken(shop: Scene) -> None:
    before = shop.state
    assert why(copy(shop, actor=PAUL)) == [("$", Code.NEEDS_MANAGER)]
    assert why(copy(shop, new="week-10")) == [("$.id", Code.CYCLE_EXISTS)]
    assert why(copy(shop, new="week-10", actor=PAUL)) == [("$", Code.NEEDS_MANAGER)]
    assert shop.state == before


def test_a_copy_drops_whom_the_grants_no_longer_cover(tmp_path: Path) -> None:
    """PERM-11."""
    shop = Scene.of(scene(grants=(grant("farm-to-hub"),)), tmp_path)
    made = copy(shop)
    assert isinstance(made, OrderCycle)
    assert [each.supplier for each in made.incoming] == ["farm"]
    assert [set(each.variants) for each in made.outgoing] == [{"carrots", "eggs"}]


# ---------------------------------------------------------------- opening and closing


def test_a_cycle_opens_and_closes_once_each_at_its_own_instants(shop: Scene) -> None:
    """CYC-11, CYC-14.9."""
    assert shop.network.tick(OPENS - TICK) == AgendaReport()
    assert shop.network.tick(OPENS).opened == 1
    assert shop.network.tick(CLOSES) == AgendaReport()
    assert shop.network.tick(CLOSES + TICK).closed == 1
    assert shop.network.tick(CLOSES + 99 * WEEK) == AgendaReport()
    cycle = stored(shop)
    assert (cycle.opened_at, cycle.closed_at, cycle.settled_at) == (OPENS, CLOSES, CLOSES)
    assert kinds(shop) == {"cycle_opened": 1, "cycle_closed": 1}
    assert [each.late_at for each in shop.state.events] == [None, None]


def test_after_a_year_without_a_tick_nothing_is_lost_and_all_is_marked_late(shop: Scene) -> None:
    late = CLOSES + 52 * WEEK
    assert shop.network.tick(late) == AgendaReport(opened=1, closed=1)
    assert [(each.at, each.late_at) for each in shop.state.events] == [(OPENS, late), (CLOSES, late)]


def test_what_is_not_due_is_left_alone(shop: Scene) -> None:
    before = shop.state
    assert not shop.network.cycles.announce_opening(CYCLE, now=OPENS - TICK)
    assert not shop.network.cycles.close(CYCLE, now=CLOSES)
    assert shop.state == before


def test_cycles_are_dealt_with_in_the_order_in_which_they_fell_due(tmp_path: Path) -> None:
    """One stock for two cycles: also when both are late the earlier one comes first, whatever its id."""
    later = order_cycle("a-later", orders_open_at=OPENS + WEEK, orders_close_at=CLOSES + WEEK)
    schedules = tuple(schedule(f"only-{key}", order_cycles=(OrderCycleId(key),)) for key in ("a-later", "week-10"))
    eggs = (SubscriptionLine(variant=EGGS, quantity=6),)
    standing = tuple(subscription(f"s-{each.id}", schedule=each.id, lines=eggs) for each in schedules)
    settings = ShopSettings(subscriptions_enabled=True, late_placement_days=30)
    [dairy, farm, hub] = scene().enterprises
    world = scene(
        order_cycles=(later, order_cycle()),
        schedules=schedules,
        subscriptions=standing,
        enterprises=(dairy, farm, attrs.evolve(hub, shop=settings)),
    )
    shop = Scene.of(world, tmp_path)
    shop.network.tick(CLOSES + 2 * WEEK)
    assert {each.order_cycle: each.lines[0].quantity for each in shop.state.orders} == {"week-10": 6, "a-later": 4}


# ---------------------------------------------------------------- producers


def test_producers_are_told_by_themselves_at_the_close_once(tmp_path: Path) -> None:
    """CYC-11: those with something to bring, as it stands at the close."""
    shop = Scene.of(scene(order_cycles=(order_cycle(automatic_notifications=True),)), tmp_path)
    shop.take((EGGS, 1))
    shop.network.tick(CLOSES)
    assert summaries(shop) == []
    shop.network.tick(CLOSES + TICK)
    shop.network.tick(CLOSES + WEEK)
    assert summaries(shop) == [("farm", CLOSES, None)]
    assert stored(shop).producers_notified_at == CLOSES
    [event] = [each for each in shop.state.events if isinstance(each, ProducersNotified)]
    assert (event.suppliers, event.automatic) == (("farm",), True)


def test_a_late_notification_is_marked_late(tmp_path: Path) -> None:
    shop = Scene.of(scene(order_cycles=(order_cycle(automatic_notifications=True),)), tmp_path)
    shop.take((EGGS, 1))
    late = CLOSES + WEEK
    shop.network.tick(late)
    assert summaries(shop) == [("farm", CLOSES, late)]


def test_without_automatic_notification_nobody_is_told(shop: Scene) -> None:
    shop.take((EGGS, 1))
    shop.network.tick(CLOSES + TICK)
    assert summaries(shop) == []
    assert stored(shop).producers_notified_at is None


def test_the_coordinator_tells_producers_any_number_of_times(shop: Scene) -> None:
    """CYC-11, PERM-G36: at any state of the cycle; twice at one instant is once."""
    shop.take((EGGS, 1), (CHEESE, 1))
    notify = shop.network.cycles.notify_producers
    assert [notify(CYCLE, actor=AMELIE, now=NOW + step) for step in (TICK, TICK, WEEK)] == [2, 2, 2]
    assert Counter(who for who, _, _ in summaries(shop)) == {"dairy": 2, "farm": 2}
    assert kinds(shop)["producers_notified"] == 2
    for actor in (PAUL, STRANGER):
        assert why(notify(CYCLE, actor=actor, now=NOW)) == [("$", Code.NEEDS_MANAGER)]


def test_nobody_is_written_to_about_nothing(shop: Scene) -> None:
    order = shop.take((EGGS, 1))
    shop.network.orders.cancel(order.id, actor=AMELIE, now=NOW)
    assert shop.network.cycles.notify_producers(CYCLE, actor=AMELIE, now=NOW) == 0
    assert summaries(shop) == []
    assert stored(shop).producers_notified_at == NOW


def test_a_close_that_is_moved_later_is_carried_out_again(tmp_path: Path) -> None:
    """CYC-11: the marks are cleared, and the producers are told again."""
    shop = Scene.of(scene(order_cycles=(order_cycle(automatic_notifications=True),)), tmp_path)
    shop.take((EGGS, 1))
    shop.network.tick(CLOSES + TICK)
    later = CLOSES + timedelta(days=1)
    edited = shop.network.cycles.edit(CYCLE, CycleEdit(orders_close_at=later), actor=AMELIE, now=CLOSES + TICK)
    assert isinstance(edited, CycleEditPlan)
    shop.take((CHEESE, 1), key="second", now=CLOSES + timedelta(hours=1))
    shop.network.tick(later + TICK)
    assert summaries(shop) == [("dairy", later, None), ("farm", CLOSES, None), ("farm", later, None)]
    assert kinds(shop)["cycle_closed"] == 2
    assert stored(shop).settled_at == later
