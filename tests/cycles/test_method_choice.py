"""The choice of payment and shipping methods of a cycle (PERM-5.4, PERM-G35, CYC-9)."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.changes import changed_fields
from ofncore.cycles.editing import EditingFacts, EditOutcome
from ofncore.cycles.edits import UNCHANGED, Unchanged
from ofncore.cycles.method_choice import (
    WantedMethods,
    ended_choices,
    plan_methods,
    selectable_payments,
    selectable_shipping,
)
from ofncore.cycles.offer import methods_in_force
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.methods import DisplayOn, PaymentMethod, ShopMethod, ShopPaymentMethod, ShopShippingMethod
from ofncore.model.world import World
from ofncore.testing.random_worlds import random_world
from ofncore.testing.worlds import NOW, enterprise, outgoing, payment_method, shipping_method
from permissions.actors import (
    AMELIE,
    BERTA,
    CYCLE,
    FARM,
    HUB,
    MARKET,
    MONA,
    OLGA,
    ORCHARD,
    PAUL,
    ROOT,
    grant,
    relations,
)

SHOPS: Mapping[str, tuple[EnterpriseId, ...]] = {
    "both": (HUB, MARKET),
    "hub-card": (HUB,),
    "hub-cash": (HUB,),
    "market-card": (MARKET,),
    "market-cash": (MARKET, FARM),
}
METHODS = {PaymentMethodId(key): payment_method(key, distributors=shops) for key, shops in SHOPS.items()}
PICK_UP = {ShippingMethodId("pickup"): shipping_method("pickup", distributors=(HUB, MARKET))}
FACTS = EditingFacts(relations=relations(), variants={}, fees={}, payment_methods=METHODS, shipping_methods=PICK_UP)
COORDINATOR = enterprise("hub")


def at(shop: EnterpriseId, *methods: str) -> frozenset[ShopPaymentMethod]:
    """Return payment *methods* of *shop*."""
    return frozenset(ShopPaymentMethod(shop, PaymentMethodId(each)) for each in methods)


EVERY = selectable_payments(CYCLE, METHODS.values())
#: Never the market's, and the choice of a shop that is not in the cycle.
GONE, AWAY = at(MARKET, "gone"), at(FARM, "market-cash")
choices = st.lists(st.sampled_from(sorted(EVERY | GONE | AWAY)), unique=True).map(tuple)
wishes = st.frozensets(st.sampled_from(sorted(EVERY | GONE | AWAY)))
participants = st.sampled_from([AMELIE, PAUL, BERTA, MONA, ROOT])


def of(shop: EnterpriseId, methods: Iterable[ShopMethod]) -> set[ShopMethod]:
    """Return the part of *shop*."""
    return {each for each in methods if each.shop == shop}


def own_shops(actor: Actor) -> set[EnterpriseId]:
    """Return the shops that *actor* chooses for."""
    return {AMELIE: {HUB, MARKET}, ROOT: {HUB, MARKET}, MONA: {MARKET}}.get(actor, set())


def having(*chosen: ShopPaymentMethod) -> OrderCycle:
    """Return the cycle with these payment methods chosen."""
    return attrs.evolve(CYCLE, payment_methods=chosen)


def choose(cycle: OrderCycle, wanted: AbstractSet[ShopPaymentMethod], actor: Actor = AMELIE) -> EditOutcome:
    """Choose payment methods; *actor* takes part."""
    found = plan_methods(cycle, WantedMethods(payment_methods=frozenset(wanted)), FACTS, actor=actor, now=NOW)
    assert isinstance(found, EditOutcome), found
    return found


def chosen(cycle: OrderCycle, wanted: AbstractSet[ShopPaymentMethod], actor: Actor = AMELIE) -> set[ShopPaymentMethod]:
    """Return what is chosen afterwards."""
    return set(choose(cycle, wanted, actor).cycle.payment_methods)


def offered(cycle: OrderCycle, shop: EnterpriseId, coordinator: Enterprise = COORDINATOR) -> tuple[PaymentMethod, ...]:
    """Return the ways to pay that are in force in *shop*."""
    return methods_in_force(METHODS.values(), shop=shop, chosen=cycle.payment_methods, coordinator=coordinator)


@given(choices, wishes, participants)
def test_nobody_changes_what_a_shop_offers_that_is_not_theirs(
    before: tuple[ShopPaymentMethod, ...], wanted: frozenset[ShopPaymentMethod], actor: Actor
) -> None:
    """Nor the choice of one that is away, but for the coordinator's managers, who replace all."""
    cycle = having(*before)
    after = choose(cycle, wanted, actor).cycle
    for shop in {HUB, MARKET} - own_shops(actor):
        assert of(shop, after.payment_methods) == of(shop, before)
        assert offered(after, shop) == offered(cycle, shop)
    assert of(FARM, after.payment_methods) == (set() if actor in (AMELIE, ROOT) else of(FARM, before))


