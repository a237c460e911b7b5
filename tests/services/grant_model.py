"""What a change of a grant must come to, written down a second time and more simply (PERM-1, PERM-6, PERM-10)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission
from ofncore.model.world import State
from ofncore.permissions.granting import GrantChange, GrantStep

Pair = tuple[EnterpriseId, EnterpriseId]
BOTH_INVENTORIES: Final = {Permission.CREATE_VARIANT_OVERRIDES, Permission.CREATE_LINKED_VARIANTS}


@attrs.frozen(kw_only=True)
class Act:
    """Who asks for what, when, and by which policy."""

    change: GrantChange
    actor: Actor
    now: datetime
    withdrawal: Withdrawal

    @property
    def pair(self) -> Pair:
        """The grantor and the grantee."""
        return self.change.grantor, self.change.grantee


def grants_in(state: State) -> dict[Pair, frozenset[Permission]]:
    """Return what is granted, by pair."""
    return {(each.grantor, each.grantee): frozenset(each.permissions) for each in state.grants}


def is_allowed(state: State, act: Act) -> bool:
    """Whether *act* is carried out, be it that it changes nothing."""
    grantor, grantee = act.pair
    wanted, held = act.change.permissions, grants_in(state).get(act.pair)
    if not {grantor, grantee} <= {each.id for each in state.enterprises} or grantor == grantee:
        return False
    if act.change.step is GrantStep.CREATE:
        may = _manages(state, act.actor, grantor) if held is None else _manages_either(state, act)
        return may and held in (None, wanted) and not wanted >= BOTH_INVENTORIES
    if held is None:
        return False
    if act.change.step is GrantStep.DESTROY:
        return _manages_either(state, act)
    may = _manages(state, act.actor, grantor) if wanted - held else _manages_either(state, act)
    return may and not wanted >= BOTH_INVENTORIES


def _manages_either(state: State, act: Act) -> bool:
    return any(_manages(state, act.actor, side) for side in act.pair)


def _manages(state: State, actor: Actor, enterprise: EnterpriseId) -> bool:
    users = {Actor.user(each.id): each for each in state.users}
    managed = {each.id: each.managers for each in state.enterprises}
    return actor in users and (users[actor].is_admin or users[actor].id in managed[enterprise])


def grants_after(state: State, act: Act) -> dict[Pair, frozenset[Permission]]:
    """Return what is granted after *act*, which is allowed."""
    rest = {pair: held for pair, held in grants_in(state).items() if pair != act.pair}
    return rest if act.change.step is GrantStep.DESTROY else rest | {act.pair: act.change.permissions}


def is_withdrawn(state: State, act: Act) -> bool:
    """Whether *act*, which is allowed, takes back the right to sell."""
    right = Permission.ADD_TO_ORDER_CYCLE
    held, left = grants_in(state).get(act.pair, ()), grants_after(state, act).get(act.pair, ())
    return right in held and right not in left


def supplied(state: State, act: Act) -> Iterator[OrderCycle]:
    """Yield the cycles of the grantee that have an exchange of the grantor."""
    grantor, grantee = act.pair
    return (each for each in state.order_cycles if each.coordinator == grantee and each.incoming_from(grantor))


def loses(cycle: OrderCycle, act: Act) -> bool:
    """Whether *cycle*, which the grantor supplies, loses its goods by the policy."""
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    if act.withdrawal is Withdrawal.REMOVE_EVERYWHERE:
        return True
    if act.withdrawal is Withdrawal.BLOCK_RENEWAL:
        return False
    if opens is None or closes is None:
        return True
    return act.now < opens if act.withdrawal is Withdrawal.KEEP_UNTIL_CLOSE else act.now <= closes


def is_closed(cycle: OrderCycle, now: datetime) -> bool:
    """Whether *cycle* was over before *now*."""
    opens, closes = cycle.orders_open_at, cycle.orders_close_at
    return opens is not None and closes is not None and closes < now


def without(cycle: OrderCycle, supplier: EnterpriseId) -> OrderCycle:
    """Return *cycle* without the exchange of *supplier* and all that it alone brought."""
    rest = tuple(each for each in cycle.incoming if each.supplier != supplier)
    brought = {key for each in rest for key in each.variants}
    mine = {key for each in cycle.incoming if each.supplier == supplier for key in each.variants}
    lists = (
        attrs.evolve(each, variants=tuple(key for key in each.variants if key in brought or key not in mine))
        for each in cycle.outgoing
    )
    return attrs.evolve(cycle, incoming=rest, outgoing=tuple(lists), version=cycle.version + 1)


def cycles_after(state: State, act: Act) -> tuple[OrderCycle, ...]:
    """Return all cycles after *act*, which is allowed."""
    if not is_withdrawn(state, act):
        return state.order_cycles
    losing = {each.id for each in supplied(state, act) if loses(each, act)}
    grantor, _ = act.pair
    return tuple(without(each, grantor) if each.id in losing else each for each in state.order_cycles)


def lost_goods(before: OrderCycle, after: OrderCycle) -> Mapping[EnterpriseId, set[VariantId]]:
    """Return what left which list of a cycle; lists that lost nothing are left out."""
    pairs = zip(before.outgoing, after.outgoing, strict=True)
    lost = {was.distributor: set(was.variants) - set(now.variants) for was, now in pairs}
    return {shop: goods for shop, goods in lost.items() if goods}


def told(state: State, act: Act) -> set[EnterpriseId]:
    """Return who gets a letter of *act*, which is allowed: the coordinator, and shops whose list loses something."""
    if not is_withdrawn(state, act):
        return set()
    after = {each.id: each for each in cycles_after(state, act)}
    concerned = [each for each in supplied(state, act) if loses(each, act) or not is_closed(each, act.now)]
    shops = {shop for each in concerned for shop in lost_goods(each, after[each.id])}
    return shops | ({act.change.grantee} if concerned else set())
