"""Changing a cycle, within what the actor may change (CYC-5, CYC-11, CYC-12, PERM-2, PERM-5, PERM-10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.attributes import ENDLESS_AFTER
from ofncore.cycles.editing import CycleEditPlan, EditingFacts, plan_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.grant import PermissionGrant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    fee,
    incoming,
    outgoing,
    payment_method,
    shipping_method,
    variant,
)
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

TICK = timedelta(microseconds=1)
SUPPLIERS = {
    "carrots": FARM,
    "eggs": FARM,
    "leeks": FARM,
    "cheese": DAIRY,
    "apples": ORCHARD,
}
VARIANTS = {VariantId(name): variant(name, supplier=supplier) for name, supplier in SUPPLIERS.items()} | {
    VariantId("turnips"): variant("turnips", supplier=FARM, deleted=True),
    VariantId("oranges"): variant("oranges", supplier=FARM, price=Money(300, "CHF")),
}
FEES = {
    each.id: each for each in (fee("admin-fee"), fee("farm-fee", enterprise=FARM), fee("market-fee", enterprise=MARKET))
}
#: Every shop has a way to pay and one to deliver.
SHOPS = tuple(each.id for each in ENTERPRISES)
METHODS: dict[str, Any] = {
    "payment_methods": {PaymentMethodId("cash"): payment_method("cash", distributors=SHOPS)},
    "shipping_methods": {ShippingMethodId("pickup"): shipping_method("pickup", distributors=SHOPS)},
}
#: What the hub needs to sell the goods of both suppliers.
GRANTED = (grant(FARM, HUB), grant(DAIRY, HUB), grant(MARKET, HUB))


def ids(*names: str) -> tuple[VariantId, ...]:
    """Return ids of variants."""
    return tuple(map(VariantId, names))


def bring(supplier: EnterpriseId, *names: str) -> CycleEdit:
    """Return the edit that sets what *supplier* brings."""
    return CycleEdit(incoming=(IncomingEdit(supplier=supplier, variants=ids(*names)),))


def sell(distributor: EnterpriseId, *names: str) -> CycleEdit:
    """Return the edit that sets what *distributor* sells."""
    return CycleEdit(outgoing=(OutgoingEdit(distributor=distributor, variants=ids(*names)),))


def edit(
    actor: Actor,
    wanted: CycleEdit,
    *,
    cycle: OrderCycle = CYCLE,
    grants: Iterable[PermissionGrant] = GRANTED,
    now: datetime = NOW,
) -> CycleEditPlan | Refusal:
    """Decide *wanted* by *actor*."""
    facts = EditingFacts(relations=relations(grants), variants=VARIANTS, fees=FEES, **METHODS)
    return plan_edit(cycle, wanted, facts, actor=actor, now=now)


def edited(
    actor: Actor, wanted: CycleEdit, *, cycle: OrderCycle = CYCLE, grants: Iterable[PermissionGrant] = GRANTED
) -> OrderCycle:
    """Return the cycle after *wanted* by *actor*, which is allowed."""
    plan = edit(actor, wanted, cycle=cycle, grants=grants)
    assert isinstance(plan, CycleEditPlan), plan
    return plan.cycle


def refused(actor: Actor, wanted: CycleEdit, grants: Iterable[PermissionGrant] = GRANTED) -> list[tuple[str, str]]:
    """Return path and code of every problem with *wanted* by *actor*, which is refused."""
    found = edit(actor, wanted, grants=grants)
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


def sold(cycle: OrderCycle, distributor: EnterpriseId) -> set[str]:
    """Return what *distributor* sells."""
    exchange = cycle.outgoing_to(distributor)
    return set(exchange.variants) if exchange else set()


# ---------------------------------------------------------------- the coordinator


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_the_coordinator_names_dates_and_charges_the_whole_cycle(actor: Actor) -> None:
    """PERM-G6, PERM-G7."""
    later = CLOSES + timedelta(days=1)
    wanted = CycleEdit(
        name="Week eleven",
        orders_open_at=OPENS - timedelta(hours=1),
        orders_close_at=later,
        automatic_notifications=True,
        coordinator_fees=(FeeId("admin-fee"), FeeId("admin-fee")),
    )
    cycle = edited(actor, wanted)
    assert (cycle.name, cycle.orders_open_at, cycle.orders_close_at) == (
        "Week eleven",
        OPENS - timedelta(hours=1),
        later,
    )
    assert cycle.automatic_notifications
    assert cycle.coordinator_fees == ("admin-fee", "admin-fee")


def test_the_coordinator_picks_from_the_catalogues_of_its_suppliers() -> None:
    """PERM-G10, PERM-G13."""
    cycle = edited(AMELIE, bring(FARM, "carrots", "eggs", "leeks"))
    assert cycle.incoming_from(FARM) == incoming("farm", "carrots", "eggs", "leeks")
    assert sold(edited(AMELIE, sell(HUB, "leeks"), cycle=cycle), HUB) == {"leeks"}


def test_the_coordinator_writes_to_suppliers_and_for_buyers() -> None:
    """PERM-G27, PERM-G32, PERM-G33."""
    wanted = CycleEdit(
        incoming=(IncomingEdit(supplier=FARM, receival_instructions="Gate 2"),),
        outgoing=(
            OutgoingEdit(distributor=MARKET, ready_for="Saturday", pickup_instructions="Ring", tags=("Pro ", "pro")),
        ),
    )
    cycle = edited(AMELIE, wanted)
    assert cycle.incoming_from(FARM) == incoming("farm", "carrots", "eggs", receival_instructions="Gate 2")
    market = outgoing("market", "eggs", ready_for="Saturday", pickup_instructions="Ring", tags=("pro",))
    assert cycle.outgoing_to(MARKET) == market


def test_the_coordinator_never_changes() -> None:
    """PERM-G5, CYC-G9: an edit has no place for one."""
    assert "coordinator" not in {each.name for each in attrs.fields(CycleEdit)}
    assert edited(AMELIE, CycleEdit(name="x")).coordinator == HUB


def test_only_the_coordinator_adds_a_supplier_and_only_one_that_granted_it() -> None:
    """PERM-G8, PERM-G9, PERM-G30, PERM-10 `supplier-consent`."""
    wanted = bring(ORCHARD, "apples")
    cycle = edited(AMELIE, wanted, grants=(*GRANTED, grant(ORCHARD, HUB)))
    assert cycle.incoming_from(ORCHARD) == incoming("orchard", "apples")
    assert refused(AMELIE, wanted) == [("$.incoming[orchard]", Code.NEEDS_GRANT)]
    for other in (OLGA, PAUL, MONA):
        assert ("$.incoming[orchard]", Code.NEEDS_MANAGER) in refused(other, wanted, [*GRANTED, grant(ORCHARD, HUB)])


def test_a_new_distributor_sells_and_granted_the_coordinator() -> None:
    """PERM-G11, PERM-10 `distributor-consent`: a producer without a shop cannot be one."""
    absent = EnterpriseId("absent")
    assert edited(AMELIE, sell(absent), grants=(*GRANTED, grant("absent", HUB))).outgoing_to(absent) is not None
    assert refused(AMELIE, sell(absent)) == [("$.outgoing[absent]", Code.NEEDS_GRANT)]
    assert refused(AMELIE, sell(ORCHARD), [grant(ORCHARD, HUB)]) == [("$.outgoing[orchard]", Code.NOT_A_SHOP)]


def test_an_enterprise_that_there_is_not_cannot_join() -> None:
    nowhere = EnterpriseId("nowhere")
    assert refused(AMELIE, bring(nowhere)) == [("$.incoming[nowhere]", Code.UNKNOWN_RECORD)]
    assert refused(AMELIE, sell(nowhere)) == [("$.outgoing[nowhere]", Code.UNKNOWN_RECORD)]


def test_the_coordinator_removes_participants_and_nobody_else_does() -> None:
    """PERM-5.3, PERM-G30."""
    cycle = edited(AMELIE, CycleEdit(removed_suppliers=(DAIRY,), removed_distributors=(MARKET,)))
    assert {each.supplier for each in cycle.incoming} == {FARM}
    assert {each.distributor for each in cycle.outgoing} == {HUB}
    for actor in (PAUL, BERTA, MONA):
        assert refused(actor, CycleEdit(removed_suppliers=(DAIRY,))) == [
            ("$.removed_suppliers[dairy]", Code.NEEDS_MANAGER)
        ]
        path = "$.removed_distributors[market]"
        assert refused(actor, CycleEdit(removed_distributors=(MARKET,))) == [(path, Code.NEEDS_MANAGER)]


# ---------------------------------------------------------------- suppliers


def test_a_supplier_unticks_and_ticks_its_own_incoming_goods() -> None:
    """PERM-G17."""
    assert edited(PAUL, bring(FARM, "eggs")).incoming_from(FARM) == incoming("farm", "eggs")
    assert edited(PAUL, bring(FARM, "carrots", "eggs", "leeks")).incoming_from(FARM) == incoming(
        "farm", "carrots", "eggs", "leeks"
    )


def test_a_supplier_never_brings_the_goods_of_another_nor_withdrawn_or_unknown_ones() -> None:
    wanted = bring(FARM, "eggs", "cheese", "turnips", "gold")
    assert refused(PAUL, wanted) == [
        ("$.incoming[farm].variants[cheese]", Code.NOT_OF_SUPPLIER),
        ("$.incoming[farm].variants[turnips]", Code.UNKNOWN_RECORD),
        ("$.incoming[farm].variants[gold]", Code.UNKNOWN_RECORD),
    ]


@pytest.mark.parametrize("actor", [PAUL, BERTA, MONA], ids=str)
@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (CycleEdit(name="Mine"), "$.name"),
        (CycleEdit(orders_open_at=OPENS - TICK), "$.orders_open_at"),
        (CycleEdit(orders_close_at=None), "$.orders_close_at"),
        (CycleEdit(automatic_notifications=True), "$.automatic_notifications"),
        (CycleEdit(coordinator_fees=()), "$.coordinator_fees"),
    ],
)
def test_a_participant_never_changes_name_dates_or_the_coordinators_fees(
    actor: Actor, wanted: CycleEdit, path: str
) -> None:
    """PERM-G18, PERM-G27, PERM-10 `cycle-attributes`, CYC-14.7."""
    assert refused(actor, wanted) == [(path, Code.NEEDS_MANAGER)]


@pytest.mark.parametrize("distributor", [HUB, MARKET])
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ready_for", OutgoingEdit(distributor=HUB, ready_for="x")),
        ("pickup_instructions", OutgoingEdit(distributor=HUB, pickup_instructions="x")),
        ("fees", OutgoingEdit(distributor=HUB, fees=())),
        ("tags", OutgoingEdit(distributor=HUB, tags=("pro",))),
    ],
)
def test_a_supplier_never_changes_pick_up_texts_tags_or_the_distributors_fees(
    distributor: EnterpriseId, name: str, change: OutgoingEdit
) -> None:
    """PERM-G24: whatever was granted."""
    both_ways = [grant(one, two) for one, two in permutations((FARM, HUB, MARKET), 2)]
    wanted = CycleEdit(outgoing=(attrs.evolve(change, distributor=distributor),))
    assert refused(PAUL, wanted, both_ways) == [(f"$.outgoing[{distributor}].{name}", Code.NEEDS_MANAGER)]


def test_a_supplier_edits_its_goods_in_a_list_with_grants_both_ways() -> None:
    """PERM-G22."""
    both = (grant(FARM, MARKET), grant(MARKET, FARM))
    assert sold(edited(PAUL, sell(MARKET, "eggs", "carrots"), grants=both), MARKET) == {"eggs", "carrots"}
    assert sold(edited(PAUL, sell(MARKET), grants=both), MARKET) == set()


@pytest.mark.parametrize(
    ("given_", "missing"),
    [
        ((), ("Farm", "Market")),
        ((grant(MARKET, FARM),), ("Farm", "Market")),
        ((grant(FARM, MARKET),), ("Market", "Farm")),
    ],
)
@pytest.mark.parametrize("names", [("eggs", "carrots"), ()])
def test_without_one_of_the_grants_a_supplier_neither_adds_nor_removes(
    given_: tuple[PermissionGrant, ...], missing: tuple[str, str], names: tuple[str, ...]
) -> None:
    """PERM-G23: the refusal names the grant that is missing."""
    found = edit(PAUL, sell(MARKET, *names), grants=given_)
    assert isinstance(found, Refusal)
    [why] = found.problems
    assert why.code == Code.NEEDS_GRANT
    assert (why.parameters["grantor"], why.parameters["grantee"]) == missing


def test_a_supplier_leaves_the_goods_of_others_in_a_list_as_they_are() -> None:
    """PERM-4, PERM-G23: what it does not see there stays without a word."""
    both = [grant(FARM, HUB), grant(HUB, FARM)]
    assert sold(edited(PAUL, sell(HUB, "eggs"), grants=both), HUB) == {"cheese", "eggs"}
    assert sold(edited(PAUL, sell(HUB, "eggs", "carrots"), grants=both), HUB) == {"cheese", "eggs", "carrots"}


def test_a_supplier_that_asks_for_the_goods_of_others_is_told_the_same_whether_they_are_listed_or_not() -> None:
    """PERM-4: or asking would show what it does not see."""
    both = [grant(FARM, HUB), grant(HUB, FARM)]
    path = "$.outgoing[hub].variants[cheese]"
    lists = (ids("cheese", "eggs", "carrots"), ids("eggs", "carrots"))
    cycles = [attrs.evolve(CYCLE, outgoing=(OutgoingExchange(distributor=HUB, variants=each),)) for each in lists]
    for given_, problems in (
        (both, [(path, Code.NEEDS_MANAGER), (path, Code.NEEDS_GRANT)]),
        ([*both, grant(DAIRY, HUB)], [(path, Code.NEEDS_MANAGER)]),
    ):
        wanted = sell(HUB, "cheese", "eggs", "carrots")
        for cycle in cycles:
            found = edit(PAUL, wanted, cycle=cycle, grants=given_)
            assert isinstance(found, Refusal)
            assert [(each.path, each.code) for each in found.problems] == problems


# ---------------------------------------------------------------- distributors


def test_a_distributor_edits_its_own_texts_tags_and_list() -> None:
    """PERM-G27, PERM-G31, PERM-G33."""
    change = OutgoingEdit(
        distributor=MARKET,
        variants=ids("eggs", "carrots"),
        ready_for="Sunday",
        pickup_instructions="Bring bags",
        tags=("market",),
    )
    cycle = edited(MONA, CycleEdit(outgoing=(change,)), grants=(grant(FARM, MARKET),))
    assert cycle.outgoing_to(MARKET) == outgoing(
        "market", "eggs", "carrots", ready_for="Sunday", pickup_instructions="Bring bags", tags=("market",)
    )
    assert cycle.outgoing_to(HUB) == CYCLE.outgoing_to(HUB)


def test_a_distributor_sells_only_goods_of_suppliers_that_granted_it() -> None:
    """PERM-G14, PERM-G31; the coordinator's grant does not help it."""
    path = "$.outgoing[market].variants[cheese]"
    assert refused(MONA, sell(MARKET, "eggs", "cheese")) == [(path, Code.NEEDS_GRANT)]
    assert refused(AMELIE, sell(MARKET, "eggs", "cheese")) == [(path, Code.NEEDS_GRANT)]