@given(choices, wishes, participants)
def test_a_shop_of_ones_own_has_what_was_asked_for_and_may_be_chosen(
    before: tuple[ShopPaymentMethod, ...], wanted: frozenset[ShopPaymentMethod], actor: Actor
) -> None:
    """A shop for which nothing is asked that may be chosen keeps what it may choose of what it has."""
    after = choose(having(*before), wanted, actor).cycle
    own = {
        each
        for shop in own_shops(actor)
        for each in of(shop, wanted & EVERY) or (of(shop, EVERY & set(before)) if of(shop, wanted) else set())
    }
    for shop in own_shops(actor):
        ended = own == EVERY and own != {each for each in before if each.shop in own_shops(actor)}
        part = set() if wanted >= EVERY or ended else of(shop, own)
        assert of(shop, after.payment_methods) == part
        everything = of(shop, EVERY)
        assert {each.id for each in offered(after, shop)} == {each.method for each in part or everything}


@given(choices, wishes, participants)
def test_the_same_choice_twice_is_the_same_as_once(
    before: tuple[ShopPaymentMethod, ...], wanted: frozenset[ShopPaymentMethod], actor: Actor
) -> None:
    once = choose(having(*before), wanted, actor).cycle
    again = choose(once, wanted, actor)
    assert (again.cycle, again.plan.events) == (once, ())


@given(choices, wishes, participants)
def test_what_is_new_is_chosen_or_told_to_be_left_out(
    before: tuple[ShopPaymentMethod, ...], wanted: frozenset[ShopPaymentMethod], actor: Actor
) -> None:
    found = choose(having(*before), wanted, actor)
    seen = {PAUL: {FARM}, BERTA: set[EnterpriseId](), MONA: {MARKET}}.get(actor, {HUB, MARKET, FARM})
    known = {each for each in before if each.shop in seen}
    done = {each for each in found.cycle.payment_methods if each.shop in own_shops(actor)}
    if not wanted >= EVERY:
        assert len(found.dropped) == len(wanted - known - done)


@given(choices, wishes, participants)
def test_what_stays_keeps_its_place(
    before: tuple[ShopPaymentMethod, ...], wanted: frozenset[ShopPaymentMethod], actor: Actor
) -> None:
    after = choose(having(*before), wanted, actor).cycle.payment_methods
    stays = tuple(each for each in before if each in after)
    assert after == (*stays, *sorted(set(after) - set(before)))


@given(choices, choices)
def test_a_choice_that_ended_leaves_its_shop_with_every_method(
    before: tuple[ShopPaymentMethod, ...], after: tuple[ShopPaymentMethod, ...]
) -> None:
    ended = ended_choices(having(*before), having(*after))
    for shop in (HUB, MARKET):
        assert (f"$.payment_methods[{shop}]" in ended) == bool(of(shop, before) and not of(shop, after))
    assert f"$.payment_methods[{FARM}]" not in ended


# ---------------------------------------------------------------- the formula


