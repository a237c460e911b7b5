"""What came of an edit, in words: for the host, and for the actor who made it (PERM-12)."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from ofncore.cycles.editing import CycleEditPlan, EditOutcome
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.cycles.method_choice import WantedMethods
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, PaymentMethodId, ScheduleId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Sells
from ofncore.model.methods import ShopPaymentMethod
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import (
    NOW,
    enterprise,
    fee,
    grant,
    incoming,
    order_cycle,
    outgoing,
    producer,
    shipping_method,
)
from services.scenes import AMELIE, CARROTS, CHEESE, CYCLE, EGGS, HUB, PAUL, STRANGER, scene, why

Load = Callable[[State], FoodNetwork]
#: Owned by paul; it sees neither the stall nor the dairy.
FARM = EnterpriseId("farm")


def world(*, sells_as_producer: bool = False) -> State:
    """Return the small world with a stall that sells the farm's eggs too: a producer sees who carries its goods."""
    stall = attrs.evolve(enterprise("stall", owner="berta", order_code_prefix="STA"), name="Secret stall")
    farm = attrs.evolve(producer("farm", owner="paul"), is_producer=sells_as_producer, sells=Sells.NONE)
    return scene(
        enterprises=(producer("dairy", owner="berta"), farm, enterprise("hub"), stall),
        grants=(grant(), grant("dairy-to-hub", grantor="dairy"), grant("stall-to-hub", grantor="stall")),
        order_cycles=(order_cycle(outgoing=(outgoing("hub", "carrots", "cheese", "eggs"), outgoing("stall", "eggs"))),),
        shipping_methods=(shipping_method(distributors=(HUB, EnterpriseId("stall"))),),
    )


def edit(network: FoodNetwork, wanted: CycleEdit, actor: Actor = PAUL) -> Any:  # noqa: ANN401 - an outcome or a refusal
    """Edit as far as *actor* may."""
    return network.cycles.edit_as_allowed(CYCLE, wanted, actor=actor, now=NOW)


def told(network: FoodNetwork, wanted: CycleEdit, actor: Actor = PAUL, locale: str = "en") -> str:
    """Return what *actor* is told of the edit."""
    found = edit(network, wanted, actor)
    return network.cycles.edit_text(found, locale, actor=actor, order_cycle=CYCLE)


def test_the_host_is_told_of_every_list_and_the_actor_of_those_they_see(network_of: Load) -> None:
    network = network_of(world())
    found = edit(network, CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=()),)))
    assert isinstance(found, EditOutcome)
    assert "Secret stall" in network.cycles.edit_text(found, "en")
    for locale in LANGUAGES:
        lines = network.cycles.edit_text(found, locale, actor=PAUL).splitlines()
        assert len(lines) == 4
        assert "Secret" not in "".join(lines)
    assert network.cycles.edit_text(found, "en", actor=PAUL).splitlines() == [
        "Changed:",
        "- Incoming products of “Farm”, taken out: “Carrots” and “Eggs”",
        "- List of “Hub”, taken out: “Carrots” and “Eggs”",
        "- More, in places that you do not see",
    ]


@pytest.mark.parametrize(
    "wish",
    [
        lambda key: CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=(CARROTS, EGGS, key)),)),
        lambda key: CycleEdit(outgoing=(OutgoingEdit(distributor=HUB, variants=(EGGS, key)),)),
    ],
)
def test_what_the_actor_does_not_see_is_to_them_as_what_there_is_not(
    network_of: Load, wish: Callable[[VariantId], CycleEdit]
) -> None:
    network = network_of(world())
    hidden, missing = told(network, wish(CHEESE)), told(network, wish(VariantId("nope")))
    assert hidden.replace("cheese", "nope") == missing


def test_a_hidden_participant_is_told_of_as_a_missing_one(network_of: Load) -> None:
    """But for what else was done: who names one that there is not is refused as a whole."""
    network = network_of(world())
    for field in ("removed_suppliers", "removed_distributors"):
        stall, nope = (CycleEdit(**{field: (EnterpriseId(key),)}) for key in ("stall", "nope"))  # type: ignore[arg-type] # by name
        hidden = told(network, stall)
        assert hidden.replace("stall", "nope") == told(network, nope)
        assert "There is no such enterprise" in hidden
    joining = told(network, CycleEdit(outgoing=(OutgoingEdit(distributor=EnterpriseId("dairy")),)))
    assert joining.replace("dairy", "nope") == told(
        network, CycleEdit(outgoing=(OutgoingEdit(distributor=EnterpriseId("nope")),))
    )


