"""Every value comes back as it went in."""

from operator import attrgetter
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.model.event import Event
from ofncore.model.message import Message, MessageState
from ofncore.model.order import Order
from ofncore.model.stock import StockItem, StockMovement
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing import strategies
from ofncore.testing.contracts.base import (
    EXAMPLES,
    KINDS,
    START,
    KindOfRecord,
    WorldContract,
    each_kind,
    taken_back,
)
from ofncore.testing.strategies import Fill

_mixed = settings(EXAMPLES, max_examples=15)
# With all optional fields there, or none, little is left to chance.
_extreme = settings(EXAMPLES, max_examples=4)

_ORDERS = st.lists(strategies.orders(world=START), max_size=6, unique_by=(attrgetter("id"), attrgetter("code")))


@st.composite
def _several_orders(draw: st.DrawFn) -> list[Order]:
    # Hypothesis may print what it draws from, and warns where that is a long text, as the one of `_ORDERS` is.
    return draw(_ORDERS)


_FILLED = {(kind.name, fill): getattr(strategies, kind.name)(world=START, fill=fill) for kind in KINDS for fill in Fill}


def _check_record(storage: UnitOfWorkFactory, kind: KindOfRecord, record: Any) -> None:  # noqa: ANN401 - any kind
    with taken_back(storage) as work:
        repository = kind.repository(work)
        stored = repository.add(record)
        found = repository.get(record.id)
        assert stored == found == kind.stored(record)
        assert hash(found) == hash(stored)


def _with_key_of(stored: Any, other: Any, *parts: str) -> Any:  # noqa: ANN401 - any record
    """Return *other* under the key of *stored*, and of its version."""
    keys = parts or (("id",) if hasattr(attrs.fields(type(stored)), "id") else ("subscription", "order_cycle"))
    versions = ("version",) if hasattr(stored, "version") else ()
    return attrs.evolve(other, **{name: getattr(stored, name) for name in (*keys, *versions)})


class RoundTripContract(WorldContract):
    """Values of every shape."""

    @each_kind
    @_mixed
    @given(data=st.data())
    def test_a_record_comes_back_as_it_was(
        self, world: UnitOfWorkFactory, kind: KindOfRecord, data: st.DataObject
    ) -> None:
        _check_record(world, kind, data.draw(_FILLED[kind.name, Fill.MIXED]))

    @each_kind
    @_extreme
    @given(data=st.data())
    def test_a_record_with_all_optional_fields_comes_back_as_it_was(
        self, world: UnitOfWorkFactory, kind: KindOfRecord, data: st.DataObject
    ) -> None:
        _check_record(world, kind, data.draw(_FILLED[kind.name, Fill.ALL]))

    @each_kind
    @_extreme
    @given(data=st.data())
    def test_a_record_without_optional_fields_comes_back_as_it_was(
        self, world: UnitOfWorkFactory, kind: KindOfRecord, data: st.DataObject
    ) -> None:
        _check_record(world, kind, data.draw(_FILLED[kind.name, Fill.NONE]))

    @each_kind
    @_mixed
    @given(data=st.data())
    def test_a_record_is_replaced_by_any_other(
        self, world: UnitOfWorkFactory, kind: KindOfRecord, data: st.DataObject
    ) -> None:
        first, other = (data.draw(_FILLED[kind.name, Fill.MIXED]) for _ in range(2))
        with taken_back(world) as work:
            repository = kind.repository(work)
            stored = repository.add(first)
            changed = repository.save(_with_key_of(stored, other))
            assert repository.get(stored.id) == changed

    @_mixed
    @given(item=strategies.stock_items(world=START))
    def test_a_stock_item_comes_back_as_it_was(self, storage: UnitOfWorkFactory, item: StockItem) -> None:
        with taken_back(storage) as work:
            work.stock.add(item)
            assert work.stock.items([item.variant], item.hub) == {item.variant: item}
            assert list(work.stock.all_items()) == [item]

    @_mixed
    @given(movement=strategies.stock_movements(world=START))
    def test_a_stock_movement_comes_back_as_it_was(self, world: UnitOfWorkFactory, movement: StockMovement) -> None:
        with taken_back(world) as work:
            if not work.stock.move([movement]):
                assert list(work.stock.movements()) == [movement]

    @_mixed
    @given(message=strategies.messages(), other=strategies.messages())
    def test_a_message_comes_back_as_it_was(self, world: UnitOfWorkFactory, message: Message, other: Message) -> None:
        with taken_back(world) as work:
            work.outbox.add(message)
            assert list(work.outbox.all()) == [message]
            saved = _with_key_of(message, other, "kind", "about", "recipient", "occasion")
            kept = work.outbox.save(saved, seen_attempts=message.attempts)
            assert kept is (message.state is MessageState.PENDING)
            assert list(work.outbox.all()) == [saved if kept else message]

    @settings(EXAMPLES, max_examples=60)
    @given(event=strategies.events())
    def test_an_event_comes_back_as_it_was(self, world: UnitOfWorkFactory, event: Event) -> None:
        with taken_back(world) as work:
            work.events.add(event)
            assert list(work.events.all()) == [event]

    @_mixed
    @given(name=strategies.texts(), text=strategies.texts(max_size=300))
    def test_a_setting_comes_back_as_it_was(self, world: UnitOfWorkFactory, name: str, text: str) -> None:
        with taken_back(world) as work:
            work.settings.put(name, text)
            assert work.settings.find(name) == text

    @settings(EXAMPLES, max_examples=10)
    @given(records=_several_orders())
    def test_the_lists_of_several_records_are_not_mixed_up(
        self, storage: UnitOfWorkFactory, records: list[Order]
    ) -> None:
        with taken_back(storage) as work:
            stored = {record.id: work.orders.add(record) for record in records}
            assert {each.id: each for each in work.orders.all()} == stored
