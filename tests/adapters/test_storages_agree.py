"""The memory and the SQL adapter cannot be told apart."""

import shutil
from collections.abc import Collection
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from adapters.engines import MovableEngine
from adapters.faults import FAULTS
from adapters.machine import StorageMachine
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage


def run(created: Path, folder: Path, examples: int, steps: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    engine, names = MovableEngine(), count()

    def machine() -> StorageMachine:
        path = Path(shutil.copy(created, folder / f"{next(names)}.db"))
        return StorageMachine(MemoryStorage(), SqlStorage(engine.moved_to(path)))

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type] # any callable will do, as its documentation says
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_memory_and_sqlite_answer_alike(created: Path, tmp_path: Path) -> None:
    run(created, tmp_path, examples=40, steps=30)


@pytest.mark.parametrize(
    "name",
    [
        "a rollback that does nothing",
        pytest.param("versions that are not compared", marks=pytest.mark.campaign),
        pytest.param("unique facts that are not checked", marks=pytest.mark.campaign),
        "repeated movements entered again",
        "movements entered as far as stock goes",
        pytest.param("no back-off", marks=pytest.mark.campaign),
    ],
)
def test_the_machine_notices_a_fault(name: str, created: Path, tmp_path: Path) -> None:
    (fault,) = (each for each in FAULTS if each.name == name)
    with fault.planted(), pytest.raises(AssertionError):
        run(created, tmp_path, examples=500, steps=50, phases=[Phase.generate])


@pytest.mark.campaign
def test_memory_and_sqlite_answer_alike_for_long(created: Path, tmp_path: Path) -> None:
    run(created, tmp_path, examples=2000, steps=50)
