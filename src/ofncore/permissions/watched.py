"""Relations in which some facts are supposed, and which notice what else they were asked for.

A rule says no because of facts that it looked for and did not find. Any set of facts that would turn the no into a yes
holds one of those: without it, the rule would look at the same things and say the same.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.model.grant import Permission
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.granting import EXCLUSIVE
from ofncore.permissions.relations import Relations

_OTHER: Final = dict(zip(EXCLUSIVE, reversed(EXCLUSIVE), strict=True))


@attrs.frozen(eq=False)
class _AskedSet(AbstractSet[EnterpriseId]):
    """A set of enterprises that tells whom it was asked about in vain."""

    _found: AbstractSet[EnterpriseId]
    _more: tuple[EnterpriseId, ...]
    _miss: Callable[[EnterpriseId], None]
    #: Whom it is asked about when it is gone through.
    _near: tuple[EnterpriseId, ...]

    def __contains__(self, key: object) -> bool:
        if key in self._found or key in self._more:
            return True
        self._miss(key)  # type: ignore[arg-type]  # a set of ids is asked about ids
        return False

    def __iter__(self) -> Iterator[EnterpriseId]:
        for each in self._near:
            if each not in self._found and each not in self._more:
                self._miss(each)
        yield from self._found
        yield from (each for each in self._more if each not in self._found)

    def __len__(self) -> int:
        return len({*self._found, *self._more})


@attrs.frozen(kw_only=True, slots=False, eq=False)
class WatchedRelations(Relations):
    """What a question about *user* would find if *supposed* were so too."""

    base: Relations
    user: UserId
    supposed: frozenset[Role]
    #: Enterprises that may come in where any would do.
    near: tuple[EnterpriseId, ...]
    #: The facts that were looked for and are not there, in the order of the looking.
    missed: dict[Role, None] = attrs.field(factory=dict)

    @classmethod
    def supposing(
        cls, base: Relations, user: UserId, supposed: frozenset[Role], near: tuple[EnterpriseId, ...]
    ) -> "WatchedRelations":
        """Return *base* with *supposed*. It copies nothing that is large unless a fact is about who is what."""
        users, enterprises = base.users, base.enterprises
        if AdminFact(user) in supposed:
            users = {**users, user: attrs.evolve(users[user], is_admin=True)}
        owned = {each.enterprise for each in supposed if isinstance(each, OwnsFact)}
        if owned:
            changed = {key: attrs.evolve(enterprises[key], owner=user) for key in owned}
            enterprises = {**enterprises, **changed}
        return cls(
            users=users,
            enterprises=enterprises,
            grants=base.grants,
            base=base,
            user=user,
            supposed=supposed,
            near=near,
        )

    def managed_by(self, actor: Actor) -> AbstractSet[EnterpriseId]:
        """Return what *actor* manages, and notice which enterprises they would have to manage."""
        return self.enterprises.keys() if self.is_admin(actor) else self.held_by(actor)

    def held_by(self, actor: Actor) -> AbstractSet[EnterpriseId]:
        """Return where *actor* has the manager role, and notice where they would have to have it."""
        roles = (each.enterprise for each in self.supposed if isinstance(each, ManagesFact))
        return self._asked(self.base.held_by(actor), roles, lambda key: ManagesFact(self.user, key))

    def owned_by(self, user: UserId) -> AbstractSet[EnterpriseId]:
        """Return what *user* owns, and notice what they would have to own."""
        owned = (each.enterprise for each in self.supposed if isinstance(each, OwnsFact))
        return self._asked(self.base.owned_by(user), owned, lambda key: OwnsFact(self.user, key))

    def grantors_to(self, grantee: EnterpriseId, permission: Permission) -> AbstractSet[EnterpriseId]:
        """Return who granted *permission* to *grantee*, and notice who would have to."""
        grantors = (each.grantor for each in self._grants(permission) if each.grantee == grantee)
        found = self.base.grantors_to(grantee, permission)
        return self._asked(found, grantors, lambda key: GrantFact(key, grantee, permission))

    def grantees_of(self, grantor: EnterpriseId, permission: Permission) -> AbstractSet[EnterpriseId]:
        """Return to whom *grantor* granted *permission*, and notice to whom it would have to."""
        grantees = (each.grantee for each in self._grants(permission) if each.grantor == grantor)
        found = self.base.grantees_of(grantor, permission)
        return self._asked(found, grantees, lambda key: GrantFact(grantor, key, permission))

    def _grants(self, permission: Permission) -> Iterator[GrantFact]:
        for each in self.supposed:
            if isinstance(each, GrantFact) and each.permission is permission:
                yield each

    def _asked(
        self, found: AbstractSet[EnterpriseId], more: Iterable[EnterpriseId], fact: Callable[[EnterpriseId], Role]
    ) -> AbstractSet[EnterpriseId]:
        def miss(key: EnterpriseId) -> None:
            wanted = fact(key)
            if self._can_be(wanted, key):
                self.missed[wanted] = None

        return _AskedSet(found, tuple(sorted(more)), miss, self.near)

    def _can_be(self, fact: Role, key: EnterpriseId) -> bool:
        if not isinstance(fact, GrantFact):
            return key in self.base.enterprises
        known = {fact.grantor, fact.grantee} <= self.base.enterprises.keys()
        return known and fact.grantor != fact.grantee and not self._is_excluded(fact)

    def _is_excluded(self, fact: GrantFact) -> bool:
        """Whether the pair has the one permission beside which this one cannot be given (PERM-1)."""
        other = _OTHER.get(fact.permission)
        if other is None:
            return False
        held = fact.grantee in self.base.grantees_of(fact.grantor, other)
        return held or GrantFact(fact.grantor, fact.grantee, other) in self.supposed
