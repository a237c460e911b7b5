"""What the world may do to a command: exit code 1, one clear line, no traceback, nothing spoilt."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cli.lives import FRENCH, loaded_text
from cli.terminal import COMMAND, EXAMPLES, Terminal, environment
from ofncore.cli import main
from ofncore.cli.databases import Database
from ofncore.cli.failures import CommandFailedError

HUB = ("--database", "hub.db")
NOW = ("--now", "2026-03-05T17:00:00Z")
#: Each command with what it needs besides the database.
EVERY_COMMAND = [("init",), ("load", str(EXAMPLES / "catalan-shop.json")), ("export",), ("tick", *NOW)]

every_command = pytest.mark.parametrize("command", EVERY_COMMAND, ids=[command[0] for command in EVERY_COMMAND])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


def fail(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one line that is told when *arguments* cannot be done."""
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("ofncore: ")
    assert printed.err.count("\n") == 1
    return printed.err


# ---------------------------------------------------------------- databases


def no_database(path: Path) -> None:
    """A file with something else in it."""
    path.write_bytes(b"This is a letter to the market garden. " * 100)


def half_a_database(path: Path) -> None:
    """A copy that broke off."""
    content = path.with_name("good.db").read_bytes()
    path.write_bytes(content[: len(content) // 2])


def of_another_version(path: Path) -> None:
    shutil.copy(path.with_name("good.db"), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ofncore_meta SET text = '999' WHERE name = 'schema_version'")


def lacking_a_table(path: Path) -> None:
    shutil.copy(path.with_name("good.db"), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE ofncore_events")


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_database, "file is not a database"),
        (half_a_database, "malformed"),
        (of_another_version, "version 999"),
        (lacking_a_table, "lacks the tables ofncore_events"),
        (of_another_program, "holds tables of another program"),
        (a_folder, "unable to open database file"),
    ],
)
@every_command
def test_a_database_that_cannot_be_used_is_left_as_it_is(
    capsys: pytest.CaptureFixture[str],
    here: Path,
    empty_database: Path,
    command: tuple[str, ...],
    make: Callable[[Path], None],
    said: str,
) -> None:
    good, path = Path(shutil.copy(empty_database, here / "good.db")), here / "hub.db"
    make(path)
    good.unlink()
    before = {each.name: each.read_bytes() for each in here.iterdir() if each.is_file()}
    line = fail(capsys, *command, *HUB)
    assert "hub.db" in line
    assert said in line
    assert {each.name: each.read_bytes() for each in here.iterdir() if each.is_file()} == before


@every_command
def test_a_database_in_a_folder_that_is_not_there_is_not_made(
    capsys: pytest.CaptureFixture[str], here: Path, command: tuple[str, ...]
) -> None:
    line = fail(capsys, *command, "--database", "farm/hub.db")
    assert line == "ofncore: farm cannot be used: there is no such folder\n"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", EVERY_COMMAND[1:], ids=["load", "export", "tick"])
@pytest.mark.parametrize("make", [None, Path.touch])
def test_a_database_without_tables_has_to_be_created_first(
    capsys: pytest.CaptureFixture[str], here: Path, command: tuple[str, ...], make: Callable[[Path], None] | None
) -> None:
    if make is not None:
        make(here / "hub.db")
    before = list(here.iterdir())
    assert "Create its tables with: ofncore init --database hub.db" in fail(capsys, *command, *HUB)
    assert list(here.iterdir()) == before
    assert all(each.read_bytes() == b"" for each in before)


@pytest.mark.parametrize("command", EVERY_COMMAND[2:], ids=["export", "tick"])
def test_a_world_has_to_be_loaded_first(
    capsys: pytest.CaptureFixture[str], here: Path, database: Path, command: tuple[str, ...]
) -> None:
    before = database.read_bytes()
    assert fail(capsys, *command, *HUB) == (
        "ofncore: hub.db holds no world yet. Load one with: ofncore load FILE --database hub.db\n"
    )
    assert [each.name for each in here.iterdir()] == ["hub.db"]
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("oracle://server/hub", "SQLite or PostgreSQL"),
        ("mysql://root:secret@server/hub", "SQLite or PostgreSQL"),
        ("postgresql+snail://server/hub", "postgresql.snail"),
        ("sqlite:hub.db", "Could not parse"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql+psycopg2cffi://u:secret@server/hub", "psycopg2cffi is missing"),
        ("hub?.db", "question mark"),
    ],
)
@every_command
def test_a_url_that_cannot_be_used_is_told_without_its_password(
    capsys: pytest.CaptureFixture[str], here: Path, command: tuple[str, ...], url: str, said: str
) -> None:
    line = fail(capsys, *command, "--database", url)
    assert said in line
    assert "secret" not in line
    assert list(here.iterdir()) == []


