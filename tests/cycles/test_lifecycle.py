"""Openings and closings: each marked once, however late (CYC-11, CYC-14.9)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from ofncore.cycles.lifecycle import CycleStep, plan_closing, plan_opening
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleClosed, CycleOpened
from ofncore.testing.strategies import instants, order_cycles
from ofncore.testing.worlds import CLOSES, NOW, OPENS, order_cycle

TICK = timedelta(microseconds=1)
Plan = Callable[[OrderCycle, datetime, Profile], CycleStep | None]
each_step = pytest.mark.parametrize("plan", [plan_opening, plan_closing])


@pytest.mark.parametrize(("now", "due"), [(OPENS - TICK, False), (OPENS, True), (OPENS + timedelta(days=900), True)])
def test_an_opening_is_due_from_its_instant_on_without_end(now: datetime, due: bool) -> None:  # noqa: FBT001 - a column
    assert (plan_opening(order_cycle(), now, PRODUCT) is not None) == due


@pytest.mark.parametrize(
    ("now", "due"),
    [(CLOSES - TICK, False), (CLOSES, False), (CLOSES + TICK, True), (CLOSES + timedelta(days=900), True)],
)
def test_a_closing_is_due_after_its_instant_without_end(now: datetime, due: bool) -> None:  # noqa: FBT001 - a column
    """CYC-14.1: at its closing a cycle is still open."""
    assert (plan_closing(order_cycle(), now, PRODUCT) is not None) == due


@each_step
@given(cycle=order_cycles(), now=instants())
def test_a_step_that_was_taken_is_not_taken_again(plan: Plan, cycle: OrderCycle, now: datetime) -> None:
    step = plan(cycle, now, PRODUCT)
    if step is not None:
        assert plan(step.cycle, now, PRODUCT) is None
        assert plan(step.cycle, now + timedelta(days=30), PRODUCT) is None


@each_step
@pytest.mark.parametrize("profile", [PRODUCT, OFN])
def test_an_undated_cycle_has_nothing_due(plan: Plan, profile: Profile) -> None:
    undated = order_cycle(orders_open_at=None, orders_close_at=None)
    assert plan(undated, NOW, profile) is None


def test_one_missing_date_does_not_stop_the_other() -> None:
    """CYC-11."""
    assert plan_opening(order_cycle(orders_close_at=None), NOW, PRODUCT) is not None
    assert plan_closing(order_cycle(orders_open_at=None), CLOSES + TICK, PRODUCT) is not None


def test_steps_are_dated_at_the_instants_they_fell_due() -> None:
    opening = plan_opening(order_cycle(), NOW, PRODUCT)
    assert opening is not None
    assert opening.cycle == order_cycle(opened_at=OPENS)
    assert opening.events == (CycleOpened(order_cycle=opening.cycle.id, occasion=iso(OPENS), at=OPENS, late_at=NOW),)
    closing = plan_closing(opening.cycle, CLOSES + TICK, PRODUCT)
    assert closing is not None
    assert closing.cycle == order_cycle(opened_at=OPENS, closed_at=CLOSES)
    assert closing.events == (CycleClosed(order_cycle=closing.cycle.id, occasion=iso(CLOSES), at=CLOSES),)


@each_step
def test_a_step_is_marked_late_more_than_an_hour_after_it_fell_due(plan: Plan) -> None:
    """CYC-14.9."""
    due = OPENS if plan is plan_opening else CLOSES
    punctual, late = (
        plan(order_cycle(), due + timedelta(hours=1), PRODUCT),
        plan(order_cycle(), due + timedelta(hours=1) + TICK, PRODUCT),
    )
    assert punctual is not None
    assert late is not None
    assert punctual.events[0].late_at is None
    assert late.events[0].late_at == due + timedelta(hours=1) + TICK
    assert punctual.cycle == late.cycle


def test_a_cycle_that_opens_again_later_is_another_occasion() -> None:
    """CYC-11: dates that moved make the step due again, and its event is told apart."""
    first = plan_closing(order_cycle(), CLOSES + TICK, PRODUCT)
    moved = plan_closing(order_cycle(orders_close_at=CLOSES + timedelta(days=1)), CLOSES + timedelta(days=2), PRODUCT)
    assert first is not None
    assert moved is not None
    assert first.events[0].id != moved.events[0].id
