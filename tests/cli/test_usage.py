"""What is typed: commands, options, exit code 2; and how quick help is."""

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module

import pytest

from cli.terminal import COMMAND, ROOT, Terminal, environment
from ofncore import __version__
from ofncore.cli import main
from ofncore.cli.options import LANGUAGES
from ofncore.cli.parser import DATABASE_VARIABLE, make_parser
from ofncore.kernel.catalogue import LANGUAGES as SHIPPED

COMMANDS = ("init", "load", "tick", "export", "demo", "conformance")
NOW = ("--now", "2026-03-05T18:00:00Z")
HUB = ("--database", "hub.db")


@pytest.fixture(autouse=True)
def no_database_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)


def parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in make_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_the_commands_are_these_and_no_others() -> None:
    assert sorted(name for name, _ in parsers()) == sorted(COMMANDS)


def test_the_console_script_is_the_main_function() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["ofncore"].partition(":")
    assert getattr(import_module(module), name) is main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json_and_language(name: str) -> None:
    options = {option for action in dict(parsers())[name]._actions for option in action.option_strings}
    assert {"--json", "--language"} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"usage: ofncore {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["init", "load", "tick", "export"])
def test_help_says_what_names_a_database(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--database URL|FILE the database: a URL, or the path of an SQLite file; " in said
    assert f"environment variable {DATABASE_VARIABLE}" in said


def test_the_languages_to_choose_from_are_those_that_ship() -> None:
    assert LANGUAGES == SHIPPED


def test_version_is_that_of_the_library(ofncore: Terminal) -> None:
    assert ofncore("--version").out == f"ofncore {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "COMMAND"),
        (("harvest",), "harvest"),
        (("init",), "--database"),
        (("init", "--database", ""), "--database: it is empty"),
        (("load", *HUB), "FILE"),
        (("export", *HUB, "--data", "x"), "--data"),
        (("export", *HUB, "--language", "oc"), "oc"),
        (("tick", *HUB), "--now"),
        (("tick", *HUB, "--now", "tomorrow"), "'tomorrow' is no instant with a time zone, such as 2026-03-05"),
        (("tick", *HUB, "--now", "2026-03-05T18:00:00"), "'2026-03-05T18:00:00' is no instant with a time zone"),
        (("tick", *HUB, "--now", "2026-02-30T18:00:00Z"), "'2026-02-30T18:00:00Z' is no instant"),
        (("tick", *HUB, "--now", ""), "no instant"),
        (("tick", *HUB, *NOW, "--payments", "cash"), "'cash' is neither 'manual' nor 'ledger:'"),
        (("tick", *HUB, *NOW, "--payments", "ledger:"), "'ledger:' is neither"),
        (("tick", *HUB, *NOW, "--mail", ""), "--mail: it is empty"),
        (("tick", *HUB, *NOW, "--sender", ""), "'' is no mail address"),
        (("tick", *HUB, *NOW, "--sender", "the hub"), "'the hub' is no mail address"),
        (("tick", *HUB, *NOW, "--sender", "a@example.org\nBcc: b@example.org"), "is no mail address"),
    ],
)
def test_a_wrong_command_line_has_exit_code_2(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: ofncore")
    assert said in printed.err


def test_wrong_usage_leaves_nothing_behind(ofncore: Terminal) -> None:
    answer = ofncore("tick", *HUB, "--now", "2026-03-05T18:00:00")
    assert (answer.code, answer.out) == (2, "")
    assert "2026-03-05T19:00+01:00" in answer.err
    assert list(ofncore.folder.iterdir()) == []


def test_help_imports_nothing_large() -> None:
    script = "import sys; from ofncore.cli import main; main(['--help']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert {"argparse", "ofncore.cli.parser"} <= loaded
    assert loaded.isdisjoint({"attrs", "attr", "cattrs", "babel", "sqlalchemy", "jinja2", "rich", "sqlite3", "email"})


def test_help_takes_little_time() -> None:
    """Less than 150 ms of processor time above what Python itself takes; the quickest of several runs each."""
    resource = pytest.importorskip("resource")

    def seconds(*command: str) -> float:
        spent: list[float] = []
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(spent)

    assert seconds(*COMMAND, "--help") - seconds(sys.executable, "-c", "pass") < 0.150
