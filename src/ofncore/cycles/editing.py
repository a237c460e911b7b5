"""Changing an order cycle, within what the actor may change.

An edit is all or nothing: if one part is refused, nothing changes and every reason is given.

Source:
    CYC-5, CYC-12, PERM-5, PERM-10 (`cascade`, `absent-field`, `absent-list`, `all-or-nothing`, `own-fees`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit, Unchanged
from ofncore.cycles.fee_choices import FeeChoice, foreign_fees, unknown_fees
from ofncore.cycles.selecting import needs_grant, selection_problems
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import text_problems
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.event import CycleEdited
from ofncore.model.fee import EnterpriseFee
from ofncore.model.product import Variant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.relations import Relations

#: Automatic notification is refused for cycles that close later than this (CYC-14.10).
ENDLESS_AFTER: Final = timedelta(days=366)
#: Most characters in the name of a cycle (CYC-1).
LONGEST_NAME: Final = 255


@attrs.frozen(kw_only=True)
class EditingFacts:
    """What is known when a cycle is to be edited."""

    relations: Relations
    #: At least every variant of the cycle and of the edit.
    variants: Mapping[VariantId, Variant]
    #: At least every fee of the cycle and of the edit.
    fees: Mapping[FeeId, EnterpriseFee]


@attrs.frozen(kw_only=True)
class CycleEditPlan:
    """The cycle as it will be, and what changed."""

    cycle: OrderCycle
    events: tuple[CycleEdited, ...]
    #: Variants that left lists of distributors because no supplier brings them any more (CYC-12).
    cascaded: tuple[tuple[EnterpriseId, VariantId], ...]


def plan_edit(
    cycle: OrderCycle,
    edit: CycleEdit,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
) -> CycleEditPlan | Refusal:
    """Decide an edit of *cycle* by *actor*. A plan without events changes nothing.

    Returns:
        The plan; or a refusal with every part the actor may not change (`NEEDS_MANAGER`, `NEEDS_GRANT`), every variant,
        fee or participant that cannot be chosen, and a name or dates that do not fit.
    """
    edited = _edited(cycle, edit)
    problems = (
        *_attribute_problems(cycle, edit, actor, facts),
        *_incoming_problems(cycle, edit, actor, facts),
        *_outgoing_problems(cycle, edited, edit, actor, facts),
        *name_problems(edited.name),
        *_date_problems(edited, edit, now),
    )
    if problems:
        return Refusal(problems)
    final, cascaded = _cascade(edited)
    result = attrs.evolve(cycle, **_as_fields(final), **_cleared_marks(cycle, edited))
    changed = _changed_paths(cycle, result)
    # The version alone would come again in a storage that the cycle is copied to.
    occasion = joined_id(iso(now), str(cycle.version))
    events = (CycleEdited(order_cycle=cycle.id, actor=actor, at=now, occasion=occasion, changed=changed),)
    return CycleEditPlan(cycle=result, events=events if changed else (), cascaded=cascaded)


@attrs.frozen(kw_only=True)
class _Draft:
    """A cycle's editable fields, before its dates are known to fit."""

    name: str
    orders_open_at: datetime | None
    orders_close_at: datetime | None
    automatic_notifications: bool
    coordinator_fees: tuple[FeeId, ...]
    incoming: tuple[IncomingExchange, ...]
    outgoing: tuple[OutgoingExchange, ...]


def _as_fields(draft: _Draft) -> dict[str, Any]:
    return {field.name: getattr(draft, field.name) for field in attrs.fields(_Draft)}


def _changes(edit: CycleEdit | IncomingEdit | OutgoingEdit, *names: str) -> dict[str, Any]:
    return {name: getattr(edit, name) for name in names if getattr(edit, name) is not UNCHANGED}


_ATTRIBUTES: Final = ("name", "orders_open_at", "orders_close_at", "automatic_notifications")
_OUTGOING_TERMS: Final = ("fees", "ready_for", "pickup_instructions", "tags")


def _exchange_changes(edit: IncomingEdit | OutgoingEdit, *names: str) -> dict[str, Any]:
    """Return the changes; a variant that is named twice is chosen once."""
    changes = _changes(edit, "variants", *names)
    return changes | {"variants": tuple(dict.fromkeys(changes["variants"]))} if "variants" in changes else changes