def test_what_is_in_a_list_already_may_be_dropped_and_then_not_come_back_without_a_grant() -> None:
    """PERM-4 L3, CYC-4."""
    assert sold(edited(MONA, sell(MARKET, "eggs"), grants=()), MARKET) == {"eggs"}
    dropped = edited(MONA, sell(MARKET), grants=())
    assert sold(dropped, MARKET) == set()
    back = edit(MONA, sell(MARKET, "eggs"), cycle=dropped, grants=())
    assert isinstance(back, Refusal)
    assert back.codes == {Code.NEEDS_GRANT}


def test_a_distributor_touches_nobody_elses_part() -> None:
    """PERM-G26, PERM-G29."""
    assert refused(MONA, bring(FARM, "eggs")) == [("$.incoming[farm].variants", Code.NEEDS_MANAGER)]
    instructions = CycleEdit(incoming=(IncomingEdit(supplier=FARM, receival_instructions="x"),))
    assert refused(MONA, instructions) == [("$.incoming[farm].receival_instructions", Code.NEEDS_MANAGER)]
    texts = CycleEdit(outgoing=(OutgoingEdit(distributor=HUB, ready_for="x"),))
    assert refused(PAUL, texts) == [("$.outgoing[hub].ready_for", Code.NEEDS_MANAGER)]
    assert refused(MONA, texts) == [("$.outgoing[hub]", Code.NEEDS_MANAGER)]


