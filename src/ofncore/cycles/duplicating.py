"""A new cycle like an earlier one.

Source:
    CYC-10, CYC-G51, PERM-11 (copies drop what is no longer granted).
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from ofncore.cycles.editing import name_problems
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle, OutgoingExchange
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
    *live* any more, participants that withdrew their grant to the coordinator, and goods of suppliers that withdrew
    their grant to a distributor are left out.

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
    suppliers = [(key, each.supplier) for each in incoming for key in each.variants]
    outgoing = tuple(
        attrs.evolve(each, variants=_still_granted(each, suppliers, relations))
        for each in cycle.outgoing
        if relations.may_sell_for(cycle.coordinator, each.distributor)
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


def _still_granted(
    exchange: OutgoingExchange, suppliers: Iterable[tuple[VariantId, EnterpriseId]], relations: Relations
) -> tuple[VariantId, ...]:
    granted = {key for key, supplier in suppliers if relations.may_sell_for(exchange.distributor, supplier)}
    return tuple(key for key in exchange.variants if key in granted)


def _problems(
    cycle: OrderCycle, *, name: str, opens: datetime, closes: datetime, actor: Actor, relations: Relations
) -> Iterator[Problem]:
    yield from check_cycle(actor, CycleAction.EDIT_ATTRIBUTES, cycle, relations).problems
    yield from name_problems(name)
    if closes <= opens:
        yield problem(Code.CLOSES_BEFORE_OPENING, "$.orders_close_at", opens=opens, closes=closes)
