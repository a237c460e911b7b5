"""What customers and shops are told about standing orders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from ofncore.kernel.ids import EnterpriseId, ProductId, VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.model.product import Product, Variant
from ofncore.model.subscription import ProxyOrder, ProxyOutcome, Subscription
from ofncore.orders import letters
from ofncore.orders.balance import balance_of
from ofncore.orders.letters import Letter, RunIssue, RunReport, WantedProduct
from ofncore.orders.lines import full_name
from ofncore.orders.notices import to_customer, to_enterprise
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.subscriptions.placement import Candidate, PlacementPlan

#: Outcomes that a shop should look at.
_ISSUES: Final = (
    ProxyOutcome.EMPTY,
    ProxyOutcome.MISSED,
    ProxyOutcome.UNPAID,
    ProxyOutcome.AWAITING_CUSTOMER,
)

#: Variants and products by id.
Names = tuple[Mapping[VariantId, Variant], Mapping[ProductId, Product]]


def placement_letters(
    unit: UnitOfWork,
    plan: PlacementPlan,
    candidates: Iterable[Candidate],
    *,
    cycle: OrderCycle,
    shops: Mapping[EnterpriseId, Enterprise],
    names: Names,
    at: datetime,
) -> list[Message]:
    """Return the letters of a placement: one to each customer, and a summary to each shop."""
    orders = {order.id: order for order in plan.orders}
    subscriptions = {each.proxy_order.id: each.subscription for each in candidates}
    told: list[Message] = []
    of_shop: dict[EnterpriseId, list[ProxyOrder]] = {}
    for proxy in plan.proxy_orders:
        subscription = subscriptions[proxy.id]
        shop = shops[subscription.shop]
        of_shop.setdefault(shop.id, []).append(proxy)
        customer = unit.customers.get(subscription.customer)
        if proxy.outcome is ProxyOutcome.PLACED and proxy.order is not None:
            told.append(_placed(orders[proxy.order], customer, cycle, shop))
        elif proxy.outcome in (ProxyOutcome.EMPTY, ProxyOutcome.MISSED):
            told.append(_nothing(proxy, subscription, customer, cycle=cycle, shop=shop, names=names, at=at))
    summaries = (_placement_summary(unit, mine, cycle, shops[key], at) for key, mine in sorted(of_shop.items()))
    return [*told, *summaries]


def _placement_summary(
    unit: UnitOfWork, proxies: Sequence[ProxyOrder], cycle: OrderCycle, shop: Enterprise, at: datetime
) -> Message:
    # At its closing a cycle may see a last placement, and then what was missed.
    missed = proxies[0].outcome is ProxyOutcome.MISSED
    letter = letters.placement_summary(
        run_report(unit, proxies), distributor=shop, cycle=cycle, locale=shop.locale, zone=shop.time_zone
    )
    return to_enterprise(
        letter,
        kind=MessageKind.PLACEMENT_SUMMARY,
        enterprise=shop,
        about=cycle.id,
        at=at,
        occasion=joined_id(iso(at), ProxyOutcome.MISSED) if missed else iso(at),
        late_at=proxies[0].late_at,
    )


def _placed(order: Order, customer: Customer, cycle: OrderCycle, shop: Enterprise) -> Message:
    letter = letters.subscription_placed(
        order,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        closes_at=cycle.orders_close_at,
        locale=customer.locale,
        zone=shop.time_zone,
    )
    return to_customer(
        letter,
        kind=MessageKind.SUBSCRIPTION_PLACED,
        customer=customer,
        sender=shop,
        about=order.id,
        at=order.placed_at,
        late_at=order.late_at,
    )


def _nothing(
    proxy: ProxyOrder,
    subscription: Subscription,
    customer: Customer,
    *,
    cycle: OrderCycle,
    shop: Enterprise,
    names: Names,
    at: datetime,
) -> Message:
    variants, products = names
    exchange = cycle.outgoing_to(shop.id)
    known = ((variants[line.variant], line.quantity) for line in subscription.lines if line.quantity)
    wanted = (
        WantedProduct(name=full_name(variant, products[variant.product]), quantity=quantity)
        for variant, quantity in known
    )
    letter = letters.subscription_empty(
        wanted,
        customer=customer,
        distributor=shop,
        ready_for=exchange.ready_for if exchange else "",
        locale=customer.locale,
        zone=shop.time_zone,
        reason=proxy.reason or "",
    )
    return to_customer(
        letter,
        kind=MessageKind.SUBSCRIPTION_EMPTY,
        customer=customer,
        sender=shop,
        about=proxy.id,
        at=at,
        late_at=proxy.late_at,
    )


def conclusion_letter(
    unit: UnitOfWork, proxy: ProxyOrder, order: Order, cycle: OrderCycle, *, late_at: datetime | None
) -> list[Message]:
    """Return what a customer is told when a standing order is concluded; nothing if the order was cancelled."""
    if proxy.outcome is ProxyOutcome.CANCELLED or proxy.confirmed_at is None:
        return []
    customer, shop = unit.customers.get(order.customer), unit.enterprises.get(order.distributor)
    kind, letter = _conclusion(unit, proxy, order, cycle, customer=customer, shop=shop)
    message = to_customer(
        letter,
        kind=kind,
        customer=customer,
        sender=shop,
        about=order.id,
        at=proxy.confirmed_at,
        occasion="confirmation",
        late_at=late_at,
    )
    return [message]


def _conclusion(
    unit: UnitOfWork,
    proxy: ProxyOrder,
    order: Order,
    cycle: OrderCycle,
    *,
    customer: Customer,
    shop: Enterprise,
) -> tuple[MessageKind, Letter]:
    payments = unit.payments.of_orders([order.id])
    outstanding = balance_of(order, payments).outstanding
    locale, zone = customer.locale, shop.time_zone
    if proxy.outcome is ProxyOutcome.CONFIRMED:
        return MessageKind.SUBSCRIPTION_CONFIRMED, letters.subscription_confirmed(
            order,
            customer=customer,
            distributor=shop,
            exchange=cycle.outgoing_to(shop.id),
            outstanding=outstanding,
            locale=locale,
            zone=zone,
        )
    if proxy.outcome is ProxyOutcome.AWAITING_CUSTOMER:
        return MessageKind.PAYMENT_NEEDS_CUSTOMER, letters.payment_needs_customer(
            order, customer=customer, distributor=shop, outstanding=outstanding, locale=locale, zone=zone
        )
    gateway_word = next((each.reason for each in reversed(payments) if each.reason), None)
    return MessageKind.PAYMENT_FAILED, letters.payment_failed(
        order,
        customer=customer,
        distributor=shop,
        outstanding=outstanding,
        reason=gateway_word or proxy.reason,
        locale=locale,
        zone=zone,
    )


def confirmation_summary(
    unit: UnitOfWork, proxies: Sequence[ProxyOrder], *, cycle: OrderCycle, shop: Enterprise, late_at: datetime | None
) -> Message:
    """Return the shop's summary of how its standing orders of a closed cycle were settled."""
    letter = letters.confirmation_summary(
        run_report(unit, proxies), distributor=shop, cycle=cycle, locale=shop.locale, zone=shop.time_zone
    )
    at = max(each.confirmed_at for each in proxies if each.confirmed_at)
    return to_enterprise(
        letter,
        kind=MessageKind.CONFIRMATION_SUMMARY,
        enterprise=shop,
        about=cycle.id,
        at=at,
        occasion=iso(at),
        late_at=late_at,
    )


def run_report(unit: UnitOfWork, proxies: Sequence[ProxyOrder]) -> RunReport:
    """Return what became of *proxies*, as a shop is told."""
    subscriptions = {each.id: each for each in unit.subscriptions.get_many({p.subscription for p in proxies})}
    customers = {each.id: each for each in unit.customers.get_many({s.customer for s in subscriptions.values()})}
    orders = {each.id: each for each in unit.orders.get_many({p.order for p in proxies if p.order})}
    words = {each.order: each.reason for each in unit.payments.of_orders(orders) if each.reason}
    issues = tuple(
        RunIssue(
            reason=str(proxy.reason or proxy.outcome),
            customer=customers[subscriptions[proxy.subscription].customer].name,
            order_code=orders[proxy.order].code if proxy.order else None,
            detail=words.get(proxy.order, "") if proxy.order else "",
        )
        for proxy in proxies
        if proxy.outcome in _ISSUES or proxy.reason
    )
    return RunReport(seen=len(proxies), succeeded=len(proxies) - len(issues), issues=issues)
