"""What a change of roles and grants would change: who could do what more, and what no more. Nothing is written.

Source:
    PERM-12 (differences), PERM-6.
"""

from collections.abc import Iterable

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.permissions.capabilities import Capability, all_actors, permission_matrix
from ofncore.permissions.facts import Role
from ofncore.permissions.resources import Resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.supposing import with_facts, without_facts


@attrs.frozen(kw_only=True)
class RoleChange:
    """Roles and grants that come, and some that go. Ownership goes by coming to somebody else."""

    added: tuple[Role, ...] = ()
    removed: tuple[Role, ...] = ()


@attrs.frozen(kw_only=True)
class CapabilityChange:
    """What some actors may do that they could not, and could do that they may no more."""

    gained: tuple[Capability, ...]
    lost: tuple[Capability, ...]

    @property
    def is_empty(self) -> bool:
        """Whether everybody may do what they could, and nothing else."""
        return not self.gained and not self.lost


def what_if(
    change: RoleChange, snapshot: Snapshot, *, actors: Iterable[Actor] | None = None, profile: Profile = PRODUCT
) -> CapabilityChange:
    """Return what *change* would change for *actors*, by default for everybody in *snapshot*.

    A large network is best asked about the few whom it concerns, in a snapshot of what is near.

    Raises:
        NotFoundError: a role is of an unknown user, or in an unknown enterprise.
    """
    asked = tuple(all_actors(snapshot) if actors is None else actors)
    before = permission_matrix(snapshot, asked, profile)
    after = permission_matrix(changed_by(change, snapshot), asked, profile)
    return CapabilityChange(gained=_difference(after, before), lost=_difference(before, after))


def changed_by(change: RoleChange, snapshot: Snapshot) -> Snapshot:
    """Return *snapshot* as it would be after *change*.

    Raises:
        NotFoundError: a role is of an unknown user, or in an unknown enterprise.
    """
    left = without_facts(snapshot.relations, change.removed)
    return snapshot.with_relations(with_facts(left, change.added))


def _difference(some: Iterable[Capability], others: Iterable[Capability]) -> tuple[Capability, ...]:
    """Return what of *some* is not among *others*."""
    known = {_key(each): frozenset(each.resources) for each in others}
    parts = (attrs.evolve(each, resources=_without(each.resources, known.get(_key(each)))) for each in some)
    return tuple(each for each in parts if each.resources)


def _key(capability: Capability) -> tuple[Actor, str, str]:
    return capability.actor, capability.action, capability.kind


def _without(resources: tuple[Resource, ...], known: frozenset[Resource] | None) -> tuple[Resource, ...]:
    return tuple(each for each in resources if known is None or each not in known)