def _edited(cycle: OrderCycle, edit: CycleEdit) -> _Draft:
    incoming = {each.supplier: each for each in cycle.incoming if each.supplier not in edit.removed_suppliers}
    for change in edit.incoming:
        before = incoming.get(change.supplier, IncomingExchange(supplier=change.supplier))
        incoming[change.supplier] = attrs.evolve(before, **_exchange_changes(change, "fees", "receival_instructions"))
    outgoing = {each.distributor: each for each in cycle.outgoing if each.distributor not in edit.removed_distributors}
    for sale in edit.outgoing:
        was = outgoing.get(sale.distributor, OutgoingExchange(distributor=sale.distributor))
        outgoing[sale.distributor] = attrs.evolve(was, **_exchange_changes(sale, *_OUTGOING_TERMS))
    kept = {name: getattr(cycle, name) for name in (*_ATTRIBUTES, "coordinator_fees")}
    return _Draft(
        **{**kept, **_changes(edit, *_ATTRIBUTES, "coordinator_fees")},
        incoming=tuple(incoming.values()),
        outgoing=tuple(outgoing.values()),
    )


def _attribute_problems(cycle: OrderCycle, edit: CycleEdit, actor: Actor, facts: EditingFacts) -> Iterator[Problem]:
    relations = facts.relations
    for name in _changes(edit, *_ATTRIBUTES):
        yield from check_cycle(actor, CycleAction.EDIT_ATTRIBUTES, cycle, relations, path=f"$.{name}").problems
    if not isinstance(edit.coordinator_fees, Unchanged):
        action, path = CycleAction.EDIT_COORDINATOR_FEES, "$.coordinator_fees"
        decision = check_cycle(actor, action, cycle, relations, path=path)
        choice = FeeChoice(before=cycle.coordinator_fees, wanted=edit.coordinator_fees, path=path)
        yield from unknown_fees(choice, facts.fees) if decision.allowed else decision.problems
    if edit.removed_suppliers or edit.removed_distributors:
        action = CycleAction.EDIT_PARTICIPANTS
        path = "$.removed_suppliers" if edit.removed_suppliers else "$.removed_distributors"
        yield from check_cycle(actor, action, cycle, relations, path=path).problems


def _incoming_problems(cycle: OrderCycle, edit: CycleEdit, actor: Actor, facts: EditingFacts) -> Iterator[Problem]:
    actions = {
        "variants": CycleAction.EDIT_INCOMING_VARIANTS,
        "fees": CycleAction.EDIT_INCOMING_FEES,
        "receival_instructions": CycleAction.EDIT_RECEIVAL_INSTRUCTIONS,
    }
    for index, change in enumerate(edit.incoming):
        path = f"$.incoming[{index}]"
        exchange = cycle.incoming_from(change.supplier)
        if exchange is None:
            yield from _joining_problems(cycle, change.supplier, actor, facts.relations, f"{path}.supplier")
        for name in _changes(change, *actions):
            decision = check_cycle(
                actor, actions[name], cycle, facts.relations, participant=change.supplier, path=f"{path}.{name}"
            )
            yield from decision.problems
        if not isinstance(change.variants, Unchanged):
            yield from _not_of_supplier(change.supplier, change.variants, facts.variants, f"{path}.variants")
        if not isinstance(change.fees, Unchanged):
            choice = FeeChoice(before=exchange.fees if exchange else (), wanted=change.fees, path=f"{path}.fees")
            yield from _fee_problems(choice, CycleAction.EDIT_INCOMING_FEES, cycle, actor, facts, change.supplier)


def _fee_problems(
    choice: FeeChoice,
    action: CycleAction,
    cycle: OrderCycle,
    actor: Actor,
    facts: EditingFacts,
    participant: EnterpriseId,
) -> Iterator[Problem]:
    """Who may not touch the list at all is told so elsewhere, and is not told which fees there are."""
    if check_cycle(actor, action, cycle, facts.relations, participant=participant).allowed:
        yield from unknown_fees(choice, facts.fees)
        yield from foreign_fees(choice, facts.fees, actor=actor, action=action, cycle=cycle, relations=facts.relations)


def _not_of_supplier(
    supplier: EnterpriseId, wanted: Iterable[VariantId], variants: Mapping[VariantId, Variant], path: str
) -> Iterator[Problem]:
    for index, key in enumerate(wanted):
        variant = variants.get(key)
        if variant is None or variant.deleted or variant.supplier != supplier:
            yield problem(Code.UNKNOWN_RECORD, f"{path}[{index}]", kind="variant", id=key)


