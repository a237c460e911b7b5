"""The weeks of the demo: those of the world, then copies at the same local times."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ofncore.cli.demo.weeks import demo_weeks
from ofncore.formats.world import read_world
from ofncore.kernel.instants import local
from ofncore.model.world import World


@cache
def french_hub() -> World:
    world = read_world(files("ofncore.cli").joinpath("worlds", "french-hub.json").read_bytes())
    assert isinstance(world, World)
    return world


@given(number=st.integers(min_value=1, max_value=104))
def test_every_week_opens_on_thursday_at_six_and_closes_on_tuesday_at_noon_by_local_clocks(number: int) -> None:
    weeks = demo_weeks(french_hub(), number)
    assert [week.number for week in weeks] == list(range(1, number + 1))
    assert {f"{local(week.opens, week.zone):%a %H:%M}" for week in weeks} == {"Thu 18:00"}
    assert {f"{local(week.closes, week.zone):%a %H:%M}" for week in weeks} == {"Tue 12:00"}


@given(number=st.integers(min_value=1, max_value=104))
def test_no_two_weeks_have_one_cycle_or_one_name(number: int) -> None:
    weeks = demo_weeks(french_hub(), number)
    assert len({week.order_cycle for week in weeks}) == len({week.name for week in weeks}) == number


@given(number=st.integers(min_value=2, max_value=104))
def test_weeks_follow_each_other_and_copies_are_of_the_week_before(number: int) -> None:
    weeks = demo_weeks(french_hub(), number)
    known = {each.id for each in french_hub().order_cycles}
    for before, after in pairwise(weeks):
        days = local(after.opens, after.zone).date() - local(before.opens, before.zone).date()
        assert days.days == 7
        assert after.copied_from == (None if after.order_cycle in known else before.order_cycle)


def test_the_clocks_of_october_change_the_instants_of_a_copy() -> None:
    weeks = {week.name: week for week in demo_weeks(french_hub(), 40)}
    assert weeks["Semaine 42"].opens.hour == 16
    assert weeks["Semaine 44"].opens.hour == 17


def test_a_time_of_day_is_that_of_the_zone() -> None:
    fourth = demo_weeks(french_hub(), 4)[3]
    assert fourth.on(0, "18:00") == fourth.opens
    assert fourth.on(fourth.closing_day(), "12:00") == fourth.closes
    assert (fourth.on(2, "12:00").hour, fourth.on(3, "12:00").hour) == (11, 10)
