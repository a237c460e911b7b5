"""Giving, changing and taking back what one enterprise allows another.

There is one grant for each ordered pair, holding a set of permissions; the reverse pair is another one. A grant is for
its grantor to give; either side may take from it, or end it.

Source:
    PERM-1, PERM-6, PERM-10 (`grant-rights`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any, Final, Self

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, GrantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import GrantChanged
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.actions import GrantAction
from ofncore.permissions.asking import check
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot

#: Two permissions of which a grant holds at most one (PERM-1).
EXCLUSIVE: Final = (Permission.CREATE_VARIANT_OVERRIDES, Permission.CREATE_LINKED_VARIANTS)


class GrantStep(StrEnum):
    """What is to happen to the grant of a pair, by the names of the acts of `network.grants`."""

    #: A pair that has none gets one.
    CREATE = "create"
    #: An existing one holds other permissions from now on, perhaps none.
    CHANGE = "change"
    #: It ends.
    DESTROY = "destroy"


def as_step(value: GrantStep | str) -> GrantStep:
    """Return the step that *value* is, or that its text names.

    Raises:
        ValueError: it names none.
    """
    if value not in tuple(GrantStep):
        message = f"step must be one of {', '.join(map(repr, map(str, GrantStep)))}, not {value!r}"
        raise ValueError(message)
    return GrantStep(value)


def as_permissions(value: Iterable[Permission | str]) -> frozenset[Permission]:
    """Return the permissions that *value* holds, themselves or their texts.

    Raises:
        ValueError: something in it names no permission.
        TypeError: it is one text, a mapping, or nothing that holds any.
    """
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        message = f"permissions must be a collection of them, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    return frozenset(map(_as_permission, value))


def _as_permission(value: Permission | str) -> Permission:
    if value not in tuple(Permission):
        message = f"each of permissions must be one of {', '.join(map(repr, map(str, Permission)))}, not {value!r}"
        raise ValueError(message)
    return Permission(value)


def _is_text(_change: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    check_type(str, **{attribute.name: value})


@attrs.frozen(kw_only=True)
class GrantChange:
    """What somebody asks for: a step for the grant of *grantor* to *grantee*.

    Raises:
        ValueError: the text of a step or of a permission names none.
        TypeError: an enterprise is no text; the permissions are one text, or no collection.
    """

    #: A step, or its text.
    step: GrantStep = attrs.field(converter=as_step)
    grantor: EnterpriseId = attrs.field(validator=_is_text)
    grantee: EnterpriseId = attrs.field(validator=_is_text)
    #: All that the grant holds afterwards, perhaps nothing; for one that ends it is left out.
    permissions: frozenset[Permission] = attrs.field(default=frozenset(), converter=as_permissions)


@attrs.frozen(kw_only=True)
class GrantPlan:
    """The grant of one pair as it is, and as it will be; `ofncore.cycles.withdrawing` tells what follows from it."""

    grantor: EnterpriseId
    grantee: EnterpriseId
    #: None if there is none.
    before: PermissionGrant | None
    #: None if it ends.
    after: PermissionGrant | None

    @classmethod
    def giving(cls, grant: PermissionGrant) -> Self:
        """Return the plan by which a pair that has none gets *grant*."""
        return cls(grantor=grant.grantor, grantee=grant.grantee, before=None, after=grant)

    @property
    def withdrawn(self) -> frozenset[Permission]:
        """What was granted and is not any more."""
        return _held(self.before) - _held(self.after)

    @property
    def added(self) -> frozenset[Permission]:
        """What is granted and was not."""
        return _held(self.after) - _held(self.before)

    @property
    def changes(self) -> bool:
        """Whether anything is different afterwards."""
        return self.before != self.after


def plan_grant(
    change: GrantChange, snapshot: Snapshot, *, actor: Actor, profile: Profile = PRODUCT
) -> GrantPlan | Refusal:
    """Decide *change* by *actor*. Nothing of it is kept unless all of it is.

    Returns:
        The plan; or a refusal: the actor manages nobody that may do it (`NEEDS_MANAGER`), an enterprise or the grant is
        not known (`UNKNOWN_RECORD`), the pair has a grant already (`GRANT_EXISTS`), or both inventory permissions are
        asked for (`EXCLUSIVE_PERMISSIONS`).
    """
    before = snapshot.relations.grant_between(change.grantor, change.grantee)
    decision = _check(change, before, snapshot, actor, profile)
    problems = decision.problems or tuple(_problems(change, before, snapshot.relations))
    if problems:
        return Refusal(problems)
    return GrantPlan(grantor=change.grantor, grantee=change.grantee, before=before, after=_after(change, before))


def _check(
    change: GrantChange, before: PermissionGrant | None, snapshot: Snapshot, actor: Actor, profile: Profile
) -> Decision:
    """Who gives anything acts for the grantor; to take is for either side. Of no grant, nothing can be taken."""
    if before is None or (change.step is not GrantStep.DESTROY and change.permissions - _held(before)):
        # Either side may end what there is, so each may learn that there is nothing (any more).
        ends_nothing = change.step is GrantStep.DESTROY and snapshot.relations.manages(actor, change.grantee)
        side = change.grantee if ends_nothing else change.grantor
        key = resource(ResourceKind.ENTERPRISE, side)
        return check(actor, GrantAction.GRANT, key, snapshot, profile, path="$.grantor")
    return check(actor, GrantAction.WITHDRAW, resource(ResourceKind.GRANT, before.id), snapshot, profile)


def _problems(change: GrantChange, before: PermissionGrant | None, relations: Relations) -> Iterator[Problem]:
    if change.grantee not in relations.enterprises:
        yield problem(Code.UNKNOWN_RECORD, "$.grantee", kind="enterprise", id=change.grantee)
    if before is None and change.step is not GrantStep.CREATE:
        yield problem(Code.UNKNOWN_RECORD, kind="grant", id=joined_id(change.grantor, change.grantee))
    if before is not None and change.step is GrantStep.CREATE:
        names = relations.name_of(change.grantor), relations.name_of(change.grantee)
        yield problem(Code.GRANT_EXISTS, grantor=names[0], grantee=names[1])
    if change.permissions.issuperset(EXCLUSIVE):
        permission, other = EXCLUSIVE
        yield problem(Code.EXCLUSIVE_PERMISSIONS, "$.permissions", permission=permission, other=other)


def _after(change: GrantChange, before: PermissionGrant | None) -> PermissionGrant | None:
    if change.step is GrantStep.DESTROY:
        return None
    if before is not None:
        return attrs.evolve(before, permissions=change.permissions)
    return _grant(change.grantor, change.grantee, change.permissions)


def _grant(grantor: EnterpriseId, grantee: EnterpriseId, permissions: Iterable[Permission]) -> PermissionGrant:
    # The id comes from the pair, of which there is one grant at most.
    key = GrantId(joined_id(grantor, grantee))
    return PermissionGrant(id=key, grantor=grantor, grantee=grantee, permissions=tuple(permissions))


def _held(grant: PermissionGrant | None) -> frozenset[Permission]:
    return frozenset(grant.permissions) if grant else frozenset()


def grant_changed(plan: GrantPlan, *, actor: Actor, now: datetime) -> GrantChanged:
    """Return the event that the grant of *plan* is something else from *now* on, by *actor*."""
    permissions = plan.after.permissions if plan.after else ()
    return GrantChanged(
        grantor=plan.grantor,
        grantee=plan.grantee,
        permissions=permissions,
        actor=actor,
        at=now,
        occasion=joined_id(iso(now), *permissions),
    )


def grants_of_new_enterprise(new: Enterprise, enterprises: Iterable[Enterprise]) -> tuple[PermissionGrant, ...]:
    """Return the grants that come with the *new* enterprise: to and from *enterprises* of the same owner.

    It lets each hub of its owner sell its goods, and if it is a producer, keep own prices and stock of them. If it is a
    hub, each producer of its owner lets it do both.

    Source:
        PERM-6 (new enterprise).
    """
    others = [each for each in enterprises if each.owner == new.owner and each.id != new.id]
    overridden = (Permission.CREATE_VARIANT_OVERRIDES,) if new.is_producer else ()
    given = (_grant(new.id, hub.id, (Permission.ADD_TO_ORDER_CYCLE, *overridden)) for hub in others if hub.is_hub)
    taken = (
        _grant(each.id, new.id, (Permission.ADD_TO_ORDER_CYCLE, Permission.CREATE_VARIANT_OVERRIDES))
        for each in others
        if each.is_producer and new.is_hub
    )
    return tuple(chain(given, taken))
