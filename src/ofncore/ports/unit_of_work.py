"""The unit of work: everything that happens together, or not at all."""

from contextlib import AbstractContextManager
from typing import Protocol

from ofncore.kernel.ids import (
    FeeId,
    PaymentMethodId,
    ProductId,
    ShippingMethodId,
    TaxCategoryId,
    TaxRateId,
    TaxZoneId,
    UserId,
)
from ofncore.model.fee import EnterpriseFee, TaxCategory, TaxRate, TaxZone
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.product import Product
from ofncore.model.user import User
from ofncore.ports.repositories import (
    CustomerRepository,
    EnterpriseRepository,
    EventLog,
    GrantRepository,
    OrderCycleRepository,
    OrderRepository,
    Outbox,
    PaymentRepository,
    ProxyOrderRepository,
    RecordsOfEnterprises,
    Repository,
    ScheduleRepository,
    StockLedger,
    SubscriptionRepository,
    VariantRepository,
    VoucherRepository,
)


class UnitOfWork(Protocol):
    """The repositories of one transaction.

    Units of work are as if one ran after the other: what one has read, no other changes before it ends; an adapter
    that cannot wait raises `StaleWriteError`, and the service begins again.
    """

    @property
    def users(self) -> Repository[UserId, User]:
        """People with an account."""

    @property
    def enterprises(self) -> EnterpriseRepository:
        """Farms, shops, groups, hubs."""

    @property
    def grants(self) -> GrantRepository:
        """What enterprises allow each other."""

    @property
    def customers(self) -> CustomerRepository:
        """Buyers, as each enterprise knows them."""

    @property
    def tax_categories(self) -> Repository[TaxCategoryId, TaxCategory]:
        """Classes of goods for tax."""

    @property
    def tax_zones(self) -> Repository[TaxZoneId, TaxZone]:
        """Places with the same tax rates."""

    @property
    def tax_rates(self) -> Repository[TaxRateId, TaxRate]:
        """Taxes on those classes."""

    @property
    def products(self) -> Repository[ProductId, Product]:
        """What variants have in common."""

    @property
    def variants(self) -> VariantRepository:
        """What is sold."""

    @property
    def fees(self) -> RecordsOfEnterprises[FeeId, EnterpriseFee]:
        """Enterprise fees."""

    @property
    def vouchers(self) -> VoucherRepository:
        """What customers may take off an order."""

    @property
    def shipping_methods(self) -> RecordsOfEnterprises[ShippingMethodId, ShippingMethod]:
        """Ways for goods to reach customers."""

    @property
    def payment_methods(self) -> RecordsOfEnterprises[PaymentMethodId, PaymentMethod]:
        """Ways to pay."""

    @property
    def order_cycles(self) -> OrderCycleRepository:
        """Order cycles and their exchanges."""

    @property
    def schedules(self) -> ScheduleRepository:
        """Sets of cycles for subscriptions."""

    @property
    def subscriptions(self) -> SubscriptionRepository:
        """Standing orders."""

    @property
    def proxy_orders(self) -> ProxyOrderRepository:
        """The place of each subscription in each cycle."""

    @property
    def orders(self) -> OrderRepository:
        """Orders, with their lines and charges."""

    @property
    def payments(self) -> PaymentRepository:
        """Money that moved, or is about to."""

    @property
    def stock(self) -> StockLedger:
        """Counted stock and its ledger."""

    @property
    def outbox(self) -> Outbox:
        """Messages on their way out."""

    @property
    def events(self) -> EventLog:
        """What became true."""

    @property
    def settings(self) -> "Settings":
        """A few texts of the installation."""


class Settings(Protocol):
    """A few texts of the installation, by name."""

    def find(self, name: str) -> str | None:
        """Return the text, or None."""

    def put(self, name: str, text: str) -> None:
        """Store the text, in place of an earlier one."""


class UnitOfWorkFactory(Protocol):
    """Begins units of work.

    Called once for each. Leaving the context without an exception keeps everything written in it; leaving it with one
    keeps nothing and lets the exception through. Where the host owns the transaction, leaving the context releases a
    savepoint and the host decides (the library never commits what it does not own).
    """

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Begin one."""