def by_the_formula(
    links: AbstractSet[tuple[str, str]],
    usable: AbstractSet[tuple[str, str]],
    selected: Iterable[ShopMethod],
    coordinator: Enterprise,
) -> set[tuple[str, str]]:
    """Return what is offered by PERM-5.4, as pairs of shop and method; *links* are those that shops have."""
    picked = {attrs.astuple(each) for each in selected} & links
    if not picked or coordinator.sells is Sells.OWN:
        return set(usable)
    choosing = {shop for shop, _ in picked}
    return {(shop, method) for shop, method in usable if (shop, method) in picked or shop not in choosing}


def with_some_switched_off(world: World, draw: st.DataObject) -> tuple[PaymentMethod, ...]:
    """Return the ways to pay of *world*: active or not, for shoppers or not, and of any of its shops."""
    shops = sorted({shop for each in world.payment_methods for shop in each.distributors})
    return tuple(
        attrs.evolve(
            each,
            active=draw.draw(st.booleans()),
            display_on=draw.draw(st.sampled_from(DisplayOn)),
            distributors=tuple(draw.draw(st.lists(st.sampled_from(shops), unique=True))),
        )
        for each in world.payment_methods
    )


@given(st.integers(0, 300), st.sampled_from([Sells.ANY, Sells.OWN]), st.data())
def test_what_shoppers_are_offered_is_the_formula(seed: int, sells: Sells, draw: st.DataObject) -> None:
    """PERM-5.4, on random worlds."""
    world = random_world(seed)
    methods = with_some_switched_off(world, draw)
    shops = [each.distributor for each in world.order_cycles[0].outgoing]
    pairs = [ShopPaymentMethod(shop, each.id) for shop in shops for each in methods]
    selected = tuple(draw.draw(st.lists(st.sampled_from(pairs), unique=True)))
    cycle = attrs.evolve(world.order_cycles[0], payment_methods=selected)
    coordinator = attrs.evolve(next(each for each in world.enterprises if each.id == cycle.coordinator), sells=sells)
    links = {(shop, each.id) for each in methods for shop in each.distributors if shop in shops}
    usable = {
        (shop, each.id) for each in methods for shop in shops if (shop, each.id) in links and shoppers_may_pay_by(each)
    }
    found = {
        (shop, each.id)
        for shop in shops
        for each in methods_in_force(methods, shop=shop, chosen=selected, coordinator=coordinator)
    }
    assert found & usable == by_the_formula(links, usable, selected, coordinator)


def shoppers_may_pay_by(method: PaymentMethod) -> bool:
    """Whether *method* is one for shoppers (CYC-9.1)."""
    return method.active and method.display_on is DisplayOn.BOTH


def test_a_method_of_two_shops_is_chosen_in_one_of_them() -> None:
    """CYC-9.3: a choice in one shop never narrows another."""
    cycle = choose(CYCLE, at(MARKET, "both"), MONA).cycle
    assert cycle.payment_methods == tuple(at(MARKET, "both"))
    assert [each.id for each in offered(cycle, MARKET)] == ["both"]
    assert [each.id for each in offered(cycle, HUB)] == ["both", "hub-card", "hub-cash"]


def test_a_chosen_method_that_nobody_can_use_still_keeps_its_shop_from_offering_the_others() -> None:
    """CYC-9.3, CYC-14.3."""
    methods = (payment_method("card", active=False), payment_method("cash"))
    found = methods_in_force(methods, shop=HUB, chosen=at(HUB, "card"), coordinator=COORDINATOR)
    assert [each.id for each in found] == ["card"]


def test_a_choice_of_what_the_shop_has_no_more_is_none() -> None:
    assert offered(having(*GONE), MARKET) == offered(CYCLE, MARKET)


def test_where_the_coordinator_sells_its_own_goods_a_choice_does_not_count_in_any_shop() -> None:
    """PERM-5.4."""
    simple, cycle = attrs.evolve(COORDINATOR, sells=Sells.OWN), having(*at(HUB, "both"), *at(MARKET, "both"))
    for shop in (HUB, MARKET):
        assert offered(cycle, shop, simple) == offered(CYCLE, shop)


