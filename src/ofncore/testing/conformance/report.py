"""What a run found, as data and as text."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Final

import attrs

from ofncore.testing.conformance.comparing import Difference

#: How many cases that failed are told, and how many of the differences of each.
_TOLD_CASES: Final = 20
_TOLD_DIFFERENCES: Final = 20


class Outcome(StrEnum):
    """What became of one case in one profile."""

    PASSED = "passed"
    #: It differs, but only by policies of the deviations register, or by a defect of the original.
    DEVIATED = "deviated"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


@attrs.frozen(kw_only=True)
class CaseResult:
    """One case in one profile."""

    case: str
    outcome: Outcome
    #: The smallest set of codes whose policies of Open Food Network make a deviated case equal; or of its defects.
    codes: tuple[str, ...] = ()
    #: The codes for which it was held against an overlay, in the place of what the original gave.
    overlays: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    #: Why it is unsupported, or could not be run.
    reason: str = ""


@attrs.frozen(kw_only=True)
class FileResult:
    """One file in one profile."""

    #: Relative to the directory, with slashes.
    path: str
    profile: str
    results: tuple[CaseResult, ...] = ()
    #: Cases that could not be read, that the file says it has and lacks, or whose id is not theirs alone.
    unread: int = 0
    reason: str = ""

    def count(self, outcome: Outcome) -> int:
        """Return how many cases ended so."""
        unread = self.unread if outcome is Outcome.UNSUPPORTED else 0
        return unread + sum(each.outcome is outcome for each in self.results)


@attrs.frozen(kw_only=True)
class ConformanceReport:
    """Every file in every profile."""

    files: tuple[FileResult, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many cases ended so, each counted once for each profile."""
        return sum(each.count(outcome) for each in self.files)

    @property
    def deviations(self) -> dict[str, int]:
        """How many cases deviated under each code, by code."""
        found = Counter(code for each in self._cases(Outcome.DEVIATED) for code in each.codes)
        return dict(sorted(found.items()))

    @property
    def overlays(self) -> dict[str, int]:
        """How many cases were held against an overlay for each code, by code."""
        found = Counter(code for file in self.files for each in file.results for code in each.overlays)
        return dict(sorted(found.items()))

    @property
    def is_empty(self) -> bool:
        """There was no case at all."""
        return not any(map(self.count, Outcome))

    @property
    def conforms(self) -> bool:
        """Nothing failed and nothing was unsupported."""
        return not self.is_empty and not self.count(Outcome.FAILED) and not self.count(Outcome.UNSUPPORTED)

    def lines(self) -> Iterator[str]:
        """Yield the report as text: files, deviations and overlays by code, the first differences, the total last."""
        for each in self.files:
            yield f"{each.path} {each.profile}: {_tally(each)}"
        for code, number in self.deviations.items():
            yield f"deviation {code}: {number}"
        for code, number in self.overlays.items():
            yield f"overlay {code}: {number}"
        yield from self._told()
        yield f"total: {_tally(self)}"

    def data(self) -> dict[str, object]:
        """Return the report for programs: tallies of files and of all, deviations by code, and what failed."""
        return {
            "files": [{"path": each.path, "profile": each.profile, **_numbers(each)} for each in self.files],
            "deviations": self.deviations,
            "overlays": self.overlays,
            "unlike": [
                {
                    "path": file.path,
                    "profile": file.profile,
                    "case": each.case,
                    "outcome": each.outcome,
                    "reason": each.reason,
                    "differences": list(map(str, each.differences)),
                }
                for file, each in self._unlike()
            ],
            "total": _numbers(self),
        }

    def _cases(self, outcome: Outcome) -> Iterator[CaseResult]:
        return (each for file in self.files for each in file.results if each.outcome is outcome)

    def _told(self) -> Iterator[str]:
        """Yield the first that failed or are unsupported, and the first deviation of each set of codes."""
        unread = {file.path: file.reason for file in self.files if file.unread}
        yield from (f"unsupported {path}: {reason}" for path, reason in unread.items())
        for file, each in islice(self._unlike(), _TOLD_CASES):
            yield f"{each.outcome} {file.path} {file.profile} {each.case}" + (f": {each.reason}" if each.reason else "")
            yield from (f"  {difference}" for difference in each.differences[:_TOLD_DIFFERENCES])
            if len(each.differences) > _TOLD_DIFFERENCES:
                yield f"  and {len(each.differences) - _TOLD_DIFFERENCES} more"
        for file, each in self._first_deviations():
            told = f"deviated {file.path} {file.profile} {each.case} by {' and '.join(each.codes)}"
            yield f"{told}, such as" if each.differences else told
            yield from (f"  {difference}" for difference in each.differences[:1])

    def _unlike(self) -> Iterator[tuple[FileResult, CaseResult]]:
        unlike = (Outcome.FAILED, Outcome.UNSUPPORTED)
        return ((file, each) for file in self.files for each in file.results if each.outcome in unlike)

    def _first_deviations(self) -> Iterable[tuple[FileResult, CaseResult]]:
        first: dict[tuple[str, ...], tuple[FileResult, CaseResult]] = {}
        for file in self.files:
            for each in file.results:
                if each.outcome is Outcome.DEVIATED:
                    first.setdefault(each.codes, (file, each))
        return first.values()


def _numbers(counted: FileResult | ConformanceReport) -> dict[str, int]:
    return {outcome.value: counted.count(outcome) for outcome in Outcome}


def _tally(counted: FileResult | ConformanceReport) -> str:
    return ", ".join(f"{outcome} {number}" for outcome, number in _numbers(counted).items())
