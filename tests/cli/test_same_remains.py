"""When a network is looked after, and how often, makes no difference to what it leaves behind."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.lives import CATALAN, FRENCH, Life, Remains, closings, openings, punctual, world
from ofncore.adapters.mail import KeptMail
from ofncore.formats.state import write_state
from ofncore.model.message import MessageKind
from ofncore.network import make_network
from ofncore.testing.lateness import LATE_MARK, without_lateness

CYCLES = 3
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

each_world = pytest.mark.parametrize("name", [FRENCH, CATALAN])

Document = dict[str, list[dict[str, object]]]


def hourly(name: str, offset: timedelta) -> list[datetime]:
    """Return every full hour of the life, each *offset* later, and its last instant."""
    first, last = punctual(name, CYCLES)[0] - 2 * HOUR, punctual(name, CYCLES)[-1]
    hours = (last - first) // HOUR
    return [*(first + offset + HOUR * n for n in range(hours) if first + offset + HOUR * n < last), last]


def export_of(name: str, instants: list[datetime]) -> str:
    """Return the export of a life in memory, looked after at *instants*."""
    network = make_network(notifier=KeptMail())
    assert network.worlds.load(world(name)) is None
    for instant in instants:
        network.tick(instant)
    return write_state(network.worlds.export())


@pytest.fixture(scope="module")
def exports() -> dict[str, str]:
    """Return the exports of punctual lives, by world."""
    return {name: export_of(name, punctual(name, CYCLES)) for name in (FRENCH, CATALAN)}


def timely(export: str) -> Document:
    return cast("Document", without_lateness(json.loads(export)))


# ---------------------------------------------------------------- nothing is late


@each_world
def test_a_tick_that_is_repeated_does_nothing(exports: dict[str, str], name: str) -> None:
    twice = [instant for instant in punctual(name, CYCLES) for _ in range(2)]
    assert export_of(name, twice) == exports[name]


@each_world
@pytest.mark.parametrize("offset", [timedelta(), 30 * MINUTE, 59 * MINUTE])
def test_ticks_of_every_hour_leave_what_punctual_ticks_leave(
    exports: dict[str, str], name: str, offset: timedelta
) -> None:
    """Nothing is marked late within the hour of the profile's punctuality."""
    assert export_of(name, hourly(name, offset)) == exports[name]


@each_world
def test_ticks_around_openings_and_closings_leave_what_punctual_ticks_leave(exports: dict[str, str], name: str) -> None:
    """A minute before, at the very instant, a minute after."""
    around = {instant + n * MINUTE for instant in openings(name, CYCLES) + closings(name, CYCLES) for n in (-1, 0, 1)}
    assert export_of(name, sorted(around)) == exports[name]


def test_a_second_run_at_one_instant_reports_nothing(tmp_path: Path) -> None:
    network = Life.in_memory(tmp_path, FRENCH).network()
    for instant in punctual(FRENCH, 1):
        assert network.tick(instant) != network.tick(instant) == network.tick(instant + MINUTE)


# ---------------------------------------------------------------- late, and not too late


@each_world
def test_late_work_is_marked(exports: dict[str, str], name: str) -> None:
    late = export_of(name, [instant + 2 * HOUR for instant in punctual(name, CYCLES)])
    assert f'"{LATE_MARK}": "' in late
    assert f'"{LATE_MARK}": "' not in exports[name]
    assert timely(late) == timely(exports[name])


@each_world
@pytest.mark.parametrize("late_by", [3 * HOUR, DAY, 2 * DAY])
def test_a_late_life_leaves_what_a_punctual_one_leaves(exports: dict[str, str], name: str, late_by: timedelta) -> None:
    """Late, but before the close: late marks apart, nothing differs (CYC-14.9, SUB-17.4)."""
    assert timely(export_of(name, [instant + late_by for instant in punctual(name, CYCLES)])) == timely(exports[name])


@pytest.mark.parametrize("skipped", range(1, 2 * CYCLES - 2))
def test_a_week_that_was_skipped_is_caught_up(exports: dict[str, str], skipped: int) -> None:
    """The French hub places standing orders up to ten days after the close (SUB-17.4)."""
    instants = punctual(FRENCH, CYCLES)
    down = [each for each in instants if instants[skipped] <= each < instants[skipped] + 7 * DAY]
    kept = sorted({*instants, instants[skipped] + 7 * DAY} - {*down})
    assert 1 <= len(down) <= 3
    assert_caught_up(export_of(FRENCH, kept), exports[FRENCH])


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, 20 * 24 * 4), max_size=8))
def test_whenever_it_is_looked_after_a_life_comes_to_the_same(quarters: set[int]) -> None:
    """At any quarters of an hour, while no gap is longer than the late placement that the shop allows (SUB-17.4)."""
    first, *_, last = punctual(CATALAN, 2)
    chosen = sorted(
        {first + 15 * n * MINUTE for n in quarters if first + 15 * n * MINUTE < last} | {*openings(CATALAN, 2)}
    )
    assert_caught_up(export_of(CATALAN, [*chosen, last]), export_of(CATALAN, punctual(CATALAN, 2)))


def assert_caught_up(late: str, on_time: str) -> None:
    """Assert that two lives came to the same, but for what a letter written after the close says of the close.

    Such a letter does not offer changes until then any more; nothing else in it differs.
    """
    caught_up, expected, marked = timely(late), timely(on_time), json.loads(late)["messages"]
    assert {key for key in expected if caught_up[key] != expected[key]} <= {"messages"}
    for message, wanted, mark in zip(caught_up["messages"], expected["messages"], marked, strict=True):
        if message != wanted:
            assert wanted["kind"] == MessageKind.SUBSCRIPTION_PLACED
            assert mark[LATE_MARK] is not None
            paragraphs = str(wanted["body"]).split("\n\n")
            assert message in [
                wanted | {"body": "\n\n".join(paragraphs[:n] + paragraphs[n + 1 :])} for n in range(len(paragraphs))
            ]


# ---------------------------------------------------------------- books and mail


def test_books_and_mail_are_the_same_too(tmp_path: Path) -> None:
    lives: list[Remains] = []
    for number, instants in enumerate((punctual(FRENCH, 2), [*punctual(FRENCH, 2), *punctual(FRENCH, 2)][::2])):
        folder = tmp_path / str(number)
        folder.mkdir()
        lives.append(Life.in_memory(folder, FRENCH).tick(sorted({*instants, punctual(FRENCH, 2)[-1]})).remains())
    assert len(lives[0].books) > 20
    assert len(lives[0].mail) > 100
    assert lives[1].books == lives[0].books
    assert lives[1].mail == lives[0].mail
