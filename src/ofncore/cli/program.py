"""From the arguments to the exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Final, NoReturn, Protocol, cast

from ofncore import __version__
from ofncore.cli.failures import CommandFailedError
from ofncore.cli.options import Commands
from ofncore.cli.printing import print_failure, print_interruption

#: In the order in which help shows them; each is a module of this package.
COMMANDS: Final = ("init", "load", "tick", "export", "demo")

_USAGE: Final = 2
_INTERRUPTED: Final = 130
_READER_GONE: Final = 141

_DESCRIPTION: Final = "The business rules of short food chains, on a database."
_EPILOG: Final = (
    "A database is an SQLite file (hub.db) or a URL (sqlite:///hub.db, postgresql+psycopg://user@host/name). "
    "Exit codes: 0 done, 1 refused or not possible, 2 wrong usage."
)


class _Command(Protocol):
    def add_parser(self, commands: Commands) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class _Parser(argparse.ArgumentParser):
    """Writes its messages so that no terminal can refuse a character of them."""

    def error(self, message: str) -> NoReturn:
        super().error(message.encode("ascii", "backslashreplace").decode() if _is_ascii() else message)


def _is_ascii() -> bool:
    return (getattr(sys.stderr, "encoding", None) or "").lower() in {"ascii", "us-ascii", "ansi_x3.4-1968"}


def run_program(argv: Sequence[str] | None) -> int:
    """Run the command that *argv* names and return its exit code; see `ofncore.cli`."""
    try:
        code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print_interruption()
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _READER_GONE
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else _USAGE
    try:
        return _command(arguments.command).run(arguments)
    except CommandFailedError as failure:
        if failure.output_is_broken:
            _drop_output()
        print_failure(failure, language=arguments.language, as_json=arguments.json)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="ofncore", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"ofncore {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        _command(name).add_parser(commands)
    return parser


def _command(name: str) -> _Command:
    return cast("_Command", import_module(f"ofncore.cli.{name}"))


def _drop_output() -> None:
    """Send what is still to be written nowhere, or Python would meet the same error once more when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
