"""Answers that can be shown: a decision with its facts, and with what would change it.

The host is shown everything. The actor is not told of enterprises that they do not see, nor of grants between others:
`for_actor` puts `Withheld` in the place of those. What the actor does not know at all is to them as if it were not
there (`ofncore.permissions.telling.known`).

Source:
    PERM-12 (decision shape).
"""

from collections.abc import Iterable

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.refusals import Problem, Withheld
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Fact, GrantFact, SettingFact
from ofncore.permissions.remedies import LIMITS, Remedies, SearchLimits, find_remedies
from ofncore.permissions.resources import Resource
from ofncore.permissions.switches import find_switches
from ofncore.permissions.telling.known import knows_cycle, sees, unknown_to
from ofncore.permissions.telling.names import Key, parts_of, records_in

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
    #: For a no: each of these switches of the shop would make it a yes by itself.
    settings: tuple[SettingFact, ...] = ()
    #: What of the question is not known.
    unknown: tuple[Problem, ...] = ()
    #: Records in the key of the resource whose names are not for the reader: they are called by their ids, as asked.
    nameless: frozenset[Key] = frozenset()

    @property
    def is_final(self) -> bool:
        """Whether it is a no about what is known, and no role, no grant and no switch of a shop can lift it."""
        return not (self.allowed or self.unknown or self.remedies or self.settings) and self.is_complete


def answer(asker: Asker, action: Action, resource: Resource, limits: SearchLimits = LIMITS) -> Answer:
    """Return everything there is to say about whether the actor of *asker* may do *action* to *resource*.

    A no costs a search (see `ofncore.permissions.remedies.find_remedies`); it tells the switches of a shop too that
    would lift it (`ofncore.permissions.switches.find_switches`).

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
        because=decision.because,
        remedies=found.sets,
        is_complete=found.is_complete,
        settings=find_switches(asker, action, resource),
        unknown=tuple(each for each in decision.problems if each.code == Code.UNKNOWN_RECORD),
    )


def for_actor(full: Answer, asker: Asker) -> Answer:
    """Return what of the *full* answer its actor may know; *asker* is the one that gave it.

    A no about what the actor does not know is just what it would be if that did not exist. Remedies that differ only in
    what is withheld become one. Switches are told of shops that the actor sees.
    """
    reader = _Reader(asker, full.resource)
    unknown = () if full.allowed else unknown_to(asker, full.resource)
    if unknown:
        nothing = attrs.evolve(full, because=(), remedies=(), is_complete=True, settings=())
        return attrs.evolve(nothing, unknown=unknown, nameless=frozenset(parts_of(full.resource)))
    return attrs.evolve(
        full,
        because=reader.told(full.because),
        remedies=tuple(dict.fromkeys(reader.told(each) for each in full.remedies)),
        settings=tuple(each for each in full.settings if reader.may_know(each)),
        nameless=frozenset(each for each in parts_of(full.resource) if not reader.may_name(each)),
    )


@attrs.frozen
class _Reader:
    """Tells what the actor may know of facts about one thing."""

    asker: Asker
    resource: Resource

    def told(self, facts: Iterable[Told]) -> tuple[Told, ...]:
        """Return *facts*, each that the actor may not know replaced; all of those together by one."""
        return tuple(dict.fromkeys(each if self.may_know(each) else Withheld.FACT for each in facts))

    def may_name(self, record: Key) -> bool:
        """Whether the actor may know what *record* is called."""
        kind, key = record
        match kind:
            case "enterprise":
                return key not in self.asker.snapshot.enterprises or sees(self.asker, EnterpriseId(key), self.resource)
            case "order_cycle":
                return knows_cycle(self.asker, OrderCycleId(key))
            case _:
                return True

    def may_know(self, fact: Told) -> bool:
        """Whether the actor may be told of *fact*."""
        if isinstance(fact, Withheld):
            return True
        own = self.asker.snapshot.relations.managed_by(self.asker.actor)
        if isinstance(fact, GrantFact) and own.isdisjoint((fact.grantor, fact.grantee)):
            return False
        return all(map(self.may_name, records_in(fact, self.resource)))
