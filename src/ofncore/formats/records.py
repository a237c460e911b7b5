"""The records of a document while it is read: those that are sound, each with its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast, get_args

import attrs

from ofncore.formats.keys import nearest
from ofncore.formats.paths import element, join, member
from ofncore.formats.shown import shown_text
from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, UserId
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.event import CycleDeleted
from ofncore.model.world import World

T = TypeVar("T")

#: How often a document is told what a misspelt id was meant to be.
_MOST_GUESSES = 100


@attrs.frozen
class Placed(Generic[T]):
    """One record and where it stands."""

    path: str
    #: As it was written.
    data: Mapping[str, object]
    value: T


class Records:
    """The sound records of a document, by class."""

    def __init__(self, data: Mapping[str, object], root: type[World]) -> None:
        self._data, self._root = data, root
        self._placed: dict[type, list[Placed[Any]]] = {}
        self._by_id: dict[type, dict[str, Any]] = {}
        self._with_gaps: set[type] = set()

    def add(self, cls: type, placed: Placed[Any]) -> None:
        """Add a record of *cls*."""
        self._placed.setdefault(cls, []).append(placed)

    def add_gap(self, cls: type) -> None:
        """Note that a record of *cls* could not be read."""
        self._with_gaps.add(cls)

    def is_complete(self, cls: type) -> bool:
        """Whether every record of *cls* could be read; else nothing can be said of their sum, or of what is absent."""
        return cls not in self._with_gaps

    def of(self, cls: type[T]) -> tuple[Placed[T], ...]:
        """Return the records of *cls*, in document order."""
        return tuple(self._placed.get(cls, ()))

    def stated_ids(self) -> Iterator[tuple[str, str, str]]:
        """Yield list, path and id of every record that states one, sound or not."""
        for name, cls in lists_of(self._root):
            if "id" in attrs.fields_dict(cls):
                yield from ((name, path, key) for path, key in stated_ids(self._data, name))

    def find(self, cls: type[T], key: str) -> T | None:
        """Return the first sound record of *cls* whose id is *key*."""
        if cls not in self._by_id:
            self._by_id[cls] = {each.value.id: each.value for each in reversed(self._placed.get(cls, []))}
        return cast("T | None", self._by_id[cls].get(key))


def lists_of(root: type[World]) -> Iterator[tuple[str, type]]:
    """Yield the name and the class of each list of records of *root*."""
    for field in attrs.fields(root):
        if get_args(field.type):
            yield field.name, get_args(field.type)[0]


def stated_ids(data: Mapping[str, object], name: str) -> Iterator[tuple[str, str]]:
    """Yield path and id of each entry of the list *name* that states one, sound or not."""
    entries = data.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        key = entry.get("id") if isinstance(entry, Mapping) else None
        if isinstance(key, str):
            yield join(member(name), element(index), "$.id"), key


def _known_ids(data: Mapping[str, object], name: str) -> Iterator[str]:
    yield from (key for _, key in stated_ids(data, name))
    if name == "order_cycles":
        # What happened to a cycle before it was deleted still names it.
        yield from _deleted_cycles(data.get("events"))


def _deleted_cycles(events: object) -> Iterator[str]:
    for event in events if isinstance(events, list | tuple) else ():
        key = event.get("order_cycle") if isinstance(event, Mapping) else None
        if isinstance(key, str) and event.get("kind") == CycleDeleted.kind:
            yield key


class KnownIds:
    """Which ids a document gives to its records, so that a reference can be checked where it is read."""

    def __init__(self, data: Mapping[str, object], root: type[World]) -> None:
        self._lists: dict[object, tuple[str, frozenset[str]]] = {}
        self._guesses = _MOST_GUESSES
        for name, cls in lists_of(root):
            own_id = attrs.fields_dict(cls).get("id")
            if own_id is not None and isinstance(data.get(name, ()), list | tuple):
                self._lists[own_id.type] = name, frozenset(_known_ids(data, name))

    def check(self, kind: object, key: str) -> Problem | None:
        """Return what is wrong with *key* as the id of a *kind*, None if nothing is or its list cannot be read."""
        if kind not in self._lists:
            return None
        name, ids = self._lists[kind]
        if key in ids:
            return None
        meant = self._guess(key, ids)
        if meant is None:
            return problem(Code.UNKNOWN_REFERENCE, id=shown_text(key), list=member(name))
        return problem(Code.MISSPELT_REFERENCE, id=shown_text(key), list=member(name), meant=meant)

    def check_actor(self, actor: Actor) -> Problem | None:
        """Return what is wrong with *actor*, None if nothing is."""
        kinds: Mapping[ActorKind, Callable[[str], object]] = {
            ActorKind.USER: UserId,
            ActorKind.CUSTOMER: CustomerId,
        }
        return self.check(kinds[actor.kind], actor.id) if actor.kind in kinds else None

    def _guess(self, key: str, ids: frozenset[str]) -> str | None:
        if self._guesses == 0:
            return None
        self._guesses -= 1
        return nearest(key, sorted(ids))
