"""The whole command line and its options. Only what help needs is imported here."""

import argparse
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from ofncore import __version__
from ofncore.cli import conformance, demo
from ofncore.cli.options import DATABASE, Commands, add_command, not_empty

#: Where the database is, if no option says so.
DATABASE_VARIABLE: Final = "OFNCORE_DATABASE"

_LEDGER: Final = "ledger:"

_DESCRIPTION: Final = "The business rules of short food chains, on a database."
_EPILOG: Final = f"""\
A database is the path of an SQLite file, such as hub.db, or a URL, such as sqlite:///hub.db (relative),
sqlite:////srv/hub.db (absolute) or postgresql+psycopg://user@host/name.
Where --database is not given, the environment variable {DATABASE_VARIABLE} names the database.
Exit codes: 0 done; 1 refused, or not possible; 2 wrong usage.
"""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; it leaves the name of the command in `command`."""
    parser = argparse.ArgumentParser(
        prog="ofncore",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"ofncore {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_init(commands)
    _add_load(commands)
    _add_tick(commands)
    _add_export(commands)
    demo.add_parser(commands)
    conformance.add_parser(commands)
    return parser


# ---------------------------------------------------------------- commands


def _add_init(commands: Commands) -> None:
    parser = add_command(
        commands,
        "init",
        summary="create the tables of a new database",
        description="Create the tables of a new database. Doing so again changes nothing.",
    )
    _add_database(parser)


def _add_load(commands: Commands) -> None:
    parser = add_command(
        commands,
        "load",
        summary="load a world file, or an export",
        description="Load a world file, or an export, into an empty database: all of it, or nothing.",
    )
    parser.add_argument("file", metavar="FILE", help="the JSON file; - reads standard input")
    _add_database(parser)


def _add_tick(commands: Commands) -> None:
    parser = add_command(
        commands,
        "tick",
        summary="do everything that is due",
        description="Do everything that is due at an instant: open, place, close, notify, charge, deliver. "
        "Doing so again changes nothing; after an interruption it goes on where it was.",
    )
    _add_database(parser)
    parser.add_argument(
        "--now",
        metavar="INSTANT",
        type=_instant,
        required=True,
        help="the present, with its time zone: 2026-03-05T18:00:00Z or 2026-03-05T19:00+01:00",
    )
    parser.add_argument(
        "--payments",
        metavar="GATEWAY",
        type=_ledger,
        default=None,
        help="manual (default): charges count as taken by hand; "
        "ledger:PATH: a simulated provider that keeps its books in an SQLite file",
    )
    parser.add_argument(
        "--mail",
        metavar="FOLDER",
        type=_folder,
        default=None,
        help="where to write messages as .eml files; by default the folder outbox beside the SQLite file, "
        "or ./ofncore-outbox for another database",
    )
    parser.add_argument(
        "--sender",
        metavar="ADDRESS",
        type=_sender,
        default=None,
        help="whom messages are from, such as hub@example.org or 'The hub <hub@example.org>'; "
        "by default ofncore <noreply@localhost>",
    )


def _add_export(commands: Commands) -> None:
    parser = add_command(
        commands,
        "export",
        summary="write the whole state as JSON",
        description="Write the world and all that happened in it to standard output, as JSON that load takes. "
        "The same state gives the same text.",
    )
    _add_database(parser)


def _add_database(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get(DATABASE_VARIABLE) or None
    parser.add_argument(
        "--database",
        metavar=DATABASE,
        type=not_empty,
        default=default,
        required=default is None,
        help="the database: a URL, or the path of an SQLite file; "
        f"by default what the environment variable {DATABASE_VARIABLE} says",
    )


# ---------------------------------------------------------------- values


def _folder(text: str) -> Path:
    return Path(not_empty(text))


def _sender(text: str) -> str:
    from email.utils import parseaddr  # noqa: PLC0415 - help does not need it

    name, _, domain = parseaddr(text)[1].partition("@")
    if not (name and domain and text.isprintable() and name.isascii()):
        message = f"{text!r} is no mail address, such as hub@example.org"
        raise argparse.ArgumentTypeError(message)
    return text


def _ledger(text: str) -> Path | None:
    """Return the file of a ledger, None for payments by hand."""
    if text == "manual":
        return None
    path = text.removeprefix(_LEDGER)
    if path == text or not path:
        message = f"{text!r} is neither 'manual' nor 'ledger:' with the path of a file"
        raise argparse.ArgumentTypeError(message)
    return Path(path)


def _instant(text: str) -> datetime:
    from ofncore.formats.scalars import read_instant  # noqa: PLC0415 - help does not need it
    from ofncore.kernel.errors import InvalidDocumentError  # noqa: PLC0415 - the same

    try:
        return read_instant(text)
    except InvalidDocumentError as error:
        message = f"{text!r} is no instant with a time zone, such as 2026-03-05T18:00:00Z or 2026-03-05T19:00+01:00"
        raise argparse.ArgumentTypeError(message) from error
