"""All that actors may do, who may do one thing, and what is never allowed (PERM-12)."""

from typing import Any, get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.errors import NotFoundError, UnknownActionError
from ofncore.kernel.ids import CustomerId, OrderId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.permissions.actions import Action, EnterpriseAction, OrderAction, ScreenAction
from ofncore.permissions.asking import Asker, check, list_allowed
from ofncore.permissions.capabilities import all_actors, permission_matrix, places, who_can
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.remedies import Remedies, find_remedies
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.screens import Screen
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.actors import AMELIE, CYCLE, ENTERPRISES, FARM, HUB, NOBODY, PAUL, ROOT, USERS, grant
from permissions.small_networks import OTHERS, PEOPLE, contexts, networks, resources
from permissions.small_networks import ROOT as SMALL_ROOT

profiles = st.sampled_from([PRODUCT, OFN])
QUESTIONS = sorted(RULES)
EVERY_ACTION = [action for group in get_args(Action) for action in group]
EVERYBODY = (*PEOPLE, SMALL_ROOT, *OTHERS)


def snapshot() -> Snapshot:
    return Snapshot.of(users=USERS, enterprises=ENTERPRISES, grants=[grant("farm", "hub")], order_cycles=[CYCLE])


# ---------------------------------------------------------------- laws


@settings(max_examples=15, deadline=None)
@given(networks(), profiles, st.data())
def test_who_can_and_the_matrix_agree_with_check(network: Snapshot, profile: Profile, data: st.DataObject) -> None:
    kind, action = data.draw(st.sampled_from(QUESTIONS))
    matrix = permission_matrix(network, all_actors(network), profile)
    told = {(each.actor, one) for each in matrix if each.action == action for one in each.resources}
    for within in places(kind, network):
        for each in resources(kind, network, within):
            able = who_can(action, each, network, profile)
            checked = {actor for actor in all_actors(network) if check(actor, action, each, network, profile).allowed}
            assert able == checked == {actor for actor, one in told if one == each}


@settings(max_examples=30, deadline=None)
@given(networks(), profiles, st.sampled_from(QUESTIONS), st.sampled_from(EVERYBODY))
def test_what_is_not_there_is_never_allowed(
    network: Snapshot, profile: Profile, asked: tuple[ResourceKind, Any], actor: Actor
) -> None:
    """Default deny: no actor, whoever they are, may do anything to a thing that is not known."""
    kind, action = asked
    place = WHEREABOUTS[kind]
    asker = Asker(actor, network, profile)
    for within in (*contexts(kind), ("none",) * place.context):
        unknown = Resource(kind, (*within, *("none",) * place.length))
        decision = asker.check(action, unknown)
        assert not decision.allowed
        assert decision.refusal is not None
        assert not asker.may(action, unknown)
        assert find_remedies(asker, action, unknown) == Remedies()
        assert who_can(action, unknown, network, profile) == set()


@settings(max_examples=30, deadline=None)
@given(networks(), profiles, st.sampled_from(QUESTIONS), st.sampled_from(EVERYBODY), st.data())
def test_a_key_is_of_the_length_of_its_kind_or_an_error_and_any_ids_get_an_answer(
    network: Snapshot, profile: Profile, asked: tuple[ResourceKind, Any], actor: Actor, data: st.DataObject
) -> None:
    kind, action = asked
    ids = st.sampled_from([*network.enterprises, *network.order_cycles, *network.variants, *network.orders])
    key = tuple(data.draw(st.lists(ids, max_size=5)))
    if len(key) == len(WHEREABOUTS[kind].parts):
        decision = check(actor, action, Resource(kind, key), network, profile)
        assert decision.allowed is not bool(decision.problems)
    else:
        with pytest.raises(ValueError, match=f"{kind.value}.*{WHEREABOUTS[kind].parts[-1]}"):
            Resource(kind, key)


