"""The tables: made once, of one version, and as strict as the values they keep."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Float,
    Numeric,
    Select,
    StaticPool,
    TypeDecorator,
    create_engine,
    create_mock_engine,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import ExecutableDDLElement

from ofncore.adapters.sql import SCHEMA_VERSION, SqlStorage, check_schema, create_schema, kinds, metadata, schema
from ofncore.adapters.sql.mapping import RecordMapping, key_columns
from ofncore.kernel.actors import ENGINE
from ofncore.kernel.errors import StorageError
from ofncore.testing import worlds
from ofncore.testing.contracts.base import KINDS, START

MAPPINGS = [each for each in vars(kinds).values() if isinstance(each, RecordMapping)]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return the path of a database that is not there yet."""
    return tmp_path / "empty.db"


def tables_in(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


# ---------------------------------------------------------------- creating and checking


def test_the_tables_are_created_once(empty: Path) -> None:
    storage = SqlStorage(f"sqlite:///{empty}")
    storage.create_schema()
    with storage() as work:
        worlds.store(work, START)
    storage.create_schema()
    storage.check_schema()
    with storage() as work:
        assert len(work.users.all()) == len(START.users)


def test_all_tables_carry_the_name_of_the_library(empty: Path) -> None:
    SqlStorage(f"sqlite:///{empty}").create_schema()
    assert tables_in(empty) == set(metadata.tables)
    assert all(name.startswith("ofncore_") for name in metadata.tables)


@pytest.mark.parametrize(
    "use", [SqlStorage.check_schema, lambda storage: storage().__enter__()], ids=["check", "begin"]
)
def test_a_database_without_tables_is_refused(use: Callable[[SqlStorage], object], empty: Path) -> None:
    with pytest.raises(StorageError, match=r"call create_schema\(\)"):
        use(SqlStorage(f"sqlite:///{empty}"))


@pytest.mark.parametrize(
    "use",
    [SqlStorage.check_schema, SqlStorage.create_schema, lambda storage: storage().__enter__()],
    ids=["check", "create", "begin"],
)
def test_a_database_of_another_version_is_refused(use: Callable[[SqlStorage], object], database: Path) -> None:
    run(database, "UPDATE ofncore_meta SET text = '0' WHERE name = 'schema_version'")
    with pytest.raises(StorageError, match=f"of version 0, but this library needs version {SCHEMA_VERSION}"):
        use(SqlStorage(f"sqlite:///{database}"))


def test_foreign_tables_of_the_same_names_are_left_alone(empty: Path) -> None:
    run(empty, "CREATE TABLE ofncore_orders (number INTEGER)")
    with pytest.raises(StorageError, match="tables that are not ofncore's but have its names: ofncore_orders"):
        SqlStorage(f"sqlite:///{empty}").create_schema()
    assert tables_in(empty) == {"ofncore_orders"}


@pytest.mark.parametrize("use", [SqlStorage.check_schema, SqlStorage.create_schema], ids=["check", "create"])
def test_a_foreign_table_beside_ours_is_found(use: Callable[[SqlStorage], None], database: Path) -> None:
    run(database, "DROP TABLE ofncore_events", "CREATE TABLE ofncore_events (number INTEGER)")
    with pytest.raises(StorageError, match="ofncore_events is not ofncore's: it lacks the columns at, id"):
        use(SqlStorage(f"sqlite:///{database}"))


def test_a_foreign_table_in_place_of_the_version_is_found(empty: Path) -> None:
    run(empty, "CREATE TABLE ofncore_meta (number INTEGER)")
    with pytest.raises(StorageError, match="ofncore_meta is not ofncore's"):
        SqlStorage(f"sqlite:///{empty}").create_schema()


def test_a_missing_table_is_found(database: Path) -> None:
    run(database, "DROP TABLE ofncore_events")
    with pytest.raises(StorageError, match="lacks the tables ofncore_events"):
        SqlStorage(f"sqlite:///{database}").check_schema()


def test_a_host_creates_and_checks_the_tables_in_its_own_transaction(empty: Path) -> None:
    engine = create_engine(f"sqlite:///{empty}")
    with engine.begin() as connection:
        create_schema(connection)
        check_schema(connection)
    assert tables_in(empty) == set(metadata.tables)


def test_a_database_in_memory_is_refused() -> None:
    for database in ("sqlite://", create_engine("sqlite://", poolclass=StaticPool)):
        with pytest.raises(StorageError, match="in memory"):
            SqlStorage(database)


def test_a_file_that_is_no_database_is_refused(empty: Path) -> None:
    empty.write_text("This is a letter, not a database. " * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="not a database"):
        SqlStorage(f"sqlite:///{empty}").create_schema()


def test_tables_that_are_gone_are_an_error_of_storage(database: Path) -> None:
    storage = SqlStorage(f"sqlite:///{database}")
    with storage() as work:
        assert list(work.events.all()) == []
    run(database, "DROP TABLE ofncore_events")
    with storage() as work, pytest.raises(StorageError, match="no such table"):
        work.events.all()


# ---------------------------------------------------------------- the promises of the tables


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda mapping: mapping.name)
def test_every_column_keeps_a_field(mapping: RecordMapping[object]) -> None:
    records = {
        "stock item": worlds.stock_item(),
        "stock movement": worlds.movement(),
        "message": worlds.message(),
    }
    parts = {kind.word: kind.new() for kind in KINDS}
    record = (records | parts)[mapping.name]
    assert set(mapping.row(record)) == set(mapping.table.c.keys())
    assert len({mapping.table, *mapping.list_tables}) == 1 + len(mapping.list_tables)


