"""What an edit came to, in words (PERM-12)."""

from typing import Any

import attrs
import pytest
from hypothesis import given

from cycles.guide_world import GRANTED, VARIANTS, bring, edited, facts, sell
from cycles.random_edits import Scene, actors, edits, scenes
from ofncore.cycles.changes import changes_between
from ofncore.cycles.edit_words import LONGEST_LIST, EditNames, edit_text, named_in
from ofncore.cycles.editing import EditOutcome, apply_edit, plan_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES, has_text
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, PaymentMethodId, ScheduleId, ShippingMethodId, VariantId
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.methods import ShopPaymentMethod, ShopShippingMethod
from ofncore.permissions.actions import CycleAction
from ofncore.testing.worlds import NOW
from permissions.actors import AMELIE, BERTA, CYCLE, DAIRY, ENTERPRISES, FARM, HUB, MARKET, MONA, PAUL, grant

#: Berta sees the market, which sells nothing of hers.
SEEN_BY_BERTA = (*GRANTED, grant(DAIRY, MARKET))
NAMES = EditNames(
    enterprises={each.id: each.name for each in ENTERPRISES},
    variants={key: f"{each.product.capitalize()} 1 kg" for key, each in VARIANTS.items()},
    fees={"hub-fee": "Admin", "market-fee": "Stand"},
    schedules={"weekly": "Every Friday"},
)


def words(told: EditOutcome | Refusal, locale: str = "en") -> list[str]:
    """Return the lines."""
    return edit_text(told, NAMES, locale).splitlines()


def left(*problems: Any) -> EditOutcome:  # noqa: ANN401 - problems
    """Return an outcome of which nothing but *problems* came."""
    nothing = edited(AMELIE, CycleEdit())
    return attrs.evolve(nothing, dropped=problems)


def test_what_came_and_went_is_named_place_by_place() -> None:
    wanted = CycleEdit(
        name="Week eleven",
        coordinator_fees=(FeeId("hub-fee"),),
        incoming=bring("farm", "carrots", "leeks").incoming,
        outgoing=(OutgoingEdit(distributor=MARKET, tags=("pro",)),),
        removed_suppliers=(EnterpriseId("dairy"),),
    )
    assert words(edited(AMELIE, wanted)) == [
        "Changed:",
        "- Name",
        "- Tags of “Market”",
        "- Fees of the coordinator, added: “Admin”",
        "- Incoming products of “Farm”, added: “Leeks 1 kg”",
        "- Fees of the coordinator, taken out: “admin-fee”",
        "- Suppliers, taken out: “Dairy”",
        "- Incoming products of “Farm”, taken out: “Eggs 1 kg”",
        "- List of “Hub”, taken out: “Cheese 1 kg” and “Eggs 1 kg”",
        "- List of “Market”, taken out: “Eggs 1 kg”",
    ]


def test_a_reason_stands_once_above_all_that_it_stands_for() -> None:
    found = edited(PAUL, sell("hub", "cheese"), (*GRANTED, grant(HUB, MARKET)))
    assert words(found) == [
        "Nothing changes.",
        "Left as it was:",
        "To change what a distributor sells, one must manage “Hub”. Ask one of its managers.",
        "- List of “Hub”: “Cheese 1 kg”",
        "“Hub” has not given “Farm” the permission “add to order cycle”. Ask a manager of “Hub” to give it.",
        "- List of “Hub”: “Carrots 1 kg” and “Eggs 1 kg”",
    ]


def test_what_was_done_and_may_not_be_meant_comes_last() -> None:
    """PERM-10 `own-fees`: a fee of somebody who has no part in the cycle."""
    remark = problem(Code.FEE_OF_OUTSIDER, "$.coordinator_fees", fee="fruit-fee", enterprise="Orchard")
    done = edited(AMELIE, CycleEdit(name="Week eleven"))
    assert words(attrs.evolve(done, plan=attrs.evolve(done.plan, remarks=(remark,)))) == [
        "Changed:",
        "- Name",
        "To be checked:",
        (
            "The fee “fruit-fee” belongs to an enterprise that has no part in this order cycle: “Orchard”. "
            "Check that it is meant."
        ),
        "- Fees of the coordinator",
    ]


