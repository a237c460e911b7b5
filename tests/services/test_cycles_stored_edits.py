"""Random edits on SQLite, of schedules too: what is stored afterwards, whoever asks for whatever (PERM-5, PERM-12)."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.allowed_changes import Matrix
from cycles.random_edits import FEES, Scene, actors, edits, scenes
from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.cycles.edits import UNCHANGED, CycleEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, ScheduleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import Schedule
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW
from permissions.small_networks import CYCLES, ENTERPRISES
from services.test_cycles_random_edits import state_of, storage_of

EDITED, OTHER = CYCLES
SCHEDULES = {
    each.id: each
    for each in (
        worlds.schedule("alone", order_cycles=(EDITED,)),
        worlds.schedule("both", order_cycles=(EDITED, OTHER)),
        worlds.schedule("others", order_cycles=(OTHER,)),
        worlds.schedule("empty", order_cycles=()),
        worlds.schedule("awaited", order_cycles=()),
    )
}
sets = st.frozensets(st.sampled_from([*SCHEDULES, ScheduleId("never")]))
wishes = st.builds(lambda edit, schedules: attrs.evolve(edit, schedules=schedules), edits(), st.just(UNCHANGED) | sets)
#: Somebody coordinates the other cycle, and somebody has subscriptions to a schedule that is still empty.
shops = st.sampled_from(ENTERPRISES)
few = settings(max_examples=20)


@contextmanager
def loaded(scene: Scene, coordinator: EnterpriseId, shop: EnterpriseId) -> Iterator[FoodNetwork]:
    """Load the network of *scene*, with one more cycle, and schedules."""
    other = worlds.order_cycle(OTHER, coordinator=coordinator, coordinator_fees=(), incoming=(), outgoing=())
    state = attrs.evolve(
        state_of(scene),
        order_cycles=(scene.cycle, other),
        schedules=tuple(SCHEDULES.values()),
        customers=(worlds.customer("anna", enterprise=shop),),
        subscriptions=(worlds.subscription("anna-awaits", schedule="awaited", shop=shop, lines=()),),
    )
    with storage_of("sqlite") as storage:
        network = make_network(unit_of_work=storage)
        assert network.worlds.load(state) is None
        yield network


def cycle_in(state: State) -> OrderCycle:
    """Return the cycle that is edited."""
    return next(each for each in state.order_cycles if each.id == EDITED)


def wrong_schedules(matrix: Matrix, state: State, before: dict[ScheduleId, Schedule]) -> list[str]:
    """Return the schedules that are different and must not be, by the plain facts."""
    coordinated = {each.id for each in state.order_cycles if each.coordinator in matrix.mine}
    foreign = {each.schedule for each in state.subscriptions if each.shop not in matrix.mine}
    return [
        each.id
        for each in state.schedules
        if (was := before[each.id]) != each
        and not coordinated & set(was.order_cycles)
        and not (was.order_cycles == () and matrix.coordinates and each.id not in foreign)
    ]


@few
@given(scene=scenes(), actor=actors(), edit=wishes, coordinator=shops, shop=shops)
def test_an_edit_stores_what_the_matrix_allows_and_twice_what_it_stores_once(
    scene: Scene, actor: Actor, edit: CycleEdit, coordinator: EnterpriseId, shop: EnterpriseId
) -> None:
    """PERM-5.2, PERM-5.3, property 7; what is told to be left out is not done."""
    with loaded(scene, coordinator, shop) as network:
        before = network.worlds.export()
        found = network.cycles.edit_as_allowed(EDITED, edit, actor=actor, now=NOW)
        after = network.worlds.export()
        around = Snapshot.around(
            scene.snapshot.relations, order_cycles=(scene.cycle,), variants=scene.snapshot.variants.values()
        )
        matrix = Matrix(actor, scene.cycle, around, FEES)
        assert matrix.wrongs(cycle_in(after)) == []
        assert wrong_schedules(matrix, after, {each.id: each for each in before.schedules}) == []
        if isinstance(found, Refusal) or not found.changes:
            assert after == before
        assert isinstance(network.cycles.edit_as_allowed(EDITED, edit, actor=actor, now=NOW), type(found))
        assert network.worlds.export() == after


@few
@given(scene=scenes(), actor=actors(), edit=wishes, coordinator=shops, shop=shops)
def test_an_edit_as_a_whole_that_is_refused_changes_nothing_stored(
    scene: Scene, actor: Actor, edit: CycleEdit, coordinator: EnterpriseId, shop: EnterpriseId
) -> None:
    """And one that is not refused is what `edit_as_allowed` does when it leaves out nothing."""
    with loaded(scene, coordinator, shop) as network:
        before = network.worlds.export()
        found = network.cycles.edit(EDITED, edit, actor=actor, now=NOW)
        if isinstance(found, CycleEditPlan):
            again = network.cycles.edit_as_allowed(EDITED, edit, actor=actor, now=NOW)
            assert isinstance(again, EditOutcome)
            assert (again.changes, again.dropped) == ((), ())
        else:
            assert network.worlds.export() == before


@few
@given(scene=scenes(), actor=actors(), edit=wishes, coordinator=shops, shop=shops)
def test_an_edit_is_told_in_words_with_names(
    scene: Scene, actor: Actor, edit: CycleEdit, coordinator: EnterpriseId, shop: EnterpriseId
) -> None:
    """A thing that there is goes by its name, one that there is not by its id."""
    with loaded(scene, coordinator, shop) as network:
        found = network.cycles.edit_as_allowed(EDITED, edit, actor=actor, now=NOW)
        words = network.cycles.edit_text(found, "en")
    assert ("Changed:" in words) == (isinstance(found, EditOutcome) and bool(found.changes))
    for each in ENTERPRISES:
        assert f"“{each}”" not in words
    for key in SCHEDULES:
        assert f"“{key}”" not in words
