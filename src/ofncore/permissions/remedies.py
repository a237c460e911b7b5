"""What would turn a no into a yes: the smallest sets of roles and grants.

The search is led by the rule that says no. It tries no facts but those that the rule looked for and did not find, one
more at a time, so it meets every set in which no fact is idle. Each set that it returns was checked, and so was each
part of it.

Source:
    PERM-12 (decision shape, property 9).
"""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ofncore.kernel.ids import EnterpriseId, OrderCycleId, UserId
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.concerned import concerned
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.resources import WHEREABOUTS, Resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View
from ofncore.permissions.watched import WatchedRelations

#: Facts that would allow something together, the smaller rights first.
Remedy = tuple[Role, ...]

#: A grant gives the least away, then a role in one enterprise, then its ownership, then the whole platform.
_RANKS: Final[tuple[type[Role], ...]] = (GrantFact, ManagesFact, OwnsFact, AdminFact)
#: In a network of up to this many enterprises, any of them may come into a remedy.
_SMALL: Final = 12


@attrs.frozen(kw_only=True)
class SearchLimits:
    """How far to look."""

    #: How many facts a remedy has at most.
    facts: int = attrs.field(default=3, validator=attrs.validators.ge(0))
    #: How many remedies are wanted at most.
    remedies: int = attrs.field(default=5, validator=attrs.validators.ge(1))
    #: How many sets of facts are tried at most.
    tries: int = attrs.field(default=5_000, validator=attrs.validators.ge(1))


LIMITS: Final = SearchLimits()


@attrs.frozen(kw_only=True)
class Remedies:
    """What would allow something that is refused."""

    #: Each would do, and no part of it would; the smallest first.
    sets: tuple[Remedy, ...] = ()
    #: Whether all sets within the limit of facts were looked at. If so and there is none, nothing lifts the no.
    is_complete: bool = True


def find_remedies(asker: Asker, action: Action, resource: Resource, limits: SearchLimits = LIMITS) -> Remedies:
    """Return what would let the actor of *asker* do *action* to *resource*; nothing if they may already.

    Only users can be given roles; for another actor, an unknown one, or an unknown resource there is no remedy.
    Administrators are people too: being one is the last of the remedies of one fact. In a large network, remedies are
    put together from the enterprises that *resource* concerns, those of its cycle, and those that the actor manages.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    view = asker.view_of(resource)
    if asker.may(action, resource) or view is None or view.user is None:
        return Remedies()
    near = _near(asker, resource, view)
    return _Search(asker=asker, action=action, resource=resource, near=near, limits=limits).run()


def _near(asker: Asker, resource: Resource, view: View) -> tuple[EnterpriseId, ...]:
    """The enterprises that may come into a remedy where the rule would take any; all of them if none is nearer."""
    snapshot, found = asker.snapshot, concerned(resource, view)
    if not found or len(snapshot.enterprises) <= _SMALL:
        return tuple(snapshot.enterprises)
    others = (*_of_cycle(resource, snapshot), *snapshot.relations.held_by(asker.actor))
    return tuple(dict.fromkeys((*found, *others)))


def _of_cycle(resource: Resource, snapshot: Snapshot) -> Iterable[EnterpriseId]:
    if not WHEREABOUTS[resource.kind].in_cycle:
        return ()
    cycle = OrderCycleId(resource.key[0])
    return (*snapshot.suppliers.rights_of(cycle), *snapshot.distributors.rights_of(cycle))


def _rank(fact: Role) -> int:
    return _RANKS.index(type(fact))


def _greatest_first(facts: Iterable[Role]) -> list[int]:
    return sorted(map(_rank, facts), reverse=True)


@attrs.frozen(kw_only=True)
class _Search:
    """One search, breadth first: all sets of one size are tried before any larger one."""

    asker: Asker
    action: Action
    resource: Resource
    near: tuple[EnterpriseId, ...]
    limits: SearchLimits

    def run(self) -> Remedies:
        found: list[frozenset[Role]] = []
        level: Iterable[frozenset[Role]] = [frozenset()]
        tries = 0
        for _ in range(self.limits.facts + 1):
            following: dict[frozenset[Role], None] = {}
            for facts in level:
                if any(each <= facts for each in found):
                    continue
                if tries == self.limits.tries or len(found) == self.limits.remedies:
                    return self._remedies(found, is_complete=False)
                tries += 1
                missed = self._missed(facts)
                if missed is None:
                    found.append(facts)
                else:
                    following.update(dict.fromkeys(facts | {each} for each in missed if each not in facts))
            level = sorted(following, key=_greatest_first)
        return self._remedies(found, is_complete=True)

    def _missed(self, facts: frozenset[Role]) -> Iterator[Role] | None:
        """Return which further facts are looked for if *facts* are so; None if they do."""
        asker, user = self.asker, UserId(self.asker.actor.id)
        relations = WatchedRelations.supposing(asker.snapshot.relations, user, facts, self.near)
        supposing = attrs.evolve(asker, snapshot=asker.snapshot.with_relations(relations))
        return None if supposing.may(self.action, self.resource) else iter((*relations.missed, AdminFact(user)))

    def _remedies(self, found: Iterable[frozenset[Role]], *, is_complete: bool) -> Remedies:
        sets = tuple(tuple(sorted(each, key=lambda fact: (_rank(fact), str(fact)))) for each in found)
        return Remedies(sets=sets, is_complete=is_complete)
