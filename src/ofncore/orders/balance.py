"""What an order still costs, or still owes back. There is one definition.

Source:
    ORD-O10, ORD-O11, ORD-O12, ORD-4.5 (`returned_balance`, `canceled_failed`).
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ofncore.kernel.money import Money
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState


class PaymentStatus(StrEnum):
    """How an order stands with its payments; derived, never set."""

    NONE = "none"
    BALANCE_DUE = "balance_due"
    REQUIRES_AUTHORIZATION = "requires_authorization"
    FAILED = "failed"
    PAID = "paid"
    CREDIT_OWED = "credit_owed"
    VOID = "void"


@attrs.frozen(kw_only=True)
class Balance:
    """The money of one order."""

    total: Money
    #: Settled payments, less what was given back.
    paid: Money
    #: Positive: the customer owes it. Negative: it is owed to the customer.
    outstanding: Money
    status: PaymentStatus


def balance_of(order: Order, payments: Iterable[Payment]) -> Balance:
    """Return the balance of *order*, given all its payments. A cancelled order owes back all that was paid."""
    mine = [payment for payment in payments if payment.order == order.id]
    settled = (payment.amount for payment in mine if payment.state is PaymentState.SETTLED)
    paid = Money.total(settled, order.currency)
    outstanding = -paid if order.state is OrderState.CANCELLED else order.total - paid
    status = _status(order, mine, paid=paid, outstanding=outstanding)
    return Balance(total=order.total, paid=paid, outstanding=outstanding, status=status)


def _status(order: Order, payments: list[Payment], *, paid: Money, outstanding: Money) -> PaymentStatus:
    cancelled = order.state is OrderState.CANCELLED
    charges = [each for each in payments if each.purpose is not PaymentPurpose.REFUND]
    states = {each.state for each in charges}
    if order.state is OrderState.DRAFT:
        return PaymentStatus.NONE
    if cancelled and not paid:
        return PaymentStatus.VOID
    if PaymentState.NEEDS_CUSTOMER in states and PaymentState.SETTLED not in states:
        return PaymentStatus.REQUIRES_AUTHORIZATION
    if states == {PaymentState.REFUSED} and outstanding:
        return PaymentStatus.FAILED
    if not outstanding:
        return PaymentStatus.PAID
    return PaymentStatus.BALANCE_DUE if outstanding.minor > 0 else PaymentStatus.CREDIT_OWED
