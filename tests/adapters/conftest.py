"""Fixtures of the adapters' tests."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters import postgresql
from adapters.engines import MovableEngine
from ofncore.adapters.sql import SqlStorage


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of every run that PostgreSQL was left out."""
    if not postgresql.is_here():
        terminalreporter.section("PostgreSQL")
        terminalreporter.write_line(postgresql.ABSENT, yellow=True)


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with its tables, to be copied: creating them takes longer than most tests."""
    path = tmp_path_factory.mktemp("created") / "shop.db"
    storage = SqlStorage(f"sqlite:///{path}")
    storage.create_schema()
    storage.close()
    return path


@pytest.fixture
def database(created: Path, tmp_path: Path) -> Path:
    """Return a SQLite database with empty tables."""
    return Path(shutil.copy(created, tmp_path / "shop.db"))


@pytest.fixture(scope="session")
def movable_engines() -> list[MovableEngine]:
    """Return two engines for ofncore and two for a host; they keep their compiled statements from test to test."""
    return [MovableEngine() for _ in range(4)]


@pytest.fixture
def engines(movable_engines: list[MovableEngine], database: Path) -> Callable[[], Engine]:
    """Return a maker of engines on `database` for ofncore."""
    unused = iter(movable_engines[:2])
    return lambda: next(unused).moved_to(database)


@pytest.fixture
def host_engines(movable_engines: list[MovableEngine], database: Path) -> Callable[[], Engine]:
    """Return a maker of engines on `database` for a host."""
    unused = iter(movable_engines[2:])
    return lambda: next(unused).moved_to(database)
