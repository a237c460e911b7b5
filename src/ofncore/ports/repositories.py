"""Where records are kept.

Every repository belongs to one unit of work (see `ofncore.ports.unit_of_work`) and is used only inside it. Records are
immutable values; what is read later in the same unit of work shows what was written earlier in it. Listings are sorted
by key, so that two storages give the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    EventId,
    GrantId,
    MovementId,
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
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import Event
from ofncore.model.grant import PermissionGrant
from ofncore.model.message import Message
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.model.product import Variant
from ofncore.model.stock import StockItem, StockMovement
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.voucher import Voucher

K_contra = TypeVar("K_contra", contravariant=True)
V = TypeVar("V")


class Repository(Protocol[K_contra, V]):
    """Records of one kind, by key.

    Records with a `version` are guarded: `add` stores them as version 1 whatever they carry; `save` stores them only if
    the stored version is still the one they carry, and raises it by one.
    """

    def find(self, key: K_contra) -> V | None:
        """Return the record, or None."""

    def get(self, key: K_contra) -> V:
        """Return the record.

        Raises:
            NotFoundError: there is none.
        """

    def get_many(self, keys: Iterable[K_contra]) -> Sequence[V]:
        """Return the records there are for *keys*, sorted by key, each once; absent ones are left out."""

    def all(self) -> Sequence[V]:
        """Return every record, sorted by key."""

    def add(self, record: V) -> V:
        """Store a new record and return it as stored.

        Raises:
            DuplicateError: its key, or another unique fact of it, is taken.
        """

    def save(self, record: V) -> V:
        """Replace a stored record and return it as stored.

        Raises:
            NotFoundError: there is none to replace.
            StaleWriteError: it was saved by somebody else since this value was read.
        """


class RecordsOfEnterprises(Repository[K_contra, V], Protocol[K_contra, V]):
    """Records in which enterprises have a part: a fee its owner, a method each shop that offers it."""

    def of_enterprises(self, enterprises: Iterable[EnterpriseId]) -> Sequence[V]:
        """Return the records in which any of *enterprises* has a part, sorted by key, each once.

        Those that are out of use, deleted or cancelled count too.
        """


class EnterpriseRepository(Repository[EnterpriseId, Enterprise], Protocol):
    """Enterprises."""

    def of_user(self, user: UserId) -> Sequence[Enterprise]:
        """Return the enterprises that *user* manages or owns."""


class CustomerRepository(RecordsOfEnterprises[CustomerId, Customer], Protocol):
    """Customers. The enterprise that knows one has a part in it."""

    def of_user(self, user: UserId) -> Sequence[Customer]:
        """Return the customers whose account is that of *user*."""


class VariantRepository(RecordsOfEnterprises[VariantId, Variant], Protocol):
    """Variants. The supplier has a part in one."""

    def of_products(self, products: Iterable[ProductId]) -> Sequence[Variant]:
        """Return the variants of any of *products*, deleted ones included, sorted by key, each once."""


class VoucherRepository(Repository[VoucherId, Voucher], Protocol):
    """Vouchers. One shop's have distinct codes, withdrawn ones included (FEE-10)."""

    def by_code(self, enterprise: EnterpriseId, code: str) -> Voucher | None:
        """Return the voucher of *enterprise* with exactly this *code*, withdrawn or not; None if it has none."""


class GrantRepository(RecordsOfEnterprises[GrantId, PermissionGrant], Protocol):
    """What enterprises allow each other. Who gives a grant and who gets it have a part in it."""

    def remove(self, key: GrantId) -> None:
        """Delete one.

        Raises:
            NotFoundError: there is none.
        """


