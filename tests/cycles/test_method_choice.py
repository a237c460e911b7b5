"""Which payment and shipping methods a cycle offers (PERM-5.4, PERM-G35, CYC-9)."""

from collections.abc import Set as AbstractSet

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.method_choice import (
    MethodChoice,
    ShopMethod,
    choose_methods,
    offered_methods,
    selectable_payments,
    selectable_shipping,
)
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Sells
from ofncore.model.methods import DisplayOn
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import enterprise, payment_method, shipping_method
from permissions.actors import AMELIE, BERTA, CYCLE, FARM, HUB, MARKET, MONA, OLGA, PAUL, ROOT, relations

SNAPSHOT = Snapshot.around(relations(), order_cycles=(CYCLE,))
EVERY = frozenset(ShopMethod(shop, name) for shop in (HUB, MARKET) for name in ("card", "cash"))
GONE = ShopMethod(MARKET, "gone")
COORDINATOR = enterprise("hub")
choices = st.frozensets(st.sampled_from(sorted(EVERY)))
wishes = st.frozensets(st.sampled_from([*sorted(EVERY), GONE, ShopMethod(FARM, "cash")]))
participants = st.sampled_from([AMELIE, PAUL, BERTA, MONA, ROOT])


def of(shop: EnterpriseId, methods: AbstractSet[ShopMethod]) -> set[ShopMethod]:
    """Return the part of *shop*."""
    return {each for each in methods if each.shop == shop}


def choose(
    actor: Actor, wanted: AbstractSet[ShopMethod], before: AbstractSet[ShopMethod] = frozenset()
) -> MethodChoice:
    """Choose *wanted* in place of *before*; *actor* takes part."""
    found = choose_methods(before, wanted, EVERY, cycle=CYCLE, snapshot=SNAPSHOT, actor=actor)
    assert isinstance(found, MethodChoice)
    return found


@given(choices, wishes, participants)
def test_nobody_changes_the_part_of_a_shop_that_is_not_theirs(
    before: frozenset[ShopMethod], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    found = choose(actor, wanted, before)
    own = {AMELIE: {HUB, MARKET}, ROOT: {HUB, MARKET}, MONA: {MARKET}}.get(actor, set())
    for shop in {HUB, MARKET} - own:
        assert of(shop, found.chosen) == of(shop, before)
    for shop in own:
        assert of(shop, found.chosen) == (set() if wanted & EVERY == EVERY else of(shop, wanted & EVERY))


@given(choices, wishes, participants)
def test_the_same_choice_twice_is_the_same_as_once(
    before: frozenset[ShopMethod], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    once = choose(actor, wanted, before)
    assert choose(actor, wanted, once.chosen).chosen == once.chosen


@given(choices, wishes, participants)
def test_what_is_new_is_chosen_or_told_to_be_left_out(
    before: frozenset[ShopMethod], wanted: frozenset[ShopMethod], actor: Actor
) -> None:
    found = choose(actor, wanted, before)
    if wanted & EVERY != EVERY:
        assert len(found.dropped) == len(wanted - before - found.chosen)


@given(choices)
def test_a_shop_always_offers_something_that_may_be_chosen(chosen: frozenset[ShopMethod]) -> None:
    """CYC-9: what is chosen, or all of a shop without a choice."""
    offered = offered_methods(chosen, EVERY, COORDINATOR)
    for shop in (HUB, MARKET):
        assert of(shop, offered) == (of(shop, chosen) or of(shop, EVERY))


def test_a_choice_of_every_method_is_no_choice() -> None:
    """So that methods that come later are offered too."""
    assert choose(AMELIE, EVERY).chosen == frozenset()
    assert choose(AMELIE, EVERY | {GONE}, {GONE}).chosen == frozenset()
    kept = frozenset({ShopMethod(HUB, "card")})
    assert choose(MONA, EVERY, kept).chosen == kept


def test_a_chosen_method_that_cannot_be_used_any_more_still_keeps_its_shop_from_offering_the_others() -> None:
    """CYC-9.3, CYC-17.3: kept for what the original stored."""
    assert of(MARKET, offered_methods(frozenset({GONE}), EVERY, COORDINATOR)) == set()


def test_where_the_coordinator_sells_its_own_goods_a_choice_does_not_count() -> None:
    simple = attrs.evolve(COORDINATOR, sells=Sells.OWN)
    assert offered_methods(frozenset({ShopMethod(HUB, "card")}), EVERY, simple) == EVERY


def test_the_coordinator_replaces_what_was_chosen_for_shops_that_left_and_nobody_else_does() -> None:
    left = frozenset({ShopMethod(FARM, "cash")})
    wanted = frozenset({ShopMethod(MARKET, "card")})
    assert choose(AMELIE, wanted, left).chosen == wanted
    assert choose(MONA, wanted, left).chosen == wanted | left


def test_what_is_left_out_is_told_with_its_reason() -> None:
    wanted = frozenset({ShopMethod(HUB, "card"), ShopMethod(MARKET, "card"), GONE})
    assert [each.code for each in choose(MONA, wanted).dropped] == [Code.NEEDS_MANAGER, Code.METHOD_NOT_OFFERED]
    assert choose(AMELIE, wanted - {GONE}).dropped == ()


def test_a_stranger_chooses_nothing() -> None:
    found = choose_methods(frozenset(), EVERY, EVERY, cycle=CYCLE, snapshot=SNAPSHOT, actor=OLGA)
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


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
