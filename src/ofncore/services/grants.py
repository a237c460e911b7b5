"""What enterprises allow each other: given, changed, taken back, with all that follows in their cycles."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ofncore.cycles.withdrawal_events import withdrawal_events
from ofncore.cycles.withdrawal_news import withdrawal_news
from ofncore.cycles.withdrawing import GrantImpact, impact_of
from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.order import Order
from ofncore.permissions.granting import GrantChange, GrantPlan, GrantStep, plan_grant
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.grant_letters import withdrawal_letters
from ofncore.services.loading import load_relations
from ofncore.services.recording import post, record_events
from ofncore.services.wiring import Wiring


@attrs.frozen(kw_only=True)
class GrantOutcome:
    """What came of a change of a grant."""

    plan: GrantPlan
    #: What it touched; its cycles as they are stored.
    impact: GrantImpact

    @property
    def grant(self) -> PermissionGrant | None:
        """The grant as it is stored; None if it has ended."""
        return self.plan.after


class GrantService:
    """Gives, changes and takes back grants. Each act is one unit of work: grant, cycles, events, letters.

    A supplier that withdraws the right to sell its goods leaves cycles of the grantee: which ones, and when, the policy
    `Withdrawal` says: that of the network's profile, or *withdrawal* where it is given. Placed orders stay as they are.
    The coordinator, and each shop whose list loses goods, are told by a letter.
    An act that changes nothing stores nothing. Who may do what is decided by `ofncore.permissions.granting.plan_grant`;
    nobody grants to itself (`GRANT_TO_SELF`). Permissions are told by themselves or by their texts; other texts are a
    `ValueError`, and one text alone a `TypeError`, as is any other argument of another type.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def create(
        self,
        grantor: EnterpriseId,
        grantee: EnterpriseId,
        permissions: Iterable[Permission | str],
        *,
        actor: Actor,
        now: datetime,
    ) -> GrantOutcome | Refusal:
        """Let *grantor* allow *grantee* all of *permissions*.

        A pair that has a grant of just those keeps it, and nothing happens; one of others is refused. A grant of no
        permissions is one too: it allows nothing, and `change` fills it.
        """
        asked = GrantChange(step=GrantStep.CREATE, grantor=grantor, grantee=grantee, permissions=permissions)
        return self._carry_out(asked, actor=actor, now=now)

    def change(
        self,
        grantor: EnterpriseId,
        grantee: EnterpriseId,
        permissions: Iterable[Permission | str],
        *,
        actor: Actor,
        now: datetime,
        withdrawal: Withdrawal | None = None,
    ) -> GrantOutcome | Refusal:
        """Let the grant of *grantor* to *grantee* hold just *permissions* from now on, perhaps none."""
        asked = GrantChange(step=GrantStep.CHANGE, grantor=grantor, grantee=grantee, permissions=permissions)
        return self._carry_out(asked, actor=actor, now=now, withdrawal=withdrawal)

    def destroy(
        self,
        grantor: EnterpriseId,
        grantee: EnterpriseId,
        *,
        actor: Actor,
        now: datetime,
        withdrawal: Withdrawal | None = None,
    ) -> GrantOutcome | Refusal:
        """End the grant of *grantor* to *grantee*; either side may. One that there is not is refused."""
        asked = GrantChange(step=GrantStep.DESTROY, grantor=grantor, grantee=grantee)
        return self._carry_out(asked, actor=actor, now=now, withdrawal=withdrawal)

    def impact_of(
        self, change: GrantChange, *, actor: Actor, now: datetime, withdrawal: Withdrawal | None = None
    ) -> GrantImpact | Refusal:
        """Return what *change* by *actor* would touch; nothing is stored (see `ofncore.cycles.withdrawing.impact_of`).

        *change* is what `create`, `change` or `destroy` would carry out:
        ``GrantChange(step="destroy", grantor=..., grantee=...)``, of `ofncore.permissions.granting`. It is refused
        where that would be, and equals the impact that it would have.
        """
        check_type(GrantChange, change=change)
        check_type(Actor, actor=actor)
        profile, instant = self._wiring.profile_with(withdrawal), as_instant(now)
        found = self._wiring.run(lambda unit: _Planned.of(unit, change, actor=actor, now=instant, profile=profile))
        return found if isinstance(found, Refusal) else found.impact

    def _carry_out(
        self, change: GrantChange, *, actor: Actor, now: datetime, withdrawal: Withdrawal | None = None
    ) -> GrantOutcome | Refusal:
        check_type(Actor, actor=actor)
        profile, instant = self._wiring.profile_with(withdrawal), as_instant(now)

        def work(unit: UnitOfWork) -> GrantOutcome | Refusal:
            found = _Planned.of(unit, change, actor=actor, now=instant, profile=profile)
            return found if isinstance(found, Refusal) else found.store(unit, actor=actor, now=instant)

        return self._wiring.run(work)


