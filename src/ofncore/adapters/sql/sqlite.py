"""What SQLite needs to keep its promises."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool

from ofncore.kernel.errors import StorageError

#: How long a writer waits for another one, in milliseconds, unless the URL says so, as ``?timeout=60`` in seconds.
_BUSY_TIMEOUT: Final = 30_000
#: What the driver sets if nobody says anything.
_TIMEOUT_OF_DRIVER: Final = 5_000


def prepare_engine(engine: Engine) -> None:
    """Make every connection of *engine* behave as a transaction must; doing so again changes nothing.

    Raises:
        StorageError: the database is in memory, where each connection has its own.
    """
    _refuse_memory(engine)
    if not event.contains(engine, "connect", _prepare_connection):
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin_immediately)
        # Connections made before the hooks are without them.
        engine.dispose()


def _refuse_memory(engine: Engine) -> None:
    if engine.url.database in (None, "", ":memory:") or isinstance(engine.pool, StaticPool):
        message = (
            "a SQLite database in memory belongs to one connection; use a file, such as sqlite:///shop.db, "
            "or ofncore.adapters.memory"
        )
        raise StorageError(message)


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
    # The driver would begin transactions late, at the first write; by then two of them may have read the same state.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A log beside the file lets readers go on while somebody writes.
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL also survives a loss of power: the claim of a charge must be on the disk before the gateway is asked. With
    # NORMAL the last commits may be gone then. A commit costs one more sync of the log for it.
    cursor.execute("PRAGMA synchronous = FULL")
    if cursor.execute("PRAGMA busy_timeout").fetchone() == (_TIMEOUT_OF_DRIVER,):
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    """Take the write lock at once: units of work run one after the other, and none has to give up half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_if_driver_has_not(connection: Connection) -> None:
    """Begin the host's transaction where its driver would wait for the first write.

    Without it a savepoint would be the outermost transaction, and releasing it would commit.
    """
    if not connection.in_transaction():
        # What SQLAlchemy would do at the first statement; hooks of the host may begin the driver's transaction here.
        connection.begin()
    driver = connection.connection.driver_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
