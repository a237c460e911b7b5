"""The command line as a user meets it: a process, its exit code and what it writes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import attrs
import pytest

import ofncore
from ofncore.cli import main
from ofncore.cli.parser import DATABASE_VARIABLE

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = ROOT / "examples"
COMMAND: Final = (sys.executable, "-m", "ofncore.cli")

#: Variables of whoever runs the tests that would change what the command line does.
_UNWANTED: Final = ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "PYTHONIOENCODING", "COLUMNS", DATABASE_VARIABLE)


@attrs.frozen
class Answer:
    """What a command left on the terminal."""

    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of a process that finds this ofncore, in English, with *variables* besides."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    source = str(Path(next(iter(ofncore.__path__))).parent)
    path = os.pathsep.join(filter(None, (source, kept.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path, "PYTHONUTF8": "1", "LC_ALL": "C"} | variables


@attrs.frozen
class Terminal:
    """Runs commands in one folder."""

    folder: Path

    def __call__(self, *arguments: str, given: bytes = b"", **variables: str) -> Answer:
        """Run ``ofncore`` with *arguments* and wait for its end; *given* is its standard input."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=environment(**variables),
            input=given,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin ``ofncore`` with *arguments*, without waiting; what it writes goes nowhere."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@attrs.frozen
class Quick:
    """Runs commands as `Terminal` does, in the process of the test: starting one takes longer than they do."""

    folder: Path
    _capsys: pytest.CaptureFixture[str]
    _monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str) -> Answer:
        """Run ``ofncore`` with *arguments*."""
        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("LC_ALL", "C")
            code = main(arguments)
        printed = self._capsys.readouterr()
        return Answer(code, printed.out, printed.err)