def test_a_list_holds_only_what_somebody_brings() -> None:
    """PERM-G13, CYC-4."""
    path = "$.outgoing[hub].variants"
    assert refused(AMELIE, sell(HUB, "leeks")) == [(f"{path}[leeks]", Code.VARIANT_NOT_INCOMING)]
    assert refused(AMELIE, sell(HUB, "gold")) == [(f"{path}[gold]", Code.UNKNOWN_RECORD)]
    assert refused(AMELIE, sell(HUB, "turnips")) == [(f"{path}[turnips]", Code.UNKNOWN_RECORD)]


def test_goods_brought_by_the_same_edit_can_be_sold_at_once() -> None:
    """PERM-5.3 step 4."""
    wanted = CycleEdit(incoming=bring(FARM, "leeks").incoming, outgoing=sell(HUB, "leeks").outgoing)
    assert sold(edited(AMELIE, wanted), HUB) == {"leeks"}


def test_goods_in_another_currency_than_the_shops_cannot_be_sold_there() -> None:
    cycle = edited(AMELIE, bring(FARM, "eggs", "oranges"))
    found = edit(AMELIE, sell(HUB, "oranges"), cycle=cycle)
    expected = problem(Code.OTHER_CURRENCY, "$.outgoing[hub].variants[oranges]", found="CHF", expected="EUR")
    assert found == Refusal((expected,))


