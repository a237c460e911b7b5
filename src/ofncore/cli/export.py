"""``ofncore export``: the whole state as JSON."""

import argparse

from ofncore.cli.databases import Database, loaded
from ofncore.cli.printing import write_text
from ofncore.formats.state import write_state
from ofncore.network import make_network


def run(arguments: argparse.Namespace) -> int:
    """Write the state, once all of it was read."""
    with loaded(Database.named(arguments.database)) as storage:
        state = make_network(unit_of_work=storage).worlds.export()
    write_text(write_state(state))
    return 0
