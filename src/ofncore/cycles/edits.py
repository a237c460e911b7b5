"""What somebody asks for: changes to an order cycle."""

from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import attrs

from ofncore.kernel.edit_policies import AbsentField, AbsentList
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.instants import optional_instant
from ofncore.kernel.policies import PRODUCT, Profile


class Unchanged(Enum):
    """Stands for a field that an edit leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


def _instant(value: datetime | Unchanged | None) -> datetime | Unchanged | None:
    return value if isinstance(value, Unchanged) else optional_instant(value)


@attrs.frozen(kw_only=True)
class IncomingEdit:
    """Changes to one supplier's part; a supplier that takes no part yet is added."""

    supplier: EnterpriseId
    variants: tuple[VariantId, ...] | Unchanged = UNCHANGED
    fees: tuple[FeeId, ...] | Unchanged = UNCHANGED
    receival_instructions: str | Unchanged = UNCHANGED


@attrs.frozen(kw_only=True)
class OutgoingEdit:
    """Changes to one distributor's part; a distributor that takes no part yet is added."""

    distributor: EnterpriseId
    variants: tuple[VariantId, ...] | Unchanged = UNCHANGED
    fees: tuple[FeeId, ...] | Unchanged = UNCHANGED
    ready_for: str | Unchanged = UNCHANGED
    pickup_instructions: str | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED


@attrs.frozen(kw_only=True)
class CycleEdit:
    """Changes to one cycle. What is not named stays as it is. The coordinator cannot be named: it never changes."""

    name: str | Unchanged = UNCHANGED
    orders_open_at: datetime | Unchanged | None = attrs.field(default=UNCHANGED, converter=_instant)
    orders_close_at: datetime | Unchanged | None = attrs.field(default=UNCHANGED, converter=_instant)
    automatic_notifications: bool | Unchanged = UNCHANGED
    coordinator_fees: tuple[FeeId, ...] | Unchanged = UNCHANGED
    incoming: tuple[IncomingEdit, ...] = ()
    outgoing: tuple[OutgoingEdit, ...] = ()
    #: Participants that leave, with all they brought or sold.
    removed_suppliers: tuple[EnterpriseId, ...] = ()
    removed_distributors: tuple[EnterpriseId, ...] = ()
    #: The list names everybody who is to take part: if the coordinator asks, who is not named leaves (PERM-5.3).
    whole_incoming: bool = False
    whole_outgoing: bool = False


def with_whole_lists(
    edit: CycleEdit,
    *,
    incoming: tuple[IncomingEdit, ...] | Unchanged,
    outgoing: tuple[OutgoingEdit, ...] | Unchanged,
    profile: Profile = PRODUCT,
) -> CycleEdit:
    """Return *edit* with the two lists of a form, which names everybody who is to take part.

    What a form leaves out (`UNCHANGED`) stays as it is. Where the policy says so, a list that is left out is an empty
    one, unless both are (`absent-list`), and a field that an entry leaves out is cleared (`absent-field`).

    Source:
        PERM-5.3 steps 9 and 10, PERM-10.
    """
    empty = profile.absent_list is AbsentList.EMPTY and (incoming, outgoing) != (UNCHANGED, UNCHANGED)
    clears = profile.absent_field is AbsentField.CLEARED
    brought = () if isinstance(incoming, Unchanged) else incoming
    sold = () if isinstance(outgoing, Unchanged) else outgoing
    return attrs.evolve(
        edit,
        incoming=tuple(map(_cleared, brought)) if clears else brought,
        outgoing=tuple(map(_cleared, sold)) if clears else sold,
        whole_incoming=empty or incoming is not UNCHANGED,
        whole_outgoing=empty or outgoing is not UNCHANGED,
    )


_E = TypeVar("_E", IncomingEdit, OutgoingEdit)
_LISTS: Final = frozenset(("variants", "fees", "tags"))


def _cleared(entry: _E) -> _E:
    absent = [field.name for field in attrs.fields(type(entry)) if getattr(entry, field.name) is UNCHANGED]
    cleared: dict[str, Any] = {name: () if name in _LISTS else "" for name in absent}
    return attrs.evolve(entry, **cleared)
