"""What somebody asks for: a new order cycle."""

import attrs

from ofncore.cycles.edits import UNCHANGED, CycleEdit, one
from ofncore.kernel.fingerprints import fingerprint
from ofncore.kernel.ids import EnterpriseId


@attrs.frozen(kw_only=True)
class CycleRequest:
    """An order cycle to be made.

    Raises:
        TypeError: a field is of another type.
    """

    #: Chosen by the caller, unique for each cycle: the same key always means the same cycle. It becomes its id.
    key: str = attrs.field(validator=one(str))
    #: It never changes afterwards (CYC-G9).
    coordinator: EnterpriseId = attrs.field(validator=one(str))
    #: Name, dates, participants and all else of the new cycle. It needs a name.
    content: CycleEdit = attrs.field(validator=one(CycleEdit))

    @property
    def fingerprint(self) -> str:
        """The same text for the same request, and another one for every other."""
        asked = attrs.asdict(self, filter=lambda _field, value: value is not UNCHANGED, value_serializer=_in_one_order)
        return fingerprint(asked)


def _in_one_order(_request: object, _field: object, value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
