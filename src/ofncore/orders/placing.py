"""Placing an order: by the customer, by staff for a customer, or by the subscription engine.

Source:
    ORD-5 (place), ORD-B1 to ORD-B10 (staff), ORD-Q3 (stock for all lines or none), ORD-O4, ORD-O5.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from ofncore.cycles.offer import Offer
from ofncore.cycles.status import window_problem
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, LONGEST_REMARK, text_problems
from ofncore.model.customer import Customer
from ofncore.model.event import Event, RuleOverridden
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Channel, Order, OrderLine
from ofncore.model.stock import StockItem
from ofncore.model.voucher import Voucher
from ofncore.orders.lines import full_name, make_line
from ofncore.orders.making import make_order, placed
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest
from ofncore.orders.sizes import too_large
from ofncore.orders.stock import shortage_problem
from ofncore.orders.vouchers import voucher_problem
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
    #: The shop's voucher with the code asked for; None if there is none.
    voucher: Voucher | None = None
    #: Suppliers that have had their summary of this cycle, and when.
    summaries_sent: Mapping[EnterpriseId, datetime] = attrs.field(factory=dict)


def plan_order(
    request: OrderRequest, facts: PlacingFacts, *, actor: Actor, now: datetime, code: str
) -> OrderPlan | Refusal:
    """Decide whether the order is placed, and as what.

    The order starts as received; a card order with something to pay starts as awaiting payment. Staff may place after
    the close if they give a reason and acknowledge the producers that have had their summary (ORD-B5, ORD-B6).

    Only staff say by which channel an order came in; everybody else's came in by the web. A voucher that the shop does
    not accept is refused, and so is the order: nobody pays more than they were shown.

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
        cycle=facts.offer.cycle,
        key=request.key,
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
        *_voucher_problems(request, facts),
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
    order = make_order(
        heeded,
        facts.offer,
        lines,
        variants=variants,
        customer=facts.customer,
        voucher=facts.voucher if request.voucher else None,
        actor=actor,
        at=now,
        code=code,
        by_staff=by_staff,
    )
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


def _text_problems(request: OrderRequest) -> Iterator[Problem]:
    """Nothing is taken that an export could not be read back with."""
    given = (
        ("key", request.key, 1, LONGEST_ID),
        ("comment", request.comment, 0, LONGEST_REMARK),
        ("voucher", request.voucher, 0, LONGEST_ID),
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


def _voucher_problems(request: OrderRequest, facts: PlacingFacts) -> Iterator[Problem]:
    if request.voucher:
        found = voucher_problem(facts.voucher, request.voucher, facts.offer.terms.distributor)
        yield from () if found is None else (found,)


def same_request(order: Order, request: OrderRequest) -> bool:
    """Whether *order* is what *request* asked for: a repeat of it changes nothing (ORD-S4).

    An order that was saved again since may have other quantities and another voucher, and lines may have come and gone;
    its methods stay the same, and one of the variants. A comment may differ.
    """
    asked = {(line.variant, line.quantity) for line in request.lines}
    placed_as_asked = {(line.variant, line.wanted) for line in order.lines} == asked
    has_some = any(order.line_of(line.variant) is not None for line in request.lines)
    return (
        order.customer == request.customer
        and order.distributor == request.distributor
        and order.order_cycle == request.order_cycle
        and order.shipping.method == request.shipping_method
        and order.payment.method == request.payment_method
        and (has_some if order.version > 1 else placed_as_asked and _voucher_of(order) == request.voucher)
    )


def _voucher_of(order: Order) -> str:
    return order.discounts[0].code if order.discounts else ""
