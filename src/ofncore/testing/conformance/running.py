"""Runs every case in both profiles and judges it."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

import attrs

from ofncore.kernel.policies import DEVIATIONS, OFN, PRODUCT, Profile
from ofncore.ports.progress import Progress
from ofncore.testing.conformance.cases import Case, Json, RefusedCaseError, SchemaSupport, Side, UnsupportedCaseError
from ofncore.testing.conformance.comparing import Difference, differences
from ofncore.testing.conformance.files import case_count, case_files, read_json
from ofncore.testing.conformance.report import CaseResult, ConformanceReport, FileResult, Outcome
from ofncore.testing.conformance.schemas import SUPPORTED

_SIDES: Final = ((Side.OFN, OFN), (Side.PRODUCT, PRODUCT))


def run_conformance(
    directory: str | Path,
    *,
    progress: Progress | None = None,
    schemas: tuple[SchemaSupport, ...] = SUPPORTED,
) -> ConformanceReport:
    """Run every case below *directory*, in the profiles `OFN` and `PRODUCT`.

    Files end in ``.json`` or ``.json.gz``; what they hold is told by their content. A file that nobody knows counts as
    unsupported, with as many cases as it says it has, or one. In `PRODUCT` a case that differs has *deviated* if
    switching the policies of some codes of the deviations register to those of `OFN` makes it equal; the smallest such
    set is reported. In `OFN` one has deviated if the original's result shows a defect that no profile copies, and all
    the rest of it is equal; any other passes or fails.

    Args:
        directory: Where to look, at any depth.
        progress: Is told of each file.
        schemas: What can be run.

    Raises:
        NotADirectoryError: *directory* is none.
    """
    top = Path(directory)
    if not top.is_dir():
        message = f"{directory} is no directory"
        raise NotADirectoryError(message)
    found = list(case_files(top))
    results: list[FileResult] = []
    for done, (name, path) in enumerate(found, start=1):
        results += _run_file(name, path, schemas)
        if progress is not None:
            progress.step(name, done, len(found))
    return ConformanceReport(files=tuple(results))


def _run_file(name: str, path: Path, schemas: tuple[SchemaSupport, ...]) -> list[FileResult]:
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:
        return _unread(name, 1, str(error))
    support = _support_of(content, schemas)
    if support is None:
        return _unread(name, case_count(content), "its schema is not known")
    cases = support.cases(content)
    lacking, reason = _lacking(content)
    return [
        FileResult(
            path=name,
            profile=side.value,
            results=tuple(_Trial(support=support, side=side, profile=profile).of(case) for case in cases),
            unread=lacking,
            reason=reason,
        )
        for side, profile in _SIDES
    ]


def _lacking(content: Json) -> tuple[int, str]:
    """Return how many cases are not what the file says of them, and why: it may be cut, or put together wrongly."""
    held, said = len(content["cases"]), content.get("count")
    if said is not None and (type(said) is not int or said != held):
        return (abs(said - held) if type(said) is int else 1), f"its count is {said!r}, but it has {held} cases"
    ids = Counter(str(case["id"]) for case in content["cases"] if isinstance(case, dict) and "id" in case)
    repeated = sorted(each for each, times in ids.items() if times > 1)
    return len(repeated), f"more than one case has the id {', '.join(repeated)}" if repeated else ""


def _unread(name: str, count: int, reason: str) -> list[FileResult]:
    return [FileResult(path=name, profile=side.value, unread=count, reason=reason) for side, _ in _SIDES]


def _support_of(content: Json, schemas: tuple[SchemaSupport, ...]) -> SchemaSupport | None:
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        return None
    return next((support for support in schemas if support.recognises(content)), None)


@attrs.frozen(kw_only=True)
class _Trial:
    """How the cases of one file are tried in one profile."""

    support: SchemaSupport
    side: Side
    profile: Profile

    def of(self, case: Case) -> CaseResult:
        """Return what became of *case*."""
        name = str(case["id"]) if isinstance(case, dict) and "id" in case else "(without id)"
        try:
            found = self._differences(case, self.profile)
            codes = () if not found else self._deviation(case)
        except UnsupportedCaseError as error:
            return CaseResult(case=name, outcome=Outcome.UNSUPPORTED, reason=str(error))
        if not found:
            return self._equal(case, name)
        outcome = Outcome.DEVIATED if codes else Outcome.FAILED
        return CaseResult(case=name, outcome=outcome, codes=codes, differences=found)

    def _equal(self, case: Case, name: str) -> CaseResult:
        if self.side is Side.PRODUCT:
            overlays = tuple(sorted(self.support.overlays(case)))
            return CaseResult(case=name, outcome=Outcome.PASSED, overlays=overlays)
        defects = tuple(sorted(self.support.defects(case)))
        return CaseResult(case=name, outcome=Outcome.DEVIATED if defects else Outcome.PASSED, codes=defects)

    def _differences(self, case: Case, profile: Profile) -> tuple[Difference, ...]:
        try:
            expected = self.support.expect(case, self.side)
            return differences(expected, self.support.run(case, profile))
        except UnsupportedCaseError:
            raise
        except RefusedCaseError as error:
            return (Difference("$", "a result", f"a refusal: {error}"),)
        except Exception as error:  # noqa: BLE001 - whatever a case brings up, the others still count
            return (Difference("$", "a result", f"{type(error).__name__}: {error}"),)

    def _deviation(self, case: Case) -> tuple[str, ...]:
        """Return the smallest set of codes whose switched policies make *case* equal; empty if there is none."""
        if self.side is Side.OFN:
            return ()
        return next((codes for codes in self._candidates(case) if self._is_equal(case, codes)), ())

    def _candidates(self, case: Case) -> Iterator[tuple[str, ...]]:
        try:
            codes = self.support.codes(case)
        except Exception:  # noqa: BLE001 - a case too broken to tell deviates under nothing
            codes = ()
        known = sorted(code for code in codes if code in DEVIATIONS)
        return (codes for size in range(1, len(known) + 1) for codes in combinations(known, size))

    def _is_equal(self, case: Case, codes: tuple[str, ...]) -> bool:
        return not self._differences(case, self.profile.switched(codes, to=OFN))
