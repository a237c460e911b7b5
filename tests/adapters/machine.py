"""A machine that does the same things to two storages, and compares what comes of them."""

# ruff: noqa: ANN401 - a step is taken with records of every kind

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ofncore.kernel.errors import OfncoreError
from ofncore.model.message import MessageKind
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import strategies, worlds
from ofncore.testing.contracts.base import KINDS, START, DeliberateError, KindOfRecord
from ofncore.testing.contracts.units import everything

KIND = st.sampled_from(KINDS)
#: So few that records meet again.
NAME = st.sampled_from(["a", "b", "c"])
INSTANT = st.sampled_from([worlds.OPENS, worlds.NOW, worlds.CLOSES])
RECORDS = {kind.name: getattr(strategies, kind.name)(world=START) for kind in KINDS}


def _among_few(kind: KindOfRecord, record: Any, name: str) -> Any:
    """Return *record* with a key, and a code, that others have too."""
    few = {} if kind.name == "proxy_orders" else {"id": name}
    if kind.name == "orders":
        few["code"] = ("A", "B", "ORDER-1")[len(record.lines)]
    return attrs.evolve(record, **few)


def _in_place_of(stored: Any, record: Any, back: int) -> Any:
    """Return *record* under the key of *stored*, and of its version or one *back*."""
    names = [name for name in ("id", "subscription", "order_cycle") if name in attrs.asdict(stored, recurse=False)]
    keys = names[:1] if names[0] == "id" else names
    version = {"version": stored.version - back} if hasattr(stored, "version") else {}
    return attrs.evolve(record, **{name: getattr(stored, name) for name in keys}, **version)


def _message_among_few(message: Any, about: str, at: datetime, next_try_at: datetime | None) -> Any:
    return attrs.evolve(
        message,
        kind=MessageKind.REFUND,
        about=about,
        recipient="anna",
        occasion="",
        at=at,
        next_try_at=next_try_at,
    )


