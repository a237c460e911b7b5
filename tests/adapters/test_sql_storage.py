"""The SQL adapter keeps the contract of a storage: on a database of its own, and inside transactions of a host."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from ofncore.adapters.sql import HostTransaction, SqlStorage
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing.contracts import StorageContract


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shop.db"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = create_engine(database)
    yield engine
    engine.dispose()


class TestSqliteStorage(StorageContract):
    checks_references = True

    @pytest.fixture
    def storage(self, engine: Engine) -> SqlStorage:
        storage = SqlStorage(engine)
        storage.create_schema()
        return storage

    @pytest.fixture
    def second(self, storage: SqlStorage, database: str) -> Iterator[UnitOfWorkFactory]:
        """Return a storage on the same file with connections of its own, as in another process."""
        other = SqlStorage(database)
        yield other
        other.close()
