"""An order as it is made: its charges, its taxes, its discounts and its first state; and the plan that places it.

Source:
    ORD-5 (place), ORD-O4, ORD-O5, FEE-6 to FEE-10.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ofncore.cycles.offer import Offer
from ofncore.fees.assessment import assess
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import OrderId, SubscriptionId, VariantId
from ofncore.model.customer import Customer
from ofncore.model.event import Event, OrderPlaced
from ofncore.model.methods import PaymentKind, PaymentMethod
from ofncore.model.order import Channel, Order, OrderLine, OrderState
from ofncore.model.product import Variant
from ofncore.model.stock import StockCause
from ofncore.model.voucher import Voucher
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest
from ofncore.orders.stock import movements_between
from ofncore.orders.terms import order_terms


def make_order(  # noqa: PLR0913 - the facts an order is made of
    request: OrderRequest,
    offer: Offer,
    lines: tuple[OrderLine, ...],
    *,
    variants: Mapping[VariantId, Variant],
    customer: Customer,
    voucher: Voucher | None = None,
    actor: Actor,
    at: datetime,
    code: str,
    by_staff: bool,
    subscription: SubscriptionId | None = None,
    late_at: datetime | None = None,
) -> Order:
    """Return the order for *lines*, with fees, shipping, payment fee, taxes and what the *voucher* takes off.

    It is priced by the terms in force at the instant *at*, for this *customer* and for the place the goods go to (see
    `ofncore.orders.terms`). The methods must be in the offer.
    """
    shipping = offer.shipping_method(request.shipping_method, by_staff=by_staff)
    payment = offer.payment_method(request.payment_method, by_staff=by_staff)
    if shipping is None or payment is None:
        message = "an order is made only with methods of its offer"
        raise ValueError(message)
    terms = order_terms(offer, customer=customer, shipping=shipping, at=at)
    charges = assess(lines, terms=terms.pricing, variants=variants, shipping=shipping, payment=payment)
    order = Order(
        id=OrderId(request.key),
        code=code,
        state=OrderState.RECEIVED,
        customer=request.customer,
        distributor=request.distributor,
        order_cycle=request.order_cycle,
        currency=offer.currency,
        lines=charges.lines,
        fees=charges.fees,
        shipping=charges.shipping,
        payment=charges.payment,
        tax_zone=None if terms.zone is None else terms.zone.id,
        rounding=terms.pricing.rounding,
        profile=terms.pricing.profile.name,
        channel=request.channel if subscription is None else Channel.SUBSCRIPTION,
        placed_by=actor,
        placed_at=at,
        subscription=subscription,
        comment=request.comment,
        override_reason=request.override_reason,
        late_at=late_at,
    )
    discounted = with_voucher(order, voucher, terms.pricing.profile)
    return attrs.evolve(discounted, state=_first_state(discounted, payment))


def placed(order: Order, *, actor: Actor, overrides: tuple[Event, ...] = ()) -> OrderPlan:
    """Return the plan that places *order*: its stock is taken, and it is told."""
    movements = movements_between(
        None, order, cause=StockCause.PLACED, occasion="", actor=actor, at=order.placed_at, late_at=order.late_at
    )
    event = OrderPlaced(
        order=order.id,
        customer=order.customer,
        total=order.total,
        actor=actor,
        at=order.placed_at,
        late_at=order.late_at,
    )
    return OrderPlan(order=order, movements=tuple(movements), events=(event, *overrides))


def _first_state(order: Order, payment: PaymentMethod) -> OrderState:
    prepaid = payment.kind is PaymentKind.CARD and order.total.minor > 0
    # An order of the engine waits for its cycle's close; it is not the customer's to pay (ORD-5, last paragraph).
    return OrderState.AWAITING_PAYMENT if prepaid and order.channel is not Channel.SUBSCRIPTION else OrderState.RECEIVED
