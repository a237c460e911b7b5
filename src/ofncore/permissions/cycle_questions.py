"""What one actor may see and do in one cycle, as sets.

Source:
    PERM-4.
"""

from typing import Self

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.cycle_index import CycleIndex
from ofncore.permissions.rules import cycle_sets as sets
from ofncore.permissions.rules.scopes import Scope
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View


@attrs.frozen
class CycleQuestions:
    """Questions about one cycle for one actor. Each stands alone: no answer depends on an earlier question."""

    view: View

    @classmethod
    def of(cls, actor: Actor, cycle: OrderCycle, snapshot: Snapshot, profile: Profile = PRODUCT) -> Self:
        """Ask about *cycle*, which may be one that is not in *snapshot*: as it would be, or about to be made."""
        known = snapshot.order_cycles.get(cycle.id) is cycle
        index = snapshot.cycle_index(cycle.id) if known else CycleIndex(cycle, snapshot.goods)
        return cls(View(snapshot=snapshot, actor=actor, profile=profile, index=index))

    @property
    def coordinates(self) -> bool:
        """Whether the actor manages the coordinator."""
        return sets.COORDINATES.because(self.view) is not None

    def manages(self, enterprise: EnterpriseId) -> bool:
        """Whether the actor manages *enterprise*."""
        return enterprise in self.view.managed

    def visible_enterprises(self) -> frozenset[EnterpriseId]:
        """Return every enterprise that the actor sees in the cycle."""
        return sets.VISIBLE.members(self.view)

    def supplier_candidates(self) -> frozenset[EnterpriseId]:
        """Return whom the actor may be offered as supplier: the visible producers (PERM-G9)."""
        return sets.SUPPLIER_CANDIDATES.members(self.view)

    def distributor_candidates(self) -> frozenset[EnterpriseId]:
        """Return whom the actor may be offered as distributor, ready or not (PERM-G11, PERM-G12)."""
        return sets.DISTRIBUTOR_CANDIDATES.members(self.view)

    def visible_suppliers(self) -> frozenset[EnterpriseId]:
        """Return the suppliers whose incoming exchange the actor sees."""
        return sets.VISIBLE_SUPPLIERS.members(self.view)

    def visible_distributors(self) -> frozenset[EnterpriseId]:
        """Return the distributors whose outgoing exchange the actor sees."""
        return sets.VISIBLE_DISTRIBUTORS.members(self.view)

    def own_distributors(self) -> frozenset[EnterpriseId]:
        """Return the distributors whose methods the actor may choose for the cycle (PERM-G35)."""
        return sets.OWN_DISTRIBUTORS.members(self.view)

    def visible_incoming_variants(self, supplier: EnterpriseId) -> frozenset[VariantId]:
        """Return which variants the actor may see in the exchange of *supplier*, which need not take part yet."""
        return self._at(sets.VISIBLE_INCOMING_VARIANTS, supplier)

    def editable_incoming_variants(self, supplier: EnterpriseId) -> frozenset[VariantId]:
        """Return which variants the actor may tick and untick in the exchange of *supplier*."""
        return self._at(sets.EDITABLE_INCOMING_VARIANTS, supplier)

    def visible_outgoing_variants(self, distributor: EnterpriseId) -> frozenset[VariantId]:
        """Return which variants the actor may see in the list of *distributor*, if they are in it."""
        return self._at(sets.VISIBLE_OUTGOING_VARIANTS, distributor)

    def editable_outgoing_variants(self, distributor: EnterpriseId) -> frozenset[VariantId]:
        """Return which variants the actor may tick and untick in the list of *distributor*."""
        return self._at(sets.EDITABLE_OUTGOING_VARIANTS, distributor)

    def editable_goods(self) -> frozenset[VariantId]:
        """Return what the actor may tick in some incoming exchange of the cycle."""
        return sets.EDITABLE_GOODS.members(self.view)

    def _at(self, scope: Scope[VariantId], participant: EnterpriseId) -> frozenset[VariantId]:
        return scope.members(self.view.at(self.view.index, participant))
