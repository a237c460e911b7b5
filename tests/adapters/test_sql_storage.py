"""The SQL adapter keeps the contract of a storage: on a database of its own, and inside transactions of a host."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from adapters.host import Host
from ofncore.adapters.sql import SqlStorage
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing.contracts import StorageContract

Engines = Callable[[], Engine]


class TestSqliteStorage(StorageContract):
    checks_references = True

    @pytest.fixture
    def storage(self, engines: Engines) -> SqlStorage:
        return SqlStorage(engines())

    @pytest.fixture
    def second(self, engines: Engines) -> SqlStorage:
        """Return a storage on the same file with connections of its own, as in another process."""
        return SqlStorage(engines())


class TestHostTransaction(StorageContract):
    # When the host commits.
    checks_references = True

    @pytest.fixture
    def storage(self, host_engines: Engines) -> UnitOfWorkFactory:
        return Host(host_engines())

    @pytest.fixture
    def second(self, host_engines: Engines) -> UnitOfWorkFactory:
        return Host(host_engines())
