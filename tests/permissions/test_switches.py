"""Which switch of a shop would lift a no."""

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import EnterpriseId, OrderId
from ofncore.permissions.actions import Action, CycleAccess, LineAction, OrderAction, ScreenAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Setting, SettingFact
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.screens import Screen
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.switches import find_switches
from ofncore.permissions.telling.answer_words import answer_text, records_named
from ofncore.permissions.telling.answers import answer, for_actor
from ofncore.permissions.telling.known import sees
from ofncore.testing import worlds
from permissions.actors import BERTA, CYCLE, ENTERPRISES, HUB, PAUL, USERS, grant
from permissions.small_networks import OTHERS, PEOPLE, contexts, networks, resources

EGGS = resource(ResourceKind.ORDER_LINE, "r", "eggs")
ORDERS = tuple(each for each in RULES if each[0] in {ResourceKind.ORDER, ResourceKind.ORDER_LINE})
#: What opens by the switches of several shops.
OPENED = (
    (ResourceKind.ORDER_CYCLE, CycleAccess.LIST),
    (ResourceKind.SCREEN, ScreenAction.OPEN),
)


def switched(network: Snapshot, fact: SettingFact) -> Snapshot:
    """Return *network*, made anew, with one switch on."""
    on: dict[str, Any] = {fact.setting: True}
    shops = [
        attrs.evolve(each, shop=attrs.evolve(each.shop, **on)) if each.id == fact.enterprise else each
        for each in network.enterprises.values()
    ]
    return attrs.evolve(
        network,
        relations=type(network.relations).of(
            users=network.relations.users.values(), enterprises=shops, grants=network.relations.grants
        ),
    )


@settings(max_examples=80, deadline=None)
@given(networks(), st.sampled_from((*PEOPLE, *OTHERS)), st.sampled_from((*sorted(ORDERS), *OPENED * 4)))
def test_a_switch_is_told_if_it_alone_makes_a_yes(network: Snapshot, actor: Actor, asked: Any) -> None:  # noqa: ANN401 - a kind and an action
    """PERM-7: each that does, no other, and none for a yes."""
    kind, action = asked
    asking = Asker(actor, network)
    for thing in resources(kind, network, next(contexts(kind))):
        found = find_switches(asking, action, thing)
        every = () if asking.may(action, thing) else tuple(_switches(network))
        assert len(set(found)) == len(found)
        assert set(found) == {each for each in every if Asker(actor, switched(network, each)).may(action, thing)}
        shown = for_actor(answer(asking, action, thing), asking)
        assert set(shown.settings) <= set(found)
        assert all(sees(asking, each.enterprise, thing) for each in shown.settings)


def _switches(network: Snapshot) -> Iterator[SettingFact]:
    for shop in network.enterprises.values():
        yield from (SettingFact(shop.id, each) for each in Setting if not getattr(shop.shop, each))


@settings(max_examples=10, deadline=None)
@given(networks(), st.sampled_from(PEOPLE))
def test_nothing_else_has_a_shop_with_switches(network: Snapshot, actor: Actor) -> None:
    for kind, action in set(RULES) - set(ORDERS) - set(OPENED):
        for within in contexts(kind):
            assert not any(
                find_switches(Asker(actor, network), action, each) for each in resources(kind, network, within)
            )


# ---------------------------------------------------------------- cases


def asker(actor: Actor, *grants: tuple[str, str]) -> Asker:
    anna, order = worlds.customer("anna"), worlds.order("r", lines=(worlds.order_line("eggs", supplier="farm"),))
    given_permissions = [grant(*each) for each in grants]
    known = Snapshot.of(
        users=USERS, enterprises=ENTERPRISES, grants=given_permissions, order_cycles=[CYCLE], customers=[anna]
    )
    facts = OrderFacts.of(order, {anna.id: anna})
    return Asker(actor, attrs.evolve(known, orders={facts.id: facts}))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (LineAction.EDIT, {Setting.PRODUCERS_MAY_CHANGE_ORDERS}),
        (LineAction.SEE_BUYER_NAME, {Setting.PRODUCERS_MAY_CHANGE_ORDERS, Setting.SHOW_CUSTOMER_NAMES}),
        (LineAction.SEE_BUYER_CONTACT, {Setting.PRODUCERS_MAY_CHANGE_ORDERS, Setting.SHOW_CUSTOMER_CONTACTS}),
    ],
)
def test_a_supplier_is_told_what_the_shop_could_let_them_do(action: LineAction, expected: set[Setting]) -> None:
    """PERM-7, ORD-O25: names and contacts have switches of their own; who may change the lines sees both."""
    asking = asker(PAUL, ("farm", "hub"))
    full = answer(asking, action, EGGS)
    assert {each.setting for each in full.settings} == expected
    assert {each.enterprise for each in full.settings} == {HUB}
    assert for_actor(full, asking).settings == full.settings
    assert ("enterprise", HUB) in records_named(full)