def _joining_problems(
    cycle: OrderCycle, participant: EnterpriseId, actor: Actor, relations: Relations, path: str
) -> Iterator[Problem]:
    """A new participant is added by the coordinator, and has granted it the right (PERM-G8, PERM-G11)."""
    yield from check_cycle(actor, CycleAction.EDIT_PARTICIPANTS, cycle, relations, path=path).problems
    if participant not in relations.enterprises:
        yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=participant)
    elif not relations.may_sell_for(cycle.coordinator, participant):
        yield needs_grant(relations, grantor=participant, grantee=cycle.coordinator, path=path)


def _outgoing_problems(
    cycle: OrderCycle, edited: _Draft, edit: CycleEdit, actor: Actor, facts: EditingFacts
) -> Iterator[Problem]:
    relations = facts.relations
    incoming = {variant for exchange in edited.incoming for variant in exchange.variants}
    for index, change in enumerate(edit.outgoing):
        path = f"$.outgoing[{index}]"
        exchange = cycle.outgoing_to(change.distributor)
        if exchange is None:
            yield from _joining_problems(cycle, change.distributor, actor, relations, f"{path}.distributor")
            shop = relations.enterprises.get(change.distributor)
            if shop is not None and not shop.is_shop:
                yield problem(Code.NOT_A_SHOP, f"{path}.distributor", enterprise=shop.name)
        for name in _changes(change, *_OUTGOING_TERMS):
            decision = check_cycle(
                actor,
                CycleAction.EDIT_OUTGOING_TERMS,
                cycle,
                relations,
                participant=change.distributor,
                path=f"{path}.{name}",
            )
            yield from decision.problems
        if not isinstance(change.variants, Unchanged):
            yield from selection_problems(
                cycle, change, actor, incoming, variants=facts.variants, relations=relations, path=f"{path}.variants"
            )
        if not isinstance(change.fees, Unchanged):
            choice = FeeChoice(before=exchange.fees if exchange else (), wanted=change.fees, path=f"{path}.fees")
            yield from _fee_problems(choice, CycleAction.EDIT_OUTGOING_TERMS, cycle, actor, facts, change.distributor)


def name_problems(name: str) -> Iterator[Problem]:
    """Yield why *name* cannot be the name of a cycle (CYC-1)."""
    if not name.strip():
        yield problem(Code.NAME_BLANK, "$.name")
    else:
        yield from text_problems("$.name", name, 1, LONGEST_NAME)


def _date_problems(edited: _Draft, edit: CycleEdit, now: datetime) -> Iterator[Problem]:
    opens, closes = edited.orders_open_at, edited.orders_close_at
    if opens is not None and closes is not None and closes <= opens:
        yield problem(Code.CLOSES_BEFORE_OPENING, "$.orders_close_at", opens=opens, closes=closes)
    touched = _changes(edit, "automatic_notifications", "orders_close_at")
    if touched and edited.automatic_notifications and (closes is None or closes - now > ENDLESS_AFTER):
        yield problem(Code.ENDLESS_CYCLE, "$.automatic_notifications")


def _cascade(draft: _Draft) -> tuple[_Draft, tuple[tuple[EnterpriseId, VariantId], ...]]:
    """Take out of every list what no supplier brings any more (CYC-12, PERM-10 `cascade`)."""
    brought = {variant for exchange in draft.incoming for variant in exchange.variants}
    gone = tuple(
        (exchange.distributor, variant)
        for exchange in draft.outgoing
        for variant in exchange.variants
        if variant not in brought
    )
    outgoing = tuple(
        attrs.evolve(exchange, variants=tuple(each for each in exchange.variants if each in brought))
        for exchange in draft.outgoing
    )
    return attrs.evolve(draft, outgoing=outgoing), gone


def _cleared_marks(cycle: OrderCycle, draft: _Draft) -> dict[str, Any]:
    """A date later than its mark is due again (CYC-11), also if it was cleared in between; others clear nothing."""
    marks: dict[str, Any] = {}
    if _is_later(cycle.opened_at, draft.orders_open_at):
        marks |= {"opened_at": None}
    if _is_later(cycle.closed_at, draft.orders_close_at) or _is_later(cycle.orders_close_at, draft.orders_close_at):
        marks |= {"closed_at": None, "producers_notified_at": None, "settled_at": None}
    return marks


def _is_later(before: datetime | None, after: datetime | None) -> bool:
    return before is not None and after is not None and after > before


def _changed_paths(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    names = (field.name for field in attrs.fields(_Draft))
    return tuple(f"$.{name}" for name in names if getattr(before, name) != getattr(after, name))
