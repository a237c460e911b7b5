"""The stock ledger, the outbox, the event log and the settings, on tables in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from ofncore.adapters.memory.repositories import Guard
from ofncore.adapters.memory.tables import Journal, Table
from ofncore.kernel.errors import DuplicateError, NotFoundError
from ofncore.kernel.ids import EnterpriseId, EventId, MovementId, VariantId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.model.event import Event
from ofncore.model.message import Message, MessageState
from ofncore.model.stock import StockItem, StockMovement


def _item_key(variant: str, hub: str | None) -> str:
    return joined_id(variant) if hub is None else joined_id(variant, hub)


_ITEM: Final = "stock item"
_MESSAGE: Final = "message"


class Logs:
    """The tables of all that is not looked up by a repository."""

    def __init__(self, journal: Journal) -> None:
        self.items: Final[Table[str, StockItem]] = Table(journal)
        self.movements: Final[Table[str, StockMovement]] = Table(journal)
        self.messages: Final[Table[str, Message]] = Table(journal, {"state": lambda each: (each.state,)})
        self.events: Final[Table[str, Event]] = Table(journal)
        self.settings: Final[Table[str, str]] = Table(journal)


class _Log:
    def __init__(self, logs: Logs, guard: Guard) -> None:
        self._all_logs: Final = logs
        self._guard: Final = guard

    @property
    def _logs(self) -> Logs:
        self._guard.check()
        return self._all_logs


class MemoryStockLedger(_Log):
    """Counted stock and its movements."""

    def add(self, item: StockItem) -> None:
        """Begin to count an item."""
        key = _item_key(item.variant, item.hub)
        if self._logs.items.find(key) is not None:
            raise DuplicateError(_ITEM, key)
        self._logs.items.put(key, item)

    def items(self, variants: Iterable[VariantId], hub: EnterpriseId | None = None) -> Mapping[VariantId, StockItem]:
        """Return the counted items among *variants*, the producer's or *hub*'s own."""
        found = self._logs.items.among(_item_key(variant, hub) for variant in variants)
        return {item.variant: item for item in found}

    def all_items(self) -> Sequence[StockItem]:
        """Return every item, sorted by variant and hub, the producer's first."""
        return _sorted(self._logs.items.all())

    def move(self, movements: Sequence[StockMovement]) -> Sequence[StockItem]:
        """Enter all movements, or none; return the items that fell short."""
        new = [each for each in _first_of_each_id(movements) if self._logs.movements.find(each.id) is None]
        before = {_key_of(each): self._item(each) for each in new}
        after, short = _moved(before, new)
        if short:
            return _sorted(before[key] for key in short)
        for key, item in after.items():
            self._logs.items.put(key, item)
        for movement in new:
            self._logs.movements.put(movement.id, movement)
        return []

    def _item(self, movement: StockMovement) -> StockItem:
        counted = self._logs.items.find(_key_of(movement))
        return counted or StockItem(variant=movement.variant, hub=movement.hub)

    def entered(self, keys: Iterable[MovementId]) -> Sequence[StockMovement]:
        """Return the movements of *keys* that were entered."""
        return self._logs.movements.among(keys)

    def movements(self) -> Sequence[StockMovement]:
        """Return the whole ledger, sorted by id."""
        return self._logs.movements.all()


def _sorted(items: Iterable[StockItem]) -> list[StockItem]:
    return sorted(items, key=lambda item: (item.variant, item.hub is not None, item.hub or ""))


def _key_of(movement: StockMovement) -> str:
    return _item_key(movement.variant, movement.hub)


def _first_of_each_id(movements: Iterable[StockMovement]) -> Iterable[StockMovement]:
    first: dict[str, StockMovement] = {}
    for movement in movements:
        first.setdefault(movement.id, movement)
    return first.values()


def _moved(
    before: Mapping[str, StockItem], movements: Iterable[StockMovement]
) -> tuple[dict[str, StockItem], frozenset[str]]:
    """Return the items after *movements*, made in turn, and the keys of those that fell short on the way."""
    after = dict(before)
    short = set()
    for movement in movements:
        key = _key_of(movement)
        if movement.delta < 0 and not after[key].can_supply(-movement.delta):
            short.add(key)
        after[key] = attrs.evolve(after[key], on_hand=after[key].on_hand + movement.delta)
    return after, frozenset(short)


class MemoryOutbox(_Log):
    """Messages on their way out."""

    def add(self, message: Message) -> bool:
        """Put a message in, unless its id is there."""
        if self._logs.messages.find(message.id) is not None:
            return False
        self._logs.messages.put(message.id, message)
        return True

    def due(self, now: datetime, limit: int) -> Sequence[Message]:
        """Return at most *limit* pending messages whose next try is not after *now*, oldest first."""
        instant = as_instant(now)
        pending = self._logs.messages.where("state", MessageState.PENDING)
        due = [each for each in pending if each.next_try_at is None or each.next_try_at <= instant]
        return sorted(due, key=lambda each: (each.at, each.id))[:limit]

    def save(self, message: Message, *, seen_attempts: int) -> bool:
        """Record what became of a pending message, unless somebody else did since it was read."""
        stored = self._logs.messages.find(message.id)
        if stored is None:
            raise NotFoundError(_MESSAGE, message.id)
        if stored.state is not MessageState.PENDING or stored.attempts != seen_attempts:
            return False
        self._logs.messages.put(message.id, message)
        return True

    def all(self) -> Sequence[Message]:
        """Return every message, sorted by id."""
        return self._logs.messages.all()


class MemoryEventLog(_Log):
    """Domain events, append-only."""

    def add(self, event: Event) -> bool:
        """Record an event, unless its id is recorded."""
        if self._logs.events.find(event.id) is not None:
            return False
        self._logs.events.put(event.id, event)
        return True

    def find(self, key: EventId) -> Event | None:
        """Return the event, or None."""
        return self._logs.events.find(key)

    def all(self) -> Sequence[Event]:
        """Return every event, sorted by instant and id."""
        return sorted(self._logs.events.all(), key=lambda event: (event.at, event.id))


class MemorySettings(_Log):
    """A few texts of the installation, by name."""

    def find(self, name: str) -> str | None:
        """Return the text, or None."""
        return self._logs.settings.find(name)

    def put(self, name: str, text: str) -> None:
        """Store the text, in place of an earlier one."""
        self._logs.settings.put(name, text)
