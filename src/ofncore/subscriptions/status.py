"""Where a subscription stands at an instant, and which cycles it reaches.

Source:
    SUB-2 (bounds), SUB-10, SUB-18 d16.
"""

from datetime import datetime
from enum import StrEnum

from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import Subscription


class SubscriptionStatus(StrEnum):
    """The states of a subscription; the first that holds, in this order."""

    CANCELLED = "cancelled"
    PAUSED = "paused"
    PENDING = "pending"
    ENDED = "ended"
    ACTIVE = "active"


def subscription_status_at(subscription: Subscription, now: datetime) -> SubscriptionStatus:
    """Return the state of *subscription* at *now*; at its last instant it is still active."""
    if subscription.cancelled_at is not None:
        return SubscriptionStatus.CANCELLED
    if subscription.paused_at is not None:
        return SubscriptionStatus.PAUSED
    if subscription.begins_at > now:
        return SubscriptionStatus.PENDING
    if subscription.ends_at is not None and subscription.ends_at < now:
        return SubscriptionStatus.ENDED
    return SubscriptionStatus.ACTIVE


def is_in_range(subscription: Subscription, cycle: OrderCycle) -> bool:
    """Whether *cycle* closes within the dates of *subscription*, both ends included; never without a close."""
    closes = cycle.orders_close_at
    if closes is None or closes < subscription.begins_at:
        return False
    return subscription.ends_at is None or closes <= subscription.ends_at


def takes_orders(subscription: Subscription) -> bool:
    """Whether new orders may be placed for *subscription*: neither cancelled nor paused (SUB-12)."""
    return subscription.cancelled_at is None and subscription.paused_at is None
