"""The weeks that the demo lives through: the cycles of the world, and copies of them once those run out."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.instants import as_instant, local
from ofncore.model.cycle import OrderCycle
from ofncore.model.world import World

_WEEK: Final = timedelta(days=7)


@attrs.frozen(kw_only=True)
class DemoWeek:
    """One cycle of the demo and the days around it."""

    #: Counted from 1.
    number: int
    order_cycle: OrderCycleId
    name: str
    opens: datetime
    closes: datetime
    #: The cycle it is to be copied from; None for a cycle of the world.
    copied_from: OrderCycleId | None = None
    #: Time zone of the coordinator.
    zone: str

    def on(self, day: int, clock: str) -> datetime:
        """Return the instant at which the clocks of the zone show *clock*, *day* days after the day of the opening."""
        there = local(self.opens, self.zone).date() + timedelta(days=day)
        return as_instant(datetime.combine(there, time.fromisoformat(clock), tzinfo=ZoneInfo(self.zone)))

    def closing_day(self) -> int:
        """Return how many days after the day of the opening it closes."""
        return (local(self.closes, self.zone).date() - local(self.opens, self.zone).date()).days


def demo_weeks(world: World, number: int) -> tuple[DemoWeek, ...]:
    """Return *number* weeks: the dated cycles of *world* by their opening, then copies of the last, a week apart.

    A copy opens and closes at the same local times, so that a change of the clocks changes its instants.
    """
    zones = {each.id: each.time_zone for each in world.enterprises}
    dated = [each for each in world.order_cycles if each.orders_open_at and each.orders_close_at]
    weeks: list[DemoWeek] = []
    for cycle in sorted(dated, key=_opening)[:number]:
        weeks.append(_of_world(cycle, number=len(weeks) + 1, zone=zones[cycle.coordinator]))
    while len(weeks) < number:
        weeks.append(_after(weeks))
    return tuple(weeks)


def _opening(cycle: OrderCycle) -> tuple[str, str]:
    return (str(cycle.orders_open_at), cycle.id)


def _of_world(cycle: OrderCycle, *, number: int, zone: str) -> DemoWeek:
    if cycle.orders_open_at is None or cycle.orders_close_at is None:
        message = f"the demo lives through dated cycles only, not {cycle.id!r}"
        raise ValueError(message)
    return DemoWeek(
        number=number,
        order_cycle=cycle.id,
        name=cycle.name,
        opens=cycle.orders_open_at,
        closes=cycle.orders_close_at,
        zone=zone,
    )


def _after(weeks: Sequence[DemoWeek]) -> DemoWeek:
    first, last = weeks[0], weeks[-1]
    opens = _a_week_later(last.opens, last.zone)
    year, week, _ = local(opens, last.zone).isocalendar()
    same_year = year == local(first.opens, first.zone).isocalendar().year
    return DemoWeek(
        number=last.number + 1,
        order_cycle=OrderCycleId(f"semaine-{week}" if same_year else f"semaine-{year}-{week}"),
        name=f"Semaine {week}" if same_year else f"Semaine {week} ({year})",
        opens=opens,
        closes=_a_week_later(last.closes, last.zone),
        copied_from=last.order_cycle,
        zone=last.zone,
    )


def _a_week_later(instant: datetime, zone: str) -> datetime:
    # Adding to an aware local time keeps what the clock shows, whatever happens to its offset.
    return as_instant(local(instant, zone) + _WEEK)
