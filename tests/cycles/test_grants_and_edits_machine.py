"""Grants, revocations and edits by anybody, in any order (PERM-5, PERM-6).

No sequence lets a user change what the matrix forbids, and nothing is lost that the user might not touch.
"""

from datetime import UTC, datetime
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cycles.allowed_changes import Matrix
from cycles.random_edits import FEES, Scene, actors, edits, scenes
from ofncore.cycles.editing import EditOutcome, apply_edit
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.withdrawing import impact_of
from ofncore.kernel.actors import Actor
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import PRODUCT
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.granting import GrantChange, GrantPlan, GrantStep, plan_grant
from ofncore.permissions.snapshot import Snapshot
from permissions.small_networks import ENTERPRISES

#: The cycle is open.
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
enterprises = st.sampled_from(ENTERPRISES)


class GrantsAndEdits(RuleBasedStateMachine):
    """One cycle, and the grants around it."""

    scene: Scene
    cycle: OrderCycle
    grants: dict[tuple[EnterpriseId, EnterpriseId], PermissionGrant]

    @initialize(scene=scenes())
    def begin(self, scene: Scene) -> None:
        self.scene, self.cycle = scene, scene.cycle
        self.grants = {(each.grantor, each.grantee): each for each in scene.snapshot.relations.grants}

    @property
    def snapshot(self) -> Snapshot:
        """The network as it is now."""
        relations = attrs.evolve(self.scene.snapshot.relations, grants=tuple(self.grants.values()))
        return Snapshot.around(relations, order_cycles=(self.cycle,), variants=self.scene.snapshot.variants.values())

    @rule(actor=actors(), edit=edits())
    def edit(self, actor: Actor, edit: CycleEdit) -> None:
        facts = attrs.evolve(self.scene.facts, relations=self.snapshot.relations)
        found = apply_edit(self.cycle, edit, facts, actor=actor, now=NOW)
        if isinstance(found, EditOutcome):
            assert Matrix(actor, self.cycle, self.snapshot, FEES).wrongs(found.cycle) == []
            self.cycle = found.cycle

    @rule(
        actor=actors(),
        step=st.sampled_from(GrantStep),
        grantor=enterprises,
        grantee=enterprises,
        permissions=st.frozensets(st.sampled_from(Permission), max_size=2),
        withdrawal=st.sampled_from(Withdrawal),
    )
    def grant(self, actor: Actor, **wanted: Any) -> None:  # noqa: ANN401 - fields of a change
        withdrawal = wanted.pop("withdrawal")
        plan = plan_grant(GrantChange(**wanted), self.snapshot, actor=actor)
        if not isinstance(plan, GrantPlan):
            return
        mine = self.snapshot.relations.managed_by(actor)
        assert plan.grantor in mine or (plan.grantee in mine and not plan.added)
        profile = attrs.evolve(PRODUCT, withdrawal=withdrawal)
        impact = impact_of(plan, self.snapshot, now=NOW, profile=profile)
        if impact.cycles:
            [after] = impact.cycles
            self.judge_withdrawal(plan, after)
            self.cycle = after
        self.grants.pop((plan.grantor, plan.grantee), None)
        if plan.after is not None:
            self.grants[plan.grantor, plan.grantee] = plan.after

    def judge_withdrawal(self, plan: GrantPlan, after: OrderCycle) -> None:
        """Only the grantor's part goes, with what nobody else brings, from its grantee's cycle alone."""
        assert Permission.ADD_TO_ORDER_CYCLE in plan.withdrawn
        assert (after.coordinator, after.incoming_from(plan.grantor)) == (plan.grantee, None)
        others = [each for each in self.cycle.incoming if each.supplier != plan.grantor]
        assert list(after.incoming) == others
        brought = self.scene.brought(after)
        for was, now in zip(self.cycle.outgoing, after.outgoing, strict=True):
            gone = set(was.variants) - set(now.variants)
            part = self.cycle.incoming_from(plan.grantor)
            assert part is not None
            assert gone <= set(part.variants) - brought
            assert attrs.evolve(was, variants=()) == attrs.evolve(now, variants=())

    @invariant()
    def every_list_holds_what_comes_in(self) -> None:
        assert self.scene.is_sound(self.cycle)

    @invariant()
    def no_grant_holds_what_excludes_each_other(self) -> None:
        exclusive = {Permission.CREATE_LINKED_VARIANTS, Permission.CREATE_VARIANT_OVERRIDES}
        for key, each in self.grants.items():
            started_with = each in self.scene.snapshot.relations.grants
            assert started_with or not exclusive <= set(each.permissions)
            assert key == (each.grantor, each.grantee)


TestGrantsAndEdits = GrantsAndEdits.TestCase
TestGrantsAndEdits.settings = settings(max_examples=60, stateful_step_count=12)
