"""Which schedules hold a cycle after an edit.

Whoever asks, coordinator or participant, puts the cycle into schedules that they may edit, and takes it out of those:
schedules with a cycle that they coordinate. All others stay as they are, and are not theirs to see: they are told of
those that they name, and of no other.

A schedule without any cycle is nobody's by that rule. The coordinator's managers may begin it with their cycle, as they
might a new one, unless a shop that they do not manage has subscriptions to it: those are somebody else's standing
orders.

Source:
    PERM-3 (editable schedules), PERM-5.2, PERM-8 (schedule), CYC-5, SUB-2.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ofncore.cycles.changes import Change, Turn
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import CycleEdit, Unchanged
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId, ScheduleId
from ofncore.kernel.paths import keyed
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import Schedule
from ofncore.permissions.actions import RecordAction
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource

_PATH: Final = "$.schedules"


def schedule_changes(editor: Editor, edit: CycleEdit) -> tuple[tuple[Schedule, ...], list[Problem]]:
    """Return the schedules that *edit* changes, as they will be, and why it changes no others of those it names."""
    if isinstance(edit.schedules, Unchanged):
        return (), []
    known, cycle = editor.calendar.schedules, editor.cycle.id
    held = {key for key, each in known.items() if cycle in each.order_cycles}
    found = {key: tuple(_objections(editor, key)) for key in sorted(held | edit.schedules)}
    changed = tuple(_turned(known[key], cycle) for key in sorted(held ^ edit.schedules) if not found[key])
    return changed, [each for key in sorted(edit.schedules) for each in found[key]]


def changes_of_schedules(cycle: OrderCycle, changed: Iterable[Schedule]) -> Iterator[Change]:
    """Yield which of the *changed* schedules hold *cycle* now, and which do no more."""
    for each in changed:
        yield Change(keyed(_PATH, each.id), Turn.ADDED if cycle.id in each.order_cycles else Turn.TAKEN_OUT)


def _turned(schedule: Schedule, cycle: OrderCycleId) -> Schedule:
    others = tuple(each for each in schedule.order_cycles if each != cycle)
    return attrs.evolve(schedule, order_cycles=others if cycle in schedule.order_cycles else (*others, cycle))


def _objections(editor: Editor, key: ScheduleId) -> Iterator[Problem]:
    schedule, path = editor.calendar.schedules.get(key), keyed(_PATH, key)
    if schedule is not None and not schedule.order_cycles:
        yield from _beginning_problems(editor, schedule, path)
    else:
        place = resource(ResourceKind.SCHEDULE, key)
        action = RecordAction.EDIT_SCHEDULE
        yield from check(editor.actor, action, place, editor.calendar, editor.profile, path=path).problems


def _beginning_problems(editor: Editor, schedule: Schedule, path: str) -> Iterator[Problem]:
    """Yield each enterprise that the actor must manage as well to put the first cycle into *schedule*."""
    subscriptions = editor.calendar.subscriptions.values()
    shops = (each.shop for each in subscriptions if each.schedule == schedule.id)
    for each in dict.fromkeys((editor.cycle.coordinator, *shops)):
        if not editor.manages(each):
            names = (editor.relations.name_of(each),)
            yield problem(Code.NEEDS_MANAGER, path, action=RecordAction.EDIT_SCHEDULE, enterprises=names)
