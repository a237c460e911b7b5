"""``ofncore tick``: everything that is due."""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from ofncore.adapters.mail import MailFolder
from ofncore.adapters.payments import LedgerGateway, ManualGateway
from ofncore.cli.databases import Database, file_unusable, loaded, unusable
from ofncore.cli.failures import CommandFailedError
from ofncore.cli.printing import write_line, write_result
from ofncore.kernel.catalogue import text
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import StaleWriteError, StorageError, UnfinishedWorkError
from ofncore.kernel.instants import iso
from ofncore.kernel.refusals import Parameters, Refusal
from ofncore.model.message import Message
from ofncore.network import make_network
from ofncore.services.agenda import AgendaReport

#: Where messages go: beside the SQLite file, or in the working folder.
_BESIDE_FILE: Final = "outbox"
_ELSEWHERE: Final = Path("ofncore-outbox")


class _CountingFolder(MailFolder):
    """Keeps count of what it could not take."""

    failed = 0
    last_reason = ""

    def send(self, message: Message) -> str | None:
        reason = super().send(message)
        if reason is not None:
            self.failed += 1
            self.last_reason = reason
        return reason


def run(arguments: argparse.Namespace) -> int:
    """Do what is due at the instant given, and say how much that was."""
    database = Database.named(arguments.database)
    ledger: Path | None = arguments.payments
    with loaded(database) as storage, _ledger_failures_told(ledger):
        gateway = ManualGateway() if ledger is None else _ledger(ledger, database)
        mail = _mail(arguments.mail or _default_folder(database), arguments.sender)
        network = make_network(unit_of_work=storage, payments=gateway, notifier=mail)
        try:
            report = network.tick(arguments.now)
        except UnfinishedWorkError as error:
            raise CommandFailedError(_refusal(error, database, ledger)) from error
    done = attrs.asdict(report)
    if arguments.json:
        write_result({"now": iso(arguments.now), "done": done, "undelivered": mail.failed})
    else:
        for line in _table(report, arguments.language):
            write_line(line)
    if mail.failed:
        said = Parameters.of(count=mail.failed, reason=mail.last_reason)
        sys.stderr.write(f"ofncore: {text('cli.undelivered', arguments.language, said)}\n")
    return 0


def _refusal(unfinished: UnfinishedWorkError, database: Database, ledger: Path | None) -> Refusal:
    """Return a problem for each failure; what fails each time, such as a full disk, is told once."""
    found = [_refused(each, database, ledger) for each in unfinished.exceptions]
    return Refusal(tuple(dict.fromkeys(problem for each in found for problem in each.problems)))


def _refused(error: Exception, database: Database, ledger: Path | None) -> Refusal:
    if isinstance(error, sqlite3.Error):
        return file_unusable(ledger, error).refusal
    if isinstance(error, StaleWriteError):
        return Refusal.of(Code.DATABASE_BUSY, database=database.shown)
    if isinstance(error, StorageError):
        return unusable(database.shown, error).refusal
    reason = ": ".join(filter(None, (type(error).__name__, str(error))))
    return Refusal.of(Code.WORK_UNFINISHED, subject=error.__notes__[-1], reason=reason)


def _ledger(file: Path, database: Database) -> LedgerGateway:
    if database.file is not None and file.exists() and file.samefile(database.file):
        refusal = Refusal.of(Code.FILE_UNUSABLE, file=str(file), reason="it is the database, and no ledger")
        raise CommandFailedError(refusal)
    return LedgerGateway(file)


@contextmanager
def _ledger_failures_told(file: Path | None) -> Iterator[None]:
    """The storage has errors of its own, so what SQLite says by itself is about the ledger."""
    try:
        yield
    except sqlite3.Error as error:
        raise file_unusable(file, error) from error


def _mail(folder: Path, sender: str | None) -> _CountingFolder:
    """Return the mail folder; one that cannot be made is a failure now, not one of each message."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_unusable(folder, error) from error
    return _CountingFolder(folder) if sender is None else _CountingFolder(folder, sender=sender)


def _default_folder(database: Database) -> Path:
    return _ELSEWHERE if database.file is None else database.file.parent / _BESIDE_FILE


def _table(report: AgendaReport, language: str) -> list[str]:
    done = {name: count for name, count in attrs.asdict(report).items() if count}
    if not done:
        return [text("cli.tick.nothing", language)]
    labels = {name: text(f"cli.tick.{name}", language) for name in done}
    width = max(map(len, labels.values()))
    return [f"{labels[name]:<{width}}  {count:>6}" for name, count in done.items()]
