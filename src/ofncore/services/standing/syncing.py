"""Keeping proxy orders in step with schedules."""

from collections.abc import Iterable
from datetime import datetime

from ofncore.kernel.ids import OrderCycleId, SubscriptionId
from ofncore.model.subscription import ProxyOrder, Schedule
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.subscriptions.sync import plan_sync


def sync(unit: UnitOfWork, now: datetime, order_cycle: OrderCycleId | None) -> int:
    """Create and remove proxy orders of all schedules, or of those with *order_cycle*; return how many."""
    return sync_schedules(
        unit, now, unit.schedules.all() if order_cycle is None else unit.schedules.with_cycle(order_cycle)
    )


def sync_schedules(unit: UnitOfWork, now: datetime, schedules: Iterable[Schedule]) -> int:
    """Create and remove proxy orders of *schedules*, as they are stored; return how many."""
    schedules = tuple(schedules)
    subscriptions = unit.subscriptions.of_schedules(each.id for each in schedules)
    used = {each.schedule for each in subscriptions}
    schedules = [each for each in schedules if each.id in used]
    wanted = {cycle for schedule in schedules for cycle in schedule.order_cycles}
    cycles = {each.id: each for each in unit.order_cycles.get_many(wanted)}
    of_schedule = {each.id: [cycles[key] for key in each.order_cycles if key in cycles] for each in schedules}
    existing: dict[SubscriptionId, list[ProxyOrder]] = {each.id: [] for each in subscriptions}
    for proxy in unit.proxy_orders.of_subscriptions(existing):
        existing[proxy.subscription].append(proxy)
    changes = 0
    for subscription in subscriptions:
        plan = plan_sync(subscription, of_schedule[subscription.schedule], existing[subscription.id], now)
        for proxy in plan.create:
            unit.proxy_orders.add(proxy)
        for proxy in plan.remove:
            unit.proxy_orders.remove(proxy.id)
        changes += len(plan.create) + len(plan.remove)
    return changes
