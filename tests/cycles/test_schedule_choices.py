"""Putting a cycle into schedules and taking it out (PERM-3, PERM-5.2, PERM-8)."""

from collections.abc import Iterable
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycles.guide_world import FEES, METHODS, VARIANTS
from ofncore.cycles.creating import CreationPlan, plan_request
from ofncore.cycles.editing import EditingFacts, EditOutcome, apply_edit, plan_edit
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId, ScheduleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import Schedule
from ofncore.testing.worlds import NOW, order_cycle, schedule, subscription
from permissions.actors import AMELIE, CYCLE, HUB, MARKET, MONA, NOBODY, PAUL, ROOT, relations

#: Coordinated by the hub, by the market and by the hub; the edited one is the hub's too.
CYCLES: Final = {
    each.id: each
    for each in (order_cycle("hubs"), order_cycle("markets", coordinator=MARKET), order_cycle("other", coordinator=HUB))
}
SCHEDULES: Final = {
    each.id: each
    for each in (
        schedule("with", order_cycles=("hubs", CYCLE.id)),
        schedule("alone", order_cycles=(CYCLE.id,)),
        schedule("hubs", order_cycles=("hubs", "other")),
        schedule("markets", order_cycles=("markets",)),
        schedule("shared", order_cycles=("markets", "hubs")),
        schedule("markets-with", order_cycles=("markets", CYCLE.id)),
        schedule("empty", order_cycles=()),
        schedule("hubs-empty", order_cycles=()),
        schedule("markets-empty", order_cycles=()),
    )
}
SUBSCRIPTIONS: Final = {
    each.id: each
    for each in (
        subscription("a", schedule="hubs-empty"),
        subscription("b", schedule="markets-empty"),
        subscription("c", schedule="markets-empty", shop=MARKET),
    )
}
HOLDING: Final = frozenset({"with", "alone", "markets-with"})
FACTS: Final = EditingFacts(
    relations=relations(),
    variants=VARIANTS,
    fees=FEES,
    schedules=SCHEDULES,
    scheduled=CYCLES,
    subscriptions=SUBSCRIPTIONS,
    **METHODS,
)


def asked(schedules: Iterable[str]) -> CycleEdit:
    """Return the edit that puts the cycle into *schedules* and no others."""
    return CycleEdit(schedules=frozenset(map(ScheduleId, schedules)))


def edited(actor: Actor, schedules: Iterable[str], facts: EditingFacts = FACTS) -> EditOutcome:
    """Apply the edit as far as *actor* may."""
    found = apply_edit(CYCLE, asked(schedules), facts, actor=actor, now=NOW)
    assert isinstance(found, EditOutcome)
    return found


def holding(found: EditOutcome) -> set[str]:
    """Return which schedules hold the cycle afterwards."""
    return {each.id for each in after(found).values() if CYCLE.id in each.order_cycles}


def after(found: EditOutcome) -> dict[ScheduleId, Schedule]:
    """Return all schedules as they will be."""
    return SCHEDULES | {each.id: each for each in found.plan.schedules}


def dropped(found: EditOutcome) -> list[tuple[str, str]]:
    """Return path and code of everything that was left out."""
    return [(each.path, each.code) for each in found.dropped]


def test_the_whole_set_is_put_in_and_taken_out_and_the_rest_stays() -> None:
    """PERM-5.2: the coordinator."""
    found = edited(AMELIE, ["with", "hubs", "shared"])
    assert holding(found) == {"with", "hubs", "shared"}
    assert found.dropped == ()
    assert found.applied == (
        "$.schedules[alone]",
        "$.schedules[hubs]",
        "$.schedules[markets-with]",
        "$.schedules[shared]",
    )
    assert after(found)[ScheduleId("hubs")].order_cycles == ("hubs", "other", CYCLE.id)
    assert after(found)[ScheduleId("alone")].order_cycles == ()
    assert [each.changed for each in found.plan.events] == [("$.schedules",)]
    assert found.cycle == CYCLE


def test_schedules_that_are_not_named_stay() -> None:
    found = apply_edit(CYCLE, CycleEdit(name="x"), FACTS, actor=AMELIE, now=NOW)
    assert isinstance(found, EditOutcome)
    assert (found.plan.schedules, found.applied) == ((), ("$.name",))


def test_a_schedule_in_which_one_coordinates_nothing_is_not_ones_own() -> None:
    """PERM-3: also if it is wanted for a cycle of one's own."""
    found = edited(AMELIE, [*HOLDING, "markets"])
    assert holding(found) == HOLDING
    assert found.applied == ()
    assert dropped(found) == [("$.schedules[markets]", Code.NEEDS_MANAGER)]
    assert found.dropped[0].parameters["enterprises"] == ("Market",)


def test_a_participant_changes_the_schedules_of_cycles_that_it_coordinates() -> None:
    """PERM-5.2: the same filter for everybody in the cycle."""
    found = edited(MONA, ["markets", "hubs"])
    assert holding(found) == {"with", "alone", "markets"}
    assert found.applied == ("$.schedules[markets]", "$.schedules[markets-with]")
    assert dropped(found) == [("$.schedules[hubs]", Code.NEEDS_MANAGER)]


