"""Questions about what people may do."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.permissions.actions import Action, CycleAction
from ofncore.permissions.answer_words import answer_text
from ofncore.permissions.answers import Answer, answer, for_actor
from ofncore.permissions.asking import Asker
from ofncore.permissions.capabilities import Capability, all_actors, permission_matrix, who_can
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.cycle_summary import CycleScope, cycle_scope
from ofncore.permissions.decisions import Decision
from ofncore.permissions.masking import MaskedOrder, mask_orders
from ofncore.permissions.remedies import LIMITS, SearchLimits
from ofncore.permissions.resources import Resource, ResourceKind
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.what_if import CapabilityChange, RoleChange, what_if
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_relations
from ofncore.services.snapshots import load_everything, load_snapshot
from ofncore.services.wiring import Wiring

T = TypeVar("T")


class PermissionService:
    """Answers who may do what, with reasons, from what is stored. Nothing is written."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    # ---------------------------------------------------------------- one question

    def check(self, actor: Actor, action: Action, resource: Resource) -> Decision:
        """Decide whether *actor* may do *action* to *resource* (see `ofncore.permissions.asking.Asker.check`).

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._asked(actor, resource.kind, lambda asker: asker.check(action, resource))

    def check_cycle(
        self,
        actor: Actor,
        action: CycleAction,
        order_cycle: OrderCycleId,
        *,
        participant: EnterpriseId | None = None,
    ) -> Decision:
        """Decide about one change to one cycle (see `ofncore.permissions.cycle_scope.check_cycle`).

        Raises:
            NotFoundError: there is no such cycle.
        """
        return self._wiring.run(
            lambda unit: check_cycle(
                actor,
                action,
                unit.order_cycles.get(order_cycle),
                load_relations(unit),
                participant=participant,
                profile=self._wiring.profile,
            )
        )

    def answer(self, actor: Actor, action: Action, resource: Resource, *, limits: SearchLimits = LIMITS) -> Answer:
        """Return the decision with all its facts, and for a no what would change it: for the host.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._asked(actor, resource.kind, lambda asker: answer(asker, action, resource, limits))

    def answer_for_actor(
        self, actor: Actor, action: Action, resource: Resource, *, limits: SearchLimits = LIMITS
    ) -> Answer:
        """Return the same without what *actor* may not know (see `ofncore.permissions.answers.for_actor`).

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._asked(
            actor, resource.kind, lambda asker: for_actor(answer(asker, action, resource, limits), asker)
        )

    def answer_text(self, told: Answer, locale: str) -> str:
        """Return *told* in words for a reader of *locale*, with the names of users and enterprises."""
        return self._wiring.run(lambda unit: answer_text(told, load_relations(unit), locale))

    # ---------------------------------------------------------------- many at once

    def list_allowed(
        self, actor: Actor, action: Action, kind: ResourceKind, *, within: tuple[str, ...] = ()
    ) -> frozenset[Resource]:
        """Return everything of *kind* to which *actor* may do *action*: each for which `check` says yes, no other.

        *within* is what the keys begin with: the cycle, and the supplier or distributor, for what is in one cycle.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._asked(actor, kind, lambda asker: asker.list_allowed(action, kind, within=within))

    def who_can(self, action: Action, resource: Resource) -> frozenset[Actor]:
        """Return everybody who may do *action* to *resource*: users, customers by their links, the engine.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """

        def work(unit: UnitOfWork) -> frozenset[Actor]:
            snapshot = load_snapshot(unit, [resource.kind], "customers")
            return who_can(action, resource, snapshot, self._wiring.profile)

        return self._wiring.run(work)

    def cycle_scope(self, actor: Actor, order_cycle: OrderCycleId) -> CycleScope:
        """Return what *actor* sees and may edit in a cycle, with candidates and whether they are ready.

        Raises:
            NotFoundError: there is no such cycle.
        """

        def work(unit: UnitOfWork) -> CycleScope:
            methods = ("payment_methods", "shipping_methods")
            snapshot = load_snapshot(unit, [ResourceKind.CYCLE_ENTERPRISE], *methods)
            cycle = unit.order_cycles.get(order_cycle)
            return cycle_scope(CycleQuestions.of(actor, cycle, snapshot, self._wiring.profile))

        return self._wiring.run(work)

    def orders_seen_by(self, viewer: Actor, order_cycle: OrderCycleId) -> tuple[MaskedOrder, ...]:
        """Return the orders of a cycle as *viewer* may see them: a supplier its own lines only, buyers as shops allow.

        Raises:
            NotFoundError: there is no such cycle.
        """

        def work(unit: UnitOfWork) -> tuple[MaskedOrder, ...]:
            cycle = unit.order_cycles.get(order_cycle)
            orders = unit.orders.of_cycle(order_cycle)
            customers = {each.id: each for each in unit.customers.get_many({each.customer for each in orders})}
            snapshot = Snapshot.around(load_relations(unit), order_cycles=(cycle,))
            return mask_orders(orders, customers, viewer=viewer, snapshot=snapshot, profile=self._wiring.profile)

        return self._wiring.run(work)

    # ---------------------------------------------------------------- all at once

    def matrix(self, actors: Iterable[Actor] | None = None) -> tuple[Capability, ...]:
        """Return all that *actors* may do, by default everybody: it reads the whole network."""

        def work(unit: UnitOfWork) -> tuple[Capability, ...]:
            snapshot = load_everything(unit)
            asked = all_actors(snapshot) if actors is None else actors
            return permission_matrix(snapshot, asked, self._wiring.profile)

        return self._wiring.run(work)

    def what_if(self, change: RoleChange, *, actors: Iterable[Actor] | None = None) -> CapabilityChange:
        """Return what *change* would change for *actors*, by default for everybody: it reads the whole network.

        Raises:
            NotFoundError: a role is of an unknown user, or in an unknown enterprise.
        """
        return self._wiring.run(
            lambda unit: what_if(change, load_everything(unit), actors=actors, profile=self._wiring.profile)
        )

    def _asked(self, actor: Actor, kind: ResourceKind, ask: Callable[[Asker], T]) -> T:
        return self._wiring.run(lambda unit: ask(Asker(actor, load_snapshot(unit, [kind]), self._wiring.profile)))
