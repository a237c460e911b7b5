"""Relations as they would be with more roles and grants."""

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
        case GrantFact():
            return attrs.evolve(relations, grants=tuple(_with_grant(relations, fact)))


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


def _known(records: Mapping[K, V], key: K, kind: str) -> V:
    found = records.get(key)
    if found is None:
        raise NotFoundError(kind, key)
    return found
