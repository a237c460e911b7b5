"""The payment gateway: whoever really moves money."""

from enum import StrEnum
from typing import Protocol

import attrs

from ofncore.kernel.money import Money


class GatewayOutcome(StrEnum):
    """What a gateway answered."""

    SETTLED = "settled"
    #: A clear no. A time-out or a lost connection is never this.
    REFUSED = "refused"
    #: The customer must authenticate at the provider first.
    NEEDS_CUSTOMER = "needs_customer"
    #: No answer was heard; the money may have moved.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class GatewayRequest:
    """One charge or refund to carry out."""

    #: The same key always means the same request; asking again with it moves no more money.
    key: str
    #: Always positive, in the order's currency.
    amount: Money
    #: Shown on the customer's statement.
    order_code: str
    #: Token of the customer's saved card, if there is one.
    saved_card: str | None = None
    #: For a refund: the key of the charge it gives back.
    refund_of: str | None = None


@attrs.frozen(kw_only=True)
class GatewayAnswer:
    """What came of a request."""

    outcome: GatewayOutcome
    #: The gateway's own name for the movement.
    reference: str | None = None
    #: Its word for why not, such as ``insufficient_funds``.
    reason: str | None = None


class PaymentGateway(Protocol):
    """Moves money.

    Every method is idempotent by `GatewayRequest.key`: a repeat gives the answer of the first time and moves nothing.
    An adapter answers `UNKNOWN` when it cannot tell; it raises only for what no repeat can mend (bad credentials).
    Called outside any unit of work.
    """

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Take money from the customer."""

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Give money of the charge `refund_of` back to the customer."""

    def look_up(self, key: str) -> GatewayAnswer | None:
        """Return what became of an earlier request; None if the gateway never got it."""