def test_the_actors_text_of_a_choice_of_methods_names_the_shop(network_of: Load) -> None:
    network = network_of(world())
    wanted = WantedMethods(payment_methods=(ShopPaymentMethod(HUB, PaymentMethodId("cash")),))
    found = network.cycles.choose_methods(CYCLE, wanted, actor=STRANGER, now=NOW)
    lines = network.cycles.edit_text(found, "en", actor=STRANGER).splitlines()
    assert lines[-1] == "- Payment methods of “Hub”: “Cash”"


def test_who_is_seen_in_the_cycle_alone_is_named_where_the_cycle_is_known(network_of: Load) -> None:
    """PERM-4: a producer sees who carries its goods there."""
    network = network_of(world(sells_as_producer=True))
    wanted = CycleEdit(outgoing=(OutgoingEdit(distributor=EnterpriseId("stall"), variants=()),))
    outcome = edit(network, wanted)
    assert "- List of “Secret stall”: “Eggs”" in network.cycles.edit_text(outcome, "en", actor=PAUL).splitlines()
    refusal = network.cycles.edit(CYCLE, wanted, actor=PAUL, now=NOW)
    assert isinstance(refusal, Refusal)
    assert "Secret stall" in network.cycles.edit_text(refusal, "en", actor=PAUL, order_cycle=CYCLE)
    assert "Secret stall" not in network.cycles.edit_text(refusal, "en", actor=PAUL)


@pytest.mark.parametrize("field", ["removed_suppliers", "removed_distributors"])
def test_the_coordinator_is_told_who_left_though_nothing_is_granted_any_more(network_of: Load, field: str) -> None:
    """PERM-4: it saw them, for they took part; their names are told only to who still sees them."""
    key, place = {
        "removed_suppliers": ("dairy", "Suppliers"),
        "removed_distributors": ("stall", "Distributors"),
    }[field]
    state = world()
    network = network_of(attrs.evolve(state, grants=tuple(each for each in state.grants if each.grantor != key)))
    found = edit(network, CycleEdit(**{field: (EnterpriseId(key),)}), AMELIE)  # type: ignore[arg-type] # by name
    text = network.cycles.edit_text(found, "en", actor=AMELIE)
    assert f"- {place}, taken out: “{key}”" in text.splitlines()
    assert "Secret" not in text
    assert "do not see" not in text


def test_a_coordinator_that_is_no_hub_is_not_told_whose_lists_changed(network_of: Load) -> None:
    """PERM-G3, PERM-4: it sees nobody but itself, before the edit and after it."""
    state = world()
    hub = attrs.evolve(next(each for each in state.enterprises if each.id == HUB), sells=Sells.NONE)
    network = network_of(
        attrs.evolve(
            state,
            enterprises=tuple(hub if each.id == HUB else each for each in state.enterprises),
            grants=(),
            variants=tuple(attrs.evolve(each, supplier=HUB) if each.id == EGGS else each for each in state.variants),
            order_cycles=(order_cycle(incoming=(incoming("hub", "eggs"),), outgoing=(outgoing("stall", "eggs"),)),),
        )
    )
    found = edit(network, CycleEdit(incoming=(IncomingEdit(supplier=HUB, variants=()),)), AMELIE)
    assert network.cycles.edit_text(found, "en", actor=AMELIE).splitlines() == [
        "Changed:",
        "- Incoming products of “Hub”, taken out: “Eggs”",
        "- More, in places that you do not see",
    ]


def test_a_producer_is_told_of_the_list_that_its_goods_left(network_of: Load) -> None:
    """PERM-4, L4: it saw the shop for carrying them."""
    network = network_of(world(sells_as_producer=True))
    found = edit(network, CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=()),)))
    lines = network.cycles.edit_text(found, "en", actor=PAUL).splitlines()
    assert "- List of “stall”, taken out: “Eggs”" in lines
    assert "- More, in places that you do not see" not in lines


def test_the_coordinator_is_told_of_the_fee_of_a_stranger_but_not_whose_it_is(network_of: Load) -> None:
    """PERM-10 `own-fees`: it is on the cycle now, and to be checked."""
    state = world()
    strange = attrs.evolve(enterprise("strange", owner="berta", order_code_prefix="STR"), name="Secret stranger")
    network = network_of(
        attrs.evolve(
            state,
            enterprises=(*state.enterprises, strange),
            fees=(*state.fees, fee("strange-fee", enterprise="strange", name="Secret fee")),
        )
    )
    before = state.order_cycles[0].coordinator_fees
    found = edit(network, CycleEdit(coordinator_fees=(*before, FeeId("strange-fee"))), AMELIE)
    assert found.remarks
    text = network.cycles.edit_text(found, "en", actor=AMELIE)
    assert "“strange-fee”" in text.splitlines()[1]
    assert "belongs to an enterprise that has no part in this order cycle" in text
    assert "Secret" not in text
    assert "There is no such" not in text


