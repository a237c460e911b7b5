"""Storage on a database of its own, and inside a transaction of the host."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, Transaction, create_engine

from ofncore.adapters.sql import kinds
from ofncore.adapters.sql.logs import SqlEventLog, SqlOutbox, SqlSettings, SqlStockLedger
from ofncore.adapters.sql.records import SqlRecordsOfEnterprises, SqlRepository
from ofncore.adapters.sql.repositories import (
    Customers,
    Enterprises,
    Grants,
    OrderCycles,
    Orders,
    Payments,
    ProxyOrders,
    Schedules,
    Subscriptions,
    Variants,
    Vouchers,
)
from ofncore.adapters.sql.session import Session, translated_errors
from ofncore.adapters.sql.sqlite import begin_if_driver_has_not, prepare_engine
from ofncore.adapters.sql.versions import check_schema, check_version, create_schema
from ofncore.kernel.errors import StorageError
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
from ofncore.ports.unit_of_work import UnitOfWork


class _SqlUnitOfWork:
    def __init__(self, session: Session) -> None:
        self.users: Final = SqlRepository[UserId, User](session, kinds.USERS)
        self.enterprises: Final = Enterprises(session)
        self.grants: Final = Grants(session)
        self.customers: Final = Customers(session)
        self.tax_categories: Final = SqlRepository[TaxCategoryId, TaxCategory](session, kinds.TAX_CATEGORIES)
        self.tax_zones: Final = SqlRepository[TaxZoneId, TaxZone](session, kinds.TAX_ZONES)
        self.tax_rates: Final = SqlRepository[TaxRateId, TaxRate](session, kinds.TAX_RATES)
        self.products: Final = SqlRepository[ProductId, Product](session, kinds.PRODUCTS)
        self.variants: Final = Variants(session)
        self.fees: Final = SqlRecordsOfEnterprises[FeeId, EnterpriseFee](session, kinds.FEES)
        self.vouchers: Final = Vouchers(session)
        self.shipping_methods: Final = SqlRecordsOfEnterprises[ShippingMethodId, ShippingMethod](
            session, kinds.SHIPPING_METHODS
        )
        self.payment_methods: Final = SqlRecordsOfEnterprises[PaymentMethodId, PaymentMethod](
            session, kinds.PAYMENT_METHODS
        )
        self.order_cycles: Final = OrderCycles(session)
        self.schedules: Final = Schedules(session)
        self.subscriptions: Final = Subscriptions(session)
        self.proxy_orders: Final = ProxyOrders(session)
        self.orders: Final = Orders(session)
        self.payments: Final = Payments(session)
        self.stock: Final = SqlStockLedger(session)
        self.outbox: Final = SqlOutbox(session)
        self.events: Final = SqlEventLog(session)
        self.settings: Final = SqlSettings(session)


@contextmanager
def _unit_of_work(connection: Connection, begin: Callable[[], Transaction]) -> Iterator[UnitOfWork]:
    """Only the database's own errors are translated: what the caller raises inside passes as it is."""
    with translated_errors():
        transaction = begin()
    session = Session(connection)
    try:
        yield _SqlUnitOfWork(session)
        session.flush()
        with translated_errors():
            transaction.commit()
    except BaseException:
        transaction.rollback()
        raise
    finally:
        session.end()


class _Nesting:
    """Refuses a unit of work inside another one of the same thread."""

    def __init__(self) -> None:
        self._inside: Final = threading.local()

    @contextmanager
    def refused(self) -> Iterator[None]:
        if getattr(self._inside, "now", False):
            message = "this thread is inside a unit of work already; leave it before beginning another"
            raise StorageError(message)
        self._inside.now = True
        try:
            yield
        finally:
            self._inside.now = False


class SqlStorage:
    """Storage in a database that belongs to ofncore: SQLite in a file, or PostgreSQL. Call it to begin a unit of work.

    Each unit of work is one transaction on one connection of the pool. On SQLite they wait for each other from their
    beginning. On PostgreSQL they are serializable: one that cannot be as if alone raises `StaleWriteError`, at the
    latest on leaving it.

    An engine that is given belongs to the storage from then on: on SQLite its connections are set up for it.

        >>> storage = SqlStorage("sqlite:///shop.db")  # doctest: +SKIP
        >>> storage.create_schema()  # doctest: +SKIP
    """

    def __init__(self, database: Engine | str) -> None:
        with translated_errors():
            engine = create_engine(database) if isinstance(database, str) else database
        if engine.dialect.name == "sqlite":
            prepare_engine(engine)
            self._engine = engine
        elif engine.dialect.name == "postgresql":
            self._engine = engine.execution_options(isolation_level="SERIALIZABLE")
        else:
            message = f"ofncore keeps its records in SQLite or PostgreSQL, not in {engine.dialect.name}"
            raise StorageError(message)
        self._nesting: Final = _Nesting()
        self._is_checked = False

    def create_schema(self) -> None:
        """Create the tables, unless they are there.

        Raises:
            StorageError: there are tables of the same names that are not ofncore's, or ofncore's of another version.
        """
        with self._nesting.refused(), translated_errors(), self._engine.begin() as connection:
            create_schema(connection)

    def check_schema(self) -> None:
        """Make sure that the database has the tables of this version.

        Raises:
            MissingTablesError: it has none.
            StorageError: it has others, or those of another version.
        """
        with self._nesting.refused(), translated_errors(), self._engine.begin() as connection:
            check_schema(connection)

    def close(self) -> None:
        """Close all connections that are not in use. The storage opens new ones when it is used again."""
        self._engine.dispose()

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a unit of work.

        Raises:
            StorageError: on entering, if the database lacks the tables of this version, or if this thread is inside
                another unit of work of this storage.
            StaleWriteError: another one took too long, or must be as if before or after this one and cannot.
        """
        return self._unit_of_work()

    @contextmanager
    def _unit_of_work(self) -> Iterator[UnitOfWork]:
        with self._nesting.refused(), self._connected() as connection:
            with translated_errors():
                self._check_once(connection)
            with _unit_of_work(connection, connection.begin) as work:
                yield work

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with translated_errors():
            connection = self._engine.connect()
        try:
            yield connection
        finally:
            connection.close()

    def _check_once(self, connection: Connection) -> None:
        if not self._is_checked:
            with connection.begin():
                check_version(connection)
            self._is_checked = True


class HostTransaction:
    """Storage inside a transaction of the host, on its *connection*; call it to begin a unit of work.

    Leaving a unit of work releases a savepoint, or rolls back to it. The host commits; only then do others see what was
    written, and are references checked. The host also answers for what it set on the connection: on SQLite ``PRAGMA
    foreign_keys`` and the beginning of the transaction before its first read, on PostgreSQL the isolation level.

    A connection belongs to one thread at a time, and so does this.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection
        self._nesting: Final = _Nesting()
        self._is_checked = False

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a unit of work.

        Raises:
            StorageError: on entering, if the database lacks the tables of this version, or if this thread is inside
                another unit of work of this storage.
        """
        return self._unit_of_work()

    @contextmanager
    def _unit_of_work(self) -> Iterator[UnitOfWork]:
        with self._nesting.refused():
            with translated_errors():
                self._prepare()
            with _unit_of_work(self._connection, self._connection.begin_nested) as work:
                yield work

    def _prepare(self) -> None:
        if self._connection.dialect.name == "sqlite":
            begin_if_driver_has_not(self._connection)
        if not self._is_checked:
            check_version(self._connection)
            self._is_checked = True
