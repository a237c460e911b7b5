"""Who may put which fees where (PERM-10 `own-fees`, PERM-G7, PERM-G21, PERM-G27)."""

from collections import Counter
from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.editing import CycleEditPlan, EditingFacts, plan_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.cycles.fee_choices import FeeChoice
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import PermissionGrant
from ofncore.testing.worlds import NOW, fee, incoming, outgoing
from permissions.actors import AMELIE, CYCLE, FARM, HUB, MARKET, MONA, ORCHARD, PAUL, grant, relations

FEES = {
    each.id: each
    for each in (
        *(fee(f"{owner}-fee", enterprise=owner) for owner in ("hub", "farm", "dairy", "market", "orchard")),
        fee("old-fee", deleted=True),
    )
}
#: A cycle in which the hub has a fee on everybody, and farm and market one on themselves.
CHARGED = attrs.evolve(
    CYCLE,
    coordinator_fees=(FeeId("hub-fee"),),
    incoming=(incoming("farm", "carrots", "eggs", fees=("hub-fee", "farm-fee")), incoming("dairy", "cheese")),
    outgoing=(outgoing("hub", "carrots"), outgoing("market", "eggs", fees=("hub-fee", "market-fee"))),
)


def choose(
    actor: Actor, where: EnterpriseId | None, *fees: str, grants: Iterable[PermissionGrant] = ()
) -> OrderCycle | set[tuple[str, str]]:
    """Set the fees of a supplier, a distributor, or the cycle; return it, or path and code of each problem."""
    wanted = tuple(map(FeeId, fees))
    edit = CycleEdit(coordinator_fees=wanted)
    if where == MARKET:
        edit = CycleEdit(outgoing=(OutgoingEdit(distributor=MARKET, fees=wanted),))
    elif where is not None:
        edit = CycleEdit(incoming=(IncomingEdit(supplier=where, fees=wanted),))
    facts = EditingFacts(relations=relations(grants), variants={}, fees=FEES)
    plan = plan_edit(CHARGED, edit, facts, actor=actor, now=NOW)
    if isinstance(plan, Refusal):
        return {(each.path, each.code) for each in plan.problems}
    assert isinstance(plan, CycleEditPlan)
    return plan.cycle


def fees_of(cycle: OrderCycle | set[tuple[str, str]], where: EnterpriseId) -> tuple[str, ...]:
    """Return the fees on a participant's exchange."""
    assert isinstance(cycle, OrderCycle), cycle
    exchange = cycle.outgoing_to(where) if where == MARKET else cycle.incoming_from(where)
    assert exchange is not None
    return exchange.fees


def test_a_supplier_adds_and_removes_its_own_fees() -> None:
    """PERM-G21; one that is named twice is charged twice (FEE-5)."""
    assert fees_of(choose(PAUL, FARM, "hub-fee"), FARM) == ("hub-fee",)
    assert fees_of(choose(PAUL, FARM, "hub-fee", "farm-fee", "farm-fee"), FARM) == ("hub-fee", "farm-fee", "farm-fee")


def test_a_supplier_neither_removes_nor_adds_the_fees_of_others() -> None:
    assert choose(PAUL, FARM, "farm-fee") == {("$.incoming[farm].fees[hub-fee]", Code.NEEDS_MANAGER)}
    assert choose(PAUL, FARM, "hub-fee", "farm-fee", "dairy-fee") == {
        ("$.incoming[farm].fees[dairy-fee]", Code.NEEDS_MANAGER)
    }
    assert choose(PAUL, FARM, "hub-fee", "hub-fee", "farm-fee") == {
        ("$.incoming[farm].fees[hub-fee]", Code.NEEDS_MANAGER)
    }


def test_a_distributor_drops_any_fee_of_its_list_and_adds_only_its_own() -> None:
    """PERM-G27."""
    assert fees_of(choose(MONA, MARKET), MARKET) == ()
    assert fees_of(choose(MONA, MARKET, "market-fee", "market-fee"), MARKET) == ("market-fee", "market-fee")
    assert choose(MONA, MARKET, "hub-fee", "hub-fee") == {("$.outgoing[market].fees[hub-fee]", Code.NEEDS_MANAGER)}


def test_the_coordinator_puts_on_fees_of_itself_participants_and_grantors_and_takes_off_any() -> None:
    """PERM-G7."""
    assert fees_of(choose(AMELIE, FARM, "dairy-fee", "market-fee", "hub-fee"), FARM) == (
        "dairy-fee",
        "market-fee",
        "hub-fee",
    )
    assert choose(AMELIE, FARM, "orchard-fee") == {("$.incoming[farm].fees[orchard-fee]", Code.NEEDS_GRANT)}
    granted = choose(AMELIE, FARM, "orchard-fee", grants=[grant(ORCHARD, HUB)])
    assert fees_of(granted, FARM) == ("orchard-fee",)


def test_on_the_whole_cycle_the_coordinator_puts_any_fee() -> None:
    found = choose(AMELIE, None, "orchard-fee", "hub-fee")
    assert isinstance(found, OrderCycle)
    assert found.coordinator_fees == ("orchard-fee", "hub-fee")


@pytest.mark.parametrize("unusable", ["nothing-fee", "old-fee"])
def test_a_fee_that_there_is_not_or_that_was_withdrawn_cannot_be_put_on(unusable: str) -> None:
    """A cycle with an unknown fee could not be priced at all."""
    assert choose(AMELIE, None, "hub-fee", unusable) == {(f"$.coordinator_fees[{unusable}]", Code.UNKNOWN_RECORD)}
    assert (f"$.incoming[farm].fees[{unusable}]", Code.UNKNOWN_RECORD) in problems(choose(AMELIE, FARM, unusable))
    assert (f"$.outgoing[market].fees[{unusable}]", Code.UNKNOWN_RECORD) in problems(choose(MONA, MARKET, unusable))


