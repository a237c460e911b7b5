"""`ofncore tick` killed at random moments, and run by two at once: what is left is what one undisturbed run leaves."""

import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from cli.lives import FRENCH, Life, Remains, exported, loaded_text, punctual, remains_of
from cli.terminal import EXAMPLES, Terminal
from ofncore.kernel.instants import iso

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

#: How often a kill may come too late before the test gives up.
TRIES = 60


@attrs.frozen
class Hub:
    """A folder with hub.db, books.db and outbox, and how long a tick of one instant takes there."""

    folder: Path

    def arguments(self, instant: datetime) -> tuple[str, ...]:
        """Return a tick at *instant*."""
        return ("tick", "--now", iso(instant), "--database", "hub.db", "--payments", "ledger:books.db")

    def tick(self, instant: datetime) -> float:
        """Tick to the end, and return how many seconds that took."""
        start = time.monotonic()
        answer = Terminal(self.folder)(*self.arguments(instant))
        assert answer.code == 0, answer.err
        return time.monotonic() - start

    def is_killed(self, instant: datetime, after: float) -> bool:
        """Begin to tick, and kill it *after* so many seconds; False if it was quicker."""
        process = Terminal(self.folder).start(*self.arguments(instant))
        time.sleep(after)
        process.kill()
        return process.wait() == -signal.SIGKILL

    def progress(self) -> tuple[object, ...]:
        """Return how far it got: rows, and rows by state, of the tables that grow."""
        queries = (
            "SELECT count(*) FROM ofncore_events",
            "SELECT count(*) FROM ofncore_orders",
            "SELECT state, count(*) FROM ofncore_payments GROUP BY state",
            "SELECT state, count(*) FROM ofncore_messages GROUP BY state",
        )
        with closing(sqlite3.connect(self.folder / "hub.db")) as connection:
            return tuple(tuple(connection.execute(query)) for query in queries)

    def remains(self) -> Remains:
        """Return what is left in the end."""
        return remains_of(self.folder, exported(self.folder / "hub.db"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Remains]:
    """Return what is left of lives without a kill, by their number of cycles."""
    remains = {}
    for cycles in (2, 6):
        folder = tmp_path_factory.mktemp(f"undisturbed-{cycles}")
        remains[cycles] = Life.in_memory(folder, FRENCH).tick(punctual(FRENCH, cycles)).remains()
    return remains


def kill_at(hub: Hub, instant: datetime, kills: int, chance: random.Random) -> int:
    """Kill ticks at *instant* so many times, at random moments, then let one end; return how many stopped half-way."""
    start, idle = hub.progress(), hub.tick(instant - timedelta(days=1))
    stopped: list[tuple[object, ...]] = []
    for _ in range(TRIES):
        # A tick with nothing to do spends its time on imports, so most of these moments lie in the midst of the work.
        if len(stopped) < kills and hub.is_killed(instant, after=idle * chance.uniform(0.6, 1.6)):
            stopped.append(hub.progress())
    assert len(stopped) == kills
    hub.tick(instant)
    return sum(each not in (start, hub.progress()) for each in stopped)


def test_kills_lose_nothing_and_double_nothing(french: Path, undisturbed: dict[int, Remains]) -> None:
    """Two cycles, five kills at each opening and closing."""
    hub, chance = Hub(french.parent), random.Random(10)  # noqa: S311 - no secrets
    half_way = sum(kill_at(hub, instant, 5, chance) for instant in punctual(FRENCH, 2))
    assert half_way >= 1
    assert hub.remains() == undisturbed[2]


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(6))
def test_many_kills_lose_nothing_and_double_nothing(french: Path, undisturbed: dict[int, Remains], seed: int) -> None:
    """All six cycles, six kills at each opening and closing."""
    hub, chance = Hub(french.parent), random.Random(seed)  # noqa: S311 - no secrets
    half_way = sum(kill_at(hub, instant, 6, chance) for instant in punctual(FRENCH, 6))
    assert half_way >= 10
    assert hub.remains() == undisturbed[6]


def test_two_ticks_at_once_leave_what_one_leaves(french: Path, undisturbed: dict[int, Remains]) -> None:
    hub = Hub(french.parent)
    for instant in punctual(FRENCH, 2):
        processes = [Terminal(hub.folder).start(*hub.arguments(instant)) for _ in range(2)]
        assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert hub.remains() == undisturbed[2]


@pytest.mark.campaign
def test_many_ticks_at_once_leave_what_one_leaves(french: Path, undisturbed: dict[int, Remains]) -> None:
    """Four processes, two of which are killed while the others go on."""
    hub, chance = Hub(french.parent), random.Random(4)  # noqa: S311 - no secrets
    for instant in punctual(FRENCH, 6):
        processes = [Terminal(hub.folder).start(*hub.arguments(instant)) for _ in range(4)]
        for process in processes[:2]:
            time.sleep(chance.uniform(0.1, 0.8))
            process.kill()
        assert [process.wait(timeout=120) for process in processes[2:]] == [0, 0]
        assert all(process.wait() in (0, -signal.SIGKILL) for process in processes)
    assert hub.remains() == undisturbed[6]


def test_a_killed_load_leaves_all_or_nothing(database: Path) -> None:
    """And a killed tick or load leaves a database that can be used at once."""
    terminal, chance = Terminal(database.parent), random.Random(5)  # noqa: S311 - no secrets
    world, empty = str(EXAMPLES / f"{FRENCH}.json"), exported(database)
    arguments = ("load", world, "--database", "hub.db")
    for _ in range(5):
        process = terminal.start(*arguments)
        time.sleep(chance.uniform(0.2, 0.7))
        process.kill()
        process.wait()
        assert exported(database) in (empty, loaded_text(FRENCH))
    terminal(*arguments)
    assert exported(database) == loaded_text(FRENCH)