def test_every_table_is_used() -> None:
    used = {table for mapping in MAPPINGS for table in (mapping.table, *mapping.list_tables)}
    assert set(metadata.tables.values()) - used == {schema.meta, schema.settings, schema.events}


def test_the_keys_of_a_list_begin_with_those_of_its_owner() -> None:
    for mapping in MAPPINGS:
        for table in mapping.list_tables:
            columns = key_columns(table)
            assert list(table.c.keys())[: len(columns)] == list(columns)
            assert columns[-1] == "position"


def test_no_column_is_a_float_or_forgets_a_zone() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
            assert not isinstance(kind, Numeric | Float), column
            assert not isinstance(kind, DateTime) or kind.timezone, column
            assert not isinstance(column.type, DateTime), column


COPIED_ORDER = ", ".join("'again'" if column.name == "id" else column.name for column in schema.orders.columns)
COPIED_ITEM = ", ".join("'again'" if column.name == "id" else column.name for column in schema.stock_items.columns)
PROXY = "INSERT INTO ofncore_proxy_orders (id, subscription_id, order_cycle_id, order_id, version) VALUES "
REFUSED = [
    "INSERT INTO ofncore_customer_tags VALUES ('nobody', 0, 'bread')",
    "INSERT INTO ofncore_customer_tags VALUES ('anna', -1, 'bread')",
    "UPDATE ofncore_orders SET state = 'lost'",
    "UPDATE ofncore_orders SET customer_id = 'nobody'",
    "UPDATE ofncore_orders SET version = 0",
    "UPDATE ofncore_orders SET code = NULL",
    "UPDATE ofncore_order_lines SET price_currency = 'EURO'",
    "UPDATE ofncore_order_lines SET quantity = -1",
    "UPDATE ofncore_order_cycles SET orders_close_at = orders_open_at",
    "UPDATE ofncore_payments SET purpose = 'theft'",
    "UPDATE ofncore_fees SET inherits_tax_category = 1, tax_category_id = 'food'",
    f"INSERT INTO ofncore_orders SELECT {COPIED_ORDER} FROM ofncore_orders",  # noqa: S608 - names of columns
    f"INSERT INTO ofncore_stock_items SELECT {COPIED_ITEM} FROM ofncore_stock_items",  # noqa: S608 - the same
    PROXY + "('a', 'anna-weekly', 'week-10', NULL, 1), ('b', 'anna-weekly', 'week-10', NULL, 1)",
    PROXY + "('a', 'anna-weekly', 'week-10', 'order-1', 1), ('b', 'anna-weekly', 'week-11', 'order-1', 1)",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_itself_refuses_what_no_value_is(statement: str, engines: Callable[[], Engine]) -> None:
    """Also from hands that do not use the library."""
    engine = engines()
    with SqlStorage(engine)() as work:
        worlds.store(work, START)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


FINDERS = {
    "orders of a cycle": select(schema.orders).where(schema.orders.c.order_cycle == "week-10"),
    "orders by code": select(schema.orders).where(schema.orders.c.code == "A"),
    "lines of orders": select(schema.order_lines).where(schema.order_lines.c.order_id.in_(["a", "b"])),
    "taxes of fees of lines": select(schema.order_line_fee_taxes).where(
        schema.order_line_fee_taxes.c.order_id.in_(["a", "b"])
    ),
    "proxy orders of a cycle": select(schema.proxy_orders).where(schema.proxy_orders.c.order_cycle == "week-10"),
    "proxy orders of a subscription": select(schema.proxy_orders).where(schema.proxy_orders.c.subscription == "a"),
    "payments of orders": select(schema.payments).where(schema.payments.c.order.in_(["a", "b"])),
    "a voucher by its code": select(schema.vouchers).where(
        schema.vouchers.c.enterprise == "hub", schema.vouchers.c.code == "WELCOME"
    ),
    "open claims": select(schema.payments).where(schema.payments.c.state.in_(["claimed", "unknown"])),
    "schedules with a cycle": select(schema.schedule_order_cycles).where(
        schema.schedule_order_cycles.c.order_cycle == "week-10"
    ),
    "subscriptions of schedules": select(schema.subscriptions).where(schema.subscriptions.c.schedule.in_(["a"])),
    "enterprises of an owner": select(schema.enterprises).where(schema.enterprises.c.owner == "paul"),
    "enterprises of a manager": select(schema.enterprise_managers).where(schema.enterprise_managers.c.user == "paul"),
    "customers of an account": select(schema.customers).where(schema.customers.c.user == "paul"),
    "variants of products": select(schema.variants).where(schema.variants.c.product.in_(["a", "b"])),
    "orders of customers": select(schema.orders).where(schema.orders.c.customer.in_(["a", "b"])),
    "orders placed by somebody": select(schema.orders).where(schema.orders.c.placed_by == ENGINE),
    "cycles to open": select(schema.order_cycles).where(
        schema.order_cycles.c.opened_at.is_(None), schema.order_cycles.c.orders_open_at <= worlds.NOW
    ),
    "cycles to close": select(schema.order_cycles).where(
        schema.order_cycles.c.closed_at.is_(None), schema.order_cycles.c.orders_close_at < worlds.NOW
    ),
    "unsettled cycles": select(schema.order_cycles)
    .where(schema.order_cycles.c.settled_at.is_(None), schema.order_cycles.c.opened_at.is_not(None))
    .order_by(schema.order_cycles.c.id),
    "stock items": select(schema.stock_items).where(schema.stock_items.c.id.in_(["a", "b"])),
    "messages due": select(schema.messages)
    .where(schema.messages.c.state == "pending")
    .order_by(schema.messages.c.at, schema.messages.c.id),
    "events": select(schema.events).order_by(schema.events.c.at, schema.events.c.id),
}


PARTS = {
    f"{mapping.name} by {column.table.name}.{column.name}": select(column).where(column.in_(["a", "b"]))
    for mapping in MAPPINGS
    for column in mapping.enterprises
}


@pytest.mark.parametrize("query", [*FINDERS.values(), *PARTS.values()], ids=[*FINDERS, *PARTS])
def test_a_finder_has_its_index(query: Select[Any], engines: Callable[[], Engine]) -> None:
    """The database neither reads a whole table nor sorts what an index has in order."""
    with engines().begin() as connection:
        plan = _plan(connection, query)
    assert "SEARCH" in plan or "USING INDEX" in plan
    assert "TEMP B-TREE" not in plan


def _plan(connection: Connection, query: Select[Any]) -> str:
    compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
    return " / ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))


def test_the_same_tables_are_made_on_postgresql() -> None:
    statements: list[str] = []

    def note(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(engine)))

    engine = create_mock_engine("postgresql+psycopg://", note)
    metadata.create_all(engine, checkfirst=False)
    script = "\n".join(statements)
    assert script.count("CREATE TABLE") == len(metadata.tables)
    assert 'id TEXT COLLATE "C" NOT NULL' in script
    assert "placed_at TIMESTAMP WITH TIME ZONE NOT NULL" in script
    assert "WHERE hub_id IS NULL" in script


def test_connections_to_sqlite_keep_the_promises(database: Path) -> None:
    """A commit survives a loss of power (synchronous 2 is FULL), references hold, a writer waits."""
    engine = create_engine(f"sqlite:///{database}")
    SqlStorage(engine)
    with engine.begin() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert connection.connection.driver_connection.in_transaction  # type: ignore[union-attr]
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_connections_made_before_are_made_anew(database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect():
        pass
    SqlStorage(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_nothing_can_be_created_or_checked_inside_a_unit_of_work(engines: Callable[[], Engine]) -> None:
    """It would wait for itself."""
    storage = SqlStorage(engines())
    with storage():
        with pytest.raises(StorageError, match="inside a unit of work"):
            storage.check_schema()
        with pytest.raises(StorageError, match="inside a unit of work"):
            storage.create_schema()


def test_every_table_of_a_list_goes_with_its_owner() -> None:
    owned = {table for mapping in MAPPINGS for table in mapping.list_tables}
    for table in owned:
        owners = [key for key in table.foreign_key_constraints if key.ondelete == "CASCADE"]
        assert len(owners) == 1
        assert [column.key for column in owners[0].columns] == list(key_columns(table))[:-1]
