"""What every command has."""

import argparse
import os
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    #: What the commands of a command line are added to.
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name
else:
    Commands = argparse.Action

#: How a database is named, in help.
DATABASE: Final = "URL|FILE"

#: What texts may be told in: `ofncore.kernel.catalogue.LANGUAGES`, which is slow to import.
LANGUAGES: Final = ("ca", "de", "en", "es", "fr")

_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def add_command(commands: Commands, name: str, *, summary: str, description: str) -> argparse.ArgumentParser:
    """Add a command with the options that every command has: ``--json`` and ``--language``.

    Args:
        commands: Where to add it.
        name: What people type; also its module in `ofncore.cli`.
        summary: A few words for the list of commands.
        description: One or more sentences for its own help.
    """
    parser = commands.add_parser(name, help=summary, description=description, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="write JSON for programs, also about what is refused")
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=_locale_of_caller(),
        help="language of texts; by default that of LC_ALL, LC_MESSAGES or LANG, or English",
    )
    return parser


def not_empty(text: str) -> str:
    """Return *text* as it is, the value of an option that may not be empty."""
    if not text:
        message = "it is empty"
        raise argparse.ArgumentTypeError(message)
    return text


def _locale_of_caller() -> str:
    """Return the locale of the environment, in the order that POSIX sets."""
    return next(filter(None, map(os.environ.get, _LOCALE_VARIABLES)), "en")
