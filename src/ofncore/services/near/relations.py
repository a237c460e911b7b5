"""Users, enterprises and grants, read as far as rules look."""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any, Final, TypeVar

from ofncore.kernel.ids import EnterpriseId, GrantId, UserId
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.user import User
from ofncore.permissions.pairs import Pairs
from ofncore.permissions.relations import Relations
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.near.gathering import Gathered, LookedUp, Stored, pairs_of

K = TypeVar("K", bound=str)
V = TypeVar("V")
_Pair = tuple[EnterpriseId, EnterpriseId]


class NearRelations:
    """What is read of users, enterprises and grants. Records of the enterprises of one user are read together."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit: Final = unit
        self._by_enterprise: Final[list[Gathered[EnterpriseId, Any]]] = []
        self.users: Final[Stored[UserId, User]] = Stored(unit.users.get_many, unit.users.all)
        self.enterprises: Final[Stored[EnterpriseId, Enterprise]] = Stored(unit.enterprises.get_many, self._all)
        self.grants: Final[Stored[GrantId, PermissionGrant]] = Stored(
            unit.grants.get_many, unit.grants.all, self._expect_sides
        )
        self._of_user: Final = self.enterprises.gathered(self._of_users, _people)
        self.grants_of: Final = self.by_enterprise(self.grants, unit.grants.of_enterprises, _sides)

    def by_enterprise(
        self,
        records: Stored[K, V],
        read: Callable[[Collection[EnterpriseId]], Iterable[V]],
        parts: Callable[[V], Iterable[EnterpriseId]],
    ) -> Gathered[EnterpriseId, V]:
        """Return *records* by the enterprises that have a part in them."""
        found = records.gathered(read, parts)
        self._by_enterprise.append(found)
        return found

    def expect(self, enterprises: Collection[EnterpriseId]) -> None:
        """Read *enterprises* together, and their grants."""
        self.enterprises.expect(enterprises)
        self.grants_of.expect(enterprises)

    @cached_property
    def relations(self) -> Relations:
        """What rules are given."""
        grants = self.grants.values()
        return Relations(users=self.users, enterprises=self.enterprises, grants=grants).with_indexes(
            roles=self.enterprises.pairs(lambda each: each.managers, self._of_user.of),
            owners=self.enterprises.pairs(lambda each: (each.owner,), self._of_user.of),
            granted={permission: self._granted(permission) for permission in Permission},
            partners=self._between(lambda each: [_pair(each)]),
            grants_by_id=self.grants,
            grantors=self.grants.pairs(lambda each: (each.grantor,), self.grants_of.of),
            grantees=self.grants.pairs(lambda each: (each.grantee,), self.grants_of.of),
            by_pair=LookedUp(self._of_pair, lambda: {_pair(each): None for each in grants}),
        )

    def _granted(self, permission: Permission) -> Pairs[EnterpriseId, EnterpriseId]:
        return self._between(lambda each: [_pair(each)] if permission in each.permissions else [])

    def _between(self, pairs: Callable[[PermissionGrant], Iterable[_Pair]]) -> Pairs[EnterpriseId, EnterpriseId]:
        return pairs_of(self.grants, pairs, self.grants_of.of, self.grants_of.of)

    def _of_pair(self, pair: _Pair) -> PermissionGrant | None:
        found = [each for each in self.grants_of.of(pair[0]) if _pair(each) == pair]
        return found[-1] if found else None

    def _of_users(self, users: Iterable[UserId]) -> list[Enterprise]:
        return self._near([each for user in users for each in self._unit.enterprises.of_user(user)])

    def _all(self) -> list[Enterprise]:
        return self._near(self._unit.enterprises.all())

    def _near(self, enterprises: Iterable[Enterprise]) -> list[Enterprise]:
        """Note that all sorts of records of *enterprises* may be asked for."""
        found = list(enterprises)
        for records in self._by_enterprise:
            records.expect([each.id for each in found])
        return found

    def _expect_sides(self, grants: Iterable[PermissionGrant]) -> None:
        self.enterprises.expect({side for each in grants for side in _pair(each)})


def _people(enterprise: Enterprise) -> Iterable[UserId]:
    return (enterprise.owner, *enterprise.managers)


def _pair(grant: PermissionGrant) -> _Pair:
    return grant.grantor, grant.grantee


#: Both have a part in a grant.
_sides: Final = _pair
