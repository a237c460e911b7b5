"""What somebody asks for: changes to an order cycle."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import attrs

from ofncore.kernel.arguments import check_type, values_of
from ofncore.kernel.edit_policies import AbsentField, AbsentList
from ofncore.kernel.ids import EnterpriseId, FeeId, ScheduleId, VariantId
from ofncore.kernel.instants import optional_instant
from ofncore.kernel.policies import PRODUCT, Profile


class Unchanged(Enum):
    """Stands for a field that an edit leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


T = TypeVar("T")


def _instant(value: datetime | Unchanged | None) -> datetime | Unchanged | None:
    return value if isinstance(value, Unchanged) else optional_instant(value)


def _listed(values: Iterable[T] | Unchanged) -> tuple[T, ...] | Unchanged:
    return values if isinstance(values, Unchanged) else _collected(values, tuple)


def _sequence(values: Iterable[T]) -> tuple[T, ...]:
    found: tuple[T, ...] = _collected(values, tuple)
    return found


def frozen(values: Iterable[T] | Unchanged) -> frozenset[T] | Unchanged:
    """Return *values* as a set, or that they stay."""
    return values if isinstance(values, Unchanged) else _collected(values, frozenset)


def _collected(values: Any, kind: type) -> Any:  # noqa: ANN401 - whatever was given; the validators tell what is wrong
    return values if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable) else kind(values)


# One for each type of value: type checkers do not see through a converter of any type.


def _variants(values: Iterable[VariantId] | Unchanged) -> tuple[VariantId, ...] | Unchanged:
    return _listed(values)


def _fees(values: Iterable[FeeId] | Unchanged) -> tuple[FeeId, ...] | Unchanged:
    return _listed(values)


def _tags(values: Iterable[str] | Unchanged) -> tuple[str, ...] | Unchanged:
    return _listed(values)


def _schedules(values: Iterable[ScheduleId] | Unchanged) -> frozenset[ScheduleId] | Unchanged:
    return frozen(values)


def _enterprises(values: Iterable[EnterpriseId]) -> tuple[EnterpriseId, ...]:
    return _sequence(values)


_Check = Callable[[object, "attrs.Attribute[Any]", object], None]


def one(kind: type) -> _Check:
    """Return the validator of a field that takes a value of *kind*, or none."""

    def check(_edit: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if value is not UNCHANGED:
            check_type(kind, **{field.name: value})

    return check


def many(kind: type) -> _Check:
    """Return the validator of a field that takes values of *kind*."""

    def check(_edit: object, field: "attrs.Attribute[Any]", values: object) -> None:
        if values is not UNCHANGED:
            values_of(field.name, values, kind)

    return check


_text: Final = one(str)
_flag: Final = one(bool)
_texts: Final = many(str)


@attrs.frozen(kw_only=True)
class IncomingEdit:
    """Changes to one supplier's part; a supplier that takes no part yet is added.

    A list is the whole list as it is to be: what it does not name is taken out, an empty one empties it, and
    `UNCHANGED` leaves it as it is. That goes as far as the actor may change it: what they may not take out stays.

    Raises:
        TypeError: a field is of another type; one text in the place of a list too.
    """

    supplier: EnterpriseId = attrs.field(validator=_text)
    #: All that the supplier is to bring. What nobody brings any more leaves the lists of all distributors (CYC-12).
    variants: tuple[VariantId, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_variants, validator=_texts)
    #: All fees that are to be on its goods; one named twice is charged twice (FEE-5).
    fees: tuple[FeeId, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_fees, validator=_texts)
    receival_instructions: str | Unchanged = attrs.field(default=UNCHANGED, validator=_text)


@attrs.frozen(kw_only=True)
class OutgoingEdit:
    """Changes to one distributor's part; a distributor that takes no part yet is added.

    Lists mean what they mean in `IncomingEdit`: each is the whole list as it is to be.

    Raises:
        TypeError: a field is of another type; one text in the place of a list too.
    """

    distributor: EnterpriseId = attrs.field(validator=_text)
    #: All that the distributor is to sell, of what comes in after this same edit (CYC-4).
    variants: tuple[VariantId, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_variants, validator=_texts)
    #: All fees that are to be on what it sells; one named twice is charged twice (FEE-5).
    fees: tuple[FeeId, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_fees, validator=_texts)
    ready_for: str | Unchanged = attrs.field(default=UNCHANGED, validator=_text)
    pickup_instructions: str | Unchanged = attrs.field(default=UNCHANGED, validator=_text)
    #: All tags that it is to have.
    tags: tuple[str, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_tags, validator=_texts)


def _incoming(values: Iterable[IncomingEdit]) -> tuple[IncomingEdit, ...]:
    return _sequence(values)


def _outgoing(values: Iterable[OutgoingEdit]) -> tuple[OutgoingEdit, ...]:
    return _sequence(values)


@attrs.frozen(kw_only=True)
class CycleEdit:
    """Changes to one cycle. What is not named stays as it is. The coordinator cannot be named: it never changes.

    An enterprise that there is not makes the whole edit a mistake, and nothing of it is done (PERM-5.3). A variant, a
    fee or a schedule that there is not is left out and told, as is all that the actor may not change; an edit that is
    to be done as a whole or not at all is refused for it.

    Raises:
        TypeError: a field is of another type; one text in the place of a list too.
        NaiveInstantError: a date has no time zone.
    """

    name: str | Unchanged = attrs.field(default=UNCHANGED, validator=_text)
    orders_open_at: datetime | Unchanged | None = attrs.field(default=UNCHANGED, converter=_instant)
    orders_close_at: datetime | Unchanged | None = attrs.field(default=UNCHANGED, converter=_instant)
    automatic_notifications: bool | Unchanged = attrs.field(default=UNCHANGED, validator=_flag)
    #: All fees that are to be on the cycle; one named twice is charged twice (FEE-5).
    coordinator_fees: tuple[FeeId, ...] | Unchanged = attrs.field(default=UNCHANGED, converter=_fees, validator=_texts)
    #: All schedules that are to hold the cycle (PERM-5.2).
    schedules: frozenset[ScheduleId] | Unchanged = attrs.field(
        default=UNCHANGED, converter=_schedules, validator=_texts
    )
    #: One entry for each supplier that is to change. Those without an entry stay, unless `whole_incoming` says else.
    incoming: tuple[IncomingEdit, ...] = attrs.field(default=(), converter=_incoming, validator=many(IncomingEdit))
    outgoing: tuple[OutgoingEdit, ...] = attrs.field(default=(), converter=_outgoing, validator=many(OutgoingEdit))
    #: Participants that leave, with all they brought or sold; who takes no part is gone already. One that has an entry
    #: too begins anew with what it says.
    removed_suppliers: tuple[EnterpriseId, ...] = attrs.field(default=(), converter=_enterprises, validator=_texts)
    removed_distributors: tuple[EnterpriseId, ...] = attrs.field(default=(), converter=_enterprises, validator=_texts)
    #: `incoming` names everybody who is to take part: if the coordinator asks, suppliers without an entry leave with
    #: their goods. From anybody else it removes nobody (PERM-5.3 step 10).
    whole_incoming: bool = attrs.field(default=False, validator=_flag)
    #: The same for `outgoing` and distributors.
    whole_outgoing: bool = attrs.field(default=False, validator=_flag)


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
