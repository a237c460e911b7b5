"""Who may change which part of an order cycle that is at hand.

The coordinator's managers change everything; a participant's managers change what directly involves them, and nothing
beyond (PERM-G2).

Source:
    PERM-5.2, PERM-5.3, PERM-10 (`cycle-attributes`, `delivery-instructions`).
"""

from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.asking import check
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot

#: Actions on one exchange; all others are on the cycle.
_EXCHANGES: Final = {
    CycleAction.EDIT_INCOMING_VARIANTS: ResourceKind.INCOMING,
    CycleAction.EDIT_INCOMING_FEES: ResourceKind.INCOMING,
    CycleAction.EDIT_RECEIVAL_INSTRUCTIONS: ResourceKind.INCOMING,
    CycleAction.EDIT_OUTGOING_VARIANTS: ResourceKind.OUTGOING,
    CycleAction.EDIT_OUTGOING_TERMS: ResourceKind.OUTGOING,
}


def check_cycle(
    actor: Actor,
    action: CycleAction,
    cycle: OrderCycle,
    relations: Relations,
    *,
    participant: EnterpriseId | None = None,
    profile: Profile = PRODUCT,
    path: str = "$",
) -> Decision:
    """Decide whether *actor* may do *action* to *cycle*.

    *participant* is the supplier or distributor whose exchange is meant; leave it out for the cycle as a whole. One
    that takes no part in the cycle has no say in it. A no names the enterprises of which one must be managed.
    """
    snapshot = Snapshot.around(relations, order_cycles=(cycle,))
    return check(actor, action, part_of_cycle(action, cycle, participant), snapshot, profile, path=path)


def part_of_cycle(action: CycleAction, cycle: OrderCycle, participant: EnterpriseId | None) -> Resource:
    """Return what *action* is on: the cycle, or the exchange of *participant*."""
    kind = _EXCHANGES.get(action)
    if kind is None:
        return resource(ResourceKind.ORDER_CYCLE, cycle.id)
    return resource(kind, cycle.id, participant or cycle.coordinator)
