"""Inside a transaction of the host, ofncore uses savepoints; the host alone commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from ofncore.adapters.sql import HostTransaction, SqlStorage
from ofncore.kernel.errors import StorageError
from ofncore.kernel.ids import UserId
from ofncore.testing import worlds
from ofncore.testing.contracts.base import DeliberateError, taken_back

NORA = UserId("nora")


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    """Return an engine as a host has it that knows nothing of ofncore."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE diary (entry TEXT)"))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def committed(database: Path) -> tuple[list[str], list[str]]:
    """Return the users and the diary as others see them."""
    with closing(sqlite3.connect(database)) as other:
        users = [row[0] for row in other.execute("SELECT id FROM ofncore_users")]
        return users, [row[0] for row in other.execute("SELECT entry FROM diary")]


def write(connection: Connection, entry: str) -> None:
    connection.execute(text("INSERT INTO diary VALUES (:entry)"), {"entry": entry})


def test_nothing_is_committed_but_by_the_host(connection: Connection, database: Path) -> None:
    with HostTransaction(connection)() as work:
        work.users.add(worlds.user(NORA))
    assert committed(database) == ([], [])
    connection.commit()
    assert committed(database) == ([NORA], [])


def test_the_host_takes_back_what_ofncore_kept(connection: Connection, database: Path) -> None:
    with HostTransaction(connection)() as work:
        work.users.add(worlds.user(NORA))
    connection.rollback()
    with HostTransaction(connection)() as work:
        assert work.users.find(NORA) is None
    connection.commit()
    assert committed(database) == ([], [])


def test_work_of_the_host_stays_when_that_of_ofncore_is_taken_back(connection: Connection, database: Path) -> None:
    storage = HostTransaction(connection)
    write(connection, "before")
    with taken_back(storage) as work:
        work.users.add(worlds.user(NORA))
        write(connection, "inside")
    write(connection, "after")
    connection.commit()
    assert committed(database) == ([], ["before", "after"])


def test_work_of_both_is_committed_together(connection: Connection, database: Path) -> None:
    write(connection, "before")
    with HostTransaction(connection)() as work:
        work.users.add(worlds.user(NORA))
    write(connection, "after")
    assert committed(database) == ([], [])
    connection.commit()
    assert committed(database) == ([NORA], ["before", "after"])


def test_several_units_of_work_fit_into_one_transaction(connection: Connection, database: Path) -> None:
    storage = HostTransaction(connection)
    with storage() as work:
        work.users.add(worlds.user(NORA))
    with taken_back(storage) as work:
        work.users.add(worlds.user("ghost"))
    with storage() as work:
        assert [each.id for each in work.users.all()] == [NORA]
    connection.commit()
    assert committed(database) == ([NORA], [])


def test_the_host_may_have_a_savepoint_around_it(connection: Connection, database: Path) -> None:
    write(connection, "before")
    outer = connection.begin_nested()
    with HostTransaction(connection)() as work:
        work.users.add(worlds.user(NORA))
    outer.rollback()
    connection.commit()
    assert committed(database) == ([], ["before"])


def test_ofncore_gives_no_command_of_the_host(engine: Engine) -> None:
    commands: list[str] = []
    for name in ("commit", "rollback"):
        event.listen(engine, name, lambda _connection, name=name: commands.append(name))
    with engine.connect() as connection:
        storage = HostTransaction(connection)
        with storage() as work:
            work.users.add(worlds.user(NORA))
        with taken_back(storage) as work:
            work.users.add(worlds.user("ghost"))
        assert commands == []


def test_a_transaction_that_the_driver_would_begin_late_is_begun(connection: Connection) -> None:
    """Otherwise releasing the first savepoint would commit it."""
    with HostTransaction(connection)():
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        assert driver.in_transaction
    assert driver.in_transaction


def test_a_host_may_use_the_hooks_of_ofncore(engines: Callable[[], Engine], database: Path) -> None:
    engine = engines()
    SqlStorage(engine)
    with engine.connect() as connection:
        with HostTransaction(connection)() as work:
            work.users.add(worlds.user(NORA))
        connection.commit()
        with connection.begin(), HostTransaction(connection)() as work:
            work.users.add(worlds.user("zoe"))
    with closing(sqlite3.connect(database)) as other:
        assert other.execute("SELECT id FROM ofncore_users").fetchall() == [(NORA,), ("zoe",)]


def test_a_reference_to_nothing_is_found_when_the_host_commits(database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = ON"))
    with engine.connect() as connection:
        with HostTransaction(connection)() as work:
            work.customers.add(worlds.customer("anna", enterprise="nowhere"))
        with pytest.raises(IntegrityError):
            connection.commit()
    engine.dispose()


def test_lists_are_replaced_also_where_the_host_checks_no_references(connection: Connection) -> None:
    with HostTransaction(connection)() as work:
        stored = work.orders.add(worlds.order(lines=(worlds.order_line("eggs"), worlds.order_line("cheese"))))
        emptied = work.orders.save(worlds.order(lines=(), version=stored.version))
        assert work.orders.get(stored.id) == emptied


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with engine.connect() as connection, pytest.raises(StorageError, match=r"create_schema\(\)"):
        HostTransaction(connection)().__enter__()
    engine.dispose()


def test_an_exception_leaves_the_transaction_of_the_host_open(connection: Connection, database: Path) -> None:
    write(connection, "before")
    with pytest.raises(DeliberateError), HostTransaction(connection)():
        raise DeliberateError
    assert connection.in_transaction()
    connection.commit()
    assert committed(database) == ([], ["before"])
