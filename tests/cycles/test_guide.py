"""The rules of the guide to cycles of several actors that are about making and editing them (PERM-2), by number."""

from datetime import timedelta

import attrs
import pytest

from cycles.guide_world import (
    ALL,
    FEES,
    GRANTED,
    METHODS,
    SHED,
    VARIANTS,
    bring,
    brought_by,
    dropped,
    edited,
    facts,
    list_of,
    made,
    relations,
    sell,
    snapshot,
)
from ofncore.cycles.duplicating import CopyingFacts, plan_duplicate
from ofncore.cycles.editing import EditingFacts, EditOutcome, apply_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.cycles.method_choice import WantedMethods, plan_methods
from ofncore.cycles.offer import methods_in_force
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, UserId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import ShopPaymentMethod
from ofncore.permissions.actions import CycleAccess, EnterpriseAction
from ofncore.permissions.asking import check, list_allowed
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    incoming,
    outgoing,
    payment_method,
)
from permissions.actors import (
    AMELIE,
    BERTA,
    CYCLE,
    DAIRY,
    FARM,
    HUB,
    MARKET,
    MONA,
    OLGA,
    ORCHARD,
    PAUL,
    USERS,
    grant,
)

# ---------------------------------------------------------------- who makes cycles, and of which kind


def test_g3_a_producer_that_is_no_hub_gets_the_simple_cycle_of_its_own_goods() -> None:
    """PERM-G3."""
    everything = CycleEdit(
        name="Own",
        incoming=(*bring("shed", "jam").incoming, *bring("farm", "eggs").incoming),
        outgoing=(*sell("shed", "jam").outgoing, *sell("hub", "jam").outgoing),
    )
    own = made(OLGA, "shed", everything)
    assert isinstance(own, EditOutcome)
    assert own.cycle.incoming == (incoming("shed", "jam"),)
    assert [each.distributor for each in own.cycle.outgoing] == ["shed"]
    assert ("$.incoming[farm]", Code.NOT_A_HUB) in dropped(own)
    assert ("$.outgoing[hub]", Code.NOT_A_HUB) in dropped(own)
    assert {path for path, _ in dropped(own)} == {"$.incoming[farm]", "$.outgoing[hub]"}


def test_g3_a_hub_gets_the_full_cycle() -> None:
    """PERM-G3."""
    full = CycleEdit(
        name="Full",
        incoming=(*bring("farm", "eggs").incoming, *bring("dairy", "cheese").incoming),
        outgoing=sell("hub", "eggs").outgoing,
    )
    found = made(AMELIE, "hub", full)
    assert isinstance(found, EditOutcome)
    assert found.dropped == ()
    assert [each.supplier for each in found.cycle.incoming] == [FARM, DAIRY]


def test_g3_a_coordinator_that_is_no_hub_leaves_the_parts_of_others_alone() -> None:
    """PERM-G3, PERM-10 `foreign-exchanges`: even if its whole lists do not name them."""
    mixed = attrs.evolve(CYCLE, coordinator=SHED.id)
    whole = attrs.evolve(bring("shed", "jam"), whole_incoming=True, whole_outgoing=True)
    found = edited(OLGA, whole, cycle=mixed)
    assert found.cycle.incoming == (*CYCLE.incoming, incoming("shed", "jam"))
    assert found.cycle.outgoing == CYCLE.outgoing
    touched = edited(OLGA, bring("farm", "leeks"), cycle=mixed)
    assert touched.cycle == mixed
    assert dropped(touched) == [("$.incoming[farm]", Code.NOT_A_HUB)]
    removed = edited(OLGA, CycleEdit(removed_suppliers=(FARM,)), cycle=mixed)
    assert removed.cycle == mixed
    assert dropped(removed) == [("$.removed_suppliers[farm]", Code.NOT_A_HUB)]


@pytest.mark.parametrize(
    ("actor", "coordinator", "code"),
    [
        (OLGA, "club", Code.CANNOT_COORDINATE),
        (PAUL, "farm", Code.CANNOT_COORDINATE),
        (OLGA, "hub", Code.NEEDS_MANAGER),
        (AMELIE, "nowhere", Code.UNKNOWN_RECORD),
    ],
)
def test_g4_a_mere_profile_neither_makes_nor_manages_a_cycle(actor: Actor, coordinator: str, code: Code) -> None:
    """PERM-G4: nor does anybody make one for somebody else (PERM-10 `create-rights`)."""
    found = made(actor, coordinator, CycleEdit(name="Mine"))
    assert isinstance(found, Refusal)
    assert found.codes == {code}