def test_a_participant_that_coordinates_nothing_changes_no_schedule_and_learns_of_none() -> None:
    """PERM-3: it sees those that it may edit."""
    found = edited(PAUL, [])
    assert holding(found) == HOLDING
    assert (found.plan.events, found.dropped) == ((), ())
    named = edited(PAUL, ["with", "markets"])
    assert holding(named) == HOLDING
    assert dropped(named) == [("$.schedules[markets]", Code.NEEDS_MANAGER), ("$.schedules[with]", Code.NEEDS_MANAGER)]


def test_somebody_without_a_part_in_the_cycle_is_refused() -> None:
    """PERM-5.1."""
    assert isinstance(apply_edit(CYCLE, asked([]), FACTS, actor=NOBODY, now=NOW), Refusal)


def test_an_unknown_schedule_is_left_out_and_told() -> None:
    found = edited(AMELIE, [*HOLDING, "never"])
    assert found.plan.schedules == ()
    assert dropped(found) == [("$.schedules[never]", Code.UNKNOWN_RECORD)]


@pytest.mark.parametrize(
    ("actor", "key", "missing"),
    [
        (AMELIE, "empty", ()),
        (AMELIE, "hubs-empty", ()),
        (AMELIE, "markets-empty", (("Market",),)),
        (MONA, "empty", (("Hub",),)),
        (MONA, "markets-empty", (("Hub",),)),
        (ROOT, "markets-empty", ()),
    ],
    ids=str,
)
def test_an_empty_schedule_is_begun_by_the_coordinator_unless_another_shop_has_subscriptions(
    actor: Actor, key: str, missing: tuple[tuple[str, ...], ...]
) -> None:
    """PERM-8: as a new one; other people's standing orders are not moved to the cycle."""
    found = edited(actor, [*HOLDING, key])
    assert (key in holding(found)) == (not missing)
    about = [each for each in found.dropped if each.path == f"$.schedules[{key}]"]
    assert tuple(each.parameters["enterprises"] for each in about) == missing


def test_all_or_nothing_takes_schedules_for_a_part_like_any_other() -> None:
    """PERM-12."""
    refused = plan_edit(CYCLE, asked([*HOLDING, "markets", "hubs"]), FACTS, actor=AMELIE, now=NOW)
    assert isinstance(refused, Refusal)
    assert [each.path for each in refused.problems] == ["$.schedules[markets]"]


people = st.sampled_from([AMELIE, PAUL, MONA, ROOT])
sets = st.frozensets(st.sampled_from([*SCHEDULES, "never"]))


@given(people, sets)
def test_only_schedules_change_that_may_and_what_is_not_done_is_told(actor: Actor, wanted: frozenset[str]) -> None:
    """PERM-5.2: each schedule that is named is as asked for, or is told; its other cycles stay as they are."""
    found = edited(actor, wanted)
    told = {path.removeprefix("$.schedules[").removesuffix("]") for path, _ in dropped(found)}
    closed = {
        AMELIE: {"markets", "markets-empty"},
        MONA: {"with", "alone", "hubs", "empty", "hubs-empty", "markets-empty"},
    }
    assert told == wanted & closed.get(actor, set(SCHEDULES) if actor == PAUL else set()) | wanted & {"never"}
    assert wanted - told <= holding(found)
    assert holding(found) - wanted <= HOLDING
    for key, each in after(found).items():
        others = [other for other in each.order_cycles if other != CYCLE.id]
        assert others == [other for other in SCHEDULES[key].order_cycles if other != CYCLE.id]
        if each != SCHEDULES[key] and actor != ROOT:
            mine = {AMELIE: HUB, MONA: MARKET}[actor]
            cycles = (CYCLES | {CYCLE.id: CYCLE})[each.order_cycles[0]] if others else CYCLE
            assert actor == AMELIE or cycles.coordinator == mine


@given(people, sets)
def test_the_same_set_twice_is_the_same_as_once(actor: Actor, wanted: frozenset[str]) -> None:
    """Property 7."""
    once = edited(actor, wanted)
    twice = edited(actor, wanted, attrs.evolve(FACTS, schedules=after(once)))
    assert holding(once) == {
        each.id
        for each in (after(once) | {each.id: each for each in twice.plan.schedules}).values()
        if CYCLE.id in each.order_cycles
    }


def made(schedules: Iterable[str], cycles: dict[OrderCycleId, OrderCycle] | None = None) -> CreationPlan | Refusal:
    """Decide a new cycle of the hub in *schedules*."""
    content = attrs.evolve(asked(schedules), name="New")
    request = CycleRequest(key="new", coordinator=HUB, content=content)
    facts = attrs.evolve(FACTS, scheduled=CYCLES if cycles is None else cycles)
    return plan_request(request, facts, actor=AMELIE, now=NOW)


def test_a_new_cycle_begins_in_schedules_that_its_coordinator_may_edit() -> None:
    """PERM-5.2."""
    found = made(["hubs", "empty"])
    assert isinstance(found, CreationPlan)
    assert {each.id: each.order_cycles[-1] for each in found.schedules} == {"hubs": "new", "empty": "new"}
    refused = made(["hubs", "markets"])
    assert isinstance(refused, Refusal)
    assert [(each.path, each.code) for each in refused.problems] == [("$.schedules[markets]", Code.NEEDS_MANAGER)]


def test_a_request_is_the_same_in_whatever_order_its_schedules_are_named() -> None:
    names = [f"s{number}" for number in range(30)]
    one = CycleRequest(key="new", coordinator=HUB, content=asked(names))
    other = CycleRequest(key="new", coordinator=HUB, content=asked(reversed(names)))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != attrs.evolve(one, content=asked(names[1:])).fingerprint
