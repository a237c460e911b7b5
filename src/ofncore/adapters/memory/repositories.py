"""The repositories of `ofncore.ports.repositories`, on tables in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, Generic

import attrs

from ofncore.adapters.memory.tables import IndexValues, Journal, K, Table, V
from ofncore.kernel.actors import Actor
from ofncore.kernel.errors import DuplicateError, NotFoundError, StaleWriteError, StorageError
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    GrantId,
    OrderCycleId,
    OrderId,
    PaymentId,
    ProductId,
    ProxyOrderId,
    ScheduleId,
    SubscriptionId,
    UserId,
    VariantId,
    VoucherId,
)
from ofncore.kernel.instants import as_instant
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import PermissionGrant
from ofncore.model.order import Order
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.product import Variant
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.voucher import Voucher


class Guard:
    """Refuses the use of a unit of work that has ended."""

    def __init__(self) -> None:
        self._ended = False

    def end(self) -> None:
        """Refuse every use from now on."""
        self._ended = True

    def check(self) -> None:
        """Raise `StorageError` if the unit of work has ended."""
        if self._ended:
            message = "this unit of work has ended; begin another one"
            raise StorageError(message)


@attrs.frozen(kw_only=True)
class Kind(Generic[K, V]):
    """One kind of record: its name in messages, its rules, its table."""

    name: str
    table: Table[K, V]
    versioned: bool = False
    #: Indexes whose values belong to one record only.
    unique: tuple[str, ...] = ()


def kind(
    journal: Journal,
    name: str,
    *,
    versioned: bool = False,
    unique: tuple[str, ...] = (),
    **indexes: IndexValues[V],
) -> Kind[K, V]:
    """Return a kind with an empty table; *unique* names those of *indexes* whose values belong to one record only."""
    return Kind[K, V](name=name, table=Table[K, V](journal, indexes), versioned=versioned, unique=unique)


class MemoryRepository(Generic[K, V]):
    """Records of one kind, in one unit of work."""

    def __init__(self, stored: Kind[K, V], guard: Guard) -> None:
        self._kind: Final = stored
        self._guard: Final = guard

    @property
    def _table(self) -> Table[K, V]:
        self._guard.check()
        return self._kind.table

    def find(self, key: K) -> V | None:
        """Return the record, or None."""
        return self._table.find(key)

    def get(self, key: K) -> V:
        """Return the record, or raise `NotFoundError`."""
        record = self._table.find(key)
        if record is None:
            raise NotFoundError(self._kind.name, key)
        return record

    def get_many(self, keys: Iterable[K]) -> Sequence[V]:
        """Return the records there are, sorted by key, each once."""
        return self._table.among(keys)

    def all(self) -> Sequence[V]:
        """Return every record, sorted by key."""
        return self._table.all()

    def add(self, record: V) -> V:
        """Store a new record."""
        key = _key(record)
        if self._table.find(key) is not None:
            raise DuplicateError(self._kind.name, key)
        self._check_unique(key, record)
        stored = _with_version(record, 1) if self._kind.versioned else record
        self._table.put(key, stored)
        return stored

    def save(self, record: V) -> V:
        """Replace a stored record, unless it is not the one that was read."""
        key = _key(record)
        before = self.get(key)
        if self._kind.versioned and _version(before) != _version(record):
            raise StaleWriteError(self._kind.name, key)
        self._check_unique(key, record)
        stored = _with_version(record, _version(record) + 1) if self._kind.versioned else record
        self._table.put(key, stored)
        return stored

    def _check_unique(self, key: K, record: V) -> None:
        for index in self._kind.unique:
            for value in self._table.index_values(index, record):
                if any(_key(other) != key for other in self._table.where(index, value)):
                    raise DuplicateError(self._kind.name, value)


_key = attrgetter("id")
_version = attrgetter("version")


def _with_version(record: V, version: int) -> V:
    return attrs.evolve(record, version=version)  # type: ignore[misc] # every versioned record is an attrs value


class RecordsOfEnterprises(MemoryRepository[K, V]):
    """Records in which enterprises have a part; their table has an index ``enterprise``."""

    def of_enterprises(self, enterprises: Iterable[EnterpriseId]) -> Sequence[V]:
        """Return the records in which any of *enterprises* has a part."""
        return self._table.where("enterprise", *enterprises)


class Enterprises(MemoryRepository[EnterpriseId, Enterprise]):
    """Enterprises."""

    def of_user(self, user: UserId) -> Sequence[Enterprise]:
        """Return the enterprises that *user* manages or owns."""
        return self._table.where("user", user)


class Customers(RecordsOfEnterprises[CustomerId, Customer]):
    """Customers."""

    def of_user(self, user: UserId) -> Sequence[Customer]:
        """Return the customers whose account is that of *user*."""
        return self._table.where("user", user)


class Variants(RecordsOfEnterprises[VariantId, Variant]):
    """Variants."""

    def of_products(self, products: Iterable[ProductId]) -> Sequence[Variant]:
        """Return the variants of any of *products*."""
        return self._table.where("product", *products)


class Vouchers(MemoryRepository[VoucherId, Voucher]):
    """Vouchers."""

    def by_code(self, enterprise: EnterpriseId, code: str) -> Voucher | None:
        """Return the voucher of *enterprise* with this *code*, or None."""
        return next(iter(self._table.where("enterprise_and_code", (enterprise, code))), None)


class Grants(RecordsOfEnterprises[GrantId, PermissionGrant]):
    """Grants between enterprises."""

    def remove(self, key: GrantId) -> None:
        """Delete one."""
        self.get(key)
        self._table.drop(key)


class OrderCycles(RecordsOfEnterprises[OrderCycleId, OrderCycle]):
    """Order cycles."""

    def opening_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that opened at or before *now* and have no `opened_at`."""
        instant = as_instant(now)
        waiting = self._table.where("waiting_to_open", True)  # noqa: FBT003 - the value looked for
        return [each for each in waiting if each.orders_open_at is not None and each.orders_open_at <= instant]

    def closing_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that closed before *now* and have no `closed_at`."""
        instant = as_instant(now)
        waiting = self._table.where("waiting_to_close", True)  # noqa: FBT003 - the value looked for
        return [each for each in waiting if each.orders_close_at is not None and each.orders_close_at < instant]

    def unsettled(self) -> Sequence[OrderCycle]:
        """Return the cycles that were opened or closed and are not settled."""
        return self._table.where("unsettled", True)  # noqa: FBT003 - the value looked for

    def remove(self, key: OrderCycleId) -> None:
        """Delete one."""
        self.get(key)
        self._table.drop(key)


class Schedules(MemoryRepository[ScheduleId, Schedule]):
    """Schedules."""

    def with_cycle(self, order_cycle: OrderCycleId) -> Sequence[Schedule]:
        """Return the schedules that hold *order_cycle*."""
        return self._table.where("order_cycle", order_cycle)


class Subscriptions(RecordsOfEnterprises[SubscriptionId, Subscription]):
    """Subscriptions."""

    def of_schedules(self, schedules: Iterable[ScheduleId]) -> Sequence[Subscription]:
        """Return the subscriptions of any of *schedules*."""
        return self._table.where("schedule", *schedules)


class ProxyOrders(MemoryRepository[ProxyOrderId, ProxyOrder]):
    """Proxy orders."""

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[ProxyOrder]:
        """Return all of one cycle."""
        return self._table.where("order_cycle", order_cycle)

    def of_subscription(self, subscription: SubscriptionId) -> Sequence[ProxyOrder]:
        """Return all of one subscription."""
        return self._table.where("subscription", subscription)

    def of_subscriptions(self, subscriptions: Iterable[SubscriptionId]) -> Sequence[ProxyOrder]:
        """Return all of any of *subscriptions*."""
        return self._table.where("subscription", *subscriptions)

    def remove(self, key: ProxyOrderId) -> None:
        """Delete one that has no order."""
        if self.get(key).order is not None:
            raise StaleWriteError(self._kind.name, key)
        self._table.drop(key)


class Orders(RecordsOfEnterprises[OrderId, Order]):
    """Orders."""

    def by_code(self, code: str) -> Order | None:
        """Return the order with this canonical code, or None."""
        return next(iter(self._table.where("code", code)), None)

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[Order]:
        """Return all orders of a cycle."""
        return self._table.where("order_cycle", order_cycle)

    def of_customers(self, customers: Iterable[CustomerId]) -> Sequence[Order]:
        """Return all orders of any of *customers*."""
        return self._table.where("customer", *customers)

    def placed_by(self, actor: Actor) -> Sequence[Order]:
        """Return all orders that *actor* placed."""
        return self._table.where("placed_by", actor)


class Payments(MemoryRepository[PaymentId, Payment]):
    """Payments."""

    def of_orders(self, orders: Iterable[OrderId]) -> Sequence[Payment]:
        """Return all payments of *orders*."""
        return self._table.where("order", *orders)

    def open_claims(self) -> Sequence[Payment]:
        """Return the payments whose outcome is still to be learnt."""
        return self._table.where("state", PaymentState.CLAIMED, PaymentState.UNKNOWN)
