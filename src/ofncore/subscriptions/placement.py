"""Placing the standing orders of one cycle, all in one plan.

Everything due is gathered first, over all shops; then the stock is shared out; then each order is made of what it was
given.

Source:
    SUB-12, SUB-17.2, SUB-17.4, SUB-18 d3, d7, d12, SUB-K6.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from ofncore.cycles.offer import Offer
from ofncore.kernel.actors import ENGINE
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderId, ProductId, ProxyOrderId, VariantId
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import Event, SubscriptionNotPlaced, SubscriptionShort
from ofncore.model.order import Order, OrderLine
from ofncore.model.product import Product, Variant
from ofncore.model.stock import StockItem, StockMovement
from ofncore.model.subscription import ProxyOrder, ProxyOutcome, Subscription
from ofncore.orders.lines import make_line
from ofncore.orders.making import make_order, placed
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.orders.stock import available
from ofncore.subscriptions.allocation import Want, allocate_first_come
from ofncore.subscriptions.status import is_in_range, takes_orders


@attrs.frozen(kw_only=True)
class Candidate:
    """One subscription whose place in the cycle is still empty."""

    proxy_order: ProxyOrder
    subscription: Subscription


@attrs.frozen(kw_only=True)
class PlacementFacts:
    """What is known when standing orders are to be placed."""

    #: What each shop with candidates sells in the cycle.
    offers: Mapping[EnterpriseId, Offer]
    #: Every variant that the subscriptions name, whether or not it is on sale, with its product.
    variants: Mapping[VariantId, Variant]
    products: Mapping[ProductId, Product]
    stock: Mapping[VariantId, StockItem]
    #: Who the subscriptions are of.
    customers: Mapping[CustomerId, Customer]
    #: A free order code for each candidate.
    codes: Mapping[ProxyOrderId, str]


@attrs.frozen(kw_only=True)
class PlacementPlan:
    """What becomes of the candidates. Those that stay as they are are in none of the lists."""

    #: Orders to store, in the order in which they were served.
    orders: tuple[Order, ...]
    movements: tuple[StockMovement, ...]
    #: Proxy orders as they are to be stored.
    proxy_orders: tuple[ProxyOrder, ...]
    events: tuple[Event, ...]


def may_still_place(cycle: OrderCycle, shop: Enterprise, now: datetime) -> bool:
    """Whether standing orders of *cycle* may be placed at *now*.

    From its opening to its close; after the close for as many days as the shop chose (SUB-17.4). Never for a shop with
    subscriptions switched off (SUB-18 d12).
    """
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    if opens is None or closes is None or not shop.shop.subscriptions_enabled:
        return False
    return opens <= now <= closes + timedelta(days=shop.shop.late_placement_days)


def in_turn(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates that take orders, the subscription that began first being served first."""
    due = (
        each
        for each in candidates
        if each.proxy_order.outcome is None
        and each.proxy_order.cancelled_at is None
        and takes_orders(each.subscription)
    )
    return tuple(sorted(due, key=lambda each: (each.subscription.begins_at, each.subscription.id)))


def plan_placement(
    candidates: Iterable[Candidate], facts: PlacementFacts, *, at: datetime, late_at: datetime | None = None
) -> PlacementPlan:
    """Decide what is placed for *candidates* of one cycle at the instant *at*.

    Stock is first come, first served, in the order of `in_turn` whatever the shop; what its shop does not sell in this
    cycle counts as not available. A subscription that gets nothing at all gets no order (outcome `EMPTY`). One whose
    methods the shop does not offer is left for later, with the reason on its proxy order. One whose dates the cycle is
    out of is passed over.
    """
    due = [each for each in in_turn(candidates) if is_in_range(each.subscription, _offer(each, facts).cycle)]
    ready = [each for each in due if _has_methods(each, _offer(each, facts))]
    given = _shares(ready, facts)
    results = [_result(each, given, facts, at=at, late_at=late_at) for each in ready]
    hindered = [
        attrs.evolve(each.proxy_order, reason=Code.METHOD_NOT_OFFERED)
        for each in due
        if each not in ready and each.proxy_order.reason != Code.METHOD_NOT_OFFERED
    ]
    plans = [placed(order, actor=ENGINE) for order, _, _ in results if order is not None]
    return PlacementPlan(
        orders=tuple(plan.order for plan in plans),
        movements=tuple(move for plan in plans for move in plan.movements),
        proxy_orders=(*(proxy for _, proxy, _ in results), *hindered),
        events=(
            *(event for plan in plans for event in plan.events),
            *(event for _, _, events in results for event in events),
        ),
    )


