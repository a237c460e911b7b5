"""Whole lives of a hub: what is left in the database, in the books of the gateway and in the mail folder."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import attrs

from cli.terminal import EXAMPLES
from ofncore.adapters.mail import MailFolder
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import LedgerGateway
from ofncore.adapters.payments.ledger import LedgerEntry
from ofncore.adapters.sql import SqlStorage
from ofncore.formats.state import read_document, write_state
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing.faults import Faults

#: Closings are due strictly after the instant of the close.
SHORTLY: Final = timedelta(seconds=30)
FRENCH: Final = "french-hub"
CATALAN: Final = "catalan-shop"


@cache
def world(name: str) -> State:
    """Return the world of an example file."""
    state = read_document((EXAMPLES / f"{name}.json").read_bytes())
    assert isinstance(state, State)
    return state


@cache
def loaded_text(name: str) -> str:
    """Return the export of an example world in which nothing has happened."""
    return write_state(world(name))


def openings(name: str, cycles: int) -> list[datetime]:
    """Return when the first *cycles* open."""
    return [each.orders_open_at for each in world(name).order_cycles[:cycles] if each.orders_open_at]


def closings(name: str, cycles: int) -> list[datetime]:
    """Return the instants shortly after the first *cycles* close."""
    return [each.orders_close_at + SHORTLY for each in world(name).order_cycles[:cycles] if each.orders_close_at]


def punctual(name: str, cycles: int) -> list[datetime]:
    """Return the instants at which a punctual network has something to do."""
    return sorted(openings(name, cycles) + closings(name, cycles))


@attrs.frozen
class Remains:
    """All that a life leaves behind."""

    export: str
    books: tuple[LedgerEntry, ...]
    #: Content by file name.
    mail: dict[str, bytes]

    @property
    def document(self) -> dict[str, list[dict[str, object]]]:
        """The export, parsed."""
        parsed: dict[str, list[dict[str, object]]] = json.loads(self.export)
        return parsed


@attrs.frozen
class Life:
    """A storage, a ledger and a mail folder that outlive every process that works on them."""

    folder: Path
    storage: UnitOfWorkFactory

    @classmethod
    def in_memory(cls, folder: Path, name: str) -> "Life":
        """Begin the life of an example world, in memory; its files are in *folder*."""
        life = cls(folder, MemoryStorage())
        assert life.network().worlds.load(world(name)) is None
        return life

    @property
    def books(self) -> LedgerGateway:
        """The gateway."""
        return LedgerGateway(self.folder / "books.db")

    def network(self, faults: Faults | None = None) -> FoodNetwork:
        """Return a network on this life, as a new process would; with *faults* it crashes."""
        crashing, mail = faults or Faults(), MailFolder(self.folder / "outbox")
        return make_network(
            unit_of_work=crashing.unit_of_work(self.storage),
            payments=crashing.gateway(self.books),
            notifier=crashing.notifier(mail),
        )

    def tick(self, instants: Iterable[datetime]) -> "Life":
        """Do what is due at each of *instants*, and return this life."""
        network = self.network()
        for instant in instants:
            network.tick(instant)
        return self

    def remains(self) -> Remains:
        """Return what there is now."""
        return remains_of(self.folder, write_state(self.network().worlds.export()))


def remains_of(folder: Path, export: str) -> Remains:
    """Return *export* with the books and the mail in *folder*."""
    mail = {path.name: path.read_bytes() for path in (folder / "outbox").glob("*")}
    return Remains(export, LedgerGateway(folder / "books.db").entries(), mail)


def exported(database: Path) -> str:
    """Return the export of a database, read without the command line."""
    storage = SqlStorage(f"sqlite:///{database}")
    try:
        return write_state(make_network(unit_of_work=storage).worlds.export())
    finally:
        storage.close()
