"""What an edit may be made of, and what is a mistake of the caller."""

from typing import Any

import attrs
import pytest

from cycles.guide_world import ALL, dropped, edited, facts, sell
from ofncore.cycles.changes import Change
from ofncore.cycles.editing import CycleEditPlan, apply_edit, plan_edit
from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, ScheduleId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.permissions.relations import Relations
from ofncore.testing.worlds import NOW, enterprise, incoming, outgoing, variant
from permissions.actors import AMELIE, BERTA, CYCLE, DAIRY, FARM, HUB, MARKET, MONA, ORCHARD, PAUL, ROOT, USERS, grant

KINDS: dict[type, dict[str, Any]] = {
    IncomingEdit: {"supplier": FARM},
    OutgoingEdit: {"distributor": HUB},
    CycleEdit: {},
    CycleRequest: {"key": "k", "coordinator": HUB, "content": CycleEdit()},
}
FIELDS = [(kind, field.name) for kind in KINDS for field in attrs.fields(kind)]
COLLECTIONS = {"variants", "fees", "tags", "coordinator_fees", "schedules", "removed_suppliers", "removed_distributors"}
DATES = {"orders_open_at", "orders_close_at"}


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda each: getattr(each, "__name__", each))
@pytest.mark.parametrize("value", [5, b"eggs", {"eggs": 1}, ["eggs", 5]], ids=repr)
def test_a_field_of_another_type_is_a_mistake_that_names_it(kind: type, field: str, value: object) -> None:
    if field in DATES:
        with pytest.raises(ValueError, match="an instant"):
            kind(**KINDS[kind] | {field: value})
    else:
        with pytest.raises(TypeError, match=field):
            kind(**KINDS[kind] | {field: value})


@pytest.mark.parametrize(("kind", "field"), [each for each in FIELDS if each[1] not in DATES])
def test_nothing_but_a_date_can_be_none(kind: type, field: str) -> None:
    with pytest.raises(TypeError, match=f"{field} must be"):
        kind(**KINDS[kind] | {field: None})


@pytest.mark.parametrize(
    ("kind", "field"), [each for each in FIELDS if each[1] in COLLECTIONS | {"incoming", "outgoing"}]
)
def test_one_text_is_no_list_of_its_letters(kind: type, field: str) -> None:
    with pytest.raises(TypeError, match=f"{field} must be a collection"):
        kind(**KINDS[kind] | {field: "eggs-6"})


def test_any_collection_will_do() -> None:
    eggs, weekly = VariantId("eggs"), ScheduleId("weekly")
    listed = CycleEdit(outgoing=[OutgoingEdit(distributor=HUB, variants=[eggs])], schedules=[weekly, weekly])
    assert listed.outgoing == (OutgoingEdit(distributor=HUB, variants=(eggs,)),)
    assert (listed.schedules, listed.incoming) == (frozenset({weekly}), ())
    assert listed.coordinator_fees is UNCHANGED


# ---------------------------------------------------------------- who leaves


@pytest.mark.parametrize("field", ["removed_suppliers", "removed_distributors"])
def test_to_remove_an_enterprise_that_there_is_not_refuses_the_whole_edit(field: str) -> None:
    """PERM-5.3."""
    wanted = CycleEdit(name="New", **{field: (EnterpriseId("nix"),)})  # type: ignore[arg-type] # by name
    for decide in (apply_edit, plan_edit):
        found = decide(CYCLE, wanted, facts(), actor=AMELIE, now=NOW)
        assert isinstance(found, Refusal)
        assert [(each.path, each.code) for each in found.problems] == [(f"$.{field}[nix]", Code.UNKNOWN_RECORD)]


@pytest.mark.parametrize("coordinator", [AMELIE, ROOT], ids=str)
def test_who_takes_no_part_is_gone_already(coordinator: Actor) -> None:
    """Also from the wrong side of the cycle; and nobody says that the hub is none."""
    wanted = CycleEdit(name="New", removed_suppliers=(MARKET, ORCHARD), removed_distributors=(DAIRY,))
    found = edited(coordinator, wanted)
    assert (found.applied, found.dropped) == (("$.name",), ())


def test_who_is_removed_and_named_begins_anew_and_the_same_edit_again_changes_nothing() -> None:
    wanted = CycleEdit(outgoing=sell("hub", "eggs").outgoing, removed_distributors=(HUB,))
    grants = (grant(FARM, HUB),)
    once = edited(AMELIE, wanted, grants)
    part = once.cycle.outgoing_to(HUB)
    assert part is not None
    assert (part.variants, part.ready_for, part.fees) == (("eggs",), "", ())
    again = edited(AMELIE, wanted, grants, cycle=once.cycle)
    assert (again.cycle, again.dropped) == (once.cycle, once.dropped)


def test_who_begins_anew_keeps_its_place() -> None:
    """So that the same edit again changes nothing, also where somebody joined after it."""
    grants = (grant(FARM, HUB), grant(ORCHARD, HUB), grant(MARKET, HUB))
    wanted = CycleEdit(
        removed_suppliers=(FARM,),
        removed_distributors=(HUB,),
        incoming=(IncomingEdit(supplier=FARM, variants=(VariantId("eggs"),)), IncomingEdit(supplier=ORCHARD)),
        outgoing=(OutgoingEdit(distributor=HUB, variants=(VariantId("eggs"),)),),
    )
    once = edited(AMELIE, wanted, grants)
    assert [each.supplier for each in once.cycle.incoming] == [FARM, DAIRY, ORCHARD]
    assert [each.distributor for each in once.cycle.outgoing] == [HUB, MARKET]
    again = edited(AMELIE, wanted, grants, cycle=once.cycle)
    assert (again.cycle, again.plan.events) == (once.cycle, ())


