"""What would turn a no into a yes (PERM-12)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderId, UserId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.enterprise import Sells, ShopSettings
from ofncore.model.grant import Permission
from ofncore.permissions.actions import (
    CycleAccess,
    CycleAction,
    EnterpriseAction,
    OrderAccess,
    ProductAction,
    RecordAction,
    ScreenAction,
)
from ofncore.permissions.asking import Asker, check
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.remedies import Remedies, SearchLimits, find_remedies
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.actors import AMELIE, CYCLE, DAIRY, ENTERPRISES, FARM, HUB, MARKET, NOBODY, PAUL, ROOT, USERS, grant
from permissions.brute_force import all_facts, minimal_sets, parts
from permissions.small_networks import OTHERS, PEOPLE, contexts, networks, resources

SELL = Permission.ADD_TO_ORDER_CYCLE
FAR = SearchLimits(remedies=1_000, tries=100_000)

profiles = st.sampled_from([PRODUCT, OFN])


def snapshot(*grants: tuple[str, str]) -> Snapshot:
    return Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant(*each) for each in grants],
        order_cycles=[CYCLE],
        variants=[worlds.variant(each, supplier=FARM) for each in ("carrots", "eggs")],
        fees=[worlds.fee(enterprise=HUB)],
        schedules=[worlds.schedule("weekly", order_cycles=(CYCLE.id,))],
    )


def asker(actor: Actor, *grants: tuple[str, str]) -> Asker:
    return Asker(actor, snapshot(*grants))


# ---------------------------------------------------------------- laws


@settings(max_examples=25, deadline=None)
@given(networks(), st.sampled_from(PEOPLE), profiles, st.data())
def test_every_remedy_helps_and_no_part_of_it_does(
    network: Snapshot, actor: Actor, profile: Profile, data: st.DataObject
) -> None:
    """PERM-12, property 9; each remedy is checked by adding its facts to the records."""
    asker = Asker(actor, network, profile)
    for kind, action in data.draw(st.lists(st.sampled_from(sorted(RULES)), min_size=4, max_size=4, unique=True)):
        within = data.draw(st.sampled_from(list(contexts(kind))))
        for each in resources(kind, network, within):
            for remedy in find_remedies(asker, action, each, SearchLimits(facts=2)).sets:
                assert check(actor, action, each, network.with_facts(remedy), profile).allowed
                for part in parts(remedy):
                    assert not check(actor, action, each, network.with_facts(part), profile).allowed


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from(PEOPLE), profiles, st.data())
def test_the_remedies_are_those_that_trying_everything_finds(
    network: Snapshot, actor: Actor, profile: Profile, data: st.DataObject
) -> None:
    """No set of up to two facts is overlooked, none is added."""
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    facts = all_facts(actor, network, tuple(Permission))
    for each in list(resources(kind, network, within))[:1]:
        found = find_remedies(Asker(actor, network, profile), action, each, SearchLimits(facts=2, remedies=10_000))
        assert found.is_complete
        if check(actor, action, each, network, profile).allowed:
            assert found.sets == ()
        else:
            expected = minimal_sets(actor, action, each, network, facts, profile, most=2)
            assert set(map(frozenset, found.sets)) == expected


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from([*OTHERS, Actor.user("stranger")]), st.sampled_from(sorted(RULES)))
def test_who_cannot_be_given_a_role_cannot_be_helped(
    network: Snapshot, actor: Actor, asked: tuple[ResourceKind, CycleAction]
) -> None:
    kind, action = asked
    for within in contexts(kind):
        for each in resources(kind, network, within):
            assert find_remedies(Asker(actor, network), action, each) == Remedies()


# ---------------------------------------------------------------- cases


def test_the_smallest_come_first_and_small_rights_before_great_ones() -> None:
    """PERM-3: a grant would do; so would a role; so would being an administrator."""
    found = find_remedies(asker(AMELIE), EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM), FAR)
    user = UserId("amelie")
    assert found.sets[:3] == (
        (GrantFact(FARM, HUB, Permission.EDIT_PROFILE),),
        (ManagesFact(user, FARM),),
        (AdminFact(user),),
    )
    assert list(map(len, found.sets)) == sorted(map(len, found.sets))
    assert found.is_complete


def test_a_supplier_needs_both_directions_to_tick_its_goods_in_a_list() -> None:
    """PERM-G22, PERM-G23: without the distributor's grant it sees its goods there, and neither adds nor removes."""
    paul = Actor.user("paul")
    eggs = resource(ResourceKind.OUTGOING_VARIANT, CYCLE.id, MARKET, VariantId("eggs"))
    none = find_remedies(asker(paul), CycleAction.EDIT_OUTGOING_VARIANTS, eggs, FAR).sets
    assert (GrantFact(FARM, MARKET, SELL), GrantFact(MARKET, FARM, SELL)) in none
    one = find_remedies(asker(paul, ("farm", "market")), CycleAction.EDIT_OUTGOING_VARIANTS, eggs).sets
    assert one[0] == (GrantFact(MARKET, FARM, SELL),)


def test_a_coordinator_is_told_whose_grant_is_missing() -> None:
    """PERM-G9: the list of possible suppliers holds only producers that granted it."""
    orchard = resource(ResourceKind.CYCLE_ENTERPRISE, CYCLE.id, "orchard")
    found = find_remedies(asker(AMELIE), CycleAccess.PICK_SUPPLIER, orchard)
    assert found.sets[0] == (GrantFact(EnterpriseId("orchard"), HUB, SELL),)