def test_withdrawn_goods_that_are_in_a_list_already_stay_in_it_unseen() -> None:
    """PERM-5.3: nobody edits them, so nobody drops them."""
    cycle = attrs.evolve(CYCLE, incoming=(incoming("farm", "turnips", "eggs"),), outgoing=(outgoing("hub", "turnips"),))
    assert sold(edited(AMELIE, sell(HUB, "turnips", "eggs"), cycle=cycle), HUB) == {"turnips", "eggs"}
    assert sold(edited(AMELIE, sell(HUB, "eggs"), cycle=cycle), HUB) == {"turnips", "eggs"}


# ---------------------------------------------------------------- strangers


UNHEARD_OF = Actor.user("unheard-of")


@pytest.mark.parametrize("actor", [OLGA, NOBODY, ENGINE, Actor.customer("anna"), UNHEARD_OF], ids=str)
@pytest.mark.parametrize(
    "wanted",
    [
        CycleEdit(),
        CycleEdit(name="x"),
        CycleEdit(coordinator_fees=()),
        CycleEdit(removed_suppliers=(FARM,)),
        bring(FARM, "eggs"),
        CycleEdit(incoming=(IncomingEdit(supplier=FARM, fees=()),)),
        sell(MARKET),
        sell(MARKET, "eggs", "carrots"),
        CycleEdit(outgoing=(OutgoingEdit(distributor=MARKET, fees=()),)),
        sell(ORCHARD),
        bring(ORCHARD, "apples"),
    ],
)
def test_a_stranger_edits_nothing(actor: Actor, wanted: CycleEdit) -> None:
    """PERM-12, property 3: not even when everybody granted everybody."""
    names = [each.id for each in ENTERPRISES]
    found = edit(actor, wanted, grants=[grant(*pair) for pair in permutations(names, 2)])
    assert isinstance(found, Refusal)
    assert (Code.UNKNOWN_RECORD if actor == UNHEARD_OF else Code.NEEDS_MANAGER) in found.codes


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (CycleAction.EDIT_ATTRIBUTES, CycleEdit(name="x")),
        (CycleAction.EDIT_COORDINATOR_FEES, CycleEdit(coordinator_fees=())),
        (CycleAction.EDIT_PARTICIPANTS, CycleEdit(removed_suppliers=(DAIRY,))),
        (CycleAction.EDIT_INCOMING_VARIANTS, bring(FARM, "eggs")),
        (CycleAction.EDIT_INCOMING_FEES, CycleEdit(incoming=(IncomingEdit(supplier=FARM, fees=()),))),
        (
            CycleAction.EDIT_RECEIVAL_INSTRUCTIONS,
            CycleEdit(incoming=(IncomingEdit(supplier=FARM, receival_instructions="x"),)),
        ),
        (CycleAction.EDIT_OUTGOING_VARIANTS, sell(MARKET)),
        (CycleAction.EDIT_OUTGOING_TERMS, CycleEdit(outgoing=(OutgoingEdit(distributor=MARKET, ready_for="x"),))),
    ],
)
@pytest.mark.parametrize("actor", [AMELIE, PAUL, BERTA, MONA, OLGA, ROOT, ENGINE], ids=str)
def test_asking_and_doing_never_disagree(actor: Actor, action: CycleAction, wanted: CycleEdit) -> None:
    """PERM-12, property 9: whoever is told yes can do it, and nobody else."""
    of_market = action in {CycleAction.EDIT_OUTGOING_VARIANTS, CycleAction.EDIT_OUTGOING_TERMS}
    participant = MARKET if of_market else FARM
    allowed = check_cycle(actor, action, CYCLE, relations(GRANTED), participant=participant).allowed
    assert isinstance(edit(actor, wanted), CycleEditPlan) == allowed


