"""One step of the confirmation of one standing order, in one unit of work (SUB-17.3)."""

from datetime import datetime

from ofncore.kernel.ids import OrderCycleId, ProxyOrderId
from ofncore.kernel.policies import Profile
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


def summarise(unit: UnitOfWork, order_cycle: OrderCycleId, profile: Profile, now: datetime) -> None:
    """Tell each shop how its standing orders were settled, once all of them are concluded."""
    cycle = unit.order_cycles.get(order_cycle)
    proxies = [each for each in unit.proxy_orders.of_cycle(order_cycle) if each.placed_at and each.order]
    found = unit.subscriptions.get_many({each.subscription for each in proxies})
    shop_of = {each.id: each.shop for each in found}
    late_at = None if cycle.orders_close_at is None else profile.late_mark(cycle.orders_close_at, now)
    for shop in sorted(set(shop_of.values())):
        mine = [each for each in proxies if shop_of[each.subscription] == shop]
        if all(_is_concluded(each) for each in mine) and any(each.confirmed_at for each in mine):
            enterprise = unit.enterprises.get(shop)
            post(unit, [confirmation_summary(unit, mine, cycle=cycle, shop=enterprise, late_at=late_at)])


def _is_concluded(proxy: ProxyOrder) -> bool:
    return proxy.outcome is not ProxyOutcome.PLACED
