"""What an edit of a cycle names and the actor does not know is told as if it were not there (PERM-12)."""

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.cycles.editing import EditingFacts, EditOutcome, apply_edit, plan_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, ScheduleId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.asking import Asker
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.known import may_name
from ofncore.permissions.telling.told_problems import knows_place, problems_for_actor
from ofncore.testing import worlds
from permissions.actors import AMELIE, BERTA, CYCLE, DAIRY, ENTERPRISES, FARM, NOBODY, ORCHARD, PAUL, USERS, grant
from permissions.naming import with_names
from permissions.small_networks import CYCLES, PEOPLE, networks

NOW = worlds.NOW
MISSING = "none"


def edits(cycle: OrderCycle, thing: Resource, key: str) -> Iterator[CycleEdit]:
    """Yield edits that ask for one thing, each at another place: for *key* in the place of *thing*."""
    match thing.kind:
        case ResourceKind.ENTERPRISE:
            named = EnterpriseId(key)
            yield CycleEdit(incoming=(IncomingEdit(supplier=named, variants=(VariantId("v1"),)),))
            yield CycleEdit(outgoing=(OutgoingEdit(distributor=named, ready_for="Friday"),))
            yield CycleEdit(removed_suppliers=(named,))
            yield CycleEdit(removed_distributors=(named,))
        case ResourceKind.VARIANT:
            # What is in a list already is no news to whoever keeps the list.
            for each in cycle.incoming:
                if thing.key[0] not in each.variants:
                    wanted = (*each.variants, VariantId(key))
                    yield CycleEdit(incoming=(IncomingEdit(supplier=each.supplier, variants=wanted),))
            for sale in cycle.outgoing:
                if thing.key[0] not in sale.variants:
                    wanted = (*sale.variants, VariantId(key))
                    yield CycleEdit(outgoing=(OutgoingEdit(distributor=sale.distributor, variants=wanted),))
        case ResourceKind.FEE:
            for each in cycle.incoming:
                fees = (*each.fees, FeeId(key))
                yield CycleEdit(incoming=(IncomingEdit(supplier=each.supplier, fees=fees),))
            yield CycleEdit(coordinator_fees=(*cycle.coordinator_fees, FeeId(key)))
        case _:
            yield CycleEdit(schedules=frozenset([ScheduleId(key)]))


def facts(network: Snapshot) -> EditingFacts:
    return EditingFacts(
        relations=network.relations,
        variants=network.variants,
        fees=network.fees,
        payment_methods=network.payment_methods,
        shipping_methods=network.shipping_methods,
        schedules=network.schedules,
        scheduled=network.order_cycles,
        subscriptions=network.subscriptions,
    )


def as_a_whole(edit: CycleEdit, asking: Asker, cycle: OrderCycle) -> tuple[Problem, ...] | None:
    """Return what the actor is told of *edit* where it is done as a whole or not at all; None if it is done."""
    known = facts(asking.snapshot)
    came = plan_edit(cycle, edit, known, actor=asking.actor, now=NOW, profile=asking.profile)
    about = resource(ResourceKind.ORDER_CYCLE, cycle.id)
    return problems_for_actor(came.problems, asking, about) if isinstance(came, Refusal) else None


def come_of(edit: CycleEdit, asking: Asker, cycle: OrderCycle) -> tuple[Problem, ...] | None:
    """Return what the actor is told of *edit*; None if anything of it was done."""
    known = facts(asking.snapshot)
    came = apply_edit(cycle, edit, known, actor=asking.actor, now=NOW, profile=asking.profile)
    if isinstance(came, EditOutcome) and (came.changes or not came.dropped):
        return None
    problems = came.problems if isinstance(came, Refusal) else came.dropped
    return problems_for_actor(problems, asking, resource(ResourceKind.ORDER_CYCLE, cycle.id))


def hidden(asking: Asker, cycle: OrderCycle) -> Iterator[Resource]:
    """Yield what there is and the actor may not be told of in *cycle*, where an edit can name it."""
    network, about = asking.snapshot, resource(ResourceKind.ORDER_CYCLE, cycle.id)
    records: dict[ResourceKind, Any] = {
        ResourceKind.ENTERPRISE: network.enterprises,
        ResourceKind.VARIANT: network.variants,
        ResourceKind.FEE: network.fees,
        ResourceKind.SCHEDULE: network.schedules,
    }
    things = (resource(kind, key) for kind, found in records.items() for key in found)
    return (each for each in things if not may_name(asking, each, about))


# ---------------------------------------------------------------- laws


@settings(max_examples=300, deadline=None)
@given(networks(), st.sampled_from(PEOPLE), st.sampled_from([PRODUCT, OFN]), st.sampled_from(CYCLES))
def test_hidden_and_missing_are_the_same_in_an_edit(
    network: Snapshot,
    actor: Actor,
    profile: Profile,
    key: Any,  # noqa: ANN401 - an id of a cycle
) -> None:
    """PERM-12: wherever it is named, and whatever is wrong with it; unless the rules let the actor do what they ask."""
    asking = Asker(actor, with_names(network), profile)
    cycle = network.order_cycles[key]
    for thing in hidden(asking, cycle):
        pairs = zip(edits(cycle, thing, thing.key[0]), edits(cycle, thing, MISSING), strict=True)
        for edit, twin in pairs:
            for ask in (come_of, as_a_whole):
                told, expected = ask(edit, asking, cycle), ask(twin, asking, cycle)
                if told is not None and expected is not None:
                    assert {_as_missing(each, thing.key[0]) for each in told} == set(expected)


