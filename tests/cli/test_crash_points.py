"""A network that is killed at any call that touches the world, and started again, loses nothing and doubles nothing."""

import random
from collections import Counter
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import attrs
import pytest

from cli.lives import CATALAN, FRENCH, Life, Remains, punctual, world
from ofncore.adapters.mail import KeptMail
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.formats.state import write_state
from ofncore.network import make_network
from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest
from ofncore.testing.faults import Crash, Faults


@attrs.frozen
class Course:
    """What happens to a world when nothing goes wrong."""

    name: str
    instants: tuple[datetime, ...]
    remains: Remains
    #: The points of each instant.
    points: tuple[tuple[str, ...], ...]


def course(folder: Path, name: str, cycles: int) -> Course:
    """Live through the first *cycles* of a world, and count."""
    instants, life, points = tuple(punctual(name, cycles)), Life.in_memory(folder, name), []
    for instant in instants:
        faults = Faults()
        life.network(faults).tick(instant)
        points.append(tuple(faults.points))
    return Course(name, instants, life.remains(), tuple(points))


@pytest.fixture(scope="module")
def catalan(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One cycle of the Catalan shop."""
    return course(tmp_path_factory.mktemp("catalan"), CATALAN, 1)


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two cycles of the French hub."""
    return course(tmp_path_factory.mktemp("french"), FRENCH, 2)


def crashes(life: Life, instant: datetime, crash_at: int) -> bool:
    """Tick at *instant* in a process that is killed at its point *crash_at*, if it gets there."""
    try:
        life.network(Faults(crash_at=crash_at)).tick(instant)
    except Crash:
        return True
    return False


def assert_survives(life: Life, course: Course, crash: tuple[int, int]) -> None:
    """Assert that *life* comes to the same if it crashes once: at a point of the instant of a number."""
    number, point = crash
    life.tick(course.instants[:number])
    assert crashes(life, course.instants[number], point)
    life.tick(course.instants[number:])
    assert life.remains() == course.remains, course.points[number][point - 1]


def all_points(course: Course) -> list[tuple[int, int]]:
    return [(number, point + 1) for number, points in enumerate(course.points) for point in range(len(points))]


def folder_of(tmp_path: Path, crash: tuple[int, int]) -> Path:
    folder = tmp_path / "-".join(map(str, crash))
    folder.mkdir()
    return folder


# ---------------------------------------------------------------- the courses themselves


def test_a_cycle_has_points_of_every_kind(catalan: Course) -> None:
    kinds = Counter(point for points in catalan.points for point in points)
    assert kinds["unit of work about to begin"] == kinds["unit of work about to be kept"] == kinds["unit of work kept"]
    assert kinds["charge about to be made"] == kinds["charge made"] == len(catalan.remains.books) > 1
    assert kinds["message about to be handed over"] == kinds["message handed over"] == len(catalan.remains.mail) > 5
    assert sum(kinds.values()) > 100


def test_a_crash_after_the_last_point_never_comes(tmp_path: Path, catalan: Course) -> None:
    life = Life.in_memory(tmp_path, CATALAN)
    assert not crashes(life, catalan.instants[0], len(catalan.points[0]) + 1)


# ---------------------------------------------------------------- one crash


@pytest.mark.parametrize("part", range(4))
def test_every_crash_point_of_a_whole_cycle_is_survived(tmp_path: Path, catalan: Course, part: int) -> None:
    """SUB-17.1, SUB-17.3: every unit of work, charge and message, right before it and right after it."""
    points = all_points(catalan)[part::4]
    for crash in points:
        assert_survives(Life.in_memory(folder_of(tmp_path, crash), CATALAN), catalan, crash)
    assert len(points) > 25


def test_crashes_all_over_two_cycles_of_the_hub_are_survived(tmp_path: Path, french: Course) -> None:
    for crash in all_points(french)[::211]:
        assert_survives(Life.in_memory(folder_of(tmp_path, crash), FRENCH), french, crash)


def test_crashes_are_survived_on_sqlite(tmp_path: Path, catalan: Course, empty_database: Path) -> None:
    """What is about to be kept when the crash comes is rolled back by the database."""
    for crash in all_points(catalan)[::23]:
        folder = folder_of(tmp_path, crash)
        (folder / "hub.db").write_bytes(empty_database.read_bytes())
        storage = SqlStorage(f"sqlite:///{folder / 'hub.db'}")
        life = Life(folder, storage)
        assert life.network().worlds.load(world(CATALAN)) is None
        assert_survives(life, catalan, crash)
        storage.close()


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(8))
def test_every_crash_point_of_two_cycles_of_the_hub_is_survived(tmp_path: Path, french: Course, part: int) -> None:
    for crash in all_points(french)[part::8]:
        assert_survives(Life.in_memory(folder_of(tmp_path, crash), FRENCH), french, crash)


