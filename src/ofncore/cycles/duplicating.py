"""A new cycle like an earlier one.

Source:
    CYC-10, CYC-G51, PERM-11 (copies drop what is no longer granted).
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from ofncore.cycles.attributes import ENDLESS_AFTER, name_problems
from ofncore.cycles.method_choice import selectable_payments, selectable_shipping
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, text_problems
from ofncore.model.cycle import OrderCycle, OutgoingExchange
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class CopyingFacts:
    """What is known when a cycle is to be copied."""

    relations: Relations
    #: Variants of the cycle that are still sold.
    live: AbstractSet[VariantId]
    #: At least every method that is chosen in the cycle.
    payment_methods: tuple[PaymentMethod, ...] = ()
    shipping_methods: tuple[ShippingMethod, ...] = ()
    #: Whether there is a cycle with the new id.
    taken: bool = False


def plan_duplicate(
    cycle: OrderCycle,
    facts: CopyingFacts,
    *,
    new_id: OrderCycleId,
    name: str,
    opens: datetime,
    closes: datetime,
    actor: Actor,
    now: datetime,
) -> OrderCycle | Refusal:
    """Decide a copy of *cycle* under a new id, name and dates.

    Coordinator, fees, methods, participants, variants, texts and tags are copied; marks are not. Variants that are not
    live any more, participants that could not join a new cycle (they withdrew their grant to the coordinator, or it is
    no hub any more, or a distributor sells nothing any more), and goods of suppliers that withdrew their grant to a
    distributor are left out, and so are chosen methods that could not be chosen in the copy (their shop is not in it,
    they are switched off, or not the shop's any more). Of the two cycles `ofncore.cycles.changes.changed_parts` tells
    what was left out, and `ofncore.cycles.method_choice.ended_choices` which shops offer all of their methods because
    nothing is left of their choice.

    Returns:
        The new cycle; or a refusal: the actor does not manage the coordinator, it has no shop any more
        (`CANNOT_COORDINATE`), the id is taken, id, name or dates do not fit, or producers would be notified
        automatically of a close out of sight (CYC-14.10).
    """
    relations = facts.relations
    decision = check_cycle(actor, CycleAction.EDIT_ATTRIBUTES, cycle, relations)
    problems = (
        *(decision.problems or _coordinator_problems(cycle, relations)),
        *text_problems("$.id", new_id, 1, LONGEST_ID),
        *name_problems(name),
        *_date_problems(cycle, opens=opens, closes=closes, now=now),
    )
    if problems:
        return Refusal(problems)
    # Only who may copy learns which cycles there are.
    if facts.taken:
        return Refusal.of(Code.CYCLE_EXISTS, "$.id", id=new_id)
    incoming = tuple(
        attrs.evolve(each, variants=tuple(key for key in each.variants if key in facts.live))
        for each in cycle.incoming
        if _may_join(cycle, each.supplier, relations)
    )
    suppliers = [(key, each.supplier) for each in incoming for key in each.variants]
    outgoing = tuple(
        attrs.evolve(each, variants=_still_granted(each, suppliers, relations))
        for each in cycle.outgoing
        if _may_join(cycle, each.distributor, relations) and relations.enterprises[each.distributor].is_shop
    )
    copy = attrs.evolve(
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
    return _with_selectable_methods(copy, facts)


def _with_selectable_methods(copy: OrderCycle, facts: CopyingFacts) -> OrderCycle:
    payments = selectable_payments(copy, facts.payment_methods)
    shipping = selectable_shipping(copy, facts.shipping_methods)
    return attrs.evolve(
        copy,
        payment_methods=tuple(each for each in copy.payment_methods if each in payments),
        shipping_methods=tuple(each for each in copy.shipping_methods if each in shipping),
    )


def _coordinator_problems(cycle: OrderCycle, relations: Relations) -> tuple[Problem, ...]:
    """A copy is a new cycle: only a shop coordinates one (PERM-G4)."""
    coordinator = relations.enterprises[cycle.coordinator]
    if coordinator.is_shop:
        return ()
    return (problem(Code.CANNOT_COORDINATE, "$.coordinator", enterprise=coordinator.name),)


def _may_join(cycle: OrderCycle, participant: EnterpriseId, relations: Relations) -> bool:
    """Whether *participant* is the coordinator, or granted it the right while it is a hub (PERM-G3, PERM-G8)."""
    if participant == cycle.coordinator:
        return True
    is_hub = relations.enterprises[cycle.coordinator].is_hub
    return is_hub and relations.may_sell_for(cycle.coordinator, participant)


def _still_granted(
    exchange: OutgoingExchange, suppliers: Iterable[tuple[VariantId, EnterpriseId]], relations: Relations
) -> tuple[VariantId, ...]:
    granted = {key for key, supplier in suppliers if relations.may_sell_for(exchange.distributor, supplier)}
    return tuple(key for key in exchange.variants if key in granted)


def _date_problems(cycle: OrderCycle, *, opens: datetime, closes: datetime, now: datetime) -> Iterator[Problem]:
    if closes <= opens:
        yield problem(Code.CLOSES_BEFORE_OPENING, "$.orders_close_at", opens=opens, closes=closes)
    if cycle.automatic_notifications and closes - now > ENDLESS_AFTER:
        yield problem(Code.ENDLESS_CYCLE, "$.automatic_notifications")
