"""Grants through the front door: grant, cycles and events together, as the policy says (PERM-1, PERM-6, PERM-10)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.adapters.memory import MemoryStorage
from ofncore.cycles.changes import changed_parts
from ofncore.cycles.withdrawing import GrantImpact, LostGoods
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import CycleEdited, GrantChanged
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.granting import GrantChange, GrantStep
from ofncore.services.grants import GrantOutcome
from ofncore.testing.worlds import CLOSES, NOW, OPENS
from services.scenes import why
from services.two_shops import (
    AMELIE,
    BERTA,
    CARROTS,
    CHEESE,
    CYCLE,
    DAIRY,
    EGGS,
    FARM,
    HUB,
    MARKET,
    MONA,
    PAUL,
    ROOT,
    take,
    two_shops,
)

Loads = Callable[[State], FoodNetwork]
SELL, PROFILE, OVERRIDE, LINK = (
    Permission.ADD_TO_ORDER_CYCLE,
    Permission.EDIT_PROFILE,
    Permission.CREATE_VARIANT_OVERRIDES,
    Permission.CREATE_LINKED_VARIANTS,
)
WEEK, TICK = timedelta(days=7), timedelta(microseconds=1)
NOWHERE: Final = EnterpriseId("nowhere")
END: Final = GrantChange(step=GrantStep.DESTROY, grantor=FARM, grantee=HUB)


def cycles() -> tuple[OrderCycle, ...]:
    """Return the open cycle, with one of each other state like it."""
    [running] = two_shops(ShopSettings(), ShopSettings()).order_cycles
    return (
        attrs.evolve(running, id=OrderCycleId("closed"), orders_open_at=OPENS - WEEK, orders_close_at=CLOSES - WEEK),
        attrs.evolve(running, id=OrderCycleId("upcoming"), orders_open_at=OPENS + WEEK, orders_close_at=CLOSES + WEEK),
        running,
    )


def scene() -> State:
    """Return the two shops with three cycles."""
    return attrs.evolve(two_shops(ShopSettings(), ShopSettings()), order_cycles=cycles())


@pytest.fixture
def network(network_of: Loads) -> FoodNetwork:
    """Return the two shops with three cycles."""
    return network_of(scene())


def grant_of(network: FoodNetwork, grantor: EnterpriseId, grantee: EnterpriseId) -> PermissionGrant | None:
    """Return the stored grant of a pair."""
    found = [each for each in network.worlds.export().grants if (each.grantor, each.grantee) == (grantor, grantee)]
    assert len(found) <= 1
    return found[0] if found else None


def losing(network: FoodNetwork) -> set[str]:
    """Return the cycles that the farm is not a supplier of any more, or whose lists hold no goods of it."""
    stored = network.worlds.export().order_cycles
    gone = {each.id for each in stored if each.incoming_from(FARM) is None}
    assert gone == {
        each.id for each in stored if not {EGGS, CARROTS} & {key for o in each.outgoing for key in o.variants}
    }
    return set(gone)


def done(found: object) -> GrantOutcome:
    """Return the outcome of what was allowed."""
    assert isinstance(found, GrantOutcome), found
    return found


# ---------------------------------------------------------------- giving


def test_a_new_grant_is_stored_with_its_event(network: FoodNetwork) -> None:
    made = done(network.grants.create(DAIRY, MARKET, [SELL, OVERRIDE], actor=BERTA, now=NOW))
    assert made.grant == grant_of(network, DAIRY, MARKET)
    assert made.grant is not None
    assert made.grant.permissions == (SELL, OVERRIDE)
    assert network.worlds.export().events == (
        GrantChanged(
            grantor=DAIRY,
            grantee=MARKET,
            permissions=(SELL, OVERRIDE),
            actor=BERTA,
            at=NOW,
            occasion=network.worlds.export().events[0].occasion,
        ),
    )
    assert made.impact == GrantImpact(cycles=(), keeping=(), lists=(), orders=(), overrides=made.impact.overrides)


def test_permissions_may_be_told_by_their_texts(network: FoodNetwork) -> None:
    made = done(network.grants.create(DAIRY, MARKET, ["add_to_order_cycle"], actor=BERTA, now=NOW))
    assert made.grant is not None
    assert made.grant.permissions == (SELL,)
    changed = done(network.grants.change(DAIRY, MARKET, {"edit_profile", SELL}, actor=BERTA, now=NOW))
    assert changed.grant is not None
    assert changed.grant.permissions == (SELL, PROFILE)
    with pytest.raises(TypeError, match="add_to_order_cycle"):
        network.grants.create(FARM, DAIRY, SELL, actor=PAUL, now=NOW)
    with pytest.raises(ValueError, match="fly"):
        network.grants.change(DAIRY, MARKET, ["fly"], actor=BERTA, now=NOW)
    assert grant_of(network, DAIRY, MARKET) == changed.grant


def test_giving_the_same_twice_gives_it_once(network: FoodNetwork) -> None:
    first = done(network.grants.create(DAIRY, MARKET, [SELL], actor=BERTA, now=NOW))
    before = network.worlds.export()
    again = done(network.grants.create(DAIRY, MARKET, [SELL], actor=BERTA, now=NOW + TICK))
    assert again.grant == first.grant
    assert network.worlds.export() == before
    assert why(network.grants.create(DAIRY, MARKET, [PROFILE], actor=BERTA, now=NOW)) == [("$", Code.GRANT_EXISTS)]


def test_a_grant_is_changed_and_to_what_it_is_it_is_not(network: FoodNetwork) -> None:
    done(network.grants.change(FARM, HUB, [SELL, PROFILE], actor=PAUL, now=NOW))
    found = grant_of(network, FARM, HUB)
    assert found is not None
    assert (found.id, found.permissions) == ("farm-to-hub", (SELL, PROFILE))
    before = network.worlds.export()
    done(network.grants.change(FARM, HUB, [PROFILE, SELL], actor=PAUL, now=NOW + TICK))
    assert network.worlds.export() == before
    assert losing(network) == set()


def test_a_grant_can_be_ended_and_given_again(network: FoodNetwork) -> None:
    for _ in range(2):
        assert done(network.grants.destroy(FARM, MARKET, actor=PAUL, now=NOW)).grant is None
        assert grant_of(network, FARM, MARKET) is None
        done(network.grants.create(FARM, MARKET, [SELL], actor=PAUL, now=NOW + TICK))
        assert grant_of(network, FARM, MARKET) is not None


def test_one_that_has_ended_is_not_ended_again(network: FoodNetwork) -> None:
    done(network.grants.destroy(FARM, MARKET, actor=MONA, now=NOW))
    before = network.worlds.export()
    for actor in (MONA, PAUL, ROOT):
        assert why(network.grants.destroy(FARM, MARKET, actor=actor, now=NOW)) == [("$", Code.UNKNOWN_RECORD)]
    assert why(network.grants.destroy(FARM, MARKET, actor=BERTA, now=NOW)) == [("$.grantor", Code.NEEDS_MANAGER)]
    assert network.worlds.export() == before


# ---------------------------------------------------------------- default deny


@pytest.mark.parametrize("actor", [MONA, Actor.user("unheard-of"), Actor.customer("anna"), ENGINE], ids=str)
def test_who_manages_neither_side_changes_nothing(network: FoodNetwork, actor: Actor) -> None:
    before = network.worlds.export()
    for refused in (
        network.grants.create(DAIRY, MARKET, [SELL], actor=AMELIE, now=NOW),
        network.grants.create(FARM, DAIRY, [SELL], actor=actor, now=NOW),
        network.grants.change(FARM, HUB, [], actor=actor, now=NOW),
        network.grants.destroy(FARM, HUB, actor=actor, now=NOW),
        network.grants.impact_of(END, actor=actor, now=NOW),
    ):
        assert isinstance(refused, Refusal), refused
    assert network.worlds.export() == before


@pytest.mark.parametrize(
    ("grantor", "grantee", "permissions", "expected"),
    [
        (NOWHERE, HUB, [SELL], [("$.grantor", Code.UNKNOWN_RECORD)]),
        (FARM, NOWHERE, [SELL], [("$.grantee", Code.UNKNOWN_RECORD)]),
        (FARM, FARM, [SELL], [("$.grantee", Code.GRANT_TO_SELF)]),
        (HUB, FARM, [OVERRIDE, LINK], [("$.permissions", Code.EXCLUSIVE_PERMISSIONS)]),
    ],
)
def test_what_cannot_be_is_refused_to_administrators_too(
    network: FoodNetwork,
    grantor: EnterpriseId,
    grantee: EnterpriseId,
    permissions: list[Permission],
    expected: list[tuple[str, str]],
) -> None:
    before = network.worlds.export()
    assert why(network.grants.create(grantor, grantee, permissions, actor=ROOT, now=NOW)) == expected
    assert network.worlds.export() == before


def test_the_grantee_gives_up_and_takes_nothing(network: FoodNetwork) -> None:
    """PERM-6: both may end it; `grant-rights`."""
    assert why(network.grants.change(FARM, HUB, [SELL, PROFILE], actor=AMELIE, now=NOW)) == [
        ("$.grantor", Code.NEEDS_MANAGER)
    ]
    assert done(network.grants.destroy(FARM, HUB, actor=AMELIE, now=NOW)).grant is None


# ---------------------------------------------------------------- withdrawing


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, {"upcoming", CYCLE}),
        (Withdrawal.REMOVE_NOW, {"upcoming", CYCLE}),
        (Withdrawal.KEEP_UNTIL_CLOSE, {"upcoming"}),
        (Withdrawal.BLOCK_RENEWAL, set()),
        (Withdrawal.REMOVE_EVERYWHERE, {"closed", "upcoming", CYCLE}),
    ],
)
@pytest.mark.parametrize("step", ["change", "destroy"])
def test_the_host_chooses_which_cycles_lose_the_goods(
    network: FoodNetwork, step: str, policy: Withdrawal | None, expected: set[str]
) -> None:
    """PERM-10 (withdrawal)."""
    grants = network.grants
    found = (
        grants.destroy(FARM, HUB, actor=PAUL, now=NOW, withdrawal=policy)
        if step == "destroy"
        else grants.change(FARM, HUB, [PROFILE], actor=PAUL, now=NOW, withdrawal=policy)
    )
    assert losing(network) == expected == {each.id for each in done(found).impact.cycles}


def test_a_network_has_a_policy_of_its_own() -> None:
    keeps = make_network(profile=attrs.evolve(PRODUCT, withdrawal=Withdrawal.KEEP_UNTIL_CLOSE))
    assert keeps.worlds.load(scene()) is None
    done(keeps.grants.destroy(FARM, HUB, actor=PAUL, now=NOW))
    assert losing(keeps) == {"upcoming"}


def test_cycles_are_saved_as_new_versions_with_their_events(network: FoodNetwork) -> None:
    outcome = done(network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW))
    stored = {each.id: each for each in network.worlds.export().order_cycles}
    assert outcome.impact.cycles == tuple(stored[key] for key in (OrderCycleId("upcoming"), CYCLE))
    assert {each.version for each in outcome.impact.cycles} == {2}
    events = network.worlds.export().events
    assert [each.permissions for each in events if isinstance(each, GrantChanged)] == [()]
    told = {each.order_cycle: (each.actor, each.changed) for each in events if isinstance(each, CycleEdited)}
    assert told == dict.fromkeys(("upcoming", CYCLE), (PAUL, ("$.incoming", "$.outgoing")))


def test_orders_that_were_placed_stay_and_are_named(network: FoodNetwork) -> None:
    """PERM-12: withdrawing warns; history stays."""
    with_eggs = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    take(network, "ben", "ben-2", (CHEESE, 1))
    before = network.orders.get(with_eggs)
    outcome = done(network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW))
    assert outcome.impact.orders == (with_eggs,)
    assert network.orders.get(with_eggs) == before


def test_nothing_of_it_can_be_ordered_any_more(network: FoodNetwork) -> None:
    done(network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW))
    with pytest.raises(AssertionError, match="not_distributed"):
        take(network, "ben", "ben-1", (EGGS, 2))
    take(network, "ben", "ben-2", (CHEESE, 2))


def test_a_copy_made_later_has_nothing_of_it_under_any_policy(network: FoodNetwork) -> None:
    """PERM-11; what is kept is kept where it is, and comes into no other cycle."""
    done(network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW, withdrawal=Withdrawal.BLOCK_RENEWAL))
    copied = network.cycles.duplicate(
        CYCLE,
        new_id=OrderCycleId("week-11"),
        name="Next week",
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
        actor=AMELIE,
        now=NOW,
    )
    assert isinstance(copied, OrderCycle)
    assert losing(network) == {"week-11"}


@pytest.mark.parametrize("policy", [Withdrawal.KEEP_UNTIL_CLOSE, Withdrawal.BLOCK_RENEWAL])
@pytest.mark.parametrize("grantee", [HUB, MARKET])
def test_a_copy_tells_what_it_left_out(network: FoodNetwork, grantee: EnterpriseId, policy: Withdrawal) -> None:
    """PERM-11, PERM-10 (withdrawal): of the coordinator the supplier's part, of a mere distributor its list."""
    [original] = [each for each in network.worlds.export().order_cycles if each.id == CYCLE]
    done(network.grants.destroy(FARM, grantee, actor=PAUL, now=NOW, withdrawal=policy))
    [kept] = [each for each in network.worlds.export().order_cycles if each.id == CYCLE]
    assert kept == original
    copied = network.cycles.duplicate(
        CYCLE,
        new_id=OrderCycleId("week-11"),
        name=original.name,
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
        actor=AMELIE,
        now=NOW,
    )
    assert isinstance(copied, OrderCycle)
    left_out = set(changed_parts(original, copied)) - {"$.orders_open_at", "$.orders_close_at"}
    of_market = {f"$.outgoing[market].variants[{key}]" for key in (CARROTS, CHEESE, EGGS)}
    of_hub = {"$.incoming[farm]", *(f"$.outgoing[hub].variants[{key}]" for key in (CARROTS, EGGS))}
    assert left_out == (of_market | of_hub if grantee == HUB else of_market)
    sold = {each.distributor: set(each.variants) for each in copied.outgoing}
    assert sold == {HUB: {CHEESE} if grantee == HUB else {CHEESE, CARROTS, EGGS}, MARKET: set()}


