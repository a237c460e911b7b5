"""Databases, made once and copied: creating tables takes longer than most tests."""

import shutil
from pathlib import Path

import pytest

from cli.lives import FRENCH, world
from cli.terminal import Quick, Terminal
from ofncore.adapters.sql import SqlStorage
from ofncore.network import make_network


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with empty tables, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "hub.db"
    storage = SqlStorage(f"sqlite:///{path}")
    storage.create_schema()
    storage.close()
    return path


@pytest.fixture(scope="session")
def french_database(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """Return a database with the French hub, to be copied."""
    path = Path(shutil.copy(empty_database, tmp_path_factory.mktemp("french") / "hub.db"))
    storage = SqlStorage(f"sqlite:///{path}")
    assert make_network(unit_of_work=storage).worlds.load(world(FRENCH)) is None
    storage.close()
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """Return a database with empty tables: hub.db."""
    return Path(shutil.copy(empty_database, tmp_path / "hub.db"))


@pytest.fixture
def french(french_database: Path, tmp_path: Path) -> Path:
    """Return a database with the French hub: hub.db."""
    return Path(shutil.copy(french_database, tmp_path / "hub.db"))


@pytest.fixture
def ofncore(tmp_path: Path) -> Terminal:
    """Return the command line, in the folder of the test."""
    return Terminal(tmp_path)


@pytest.fixture
def quick(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Quick:
    """Return the command line without a process of its own, in the folder of the test."""
    return Quick(tmp_path, capsys, monkeypatch)
