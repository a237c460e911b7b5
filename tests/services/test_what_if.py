"""What a change of roles and grants would change is what it changes once it is carried out (PERM-12)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.adapters.memory import MemoryStorage
from ofncore.cycles.carrying_out import Prospect
from ofncore.cycles.withdrawing import GrantImpact
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.errors import NaiveInstantError, NotFoundError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, UserId
from ofncore.kernel.policies import PRODUCT
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.actions import CycleAccess, CycleAction, EnterpriseAction
from ofncore.permissions.capabilities import Capability
from ofncore.permissions.facts import GrantFact, ManagesFact
from ofncore.permissions.granting import EXCLUSIVE
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.what_if import RoleChange
from ofncore.services.grants import GrantOutcome
from ofncore.testing import worlds
from ofncore.testing.worlds import CLOSES, NOW, OPENS
from permissions.small_networks import CYCLES, ENTERPRISES, networks
from permissions.small_networks import ROOT as ADMIN
from services.scenes import why
from services.two_shops import AMELIE, CYCLE, DAIRY, FARM, HUB, MARKET, MONA, PAUL, ROOT, two_shops

WEEK = timedelta(days=7)
SELL, PROFILE = Permission.ADD_TO_ORDER_CYCLE, Permission.EDIT_PROFILE
FARM_SELLS_BY_HUB = GrantFact(FARM, HUB, SELL)
#: One right of one actor.
Right = tuple[Actor, str, Resource]


def rights(found: Iterable[Capability]) -> set[Right]:
    """Return each right in *found*."""
    return {(each.actor, each.action, one) for each in found for one in each.resources}


def loaded(state: State) -> FoodNetwork:
    """Return a network in memory with *state*."""
    network = make_network(unit_of_work=MemoryStorage())
    assert network.worlds.load(state) is None
    return network


def told(found: object) -> Prospect:
    """Return what would change, of what can be."""
    assert isinstance(found, Prospect), found
    return found


# ---------------------------------------------------------------- any world

pairs = st.tuples(st.sampled_from(ENTERPRISES), st.sampled_from(ENTERPRISES)).filter(lambda pair: pair[0] != pair[1])
#: Half of them are the right to sell, on which cycles hang.
permissions = st.one_of(st.just(SELL), st.sampled_from(Permission))
facts = st.builds(lambda pair, permission: GrantFact(pair[0], pair[1], permission), pairs, permissions)


@st.composite
def states(draw: st.DrawFn) -> State:
    """Return a small network as it is stored, with a cycle in each of two states and an order in each."""
    known = draw(networks())
    cycles = [_moved(each, draw(st.sampled_from([-1, 0, 1, None]))) for each in known.order_cycles.values()]
    orders = [
        worlds.order(key, distributor=draw(st.sampled_from(ENTERPRISES)), order_cycle=key, customer="c1")
        for key in CYCLES
    ]
    return State(
        name="Small network",
        users=tuple(known.relations.users.values()),
        enterprises=tuple(known.enterprises.values()),
        grants=tuple(filter(_may_be_stored, known.relations.grants)),
        customers=tuple(known.customers.values()),
        products=tuple(known.products.values()),
        variants=tuple(known.variants.values()),
        fees=tuple(known.fees.values()),
        shipping_methods=tuple(known.shipping_methods.values()),
        payment_methods=tuple(known.payment_methods.values()),
        order_cycles=tuple(cycles),
        schedules=tuple(known.schedules.values()),
        subscriptions=tuple(known.subscriptions.values()),
        orders=tuple(orders),
    )


def _may_be_stored(grant: PermissionGrant) -> bool:
    """Whether a document may hold *grant*."""
    return grant.grantor != grant.grantee and not set(EXCLUSIVE) <= set(grant.permissions)


def _moved(cycle: OrderCycle, weeks: int | None) -> OrderCycle:
    if weeks is None:
        return attrs.evolve(cycle, orders_open_at=None, orders_close_at=None)
    return attrs.evolve(cycle, orders_open_at=OPENS + weeks * WEEK, orders_close_at=CLOSES + weeks * WEEK)


def carry_out(network: FoodNetwork, change: RoleChange, withdrawal: Withdrawal) -> Iterator[GrantImpact]:
    """Carry out *change* of grants, one grant after the other."""
    named = [each for each in (*change.added, *change.removed) if isinstance(each, GrantFact)]
    added = {each for each in named if each in change.added}
    for grantor, grantee in dict.fromkeys((each.grantor, each.grantee) for each in named):
        stored = {(each.grantor, each.grantee): each for each in network.worlds.export().grants}
        held = stored[grantor, grantee].permissions if (grantor, grantee) in stored else ()
        wanted = {each.permission for each in added if (each.grantor, each.grantee) == (grantor, grantee)}
        wanted |= {each for each in held if GrantFact(grantor, grantee, each) not in named}
        if wanted != set(held):
            yield _stored(network, (grantor, grantee), wanted, held, withdrawal)


def _stored(
    network: FoodNetwork,
    pair: tuple[EnterpriseId, EnterpriseId],
    wanted: Iterable[Permission],
    held: Iterable[Permission],
    withdrawal: Withdrawal,
) -> GrantImpact:
    if not held:
        outcome = network.grants.create(*pair, wanted, actor=ADMIN, now=NOW)
    elif not wanted:
        outcome = network.grants.destroy(*pair, actor=ADMIN, now=NOW, withdrawal=withdrawal)
    else:
        outcome = network.grants.change(*pair, wanted, actor=ADMIN, now=NOW, withdrawal=withdrawal)
    assert isinstance(outcome, GrantOutcome), outcome
    return outcome.impact


@settings(max_examples=60, deadline=None)
@given(
    states(), st.lists(facts, max_size=2), st.lists(facts, max_size=1), st.integers(0, 3), st.sampled_from(Withdrawal)
)
def test_what_is_told_is_the_difference_before_and_after_it_is_carried_out(
    state: State, added: list[GrantFact], removed: list[GrantFact], held: int, withdrawal: Withdrawal
) -> None:
    """PERM-12, property of differences: grants that come and go, with the goods that leave cycles."""
    going = [GrantFact(each.grantor, each.grantee, one) for each in state.grants for one in each.permissions]
    change = RoleChange(added=added, removed=[each for each in (*going[:held], *removed) if each not in added])
    network = loaded(state)
    before = network.worlds.export()
    found = network.permissions.what_if(change, now=NOW, withdrawal=withdrawal)
    assert network.worlds.export() == before
    if isinstance(found, Refusal):
        assert found.codes == {Code.EXCLUSIVE_PERMISSIONS}
        return
    could = rights(network.permissions.matrix())
    impacts = tuple(carry_out(network, change, withdrawal))
    may = rights(network.permissions.matrix())
    assert rights(found.gained) == may - could
    assert rights(found.lost) == could - may
    assert found.impacts == impacts


# ---------------------------------------------------------------- cases


def scene() -> State:
    """Return the two shops with a cycle that is over, a running one and one to come."""
    state = two_shops(ShopSettings(), ShopSettings())
    [running] = state.order_cycles
    others = [
        attrs.evolve(_moved(running, weeks), id=OrderCycleId(key)) for key, weeks in (("closed", -1), ("upcoming", 1))
    ]
    return attrs.evolve(state, order_cycles=(running, *others))


def sees_farm_in(lost: Iterable[Capability]) -> set[str]:
    """Return the cycles of *lost* in which the farm is not seen any more."""
    gone = {(action, one) for _, action, one in rights(lost)}
    return {one.key[0] for action, one in gone if action == CycleAccess.SEE_ENTERPRISE and one.key[1] == FARM}


@pytest.mark.parametrize(
    ("withdrawal", "expected"),
    [
        (None, {CYCLE, "upcoming"}),
        (Withdrawal.REMOVE_NOW, {CYCLE, "upcoming"}),
        (Withdrawal.KEEP_UNTIL_CLOSE, {"upcoming"}),
        (Withdrawal.BLOCK_RENEWAL, set()),
        (Withdrawal.REMOVE_EVERYWHERE, {CYCLE, "upcoming", "closed"}),
    ],
)
def test_who_leaves_a_cycle_is_not_seen_in_it_any_more(withdrawal: Withdrawal | None, expected: set[str]) -> None:
    """PERM-6, PERM-10 (withdrawal)."""
    network = loaded(scene())
    gone = RoleChange(removed=(FARM_SELLS_BY_HUB,))
    found = told(network.permissions.what_if(gone, now=NOW, actors=[AMELIE], withdrawal=withdrawal))
    assert sees_farm_in(found.lost) == expected
    [impact] = found.impacts
    assert {each.id for each in impact.cycles} == expected
    farm = resource(ResourceKind.ENTERPRISE, FARM)
    assert (AMELIE, EnterpriseAction.SEE, farm) in rights(found.lost)


def test_the_supplier_loses_its_part_and_the_hub_keeps_that_of_others() -> None:
    network = loaded(scene())
    found = told(network.permissions.what_if(RoleChange(removed=(FARM_SELLS_BY_HUB,)), now=NOW))
    lost = rights(found.lost)
    part = resource(ResourceKind.INCOMING, CYCLE, FARM)
    assert (PAUL, CycleAction.EDIT_INCOMING_VARIANTS, part) in lost
    assert not {each for each in lost if each[2].key[:2] == (CYCLE, DAIRY)}
    assert found.gained == ()


def test_two_that_leave_one_cycle_leave_it_together() -> None:
    network = loaded(scene())
    both = RoleChange(removed=(FARM_SELLS_BY_HUB, GrantFact(DAIRY, HUB, SELL)))
    found = told(network.permissions.what_if(both, now=NOW, actors=[AMELIE]))
    [of_farm, of_both] = ({each.id: each for each in impact.cycles}[OrderCycleId(CYCLE)] for impact in found.impacts)
    assert [each.supplier for each in of_farm.incoming] == [DAIRY]
    assert [each.supplier for each in of_both.incoming] == []


def test_a_network_has_a_policy_of_its_own() -> None:
    keeps = make_network(profile=attrs.evolve(PRODUCT, withdrawal=Withdrawal.BLOCK_RENEWAL))
    assert keeps.worlds.load(scene()) is None
    gone = RoleChange(removed=(FARM_SELLS_BY_HUB,))
    assert not sees_farm_in(told(keeps.permissions.what_if(gone, now=NOW)).lost)
    now = told(keeps.permissions.what_if(gone, now=NOW, withdrawal=Withdrawal.REMOVE_NOW))
    assert sees_farm_in(now.lost) == {CYCLE, "upcoming"}


def test_a_mere_distributor_keeps_its_list() -> None:
    """PERM-4 L3."""
    found = told(loaded(scene()).permissions.what_if(RoleChange(removed=(GrantFact(FARM, MARKET, SELL),)), now=NOW))
    [impact] = found.impacts
    assert impact.cycles == ()
    assert not sees_farm_in(found.lost)


def test_roles_touch_no_cycle_and_what_is_so_already_is_told() -> None:
    network = loaded(scene())
    change = RoleChange(added=(ManagesFact(UserId("mona"), HUB), FARM_SELLS_BY_HUB))
    found = told(network.permissions.what_if(change, now=NOW, actors=iter([MONA])))
    assert found.impacts == ()
    assert found.without_effect == (FARM_SELLS_BY_HUB,)
    assert {each.actor for each in found.gained} == {MONA}
    assert (MONA, CycleAccess.MANAGE, resource(ResourceKind.ORDER_CYCLE, CYCLE)) in rights(found.gained)


def test_what_cannot_be_is_refused_by_its_place() -> None:
    network = loaded(scene())
    change = RoleChange(
        added=(GrantFact(HUB, HUB, SELL), ManagesFact(UserId("nobody"), HUB)),
        removed=(GrantFact(EnterpriseId("nowhere"), HUB, SELL),),
    )
    assert why(network.permissions.what_if(change, now=NOW)) == [
        ("$.added[0]", Code.GRANT_TO_SELF),
        ("$.added[1]", Code.UNKNOWN_RECORD),
        ("$.removed[0]", Code.UNKNOWN_RECORD),
    ]


@pytest.mark.parametrize("stranger", [Actor.user("nobody"), Actor.customer("nobody")], ids=str)
def test_somebody_unknown_is_an_error(stranger: Actor) -> None:
    network = loaded(scene())
    with pytest.raises(NotFoundError, match="'nobody'"):
        network.permissions.what_if(RoleChange(), now=NOW, actors=[ROOT, stranger])
    with pytest.raises(NotFoundError, match="'nobody'"):
        network.permissions.matrix([stranger])


def test_an_instant_without_a_time_zone_and_a_policy_that_is_none_are_errors() -> None:
    network, wrong = loaded(scene()), "at_once"
    with pytest.raises(NaiveInstantError):
        network.permissions.what_if(RoleChange(), now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="at_once"):
        network.permissions.what_if(RoleChange(), now=NOW, withdrawal=wrong)  # type: ignore[arg-type]
