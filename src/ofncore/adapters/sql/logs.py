"""The stock ledger, the outbox, the event log and the settings, on tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Final

import attrs
from sqlalchemy import or_, select

from ofncore.adapters.sql import kinds, schema
from ofncore.adapters.sql.kinds import stock_key
from ofncore.adapters.sql.records import Records
from ofncore.adapters.sql.session import Session
from ofncore.adapters.sql.texts import event_text, read_event
from ofncore.kernel.errors import DuplicateError, NotFoundError, StaleWriteError
from ofncore.kernel.ids import EnterpriseId, EventId, MovementId, VariantId
from ofncore.kernel.instants import as_instant
from ofncore.model.event import Event
from ofncore.model.message import Message, MessageState
from ofncore.model.stock import StockItem, StockMovement


@attrs.frozen
class _Change:
    """What several movements do to one item."""

    #: Without anything on hand, if the item is not counted yet.
    item: StockItem
    delta: int
    #: What must be on hand before the first movement, so that each in turn is covered; None if nothing is taken.
    needed: int | None

    @classmethod
    def of(cls, movements: Sequence[StockMovement]) -> "_Change":
        sums = list(accumulate(each.delta for each in movements))
        taken = [-total for each, total in zip(movements, sums, strict=True) if each.delta < 0]
        first = movements[0]
        return cls(StockItem(variant=first.variant, hub=first.hub), sums[-1], max(taken, default=None))

    @property
    def needs_none(self) -> bool:
        return self.needed is None or self.needed <= 0


class _FellShortError(Exception):
    """Leaves the savepoint of a move; `items` are those it met, by key, as if not counted."""

    def __init__(self, items: dict[str, StockItem]) -> None:
        super().__init__(items)
        self.items = items


class SqlStockLedger:
    """Counted stock and its movements."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._items: Final = Records(session, kinds.STOCK_ITEMS)
        self._movements: Final = Records(session, kinds.STOCK_MOVEMENTS)

    def add(self, item: StockItem) -> None:
        """Begin to count an item."""
        if not self._items.insert(item):
            raise DuplicateError(kinds.STOCK_ITEMS.name, stock_key(item))

    def items(self, variants: Iterable[VariantId], hub: EnterpriseId | None = None) -> Mapping[VariantId, StockItem]:
        """Return the counted items among *variants*, the producer's or *hub*'s own."""
        wanted = sorted({stock_key(StockItem(variant=variant, hub=hub)) for variant in variants})
        # Whoever reads what is left decides by it, so on PostgreSQL the rows stay as they are until the end.
        query = select(schema.stock_items).order_by(schema.stock_items.c.id).with_for_update()
        rows = self._session.rows_in(query, schema.stock_items.c.id, wanted)
        return {item.variant: item for item in self._items.read(list(rows))}

    def all_items(self) -> Sequence[StockItem]:
        """Return every item, sorted by variant and hub, the producer's first."""
        return _sorted(self._items.where())

    def move(self, movements: Sequence[StockMovement]) -> Sequence[StockItem]:
        """Enter all movements, or none; return the items that fell short."""
        new = self._not_entered(movements)
        by_item: dict[str, list[StockMovement]] = {}
        for movement in new:
            by_item.setdefault(stock_key(movement), []).append(movement)
        # Always in the same order, so that two writers never wait for each other.
        changes = {key: _Change.of(by_item[key]) for key in sorted(by_item)}
        try:
            with self._session.savepoint():
                self._apply_all(changes)
                self._session.insert_all(schema.stock_movements, [kinds.STOCK_MOVEMENTS.row(each) for each in new])
        except _FellShortError as error:
            return self._as_they_stand(error.items)
        return []

    def _not_entered(self, movements: Sequence[StockMovement]) -> list[StockMovement]:
        ids = schema.stock_movements.c.id
        known = {row[0] for row in self._session.rows_in(select(ids), ids, {each.id for each in movements})}
        first: dict[str, StockMovement] = {}
        for movement in movements:
            first.setdefault(movement.id, movement)
        return [each for each in first.values() if each.id not in known]

    def _apply_all(self, changes: Mapping[str, _Change]) -> None:
        short = {key: change.item for key, change in changes.items() if not self._apply(key, change)}
        if short:
            raise _FellShortError(short)

    def _apply(self, key: str, change: _Change) -> bool:
        """Check and change in one statement; False if the item falls short."""
        table = schema.stock_items
        update = table.update().where(table.c.id == key).values(on_hand=table.c.on_hand + change.delta)
        if change.needed is not None:
            update = update.where(or_(table.c.on_demand, table.c.on_hand >= change.needed))
        if self._session.change(update):
            return True
        return change.needs_none and not self._is_counted(key) and self._begin_count(change)

    def _is_counted(self, key: str) -> bool:
        ids = schema.stock_items.c.id
        return bool(self._session.rows(select(ids).where(ids == key)))

    def _begin_count(self, change: _Change) -> bool:
        if not self._items.insert(attrs.evolve(change.item, on_hand=change.delta)):
            raise StaleWriteError(kinds.STOCK_ITEMS.name, stock_key(change.item))
        return True

    def _as_they_stand(self, short: dict[str, StockItem]) -> list[StockItem]:
        counted = self._items.among(schema.stock_items.c.id, short)
        return _sorted((short | {stock_key(item): item for item in counted}).values())

    def entered(self, keys: Iterable[MovementId]) -> Sequence[StockMovement]:
        """Return the movements of *keys* that were entered."""
        return self._movements.among(schema.stock_movements.c.id, keys)

    def movements(self) -> Sequence[StockMovement]:
        """Return the whole ledger, sorted by id."""
        return self._movements.where()


