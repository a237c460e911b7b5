"""The repositories of `ofncore.ports.repositories`, on tables."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import attrs
from sqlalchemy import ColumnElement, select

from ofncore.adapters.sql import kinds
from ofncore.adapters.sql.mapping import Key, RecordMapping, key_columns
from ofncore.adapters.sql.session import Session
from ofncore.kernel.errors import DuplicateError, NotFoundError, StaleWriteError
from ofncore.kernel.ids import (
    EnterpriseId,
    GrantId,
    OrderCycleId,
    OrderId,
    PaymentId,
    ProxyOrderId,
    ScheduleId,
    SubscriptionId,
    VoucherId,
)
from ofncore.kernel.instants import as_instant
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import PermissionGrant
from ofncore.model.order import Order
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.voucher import Voucher

K = TypeVar("K", bound=str)
V = TypeVar("V")


class Records(Generic[V]):
    """Reads and writes whole records of one kind, their lists included."""

    def __init__(self, session: Session, mapping: RecordMapping[V]) -> None:
        self._session: Final = session
        self._mapping: Final = mapping

    def where(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[V]:
        """Return the records that meet all *conditions*, sorted by key."""
        query = select(self._mapping.table).where(*conditions).order_by(self._mapping.key).limit(limit)
        return self.read(self._session.rows(query))

    def among(self, column: ColumnElement[Any], values: Iterable[object]) -> list[V]:
        """Return the records whose *column* is one of *values*, sorted by key."""
        query = select(self._mapping.table)
        return self.read(sorted(self._session.rows_in(query, column, dict.fromkeys(values)), key=_first))

    def read(self, rows: Sequence[Sequence[Any]]) -> list[V]:
        """Return the records of *rows*, in the same order."""
        lists = self._lists([row[0] for row in rows])
        return [self._mapping.read(row, lists) for row in rows]

    def _lists(self, ids: Sequence[str]) -> dict[str, dict[Key, list[Sequence[Any]]]]:
        """One query for each table and chunk of ids, however many records there are."""
        lists: dict[str, dict[Key, list[Sequence[Any]]]] = {}
        for table in self._mapping.list_tables:
            columns = list(table.primary_key.columns)
            rows_of = lists[table.name] = defaultdict(list)
            query = select(table).order_by(*columns)
            for row in self._session.rows_in(query, columns[0], ids):
                rows_of[tuple(row[: len(columns) - 1])].append(row)
        return lists

    def insert(self, record: V) -> bool:
        """Store a new record; False and nothing done if a unique fact of it is taken."""
        if not self._session.insert_new(self._mapping.table, self._mapping.row(record)):
            return False
        self._insert_lists(record)
        return True

    def replace(self, record: V, *conditions: ColumnElement[bool]) -> bool:
        """Store *record* in place of the one of its key; False and nothing done if none meets *conditions*."""
        table = self._mapping.table
        row = self._mapping.row(record)
        key = row.pop("id")
        update = table.update().where(self._mapping.key == key, *conditions).values(row)
        if self._session.change(update) == 0:
            return False
        for list_table in reversed(self._mapping.list_tables):
            self._session.change(list_table.delete().where(list_table.c[key_columns(list_table)[0]] == key))
        self._insert_lists(record)
        return True

    def _insert_lists(self, record: V) -> None:
        for table, row in self._mapping.list_rows(record):
            self._session.insert_later(table, row)


def _first(row: Sequence[Any]) -> str:
    key: str = row[0]
    return key


class SqlRepository(Generic[K, V]):
    """Records of one kind, in one unit of work."""

    def __init__(self, session: Session, mapping: RecordMapping[V]) -> None:
        self._session: Final = session
        self._mapping: Final = mapping
        self._records: Final = Records(session, mapping)

    def find(self, key: K) -> V | None:
        """Return the record, or None."""
        return next(iter(self._records.where(self._mapping.key == key)), None)

    def get(self, key: K) -> V:
        """Return the record, or raise `NotFoundError`."""
        record = self.find(key)
        if record is None:
            raise NotFoundError(self._mapping.name, key)
        return record

    def get_many(self, keys: Iterable[K]) -> Sequence[V]:
        """Return the records there are, sorted by key, each once."""
        return self._records.among(self._mapping.key, keys)

    def all(self) -> Sequence[V]:
        """Return every record, sorted by key."""
        return self._records.where()

    def add(self, record: V) -> V:
        """Store a new record."""
        stored = _with_version(record, 1) if self._mapping.versioned else record
        if not self._records.insert(stored):
            raise DuplicateError(self._mapping.name, self._taken(record))
        return stored

    def save(self, record: V) -> V:
        """Replace a stored record, unless it is not the one that was read."""
        # Asked before writing: on PostgreSQL the whole transaction is lost after a statement that failed.
        taken = next(self._unique_facts_of_others(record), None)
        stored = _with_version(record, _version(record) + 1) if self._mapping.versioned else record
        current = [self._mapping.table.c.version == _version(record)] if self._mapping.versioned else []
        if taken is None and self._records.replace(stored, *current):
            return stored
        raise self._why_not_saved(record, taken)

    def _why_not_saved(self, record: V, taken: object) -> Exception:
        key = self._mapping.key_of(record)
        stored = self.find(key)  # type: ignore[arg-type] # it is the key of a record of this kind
        if stored is None:
            return NotFoundError(self._mapping.name, key)
        if taken is None or (self._mapping.versioned and _version(stored) != _version(record)):
            return StaleWriteError(self._mapping.name, key)
        return DuplicateError(self._mapping.name, taken)

    def _is_stored(self, key: str) -> bool:
        return bool(self._session.rows(select(self._mapping.key).where(self._mapping.key == key)))

    def _taken(self, record: V) -> object:
        """Return the unique fact that kept *record* from being added."""
        key = self._mapping.key_of(record)
        if self._is_stored(key):
            return key
        return next(self._unique_facts_of_others(record), key)

    def _unique_facts_of_others(self, record: V) -> Iterator[object]:
        row = self._mapping.row(record) if self._mapping.unique else {}
        for names in self._mapping.unique:
            facts = tuple(row[name] for name in names)
            same = (self._mapping.table.c[name] == row[name] for name in names)
            others = select(self._mapping.key).where(*same, self._mapping.key != row["id"])
            if None not in facts and self._session.rows(others):
                yield facts if len(facts) > 1 else facts[0]


_version: Final = attrgetter("version")


def _with_version(record: V, version: int) -> V:
    return attrs.evolve(record, version=version)  # type: ignore[misc] # every versioned record is an attrs value


class Vouchers(SqlRepository[VoucherId, Voucher]):
    """Vouchers."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.VOUCHERS)

    def by_code(self, enterprise: EnterpriseId, code: str) -> Voucher | None:
        """Return the voucher of *enterprise* with this *code*, or None."""
        columns = self._mapping.table.c
        return next(iter(self._records.where(columns.enterprise == enterprise, columns.code == code)), None)


