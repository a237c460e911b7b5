"""Cycles are copied and edited, and some edits are refused."""

from datetime import datetime, timedelta
from typing import Final

import attrs
from babel.dates import format_date

from ofncore.cli.demo.goods import good_that_comes_again
from ofncore.cli.demo.season import Scene, Season
from ofncore.cli.demo.weeks import DemoWeek
from ofncore.cli.report.wording import counted
from ofncore.cycles.editing import CycleEditPlan
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.instants import local
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle

#: Whose manager tries it, what it is, and the edit.
_Attempt = tuple[EnterpriseId, str, CycleEdit]

#: A producer keeps at least so many goods in a cycle.
_FEWEST: Final = 4
_PICK_UP_NOTES: Final = (
    "Le parking est fermé pour travaux : garez-vous place de la Gare.",
    "Rapportez les cagettes et les bouteilles consignées.",
    "Dégustation de fromages pendant le retrait.",
    "Merci de venir avant 19 h, l'équipe est réduite.",
)


def make_ready(season: Season, week: DemoWeek, now: datetime) -> OrderCycle:
    """Return the cycle of *week*, copied by the coordinator from an earlier one if the world has none."""
    if week.copied_from is not None:
        _copy(season, week, now)
    with season.begin() as unit:
        return unit.order_cycles.get(week.order_cycle)


def _copy(season: Season, week: DemoWeek, now: datetime) -> None:
    with season.begin() as unit:
        earlier = unit.order_cycles.get(week.copied_from or week.order_cycle)
    actor = season.cast.staff(earlier.coordinator)
    copy = season.network.cycles.duplicate(
        earlier.id,
        new_id=week.order_cycle,
        name=week.name,
        orders_open_at=week.opens,
        orders_close_at=week.closes,
        actor=actor,
        now=now,
    )
    if isinstance(copy, Refusal):
        message = f"the demo could not copy {earlier.id}: {copy}"
        raise TypeError(message)
    days = {each.distributor: week.closing_day() + 2 + index for index, each in enumerate(reversed(copy.outgoing))}
    edits = tuple(
        OutgoingEdit(distributor=shop, ready_for=f"{_day(week, day)} de 16 h 30 à 19 h") for shop, day in days.items()
    )
    season.network.cycles.edit(copy.id, CycleEdit(outgoing=edits), actor=actor, now=now)


def _day(week: DemoWeek, day: int) -> str:
    return format_date(local(week.on(day, "12:00"), week.zone).date(), "EEEE d MMMM", locale="fr")


def plan_edits(scene: Scene) -> None:
    """Plan who edits what before the opening of a week."""
    scene.plan(-1, "17:00", _untick)
    scene.plan(0, "09:30", _change_pick_up)
    scene.plan(0, "10:15", _overreach)
    scene.plan(4, "09:20", _untick_late)


def good_unticked_late(scene: Scene) -> VariantId | None:
    """Return the good that a producer takes out while shoppers have it in their baskets; another producer each week."""
    return _spare_good(scene, scene.week.number + 5)


def _untick(scene: Scene, now: datetime) -> None:
    """One producer after the other takes a good out, for everybody."""
    _take_out(scene, now, _spare_good(scene, scene.week.number), "before the opening")


def _untick_late(scene: Scene, now: datetime) -> None:
    _take_out(scene, now, good_unticked_late(scene), "while orders are open")


def _spare_good(scene: Scene, turn: int) -> VariantId | None:
    """Return a good that no standing order wants, of the producer whose *turn* it is."""
    exchange = scene.cycle.incoming[turn % len(scene.cycle.incoming)]
    wanted = {line.variant for each in scene.season.world.subscriptions for line in each.lines}
    sold = {key for each in scene.cycle.outgoing for key in each.variants}
    spare = [key for key in exchange.variants if key in sold and key not in wanted]
    spare = [key for key in spare if key != good_that_comes_again(scene)]
    return scene.chance("spare", turn).choice(spare) if spare and len(exchange.variants) > _FEWEST else None


