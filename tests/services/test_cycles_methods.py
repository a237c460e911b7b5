"""Payment and shipping methods of a cycle, chosen through the front door (PERM-5.4, PERM-G35, CYC-9)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from ofncore.cycles.changes import changed_parts
from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.cycles.edits import CycleEdit, OutgoingEdit
from ofncore.cycles.method_choice import WantedMethods, ended_choices
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.catalogue import LANGUAGES, render_problem
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, PaymentMethodId, ShippingMethodId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells
from ofncore.model.methods import ShopPaymentMethod, ShopShippingMethod
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import (
    NOW,
    customer,
    enterprise,
    grant,
    order_cycle,
    outgoing,
    payment_method,
    producer,
    shipping_method,
)
from services.scenes import AMELIE, BUYERS, CYCLE, EGGS, HUB, PAUL, STRANGER, buyer, request, scene, why

Load = Callable[[State], FoodNetwork]
STALL = EnterpriseId("stall")
CASH, CARD, SHARED_HUB = (ShopPaymentMethod(HUB, PaymentMethodId(key)) for key in ("cash", "card", "shared"))
TILL, SHARED_STALL = (ShopPaymentMethod(STALL, PaymentMethodId(key)) for key in ("till", "shared"))
ROUND = ShopShippingMethod(HUB, ShippingMethodId("round"))


def world() -> State:
    """Return the small world, where a stall sells too; `shared` is a method of both shops, ``stella`` the stall's."""
    stall = enterprise("stall", owner="berta", order_code_prefix="STA")
    return scene(
        enterprises=(producer("dairy", owner="paul"), producer("farm"), enterprise("hub"), stall),
        grants=(
            grant(),
            grant("dairy-to-hub", grantor="dairy"),
            grant("stall-to-hub", grantor="stall"),
            grant("farm-to-stall", grantee="stall"),
        ),
        customers=(buyer("anna"), customer("stella", enterprise="stall")),
        order_cycles=(order_cycle(outgoing=(outgoing("hub", "carrots", "cheese", "eggs"), outgoing("stall", "eggs"))),),
        payment_methods=(
            payment_method("card"),
            payment_method("cash"),
            payment_method("shared", distributors=(HUB, STALL)),
            payment_method("till", distributors=(STALL,)),
        ),
        shipping_methods=(shipping_method(distributors=(HUB, STALL)), shipping_method("round")),
    )


def pays(*methods: ShopPaymentMethod) -> WantedMethods:
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
    assert (found.cycle.payment_methods, found.cycle.shipping_methods) == ((CARD,), (ROUND,))
    assert found.applied == ("$.payment_methods[hub][card]", "$.shipping_methods[hub][round]")
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
    assert stored(network).payment_methods == (CARD, TILL)
    [left] = found.dropped
    assert (left.path, left.code) == ("$.payment_methods[hub][cash]", Code.NEEDS_MANAGER)
    assert len({render_problem(left, language) for language in LANGUAGES}) == len(LANGUAGES)


def order_at(network: FoodNetwork, shop: EnterpriseId, method: str) -> Order | Refusal:
    """Order eggs at *shop*, to be paid by *method*."""
    who = "anna" if shop == HUB else "stella"
    place = {"key": f"{shop}-{method}-{len(network.worlds.export().orders)}", "distributor": shop}
    wanted = request((EGGS, 1), who=who, **place, payment_method=PaymentMethodId(method))
    return network.orders.take(wanted, actor=AMELIE if shop == HUB else STRANGER, now=NOW)


def payable(network: FoodNetwork, shop: EnterpriseId) -> set[str]:
    """Return by which methods an order can be taken at *shop*."""
    found = {method: order_at(network, shop, method) for method in ("card", "cash", "shared", "till")}
    refused = {code for each in found.values() if isinstance(each, Refusal) for code in each.codes}
    assert refused <= {Code.METHOD_NOT_OFFERED}
    return {method for method, each in found.items() if isinstance(each, Order)}


