"""Random edits by random people through the front door, on memory and on SQLite.

Whatever is asked for, and by whom: the services store only what the matrix of PERM-5.3 allows, and tell the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.allowed_changes import Matrix
from cycles.random_edits import FEES, Scene, actors, edits, scenes
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.cycles.changes import changed_parts
from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.cycles.edits import CycleEdit
from ofncore.cycles.method_choice import WantedMethods
from ofncore.cycles.offer import methods_in_force
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES, render_problem
from ofncore.kernel.ids import PaymentMethodId
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import ShopPaymentMethod
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW
from permissions.small_networks import ENTERPRISES, PRODUCTS

wishes = st.frozensets(
    st.builds(ShopPaymentMethod, st.sampled_from(ENTERPRISES), st.sampled_from(["cash", "card"]).map(PaymentMethodId))
)
steps = st.tuples(actors(), edits() | wishes.map(lambda some: WantedMethods(payment_methods=some)))
#: One after the other, so that later ones meet what earlier ones left.
sequences = st.lists(steps, min_size=1, max_size=5)
on_each_storage = pytest.mark.parametrize("kind", ["memory", "sqlite"])


def state_of(scene: Scene) -> State:
    """Return the whole network of *scene*, with one more method."""
    snapshot = scene.snapshot
    payments = scene.facts.payment_methods.values()
    return worlds.small_state(
        users=tuple(snapshot.relations.users.values()),
        enterprises=tuple(snapshot.enterprises.values()),
        grants=tuple(snapshot.relations.grants),
        products=tuple(map(worlds.product, PRODUCTS)),
        variants=tuple(snapshot.variants.values()),
        fees=tuple(FEES.values()),
        payment_methods=(*payments, worlds.payment_method("card", distributors=ENTERPRISES)),
        shipping_methods=tuple(scene.facts.shipping_methods.values()),
        order_cycles=(scene.cycle,),
        **dict.fromkeys(("customers", "stock", "vouchers", "schedules", "subscriptions"), ()),
    )


@cache
def empty_file() -> bytes:
    """Return a file of SQLite with its tables: making them takes longer than all the rest."""
    with TemporaryDirectory() as folder:
        storage = SqlStorage(f"sqlite:///{folder}/empty.db")
        storage.create_schema()
        storage.close()
        return Path(folder, "empty.db").read_bytes()


@contextmanager
def storage_of(kind: str) -> Iterator[MemoryStorage | SqlStorage]:
    """Begin an empty storage."""
    if kind == "memory":
        yield MemoryStorage()
        return
    with TemporaryDirectory() as folder:
        Path(folder, "hub.db").write_bytes(empty_file())
        storage = SqlStorage(f"sqlite:///{folder}/hub.db")
        yield storage
        storage.close()


@contextmanager
def network_of(kind: str, scene: Scene) -> Iterator[FoodNetwork]:
    """Load the network of *scene*."""
    with storage_of(kind) as storage:
        network = make_network(unit_of_work=storage)
        assert network.worlds.load(state_of(scene)) is None
        yield network


def stored(network: FoodNetwork) -> OrderCycle:
    """Return the cycle as it is stored."""
    [cycle] = network.worlds.export().order_cycles
    return cycle


def wrongs(scene: Scene, actor: Actor, before: OrderCycle, after: OrderCycle) -> list[str]:
    """Return what *actor* changed and must not."""
    around = Snapshot.around(
        scene.snapshot.relations, order_cycles=(before,), variants=scene.snapshot.variants.values()
    )
    matrix = Matrix(actor, before, around, FEES)
    methods = state_of(scene).payment_methods
    mine = {each.distributor for each in before.outgoing} if matrix.coordinates else matrix.mine
    coordinator = scene.snapshot.enterprises[before.coordinator]
    narrowed = [
        f"payments of {each.distributor}"
        for each in after.outgoing
        if each.distributor not in mine
        and methods_in_force(methods, shop=each.distributor, chosen=before.payment_methods, coordinator=coordinator)
        != methods_in_force(methods, shop=each.distributor, chosen=after.payment_methods, coordinator=coordinator)
    ]
    return [*matrix.wrongs(after), *narrowed]


def ask(network: FoodNetwork, actor: Actor, wanted: CycleEdit | WantedMethods) -> object:
    """Ask for a change of the cycle."""
    cycles, key = network.cycles, stored(network).id
    if isinstance(wanted, CycleEdit):
        return cycles.edit_as_allowed(key, wanted, actor=actor, now=NOW)
    return cycles.choose_methods(key, wanted, actor=actor, now=NOW)


@on_each_storage
@settings(max_examples=20)
@given(scene=scenes(), sequence=sequences)
def test_nothing_is_lost_that_the_user_might_not_touch(
    kind: str, scene: Scene, sequence: list[tuple[Actor, CycleEdit | WantedMethods]]
) -> None:
    """PERM-5.3, PERM-5.4, PERM-12."""
    with network_of(kind, scene) as network:
        for actor, wanted in sequence:
            before, events = stored(network), len(network.worlds.export().events)
            found = ask(network, actor, wanted)
            after = stored(network)
            assert wrongs(scene, actor, before, after) == []
            assert scene.is_sound(after)
            if isinstance(found, EditOutcome):
                assert found.cycle == after
                assert found.applied == changed_parts(before, after)
            else:
                assert after == before
            changed = attrs.evolve(after, version=before.version) != before
            assert len(network.worlds.export().events) == events + changed
            assert after.version == before.version + changed


@on_each_storage
@settings(max_examples=20)
@given(scene=scenes(), actor=actors(), edit=edits())
def test_all_or_nothing_is_done_where_as_allowed_leaves_nothing_out(
    kind: str, scene: Scene, actor: Actor, edit: CycleEdit
) -> None:
    with network_of(kind, scene) as one, network_of("memory", scene) as other:
        whole = one.cycles.edit(scene.cycle.id, edit, actor=actor, now=NOW)
        part = other.cycles.edit_as_allowed(scene.cycle.id, edit, actor=actor, now=NOW)
        if isinstance(part, EditOutcome) and not part.dropped:
            assert isinstance(whole, CycleEditPlan)
            assert stored(one) == stored(other)
        else:
            assert not isinstance(whole, CycleEditPlan)
            assert one.worlds.export() == state_as_loaded(scene)


def state_as_loaded(scene: Scene) -> State:
    """Return what a storage holds of *scene* before anything is done."""
    with network_of("memory", scene) as network:
        return network.worlds.export()


@given(scene=scenes(), actor=actors(), edit=edits())
def test_what_is_left_out_is_told_in_words_of_five_languages(scene: Scene, actor: Actor, edit: CycleEdit) -> None:
    """With every value in its place."""
    with network_of("memory", scene) as network:
        found = network.cycles.edit_as_allowed(scene.cycle.id, edit, actor=actor, now=NOW)
    for each in found.dropped if isinstance(found, EditOutcome) else found.problems:
        texts = {render_problem(each, language) for language in LANGUAGES}
        assert len(texts) == len(LANGUAGES)
        assert not [text for text in texts if "{" in text or each.code in text]
