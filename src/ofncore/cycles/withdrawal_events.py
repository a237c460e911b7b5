"""What is told of a change of a grant, once it is carried out.

Source:
    PERM-6, CYC-11.
"""

from collections.abc import Iterator
from datetime import datetime

from ofncore.cycles.changes import changed_fields
from ofncore.cycles.withdrawing import GrantImpact
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import joined_id
from ofncore.kernel.instants import iso
from ofncore.model.event import CycleEdited, Event
from ofncore.permissions.granting import GrantPlan, grant_changed
from ofncore.permissions.snapshot import Snapshot


def withdrawal_events(
    plan: GrantPlan, impact: GrantImpact, snapshot: Snapshot, *, actor: Actor, now: datetime
) -> Iterator[Event]:
    """Yield that the grant of *plan* changed, and each cycle of *impact*; nothing if the grant stays as it is.

    *snapshot* holds the cycles as they were.
    """
    if not plan.changes:
        return
    yield grant_changed(plan, actor=actor, now=now)
    for cycle in impact.cycles:
        changed = changed_fields(snapshot.order_cycles[cycle.id], cycle)
        occasion = joined_id(iso(now), str(cycle.version))
        yield CycleEdited(order_cycle=cycle.id, actor=actor, at=now, occasion=occasion, changed=changed)
