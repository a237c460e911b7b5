"""Payments: money that moved, or is about to, for an order.

A charge is written down before the gateway is called (its claim), and its outcome after. A payment whose outcome was
not heard is `UNKNOWN`, never `REFUSED`.
"""

from datetime import datetime
from enum import StrEnum

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import OrderId, PaymentId, PaymentMethodId
from ofncore.kernel.instants import as_instant, optional_instant
from ofncore.kernel.money import Money


class PaymentState(StrEnum):
    """Where a payment stands."""

    #: Written down; the gateway may or may not have been asked.
    CLAIMED = "claimed"
    #: The money moved.
    SETTLED = "settled"
    #: The gateway said no.
    REFUSED = "refused"
    #: The gateway was asked and did not answer.
    UNKNOWN = "unknown"
    #: The customer must authenticate first.
    NEEDS_CUSTOMER = "needs_customer"
    #: Taken back before anything moved.
    VOID = "void"


class PaymentPurpose(StrEnum):
    """Why money moves."""

    #: From the customer, through the gateway.
    CHARGE = "charge"
    #: From the customer, by hand, recorded by staff.
    RECEIPT = "receipt"
    #: Back to the customer, through the gateway or by hand.
    REFUND = "refund"


@attrs.frozen(kw_only=True)
class Payment:
    """One movement of money for one order.

    Its id comes from the facts (order, purpose, occasion, attempt) and is the idempotency key given to the gateway.
    """

    id: PaymentId
    order: OrderId
    method: PaymentMethodId
    purpose: PaymentPurpose = attrs.field(validator=choice_of(PaymentPurpose))
    #: Positive from the customer, negative back to the customer (ORD-O10).
    amount: Money
    state: PaymentState = attrs.field(validator=choice_of(PaymentState))
    #: Through the gateway; otherwise by hand.
    through_gateway: bool = False
    #: Which try at the same obligation, from 1.
    attempt: int = 1
    actor: Actor
    #: When the money fell due or was handed over.
    at: datetime = attrs.field(converter=as_instant)
    #: The payment that a refund gives back.
    refund_of: PaymentId | None = None
    #: The gateway's own name for it.
    gateway_reference: str | None = None
    #: Why the gateway said no, in its own word.
    reason: str | None = None
    #: When it was really done, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    version: int = 0