def test_g4_managers_of_profiles_cannot_open_the_cycles_of_others() -> None:
    """PERM-G4."""
    found = apply_edit(CYCLE, bring("farm", "eggs"), facts(), actor=OLGA, now=NOW)
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


def test_g5_no_edit_and_no_copy_changes_the_coordinator() -> None:
    """PERM-G5."""
    assert not [each.name for each in attrs.fields(CycleEdit) if "coordinator" in each.name and "fees" not in each.name]
    copy = plan_duplicate(
        CYCLE,
        CopyingFacts(relations=relations(GRANTED), live=frozenset(VARIANTS)),
        new_id=OrderCycleId("copy"),
        name="Copy",
        opens=OPENS,
        closes=CLOSES,
        actor=AMELIE,
        now=NOW,
    )
    assert isinstance(copy, OrderCycle)
    assert copy.coordinator == CYCLE.coordinator


def test_g6_the_coordinator_makes_names_and_dates_the_cycle() -> None:
    """PERM-G6."""
    found = made(AMELIE, "hub", CycleEdit(name="Week ten", orders_open_at=OPENS, orders_close_at=CLOSES))
    assert isinstance(found, EditOutcome)
    assert (found.cycle.name, found.cycle.orders_open_at, found.cycle.orders_close_at) == ("Week ten", OPENS, CLOSES)
    assert found.cycle.coordinator == HUB
    later = CLOSES + timedelta(days=1)
    assert edited(AMELIE, CycleEdit(orders_close_at=later)).cycle.orders_close_at == later


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (CycleEdit(), Code.NAME_BLANK),
        (CycleEdit(name=" "), Code.NAME_BLANK),
        (CycleEdit(name="x", orders_open_at=CLOSES, orders_close_at=OPENS), Code.CLOSES_BEFORE_OPENING),
        (CycleEdit(name="x", incoming=bring("nowhere").incoming), Code.UNKNOWN_RECORD),
    ],
)
def test_g6_a_cycle_without_a_name_or_with_dates_that_do_not_fit_is_not_made(edit: CycleEdit, code: Code) -> None:
    """PERM-G6."""
    found = made(AMELIE, "hub", edit)
    assert isinstance(found, Refusal)
    assert found.codes == {code}


# ---------------------------------------------------------------- fees


def test_g7_the_coordinator_charges_everything_one_suppliers_goods_or_one_distributors() -> None:
    """PERM-G7."""
    own = (FeeId("hub-fee"),)
    found = edited(
        AMELIE,
        CycleEdit(
            coordinator_fees=own,
            incoming=(IncomingEdit(supplier=FARM, fees=own),),
            outgoing=(OutgoingEdit(distributor=MARKET, fees=own),),
        ),
    )
    assert found.applied == (
        "$.coordinator_fees[admin-fee]",
        "$.coordinator_fees[hub-fee]",
        "$.incoming[farm].fees[hub-fee]",
        "$.outgoing[market].fees[hub-fee]",
    )
    assert found.dropped == ()


def test_g7_the_coordinators_manager_puts_no_fee_of_an_enterprise_without_a_part_even_if_it_is_theirs() -> None:
    """PERM-G7, PERM-10 `own-fees`: they act for the coordinator."""
    both = tuple(
        attrs.evolve(each, managers=(*each.managers, UserId(AMELIE.id))) if each.id == ORCHARD else each for each in ALL
    )
    known = attrs.evolve(facts(), relations=Relations.of(users=USERS, enterprises=both, grants=GRANTED))
    foreign = CycleEdit(incoming=(IncomingEdit(supplier=FARM, fees=(FeeId("orchard-fee"),)),))
    found = apply_edit(CYCLE, foreign, known, actor=AMELIE, now=NOW)
    assert isinstance(found, EditOutcome)
    assert dropped(found) == [("$.incoming[farm].fees[orchard-fee]", Code.NEEDS_GRANT)]
    assert found.cycle == CYCLE


def test_g21_a_supplier_puts_and_takes_off_its_own_fees_and_leaves_those_of_others() -> None:
    """PERM-G21."""
    charged = attrs.evolve(
        CYCLE, incoming=(incoming("farm", "carrots", "eggs", fees=("hub-fee",)), incoming("dairy", "cheese"))
    )
    wanted = CycleEdit(incoming=(IncomingEdit(supplier=FARM, fees=(FeeId("farm-fee"), FeeId("dairy-fee"))),))
    found = edited(PAUL, wanted, cycle=charged)
    assert found.cycle.incoming[0].fees == ("farm-fee", "hub-fee")
    assert dropped(found) == [
        ("$.incoming[farm].fees[dairy-fee]", Code.NEEDS_MANAGER),
        ("$.incoming[farm].fees[hub-fee]", Code.NEEDS_MANAGER),
    ]


