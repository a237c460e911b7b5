"""Every set of facts, tried one after the other: what remedies are compared with."""

from collections.abc import Iterator
from itertools import combinations, permutations

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import UserId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.grant import Permission
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import check
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.granting import EXCLUSIVE
from ofncore.permissions.resources import Resource
from ofncore.permissions.snapshot import Snapshot


def all_facts(actor: Actor, snapshot: Snapshot, permissions: tuple[Permission, ...]) -> list[Role]:
    """Return every fact that could be added for *actor*, and is not so yet."""
    user = UserId(actor.id)
    roles = [fact(user, each) for each in snapshot.enterprises for fact in (ManagesFact, OwnsFact)]
    pairs = permutations(snapshot.enterprises, 2)
    grants = [GrantFact(*pair, permission) for pair in pairs for permission in permissions]
    return [each for each in (AdminFact(user), *roles, *grants) if not _is_so(each, snapshot)]


def minimal_sets(
    actor: Actor,
    action: Action,
    resource: Resource,
    snapshot: Snapshot,
    facts: list[Role],
    profile: Profile = PRODUCT,
    *,
    most: int,
) -> set[frozenset[Role]]:
    """Return every set of up to *most* of *facts* that allows it while no part of the set does."""
    found: set[frozenset[Role]] = set()
    for size in range(1, most + 1):
        for each in map(frozenset[Role], combinations(facts, size)):
            whole = any(one <= each for one in found) or not _may_stand(each, snapshot)
            if not whole and check(actor, action, resource, snapshot.with_facts(each), profile).allowed:
                found.add(each)
    return found


def parts(remedy: tuple[Role, ...]) -> Iterator[tuple[Role, ...]]:
    """Yield everything that is left of *remedy* without one or more of its facts."""
    for size in range(len(remedy)):
        yield from combinations(remedy, size)


def _is_so(fact: Role, snapshot: Snapshot) -> bool:
    match fact:
        case AdminFact(user):
            return snapshot.relations.users[user].is_admin
        case ManagesFact(user, enterprise):
            return user in snapshot.enterprises[enterprise].managers
        case OwnsFact(user, enterprise):
            return snapshot.enterprises[enterprise].owner == user
        case GrantFact(grantor, grantee, permission):
            return grantee in snapshot.relations.grantees_of(grantor, permission)


def _may_stand(facts: frozenset[Role], snapshot: Snapshot) -> bool:
    """Whether no grant would hold both inventory permissions because of *facts* (PERM-1)."""
    first, second = EXCLUSIVE
    pairs = {(each.grantor, each.grantee) for each in facts if isinstance(each, GrantFact)}
    return not any(
        {first, second} <= _held(pair, facts, snapshot) and {first, second} & _added(pair, facts) for pair in pairs
    )


def _added(pair: tuple[str, str], facts: frozenset[Role]) -> set[Permission]:
    grants = (each for each in facts if isinstance(each, GrantFact))
    return {each.permission for each in grants if (each.grantor, each.grantee) == pair}


def _held(pair: tuple[str, str], facts: frozenset[Role], snapshot: Snapshot) -> set[Permission]:
    grant = snapshot.relations.grant_between(*pair)  # type: ignore[arg-type]  # the sides of a fact
    return _added(pair, facts) | set(grant.permissions if grant else ())
