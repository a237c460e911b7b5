"""Payment and shipping methods of a cycle, chosen through the front door (PERM-5.4, PERM-G35, CYC-9)."""

from collections.abc import Callable
from typing import Any

import pytest

from ofncore.cycles.editing import EditOutcome
from ofncore.cycles.kept_choice import WantedMethods
from ofncore.cycles.method_choice import ShopMethod
from ofncore.kernel.catalogue import LANGUAGES, render_problem
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, PaymentMethodId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.testing.worlds import (
    NOW,
    enterprise,
    grant,
    order_cycle,
    outgoing,
    payment_method,
    producer,
    shipping_method,
)
from services.scenes import AMELIE, BUYERS, CYCLE, EGGS, HUB, PAUL, STRANGER, request, scene, why

Load = Callable[[State], FoodNetwork]
STALL = EnterpriseId("stall")
CASH, CARD = ShopMethod(HUB, "cash"), ShopMethod(HUB, "card")
TILL, SHARED_HUB, SHARED_STALL = ShopMethod(STALL, "till"), ShopMethod(HUB, "shared"), ShopMethod(STALL, "shared")
PICK_UP, ROUND = ShopMethod(HUB, "pickup"), ShopMethod(HUB, "round")


def world() -> State:
    """Return the small world, where a stall sells too; `shared` is a method of both shops."""
    stall = enterprise("stall", owner="berta", order_code_prefix="STL")
    return scene(
        enterprises=(producer("dairy", owner="paul"), producer("farm"), enterprise("hub"), stall),
        grants=(grant(), grant("dairy-to-hub", grantor="dairy"), grant("stall-to-hub", grantor="stall")),
        order_cycles=(order_cycle(outgoing=(outgoing("hub", "carrots", "cheese", "eggs"), outgoing("stall", "eggs"))),),
        payment_methods=(
            payment_method("card"),
            payment_method("cash"),
            payment_method("shared", distributors=(HUB, STALL)),
            payment_method("till", distributors=(STALL,)),
        ),
        shipping_methods=(shipping_method(), shipping_method("round")),
    )


def pays(*methods: ShopMethod) -> WantedMethods:
    """Return the wish for these payment methods."""
    return WantedMethods(payment_methods=frozenset(methods))


def stored(network: FoodNetwork) -> OrderCycle:
    """Return the cycle as it is stored."""
    [cycle] = network.worlds.export().order_cycles
    return cycle


def choose(network: FoodNetwork, wanted: WantedMethods, actor: Any = AMELIE) -> EditOutcome:  # noqa: ANN401 - an actor
    """Choose methods, which is not refused."""
    found = network.cycles.choose_methods(CYCLE, wanted, actor=actor, now=NOW)
    assert isinstance(found, EditOutcome), found
    return found


def test_a_choice_is_stored_with_its_event_and_orders_keep_to_it(network_of: Load) -> None:
    """PERM-G35: by default all."""
    network = network_of(world())
    order = network.orders.take(request((EGGS, 1), key="before"), actor=BUYERS["anna"], now=NOW)
    assert isinstance(order, Order)
    found = choose(network, WantedMethods(payment_methods=frozenset({CARD}), shipping_methods=frozenset({ROUND})))
    assert found.cycle == stored(network)
    assert (found.cycle.payment_methods, found.cycle.shipping_methods) == (("card",), ("round",))
    assert found.applied == ("$.payment_methods", "$.shipping_methods")
    assert [each.kind for each in network.worlds.export().events].count("cycle_edited") == 1
    refused = network.orders.take(request((EGGS, 1), key="after"), actor=BUYERS["anna"], now=NOW)
    assert {code for _, code in why(refused)} == {Code.METHOD_NOT_OFFERED}
    assert network.orders.get(order.id) == order


def test_the_same_choice_again_stores_nothing(network_of: Load) -> None:
    network = network_of(world())
    choose(network, pays(CARD))
    before = network.worlds.export()
    assert choose(network, pays(CARD)).applied == ()
    assert network.worlds.export() == before


def test_a_distributor_chooses_for_its_own_shop_and_is_told_of_the_rest(network_of: Load) -> None:
    """PERM-5.4: an edit never silently loses anything."""
    network = network_of(world())
    choose(network, pays(CARD))
    found = choose(network, pays(CASH, TILL), STRANGER)
    assert stored(network).payment_methods == ("card", "till")
    [left] = found.dropped
    assert (left.path, left.code) == ("$.payment_methods", Code.NEEDS_MANAGER)
    assert len({render_problem(left, language) for language in LANGUAGES}) == len(LANGUAGES)


def test_a_shared_method_is_not_chosen_for_a_shop_of_others(network_of: Load) -> None:
    """CYC-9.3: a choice for one shop never narrows another; a cycle cannot keep this one, so it is refused."""
    network = network_of(world())
    before = network.worlds.export()
    found = network.cycles.choose_methods(CYCLE, pays(SHARED_STALL), actor=STRANGER, now=NOW)
    assert isinstance(found, Refusal)
    [shared] = found.problems
    assert (shared.path, shared.code) == ("$.payment_methods", Code.METHOD_SHARED)
    assert dict(shared.parameters) == {"method": "shared", "distributors": ("Hub",)}
    assert network.worlds.export() == before
    assert choose(network, pays(SHARED_HUB, SHARED_STALL)).cycle.payment_methods == ("shared",)


@pytest.mark.parametrize("key", [CYCLE, OrderCycleId("never")])
def test_a_stranger_and_a_cycle_that_there_is_not_are_refused(network_of: Load, key: OrderCycleId) -> None:
    network = network_of(world())
    before = network.worlds.export()
    found = network.cycles.choose_methods(key, pays(CARD), actor=BUYERS["anna"], now=NOW)
    assert why(found) == [("$", Code.NEEDS_MANAGER if key == CYCLE else Code.UNKNOWN_RECORD)]
    assert network.worlds.export() == before


def test_a_supplier_sees_the_cycle_and_chooses_nothing(network_of: Load) -> None:
    """PERM-G35."""
    network = network_of(world())
    before = network.worlds.export()
    found = choose(network, pays(CARD, SHARED_HUB, SHARED_STALL), PAUL)
    assert {each.code for each in found.dropped} == {Code.NEEDS_MANAGER}
    assert network.worlds.export() == before


def test_the_choice_says_what_payments_there_are(network_of: Load) -> None:
    network = network_of(world())
    choose(network, pays(CARD))
    wanted = request((EGGS, 1), payment_method=PaymentMethodId("card"))
    assert isinstance(network.orders.take(wanted, actor=BUYERS["anna"], now=NOW), Order)
