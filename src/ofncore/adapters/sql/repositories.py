"""The repositories of `ofncore.ports.repositories`, on tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from ofncore.adapters.sql import kinds
from ofncore.adapters.sql.records import SqlRecordsOfEnterprises, SqlRepository
from ofncore.adapters.sql.schema import enterprise_managers, enterprises
from ofncore.adapters.sql.session import Session
from ofncore.kernel.actors import Actor
from ofncore.kernel.errors import NotFoundError, StaleWriteError
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


class Enterprises(SqlRepository[EnterpriseId, Enterprise]):
    """Enterprises."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.ENTERPRISES)

    def of_user(self, user: UserId) -> Sequence[Enterprise]:
        """Return the enterprises that *user* manages or owns."""
        return self._records.having((enterprises.c.owner, enterprise_managers.c.user), [user])


class Customers(SqlRecordsOfEnterprises[CustomerId, Customer]):
    """Customers."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.CUSTOMERS)

    def of_user(self, user: UserId) -> Sequence[Customer]:
        """Return the customers whose account is that of *user*."""
        return self._records.where(self._mapping.table.c.user == user)


class Variants(SqlRecordsOfEnterprises[VariantId, Variant]):
    """Variants."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.VARIANTS)

    def of_products(self, products: Iterable[ProductId]) -> Sequence[Variant]:
        """Return the variants of any of *products*."""
        return self._records.among(self._mapping.table.c.product, products)


class Vouchers(SqlRepository[VoucherId, Voucher]):
    """Vouchers."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.VOUCHERS)

    def by_code(self, enterprise: EnterpriseId, code: str) -> Voucher | None:
        """Return the voucher of *enterprise* with this *code*, or None."""
        columns = self._mapping.table.c
        return next(iter(self._records.where(columns.enterprise == enterprise, columns.code == code)), None)


class Grants(SqlRecordsOfEnterprises[GrantId, PermissionGrant]):
    """Grants between enterprises."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.GRANTS)

    def remove(self, key: GrantId) -> None:
        """Delete one, and by the foreign key its permissions."""
        if self._session.change(self._mapping.table.delete().where(self._mapping.key == key)) == 0:
            raise NotFoundError(self._mapping.name, key)


class OrderCycles(SqlRecordsOfEnterprises[OrderCycleId, OrderCycle]):
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


class Subscriptions(SqlRecordsOfEnterprises[SubscriptionId, Subscription]):
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


class Orders(SqlRecordsOfEnterprises[OrderId, Order]):
    """Orders."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, kinds.ORDERS)

    def by_code(self, code: str) -> Order | None:
        """Return the order with this canonical code, or None."""
        return next(iter(self._records.where(self._mapping.table.c.code == code)), None)

    def of_cycle(self, order_cycle: OrderCycleId) -> Sequence[Order]:
        """Return all orders of a cycle."""
        return self._records.where(self._mapping.table.c.order_cycle == order_cycle)

    def of_customers(self, customers: Iterable[CustomerId]) -> Sequence[Order]:
        """Return all orders of any of *customers*."""
        return self._records.among(self._mapping.table.c.customer, customers)

    def placed_by(self, actor: Actor) -> Sequence[Order]:
        """Return all orders that *actor* placed."""
        return self._records.where(self._mapping.table.c.placed_by == actor)


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
