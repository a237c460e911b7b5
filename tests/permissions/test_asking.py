"""Checking, listing, and the laws that hold for every rule (PERM-12)."""

import re
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError, UnknownActionError
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderId, UserId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import problem
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.actions import (
    Action,
    CycleAccess,
    CycleAction,
    EnterpriseAction,
    LineAction,
    OrderAction,
    ScreenAction,
)
from ofncore.permissions.asking import Asker, check, list_allowed
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.screens import Screen
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.small_networks import (
    OTHERS,
    PEOPLE,
    ROOT,
    contexts,
    grants,
    networks,
    renamed,
    resources,
    with_grants,
)

profiles = st.sampled_from([PRODUCT, OFN])
people = st.sampled_from(PEOPLE)
actors = st.sampled_from((*PEOPLE, ROOT, *OTHERS))


def rights(actor: Actor, snapshot: Snapshot, profile: Profile = PRODUCT) -> set[tuple[Action, Resource]]:
    """Return everything that *actor* may do to anything."""
    return {
        (action, each)
        for kind, action in RULES
        for within in contexts(kind)
        for each in list_allowed(actor, action, kind, snapshot, profile, within=within)
    }


# ---------------------------------------------------------------- laws of every rule


@settings(max_examples=60)
@given(networks(), actors, profiles)
def test_a_thing_is_listed_exactly_if_checking_says_yes(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-12, property 9."""
    for kind, action in RULES:
        for within in contexts(kind):
            listed = list_allowed(actor, action, kind, snapshot, profile, within=within)
            allowed = {
                each
                for each in resources(kind, snapshot, within)
                if check(actor, action, each, snapshot, profile).allowed
            }
            assert listed == allowed, (kind, action, within)
            asker = Asker(actor, snapshot, profile)
            assert {each for each in resources(kind, snapshot, within) if asker.may(action, each)} == listed


@settings(max_examples=60)
@given(networks(), people, grants(), profiles)
def test_another_grant_never_takes_a_right_away(
    snapshot: Snapshot, actor: Actor, more: list[PermissionGrant], profile: Profile
) -> None:
    """PERM-12, property 2."""
    assert rights(actor, snapshot, profile) <= rights(actor, with_grants(snapshot, more), profile)


@settings(max_examples=60)
@given(networks(), people)
def test_the_specification_allows_no_more_but_where_it_says_so(snapshot: Snapshot, actor: Actor) -> None:
    """PERM-12, property 10."""
    generous = ("orders-kept", "distributor-kind")
    assert rights(actor, snapshot, PRODUCT.switched(generous, to=OFN)) <= rights(actor, snapshot, OFN)


#: The answers of sections 3 and 7.
CONTAINED = [
    (kind, action)
    for (kind, action), rule in RULES.items()
    if {"PERM-3", "PERM-7"} & set(rule.ids) and "PERM-4" not in rule.ids
]


@settings(max_examples=60)
@given(networks(), people, profiles)
def test_an_administrator_sees_what_anybody_sees(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-12, property 8. What only the buyer may do, or only who has the role, is no part of it."""
    for kind, action in CONTAINED:
        for within in contexts(kind):
            found = list_allowed(actor, action, kind, snapshot, profile, within=within)
            assert found <= list_allowed(ROOT, action, kind, snapshot, profile, within=within), (kind, action)


@settings(max_examples=60)
@given(networks(), actors, profiles, st.randoms(use_true_random=False))
def test_names_and_order_of_the_facts_do_not_matter(
    snapshot: Snapshot, actor: Actor, profile: Profile, chance: Random
) -> None:
    """PERM-12, property 4."""
    names = {name: f"z-{name[::-1]}" for name in ("e1", "e2", "e3", "e4", "uma", "vera", "v1", "v2", "o1", "r1", "p1")}
    expected = {(action, each.kind, renamed(each.key, names)) for action, each in rights(actor, snapshot, profile)}
    records = {name: renamed(tuple(each), names) for name, each in _records(snapshot).items()}
    other = Snapshot.of(**{name: chance.sample(each, len(each)) for name, each in records.items()})
    found = {
        (action, each.kind, each.key)
        for kind, action in RULES
        for within in contexts(kind)
        for each in list_allowed(renamed(actor, names), action, kind, other, profile, within=renamed(within, names))
    }
    assert found == expected


def _records(snapshot: Snapshot) -> dict[str, list[Any]]:
    relations = snapshot.relations
    fields = {each.name: getattr(snapshot, each.name) for each in attrs.fields(Snapshot) if each.name != "relations"}
    return {
        "users": list(relations.users.values()),
        "enterprises": list(relations.enterprises.values()),
        "grants": list(relations.grants),
        **{name: list(found.values()) for name, found in fields.items()},
    }


@settings(max_examples=60)
@given(networks(), actors, profiles)
def test_asking_twice_gives_the_same(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-10 (memo): no question leaves anything behind that changes the next."""
    assert rights(actor, snapshot, profile) == rights(actor, snapshot, profile)


@settings(max_examples=60)
@given(networks(), people)
def test_every_yes_tells_facts_that_are_so(snapshot: Snapshot, actor: Actor) -> None:
    relations = snapshot.relations
    for action, each in rights(actor, snapshot):
        for fact in check(actor, action, each, snapshot).because:
            if isinstance(fact, ManagesFact):
                assert fact.user == actor.id
                assert relations.manages(actor, fact.enterprise)
            elif isinstance(fact, GrantFact):
                assert fact.grantor in relations.grantors_to(fact.grantee, fact.permission)
            assert not isinstance(fact, AdminFact)


@settings(max_examples=60)
@given(networks(), people)
def test_a_no_that_names_enterprises_becomes_a_yes_by_the_role_in_one_of_them(snapshot: Snapshot, actor: Actor) -> None:
    """And by the smaller role where that does."""
    by_name = {each.name: each.id for each in snapshot.enterprises.values()}
    for kind, action in RULES:
        for within in contexts(kind):
            for each in resources(kind, snapshot, within):
                decision = check(actor, action, each, snapshot)
                for found in decision.problems:
                    assert found.code in (Code.NEEDS_MANAGER, Code.NEEDS_OWNER, Code.NOT_ALLOWED)
                    for name in found.parameters.get("enterprises", ()):  # type: ignore[union-attr]
                        enterprise = by_name[str(name)]
                        more = snapshot.with_facts([ManagesFact(UserId(actor.id), enterprise)])
                        assert check(actor, action, each, more).allowed == (found.code == Code.NEEDS_MANAGER)
                        owned = more.with_facts([OwnsFact(UserId(actor.id), enterprise)])
                        assert check(actor, action, each, owned).allowed


def test_a_manager_is_told_that_the_owner_alone_may_do_it() -> None:
    """PERM-8: remove managers."""
    owned = worlds.enterprise("shop", owner="olga", managers=("olga", "ben"))
    known = Snapshot.of(users=[worlds.user("ben"), worlds.user("olga")], enterprises=[owned])
    shop = resource(ResourceKind.ENTERPRISE, "shop")
    decision = check(Actor.user("ben"), EnterpriseAction.REMOVE_MANAGER, shop, known)
    expected = problem(Code.NEEDS_OWNER, action=EnterpriseAction.REMOVE_MANAGER, enterprises=(owned.name,))
    assert decision.problems == (expected,)
    nobody = check(Actor.user("ben"), EnterpriseAction.DELETE, shop, known)
    assert [each.code for each in nobody.problems] == [Code.NOT_ALLOWED]


# ---------------------------------------------------------------- default deny


@given(networks(), actors)
def test_what_is_in_no_rule_is_an_error(snapshot: Snapshot, actor: Actor) -> None:
    with pytest.raises(UnknownActionError, match="coordinate"):
        check(actor, EnterpriseAction.COORDINATE, resource(ResourceKind.ORDER, "r1"), snapshot)
    with pytest.raises(UnknownActionError, match="fly"):
        check(actor, "fly", resource(ResourceKind.ORDER, "r1"), snapshot)  # type: ignore[arg-type]
    with pytest.raises(UnknownActionError):
        list_allowed(actor, CycleAction.NOTIFY_PRODUCERS, ResourceKind.ORDER, snapshot)


@settings(max_examples=30)
@given(networks())
def test_an_unknown_user_may_do_nothing(snapshot: Snapshot) -> None:
    stranger = Actor.user("unheard-of")
    assert rights(stranger, snapshot) == set()
    for kind, action in RULES:
        for within in contexts(kind):
            for each in resources(kind, snapshot, within):
                assert not check(stranger, action, each, snapshot).allowed


KEYS_OF_NOTHING = [
    (ResourceKind.ORDER, OrderAction.CHANGE, ("r9",)),
    (ResourceKind.ORDER_LINE, LineAction.EDIT, ("r1", "v9")),
    (ResourceKind.INCOMING, CycleAction.EDIT_INCOMING_FEES, ("o9", "e1")),
    (ResourceKind.INCOMING, CycleAction.EDIT_INCOMING_FEES, ("o1", "e9")),
    (ResourceKind.OUTGOING_VARIANT, CycleAccess.SEE_VARIANT, ("o1", "e9", "v1")),
    (ResourceKind.INVENTORY, EnterpriseAction.OVERRIDE_GOODS, ("e9", "e1")),
    (ResourceKind.SCREEN, ScreenAction.OPEN, ("cellar",)),
]


@settings(max_examples=10)
@pytest.mark.parametrize(("kind", "action", "key"), KEYS_OF_NOTHING)
@given(networks())
def test_even_an_administrator_may_do_nothing_to_what_there_is_not(
    kind: ResourceKind, action: Action, key: tuple[str, ...], snapshot: Snapshot
) -> None:
    decision = check(ROOT, action, Resource(kind, key), snapshot)
    assert not decision.allowed
    assert decision.refusal is not None
    assert decision.refusal.codes == {Code.UNKNOWN_RECORD}
    assert not decision.because


ROOT_ALONE = Snapshot.of(users=[worlds.user("root", is_admin=True)], enterprises=[worlds.enterprise("hub")])


@pytest.mark.parametrize("count", range(4))
def test_things_are_listed_within_what_they_lie_in_and_nothing_else(count: int) -> None:
    """PERM-12.9: a wrong place is an error, and never a list without anything."""
    for kind, action in RULES:
        within = ("hub",) * count
        if count == WHEREABOUTS[kind].context:
            assert isinstance(list_allowed(ROOT, action, kind, ROOT_ALONE, within=within), frozenset)
        else:
            with pytest.raises(ValueError, match=f"kind '{kind.value}' are listed within .*not"):
                list_allowed(ROOT, action, kind, ROOT_ALONE, within=within)
    assert list_allowed(ROOT, EnterpriseAction.SEE, ResourceKind.ENTERPRISE, ROOT_ALONE)


@pytest.mark.parametrize(
    ("kind", "action", "within", "wanted"),
    [
        (ResourceKind.ENTERPRISE, EnterpriseAction.SEE, ("hub",), "within nothing, not ('hub',)"),
        (ResourceKind.INVENTORY, EnterpriseAction.OVERRIDE_GOODS, (), "within the ids (hub), not ()"),
        (ResourceKind.OUTGOING, CycleAccess.SEE_EXCHANGE, ("o1", "e1"), "within the ids (order_cycle), not"),
        (
            ResourceKind.INCOMING_VARIANT,
            CycleAccess.SEE_VARIANT,
            ("o1",),
            "within the ids (order_cycle, supplier), not ('o1',)",
        ),
    ],
)
def test_the_error_says_what_things_of_a_kind_lie_in(
    kind: ResourceKind, action: Action, within: tuple[str, ...], wanted: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(wanted)) as found:
        list_allowed(ROOT, action, kind, ROOT_ALONE, within=within)
    assert kind.value in str(found.value)


@pytest.mark.parametrize("within", ["o1", "", 7, ("o1", 7), (None,)])
def test_one_text_is_no_place(within: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(TypeError, match="within"):
        list_allowed(ROOT, CycleAccess.SEE_EXCHANGE, ResourceKind.INCOMING, ROOT_ALONE, within=within)


def test_nothing_is_listed_in_a_cycle_or_for_a_hub_that_is_not_known() -> None:
    empty = Snapshot.of(users=[worlds.user("root", is_admin=True)])
    for kind, action in RULES:
        if WHEREABOUTS[kind].context:
            unknown = ("o9", "e9")[: WHEREABOUTS[kind].context]
            assert list_allowed(ROOT, action, kind, empty, within=unknown) == frozenset()


# ---------------------------------------------------------------- who and what there is not


@settings(max_examples=30)
@given(networks(), st.sampled_from(sorted(RULES)))
def test_everything_that_is_not_known_is_named(snapshot: Snapshot, asked: tuple[ResourceKind, Action]) -> None:
    """The actor at the root, the parts of the resource at its path; and nobody's name besides."""
    kind, action = asked
    place = WHEREABOUTS[kind]
    for stranger in (Actor.user("unheard-of"), Actor.customer("unheard-of")):
        alone = problem(Code.UNKNOWN_RECORD, kind=stranger.kind, id="unheard-of")
        for within in contexts(kind):
            for each in resources(kind, snapshot, within):
                assert check(stranger, action, each, snapshot, path="$.what").problems == (alone,)
        nothing = Resource(kind, ("none",) * len(place.parts))
        found = check(stranger, action, nothing, snapshot, path="$.what").problems
        assert found[0] == alone
        assert {each.path for each in found[1:]} == {"$.what"}
        assert found[1:] == check(ROOT, action, nothing, snapshot, path="$.what").problems


def test_a_customer_nobody_looked_for_is_no_stranger() -> None:
    order = OrderFacts(id=OrderId("r1"), distributor=None, order_cycle=None, customer=CustomerId("anna"))
    anna, asked = Actor.customer("anna"), resource(ResourceKind.ORDER, "r1")
    assert check(anna, OrderAction.CANCEL, asked, Snapshot.of(orders=[order])).allowed
    others = Snapshot.of(orders=[order], customers=[worlds.customer("ben")])
    assert check(anna, OrderAction.CANCEL, asked, others).problems == (
        problem(Code.UNKNOWN_RECORD, kind="customer", id="anna"),
    )


def test_the_engine_is_always_known() -> None:
    decision = check(ENGINE, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, "hub"), ROOT_ALONE)
    assert decision.refusal is not None
    assert Code.UNKNOWN_RECORD not in decision.refusal.codes


# ---------------------------------------------------------------- questions that are none

HUB_ITSELF = resource(ResourceKind.ENTERPRISE, "hub")


@pytest.mark.parametrize("action", [None, [], {}, 7, ("see_enterprise",), "fly"])
def test_what_is_no_action_is_unknown(action: Any) -> None:  # noqa: ANN401 - anything
    asker = Asker(ROOT, ROOT_ALONE)
    for ask in (
        lambda: asker.check(action, HUB_ITSELF),
        lambda: asker.may(action, HUB_ITSELF),
        lambda: asker.list_allowed(action, ResourceKind.ENTERPRISE),
    ):
        with pytest.raises(UnknownActionError):
            ask()


@pytest.mark.parametrize("what", [None, "hub", ("enterprise", "hub"), ResourceKind.ENTERPRISE])
def test_what_is_no_resource_cannot_be_asked_about(what: Any) -> None:  # noqa: ANN401 - anything
    asker = Asker(ROOT, ROOT_ALONE)
    with pytest.raises(TypeError, match="resource"):
        asker.check(EnterpriseAction.SEE, what)
    with pytest.raises(TypeError, match="resource"):
        asker.may(EnterpriseAction.SEE, what)


@pytest.mark.parametrize("who", [None, "root", UserId("root"), worlds.user("root")])
def test_only_actors_ask(who: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(TypeError, match="Actor"):
        check(who, EnterpriseAction.SEE, HUB_ITSELF, ROOT_ALONE)


def test_the_text_of_a_kind_or_action_is_as_good_as_itself() -> None:
    assert resource("enterprise", "hub") == HUB_ITSELF
    assert isinstance(resource("enterprise", "hub").kind, ResourceKind)
    asker = Asker(ROOT, ROOT_ALONE)
    texts: Any = ("see_enterprise", "enterprise")
    assert asker.list_allowed(*texts) == {HUB_ITSELF}
    assert asker.may(texts[0], HUB_ITSELF)


@pytest.mark.parametrize(
    ("kind", "key", "error", "told"),
    [
        ("farm", ("hub",), ValueError, "no kind of thing 'farm'"),
        (None, ("hub",), TypeError, "a kind of thing"),
        ("enterprise", (), ValueError, r"\(enterprise\), not \(\)"),
        ("order", ("r1", "r2"), ValueError, r"\(order\)"),
        ("order_line", ("r1",), ValueError, r"\(order, variant\)"),
        ("inventory", ("hub",), ValueError, r"\(hub, supplier\)"),
        ("outgoing_variant", ("o1", "e1"), ValueError, r"\(order_cycle, distributor, variant\)"),
        ("enterprise", ("",), ValueError, "empty"),
        ("order_line", ("r1", ""), ValueError, "empty"),
        ("enterprise", (None,), TypeError, "NoneType None"),
        ("enterprise", (7,), TypeError, "int 7"),
        ("enterprise", "hub", TypeError, "tuple of ids, not str 'hub'"),
        ("enterprise", 7, TypeError, "tuple of ids"),
    ],
)
def test_what_names_nothing_is_no_resource(kind: Any, key: Any, error: type[Exception], told: str) -> None:  # noqa: ANN401 - anything
    with pytest.raises(error, match=told):
        Resource(kind, key)


def test_every_kind_says_what_its_keys_are_made_of() -> None:
    assert set(WHEREABOUTS) == set(ResourceKind)
    for kind, place in WHEREABOUTS.items():
        assert len(place.parts) == place.in_cycle + place.of_participant + place.length
        named = Resource(kind, place.parts)
        assert place.key_in(named.key) == (place.parts[-1] if place.length == 1 else place.parts)


@given(networks(), st.sampled_from(sorted(RULES)), st.data())
def test_a_resource_is_read_back_from_its_data(
    snapshot: Snapshot, asked: tuple[ResourceKind, Action], data: st.DataObject
) -> None:
    within = data.draw(st.sampled_from(list(contexts(asked[0]))))
    for each in resources(asked[0], snapshot, within):
        assert Resource(**attrs.asdict(each)) == each


def test_a_screen_opens_for_anybody_with_an_account_only_where_the_matrix_says_so() -> None:
    """PERM-8: who manages nothing makes enterprises and orders."""
    network = Snapshot.of(users=[worlds.user("uma")])
    opened = list_allowed(Actor.user("uma"), ScreenAction.OPEN, ResourceKind.SCREEN, network)
    assert {each.key[0] for each in opened} == {Screen.NEW_ENTERPRISE, Screen.NEW_ORDER}
    assert list_allowed(Actor.user("uma"), ScreenAction.RUN, ResourceKind.REPORT, network) == frozenset()


def test_every_rule_names_where_it_comes_from() -> None:
    for found in RULES.values():
        assert found.ids
        assert all(each.startswith(("PERM-", "ORD-", "SUB-")) for each in found.ids)


# ---------------------------------------------------------------- supposing


@settings(max_examples=40)
@given(networks(), st.sampled_from(Permission))
def test_supposed_facts_are_facts_of_the_other_picture_only(snapshot: Snapshot, permission: Permission) -> None:
    one, other, uma = *list(snapshot.enterprises)[:2], UserId("uma")
    facts: list[Role] = [
        ManagesFact(uma, one),
        GrantFact(one, other, permission),
        OwnsFact(uma, other),
        AdminFact(UserId("vera")),
    ]
    more = snapshot.with_facts(facts).relations
    assert more.manages(Actor.user("uma"), one)
    assert one in more.grantors_to(other, permission)
    assert more.enterprises[other].owner == uma
    assert more.is_admin(Actor.user("vera"))
    assert not snapshot.relations.is_admin(Actor.user("vera"))
    assert len(more.grants) - len(snapshot.relations.grants) in (0, 1)
    assert snapshot.with_facts(facts).with_facts(facts).relations == more


def test_facts_about_the_unknown_cannot_be_supposed() -> None:
    network = Snapshot.of(users=[worlds.user("uma")], enterprises=[worlds.enterprise("hub", owner="uma")])
    with pytest.raises(NotFoundError, match="nowhere"):
        network.with_facts([ManagesFact(UserId("uma"), EnterpriseId("nowhere"))])
    with pytest.raises(NotFoundError, match="nobody"):
        network.with_facts([ManagesFact(UserId("nobody"), EnterpriseId("hub"))])