def test_ownership_is_a_remedy_where_only_the_owner_acts() -> None:
    """PERM-8."""
    found = find_remedies(asker(PAUL), EnterpriseAction.TRANSFER, resource(ResourceKind.ENTERPRISE, HUB))
    assert found.sets == ((OwnsFact(UserId("paul"), HUB),), (AdminFact(UserId("paul")),))


def test_what_only_administrators_do_is_lifted_by_nothing_else() -> None:
    """PERM-8: to delete an enterprise."""
    found = find_remedies(asker(PAUL), EnterpriseAction.DELETE, resource(ResourceKind.ENTERPRISE, FARM))
    assert found.sets == ((AdminFact(UserId("paul")),),)


def test_a_profile_can_be_made_coordinator_by_nobody() -> None:
    """PERM-G4: nothing lifts this no, and the search says that it looked at everything."""
    found = find_remedies(asker(PAUL), EnterpriseAction.COORDINATE, resource(ResourceKind.ENTERPRISE, FARM))
    assert found == Remedies(sets=(), is_complete=True)


def test_an_administrator_never_opens_an_order_as_supplier() -> None:
    """PERM-8: an administrator is offered no role that would not help."""
    shop = worlds.enterprise("hub", managers=("root",), shop=ShopSettings(producers_may_change_orders=True))
    order = OrderFacts(
        id=OrderId("r1"), distributor=HUB, order_cycle=CYCLE.id, lines=(LineFacts(VariantId("eggs"), HUB),)
    )
    known = Snapshot.of(users=USERS, enterprises=[shop], order_cycles=[CYCLE], orders=[order])
    asked = OrderAccess.OPEN_AS_SUPPLIER, resource(ResourceKind.ORDER, "r1")
    assert find_remedies(Asker(ROOT, known), *asked) == Remedies(sets=(), is_complete=True)


def test_a_yes_needs_no_remedy() -> None:
    assert find_remedies(asker(ROOT), EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM)) == Remedies()


def test_a_search_that_was_cut_short_says_so() -> None:
    asked = EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM)
    assert not find_remedies(asker(AMELIE), *asked, SearchLimits(remedies=1)).is_complete
    few = find_remedies(asker(AMELIE), *asked, SearchLimits(tries=1))
    assert few == Remedies(sets=(), is_complete=False)


def test_permissions_that_exclude_each_other_are_not_offered_together() -> None:
    """PERM-1: hub may keep an inventory of the farm's goods, so it cannot get linked variants of them."""
    overrides = grant("farm", "hub", Permission.CREATE_VARIANT_OVERRIDES)
    known = Snapshot.of(
        users=USERS, enterprises=ENTERPRISES, grants=[overrides], variants=[worlds.variant("eggs", supplier=FARM)]
    )
    eggs = resource(ResourceKind.VARIANT, "eggs")
    found = find_remedies(Asker(AMELIE, known), ProductAction.LINK_VARIANT, eggs, FAR)
    linked = Permission.CREATE_LINKED_VARIANTS
    assert (GrantFact(FARM, HUB, linked),) not in found.sets
    assert found.sets[0] != (GrantFact(FARM, HUB, linked),)
    assert find_remedies(Asker(AMELIE, snapshot()), ProductAction.LINK_VARIANT, eggs, FAR).sets[0] == (
        GrantFact(FARM, HUB, linked),
    )


@pytest.mark.parametrize("actor", [NOBODY, PAUL])
def test_a_schedule_needs_a_shop_and_its_coordinator(actor: Actor) -> None:
    """PERM-8: class Cm, and a cycle that one coordinates; one role gives both."""
    found = find_remedies(asker(actor), RecordAction.EDIT_SCHEDULE, resource(ResourceKind.SCHEDULE, "weekly"))
    assert found.sets[0] == (ManagesFact(UserId(actor.id), HUB),)


def test_a_remedy_in_a_large_network_stays_near_what_was_asked() -> None:
    """Enterprises that have nothing to do with it are not offered."""
    strangers = [worlds.producer(f"far-{number}", owner="owner") for number in range(50)]
    known = Snapshot.of(users=USERS, enterprises=[*ENTERPRISES, *strangers], order_cycles=[CYCLE])
    dairy = resource(ResourceKind.CYCLE_ENTERPRISE, CYCLE.id, DAIRY)
    found = find_remedies(Asker(PAUL, known), CycleAccess.SEE_ENTERPRISE, dairy, FAR)
    assert (GrantFact(DAIRY, HUB, SELL), ManagesFact(UserId("paul"), HUB)) not in found.sets
    assert found.sets
    assert "far-" not in str(found.sets)


def test_a_shop_is_what_opens_the_screen_of_payments() -> None:
    """PERM-8: class Om; of the enterprises, those that sell."""
    screen = resource(ResourceKind.SCREEN, "payment_methods")
    sets = find_remedies(asker(NOBODY), ScreenAction.OPEN, screen, FAR).sets
    shops = {each.id for each in ENTERPRISES if each.sells in {Sells.OWN, Sells.ANY}}
    assert {each.enterprise for (each, *_) in sets if isinstance(each, ManagesFact)} == shops


def test_nobody_is_told_to_grant_themselves_something() -> None:
    """A grant is from one enterprise to another (PERM-1)."""
    known = Snapshot.of(users=USERS, enterprises=ENTERPRISES, variants=[worlds.variant("jam", supplier=HUB)])
    found = find_remedies(Asker(AMELIE, known), ProductAction.LINK_VARIANT, resource(ResourceKind.VARIANT, "jam"), FAR)
    assert (GrantFact(HUB, HUB, Permission.CREATE_LINKED_VARIANTS),) not in found.sets
    assert found.sets
