"""Tables of records with indexes, and the journal that takes back what was written."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=str)
V = TypeVar("V")

#: Gives the values under which an index finds a record: none, one or several.
IndexValues = Callable[[V], Collection[Hashable]]


class Journal:
    """What must be done to take back the writes of the present unit of work.

    Its length is that of the changes, so neither beginning nor ending costs more where more is stored.
    """

    def __init__(self) -> None:
        self._undo: Final[list[Callable[[], None]]] = []

    def note(self, undo: Callable[[], None]) -> None:
        """Remember how to take back one write."""
        self._undo.append(undo)

    def keep_all(self) -> None:
        """Make all writes last."""
        self._undo.clear()

    def take_back_all(self) -> None:
        """Take back all writes, the latest first."""
        while self._undo:
            self._undo.pop()()


class Table(Generic[K, V]):
    """Records by key, with indexes kept up to date at each write."""

    def __init__(self, journal: Journal, indexes: Mapping[str, IndexValues[V]] | None = None) -> None:
        self._journal: Final = journal
        self._records: Final[dict[K, V]] = {}
        self._indexes: Final = {name: _Index[K, V](values) for name, values in (indexes or {}).items()}

    def find(self, key: K) -> V | None:
        """Return the record, or None."""
        return self._records.get(key)

    def all(self) -> list[V]:
        """Return every record, sorted by key."""
        return [self._records[key] for key in sorted(self._records)]

    def among(self, keys: Iterable[K]) -> list[V]:
        """Return the records there are for *keys*, sorted by key, each once."""
        return [self._records[key] for key in sorted(set(keys)) if key in self._records]

    def where(self, index: str, *values: Hashable) -> list[V]:
        """Return the records that *index* has under any of *values*, sorted by key."""
        return self.among(key for value in values for key in self._indexes[index].keys(value))

    def index_values(self, index: str, record: V) -> Collection[Hashable]:
        """Return the values under which *index* finds *record*."""
        return self._indexes[index].values(record)

    def put(self, key: K, record: V) -> None:
        """Store *record* in place of an earlier one."""
        before = self._records.get(key)
        self._write(key, record)
        self._journal.note(lambda: self._write(key, before))

    def drop(self, key: K) -> None:
        """Remove the record."""
        before = self._records[key]
        self._write(key, None)
        self._journal.note(lambda: self._write(key, before))

    def _write(self, key: K, record: V | None) -> None:
        before = self._records.pop(key, None)
        if before is not None:
            for index in self._indexes.values():
                index.remove(key, before)
        if record is not None:
            self._records[key] = record
            for index in self._indexes.values():
                index.add(key, record)


class _Index(Generic[K, V]):
    def __init__(self, values: IndexValues[V]) -> None:
        self.values: Final = values
        self._keys: Final[dict[Hashable, set[K]]] = {}

    def keys(self, value: Hashable) -> Collection[K]:
        return self._keys.get(value, ())

    def add(self, key: K, record: V) -> None:
        for value in self.values(record):
            self._keys.setdefault(value, set()).add(key)

    def remove(self, key: K, record: V) -> None:
        for value in self.values(record):
            keys = self._keys.get(value, set())
            keys.discard(key)
            if not keys:
                self._keys.pop(value, None)
