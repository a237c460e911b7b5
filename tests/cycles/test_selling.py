"""What an enterprise sells, changed by its owner (PERM-8; PERM-1, PERM-G3, PERM-G11, ORD-K1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.selling import CHOICES, plan_sells
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import SellsChanged
from ofncore.permissions.roles import EnterprisePlan
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import CLOSES, NOW, enterprise, incoming, order_cycle, outgoing, producer, user
from permissions.actors import AMELIE, MONA, PAUL, ROOT

HUB, FARM, MARKET = map(EnterpriseId, ("hub", "farm", "market"))
AFTER: Final = CLOSES + timedelta(seconds=1)
#: Hub coordinates and sells what the farm brings; the market sells it too.
SHARED: Final = order_cycle(
    incoming=(incoming("farm", "eggs"),), outgoing=(outgoing("hub", "eggs"), outgoing("market", "eggs"))
)
#: The same without anybody else.
ALONE: Final = attrs.evolve(SHARED, incoming=(), outgoing=SHARED.outgoing[:1])


def network(*cycles: OrderCycle) -> Snapshot:
    """Return a hub of amelie, a market of mona that sells its own goods, and a farm of paul."""
    return Snapshot.of(
        users=[user(each, is_admin=each == "root") for each in ("amelie", "mona", "paul", "root", "olga")],
        enterprises=[
            enterprise("hub", owner="amelie", managers=("amelie", "olga")),
            enterprise("market", owner="mona", sells=Sells.OWN, order_code_prefix="MRK"),
            producer("farm"),
        ],
        order_cycles=cycles,
    )


def decide(where: EnterpriseId, sells: Sells | str, *cycles: OrderCycle, **given_: Any) -> EnterprisePlan | Refusal:  # noqa: ANN401 - fields by name
    actors = {HUB: AMELIE, MARKET: MONA, FARM: PAUL}
    asked: dict[str, Any] = {"actor": actors.get(where, ROOT), "now": NOW} | given_
    return plan_sells(where, sells, network(*cycles), **asked)


def planned(where: EnterpriseId, sells: Sells | str, *cycles: OrderCycle, **given_: object) -> EnterprisePlan:
    found = decide(where, sells, *cycles, **given_)
    assert isinstance(found, EnterprisePlan), found
    return found


def refused(where: EnterpriseId, sells: Sells | str, *cycles: OrderCycle, **given_: object) -> list[tuple[str, str]]:
    found = decide(where, sells, *cycles, **given_)
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


STILL: Final = [("$.sells", Code.STILL_SELLS)]


# ---------------------------------------------------------------- laws


@given(
    where=st.sampled_from([HUB, MARKET, FARM]),
    sells=st.sampled_from(CHOICES),
    cycles=st.lists(st.sampled_from([SHARED, ALONE]), max_size=1),
    now=st.sampled_from([NOW, AFTER]),
)
def test_who_goes_on_selling_what_it_sold_is_never_held_up(
    where: EnterpriseId, sells: Sells, cycles: list[OrderCycle], now: datetime
) -> None:
    """To sell as much or more is always allowed; once all cycles are closed, so is everything."""
    before = network().enterprises[where]
    found = decide(where, sells, *cycles, now=now)
    if now == AFTER or not cycles or CHOICES.index(sells) >= CHOICES.index(before.sells):
        assert isinstance(found, EnterprisePlan)
        assert found.before == before
        assert found.after == attrs.evolve(before, sells=sells)
        assert (found.events == ()) == (sells is before.sells)


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_the_owner_and_administrators_change_it(actor: Actor) -> None:
    """PERM-8 (sells: owner or administrator)."""
    plan = planned(HUB, "own", actor=actor)
    [event] = plan.events
    assert event == SellsChanged(
        enterprise=HUB, sells=Sells.OWN, formerly=Sells.ANY, actor=actor, at=NOW, occasion=event.occasion
    )


def test_a_mere_manager_does_not_and_of_nothing_nobody_does() -> None:
    assert refused(HUB, "own", actor=Actor.user("olga")) == [("$.enterprise", Code.NEEDS_OWNER)]
    assert refused(EnterpriseId("nowhere"), "own", actor=ROOT) == [("$.enterprise", Code.UNKNOWN_RECORD)]


@pytest.mark.parametrize("wrong", ["unspecified", "", "all", None, 7])
def test_nobody_can_choose_not_to_have_chosen(wrong: Any) -> None:  # noqa: ANN401 - what is none
    with pytest.raises(ValueError, match="sells must be one of 'none', 'own', 'any'"):
        decide(FARM, wrong)


# ---------------------------------------------------------------- what cycles forbid


def test_whoever_coordinates_others_stays_a_hub_until_the_cycle_closes() -> None:
    """PERM-G3: the cycle with others needs a hub."""
    assert refused(HUB, "own", SHARED) == refused(HUB, "none", SHARED) == STILL
    assert planned(HUB, "own", ALONE).after.sells is Sells.OWN
    assert refused(HUB, "none", ALONE) == STILL


def test_whoever_distributes_goes_on_selling() -> None:
    """PERM-G11."""
    assert refused(MARKET, "none", SHARED) == STILL
    assert planned(MARKET, "none", ALONE).after.sells is Sells.NONE


@pytest.mark.parametrize("dates", [{"orders_open_at": None}, {"orders_close_at": None}])
def test_a_cycle_without_dates_is_not_closed(dates: dict[str, Any]) -> None:
    assert refused(HUB, "none", attrs.evolve(SHARED, **dates), now=AFTER) == STILL


def test_the_cycles_are_named() -> None:
    found = decide(HUB, "none", SHARED, attrs.evolve(ALONE, id=OrderCycleId("week-9"), name="Week 9"))
    assert isinstance(found, Refusal)
    assert dict(found.problems[0].parameters) == {"enterprise": "Hub", "cycles": ("Week 10", "Week 9")}


# ---------------------------------------------------------------- the prefix


def test_whoever_begins_to_sell_gets_a_prefix_and_keeps_it() -> None:
    """ORD-K1."""
    assert planned(FARM, "own", order_code_prefix="FRM").after.order_code_prefix == "FRM"
    assert planned(MARKET, "any", order_code_prefix="MRK").after.order_code_prefix == "MRK"
    assert refused(MARKET, "any", order_code_prefix="NEW") == [("$.order_code_prefix", Code.HAS_PREFIX)]


def test_only_what_is_newly_wrong_with_the_record_counts() -> None:
    def flaws(one: Enterprise) -> Iterable[Problem]:
        yield problem(Code.BAD_COUNTRY, "$.address", found="?")
        if one.sells is not Sells.NONE and one.order_code_prefix is None:
            yield problem(Code.MISSING_PREFIX, "$.order_code_prefix", enterprise=one.id)

    assert refused(FARM, "own", flaws=flaws) == [("$.order_code_prefix", Code.MISSING_PREFIX)]
    assert planned(FARM, "own", flaws=flaws, order_code_prefix="FRM").events


# ---------------------------------------------------------------- the history


def test_each_change_of_one_moment_is_an_event_of_its_own() -> None:
    """PERM-8: whatever it was before, what it came to sell at that moment is in the log."""
    plans = [plan for before in CHOICES for plan in changes_from(before)]
    ids = {event.id for plan in plans for event in plan.events}
    assert len(ids) == len(plans) == 6


def changes_from(before: Sells) -> list[EnterprisePlan]:
    """Return what the farm, which sells *before*, can come to sell at one moment."""
    known = Snapshot.of(users=[user("paul")], enterprises=[producer("farm", sells=before, order_code_prefix="FRM")])
    found = [plan_sells(FARM, each, known, actor=PAUL, now=NOW) for each in CHOICES if each is not before]
    return [each for each in found if isinstance(each, EnterprisePlan)]


def test_the_event_tells_the_prefix_that_came_and_no_other() -> None:
    """ORD-K1."""

    def told(where: EnterpriseId, sells: str, prefix: str | None) -> list[tuple[str, str, str | None]]:
        events = planned(where, sells, order_code_prefix=prefix).events
        return [
            (each.formerly, each.sells, each.order_code_prefix) for each in events if isinstance(each, SellsChanged)
        ]

    assert told(FARM, "none", "FRM") == [("none", "none", "FRM")]
    assert told(FARM, "own", "FRM") == [("none", "own", "FRM")]
    assert told(MARKET, "any", "MRK") == told(MARKET, "any", None) == [("own", "any", None)]