def test_a_plan_and_a_refusal_have_words_too(network_of: Load) -> None:
    network = network_of(world())
    plan = network.cycles.edit(CYCLE, CycleEdit(name="New"), actor=AMELIE, now=NOW)
    assert isinstance(plan, CycleEditPlan)
    assert network.cycles.edit_text(plan, "en").splitlines() == ["Changed:", "- Name"]
    refused = network.cycles.edit(CYCLE, CycleEdit(name="New"), actor=PAUL, now=NOW)
    assert isinstance(refused, Refusal)
    assert network.cycles.edit_text(refused, "en").splitlines()[0] == "Nothing changes."


def test_goods_of_the_same_name_are_told_apart(network_of: Load) -> None:
    state = world()
    same = tuple(attrs.evolve(each, name="", product=state.variants[0].product) for each in state.variants)
    network = network_of(attrs.evolve(state, variants=same))
    found = edit(network, CycleEdit(incoming=(IncomingEdit(supplier=FARM, variants=()),)), AMELIE)
    line = network.cycles.edit_text(found, "en").splitlines()[1]
    assert line.endswith("taken out: “Carrots (carrots)” and “Carrots (eggs)”")


# ---------------------------------------------------------------- what it is given


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda cycles: cycles.edit(CYCLE, {"name": "x"}, actor=AMELIE, now=NOW), "edit"),
        (lambda cycles: cycles.edit(CYCLE, CycleEdit(), actor="joe", now=NOW), "actor"),
        (lambda cycles: cycles.edit(None, CycleEdit(), actor=AMELIE, now=NOW), "order_cycle"),
        (lambda cycles: cycles.edit_as_allowed(CYCLE, None, actor=AMELIE, now=NOW), "edit"),
        (lambda cycles: cycles.edit_as_allowed(CYCLE, CycleEdit(), actor=None, now=NOW), "actor"),
        (lambda cycles: cycles.choose_methods(CYCLE, ["cash"], actor=AMELIE, now=NOW), "wanted"),
        (lambda cycles: cycles.choose_methods(CYCLE, WantedMethods(), actor="joe", now=NOW), "actor"),
        (lambda cycles: cycles.create(CycleEdit(), actor=AMELIE, now=NOW), "request"),
        (lambda cycles: cycles.delete(CYCLE, actor="joe", now=NOW), "actor"),
        (lambda cycles: cycles.notify_producers(5, actor=AMELIE, now=NOW), "order_cycle"),
        (lambda cycles: cycles.edit_text(None, "en"), "told"),
        (lambda cycles: cycles.edit_text(Refusal.of(Code.NAME_BLANK), None), "locale"),
        (lambda cycles: cycles.edit_text(Refusal.of(Code.NAME_BLANK), "en", actor="joe"), "actor"),
    ],
)
def test_an_argument_of_another_type_is_a_mistake_that_names_it(call: Callable[[Any], object], name: str) -> None:
    network = make_network()
    assert network.worlds.load(world()) is None
    with pytest.raises(TypeError, match=rf"^{name} must be"):
        call(network.cycles)


def test_ids_that_no_storage_takes_are_those_of_nothing(network_of: Load) -> None:
    network = network_of(world())
    odd = "\ud800"
    unknown = network.cycles.edit(OrderCycleId(odd), CycleEdit(), actor=AMELIE, now=NOW)
    assert why(unknown) == [("$", Code.UNKNOWN_RECORD)]
    wanted = CycleEdit(
        coordinator_fees=(FeeId(odd),),
        schedules=(ScheduleId(odd),),
        incoming=(IncomingEdit(supplier=FARM, variants=(CARROTS, EGGS, VariantId(odd))),),
        outgoing=(OutgoingEdit(distributor=HUB, variants=(CARROTS, CHEESE, EGGS, VariantId("a\x00")), tags=(odd,)),),
    )
    found = edit(network, wanted, AMELIE)
    assert {each.code for each in found.dropped} == {Code.UNKNOWN_RECORD, Code.BAD_TEXT}
    assert len(found.dropped) == 5
    for actor in (None, AMELIE):
        assert "Left as it was:" in network.cycles.edit_text(found, "en", actor=actor)


def test_a_distributor_that_is_removed_and_named_joins_with_its_methods(network_of: Load) -> None:
    network = network_of(scene())
    wanted = CycleEdit(removed_distributors=(HUB,), outgoing=(OutgoingEdit(distributor=HUB, variants=(EGGS,)),))
    once = edit(network, wanted, AMELIE)
    assert once.dropped == ()
    assert once.cycle.outgoing_to(HUB).variants == (EGGS,)
    assert edit(network, wanted, AMELIE).applied == ()