class StorageMachine(RuleBasedStateMachine):
    """Each step is taken in both storages; what they return or raise must be equal."""

    def __init__(self, one: UnitOfWorkFactory, other: UnitOfWorkFactory) -> None:
        super().__init__()
        self._storages = (one, other)
        self._units: tuple[AbstractContextManager[UnitOfWork], ...] = ()
        self._works: tuple[UnitOfWork, ...] = ()

    # ------------------------------------------------------------ units of work

    @initialize()
    def begin_with_a_world(self) -> None:
        self.both(lambda work: worlds.store(work, START))
        self.commit()

    def begin(self) -> None:
        self._units = tuple(storage() for storage in self._storages)
        self._works = tuple(unit.__enter__() for unit in self._units)

    @precondition(lambda self: self._units)
    @rule()
    def commit(self) -> None:
        self.compare_everything()
        self.leave(None)

    @precondition(lambda self: self._units)
    @rule()
    def roll_back(self) -> None:
        self.leave(DeliberateError())

    @rule()
    def compare_everything(self) -> None:
        self.both(everything)

    def leave(self, error: Exception | None) -> None:
        units, self._units = self._units, ()
        for unit in units:
            assert not unit.__exit__(None if error is None else type(error), error, None)

    def both(self, step: Callable[[UnitOfWork], object]) -> Any:
        if not self._units:
            self.begin()
        one, other = (_outcome(step, work) for work in self._works)
        assert one == other
        return one

    def teardown(self) -> None:
        if self._units:
            self.commit()

    # ------------------------------------------------------------ records

    @rule(kind=KIND, name=NAME, data=st.data())
    def add(self, kind: KindOfRecord, name: str, data: st.DataObject) -> None:
        record = _among_few(kind, data.draw(RECORDS[kind.name]), name)
        self.both(lambda work: kind.repository(work).add(record))

    @rule(kind=KIND, number=st.integers(0, 5), back=st.sampled_from([0, 0, 1]), data=st.data())
    def save(self, kind: KindOfRecord, number: int, back: int, data: st.DataObject) -> None:
        record = _among_few(kind, data.draw(RECORDS[kind.name]), "absent")

        def save(work: UnitOfWork) -> object:
            stored = kind.repository(work).all()
            known = _in_place_of(stored[number], record, back) if number < len(stored) else record
            return kind.repository(work).save(known)

        self.both(save)

    @rule(kind=KIND, names=st.lists(NAME | st.just("absent"), max_size=4))
    def find(self, kind: KindOfRecord, names: list[str]) -> None:
        self.both(lambda work: kind.repository(work).get_many(names))
        for name in names:
            self.both(partial(self._found, kind, name))

    @staticmethod
    def _found(kind: KindOfRecord, name: str, work: UnitOfWork) -> object:
        repository = kind.repository(work)
        return repository.find(name), repository.get(name)

    @rule(now=INSTANT, cycle=st.sampled_from(START.order_cycles), code=st.sampled_from(["A", "B", "ORDER-1"]))
    def look_around(self, now: datetime, cycle: Any, code: str) -> None:
        self.both(lambda work: (work.order_cycles.opening_due(now), work.order_cycles.closing_due(now)))
        self.both(lambda work: work.order_cycles.unsettled())
        self.both(lambda work: (work.schedules.with_cycle(cycle.id), work.orders.of_cycle(cycle.id)))
        self.both(lambda work: work.proxy_orders.of_cycle(cycle.id))
        self.both(lambda work: work.proxy_orders.of_subscription(START.subscriptions[0].id))
        self.both(lambda work: work.proxy_orders.of_subscriptions(each.id for each in work.subscriptions.all()))
        self.both(lambda work: work.subscriptions.of_schedules(each.id for each in work.schedules.all()))
        self.both(lambda work: work.payments.of_orders(each.id for each in work.orders.all()))
        self.both(lambda work: (work.orders.by_code(code), work.payments.open_claims()))

    @rule(cycle=st.sampled_from(START.order_cycles))
    def remove_proxy_order(self, cycle: Any) -> None:
        key = worlds.proxy_order("anna-weekly", cycle.id).id
        self.both(lambda work: work.proxy_orders.remove(key))

    # ------------------------------------------------------------ stock, messages, events, settings

    @rule(item=strategies.stock_items(world=START))
    def count(self, item: Any) -> None:
        self.both(lambda work: work.stock.add(item))

    @rule(movements=st.lists(st.tuples(strategies.stock_movements(world=START), st.sampled_from("abcdef")), max_size=4))
    def move(self, movements: list[tuple[Any, str]]) -> None:
        named = [attrs.evolve(movement, id=name) for movement, name in movements]
        self.both(lambda work: work.stock.move(named))
        self.both(lambda work: work.stock.items(each.variant for each in named))

    @rule(message=strategies.messages(), about=NAME, at=INSTANT, next_try_at=st.none() | INSTANT)
    def put_in(self, message: Any, about: str, at: datetime, next_try_at: datetime | None) -> None:
        known = _message_among_few(message, about, at, next_try_at)
        self.both(lambda work: work.outbox.add(known))

    @rule(
        message=strategies.messages(), about=NAME, at=INSTANT, next_try_at=st.none() | INSTANT, seen=st.integers(0, 2)
    )
    def record_try(self, message: Any, about: str, at: datetime, next_try_at: datetime | None, seen: int) -> None:
        known = _message_among_few(message, about, at, next_try_at)
        self.both(lambda work: work.outbox.save(known, seen_attempts=seen))

    @rule(now=INSTANT, limit=st.integers(0, 3))
    def look_into_outbox(self, now: datetime, limit: int) -> None:
        self.both(lambda work: work.outbox.due(now, limit))

    @rule(event=strategies.events(), occasion=NAME)
    def record_event(self, event: Any, occasion: str) -> None:
        self.both(lambda work: work.events.add(attrs.evolve(event, occasion=occasion)))

    @rule(name=NAME, text=strategies.texts())
    def put_setting(self, name: str, text: str) -> None:
        self.both(lambda work: work.settings.find(name))
        self.both(lambda work: work.settings.put(name, text))
        self.both(lambda work: work.settings.find(name))


def _outcome(step: Callable[[UnitOfWork], object], work: UnitOfWork) -> object:
    try:
        return _plain(step(work))
    except OfncoreError as error:
        return type(error), str(error)


def _plain(result: object) -> object:
    """Return *result* without the difference between a list and a tuple."""
    match result:
        case Mapping():
            return {key: _plain(value) for key, value in result.items()}
        case list() | tuple():
            return [_plain(each) for each in result]
        case _:
            return result
