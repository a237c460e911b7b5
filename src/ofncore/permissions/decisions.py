"""Decisions: allowed or not, and why."""

from collections.abc import Callable
from functools import cached_property, partial

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.permissions.facts import Facts
from ofncore.permissions.resources import Resource

#: Finds what is wrong; the same whenever it is asked.
FindProblems = Callable[[], tuple[Problem, ...]]


def _found(find: FindProblems) -> tuple[Problem, ...]:
    return find()


def _shown(find: FindProblems) -> str:
    return repr(find())


def _each_once(facts: Facts) -> Facts:
    return tuple(dict.fromkeys(facts))


def _shown_once(facts: Facts) -> str:
    return repr(_each_once(facts))


@attrs.frozen(kw_only=True, slots=False)
class Decision:
    """The answer to "may this actor do this to that?"."""

    allowed: bool
    actor: Actor
    #: What was asked for: an action of `ofncore.permissions.actions`.
    action: str
    #: What it was asked about.
    resource: Resource
    #: Identifiers of the rules that decided, such as ``PERM-G18``.
    rules: tuple[str, ...]
    #: Name of the profile that decided.
    profile: str = ""
    # Parts of a rule can rest on the same fact; most who get a yes do not look.
    _facts: Facts = attrs.field(default=(), eq=_each_once, repr=_shown_once)
    # Most who get a no only want to know that it is one; what is wrong takes many times as long to find.
    _problems: FindProblems = attrs.field(default=tuple, eq=_found, repr=_shown)

    @cached_property
    def because(self) -> Facts:
        """For a yes: the facts that made it so, each once. None where the rule asks nothing of the actor."""
        return _each_once(self._facts)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """For a no: what is wrong, and what would allow it. It is found when it is first asked for."""
        return self._problems()

    @property
    def refusal(self) -> Refusal | None:
        """The no as a refusal; None for a yes."""
        return None if self.allowed else Refusal(self.problems)

    def complete(self) -> "Decision":
        """Return the same with its problems found: it can be looked at when the facts are out of reach."""
        return attrs.evolve(self, problems=partial(tuple, self.problems))

    def __getstate__(self) -> dict[str, object]:
        """Return what is stored or sent elsewhere: with the problems, without the facts they were found in."""
        return {**vars(self), "_problems": partial(tuple, self.problems)}
