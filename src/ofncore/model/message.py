"""Messages: what is to be told to whom, as written, on its way out."""

from datetime import datetime
from enum import StrEnum

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import MessageId, joined_id
from ofncore.kernel.instants import as_instant, optional_instant


class MessageKind(StrEnum):
    """What a message tells (ORD-N1, ORD-W3, ORD-5, SUB-15, PERM-12)."""

    ORDER_PLACED = "order_placed"
    ORDER_CHANGED = "order_changed"
    ORDER_CANCELLED = "order_cancelled"
    #: To the shop: it has a new order.
    ORDER_RECEIVED = "order_received"
    #: To the shop: the customer cancelled an order.
    ORDER_WITHDRAWN = "order_withdrawn"
    #: To the shop: a supplier changed its own lines of an order.
    LINES_CHANGED = "lines_changed"
    PAYMENT_RECEIVED = "payment_received"
    REFUND = "refund"
    SUBSCRIPTION_PLACED = "subscription_placed"
    SUBSCRIPTION_EMPTY = "subscription_empty"
    SUBSCRIPTION_CONFIRMED = "subscription_confirmed"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_NEEDS_CUSTOMER = "payment_needs_customer"
    PLACEMENT_SUMMARY = "placement_summary"
    CONFIRMATION_SUMMARY = "confirmation_summary"
    PRODUCER_SUMMARY = "producer_summary"
    #: To a coordinator and its shops: a supplier's goods may no longer be sold.
    GOODS_WITHDRAWN = "goods_withdrawn"


class MessageState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENT = "sent"
    #: It never left: there is no address, or no consent to write to it (ORD-B2).
    NOT_SENT = "not_sent"


@attrs.frozen(kw_only=True)
class Message:
    """One message, in its final words (ORD-T6)."""

    kind: MessageKind = attrs.field(validator=choice_of(MessageKind))
    #: Id of the order, cycle, proxy order or enterprise it is about.
    about: str
    #: Id of the customer, enterprise or user it is for.
    recipient: str
    #: Tells messages of one kind about one subject apart.
    occasion: str = ""
    #: Mail address; None if there is none to write to.
    to: str | None
    reply_to: str | None = None
    locale: str
    subject: str
    body: str
    #: When its occasion was.
    at: datetime = attrs.field(converter=as_instant)
    state: MessageState = attrs.field(default=MessageState.PENDING, validator=choice_of(MessageState))
    #: Why it was not sent, or what the last try met.
    reason: str | None = None
    attempts: int = 0
    #: Not before this instant again.
    next_try_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: When it was really written, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)

    @property
    def id(self) -> MessageId:
        """One message for each (kind, subject, recipient, occasion); also its message id when mailed."""
        return MessageId(joined_id(self.kind, self.about, self.recipient, self.occasion))
