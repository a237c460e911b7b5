"""Who edits a cycle, by which facts and under which policies."""

from functools import cached_property

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import CycleAccess, CycleAction
from ofncore.permissions.asking import check
from ofncore.permissions.cycle_index import CycleIndex
from ofncore.permissions.cycle_scope import part_of_cycle
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Editor:
    """One actor before one cycle that is to be changed."""

    actor: Actor
    #: As it was before the edit.
    cycle: OrderCycle
    #: With the cycle in it.
    snapshot: Snapshot
    #: The schedules that the edit may be about, with their cycles and subscriptions.
    calendar: Snapshot
    profile: Profile

    @property
    def relations(self) -> Relations:
        """Who manages what, and who granted what."""
        return self.snapshot.relations

    @cached_property
    def coordinates(self) -> bool:
        """Whether the actor manages the coordinator."""
        return self.manages(self.cycle.coordinator)

    @property
    def is_known(self) -> bool:
        """Whether the actor is somebody."""
        return self.snapshot.knows(self.actor)

    @cached_property
    def entry(self) -> Decision:
        """Whether the actor may open the cycle (PERM-5.1)."""
        return check(self.actor, CycleAccess.SEE, self._whole, self.snapshot, self.profile)

    def manages(self, enterprise: EnterpriseId) -> bool:
        """Whether the actor manages *enterprise*."""
        return self.relations.manages(self.actor, enterprise)

    def check(self, action: CycleAction, path: str, participant: EnterpriseId | None = None) -> Decision:
        """Decide whether the actor may do *action*, by the cycle as it was; *path* is where it is asked for.

        *participant* is the supplier or distributor whose exchange is meant, if one is.
        """
        part = part_of_cycle(action, self.cycle, participant)
        return check(self.actor, action, part, self.snapshot, self.profile, path=path)

    def view(self, cycle: OrderCycle) -> View:
        """Return how the actor sees *cycle*, which may be half edited."""
        index = CycleIndex(cycle, self.snapshot.goods)
        return View(snapshot=self.snapshot, actor=self.actor, profile=self.profile, index=index)

    @property
    def _whole(self) -> Resource:
        return resource(ResourceKind.ORDER_CYCLE, self.cycle.id)
