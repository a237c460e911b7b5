"""Relations as they would be with more roles and grants, or with fewer."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import attrs

from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import GrantId, joined_id
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import PermissionGrant
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.relations import Relations

K = TypeVar("K", bound=str)
V = TypeVar("V")


def with_facts(relations: Relations, facts: Iterable[Role]) -> Relations:
    """Return *relations* with *facts* added.

    Raises:
        NotFoundError: a role is of an unknown user, or in an unknown enterprise.
    """
    for fact in facts:
        relations = _with_fact(relations, fact)
    return relations


def without_facts(relations: Relations, facts: Iterable[Role]) -> Relations:
    """Return *relations* without *facts*; what is not so is passed over.

    An owner stays until there is another. A grant that loses its last permission has ended.

    Raises:
        NotFoundError: a role is of an unknown user, or in an unknown enterprise.
    """
    for fact in facts:
        relations = _without_fact(relations, fact)
    return relations


def is_so(fact: Role, relations: Relations) -> bool:
    """Whether *fact* is written down in *relations*: an administrator has no role in each enterprise by that."""
    match fact:
        case AdminFact(user):
            found = relations.users.get(user)
            return found is not None and found.is_admin
        case ManagesFact(user, enterprise):
            managed = relations.enterprises.get(enterprise)
            return managed is not None and user in managed.managers
        case OwnsFact(user, enterprise):
            owned = relations.enterprises.get(enterprise)
            return owned is not None and owned.owner == user
        case GrantFact(grantor, grantee, permission):
            return grantee in relations.grantees_of(grantor, permission)


def _with_fact(relations: Relations, fact: Role) -> Relations:
    match fact:
        case AdminFact(user):
            admin = attrs.evolve(_known(relations.users, user, "user"), is_admin=True)
            return attrs.evolve(relations, users={**relations.users, user: admin})
        case ManagesFact(user, enterprise):
            _known(relations.users, user, "user")
            found = _known(relations.enterprises, enterprise, "enterprise")
            managers = tuple(dict.fromkeys((*found.managers, user)))
            return _with_enterprise(relations, attrs.evolve(found, managers=managers))
        case OwnsFact(user, enterprise):
            _known(relations.users, user, "user")
            found = _known(relations.enterprises, enterprise, "enterprise")
            return _with_enterprise(relations, attrs.evolve(found, owner=user))
        case GrantFact(grantor, grantee, _):
            _known(relations.enterprises, grantor, "enterprise")
            _known(relations.enterprises, grantee, "enterprise")
            return attrs.evolve(relations, grants=tuple(_with_grant(relations, fact)))


def _without_fact(relations: Relations, fact: Role) -> Relations:
    match fact:
        case AdminFact(user):
            plain = attrs.evolve(_known(relations.users, user, "user"), is_admin=False)
            return attrs.evolve(relations, users={**relations.users, user: plain})
        case ManagesFact(user, enterprise):
            found = _known(relations.enterprises, enterprise, "enterprise")
            managers = tuple(each for each in found.managers if each != user)
            return _with_enterprise(relations, attrs.evolve(found, managers=managers))
        case OwnsFact(user, enterprise):
            _known(relations.users, user, "user")
            _known(relations.enterprises, enterprise, "enterprise")
            return relations
        case GrantFact(grantor, grantee, _):
            _known(relations.enterprises, grantor, "enterprise")
            _known(relations.enterprises, grantee, "enterprise")
            return attrs.evolve(relations, grants=tuple(_without_grant(relations, fact)))


def _with_enterprise(relations: Relations, enterprise: Enterprise) -> Relations:
    return attrs.evolve(relations, enterprises={**relations.enterprises, enterprise.id: enterprise})


def _with_grant(relations: Relations, fact: GrantFact) -> Iterable[PermissionGrant]:
    before = relations.grant_between(fact.grantor, fact.grantee)
    yield from (each for each in relations.grants if each is not before)
    yield PermissionGrant(
        id=before.id if before else GrantId(joined_id(fact.grantor, fact.grantee)),
        grantor=fact.grantor,
        grantee=fact.grantee,
        permissions=(*(before.permissions if before else ()), fact.permission),
    )


def _without_grant(relations: Relations, fact: GrantFact) -> Iterable[PermissionGrant]:
    before = relations.grant_between(fact.grantor, fact.grantee)
    for each in relations.grants:
        left = set(each.permissions) - {fact.permission}
        if each is not before or fact.permission not in each.permissions:
            yield each
        elif left:
            yield attrs.evolve(each, permissions=tuple(left))


def _known(records: Mapping[K, V], key: K, kind: str) -> V:
    found = records.get(key)
    if found is None:
        raise NotFoundError(kind, key)
    return found
