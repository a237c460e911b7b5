"""Who may change which part of an order cycle.

The coordinator's managers change everything; a participant's managers change what directly involves them, and nothing
beyond (PERM-G2).

Source:
    PERM-5.2, PERM-5.3, PERM-10 (`cycle-attributes`, `delivery-instructions`).
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.refusals import problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.product import Variant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations


class _Own(Enum):
    """Which participant may do it to its own exchange."""

    NOBODY = "nobody"
    SUPPLIER = "supplier"
    DISTRIBUTOR = "distributor"


#: Action -> (which participant may do it too, the rules that say so).
_RULES: Final[dict[CycleAction, tuple[_Own, tuple[str, ...]]]] = {
    CycleAction.EDIT_ATTRIBUTES: (_Own.NOBODY, ("PERM-G6", "PERM-G18", "PERM-G27")),
    CycleAction.EDIT_COORDINATOR_FEES: (_Own.NOBODY, ("PERM-G2", "PERM-G7")),
    CycleAction.EDIT_PARTICIPANTS: (_Own.NOBODY, ("PERM-G8", "PERM-G30")),
    CycleAction.EDIT_INCOMING_VARIANTS: (_Own.SUPPLIER, ("PERM-G10", "PERM-G17", "PERM-G29")),
    CycleAction.EDIT_INCOMING_FEES: (_Own.SUPPLIER, ("PERM-G7", "PERM-G21", "PERM-G29")),
    CycleAction.EDIT_RECEIVAL_INSTRUCTIONS: (_Own.NOBODY, ("PERM-G29", "PERM-G32")),
    CycleAction.EDIT_OUTGOING_VARIANTS: (_Own.DISTRIBUTOR, ("PERM-G13", "PERM-G31")),
    CycleAction.EDIT_OUTGOING_TERMS: (_Own.DISTRIBUTOR, ("PERM-G24", "PERM-G27", "PERM-G33")),
    CycleAction.NOTIFY_PRODUCERS: (_Own.NOBODY, ("PERM-G36",)),
}


def check_cycle(
    actor: Actor,
    action: CycleAction,
    cycle: OrderCycle,
    relations: Relations,
    *,
    participant: EnterpriseId | None = None,
    path: str = "$",
) -> Decision:
    """Decide whether *actor* may do *action* to *cycle*.

    *participant* is the supplier or distributor whose exchange is meant; leave it out for the cycle as a whole. One
    that takes no part in the cycle has no say in it. A no names the enterprises of which one must be managed.
    """
    own, rules = _RULES[action]
    able = [cycle.coordinator]
    if participant is not None and participant != cycle.coordinator and _takes_part(participant, own, cycle):
        able.append(participant)
    allowed = any(relations.manages(actor, enterprise) for enterprise in able)
    names = tuple(relations.name_of(enterprise) for enterprise in able)
    problems = () if allowed else (problem(Code.NEEDS_MANAGER, path, action=action, enterprises=names),)
    return Decision(allowed=allowed, actor=actor, action=action, resource=cycle.id, rules=rules, problems=problems)


def _takes_part(enterprise: EnterpriseId, own: _Own, cycle: OrderCycle) -> bool:
    if own is _Own.SUPPLIER:
        return cycle.incoming_from(enterprise) is not None
    return own is _Own.DISTRIBUTOR and cycle.outgoing_to(enterprise) is not None


def editable_outgoing(
    actor: Actor,
    cycle: OrderCycle,
    distributor: EnterpriseId,
    variants: Mapping[VariantId, Variant],
    relations: Relations,
) -> frozenset[VariantId]:
    """Return which of *variants* the actor may tick or untick in the list of *distributor* (PERM-4).

    A manager of the coordinator or of the distributor: goods of producers that granted the distributor, its own, and
    whatever is in the list already (PERM-4 L3). A supplier's manager: its own goods, if supplier and distributor
    granted each other (PERM-G22). Deleted variants are never editable, and only the coordinator's manager fills the
    list of a distributor that takes no part yet.
    """
    exchange = cycle.outgoing_to(distributor)
    coordinates = relations.manages(actor, cycle.coordinator)
    if exchange is None and not coordinates:
        return frozenset()
    present = frozenset(exchange.variants) if exchange else frozenset()
    live = {key: variant for key, variant in variants.items() if not variant.deleted}
    if coordinates or relations.manages(actor, distributor):
        return frozenset(
            key
            for key, variant in live.items()
            if key in present or relations.may_sell_for(distributor, variant.supplier)
        )
    return frozenset(
        key
        for key, variant in live.items()
        if relations.manages(actor, variant.supplier)
        and relations.may_sell_for(distributor, variant.supplier)
        and relations.may_sell_for(variant.supplier, distributor)
    )
