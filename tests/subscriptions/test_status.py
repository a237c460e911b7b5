"""Where a subscription stands, and which cycles it reaches (SUB-2, SUB-10, SUB-18 d16)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from ofncore.model.subscription import Subscription
from ofncore.subscriptions.status import SubscriptionStatus, is_in_range, subscription_status_at, takes_orders
from ofncore.testing.strategies import instants, subscriptions
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle, subscription

TICK = timedelta(microseconds=1)
BEGINS, ENDS = NOW - timedelta(days=30), NOW + timedelta(days=30)
CANCELLED, PAUSED, PENDING, ENDED, ACTIVE = (
    SubscriptionStatus.CANCELLED,
    SubscriptionStatus.PAUSED,
    SubscriptionStatus.PENDING,
    SubscriptionStatus.ENDED,
    SubscriptionStatus.ACTIVE,
)
DATED = subscription(begins_at=BEGINS, ends_at=ENDS)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (BEGINS - TICK, PENDING),
        (BEGINS, ACTIVE),
        (NOW, ACTIVE),
        (ENDS, ACTIVE),
        (ENDS + TICK, ENDED),
    ],
)
def test_a_subscription_is_active_from_its_first_to_its_last_instant(now: datetime, status: SubscriptionStatus) -> None:
    """SUB-2: at both ends it is active."""
    assert subscription_status_at(DATED, now) is status


@given(subscriptions(), instants())
def test_the_first_state_that_holds_is_the_state(of: Subscription, now: datetime) -> None:
    """SUB-10."""
    holding = [
        (of.cancelled_at is not None, CANCELLED),
        (of.paused_at is not None, PAUSED),
        (of.begins_at > now, PENDING),
        (of.ends_at is not None and of.ends_at < now, ENDED),
        (True, ACTIVE),
    ]
    assert subscription_status_at(of, now) is next(status for holds, status in holding if holds)


def test_without_an_end_it_never_ends() -> None:
    assert subscription_status_at(subscription(), NOW + timedelta(days=9999)) is ACTIVE


@pytest.mark.parametrize(
    ("begins", "ends", "reached"),
    [
        (CLOSES, None, True),
        (CLOSES + TICK, None, False),
        (BEGINS, CLOSES, True),
        (BEGINS, CLOSES - TICK, False),
        (BEGINS, CLOSES + TICK, True),
        (OPENS - TICK, None, True),
    ],
)
def test_a_cycle_is_reached_if_it_closes_within_the_dates_both_ends_included(
    begins: datetime, ends: datetime | None, *, reached: bool
) -> None:
    """SUB-2, SUB-K5: who begins exactly at the close still gets an order."""
    assert is_in_range(subscription(begins_at=begins, ends_at=ends), order_cycle()) == reached


def test_a_cycle_without_a_close_is_never_reached() -> None:
    assert not is_in_range(subscription(), order_cycle(orders_close_at=None))


@given(subscriptions())
def test_orders_are_made_for_who_is_neither_cancelled_nor_paused(of: Subscription) -> None:
    """SUB-12."""
    assert takes_orders(of) == (of.cancelled_at is None and of.paused_at is None)
