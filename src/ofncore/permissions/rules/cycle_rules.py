"""Rules about order cycles and their parts.

The coordinator's managers change everything; a participant's managers change what directly involves them, and nothing
beyond (PERM-G2).

Source:
    PERM-3, PERM-4, PERM-5, PERM-8, PERM-10 (`cycle-attributes`, `delivery-instructions`).
"""

from typing import Any, Final

from ofncore.kernel.edit_policies import CycleFees, Instructions
from ofncore.permissions.actions import CycleAccess, CycleAction
from ofncore.permissions.resources import ResourceKind as Kind
from ofncore.permissions.rules import cycle_sets as sets
from ofncore.permissions.rules.classes import CYCLES, LINES
from ofncore.permissions.rules.enterprises import MANAGED
from ofncore.permissions.rules.order_sets import CYCLES_OF_SUPPLY
from ofncore.permissions.rules.record_sets import COORDINATED_CYCLES, VISIBLE_CYCLES, coordinated_by
from ofncore.permissions.rules.rule import Rules, matrix_rule, rule
from ofncore.permissions.rules.scopes import Everything, Given, OneOf, Policy, Scope

_COORDINATED: Final = coordinated_by(MANAGED)
_ANY_CYCLE_FEES: Final = Policy("cycle_fees", CycleFees.PARTICIPANTS)
_ANY_INSTRUCTIONS: Final = Policy("instructions", Instructions.ALL_WHO_SEE)
#: Every participant, also one that takes no part yet, for the coordinator's managers.
_FOR_COORDINATOR: Final[Scope[Any]] = Given(sets.COORDINATES, Everything(lambda snapshot: snapshot.enterprises))
_OWN_INCOMING: Final = _FOR_COORDINATOR | (sets.SUPPLIERS & MANAGED)
_OWN_OUTGOING: Final = _FOR_COORDINATOR | (sets.DISTRIBUTORS & MANAGED)

CYCLE_RULES: Final[Rules] = {
    (Kind.ORDER_CYCLE, CycleAccess.LIST): matrix_rule(
        Kind.ORDER_CYCLE,
        Given(OneOf((CYCLES, LINES)), VISIBLE_CYCLES | CYCLES_OF_SUPPLY),
        "PERM-G15",
        "PERM-G25",
    ),
    (Kind.ORDER_CYCLE, CycleAccess.SEE): matrix_rule(
        Kind.ORDER_CYCLE, Given(CYCLES, VISIBLE_CYCLES), "PERM-G15", "PERM-G25"
    ),
    (Kind.ORDER_CYCLE, CycleAccess.MANAGE): matrix_rule(
        Kind.ORDER_CYCLE, Given(CYCLES, COORDINATED_CYCLES), "PERM-G37"
    ),
    (Kind.ORDER_CYCLE, CycleAction.EDIT_ATTRIBUTES): rule(_COORDINATED, "PERM-G6", "PERM-G18", "PERM-G27"),
    (Kind.ORDER_CYCLE, CycleAction.EDIT_COORDINATOR_FEES): rule(
        _COORDINATED | Given(_ANY_CYCLE_FEES, VISIBLE_CYCLES), "PERM-G2", "PERM-G7"
    ),
    (Kind.ORDER_CYCLE, CycleAction.EDIT_PARTICIPANTS): rule(_COORDINATED, "PERM-G8", "PERM-G30"),
    (Kind.ORDER_CYCLE, CycleAction.NOTIFY_PRODUCERS): rule(_COORDINATED, "PERM-G36"),
    (Kind.CYCLE_ENTERPRISE, CycleAccess.SEE_ENTERPRISE): rule(sets.VISIBLE, "PERM-4", "PERM-G16", "PERM-G26"),
    (Kind.CYCLE_ENTERPRISE, CycleAccess.PICK_SUPPLIER): rule(sets.SUPPLIER_CANDIDATES, "PERM-4", "PERM-G9"),
    (Kind.CYCLE_ENTERPRISE, CycleAccess.PICK_DISTRIBUTOR): rule(sets.DISTRIBUTOR_CANDIDATES, "PERM-4", "PERM-G11"),
    (Kind.OUTGOING, CycleAccess.CHOOSE_METHODS): rule(sets.OWN_DISTRIBUTORS, "PERM-5.4", "PERM-G35"),
}

EXCHANGE_RULES: Final[Rules] = {
    (Kind.INCOMING, CycleAccess.SEE_EXCHANGE): rule(sets.VISIBLE_SUPPLIERS, "PERM-4", "PERM-G16", "PERM-G29"),
    (Kind.OUTGOING, CycleAccess.SEE_EXCHANGE): rule(sets.VISIBLE_DISTRIBUTORS, "PERM-4", "PERM-G23", "PERM-G26"),
    (Kind.INCOMING, CycleAction.EDIT_INCOMING_VARIANTS): rule(_OWN_INCOMING, "PERM-G10", "PERM-G17", "PERM-G29"),
    (Kind.INCOMING, CycleAction.EDIT_INCOMING_FEES): rule(_OWN_INCOMING, "PERM-G7", "PERM-G21", "PERM-G29"),
    (Kind.INCOMING, CycleAction.EDIT_RECEIVAL_INSTRUCTIONS): rule(
        _FOR_COORDINATOR | Given(_ANY_INSTRUCTIONS, sets.VISIBLE & sets.SUPPLIERS), "PERM-G29", "PERM-G32"
    ),
    (Kind.OUTGOING, CycleAction.EDIT_OUTGOING_VARIANTS): rule(_OWN_OUTGOING, "PERM-G13", "PERM-G31"),
    (Kind.OUTGOING, CycleAction.EDIT_OUTGOING_TERMS): rule(_OWN_OUTGOING, "PERM-G24", "PERM-G27", "PERM-G33"),
    (Kind.INCOMING_VARIANT, CycleAccess.SEE_VARIANT): rule(sets.VISIBLE_INCOMING_VARIANTS, "PERM-4", "PERM-G29"),
    (Kind.INCOMING_VARIANT, CycleAction.EDIT_INCOMING_VARIANTS): rule(
        sets.EDITABLE_INCOMING_VARIANTS, "PERM-4", "PERM-G10", "PERM-G17", "PERM-G29"
    ),
    (Kind.OUTGOING_VARIANT, CycleAccess.SEE_VARIANT): rule(sets.VISIBLE_OUTGOING_VARIANTS, "PERM-4", "PERM-G23"),
    (Kind.OUTGOING_VARIANT, CycleAction.EDIT_OUTGOING_VARIANTS): rule(
        sets.EDITABLE_OUTGOING_VARIANTS, "PERM-4", "PERM-G14", "PERM-G22", "PERM-G23", "PERM-G31"
    ),
}
