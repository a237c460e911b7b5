"""The demo as a command: repeatable, careful with what is not its own, and clear about what is wrong."""

import json
from pathlib import Path

import pytest

from demo.runs import Run, run_demo
from ofncore.cli import main


@pytest.fixture(scope="module")
def one_week(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_demo(tmp_path_factory.mktemp("one-week") / "demo", "--weeks", "1", "--seed", "5")


def test_the_same_seed_gives_the_same_export_byte_by_byte(one_week: Run, tmp_path: Path) -> None:
    again = run_demo(tmp_path / "elsewhere", "--weeks", "1", "--seed", "5", "--database", str(tmp_path / "other.db"))
    assert again.code == 0
    for name in ("export.json", "report.html"):
        assert (again.folder / name).read_bytes() == (one_week.folder / name).read_bytes()


def test_another_seed_gives_another_export(one_week: Run, tmp_path: Path) -> None:
    other = run_demo(tmp_path / "demo", "--weeks", "1", "--seed", "6", "--json")
    assert other.code == 0
    assert (other.folder / "export.json").read_bytes() != (one_week.folder / "export.json").read_bytes()
    result = json.loads(other.out)
    assert all(check["holds"] for check in result["checks"])
    assert [week["order_cycle"] for week in result["weeks"]] == ["semaine-10"]


def test_it_tells_where_everything_is_and_what_to_try_next(two_weeks: Run) -> None:
    for name in ("report.html", "hub.sqlite", "mail", "bank.sqlite", "export.json"):
        assert str(two_weeks.folder / name) in two_weeks.out
    assert f"ofncore tick --database {two_weeks.folder / 'hub.sqlite'}" in two_weeks.out
    assert "--now 2026-03-19T17:00:00Z" in two_weeks.out


def test_a_refused_edit_is_told_with_its_reason_in_english_and_in_french(two_weeks: Run) -> None:
    assert "refused: Leïla Ferhat, moving the close of the cycle" in two_weeks.out
    assert "en: To change the name, the dates" in two_weeks.out
    assert "fr: Pour modifier le nom, les dates" in two_weeks.out


def test_a_database_that_holds_a_world_is_refused_and_nothing_is_replaced(one_week: Run) -> None:
    before = {path: path.stat().st_mtime_ns for path in one_week.folder.iterdir() if path.is_file()}
    again = run_demo(one_week.folder, "--weeks", "1", "--database", str(one_week.folder / "hub.sqlite"))
    assert again.code == 1
    assert "already holds the world" in again.err
    after = {path: path.stat().st_mtime_ns for path in one_week.folder.iterdir() if path.is_file()}
    assert before.keys() == after.keys()
    assert before[one_week.folder / "report.html"] == after[one_week.folder / "report.html"]


def test_a_file_that_no_demo_made_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    assert main(["demo", "--language", "en", "--output", str(tmp_path)]) == 1
    assert "no demo made it" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    assert main(["demo", "--language", "en", "--output", str(tmp_path / "out")]) == 1
    assert "cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--weeks", "0"),
        ("--weeks", "-1"),
        ("--weeks", "105"),
        ("--weeks", "two"),
        ("--weeks", "1.5"),
        ("--weeks", ""),
        ("--seed", "x"),
        ("--output", ""),
        ("--database", ""),
    ],
)
def test_wrong_usage_ends_with_2(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", *options]) == 2
    assert "usage: ofncore demo" in capsys.readouterr().err


def test_the_database_cannot_be_where_the_demo_keeps_something_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--output", str(tmp_path / "demo"), "--database", str(tmp_path / "demo" / "bank.sqlite")]
    assert main(["demo", "--language", "en", *options]) == 1
    assert "keeps something else there" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
