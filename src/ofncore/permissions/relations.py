"""Who manages what, and who granted what to whom, ready to be asked.

Grants are never symmetric and never passed on. Only the manager role counts; an owner acts if also a manager.

Source:
    PERM-1.
"""

from collections.abc import Iterable, Mapping
from typing import Self

import attrs

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.user import User


@attrs.frozen(kw_only=True)
class Relations:
    """An immutable picture of users, enterprises and grants."""

    users: Mapping[UserId, User]
    enterprises: Mapping[EnterpriseId, Enterprise]
    #: (permission, grantee) -> the enterprises that granted it.
    _grantors: Mapping[tuple[Permission, EnterpriseId], frozenset[EnterpriseId]]

    @classmethod
    def of(cls, *, users: Iterable[User], enterprises: Iterable[Enterprise], grants: Iterable[PermissionGrant]) -> Self:
        """Index the given facts once."""
        grantors: dict[tuple[Permission, EnterpriseId], set[EnterpriseId]] = {}
        for grant in grants:
            for permission in grant.permissions:
                grantors.setdefault((permission, grant.grantee), set()).add(grant.grantor)
        return cls(
            users={user.id: user for user in users},
            enterprises={enterprise.id: enterprise for enterprise in enterprises},
            grantors={key: frozenset(found) for key, found in grantors.items()},
        )

    def is_admin(self, actor: Actor) -> bool:
        """Whether *actor* is an administrator, who manages every enterprise."""
        user = self._user(actor)
        return user is not None and user.is_admin

    def manages(self, actor: Actor, enterprise: EnterpriseId) -> bool:
        """Whether *actor* manages *enterprise*; an unknown user or enterprise gives no."""
        user = self._user(actor)
        found = self.enterprises.get(enterprise)
        return user is not None and found is not None and (user.is_admin or user.id in found.managers)

    def grantors_to(self, grantee: EnterpriseId, permission: Permission) -> frozenset[EnterpriseId]:
        """Return the enterprises that granted *permission* to *grantee*."""
        return self._grantors.get((permission, grantee), frozenset())

    def may_sell_for(self, seller: EnterpriseId, supplier: EnterpriseId) -> bool:
        """Whether *seller* may put goods of *supplier* into its cycles and shop: its own, or by grant (PERM-G14)."""
        return seller == supplier or supplier in self.grantors_to(seller, Permission.ADD_TO_ORDER_CYCLE)

    def name_of(self, enterprise: EnterpriseId) -> str:
        """Return the name of *enterprise*, or its id if it is unknown."""
        found = self.enterprises.get(enterprise)
        return found.name if found else enterprise

    def _user(self, actor: Actor) -> User | None:
        return self.users.get(UserId(actor.id)) if actor.kind is ActorKind.USER else None