# ---------------------------------------------------------------- all or nothing


def test_an_edit_of_which_one_part_is_refused_is_refused_as_a_whole_with_every_reason() -> None:
    """PERM-10 `all-or-nothing`, CYC-5."""
    wanted = CycleEdit(
        name=" ",
        orders_close_at=OPENS,
        incoming=(*bring(FARM, "eggs").incoming, *bring(DAIRY, "gold").incoming),
        outgoing=sell(MARKET, "cheese").outgoing,
    )
    assert refused(PAUL, wanted) == [
        ("$.name", Code.NEEDS_MANAGER),
        ("$.orders_close_at", Code.NEEDS_MANAGER),
        ("$.incoming[dairy]", Code.NEEDS_MANAGER),
        ("$.outgoing[market].variants[cheese]", Code.NEEDS_MANAGER),
        ("$.outgoing[market].variants[cheese]", Code.NEEDS_GRANT),
        ("$.outgoing[market].variants[eggs]", Code.NEEDS_GRANT),
        ("$.name", Code.NAME_BLANK),
        ("$.orders_close_at", Code.CLOSES_BEFORE_OPENING),
    ]


@pytest.mark.parametrize("actor", [AMELIE, PAUL, MONA], ids=str)
def test_an_edit_that_names_nothing_changes_nothing(actor: Actor) -> None:
    """PERM-10 `absent-field`, `absent-list`: missing is unchanged."""
    plan = edit(actor, CycleEdit())
    assert plan == CycleEditPlan(cycle=CYCLE, events=(), cascaded=(), changes=())


