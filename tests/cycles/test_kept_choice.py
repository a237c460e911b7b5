"""The choice of payment and shipping methods, as far as a cycle can keep it (PERM-5.4, PERM-G35, CYC-9)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.changes import changed_fields
from ofncore.cycles.editing import EditingFacts, EditOutcome
from ofncore.cycles.kept_choice import WantedMethods, kept_choice, plan_methods
from ofncore.cycles.method_choice import ShopMethod, selectable_payments
from ofncore.cycles.offer import methods_in_force
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import PaymentMethod
from ofncore.testing.worlds import NOW, payment_method, shipping_method
from permissions.actors import AMELIE, BERTA, CYCLE, FARM, HUB, MARKET, MONA, OLGA, PAUL, ROOT, relations

SHOPS: Mapping[str, tuple[EnterpriseId, ...]] = {
    "both": (HUB, MARKET),
    "hub-card": (HUB,),
    "hub-cash": (HUB,),
    "market-card": (MARKET,),
    "market-cash": (MARKET, FARM),
    "nobodys": (),
}
METHODS = {PaymentMethodId(key): payment_method(key, distributors=shops) for key, shops in SHOPS.items()}
PICK_UP = {ShippingMethodId("pickup"): shipping_method("pickup", distributors=(HUB, MARKET))}
SELECTABLE = selectable_payments(CYCLE, METHODS.values())
FACTS = EditingFacts(relations=relations(), variants={}, fees={}, payment_methods=METHODS, shipping_methods=PICK_UP)
wishes = st.frozensets(st.sampled_from(sorted(SELECTABLE)))
kept = st.lists(st.sampled_from(list(METHODS)), unique=True).map(tuple)
participants = st.sampled_from([AMELIE, PAUL, BERTA, MONA, ROOT])


def having(*methods: str) -> OrderCycle:
    """Return the cycle with these payment methods chosen."""
    return attrs.evolve(CYCLE, payment_methods=tuple(map(PaymentMethodId, methods)))


def at(shop: EnterpriseId, *methods: str) -> frozenset[ShopMethod]:
    """Return *methods* of *shop*."""
    return frozenset(ShopMethod(shop, each) for each in methods)


def asked(cycle: OrderCycle, wanted: AbstractSet[ShopMethod], actor: Actor = AMELIE) -> EditOutcome | Refusal:
    """Ask for payment methods."""
    return plan_methods(cycle, WantedMethods(payment_methods=frozenset(wanted)), FACTS, actor=actor, now=NOW)


def chosen(cycle: OrderCycle, wanted: AbstractSet[ShopMethod], actor: Actor = AMELIE) -> tuple[str, ...]:
    """Return the payment methods that the cycle then has."""
    found = asked(cycle, wanted, actor)
    assert isinstance(found, EditOutcome), found
    return found.cycle.payment_methods


def offered(cycle: OrderCycle, shop: EnterpriseId) -> tuple[PaymentMethod, ...]:
    """Return what shoppers of *shop* can pay with."""
    return methods_in_force(METHODS.values(), shop=shop, chosen=cycle.payment_methods)


@given(kept, wishes, participants)
def test_nobody_changes_what_a_shop_offers_that_is_not_theirs(
    before: tuple[str, ...], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    """Although a cycle keeps one list for all its shops."""
    cycle = having(*before)
    found = asked(cycle, wanted, actor)
    own = {AMELIE: {HUB, MARKET}, ROOT: {HUB, MARKET}, MONA: {MARKET}}.get(actor, set())
    if isinstance(found, EditOutcome):
        for shop in {HUB, MARKET} - own:
            assert offered(found.cycle, shop) == offered(cycle, shop)


@given(kept, wishes, participants)
def test_what_is_kept_means_what_was_chosen(
    before: tuple[str, ...], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    """Read back, it is the choice that was made: the same wish again changes nothing."""
    found = asked(having(*before), wanted, actor)
    if isinstance(found, EditOutcome):
        again = asked(found.cycle, wanted, actor)
        assert isinstance(again, EditOutcome)
        assert (again.cycle, again.plan.events) == (found.cycle, ())


@given(kept, wishes)
def test_the_coordinators_shops_offer_what_was_asked_for(
    before: tuple[str, ...], wanted: frozenset[ShopMethod]
) -> None:
    found = asked(having(*before), wanted)
    if isinstance(found, EditOutcome):
        for shop in (HUB, MARKET):
            asked_there = {each.method for each in wanted if each.shop == shop}
            everything = {each.method for each in SELECTABLE if each.shop == shop}
            assert {each.id for each in offered(found.cycle, shop)} == (asked_there or everything)


@given(kept, wishes, participants)
def test_only_a_shared_method_is_in_the_way(
    before: tuple[str, ...], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    found = asked(having(*before), wanted, actor)
    if isinstance(found, Refusal):
        assert {(each.code, each.parameters["method"]) for each in found.problems} == {(Code.METHOD_SHARED, "both")}


def test_a_method_of_two_distributors_is_chosen_for_both_or_not_at_all() -> None:
    """CYC-9.3: a choice for one shop never narrows another."""
    alone = asked(CYCLE, at(MARKET, "both"), MONA)
    expected = problem(Code.METHOD_SHARED, "$.payment_methods", method="both", distributors=("Hub",))
    assert alone == Refusal((expected,))
    assert chosen(CYCLE, at(MARKET, "both") | at(HUB, "both")) == ("both",)
    assert chosen(having("both"), at(MARKET, "both", "market-card"), MONA) == ("both", "market-card")


def test_a_distributor_chooses_for_itself_and_the_others_choice_stays() -> None:
    """CYC-9.6."""
    assert chosen(having("hub-card"), at(MARKET, "market-cash"), MONA) == ("hub-card", "market-cash")
    assert chosen(having("hub-card", "market-cash"), at(MARKET), MONA) == ("hub-card",)


def test_a_shop_outside_the_cycle_does_not_stand_in_the_way() -> None:
    """`market-cash` is a method of the farm too, which does not sell in the cycle."""
    assert chosen(CYCLE, at(MARKET, "market-cash"), MONA) == ("market-cash",)


def test_what_is_kept_of_methods_that_no_shop_has_any_more_is_lost_by_nobody_but_the_coordinator() -> None:
    cycle = having("nobodys", "hub-card")
    assert chosen(cycle, at(MARKET, "market-card"), MONA) == ("nobodys", "hub-card", "market-card")
    assert chosen(cycle, at(HUB, "hub-card")) == ("hub-card",)


def test_every_method_at_once_and_none_are_both_no_choice() -> None:
    """CYC-9.6: methods that come later are offered too."""
    assert chosen(having("hub-card"), SELECTABLE) == ()
    assert chosen(having("hub-card"), frozenset()) == ()


def test_a_kind_that_is_not_named_stays_as_it_is() -> None:
    """CYC-9.6: payment and shipping are independent."""
    cycle = attrs.evolve(having("hub-card"), shipping_methods=(ShippingMethodId("pickup"),))
    for wanted, changed in (
        (WantedMethods(), ()),
        (WantedMethods(payment_methods=at(HUB, "hub-cash")), ("$.payment_methods",)),
        (WantedMethods(shipping_methods=frozenset()), ("$.shipping_methods",)),
    ):
        found = plan_methods(cycle, wanted, FACTS, actor=AMELIE, now=NOW)
        assert isinstance(found, EditOutcome)
        assert changed_fields(cycle, found.cycle) == changed == found.applied
        assert [each.changed for each in found.plan.events] == ([changed] if changed else [])


def test_what_is_left_out_is_told_with_its_kind() -> None:
    wanted: Any = WantedMethods(payment_methods=at(HUB, "hub-card"), shipping_methods=at(FARM, "pickup"))
    found = plan_methods(CYCLE, wanted, FACTS, actor=MONA, now=NOW)
    assert isinstance(found, EditOutcome)
    assert [(each.path, each.code) for each in found.dropped] == [
        ("$.payment_methods", Code.NEEDS_MANAGER),
        ("$.shipping_methods", Code.METHOD_NOT_OFFERED),
    ]
    assert found.cycle == CYCLE


def test_a_stranger_learns_nothing_even_by_asking_for_nothing() -> None:
    found = plan_methods(CYCLE, WantedMethods(), FACTS, actor=OLGA, now=NOW)
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


@given(kept)
def test_the_choice_that_a_cycle_means_is_of_its_methods_only(before: tuple[str, ...]) -> None:
    assert {each.method for each in kept_choice(CYCLE, before, METHODS.values())} == set(before)
