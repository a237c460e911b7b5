"""`init`, `load` and `export`: what they leave in the database, and what they write."""

import json
import shutil
from pathlib import Path

import pytest

from cli.lives import FRENCH, exported, loaded_text, world
from cli.terminal import EXAMPLES, Terminal
from ofncore.cli import main
from ofncore.formats.state import read_document
from ofncore.kernel.catalogue import LANGUAGES, render_problem
from ofncore.kernel.refusals import Refusal

WORLD = str(EXAMPLES / "french-hub.json")
BROKEN = sorted((EXAMPLES / "broken").glob("*.json"))
HUB = ("--database", "hub.db")


def problems_of(file: Path) -> Refusal:
    refusal = read_document(file.read_bytes())
    assert isinstance(refusal, Refusal)
    return refusal


# ---------------------------------------------------------------- init


def test_init_creates_the_tables_once(ofncore: Terminal) -> None:
    first = ofncore("init", *HUB)
    content = (ofncore.folder / "hub.db").read_bytes()
    second = ofncore("init", *HUB)
    assert (first.code, first.out, first.err) == (0, "The tables are created in hub.db.\n", "")
    assert (second.code, second.out, second.err) == (
        0,
        "hub.db has its tables already; nothing was changed.\n",
        "",
    )
    assert (ofncore.folder / "hub.db").read_bytes() == content


def test_init_tells_programs_whether_tables_were_created(ofncore: Terminal) -> None:
    answers = [ofncore("init", *HUB, "--json") for _ in range(2)]
    assert [json.loads(each.out) for each in answers] == [
        {"database": "hub.db", "created": True},
        {"database": "hub.db", "created": False},
    ]


def test_init_leaves_a_loaded_database_as_it_is(ofncore: Terminal, french: Path) -> None:
    assert ofncore("init", *HUB).code == 0
    assert exported(french) == loaded_text(FRENCH)


@pytest.mark.parametrize("name", ["hub.db", "sqlite:///hub.db", "sqlite+pysqlite:///hub.db?timeout=5"])
def test_a_path_and_a_url_name_the_same_database(ofncore: Terminal, name: str) -> None:
    assert ofncore("init", "--database", name).code == 0
    assert [path.name for path in ofncore.folder.iterdir()] == ["hub.db"]
    assert json.loads(ofncore("init", *HUB, "--json").out)["created"] is False


def test_the_environment_names_the_database_if_no_option_does(ofncore: Terminal) -> None:
    assert ofncore("init", OFNCORE_DATABASE="farm.db").code == 0
    assert ofncore("init", *HUB, OFNCORE_DATABASE="farm.db").code == 0
    assert ofncore("init", OFNCORE_DATABASE="").code == 2
    assert sorted(path.name for path in ofncore.folder.iterdir()) == ["farm.db", "hub.db"]


# ---------------------------------------------------------------- load and export


def test_a_world_is_loaded_and_exported(ofncore: Terminal, database: Path) -> None:
    loaded, export = ofncore("load", WORLD, *HUB), ofncore("export", *HUB)
    assert (loaded.code, loaded.err) == (0, "")
    assert world(FRENCH).name in loaded.out
    assert (export.code, export.err) == (0, "")
    assert export.out == loaded_text(FRENCH) == exported(database)


def test_load_tells_programs_how_much_there_is(ofncore: Terminal, database: Path) -> None:
    result = json.loads(ofncore("load", WORLD, *HUB, "--json").out)
    assert (result["database"], result["name"]) == ("hub.db", world(FRENCH).name)
    assert result["records"]["customers"] == len(world(FRENCH).customers)
    assert result["records"]["orders"] == 0


def test_an_export_that_is_loaded_again_gives_the_same_export(ofncore: Terminal, french: Path) -> None:
    """Through standard input, after a week in which something happened."""
    for now in ("2026-03-05T17:00:00Z", "2026-03-10T11:00:30Z"):
        assert ofncore("tick", "--now", now, *HUB).code == 0
    first = ofncore("export", *HUB)
    assert len(json.loads(first.out)["orders"]) > 30
    assert ofncore("init", "--database", "copy.db").code == 0
    assert ofncore("load", "-", "--database", "copy.db", given=first.out.encode()).code == 0
    assert ofncore("export", "--database", "copy.db").out == first.out


