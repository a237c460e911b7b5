"""`ofncore tick` killed at random moments, and run by two at once: what is left is what one undisturbed run leaves."""

import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from cli.lives import FRENCH, Life, Remains, exported, loaded_text, punctual, remains_of
from cli.terminal import EXAMPLES, Terminal
from ofncore.kernel.instants import iso

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

#: Seconds between two looks at what a process has written.
LOOK = 0.0005


@attrs.frozen
class Hub:
    """A folder with hub.db, books.db and outbox, and ticks on it."""

    folder: Path

    def arguments(self, instant: datetime) -> tuple[str, ...]:
        """Return a tick at *instant*."""
        return ("tick", "--now", iso(instant), "--database", "hub.db", "--payments", "ledger:books.db")

    def start(self, instant: datetime) -> subprocess.Popen[bytes]:
        """Begin a tick."""
        return Terminal(self.folder).start(*self.arguments(instant))

    def is_killed(self, instant: datetime, *, writes: int) -> bool:
        """Begin a tick, and kill it once the database was written to so many times; False if it ended before."""
        process, seen, last = self.start(instant), 0, self._written()
        while process.poll() is None and seen < writes:
            time.sleep(LOOK)
            if (now := self._written()) != last:
                seen, last = seen + 1, now
        process.kill()
        code = process.wait(timeout=60)
        assert code in (0, -signal.SIGKILL)
        return code != 0

    def _written(self) -> tuple[int, int]:
        """Return a mark that changes whenever somebody commits."""
        try:
            log = (self.folder / "hub.db-wal").stat()
        except FileNotFoundError:
            return 0, 0
        return log.st_size, log.st_mtime_ns

    def remains(self) -> Remains:
        """Return what is left in the end."""
        return remains_of(self.folder, exported(self.folder / "hub.db"))


def life_without_kills(folder: Path, cycles: int) -> Remains:
    return Life.in_memory(folder, FRENCH).tick(punctual(FRENCH, cycles)).remains()


@pytest.fixture(scope="module")
def two_cycles(tmp_path_factory: pytest.TempPathFactory) -> Remains:
    """Return what is left of two cycles in which nobody is killed."""
    return life_without_kills(tmp_path_factory.mktemp("two"), 2)


@pytest.fixture(scope="module")
def six_cycles(tmp_path_factory: pytest.TempPathFactory) -> Remains:
    """Return what is left of all six cycles in which nobody is killed."""
    return life_without_kills(tmp_path_factory.mktemp("six"), 6)


def kills(hub: Hub, cycles: int, seed: int, most_writes: int) -> int:
    """Live through *cycles*, each tick killed again and again until it comes to its end; return how many were."""
    chance, killed = random.Random(seed), 0  # noqa: S311 - no secrets
    for instant in punctual(FRENCH, cycles):
        while hub.is_killed(instant, writes=chance.randint(1, most_writes)):
            killed += 1
    return killed


def test_kills_lose_nothing_and_double_nothing(french: Path, two_cycles: Remains) -> None:
    """At openings and closings, in the midst of the work."""
    hub = Hub(french.parent)
    assert kills(hub, 2, seed=10, most_writes=30) >= 15
    assert hub.remains() == two_cycles


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(4))
def test_many_kills_lose_nothing_and_double_nothing(french: Path, six_cycles: Remains, seed: int) -> None:
    hub = Hub(french.parent)
    assert kills(hub, 6, seed, most_writes=20) >= 60
    assert hub.remains() == six_cycles


@pytest.mark.parametrize("part", range(4))
def test_a_kill_while_a_tick_begins_changes_nothing_or_one_whole_step(french: Path, part: int) -> None:
    """While Python starts, while the library is imported, while the database is opened, at the first write."""
    hub, before = Hub(french.parent), exported(french)
    instant = punctual(FRENCH, 1)[0] - timedelta(days=1)
    process = hub.start(instant)
    time.sleep(0.03 + part * 0.08)
    process.kill()
    process.wait(timeout=60)
    left = exported(french)
    assert hub.start(instant).wait(timeout=60) == 0
    # All that is due the day before is one unit of work: the proxy orders.
    assert left in (before, exported(french))


def test_two_ticks_at_once_leave_what_one_leaves(french: Path, two_cycles: Remains) -> None:
    hub = Hub(french.parent)
    for instant in punctual(FRENCH, 2):
        processes = [hub.start(instant) for _ in range(2)]
        assert [process.wait(timeout=300) for process in processes] == [0, 0]
    assert hub.remains() == two_cycles


@pytest.mark.campaign
def test_many_ticks_at_once_leave_what_one_leaves(french: Path, six_cycles: Remains) -> None:
    """Four processes, two of which are killed while the others go on."""
    hub, chance = Hub(french.parent), random.Random(4)  # noqa: S311 - no secrets
    for instant in punctual(FRENCH, 6):
        processes = [hub.start(instant) for _ in range(4)]
        for process in processes[:2]:
            time.sleep(chance.uniform(0.1, 0.8))
            process.kill()
        assert [process.wait(timeout=300) for process in processes[2:]] == [0, 0]
        assert all(process.wait() in (0, -signal.SIGKILL) for process in processes)
    assert hub.remains() == six_cycles


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
