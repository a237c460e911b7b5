"""Making a cycle, or a copy of one, in one unit of work."""

from datetime import datetime

import attrs

from ofncore.cycles.creating import plan_request
from ofncore.cycles.duplicating import CopyingFacts, plan_duplicate
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EventId, OrderCycleId, joined_id
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.kernel.texts import is_storable
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleCreated, CycleDeleted
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.coordinating.facts import creating_facts
from ofncore.services.coordinating.scheduling import reschedule
from ofncore.services.loading import load_catalogue, load_relations
from ofncore.services.recording import record_events


def create(
    unit: UnitOfWork, request: CycleRequest, *, actor: Actor, now: datetime, profile: Profile
) -> OrderCycle | Refusal:
    """Store the cycle of *request*, or give back the one that was stored for its key before."""
    key = OrderCycleId(request.key)
    earlier = _earlier(unit, key)
    if earlier is not None and (earlier.request, earlier.actor) == (request.fingerprint, actor):
        cycle = unit.order_cycles.find(key)
        return Refusal.of(Code.UNKNOWN_RECORD, "$.key", kind="order_cycle", id=key) if cycle is None else cycle
    step = plan_request(request, creating_facts(unit, request, profile), actor=actor, now=now, profile=profile)
    if isinstance(step, Refusal):
        return step
    # Only who may make a cycle learns which there are.
    if is_taken(unit, key):
        return Refusal.of(Code.KEY_REUSED, "$.key", key=key)
    record_events(unit, step.events)
    stored = unit.order_cycles.add(step.cycle)
    reschedule(unit, stored.id, step.schedules, now)
    return stored


def _earlier(unit: UnitOfWork, key: OrderCycleId) -> CycleCreated | None:
    if not is_storable(key):
        return None
    found = unit.events.find(EventId(joined_id(CycleCreated.kind, key, "")))
    return found if isinstance(found, CycleCreated) else None


def is_taken(unit: UnitOfWork, key: OrderCycleId) -> bool:
    """Whether *key* is the id of a cycle, or was that of one that was deleted."""
    if not is_storable(key):
        return False
    deleted = unit.events.find(EventId(joined_id(CycleDeleted.kind, key, "")))
    return deleted is not None or unit.order_cycles.find(key) is not None


def duplicate(
    unit: UnitOfWork,
    cycle: OrderCycle,
    *,
    new_id: OrderCycleId,
    name: str,
    opens: datetime,
    closes: datetime,
    actor: Actor,
    now: datetime,
) -> OrderCycle | Refusal:
    """Store a copy of *cycle*, and put it into the schedules of its original."""
    variants, _ = load_catalogue(unit, {key for each in cycle.incoming for key in each.variants})
    facts = CopyingFacts(
        relations=load_relations(unit),
        live={key for key, variant in variants.items() if not variant.deleted},
        payment_methods=tuple(unit.payment_methods.get_many({each.method for each in cycle.payment_methods})),
        shipping_methods=tuple(unit.shipping_methods.get_many({each.method for each in cycle.shipping_methods})),
        taken=is_taken(unit, new_id),
    )
    copy = plan_duplicate(cycle, facts, new_id=new_id, name=name, opens=opens, closes=closes, actor=actor, now=now)
    if isinstance(copy, Refusal):
        return copy
    stored = unit.order_cycles.add(copy)
    record_events(unit, [CycleCreated(order_cycle=stored.id, actor=actor, at=now, copied_from=cycle.id)])
    for schedule in unit.schedules.with_cycle(cycle.id):
        unit.schedules.save(attrs.evolve(schedule, order_cycles=(*schedule.order_cycles, stored.id)))
    return stored
