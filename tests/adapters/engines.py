"""Engines that move from database to database."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event


class MovableEngine:
    """An engine whose next connections go where it was moved to.

    A new engine would compile every statement anew, and waiting for the disk at each commit would take the rest of the
    time of most tests; what must survive a crash is tested elsewhere.
    """

    def __init__(self) -> None:
        self._engine = create_engine("sqlite:///nowhere.db")
        self._path = Path()
        event.listen(self._engine, "do_connect", self._connect)
        event.listen(self._engine, "checkout", _wait_for_no_disk)

    def moved_to(self, path: Path) -> Engine:
        """Return the engine, on the database at *path* from now on."""
        self._engine.dispose()
        self._path = path
        return self._engine

    def _connect(self, _dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
        arguments[0] = str(self._path)


def _wait_for_no_disk(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")
