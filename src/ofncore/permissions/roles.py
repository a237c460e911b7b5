"""Who manages an enterprise, and who owns it: inviting, removing, handing over.

Only the manager role lets somebody act, the owner too (PERM-1). So an owner who manages goes on managing, an enterprise
that has managers keeps one, and a new owner becomes a manager; who owned it before stays one until removed. Nobody
gives up a role alone: like every other removal, that is for the owner to do. Grants stay as they are.

Source:
    PERM-1, PERM-8 (enterprise), PERM-11 (invitations).
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import Event, ManagerAdded, ManagerRemoved, OwnerChanged
from ofncore.permissions.actions import EnterpriseAction
from ofncore.permissions.asking import check
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True)
class EnterprisePlan:
    """An enterprise as it is, and as it will be."""

    before: Enterprise
    after: Enterprise
    #: What becomes true; nothing if nothing changes.
    events: tuple[Event, ...]


def plan_invitation(
    enterprise: EnterpriseId,
    user: UserId,
    snapshot: Snapshot,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EnterprisePlan | Refusal:
    """Decide whether *actor* makes *user*, who has an account, one more manager of *enterprise*.

    Who manages it already goes on doing so, and nothing changes.

    Returns:
        The plan; or a refusal: the actor has no role in it and is no administrator (`NEEDS_MANAGER`), or the enterprise
        or the user is not known (`UNKNOWN_RECORD`). Only who may invite is told which users there are.

    Source:
        PERM-8 (invite a manager), PERM-11.
    """
    wrong = _not_allowed(EnterpriseAction.INVITE_MANAGER, enterprise, snapshot, actor, profile)
    wrong = wrong or tuple(_unknown("$.user", user, snapshot.relations))
    if wrong:
        return Refusal(wrong)
    before = snapshot.enterprises[enterprise]
    return _planned(before, _with_manager(before, user), actor, now)


def plan_removal(
    enterprise: EnterpriseId,
    user: UserId,
    snapshot: Snapshot,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EnterprisePlan | Refusal:
    """Decide whether *actor* takes the role of a manager of *enterprise* from *user*.

    Of who does not manage it nothing is taken, and nothing changes.

    Returns:
        The plan; or a refusal: the actor is neither the owner nor an administrator (`NEEDS_OWNER`), the enterprise or
        the user is not known (`UNKNOWN_RECORD`), the user owns it (`OWNER_MANAGES`), or nobody would manage it
        (`LAST_MANAGER`). The last two hold for administrators too: hand it over, or invite somebody, first.

    Source:
        PERM-8 (remove a manager).
    """
    wrong = _not_allowed(EnterpriseAction.REMOVE_MANAGER, enterprise, snapshot, actor, profile)
    wrong = wrong or tuple(_removal_problems(enterprise, user, snapshot.relations))
    if wrong:
        return Refusal(wrong)
    before = snapshot.enterprises[enterprise]
    left = tuple(each for each in before.managers if each != user)
    return _planned(before, attrs.evolve(before, managers=left), actor, now)


def plan_transfer(
    enterprise: EnterpriseId,
    owner: UserId,
    snapshot: Snapshot,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EnterprisePlan | Refusal:
    """Decide whether *actor* hands *enterprise* over to *owner*, who becomes a manager too.

    Handed to who owns and manages it already, nothing changes. An owner without the role gets it so.

    Returns:
        The plan; or a refusal: the actor is neither the owner nor an administrator (`NEEDS_OWNER`), or the enterprise
        or the new owner is not known (`UNKNOWN_RECORD`).

    Source:
        PERM-8 (change owner).
    """
    wrong = _not_allowed(EnterpriseAction.TRANSFER, enterprise, snapshot, actor, profile)
    wrong = wrong or tuple(_unknown("$.owner", owner, snapshot.relations))
    if wrong:
        return Refusal(wrong)
    before = snapshot.enterprises[enterprise]
    return _planned(before, attrs.evolve(_with_manager(before, owner), owner=owner), actor, now)


def _not_allowed(
    action: EnterpriseAction, enterprise: EnterpriseId, snapshot: Snapshot, actor: Actor, profile: Profile
) -> tuple[Problem, ...]:
    asked = resource(ResourceKind.ENTERPRISE, enterprise)
    return check(actor, action, asked, snapshot, profile, path="$.enterprise").problems


def _unknown(path: str, user: UserId, relations: Relations) -> Iterator[Problem]:
    if user not in relations.users:
        yield problem(Code.UNKNOWN_RECORD, path, kind="user", id=user)


def _removal_problems(enterprise: EnterpriseId, user: UserId, relations: Relations) -> Iterator[Problem]:
    yield from _unknown("$.user", user, relations)
    found = relations.enterprises[enterprise]
    if user not in found.managers:
        return
    if user == found.owner:
        yield problem(Code.OWNER_MANAGES, "$.user", enterprise=found.name, user=relations.users[user].name)
    elif len(found.managers) == 1:
        yield problem(Code.LAST_MANAGER, "$.user", enterprise=found.name, user=relations.users[user].name)


def _with_manager(enterprise: Enterprise, user: UserId) -> Enterprise:
    return attrs.evolve(enterprise, managers=tuple(dict.fromkeys((*enterprise.managers, user))))


def _planned(before: Enterprise, after: Enterprise, actor: Actor, now: datetime) -> EnterprisePlan:
    return EnterprisePlan(before=before, after=after, events=tuple(_events(before, after, actor, now)))


def _events(before: Enterprise, after: Enterprise, actor: Actor, now: datetime) -> Iterator[Event]:
    key = before.id
    if after.owner != before.owner:
        occasion = joined_id(iso(now), after.owner)
        yield OwnerChanged(
            enterprise=key, owner=after.owner, former_owner=before.owner, actor=actor, at=now, occasion=occasion
        )
    for user in after.managers:
        if user not in before.managers:
            yield ManagerAdded(enterprise=key, user=user, actor=actor, at=now, occasion=joined_id(iso(now), user))
    for user in before.managers:
        if user not in after.managers:
            yield ManagerRemoved(enterprise=key, user=user, actor=actor, at=now, occasion=joined_id(iso(now), user))