def problems(found: OrderCycle | set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the problems of an edit that is refused."""
    assert not isinstance(found, OrderCycle)
    return found


def test_a_withdrawn_fee_that_is_there_already_may_stay_and_go() -> None:
    old = attrs.evolve(CHARGED, coordinator_fees=(FeeId("old-fee"),))
    facts = EditingFacts(relations=relations(), variants={}, fees=FEES)
    for fees in ((FeeId("old-fee"), FeeId("hub-fee")), ()):
        plan = plan_edit(old, CycleEdit(coordinator_fees=fees), facts, actor=AMELIE, now=NOW)
        assert isinstance(plan, CycleEditPlan)
        assert plan.cycle.coordinator_fees == fees


def test_who_may_not_touch_a_list_is_told_that_alone() -> None:
    assert choose(MONA, FARM, "nothing-fee", grants=[grant(FARM, MARKET)]) == {
        ("$.incoming[farm].fees", Code.NEEDS_MANAGER)
    }
    assert choose(PAUL, MARKET, "nothing-fee", grants=[grant(FARM, MARKET)]) == {
        ("$.outgoing[market].fees", Code.NEEDS_MANAGER)
    }
    assert choose(MONA, None, "nothing-fee") == {("$.coordinator_fees", Code.NEEDS_MANAGER)}


fee_lists = st.lists(st.sampled_from(["a", "b", "c"]), max_size=6).map(lambda keys: tuple(map(FeeId, keys)))


@given(fee_lists, fee_lists)
def test_what_was_and_what_is_added_less_what_is_dropped_is_what_is_wanted(
    before: tuple[FeeId, ...], wanted: tuple[FeeId, ...]
) -> None:
    """FEE-5: one that is refused loses what is new of it, not what was there."""
    choice = FeeChoice(before=before, wanted=wanted, path="$")
    added = list(choice.added())
    assert sorted((*before, *added)) == sorted((*wanted, *choice.dropped()))
    assert not set(added) & set(choice.dropped())
    assert tuple(choice.without_added(())) == wanted
    refused = set(added)
    assert Counter(choice.without_added(refused)) == Counter(wanted) - Counter(added)


@pytest.mark.parametrize(
    ("fees", "remarked"),
    [
        (("hub-fee", "farm-fee", "market-fee"), []),
        (("hub-fee", "orchard-fee", "orchard-fee"), ["orchard-fee"]),
        ((), []),
    ],
)
def test_a_new_fee_on_the_whole_cycle_of_somebody_without_a_part_in_it_is_remarked(
    fees: tuple[str, ...], remarked: list[str]
) -> None:
    """PERM-10 `own-fees`: any fee may be put there, but one of an outsider is reported, once."""
    facts = EditingFacts(relations=relations(()), variants={}, fees=FEES)
    edit = CycleEdit(coordinator_fees=tuple(map(FeeId, fees)))
    plan = plan_edit(CHARGED, edit, facts, actor=AMELIE, now=NOW)
    assert isinstance(plan, CycleEditPlan)
    assert plan.cycle.coordinator_fees == fees
    assert [each.parameters["fee"] for each in plan.remarks] == remarked
    assert {each.code for each in plan.remarks} <= {Code.FEE_OF_OUTSIDER}


def test_a_fee_that_was_there_before_and_one_whose_owner_leaves_by_the_same_edit() -> None:
    """PERM-10 `own-fees`: only what is new is told; who has a part is told by the cycle as it will be."""
    facts = EditingFacts(relations=relations(()), variants={}, fees=FEES)
    foreign = attrs.evolve(CHARGED, coordinator_fees=(FeeId("orchard-fee"),))
    kept = plan_edit(foreign, CycleEdit(coordinator_fees=(FeeId("orchard-fee"),)), facts, actor=AMELIE, now=NOW)
    assert isinstance(kept, CycleEditPlan)
    assert kept.remarks == ()
    leaving = CycleEdit(coordinator_fees=(FeeId("farm-fee"),), removed_suppliers=(FARM,))
    left = plan_edit(CHARGED, leaving, facts, actor=AMELIE, now=NOW)
    assert isinstance(left, CycleEditPlan)
    assert [each.code for each in left.remarks] == [Code.FEE_OF_OUTSIDER]


def test_two_entries_for_one_supplier_come_to_the_same_when_they_are_made_again() -> None:
    """PERM-12 (property 7): the second entry asks for what was stored, though its owner left by the first time."""
    grants = (grant(FARM, HUB), grant(EnterpriseId("dairy"), HUB))
    facts = EditingFacts(relations=relations(grants), variants={}, fees=FEES)
    dairy = EnterpriseId("dairy")
    edit = CycleEdit(
        whole_incoming=True,
        incoming=(
            IncomingEdit(supplier=dairy, fees=()),
            IncomingEdit(supplier=dairy, fees=(FeeId("market-fee"),)),
        ),
    )
    alone = attrs.evolve(CHARGED, outgoing=(outgoing("hub", "carrots"), outgoing("market")))
    once = plan_edit(alone, attrs.evolve(edit, removed_distributors=(MARKET,)), facts, actor=AMELIE, now=NOW)
    assert isinstance(once, CycleEditPlan)
    assert once.cycle.incoming == (incoming("dairy", "cheese", fees=("market-fee",)),)
    twice = plan_edit(once.cycle, edit, facts, actor=AMELIE, now=NOW)
    assert isinstance(twice, CycleEditPlan), twice
    assert twice.cycle.incoming == once.cycle.incoming
