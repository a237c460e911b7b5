"""Order cycles: made, edited, deleted, opened, closed, and their producers told."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import attrs

from ofncore.cycles.deleting import plan_deletion
from ofncore.cycles.editing import CycleEditPlan, EditOutcome, apply_edit, plan_edit
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.lifecycle import plan_closing, plan_opening
from ofncore.cycles.method_choice import WantedMethods, plan_methods
from ofncore.cycles.request import CycleRequest
from ofncore.cycles.told_edits import EditResult
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.kernel.texts import is_storable
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.coordinating.creating import create, duplicate
from ofncore.services.coordinating.facts import choosing_facts, deleting_facts, editing_facts
from ofncore.services.coordinating.scheduling import reschedule
from ofncore.services.coordinating.telling import text_for_actor, text_for_host
from ofncore.services.loading import load_relations
from ofncore.services.producers import notify_producers
from ofncore.services.recording import record_events
from ofncore.services.standing.placing import report_missed
from ofncore.services.wiring import Wiring

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Closing:
    """What came of a closing."""

    #: Standing orders that were not placed before it, and now never are.
    missed: int


class CycleService:
    """Makes, edits and deletes cycles, and does what is due for them."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def create(self, request: CycleRequest, *, actor: Actor, now: datetime) -> OrderCycle | Refusal:
        """Make a new cycle, all or nothing (see `ofncore.cycles.creating.plan_request`).

        Only shops coordinate; where the coordinator is no hub, the cycle has nobody else as supplier or distributor.
        A repeat of a request by the same actor gives its cycle as it now stands, and changes nothing; another request
        with its key is refused (`KEY_REUSED`), and once the cycle is deleted so is the repeat (`UNKNOWN_RECORD`).
        """
        check_type(CycleRequest, request=request)
        check_type(Actor, actor=actor)
        instant, profile = as_instant(now), self._wiring.profile
        return self._wiring.run(lambda unit: create(unit, request, actor=actor, now=instant, profile=profile))

    def edit(
        self, order_cycle: OrderCycleId, edit: CycleEdit, *, actor: Actor, now: datetime
    ) -> CycleEditPlan | Refusal:
        """Change a cycle, all or nothing (see `ofncore.cycles.editing.plan_edit`; `edit_text` has the words for a no).

        Proxy orders follow a change of dates or of schedules in the same unit of work (SUB-9, SUB-18 d8).
        """
        check_type(CycleEdit, edit=edit)
        check_type(Actor, actor=actor)
        instant = as_instant(now)

        def work(unit: UnitOfWork, cycle: OrderCycle) -> CycleEditPlan | Refusal:
            facts = editing_facts(unit, cycle, edit, self._wiring.profile)
            plan = plan_edit(cycle, edit, facts, actor=actor, now=instant, profile=self._wiring.profile)
            return plan if isinstance(plan, Refusal) else _stored(unit, plan, instant)

        return self._with(order_cycle, work)

    def edit_as_allowed(
        self, order_cycle: OrderCycleId, edit: CycleEdit, *, actor: Actor, now: datetime
    ) -> EditOutcome | Refusal:
        """Change a cycle as far as the actor may, and tell what was left out (see `apply_edit`, and `edit_text`).

        Proxy orders follow a change of dates or of schedules in the same unit of work (SUB-9, SUB-18 d8).
        """
        check_type(CycleEdit, edit=edit)
        check_type(Actor, actor=actor)
        instant = as_instant(now)

        def work(unit: UnitOfWork, cycle: OrderCycle) -> EditOutcome | Refusal:
            facts = editing_facts(unit, cycle, edit, self._wiring.profile)
            outcome = apply_edit(cycle, edit, facts, actor=actor, now=instant, profile=self._wiring.profile)
            if isinstance(outcome, Refusal):
                return outcome
            return attrs.evolve(outcome, plan=_stored(unit, outcome.plan, instant))

        return self._with(order_cycle, work)

    def edit_text(
        self, told: EditResult, locale: str, *, actor: Actor | None = None, order_cycle: OrderCycleId | None = None
    ) -> str:
        """Return what an edit came to as lines of text in the language of *locale*, with the names of things.

        Without *actor* it is for the host, and tells everything. With the *actor* who made the edit it tells what they
        may know: what they do not see is to them as if it were not there (see
        `ofncore.cycles.told_edits.told_to_actor`). A refusal does not say which cycle it is about: *order_cycle* does,
        and without it nobody is seen through the cycle.

        Args:
            told: What `edit`, `edit_as_allowed`, `choose_methods`, `create` or `delete` came to.
            locale: Of the reader (see `ofncore.cycles.edit_words.edit_text`).
            actor: Who made the edit, if they read it.
            order_cycle: Which cycle a refusal is about.

        Raises:
            TypeError: an argument is of another type.
        """
        check_type(str, locale=locale)
        check_type(EditResult, told=told)
        check_type(str | None, order_cycle=order_cycle)
        if actor is None:
            return self._wiring.run(lambda unit: text_for_host(unit, told, locale))
        check_type(Actor, actor=actor)
        profile = self._wiring.profile
        return self._wiring.run(
            lambda unit: text_for_actor(unit, told, locale, actor=actor, order_cycle=order_cycle, profile=profile)
        )

    def duplicate(
        self,
        order_cycle: OrderCycleId,
        *,
        new_id: OrderCycleId,
        name: str,
        orders_open_at: datetime,
        orders_close_at: datetime,
        actor: Actor,
        now: datetime,
    ) -> OrderCycle | Refusal:
        """Make a new cycle like an earlier one, in the same schedules (see `plan_duplicate`)."""
        check_type(str, new_id=new_id, name=name)
        check_type(Actor, actor=actor)
        instant = as_instant(now)

        def work(unit: UnitOfWork, cycle: OrderCycle) -> OrderCycle | Refusal:
            return duplicate(
                unit,
                cycle,
                new_id=new_id,
                name=name,
                opens=as_instant(orders_open_at),
                closes=as_instant(orders_close_at),
                actor=actor,
                now=instant,
            )

        return self._with(order_cycle, work)

    def choose_methods(
        self, order_cycle: OrderCycleId, wanted: WantedMethods, *, actor: Actor, now: datetime
    ) -> EditOutcome | Refusal:
        """Choose what customers can pay and be delivered by in a cycle, as far as the actor may (see `plan_methods`).

        Placed orders keep the methods they have.
        """
        check_type(WantedMethods, wanted=wanted)
        check_type(Actor, actor=actor)
        instant, profile = as_instant(now), self._wiring.profile

        def work(unit: UnitOfWork, cycle: OrderCycle) -> EditOutcome | Refusal:
            outcome = plan_methods(cycle, wanted, choosing_facts(unit), actor=actor, now=instant, profile=profile)
            if isinstance(outcome, Refusal):
                return outcome
            return attrs.evolve(outcome, plan=_stored(unit, outcome.plan, instant))

        return self._with(order_cycle, work)

    def delete(self, order_cycle: OrderCycleId, *, actor: Actor, now: datetime) -> Refusal | None:
        """Delete a cycle in which nothing was ordered and that no schedule holds (see `plan_deletion`).

        Its history stays in the event log, and its id is never used again.

        Returns:
            None once it is gone, or a refusal.
        """
        check_type(Actor, actor=actor)
        instant, profile = as_instant(now), self._wiring.profile

        def work(unit: UnitOfWork, cycle: OrderCycle) -> Refusal | None:
            facts = deleting_facts(unit, cycle)
            deleted = plan_deletion(cycle, facts, actor=actor, now=instant, profile=profile)
            if isinstance(deleted, Refusal):
                return deleted
            unit.order_cycles.remove(cycle.id)
            record_events(unit, [deleted])
            return None

        return self._with(order_cycle, work)

    def opening_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that opened and were not announced, however long ago."""
        return self._wiring.run(lambda unit: unit.order_cycles.opening_due(as_instant(now)))

    def closing_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that closed and were not dealt with, however long ago."""
        return self._wiring.run(lambda unit: unit.order_cycles.closing_due(as_instant(now)))

    def unsettled(self) -> Sequence[OrderCycle]:
        """Return the cycles that are running, or closed and not concluded yet."""
        return self._wiring.run(lambda unit: unit.order_cycles.unsettled())

    def announce_opening(self, order_cycle: OrderCycleId, *, now: datetime) -> bool:
        """Mark a cycle as opened; False if that is not due."""
        check_type(str, order_cycle=order_cycle)
        instant = as_instant(now)

        def work(unit: UnitOfWork) -> bool:
            step = plan_opening(unit.order_cycles.get(order_cycle), instant, self._wiring.profile)
            if step is None:
                return False
            unit.order_cycles.save(step.cycle)
            record_events(unit, step.events)
            return True

        return self._wiring.run(work)

    def close(self, order_cycle: OrderCycleId, *, now: datetime) -> Closing | None:
        """Carry out the closing of a cycle; None if that is not due.

        In one unit of work: the mark, what subscriptions missed, and the producers' summaries if they are automatic.
        """
        check_type(str, order_cycle=order_cycle)
        instant = as_instant(now)

        def work(unit: UnitOfWork) -> Closing | None:
            step = plan_closing(unit.order_cycles.get(order_cycle), instant, self._wiring.profile)
            if step is None:
                return None
            stored = unit.order_cycles.save(step.cycle)
            record_events(unit, step.events)
            closes = step.events[0].at
            late_at = self._wiring.profile.late_mark(closes, instant)
            missed = report_missed(unit, stored, instant, late_at=late_at)
            if stored.automatic_notifications:
                notify_producers(
                    unit,
                    stored,
                    actor=ENGINE,
                    at=closes,
                    automatic=True,
                    profile=self._wiring.profile,
                    late_at=late_at,
                )
            return Closing(missed=missed)

        return self._wiring.run(work)

    def notify_producers(self, order_cycle: OrderCycleId, *, actor: Actor, now: datetime) -> int | Refusal:
        """Send every producer with something to bring its summary, as it stands now; for the coordinator (PERM-G36).

        Returns:
            How many producers were written to, or a refusal.
        """
        check_type(Actor, actor=actor)
        instant = as_instant(now)

        def work(unit: UnitOfWork, cycle: OrderCycle) -> int | Refusal:
            decision = check_cycle(actor, CycleAction.NOTIFY_PRODUCERS, cycle, load_relations(unit))
            if decision.refusal is not None:
                return decision.refusal
            profile = self._wiring.profile
            return notify_producers(unit, cycle, actor=actor, at=instant, automatic=False, profile=profile)

        return self._with(order_cycle, work)

    def _with(self, order_cycle: OrderCycleId, work: Callable[[UnitOfWork, OrderCycle], T]) -> T | Refusal:
        """Do *work* with a cycle, in one unit of work; refused if there is no such cycle."""
        check_type(str, order_cycle=order_cycle)

        def found(unit: UnitOfWork) -> T | Refusal:
            cycle = unit.order_cycles.find(order_cycle) if is_storable(order_cycle) else None
            if cycle is None:
                return Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id=order_cycle)
            return work(unit, cycle)

        return self._wiring.run(found)


def _stored(unit: UnitOfWork, plan: CycleEditPlan, now: datetime) -> CycleEditPlan:
    if not plan.events:
        return plan
    stored = unit.order_cycles.save(plan.cycle)
    record_events(unit, plan.events)
    reschedule(unit, stored.id, plan.schedules, now)
    return attrs.evolve(plan, cycle=stored)