def test_a_right_of_a_mere_distributor_leaves_its_list_as_it_is(network: FoodNetwork) -> None:
    """PERM-4 L3, PERM-6."""
    before = network.worlds.export().order_cycles
    done(network.grants.destroy(FARM, MARKET, actor=PAUL, now=NOW))
    assert network.worlds.export().order_cycles == before


@pytest.mark.parametrize("wrong", [None, 7, {}])
@pytest.mark.parametrize("name", ["grantor", "grantee", "actor"])
def test_an_argument_of_another_type_is_told_by_its_name(network: FoodNetwork, name: str, wrong: object) -> None:
    given_: Any = {"grantor": FARM, "grantee": HUB, "actor": PAUL, "now": NOW} | {name: wrong}
    for act in (network.grants.destroy, partial(network.grants.change, permissions=[SELL])):
        with pytest.raises(TypeError, match=f"^{name} must be of type"):
            act(**given_)
    with pytest.raises(TypeError, match=r"^change must be of type GrantChange"):
        network.grants.impact_of(wrong, actor=PAUL, now=NOW)  # type: ignore[arg-type]


def test_another_step_or_permission_is_told_with_those_that_there_are() -> None:
    given_: Any = {"grantor": FARM, "grantee": HUB}
    with pytest.raises(ValueError, match=r"^step must be one of 'create', 'change', 'destroy', not 'end'$"):
        GrantChange(step="end", **given_)
    with pytest.raises(ValueError, match=r"^each of permissions must be one of 'add_to_order_cycle', .* not 'sell'"):
        GrantChange(step="create", permissions=["sell"], **given_)