def test_the_present_state_sent_back_changes_nothing() -> None:
    """PERM-12, property 7."""
    same = CycleEdit(
        name=CYCLE.name,
        orders_open_at=CYCLE.orders_open_at,
        orders_close_at=CYCLE.orders_close_at,
        automatic_notifications=CYCLE.automatic_notifications,
        coordinator_fees=CYCLE.coordinator_fees,
        incoming=tuple(
            IncomingEdit(supplier=each.supplier, variants=each.variants, fees=each.fees) for each in CYCLE.incoming
        ),
        outgoing=tuple(
            OutgoingEdit(
                distributor=each.distributor,
                variants=each.variants,
                fees=each.fees,
                ready_for=each.ready_for,
                pickup_instructions=each.pickup_instructions,
                tags=each.tags,
            )
            for each in CYCLE.outgoing
        ),
    )
    assert edit(AMELIE, same) == CycleEditPlan(cycle=CYCLE, events=(), cascaded=(), changes=())


def test_what_changed_is_told_with_who_and_when() -> None:
    plan = edit(AMELIE, CycleEdit(name="x", outgoing=sell(MARKET).outgoing))
    assert isinstance(plan, CycleEditPlan)
    [event] = plan.events
    assert (event.actor, event.at, event.changed) == (AMELIE, NOW, ("$.name", "$.outgoing"))


def test_two_edits_are_two_occasions_whatever_version_a_copied_storage_begins_with() -> None:
    first, second = edit(AMELIE, CycleEdit(name="x")), edit(AMELIE, CycleEdit(name="y"), now=NOW + TICK)
    third = edit(AMELIE, CycleEdit(name="z"), cycle=attrs.evolve(CYCLE, version=7))
    plans = [each for each in (first, second, third) if isinstance(each, CycleEditPlan)]
    assert len({plan.events[0].id for plan in plans}) == 3


def test_goods_named_twice_are_chosen_once() -> None:
    wanted = CycleEdit(
        incoming=bring(FARM, "eggs", "eggs", "carrots").incoming, outgoing=sell(HUB, "carrots", "carrots").outgoing
    )
    cycle = edited(AMELIE, wanted)
    assert cycle.incoming_from(FARM) == incoming("farm", "eggs", "carrots")
    assert cycle.outgoing_to(HUB) == outgoing("hub", "carrots")


def test_the_later_of_two_edits_of_one_exchange_is_applied_on_top() -> None:
    """PERM-5.3 step 11."""
    first = OutgoingEdit(distributor=MARKET, ready_for="Friday", pickup_instructions="Ring")
    second = OutgoingEdit(distributor=MARKET, ready_for="Sunday")
    cycle = edited(MONA, CycleEdit(outgoing=(first, second)))
    assert cycle.outgoing_to(MARKET) == outgoing("market", "eggs", ready_for="Sunday", pickup_instructions="Ring")


# ---------------------------------------------------------------- cascade


