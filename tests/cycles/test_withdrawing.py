"""What a withdrawn grant does to cycles, lists, orders and inventories (PERM-6, PERM-10 withdrawal)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs
import pytest

from ofncore.cycles.withdrawing import GrantImpact, LostGoods, impact_of
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import OrderCycleId, OrderId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission
from ofncore.permissions.granting import GrantPlan
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.overrides import OverrideFacts
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import CLOSES, NOW, OPENS, incoming, outgoing, variant
from permissions.actors import CYCLE, DAIRY, FARM, HUB, MARKET, grant, relations

TICK = timedelta(microseconds=1)
VARIANTS = tuple(
    variant(name, supplier=supplier) for name, supplier in (("carrots", FARM), ("eggs", FARM), ("cheese", DAIRY))
)
HELD = grant(FARM, HUB, Permission.ADD_TO_ORDER_CYCLE, Permission.CREATE_VARIANT_OVERRIDES)
ENDED = GrantPlan(grantor=FARM, grantee=HUB, before=HELD, after=None)
#: One cycle in each state, as seen at `NOW`.
OPEN = CYCLE
CLOSED = attrs.evolve(CYCLE, id=OrderCycleId("closed"), orders_close_at=NOW - TICK)
UPCOMING = attrs.evolve(CYCLE, id=OrderCycleId("upcoming"), orders_open_at=NOW + TICK)
UNDATED = attrs.evolve(CYCLE, id=OrderCycleId("undated"), orders_open_at=None)
EVERY = (OPEN, CLOSED, UPCOMING, UNDATED)


def order(key: str, *names: str, cycle: OrderCycle = OPEN, is_cancelled: bool = False) -> OrderFacts:
    """Return an order of *names* at the hub."""
    lines = tuple(LineFacts(VariantId(name), FARM) for name in names)
    return OrderFacts(id=OrderId(key), distributor=HUB, order_cycle=cycle.id, is_cancelled=is_cancelled, lines=lines)


def impact(
    *cycles: OrderCycle,
    plan: GrantPlan = ENDED,
    orders: Iterable[OrderFacts] = (),
    overrides: Iterable[OverrideFacts] = (),
    profile: Profile = PRODUCT,
    now: datetime = NOW,
) -> GrantImpact:
    """Tell what *plan* touches."""
    snapshot = Snapshot.around(relations([HELD]), order_cycles=cycles, variants=VARIANTS, orders=orders)
    return impact_of(plan, snapshot, now=now, overrides=overrides, profile=profile)


def test_the_part_of_the_grantor_leaves_with_what_nobody_else_brings() -> None:
    found = impact(OPEN)
    assert found.cycles == (
        attrs.evolve(
            OPEN,
            incoming=(incoming("dairy", "cheese"),),
            outgoing=(outgoing("hub", "cheese"), outgoing("market")),
        ),
    )
    assert found.lists == (
        LostGoods(order_cycle=OPEN.id, distributor=HUB, variants=(VariantId("carrots"), VariantId("eggs"))),
        LostGoods(order_cycle=OPEN.id, distributor=MARKET, variants=(VariantId("eggs"),)),
    )


def test_what_another_supplier_brings_too_stays_on_sale() -> None:
    """PERM-10 `cascade`; in the original it goes with the exchange."""
    shared = attrs.evolve(OPEN, incoming=(*OPEN.incoming, incoming("market", "eggs")))
    [kept] = impact(shared).cycles
    assert [each.variants for each in kept.outgoing] == [("cheese", "eggs"), ("eggs",)]
    [gone] = impact(shared, profile=OFN).cycles
    assert [each.variants for each in gone.outgoing] == [("cheese",), ()]


@pytest.mark.parametrize(
    ("policy", "losing", "keeping"),
    [
        (Withdrawal.REMOVE_NOW, {"upcoming", "undated", OPEN.id}, set()),
        (Withdrawal.KEEP_UNTIL_CLOSE, {"upcoming", "undated"}, {OPEN.id}),
        (Withdrawal.BLOCK_RENEWAL, set(), {"upcoming", "undated", OPEN.id}),
        (Withdrawal.REMOVE_EVERYWHERE, {"upcoming", "undated", "closed", OPEN.id}, set()),
    ],
)
def test_the_policy_says_which_cycles_lose_the_goods(policy: Withdrawal, losing: set[str], keeping: set[str]) -> None:
    """PERM-10 (withdrawal): a host chooses."""
    found = impact(*EVERY, profile=attrs.evolve(PRODUCT, withdrawal=policy))
    assert {each.id for each in found.cycles} == losing
    assert set(found.keeping) == keeping
    assert {each.order_cycle for each in found.lists} == losing


def test_closed_cycles_keep_their_history_in_the_product_and_not_in_the_original() -> None:
    """PERM-10 (withdrawal): the two profiles."""
    assert PRODUCT.withdrawal is Withdrawal.REMOVE_NOW
    assert impact(CLOSED).cycles == ()
    assert [each.id for each in impact(CLOSED, profile=OFN).cycles] == ["closed"]


@pytest.mark.parametrize(("now", "loses"), [(CLOSES, True), (CLOSES + TICK, False), (OPENS, True)])
def test_a_cycle_is_open_to_its_last_instant(now: datetime, loses: bool) -> None:  # noqa: FBT001 - a column
    """CYC-14.1."""
    assert bool(impact(OPEN, now=now).cycles) == loses


def test_cycles_of_other_coordinators_and_lists_of_a_mere_distributor_stay() -> None:
    """PERM-6, PERM-4 L3."""
    assert impact(attrs.evolve(OPEN, coordinator=MARKET)) == impact()
    to_market = GrantPlan(grantor=FARM, grantee=MARKET, before=grant(FARM, MARKET), after=None)
    assert impact(OPEN, plan=to_market).cycles == ()


@pytest.mark.parametrize(
    "plan",
    [
        GrantPlan(grantor=FARM, grantee=HUB, before=HELD, after=grant(FARM, HUB)),
        GrantPlan(grantor=FARM, grantee=HUB, before=None, after=HELD),
        GrantPlan(grantor=FARM, grantee=HUB, before=grant(FARM, HUB, Permission.MANAGE_PRODUCTS), after=None),
    ],
)
def test_only_the_right_to_sell_takes_goods_with_it(plan: GrantPlan) -> None:
    found = impact(*EVERY, plan=plan)
    assert (found.cycles, found.keeping, found.lists, found.orders) == ((), (), (), ())


def test_the_orders_told_are_the_running_ones_with_such_goods() -> None:
    """PERM-12: so that the grantor is warned."""
    orders = (
        order("with", "eggs"),
        order("without", "cheese"),
        order("cancelled", "eggs", is_cancelled=True),
        order("past", "eggs", cycle=CLOSED),
        OrderFacts(id=OrderId("cart"), distributor=HUB, order_cycle=None),
        attrs.evolve(order("draft", "eggs"), is_placed=False),
    )
    assert impact(OPEN, CLOSED, orders=orders).orders == ("with",)


def test_the_overrides_of_the_grantee_are_told() -> None:
    kept = OverrideFacts(id="1", hub=HUB, variant=VariantId("eggs"))
    assert impact(OPEN, overrides=[kept]).overrides.revoked == ("1",)
    partly = GrantPlan(grantor=FARM, grantee=HUB, before=HELD, after=grant(FARM, HUB))
    assert impact(plan=partly, overrides=[kept]).overrides.revoked == ("1",)


def test_nothing_is_written_and_telling_twice_gives_the_same() -> None:
    assert impact(*EVERY) == impact(*EVERY)
    assert impact(*reversed(EVERY)) == impact(*EVERY)
