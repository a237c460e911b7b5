"""Who may change which part of an order cycle (PERM-4, PERM-5)."""

from collections.abc import Iterable
from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.refusals import problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import PermissionGrant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import outgoing, variant
from permissions.actors import (
    AMELIE,
    BERTA,
    CYCLE,
    DAIRY,
    ENTERPRISES,
    FARM,
    HUB,
    MARKET,
    MONA,
    NOBODY,
    OLGA,
    ORCHARD,
    PAUL,
    ROOT,
    grant,
    relations,
)

#: What a supplier's manager may do to its own part, and a distributor's to its own.
OF_SUPPLIERS = {CycleAction.EDIT_INCOMING_VARIANTS, CycleAction.EDIT_INCOMING_FEES}
OF_DISTRIBUTORS = {CycleAction.EDIT_OUTGOING_VARIANTS, CycleAction.EDIT_OUTGOING_TERMS}
VARIANTS = {
    VariantId(name): variant(name, supplier=supplier)
    for name, supplier in (("carrots", FARM), ("eggs", FARM), ("cheese", DAIRY), ("apples", ORCHARD), ("bags", HUB))
} | {VariantId("leeks"): variant("leeks", supplier=FARM, deleted=True)}
FARMS = {"carrots", "eggs"}

each_action = pytest.mark.parametrize("action", CycleAction)


def may(actor: Actor, action: CycleAction, participant: EnterpriseId | None = None) -> bool:
    """Whether *actor* may do *action* to the cycle, without any grants."""
    return check_cycle(actor, action, CYCLE, relations(), participant=participant).allowed


@each_action
@pytest.mark.parametrize("participant", [None, HUB, FARM, DAIRY, MARKET, ORCHARD])
def test_the_coordinator_and_administrators_do_everything(
    action: CycleAction, participant: EnterpriseId | None
) -> None:
    """PERM-G2, PERM-G6, PERM-G7, PERM-G10, PERM-G36."""
    assert may(AMELIE, action, participant)
    assert may(ROOT, action, participant)


@each_action
def test_a_supplier_edits_its_own_incoming_goods_and_fees_and_nothing_else(action: CycleAction) -> None:
    """PERM-G17, PERM-G18, PERM-G21, PERM-G24."""
    assert may(PAUL, action, FARM) == (action in OF_SUPPLIERS)
    assert not any(may(PAUL, action, other) for other in (None, HUB, DAIRY, MARKET))


@each_action
def test_a_distributor_edits_its_own_list_and_terms_and_nothing_else(action: CycleAction) -> None:
    """PERM-G27, PERM-G29, PERM-G31, PERM-G33."""
    assert may(MONA, action, MARKET) == (action in OF_DISTRIBUTORS)
    assert not any(may(MONA, action, other) for other in (None, HUB, FARM, DAIRY))


@each_action
@pytest.mark.parametrize("actor", [NOBODY, OLGA, ENGINE, Actor.customer("anna"), Actor.user("unheard-of")])
def test_who_manages_no_participant_gets_nothing_from_a_cycle(action: CycleAction, actor: Actor) -> None:
    """PERM-12, property 3: not even for an enterprise of their own."""
    assert not any(may(actor, action, each.id) for each in ENTERPRISES)
    assert not may(actor, action)


def test_a_participant_of_one_direction_has_no_say_in_the_other() -> None:
    assert not may(PAUL, CycleAction.EDIT_OUTGOING_VARIANTS, FARM)
    assert not may(MONA, CycleAction.EDIT_INCOMING_VARIANTS, MARKET)


def test_delivery_details_of_incoming_goods_are_the_coordinators_message() -> None:
    """PERM-10 `delivery-instructions`, CYC-14.6."""
    assert not may(PAUL, CycleAction.EDIT_RECEIVAL_INSTRUCTIONS, FARM)
    assert not may(MONA, CycleAction.EDIT_RECEIVAL_INSTRUCTIONS, FARM)


def test_a_no_names_whom_one_must_manage_and_the_rules_that_say_so() -> None:
    decision = check_cycle(
        BERTA, CycleAction.EDIT_INCOMING_FEES, CYCLE, relations(), participant=FARM, path="$.incoming[0].fees"
    )
    assert not decision.allowed
    assert decision.rules == ("PERM-G7", "PERM-G21", "PERM-G29")
    assert (decision.actor, decision.resource) == (BERTA, resource(ResourceKind.INCOMING, CYCLE.id, FARM))
    assert decision.refusal is not None
    assert decision.refusal.problems == (
        problem(
            Code.NEEDS_MANAGER,
            "$.incoming[0].fees",
            action=CycleAction.EDIT_INCOMING_FEES,
            enterprises=("Hub", "Farm"),
        ),
    )


@each_action
def test_every_decision_names_its_rules_and_a_yes_has_no_problems(action: CycleAction) -> None:
    decision = check_cycle(AMELIE, action, CYCLE, relations())
    assert decision.rules
    assert all(rule.startswith("PERM-G") for rule in decision.rules)
    assert decision.refusal is None
    assert not decision.problems


