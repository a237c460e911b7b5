"""``ofncore demo``: some weeks in the life of a French food hub, and a report of them.

The options are here, light; what the command does is imported when it runs.
"""

import argparse
from pathlib import Path
from typing import Final

from ofncore.cli.options import DATABASE, Commands, add_command, not_empty

#: Every shopper, basket and harvest of the default demo follows from this number.
DEFAULT_SEED: Final = 26
DEFAULT_WEEKS: Final = 4
MOST_WEEKS: Final = 104
DEFAULT_OUTPUT: Final = Path("ofncore-demo")


def add_parser(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(
        commands,
        "demo",
        summary="live through some weeks of a food hub, and report",
        description="Load a French food hub, live through some weekly order cycles with made-up shoppers, check that "
        "money and stock add up, and write a report. The same seed gives the same weeks. "
        "What an earlier demo made in the folder is replaced.",
    )
    parser.add_argument(
        "--database",
        metavar=DATABASE,
        type=not_empty,
        default=None,
        help="an empty database to work in: a URL, or the path of an SQLite file; "
        "by default the file hub.sqlite in the folder",
    )
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=_folder,
        default=DEFAULT_OUTPUT,
        help=f"folder for report, mails, export and bank; by default {DEFAULT_OUTPUT}",
    )
    parser.add_argument(
        "--weeks",
        metavar="N",
        type=_weeks,
        default=DEFAULT_WEEKS,
        help=f"how many weeks, from 1 to {MOST_WEEKS}; by default {DEFAULT_WEEKS}",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_number,
        default=DEFAULT_SEED,
        help=f"a whole number; another one gives other shoppers; by default {DEFAULT_SEED}",
    )


def run(arguments: argparse.Namespace) -> int:
    """Live through the weeks; the exit code is 1 if something does not add up."""
    from ofncore.cli.demo.command import run_demo  # noqa: PLC0415 - large, and help does not need it

    return run_demo(arguments)


def _folder(text: str) -> Path:
    return Path(not_empty(text))


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        message = f"{text!r} is no whole number"
        raise argparse.ArgumentTypeError(message) from None


def _weeks(text: str) -> int:
    weeks = _number(text)
    if not 1 <= weeks <= MOST_WEEKS:
        message = f"{weeks} weeks are not from 1 to {MOST_WEEKS}"
        raise argparse.ArgumentTypeError(message)
    return weeks