def test_two_shops_that_share_a_method_choose_it_each_for_itself(network_of: Load) -> None:
    """CYC-9.3: a choice in one shop never narrows another."""
    network = network_of(world())
    choose(network, pays(SHARED_STALL), STRANGER)
    assert payable(network, STALL) == {"shared"}
    assert payable(network, HUB) == {"card", "cash", "shared"}


def test_two_shops_that_share_a_method_choose_differently(network_of: Load) -> None:
    network = network_of(world())
    choose(network, pays(SHARED_HUB, CARD, TILL))
    assert payable(network, HUB) == {"shared", "card"}
    assert payable(network, STALL) == {"till"}
    choose(network, pays(SHARED_STALL), STRANGER)
    assert stored(network).payment_methods == (CARD, SHARED_HUB, SHARED_STALL)
    assert payable(network, STALL) == {"shared"}


def test_where_the_coordinator_turned_to_its_own_goods_no_choice_counts(network_of: Load) -> None:
    """PERM-5.4, CYC-9.2: nor in a shop of others that is still in the cycle."""
    known = world()
    alone = tuple(attrs.evolve(each, sells=Sells.OWN) if each.id == HUB else each for each in known.enterprises)
    [cycle] = known.order_cycles
    choosing = attrs.evolve(cycle, payment_methods=(SHARED_STALL, CARD))
    network = network_of(attrs.evolve(known, enterprises=alone, order_cycles=(choosing,)))
    assert payable(network, STALL) == {"shared", "till"}
    assert payable(network, HUB) == {"card", "cash", "shared"}


def copied(network: FoodNetwork) -> FoodNetwork:
    """Return a fresh network in memory, loaded from what *network* exports."""
    state, again = read_state(write_state(network.worlds.export())), make_network()
    assert isinstance(state, State), state
    assert again.worlds.load(state) is None
    return again


def test_a_choice_comes_through_export_and_load(network_of: Load) -> None:
    network = network_of(world())
    choose(network, pays(SHARED_STALL, CARD))
    again = copied(network)
    assert write_state(again.worlds.export()) == write_state(network.worlds.export())
    assert stored(again).payment_methods == (CARD, SHARED_STALL)


def test_the_choice_of_a_shop_that_leaves_waits_for_it_to_come_back(network_of: Load) -> None:
    """PERM-5.4: what is chosen is only ever changed by a choice."""
    network = network_of(world())
    choose(network, pays(SHARED_STALL), STRANGER)
    leave = CycleEdit(removed_distributors=(STALL,))
    come_back = CycleEdit(outgoing=(OutgoingEdit(distributor=STALL, variants=(EGGS,)),))
    for edit in (leave, come_back):
        found = network.cycles.edit(CYCLE, edit, actor=AMELIE, now=NOW)
        assert isinstance(found, CycleEditPlan), found
        assert stored(copied(network)).payment_methods == (SHARED_STALL,)
    assert payable(network, STALL) == {"shared"}


def test_a_copy_leaves_behind_what_can_no_longer_be_chosen(network_of: Load) -> None:
    """CYC-10: nothing left of a shop's choice means all of its methods."""
    known = world()
    [earlier] = known.order_cycles
    off = tuple(attrs.evolve(each, active=each.id != "till") for each in known.payment_methods)
    before = attrs.evolve(earlier, payment_methods=(CARD, TILL, SHARED_HUB), shipping_methods=(ROUND,))
    network = network_of(attrs.evolve(known, payment_methods=off, order_cycles=(before,)))
    copy = network.cycles.duplicate(
        CYCLE,
        new_id=OrderCycleId("copy"),
        name="Copy",
        orders_open_at=NOW,
        orders_close_at=NOW + timedelta(days=1),
        actor=AMELIE,
        now=NOW,
    )
    assert isinstance(copy, OrderCycle)
    assert (copy.payment_methods, copy.shipping_methods) == ((CARD, SHARED_HUB), (ROUND,))
    assert [each for each in changed_parts(before, copy) if "methods" in each] == ["$.payment_methods[stall][till]"]
    assert ended_choices(before, copy) == ("$.payment_methods[stall]",)


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
