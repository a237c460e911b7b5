"""One step of the confirmation of one standing order, in one unit of work (SUB-17.3)."""

from datetime import datetime

import attrs

from ofncore.kernel.ids import EnterpriseId, OrderCycleId, ProxyOrderId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.message import Message
from ofncore.model.subscription import ProxyOrder, ProxyOutcome
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.recording import post
from ofncore.services.standing.letters import conclusion_letter, confirmation_summary
from ofncore.subscriptions.confirmation import ClaimCharge, Conclude, ConfirmationStep, is_confirmation_due, next_step


def due_for_confirmation(unit: UnitOfWork, order_cycle: OrderCycleId, now: datetime) -> list[ProxyOrderId]:
    """Return the proxy orders of a closed cycle that are placed and not concluded."""
    cycle = unit.order_cycles.get(order_cycle)
    proxies = unit.proxy_orders.of_cycle(order_cycle)
    return [each.id for each in proxies if is_confirmation_due(each, cycle, now)]


def take_step(unit: UnitOfWork, key: ProxyOrderId, profile: Profile, now: datetime) -> ConfirmationStep | None:
    """Store the next step of a proxy order and return it; None if nothing is due for it."""
    proxy = unit.proxy_orders.get(key)
    cycle = unit.order_cycles.get(proxy.order_cycle)
    closes = cycle.orders_close_at
    if closes is None or proxy.order is None or not is_confirmation_due(proxy, cycle, now):
        return None
    order = unit.orders.get(proxy.order)
    late_at = profile.late_mark(closes, now)
    step = next_step(
        proxy,
        order,
        unit.payments.of_orders([order.id]),
        customer=unit.customers.get(order.customer),
        method=unit.payment_methods.get(order.payment.method),
        at=closes,
        late_at=late_at,
    )
    if isinstance(step, ClaimCharge) and unit.payments.find(step.payment.id) is None:
        unit.payments.add(step.payment)
    if isinstance(step, Conclude):
        stored = unit.proxy_orders.save(step.proxy_order)
        post(unit, conclusion_letter(unit, stored, order, cycle, late_at=late_at))
    return step


def settle(unit: UnitOfWork, order_cycle: OrderCycleId, profile: Profile, now: datetime) -> bool:
    """Mark a closed cycle as settled once all its standing orders are concluded, and tell each shop how.

    Returns:
        Whether it was marked; False if it is still open, settled already, or waits for an outcome.
    """
    cycle = unit.order_cycles.get(order_cycle)
    closes = cycle.orders_close_at
    proxies = unit.proxy_orders.of_cycle(order_cycle)
    waiting = any(each.outcome is ProxyOutcome.PLACED for each in proxies)
    if closes is None or cycle.closed_at is None or cycle.settled_at is not None or waiting:
        return False
    late_at = profile.late_mark(closes, now)
    confirmed = [each for each in proxies if each.confirmed_at is not None]
    post(unit, [_summary(unit, shop, mine, cycle, late_at) for shop, mine in _by_shop(unit, confirmed)])
    unit.order_cycles.save(attrs.evolve(cycle, settled_at=closes))
    return True


def _by_shop(unit: UnitOfWork, proxies: list[ProxyOrder]) -> list[tuple[EnterpriseId, list[ProxyOrder]]]:
    found = unit.subscriptions.get_many({each.subscription for each in proxies})
    shop_of = {each.id: each.shop for each in found}
    shops = sorted(set(shop_of.values()))
    return [(shop, [each for each in proxies if shop_of[each.subscription] == shop]) for shop in shops]


def _summary(
    unit: UnitOfWork, shop: EnterpriseId, proxies: list[ProxyOrder], cycle: OrderCycle, late_at: datetime | None
) -> Message:
    return confirmation_summary(unit, proxies, cycle=cycle, shop=unit.enterprises.get(shop), late_at=late_at)
