"""Orders: taken, changed, cancelled."""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderId, UserId, VariantId, joined_id
from ofncore.kernel.instants import as_instant, iso
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.orders import letters
from ofncore.orders.balance import Balance, balance_of
from ofncore.orders.changing import ChangingFacts, plan_cancellation, plan_change
from ofncore.orders.charging import no_longer_awaiting
from ofncore.orders.notices import to_customer, to_enterprise
from ofncore.orders.placing import PlacingFacts, plan_order, same_request
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order, is_buyer
from ofncore.permissions.relations import Relations
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import free_code, load_catalogue, load_managers, load_offer
from ofncore.services.recording import move_stock, post, record_events
from ofncore.services.wiring import Wiring


class OrderService:
    """Takes, changes and cancels orders. Each act is one unit of work: order, stock, messages and events together."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def take(self, request: OrderRequest, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Place an order, for the actor or for a customer the actor acts for; customer and shop are told.

        A repeat of a request with the same key gives the same order and changes nothing.

        Returns:
            The order as stored, or a refusal with every problem (see `ofncore.orders.placing.plan_order`).
        """
        instant = as_instant(now)
        # A slash parts the ids that the library makes; a key never looks like one of those.
        asked = attrs.evolve(request, key=joined_id(request.key))
        return self._wiring.run(lambda unit: self._take(unit, asked, actor, instant))

    def change(
        self, order: OrderId, quantities: Mapping[VariantId, int], *, actor: Actor, now: datetime
    ) -> Order | Refusal:
        """Set new *quantities* of lines of a placed order (see `ofncore.orders.changing.plan_change`)."""
        instant = as_instant(now)
        return self._wiring.run(
            lambda unit: self._amend(
                unit,
                order,
                actor,
                lambda stored, facts: plan_change(stored, quantities, facts, actor=actor, now=instant),
                MessageKind.ORDER_CHANGED,
            )
        )

    def cancel(self, order: OrderId, *, actor: Actor, now: datetime, restock: bool = True) -> Order | Refusal:
        """Cancel a placed order (see `ofncore.orders.changing.plan_cancellation`).

        The customer is told; the shop too, if it was the customer who cancelled. Cancelling a cancelled order again
        gives it back and changes nothing.
        """
        instant = as_instant(now)
        return self._wiring.run(
            lambda unit: self._amend(
                unit,
                order,
                actor,
                lambda stored, facts: plan_cancellation(stored, facts, actor=actor, now=instant, restock=restock),
                MessageKind.ORDER_CANCELLED,
            )
        )

    def get(self, order: OrderId) -> Order:
        """Return an order.

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._wiring.run(lambda unit: unit.orders.get(order))

    def balance(self, order: OrderId) -> Balance:
        """Return what an order still costs.

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._wiring.run(lambda unit: balance_of(unit.orders.get(order), unit.payments.of_orders([order])))

    def _take(self, unit: UnitOfWork, request: OrderRequest, actor: Actor, now: datetime) -> Order | Refusal:
        earlier = unit.orders.find(OrderId(request.key))
        if earlier is not None:
            refused = self._may(unit, earlier, OrderAction.TAKE, actor)
            same = same_request(earlier, request)
            return refused or (earlier if same else Refusal.of(Code.KEY_REUSED, "$.key", key=request.key))
        cycle = unit.order_cycles.find(request.order_cycle)
        customer = unit.customers.find(request.customer)
        shop = unit.enterprises.find(request.distributor)
        if cycle is None or customer is None or shop is None:
            return Refusal(tuple(_unknown(request, cycle=cycle, customer=customer, distributor=shop)))
        offer = load_offer(unit, cycle, shop.id, self._wiring.profile)
        suppliers = {variant.supplier for variant in offer.variants.values()}
        facts = PlacingFacts(
            offer=offer,
            customer=customer,
            relations=load_managers(unit, actor, {shop.id, cycle.coordinator, *suppliers}),
            stock=unit.stock.items([line.variant for line in request.lines]),
            summaries_sent=_summaries_sent(cycle),
        )
        if shop.order_code_prefix is None:
            return Refusal.of(Code.NOT_A_SHOP, "$.distributor", enterprise=shop.name)
        code = free_code(unit, shop, request.key)
        plan = plan_order(request, facts, actor=actor, now=now, code=code)
        if isinstance(plan, Refusal):
            return plan
        short = move_stock(unit, plan.movements)
        if short is not None:
            return short
        stored = unit.orders.add(plan.order)
        record_events(unit, plan.events)
        arrival = _arrival(stored, customer, shop, cycle, facts.relations)
        post(unit, [_confirmation(stored, customer, shop, cycle), arrival])
        return stored

    def _may(self, unit: UnitOfWork, order: Order, action: OrderAction, actor: Actor) -> Refusal | None:
        coordinator = unit.order_cycles.get(order.order_cycle).coordinator
        return check_order(
            actor,
            action,
            load_managers(unit, actor, {order.distributor, coordinator}),
            customer=unit.customers.get(order.customer),
            distributor=order.distributor,
            coordinator=coordinator,
            resource=order.id,
        ).refusal

    def _amend(
        self,
        unit: UnitOfWork,
        order: OrderId,
        actor: Actor,
        decide: Callable[[Order, ChangingFacts], OrderPlan | Refusal],
        kind: MessageKind,
    ) -> Order | Refusal:
        before = unit.orders.find(order)
        if before is None:
            return Refusal.of(Code.UNKNOWN_RECORD, kind="order", id=order)
        if kind is MessageKind.ORDER_CANCELLED and before.cancelled_at is not None:
            return self._may(unit, before, OrderAction.CANCEL, actor) or before
        facts = self._changing_facts(unit, before, actor)
        plan = decide(before, facts)
        if isinstance(plan, Refusal) or not plan.events:
            return plan if isinstance(plan, Refusal) else before
        short = move_stock(unit, plan.movements)
        if short is not None:
            return short
        stored = unit.orders.save(no_longer_awaiting(plan.order, unit.payments.of_orders([order])))
        record_events(unit, plan.events)
        self._tell(unit, before, stored, facts, kind, actor=actor, at=plan.events[0].at)
        return stored

    def _changing_facts(self, unit: UnitOfWork, order: Order, actor: Actor) -> ChangingFacts:
        cycle = unit.order_cycles.get(order.order_cycle)
        variants, _ = load_catalogue(unit, [line.variant for line in order.lines])
        return ChangingFacts(
            offer=load_offer(unit, cycle, order.distributor, self._wiring.profile),
            variants=variants,
            customer=unit.customers.get(order.customer),
            relations=load_managers(unit, actor, {order.distributor, cycle.coordinator}),
            stock=unit.stock.items(variants),
            shipping_method=unit.shipping_methods.get(order.shipping.method),
            payment_method=unit.payment_methods.get(order.payment.method),
        )

    def _tell(
        self,
        unit: UnitOfWork,
        before: Order,
        after: Order,
        facts: ChangingFacts,
        kind: MessageKind,
        *,
        actor: Actor,
        at: datetime,
    ) -> None:
        shop, customer = facts.offer.terms.distributor, facts.customer
        outstanding = balance_of(after, unit.payments.of_orders([after.id])).outstanding
        if kind is MessageKind.ORDER_CANCELLED:
            letter = letters.order_cancelled(
                after,
                customer=customer,
                distributor=shop,
                locale=customer.locale,
                zone=shop.time_zone,
                outstanding=outstanding,
            )
        else:
            letter = letters.order_changed(
                after,
                before=before,
                customer=customer,
                distributor=shop,
                exchange=facts.offer.cycle.outgoing_to(shop.id),
                locale=customer.locale,
                zone=shop.time_zone,
                outstanding=outstanding,
            )
        occasion = joined_id(iso(at), str(before.version))
        message = to_customer(
            letter, kind=kind, customer=customer, sender=shop, about=after.id, at=at, occasion=occasion
        )
        post(unit, [message])
        if kind is MessageKind.ORDER_CANCELLED and is_buyer(actor, customer):
            post(unit, [_withdrawal(after, customer, shop, outstanding, at=at, occasion=occasion)])


