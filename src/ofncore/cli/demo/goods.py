"""Goods come in: every week by every producer, once more where goods are scarce, and some are lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ofncore.cli.demo.chance import chance
from ofncore.cli.demo.season import Season
from ofncore.cli.demo.weeks import DemoWeek
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.stock import StockItem
from ofncore.model.world import World

#: Where some more comes in on Saturday, one of them each week.
_COMES_AGAIN: Final = 9
_AMPLE: Final = 10


def plan_goods(season: Season, week: DemoWeek, cycle: OrderCycle) -> None:
    """Plan what comes in for one week, and what is lost in it."""
    for index, incoming in enumerate(cycle.incoming):
        season.acts.plan(
            week.on(-1, f"{9 + index // 2:02}:{30 * (index % 2):02}"),
            lambda now, supplier=incoming.supplier: _restock(season, week, supplier, now),
        )
    scarce = sorted(scarce_goods(season.world) & {key for each in cycle.incoming for key in each.variants})
    if scarce:
        again = scarce[(week.number * 4 + 1) % len(scarce)]
        season.acts.plan(week.on(2, "09:00"), lambda now: _bring_more(season, week, again, now))
    season.acts.plan(week.on(3, "08:10"), lambda now: _lose_some(season, week, cycle, now))


def goods_that_come_again(season: Season, week: DemoWeek, cycle: OrderCycle) -> VariantId | None:
    """Return of which scarce good some more comes in on Saturday."""
    scarce = sorted(scarce_goods(season.world) & {key for each in cycle.incoming for key in each.variants})
    return scarce[(week.number * 4 + 1) % len(scarce)] if scarce else None