# ---------------------------------------------------------------- cases


def test_a_choice_of_every_method_is_no_choice() -> None:
    """CYC-9.6: so that methods that come later are offered too; nothing at all means the same."""
    cycle = having(*at(HUB, "hub-card"))
    for wanted in (EVERY, EVERY | GONE, frozenset[ShopPaymentMethod]()):
        assert chosen(cycle, wanted) == set()
    assert chosen(cycle, EVERY, MONA) == at(HUB, "hub-card")


def test_a_distributor_chooses_for_itself_and_the_others_choice_stays() -> None:
    """CYC-9.6."""
    hubs = at(HUB, "hub-card", "both")
    assert chosen(having(*hubs), at(MARKET, "both"), MONA) == hubs | at(MARKET, "both")
    assert chosen(having(*hubs, *at(MARKET, "both")), at(HUB, "hub-cash"), MONA) == hubs


def test_the_choice_of_a_shop_that_left_is_lost_by_nobody_but_the_coordinator() -> None:
    wanted = at(MARKET, "market-card")
    assert chosen(having(*AWAY), wanted) == wanted
    assert chosen(having(*AWAY), wanted, MONA) == wanted | AWAY


def test_the_choice_of_a_shop_that_comes_back_counts_again() -> None:
    """It stays while the shop is away, and nobody else's goes by it."""
    cycle = having(*at(MARKET, "both"))
    away = attrs.evolve(cycle, outgoing=cycle.outgoing[:1])
    assert offered(away, HUB) == offered(CYCLE, HUB)
    assert chosen(away, at(HUB, "hub-card", "hub-cash")) == at(HUB, "hub-card", "hub-cash")
    back = attrs.evolve(away, outgoing=(*away.outgoing, outgoing("market", "eggs")))
    assert [each.id for each in offered(back, MARKET)] == ["both"]


def test_a_kind_that_is_not_named_stays_as_it_is() -> None:
    """CYC-9.6: payment and shipping are independent."""
    pickup = ShopShippingMethod(HUB, ShippingMethodId("pickup"))
    cycle = attrs.evolve(having(*at(HUB, "hub-card")), shipping_methods=(pickup,))
    for wanted, changed in (
        (WantedMethods(), ()),
        (WantedMethods(payment_methods=at(HUB, "hub-cash")), ("$.payment_methods",)),
        (WantedMethods(shipping_methods=frozenset()), ("$.shipping_methods",)),
    ):
        found = plan_methods(cycle, wanted, FACTS, actor=AMELIE, now=NOW)
        assert isinstance(found, EditOutcome)
        assert changed_fields(cycle, found.cycle) == changed
        assert [each.changed for each in found.plan.events] == ([changed] if changed else [])


def test_what_is_left_out_is_told_with_its_reason_and_kind() -> None:
    pickup = frozenset({ShopShippingMethod(FARM, ShippingMethodId("pickup"))})
    wanted = WantedMethods(payment_methods=at(HUB, "hub-card") | GONE, shipping_methods=pickup)
    found = plan_methods(CYCLE, wanted, FACTS, actor=MONA, now=NOW)
    assert isinstance(found, EditOutcome)
    assert [(each.path, each.code) for each in found.dropped] == [
        ("$.payment_methods[hub][hub-card]", Code.NEEDS_MANAGER),
        ("$.payment_methods[market][gone]", Code.METHOD_NOT_SELECTABLE),
        ("$.shipping_methods[farm][pickup]", Code.METHOD_NOT_SELECTABLE),
    ]
    assert found.cycle == CYCLE
    assert choose(CYCLE, at(HUB, "hub-card") | at(MARKET, "both")).dropped == ()


@pytest.mark.parametrize("wanted", [WantedMethods(), WantedMethods(payment_methods=EVERY)])
def test_a_stranger_chooses_and_learns_nothing(wanted: WantedMethods) -> None:
    """Not even by asking for nothing."""
    found = plan_methods(CYCLE, wanted, FACTS, actor=OLGA, now=NOW)
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


