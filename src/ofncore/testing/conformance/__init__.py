"""Runs recorded cases of Open Food Network, and of the specification, against this library.

`run_conformance` looks for files of cases below a directory, knows each by its content, and runs every case in both
profiles. What it can run are the `SchemaSupport` of `schemas.SUPPORTED`, one module for each kind of file.
"""

from ofncore.testing.conformance.cases import RefusedCaseError, SchemaSupport, Side, UnsupportedCaseError
from ofncore.testing.conformance.comparing import UNCOMPARED, Difference, differences, multiset
from ofncore.testing.conformance.report import CaseResult, ConformanceReport, FileResult, Outcome
from ofncore.testing.conformance.running import run_conformance

__all__ = [
    "UNCOMPARED",
    "CaseResult",
    "ConformanceReport",
    "Difference",
    "FileResult",
    "Outcome",
    "RefusedCaseError",
    "SchemaSupport",
    "Side",
    "UnsupportedCaseError",
    "differences",
    "multiset",
    "run_conformance",
]
