"""What an edit does to a cycle itself: its name, dates and fees.

Source:
    CYC-1, CYC-3, CYC-11, CYC-14.10, PERM-5.2, PERM-10 (`cycle-attributes`), PERM-G6, PERM-G18, PERM-G27.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, CycleEdit, Unchanged
from ofncore.cycles.fee_choices import FeeChoice, cycle_fees
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, problem
from ofncore.kernel.texts import text_problems
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import CycleAction

#: Automatic notification is refused for cycles that close later than this (CYC-14.10).
ENDLESS_AFTER: Final = timedelta(days=366)
#: Most characters in the name of a cycle (CYC-1).
LONGEST_NAME: Final = 255

_NAMES: Final = ("name", "orders_open_at", "orders_close_at", "automatic_notifications")


def asked_attributes(edit: CycleEdit) -> dict[str, Any]:
    """Return name, dates and notification as *edit* asks for them, where it does."""
    return {name: getattr(edit, name) for name in _NAMES if getattr(edit, name) is not UNCHANGED}


def attribute_changes(editor: Editor, edit: CycleEdit) -> tuple[dict[str, Any], list[Problem]]:
    """Return what of *edit* applies to the cycle itself, by field, and why the rest does not."""
    changes: dict[str, Any] = {}
    dropped: list[Problem] = []
    for name, value in asked_attributes(edit).items():
        decision = editor.check(CycleAction.EDIT_ATTRIBUTES, f"$.{name}")
        dropped += decision.problems
        if decision.allowed:
            changes[name] = value
    if not isinstance(edit.coordinator_fees, Unchanged):
        path = "$.coordinator_fees"
        decision = editor.check(CycleAction.EDIT_COORDINATOR_FEES, path)
        if decision.allowed:
            choice = FeeChoice(before=editor.cycle.coordinator_fees, wanted=edit.coordinator_fees, path=path)
            charged = cycle_fees(choice, editor.snapshot.fees)
            changes["coordinator_fees"] = charged.fees
            dropped += charged.dropped
        else:
            dropped += decision.problems
    return changes, dropped


def flaws(cycle: OrderCycle, edit: CycleEdit, now: datetime) -> Iterator[Problem]:
    """Yield what does not fit in the name and the dates that *cycle* would have."""
    asked = asked_attributes(edit)
    yield from name_problems(asked.get("name", cycle.name))
    opens = asked.get("orders_open_at", cycle.orders_open_at)
    closes = asked.get("orders_close_at", cycle.orders_close_at)
    if opens is not None and closes is not None and closes <= opens:
        yield problem(Code.CLOSES_BEFORE_OPENING, "$.orders_close_at", opens=opens, closes=closes)
    automatic = asked.get("automatic_notifications", cycle.automatic_notifications)
    touched = asked.keys() & {"automatic_notifications", "orders_close_at"}
    if touched and automatic and (closes is None or closes - now > ENDLESS_AFTER):
        yield problem(Code.ENDLESS_CYCLE, "$.automatic_notifications")


def name_problems(name: str) -> Iterator[Problem]:
    """Yield why *name* cannot be the name of a cycle (CYC-1)."""
    if not name.strip():
        yield problem(Code.NAME_BLANK, "$.name")
    else:
        yield from text_problems("$.name", name, 1, LONGEST_NAME)
