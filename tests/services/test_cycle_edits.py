"""Edits of cycles through the front door: what is loaded for them, and edits as far as they are allowed (PERM-5)."""

from collections.abc import Callable
from typing import Any

import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import OFN, PRODUCT
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import NOW, enterprise, grant, payment_method, producer, shipping_method
from services.scenes import AMELIE, CYCLE, EGGS, HUB, PAUL, STRANGER, scene, why

FARM, STALL = EnterpriseId("farm"), EnterpriseId("stall")
JOIN = CycleEdit(outgoing=(OutgoingEdit(distributor=STALL),))
PATH = "$.outgoing[stall]"


def world(**more: Any) -> State:  # noqa: ANN401 - parts of a state
    """Return the small world with a stall that granted the hub and sells."""
    stall = enterprise("stall", order_code_prefix="STL")
    known = (producer("dairy", owner="berta"), producer("farm"), enterprise("hub"), stall)
    grants = (grant(), grant("stall-to-hub", grantor="stall"), grant("dairy-to-hub", grantor="dairy"))
    return scene(enterprises=known, grants=grants, **more)


def stored(network: FoodNetwork, key: OrderCycleId = CYCLE) -> OrderCycle:
    """Return the cycle as it is stored."""
    return next(each for each in network.worlds.export().order_cycles if each.id == key)


Load = Callable[[State], FoodNetwork]


def test_a_distributor_without_methods_cannot_join(network_of: Load) -> None:
    """PERM-G12, PERM-10 `readiness`: with every reason."""
    network = network_of(world())
    found = network.cycles.edit(CYCLE, JOIN, actor=AMELIE, now=NOW)
    assert why(found) == [(PATH, Code.NO_PAYMENT_METHOD), (PATH, Code.NO_SHIPPING_METHOD)]
    assert stored(network).outgoing_to(STALL) is None


def test_a_distributor_with_its_methods_joins(network_of: Load) -> None:
    """PERM-G11."""
    both = (HUB, STALL)
    methods = {
        "payment_methods": (payment_method("card"), payment_method("cash", distributors=both)),
        "shipping_methods": (shipping_method(distributors=both),),
    }
    network = network_of(world(**methods))
    assert isinstance(network.cycles.edit(CYCLE, JOIN, actor=AMELIE, now=NOW), CycleEditPlan)
    assert stored(network).outgoing_to(STALL) is not None


def test_a_distributor_that_is_there_already_is_edited_without_methods(network_of: Load) -> None:
    """PERM-10 `readiness`: already selected ones stay."""
    network = network_of(world(payment_methods=(payment_method("card", active=False), payment_method("cash"))))
    soon = CycleEdit(outgoing=(OutgoingEdit(distributor=HUB, ready_for="Soon"),))
    assert isinstance(network.cycles.edit(CYCLE, soon, actor=AMELIE, now=NOW), CycleEditPlan)


def test_an_edit_as_far_as_it_is_allowed_is_stored_and_the_rest_is_told(network_of: Load) -> None:
    """PERM-12: an edit never silently loses anything."""
    network = network_of(world())
    before = stored(network)
    mixed = CycleEdit(name="Mine", incoming=(IncomingEdit(supplier=FARM, variants=(EGGS,)),))
    found = network.cycles.edit_as_allowed(CYCLE, mixed, actor=PAUL, now=NOW)
    assert isinstance(found, EditOutcome)
    assert [(each.path, each.code) for each in found.dropped] == [("$.name", Code.NEEDS_MANAGER)]
    after = stored(network)
    assert found.cycle == after
    assert (after.name, after.version) == (before.name, before.version + 1)
    supply = after.incoming_from(FARM)
    assert supply is not None
    assert supply.variants == (EGGS,)
    assert [each.kind for each in network.worlds.export().events] == ["cycle_edited"]


def test_an_edit_of_which_nothing_is_allowed_stores_nothing(network_of: Load) -> None:
    network = network_of(world())
    before = network.worlds.export()
    found = network.cycles.edit_as_allowed(CYCLE, CycleEdit(name="Mine"), actor=PAUL, now=NOW)
    assert isinstance(found, EditOutcome)
    assert found.applied == ()
    assert network.worlds.export() == before


def test_a_stranger_and_a_cycle_that_there_is_not_are_refused(network_of: Load) -> None:
    network = network_of(world(users=scene().users))
    rename = CycleEdit(name="Mine")
    nobody = network.cycles.edit_as_allowed(CYCLE, rename, actor=AMELIE.user("anna"), now=NOW)
    assert isinstance(nobody, Refusal)
    assert nobody.codes == {Code.NEEDS_MANAGER}
    never = network.cycles.edit_as_allowed(OrderCycleId("never"), rename, actor=STRANGER, now=NOW)
    assert never == Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id="never")


@pytest.mark.parametrize(("profile", "may"), [(PRODUCT, False), (OFN, True)], ids=["product", "ofn"])
def test_the_service_edits_by_the_profile_of_its_network(profile: Any, may: bool) -> None:  # noqa: ANN401, FBT001 - columns
    """PERM-10 `readiness`, `cycle-attributes`."""
    network = make_network(unit_of_work=MemoryStorage(), profile=profile)
    assert network.worlds.load(world()) is None
    assert isinstance(network.cycles.edit(CYCLE, JOIN, actor=AMELIE, now=NOW), CycleEditPlan) == may
    fees = CycleEdit(coordinator_fees=())
    assert isinstance(network.cycles.edit(CYCLE, fees, actor=PAUL, now=NOW), CycleEditPlan) == may
