"""Where a cycle stands at an instant (CYC-3, CYC-14.1)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.status import CycleStatus, is_open_at, status_at, window_problem
from ofncore.kernel.codes import Code
from ofncore.kernel.policies import CycleBounds
from ofncore.kernel.refusals import problem
from ofncore.model.cycle import OrderCycle
from ofncore.testing.strategies import instants, order_cycles
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle

TICK = timedelta(microseconds=1)
INCLUDED, EXCLUDED = CycleBounds.INCLUDED, CycleBounds.EXCLUDED
UPCOMING, OPEN, CLOSED = CycleStatus.UPCOMING, CycleStatus.OPEN, CycleStatus.CLOSED

#: Instant, state, open by each policy.
AT_BOUNDS = [
    (OPENS - TICK, UPCOMING, False, False),
    (OPENS, OPEN, True, False),
    (OPENS + TICK, OPEN, True, True),
    (NOW, OPEN, True, True),
    (CLOSES - TICK, OPEN, True, True),
    (CLOSES, OPEN, True, False),
    (CLOSES + TICK, CLOSED, False, False),
]


@pytest.mark.parametrize(("now", "status", "included", "excluded"), AT_BOUNDS)
def test_the_states_meet_without_gap_and_the_bounds_are_a_policy(
    now: datetime,
    status: CycleStatus,
    included: bool,  # noqa: FBT001 - a column
    excluded: bool,  # noqa: FBT001 - a column
) -> None:
    """CYC-14.1: the specification includes both instants, Open Food Network's predicate excludes them."""
    assert status_at(order_cycle(), now) is status
    assert is_open_at(order_cycle(), now) == included
    assert is_open_at(order_cycle(), now, INCLUDED) == included
    assert is_open_at(order_cycle(), now, EXCLUDED) == excluded


@given(order_cycles(), instants())
def test_exactly_one_state_holds_at_any_instant(cycle: OrderCycle, now: datetime) -> None:
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    holding = {CycleStatus.UNDATED} if opens is None or closes is None else set[CycleStatus]()
    if opens is not None and closes is not None:
        holding |= {UPCOMING} if now < opens else set()
        holding |= {OPEN} if opens <= now <= closes else set()
        holding |= {CLOSED} if now > closes else set()
    assert holding == {status_at(cycle, now)}


@given(order_cycles(), instants(), instants())
def test_a_dated_cycle_never_goes_back(cycle: OrderCycle, one: datetime, other: datetime) -> None:
    order = [UPCOMING, OPEN, CLOSED]
    first, second = status_at(cycle, min(one, other)), status_at(cycle, max(one, other))
    if first is CycleStatus.UNDATED:
        assert second is CycleStatus.UNDATED
    else:
        assert order.index(first) <= order.index(second)


@pytest.mark.parametrize("missing", ["orders_open_at", "orders_close_at"])
@pytest.mark.parametrize("now", [OPENS - TICK, NOW, CLOSES + TICK])
@pytest.mark.parametrize("bounds", CycleBounds)
def test_a_cycle_without_one_of_its_dates_is_undated_and_sells_nothing(
    missing: str, now: datetime, bounds: CycleBounds
) -> None:
    cycle = order_cycle(**{missing: None})
    assert status_at(cycle, now) is CycleStatus.UNDATED
    assert not is_open_at(cycle, now, bounds)
    assert window_problem(cycle, now, bounds=bounds) == problem(Code.CYCLE_UNDATED)


@given(order_cycles(), instants(), st.sampled_from(CycleBounds))
def test_there_is_a_problem_exactly_when_the_cycle_is_not_open(
    cycle: OrderCycle, now: datetime, bounds: CycleBounds
) -> None:
    assert (window_problem(cycle, now, bounds=bounds) is None) == is_open_at(cycle, now, bounds)


def test_a_closed_window_says_since_or_until_when() -> None:
    cycle = order_cycle()
    path = "$.order_cycle"
    upcoming, closed = (
        problem(Code.CYCLE_UPCOMING, path, at=OPENS),
        problem(Code.CYCLE_CLOSED, path, at=CLOSES),
    )
    assert window_problem(cycle, OPENS - TICK, path=path) == upcoming
    assert window_problem(cycle, CLOSES + TICK, path=path) == closed
    assert window_problem(cycle, OPENS, bounds=EXCLUDED, path=path) == upcoming
    assert window_problem(cycle, CLOSES, bounds=EXCLUDED, path=path) == closed
    assert window_problem(cycle, NOW, path=path) is None


def test_a_cycle_closes_strictly_after_it_opens() -> None:
    """CYC-3: equal dates are refused."""
    with pytest.raises(ValueError, match="closes after it opens"):
        order_cycle(orders_close_at=OPENS)
    assert order_cycle(orders_close_at=OPENS + TICK).orders_close_at == OPENS + TICK
