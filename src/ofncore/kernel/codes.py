"""The codes of problems. Each has a text in every catalogue under ``locale``.

The comment above a code names its parameters.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why something is refused, or is not as asked for."""

    # Anything named by id. Parameters: kind, id.
    UNKNOWN_RECORD = "record.unknown"

    # Permissions. Parameters: actor, enterprise (the name to manage), action.
    NOT_ALLOWED = "permission.not_allowed"
    # What would allow it. Parameters: enterprises (names of which one must be managed).
    NEEDS_MANAGER = "permission.needs_manager"
    # Parameters: grantor, grantee, permission.
    NEEDS_GRANT = "permission.needs_grant"

    # Order cycles. Parameters: at.
    CYCLE_CLOSED = "cycle.closed"
    # Parameters: at.
    CYCLE_UPCOMING = "cycle.upcoming"
    CYCLE_UNDATED = "cycle.undated"
    NAME_BLANK = "cycle.name_blank"
    # Parameters: enterprise.
    NOT_A_SHOP = "cycle.not_a_shop"
    # Parameters: distributor.
    NOT_DISTRIBUTOR = "cycle.not_distributor"
    # Parameters: opens, closes.
    CLOSES_BEFORE_OPENING = "cycle.closes_before_opening"
    # Automatic notification of a cycle without an end in sight (CYC-14.10).
    ENDLESS_CYCLE = "cycle.endless"
    # Parameters: distributor.
    DISTRIBUTOR_NOT_READY = "cycle.distributor_not_ready"
    # Parameters: variant.
    VARIANT_NOT_INCOMING = "cycle.variant_not_incoming"

    # Orders.
    ORDER_EMPTY = "order.empty"
    # Parameters: found.
    BAD_QUANTITY = "order.bad_quantity"
    # Parameters: variant.
    DUPLICATE_LINE = "order.duplicate_line"
    # Parameters: variant.
    NOT_DISTRIBUTED = "order.not_distributed"
    # Parameters: variant, wanted, available.
    INSUFFICIENT_STOCK = "order.insufficient_stock"
    # Parameters: customer, distributor.
    CUSTOMER_OF_OTHER_SHOP = "order.customer_of_other_shop"
    # Parameters: method, distributor.
    METHOD_NOT_OFFERED = "order.method_not_offered"
    # Parameters: customer.
    NOT_YOUR_ORDER = "order.not_yours"
    # The request key was used for another order. Parameters: key.
    KEY_REUSED = "order.key_reused"
    # Parameters: state.
    NOT_CHANGEABLE = "order.not_changeable"
    # Parameters: variant.
    NO_SUCH_LINE = "order.no_such_line"
    # Parameters: variant.
    ONLY_LESS = "order.only_less"
    LAST_LINE = "order.last_line"
    # Warnings about an order placed against a rule. Parameters: producer, at.
    SUMMARY_ALREADY_SENT = "order.summary_already_sent"
    # The reason for the override is missing.
    OVERRIDE_NEEDS_REASON = "order.override_needs_reason"

    # Payments.
    PAYMENT_NOT_DUE = "payment.not_due"
    # Parameters: amount, outstanding.
    PAYMENT_TOO_LARGE = "payment.too_large"
    # Parameters: found, expected.
    WRONG_CURRENCY = "payment.wrong_currency"
    NO_CONSENT = "payment.no_consent"
    NO_CARD = "payment.no_card"

    # Subscriptions: why one was not placed as asked.
    NOTHING_AVAILABLE = "subscription.nothing_available"
    PLACED_SHORT = "subscription.placed_short"
    MISSED = "subscription.missed"
