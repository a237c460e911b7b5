"""What a change of roles and grants would change (PERM-12)."""

from collections.abc import Iterable
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.grant import Permission
from ofncore.permissions.actions import CycleAccess, EnterpriseAction
from ofncore.permissions.capabilities import all_actors, permission_matrix
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.supposing import is_so
from ofncore.permissions.what_if import CapabilityChange, RoleChange, changed_by, idle_roles, what_if
from ofncore.testing import worlds
from permissions.actors import AMELIE, CYCLE, DAIRY, ENTERPRISES, FARM, HUB, MARKET, PAUL, ROOT, USERS, grant
from permissions.small_networks import ENTERPRISES as SMALL
from permissions.small_networks import USERS as PEOPLE
from permissions.small_networks import networks

SELL = Permission.ADD_TO_ORDER_CYCLE
FARM_SELLS_BY_HUB = GrantFact(FARM, HUB, SELL)

enterprises = st.sampled_from(SMALL)
people = st.sampled_from(PEOPLE)
roles: st.SearchStrategy[Role] = st.one_of(
    st.builds(AdminFact, people),
    st.builds(ManagesFact, people, enterprises),
    st.builds(OwnsFact, people, enterprises),
    st.builds(GrantFact, enterprises, enterprises, st.sampled_from(Permission)),
)
some_roles = st.lists(roles, max_size=3)


def snapshot(*grants: tuple[str, str]) -> Snapshot:
    return Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant(*each) for each in grants],
        order_cycles=[CYCLE],
        variants=[worlds.variant(each, supplier=FARM) for each in ("carrots", "eggs")],
    )


def farm_of(owner: str, *managers: str) -> Snapshot:
    """Return a farm alone, with its owner and managers."""
    return Snapshot.of(users=USERS, enterprises=[worlds.producer("farm", owner=owner, managers=managers)])


def rights(of: Snapshot) -> set[tuple[object, str, Resource]]:
    found = permission_matrix(of, all_actors(of))
    return {(each.actor, each.action, one) for each in found for one in each.resources}


def flat(capabilities: CapabilityChange, *, lost: bool = False) -> set[tuple[object, str, Resource]]:
    found = capabilities.lost if lost else capabilities.gained
    return {(each.actor, each.action, one) for each in found for one in each.resources}


def differs(change: RoleChange, network: Snapshot, actors: Iterable[Actor] | None = None) -> CapabilityChange:
    """Return what *change*, which can be, changes."""
    found = what_if(change, network, actors=actors)
    assert isinstance(found, CapabilityChange), found
    return found


def changed(change: RoleChange, network: Snapshot) -> Snapshot:
    """Return *network* after *change*, which can be."""
    after = changed_by(change, network)
    assert isinstance(after, Snapshot), after
    return after


def refused(change: RoleChange, network: Snapshot) -> list[tuple[str, str]]:
    """Return path and code of every problem of *change*, which cannot be."""
    found = what_if(change, network)
    assert isinstance(found, Refusal), found
    assert changed_by(change, network) == found
    return [(each.path, each.code) for each in found.problems]


# ---------------------------------------------------------------- laws


@settings(max_examples=25, deadline=None)
@given(networks(), some_roles, some_roles)
def test_the_difference_is_that_of_the_two_matrices(network: Snapshot, added: list[Role], removed: list[Role]) -> None:
    """What is gained was not there, what is lost was; the rest stays."""
    change = RoleChange(added=added, removed=removed)
    after = changed_by(change, network)
    if isinstance(after, Refusal):
        assert what_if(change, network) == after
        return
    found = differs(change, network)
    assert flat(found) == rights(after) - rights(network)
    assert flat(found, lost=True) == rights(network) - rights(after)


@settings(max_examples=60, deadline=None)
@given(networks(), some_roles, some_roles)
def test_what_comes_is_there_and_what_goes_is_not_but_for_what_is_told(
    network: Snapshot, added: list[Role], removed: list[Role]
) -> None:
    """An owner stays until somebody else comes; whoever comes manages it then, and that is an effect too."""
    change = RoleChange(added=added, removed=removed)
    after = changed_by(change, network)
    if isinstance(after, Refusal):
        return
    idle = idle_roles(change, network, after)
    assert len(set(idle)) == len(idle)
    for each in {*added, *removed}:
        was, is_ = is_so(each, network.relations), is_so(each, after.relations)
        if not isinstance(each, OwnsFact):
            assert (each in idle) is (was == is_)
            assert is_ is (each in added)
        elif each in added:
            manages = ManagesFact(each.user, each.enterprise)
            assert is_
            assert is_so(manages, after.relations)
            assert (each in idle) is (was and is_so(manages, network.relations))


