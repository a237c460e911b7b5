"""``ofncore load``: a world file, or an export, into an empty database."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from ofncore.cli.databases import Database, file_unusable, opened
from ofncore.cli.failures import CommandFailedError
from ofncore.cli.printing import write_line, write_result
from ofncore.formats.state import read_document
from ofncore.kernel.catalogue import text
from ofncore.kernel.refusals import Parameters, Refusal
from ofncore.model.world import State
from ofncore.network import make_network

_STANDARD_INPUT: Final = "-"


def run(arguments: argparse.Namespace) -> int:
    """Read the file, then store all of it or nothing."""
    database = Database.named(arguments.database)
    state = _read(arguments.file)
    with opened(database) as storage:
        refusal = make_network(unit_of_work=storage).worlds.load(state)
    if refusal is not None:
        raise CommandFailedError(refusal)
    records = _counted(state)
    if arguments.json:
        write_result({"database": database.shown, "name": state.name, "records": records})
    else:
        said = Parameters.of(name=state.name, database=database.shown, count=sum(records.values()))
        write_line(text("cli.loaded", arguments.language, said))
    return 0


def _read(file: str) -> State:
    try:
        content = sys.stdin.buffer.read() if file == _STANDARD_INPUT else Path(file).read_bytes()
    except OSError as error:
        raise file_unusable(file, error) from error
    found = read_document(content)
    if isinstance(found, Refusal):
        raise CommandFailedError(found, source="stdin" if file == _STANDARD_INPUT else file)
    return found


def _counted(state: State) -> Mapping[str, int]:
    """Return how many records there are, by the name of their list."""
    lists = {field.name: getattr(state, field.name) for field in attrs.fields(State)}
    return {name: len(records) for name, records in lists.items() if isinstance(records, tuple)}