def plan_missed(
    candidates: Iterable[Candidate], cycle: OrderCycle, now: datetime, *, late_at: datetime | None = None
) -> PlacementPlan:
    """Report the *candidates* that were not placed before *cycle* closed, and no longer can be (SUB-17.4)."""
    closes = cycle.orders_close_at
    if closes is None or now <= closes:
        return PlacementPlan(orders=(), movements=(), proxy_orders=(), events=())
    missed = [each for each in in_turn(candidates) if is_in_range(each.subscription, cycle)]
    return PlacementPlan(
        orders=(),
        movements=(),
        proxy_orders=tuple(
            attrs.evolve(
                each.proxy_order,
                outcome=ProxyOutcome.MISSED,
                reason=each.proxy_order.reason or Code.MISSED,
                late_at=late_at,
            )
            for each in missed
        ),
        events=tuple(
            SubscriptionNotPlaced(
                subscription=each.subscription.id,
                order_cycle=cycle.id,
                reason=each.proxy_order.reason or Code.MISSED,
                at=closes,
                late_at=late_at,
            )
            for each in missed
        ),
    )


def _offer(candidate: Candidate, facts: PlacementFacts) -> Offer:
    return facts.offers[candidate.subscription.shop]


def _has_methods(candidate: Candidate, offer: Offer) -> bool:
    subscription = candidate.subscription
    shipping = offer.shipping_method(subscription.shipping_method, by_staff=True)
    payment = offer.payment_method(subscription.payment_method, by_staff=True)
    return shipping is not None and payment is not None


def _shares(candidates: Sequence[Candidate], facts: PlacementFacts) -> dict[tuple[str, VariantId], int]:
    """Return what each subscription is given of each variant."""
    wants = [
        Want(each.subscription.id, line.variant, line.quantity)
        for each in candidates
        for line in each.subscription.lines
        if line.variant in _offer(each, facts).variants
    ]
    allocation = allocate_first_come(wants, {want.variant: available(facts.stock, want.variant) for want in wants})
    return {(want.party, want.variant): given for want, given in zip(allocation.wants, allocation.given, strict=True)}


def _lines(
    candidate: Candidate, given: Mapping[tuple[str, VariantId], int], facts: PlacementFacts
) -> tuple[OrderLine, ...]:
    subscription, currency = candidate.subscription, _offer(candidate, facts).currency
    known = ((facts.variants[line.variant], line) for line in subscription.lines if line.quantity > 0)
    return tuple(
        make_line(
            variant,
            facts.products[variant.product],
            given.get((subscription.id, variant.id), 0),
            wanted=line.quantity,
        )
        for variant, line in known
        # An order has one currency; goods in another are not on sale there.
        if variant.price.currency == currency
    )


def _result(
    candidate: Candidate,
    given: Mapping[tuple[str, VariantId], int],
    facts: PlacementFacts,
    *,
    at: datetime,
    late_at: datetime | None,
) -> tuple[Order | None, ProxyOrder, tuple[Event, ...]]:
    subscription, proxy = candidate.subscription, candidate.proxy_order
    lines = _lines(candidate, given, facts)
    if not any(line.quantity for line in lines):
        return None, *_nothing(proxy, at=at, late_at=late_at)
    order = make_order(
        _request(proxy, subscription),
        _offer(candidate, facts),
        lines,
        variants=facts.variants,
        customer=facts.customers[subscription.customer],
        actor=ENGINE,
        at=at,
        code=facts.codes[proxy.id],
        by_staff=True,
        subscription=subscription.id,
        late_at=late_at,
    )
    short = tuple(
        line.variant for line in subscription.lines if given.get((subscription.id, line.variant), 0) < line.quantity
    )
    stored = attrs.evolve(
        proxy,
        order=order.id,
        outcome=ProxyOutcome.PLACED,
        reason=Code.PLACED_SHORT if short else None,
        placed_at=at,
        late_at=late_at,
    )
    event = SubscriptionShort(
        subscription=subscription.id, order_cycle=proxy.order_cycle, variants=short, at=at, late_at=late_at
    )
    return order, stored, (event,) if short else ()


def _nothing(proxy: ProxyOrder, *, at: datetime, late_at: datetime | None) -> tuple[ProxyOrder, tuple[Event, ...]]:
    reason = Code.NOTHING_AVAILABLE
    stored = attrs.evolve(proxy, outcome=ProxyOutcome.EMPTY, reason=reason, placed_at=at, late_at=late_at)
    event = SubscriptionNotPlaced(
        subscription=proxy.subscription, order_cycle=proxy.order_cycle, reason=reason, at=at, late_at=late_at
    )
    return stored, (event,)


def _request(proxy: ProxyOrder, subscription: Subscription) -> OrderRequest:
    return OrderRequest(
        key=order_of(proxy),
        customer=subscription.customer,
        distributor=subscription.shop,
        order_cycle=proxy.order_cycle,
        lines=tuple(RequestedLine(line.variant, line.quantity) for line in subscription.lines),
        shipping_method=subscription.shipping_method,
        payment_method=subscription.payment_method,
    )


def order_of(proxy: ProxyOrder) -> OrderId:
    """Return the id of the one order that *proxy* can have (SUB-17.1)."""
    return OrderId(proxy.id)
