"""The runner of recorded cases, on small files planted here."""

import gzip
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ofncore.cli import main
from ofncore.kernel.policies import CycleBounds, Profile, WeightRule
from ofncore.testing.conformance import (
    UNCOMPARED,
    CaseResult,
    ConformanceReport,
    Outcome,
    RefusedCaseError,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    differences,
    multiset,
    run_conformance,
)

CALCULATOR = {
    "id": "planted-1",
    "calculator": "per_item",
    "preferences": {"amount": "0.50"},
    "stored_preferences": {"amount": "0.5"},
    "target": "line_item",
    "lines": [{"price": "2.00", "quantity": 3}],
    "expect": {"amount": "1.5", "number": "decimal", "stored_amount": "1.50"},
}
#: A flexible rate that only Open Food Network takes (code `item-limits`).
NEGATIVE_LIMIT = {
    "id": "planted-2",
    "calculator": "flexi_rate",
    "preferences": {"first_item": "5", "additional_item": "1", "max_items": "-2"},
    "stored_preferences": {"first_item": "5", "additional_item": "1", "max_items": "-2"},
    "target": "order",
    "lines": [{"price": "2.00", "quantity": 3}],
    "expect": {"amount": "2", "number": "decimal", "stored_amount": "2.00"},
}
CALCULATORS = "ofn-fees/calculators/1"


def planted(folder: Path, name: str, *cases: Any, schema: str = CALCULATORS, **more: Any) -> Path:  # noqa: ANN401
    """Write a file of cases and return the folder."""
    text = json.dumps({"schema": schema, "count": len(cases), "cases": cases} | more)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, "utf-8")
    return folder