def _as_missing(told: Problem, key: str) -> Problem:
    def other(text: str) -> str:
        return text.replace(f"[{key}]", f"[{MISSING}]") if text.startswith("$") else MISSING if text == key else text

    named = {name: other(value) if isinstance(value, str) else value for name, value in told.parameters.items()}
    return problem(told.code, other(told.path), **named)


@settings(max_examples=60, deadline=None)
@given(networks(), st.sampled_from(PEOPLE), st.sampled_from(CYCLES))
def test_a_place_is_known_if_nothing_on_the_way_is_hidden(
    network: Snapshot,
    actor: Actor,
    key: Any,  # noqa: ANN401 - an id of a cycle
) -> None:
    asking, about = Asker(actor, network), resource(ResourceKind.ORDER_CYCLE, key)
    unknown = {(each.kind, each.key[0]) for each in hidden(asking, network.order_cycles[key])}
    for enterprise in network.enterprises:
        for variant in network.variants:
            hides = {(ResourceKind.ENTERPRISE, enterprise), (ResourceKind.VARIANT, variant)} & unknown
            assert knows_place(f"$.outgoing[{enterprise}].variants[{variant}]", asking, about) == (not hides)
    assert knows_place("$.name", asking, about)


# ---------------------------------------------------------------- cases


def asker(actor: Actor) -> Asker:
    known = Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant("farm", "hub")],
        order_cycles=[CYCLE],
        variants=[worlds.variant("eggs", supplier=FARM), worlds.variant("cheese", supplier=DAIRY)],
        fees=[worlds.fee("fee", enterprise=ORCHARD)],
    )
    return Asker(actor, known)


def unknown(path: str, kind: str, key: str) -> Problem:
    return problem(Code.UNKNOWN_RECORD, path, kind=kind, id=key)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            CycleEdit(incoming=(IncomingEdit(supplier=DAIRY, variants=()),)),
            unknown("$.incoming[dairy]", "enterprise", DAIRY),
        ),
        (
            CycleEdit(outgoing=(OutgoingEdit(distributor=ORCHARD, tags=()),)),
            unknown("$.outgoing[orchard]", "enterprise", ORCHARD),
        ),
        (
            CycleEdit(removed_distributors=(ORCHARD,)),
            unknown("$.removed_distributors[orchard]", "enterprise", ORCHARD),
        ),
        (
            CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=(VariantId("eggs"), VariantId("cheese"))),)),
            unknown("$.incoming[farm].variants[cheese]", "variant", "cheese"),
        ),
        (
            CycleEdit(incoming=(IncomingEdit(supplier=FARM, fees=(FeeId("fee"),)),)),
            unknown("$.incoming[farm].fees[fee]", "fee", "fee"),
        ),
    ],
)
def test_a_supplier_who_names_what_they_do_not_see(edit: CycleEdit, expected: Problem) -> None:
    """PERM-4: the farm sees itself in the cycle and nobody it was granted nothing by."""
    assert come_of(edit, asker(PAUL), CYCLE) == (expected,)


def test_a_coordinator_who_names_a_shop_that_they_do_not_see_learns_nothing_of_it() -> None:
    """PERM-9: not that it has no methods, nor that it gave no permission."""
    edit = CycleEdit(outgoing=(OutgoingEdit(distributor=ORCHARD),))
    came = apply_edit(CYCLE, edit, facts(asker(AMELIE).snapshot), actor=AMELIE, now=NOW)
    assert isinstance(came, EditOutcome)
    assert len(came.dropped) > 1
    assert come_of(edit, asker(AMELIE), CYCLE) == (unknown("$.outgoing[orchard]", "enterprise", ORCHARD),)


def test_a_method_may_be_named_by_whoever_sees_one_of_its_shops() -> None:
    card = worlds.payment_method("card", distributors=("hub", "orchard"))
    known = attrs.evolve(asker(AMELIE).snapshot, payment_methods={card.id: card})
    thing = resource(ResourceKind.PAYMENT_METHOD, "card")
    assert may_name(Asker(BERTA, known), thing, resource(ResourceKind.ORDER_CYCLE, CYCLE.id))
    assert not may_name(Asker(NOBODY, known), thing)
    assert not may_name(Asker(AMELIE, known), resource(ResourceKind.PAYMENT_METHOD, "none"))


def test_what_is_known_keeps_its_reason() -> None:
    """PERM-4: the hub sees the dairy in its cycle; its cheese is just no product of the farm."""
    edit = CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=(VariantId("eggs"), VariantId("cheese"))),))
    came = apply_edit(CYCLE, edit, facts(asker(AMELIE).snapshot), actor=AMELIE, now=NOW)
    assert isinstance(came, EditOutcome)
    told = problems_for_actor(came.dropped, asker(AMELIE), resource(ResourceKind.ORDER_CYCLE, CYCLE.id))
    assert told == came.dropped
    assert Code.NOT_OF_SUPPLIER in {each.code for each in told}