def _confirmation(order: Order, customer: Customer, shop: Enterprise, cycle: OrderCycle) -> Message:
    letter = letters.order_placed(
        order,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        locale=customer.locale,
        zone=shop.time_zone,
    )
    kind = MessageKind.ORDER_PLACED
    return to_customer(letter, kind=kind, customer=customer, sender=shop, about=order.id, at=order.placed_at)


def _arrival(order: Order, customer: Customer, shop: Enterprise, cycle: OrderCycle, relations: Relations) -> Message:
    letter = letters.order_received(
        order,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        placed_by_name=_on_behalf(order.placed_by, customer, relations),
        locale=shop.locale,
        zone=shop.time_zone,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.ORDER_RECEIVED,
        enterprise=shop,
        about=order.id,
        at=order.placed_at,
        reply_to=_reply_address(customer),
    )


def _withdrawal(
    order: Order, customer: Customer, shop: Enterprise, outstanding: Money, *, at: datetime, occasion: str
) -> Message:
    letter = letters.order_withdrawn(
        order,
        customer=customer,
        distributor=shop,
        locale=shop.locale,
        zone=shop.time_zone,
        outstanding=outstanding,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.ORDER_WITHDRAWN,
        enterprise=shop,
        about=order.id,
        at=at,
        reply_to=_reply_address(customer),
        occasion=occasion,
    )


def _on_behalf(actor: Actor, customer: Customer, relations: Relations) -> str | None:
    """Return the name of the user who placed an order for *customer*; None if that was no other user."""
    user = None if is_buyer(actor, customer) else relations.users.get(UserId(actor.id))
    return user.name if user else None


def _reply_address(customer: Customer) -> str | None:
    """Return where the shop's answer goes: never to somebody who cannot be written to (ORD-B2, ORD-O32)."""
    return customer.email if customer.is_contactable else None


def _unknown(request: OrderRequest, **found: object) -> list[Problem]:
    names = {"cycle": "order_cycle", "customer": "customer", "distributor": "distributor"}
    kinds = {"cycle": "order_cycle", "customer": "customer", "distributor": "enterprise"}
    return [
        problem(Code.UNKNOWN_RECORD, f"$.{names[name]}", kind=kinds[name], id=getattr(request, names[name]))
        for name, record in found.items()
        if record is None
    ]


def _summaries_sent(cycle: OrderCycle) -> dict[EnterpriseId, datetime]:
    sent = cycle.producers_notified_at
    return {} if sent is None else {exchange.supplier: sent for exchange in cycle.incoming}
