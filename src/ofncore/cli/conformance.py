"""``ofncore conformance``: recorded cases of Open Food Network, run against this library."""

import argparse
import sys
from typing import TYPE_CHECKING, Final

from ofncore.cli.options import Commands, add_command

if TYPE_CHECKING:
    from ofncore.testing.conformance import ConformanceReport

_DIFFERS: Final = 1
_NO_CASES: Final = 2


def add_parser(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(
        commands,
        "conformance",
        summary="run recorded cases of Open Food Network",
        description="Run every file of recorded cases below a directory, .json or .json.gz, in the profiles ofn and "
        "product, and tell what passed, deviated as docs/policies.md says, failed, or is not supported. "
        "Exit codes: 0 all is as it should be; 1 something failed or is not supported; 2 there are no cases.",
    )
    parser.add_argument("directory", metavar="DIR", help="where the files are, at any depth")


def run(arguments: argparse.Namespace) -> int:
    """Run the cases and write the report."""
    from ofncore.testing.conformance import run_conformance  # noqa: PLC0415 - large, and help does not need it

    try:
        report = run_conformance(arguments.directory)
    except NotADirectoryError as error:
        sys.stderr.write(f"ofncore: {error}\n")
        return _NO_CASES
    if report.is_empty:
        sys.stderr.write(f"ofncore: there are no cases in {arguments.directory}\n")
        return _NO_CASES
    _write(report, as_json=arguments.json)
    return 0 if report.conforms else _DIFFERS


def _write(report: "ConformanceReport", *, as_json: bool) -> None:
    from ofncore.cli.printing import write_line, write_result  # noqa: PLC0415 - as above

    if as_json:
        write_result(report.data())
        return
    for line in report.lines():
        write_line(line)