class Grants(SqlRepository[GrantId, PermissionGrant]):
    """Grants between enterprises."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.GRANTS)

    def remove(self, key: GrantId) -> None:
        """Delete one, and by the foreign key its permissions."""
        if self._session.change(self._mapping.table.delete().where(self._mapping.key == key)) == 0:
            raise NotFoundError(self._mapping.name, key)


class OrderCycles(SqlRepository[OrderCycleId, OrderCycle]):
    """Order cycles."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.ORDER_CYCLES)

    def opening_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that opened at or before *now* and have no `opened_at`."""
        columns = self._mapping.table.c
        return self._records.where(columns.opened_at.is_(None), columns.orders_open_at <= as_instant(now))

    def closing_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that closed before *now* and have no `closed_at`."""
        columns = self._mapping.table.c
        return self._records.where(columns.closed_at.is_(None), columns.orders_close_at < as_instant(now))

    def unsettled(self) -> Sequence[OrderCycle]:
        """Return the cycles that were opened or closed and are not settled."""
        columns = self._mapping.table.c
        begun = columns.opened_at.is_not(None) | columns.closed_at.is_not(None)
        return self._records.where(columns.settled_at.is_(None), begun)

    def remove(self, key: OrderCycleId) -> None:
        """Delete one, and by the foreign keys its lists."""
        if self._session.change(self._mapping.table.delete().where(self._mapping.key == key)) == 0:
            raise NotFoundError(self._mapping.name, key)


class Schedules(SqlRepository[ScheduleId, Schedule]):
    """Schedules."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.SCHEDULES)

    def with_cycle(self, order_cycle: OrderCycleId) -> Sequence[Schedule]:
        """Return the schedules that hold *order_cycle*."""
        (cycles,) = self._mapping.list_tables
        holders = select(cycles.c.schedule_id).where(cycles.c.order_cycle == order_cycle)
        return self._records.where(self._mapping.key.in_(holders))


class Subscriptions(SqlRepository[SubscriptionId, Subscription]):
    """Subscriptions."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.SUBSCRIPTIONS)

    def of_schedules(self, schedules: Iterable[ScheduleId]) -> Sequence[Subscription]:
        """Return the subscriptions of any of *schedules*."""
        return self._records.among(self._mapping.table.c.schedule, schedules)


class ProxyOrders(SqlRepository[ProxyOrderId, ProxyOrder]):
    """Proxy orders."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.PROXY_ORDERS)

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[ProxyOrder]:
        """Return all of one cycle."""
        return self._records.where(self._mapping.table.c.order_cycle == order_cycle)

    def of_subscription(self, subscription: SubscriptionId) -> Sequence[ProxyOrder]:
        """Return all of one subscription."""
        return self._records.where(self._mapping.table.c.subscription == subscription)

    def of_subscriptions(self, subscriptions: Iterable[SubscriptionId]) -> Sequence[ProxyOrder]:
        """Return all of any of *subscriptions*."""
        return self._records.among(self._mapping.table.c.subscription, subscriptions)

    def remove(self, key: ProxyOrderId) -> None:
        """Delete one that has no order."""
        table = self._mapping.table
        if self._session.change(table.delete().where(self._mapping.key == key, table.c.order.is_(None))) == 0:
            raise (StaleWriteError if self._is_stored(key) else NotFoundError)(self._mapping.name, key)


class Orders(SqlRepository[OrderId, Order]):
    """Orders."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.ORDERS)

    def by_code(self, code: str) -> Order | None:
        """Return the order with this canonical code, or None."""
        return next(iter(self._records.where(self._mapping.table.c.code == code)), None)

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[Order]:
        """Return all orders of a cycle."""
        return self._records.where(self._mapping.table.c.order_cycle == order_cycle)


class Payments(SqlRepository[PaymentId, Payment]):
    """Payments."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.PAYMENTS)

    def of_orders(self, orders: Iterable[OrderId]) -> Sequence[Payment]:
        """Return all payments of *orders*."""
        return self._records.among(self._mapping.table.c.order, orders)

    def open_claims(self) -> Sequence[Payment]:
        """Return the payments whose outcome is still to be learnt."""
        state = self._mapping.table.c.state
        return self._records.where(state.in_([PaymentState.CLAIMED, PaymentState.UNKNOWN]))
