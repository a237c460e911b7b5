"""What an edit came to, made ready to be told: to the host in full, to the actor without what they may not know.

Source:
    PERM-3, PERM-4 (who sees what), PERM-12 (nothing is left out in silence).
"""

from typing import Final

import attrs

from ofncore.cycles.changes import Change
from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.kernel.ids import OrderCycleId, VariantId
from ofncore.kernel.paths import steps
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.permissions.asking import Asker
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.rules.cycle_sets import GoodsOf
from ofncore.permissions.rules.enterprises import MANAGED, PRODUCER
from ofncore.permissions.telling.told_problems import knows_place, problems_for_actor

#: The goods of producers that the actor manages.
_OWN_GOODS: Final = GoodsOf(MANAGED & PRODUCER)

#: What comes of an edit of a cycle, or of a choice of its methods.
EditResult = EditOutcome | CycleEditPlan | Refusal


@attrs.frozen(kw_only=True)
class ToldEdit:
    """What is told of an edit."""

    #: What is different afterwards.
    changes: tuple[Change, ...] = ()
    #: What was left as it was, and why.
    problems: tuple[Problem, ...] = ()
    #: What was done, and may not be meant.
    remarks: tuple[Problem, ...] = ()
    #: Whether it changed something else, of which the reader is told nothing.
    changes_more: bool = False


def told_of(result: EditResult | ToldEdit) -> ToldEdit:
    """Return all that *result* tells: for the host."""
    match result:
        case ToldEdit():
            return result
        case EditOutcome():
            return ToldEdit(changes=result.changes, problems=result.dropped, remarks=result.remarks)
        case CycleEditPlan():
            return ToldEdit(changes=result.changes, remarks=result.remarks)
        case Refusal():
            return ToldEdit(problems=result.problems)


def told_to_actor(result: EditResult | ToldEdit, asker: Asker, about: Resource | None) -> ToldEdit:
    """Return what of *result* the actor of *asker*, who made the edit, may know.

    What was left out is told as `ofncore.permissions.telling.told_problems.problems_for_actor` says. Of what changed
    in places that they do not see, they are told that there is some. What they saw before the edit they are told of,
    though the edit itself may have ended their sight: who manages a coordinator that is a hub, every place; who manages
    a producer, the lists that its goods left.

    Args:
        result: What the edit came to.
        asker: The actor, and a snapshot with all that the rules about *about* look at.
        about: The cycle, if it is known which; see `cycle_of`.
    """
    full = told_of(result)
    sees_all = _coordinates_as_hub(asker, about)
    known = tuple(
        each
        for each in full.changes
        if sees_all or _is_of_own_goods(each.path, asker) or knows_place(each.path, asker, about)
    )
    return ToldEdit(
        changes=known,
        problems=problems_for_actor(full.problems, asker, about),
        remarks=problems_for_actor(full.remarks, asker, about),
        changes_more=full.changes_more or known != full.changes,
    )


def _coordinates_as_hub(asker: Asker, about: Resource | None) -> bool:
    """Whether the actor manages the coordinator of the cycle, and it is a hub, which sees all participants (PERM-4)."""
    relations, cycles = asker.snapshot.relations, asker.snapshot.order_cycles
    cycle = None if about is None else cycles.get(OrderCycleId(about.key[0]))
    return (
        cycle is not None
        and relations.manages(asker.actor, cycle.coordinator)
        and relations.enterprises[cycle.coordinator].is_hub
    )


def _is_of_own_goods(path: str, asker: Asker) -> bool:
    """Whether *path* is a variant in a list, of a producer that the actor manages: they see who carries it (L4)."""
    match steps(path):
        case "outgoing", _, "variants", key:
            view = asker.view_of(resource(ResourceKind.VARIANT, key))
            return view is not None and _OWN_GOODS.holds(view, VariantId(key))
        case _:
            return False


def cycle_of(result: EditResult, order_cycle: OrderCycleId | None) -> Resource | None:
    """Return the cycle that *result* is about: its own, or *order_cycle* for a refusal, which does not name its own."""
    key = result.cycle.id if isinstance(result, EditOutcome | CycleEditPlan) else order_cycle
    return None if key is None else resource(ResourceKind.ORDER_CYCLE, key)
