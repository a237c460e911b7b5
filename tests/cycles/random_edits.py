"""Edits of a cycle in a small random network, by anybody in it."""

from typing import Final, TypeVar

import attrs
from hypothesis import strategies as st

from ofncore.cycles.editing import EditingFacts
from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit, with_whole_lists
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, FeeId, PaymentMethodId, ShippingMethodId
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.small_networks import (
    CYCLES,
    ENTERPRISES,
    PEOPLE,
    ROOT,
    USERS,
    VARIANTS,
    cycles,
    enterprises,
    grants,
    variants,
)

#: A fee of each enterprise.
FEES: Final = {FeeId(f"fee-{key}"): worlds.fee(f"fee-{key}", enterprise=key) for key in ENTERPRISES}
ACTORS: Final = (*PEOPLE, ROOT)


@attrs.frozen(kw_only=True)
class Scene:
    """A cycle, and what is known when it is edited."""

    cycle: OrderCycle
    snapshot: Snapshot
    facts: EditingFacts

    def brought(self, cycle: OrderCycle) -> frozenset[str]:
        """Return the live variants that come in."""
        return self.live(key for each in cycle.incoming for key in each.variants)

    def live(self, variants: object) -> frozenset[str]:
        """Return which of *variants* are not deleted."""
        return frozenset(self.snapshot.goods.live_among(variants))  # type: ignore[arg-type]

    def is_sound(self, cycle: OrderCycle) -> bool:
        """Whether every list of *cycle* holds only what comes in."""
        return all(self.live(each.variants) <= self.brought(cycle) for each in cycle.outgoing)


T = TypeVar("T")


def _some(values: tuple[T, ...]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


_fees = _some(tuple(FEES))


@st.composite
def scenes(draw: st.DrawFn, *, sound: bool = True) -> Scene:
    """Return a network and one of its cycles, with fees and texts.

    Args:
        draw: Hypothesis'.
        sound: Lists hold only what comes in.
    """
    cycle = draw(cycles(CYCLES[0]))
    snapshot = Snapshot.of(
        users=[worlds.user(key, is_admin=key == USERS[0]) for key in USERS],
        enterprises=[draw(enterprises(key)) for key in ENTERPRISES],
        grants=draw(grants()),
        variants=[draw(variants(key)) for key in VARIANTS],
    )
    brought = {key for each in cycle.incoming for key in each.variants}
    cycle = attrs.evolve(
        cycle,
        coordinator_fees=draw(_fees),
        incoming=tuple(attrs.evolve(each, fees=draw(_fees)) for each in cycle.incoming),
        outgoing=tuple(
            attrs.evolve(
                each,
                fees=draw(_fees),
                variants=tuple(key for key in each.variants if not sound or key in brought),
            )
            for each in cycle.outgoing
        ),
    )
    ready = tuple(draw(st.lists(st.sampled_from(ENTERPRISES), unique=True)))
    facts = EditingFacts(
        relations=snapshot.relations,
        variants=snapshot.variants,
        fees=FEES,
        payment_methods={PaymentMethodId("cash"): worlds.payment_method("cash", distributors=ready)},
        shipping_methods={ShippingMethodId("pickup"): worlds.shipping_method("pickup", distributors=ready)},
    )
    return Scene(cycle=cycle, snapshot=snapshot, facts=facts)


def _asked(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.just(UNCHANGED) | values


_texts = st.sampled_from(["", "Gate 2"])
_variants = _some(VARIANTS)
_entries = st.builds(
    IncomingEdit,
    supplier=st.sampled_from(ENTERPRISES),
    variants=_asked(_variants),
    fees=_asked(_fees),
    receival_instructions=_asked(_texts),
)
_sales = st.builds(
    OutgoingEdit,
    distributor=st.sampled_from(ENTERPRISES),
    variants=_asked(_variants),
    fees=_asked(_fees),
    ready_for=_asked(_texts),
    pickup_instructions=_asked(_texts),
    tags=_asked(st.sampled_from([(), ("pro",)])),
)
_leaving = st.lists(st.sampled_from(ENTERPRISES), unique=True, max_size=1).map(tuple)


def edits() -> st.SearchStrategy[CycleEdit]:
    """Return edits of anything, as a change or as the whole lists of a form."""
    return st.builds(
        CycleEdit,
        name=_asked(st.sampled_from(["Renamed"])),
        automatic_notifications=_asked(st.sampled_from([False])),
        coordinator_fees=_asked(_fees),
        incoming=st.lists(_entries, max_size=3).map(tuple),
        outgoing=st.lists(_sales, max_size=3).map(tuple),
        removed_suppliers=_leaving,
        removed_distributors=_leaving,
        whole_incoming=st.booleans(),
        whole_outgoing=st.booleans(),
    ).filter(_is_of_one_mind)


def _is_of_one_mind(edit: CycleEdit) -> bool:
    """Whoever is removed and named in one edit begins anew, which would have to be told apart from a change."""
    suppliers = {each.supplier for each in edit.incoming}
    distributors = {each.distributor for each in edit.outgoing}
    return suppliers.isdisjoint(edit.removed_suppliers) and distributors.isdisjoint(edit.removed_distributors)


def actors() -> st.SearchStrategy[Actor]:
    """Return one of the people of a network."""
    return st.sampled_from(ACTORS)


def form_of(cycle: OrderCycle) -> CycleEdit:
    """Return the form that holds *cycle* as it is."""
    return with_whole_lists(
        CycleEdit(
            name=cycle.name,
            orders_open_at=cycle.orders_open_at,
            orders_close_at=cycle.orders_close_at,
            automatic_notifications=cycle.automatic_notifications,
            coordinator_fees=cycle.coordinator_fees,
        ),
        incoming=tuple(
            IncomingEdit(
                supplier=each.supplier,
                variants=each.variants,
                fees=each.fees,
                receival_instructions=each.receival_instructions,
            )
            for each in cycle.incoming
        ),
        outgoing=tuple(
            OutgoingEdit(
                distributor=each.distributor,
                variants=each.variants,
                fees=each.fees,
                ready_for=each.ready_for,
                pickup_instructions=each.pickup_instructions,
                tags=each.tags,
            )
            for each in cycle.outgoing
        ),
    )


def supplier_of(scene: Scene, variant: str) -> EnterpriseId:
    """Return whose *variant* is."""
    return next(each.supplier for each in scene.snapshot.variants.values() if each.id == variant)
