"""What a change of roles and grants would change: who could do what more, and what no more. Nothing is written.

Roles and grants alone are looked at here; `ofncore.cycles.carrying_out` adds what follows in cycles.

Source:
    PERM-12 (differences), PERM-6, PERM-8 (roles, see `ofncore.permissions.roles`).
"""

from collections.abc import Iterable, Iterator
from typing import get_args

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.permissions.capabilities import Capability, all_actors, permission_matrix
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.granting import EXCLUSIVE, GrantPlan
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import Resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.supposing import is_so, with_facts, without_facts


def _as_roles(value: Iterable[Role]) -> tuple[Role, ...]:
    check_type(Iterable, roles=value)
    roles = tuple(value)
    for each in roles:
        if not isinstance(each, get_args(Role)):
            message = f"a role or grant is one of {Role}, not {type(each).__name__} {each!r}"
            raise TypeError(message)
        # Facts are made for every yes, so they do not look at their ids themselves.
        check_type(str, **attrs.asdict(each))
    return roles


@attrs.frozen(kw_only=True)
class RoleChange:
    """Roles and grants that come, and some that go.

    Ownership goes by coming to somebody else. Whoever it comes to manages the enterprise too, also who owns it already.
    A grant that loses its last permission has ended.

    Raises:
        TypeError: something is no role and no grant, an id in one is no text, or one stands alone in the place of a
            collection.
    """

    added: tuple[Role, ...] = attrs.field(default=(), converter=_as_roles)
    removed: tuple[Role, ...] = attrs.field(default=(), converter=_as_roles)


