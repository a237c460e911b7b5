"""Money for an order: claims, their outcomes, receipts by hand, and refunds.

A claim is stored before the gateway is asked, under a key made of the facts, so that a repeat after a crash asks for
the same thing again. As long as one claim of an order is open, no other is made.

Source:
    ORD-5 (payment settles, fails), ORD-O10, ORD-O11, ORD-O17, SUB-14, SUB-17.3.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import PaymentId, PaymentMethodId, joined_id
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.customer import Consent, Customer
from ofncore.model.event import Event, PaymentNotSettled, PaymentSettled
from ofncore.model.methods import PaymentKind, PaymentMethod
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.orders.balance import balance_of

#: A payment in one of these states may still move money.
OPEN_STATES: Final = (PaymentState.CLAIMED, PaymentState.UNKNOWN, PaymentState.NEEDS_CUSTOMER)


def open_payments(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """Return the payments that may still move money."""
    return tuple(payment for payment in payments if payment.state in OPEN_STATES)


def payment_id(
    order: Order, *, purpose: PaymentPurpose, method: str, amount: Money, occasion: str, attempt: int
) -> PaymentId:
    """Return the one id of a payment: by order, purpose, method, amount, occasion and attempt."""
    return PaymentId(joined_id(order.id, purpose, method, str(amount.minor), amount.currency, occasion, str(attempt)))


def plan_charge(  # noqa: PLR0913 - the facts a charge depends on
    order: Order,
    payments: Sequence[Payment],
    *,
    method: PaymentMethod,
    customer: Customer,
    occasion: str,
    actor: Actor,
    at: datetime,
    unattended: bool,
    late_at: datetime | None = None,
) -> Payment | Refusal:
    """Decide to take what is outstanding through the gateway.

    *payments* are all of the order's. *unattended* means the customer is not there: the saved card is charged, which
    needs the customer's consent. *occasion* names the obligation, such as ``checkout`` or ``confirmation``.

    Returns:
        The claim to store before the gateway is asked; the open one, if there is one already. Or a refusal: nothing is
        due, the method is by hand, there is no card, no consent, or a charge of another amount awaits the customer.
    """
    opened = [each for each in open_payments(payments) if each.purpose is PaymentPurpose.CHARGE]
    if opened and opened[0].state is not PaymentState.NEEDS_CUSTOMER:
        return opened[0]
    due = balance_of(order, payments).outstanding
    refused = refusal_of(_charge_problems(method, customer, due=due, unattended=unattended))
    if refused is not None:
        return refused
    if opened:
        return opened[0] if opened[0].amount == due else Refusal.of(Code.PAYMENT_OPEN, amount=opened[0].amount)
    attempt = 1 + sum(each.purpose is PaymentPurpose.CHARGE for each in payments)
    purpose = PaymentPurpose.CHARGE
    return Payment(
        id=payment_id(order, purpose=purpose, method=method.id, amount=due, occasion=occasion, attempt=attempt),
        order=order.id,
        method=method.id,
        purpose=purpose,
        amount=due,
        state=PaymentState.CLAIMED,
        through_gateway=True,
        attempt=attempt,
        actor=actor,
        at=at,
        late_at=late_at,
    )


def _charge_problems(method: PaymentMethod, customer: Customer, *, due: Money, unattended: bool) -> Iterator[Problem]:
    if due.minor <= 0:
        yield problem(Code.PAYMENT_NOT_DUE)
    if method.kind is not PaymentKind.CARD:
        yield problem(Code.PAID_BY_HAND, method=method.name)
        return
    if unattended and Consent.CHARGE_SAVED_CARD not in customer.consents:
        yield problem(Code.NO_CONSENT, customer=customer.name)
    if unattended and customer.saved_card is None:
        yield problem(Code.NO_CARD, customer=customer.name)


def is_still_owed(claim: Payment, order: Order, payments: Iterable[Payment]) -> bool:
    """Whether the whole amount of an open *claim* is still to be moved, as its order stands now."""
    outstanding = balance_of(order, payments).outstanding
    if claim.purpose is PaymentPurpose.REFUND:
        return outstanding <= claim.amount
    return claim.amount <= outstanding


def plan_receipt(
    order: Order,
    payments: Sequence[Payment],
    *,
    amount: Money,
    method: PaymentMethodId,
    key: str,
    actor: Actor,
    now: datetime,
) -> Payment | Refusal:
    """Decide to record money handed over by the customer (ORD-S2).

    *key* is chosen by the caller: the same key is the same money, however often it is recorded.

    Returns:
        The settled payment, the earlier one for a repeat; or a refusal: the key was used for another amount, the
        currency is another, nothing is due, more was handed over than is due, or a charge is under way whose outcome is
        not known yet.
    """
    receipt = PaymentId(joined_id(order.id, PaymentPurpose.RECEIPT, key))
    earlier = next((each for each in payments if each.id == receipt), None)
    if earlier is not None:
        return earlier if earlier.amount == amount else Refusal.of(Code.KEY_REUSED, "$.key", key=key)
    if amount.currency != order.currency:
        return Refusal.of(Code.WRONG_CURRENCY, "$.amount", found=amount.currency, expected=order.currency)
    under_way = [each for each in payments if each.state in (PaymentState.CLAIMED, PaymentState.UNKNOWN)]
    if under_way:
        return Refusal.of(Code.PAYMENT_OPEN, amount=under_way[0].amount)
    due = balance_of(order, payments).outstanding
    if due.minor <= 0:
        return Refusal.of(Code.PAYMENT_NOT_DUE)
    if not 0 < amount.minor <= due.minor:
        return Refusal.of(Code.PAYMENT_TOO_LARGE, "$.amount", amount=amount, outstanding=due)
    return Payment(
        id=receipt,
        order=order.id,
        method=method,
        purpose=PaymentPurpose.RECEIPT,
        amount=amount,
        state=PaymentState.SETTLED,
        actor=actor,
        at=now,
    )


def plan_refunds(
    order: Order, payments: Sequence[Payment], *, actor: Actor, now: datetime
) -> tuple[Payment, ...] | Refusal:
    """Decide to give back what is owed to the customer, latest payment first (ORD-O17).

    Money that came through the gateway goes back through it, as a claim; money that came by hand goes back by hand and
    is settled at once. While a refund is open, it is the only one.

    Returns:
        The refunds to store, or the open ones; or a refusal if nothing is owed.
    """
    opened = tuple(each for each in open_payments(payments) if each.purpose is PaymentPurpose.REFUND)
    if opened:
        return opened
    owed = -balance_of(order, payments).outstanding.minor
    if owed <= 0:
        return Refusal.of(Code.NOTHING_TO_REFUND)
    return tuple(_refunds(order, payments, owed, actor=actor, now=now))


def _refunds(order: Order, payments: Sequence[Payment], owed: int, *, actor: Actor, now: datetime) -> Iterator[Payment]:
    settled = [each for each in payments if each.state is PaymentState.SETTLED]
    given = {each.id: 0 for each in settled}
    for each in settled:
        if each.refund_of is not None:
            given[each.refund_of] = given.get(each.refund_of, 0) - each.amount.minor
    received = [each for each in settled if each.amount.minor > 0]
    for source in sorted(received, key=lambda each: (each.at, each.id), reverse=True):
        part = min(owed, source.amount.minor - given[source.id])
        if part > 0:
            owed -= part
            yield _refund(order, source, -part, payments, actor=actor, now=now)


def _refund(
    order: Order, source: Payment, minor: int, payments: Sequence[Payment], *, actor: Actor, now: datetime
) -> Payment:
    attempt = 1 + sum(each.refund_of == source.id for each in payments)
    amount = Money(minor, order.currency)
    purpose = PaymentPurpose.REFUND
    key = payment_id(order, purpose=purpose, method=source.method, amount=amount, occasion=source.id, attempt=attempt)
    return Payment(
        id=key,
        order=order.id,
        method=source.method,
        purpose=purpose,
        amount=amount,
        state=PaymentState.CLAIMED if source.through_gateway else PaymentState.SETTLED,
        through_gateway=source.through_gateway,
        attempt=attempt,
        actor=actor,
        at=now,
        refund_of=source.id,
    )


@attrs.frozen(kw_only=True)
class PaymentStep:
    """A payment and its order as they are to be stored, and what became true."""

    payment: Payment
    order: Order
    events: tuple[Event, ...]


def plan_outcome(
    payment: Payment,
    order: Order,
    payments: Sequence[Payment],
    *,
    state: PaymentState,
    reference: str | None = None,
    reason: str | None = None,
) -> PaymentStep:
    """Return what follows when the outcome of an open *payment* is known.

    A settled charge that pays the order takes it from awaiting payment to received; one that does not settle takes it
    the other way (ORD-5). *payments* are all of the order's. Money already settled stays settled.
    """
    known = attrs.evolve(payment, state=state, gateway_reference=reference, reason=reason)
    others = [each for each in payments if each.id != payment.id]
    return PaymentStep(
        payment=known,
        order=order_after(order, [*others, known], known),
        events=outcome_events(known),
    )


def outcome_events(payment: Payment) -> tuple[Event, ...]:
    """Return what became true with *payment* in its present state; nothing while it is open."""
    if payment.state is PaymentState.SETTLED:
        settled = PaymentSettled(
            order=payment.order,
            payment=payment.id,
            amount=payment.amount,
            occasion=payment.id,
            actor=payment.actor,
            at=payment.at,
            late_at=payment.late_at,
        )
        return (settled,)
    if payment.state in (PaymentState.REFUSED, PaymentState.NEEDS_CUSTOMER):
        failed = PaymentNotSettled(
            order=payment.order,
            payment=payment.id,
            reason=payment.reason or payment.state,
            occasion=joined_id(payment.id, payment.state),
            actor=payment.actor,
            at=payment.at,
            late_at=payment.late_at,
        )
        return (failed,)
    return ()


def order_after(order: Order, payments: Iterable[Payment], payment: Payment) -> Order:
    """Return *order* in the state that the outcome of *payment* leads to (ORD-5)."""
    known = tuple(payments)
    outstanding = balance_of(order, known).outstanding
    failed = payment.state in (PaymentState.REFUSED, PaymentState.NEEDS_CUSTOMER)
    charged = payment.purpose is PaymentPurpose.CHARGE
    if order.state is OrderState.RECEIVED and failed and charged and outstanding.minor > 0:
        return attrs.evolve(order, state=OrderState.AWAITING_PAYMENT)
    return no_longer_awaiting(order, known)


def no_longer_awaiting(order: Order, payments: Iterable[Payment]) -> Order:
    """Return *order* as received if it awaits a payment and nothing is left to pay (ORD-5)."""
    if order.state is not OrderState.AWAITING_PAYMENT or balance_of(order, payments).outstanding.minor > 0:
        return order
    return attrs.evolve(order, state=OrderState.RECEIVED)
