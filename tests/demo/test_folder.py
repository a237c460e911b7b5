"""The folder of the demo: what a demo made is replaced, everything else stays."""

from pathlib import Path

import pytest

from ofncore.cli.demo.folder import DATABASE, LIST, MAIL, REPORT, DemoFolder


def begun(path: Path, *, with_database: bool = True) -> DemoFolder:
    folder = DemoFolder(path, with_database=with_database)
    assert folder.not_ours() == ()
    folder.begin()
    return folder


def test_a_second_demo_removes_what_the_first_one_made_and_nothing_else(tmp_path: Path) -> None:
    first = begun(tmp_path / "demo")
    first.claim(f"{MAIL}/letter.eml")
    (first.path / MAIL).mkdir()
    for name in (REPORT, DATABASE, f"{MAIL}/letter.eml", f"{MAIL}/mine.eml", "notes.txt"):
        (first.path / name).write_text("x", encoding="utf-8")
    second = begun(tmp_path / "demo")
    left = sorted(path.relative_to(second.path).as_posix() for path in second.path.rglob("*") if path.is_file())
    assert left == [LIST, f"{MAIL}/mine.eml", "notes.txt"]


def test_a_demo_on_another_database_keeps_the_one_of_an_earlier_demo(tmp_path: Path) -> None:
    first = begun(tmp_path / "demo")
    (first.path / DATABASE).write_text("x", encoding="utf-8")
    begun(tmp_path / "demo", with_database=False)
    assert (first.path / DATABASE).exists()
    third = begun(tmp_path / "demo")
    assert not (third.path / DATABASE).exists()


@pytest.mark.parametrize("name", [".hidden", "notes.txt", f"{MAIL}/letter.eml", REPORT])
def test_a_folder_with_something_in_it_is_not_filled_if_no_demo_was_there(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    assert DemoFolder(tmp_path, with_database=True).not_ours() == (tmp_path,)


@pytest.mark.parametrize("name", [REPORT, DATABASE, "bank.sqlite", "export.json", f"{MAIL}/letter.eml"])
def test_what_no_demo_made_is_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / LIST).write_text("", encoding="utf-8")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    assert DemoFolder(tmp_path, with_database=True).not_ours() == (tmp_path / name.partition("/")[0],)


def test_a_list_that_points_outside_removes_nothing_there(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / LIST).write_text(f"../precious.txt\n{precious}\n", encoding="utf-8")
    begun(folder)
    assert precious.exists()


def test_mails_are_counted_once_and_only_if_they_are_there(tmp_path: Path) -> None:
    folder = begun(tmp_path / "demo")
    (folder.path / MAIL).mkdir()
    for name in ("a.eml", "a.eml", "b.eml"):
        folder.claim(f"{MAIL}/{name}")
    (folder.path / MAIL / "a.eml").write_text("x", encoding="utf-8")
    assert folder.mails() == (folder.path / MAIL / "a.eml",)
