"""Questions about what people may do."""

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.decisions import Decision
from ofncore.services.loading import load_relations
from ofncore.services.wiring import Wiring


class PermissionService:
    """Answers whether an actor may do something, with reasons."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

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
                actor, action, unit.order_cycles.get(order_cycle), load_relations(unit), participant=participant
            )
        )