@settings(max_examples=40, deadline=None)
@given(networks(), roles)
def test_taking_back_undoes_giving(network: Snapshot, role: Role) -> None:
    """What a new fact gives is lost when it goes, the grant itself too; one that was there before is no change."""
    given_ = changed_by(RoleChange(added=(role,)), network)
    if isinstance(given_, Refusal) or is_so(role, network.relations) or isinstance(role, OwnsFact):
        return
    back = changed_by(RoleChange(removed=(role,)), given_)
    if isinstance(back, Refusal):
        assert isinstance(role, ManagesFact)
        assert back.codes <= {Code.OWNER_MANAGES, Code.LAST_MANAGER}
        return
    assert back.relations.users == network.relations.users
    assert back.relations.enterprises == network.relations.enterprises
    assert set(back.relations.grants) == set(network.relations.grants)


# ---------------------------------------------------------------- cases


def test_a_grant_shows_the_coordinator_a_new_supplier() -> None:
    """PERM-G8, PERM-G9."""
    orchard = GrantFact(EnterpriseId("orchard"), HUB, SELL)
    found = flat(differs(RoleChange(added=(orchard,)), snapshot()))
    place = resource(ResourceKind.CYCLE_ENTERPRISE, CYCLE.id, "orchard")
    assert (AMELIE, CycleAccess.PICK_SUPPLIER, place) in found
    assert (AMELIE, EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, "orchard")) in found


def test_a_withdrawn_grant_hides_the_supplier_and_as_long_as_it_takes_part_not_in_the_cycle() -> None:
    """PERM-6; clause L1. What becomes of its part is told by `ofncore.cycles.carrying_out`."""
    found = differs(RoleChange(removed=(FARM_SELLS_BY_HUB,)), snapshot(("farm", "hub")), actors=[AMELIE])
    assert (AMELIE, EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, FARM)) in flat(found, lost=True)
    assert not {each for each in flat(found, lost=True) if each[1] == CycleAccess.SEE_ENTERPRISE}


def test_a_manager_who_leaves_loses_the_enterprise() -> None:
    found = differs(RoleChange(removed=(ManagesFact(UserId("paul"), FARM),)), farm_of("olga", "olga", "paul"))
    assert (PAUL, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM)) in flat(found, lost=True)
    assert {each.actor for each in found.lost} == {PAUL}
    assert found.gained == ()


def test_the_other_managers_stay() -> None:
    found = differs(RoleChange(removed=(ManagesFact(UserId("paul"), FARM),)), farm_of("mona", "paul", "olga"))
    assert {each.actor for each in found.lost} == {PAUL}


def test_ownership_goes_from_one_to_the_other() -> None:
    """PERM-8: the owner changes the managers."""
    found = differs(RoleChange(added=(OwnsFact(UserId("paul"), DAIRY),)), snapshot())
    transfer = (EnterpriseAction.TRANSFER, resource(ResourceKind.ENTERPRISE, DAIRY))
    assert (PAUL, *transfer) in flat(found)
    assert {each[1:] for each in flat(found, lost=True)} >= {transfer}


def test_an_administrator_who_steps_back_manages_nothing() -> None:
    found = differs(RoleChange(removed=(AdminFact(UserId("root")),)), snapshot(), actors=[ROOT])
    assert (ROOT, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, MARKET)) in flat(found, lost=True)
    assert found.gained == ()


# ---------------------------------------------------------------- what is no change, and what cannot be


def test_no_change_at_all_changes_nothing() -> None:
    assert differs(RoleChange(), snapshot()) == CapabilityChange(gained=(), lost=())


@pytest.mark.parametrize(
    ("role", "is_there"),
    [
        (FARM_SELLS_BY_HUB, True),
        (GrantFact(FARM, MARKET, SELL), False),
        (GrantFact(FARM, HUB, Permission.EDIT_PROFILE), False),
        (ManagesFact(UserId("paul"), FARM), True),
        (ManagesFact(UserId("root"), FARM), False),
        (AdminFact(UserId("root")), True),
        (AdminFact(UserId("paul")), False),
        (OwnsFact(UserId("paul"), FARM), True),
    ],
)
def test_what_is_so_already_is_told_to_be_no_change(role: Role, is_there: bool) -> None:  # noqa: FBT001 - a table
    known = snapshot(("farm", "hub"))
    change = RoleChange(added=(role,)) if is_there else RoleChange(removed=(role,))
    found = differs(change, known)
    assert found.is_empty
    assert found.without_effect == (role,)
    assert refused(RoleChange(removed=(role,), added=(role,)), known) == [("$.removed[0]", Code.ADDED_AND_REMOVED)]


