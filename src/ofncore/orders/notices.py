"""Letters put in envelopes: to whom, under which id, and whether they may leave at all.

Source:
    ORD-B2 (who cannot be written to), ORD-N1, ORD-O32 (replies are crossed).
"""

from datetime import datetime
from typing import Final

from ofncore.model.customer import Customer
from ofncore.model.enterprise import Enterprise
from ofncore.model.message import Message, MessageKind, MessageState
from ofncore.orders.letters.letter import Letter

#: Why a message never leaves: there is no address, or no consent to write to it.
NO_ADDRESS: Final = "no_address"
NO_CONSENT: Final = "no_consent"


def to_customer(
    letter: Letter,
    *,
    kind: MessageKind,
    customer: Customer,
    sender: Enterprise,
    about: str,
    at: datetime,
    occasion: str = "",
    late_at: datetime | None = None,
) -> Message:
    """Return *letter* as a message to *customer*; one to somebody who cannot be written to is kept, and never sent."""
    reachable = customer.is_contactable
    return Message(
        kind=kind,
        about=about,
        recipient=customer.id,
        occasion=occasion,
        to=customer.email if reachable else None,
        reply_to=sender.email,
        locale=customer.locale,
        subject=letter.subject,
        body=letter.body,
        at=at,
        state=MessageState.PENDING if reachable else MessageState.NOT_SENT,
        reason=_hindrance(customer),
        late_at=late_at,
    )


def _hindrance(customer: Customer) -> str | None:
    if customer.is_contactable:
        return None
    return NO_ADDRESS if customer.email is None else NO_CONSENT


def to_enterprise(
    letter: Letter,
    *,
    kind: MessageKind,
    enterprise: Enterprise,
    about: str,
    at: datetime,
    reply_to: str | None = None,
    occasion: str = "",
    late_at: datetime | None = None,
) -> Message:
    """Return *letter* as a message to *enterprise*; one without an address is kept, and never sent."""
    reachable = enterprise.email is not None
    return Message(
        kind=kind,
        about=about,
        recipient=enterprise.id,
        occasion=occasion,
        to=enterprise.email,
        reply_to=reply_to,
        locale=enterprise.locale,
        subject=letter.subject,
        body=letter.body,
        at=at,
        state=MessageState.PENDING if reachable else MessageState.NOT_SENT,
        reason=None if reachable else NO_ADDRESS,
        late_at=late_at,
    )