def test_what_no_supplier_brings_any_more_leaves_every_list() -> None:
    """PERM-G17, PERM-10 `cascade`, CYC-12: also by the supplier, whom no distributor granted anything."""
    plan = edit(PAUL, bring(FARM, "carrots"), grants=())
    assert isinstance(plan, CycleEditPlan)
    assert sold(plan.cycle, HUB) == {"carrots", "cheese"}
    assert sold(plan.cycle, MARKET) == set()
    assert set(plan.cascaded) == {(HUB, "eggs"), (MARKET, "eggs")}
    assert plan.events[0].changed == ("$.incoming", "$.outgoing")


def test_what_another_supplier_still_brings_stays_on_sale() -> None:
    shared = attrs.evolve(CYCLE, incoming=(*CYCLE.incoming, incoming("market", "eggs")))
    plan = edit(AMELIE, bring(FARM, "carrots"), cycle=shared)
    assert isinstance(plan, CycleEditPlan)
    assert plan.cascaded == ()
    assert sold(plan.cycle, MARKET) == {"eggs"}


def test_the_goods_of_a_removed_supplier_leave_every_list() -> None:
    """CYC-12."""
    plan = edit(AMELIE, CycleEdit(removed_suppliers=(FARM,)))
    assert isinstance(plan, CycleEditPlan)
    assert sold(plan.cycle, HUB) == {"cheese"}
    assert set(plan.cascaded) == {(HUB, "carrots"), (HUB, "eggs"), (MARKET, "eggs")}


names = st.lists(st.sampled_from(sorted(SUPPLIERS)), max_size=5).map(tuple)
suppliers, shops = st.sampled_from([FARM, DAIRY]), st.sampled_from([HUB, MARKET])
people = st.sampled_from([AMELIE, PAUL, BERTA, MONA])
edits = st.one_of(
    st.builds(lambda who, what: bring(who, *what), suppliers, names),
    st.builds(lambda who, what: sell(who, *what), shops, names),
    st.builds(lambda who: CycleEdit(removed_suppliers=(who,)), suppliers),
    st.builds(
        lambda one, two, who, what: CycleEdit(incoming=bring(one, *two).incoming, outgoing=sell(who, *what).outgoing),
        suppliers,
        names,
        shops,
        names,
    ),
)
some_grants = st.lists(st.sampled_from(list(permutations((FARM, DAIRY, HUB, MARKET), 2))), max_size=8).map(
    lambda pairs: tuple(grant(*pair) for pair in set(pairs))
)


@given(people, edits, some_grants)
def test_every_list_holds_incoming_goods_after_any_edit(
    actor: Actor, wanted: CycleEdit, grants: tuple[PermissionGrant, ...]
) -> None:
    """PERM-12, property 5."""
    plan = edit(actor, wanted, grants=grants)
    if isinstance(plan, CycleEditPlan):
        brought = {key for each in plan.cycle.incoming for key in each.variants}
        assert all(set(each.variants) <= brought for each in plan.cycle.outgoing)


@given(people, edits, some_grants)
def test_the_same_edit_twice_is_the_same_as_once(
    actor: Actor, wanted: CycleEdit, grants: tuple[PermissionGrant, ...]
) -> None:
    """PERM-12, property 7."""
    plan = edit(actor, wanted, grants=grants)
    if isinstance(plan, CycleEditPlan):
        again = edit(actor, wanted, cycle=plan.cycle, grants=grants)
        assert isinstance(again, Refusal) or again.cycle == plan.cycle


def others(cycle: OrderCycle, own: EnterpriseId) -> tuple[object, ...]:
    """Return what somebody who manages *own* may not change, but for its goods in the lists of others."""
    incoming_: list[IncomingExchange] = [each for each in cycle.incoming if each.supplier != own]
    outgoing_: list[OutgoingExchange] = [each for each in cycle.outgoing if each.distributor != own]
    goods = {key for key, supplier in SUPPLIERS.items() if supplier == own}
    lists = [attrs.evolve(each, variants=tuple(sorted(set(each.variants) - goods))) for each in outgoing_]
    return incoming_, lists, attrs.evolve(cycle, incoming=(), outgoing=())


@given(st.sampled_from([(PAUL, FARM), (BERTA, DAIRY), (MONA, MARKET)]), edits, some_grants)
def test_a_participants_edit_changes_only_its_own_part_and_its_goods_in_lists(
    who: tuple[Actor, EnterpriseId], wanted: CycleEdit, grants: tuple[PermissionGrant, ...]
) -> None:
    """PERM-12, property 6."""
    actor, own = who
    plan = edit(actor, wanted, grants=grants)
    if isinstance(plan, CycleEditPlan):
        assert others(plan.cycle, own) == others(CYCLE, own)


# ---------------------------------------------------------------- names and dates


