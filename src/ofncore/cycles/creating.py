"""Making a new order cycle.

Source:
    PERM-5.1, PERM-10 (`create-rights`), PERM-G3, PERM-G4, PERM-G6, CYC-G9.
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ofncore.cycles.attributes import asked_attributes, flaws
from ofncore.cycles.editing import EditingFacts, EditOutcome, outcome_of, unknown_participants
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, CycleEdit
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import CoordinatorChoice
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, text_problems
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleCreated
from ofncore.model.subscription import Schedule
from ofncore.permissions.actions import EnterpriseAction, ScreenAction
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.screens import Screen


@attrs.frozen(kw_only=True)
class CreationPlan:
    """A new cycle, and the schedules that it begins in."""

    cycle: OrderCycle
    events: tuple[CycleCreated, ...]
    #: As they will be.
    schedules: tuple[Schedule, ...]


def plan_creation(
    new_id: OrderCycleId,
    coordinator: EnterpriseId,
    edit: CycleEdit,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EditOutcome | Refusal:
    """Decide a new cycle of *coordinator*, filled by *edit* as far as *actor* may fill it.

    The coordinator is a shop that the actor manages. Where the policy says so, whoever manages a shop may name anybody;
    participants are then left out, because only the coordinator adds them (`create-rights`).

    Returns:
        The outcome; or a refusal of the whole: the actor may not (`NEEDS_MANAGER`), the coordinator has no shop
        (`CANNOT_COORDINATE`), an enterprise is not known (`UNKNOWN_RECORD`), or name or dates do not fit.
    """
    named = attrs.evolve(edit, name="" if edit.name is UNCHANGED else edit.name)
    blank = OrderCycle(id=new_id, name=new_id, coordinator=coordinator)
    editor = facts.editor(actor, blank, profile)
    not_allowed = tuple(_rights_problems(editor))
    wrong = not_allowed or (*unknown_participants(editor, edit), *flaws(blank, named, now))
    if wrong:
        return Refusal(wrong)
    begun = attrs.evolve(blank, **asked_attributes(named))
    rest = attrs.evolve(
        edit,
        name=UNCHANGED,
        orders_open_at=UNCHANGED,
        orders_close_at=UNCHANGED,
        automatic_notifications=UNCHANGED,
    )
    outcome = outcome_of(facts.editor(actor, begun, profile), rest, now)
    # That it is new says all that an event of an edit could say.
    return attrs.evolve(outcome, plan=attrs.evolve(outcome.plan, events=()))


def plan_request(
    request: CycleRequest, facts: EditingFacts, *, actor: Actor, now: datetime, profile: Profile = PRODUCT
) -> CreationPlan | Refusal:
    """Decide the new cycle of *request*, all or nothing.

    Returns:
        The cycle, its schedules, and that it was made; or a refusal: as `plan_creation`, a key that cannot be an id,
        or every part that the actor may not fill in so, by its path in the content.
    """
    unfit = tuple(text_problems("$.key", request.key, 1, LONGEST_ID))
    if unfit:
        return Refusal(unfit)
    key = OrderCycleId(request.key)
    outcome = plan_creation(key, request.coordinator, request.content, facts, actor=actor, now=now, profile=profile)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.dropped:
        return Refusal(outcome.dropped)
    created = CycleCreated(order_cycle=key, actor=actor, at=now, request=request.fingerprint)
    return CreationPlan(cycle=outcome.cycle, events=(created,), schedules=outcome.plan.schedules)


def _rights_problems(editor: Editor) -> Iterator[Problem]:
    actor, snapshot, profile = editor.actor, editor.snapshot, editor.profile
    coordinator = resource(ResourceKind.ENTERPRISE, editor.cycle.coordinator)
    known = snapshot.enterprises.get(editor.cycle.coordinator)
    if known is not None and profile.coordinator_choice is CoordinatorChoice.ANYBODY:
        screen = resource(ResourceKind.SCREEN, Screen.NEW_ORDER_CYCLE)
        yield from check(actor, ScreenAction.OPEN, screen, snapshot, profile).problems
    elif known is not None and editor.coordinates and not known.is_shop:
        yield problem(Code.CANNOT_COORDINATE, "$.coordinator", enterprise=known.name)
    else:
        yield from check(
            actor, EnterpriseAction.COORDINATE, coordinator, snapshot, profile, path="$.coordinator"
        ).problems