@settings(max_examples=30, deadline=None)
@given(networks(), profiles, st.sampled_from(QUESTIONS))
def test_a_stranger_may_do_what_everybody_may_and_nothing_else(
    network: Snapshot, profile: Profile, asked: tuple[ResourceKind, Any]
) -> None:
    """Default deny: who is not known is allowed nothing, not even what asks for no account.

    A customer whom nobody looked for may be somebody, who may begin an order.
    """
    kind, action = asked
    unlooked = attrs.evolve(network, customers=Snapshot.of().customers)
    for stranger, known, allowed in (
        (Actor.user("stranger"), network, set()),
        (Actor.customer("stranger"), network, set()),
        (Actor.customer("stranger"), unlooked, {(Screen.NEW_ORDER,)}),
    ):
        for within in contexts(kind):
            listed = list_allowed(stranger, action, kind, known, profile, within=within)
            for each in resources(kind, known, within):
                assert check(stranger, action, each, known, profile).allowed is (each in listed)
            assert {each.key for each in listed} <= allowed


# ---------------------------------------------------------------- every action


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_an_action_that_no_rule_knows_for_a_kind_is_an_error(action: Action) -> None:
    """Default deny: it is never a yes, not for an administrator either."""
    for kind in (each for each in ResourceKind if (each, action) not in RULES):
        asked = Resource(kind, ("hub",) * len(WHEREABOUTS[kind].parts))
        for actor in (ROOT, AMELIE, ENGINE):
            with pytest.raises(UnknownActionError):
                check(actor, action, asked, snapshot())
            with pytest.raises(UnknownActionError):
                list_allowed(actor, action, kind, snapshot())
        with pytest.raises(UnknownActionError):
            who_can(action, asked, snapshot())


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_every_action_has_a_rule_for_some_kind(action: Action) -> None:
    assert any(action == known for _, known in RULES)


def test_a_word_that_is_no_action_is_an_error() -> None:
    word: Any = "do_everything"
    with pytest.raises(UnknownActionError):
        check(ROOT, word, resource(ResourceKind.ENTERPRISE, HUB), snapshot())


# ---------------------------------------------------------------- cases


def test_whoever_manages_it_or_was_granted_it_can() -> None:
    """PERM-3: visible enterprises."""
    able = who_can(EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, FARM), snapshot())
    assert able == {PAUL, AMELIE, ROOT}


def test_the_engine_and_the_buyer_are_among_those_who_can() -> None:
    """ORD-6: staff, the buyer by account or by link, and the engine may cancel an order."""
    order = OrderFacts(id=OrderId("r1"), distributor=HUB, order_cycle=CYCLE.id, customer=CustomerId("anna"))
    known = Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        order_cycles=[CYCLE],
        orders=[order],
        customers=[worlds.customer("anna"), worlds.customer("ben")],
    )
    able = who_can(OrderAction.CANCEL, resource(ResourceKind.ORDER, "r1"), known)
    assert able == {AMELIE, ROOT, Actor.customer("anna"), ENGINE}


def test_a_row_of_the_matrix_names_its_things_sorted() -> None:
    rows = permission_matrix(snapshot(), [AMELIE])
    seen = next(each for each in rows if each.action == EnterpriseAction.SEE)
    assert [each.key for each in seen.resources] == [(FARM,), (HUB,)]
    screens = next(each for each in rows if each.action == ScreenAction.OPEN)
    assert resource(ResourceKind.SCREEN, Screen.ORDER_CYCLES) in screens.resources


def test_the_matrix_says_nothing_of_what_nobody_may() -> None:
    assert all(each.resources for each in permission_matrix(snapshot(), all_actors(snapshot())))


def test_the_matrix_of_somebody_unknown_is_an_error() -> None:
    known = attrs.evolve(snapshot(), customers={})
    for stranger in (Actor.user("stranger"), Actor.customer("stranger")):
        with pytest.raises(NotFoundError, match=f"there is no {stranger.kind} 'stranger'"):
            permission_matrix(known, [AMELIE, stranger])
    assert permission_matrix(known, [NOBODY, ENGINE])
