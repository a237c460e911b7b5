"""Laws of edits, in random networks (PERM-12, properties 5 to 7; PERM-5.3)."""

from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import given, settings

from cycles.allowed_changes import Matrix
from cycles.random_edits import FEES, Scene, actors, edits, form_of, scenes
from ofncore.cycles.changes import changed_parts
from ofncore.cycles.editing import EditOutcome, apply_edit, plan_edit
from ofncore.cycles.edits import CycleEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
#: A network takes longer to draw than to edit.
law = settings(max_examples=60)


def done(
    scene: Scene, edit: CycleEdit, actor: Actor, *, cycle: OrderCycle | None = None, profile: Profile = PRODUCT
) -> EditOutcome | Refusal:
    """Apply *edit* to the cycle of *scene*, or to *cycle*."""
    return apply_edit(cycle or scene.cycle, edit, scene.facts, actor=actor, now=NOW, profile=profile)


@law
@given(scenes(sound=False), edits(), actors())
def test_nothing_changes_that_the_matrix_does_not_allow(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    """PERM-5.3: whatever is asked for."""
    found = done(scene, edit, actor)
    if isinstance(found, EditOutcome):
        assert Matrix(actor, scene.cycle, scene.snapshot, FEES).wrongs(found.cycle) == []


@law
@given(scenes(), edits(), actors())
def test_lists_that_held_only_incoming_goods_do_so_afterwards(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    """Property 5."""
    found = done(scene, edit, actor)
    if isinstance(found, EditOutcome):
        assert scene.is_sound(found.cycle)


@law
@given(scenes(), edits(), actors())
def test_a_participants_edit_changes_only_its_own_exchanges_and_its_goods_in_others(
    scene: Scene, edit: CycleEdit, actor: Actor
) -> None:
    """Property 6."""
    mine = scene.snapshot.relations.managed_by(actor)
    found = done(scene, edit, actor)
    if scene.cycle.coordinator in mine or isinstance(found, Refusal):
        return
    before, after = scene.cycle, found.cycle
    assert attrs.evolve(before, incoming=(), outgoing=()) == attrs.evolve(after, incoming=(), outgoing=())
    assert [each for each in before.incoming if each.supplier not in mine] == [
        each for each in after.incoming if each.supplier not in mine
    ]
    for was, now in zip(before.outgoing, after.outgoing, strict=True):
        if was.distributor not in mine:
            assert attrs.evolve(was, variants=()) == attrs.evolve(now, variants=())
            moved = set(was.variants) ^ set(now.variants)
            assert {scene.snapshot.variants[key].supplier for key in moved} <= set(mine)


@law
@given(scenes(), actors())
def test_the_present_state_sent_back_changes_nothing(scene: Scene, actor: Actor) -> None:
    """Property 7."""
    found = done(scene, form_of(scene.cycle), actor)
    if isinstance(found, EditOutcome):
        assert found.cycle == scene.cycle
        assert (found.applied, found.plan.events, found.plan.cascaded) == ((), (), ())


@law
@given(scenes(), edits(), actors())
def test_the_same_request_twice_is_the_same_as_once(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    """Property 7."""
    once = done(scene, edit, actor)
    if isinstance(once, EditOutcome):
        twice = done(scene, edit, actor, cycle=once.cycle)
        assert isinstance(twice, EditOutcome)
        assert twice.cycle == once.cycle


@pytest.mark.parametrize("profile", [PRODUCT, OFN], ids=lambda each: each.name)
@law
@given(scene=scenes(sound=False), edit=edits(), actor=actors())
def test_all_or_nothing_is_the_same_edit_when_nothing_is_dropped(
    profile: Profile, scene: Scene, edit: CycleEdit, actor: Actor
) -> None:
    """The two ways to edit go by the same rules: the strict one refuses exactly what the other one drops."""
    found = done(scene, edit, actor, profile=profile)
    strict = plan_edit(scene.cycle, edit, scene.facts, actor=actor, now=NOW, profile=profile)
    if isinstance(found, Refusal):
        assert isinstance(strict, Refusal)
    elif found.dropped:
        assert strict == Refusal(found.dropped)
    else:
        assert strict == found.plan


@law
@given(scenes(sound=False), edits(), actors())
def test_what_is_told_to_be_applied_is_what_is_different(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    found = done(scene, edit, actor)
    if isinstance(found, EditOutcome):
        assert found.applied == changed_parts(scene.cycle, found.cycle)
        assert bool(found.applied) == (found.cycle != scene.cycle) == bool(found.plan.events)


@law
@given(scenes(), edits(), actors())
def test_what_leaves_a_list_unasked_is_told(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    """An edit never silently loses anything: what goes was unticked, went with its list, or is told as cascaded."""
    found = done(scene, edit, actor)
    if isinstance(found, Refusal):
        return
    unticked = {each.distributor for each in edit.outgoing}
    for was in scene.cycle.outgoing:
        now = found.cycle.outgoing_to(was.distributor)
        if now is not None and was.distributor not in {*unticked, *edit.removed_distributors}:
            lost = {(was.distributor, key) for key in set(was.variants) - set(now.variants)}
            assert lost <= set(found.plan.cascaded)
