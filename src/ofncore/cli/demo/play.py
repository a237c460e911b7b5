"""The play: every week of a season, from the first harvest to the last transfer."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from ofncore.cli.demo.changes import plan_changes
from ofncore.cli.demo.editing import make_ready, plan_edits
from ofncore.cli.demo.goods import plan_goods
from ofncore.cli.demo.pick_up import plan_pick_ups
from ofncore.cli.demo.season import Scene, Season
from ofncore.cli.demo.shopping import plan_shopping
from ofncore.cli.demo.telephone import plan_calls
from ofncore.cli.demo.weeks import DemoWeek
from ofncore.cli.report.wording import clock
from ofncore.services.agenda import AgendaReport

_FIRST: Final = "08:00"
_EVENING: Final = "21:00"
#: Days after the day of the opening on which the network is also looked after in the evening.
_EVENINGS: Final = (1, 3, 4)
#: Days after the opening of the last week until everything is paid. The network is not looked after on them, since the
#: next cycle of the world opens meanwhile, and that is left to whoever tries the network next; mails still go out.
_AFTERWARDS: Final = range(6, 12)


def span_of(weeks: Sequence[DemoWeek]) -> tuple[datetime, datetime]:
    """Return the instants of the first and of the last act of *weeks*."""
    return weeks[0].on(-1, _FIRST), weeks[-1].on(_AFTERWARDS[-1], _EVENING)


def play_season(season: Season, weeks: Sequence[DemoWeek], watch: Callable[[datetime], None]) -> None:
    """Live through *weeks*; *watch* is told the instant of each act before it is done."""
    for week in weeks:
        season.acts.plan(week.on(-1, _FIRST), partial(_prepare, season, week))
    for day in _AFTERWARDS:
        season.acts.plan(weeks[-1].on(day, _EVENING), partial(_deliver, season))
    season.acts.play(watch)


def _look_after(season: Season, now: datetime) -> None:
    season.network.tick(now)


def _deliver(season: Season, now: datetime) -> None:
    season.network.outbox.deliver(now)


def _prepare(season: Season, week: DemoWeek, now: datetime) -> None:
    scene = Scene(season=season, week=week, cycle=make_ready(season, week, now))
    season.diary.say(f"{week.name}: orders from {clock(week.opens, week.zone)} to {clock(week.closes, week.zone)}")
    for day in _EVENINGS:
        season.acts.plan(week.on(day, _EVENING), partial(_look_after, season))
    plan_goods(scene)
    plan_edits(scene)
    season.acts.plan(week.opens, partial(_open, scene))
    plan_shopping(scene)
    plan_calls(scene)
    plan_changes(scene)
    season.acts.plan(week.closes + timedelta(minutes=2), partial(_close, scene))
    plan_pick_ups(scene)


def _open(scene: Scene, now: datetime) -> None:
    done = scene.network.tick(now)
    scene.season.diary.say(f"  opened: {done.placed} standing orders dealt with, {_mails(done)}")


def _close(scene: Scene, now: datetime) -> None:
    done = scene.network.tick(now)
    web, repeats = len(scene.web_orders), scene.season.diary.repeats
    scene.season.diary.say(
        f"  closed: {web} web orders, {done.confirmed} standing orders charged or confirmed, {_mails(done)}"
        f"; {repeats} double clicks so far made no second order"
    )


def _mails(done: AgendaReport) -> str:
    return f"{done.delivered} mails"