def tallies(report: ConformanceReport) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return passed, deviated, failed and unsupported of each file and profile."""
    return {(file.path, file.profile): tuple(map(file.count, Outcome)) for file in report.files}


def results(report: ConformanceReport, profile: str) -> list[CaseResult]:
    return [each for file in report.files if file.profile == profile for each in file.results]


# ---------------------------------------------------------------- files


def test_a_case_that_gives_the_same_passes_in_both_profiles(tmp_path: Path) -> None:
    report = run_conformance(planted(tmp_path, "a.json", CALCULATOR))
    assert tallies(report) == {("a.json", "ofn"): (1, 0, 0, 0), ("a.json", "product"): (1, 0, 0, 0)}
    assert report.conforms


def test_a_wrong_value_fails_in_both_profiles_and_is_told_in_full(tmp_path: Path) -> None:
    wrong = {**CALCULATOR, "expect": {**CALCULATOR["expect"], "stored_amount": "1.51"}}  # type: ignore[dict-item]
    report = run_conformance(planted(tmp_path, "a.json", wrong))
    assert tallies(report) == {("a.json", "ofn"): (0, 0, 1, 0), ("a.json", "product"): (0, 0, 1, 0)}
    assert "  $.stored_amount: expected 1.51, got 1.50" in list(report.lines())
    assert not report.conforms


@pytest.mark.parametrize("name", ["cycles-1.json", "deep/er/x.JSON", "without-any-hint.json.gz"])
def test_a_file_is_known_by_its_content_whatever_its_name_and_place(tmp_path: Path, name: str) -> None:
    report = run_conformance(planted(tmp_path, name, CALCULATOR))
    assert tallies(report)[(name, "ofn")] == (1, 0, 0, 0)


def test_compressed_or_not_a_file_gives_the_same(tmp_path: Path) -> None:
    planted(tmp_path, "a.json", CALCULATOR, NEGATIVE_LIMIT)
    found = tallies(run_conformance(planted(tmp_path, "a.json.gz", CALCULATOR, NEGATIVE_LIMIT)))
    for profile in ("ofn", "product"):
        assert found[("a.json", profile)] == found[("a.json.gz", profile)]


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a.json.gz", "c/a.json"):
        planted(tmp_path, name, CALCULATOR)
    paths = [file.path for file in run_conformance(tmp_path).files if file.profile == "ofn"]
    assert paths == sorted(paths)
    assert len(paths) == 4


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ('{"schema": "ofn-fees/calculators/2", "cases": [{}, {}]}', 2),
        ('{"schema": "nobody/1", "count": 7}', 7),
        ('{"schema": "nobody/1", "count": "7"}', 1),
        ('{"schema": "ofn-fees/calculators/1", "cases": {}}', 1),
        ('{"cases": []}', 1),
        ("[1, 2]", 1),
        ("{", 1),
        ("", 1),
    ],
)
def test_what_nobody_knows_is_unsupported_with_all_its_cases(tmp_path: Path, content: str, count: int) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    found = tallies(run_conformance(tmp_path))
    assert found == {("a.json", "ofn"): (0, 0, 0, count), ("a.json", "product"): (0, 0, 0, count)}


def test_a_broken_archive_is_unsupported(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps({"schema": CALCULATORS, "cases": [CALCULATOR]}).encode())
    (tmp_path / "a.json.gz").write_bytes(whole[:-12])
    (tmp_path / "b.json.gz").write_bytes(b"no archive")
    assert set(tallies(run_conformance(tmp_path)).values()) == {(0, 0, 0, 1)}


@pytest.mark.parametrize(
    ("said", "unsupported", "reason"),
    [
        (3, 1, "its count is 3, but it has 2 cases"),
        (1, 1, "its count is 1, but it has 2 cases"),
        ("2", 1, "its count is '2', but it has 2 cases"),
        (True, 1, "its count is True, but it has 2 cases"),
    ],
)
def test_a_file_with_another_number_of_cases_than_it_says_does_not_conform(
    tmp_path: Path, said: object, unsupported: int, reason: str
) -> None:
    planted(tmp_path, "a.json", CALCULATOR, {**CALCULATOR, "id": "planted-3"}, count=said)
    report = run_conformance(tmp_path)
    assert tallies(report) == {("a.json", profile): (2, 0, 0, unsupported) for profile in ("ofn", "product")}
    assert f"unsupported a.json: {reason}" in list(report.lines())
    assert not report.conforms


def test_a_file_without_a_number_of_cases_is_as_long_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"schema": CALCULATORS, "cases": [CALCULATOR]}), "utf-8")
    assert run_conformance(tmp_path).conforms


def test_two_cases_of_one_id_do_not_conform(tmp_path: Path) -> None:
    report = run_conformance(planted(tmp_path, "a.json", CALCULATOR, CALCULATOR))
    assert tallies(report) == {("a.json", profile): (2, 0, 0, 1) for profile in ("ofn", "product")}
    assert "unsupported a.json: more than one case has the id planted-1" in list(report.lines())


def test_other_files_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Cases", "utf-8")
    (tmp_path / "folder.json").mkdir()
    assert run_conformance(tmp_path).is_empty


def test_the_sum_of_a_line_is_the_number_of_cases(tmp_path: Path) -> None:
    cases = (CALCULATOR, NEGATIVE_LIMIT, {"id": "broken"}, 5, {**CALCULATOR, "id": "planted-4", "target": "cupboard"})
    report = run_conformance(planted(tmp_path, "a.json", *cases))
    assert tallies(report) == {("a.json", "ofn"): (2, 0, 2, 1), ("a.json", "product"): (1, 1, 2, 1)}


def test_the_report_reads_as_promised(tmp_path: Path) -> None:
    planted(tmp_path, "sub/a.json", CALCULATOR, NEGATIVE_LIMIT)
    lines = list(run_conformance(tmp_path).lines())
    assert lines[:3] == [
        "sub/a.json ofn: passed 2, deviated 0, failed 0, unsupported 0",
        "sub/a.json product: passed 1, deviated 1, failed 0, unsupported 0",
        "deviation item-limits: 1",
    ]
    assert lines[-1] == "total: passed 3, deviated 1, failed 0, unsupported 0"


def test_progress_is_told_of_each_file(tmp_path: Path) -> None:
    class Watcher:
        def __init__(self) -> None:
            self.steps: list[tuple[str, int, int | None]] = []

        def step(self, task: str, done: int, total: int | None) -> None:
            self.steps.append((task, done, total))

    watcher = Watcher()
    for name in ("a.json", "b.json"):
        planted(tmp_path, name, CALCULATOR)
    run_conformance(tmp_path, progress=watcher)
    assert watcher.steps == [("a.json", 1, 2), ("b.json", 2, 2)]


# ---------------------------------------------------------------- deviations


def policies(case: Mapping[str, Any], profile: Profile) -> Any:  # noqa: ANN401 - a tree
    """What the planted schema gives: the policies that a case asks for."""
    if case.get("raises"):
        raise RuntimeError(case["raises"])
    if case.get("refused_by") is not None and profile.weight_rule is WeightRule(case["refused_by"]):
        message = "not with this rule"
        raise RefusedCaseError(message)
    if case.get("unsupported"):
        raise UnsupportedCaseError(case["unsupported"])
    shown = {"bounds": profile.cycle_bounds, "weights": profile.weight_rule}
    return {name: shown.get(name, profile.name) for name in case["asks"]}


def planted_schema(*codes: str) -> SchemaSupport:
    return SchemaSupport(
        name="planted",
        recognises=lambda document: document.get("kind") == "planted",
        cases=lambda document: document["cases"],
        expect=lambda case, side: case.get("overlay", case["expect"]) if side is Side.PRODUCT else case["expect"],
        run=policies,
        codes=lambda _: codes,
        overlays=lambda case: case.get("overlay_codes", ()),
        defects=lambda case: case.get("defects", ()),
    )


def outcome_of(folder: Path, case: Any, *codes: str, profile: str = "product") -> CaseResult:  # noqa: ANN401 - JSON
    planted(folder, "a.json", {"id": "1", **case}, kind="planted", schema="none")
    report = run_conformance(folder, schemas=(planted_schema(*codes),))
    (found,) = results(report, profile)
    return found


BOTH = ("bounds", "weight-units", "frozen-terms", "record-keys")
OFN_BOTH = {"bounds": CycleBounds.EXCLUDED, "weights": WeightRule.AS_RUN}


def test_a_difference_of_one_policy_deviates_under_its_code_alone(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, {"asks": ["bounds"], "expect": {"bounds": "excluded"}}, *BOTH)
    assert (found.outcome, found.codes) == (Outcome.DEVIATED, ("bounds",))


def test_the_smallest_set_of_codes_is_found(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, {"asks": ["bounds", "weights"], "expect": OFN_BOTH}, *BOTH)
    assert (found.outcome, found.codes) == (Outcome.DEVIATED, ("bounds", "weight-units"))
    assert [each.path for each in found.differences] == ["$.bounds", "$.weights"]


def test_a_difference_that_no_policy_explains_fails(tmp_path: Path) -> None:
    case = {"asks": ["bounds"], "expect": {"bounds": "excluded", "price": 3}}
    found = outcome_of(tmp_path, case, *BOTH)
    assert (found.outcome, found.codes) == (Outcome.FAILED, ())


def test_a_deviation_whose_code_does_not_belong_to_the_case_fails(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, {"asks": ["bounds"], "expect": {"bounds": "excluded"}}, "weight-units")
    assert found.outcome is Outcome.FAILED


def test_a_code_that_is_not_in_the_register_explains_nothing(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, {"asks": ["name"], "expect": {"name": "product+made-up"}}, "made-up", "bounds")
    assert found.outcome is Outcome.FAILED


def test_in_the_profile_of_the_original_nothing_deviates(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, {"asks": ["bounds"], "expect": {"bounds": "included"}}, *BOTH, profile="ofn")
    assert found.outcome is Outcome.FAILED


def test_product_is_held_against_the_overlay_of_a_case(tmp_path: Path) -> None:
    case = {"asks": ["bounds"], "expect": {"bounds": "excluded"}, "overlay": {"bounds": "included"}}
    assert outcome_of(tmp_path, case, *BOTH).outcome is Outcome.PASSED
    assert outcome_of(tmp_path, case, *BOTH, profile="ofn").outcome is Outcome.PASSED


def test_the_codes_of_overlays_are_counted_for_the_specification(tmp_path: Path) -> None:
    case = {"id": "1", "asks": ["bounds"], "expect": {"bounds": "excluded"}, "overlay": {"bounds": "included"}}
    planted(tmp_path, "a.json", {**case, "overlay_codes": ["bounds"]}, kind="planted", schema="none")
    report = run_conformance(tmp_path, schemas=(planted_schema(*BOTH),))
    assert report.overlays == {"bounds": 1}
    assert "overlay bounds: 1" in list(report.lines())


def test_a_defect_of_the_original_deviates_under_its_code_if_the_rest_is_equal(tmp_path: Path) -> None:
    case = {"asks": ["bounds"], "expect": {"bounds": "excluded"}, "defects": ["half-done"]}
    found = outcome_of(tmp_path, case, *BOTH, profile="ofn")
    assert (found.outcome, found.codes) == (Outcome.DEVIATED, ("half-done",))
    report = run_conformance(tmp_path, schemas=(planted_schema(*BOTH),))
    assert "deviated a.json ofn 1 by half-done" in list(report.lines())
    unlike = outcome_of(tmp_path, {**case, "expect": {"bounds": "included"}}, *BOTH, profile="ofn")
    assert unlike.outcome is Outcome.FAILED


def test_a_refusal_is_a_difference_that_a_policy_may_explain(tmp_path: Path) -> None:
    case = {"asks": ["weights"], "expect": {"weights": "as_run"}, "refused_by": "designed"}
    found = outcome_of(tmp_path, case, *BOTH)
    assert (found.outcome, found.codes) == (Outcome.DEVIATED, ("weight-units",))
    assert str(found.differences[0]) == "$: expected 'a result', got 'a refusal: not with this rule'"


def test_a_case_that_cannot_be_run_fails_and_one_that_is_not_known_is_unsupported(tmp_path: Path) -> None:
    broken = outcome_of(tmp_path, {"asks": [], "expect": {}, "raises": "oh"}, *BOTH)
    assert broken.outcome is Outcome.FAILED
    assert "RuntimeError: oh" in str(broken.differences[0])
    unknown = outcome_of(tmp_path, {"asks": [], "expect": {}, "unsupported": "no such step"}, *BOTH)
    assert (unknown.outcome, unknown.reason) == (Outcome.UNSUPPORTED, "no such step")


def test_the_code_of_a_deviation_does_not_follow_from_the_id(tmp_path: Path) -> None:
    for name, key in (("a.json", "calc-s-0673"), ("b.json", "x"), ("c.json", "weight-units")):
        planted(tmp_path, name, {**NEGATIVE_LIMIT, "id": key})
    assert {each.codes for each in results(run_conformance(tmp_path), "product")} == {("item-limits",)}


# ---------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": UNCOMPARED}, {"a": "anything"}),
        ([{"a": UNCOMPARED}], [{}]),
        (multiset([{"a": "2"}, {"a": "1", "b": None}]), multiset([{"a": "1"}, {"a": "2"}])),
        (["kg"], ("kg",)),
    ],
)
def test_equal_trees(expected: object, got: object) -> None:
    assert differences(expected, got) == ()


@pytest.mark.parametrize(
    ("expected", "got", "path"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "$.a.b[1]"),
        ({"a": [1]}, {"a": [1, 1]}, "$.a"),
        ({"a": 1}, {"a": True}, "$.a"),
        ({"a": None}, {"a": 0}, "$.a"),
        ({}, {"a": 0}, "$.a"),
        ({"a": "1"}, {"a": 1}, "$.a"),
        (multiset([1, 1, 2]), multiset([1, 2, 2]), "$[1]"),
    ],
)
def test_the_path_of_a_difference_is_told(expected: object, got: object, path: str) -> None:
    assert [each.path for each in differences(expected, got)] == [path]


# ---------------------------------------------------------------- the command


def test_the_command_ends_with_0_if_all_is_as_it_should_be(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["conformance", str(planted(tmp_path, "a.json", CALCULATOR, NEGATIVE_LIMIT))]) == 0
    assert capfdbinary.readouterr().out.splitlines()[-1] == b"total: passed 3, deviated 1, failed 0, unsupported 0"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"schema": CALCULATORS, "cases": [{**CALCULATOR, "expect": {"error": "No"}}]}, 1),
        ({"schema": "nobody/1", "cases": [{}]}, 1),
        ({"schema": CALCULATORS, "cases": []}, 2),
    ],
)
def test_the_exit_code_tells_what_is_wrong(tmp_path: Path, content: object, code: int) -> None:
    (tmp_path / "a.json").write_text(json.dumps(content), "utf-8")
    assert main(["conformance", str(tmp_path)]) == code


def test_the_exit_code_is_2_without_files_or_without_the_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["conformance", str(tmp_path)]) == 2
    assert main(["conformance", str(tmp_path / "nowhere")]) == 2
    assert "no directory" in capsys.readouterr().err


def test_the_report_for_programs_has_the_same_numbers(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    planted(tmp_path, "a.json", CALCULATOR, NEGATIVE_LIMIT, {"id": "broken"})
    assert main(["conformance", str(tmp_path), "--json"]) == 1
    told = json.loads(capfdbinary.readouterr().out)
    assert told["total"] == {"passed": 3, "deviated": 1, "failed": 2, "unsupported": 0}
    assert told["deviations"] == {"item-limits": 1}
    assert [each["case"] for each in told["unlike"]] == ["broken", "broken"]


def test_the_runner_needs_neither_pytest_nor_hypothesis() -> None:
    program = (
        "import sys\n"
        "for name in ('pytest', '_pytest', 'hypothesis'): sys.modules[name] = None\n"
        "import ofncore.testing.conformance, ofncore.cli.conformance\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
