"""From the arguments to the exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Final, Protocol, cast

from ofncore.cli.failures import CommandFailedError
from ofncore.cli.parser import make_parser

_FAILED: Final = 1
_WRONG_USAGE: Final = 2
_INTERRUPTED: Final = 130
_READER_GONE: Final = 141


class _Command(Protocol):
    def run(self, arguments: argparse.Namespace) -> int: ...


def run_program(argv: Sequence[str] | None) -> int:
    """Run the command that *argv* names and return its exit code; see `ofncore.cli`."""
    try:
        code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("ofncore: interrupted\n")
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _READER_GONE
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = make_parser().parse_args(argv)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else _WRONG_USAGE
    command = cast("_Command", import_module(f"ofncore.cli.{arguments.command}"))
    try:
        return command.run(arguments)
    except CommandFailedError as failure:
        if failure.is_of_output:
            _drop_output()
        _tell(failure, arguments)
        return _FAILED


def _tell(failure: CommandFailedError, arguments: argparse.Namespace) -> None:
    from ofncore.cli.telling import tell_failure  # noqa: PLC0415 - large, and seldom needed

    tell_failure(failure, language=arguments.language, as_json=arguments.json)


def _drop_output() -> None:
    """Send what is still to be written nowhere, or Python would meet the same error once more when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
