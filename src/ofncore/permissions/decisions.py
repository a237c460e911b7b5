"""Decisions: allowed or not, and why."""

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.permissions.facts import Facts
from ofncore.permissions.resources import Resource


@attrs.frozen(kw_only=True)
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
    #: For a yes: the facts that made it so. None are needed where the rule asks nothing of the actor.
    because: Facts = ()
    #: For a no: what is wrong, and what would allow it.
    problems: tuple[Problem, ...] = ()
    #: Name of the profile that decided.
    profile: str = ""

    @property
    def refusal(self) -> Refusal | None:
        """The no as a refusal; None for a yes."""
        return None if self.allowed else Refusal(self.problems)
