"""Open Food Network's fee cases, in both profiles."""

from pathlib import Path

import pytest

from ofncore.testing.conformance import ConformanceReport, Outcome, run_conformance

FOLDER = Path(__file__).parent / "fees"

#: File, number of its cases, number of those that deviate in the profile of the specification.
FILES = [
    ("calculators.json.gz", 1239, 70),
    ("cycles-1.json.gz", 120, 37),
    ("cycles-2.json.gz", 120, 39),
    ("fee_settings.json.gz", 46, 4),
    ("lifecycle.json.gz", 90, 15),
    ("tax-1.json.gz", 105, 1),
    ("tax-2.json.gz", 105, 0),
    ("unit_prices.json.gz", 220, 0),
]


@pytest.fixture(scope="module")
def report() -> ConformanceReport:
    return run_conformance(FOLDER)


def test_every_file_is_run_whole_in_both_profiles(report: ConformanceReport) -> None:
    found = [(each.path, each.profile, sum(map(each.count, Outcome))) for each in report.files]
    assert found == [(path, profile, cases) for path, cases, _ in FILES for profile in ("ofn", "product")]


def test_nothing_fails_and_nothing_is_unsupported(report: ConformanceReport) -> None:
    unlike = "\n".join(report.lines())
    assert (report.count(Outcome.FAILED), report.count(Outcome.UNSUPPORTED)) == (0, 0), unlike
    assert report.conforms


@pytest.mark.parametrize(("path", "cases", "deviated"), FILES)
def test_the_original_is_met_to_the_cent_and_the_specification_deviates_so_often(
    report: ConformanceReport, path: str, cases: int, deviated: int
) -> None:
    passed = {each.profile: each.count(Outcome.PASSED) for each in report.files if each.path == path}
    assert passed == {"ofn": cases, "product": cases - deviated}


def test_deviations_by_code(report: ConformanceReport) -> None:
    """FEE-13: what the specification decides in another way, and no more."""
    assert report.deviations == {
        "amount-digits": 1,
        "frozen-terms": 7,
        "item-limits": 26,
        "outside-cycle": 41,
        "record-keys": 1,
        "tax-calculator": 4,
        "voucher-tax": 1,
        "weight-units": 91,
    }
