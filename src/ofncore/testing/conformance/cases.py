"""What is known about one schema of cases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ofncore.kernel.policies import DEVIATIONS, Profile

#: JSON as it is read: numbers with a point are `Decimal`.
Json = Any
#: One case of a file; its `id` tells it from the others, and nothing else follows from it.
Case = Mapping[str, Json]
#: A whole file.
Document = Mapping[str, Json]


class Side(StrEnum):
    """Which of its results a case is held against."""

    #: What the original gave.
    OFN = "ofn"
    #: The overlay of the case for the specification; what the original gave, where it has none.
    PRODUCT = "product"


class UnsupportedCaseError(Exception):
    """A case asks for something that its schema, as it is known here, does not have."""


class RefusedCaseError(Exception):
    """The library refuses what a case is about, where it was to give a result; that is a difference like others."""


def _every_code(_case: Case) -> Collection[str]:
    return DEVIATIONS


def _no_code(_case: Case) -> Collection[str]:
    return ()


@attrs.frozen(kw_only=True)
class SchemaSupport:
    """How the files of one schema are known, and how their cases are run.

    `expect` and `run` give trees of the same shape: mappings, lists and plain values, which `comparing.differences`
    compares exactly. Numbers and multisets are brought into one form by both. Where the original misbehaves, `expect`
    gives the sane value, or `UNCOMPARED` if nobody says what that is; `defects` then names the code.
    """

    #: For people, such as ``fees: calculators``.
    name: str
    #: Whether a file is of this schema, by its content.
    recognises: Callable[[Document], bool]
    #: The cases of a file.
    cases: Callable[[Document], Sequence[Case]]
    #: What a case must give.
    expect: Callable[[Case, Side], Json]
    #: What this library gives for a case in a profile. It may raise `UnsupportedCaseError` and `RefusedCaseError`.
    run: Callable[[Case, Profile], Json]
    #: The codes of the deviations register under which a case may deviate, by its content.
    codes: Callable[[Case], Collection[str]] = _every_code
    #: The codes of the overlay that stands for the specification in a case.
    overlays: Callable[[Case], Collection[str]] = _no_code
    #: The codes of defects of the original that its result for a case shows and no profile copies.
    defects: Callable[[Case], Collection[str]] = _no_code


def schema_is(schema: str) -> Callable[[Document], bool]:
    """Return the test for files whose `schema` is *schema*."""
    return lambda document: document.get("schema") == schema


def listed_cases(document: Document) -> Sequence[Case]:
    """Return the `cases` of a file."""
    cases: Sequence[Case] = document["cases"]
    return cases
