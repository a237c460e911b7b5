"""What a change of roles and grants would change (PERM-12)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.model.grant import Permission
from ofncore.permissions.actions import CycleAccess, EnterpriseAction
from ofncore.permissions.capabilities import all_actors, permission_matrix
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, OwnsFact, Role
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.what_if import CapabilityChange, RoleChange, changed_by, what_if
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
    st.builds(GrantFact, enterprises, enterprises, st.sampled_from(Permission)),
)


def snapshot(*grants: tuple[str, str]) -> Snapshot:
    return Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant(*each) for each in grants],
        order_cycles=[CYCLE],
        variants=[worlds.variant(each, supplier=FARM) for each in ("carrots", "eggs")],
    )


def rights(of: Snapshot) -> set[tuple[object, str, Resource]]:
    found = permission_matrix(of, all_actors(of))
    return {(each.actor, each.action, one) for each in found for one in each.resources}


def flat(capabilities: CapabilityChange, *, lost: bool = False) -> set[tuple[object, str, Resource]]:
    found = capabilities.lost if lost else capabilities.gained
    return {(each.actor, each.action, one) for each in found for one in each.resources}


@settings(max_examples=15, deadline=None)
@given(networks(), st.lists(roles, max_size=2), st.lists(roles, max_size=2))
def test_the_difference_is_that_of_the_two_matrices(network: Snapshot, added: list[Role], removed: list[Role]) -> None:
    """What is gained was not there, what is lost was; the rest stays."""
    change = RoleChange(added=tuple(added), removed=tuple(removed))
    found = what_if(change, network)
    before, after = rights(network), rights(changed_by(change, network))
    assert flat(found) == after - before
    assert flat(found, lost=True) == before - after


@settings(max_examples=15, deadline=None)
@given(networks(), roles)
def test_taking_back_undoes_giving(network: Snapshot, role: Role) -> None:
    """What a new fact gives is lost when it goes; a fact that was there before is no change."""
    given_ = what_if(RoleChange(added=(role,)), network)
    taken = what_if(RoleChange(removed=(role,)), changed_by(RoleChange(added=(role,)), network))
    if not given_.is_empty:
        assert flat(taken, lost=True) - _of_grants(flat(taken, lost=True)) == flat(given_) - _of_grants(flat(given_))


def _of_grants(found: set[tuple[object, str, Resource]]) -> set[tuple[object, str, Resource]]:
    """A grant from which everything is taken is still there to be ended."""
    return {each for each in found if each[2].kind is ResourceKind.GRANT}


def test_a_grant_shows_the_coordinator_a_new_supplier() -> None:
    """PERM-G8, PERM-G9."""
    orchard = GrantFact(EnterpriseId("orchard"), HUB, SELL)
    found = flat(what_if(RoleChange(added=(orchard,)), snapshot()))
    place = resource(ResourceKind.CYCLE_ENTERPRISE, CYCLE.id, "orchard")
    assert (AMELIE, CycleAccess.PICK_SUPPLIER, place) in found
    assert (AMELIE, EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, "orchard")) in found


def test_a_withdrawn_grant_hides_the_supplier_and_leaves_the_past() -> None:
    """PERM-6; clause L1 keeps who takes part visible in the cycle."""
    found = what_if(RoleChange(removed=(FARM_SELLS_BY_HUB,)), snapshot(("farm", "hub")), actors=[AMELIE])
    assert (AMELIE, EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, FARM)) in flat(found, lost=True)
    assert not {each for each in flat(found, lost=True) if each[1] == CycleAccess.SEE_ENTERPRISE}


def test_a_manager_who_leaves_loses_the_enterprise() -> None:
    found = what_if(RoleChange(removed=(ManagesFact(UserId("paul"), FARM),)), snapshot())
    assert (PAUL, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, FARM)) in flat(found, lost=True)
    assert {each.actor for each in found.lost} == {PAUL}
    assert found.gained == ()


def test_the_other_managers_stay() -> None:
    shared = worlds.producer("farm", managers=("paul", "olga"))
    known = Snapshot.of(users=USERS, enterprises=[shared])
    found = what_if(RoleChange(removed=(ManagesFact(UserId("paul"), FARM),)), known)
    assert {each.actor for each in found.lost} == {PAUL}


def test_ownership_goes_from_one_to_the_other() -> None:
    """PERM-8: the owner changes the managers."""
    found = what_if(RoleChange(added=(OwnsFact(UserId("paul"), DAIRY),)), snapshot())
    transfer = (EnterpriseAction.TRANSFER, resource(ResourceKind.ENTERPRISE, DAIRY))
    assert (PAUL, *transfer) in flat(found)
    assert {each[1:] for each in flat(found, lost=True)} >= {transfer}


def test_an_administrator_who_steps_back_manages_nothing() -> None:
    found = what_if(RoleChange(removed=(AdminFact(UserId("root")),)), snapshot(), actors=[ROOT])
    assert (ROOT, EnterpriseAction.EDIT, resource(ResourceKind.ENTERPRISE, MARKET)) in flat(found, lost=True)
    assert found.gained == ()


@pytest.mark.parametrize("change", [RoleChange(), RoleChange(removed=(FARM_SELLS_BY_HUB,))])
def test_what_is_so_already_changes_nothing(change: RoleChange) -> None:
    assert what_if(change, snapshot()).is_empty


def test_nothing_is_written() -> None:
    known = snapshot(("farm", "hub"))
    before = known.relations
    what_if(RoleChange(removed=(FARM_SELLS_BY_HUB,)), known)
    assert known.relations is before
    assert known.relations.grantors_to(HUB, SELL) == {FARM}


@pytest.mark.parametrize("role", [AdminFact(UserId("x")), ManagesFact(UserId("paul"), EnterpriseId("x"))])
def test_roles_of_strangers_are_an_error(role: Role) -> None:
    with pytest.raises(NotFoundError):
        what_if(RoleChange(added=(role,)), snapshot())
    with pytest.raises(NotFoundError):
        what_if(RoleChange(removed=(role,)), snapshot())
