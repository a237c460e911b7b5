"""The SQL adapter keeps the contract of a storage on PostgreSQL too."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from adapters import postgresql
from adapters.host import Host
from ofncore.adapters.sql import SqlStorage, metadata
from ofncore.testing.contracts import StorageContract

pytestmark = pytest.mark.skipif(not postgresql.is_here(), reason=postgresql.ABSENT)


@pytest.fixture(scope="module")
def filled_engine() -> Iterator[Engine]:
    """Return an engine on a database that has the tables, and may have rows in them."""
    with postgresql.server() as address:
        engine = create_engine(address)
        SqlStorage(engine).create_schema()
        yield engine
        engine.dispose()


@pytest.fixture
def engine(filled_engine: Engine) -> Engine:
    """Return an engine on a database with empty tables."""
    tables = [each for each in reversed(metadata.sorted_tables) if each.name != "ofncore_meta"]
    with filled_engine.begin() as connection:
        for table in tables:
            connection.execute(table.delete())
    return filled_engine


class TestPostgresqlStorage(StorageContract):
    checks_references = True

    @pytest.fixture
    def storage(self, engine: Engine) -> SqlStorage:
        return SqlStorage(engine)


@pytest.mark.campaign
class TestHostTransactionOnPostgresql(StorageContract):
    # When the host commits.
    checks_references = True

    @pytest.fixture
    def storage(self, engine: Engine) -> Host:
        # At a lower level one would not see what another writes meanwhile.
        return Host(engine.execution_options(isolation_level="SERIALIZABLE"))
