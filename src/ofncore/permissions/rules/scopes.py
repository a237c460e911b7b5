"""Sets of things that can be listed, and of each of which can be told why it is in the set.

A rule is a `Scope` put together from the parts in this module. Each part has both halves: `each` lists, `why` answers
for one thing. They agree for every part, so they agree for every rule; listing never disagrees with checking.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Any, Generic, TypeVar

import attrs

from ofncore.kernel.actors import ENGINE
from ofncore.permissions.facts import AdminFact, Facts
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View

K = TypeVar("K", bound="str | tuple[str, ...]")


class Test(ABC, Generic[K]):
    """Something that is so for some things and not for others."""

    __test__ = False  # it is no test of pytest's

    @abstractmethod
    def why(self, view: View, key: K) -> Facts | None:
        """Return the facts that make it so for *key*, perhaps none; None if it is not so."""

    def holds(self, view: View, key: K) -> bool:
        """Whether it is so for *key*."""
        return self.why(view, key) is not None

    def among(self, view: View, keys: Iterable[K]) -> Iterator[K]:
        """Yield those of *keys* for which it is so, in their order. It is cheaper than asking for the facts of each."""
        return (key for key in keys if self.holds(view, key))


class Scope(Test[K]):
    """A test whose things can be listed."""

    @abstractmethod
    def each(self, view: View) -> Iterator[K]:
        """Yield everything for which it is so; a thing may come twice."""

    def members(self, view: View) -> frozenset[K]:
        """Return everything for which it is so."""
        return frozenset(self.each(view))

    def __or__(self, other: "Scope[K]") -> "Scope[K]":
        return _Union((self, other))

    def __and__(self, test: Test[K]) -> "Scope[K]":
        return _Those(self, test)

    def __sub__(self, test: Test[K]) -> "Scope[K]":
        return _Those(self, Lacks(test))


class Condition(ABC):
    """Something that is so, or not, whatever thing is asked about."""

    @abstractmethod
    def because(self, view: View) -> Facts | None:
        """Return the facts that make it so, perhaps none; None if it is not so."""


# ---------------------------------------------------------------- joining


@attrs.frozen
class _Union(Scope[K]):
    parts: tuple[Scope[K], ...]

    def each(self, view: View) -> Iterator[K]:
        return chain.from_iterable(part.each(view) for part in self.parts)

    def why(self, view: View, key: K) -> Facts | None:
        for part in self.parts:
            facts = part.why(view, key)
            if facts is not None:
                return facts
        return None


@attrs.frozen
class _Those(Scope[K]):
    """The things of a scope for which a test holds. The scope is listed, the test is asked: the smaller goes first."""

    scope: Scope[K]
    test: Test[K]

    def each(self, view: View) -> Iterator[K]:
        return self.test.among(view, self.scope.each(view))

    def among(self, view: View, keys: Iterable[K]) -> Iterator[K]:
        return self.test.among(view, self.scope.among(view, keys))

    def why(self, view: View, key: K) -> Facts | None:
        facts = self.scope.why(view, key)
        if facts is None:
            return None
        more = self.test.why(view, key)
        return None if more is None else (*facts, *more)


@attrs.frozen
class Lacks(Test[K]):
    """A test does not hold."""

    test: Test[K]

    def why(self, view: View, key: K) -> Facts | None:
        return None if self.test.holds(view, key) else ()


@attrs.frozen
class Given(Scope[K]):
    """The things of a scope, if a condition holds; otherwise nothing."""

    condition: Condition
    scope: Scope[K]

    def each(self, view: View) -> Iterator[K]:
        return iter(()) if self.condition.because(view) is None else self.scope.each(view)

    def why(self, view: View, key: K) -> Facts | None:
        facts = self.condition.because(view)
        if facts is None:
            return None
        more = self.scope.why(view, key)
        return None if more is None else (*facts, *more)


class Nothing(Scope[Any]):
    """No thing at all."""

    def each(self, view: View) -> Iterator[Any]:  # noqa: ARG002 - it is empty for everybody
        return iter(())

    def why(self, view: View, key: Any) -> Facts | None:  # noqa: ANN401, ARG002 - it holds nothing
        return None


@attrs.frozen
class Gates(Scope[str]):
    """Names, each of which has a condition of its own."""

    conditions: Mapping[str, Condition]

    def each(self, view: View) -> Iterator[str]:
        return (name for name, condition in self.conditions.items() if condition.because(view) is not None)

    def why(self, view: View, key: str) -> Facts | None:
        return self.conditions[key].because(view) if key in self.conditions else None


@attrs.frozen
class Everything(Scope[K]):
    """All records of a kind, as *get* finds them."""

    get: Callable[[Snapshot], Collection[K]]

    def each(self, view: View) -> Iterator[K]:
        return iter(self.get(view.snapshot))

    def why(self, view: View, key: K) -> Facts | None:
        return () if key in self.get(view.snapshot) else None


# ---------------------------------------------------------------- conditions


@attrs.frozen
class Some(Condition):
    """There is something in a scope."""

    scope: Scope[Any]

    def because(self, view: View) -> Facts | None:
        found = next(self.scope.each(view), None)
        return None if found is None else self.scope.why(view, found)


@attrs.frozen
class Not(Condition):
    """A condition does not hold."""

    condition: Condition

    def because(self, view: View) -> Facts | None:
        return () if self.condition.because(view) is None else None


@attrs.frozen
class AllOf(Condition):
    """All of some conditions hold."""

    conditions: tuple[Condition, ...]

    def because(self, view: View) -> Facts | None:
        found: Facts = ()
        for condition in self.conditions:
            facts = condition.because(view)
            if facts is None:
                return None
            found += facts
        return found


@attrs.frozen
class OneOf(Condition):
    """One of some conditions holds; the first that does is told."""

    conditions: tuple[Condition, ...]

    def because(self, view: View) -> Facts | None:
        found = (each.because(view) for each in self.conditions)
        return next((facts for facts in found if facts is not None), None)


@attrs.frozen
class Policy(Condition):
    """The profile has *value* in the policy named *name*."""

    name: str
    value: StrEnum

    def because(self, view: View) -> Facts | None:
        return () if getattr(view.profile, self.name) is self.value else None


class IsAdmin(Condition):
    """An administrator acts."""

    def because(self, view: View) -> Facts | None:
        return (AdminFact(view.user.id),) if view.user is not None and view.user.is_admin else None


class SignedIn(Condition):
    """A known user acts."""

    def because(self, view: View) -> Facts | None:
        return None if view.user is None else ()


class Always(Condition):
    """Whoever acts."""

    def because(self, view: View) -> Facts | None:  # noqa: ARG002 - it asks nothing
        return ()


class ByEngine(Condition):
    """The library itself acts, doing what is due."""

    def because(self, view: View) -> Facts | None:
        return () if view.actor == ENGINE else None