class OrderCycleRepository(RecordsOfEnterprises[OrderCycleId, OrderCycle], Protocol):
    """Order cycles. The coordinator, the suppliers and the distributors have a part in one."""

    def opening_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that opened at or before *now* and have no `opened_at`, however long ago (CYC-14.9)."""

    def closing_due(self, now: datetime) -> Sequence[OrderCycle]:
        """Return the cycles that closed strictly before *now* and have no `closed_at`, however long ago (CYC-14.9)."""

    def unsettled(self) -> Sequence[OrderCycle]:
        """Return the cycles that have `opened_at` or `closed_at` and no `settled_at`: running, or not concluded yet."""

    def remove(self, key: OrderCycleId) -> None:
        """Delete one that no order, no proxy order and no schedule names.

        Raises:
            NotFoundError: there is none.
        """


class ScheduleRepository(Repository[ScheduleId, Schedule], Protocol):
    """Schedules."""

    def with_cycle(self, order_cycle: OrderCycleId) -> Sequence[Schedule]:
        """Return the schedules that hold *order_cycle*."""


class SubscriptionRepository(RecordsOfEnterprises[SubscriptionId, Subscription], Protocol):
    """Subscriptions. The shop has a part in one."""

    def of_schedules(self, schedules: Iterable[ScheduleId]) -> Sequence[Subscription]:
        """Return the subscriptions of any of *schedules*, whatever their state."""


class ProxyOrderRepository(Repository[ProxyOrderId, ProxyOrder], Protocol):
    """Proxy orders: at most one for each subscription and cycle, at most one for each order (SUB-17.1)."""

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[ProxyOrder]:
        """Return all of one cycle."""

    def of_subscription(self, subscription: SubscriptionId) -> Sequence[ProxyOrder]:
        """Return all of one subscription."""

    def of_subscriptions(self, subscriptions: Iterable[SubscriptionId]) -> Sequence[ProxyOrder]:
        """Return all of any of *subscriptions*, sorted by id, each once."""

    def remove(self, key: ProxyOrderId) -> None:
        """Delete one that has no order.

        Raises:
            NotFoundError: there is none.
        """


class OrderRepository(RecordsOfEnterprises[OrderId, Order], Protocol):
    """Orders. Codes are unique (ORD-K4). The distributor and the suppliers of the lines have a part in one."""

    def by_code(self, code: str) -> Order | None:
        """Return the order with this canonical code, or None."""

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[Order]:
        """Return all orders of a cycle, cancelled ones included."""

    def of_customers(self, customers: Iterable[CustomerId]) -> Sequence[Order]:
        """Return all orders of any of *customers*, cancelled ones included, sorted by key, each once."""

    def placed_by(self, actor: Actor) -> Sequence[Order]:
        """Return all orders that *actor* placed, for whomever, cancelled ones included."""


class PaymentRepository(Repository[PaymentId, Payment], Protocol):
    """Payments. A payment's id is unique, which is what makes a charge happen once."""

    def of_orders(self, orders: Iterable[OrderId]) -> Sequence[Payment]:
        """Return all payments of *orders*, in any state."""

    def open_claims(self) -> Sequence[Payment]:
        """Return the payments that are claimed or unknown: their outcome is still to be learnt."""


class StockLedger(Protocol):
    """Counted stock and its movements.

    `on_hand` of an item is its opening plus its movements, always (ORD-Q5). Two writers can never take the same unit:
    `move` checks and takes in one step (ORD-Q7).
    """

    def add(self, item: StockItem) -> None:
        """Begin to count an item.

        Raises:
            DuplicateError: it is counted already.
        """

    def items(self, variants: Iterable[VariantId], hub: EnterpriseId | None = None) -> Mapping[VariantId, StockItem]:
        """Return the counted items among *variants*: the producer's, or *hub*'s own; uncounted ones are absent."""

    def all_items(self) -> Sequence[StockItem]:
        """Return every item, sorted by variant and hub, the producer's first."""

    def move(self, movements: Sequence[StockMovement]) -> Sequence[StockItem]:
        """Enter all movements, or none.

        A movement whose id was entered before is passed over. One that takes more than there is, of an item that is
        not on demand, stops them all.

        Returns:
            The items that fell short, as they stand; empty if all was entered. An item that is not counted has
            nothing on hand.
        """

    def entered(self, keys: Iterable[MovementId]) -> Sequence[StockMovement]:
        """Return the movements of *keys* that were entered, sorted by id, each once."""

    def movements(self) -> Sequence[StockMovement]:
        """Return the whole ledger, sorted by id."""


class Outbox(Protocol):
    """Messages on their way out."""

    def add(self, message: Message) -> bool:
        """Put a message in; False and nothing done if its id is there already."""

    def due(self, now: datetime, limit: int) -> Sequence[Message]:
        """Return at most *limit* pending messages whose next try is not after *now*, oldest first."""

    def save(self, message: Message, *, seen_attempts: int) -> bool:
        """Record what became of a message that is pending and was tried *seen_attempts* times.

        False and nothing done if that is no longer so: somebody else dealt with it, and a message that was sent stays
        sent.

        Raises:
            NotFoundError: it was never put in.
        """

    def all(self) -> Sequence[Message]:
        """Return every message, sorted by id."""


class EventLog(Protocol):
    """Domain events, append-only."""

    def add(self, event: Event) -> bool:
        """Record an event; False and nothing done if its id is recorded already."""

    def find(self, key: EventId) -> Event | None:
        """Return the event, or None."""

    def all(self) -> Sequence[Event]:
        """Return every event, sorted by instant and id."""