# ---------------------------------------------------------------- one crash after the other


@pytest.mark.parametrize("seed", range(3))
def test_crash_after_crash_is_survived(tmp_path: Path, catalan: Course, seed: int) -> None:
    """As long as each process gets a little further than nothing."""
    chance, life, crashed = random.Random(seed), Life.in_memory(tmp_path, CATALAN), 0  # noqa: S311 - no secrets
    for instant in catalan.instants:
        while crashes(life, instant, chance.randint(1, 60)):
            crashed += 1
    assert crashed >= 3
    assert life.remains() == catalan.remains


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(20))
def test_crash_after_crash_of_the_hub_is_survived(tmp_path: Path, french: Course, seed: int) -> None:
    chance, life = random.Random(seed), Life.in_memory(tmp_path, FRENCH)  # noqa: S311 - no secrets
    for instant in french.instants:
        while crashes(life, instant, chance.randint(1, 300)):
            pass
    assert life.remains() == french.remains


# ---------------------------------------------------------------- loading


@pytest.mark.parametrize(("point", "is_loaded"), [(1, False), (2, False), (3, True)])
def test_a_world_is_loaded_whole_or_not_at_all(point: int, is_loaded: bool) -> None:  # noqa: FBT001 - a column
    storage = MemoryStorage()
    faults, survivor = Faults(crash_at=point), make_network(unit_of_work=storage)
    empty = write_state(survivor.worlds.export())
    with pytest.raises(Crash):
        make_network(unit_of_work=faults.unit_of_work(storage)).worlds.load(world(CATALAN))
    assert (write_state(survivor.worlds.export()) != empty) == is_loaded
    assert (survivor.worlds.load(world(CATALAN)) is not None) == is_loaded


# ---------------------------------------------------------------- what these tests would notice


@attrs.define
class ForgetfulGateway:
    """Breaks the contract of the port: it does not know its keys again, and takes the money once more."""

    charges: list[str] = attrs.field(factory=list)

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        self.charges.append(request.key)
        return GatewayAnswer(outcome=GatewayOutcome.SETTLED)

    refund = charge

    def look_up(self, key: str) -> GatewayAnswer | None:  # noqa: ARG002 - the port's signature
        return None


def test_a_gateway_that_forgets_its_keys_would_be_noticed(catalan: Course) -> None:
    """Only the gateway can know of money that moved right before a crash."""
    storage, gateway = MemoryStorage(), ForgetfulGateway()
    assert make_network(unit_of_work=storage).worlds.load(world(CATALAN)) is None
    faults = Faults()
    faults.crash_at = [point for points in catalan.points for point in points].index("charge made") + 1
    for crashing in (faults, Faults()):
        network = make_network(
            unit_of_work=crashing.unit_of_work(storage),
            payments=crashing.gateway(gateway),
            notifier=crashing.notifier(KeptMail()),
        )
        with suppress(Crash):
            for instant in catalan.instants:
                network.tick(instant)
    assert len(gateway.charges) == len(catalan.remains.books) + 1
    assert len(set(gateway.charges)) == len(catalan.remains.books)
