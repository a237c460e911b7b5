"""Who manages what, and who granted what to whom, ready to be asked.

Grants are never symmetric and never passed on. Only the manager role counts; an owner acts if also a manager.

Source:
    PERM-1.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from types import MappingProxyType
from typing import Final, Self

import attrs

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import EnterpriseId, GrantId, UserId
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.user import User
from ofncore.permissions.pairs import Pairs

_NONE: Final[frozenset[EnterpriseId]] = frozenset()


@attrs.frozen(kw_only=True, slots=False)
class Relations:
    """An immutable picture of users, enterprises and grants."""

    users: Mapping[UserId, User]
    enterprises: Mapping[EnterpriseId, Enterprise]
    grants: Collection[PermissionGrant]

    @classmethod
    def of(cls, *, users: Iterable[User], enterprises: Iterable[Enterprise], grants: Iterable[PermissionGrant]) -> Self:
        """Take over the given facts; each index over them is made once, when it is first needed."""
        return cls(
            users=MappingProxyType({user.id: user for user in users}),
            enterprises=MappingProxyType({enterprise.id: enterprise for enterprise in enterprises}),
            grants=tuple(grants),
        )

    def with_indexes(
        self,
        *,
        roles: Pairs[EnterpriseId, UserId],
        owners: Pairs[EnterpriseId, UserId],
        granted: Mapping[Permission, Pairs[EnterpriseId, EnterpriseId]],
        partners: Pairs[EnterpriseId, EnterpriseId],
        grants_by_id: Mapping[GrantId, PermissionGrant],
        grantors: Pairs[GrantId, EnterpriseId],
        grantees: Pairs[GrantId, EnterpriseId],
        by_pair: Mapping[tuple[EnterpriseId, EnterpriseId], PermissionGrant],
    ) -> Self:
        """Return the same facts with indexes over them that were made elsewhere.

        Args:
            roles: Each enterprise with its managers.
            owners: Each enterprise with its owner.
            granted: For each permission, who granted it with whom it was granted to.
            partners: Who granted anything with whom it was granted to.
            grants_by_id: Every grant.
            grantors: Each grant with who gives it.
            grantees: Each grant with who gets it.
            by_pair: The grant of each grantor to each grantee.
        """
        indexed = attrs.evolve(self)
        vars(indexed).update(_roles=roles, _owners=owners, _granted=granted, _partners=partners, _by_pair=by_pair)
        vars(indexed).update(grants_by_id=grants_by_id, grantors=grantors, grantees=grantees)
        return indexed

    def with_settings(self, enterprise: Enterprise) -> Self:
        """Return the same facts with the settings of *enterprise*, of which all else is as it was.

        It shares every index: none follows from settings.
        """
        # What is read as far as it is looked at is not gone through.
        enterprises: Mapping[EnterpriseId, Enterprise] = ChainMap({enterprise.id: enterprise}, self.enterprises)  # type: ignore[arg-type]  # it is not written to
        changed = attrs.evolve(self, enterprises=enterprises)
        vars(changed).update({name: each for name, each in vars(self).items() if name != "enterprises"})
        return changed

    def is_admin(self, actor: Actor) -> bool:
        """Whether *actor* is an administrator, who manages every enterprise."""
        user = self.user_of(actor)
        return user is not None and user.is_admin

    def manages(self, actor: Actor, enterprise: EnterpriseId) -> bool:
        """Whether *actor* manages *enterprise*; an unknown user or enterprise gives no."""
        user = self.user_of(actor)
        found = self.enterprises.get(enterprise)
        return user is not None and found is not None and (user.is_admin or user.id in found.managers)

    def managed_by(self, actor: Actor) -> AbstractSet[EnterpriseId]:
        """Return what *actor* manages: everything for an administrator; `M` in PERM-1."""
        return self.enterprises.keys() if self.is_admin(actor) else self.held_by(actor)

    def held_by(self, actor: Actor) -> AbstractSet[EnterpriseId]:
        """Return the enterprises in which *actor* has the manager role, administrator or not; `R` in PERM-1."""
        user = self.user_of(actor)
        return _NONE if user is None else self._roles.lefts_of(user.id)

    def owned_by(self, user: UserId) -> AbstractSet[EnterpriseId]:
        """Return what *user* owns."""
        return self._owners.lefts_of(user)

    def grantors_to(self, grantee: EnterpriseId, permission: Permission) -> AbstractSet[EnterpriseId]:
        """Return the enterprises that granted *permission* to *grantee*."""
        return self._granted[permission].lefts_of(grantee)

    def grantees_of(self, grantor: EnterpriseId, permission: Permission) -> AbstractSet[EnterpriseId]:
        """Return the enterprises to which *grantor* granted *permission*."""
        return self._granted[permission].rights_of(grantor)

    def grant_between(self, grantor: EnterpriseId, grantee: EnterpriseId) -> PermissionGrant | None:
        """Return the one grant of *grantor* to *grantee*, if there is one (PERM-1)."""
        return self._by_pair.get((grantor, grantee))

    def partners_of(self, enterprise: EnterpriseId) -> AbstractSet[EnterpriseId]:
        """Return who has a grant from *enterprise* or gave one to it, whatever is granted."""
        return self._partners.lefts_of(enterprise) | self._partners.rights_of(enterprise)

    def may_sell_for(self, seller: EnterpriseId, supplier: EnterpriseId) -> bool:
        """Whether *seller* may put goods of *supplier* into its cycles and shop: its own, or by grant (PERM-G14)."""
        return seller == supplier or supplier in self.grantors_to(seller, Permission.ADD_TO_ORDER_CYCLE)

    def name_of(self, enterprise: EnterpriseId) -> str:
        """Return the name of *enterprise*, or its id if it is unknown."""
        found = self.enterprises.get(enterprise)
        return found.name if found else enterprise

    def user_of(self, actor: Actor) -> User | None:
        """Return the user that *actor* is; None for another kind of actor, and for an unknown user."""
        return self.users.get(UserId(actor.id)) if actor.kind is ActorKind.USER else None

    @cached_property
    def grants_by_id(self) -> Mapping[GrantId, PermissionGrant]:
        """Every known grant."""
        return {each.id: each for each in self.grants}

    @cached_property
    def grantors(self) -> Pairs[GrantId, EnterpriseId]:
        """Each grant with who gives it."""
        return Pairs.of((each.id, each.grantor) for each in self.grants)

    @cached_property
    def grantees(self) -> Pairs[GrantId, EnterpriseId]:
        """Each grant with who gets it."""
        return Pairs.of((each.id, each.grantee) for each in self.grants)

    @cached_property
    def _by_pair(self) -> Mapping[tuple[EnterpriseId, EnterpriseId], PermissionGrant]:
        return {(grant.grantor, grant.grantee): grant for grant in self.grants}

    @cached_property
    def _partners(self) -> Pairs[EnterpriseId, EnterpriseId]:
        return Pairs.of((grant.grantor, grant.grantee) for grant in self.grants)

    @cached_property
    def _granted(self) -> Mapping[Permission, Pairs[EnterpriseId, EnterpriseId]]:
        pairs: dict[Permission, list[tuple[EnterpriseId, EnterpriseId]]] = {permission: [] for permission in Permission}
        for grant in self.grants:
            for permission in grant.permissions:
                pairs[permission].append((grant.grantor, grant.grantee))
        return {permission: Pairs.of(found) for permission, found in pairs.items()}

    @cached_property
    def _roles(self) -> Pairs[EnterpriseId, UserId]:
        return Pairs.of((each.id, user) for each in self.enterprises.values() for user in each.managers)

    @cached_property
    def _owners(self) -> Pairs[EnterpriseId, UserId]:
        return Pairs.of((each.id, each.owner) for each in self.enterprises.values())
