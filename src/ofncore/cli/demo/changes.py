"""Customers change their minds while orders are open: they lower a quantity, or cancel; money goes back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ofncore.cli.demo.season import Scene
from ofncore.kernel.ids import OrderId, VariantId
from ofncore.model.order import Channel, Order


def plan_changes(scene: Scene) -> None:
    """Plan the changes of a week."""
    scene.plan(3, "20:50", _lower)
    scene.plan(3, "21:30", _ask_for_more)
    scene.plan(4, "10:40", _cancel)
    scene.plan(4, "18:15", _cancel_standing_order)


def _lower(scene: Scene, now: datetime) -> None:
    """In each shop somebody wants one less of something; where customers may not change that, staff do it for them."""
    for shop in scene.cast.shops:
        found = next((each for each in _web_orders(scene) if each.distributor == shop and _lowered(each)), None)
        if found is None:
            continue
        quantities = _lowered(found)
        actor = scene.cast.buyer(found.customer)
        result = scene.network.orders.change(found.id, quantities, actor=actor, now=now)
        if scene.refused(actor, "lowering a quantity", result, now):
            staff = scene.cast.staff(shop)
            result = scene.network.orders.change(found.id, quantities, actor=staff, now=now + timedelta(minutes=20))
            scene.refused(staff, "lowering a quantity for a customer", result, now)
        scene.plan_at(now + timedelta(hours=12), refund, found.id)


def _ask_for_more(scene: Scene, now: datetime) -> None:
    """Customers may lower quantities, not raise them: for more they order again."""
    for each in _web_orders(scene):
        if scene.cast.enterprise(each.distributor).shop.customers_may_change_orders:
            line = each.lines[0]
            actor = scene.cast.buyer(each.customer)
            result = scene.network.orders.change(each.id, {line.variant: line.quantity + 2}, actor=actor, now=now)
            scene.refused(actor, "raising a quantity", result, now)
            return


def _cancel(scene: Scene, now: datetime) -> None:
    """One who has paid cancels, and one who has not."""
    orders = _web_orders(scene)
    for order in dict.fromkeys((*orders[1:2], *orders[-1:])):
        _cancel_one(scene, now, order)


def _cancel_one(scene: Scene, now: datetime, order: Order) -> None:
    actor = scene.cast.buyer(order.customer)
    result = scene.network.orders.cancel(order.id, actor=actor, now=now)
    if not scene.refused(actor, "cancelling an order", result, now):
        scene.plan_at(now + timedelta(minutes=35), refund, order.id)


def _cancel_standing_order(scene: Scene, now: datetime) -> None:
    """In every second week a subscriber goes without: staff cancel this week's order, not the subscription."""
    standing = [each for each, _ in scene.orders() if each.channel is Channel.SUBSCRIPTION and each.is_placed]
    if scene.week.number % 2 or not standing:
        return
    order = scene.chance("holiday").choice(standing)
    actor = scene.cast.staff(order.distributor)
    result = scene.network.orders.cancel(order.id, actor=actor, now=now)
    scene.refused(actor, "cancelling a standing order", result, now)


def refund(scene: Scene, now: datetime, order: OrderId) -> None:
    """Give back what is owed, if the customer had paid already."""
    balance = scene.network.orders.balance(order)
    if balance.outstanding.minor < 0:
        actor = scene.cast.staff(scene.season.order(order).distributor)
        scene.refused(actor, "giving money back", scene.network.payments.refund(order, actor=actor, now=now), now)


def _web_orders(scene: Scene) -> list[Order]:
    """Return this week's orders from the web that were not cancelled, those that were paid first."""
    placed = set(scene.web_orders)
    found = [(order, balance.paid.minor > 0) for order, balance in scene.orders() if order.id in placed]
    live = [(order, is_paid) for order, is_paid in found if order.is_placed]
    return [order for order, _ in sorted(live, key=lambda pair: not pair[1])]


def _lowered(order: Order) -> dict[VariantId, int]:
    return dict(_first((line.variant, line.quantity - 1) for line in order.lines if line.quantity > 1))


def _first(pairs: Iterable[tuple[VariantId, int]]) -> list[tuple[VariantId, int]]:
    return list(pairs)[:1]