def managing(*users: str) -> tuple[Role, ...]:
    return tuple(ManagesFact(UserId(each), FARM) for each in users)


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (RoleChange(removed=managing("paul")), [("$.removed[0]", Code.OWNER_MANAGES)]),
        (RoleChange(removed=managing("paul"), added=managing("mona")), [("$.removed[0]", Code.OWNER_MANAGES)]),
        (
            RoleChange(removed=managing("olga", "paul"), added=(OwnsFact(UserId("paul"), FARM),)),
            [("$.removed[1]", Code.OWNER_MANAGES)],
        ),
        (
            RoleChange(removed=managing("paul"), added=(OwnsFact(UserId("paul"), FARM),)),
            [("$.removed[0]", Code.OWNER_MANAGES)],
        ),
    ],
)
def test_whoever_owns_it_goes_on_managing(change: RoleChange, problems: list[tuple[str, str]]) -> None:
    """PERM-1, PERM-8: as `ofncore.permissions.roles.plan_removal` says."""
    assert refused(change, farm_of("paul", "paul", "olga")) == problems
    found = changed_by(change, farm_of("paul", "paul", "olga"))
    assert isinstance(found, Refusal)
    assert dict(found.problems[0].parameters) == {"enterprise": "Farm", "user": "Paul"}


def test_the_last_manager_stays_unless_another_comes() -> None:
    known = farm_of("olga", "paul", "mona")
    assert changed(RoleChange(removed=managing("paul")), known).enterprises[FARM].managers == ("mona",)
    both = RoleChange(removed=managing("paul", "mona"))
    assert refused(both, known) == [("$.removed[1]", Code.LAST_MANAGER)]
    idle = RoleChange(removed=managing("paul", "mona", "amelie"))
    assert refused(idle, known) == [("$.removed[1]", Code.LAST_MANAGER)]
    replaced = attrs.evolve(both, added=managing("amelie"))
    assert changed(replaced, known).enterprises[FARM].managers == ("amelie",)


def test_a_new_owner_manages_so_whoever_managed_before_may_go() -> None:
    """PERM-8: `transfer` makes the new owner a manager."""
    change = RoleChange(added=(OwnsFact(UserId("mona"), FARM),), removed=managing("paul"))
    farm = changed(change, farm_of("paul", "paul")).enterprises[FARM]
    assert (farm.owner, farm.managers) == ("mona", ("mona",))


def test_an_owner_without_the_role_of_a_manager_gets_it_by_a_transfer() -> None:
    """PERM-8: as `plan_transfer` does, so it is not without effect."""
    owner = OwnsFact(UserId("paul"), FARM)
    known = farm_of("paul", "mona")
    found = differs(RoleChange(added=(owner,)), known)
    assert changed(RoleChange(added=(owner,)), known).enterprises[FARM].managers == ("mona", "paul")
    assert (PAUL, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM)) in flat(found)
    assert (found.lost, found.without_effect) == ((), ())
    for added in ((), managing("paul")):
        assert differs(RoleChange(removed=(owner,), added=added), known).without_effect == (owner,)