def test_a_mistyped_method_never_widens_what_a_shop_offers() -> None:
    """The choice it has stays; an empty wish is how one says every method."""
    cycle = having(*at(HUB, "hub-card"), *at(MARKET, "both"))
    found = choose(cycle, at(HUB, "nope") | at(MARKET, "both"))
    assert (found.cycle, found.applied) == (cycle, ())
    assert [each.path for each in found.dropped] == ["$.payment_methods[hub][nope]"]
    assert chosen(cycle, at(HUB, "nope", "hub-cash")) == at(HUB, "hub-cash")


def for_shops(cycle: OrderCycle, shops: AbstractSet[EnterpriseId], *methods: ShopPaymentMethod) -> EditOutcome:
    """Choose payment methods as the coordinator, for these shops alone."""
    wanted = WantedMethods(payment_methods=frozenset(methods), shops=frozenset(shops))
    found = plan_methods(cycle, wanted, FACTS, actor=AMELIE, now=NOW)
    assert isinstance(found, EditOutcome)
    return found


@given(choices, wishes, st.frozensets(st.sampled_from([HUB, MARKET, FARM])), participants)
def test_a_choice_for_some_shops_leaves_every_other_as_it_is(
    before: tuple[ShopPaymentMethod, ...],
    wishes_: frozenset[ShopPaymentMethod],
    shops: frozenset[EnterpriseId],
    actor: Actor,
) -> None:
    wanted = WantedMethods(payment_methods=frozenset(each for each in wishes_ if each.shop in shops), shops=shops)
    found = plan_methods(having(*before), wanted, FACTS, actor=actor, now=NOW)
    assert isinstance(found, EditOutcome)
    for shop in {HUB, MARKET, FARM} - shops:
        assert of(shop, found.cycle.payment_methods) == of(shop, before)


def test_the_coordinator_can_choose_for_one_of_two_shops() -> None:
    cycle = having(*at(HUB, "hub-card"), *at(MARKET, "both"), *AWAY)
    found = for_shops(cycle, {HUB}, *at(HUB, "hub-cash"))
    assert set(found.cycle.payment_methods) == at(HUB, "hub-cash") | at(MARKET, "both") | AWAY
    assert set(for_shops(cycle, {HUB}).cycle.payment_methods) == at(MARKET, "both") | AWAY
    every = (each for each in EVERY if each.shop == HUB)
    assert set(for_shops(cycle, {HUB}, *every).cycle.payment_methods) == at(MARKET, "both") | AWAY
    away = for_shops(cycle, {FARM})
    assert set(away.cycle.payment_methods) == at(HUB, "hub-card") | at(MARKET, "both")
    assert away.dropped == ()


def test_a_shop_that_keeps_every_method_has_no_choice() -> None:
    """CYC-9.6: so that methods that come later are offered too."""
    every = [each for each in EVERY if each.shop == HUB]
    assert for_shops(having(*every, *at(HUB, "old")), {HUB}, *at(HUB, "nope")).cycle.payment_methods == ()


@pytest.mark.parametrize("shops", [UNCHANGED, frozenset({HUB, MARKET})], ids=str)
def test_a_mistyped_method_leaves_a_choice_that_stands_though_it_is_of_every_usable_method(
    shops: frozenset[EnterpriseId] | Unchanged,
) -> None:
    """Nothing that was asked for may be chosen, so nothing changes: another way to pay may come back."""
    facts = attrs.evolve(FACTS, payment_methods=METHODS | {PaymentMethodId("off"): payment_method("off", active=False)})
    before = having(*sorted(EVERY))
    wanted = WantedMethods(payment_methods=at(HUB, "nope") | at(MARKET, "nope"), shops=shops)
    found = plan_methods(before, wanted, facts, actor=AMELIE, now=NOW)
    assert isinstance(found, EditOutcome)
    assert (found.cycle, found.applied) == (before, ())


