"""The database that a command works on: found, looked at, opened; and what may be wrong with it."""

import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import attrs

from ofncore.cli.failures import CommandFailedError
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import MissingTablesError, OfncoreError, StaleWriteError
from ofncore.kernel.refusals import Refusal
from ofncore.network import make_network

if TYPE_CHECKING:
    from ofncore.adapters.sql import SqlStorage

_SQLITE: Final = re.compile(r"sqlite(\+\w+)?:///(?P<path>[^?]+)(\?.*)?", re.DOTALL)
#: A name of a kind of database; one letter is a drive.
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+]+:")
_KINDS: Final = ("sqlite:", "sqlite+", "postgresql:", "postgresql+")
_SECRETS: Final = ((re.compile(r"(://[^:/?#]*):.*@"), r"\1:***@"), (re.compile(r"(password=)[^&#]*"), r"\1***"))


@attrs.frozen(kw_only=True)
class Database:
    """A database as it was named on the command line."""

    #: As SQLAlchemy takes it.
    url: str
    #: As it may be shown: without passwords.
    shown: str
    #: The SQLite file, if it is one.
    file: Path | None = None

    @classmethod
    def named(cls, text: str) -> Self:
        """Return the database that *text* names: a URL, or the path of an SQLite file."""
        if not _SCHEME.match(text):
            if "?" in text:
                raise unusable(text, "a path with a question mark is not taken")
            return cls(url=f"sqlite:///{text}", shown=text, file=Path(text))
        if not text.startswith(_KINDS):
            raise unusable(text.partition(":")[0] + ":", "ofncore keeps its records in SQLite or PostgreSQL")
        shown = text
        for secret, mask in _SECRETS:
            shown = secret.sub(mask, shown)
        found = _SQLITE.fullmatch(text)
        path = None if found is None or found["path"].startswith((":memory:", "file:")) else Path(found["path"])
        return cls(url=text, shown=shown, file=path)

    @property
    def command(self) -> str:
        """What creates its tables."""
        return f"ofncore init --database {shlex.quote(self.shown)}"

    @property
    def load_command(self) -> str:
        """What loads a world into it."""
        return f"ofncore load FILE --database {shlex.quote(self.shown)}"

    def missing(self) -> CommandFailedError:
        """Return the failure of a database that was not begun."""
        return CommandFailedError(Refusal.of(Code.DATABASE_NOT_READY, database=self.shown, command=self.command))

    def empty(self) -> CommandFailedError:
        """Return the failure of a database without a world."""
        return CommandFailedError(Refusal.of(Code.DATABASE_EMPTY, database=self.shown, command=self.load_command))


def unusable(shown: str, reason: object) -> CommandFailedError:
    """Return the failure of a database that cannot be used; *reason* is shown as one line."""
    return CommandFailedError(Refusal.of(Code.DATABASE_UNUSABLE, database=shown, reason=str(reason)))


def file_unusable(file: object, error: OSError | sqlite3.Error) -> CommandFailedError:
    """Return the failure of a file or folder that *error* is about."""
    reason = getattr(error, "strerror", None) or str(error)
    return CommandFailedError(Refusal.of(Code.FILE_UNUSABLE, file=str(file), reason=reason))


@contextmanager
def opened(database: Database) -> Iterator["SqlStorage"]:
    """Open a database whose tables are there.

    Raises:
        CommandFailedError: they are not, or the database cannot be used, now or while it is open.
    """
    with _failures_told(database):
        _check_folder_of(database)
        # The driver would make an empty file of a name that was mistyped, and write its settings into an empty one.
        if database.file is not None and not (_exists(database.file) and _may_be_ofncores(database)):
            raise database.missing()
        with _storage(database) as storage:
            storage.check_schema()
            yield storage


@contextmanager
def loaded(database: Database) -> Iterator["SqlStorage"]:
    """Open a database that holds a world.

    Raises:
        CommandFailedError: it holds none, or as `opened`.
    """
    with opened(database) as storage:
        if make_network(unit_of_work=storage).worlds.name() is None:
            raise database.empty()
        yield storage


def created(database: Database) -> bool:
    """Create the tables of *database*; False if they are there already.

    Raises:
        CommandFailedError: it holds other tables, or those of another version, or cannot be used.
    """
    with _failures_told(database):
        _check_folder_of(database)
        _may_be_ofncores(database)
        with _storage(database) as storage:
            try:
                storage.check_schema()
            except MissingTablesError:
                storage.create_schema()
                return True
            return False


@contextmanager
def _storage(database: Database) -> Iterator["SqlStorage"]:
    from ofncore.adapters.sql import SqlStorage  # noqa: PLC0415 - its absence is a failure to tell

    storage = SqlStorage(database.url)
    with closing(storage):
        yield storage


@contextmanager
def _failures_told(database: Database) -> Iterator[None]:
    try:
        yield
    except StaleWriteError as error:
        raise CommandFailedError(Refusal.of(Code.DATABASE_BUSY, database=database.shown)) from error
    except MissingTablesError as error:
        raise database.missing() from error
    except OfncoreError as error:
        raise unusable(database.shown, error) from error
    except ModuleNotFoundError as error:
        raise CommandFailedError(_missing_module(error.name or str(error))) from error


def _missing_module(name: str) -> Refusal:
    module = name.partition(".")[0]
    package = "ofncore[cli]" if module == "sqlalchemy" else module
    return Refusal.of(Code.MODULE_MISSING, module=module, package=package)


# ---------------------------------------------------------------- looking at a file, without touching it


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as error:
        raise file_unusable(file, error) from error


def _check_folder_of(database: Database) -> None:
    """See that there is a folder for the file of *database*; nothing makes one."""
    if database.file is None or _exists(database.file):
        return
    folder = database.file.parent
    try:
        folder.stat()
    except FileNotFoundError as error:
        refusal = Refusal.of(Code.FILE_UNUSABLE, file=str(folder), reason="there is no such folder")
        raise CommandFailedError(refusal) from error
    except OSError as error:
        raise file_unusable(folder, error) from error


def _may_be_ofncores(database: Database) -> bool:
    """Whether the database has, or may have, tables of ofncore; False if it has none at all.

    Raises:
        CommandFailedError: it is a file with other tables only. To open it would already change its settings.
    """
    from ofncore.adapters.sql import metadata  # noqa: PLC0415 - its absence is a failure to tell

    tables = None if database.file is None else _tables_of(database.file)
    if tables and tables.isdisjoint(metadata.tables):
        raise CommandFailedError(Refusal.of(Code.DATABASE_FOREIGN, database=database.shown))
    return tables is None or bool(tables)


def _tables_of(file: Path) -> frozenset[str] | None:
    """Return the names of the tables of an SQLite file; None if it cannot be looked at."""
    with suppress(sqlite3.Error, ValueError):
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return frozenset(name for (name,) in connection.execute(query))
    return None
