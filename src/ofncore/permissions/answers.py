"""Answers that can be shown: a decision with its facts, and with what would change it.

The host is shown everything. The actor is not told of enterprises that they do not see, nor of grants between others;
`for_actor` puts `Withheld` in the place of those.

Source:
    PERM-12 (decision shape).
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Problem
from ofncore.permissions.actions import Action, CycleAccess, EnterpriseAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Fact, GrantFact, KindFact, LinkFact, ManagesFact, OwnsFact, SettingFact
from ofncore.permissions.remedies import LIMITS, Remedies, SearchLimits, find_remedies
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource


class Withheld(StrEnum):
    """What stands in the place of a fact that is not for the reader."""

    FACT = "withheld"


#: What a reader is told.
Told = Fact | Withheld


@attrs.frozen(kw_only=True)
class Answer:
    """A decision, ready to be shown."""

    allowed: bool
    actor: Actor
    #: What was asked for: an action of `ofncore.permissions.actions`.
    action: str
    resource: Resource
    #: Identifiers of the rules that decided.
    rules: tuple[str, ...]
    #: Name of the profile that decided.
    profile: str
    #: For a yes: the facts that made it so, each once.
    because: tuple[Told, ...] = ()
    #: For a no: each of these would make it a yes, and no part of it would; the smallest first.
    remedies: tuple[tuple[Told, ...], ...] = ()
    #: Whether there are no other remedies of so few facts.
    is_complete: bool = True
    #: What of the question is not known.
    unknown: tuple[Problem, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether it is a no that no role and no grant can lift."""
        return not self.allowed and not self.remedies and self.is_complete


def answer(asker: Asker, action: Action, resource: Resource, limits: SearchLimits = LIMITS) -> Answer:
    """Return everything there is to say about whether the actor of *asker* may do *action* to *resource*.

    A no costs a search (see `ofncore.permissions.remedies.find_remedies`).

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    decision = asker.check(action, resource)
    found = Remedies() if decision.allowed else find_remedies(asker, action, resource, limits)
    return Answer(
        allowed=decision.allowed,
        actor=decision.actor,
        action=decision.action,
        resource=decision.resource,
        rules=decision.rules,
        profile=decision.profile,
        because=tuple(dict.fromkeys(decision.because)),
        remedies=found.sets,
        is_complete=found.is_complete,
        unknown=tuple(each for each in decision.problems if each.code == Code.UNKNOWN_RECORD),
    )


def for_actor(full: Answer, asker: Asker) -> Answer:
    """Return what of the *full* answer its actor may know; *asker* is the one that gave it.

    Remedies that differ only in what is withheld become one.
    """
    reader = _Reader(asker, full.resource)
    told = dict.fromkeys(reader.told(each) for each in full.remedies)
    return attrs.evolve(full, because=reader.told(full.because), remedies=tuple(told))


@attrs.frozen
class _Reader:
    """Tells what the actor may know of facts about one thing."""

    asker: Asker
    resource: Resource

    def told(self, facts: Iterable[Told]) -> tuple[Told, ...]:
        """Return *facts*, each that the actor may not know replaced; all of those together by one."""
        return tuple(dict.fromkeys(each if self._may_know(each) else Withheld.FACT for each in facts))

    def _may_know(self, fact: Told) -> bool:
        match fact:
            case GrantFact(grantor, grantee, _):
                own = self.asker.snapshot.relations.managed_by(self.asker.actor)
                return (grantor in own or grantee in own) and self._sees(grantor) and self._sees(grantee)
            case ManagesFact(_, enterprise) | OwnsFact(_, enterprise) | KindFact(enterprise, _):
                return self._sees(enterprise)
            case SettingFact(enterprise, _):
                return self._sees(enterprise)
            case LinkFact(one, _, other):
                return self._sees(EnterpriseId(one)) and self._sees(EnterpriseId(other))
            case _:
                return True

    def _sees(self, key: EnterpriseId) -> bool:
        """Whether the actor sees the enterprise *key*, or *key* is of something else."""
        if key not in self.asker.snapshot.enterprises:
            return True
        named = resource(ResourceKind.ENTERPRISE, key)
        return (
            self.asker.may(EnterpriseAction.SEE, named)
            or self.asker.may(EnterpriseAction.REPORT_ON, named)
            or self._sees_in_cycle(key)
        )

    def _sees_in_cycle(self, key: EnterpriseId) -> bool:
        if self.resource.kind is ResourceKind.ORDER_CYCLE or WHEREABOUTS[self.resource.kind].in_cycle:
            named = resource(ResourceKind.CYCLE_ENTERPRISE, self.resource.key[0], key)
            return self.asker.may(CycleAccess.SEE_ENTERPRISE, named)
        return False
