"""How many statements the SQL adapter needs: that of records does not count, that of tables does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from ofncore.adapters.sql import SqlStorage
from ofncore.adapters.sql.session import CHUNK
from ofncore.kernel.ids import OrderCycleId
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.testing import worlds
from ofncore.testing.contracts.base import START

WEEK_11 = OrderCycleId("week-11")
#: Tables of an order and its lists.
TABLES = 11


@pytest.fixture
def engine(engines: Callable[[], Engine]) -> Engine:
    return engines()


@pytest.fixture
def storage(engine: Engine) -> SqlStorage:
    storage = SqlStorage(engine)
    with storage() as work:
        worlds.store(work, START)
    return storage


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def add_orders(work: UnitOfWork, count: int) -> None:
    lines = tuple(worlds.order_line(variant) for variant in ("carrots", "cheese", "eggs"))
    for number in range(count):
        work.orders.add(worlds.order(f"of-{count}-{number}", order_cycle="week-11", lines=lines))


@pytest.mark.parametrize("count", [1, 20, CHUNK])
def test_orders_are_loaded_by_one_query_for_each_table(engine: Engine, storage: SqlStorage, count: int) -> None:
    with storage() as work:
        add_orders(work, count)
    with storage() as work, counted(engine) as statements:
        assert len(work.orders.of_cycle(WEEK_11)) == count
    assert len([each for each in statements if each.startswith("SELECT")]) == TABLES


def test_more_than_a_chunk_takes_another_query_for_each_list(engine: Engine, storage: SqlStorage) -> None:
    with storage() as work:
        add_orders(work, CHUNK + 1)
    with storage() as work, counted(engine) as statements:
        assert len(work.orders.of_cycle(WEEK_11)) == CHUNK + 1
    assert len([each for each in statements if each.startswith("SELECT")]) == 1 + 2 * (TABLES - 1)


def test_lines_of_many_orders_are_written_together(engine: Engine, storage: SqlStorage) -> None:
    with counted(engine) as statements, storage() as work:
        add_orders(work, 30)
    assert len([each for each in statements if "INTO ofncore_order_lines " in each]) == 1
    assert len([each for each in statements if "INTO ofncore_orders " in each]) == 30


def test_a_reader_sees_lines_that_wait_to_be_written(storage: SqlStorage) -> None:
    with storage() as work:
        add_orders(work, 2)
        assert [len(each.lines) for each in work.orders.of_cycle(WEEK_11)] == [3, 3]


def test_stock_is_taken_by_one_statement_that_also_checks(engine: Engine, storage: SqlStorage) -> None:
    """Nobody can come between looking and taking (ORD-Q7)."""
    with storage() as work, counted(engine) as statements:
        assert work.stock.move([worlds.movement("a"), worlds.movement("b")]) == []
    touching = [each for each in statements if "ofncore_stock_items" in each]
    assert len(touching) == 1
    assert "on_demand OR" in touching[0].replace(" = 1", "")
