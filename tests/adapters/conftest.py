"""Fixtures of the adapters' tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from ofncore.adapters.sql import SqlStorage


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with its tables, to be copied: creating them takes longer than most tests."""
    path = tmp_path_factory.mktemp("created") / "shop.db"
    storage = SqlStorage(f"sqlite:///{path}")
    storage.create_schema()
    storage.close()
    return path


@pytest.fixture
def database(created: Path, tmp_path: Path) -> str:
    """Return the address of a SQLite database with empty tables."""
    return f"sqlite:///{shutil.copy(created, tmp_path / 'shop.db')}"


@pytest.fixture
def connect(database: str) -> Iterator[Callable[[], Engine]]:
    """Return a maker of engines on `database`; they are closed at the end."""
    engines: list[Engine] = []

    def make() -> Engine:
        engines.append(create_engine(database))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()