def test_a_second_world_is_refused(ofncore: Terminal, french: Path) -> None:
    content = french.read_bytes()
    answer = ofncore("load", str(EXAMPLES / "catalan-shop.json"), *HUB)
    assert (answer.code, answer.out) == (1, "")
    assert world(FRENCH).name in answer.err
    assert french.read_bytes() == content


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("file", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_file_is_refused_with_every_path_and_changes_nothing(
    ofncore: Terminal, database: Path, file: Path
) -> None:
    content, problems = database.read_bytes(), problems_of(file).problems
    answer = ofncore("load", str(file), *HUB)
    assert (answer.code, answer.out) == (1, "")
    heading, *lines = answer.err.splitlines()
    assert heading == f"ofncore: {file} was refused, and nothing was changed. Problems: {len(problems)}"
    assert lines == [f"{each.path}: {render_problem(each, 'en')}" for each in problems]
    assert database.read_bytes() == content
    assert [path.name for path in ofncore.folder.iterdir()] == ["hub.db"]


def test_programs_get_every_problem_as_data(ofncore: Terminal, database: Path) -> None:
    file = EXAMPLES / "broken" / "several-problems.json"
    answer = ofncore("load", str(file), *HUB, "--json")
    refused = json.loads(answer.err)["refused"]
    assert (answer.code, answer.out) == (1, "")
    assert [set(each) for each in refused] == [{"code", "path", "parameters", "text"}] * len(refused)
    assert [(each["path"], each["code"]) for each in refused] == [
        (each.path, each.code) for each in problems_of(file).problems
    ]


def told(capsys: pytest.CaptureFixture[str], file: Path, *options: str) -> str:
    """Return the first problem of *file* as it is told."""
    assert main(["load", str(file), *HUB, *options]) == 1
    return capsys.readouterr().err.splitlines()[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_are_told_in_the_language_chosen(capsys: pytest.CaptureFixture[str], language: str) -> None:
    file = EXAMPLES / "broken" / "naive-instant.json"
    (problem,) = problems_of(file).problems
    assert told(capsys, file, "--language", language) == f"{problem.path}: {render_problem(problem, language)}"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "de_DE.UTF-8"}, "fr"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_ES", "LANG": "de_DE"}, "es"),
        ({"LANG": "ca_ES.UTF-8@valencia"}, "ca"),
        ({"LC_ALL": "C.UTF-8", "LANG": "fr_FR"}, "en"),
        ({}, "en"),
    ],
)
def test_problems_are_told_in_the_language_of_the_caller(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    file = EXAMPLES / "broken" / "bad-time-zone.json"
    (problem,) = problems_of(file).problems
    assert told(capsys, file) == f"{problem.path}: {render_problem(problem, language)}"


def test_people_are_shown_fifty_problems_and_how_many_more_there_are(ofncore: Terminal) -> None:
    users = [{"id": f"user-{n}", "name": "Ana"} for n in range(57)]
    document = {"format": "ofncore-world", "version": 1, "name": "Many", "users": users}
    text = json.dumps(document).encode()
    lines = ofncore("load", "-", *HUB, given=text).err.splitlines()
    assert lines[0] == "ofncore: stdin was refused, and nothing was changed. Problems: 57"
    assert [line.partition(":")[0] for line in lines[1:51]] == [f"$.users[{n}].email" for n in range(50)]
    assert lines[51:] == ["Further problems, not shown: 7"]
    assert len(json.loads(ofncore("load", "-", *HUB, "--json", given=text).err)["refused"]) == 57


def test_a_file_is_checked_before_the_database_is_looked_for(ofncore: Terminal) -> None:
    answer = ofncore("load", str(BROKEN[0]), *HUB)
    assert answer.code == 1
    assert str(BROKEN[0]) in answer.err
    assert list(ofncore.folder.iterdir()) == []


def test_loading_into_a_database_without_tables_names_the_command_that_creates_them(
    ofncore: Terminal, empty_database: Path
) -> None:
    answer = ofncore("load", WORLD, "--database", "my hub.db")
    assert answer.code == 1
    command = "ofncore init --database 'my hub.db'"
    assert answer.err == f"ofncore: my hub.db is no ofncore database yet. Create its tables with: {command}\n"
    assert list(ofncore.folder.iterdir()) == []
    shutil.copy(empty_database, ofncore.folder / "my hub.db")
    assert ofncore("load", WORLD, "--database", "my hub.db").code == 0
