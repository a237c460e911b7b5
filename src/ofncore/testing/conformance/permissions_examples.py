"""Files whose cases are of several kinds: each case says which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ofncore.testing.conformance.cases import Case, SchemaSupport, UnsupportedCaseError, listed_cases, schema_is
from ofncore.testing.conformance.permissions_checkout import CHECKOUT
from ofncore.testing.conformance.permissions_edits import EDITS
from ofncore.testing.conformance.permissions_new_enterprises import NEW_ENTERPRISES
from ofncore.testing.conformance.permissions_relationships import RELATIONSHIPS
from ofncore.testing.conformance.permissions_worlds import WORLDS

#: How the cases of each kind are run.
_KINDS: Final[Mapping[str, SchemaSupport]] = MappingProxyType(
    {
        "checkout": CHECKOUT,
        "creation": NEW_ENTERPRISES,
        "edit": EDITS,
        "relationship": RELATIONSHIPS,
        "world": WORLDS,
    }
)


def _support(case: Case) -> SchemaSupport:
    found = _KINDS.get(case["kind"])
    if found is None:
        message = f"a case of kind {case['kind']!r}"
        raise UnsupportedCaseError(message)
    return found


EXAMPLES: Final = SchemaSupport(
    name="permissions: examples",
    recognises=schema_is("ofn-permissions/mixed/1"),
    cases=listed_cases,
    expect=lambda case, side: _support(case).expect(case, side),
    run=lambda case, profile: _support(case).run(case, profile),
    codes=lambda case: _support(case).codes(case),
    overlays=lambda case: _support(case).overlays(case),
    defects=lambda case: _support(case).defects(case),
)
