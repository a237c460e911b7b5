"""Payments: charged and given back through the gateway, or recorded by hand."""

from datetime import datetime
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderId, PaymentId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal, refusal_of
from ofncore.kernel.texts import LONGEST_ID, text_problems
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Enterprise
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Channel, Order
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.orders import letters
from ofncore.orders.balance import balance_of
from ofncore.orders.charging import (
    OPEN_STATES,
    is_still_owed,
    outcome_events,
    plan_charge,
    plan_outcome,
    plan_receipt,
    plan_refunds,
)
from ofncore.orders.letters import Letter
from ofncore.orders.notices import to_customer
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order, is_buyer
from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_managers
from ofncore.services.recording import post, record_events
from ofncore.services.unfinished import Unfinished
from ofncore.services.wiring import Wiring

_STATES: Final = {
    GatewayOutcome.SETTLED: PaymentState.SETTLED,
    GatewayOutcome.REFUSED: PaymentState.REFUSED,
    GatewayOutcome.NEEDS_CUSTOMER: PaymentState.NEEDS_CUSTOMER,
    GatewayOutcome.UNKNOWN: PaymentState.UNKNOWN,
}


class PaymentService:
    """Moves money for orders.

    A movement through the gateway has three steps: the claim is stored; the gateway is asked, under the claim's key;
    the outcome is stored. After a crash the claim is found again and asked for again under the same key.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def charge(
        self, order: OrderId, *, actor: Actor, now: datetime, occasion: str = "checkout", unattended: bool = False
    ) -> Payment | Refusal:
        """Take what is outstanding of *order* through the gateway. For the customer and for staff.

        *unattended*, for staff and the engine only, charges the saved card while the customer is not there.

        Returns:
            The payment, in whatever state it ended; or a refusal (see `ofncore.orders.charging.plan_charge`).
        """
        instant = as_instant(now)
        unfit = refusal_of(text_problems("$.occasion", occasion, 1, LONGEST_ID))
        if unfit is not None:
            return unfit

        def claim(unit: UnitOfWork) -> Payment | Refusal:
            stored = unit.orders.find(order)
            if stored is None:
                return Refusal.of(Code.UNKNOWN_RECORD, kind="order", id=order)
            customer = unit.customers.get(stored.customer)
            attended = not unattended and is_buyer(actor, customer)
            refused = None if attended else _staff_only(unit, stored, actor)
            if refused is not None:
                return refused
            planned = plan_charge(
                stored,
                unit.payments.of_orders([order]),
                method=unit.payment_methods.get(stored.payment.method),
                customer=customer,
                occasion=occasion,
                actor=actor,
                at=instant,
                unattended=unattended,
            )
            return planned if isinstance(planned, Refusal) else store_claim(unit, planned)

        claimed = self._wiring.run(claim)
        return claimed if isinstance(claimed, Refusal) else self.resolve(claimed.id)

    def record_receipt(
        self, order: OrderId, amount: Money, *, key: str, actor: Actor, now: datetime
    ) -> Payment | Refusal:
        """Record money that the customer handed over. For staff only.

        *key* is chosen by the caller; a repeat with the same key records nothing more.
        """
        instant = as_instant(now)
        unfit = refusal_of(text_problems("$.key", key, 1, LONGEST_ID))
        if unfit is not None:
            return unfit

        def record(unit: UnitOfWork) -> Payment | Refusal:
            stored = unit.orders.find(order)
            if stored is None:
                return Refusal.of(Code.UNKNOWN_RECORD, kind="order", id=order)
            refused = _staff_only(unit, stored, actor)
            if refused is not None:
                return refused
            payments = unit.payments.of_orders([order])
            wanted = plan_receipt(
                stored, payments, amount=amount, method=stored.payment.method, key=key, actor=actor, now=instant
            )
            if isinstance(wanted, Refusal):
                return wanted
            return unit.payments.find(wanted.id) or _settle_by_hand(unit, stored, wanted)

        return self._wiring.run(record)

    def refund(self, order: OrderId, *, actor: Actor, now: datetime) -> tuple[Payment, ...] | Refusal:
        """Give back what is owed to the customer. For staff only.

        Returns:
            The refunds, in whatever state they ended; or a refusal if nothing is owed.
        """
        instant = as_instant(now)

        def claim(unit: UnitOfWork) -> tuple[Payment, ...] | Refusal:
            stored = unit.orders.find(order)
            if stored is None:
                return Refusal.of(Code.UNKNOWN_RECORD, kind="order", id=order)
            refused = _staff_only(unit, stored, actor)
            if refused is not None:
                return refused
            payments = unit.payments.of_orders([order])
            planned = plan_refunds(stored, payments, actor=actor, now=instant)
            if isinstance(planned, Refusal):
                return planned
            return tuple(
                store_claim(unit, each) if each.through_gateway else _settle_by_hand(unit, stored, each)
                for each in planned
            )

        claimed = self._wiring.run(claim)
        if isinstance(claimed, Refusal):
            return claimed
        return tuple(self.resolve(each.id) for each in claimed)

    def settle_open(self) -> tuple[Payment, ...]:
        """Learn the outcome of every open claim, and return those that are no longer open.

        Raises:
            UnfinishedWorkError: some claims could not be asked for; all the others were dealt with before.
        """
        unfinished = Unfinished()
        resolved: list[Payment] = []
        for claim in self._wiring.run(lambda unit: unit.payments.open_claims()):
            with unfinished.noting(f"payment {claim.id}"):
                resolved.append(self.resolve(claim.id))
        unfinished.raise_all()
        return tuple(each for each in resolved if each.state not in OPEN_STATES)

    def resolve(self, payment: PaymentId) -> Payment:
        """Ask the gateway for one open claim and store what it answers; a payment that is not open is left alone.

        A claim that the gateway never got and that is no longer owed (the order was cancelled, paid or lowered
        meanwhile) is voided instead. One that awaits its customer is only looked up.

        Raises:
            NotFoundError: there is no such payment.
        """
        claim, request = self._wiring.run(lambda unit: _request_for(unit, payment))
        if claim.state not in OPEN_STATES:
            return claim
        known = self._wiring.gateway.look_up(request.key)
        if known is None or known.outcome is GatewayOutcome.UNKNOWN:
            never_asked = known is None
            if not self._wiring.run(lambda unit: _may_be_asked(unit, payment, never_asked=never_asked)):
                return self._wiring.run(lambda unit: unit.payments.get(payment))
            known = self._ask(claim, request)
        answer = known
        return self._wiring.run(lambda unit: _store_answer(unit, payment, answer))

    def _ask(self, claim: Payment, request: GatewayRequest) -> GatewayAnswer:
        gateway = self._wiring.gateway
        return gateway.refund(request) if claim.purpose is PaymentPurpose.REFUND else gateway.charge(request)


def store_claim(unit: UnitOfWork, claim: Payment) -> Payment:
    """Store a claim, unless it is stored already."""
    return unit.payments.find(claim.id) or unit.payments.add(claim)


def _staff_only(unit: UnitOfWork, order: Order, actor: Actor) -> Refusal | None:
    cycle = unit.order_cycles.get(order.order_cycle)
    return check_order(
        actor,
        OrderAction.RECORD_PAYMENT,
        load_managers(unit, actor, {order.distributor, cycle.coordinator}),
        customer=unit.customers.get(order.customer),
        distributor=order.distributor,
        cycle=cycle,
        key=order.id,
    ).refusal


def _request_for(unit: UnitOfWork, payment: PaymentId) -> tuple[Payment, GatewayRequest]:
    claim = unit.payments.get(payment)
    order = unit.orders.get(claim.order)
    customer = unit.customers.get(order.customer)
    back = claim.purpose is PaymentPurpose.REFUND
    request = GatewayRequest(
        key=claim.id,
        amount=-claim.amount if back else claim.amount,
        order_code=order.code,
        saved_card=customer.saved_card,
        refund_of=claim.refund_of,
    )
    return claim, request


def _may_be_asked(unit: UnitOfWork, payment: PaymentId, *, never_asked: bool) -> bool:
    """Whether the gateway may be asked (again) for a claim, as its order stands now; if not, it is voided."""
    claim = unit.payments.get(payment)
    if claim.state not in (PaymentState.CLAIMED, PaymentState.UNKNOWN):
        return False
    payments = unit.payments.of_orders([claim.order])
    if is_still_owed(claim, unit.orders.get(claim.order), payments):
        return True
    if never_asked:
        unit.payments.save(attrs.evolve(claim, state=PaymentState.VOID))
    return False


def _store_answer(unit: UnitOfWork, payment: PaymentId, answer: GatewayAnswer) -> Payment:
    claim = unit.payments.get(payment)
    state = _STATES[answer.outcome]
    if claim.state not in OPEN_STATES or (claim.state is state and claim.reason == answer.reason):
        return claim
    order = unit.orders.get(claim.order)
    payments = unit.payments.of_orders([order.id])
    step = plan_outcome(claim, order, payments, state=state, reference=answer.reference, reason=answer.reason)
    stored = unit.payments.save(step.payment)
    if step.order != order:
        order = unit.orders.save(step.order)
    record_events(unit, step.events)
    if state is not PaymentState.UNKNOWN:
        post(unit, _told(unit, order, stored))
    return stored


def _settle_by_hand(unit: UnitOfWork, order: Order, payment: Payment) -> Payment:
    payments = unit.payments.of_orders([order.id])
    step = plan_outcome(payment, order, payments, state=PaymentState.SETTLED)
    stored = unit.payments.add(step.payment)
    if step.order != order:
        order = unit.orders.save(step.order)
    record_events(unit, outcome_events(stored))
    post(unit, _told(unit, order, stored))
    return stored


def _told(unit: UnitOfWork, order: Order, payment: Payment) -> list[Message]:
    """Return what the customer is told of an outcome.

    A subscription's own charge is told when the subscription is concluded (ORD-N3). A refund that did not go through
    is the shop's to mend; it is in the event log.
    """
    told_later = order.channel is Channel.SUBSCRIPTION and payment.purpose is PaymentPurpose.CHARGE
    failed_refund = payment.purpose is PaymentPurpose.REFUND and payment.state is not PaymentState.SETTLED
    if told_later or failed_refund:
        return []
    customer, shop = unit.customers.get(order.customer), unit.enterprises.get(order.distributor)
    outstanding = balance_of(order, unit.payments.of_orders([order.id])).outstanding
    kind, letter = _letter(order, payment, customer=customer, distributor=shop, outstanding=outstanding)
    message = to_customer(
        letter,
        kind=kind,
        customer=customer,
        sender=shop,
        about=order.id,
        at=payment.at,
        occasion=joined_id(payment.id, payment.state),
        late_at=payment.late_at,
    )
    return [message]


def _letter(
    order: Order, payment: Payment, *, customer: Customer, distributor: Enterprise, outstanding: Money
) -> tuple[MessageKind, Letter]:
    locale, zone = customer.locale, distributor.time_zone
    if payment.state is PaymentState.SETTLED:
        write = letters.payment_received if payment.amount.minor > 0 else letters.refund
        kind = MessageKind.PAYMENT_RECEIVED if payment.amount.minor > 0 else MessageKind.REFUND
        return kind, write(
            order,
            payment,
            customer=customer,
            distributor=distributor,
            outstanding=outstanding,
            locale=locale,
            zone=zone,
        )
    if payment.state is PaymentState.NEEDS_CUSTOMER:
        return MessageKind.PAYMENT_NEEDS_CUSTOMER, letters.payment_needs_customer(
            order, customer=customer, distributor=distributor, outstanding=outstanding, locale=locale, zone=zone
        )
    return MessageKind.PAYMENT_FAILED, letters.payment_failed(
        order,
        customer=customer,
        distributor=distributor,
        outstanding=outstanding,
        reason=payment.reason,
        locale=locale,
        zone=zone,
    )
