"""Records of one kind on tables: read and written whole, found by key or by the enterprises that have a part."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import attrs
from sqlalchemy import Column, ColumnElement, select

from ofncore.adapters.sql.mapping import Key, RecordMapping, key_columns
from ofncore.adapters.sql.session import Session
from ofncore.kernel.errors import DuplicateError, NotFoundError, StaleWriteError
from ofncore.kernel.ids import EnterpriseId

K = TypeVar("K", bound=str)
V = TypeVar("V")


class Records(Generic[V]):
    """Reads and writes whole records of one kind, their lists included."""

    def __init__(self, session: Session, mapping: RecordMapping[V]) -> None:
        self._session: Final = session
        self._mapping: Final = mapping

    def where(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[V]:
        """Return the records that meet all *conditions*, sorted by key."""
        query = select(self._mapping.table).where(*conditions).order_by(self._mapping.key).limit(limit)
        return self.read(self._session.rows(query))

    def among(self, column: ColumnElement[Any], values: Iterable[object]) -> list[V]:
        """Return the records whose *column* is one of *values*, sorted by key."""
        query = select(self._mapping.table)
        return self.read(sorted(self._session.rows_in(query, column, dict.fromkeys(values)), key=_first))

    def having(self, columns: Iterable[Column[Any]], values: Iterable[object]) -> list[V]:
        """Return the records of which any of *columns*, in their table or those of their lists, is one of *values*."""
        wanted = list(dict.fromkeys(values))
        rows = (self._session.rows_in(select(key_of(each)), each, wanted) for each in columns)
        return self.among(self._mapping.key, (row[0] for row in chain.from_iterable(rows)))

    def read(self, rows: Sequence[Sequence[Any]]) -> list[V]:
        """Return the records of *rows*, in the same order."""
        lists = self._lists([row[0] for row in rows])
        return [self._mapping.read(row, lists) for row in rows]

    def _lists(self, ids: Sequence[str]) -> dict[str, dict[Key, list[Sequence[Any]]]]:
        """One query for each table and chunk of ids, however many records there are."""
        lists: dict[str, dict[Key, list[Sequence[Any]]]] = {}
        for table in self._mapping.list_tables:
            columns = list(table.primary_key.columns)
            rows_of = lists[table.name] = defaultdict(list)
            query = select(table).order_by(*columns)
            for row in self._session.rows_in(query, columns[0], ids):
                rows_of[tuple(row[: len(columns) - 1])].append(row)
        return lists

    def insert(self, record: V) -> bool:
        """Store a new record; False and nothing done if a unique fact of it is taken."""
        if not self._session.insert_new(self._mapping.table, self._mapping.row(record)):
            return False
        self._insert_lists(record)
        return True

    def replace(self, record: V, *conditions: ColumnElement[bool]) -> bool:
        """Store *record* in place of the one of its key; False and nothing done if none meets *conditions*."""
        table = self._mapping.table
        row = self._mapping.row(record)
        key = row.pop("id")
        update = table.update().where(self._mapping.key == key, *conditions).values(row)
        if self._session.change(update) == 0:
            return False
        for list_table in reversed(self._mapping.list_tables):
            self._session.change(list_table.delete().where(list_table.c[key_columns(list_table)[0]] == key))
        self._insert_lists(record)
        return True

    def _insert_lists(self, record: V) -> None:
        for table, row in self._mapping.list_rows(record):
            self._session.insert_later(table, row)


def key_of(column: Column[Any]) -> Column[Any]:
    """Return the column with the id of the record that *column* belongs to, itself or by one of its lists."""
    # It is the first of every table.
    return next(iter(column.table.c))


def _first(row: Sequence[Any]) -> str:
    key: str = row[0]
    return key


class SqlRepository(Generic[K, V]):
    """Records of one kind, in one unit of work."""

    def __init__(self, session: Session, mapping: RecordMapping[V]) -> None:
        self._session: Final = session
        self._mapping: Final = mapping
        self._records: Final = Records(session, mapping)

    def find(self, key: K) -> V | None:
        """Return the record, or None."""
        return next(iter(self._records.where(self._mapping.key == key)), None)

    def get(self, key: K) -> V:
        """Return the record, or raise `NotFoundError`."""
        record = self.find(key)
        if record is None:
            raise NotFoundError(self._mapping.name, key)
        return record

    def get_many(self, keys: Iterable[K]) -> Sequence[V]:
        """Return the records there are, sorted by key, each once."""
        return self._records.among(self._mapping.key, keys)

    def all(self) -> Sequence[V]:
        """Return every record, sorted by key."""
        return self._records.where()

    def add(self, record: V) -> V:
        """Store a new record."""
        stored = _with_version(record, 1) if self._mapping.versioned else record
        if not self._records.insert(stored):
            raise DuplicateError(self._mapping.name, self._taken(record))
        return stored

    def save(self, record: V) -> V:
        """Replace a stored record, unless it is not the one that was read."""
        # Asked before writing: on PostgreSQL the whole transaction is lost after a statement that failed.
        taken = next(self._unique_facts_of_others(record), None)
        stored = _with_version(record, _version(record) + 1) if self._mapping.versioned else record
        current = [self._mapping.table.c.version == _version(record)] if self._mapping.versioned else []
        if taken is None and self._records.replace(stored, *current):
            return stored
        raise self._why_not_saved(record, taken)

    def _why_not_saved(self, record: V, taken: object) -> Exception:
        key = self._mapping.key_of(record)
        stored = self.find(key)  # type: ignore[arg-type] # it is the key of a record of this kind
        if stored is None:
            return NotFoundError(self._mapping.name, key)
        if taken is None or (self._mapping.versioned and _version(stored) != _version(record)):
            return StaleWriteError(self._mapping.name, key)
        return DuplicateError(self._mapping.name, taken)

    def _is_stored(self, key: str) -> bool:
        return bool(self._session.rows(select(self._mapping.key).where(self._mapping.key == key)))

    def _taken(self, record: V) -> object:
        """Return the unique fact that kept *record* from being added."""
        key = self._mapping.key_of(record)
        if self._is_stored(key):
            return key
        return next(self._unique_facts_of_others(record), key)

    def _unique_facts_of_others(self, record: V) -> Iterator[object]:
        row = self._mapping.row(record) if self._mapping.unique else {}
        for names in self._mapping.unique:
            facts = tuple(row[name] for name in names)
            same = (self._mapping.table.c[name] == row[name] for name in names)
            others = select(self._mapping.key).where(*same, self._mapping.key != row["id"])
            if None not in facts and self._session.rows(others):
                yield facts if len(facts) > 1 else facts[0]


class SqlRecordsOfEnterprises(SqlRepository[K, V]):
    """Records in which enterprises have a part, in one unit of work."""

    def of_enterprises(self, enterprises: Iterable[EnterpriseId]) -> Sequence[V]:
        """Return the records in which any of *enterprises* has a part."""
        return self._records.having(self._mapping.enterprises, enterprises)


_version: Final = attrgetter("version")


def _with_version(record: V, version: int) -> V:
    return attrs.evolve(record, version=version)  # type: ignore[misc] # every versioned record is an attrs value
