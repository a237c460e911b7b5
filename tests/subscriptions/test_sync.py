"""Which proxy orders a subscription has (SUB-9, SUB-18 d7, d8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import ProxyOrder, ProxyOutcome, Subscription
from ofncore.subscriptions.status import is_in_range
from ofncore.subscriptions.sync import SyncPlan, plan_sync
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle, proxy_order, subscription

WEEK, TICK = timedelta(days=7), timedelta(microseconds=1)


def cycle(number: int) -> OrderCycle:
    """Return the cycle so many weeks from now."""
    shift = WEEK * number
    return order_cycle(f"week{number:+d}", orders_open_at=OPENS + shift, orders_close_at=CLOSES + shift)


CYCLES = [cycle(number) for number in (-2, -1, 0, 1, 2)]
SUBSCRIPTION = subscription(begins_at=OPENS - WEEK)


def of(number: int, **changes: object) -> ProxyOrder:
    """Return the proxy order of the subscription in a cycle."""
    return proxy_order("anna-weekly", f"week{number:+d}", **changes)


def synced(plan: SyncPlan) -> tuple[set[str], set[str]]:
    """Return the cycles of which proxy orders are created, and removed."""
    return {each.order_cycle for each in plan.create}, {each.order_cycle for each in plan.remove}


def test_there_is_one_for_each_cycle_in_range_that_has_not_closed() -> None:
    """SUB-9.1."""
    assert synced(plan_sync(SUBSCRIPTION, CYCLES, [], NOW)) == ({"week+0", "week+1", "week+2"}, set())


@pytest.mark.parametrize(("now", "created"), [(CLOSES, {"week+0"}), (CLOSES + TICK, set())])
def test_at_its_closing_a_cycle_still_gets_one(now: datetime, created: set[str]) -> None:
    """CYC-14.1, code `bounds`: placement and confirmation use the same partition."""
    assert synced(plan_sync(SUBSCRIPTION, [cycle(0)], [], now)) == (created, set())


def test_what_exists_is_not_created_again_whatever_became_of_it() -> None:
    """SUB-9.1: a cancelled one counts as existing."""
    existing = [of(0, cancelled_at=NOW), of(1, outcome=ProxyOutcome.EMPTY), of(2)]
    assert synced(plan_sync(SUBSCRIPTION, CYCLES, existing, NOW)) == (set(), set())


def test_what_is_out_of_range_goes_if_nothing_came_of_it() -> None:
    """SUB-9.2: also when it was cancelled, or its cycle has closed."""
    short = subscription(begins_at=OPENS, ends_at=CLOSES)
    existing = [of(-1), of(0), of(1, cancelled_at=NOW), of(2)]
    assert synced(plan_sync(short, CYCLES, existing, NOW)) == (set(), {"week-1", "week+1", "week+2"})


@pytest.mark.parametrize(
    "kept",
    [
        of(2, order="order-1", outcome=ProxyOutcome.PLACED, placed_at=NOW),
        of(2, order="order-1", outcome=ProxyOutcome.CONFIRMED),
        of(2, outcome=ProxyOutcome.EMPTY),
        of(2, outcome=ProxyOutcome.MISSED),
    ],
)
def test_what_something_came_of_is_never_removed(kept: ProxyOrder) -> None:
    """SUB-9.2, SUB-K1: placed orders stay when their cycle leaves the schedule."""
    assert synced(plan_sync(SUBSCRIPTION, [], [kept], NOW)) == (set(), set())


def test_an_unplaced_one_of_a_closed_cycle_in_range_stays() -> None:
    """SUB-9.2."""
    assert synced(plan_sync(SUBSCRIPTION, CYCLES[:2], [of(-1)], NOW)) == (set(), set())


def test_a_cycle_that_left_the_schedule_takes_its_unplaced_proxy_orders_along() -> None:
    """SUB-K1, SUB-18 d17."""
    assert synced(plan_sync(SUBSCRIPTION, [cycle(1)], [of(0), of(1)], NOW)) == (set(), {"week+0"})


def test_a_cancelled_subscription_gets_no_new_ones() -> None:
    cancelled = subscription(begins_at=OPENS - WEEK, cancelled_at=NOW)
    assert synced(plan_sync(cancelled, CYCLES, [], NOW)) == (set(), set())


def test_a_paused_subscription_keeps_its_places() -> None:
    """SUB-9, SUB-11: they are skipped at placement."""
    paused = subscription(begins_at=OPENS - WEEK, paused_at=NOW)
    assert synced(plan_sync(paused, CYCLES, [], NOW)) == ({"week+0", "week+1", "week+2"}, set())


# ---------------------------------------------------------------- laws

instants = st.integers(-3, 3).map(lambda weeks: NOW + WEEK * weeks) | st.sampled_from([OPENS, CLOSES, CLOSES + WEEK])
some_subscriptions = st.builds(
    lambda begins, ends, paused, cancelled: subscription(
        begins_at=begins, ends_at=ends, paused_at=paused, cancelled_at=cancelled
    ),
    instants,
    st.none() | instants,
    st.none() | instants,
    st.none() | instants,
)
numbers = st.sampled_from([-2, -1, 0, 1, 2])
some_cycles = st.lists(numbers, unique=True).map(lambda chosen: [cycle(number) for number in chosen])
some_proxies = st.lists(
    st.builds(
        lambda number, outcome, cancelled: of(number, outcome=outcome, cancelled_at=cancelled),
        numbers,
        st.none() | st.sampled_from(ProxyOutcome),
        st.none() | instants,
    ),
    unique_by=lambda proxy: proxy.order_cycle,
)


@given(some_subscriptions, some_cycles, some_proxies, instants)
def test_a_second_sync_changes_nothing(
    standing: Subscription, cycles: Sequence[OrderCycle], proxies: list[ProxyOrder], now: datetime
) -> None:
    plan = plan_sync(standing, cycles, proxies, now)
    after = [each for each in proxies if each not in plan.remove] + list(plan.create)
    assert plan_sync(standing, cycles, after, now) == SyncPlan(create=(), remove=())


@given(some_subscriptions, some_cycles, some_proxies, instants)
def test_afterwards_every_reachable_place_is_there_and_no_untouched_one_beyond(
    standing: Subscription, cycles: Sequence[OrderCycle], proxies: list[ProxyOrder], now: datetime
) -> None:
    plan = plan_sync(standing, cycles, proxies, now)
    after = {each.order_cycle: each for each in [*proxies, *plan.create] if each not in plan.remove}
    in_range = {each.id for each in cycles if is_in_range(standing, each)}
    for each in cycles:
        still_open = each.orders_close_at is not None and each.orders_close_at >= now
        if each.id in in_range and still_open and standing.cancelled_at is None:
            assert each.id in after
    assert all(key in in_range or proxy.outcome is not None for key, proxy in after.items())
    assert all(each.outcome is None for each in plan.remove)
