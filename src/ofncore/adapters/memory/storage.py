"""`MemoryStorage` and its units of work."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from ofncore.adapters.memory.logs import Logs, MemoryEventLog, MemoryOutbox, MemorySettings, MemoryStockLedger
from ofncore.adapters.memory.repositories import (
    Customers,
    Enterprises,
    Grants,
    Guard,
    Kind,
    MemoryRepository,
    OrderCycles,
    Orders,
    Payments,
    ProxyOrders,
    RecordsOfEnterprises,
    Schedules,
    Subscriptions,
    Variants,
    Vouchers,
    kind,
)
from ofncore.adapters.memory.tables import Journal
from ofncore.kernel.errors import StorageError
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    GrantId,
    OrderCycleId,
    OrderId,
    PaymentId,
    PaymentMethodId,
    ProductId,
    ProxyOrderId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    TaxCategoryId,
    TaxRateId,
    TaxZoneId,
    UserId,
    VariantId,
    VoucherId,
)
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee, TaxCategory, TaxRate, TaxZone
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.model.product import Product, Variant
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.user import User
from ofncore.model.voucher import Voucher
from ofncore.ports.unit_of_work import UnitOfWork


class _Tables:
    """Everything that is stored."""

    def __init__(self, journal: Journal) -> None:
        self.users: Final[Kind[UserId, User]] = kind(journal, "user")
        self.enterprises: Final[Kind[EnterpriseId, Enterprise]] = kind(
            journal, "enterprise", user=lambda enterprise: (enterprise.owner, *enterprise.managers)
        )
        self.grants: Final[Kind[GrantId, PermissionGrant]] = kind(
            journal, "grant", enterprise=lambda grant: (grant.grantor, grant.grantee)
        )
        self.customers: Final[Kind[CustomerId, Customer]] = kind(
            journal,
            "customer",
            enterprise=lambda customer: (customer.enterprise,),
            user=lambda customer: () if customer.user is None else (customer.user,),
        )
        self.tax_categories: Final[Kind[TaxCategoryId, TaxCategory]] = kind(journal, "tax category")
        self.tax_zones: Final[Kind[TaxZoneId, TaxZone]] = kind(journal, "tax zone")
        self.tax_rates: Final[Kind[TaxRateId, TaxRate]] = kind(journal, "tax rate")
        self.products: Final[Kind[ProductId, Product]] = kind(journal, "product")
        self.variants: Final[Kind[VariantId, Variant]] = kind(
            journal,
            "variant",
            enterprise=lambda variant: (variant.supplier,),
            product=lambda variant: (variant.product,),
        )
        self.fees: Final[Kind[FeeId, EnterpriseFee]] = kind(journal, "fee", enterprise=lambda fee: (fee.enterprise,))
        self.vouchers: Final[Kind[VoucherId, Voucher]] = kind(
            journal,
            "voucher",
            unique=("enterprise_and_code",),
            enterprise_and_code=lambda voucher: ((voucher.enterprise, voucher.code),),
        )
        self.shipping_methods: Final[Kind[ShippingMethodId, ShippingMethod]] = kind(
            journal, "shipping method", enterprise=lambda method: method.distributors
        )
        self.payment_methods: Final[Kind[PaymentMethodId, PaymentMethod]] = kind(
            journal, "payment method", enterprise=lambda method: method.distributors
        )
        self.order_cycles: Final[Kind[OrderCycleId, OrderCycle]] = kind(
            journal,
            "order cycle",
            versioned=True,
            enterprise=lambda cycle: (
                cycle.coordinator,
                *(each.supplier for each in cycle.incoming),
                *(each.distributor for each in cycle.outgoing),
            ),
            waiting_to_open=lambda cycle: (cycle.opened_at is None,),
            waiting_to_close=lambda cycle: (cycle.closed_at is None,),
            unsettled=lambda cycle: (cycle.settled_at is None and (cycle.opened_at or cycle.closed_at) is not None,),
        )
        self.schedules: Final[Kind[ScheduleId, Schedule]] = kind(
            journal, "schedule", order_cycle=lambda schedule: schedule.order_cycles
        )
        self.subscriptions: Final[Kind[SubscriptionId, Subscription]] = kind(
            journal,
            "subscription",
            versioned=True,
            enterprise=lambda subscription: (subscription.shop,),
            schedule=lambda subscription: (subscription.schedule,),
        )
        self.proxy_orders: Final[Kind[ProxyOrderId, ProxyOrder]] = kind(
            journal,
            "proxy order",
            versioned=True,
            unique=("order",),
            order=lambda proxy: () if proxy.order is None else (proxy.order,),
            order_cycle=lambda proxy: (proxy.order_cycle,),
            subscription=lambda proxy: (proxy.subscription,),
        )
        self.orders: Final[Kind[OrderId, Order]] = kind(
            journal,
            "order",
            versioned=True,
            unique=("code",),
            code=lambda order: (order.code,),
            customer=lambda order: (order.customer,),
            enterprise=lambda order: (order.distributor, *(line.supplier for line in order.lines)),
            order_cycle=lambda order: (order.order_cycle,),
            placed_by=lambda order: (order.placed_by,),
        )
        self.payments: Final[Kind[PaymentId, Payment]] = kind(
            journal,
            "payment",
            versioned=True,
            order=lambda payment: (payment.order,),
            state=lambda payment: (payment.state,),
        )


class _MemoryUnitOfWork:
    def __init__(self, tables: _Tables, logs: Logs, guard: Guard) -> None:
        self.users: Final = MemoryRepository(tables.users, guard)
        self.enterprises: Final = Enterprises(tables.enterprises, guard)
        self.grants: Final = Grants(tables.grants, guard)
        self.customers: Final = Customers(tables.customers, guard)
        self.tax_categories: Final = MemoryRepository(tables.tax_categories, guard)
        self.tax_zones: Final = MemoryRepository(tables.tax_zones, guard)
        self.tax_rates: Final = MemoryRepository(tables.tax_rates, guard)
        self.products: Final = MemoryRepository(tables.products, guard)
        self.variants: Final = Variants(tables.variants, guard)
        self.fees: Final = RecordsOfEnterprises(tables.fees, guard)
        self.vouchers: Final = Vouchers(tables.vouchers, guard)
        self.shipping_methods: Final = RecordsOfEnterprises(tables.shipping_methods, guard)
        self.payment_methods: Final = RecordsOfEnterprises(tables.payment_methods, guard)
        self.order_cycles: Final = OrderCycles(tables.order_cycles, guard)
        self.schedules: Final = Schedules(tables.schedules, guard)
        self.subscriptions: Final = Subscriptions(tables.subscriptions, guard)
        self.proxy_orders: Final = ProxyOrders(tables.proxy_orders, guard)
        self.orders: Final = Orders(tables.orders, guard)
        self.payments: Final = Payments(tables.payments, guard)
        self.stock: Final = MemoryStockLedger(logs, guard)
        self.outbox: Final = MemoryOutbox(logs, guard)
        self.events: Final = MemoryEventLog(logs, guard)
        self.settings: Final = MemorySettings(logs, guard)


class MemoryStorage:
    """A whole storage in memory; call it to begin a unit of work.

    Units of work run one after the other: another thread waits until the present one ends. Beginning one costs the same
    however much is stored. References between records are not checked.
    """

    def __init__(self) -> None:
        self._journal: Final = Journal()
        self._tables: Final = _Tables(self._journal)
        self._logs: Final = Logs(self._journal)
        self._lock: Final = threading.Lock()
        self._holder: int | None = None

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a unit of work.

        Raises:
            StorageError: on entering, if this thread is inside another unit of work of this storage.
        """
        return self._unit_of_work()

    @contextmanager
    def _unit_of_work(self) -> Iterator[UnitOfWork]:
        self._refuse_nesting()
        guard = Guard()
        with self._lock:
            self._holder = threading.get_ident()
            try:
                yield _MemoryUnitOfWork(self._tables, self._logs, guard)
            except BaseException:
                self._journal.take_back_all()
                raise
            else:
                self._journal.keep_all()
            finally:
                guard.end()
                self._holder = None

    def _refuse_nesting(self) -> None:
        # Only this thread can have stored its own number here, so no lock is needed to compare.
        if self._holder == threading.get_ident():
            message = "this thread is inside a unit of work already; leave it before beginning another"
            raise StorageError(message)
