"""``ofncore init``: the tables of a new database."""

import argparse

from ofncore.cli.databases import Database, created
from ofncore.cli.printing import write_line, write_result
from ofncore.kernel.catalogue import text
from ofncore.kernel.refusals import Parameters


def run(arguments: argparse.Namespace) -> int:
    """Create the tables, unless they are there."""
    database = Database.named(arguments.database)
    is_new = created(database)
    if arguments.json:
        write_result({"database": database.shown, "created": is_new})
    else:
        key = "cli.created" if is_new else "cli.exists"
        write_line(text(key, arguments.language, Parameters.of(database=database.shown)))
    return 0
