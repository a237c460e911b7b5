"""What a change of a grant does to cycles, lists, orders and inventories: told before anything is written.

Source:
    PERM-6, PERM-10 (withdrawal), PERM-12 (`impact_of`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import attrs

from ofncore.cycles.cascading import gone_with_supplier, without
from ofncore.cycles.status import CycleStatus, status_at
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, OrderId, VariantId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.cycle import IncomingExchange, OrderCycle
from ofncore.model.grant import Permission
from ofncore.permissions.granting import GrantPlan
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.overrides import OverrideChanges, OverrideFacts, override_changes
from ofncore.permissions.snapshot import Snapshot

#: In which states a cycle loses the goods of a supplier that withdrew.
_LOSING: Final[dict[Withdrawal, frozenset[CycleStatus]]] = {
    Withdrawal.REMOVE_EVERYWHERE: frozenset(CycleStatus),
    Withdrawal.REMOVE_NOW: frozenset(CycleStatus) - {CycleStatus.CLOSED},
    Withdrawal.KEEP_UNTIL_CLOSE: frozenset((CycleStatus.UPCOMING, CycleStatus.UNDATED)),
    Withdrawal.BLOCK_RENEWAL: frozenset(),
}


@attrs.frozen(kw_only=True)
class LostGoods:
    """What leaves the list of one distributor in one cycle."""

    order_cycle: OrderCycleId
    distributor: EnterpriseId
    variants: tuple[VariantId, ...]


def _without_versions(cycles: Iterable[OrderCycle]) -> tuple[OrderCycle, ...]:
    return tuple(attrs.evolve(each, version=0) for each in cycles)


@attrs.frozen(kw_only=True)
class GrantImpact:
    """All that a change of a grant touches. Storing `cycles`, the grant and the overrides carries it out."""

    #: The cycles that lose the grantor's goods, as they will be. Two impacts are compared without their versions, so
    #: that what was foreseen equals what was done.
    cycles: tuple[OrderCycle, ...] = attrs.field(eq=_without_versions)
    #: The cycles that are not closed and keep them, by policy.
    keeping: tuple[OrderCycleId, ...]
    lists: tuple[LostGoods, ...]
    #: Placed orders in the losing cycles that hold such goods. They stay as they are.
    orders: tuple[OrderId, ...]
    overrides: OverrideChanges


def impact_of(
    plan: GrantPlan,
    snapshot: Snapshot,
    *,
    now: datetime,
    overrides: Iterable[OverrideFacts] = (),
    profile: Profile = PRODUCT,
) -> GrantImpact:
    """Tell what *plan* touches at *now*, without writing anything.

    If the right to sell the grantor's goods is withdrawn, its part goes out of the cycles that the grantee coordinates,
    with all it brought: of which cycles, the policy `Profile.withdrawal` says. Lists in cycles of other coordinators
    stay as they are (PERM-4 L3).

    Args:
        plan: The change.
        snapshot: At least the cycles of the grantee with their variants, the goods of the grantor, and the orders that
            are to be named.
        now: Tells which cycles are open, upcoming or closed.
        overrides: At least those of the grantee.
        profile: Its policies.
    """
    withdrawn = Permission.ADD_TO_ORDER_CYCLE in plan.withdrawn
    supplied = list(_supplied(plan, snapshot)) if withdrawn else []
    losing = [(cycle, exchange) for cycle, exchange in supplied if status_at(cycle, now) in _LOSING[profile.withdrawal]]
    cycles = tuple(_without_part(cycle, exchange, snapshot, profile) for cycle, exchange in losing)
    lost = {cycle.id for cycle in cycles}
    return GrantImpact(
        cycles=cycles,
        keeping=tuple(
            cycle.id
            for cycle, _ in supplied
            if cycle.id not in lost and status_at(cycle, now) is not CycleStatus.CLOSED
        ),
        lists=tuple(
            each for (before, _), after in zip(losing, cycles, strict=True) for each in _lost_goods(before, after)
        ),
        orders=_orders({cycle.id: frozenset(exchange.variants) for cycle, exchange in losing}, snapshot),
        overrides=override_changes(plan, overrides, snapshot.goods),
    )


def _supplied(plan: GrantPlan, snapshot: Snapshot) -> Iterator[tuple[OrderCycle, IncomingExchange]]:
    """Yield the grantee's cycles in which the grantor takes part, by id."""
    for cycle in sorted(snapshot.order_cycles.values(), key=lambda each: each.id):
        exchange = cycle.incoming_from(plan.grantor) if cycle.coordinator == plan.grantee else None
        if exchange is not None:
            yield cycle, exchange


def _without_part(cycle: OrderCycle, part: IncomingExchange, snapshot: Snapshot, profile: Profile) -> OrderCycle:
    incoming = tuple(each for each in cycle.incoming if each != part)
    live = snapshot.goods.live_among
    brought = live(key for each in incoming for key in each.variants)
    gone = gone_with_supplier(live(part.variants), brought, profile)
    return attrs.evolve(cycle, incoming=incoming, outgoing=tuple(without(each, gone) for each in cycle.outgoing))


def _lost_goods(before: OrderCycle, after: OrderCycle) -> Iterator[LostGoods]:
    for was, now_ in zip(before.outgoing, after.outgoing, strict=True):
        variants = tuple(each for each in was.variants if each not in now_.variants)
        if variants:
            yield LostGoods(order_cycle=before.id, distributor=was.distributor, variants=variants)


def _orders(goods: dict[OrderCycleId, frozenset[VariantId]], snapshot: Snapshot) -> tuple[OrderId, ...]:
    return tuple(sorted(each.id for each in snapshot.orders.values() if _is_touched(each, goods)))


def _is_touched(order: OrderFacts, goods: dict[OrderCycleId, frozenset[VariantId]]) -> bool:
    if order.order_cycle is None or not order.is_placed or order.is_cancelled:
        return False
    lost = goods.get(order.order_cycle, frozenset())
    return any(line.variant in lost for line in order.lines)
