"""Placing an order: by the customer, by staff for a customer, or by the subscription engine.

Source:
    ORD-5 (place), ORD-B1 to ORD-B10 (staff), ORD-Q3 (stock for all lines or none), ORD-O4, ORD-O5.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from ofncore.cycles.offer import Offer
from ofncore.cycles.status import window_problem
from ofncore.fees.assessment import assess
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderId, SubscriptionId, VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, LONGEST_REMARK, text_problems
from ofncore.model.customer import Customer
from ofncore.model.event import Event, OrderPlaced, RuleOverridden
from ofncore.model.methods import PaymentKind, PaymentMethod, ShippingMethod
from ofncore.model.order import Channel, Order, OrderLine, OrderState
from ofncore.model.product import Variant
from ofncore.model.stock import StockCause, StockItem
from ofncore.orders.lines import full_name, make_line
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest
from ofncore.orders.sizes import too_large
from ofncore.orders.stock import movements_between, shortage_problem
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order, is_staff
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class PlacingFacts:
    """What is known when an order is to be placed."""

    offer: Offer
    customer: Customer
    relations: Relations
    #: Stock of at least the variants asked for.
    stock: Mapping[VariantId, StockItem]
    #: Suppliers that have had their summary of this cycle, and when.
    summaries_sent: Mapping[EnterpriseId, datetime] = attrs.field(factory=dict)


def plan_order(
    request: OrderRequest, facts: PlacingFacts, *, actor: Actor, now: datetime, code: str
) -> OrderPlan | Refusal:
    """Decide whether the order is placed, and as what.

    The order starts as received; a card order with something to pay starts as awaiting payment. Staff may place after
    the close if they give a reason and acknowledge the producers that have had their summary (ORD-B5, ORD-B6).

    Only staff say by which channel an order came in; everybody else's came in by the web.

    Returns:
        The plan with the order, its stock movements and events; or a refusal with every problem found. An order that
        comes to more than can be written is refused for its largest line.
    """
    shop, coordinator = facts.offer.terms.distributor.id, facts.offer.cycle.coordinator
    decision = check_order(
        actor,
        OrderAction.TAKE,
        facts.relations,
        customer=facts.customer,
        distributor=shop,
        coordinator=coordinator,
        resource=request.key,
    )
    by_staff = is_staff(actor, facts.relations, distributor=shop, coordinator=coordinator)
    overridden = _overridden(request, facts, now=now) if by_staff else None
    problems = (
        *decision.problems,
        *_text_problems(request),
        *_window_problems(request, facts, by_staff=by_staff, now=now),
        *_party_problems(facts),
        *_line_problems(request, facts),
        *_method_problems(request, facts.offer, by_staff=by_staff),
    )
    if problems:
        return Refusal(problems)
    variants, products = facts.offer.variants, facts.offer.products
    chosen = ((variants[each.variant], each.quantity) for each in request.lines)
    lines = tuple(make_line(variant, products[variant.product], quantity) for variant, quantity in chosen)
    large = too_large(lines)
    if large is not None:
        return Refusal((_bad_size(lines, large),))
    heeded = _heeded(request, by_staff=by_staff, overridden=overridden is not None)
    order = make_order(heeded, facts.offer, lines, variants=variants, actor=actor, at=now, code=code, by_staff=by_staff)
    large = too_large(order.lines, order)
    if large is not None:
        return Refusal((_bad_size(lines, large),))
    return placed(order, actor=actor, overrides=_override_events(order, overridden, facts, actor=actor))


def _bad_size(lines: tuple[OrderLine, ...], large: OrderLine) -> Problem:
    index = next(index for index, line in enumerate(lines) if line.variant == large.variant)
    return problem(Code.BAD_QUANTITY, f"$.lines[{index}].quantity", found=str(large.quantity))


def _heeded(request: OrderRequest, *, by_staff: bool, overridden: bool) -> OrderRequest:
    """A reason is kept only where it was needed, a channel only if staff state it."""
    return attrs.evolve(
        request,
        channel=request.channel if by_staff else Channel.WEB,
        override_reason=request.override_reason if overridden else None,
    )


def make_order(  # noqa: PLR0913 - the facts an order is made of
    request: OrderRequest,
    offer: Offer,
    lines: tuple[OrderLine, ...],
    *,
    variants: Mapping[VariantId, Variant],
    actor: Actor,
    at: datetime,
    code: str,
    by_staff: bool,
    subscription: SubscriptionId | None = None,
    late_at: datetime | None = None,
) -> Order:
    """Return the order for *lines*, with fees, shipping, payment fee and taxes; the methods must be in the offer."""
    shipping = offer.shipping_method(request.shipping_method, by_staff=by_staff)
    payment = offer.payment_method(request.payment_method, by_staff=by_staff)
    if shipping is None or payment is None:
        message = "an order is made only with methods of its offer"
        raise ValueError(message)
    charges = assess(lines, terms=offer.terms, variants=variants, shipping=shipping, payment=payment)
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
        channel=request.channel if subscription is None else Channel.SUBSCRIPTION,
        placed_by=actor,
        placed_at=at,
        subscription=subscription,
        comment=request.comment,
        override_reason=request.override_reason,
        late_at=late_at,
    )
    return attrs.evolve(order, state=_first_state(order, payment))


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


def _text_problems(request: OrderRequest) -> Iterator[Problem]:
    """Nothing is taken that an export could not be read back with."""
    given = (
        ("key", request.key, 1, LONGEST_ID),
        ("comment", request.comment, 0, LONGEST_REMARK),
        ("override_reason", request.override_reason or "", 0, LONGEST_REMARK),
    )
    for name, text, lowest, highest in given:
        yield from text_problems(f"$.{name}", text, lowest, highest)


def _window_problem(facts: PlacingFacts, now: datetime) -> Problem | None:
    return window_problem(facts.offer.cycle, now, bounds=facts.offer.terms.profile.cycle_bounds, path="$.order_cycle")


def _window_problems(request: OrderRequest, facts: PlacingFacts, *, by_staff: bool, now: datetime) -> Iterator[Problem]:
    found = _window_problem(facts, now)
    if found is None:
        return
    if not by_staff:
        yield found
        return
    if not (request.override_reason or "").strip():
        yield found
        yield problem(Code.OVERRIDE_NEEDS_REASON, "$.override_reason")
    for producer in _told_already(request, facts):
        if producer not in request.acknowledged:
            name = facts.relations.name_of(producer)
            yield problem(Code.SUMMARY_ALREADY_SENT, "$.acknowledged", producer=name, at=facts.summaries_sent[producer])


def _told_already(request: OrderRequest, facts: PlacingFacts) -> tuple[EnterpriseId, ...]:
    wanted = (facts.offer.variants.get(line.variant) for line in request.lines)
    suppliers = {variant.supplier for variant in wanted if variant is not None}
    return tuple(sorted(suppliers & facts.summaries_sent.keys()))


def _overridden(request: OrderRequest, facts: PlacingFacts, *, now: datetime) -> Problem | None:
    """Return the rule that staff override, if the request overrides one."""
    return _window_problem(facts, now) if (request.override_reason or "").strip() else None


def _override_events(
    order: Order, overridden: Problem | None, facts: PlacingFacts, *, actor: Actor
) -> tuple[Event, ...]:
    if overridden is None:
        return ()
    producers = {line.supplier for line in order.lines} & facts.summaries_sent.keys()
    event = RuleOverridden(
        order=order.id,
        customer=order.customer,
        rule=overridden.code,
        reason=order.override_reason or "",
        producers=tuple(sorted(producers)),
        actor=actor,
        at=order.placed_at,
    )
    return (event,)


def _party_problems(facts: PlacingFacts) -> Iterator[Problem]:
    shop = facts.offer.terms.distributor
    if facts.offer.cycle.outgoing_to(shop.id) is None:
        yield problem(Code.NOT_DISTRIBUTOR, "$.distributor", distributor=shop.name)
    if facts.customer.enterprise != shop.id:
        yield problem(Code.CUSTOMER_OF_OTHER_SHOP, "$.customer", customer=facts.customer.name, distributor=shop.name)


def _line_problems(request: OrderRequest, facts: PlacingFacts) -> Iterator[Problem]:
    if not request.lines:
        yield problem(Code.ORDER_EMPTY, "$.lines")
    seen: set[VariantId] = set()
    for index, line in enumerate(request.lines):
        path = f"$.lines[{index}]"
        variant = facts.offer.variants.get(line.variant)
        name = variant_name(facts.offer, line.variant)
        if line.variant in seen:
            yield problem(Code.DUPLICATE_LINE, f"{path}.variant", variant=name)
        seen.add(line.variant)
        if not is_quantity(line.quantity) or line.quantity == 0:
            yield problem(Code.BAD_QUANTITY, f"{path}.quantity", found=str(line.quantity))
        elif variant is None:
            yield problem(Code.NOT_DISTRIBUTED, f"{path}.variant", variant=name)
        else:
            short = shortage_problem(facts.stock, line.variant, line.quantity, path=f"{path}.quantity", name=name)
            yield from () if short is None else (short,)


#: More of one variant than this in one order is a slip of the hand.
MOST_OF_ONE_VARIANT = 1_000_000


def is_quantity(value: object) -> bool:
    """Whether *value* can be a quantity of one line: a whole number from 0 to a million."""
    return type(value) is int and 0 <= value <= MOST_OF_ONE_VARIANT


def variant_name(offer: Offer, variant: VariantId) -> str:
    """Return the name that people know *variant* by, or its id if it is not in the offer."""
    found = offer.variants.get(variant)
    if found is None:
        return variant
    return full_name(found, offer.products[found.product])


def _method_problems(request: OrderRequest, offer: Offer, *, by_staff: bool) -> Iterator[Problem]:
    shop = offer.terms.distributor.name
    shipping: ShippingMethod | None = offer.shipping_method(request.shipping_method, by_staff=by_staff)
    payment: PaymentMethod | None = offer.payment_method(request.payment_method, by_staff=by_staff)
    if shipping is None:
        yield problem(Code.METHOD_NOT_OFFERED, "$.shipping_method", method=request.shipping_method, distributor=shop)
    if payment is None:
        yield problem(Code.METHOD_NOT_OFFERED, "$.payment_method", method=request.payment_method, distributor=shop)


def same_request(order: Order, request: OrderRequest) -> bool:
    """Whether *order* is what *request* asked for: a repeat of it changes nothing (ORD-S4).

    An order that was saved again since may have other quantities; its variants and methods stay the same. A comment
    may differ.
    """
    same_variants = {line.variant for line in order.lines} == {line.variant for line in request.lines}
    asked = {(line.variant, line.quantity) for line in request.lines}
    return (
        order.customer == request.customer
        and order.distributor == request.distributor
        and order.order_cycle == request.order_cycle
        and order.shipping.method == request.shipping_method
        and order.payment.method == request.payment_method
        and same_variants
        and (order.version > 1 or {(line.variant, line.wanted) for line in order.lines} == asked)
    )
