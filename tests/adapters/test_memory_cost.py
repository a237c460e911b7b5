"""What a unit of work in memory costs: as much as it does, however much is stored."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.kernel.ids import OrderCycleId, OrderId, PaymentId, ProxyOrderId, SubscriptionId
from ofncore.model.message import MessageState
from ofncore.model.payment import PaymentState
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.testing import worlds
from ofncore.testing.contracts.base import taken_back


def calls_of(task: Callable[[], object]) -> int:
    """Return how many functions *task* calls."""
    calls = 0

    def note(_frame: FrameType, kind: str, _argument: object) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    sys.setprofile(note)
    try:
        task()
    finally:
        sys.setprofile(None)
    return calls


def filled(others: int) -> MemoryStorage:
    """Return a storage with one record of the kinds below, and with *others* that do not matter."""
    storage = MemoryStorage()
    with storage() as work:
        work.orders.add(worlds.order())
        work.proxy_orders.add(worlds.proxy_order())
        work.payments.add(worlds.payment())
        for number in range(others):
            name = f"other-{number}"
            work.orders.add(worlds.order(name, order_cycle="other"))
            work.proxy_orders.add(worlds.proxy_order(name, "other"))
            work.payments.add(worlds.payment(name, order=name, state=PaymentState.SETTLED))
            work.outbox.add(worlds.message(name, state=MessageState.SENT))
    return storage


TASKS: dict[str, Callable[[UnitOfWork], object]] = {
    "nothing": lambda _work: None,
    "add an order": lambda work: work.orders.add(worlds.order("new")),
    "find an order": lambda work: work.orders.get(OrderId("order-1")),
    "orders by code": lambda work: work.orders.by_code("ORDER-1"),
    "orders of a cycle": lambda work: work.orders.of_cycle(OrderCycleId("week-10")),
    "proxy orders of a cycle": lambda work: work.proxy_orders.of_cycle(OrderCycleId("week-10")),
    "proxy orders of a subscription": lambda work: work.proxy_orders.of_subscription(SubscriptionId("anna-weekly")),
    "proxy orders of subscriptions": lambda work: work.proxy_orders.of_subscriptions([SubscriptionId("anna-weekly")]),
    "remove a proxy order": lambda work: work.proxy_orders.remove(ProxyOrderId("anna-weekly/week-10")),
    "payments of orders": lambda work: work.payments.of_orders([OrderId("order-1")]),
    "save a payment": lambda work: work.payments.save(work.payments.get(PaymentId("payment-1"))),
    "open claims": lambda work: work.payments.open_claims(),
    "messages due": lambda work: work.outbox.due(worlds.NOW, 10),
}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
@pytest.mark.parametrize("ending", ["kept", "taken back"])
def test_the_cost_does_not_grow_with_what_is_stored(task: Callable[[UnitOfWork], object], ending: str) -> None:
    def run(storage: MemoryStorage) -> None:
        with storage() if ending == "kept" else taken_back(storage) as work:
            task(work)

    few, many = filled(1), filled(200)
    # Whatever is only computed once is computed here.
    run(filled(0))
    assert calls_of(lambda: run(few)) == calls_of(lambda: run(many))