# ---------------------------------------------------------------- suppliers


def test_g8_the_coordinator_calls_in_a_supplier_that_granted_it_beforehand() -> None:
    """PERM-G8."""
    wanted = bring("orchard", "apples")
    refused = edited(AMELIE, wanted)
    assert refused.cycle == CYCLE
    assert dropped(refused) == [("$.incoming[orchard]", Code.NEEDS_GRANT)]
    found = edited(AMELIE, wanted, (*GRANTED, grant(ORCHARD, HUB)))
    assert brought_by(found.cycle, ORCHARD) == {"apples"}


def test_g9_the_possible_suppliers_are_the_producers_that_granted_it_and_those_in_the_cycle() -> None:
    """PERM-G9."""
    grants = (grant(ORCHARD, HUB), grant(MARKET, HUB))
    asked = CycleQuestions.of(AMELIE, CYCLE, snapshot(grants))
    assert asked.supplier_candidates() == {FARM, DAIRY, ORCHARD}


def test_g10_the_coordinator_picks_from_the_catalogues_of_its_suppliers_and_from_no_other() -> None:
    """PERM-G10."""
    found = edited(AMELIE, bring("farm", "leeks", "eggs", "apples"))
    assert brought_by(found.cycle, FARM) == {"leeks", "eggs"}
    assert dropped(found) == [("$.incoming[farm].variants[apples]", Code.NOT_OF_SUPPLIER)]


def test_g17_a_supplier_unticks_what_it_cannot_deliver_and_it_leaves_the_shops() -> None:
    """PERM-G17, PERM-10 `cascade`."""
    found = edited(PAUL, bring("farm", "carrots", "leeks"))
    assert brought_by(found.cycle, FARM) == {"carrots", "leeks"}
    assert list_of(found.cycle, HUB) == {"carrots", "cheese"}
    assert list_of(found.cycle, MARKET) == set()
    assert set(found.plan.cascaded) == {(HUB, "eggs"), (MARKET, "eggs")}


@pytest.mark.parametrize("actor", [PAUL, BERTA], ids=str)
def test_g18_a_supplier_changes_neither_name_nor_dates(actor: Actor) -> None:
    """PERM-G18."""
    wanted = CycleEdit(name="Mine", orders_open_at=None, orders_close_at=OPENS)
    found = edited(actor, wanted)
    assert found.cycle == CYCLE
    assert [path for path, _ in dropped(found)] == ["$.name", "$.orders_open_at", "$.orders_close_at"]


def test_g22_a_supplier_adds_and_removes_its_goods_in_a_list_with_grants_both_ways() -> None:
    """PERM-G22."""
    both = (*GRANTED, grant(FARM, MARKET), grant(MARKET, FARM))
    found = edited(PAUL, sell("market", "carrots"), both)
    assert list_of(found.cycle, MARKET) == {"carrots"}
    assert found.dropped == ()


@pytest.mark.parametrize("more", [(), (grant(FARM, MARKET),), (grant(MARKET, FARM),)])
def test_g23_without_both_grants_a_supplier_neither_adds_nor_removes(more: tuple[PermissionGrant, ...]) -> None:
    """PERM-G23."""
    found = edited(PAUL, sell("market", "carrots"), (*GRANTED, *more))
    assert found.cycle == CYCLE
    assert {code for _, code in dropped(found)} == {Code.NEEDS_GRANT}
    asked = CycleQuestions.of(PAUL, CYCLE, snapshot((*GRANTED, *more)))
    assert "eggs" in asked.visible_outgoing_variants(MARKET)


@pytest.mark.parametrize("distributor", ["hub", "market"])
def test_g24_a_supplier_never_changes_times_instructions_tags_or_fees_of_a_distributor(distributor: str) -> None:
    """PERM-G24."""
    both = (*GRANTED, grant(FARM, MARKET), grant(MARKET, FARM), grant(HUB, FARM))
    terms = OutgoingEdit(
        distributor=EnterpriseId(distributor),
        fees=(FeeId("farm-fee"),),
        ready_for="Never",
        pickup_instructions="Ask me",
        tags=("mine",),
    )
    found = edited(PAUL, CycleEdit(outgoing=(terms,)), both)
    assert found.cycle == CYCLE
    assert {code for _, code in dropped(found)} == {Code.NEEDS_MANAGER}
    assert {path for path, _ in dropped(found)} == {
        f"$.outgoing[{distributor}].{name}" for name in ("fees", "ready_for", "pickup_instructions", "tags")
    }


