"""Records that are read when they are first asked for, and kept.

Rules look at mappings and at `Pairs`. Those made here read what is asked for and nothing else, except when somebody
goes through all of them: then they read all. They are good for one unit of work, before it writes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Final, Generic, TypeVar

from ofncore.kernel.texts import is_storable
from ofncore.permissions.pairs import L, Pairs, R

K = TypeVar("K", bound="str | tuple[str, ...]")
#: What records are found by.
S = TypeVar("S", bound=str)
T = TypeVar("T", bound=str)
V = TypeVar("V")


class Gathered(Generic[S, V]):
    """Records by a key that they share with others. What is expected to be asked for is read along with what is."""

    def __init__(self, read: Callable[[Collection[S]], Iterable[V]], keys_of: Callable[[V], Iterable[S]]) -> None:
        self._read: Final = read
        self._keys_of: Final = keys_of
        self._kept: Final[dict[S, Sequence[V]]] = {}
        self._expected: Final[set[S]] = set()

    def expect(self, keys: Iterable[S]) -> None:
        """Read the records of *keys* too when any are read that are not kept yet."""
        self._expected.update(keys)

    def of(self, key: S) -> Sequence[V]:
        """Return the records of *key*, in the order in which they are read."""
        if key not in self._kept:
            wanted = {key} | (self._expected - self._kept.keys())
            self._expected.clear()
            self._kept.update(self._found(wanted))
        return self._kept[key]

    def keep(self, key: S, *records: V) -> None:
        """Take over *records*, all that there are for *key*."""
        self._kept.setdefault(key, records)

    def _found(self, keys: Collection[S]) -> Mapping[S, Sequence[V]]:
        found: dict[S, list[V]] = {key: [] for key in sorted(keys)}
        # Somebody may ask about a text that no storage takes.
        for record in self._read([key for key in found if is_storable(key)]):
            for key in found.keys() & set(self._keys_of(record)):
                found[key].append(record)
        return found


_id: Final = attrgetter("id")


def _ignore(_records: object) -> None:
    """Take no note of what was read."""


class LookedUp(Mapping[K, V]):
    """A mapping whose values are found one by one; *keys* finds all there are."""

    def __init__(self, find: Callable[[K], V | None], keys: Callable[[], Collection[K]]) -> None:
        self._find: Final = find
        self._keys: Final = keys

    def __getitem__(self, key: K) -> V:
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())


class Stored(Mapping[S, V]):
    """The records of one kind, by id.

    *when_read* is told of those that are read, whatever they were found by.
    """

    def __init__(
        self,
        get_many: Callable[[Collection[S]], Iterable[V]],
        read_all: Callable[[], Iterable[V]],
        when_read: Callable[[Sequence[V]], None] = _ignore,
    ) -> None:
        self._read_all: Final = read_all
        self._when_read: Final = when_read
        self._by_id: Final[Gathered[S, V]] = Gathered(
            lambda keys: self._told(get_many(keys)), lambda each: (_id(each),)
        )

    def expect(self, keys: Iterable[S]) -> None:
        """Read the records of *keys* too when any are read that are not kept yet."""
        self._by_id.expect(keys)

    def one(self, key: S) -> Sequence[V]:
        """Return the record of *key* alone; nothing if there is none."""
        return self._by_id.of(key)

    def gathered(
        self, read: Callable[[Collection[T]], Iterable[V]], keys_of: Callable[[V], Iterable[T]]
    ) -> Gathered[T, V]:
        """Return the same records by another key of theirs; what is found by it is kept by id too."""
        return Gathered(lambda keys: self._taken(read(keys)), keys_of)

    def pairs(self, values_of: Callable[[V], Iterable[R]], by_value: Callable[[R], Iterable[V]]) -> Pairs[S, R]:
        """Return each id with the values of its record; *by_value* finds at least the records that have one."""

        def of_one(record: V) -> Iterator[tuple[S, R]]:
            return ((_id(record), value) for value in values_of(record))

        return pairs_of(self, of_one, self.one, by_value)

    def __getitem__(self, key: S) -> V:
        found = self.one(key)
        if not found:
            raise KeyError(key)
        return found[0]

    def __iter__(self) -> Iterator[S]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    @cached_property
    def _every(self) -> list[S]:
        return [_id(each) for each in self._taken(self._read_all())]

    def _taken(self, records: Iterable[V]) -> Sequence[V]:
        found = self._told(records)
        for each in found:
            self._by_id.keep(_id(each), each)
        return found

    def _told(self, records: Iterable[V]) -> Sequence[V]:
        found = tuple(records)
        self._when_read(found)
        return found


def pairs_of(
    records: Mapping[K, V],
    pairs: Callable[[V], Iterable[tuple[L, R]]],
    by_left: Callable[[L], Iterable[V]],
    by_right: Callable[[R], Iterable[V]],
) -> Pairs[L, R]:
    """Return the *pairs* of all *records*; *by_left* and *by_right* find at least those records that hold one."""

    def rights(left: L) -> dict[R, None] | None:
        return _sorted(right for each in by_left(left) for one, right in pairs(each) if one == left)

    def lefts(right: R) -> dict[L, None] | None:
        return _sorted(left for each in by_right(right) for left, other in pairs(each) if other == right)

    def every() -> Pairs[L, R]:
        return Pairs.of(pair for each in records.values() for pair in pairs(each))

    return Pairs(_kept(rights, lambda: every().lefts), _kept(lefts, lambda: every().rights))


def _kept(find: Callable[[K], V | None], keys: Callable[[], Collection[K]]) -> LookedUp[K, V]:
    """Return what *find* finds, each once."""
    found: dict[K, V | None] = {}

    def once(key: K) -> V | None:
        if key not in found:
            found[key] = find(key)
        return found[key]

    return LookedUp(once, keys)


def _sorted(keys: Iterable[K]) -> dict[K, None] | None:
    """Return *keys*, each once, as `Pairs` keep them; None if there are none."""
    return dict.fromkeys(sorted(set(keys))) or None
