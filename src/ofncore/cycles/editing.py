"""Changing an order cycle, within what the actor may change.

`apply_edit` does what is allowed and tells what it left out; `plan_edit` does all or nothing. Both go by the same
rules, and neither ever touches what the actor may not touch.

Source:
    CYC-5, CYC-12, PERM-5, PERM-12 (decision shape), PERM-10 (the codes of `ofncore.kernel.edit_policies`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Self

import attrs

from ofncore.cycles.attributes import attribute_changes, flaws
from ofncore.cycles.changes import Change, changed_fields, changes_between, cleared_marks
from ofncore.cycles.draft import Draft, Lost
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.exchange_edits import edit_exchanges
from ofncore.cycles.fee_choices import outsiders_fees
from ofncore.cycles.schedule_choices import changes_of_schedules, schedule_changes
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import (
    FeeId,
    OrderCycleId,
    PaymentMethodId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    VariantId,
    joined_id,
)
from ofncore.kernel.instants import iso
from ofncore.kernel.paths import keyed
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleEdited
from ofncore.model.fee import EnterpriseFee
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.product import Variant
from ofncore.model.subscription import Schedule, Subscription
from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True)
class EditingFacts:
    """What is known when a cycle is to be edited."""

    relations: Relations
    #: At least every variant of the cycle and of the edit.
    variants: Mapping[VariantId, Variant]
    #: At least every fee of the cycle and of the edit.
    fees: Mapping[FeeId, EnterpriseFee]
    #: At least every method of distributors that the edit adds; without methods none can be added.
    payment_methods: Mapping[PaymentMethodId, PaymentMethod] = attrs.field(factory=dict)
    shipping_methods: Mapping[ShippingMethodId, ShippingMethod] = attrs.field(factory=dict)
    #: Where the edit is about schedules: those that hold the cycle, and those it names.
    schedules: Mapping[ScheduleId, Schedule] = attrs.field(factory=dict)
    #: At least every other cycle of these schedules.
    scheduled: Mapping[OrderCycleId, OrderCycle] = attrs.field(factory=dict)
    #: At least every subscription to those of these schedules that hold no cycle.
    subscriptions: Mapping[SubscriptionId, Subscription] = attrs.field(factory=dict)

    def editor(self, actor: Actor, cycle: OrderCycle, profile: Profile) -> Editor:
        """Return *actor* before *cycle*, with these facts."""
        snapshot = Snapshot.around(
            self.relations,
            order_cycles=(cycle,),
            variants=self.variants.values(),
            fees=self.fees.values(),
            payment_methods=self.payment_methods.values(),
            shipping_methods=self.shipping_methods.values(),
        )
        calendar = Snapshot.around(
            self.relations,
            order_cycles=(*self.scheduled.values(), cycle),
            schedules=self.schedules.values(),
            subscriptions=self.subscriptions.values(),
        )
        return Editor(actor=actor, cycle=cycle, snapshot=snapshot, calendar=calendar, profile=profile)


@attrs.frozen(kw_only=True)
class CycleEditPlan:
    """The cycle as it will be, and what changed."""

    cycle: OrderCycle
    events: tuple[CycleEdited, ...]
    #: Variants that left lists of distributors because no supplier brings them any more (CYC-12).
    cascaded: tuple[Lost, ...]
    #: What is different afterwards.
    changes: tuple[Change, ...]
    #: The schedules that come to hold the cycle, or hold it no more, as they will be.
    schedules: tuple[Schedule, ...] = ()
    #: What is done, and may not be meant: a fee on the whole cycle whose owner has no part in it (`FEE_OF_OUTSIDER`).
    remarks: tuple[Problem, ...] = ()

    @property
    def applied(self) -> tuple[str, ...]:
        """What is different afterwards, such as ``$.name``; by the ids of things, as ``$.incoming[farm].fees[f1]``."""
        return tuple(each.path for each in self.changes)


@attrs.frozen(kw_only=True)
class EditOutcome:
    """What an edit comes to: what is done, and what was left out, with the reasons."""

    #: What is to be stored.
    plan: CycleEditPlan
    #: What was asked for and is not done, and what would allow it; by the same paths as what is done.
    dropped: tuple[Problem, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is different afterwards."""
        return self.plan.changes

    @property
    def applied(self) -> tuple[str, ...]:
        """Where it is different; see `CycleEditPlan.applied`."""
        return self.plan.applied

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What is done, and may not be meant; see `CycleEditPlan.remarks`."""
        return self.plan.remarks

    @property
    def cycle(self) -> OrderCycle:
        """The cycle as it will be."""
        return self.plan.cycle


def apply_edit(
    cycle: OrderCycle,
    edit: CycleEdit,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EditOutcome | Refusal:
    """Decide an edit of *cycle* by *actor*, as far as the actor may change what it asks for.

    Returns:
        The outcome; or a refusal of the whole: the actor has no part in the cycle (`NEEDS_MANAGER`), the actor or a
        participant is not known (`UNKNOWN_RECORD`), or name or dates do not fit.
    """
    editor = facts.editor(actor, cycle, profile)
    if editor.entry.refusal is not None:
        return editor.entry.refusal
    wrong = (*unknown_participants(editor, edit), *(flaws(cycle, edit, now) if editor.coordinates else ()))
    return Refusal(wrong) if wrong else outcome_of(editor, edit, now)


def outcome_of(editor: Editor, edit: CycleEdit, now: datetime) -> EditOutcome:
    """Return what comes of *edit*, of which name and dates are known to fit."""
    return _Edited.of(editor, edit).outcome(now)


def outcome_with(
    editor: Editor, changes: Mapping[str, Any], dropped: tuple[Problem, ...], now: datetime
) -> EditOutcome:
    """Return what comes of *changes* of fields that the actor may make; *dropped* is what was asked for besides."""
    edited = _Edited(editor=editor, changes=changes, dropped=dropped)
    return edited.outcome(now)


def plan_edit(
    cycle: OrderCycle,
    edit: CycleEdit,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> CycleEditPlan | Refusal:
    """Decide an edit of *cycle* by *actor*, all or nothing. A plan without events changes nothing.

    Returns:
        The plan; or a refusal with every part the actor may not change (`NEEDS_MANAGER`, `NEEDS_GRANT`), every variant,
        fee or participant that cannot be chosen, and a name or dates that do not fit; or because the actor has no part
        in the cycle (`NEEDS_MANAGER`), or is nobody (`UNKNOWN_RECORD`), which is then all that is said.
    """
    editor = facts.editor(actor, cycle, profile)
    if not editor.is_known:
        return Refusal(editor.entry.problems)
    edited = _Edited.of(editor, edit)
    wrong = (*edited.dropped, *unknown_participants(editor, edit), *flaws(cycle, edit, now))
    # Who may not see the cycle is not shown it for asking for nothing.
    wrong = wrong or editor.entry.problems
    return Refusal(wrong) if wrong else edited.outcome(now).plan


def unknown_participants(editor: Editor, edit: CycleEdit) -> Iterator[Problem]:
    """Yield a problem for each enterprise that there is not: such an edit is a mistake as a whole (PERM-5.3)."""
    named = [
        *((keyed("$.incoming", each.supplier), each.supplier) for each in edit.incoming),
        *((keyed("$.outgoing", each.distributor), each.distributor) for each in edit.outgoing),
        *((keyed("$.removed_suppliers", each), each) for each in edit.removed_suppliers),
        *((keyed("$.removed_distributors", each), each) for each in edit.removed_distributors),
    ]
    for path, key in dict.fromkeys(named):
        if key not in editor.relations.enterprises:
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=key)


@attrs.frozen(kw_only=True)
class _Edited:
    """What an edit makes of a cycle, before name and dates are known to fit."""

    #: With the cycle as it was.
    editor: Editor
    changes: Mapping[str, Any]
    dropped: tuple[Problem, ...]
    lost: tuple[Lost, ...] = ()
    schedules: tuple[Schedule, ...] = ()

    @classmethod
    def of(cls, editor: Editor, edit: CycleEdit) -> Self:
        draft = Draft.of(editor)
        attributes, dropped = attribute_changes(editor, edit)
        schedules, unscheduled = schedule_changes(editor, edit)
        dropped += (*unscheduled, *edit_exchanges(draft, edit))
        after = draft.cycle
        return cls(
            editor=editor,
            changes=attributes | {"incoming": after.incoming, "outgoing": after.outgoing},
            # Two entries for one enterprise can be wrong in the same way.
            dropped=tuple(dict.fromkeys(dropped)),
            lost=draft.cascaded(),
            schedules=schedules,
        )

    def outcome(self, now: datetime) -> EditOutcome:
        """Return what is to be stored, once nothing stands against it."""
        before = self.editor.cycle
        cycle = attrs.evolve(before, **self.changes, **cleared_marks(before, self.changes))
        changes = (*changes_between(before, cycle), *changes_of_schedules(cycle, self.schedules))
        plan = CycleEditPlan(
            cycle=cycle,
            events=self._events(cycle, now),
            cascaded=self.lost,
            changes=changes,
            schedules=self.schedules,
            remarks=tuple(outsiders_fees(self.editor, cycle)),
        )
        return EditOutcome(plan=plan, dropped=self.dropped)

    def _events(self, after: OrderCycle, now: datetime) -> tuple[CycleEdited, ...]:
        changed = (*changed_fields(self.editor.cycle, after), *(("$.schedules",) if self.schedules else ()))
        # The version alone would come again in a storage that the cycle is copied to.
        occasion = joined_id(iso(now), str(self.editor.cycle.version))
        told = CycleEdited(order_cycle=after.id, actor=self.editor.actor, at=now, occasion=occasion, changed=changed)
        return (told,) if changed else ()
