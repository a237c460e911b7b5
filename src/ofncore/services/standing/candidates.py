"""Proxy orders whose place in a cycle is still empty."""

from collections.abc import Iterable

from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.subscriptions.placement import Candidate, in_turn


def load_candidates(unit: UnitOfWork, order_cycle: OrderCycleId) -> list[Candidate]:
    """Return the proxy orders of a cycle that nothing became of yet, with their subscriptions."""
    proxies = [each for each in unit.proxy_orders.of_cycle(order_cycle) if each.outcome is None]
    found = unit.subscriptions.get_many({each.subscription for each in proxies})
    subscriptions = {each.id: each for each in found}
    return [Candidate(proxy_order=each, subscription=subscriptions[each.subscription]) for each in proxies]


def shops_of(candidates: Iterable[Candidate]) -> list[EnterpriseId]:
    """Return the shops of those candidates that take orders."""
    return sorted({each.subscription.shop for each in in_turn(candidates)})
