"""Writing to standard output."""

import json
import sys
from typing import Final

from ofncore.cli.failures import CommandFailedError
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Refusal

_OUTPUT: Final = "stdout"


def write_text(text: str) -> None:
    """Write *text* as UTF-8, byte by byte the same on every system.

    Raises:
        CommandFailedError: the output cannot be written to, such as a full disk.
        BrokenPipeError: nobody reads it any more.
    """
    _write(text.encode())


def write_line(text: str) -> None:
    """Write one line for people, in characters that their terminal has; raises as `write_text`."""
    _write(f"{text}\n".encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def write_result(result: object) -> None:
    """Write a result for programs, as one JSON object on one line; raises as `write_text`."""
    _write(f"{json.dumps(result)}\n".encode())


def _write(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        refusal = Refusal.of(Code.FILE_UNUSABLE, file=_OUTPUT, reason=error.strerror or str(error))
        raise CommandFailedError(refusal, is_of_output=True) from error