@attrs.frozen(kw_only=True)
class _Planned:
    """A change of a grant that is allowed, before anything is stored."""

    plan: GrantPlan
    impact: GrantImpact
    #: As it is before.
    snapshot: Snapshot
    profile: Profile

    @classmethod
    def of(
        cls, unit: UnitOfWork, change: GrantChange, *, actor: Actor, now: datetime, profile: Profile
    ) -> Self | Refusal:
        relations = load_relations(unit)
        asked = _repeated(change, relations)
        plan = plan_grant(asked, Snapshot.around(relations), actor=actor, profile=profile)
        if isinstance(plan, Refusal):
            return plan
        # It would allow nothing, and no document may hold it.
        if plan.grantor == plan.grantee:
            return Refusal.of(Code.GRANT_TO_SELF, "$.grantee", enterprise=relations.name_of(plan.grantee))
        snapshot = _of_cycles(unit, plan, relations)
        touched = impact_of(plan, snapshot, now=now, profile=profile).cycles
        # Orders count only where goods leave; past cycles may hold very many.
        known = attrs.evolve(snapshot, orders={each.id: each for each in _orders(unit, touched)})
        impact = impact_of(plan, known, now=now, profile=profile)
        return cls(plan=plan, impact=impact, snapshot=known, profile=profile)

    def store(self, unit: UnitOfWork, *, actor: Actor, now: datetime) -> GrantOutcome:
        # Facts are read when they are looked at, so they are looked at before anything is written.
        news = tuple(withdrawal_news(self.plan, self.impact, self.snapshot, actor=actor, profile=self.profile))
        _store_grant(unit, self.plan)
        stored = tuple(unit.order_cycles.save(each) for each in self.impact.cycles)
        record_events(unit, withdrawal_events(self.plan, self.impact, self.snapshot, actor=actor, now=now))
        post(unit, withdrawal_letters(unit, news, self.plan, self.snapshot, at=now))
        return GrantOutcome(plan=self.plan, impact=attrs.evolve(self.impact, cycles=stored))


def _repeated(change: GrantChange, relations: Relations) -> GrantChange:
    """Return *change* as one that changes nothing, if it would create what there is."""
    before = relations.grant_between(change.grantor, change.grantee)
    same = before is not None and change.step is GrantStep.CREATE and set(before.permissions) == change.permissions
    return attrs.evolve(change, step=GrantStep.CHANGE) if same else change


def _of_cycles(unit: UnitOfWork, plan: GrantPlan, relations: Relations) -> Snapshot:
    """Return the cycles that *plan* may touch, with their goods; none if nobody loses the right to sell."""
    if Permission.ADD_TO_ORDER_CYCLE not in plan.withdrawn:
        return Snapshot.around(relations)
    near = unit.order_cycles.of_enterprises([plan.grantee])
    cycles = [each for each in near if each.coordinator == plan.grantee]
    goods = {key for cycle in cycles for each in cycle.incoming for key in each.variants}
    goods |= {key for cycle in cycles for each in cycle.outgoing for key in each.variants}
    return Snapshot.around(relations, order_cycles=cycles, variants=unit.variants.get_many(goods))


def _orders(unit: UnitOfWork, cycles: Iterable[OrderCycle]) -> Iterable[OrderFacts]:
    return (OrderFacts.of(_held(order), {}) for cycle in cycles for order in unit.orders.of_cycle(cycle.id))


def _held(order: Order) -> Order:
    """Return *order* without its lines of nothing: what was cut out of it is in it no more."""
    return attrs.evolve(order, lines=tuple(each for each in order.lines if each.quantity))


def _store_grant(unit: UnitOfWork, plan: GrantPlan) -> None:
    if plan.after is None and plan.before is not None:
        unit.grants.remove(plan.before.id)
    elif plan.after is not None and plan.before is None:
        unit.grants.add(plan.after)
    elif plan.after is not None and plan.changes:
        unit.grants.save(plan.after)