@pytest.mark.parametrize(
    ("name", "code"), [("", Code.NAME_BLANK), (" \t", Code.NAME_BLANK), ("x" * 256, Code.BAD_LENGTH)]
)
def test_a_name_has_1_to_255_characters(name: str, code: str) -> None:
    """CYC-1, PERM-5.2."""
    assert refused(AMELIE, CycleEdit(name=name)) == [("$.name", code)]
    assert edited(AMELIE, CycleEdit(name="x" * 255)).name == "x" * 255


def test_a_cycle_closes_after_it_opens_or_has_no_dates() -> None:
    """CYC-3."""
    assert refused(AMELIE, CycleEdit(orders_close_at=OPENS)) == [("$.orders_close_at", Code.CLOSES_BEFORE_OPENING)]
    assert refused(AMELIE, CycleEdit(orders_open_at=CLOSES)) == [("$.orders_close_at", Code.CLOSES_BEFORE_OPENING)]
    undated = edited(AMELIE, CycleEdit(orders_open_at=None, orders_close_at=None))
    assert (undated.orders_open_at, undated.orders_close_at) == (None, None)


@pytest.mark.parametrize(
    ("closes", "fits"),
    [(NOW + ENDLESS_AFTER, True), (NOW + ENDLESS_AFTER + TICK, False), (None, False)],
)
def test_automatic_notification_needs_an_end_in_sight(closes: datetime | None, fits: bool) -> None:  # noqa: FBT001 - a column
    """CYC-14.10 `endless-cycle`, CYC-G55."""
    wanted = CycleEdit(automatic_notifications=True, orders_close_at=closes)
    found = edit(AMELIE, wanted)
    expected = Refusal.of(Code.ENDLESS_CYCLE, "$.automatic_notifications")
    assert isinstance(found, CycleEditPlan) if fits else found == expected
    automatic = attrs.evolve(CYCLE, automatic_notifications=True)
    moved = edit(AMELIE, CycleEdit(orders_close_at=closes), cycle=automatic)
    assert isinstance(moved, CycleEditPlan) if fits else moved == expected


def test_an_edit_of_something_else_is_not_stopped_by_a_far_close() -> None:
    far = attrs.evolve(CYCLE, automatic_notifications=True, orders_close_at=NOW + 2 * ENDLESS_AFTER)
    assert edited(AMELIE, CycleEdit(name="x"), cycle=far).name == "x"
    off = edited(AMELIE, CycleEdit(automatic_notifications=False), cycle=far)
    assert not off.automatic_notifications


MARKED = attrs.evolve(CYCLE, opened_at=OPENS, closed_at=CLOSES, producers_notified_at=CLOSES, settled_at=CLOSES)


def marks(cycle: OrderCycle) -> set[str]:
    """Return the names of the marks that *cycle* carries."""
    names_ = ("opened_at", "closed_at", "producers_notified_at", "settled_at")
    return {name for name in names_ if getattr(cycle, name) is not None}


ALL_MARKS = {"opened_at", "closed_at", "producers_notified_at", "settled_at"}


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (CycleEdit(orders_open_at=OPENS + TICK), ALL_MARKS - {"opened_at"}),
        (CycleEdit(orders_close_at=CLOSES + TICK), {"opened_at"}),
        (CycleEdit(orders_open_at=OPENS + TICK, orders_close_at=CLOSES + TICK), set()),
        (CycleEdit(orders_open_at=OPENS - TICK, orders_close_at=CLOSES - TICK), ALL_MARKS),
        (CycleEdit(orders_open_at=OPENS, orders_close_at=CLOSES), ALL_MARKS),
        (CycleEdit(orders_open_at=None, orders_close_at=None), ALL_MARKS),
        (CycleEdit(name="x"), ALL_MARKS),
    ],
)
def test_only_a_date_that_moves_later_is_due_again(wanted: CycleEdit, left: set[str]) -> None:
    """CYC-11: earlier, equal and cleared dates clear nothing."""
    assert marks(edited(AMELIE, wanted, cycle=MARKED)) == left


def test_a_date_that_is_cleared_and_set_later_is_due_again() -> None:
    """CYC-14.9: due is what is later than its mark, by whatever steps it came there."""
    cleared = edited(AMELIE, CycleEdit(orders_open_at=None, orders_close_at=None), cycle=MARKED)
    again = edited(AMELIE, CycleEdit(orders_open_at=OPENS, orders_close_at=CLOSES + timedelta(days=9)), cycle=cleared)
    assert marks(again) == {"opened_at"}