def test_an_enterprise_has_one_new_owner() -> None:
    """PERM-1: a second one is refused where it comes; the same one may come twice."""
    mona, paul = (OwnsFact(UserId(each), FARM) for each in ("mona", "paul"))
    found = what_if(RoleChange(added=(mona, FARM_SELLS_BY_HUB, paul, mona)), snapshot())
    first = {"id": FARM, "first": "$.added[0]"}
    assert found == Refusal.of(Code.DUPLICATE_ENTRY, "$.added[2]", **first)
    assert differs(RoleChange(added=(mona, mona, OwnsFact(UserId("paul"), DAIRY))), snapshot()).without_effect == ()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda wrong: ManagesFact(wrong, FARM), "user"),
        (lambda wrong: OwnsFact(UserId("paul"), wrong), "enterprise"),
        (AdminFact, "user"),
        (lambda wrong: GrantFact(wrong, HUB, SELL), "grantor"),
        (lambda wrong: GrantFact(FARM, wrong, SELL), "grantee"),
    ],
)
@pytest.mark.parametrize("wrong", [{}, [], None, 5, b"paul"], ids=repr)
def test_an_id_in_a_role_is_a_text(make: Any, name: str, wrong: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(TypeError, match=f"^{name} must be of type str"):
        RoleChange(added=(make(wrong),))


def test_roles_come_in_a_collection() -> None:
    alone: Any = ManagesFact(UserId("paul"), FARM)
    with pytest.raises(TypeError, match="roles"):
        RoleChange(added=alone)
    with pytest.raises(ValueError, match="add_to_cycle"):
        GrantFact(FARM, HUB, "add_to_cycle")


def test_ownership_goes_only_by_coming_to_somebody_else() -> None:
    owner = OwnsFact(UserId("paul"), FARM)
    assert differs(RoleChange(removed=(owner,)), snapshot()).without_effect == (owner,)
    given_away = RoleChange(removed=(owner,), added=(OwnsFact(UserId("mona"), FARM),))
    assert differs(given_away, snapshot()).without_effect == ()


def test_a_grant_ends_with_its_last_permission_and_keeps_its_id_before() -> None:
    known = snapshot(("farm", "hub"))
    assert changed(RoleChange(removed=(FARM_SELLS_BY_HUB,)), known).relations.grants == ()
    other = GrantFact(FARM, HUB, Permission.EDIT_PROFILE)
    [left] = changed(RoleChange(removed=(FARM_SELLS_BY_HUB,), added=(other,)), known).relations.grants
    assert (left.id, left.permissions) == ("farm-hub", (Permission.EDIT_PROFILE,))


def test_nothing_is_written() -> None:
    known = snapshot(("farm", "hub"))
    before = known.relations
    what_if(RoleChange(removed=(FARM_SELLS_BY_HUB,)), known)
    assert known.relations is before
    assert known.relations.grantors_to(HUB, SELL) == {FARM}


X, OVERRIDE, LINK = EnterpriseId("x"), Permission.CREATE_VARIANT_OVERRIDES, Permission.CREATE_LINKED_VARIANTS


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (AdminFact(UserId("x")), ["user"]),
        (ManagesFact(UserId("paul"), X), ["enterprise"]),
        (ManagesFact(UserId("x"), X), ["user", "enterprise"]),
        (OwnsFact(UserId("x"), FARM), ["user"]),
        (GrantFact(X, HUB, SELL), ["enterprise"]),
        (GrantFact(FARM, X, SELL), ["enterprise"]),
    ],
)
def test_roles_of_strangers_are_refused_by_their_place(role: Role, kinds: list[str]) -> None:
    for change, path in (
        (RoleChange(added=(FARM_SELLS_BY_HUB, role)), "$.added[1]"),
        (RoleChange(removed=(role, FARM_SELLS_BY_HUB)), "$.removed[0]"),
    ):
        found = what_if(change, snapshot())
        assert found == Refusal(tuple(problem(Code.UNKNOWN_RECORD, path, kind=each, id="x") for each in kinds))


def test_nobody_grants_to_itself() -> None:
    itself = GrantFact(HUB, HUB, SELL)
    assert refused(RoleChange(added=(itself,)), snapshot()) == [("$.added[0]", Code.GRANT_TO_SELF)]
    assert differs(RoleChange(removed=(itself,)), snapshot()).without_effect == (itself,)


def test_a_second_inventory_permission_is_refused_where_it_comes() -> None:
    """PERM-1; one may take the place of the other."""
    one, other = GrantFact(FARM, HUB, OVERRIDE), GrantFact(FARM, HUB, LINK)
    has_one = changed(RoleChange(added=(one,)), snapshot())
    assert refused(RoleChange(added=(one, other)), snapshot()) == [("$.added[1]", Code.EXCLUSIVE_PERMISSIONS)]
    assert refused(RoleChange(added=(other, one)), has_one) == [("$.added[0]", Code.EXCLUSIVE_PERMISSIONS)]
    assert refused(RoleChange(added=(other,)), has_one) == [("$.added[0]", Code.EXCLUSIVE_PERMISSIONS)]
    assert differs(RoleChange(added=(other,), removed=(one,)), has_one).without_effect == ()
    assert differs(RoleChange(added=(one, GrantFact(FARM, MARKET, LINK))), snapshot()).without_effect == ()


def test_all_that_cannot_be_is_told_at_once() -> None:
    change = RoleChange(
        added=(GrantFact(HUB, HUB, SELL), AdminFact(UserId("x")), GrantFact(FARM, HUB, OVERRIDE)),
        removed=(GrantFact(X, HUB, SELL),),
    )
    assert refused(change, snapshot()) == [
        ("$.added[0]", Code.GRANT_TO_SELF),
        ("$.added[1]", Code.UNKNOWN_RECORD),
        ("$.removed[0]", Code.UNKNOWN_RECORD),
    ]


@pytest.mark.parametrize("stranger", [Actor.user("x"), Actor.customer("x")], ids=str)
def test_what_would_change_for_somebody_unknown_is_an_error(stranger: Actor) -> None:
    known = attrs.evolve(snapshot(), customers={})
    with pytest.raises(NotFoundError, match="'x'"):
        what_if(RoleChange(added=(FARM_SELLS_BY_HUB,)), known, actors=[AMELIE, stranger])


@pytest.mark.parametrize("wrong", ["admin", AdminFact(UserId("root")), [SELL], [None]])
def test_what_is_no_role_cannot_come_or_go(wrong: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(TypeError):
        RoleChange(added=wrong)
    with pytest.raises(TypeError):
        RoleChange(removed=wrong)