@attrs.frozen(kw_only=True)
class CapabilityChange:
    """What some actors may do that they could not, and could do that they may no more."""

    gained: tuple[Capability, ...]
    lost: tuple[Capability, ...]
    #: What of the change is none: roles to be added that are there, roles to be removed that are not, or stay.
    without_effect: tuple[Role, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everybody may do what they could, and nothing else."""
        return not self.gained and not self.lost


def what_if(
    change: RoleChange, snapshot: Snapshot, *, actors: Iterable[Actor] | None = None, profile: Profile = PRODUCT
) -> CapabilityChange | Refusal:
    """Return what *change* would change for *actors*, by default for everybody in *snapshot*, if cycles stay the same.

    A large network is best asked about the few whom it concerns, in a snapshot of what is near.

    Returns:
        The difference; or the refusal of `changed_by`.

    Raises:
        NotFoundError: one of *actors* is not known.
    """
    after = changed_by(change, snapshot)
    if isinstance(after, Refusal):
        return after
    gained, lost = capability_changes(snapshot, after, actors=actors, profile=profile)
    return CapabilityChange(gained=gained, lost=lost, without_effect=idle_roles(change, snapshot, after))


def changed_by(change: RoleChange, snapshot: Snapshot) -> Snapshot | Refusal:
    """Return *snapshot* as it would be after *change*.

    Returns:
        The picture; or a refusal that names each role or grant that cannot be by its place, such as ``$.added[0]``: of
        an unknown user or enterprise (`UNKNOWN_RECORD`), an enterprise that grants something to itself
        (`GRANT_TO_SELF`), a second inventory permission for one grantee (`EXCLUSIVE_PERMISSIONS`), a second new owner
        of one enterprise (`DUPLICATE_ENTRY`), what comes and goes at once (`ADDED_AND_REMOVED`). Like no act, no change
        takes the role of a manager from who owns the enterprise afterwards (`OWNER_MANAGES`), or leaves an enterprise
        without its last one (`LAST_MANAGER`).
    """
    before = snapshot.relations
    wrong = tuple(_problems(change, before))
    if wrong:
        return Refusal(wrong)
    after = _with_owners_managing(without_facts(with_facts(before, change.added), change.removed), change)
    wrong = tuple(_left_alone(change, before, after))
    return Refusal(wrong) if wrong else snapshot.with_relations(after)


def capability_changes(
    before: Snapshot, after: Snapshot, *, actors: Iterable[Actor] | None = None, profile: Profile = PRODUCT
) -> tuple[tuple[Capability, ...], tuple[Capability, ...]]:
    """Return what *actors*, by default everybody, may do only in *after*, and what only in *before*.

    Raises:
        NotFoundError: one of *actors* is not known.
    """
    asked = tuple(all_actors(before) if actors is None else actors)
    could = permission_matrix(before, asked, profile)
    may = permission_matrix(after, asked, profile)
    return _difference(may, could), _difference(could, may)


def idle_roles(change: RoleChange, before: Snapshot, after: Snapshot) -> tuple[Role, ...]:
    """Return what of *change* is none between *before* and *after*, each once."""
    named = dict.fromkeys((*change.added, *change.removed))
    return tuple(each for each in named if not _differs(each, change, before.relations, after.relations))


def _differs(role: Role, change: RoleChange, before: Relations, after: Relations) -> bool:
    """Whether *role* comes or goes, or brings the role of a manager to who owned the enterprise without it."""
    parts: list[Role] = [role]
    if isinstance(role, OwnsFact) and role in change.added:
        parts.append(ManagesFact(role.user, role.enterprise))
    return any(is_so(each, before) != is_so(each, after) for each in parts)


def grant_plans(change: RoleChange, before: Snapshot, after: Snapshot) -> Iterator[GrantPlan]:
    """Yield what becomes of each grant that *change* makes another, from *before* to *after*."""
    named = (each for each in (*change.added, *change.removed) if isinstance(each, GrantFact))
    for grantor, grantee in dict.fromkeys((each.grantor, each.grantee) for each in named):
        was, is_ = (each.relations.grant_between(grantor, grantee) for each in (before, after))
        plan = GrantPlan(grantor=grantor, grantee=grantee, before=was, after=is_)
        if plan.changes:
            yield plan


# ---------------------------------------------------------------- what cannot be


def _problems(change: RoleChange, relations: Relations) -> Iterator[Problem]:
    for index, role in enumerate(change.added):
        path = f"$.added[{index}]"
        yield from _strangers(role, relations, path)
        if isinstance(role, GrantFact) and role.grantor == role.grantee:
            yield problem(Code.GRANT_TO_SELF, path, enterprise=relations.name_of(role.grantee))
    for index, role in enumerate(change.removed):
        yield from _strangers(role, relations, f"$.removed[{index}]")
        if role in change.added:
            yield problem(Code.ADDED_AND_REMOVED, f"$.removed[{index}]")
    yield from _exclusive(change, relations)
    yield from _second_owners(change)


def _strangers(role: Role, relations: Relations, path: str) -> Iterator[Problem]:
    users, enterprises = _named(role)
    for user in users:
        if user not in relations.users:
            yield problem(Code.UNKNOWN_RECORD, path, kind="user", id=user)
    for enterprise in enterprises:
        if enterprise not in relations.enterprises:
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=enterprise)


def _named(role: Role) -> tuple[tuple[UserId, ...], tuple[EnterpriseId, ...]]:
    match role:
        case AdminFact(user):
            return (user,), ()
        case ManagesFact(user, enterprise) | OwnsFact(user, enterprise):
            return (user,), (enterprise,)
        case GrantFact(grantor, grantee, _):
            return (), tuple(dict.fromkeys((grantor, grantee)))


def _exclusive(change: RoleChange, relations: Relations) -> Iterator[Problem]:
    """Yield where the second of two permissions comes that exclude each other (PERM-1)."""
    new = {
        (each.grantor, each.grantee): index
        for index, each in enumerate(change.added)
        if isinstance(each, GrantFact) and each.permission in EXCLUSIVE and not is_so(each, relations)
    }
    for (grantor, grantee), index in new.items():
        if all(_will_be(GrantFact(grantor, grantee, each), change, relations) for each in EXCLUSIVE):
            permission, other = EXCLUSIVE
            yield problem(Code.EXCLUSIVE_PERMISSIONS, f"$.added[{index}]", permission=permission, other=other)


def _second_owners(change: RoleChange) -> Iterator[Problem]:
    """Yield where an enterprise gets another owner than the first that comes (PERM-1)."""
    first: dict[EnterpriseId, tuple[UserId, str]] = {}
    for index, role in enumerate(change.added):
        if isinstance(role, OwnsFact):
            path = f"$.added[{index}]"
            owner, place = first.setdefault(role.enterprise, (role.user, path))
            if owner != role.user:
                yield problem(Code.DUPLICATE_ENTRY, path, id=role.enterprise, first=place)


def _will_be(role: Role, change: RoleChange, relations: Relations) -> bool:
    return role in change.added or (is_so(role, relations) and role not in change.removed)


# ---------------------------------------------------------------- who manages


def _with_owners_managing(relations: Relations, change: RoleChange) -> Relations:
    """Return *relations*, as *change* makes them, with the manager's role for whom an enterprise comes to (PERM-8)."""
    owners = (each for each in change.added if isinstance(each, OwnsFact))
    return with_facts(relations, [ManagesFact(each.user, each.enterprise) for each in owners])


def _left_alone(change: RoleChange, before: Relations, after: Relations) -> Iterator[Problem]:
    """Yield which role of a manager cannot go: that of an owner, and the last one that goes if nobody is left."""
    going = {
        each.enterprise: index
        for index, each in enumerate(change.removed)
        if isinstance(each, ManagesFact) and is_so(each, before)
    }
    for index, role in enumerate(change.removed):
        if isinstance(role, ManagesFact) and (is_so(role, before) or is_so(role, after)):
            code = _stays(role, after, is_last=index == going.get(role.enterprise))
            names = {"enterprise": after.name_of(role.enterprise), "user": after.users[role.user].name}
            yield from () if code is None else (problem(code, f"$.removed[{index}]", **names),)


def _stays(role: ManagesFact, after: Relations, *, is_last: bool) -> Code | None:
    found = after.enterprises[role.enterprise]
    if found.owner == role.user:
        return Code.OWNER_MANAGES
    return Code.LAST_MANAGER if is_last and not found.managers else None


# ---------------------------------------------------------------- differences


def _difference(some: Iterable[Capability], others: Iterable[Capability]) -> tuple[Capability, ...]:
    """Return what of *some* is not among *others*."""
    known = {_key(each): frozenset(each.resources) for each in others}
    parts = (attrs.evolve(each, resources=_without(each.resources, known.get(_key(each)))) for each in some)
    return tuple(each for each in parts if each.resources)


def _key(capability: Capability) -> tuple[Actor, str, str]:
    return capability.actor, capability.action, capability.kind


def _without(resources: tuple[Resource, ...], known: frozenset[Resource] | None) -> tuple[Resource, ...]:
    return tuple(each for each in resources if known is None or each not in known)
