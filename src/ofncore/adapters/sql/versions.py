"""Creating the tables, and making sure that they are the right ones."""

from typing import Final

from sqlalchemy import Connection, inspect, select, text

from ofncore.adapters.sql.schema import SCHEMA_VERSION, meta, metadata
from ofncore.adapters.sql.session import translated_errors
from ofncore.kernel.errors import MissingTablesError, StorageError

_VERSION_NAME: Final = "schema_version"

#: Any number of its own will do; processes that create the tables at once wait for each other by it.
_POSTGRESQL_LOCK: Final = 0x6F666E


def create_schema(connection: Connection) -> None:
    """Create the tables in the transaction of *connection*, unless they are there.

    Raises:
        StorageError: there are tables of the same names that are not ofncore's, or ofncore's of another version.
    """
    with translated_errors():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _POSTGRESQL_LOCK})
        present = _present_tables(connection)
        if meta.name in present:
            check_schema(connection)
            return
        if present:
            message = (
                f"the database has tables that are not ofncore's but have its names: {', '.join(sorted(present))}; "
                "use another database or schema"
            )
            raise StorageError(message)
        metadata.create_all(connection, checkfirst=False)
        connection.execute(meta.insert(), {"name": _VERSION_NAME, "text": SCHEMA_VERSION})


def check_schema(connection: Connection) -> None:
    """Make sure that the database of *connection* has the tables of this version.

    Raises:
        MissingTablesError: it has none.
        StorageError: it has others, or those of another version.
    """
    with translated_errors():
        present = _present_tables(connection)
        if meta.name not in present:
            message = "the database has no ofncore tables yet; call create_schema() once"
            raise MissingTablesError(message)
        _check_columns(connection, [meta.name])
        _check_version(connection)
        missing = sorted(set(metadata.tables) - present)
        if missing:
            message = f"the database lacks the tables {', '.join(missing)}; restore it from a backup"
            raise StorageError(message)
        _check_columns(connection, sorted(present))


def check_version(connection: Connection) -> None:
    """Make sure, by one query, that the tables of *connection* say they are of this version.

    Raises:
        StorageError: they do not.
    """
    with translated_errors():
        if not inspect(connection).has_table(meta.name):
            check_schema(connection)
        _check_version(connection)


def _present_tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) & set(metadata.tables)


def _check_version(connection: Connection) -> None:
    found = connection.execute(select(meta.c.text).where(meta.c.name == _VERSION_NAME)).scalar()
    if found != SCHEMA_VERSION:
        message = f"the database has ofncore tables of version {found}, but this library needs version {SCHEMA_VERSION}"
        raise StorageError(message)


def _check_columns(connection: Connection, tables: list[str]) -> None:
    for (_schema, name), columns in inspect(connection).get_multi_columns(filter_names=tables).items():
        missing = {column.name for column in metadata.tables[name].columns} - {column["name"] for column in columns}
        if missing:
            message = f"the table {name} is not ofncore's: it lacks the columns {', '.join(sorted(missing))}"
            raise StorageError(message)