# ---------------------------------------------------------------- whom the actor does not see

_OF_HIDDEN: list[dict[str, Any]] = [
    {},
    {"variants": ()},
    {"variants": ("cheese",)},
    {"variants": ("eggs",)},
    {"variants": ("nope",)},
    {"fees": ()},
    {"fees": ("nope",)},
]


@pytest.mark.parametrize("more", _OF_HIDDEN, ids=str)
def test_an_entry_for_who_is_not_seen_is_told_as_if_it_took_no_part(more: dict[str, Any]) -> None:
    """PERM-5.3 step 7, PERM-G16: not even to guess right what it brings or sells tells that it takes part."""
    for wanted, hidden in (
        (CycleEdit(incoming=(IncomingEdit(supplier=DAIRY, **more),)), {"incoming": CYCLE.incoming[:1]}),
        (CycleEdit(outgoing=(OutgoingEdit(distributor=MARKET, **more),)), {"outgoing": CYCLE.outgoing[:1]}),
    ):
        actor = PAUL if wanted.incoming else BERTA
        found, without = edited(actor, wanted), edited(actor, wanted, cycle=attrs.evolve(CYCLE, **hidden))
        assert (found.cycle, found.dropped) == (CYCLE, without.dropped)
        assert found.dropped
        assert isinstance(plan_edit(CYCLE, wanted, facts(), actor=actor, now=NOW), Refusal)


def test_goods_that_leave_the_list_of_who_is_not_seen_are_not_told() -> None:
    """Nor by asking for them there; `club` brings what `stall` sells, and is no producer, who would see that."""
    cycle = attrs.evolve(
        CYCLE,
        incoming=(*CYCLE.incoming, incoming("club", "wine")),
        outgoing=(*CYCLE.outgoing, outgoing("stall", "wine")),
    )
    without = attrs.evolve(cycle, outgoing=CYCLE.outgoing)
    goods = {**facts().variants, VariantId("wine"): variant("wine", supplier="club")}
    wanted = CycleEdit(
        incoming=(IncomingEdit(supplier=EnterpriseId("club"), variants=()),),
        outgoing=(OutgoingEdit(distributor=EnterpriseId("stall"), variants=(VariantId("wine"),)),),
    )
    told = []
    for each in (cycle, without):
        found = apply_edit(each, wanted, attrs.evolve(_OF_SOMEBODY, variants=goods), actor=MONA, now=NOW)
        assert not isinstance(found, Refusal)
        assert found.cycle.incoming[-1].variants == ()
        told.append(found.dropped)
    assert told[0] == told[1]


_CLUB = enterprise("club", owner="mona", order_code_prefix="CLB")
_OF_SOMEBODY = attrs.evolve(
    facts(),
    relations=Relations.of(users=USERS, enterprises=[_CLUB if each.id == "club" else each for each in ALL], grants=()),
)


# ---------------------------------------------------------------- what leaves with somebody


def test_goods_asked_for_in_a_list_that_leave_with_their_supplier_are_told() -> None:
    """PERM-5.3 step 10, PERM-12: the supplier is not in the whole list, so nobody brings them after this edit."""
    old, new = VariantId("eggs"), VariantId("cheese")
    cycle = attrs.evolve(CYCLE, outgoing=(attrs.evolve(CYCLE.outgoing[1], variants=(old,)),))
    wanted = CycleEdit(
        whole_incoming=True,
        incoming=(IncomingEdit(supplier=FARM),),
        outgoing=(OutgoingEdit(distributor=MARKET, variants=(old, new)),),
    )
    grants = (grant(FARM, HUB), grant(DAIRY, MARKET), grant(FARM, MARKET))
    found = edited(AMELIE, wanted, grants, cycle=cycle)
    assert found.applied == ("$.incoming[dairy]",)
    assert dropped(found) == [("$.outgoing[market].variants[cheese]", Code.VARIANT_NOT_INCOMING)]
    assert found.plan.cascaded == ()
    refused = plan_edit(cycle, wanted, facts(grants), actor=AMELIE, now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.problems == found.dropped


def test_a_plan_tells_what_is_different_as_an_outcome_does() -> None:
    plan = plan_edit(CYCLE, CycleEdit(name="New"), facts(), actor=AMELIE, now=NOW)
    assert isinstance(plan, CycleEditPlan)
    assert (plan.changes, plan.applied) == ((Change("$.name"),), ("$.name",))


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_texts_that_cannot_be_kept_are_left_out_and_told(text: str) -> None:
    wanted = CycleEdit(
        incoming=(IncomingEdit(supplier=FARM, receival_instructions=text),),
        outgoing=(OutgoingEdit(distributor=HUB, ready_for=text, pickup_instructions=text, tags=("ok", text)),),
    )
    found = edited(AMELIE, wanted)
    assert found.cycle == CYCLE
    assert dropped(found) == [
        ("$.incoming[farm].receival_instructions", Code.BAD_TEXT),
        ("$.outgoing[hub].ready_for", Code.BAD_TEXT),
        ("$.outgoing[hub].pickup_instructions", Code.BAD_TEXT),
        ("$.outgoing[hub].tags", Code.BAD_TEXT),
    ]
    assert Code.BAD_TEXT not in {code for _, code in dropped(edited(PAUL, wanted))}
