"""Sets of enterprises: by role, by grant, by kind.

Source:
    PERM-1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.kernel.ids import EnterpriseId
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.grant import Permission
from ofncore.permissions.facts import AdminFact, Facts, GrantFact, Kind, KindFact, ManagesFact, OwnsFact
from ofncore.permissions.rules.scopes import Scope, Test
from ofncore.permissions.view import View

Enterprises = Scope[EnterpriseId]


class _Managed(Enterprises):
    def each(self, view: View) -> Iterator[EnterpriseId]:
        return iter(view.managed)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        if key not in view.managed:
            return None
        return (AdminFact(view.user_id),) if view.is_admin else (ManagesFact(view.user_id, key),)

    def among(self, view: View, keys: Iterable[EnterpriseId]) -> Iterator[EnterpriseId]:
        return filter(view.managed.__contains__, keys)


class _Held(Enterprises):
    def each(self, view: View) -> Iterator[EnterpriseId]:
        return iter(view.held)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        return (ManagesFact(view.user_id, key),) if key in view.held else None


class _Owned(Enterprises):
    def each(self, view: View) -> Iterator[EnterpriseId]:
        return iter(view.owned)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        return (OwnsFact(view.user_id, key),) if key in view.owned else None


#: `M`: what the actor manages; everything for an administrator.
MANAGED: Final = _Managed()
#: `R`: where the actor has the manager role, administrator or not.
HELD: Final = _Held()
#: What the actor owns.
OWNED: Final = _Owned()


@attrs.frozen
class Grantors(Enterprises):
    """Who granted a permission to one of some enterprises; `from` in PERM-1."""

    permission: Permission
    grantees: Enterprises

    def each(self, view: View) -> Iterator[EnterpriseId]:
        for grantee in self.grantees.each(view):
            yield from view.snapshot.relations.grantors_to(grantee, self.permission)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        for grantee in view.snapshot.relations.grantees_of(key, self.permission):
            facts = self.grantees.why(view, grantee)
            if facts is not None:
                return (GrantFact(key, grantee, self.permission), *facts)
        return None


@attrs.frozen
class Grantees(Enterprises):
    """To whom one of some enterprises granted a permission; `to` in PERM-1."""

    permission: Permission
    grantors: Enterprises

    def each(self, view: View) -> Iterator[EnterpriseId]:
        for grantor in self.grantors.each(view):
            yield from view.snapshot.relations.grantees_of(grantor, self.permission)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        for grantor in view.snapshot.relations.grantors_to(key, self.permission):
            facts = self.grantors.why(view, grantor)
            if facts is not None:
                return (GrantFact(grantor, key, self.permission), *facts)
        return None


_IS: Final[Mapping[Kind, Callable[[Enterprise], bool]]] = MappingProxyType(
    {
        Kind.PRODUCER: lambda each: each.is_producer,
        Kind.HUB: lambda each: each.is_hub,
        Kind.SHOP: lambda each: each.is_shop,
        Kind.NOT_CLOSED: lambda each: each.sells is not Sells.NONE,
        Kind.PLAIN_PRODUCER: lambda each: each.is_producer and each.sells is Sells.NONE,
        Kind.NO_PROFILE: lambda each: each.is_producer or each.sells is not Sells.NONE,
    }
)


@attrs.frozen
class _Is(Test[EnterpriseId]):
    kind: Kind

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        enterprise = view.snapshot.enterprises.get(key)
        return (KindFact(key, self.kind),) if enterprise is not None and _IS[self.kind](enterprise) else None

    def among(self, view: View, keys: Iterable[EnterpriseId]) -> Iterator[EnterpriseId]:
        known, is_so = view.snapshot.enterprises, _IS[self.kind]
        return (key for key in keys if key in known and is_so(known[key]))


#: What enterprises may be.
PRODUCER, HUB, SHOP, NOT_CLOSED, PLAIN_PRODUCER, NO_PROFILE = map(_Is, Kind)