# ---------------------------------------------------------------- outgoing lists


def editable(actor: Actor, distributor: EnterpriseId, *grants: PermissionGrant) -> set[str]:
    """Return what *actor* may tick or untick in the list of *distributor*."""
    return editable_in(CYCLE, actor, distributor, *grants)


def editable_in(cycle: OrderCycle, actor: Actor, distributor: EnterpriseId, *grants: PermissionGrant) -> set[str]:
    """Return what *actor* may tick or untick in the list that *distributor* has in *cycle*."""
    snapshot = Snapshot.around(relations(grants), variants=VARIANTS.values())
    return set(CycleQuestions.of(actor, cycle, snapshot).editable_outgoing_variants(distributor))


@pytest.mark.parametrize("actor", [AMELIE, MONA, ROOT])
def test_a_distributors_list_takes_goods_of_grantors_its_own_and_what_is_there(actor: Actor) -> None:
    """PERM-G14, PERM-G31, PERM-4 L3: eggs stay editable although nobody granted anything."""
    assert editable(actor, MARKET) == {"eggs"}
    assert editable(actor, MARKET, grant(DAIRY, MARKET)) == {"eggs", "cheese"}
    assert editable(actor, MARKET, grant(FARM, MARKET)) == FARMS


def test_a_distributors_own_goods_need_no_grant() -> None:
    assert "bags" in editable(AMELIE, HUB)
    assert "bags" not in editable(AMELIE, MARKET)


def test_a_grant_to_the_coordinator_says_nothing_about_another_distributor() -> None:
    assert editable(AMELIE, MARKET, grant(DAIRY, HUB)) == {"eggs"}


def test_a_supplier_edits_its_goods_in_a_list_only_with_grants_both_ways() -> None:
    """PERM-G22, PERM-G23."""
    there, back = grant(FARM, MARKET), grant(MARKET, FARM)
    assert editable(PAUL, MARKET) == set()
    assert editable(PAUL, MARKET, there) == set()
    assert editable(PAUL, MARKET, back) == set()
    assert editable(PAUL, MARKET, there, back) == FARMS


def test_a_supplier_never_edits_the_goods_of_another() -> None:
    everything = [grant(one, two) for one, two in product((FARM, DAIRY, MARKET), repeat=2) if one != two]
    assert editable(PAUL, MARKET, *everything) == FARMS
    assert editable(BERTA, MARKET, *everything) == {"cheese"}


def test_withdrawn_goods_are_never_editable() -> None:
    cycle = attrs.evolve(CYCLE, outgoing=(outgoing("market", "leeks"),))
    assert "leeks" not in editable_in(cycle, MONA, MARKET)
    assert "leeks" not in editable(AMELIE, MARKET, grant(FARM, MARKET))


@pytest.mark.parametrize("actor", [OLGA, PAUL])
def test_only_the_coordinator_fills_the_list_of_a_distributor_that_takes_no_part_yet(actor: Actor) -> None:
    """PERM-5.3 step 6."""
    grants = [grant(FARM, ORCHARD), grant(ORCHARD, FARM)]
    assert not check_cycle(
        actor, CycleAction.EDIT_OUTGOING_VARIANTS, CYCLE, relations(grants), participant=ORCHARD
    ).allowed
    assert may(AMELIE, CycleAction.EDIT_OUTGOING_VARIANTS, ORCHARD)
    assert editable(AMELIE, ORCHARD, *grants) == FARMS | {"apples"}


# ---------------------------------------------------------------- laws of grants

ids = st.sampled_from([HUB, FARM, DAIRY, MARKET])
pairs = st.frozensets(st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1]), max_size=10)
people = st.sampled_from([AMELIE, PAUL, BERTA, MONA, NOBODY])


def edit_set(actor: Actor, distributor: EnterpriseId, given_: Iterable[tuple[EnterpriseId, EnterpriseId]]) -> set[str]:
    """Return `editable` with the right to sell granted by each pair."""
    return editable(actor, distributor, *(grant(*pair) for pair in given_))


@given(people, st.sampled_from([HUB, MARKET]), pairs, pairs)
def test_another_grant_never_removes_a_right(
    actor: Actor,
    distributor: EnterpriseId,
    some: frozenset[tuple[EnterpriseId, EnterpriseId]],
    more: frozenset[tuple[EnterpriseId, EnterpriseId]],
) -> None:
    """PERM-12, property 2."""
    assert edit_set(actor, distributor, some) <= edit_set(actor, distributor, some | more)


@given(people, st.sampled_from([HUB, MARKET]), pairs)
def test_an_administrator_may_edit_whatever_anybody_may(
    actor: Actor, distributor: EnterpriseId, some: frozenset[tuple[EnterpriseId, EnterpriseId]]
) -> None:
    assert edit_set(actor, distributor, some) <= edit_set(ROOT, distributor, some)
