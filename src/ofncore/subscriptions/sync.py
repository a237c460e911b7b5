"""Which proxy orders a subscription has: one for each cycle of its schedule that it reaches.

Source:
    SUB-9, SUB-18 d7, d8, d10.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import ProxyOrder, Subscription
from ofncore.subscriptions.status import is_in_range


@attrs.frozen(kw_only=True)
class SyncPlan:
    """Proxy orders to create and to remove."""

    create: tuple[ProxyOrder, ...]
    remove: tuple[ProxyOrder, ...]


def plan_sync(
    subscription: Subscription,
    cycles: Iterable[OrderCycle],
    proxy_orders: Iterable[ProxyOrder],
    now: datetime,
) -> SyncPlan:
    """Decide the proxy orders of *subscription*.

    *cycles* are those of its schedule, *proxy_orders* all it has. A cancelled subscription gets no new ones; a proxy
    order that was cancelled is not made anew. One that has an order or an outcome is never removed, nor is one of a
    cycle that the subscription reaches; all others are.
    """
    reached = {cycle.id: cycle for cycle in cycles if is_in_range(subscription, cycle)}
    existing = {proxy.order_cycle: proxy for proxy in proxy_orders}
    wanted = () if subscription.cancelled_at is not None else reached.values()
    create = tuple(
        ProxyOrder(subscription=subscription.id, order_cycle=cycle.id)
        for cycle in sorted(wanted, key=lambda each: each.id)
        if cycle.id not in existing and not _has_closed(cycle, now)
    )
    remove = tuple(
        proxy for _, proxy in sorted(existing.items()) if proxy.order_cycle not in reached and _is_untouched(proxy)
    )
    return SyncPlan(create=create, remove=remove)


def _has_closed(cycle: OrderCycle, now: datetime) -> bool:
    return cycle.orders_close_at is not None and cycle.orders_close_at < now


def _is_untouched(proxy: ProxyOrder) -> bool:
    return proxy.order is None and proxy.outcome is None