# ---------------------------------------------------------------- distributors


@pytest.mark.parametrize(
    ("distributor", "grants", "codes"),
    [
        ("stall", (), {Code.NEEDS_GRANT, Code.NO_PAYMENT_METHOD, Code.NO_SHIPPING_METHOD}),
        ("stall", (grant("stall", HUB),), {Code.NO_PAYMENT_METHOD, Code.NO_SHIPPING_METHOD}),
        ("club", (grant("club", HUB),), {Code.NOT_A_SHOP}),
        ("absent", (), {Code.NEEDS_GRANT}),
        ("absent", (grant("absent", HUB),), set()),
        ("shed", (grant("shed", HUB),), set()),
    ],
)
def test_g11_a_distributor_sells_granted_the_coordinator_and_is_ready(
    distributor: str, grants: tuple[PermissionGrant, ...], codes: set[Code]
) -> None:
    """PERM-G11."""
    found = edited(AMELIE, sell(distributor), (*GRANTED, *grants))
    assert {code for _, code in dropped(found)} == codes
    assert (found.cycle.outgoing_to(EnterpriseId(distributor)) is None) == bool(codes)


@pytest.mark.parametrize(
    ("missing", "code"),
    [("payment_methods", Code.NO_PAYMENT_METHOD), ("shipping_methods", Code.NO_SHIPPING_METHOD)],
)
def test_g12_a_hub_without_a_method_is_listed_and_cannot_be_selected(missing: str, code: Code) -> None:
    """PERM-G12, PERM-10 `readiness`: one that is in the cycle already stays and is edited as before."""
    grants = (*GRANTED, grant("absent", HUB))
    known = EditingFacts(relations=relations(grants), variants=VARIANTS, fees=FEES, **(METHODS | {missing: {}}))
    found = apply_edit(CYCLE, sell("absent"), known, actor=AMELIE, now=NOW)
    assert isinstance(found, EditOutcome)
    assert dropped(found) == [("$.outgoing[absent]", code)]
    assert EnterpriseId("absent") in CycleQuestions.of(AMELIE, CYCLE, snapshot(grants)).distributor_candidates()
    stays = apply_edit(CYCLE, sell("market", ready_for="Soon"), known, actor=AMELIE, now=NOW)
    assert isinstance(stays, EditOutcome)
    assert stays.dropped == ()


def test_g13_outgoing_goods_are_among_the_incoming_ones() -> None:
    """PERM-G13, PERM-5.3 step 4: goods that come in by the same edit count."""
    found = edited(AMELIE, sell("hub", "eggs", "leeks", "apples"))
    assert list_of(found.cycle, HUB) == {"eggs"}
    assert {code for _, code in dropped(found)} == {Code.VARIANT_NOT_INCOMING}
    both = CycleEdit(incoming=bring("farm", "leeks").incoming, outgoing=sell("hub", "leeks").outgoing)
    assert list_of(edited(AMELIE, both).cycle, HUB) == {"leeks"}


def test_g14_the_goods_of_a_supplier_are_for_the_distributors_it_granted() -> None:
    """PERM-G14."""
    found = edited(AMELIE, sell("market", "eggs", "carrots"))
    assert list_of(found.cycle, MARKET) == {"eggs"}
    assert dropped(found) == [("$.outgoing[market].variants[carrots]", Code.NEEDS_GRANT)]
    granted = edited(AMELIE, sell("market", "eggs", "carrots"), (*GRANTED, grant(FARM, MARKET)))
    assert list_of(granted.cycle, MARKET) == {"eggs", "carrots"}


def test_g27_a_distributor_edits_its_times_instructions_and_fees_and_neither_name_nor_dates() -> None:
    """PERM-G27."""
    terms = OutgoingEdit(
        distributor=MARKET, fees=(FeeId("market-fee"),), ready_for="Sunday", pickup_instructions="Bags", tags=("pro",)
    )
    found = edited(MONA, CycleEdit(name="Mine", orders_close_at=None, outgoing=(terms,)))
    own = outgoing(
        "market", "eggs", fees=("market-fee",), ready_for="Sunday", pickup_instructions="Bags", tags=("pro",)
    )
    assert found.cycle == attrs.evolve(CYCLE, outgoing=(CYCLE.outgoing[0], own))
    assert [path for path, _ in dropped(found)] == ["$.name", "$.orders_close_at"]


