"""Goods come in: every week by every producer, once more where they are scarce; and some are lost."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Final

from ofncore.cli.demo.season import Scene
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.stock import StockItem
from ofncore.model.world import World

#: From so much of a good on, a producer may bring some more than usual.
_AMPLE: Final = 10
#: What slugs eat at most.
_EATEN: Final = 3


def plan_goods(scene: Scene) -> None:
    """Plan what comes in for a week, and what is lost in it."""
    for index, incoming in enumerate(scene.cycle.incoming):
        hour, half = divmod(index, 2)
        scene.plan(-1, f"{9 + hour:02}:{30 * half:02}", _restock, incoming.supplier)
    again = good_that_comes_again(scene)
    if again is not None:
        scene.plan(2, "09:00", _bring_more, again)
    scene.plan(3, "08:10", _lose_some)
    scene.plan(-1, "15:10", _bring_for_another)


def scarce_goods(world: World) -> frozenset[VariantId]:
    """Return the counted goods of which the standing orders alone want at least what there is."""
    wanted: dict[VariantId, int] = {}
    for subscription in world.subscriptions:
        for line in subscription.lines:
            wanted[line.variant] = wanted.get(line.variant, 0) + line.quantity
    counted = (each for each in world.stock if not each.on_demand and each.hub is None)
    return frozenset(each.variant for each in counted if 0 < each.opening <= wanted.get(each.variant, 0))


def good_that_comes_again(scene: Scene) -> VariantId | None:
    """Return of which scarce good some more comes in on Saturday: another one each week."""
    brought = {key for each in scene.cycle.incoming for key in each.variants}
    sold_everywhere = [set(each.variants) for each in scene.cycle.outgoing]
    scarce = sorted(brought.intersection(scarce_goods(scene.season.world), *sold_everywhere))
    return scarce[scene.week.number * 3 % len(scarce)] if scarce else None


def _restock(scene: Scene, now: datetime, supplier: EnterpriseId) -> None:
    exchange = scene.cycle.incoming_from(supplier)
    levels = scene.network.stock.levels(exchange.variants if exchange else ())
    usual = {each.variant: each.opening for each in scene.season.world.stock}
    scarce = scarce_goods(scene.season.world)
    luck = scene.chance("harvest", supplier)
    quantities: dict[VariantId, int] = {}
    for key, item in sorted(levels.items()):
        is_usual = item.on_demand or (key in scarce and scene.week.number == 1)
        more = 0 if is_usual else _more_than_usual(luck, usual[key], is_scarce=key in scarce)
        missing = usual[key] + more - item.on_hand
        if missing > 0:
            quantities[key] = missing
    _supply(scene, now, supplier, quantities, "harvest")


def _more_than_usual(luck: Random, usual: int, *, is_scarce: bool) -> int:
    if is_scarce:
        return luck.choice((-2, -1, 0, 0, 1, 2))
    return luck.choice((0, 0, 1, 2, 4)) if usual >= _AMPLE else 0


def _bring_more(scene: Scene, now: datetime, good: VariantId) -> None:
    supplier = _supplier_of(scene, good)
    quantity = scene.chance("again").randint(5, 8)
    _supply(scene, now, supplier, {good: quantity}, "again")
    who = scene.cast.name_of(scene.cast.staff(supplier))
    scene.season.diary.say(f"  Saturday: {who} finds {quantity} more: {scene.season.goods[good]}")


def _lose_some(scene: Scene, now: datetime) -> None:
    """Slugs got into the first grower's beds."""
    first = scene.cycle.incoming[0]
    levels = scene.network.stock.levels(first.variants)
    there = {key: item for key, item in sorted(levels.items()) if _can_be_lost(item)}
    if there:
        good = scene.chance("slugs").choice(sorted(there))
        _supply(scene, now, first.supplier, {good: -min(_EATEN, there[good].on_hand)}, "slugs")


def _can_be_lost(item: StockItem) -> bool:
    return item.on_hand > 0 and not item.on_demand


def _bring_for_another(scene: Scene, now: datetime) -> None:
    """Somebody mistakes another producer's goods for his own; in every third week."""
    if scene.week.number % 3 != 1 or len(scene.cycle.incoming) < 2:  # noqa: PLR2004 - one and another
        return
    own, other = scene.cycle.incoming[:2]
    actor = scene.cast.staff(other.supplier)
    key = f"mistake:{scene.week.order_cycle}"
    result = scene.network.stock.supply({own.variants[0]: 5}, key=key, actor=actor, now=now)
    scene.refused(actor, f"adding stock of {scene.season.goods[own.variants[0]]}", result, now)


def _supply(
    scene: Scene, now: datetime, supplier: EnterpriseId, quantities: Mapping[VariantId, int], occasion: str
) -> None:
    actor = scene.cast.staff(supplier)
    key = f"{occasion}:{scene.week.order_cycle}:{supplier}"
    result = scene.network.stock.supply(quantities, key=key, actor=actor, now=now)
    scene.refused(actor, "adding stock", result, now)


def _supplier_of(scene: Scene, good: VariantId) -> EnterpriseId:
    return next(each.supplier for each in scene.season.world.variants if each.id == good)
