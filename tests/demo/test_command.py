"""The demo as a command: repeatable, careful with what is not its own, and clear about what is wrong."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from demo.runs import Run, run_demo
from ofncore.cli import main
from ofncore.cli.calling import program_of_caller


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
    assert "--now 2026-03-19T17:00:00Z" in two_weeks.out


def test_what_to_try_next_works_as_it_is_printed(one_week: Run) -> None:
    (command,) = (line.removeprefix("Next ").strip() for line in one_week.out.splitlines() if line.startswith("Next"))
    before = len(list((one_week.folder / "mail").iterdir()))
    done = subprocess.run(shlex.split(command), capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list((one_week.folder / "mail").iterdir())) > before
    assert not (one_week.folder / "outbox").exists()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a program in bin; the shell finds no other one."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ofncore").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "bin" / "ofncore").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.defpath)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "called", "typed"),
    [
        (".", "{place}/bin/ofncore", "bin/ofncore"),
        (".", "bin/ofncore", "bin/ofncore"),
        ("bin", "ofncore", "./ofncore"),
        ("..", "{place}/bin/ofncore", "{name}/bin/ofncore"),
        ("/", "{place}/bin/ofncore", None),
        (".", "/usr/bin/pytest", "ofncore"),
    ],
)
def test_the_program_is_named_as_the_shell_finds_it(
    place: Path, monkeypatch: pytest.MonkeyPatch, folder: str, called: str, typed: str | None
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [called.format(place=place)])
    expected = str(place / "bin" / "ofncore").lstrip("/") if typed is None else typed.format(name=place.name)
    assert program_of_caller() == expected


def test_a_program_that_the_shell_finds_by_its_name_is_called_by_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(place / "bin"))
    monkeypatch.setattr(sys, "argv", [str(place / "bin" / "ofncore")])
    assert program_of_caller() == "ofncore"


def test_a_module_is_called_by_its_python(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/a python/bin/python3")
    monkeypatch.setattr(sys, "argv", ["/anywhere/ofncore/cli/__main__.py"])
    assert program_of_caller() == "'/opt/a python/bin/python3' -m ofncore.cli"


def test_a_refused_edit_is_told_with_its_reason_in_english_and_in_french(two_weeks: Run) -> None:
    assert "refused: Leïla Ferhat, moving the close of the cycle" in two_weeks.out
    assert "en: To change the name or the dates" in two_weeks.out
    assert "fr: Pour modifier le nom ou les dates" in two_weeks.out


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


def test_a_folder_with_something_in_it_is_not_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["demo", "--language", "en", "--output", str(tmp_path)]) == 1
    line = capsys.readouterr().err
    assert f"{tmp_path} cannot be used: it is there already, and no demo made it" in line
    assert line.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


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