def test_one_reason_can_stand_for_several_places() -> None:
    found = edited(MONA, CycleEdit(name="Mine", orders_close_at=None))
    assert words(found)[2:] == [words(found)[2], "- Name", "- Closing of orders"]


def test_reasons_that_speak_of_single_things_are_gathered_too() -> None:
    """The thing is named below the reason, not in it."""
    found = edited(AMELIE, bring("farm", "carrots", "eggs", "cheese", "apples", "gold", "tin"))
    assert words(found)[2:] == [
        "Not a product of “Farm”. Only its own products can be added or taken out here.",
        "- Incoming products of “Farm”: “Cheese 1 kg” and “Apples 1 kg”",
        "There is no such product variant. Check the id.",
        "- Incoming products of “Farm”: “gold” and “tin”",
    ]


def test_who_may_not_touch_a_list_is_told_so_once_for_the_list() -> None:
    """Not once for each variant of it."""
    found = edited(MONA, bring("farm", *VARIANTS))
    assert [each.path for each in found.dropped] == ["$.incoming[farm].variants"]
    found = edited(BERTA, sell("market"), SEEN_BY_BERTA)
    assert [each.path for each in found.dropped] == ["$.outgoing[market].variants"]
    assert words(found)[-1] == "- List of “Market”"


def test_the_list_that_stands_already_is_nothing_that_was_left_out() -> None:
    assert edited(BERTA, sell("market", "eggs"), SEEN_BY_BERTA).dropped == ()


@pytest.mark.parametrize(
    ("many", "shown", "last"),
    [
        (LONGEST_LIST, LONGEST_LIST, "“v9”"),
        (LONGEST_LIST + 1, LONGEST_LIST + 1, "“v10”"),
        (LONGEST_LIST + 2, LONGEST_LIST, "2 more"),
        (111, LONGEST_LIST, "101 more"),
    ],
)
def test_a_long_list_is_cut(many: int, shown: int, last: str) -> None:
    paths = [f"$.outgoing[hub].variants[v{number}]" for number in range(many)]
    line = words(left(*(problem(Code.VARIANT_NOT_INCOMING, path, variant="v") for path in paths)))[-1]
    assert line.count("“v") == shown
    assert line.endswith(f"and {last}")


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("fr", ["- Liste de «\u00a0Market\u00a0», retrait\u00a0: «\u00a0Eggs 1 kg\u00a0»", "- Nom"]),
        ("ca", ["- Llista de «Market», tret: «Eggs 1 kg»", "- Nom"]),
        ("es", ["- Lista de «Market», quitado: «Eggs 1 kg»", "- Nombre"]),
        ("de", ["- Liste von „Market“, entfernt: „Eggs 1 kg“", "- Name"]),
    ],
)
def test_names_have_the_quotation_marks_of_the_language(locale: str, lines: list[str]) -> None:
    found = words(edited(MONA, attrs.evolve(sell("market"), name="Mine")), locale)
    assert [found[1], found[-1]] == lines


def test_a_refusal_of_the_whole_says_that_nothing_changes() -> None:
    """Also one that is about no single place."""
    wanted = CycleEdit(name="Mine", incoming=bring("farm", "eggs").incoming)
    refused = plan_edit(CYCLE, wanted, facts(), actor=PAUL, now=NOW)
    assert isinstance(refused, Refusal)
    assert words(refused)[:2] == ["Nothing changes.", "Left as it was:"]
    assert words(refused)[-1] == "- Name"
    whole = Refusal.of(Code.NEEDS_MANAGER, action=CycleAction.EDIT_ATTRIBUTES, enterprises=("Hub", "Farm"))
    assert [line for line in words(whole) if line.startswith("- ")] == []
    assert "“Hub” and “Farm”" in words(whole)[-1]


