"""Who is to be told, and what, when the right to sell a supplier's goods is withdrawn.

Source:
    PERM-6, PERM-10 (withdrawal), PERM-12 (withdrawing takes goods off sale, or at least warns), PERM-4 (who sees whom).
"""

from collections.abc import Iterable, Iterator

import attrs

from ofncore.cycles.withdrawing import GrantImpact, LostGoods
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.granting import GrantPlan
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View


@attrs.frozen(kw_only=True)
class WithdrawalNews:
    """What one enterprise is told of one withdrawal: the coordinator all of it, a shop what is its own."""

    reader: EnterpriseId
    coordinator: EnterpriseId
    #: None if the reader may not see whose goods they are.
    supplier: EnterpriseId | None
    #: The side that ended the right, as far as its actor is of a side; the supplier where they are of both.
    ended_by: EnterpriseId | None
    #: The cycles that lose the supplier's part.
    cycles: tuple[OrderCycleId, ...]
    lists: tuple[LostGoods, ...]
    #: The cycles that keep its goods, by policy.
    keeping: tuple[OrderCycleId, ...]
    #: How many placed orders hold goods of it in the cycles that lose them.
    orders: int


def withdrawal_news(
    plan: GrantPlan, impact: GrantImpact, snapshot: Snapshot, *, actor: Actor, profile: Profile = PRODUCT
) -> Iterator[WithdrawalNews]:
    """Yield what each enterprise is told of *plan*, carried out by *actor*: the coordinator, then shops by id.

    The coordinator is told of every cycle that loses the goods or keeps them by policy, whoever acts; a shop of its own
    list, if that loses something. Nobody is told if no cycle has the goods.

    Args:
        plan: The change of the grant.
        impact: What it touches.
        snapshot: What `impact` was made from, before anything of it is stored.
        actor: Who changed the grant.
        profile: Decides who sees whom.
    """
    known = _Known(plan=plan, impact=impact, snapshot=snapshot, actor=actor, profile=profile)
    if impact.cycles or impact.keeping:
        yield known.for_coordinator()
    for shop in sorted({each.distributor for each in impact.lists} - {plan.grantee}):
        yield known.for_shop(shop)


@attrs.frozen(kw_only=True)
class _Known:
    """All that there is to tell."""

    plan: GrantPlan
    impact: GrantImpact
    snapshot: Snapshot
    actor: Actor
    profile: Profile

    def for_coordinator(self) -> WithdrawalNews:
        return WithdrawalNews(
            reader=self.plan.grantee,
            coordinator=self.plan.grantee,
            supplier=self.plan.grantor,
            ended_by=self._side(),
            cycles=tuple(each.id for each in self.impact.cycles),
            lists=self.impact.lists,
            keeping=self.impact.keeping,
            orders=len(self.impact.orders),
        )

    def for_shop(self, shop: EnterpriseId) -> WithdrawalNews:
        lists = tuple(each for each in self.impact.lists if each.distributor == shop)
        cycles = tuple(each.order_cycle for each in lists)
        return WithdrawalNews(
            reader=shop,
            coordinator=self.plan.grantee,
            supplier=self.plan.grantor if self._sees_supplier(shop, cycles) else None,
            ended_by=self._side(),
            cycles=cycles,
            lists=lists,
            keeping=tuple(each for each in self.impact.keeping if self._lists_goods(each, shop)),
            orders=sum(self.snapshot.orders[each].distributor == shop for each in self.impact.orders),
        )

    def _side(self) -> EnterpriseId | None:
        held = self.snapshot.relations.held_by(self.actor)
        return next((side for side in (self.plan.grantor, self.plan.grantee) if side in held), None)

    def _lists_goods(self, key: OrderCycleId, shop: EnterpriseId) -> bool:
        cycle = self.snapshot.order_cycles[key]
        brought, listed = cycle.incoming_from(self.plan.grantor), cycle.outgoing_to(shop)
        return brought is not None and listed is not None and not set(brought.variants).isdisjoint(listed.variants)

    def _sees_supplier(self, shop: EnterpriseId, cycles: Iterable[OrderCycleId]) -> bool:
        view = View(snapshot=self.snapshot, actor=ENGINE, profile=self.profile, supposed=frozenset({shop}))
        views = (view.at(self.snapshot.cycle_index(each), None) for each in cycles)
        return any(self.plan.grantor in CycleQuestions(each).visible_suppliers() for each in views)