def _take_out(scene: Scene, now: datetime, out: VariantId | None, when: str) -> None:
    cycle = _as_it_is(scene)
    exchange = next((each for each in cycle.incoming if out in each.variants), None)
    if exchange is None or out is None:
        return
    kept = tuple(key for key in exchange.variants if key != out)
    actor = scene.cast.staff(exchange.supplier)
    edit = CycleEdit(incoming=(IncomingEdit(supplier=exchange.supplier, variants=kept),))
    result = scene.network.cycles.edit(cycle.id, edit, actor=actor, now=now)
    scene.shopfronts.clear()
    if not scene.refused(actor, "taking a good out of the cycle", result, now) and isinstance(result, CycleEditPlan):
        shops = counted(len(result.cascaded), "shop")
        who, good = scene.cast.name_of(actor), scene.season.goods[out]
        scene.season.diary.say(f"  {who} unticks {good} {when}; it leaves {shops}")


def _as_it_is(scene: Scene) -> OrderCycle:
    with scene.season.begin() as unit:
        return unit.order_cycles.get(scene.cycle.id)


def _change_pick_up(scene: Scene, now: datetime) -> None:
    exchange = scene.cycle.outgoing[-1]
    note = _PICK_UP_NOTES[scene.week.number % len(_PICK_UP_NOTES)]
    text = f"{exchange.pickup_instructions.split(' / ')[0]} / {note}"
    edit = CycleEdit(outgoing=(OutgoingEdit(distributor=exchange.distributor, pickup_instructions=text),))
    actor = scene.cast.staff(exchange.distributor)
    result = scene.network.cycles.edit(scene.cycle.id, edit, actor=actor, now=now)
    if not scene.refused(actor, "editing the pick-up text", result, now):
        shop = scene.shop_name(exchange.distributor)
        scene.season.diary.say(f"  {scene.cast.name_of(actor)} edits the pick-up text of {shop}")


def _overreach(scene: Scene, now: datetime) -> None:
    """Somebody tries to edit what belongs to somebody else: another part each week."""
    attempts = (_move_close, _change_foreign_text, _change_foreign_goods, _tick_without_grant)
    attempt = attempts[(scene.week.number - 1) % len(attempts)]
    who, what, edit = attempt(attrs.evolve(scene, cycle=_as_it_is(scene)))
    actor = scene.cast.staff(who)
    result = scene.network.cycles.edit(scene.cycle.id, edit, actor=actor, now=now)
    scene.show_refused(actor, what, result, now)


def _move_close(scene: Scene) -> _Attempt:
    shop = scene.cycle.outgoing[-1].distributor
    edit = CycleEdit(orders_close_at=scene.week.closes + timedelta(hours=6))
    return shop, "moving the close of the cycle", edit


def _change_foreign_text(scene: Scene) -> _Attempt:
    producer, shop = scene.cycle.incoming[0].supplier, scene.cycle.outgoing[0].distributor
    edit = CycleEdit(outgoing=(OutgoingEdit(distributor=shop, ready_for="samedi matin"),))
    return producer, f"editing the pick-up day of {scene.shop_name(shop)}", edit


def _change_foreign_goods(scene: Scene) -> _Attempt:
    other, one = scene.cycle.incoming[:2]
    edit = CycleEdit(incoming=(IncomingEdit(supplier=other.supplier, variants=other.variants[1:]),))
    return one.supplier, f"unticking a good of {scene.shop_name(other.supplier)}", edit


def _tick_without_grant(scene: Scene) -> _Attempt:
    producer, shop = scene.cycle.incoming[2].supplier, scene.cycle.outgoing[0]
    kept: tuple[VariantId, ...] = shop.variants[5:]
    edit = CycleEdit(outgoing=(OutgoingEdit(distributor=shop.distributor, variants=kept),))
    return producer, f"taking five goods of others out of {scene.shop_name(shop.distributor)}", edit