def _sorted(items: Iterable[StockItem]) -> list[StockItem]:
    return sorted(items, key=lambda item: (item.variant, item.hub is not None, item.hub or ""))


class SqlOutbox:
    """Messages on their way out."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._messages: Final = Records(session, kinds.MESSAGES)

    def add(self, message: Message) -> bool:
        """Put a message in, unless its id is there."""
        return self._messages.insert(message)

    def due(self, now: datetime, limit: int) -> Sequence[Message]:
        """Return at most *limit* pending messages whose next try is not after *now*, oldest first."""
        columns = schema.messages.c
        query = (
            select(schema.messages)
            .where(columns.state == MessageState.PENDING)
            .where(or_(columns.next_try_at.is_(None), columns.next_try_at <= as_instant(now)))
            .order_by(columns.at, columns.id)
            .limit(limit)
        )
        return self._messages.read(self._session.rows(query))

    def save(self, message: Message, *, seen_attempts: int) -> bool:
        """Record what became of a pending message, unless somebody else did since it was read."""
        columns = schema.messages.c
        as_seen = (columns.state == MessageState.PENDING, columns.attempts == seen_attempts)
        if self._messages.replace(message, *as_seen):
            return True
        if not self._session.rows(select(columns.id).where(columns.id == message.id)):
            raise NotFoundError(kinds.MESSAGES.name, message.id)
        return False

    def all(self) -> Sequence[Message]:
        """Return every message, sorted by id."""
        return self._messages.where()


class SqlEventLog:
    """Domain events, append-only."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def add(self, event: Event) -> bool:
        """Record an event, unless its id is recorded."""
        return self._session.insert_new(
            schema.events,
            {
                "id": event.id,
                "kind": event.kind,
                "subject": event.subject,
                "occasion": event.occasion,
                "at": event.at,
                "late_at": event.late_at,
                "payload": event_text(event),
            },
        )

    def find(self, key: EventId) -> Event | None:
        """Return the event, or None."""
        columns = schema.events.c
        rows = self._session.rows(select(columns.payload).where(columns.id == key))
        return next((read_event(row[0]) for row in rows), None)

    def all(self) -> Sequence[Event]:
        """Return every event, sorted by instant and id."""
        columns = schema.events.c
        rows = self._session.rows(select(columns.payload).order_by(columns.at, columns.id))
        return [read_event(row[0]) for row in rows]


class SqlSettings:
    """A few texts of the installation, by name."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def find(self, name: str) -> str | None:
        """Return the text, or None."""
        columns = schema.settings.c
        return next((row[0] for row in self._session.rows(select(columns.text).where(columns.name == name))), None)

    def put(self, name: str, text: str) -> None:
        """Store the text, in place of an earlier one."""
        self._session.insert_or_replace(schema.settings, {"name": name, "text": text}, "name")