def test_the_ids_that_need_names_are_told() -> None:
    found = left(
        problem(Code.UNKNOWN_RECORD, "$.schedules[weekly]", kind="schedule", id="weekly"),
        problem(Code.UNKNOWN_RECORD, "$.outgoing[market].fees[market-fee]", kind="fee", id="market-fee"),
        problem(Code.UNKNOWN_RECORD, '$.incoming[farm].variants["12"]', kind="variant", id="12"),
        problem(Code.NOT_A_HUB, "$.removed_suppliers[dairy]", enterprise="Hub"),
    )
    ids = named_in(found)
    assert ids.enterprises == {"market", "farm", "dairy"}
    assert ids.variants == {"12"}
    assert ids.fees == {"market-fee"}
    assert ids.schedules == {"weekly"}
    assert "- Schedules: “Every Friday”" in words(found)
    assert "- Fees on the list of “Market”: “Stand”" in words(found)


def test_a_method_goes_by_its_shop_and_its_name() -> None:
    """CYC-9: a choice is of a method in a shop."""
    chosen = attrs.evolve(
        CYCLE,
        payment_methods=(ShopPaymentMethod(HUB, PaymentMethodId("card")),),
        shipping_methods=(ShopShippingMethod(MARKET, ShippingMethodId("van")),),
    )
    nothing = edited(AMELIE, CycleEdit())
    found = attrs.evolve(nothing, plan=attrs.evolve(nothing.plan, changes=changes_between(CYCLE, chosen)))
    names = attrs.evolve(NAMES, payment_methods={"card": "By card"})
    assert edit_text(found, names, "en").splitlines()[1:] == [
        "- Payment methods of “Hub”, added: “By card”",
        "- Shipping methods of “Market”, added: “van”",
    ]
    ids = named_in(found)
    assert ids.enterprises == {"hub", "market"}
    assert ids.payment_methods == {"card"}
    assert ids.shipping_methods == {"van"}


def test_every_place_of_a_cycle_has_its_words() -> None:
    """A new field of an edit needs some too."""
    asked = [field.name for field in attrs.fields(CycleEdit) if not field.name.startswith("whole_")]
    kept = [field.name for field in attrs.fields(OrderCycle)]
    parts = [
        *(f"incoming.{field.name}" for kind in (IncomingEdit, IncomingExchange) for field in attrs.fields(kind)),
        *(f"outgoing.{field.name}" for kind in (OutgoingEdit, OutgoingExchange) for field in attrs.fields(kind)),
    ]
    never = {"id", "coordinator", "version", "opened_at", "closed_at", "producers_notified_at", "settled_at"}
    never |= {"incoming.supplier", "outgoing.distributor"}
    assert [name for name in {*asked, *kept, *parts} - never if not has_text(f"edit.place.{name}")] == []


@given(scenes(), edits(), actors())
def test_every_change_and_every_problem_is_told_in_every_language(scene: Scene, edit: CycleEdit, actor: Actor) -> None:
    """With every value in its place, and the names in reach."""
    found = apply_edit(scene.cycle, edit, scene.facts, actor=actor, now=NOW)
    for language in LANGUAGES:
        lines = edit_text(found, EditNames(), language).splitlines()
        assert not [line for line in lines if "{" in line or "edit." in line or "$" in line]
        assert all(line == line.strip() for line in lines)
    if isinstance(found, EditOutcome):
        assert found.changes == changes_between(scene.cycle, found.cycle)
        assert bool(found.dropped) == ("Left as it was:" in words(found))
        assert bool(found.changes) == (words(found)[0] == "Changed:")


def test_names_do_not_break_lines() -> None:
    """ORD-T3: names are hostile."""
    nasty = EditNames(enterprises={FARM: "Farm\n- Name"}, variants={VariantId("eggs"): "{place}"})
    found = edited(AMELIE, bring("farm", "carrots"))
    lines = edit_text(found, nasty, "en").splitlines()
    assert "- Incoming products of “Farm - Name”, taken out: “{place}”" in lines


def test_a_schedule_is_a_thing_like_any_other() -> None:
    unknown = edited(AMELIE, CycleEdit(schedules=frozenset({ScheduleId("never")})))
    assert words(unknown)[2:] == [
        "There is no such schedule. Check the id.",
        "- Schedules: “never”",
    ]