# ---------------------------------------------------------------- telling beforehand


@given(st.sampled_from(Withdrawal), st.sampled_from([OPENS - TICK, NOW, CLOSES, CLOSES + TICK, CLOSES + WEEK + TICK]))
@settings(max_examples=20, deadline=None)
def test_what_is_told_beforehand_is_what_happens_and_telling_stores_nothing(policy: Withdrawal, now: datetime) -> None:
    """PERM-12 (`impact_of`)."""
    network = make_network(unit_of_work=MemoryStorage())
    assert network.worlds.load(scene()) is None
    before = network.worlds.export()
    told = network.grants.impact_of(END, actor=PAUL, now=now, withdrawal=policy)
    assert isinstance(told, GrantImpact)
    assert network.worlds.export() == before
    outcome = done(network.grants.destroy(FARM, HUB, actor=PAUL, now=now, withdrawal=policy))
    assert outcome.impact == told
    assert [each.version - 1 for each in outcome.impact.cycles] == [each.version for each in told.cycles]
    assert {each.id for each in told.cycles}.isdisjoint(told.keeping)


def test_the_lists_that_lose_something_are_named(network: FoodNetwork) -> None:
    told = network.grants.impact_of(END, actor=PAUL, now=NOW)
    assert isinstance(told, GrantImpact)
    assert told.lists == tuple(
        LostGoods(order_cycle=OrderCycleId(cycle), distributor=shop, variants=(CARROTS, EGGS))
        for cycle in ("upcoming", CYCLE)
        for shop in (HUB, MARKET)
    )


def test_what_was_changed_is_exported_and_read_back(network: FoodNetwork) -> None:
    done(network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW))
    done(network.grants.create(DAIRY, MARKET, [SELL], actor=BERTA, now=NOW))
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    assert write_state(read) == written
