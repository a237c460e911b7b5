"""What a change of roles and grants comes to once it is carried out, in cycles and in what people may do.

A supplier that withdraws the right to sell its goods leaves cycles, so less is to be seen and done there. Nothing is
written.

Source:
    PERM-6, PERM-10 (withdrawal), PERM-12 (differences, `impact_of`).
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from ofncore.cycles.withdrawing import GrantImpact, impact_of
from ofncore.kernel.actors import Actor
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.what_if import (
    CapabilityChange,
    RoleChange,
    capability_changes,
    changed_by,
    grant_plans,
    idle_roles,
)


@attrs.frozen(kw_only=True)
class CarriedOut:
    """A network as it would be after a change of roles and grants, with all that follows from it."""

    #: Roles, grants and cycles as they would be.
    snapshot: Snapshot
    #: What each grant that changes touches, in the order in which the change names them.
    impacts: tuple[GrantImpact, ...]


@attrs.frozen(kw_only=True)
class Prospect(CapabilityChange):
    """What some actors will be able to do more and no more once a change is carried out, and what it touches."""

    #: What each grant that changes touches, in the order in which the change names them.
    impacts: tuple[GrantImpact, ...]


def what_if_carried_out(
    change: RoleChange,
    snapshot: Snapshot,
    *,
    now: datetime,
    actors: Iterable[Actor] | None = None,
    profile: Profile = PRODUCT,
) -> Prospect | Refusal:
    """Return what *change* would change for *actors*, by default for everybody, if it were carried out at *now*.

    It is the difference between all they may do in *snapshot* and in that of `carried_out`.

    Returns:
        The difference, with what the change touches; or the refusal of `ofncore.permissions.what_if.changed_by`.

    Raises:
        NotFoundError: one of *actors* is not known.
    """
    done = carried_out(change, snapshot, now=now, profile=profile)
    if isinstance(done, Refusal):
        return done
    gained, lost = capability_changes(snapshot, done.snapshot, actors=actors, profile=profile)
    idle = idle_roles(change, snapshot, done.snapshot)
    return Prospect(gained=gained, lost=lost, without_effect=idle, impacts=done.impacts)


def carried_out(
    change: RoleChange, snapshot: Snapshot, *, now: datetime, profile: Profile = PRODUCT
) -> CarriedOut | Refusal:
    """Return *snapshot* as it would be once *change* is carried out at *now*, grants and cycles alike.

    Args:
        change: The roles and grants that come and go.
        snapshot: At least the cycles of every grantee that loses the right to sell, with their variants.
        now: Tells which cycles are open, upcoming or closed.
        profile: Its policy `Profile.withdrawal` says which cycles lose goods.

    Returns:
        The picture, with what the change touches; or the refusal of `ofncore.permissions.what_if.changed_by`.
    """
    after = changed_by(change, snapshot)
    if isinstance(after, Refusal):
        return after
    impacts = []
    for plan in grant_plans(change, snapshot, after):
        impact = impact_of(plan, after, now=now, profile=profile)
        impacts.append(impact)
        # What the next grant takes out of a cycle, it takes out of what this one left.
        after = _with_cycles(after, impact.cycles)
    return CarriedOut(snapshot=after, impacts=tuple(impacts))


def _with_cycles(snapshot: Snapshot, changed: Iterable[OrderCycle]) -> Snapshot:
    cycles = {each.id: each for each in changed}
    return attrs.evolve(snapshot, order_cycles={**snapshot.order_cycles, **cycles}) if cycles else snapshot
