"""A host with transactions of its own, in which it lets ofncore work."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine, event

from ofncore.adapters.sql import HostTransaction, translated_errors
from ofncore.ports.unit_of_work import UnitOfWork


class Host:
    """Begins and commits a transaction around each unit of work, on a connection that it set up by itself.

    It commits also when the unit of work failed: what is taken back then was taken back by ofncore alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_thread = threading.local()
        if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _set_up):
            event.listen(engine, "connect", _set_up)

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        # A thread that is inside one is refused by the very adapter it is in.
        transaction: HostTransaction | None = getattr(self._of_thread, "transaction", None)
        return transaction() if transaction else self._unit_of_work()

    @contextmanager
    def _unit_of_work(self) -> Iterator[UnitOfWork]:
        failure: BaseException | None = None
        with self._engine.connect() as connection, translated_errors(), connection.begin():
            self._of_thread.transaction = HostTransaction(connection)
            try:
                with self._of_thread.transaction() as work:
                    yield work
            except BaseException as error:  # noqa: BLE001 - raised again after the commit
                failure = error
            finally:
                self._of_thread.transaction = None
        if failure is not None:
            raise failure


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()