def test_a_mistyped_method_leaves_the_choice_of_its_shop_whatever_others_chose() -> None:
    before = having(*sorted(each for each in EVERY if each.shop == HUB), *at(MARKET, "both"), *AWAY)
    assert for_shops(before, {HUB}, *at(HUB, "nope")).cycle == before


def test_the_coordinator_may_send_back_the_choice_of_a_shop_that_is_away() -> None:
    away = at(ORCHARD, "box")
    assert choose(having(*away), away | at(HUB, "hub-card")).dropped == ()


def test_what_is_chosen_in_a_shop_that_the_actor_does_not_see_is_not_told() -> None:
    """PERM-G16: a right guess there is told as a wrong one is, and neither changes anything."""
    before = having(*at(HUB, "hub-card"), *AWAY)
    for shop, there, guess in ((HUB, "hub-card", "hub-cash"), (FARM, "market-cash", "nope")):
        right, wrong = (choose(before, at(shop, each), MONA) for each in (there, guess))
        assert (right.cycle, wrong.cycle) == (before, before)
        assert [each.code for each in right.dropped] == [each.code for each in wrong.dropped] != []
    seen = attrs.evolve(FACTS, relations=relations([grant(FARM, HUB)]))
    wanted = WantedMethods(payment_methods=at(HUB, "hub-card"))
    found = plan_methods(before, wanted, seen, actor=PAUL, now=NOW)
    assert isinstance(found, EditOutcome)
    assert found.dropped == ()


def test_shops_that_are_named_in_vain_are_told() -> None:
    """PERM-12: nothing is left out in silence."""
    wanted = WantedMethods(payment_methods=(), shops=(HUB, MARKET, FARM, EnterpriseId("nix")))
    found = plan_methods(CYCLE, wanted, FACTS, actor=MONA, now=NOW)
    assert isinstance(found, EditOutcome)
    assert [(each.path, each.code) for each in found.dropped] == [
        ("$.payment_methods[farm]", Code.NOT_DISTRIBUTOR),
        ("$.payment_methods[hub]", Code.NEEDS_MANAGER),
        ("$.payment_methods[nix]", Code.UNKNOWN_RECORD),
    ]
    [unknown] = choose(CYCLE, at(EnterpriseId("nix"), "both")).dropped
    assert (unknown.path, unknown.code) == ("$.payment_methods[nix][both]", Code.UNKNOWN_RECORD)


def test_a_wish_for_a_shop_that_the_choice_is_not_for_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shops must name 'market' too"):
        WantedMethods(payment_methods=at(MARKET, "both"), shops=(HUB,))


@pytest.mark.parametrize("field", ["payment_methods", "shipping_methods", "shops"])
@pytest.mark.parametrize("value", ["card", None, [5], {"hub": "card"}])
def test_a_wish_of_another_type_is_a_mistake(field: str, value: object) -> None:
    with pytest.raises(TypeError, match=field):
        WantedMethods(**{field: value})  # type: ignore[arg-type] # on purpose


# ---------------------------------------------------------------- what may be chosen

SHARED = (HUB, MARKET, FARM)


@pytest.mark.parametrize(
    ("changes", "count"),
    [({}, 2), ({"active": False}, 0), ({"display_on": DisplayOn.BACK_END}, 0), ({"distributors": (FARM,)}, 0)],
)
def test_payments_to_choose_are_those_of_the_distributors_that_shoppers_may_use(
    changes: dict[str, object], count: int
) -> None:
    """A method that two shops share is chosen for each of them."""
    method = payment_method("cash", **({"distributors": SHARED} | changes))
    assert len(selectable_payments(CYCLE, [method])) == count


@pytest.mark.parametrize(("display_on", "count"), [(DisplayOn.BOTH, 2), (DisplayOn.BACK_END, 0)])
def test_shipping_to_choose_is_that_of_the_distributors_that_shoppers_may_use(
    display_on: DisplayOn, count: int
) -> None:
    method = shipping_method("pickup", distributors=SHARED, display_on=display_on)
    assert len(selectable_shipping(CYCLE, [method])) == count