@pytest.mark.parametrize(
    ("action", "thing", "opens"),
    [
        (ScreenAction.OPEN, resource(ResourceKind.SCREEN, Screen.ORDERS_IN_BULK), True),
        (ScreenAction.OPEN, resource(ResourceKind.SCREEN, Screen.CUSTOMERS), False),
        (CycleAccess.LIST, resource(ResourceKind.ORDER_CYCLE, CYCLE.id), True),
        (CycleAccess.MANAGE, resource(ResourceKind.ORDER_CYCLE, CYCLE.id), False),
    ],
)
def test_a_shop_can_open_screens_and_cycles_to_its_suppliers(action: Action, thing: Resource, *, opens: bool) -> None:
    """PERM-8: class `Lm`; the cycle is one in which the supplier takes no part itself."""
    asking = asker(PAUL)
    left = attrs.evolve(CYCLE, incoming=(), outgoing=())
    orders = [attrs.evolve(asking.snapshot.orders[OrderId("r")], id=OrderId(each)) for each in ("r", "s")]
    orders.append(attrs.evolve(orders[0], id=OrderId("t"), distributor=EnterpriseId("gone")))
    known = attrs.evolve(asking.snapshot, order_cycles={CYCLE.id: left}, orders={each.id: each for each in orders})
    alone = Asker(PAUL, known)
    switch = SettingFact(HUB, Setting.PRODUCERS_MAY_CHANGE_ORDERS)
    full = answer(alone, action, thing)
    assert full.settings == ((switch,) if opens else ())
    assert Asker(PAUL, switched(alone.snapshot, switch)).may(action, thing) is opens


def test_a_supplier_of_nothing_there_has_no_use_for_a_switch() -> None:
    assert answer(asker(BERTA, ("dairy", "hub")), LineAction.EDIT, EGGS).settings == ()


def test_a_switch_of_a_shop_that_the_actor_does_not_know_is_not_told() -> None:
    """The order is unknown to them, and so is all about it."""
    asking = asker(BERTA)
    assert for_actor(answer(asking, OrderAction.CHANGE, resource(ResourceKind.ORDER, "r")), asking).settings == ()


def test_a_switch_of_a_shop_that_the_actor_does_not_see_is_not_told() -> None:
    """PERM-7: orders keep goods whose permission ended, and may be of a shop that their supplier does not see."""
    asking = asker(PAUL)
    full = answer(asking, LineAction.EDIT, EGGS)
    assert full.settings == (SettingFact(HUB, Setting.PRODUCERS_MAY_CHANGE_ORDERS),)
    shown = for_actor(full, asking)
    assert (shown.unknown, shown.settings) == ((), ())


def test_a_no_that_a_switch_lifts_is_not_final() -> None:
    full = answer(asker(PAUL, ("farm", "hub")), LineAction.EDIT, EGGS)
    assert not attrs.evolve(full, remedies=()).is_final


@pytest.mark.parametrize("language", LANGUAGES)
def test_switches_have_words_in_every_language(language: str) -> None:
    full = answer(asker(PAUL, ("farm", "hub")), LineAction.SEE_BUYER_NAME, EGGS)
    lines = answer_text(full, {("enterprise", HUB): "The Hub"}, language).splitlines()
    assert sum("The Hub" in each for each in lines[-2:]) == len(full.settings) == 2
    one = attrs.evolve(full, settings=full.settings[:1])
    assert answer_text(one, {}, language).splitlines()[-2] != lines[-3]
