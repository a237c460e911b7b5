"""Sets of records by what they are linked to.

A link is a relation between two kinds of things, such as orders and their shops, kept by the snapshot as `Pairs`.
"""

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

import attrs

from ofncore.permissions.facts import Facts, Link, LinkFact
from ofncore.permissions.pairs import Pairs
from ofncore.permissions.rules.scopes import K, Scope, Test
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View

T = TypeVar("T", bound="str | tuple[str, ...]")


@attrs.frozen
class Linked(Scope[K], Generic[K, T]):
    """The things that are linked to one of some others."""

    pairs: Callable[[Snapshot], Pairs[K, T]]
    link: Link
    others: Scope[T]

    def each(self, view: View) -> Iterator[K]:
        pairs = self.pairs(view.snapshot)
        for other in self.others.each(view):
            yield from pairs.lefts_of(other)

    def why(self, view: View, key: K) -> Facts | None:
        for other in self.pairs(view.snapshot).rights_of(key):
            facts = self.others.why(view, other)
            if facts is not None:
                return (LinkFact(_shown(key), self.link, _shown(other)), *facts)
        return None


@attrs.frozen
class HasLink(Test[K], Generic[K, T]):
    """Things that are linked to anything at all."""

    pairs: Callable[[Snapshot], Pairs[K, T]]

    def why(self, view: View, key: K) -> Facts | None:
        return () if self.pairs(view.snapshot).rights_of(key) else None


class _Actor(Scope[str]):
    """The one who acts, as text."""

    def each(self, view: View) -> Iterator[str]:
        return iter((str(view.actor),))

    def why(self, view: View, key: str) -> Facts | None:
        return () if key == str(view.actor) else None


#: The one who acts, as text.
ACTOR: Final = _Actor()


def _shown(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else "/".join(key)