def test_g29_a_distributor_neither_ticks_incoming_goods_nor_charges_or_instructs_a_supplier() -> None:
    """PERM-G29, PERM-G32, PERM-10 `delivery-instructions`: what is told to the producer is the coordinator's to say."""
    entry = bring("farm", "eggs", fees=(FeeId("market-fee"),), receival_instructions="Gate 3")
    grants = (*GRANTED, grant(FARM, MARKET))
    assert "carrots" in CycleQuestions.of(MONA, CYCLE, snapshot(grants)).visible_incoming_variants(FARM)
    found = edited(MONA, entry, grants)
    assert found.cycle == CYCLE
    assert [path for path, _ in dropped(found)] == [
        f"$.incoming[farm].{name}" for name in ("variants", "fees", "receival_instructions")
    ]


@pytest.mark.parametrize("actor", [PAUL, MONA], ids=str)
def test_g30_only_the_coordinator_adds_and_removes_suppliers(actor: Actor) -> None:
    """PERM-G30."""
    grants = (*GRANTED, grant(ORCHARD, HUB), grant(ORCHARD, MARKET), grant(ORCHARD, FARM))
    found = edited(actor, attrs.evolve(bring("orchard", "apples"), removed_suppliers=(DAIRY,)), grants)
    assert found.cycle == CYCLE
    assert dropped(found) == [
        ("$.removed_suppliers[dairy]", Code.NEEDS_MANAGER),
        ("$.incoming[orchard]", Code.NEEDS_MANAGER),
    ]
    whole = edited(actor, CycleEdit(whole_incoming=True, whole_outgoing=True), grants)
    assert whole.cycle == CYCLE


def test_g31_a_distributor_adds_and_removes_goods_of_suppliers_that_granted_it_only() -> None:
    """PERM-G31."""
    grants = (*GRANTED, grant(FARM, MARKET))
    found = edited(MONA, sell("market", "carrots", "cheese"), grants)
    assert list_of(found.cycle, MARKET) == {"carrots"}
    assert dropped(found) == [("$.outgoing[market].variants[cheese]", Code.NEEDS_GRANT)]


# ---------------------------------------------------------------- methods, copies


def test_g35_by_default_the_cycle_offers_every_method_and_each_side_chooses_for_its_shops() -> None:
    """PERM-G35, PERM-5.4."""
    card, cash = (payment_method(name, distributors=(HUB, MARKET)) for name in ("card", "cash"))
    hub = next(each for each in ALL if each.id == HUB)
    assert methods_in_force((card, cash), shop=HUB, chosen=(), coordinator=hub) == (card, cash)
    by_card, in_cash = ShopPaymentMethod(HUB, card.id), ShopPaymentMethod(MARKET, cash.id)
    known = attrs.evolve(facts(), payment_methods={card.id: card, cash.id: cash})
    wanted = WantedMethods(payment_methods=frozenset((by_card, in_cash)))
    for actor, chosen in ((AMELIE, {by_card, in_cash}), (MONA, {in_cash}), (PAUL, set())):
        found = plan_methods(CYCLE, wanted, known, actor=actor, now=NOW)
        assert isinstance(found, EditOutcome)
        assert set(found.cycle.payment_methods) == chosen


@pytest.mark.parametrize(("actor", "may"), [(AMELIE, True), (PAUL, False), (MONA, False)], ids=str)
def test_g37_only_the_coordinator_copies_and_deletes_the_cycle(actor: Actor, may: bool) -> None:  # noqa: FBT001 - a column
    """PERM-G37."""
    asked = check(actor, CycleAccess.MANAGE, resource(ResourceKind.ORDER_CYCLE, CYCLE.id), snapshot())
    assert asked.allowed == may


def test_g4_who_may_make_a_cycle_is_who_may_be_its_coordinator() -> None:
    """PERM-G4: asking and doing agree."""
    for actor in (AMELIE, MONA, PAUL, OLGA):
        able = {
            each.key[0]
            for each in list_allowed(actor, EnterpriseAction.COORDINATE, ResourceKind.ENTERPRISE, snapshot())
        }
        does = {each.id for each in ALL if isinstance(made(actor, each.id, CycleEdit(name="x")), EditOutcome)}
        assert able == does
