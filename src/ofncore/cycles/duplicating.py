"""A new cycle like an earlier one.

Source:
    CYC-10, CYC-G51, PERM-11 (copies drop what is no longer granted).
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId, VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.relations import Relations


def plan_duplicate(
    cycle: OrderCycle,
    *,
    new_id: OrderCycleId,
    name: str,
    opens: datetime,
    closes: datetime,
    actor: Actor,
    relations: Relations,
    live: AbstractSet[VariantId],
) -> OrderCycle | Refusal:
    """Decide a copy of *cycle* under a new id, name and dates.

    Coordinator, fees, methods, participants, variants, texts and tags are copied; marks are not. Variants that are not
    *live* any more, and suppliers that withdrew their grant, are left out.

    Returns:
        The new cycle; or a refusal: the actor does not manage the coordinator, or the dates or the name do not fit.
    """
    problems = tuple(_problems(cycle, name=name, opens=opens, closes=closes, actor=actor, relations=relations))
    if problems:
        return Refusal(problems)
    incoming = tuple(
        attrs.evolve(each, variants=tuple(key for key in each.variants if key in live))
        for each in cycle.incoming
        if relations.may_sell_for(cycle.coordinator, each.supplier)
    )
    brought = {key for each in incoming for key in each.variants}
    outgoing = tuple(
        attrs.evolve(each, variants=tuple(key for key in each.variants if key in brought)) for each in cycle.outgoing
    )
    return attrs.evolve(
        cycle,
        id=new_id,
        name=name,
        orders_open_at=opens,
        orders_close_at=closes,
        incoming=incoming,
        outgoing=outgoing,
        opened_at=None,
        closed_at=None,
        producers_notified_at=None,
        settled_at=None,
        version=0,
    )


def _problems(
    cycle: OrderCycle, *, name: str, opens: datetime, closes: datetime, actor: Actor, relations: Relations
) -> Iterator[Problem]:
    yield from check_cycle(actor, CycleAction.EDIT_ATTRIBUTES, cycle, relations).problems
    if not name.strip():
        yield problem(Code.NAME_BLANK, "$.name")
    if closes <= opens:
        yield problem(Code.CLOSES_BEFORE_OPENING, "$.orders_close_at", opens=opens, closes=closes)