def test_a_server_that_does_not_answer_is_told_without_the_password(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("psycopg")
    line = fail(capsys, "export", "--database", "postgresql+psycopg://ana:sec:r@t@127.0.0.1:1/hub?password=secret")
    assert "postgresql+psycopg://ana:***@127.0.0.1:1/hub?password=*** cannot be used" in line
    assert "sec" not in line.replace("seconds", "")


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("hub.db", "hub.db"),
        ("C:\\hub.db", "C:\\hub.db"),
        ("sqlite:///hub.db", "hub.db"),
        ("sqlite:////srv/hub.db?timeout=5", "/srv/hub.db"),
        ("sqlite:///file:hub.db?uri=true", None),
        ("postgresql://server/hub", None),
    ],
)
def test_a_database_knows_its_file(text: str, file: str | None) -> None:
    assert Database.named(text).file == (None if file is None else Path(file))


def test_a_database_names_no_file_with_a_question_mark() -> None:
    with pytest.raises(CommandFailedError):
        Database.named("hub.db?timeout=5")


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Hold the write lock of a database, as a program that does not finish."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@every_command
def test_a_locked_database_is_busy(
    capsys: pytest.CaptureFixture[str], here: Path, database: Path, command: tuple[str, ...]
) -> None:
    with written_to(database):
        line = fail(capsys, *command, "--database", "sqlite:///hub.db?timeout=0.2")
    assert "is being written to by another program" in line
    assert main(["load", EVERY_COMMAND[1][1], *HUB]) == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
@every_command
def test_a_read_only_database_cannot_be_used(
    capsys: pytest.CaptureFixture[str], here: Path, database: Path, command: tuple[str, ...]
) -> None:
    database.chmod(0o444)
    assert "hub.db cannot be used" in fail(capsys, *command, *HUB)


def test_a_database_that_only_reads_cannot_be_used(
    capsys: pytest.CaptureFixture[str], here: Path, french: Path
) -> None:
    content = french.read_bytes()
    assert "readonly database" in fail(capsys, "tick", *NOW, "--database", "sqlite:///file:hub.db?mode=ro&uri=true")
    assert french.read_bytes() == content


def test_programs_are_told_as_data(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    assert main(["export", *HUB, "--json", "--language", "fr"]) == 1
    (refused,) = json.loads(capsys.readouterr().err)["refused"]
    assert refused["code"] == "database.not_ready"
    assert refused["path"] == "$"
    assert refused["parameters"] == {"database": "hub.db", "command": "ofncore init --database hub.db"}
    assert refused["text"].startswith("hub.db n’est pas encore une base ofncore.")


def test_a_missing_extra_is_told_with_how_to_install_it(ofncore: Terminal) -> None:
    hide = "import sys; sys.modules['sqlalchemy'] = None; from ofncore.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", hide, "init", *HUB],
        cwd=ofncore.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        'ofncore: The Python module sqlalchemy is missing. Install it, for instance with: pip install "ofncore[cli]"\n'
    )


# ---------------------------------------------------------------- files


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], here: Path, database: Path) -> None:
    assert "market.json cannot be used: No such file" in fail(capsys, "load", "market.json", *HUB)


def test_a_folder_is_no_world(capsys: pytest.CaptureFixture[str], here: Path, database: Path) -> None:
    assert "cannot be used: Is a directory" in fail(capsys, "load", ".", *HUB)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--payments", "ledger:farm/books.db"), "farm/books.db cannot be used: unable to open"),
        (("--payments", "ledger:notes.txt"), "notes.txt cannot be used: file is not a database"),
        (("--payments", "ledger:hub.db"), "hub.db cannot be used: it is the database, and no ledger"),
        (("--mail", "notes.txt"), "notes.txt cannot be used: File exists"),
        (("--mail", "notes.txt/outbox"), "notes.txt/outbox cannot be used: Not a directory"),
    ],
)
def test_a_tick_that_cannot_pay_or_write_does_nothing(
    capsys: pytest.CaptureFixture[str], here: Path, french: Path, option: tuple[str, ...], said: str
) -> None:
    (here / "notes.txt").write_text("Eggs on Friday. " * 100, encoding="utf-8")
    content = french.read_bytes()
    assert said in fail(capsys, "tick", *NOW, *HUB, *option)
    assert french.read_bytes() == content


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_an_export_that_finds_no_room_is_told(ofncore: Terminal, french: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "export", *HUB],
            cwd=ofncore.folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"ofncore: stdout cannot be used: No space left on device\n")


# ---------------------------------------------------------------- ends from outside


def test_a_reader_that_goes_away_is_no_news(ofncore: Terminal, french: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, "export", *HUB],
            cwd=ofncore.folder,
            env=environment(),
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def hear_interruptions() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="an interruption is sent in another way")
def test_an_interruption_has_exit_code_130(ofncore: Terminal, database: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "load", "-", *HUB],
        cwd=ofncore.folder,
        env=environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts what runs in its background deaf to interruptions, and children inherit that.
        preexec_fn=hear_interruptions,  # noqa: PLW1509 - there are no threads here
    )
    assert process.stdin is not None
    # More than a pipe holds: once it is written, the command is reading.
    text = loaded_text(FRENCH).encode()
    process.stdin.write(text * (1 + 4_000_000 // len(text)))
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"ofncore: interrupted\n")
