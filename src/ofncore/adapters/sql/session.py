"""One transaction on a connection: statements, writes that wait for company, and errors in the library's words."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Delete, Select, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from ofncore.adapters.sql.mapping import Row
from ofncore.kernel.errors import StaleWriteError, StorageError

T = TypeVar("T")

#: Values in one IN list; every database takes as many.
CHUNK: Final = 500

# What a database says when it had to give up because somebody else was at work: SQLite in words, PostgreSQL by
# SQLSTATE: serialization failure, deadlock, lock not available, and unique violation, since what is taken already is
# found before it is written.
_BUSY_WORDS: Final = ("database is locked", "database table is locked", "database schema is locked")
_BUSY_STATES: Final = ("40001", "40P01", "55P03", "23505")

_KIND: Final = "unit of work"


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield *values* in lists of at most *size*."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


class Session:
    """Runs the statements of one unit of work.

    Rows of lists are written together, before anything is read or removed and at the end, so that many small records
    cost few statements.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection
        self._waiting: Final[dict[Table, list[Row]]] = {}
        self._ended = False

    def end(self) -> None:
        """Refuse every use from now on."""
        self._ended = True

    def rows(self, query: Select[Any]) -> Sequence[Sequence[Any]]:
        """Return the rows of *query*."""
        with self._flushed() as connection:
            return connection.execute(query).all()

    def rows_in(
        self, query: Select[Any], column: ColumnElement[Any], values: Iterable[object]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows of *query* whose *column* is among *values*, in as many queries as it takes."""
        for chunk in chunks(values):
            yield from self.rows(query.where(column.in_(chunk)))

    def insert_new(self, table: Table, row: Row) -> bool:
        """Insert *row*; False and nothing done if one of its unique facts is taken."""
        # It meets no row that waits: those are of lists, and references are checked at the end.
        with self._running() as connection:
            insert = self._insert(table).on_conflict_do_nothing()
            return connection.execute(insert, row, execution_options={"preserve_rowcount": True}).rowcount == 1

    def insert_or_replace(self, table: Table, row: Row, key: str) -> None:
        """Insert *row*, or put its values in place of those of the row with the same *key*."""
        with self._flushed() as connection:
            statement = self._insert(table).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=row))

    def insert_all(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert *rows*, which must be new."""
        if rows:
            with self._flushed() as connection:
                connection.execute(table.insert(), rows)

    def insert_later(self, table: Table, row: Row) -> None:
        """Insert *row* before the next statement that could see it."""
        self._waiting.setdefault(table, []).append(row)

    def change(self, statement: Update | Delete) -> int:
        """Run *statement* and return how many rows it met."""
        with self._flushed() as connection:
            return connection.execute(statement).rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Keep what is written inside, unless an exception leaves it."""
        with self._flushed() as connection:
            nested = connection.begin_nested()
        try:
            yield
            with translated_errors():
                nested.commit()
        except BaseException:
            nested.rollback()
            raise

    def flush(self) -> None:
        """Write what waits."""
        with self._running() as connection:
            while self._waiting:
                table = next(iter(self._waiting))
                connection.execute(table.insert(), self._waiting.pop(table))

    @contextmanager
    def _running(self) -> Iterator[Connection]:
        if self._ended:
            message = "this unit of work has ended; begin another one"
            raise StorageError(message)
        with translated_errors():
            yield self._connection

    @contextmanager
    def _flushed(self) -> Iterator[Connection]:
        self.flush()
        with self._running() as connection:
            yield connection

    def _insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise errors of the database as errors of storage.

    Raises:
        StaleWriteError: somebody else was at work at the same time, and this could not wait.
        StorageError: a reference leads to nothing, or the database cannot do what is asked.
    """
    try:
        yield
    except DBAPIError as error:
        if _is_busy(error):
            raise StaleWriteError(_KIND, str(error.orig)) from error
        message = f"{_what_failed(error)}: {error.orig}"
        raise StorageError(message) from error
    except (SQLAlchemyError, OverflowError, UnicodeEncodeError) as error:
        message = f"the database cannot take this: {error}"
        raise StorageError(message) from error


def _is_busy(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in _BUSY_STATES or any(word in str(error.orig) for word in _BUSY_WORDS)


def _what_failed(error: DBAPIError) -> str:
    if isinstance(error, IntegrityError):
        return "a record breaks a rule of the database, such as naming one that is not stored"
    return "the database cannot do this"
