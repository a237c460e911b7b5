"""What somebody asks for: changes to an order cycle."""

from datetime import datetime
from enum import Enum
from typing import Final

import attrs

from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.instants import optional_instant


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
