"""Forms, which name everybody who is to take part, and what they mean by leaving things out (PERM-5.3, PERM-10)."""

import attrs
import pytest

from cycles.guide_world import bring, edited, facts, sell
from ofncore.cycles.editing import EditOutcome, apply_edit
from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit, with_whole_lists
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.testing.worlds import NOW
from permissions.actors import AMELIE, CYCLE, DAIRY, FARM, HUB, MARKET, PAUL

EMPTY: tuple[()] = ()
LOOSE_LIST = PRODUCT.switched(["absent-list"], to=OFN)
LOOSE_FIELD = PRODUCT.switched(["absent-field"], to=OFN)


def after(edit: CycleEdit, profile: Profile = PRODUCT) -> OrderCycle:
    """Return the cycle after the coordinator sent *edit*."""
    found = apply_edit(CYCLE, edit, facts(), actor=AMELIE, now=NOW, profile=profile)
    assert isinstance(found, EditOutcome)
    return found.cycle


def test_who_is_not_in_a_whole_list_leaves_with_its_goods() -> None:
    """PERM-5.3 step 10."""
    form = with_whole_lists(CycleEdit(), incoming=bring("dairy", "cheese").incoming, outgoing=UNCHANGED)
    cycle = after(form)
    assert [each.supplier for each in cycle.incoming] == [DAIRY]
    assert [(each.distributor, each.variants) for each in cycle.outgoing] == [(HUB, ("cheese",)), (MARKET, ())]


def test_an_explicit_empty_list_removes_everybody() -> None:
    """PERM-10 `absent-list`."""
    cycle = after(with_whole_lists(CycleEdit(), incoming=UNCHANGED, outgoing=EMPTY))
    assert cycle == attrs.evolve(CYCLE, outgoing=())


def test_a_list_that_is_left_out_stays_and_where_the_policy_says_so_is_emptied() -> None:
    """PERM-10 `absent-list`: unless both are left out."""
    for profile, suppliers in ((PRODUCT, [FARM, DAIRY]), (LOOSE_LIST, [])):
        form = with_whole_lists(CycleEdit(), incoming=UNCHANGED, outgoing=sell("hub").outgoing, profile=profile)
        assert [each.supplier for each in after(form, profile).incoming] == suppliers
        neither = with_whole_lists(CycleEdit(), incoming=UNCHANGED, outgoing=UNCHANGED, profile=profile)
        assert after(neither, profile) == CYCLE


def test_a_field_that_is_left_out_stays_and_where_the_policy_says_so_is_cleared() -> None:
    """PERM-10 `absent-field`, PERM-5.3 step 9: wanted missing means wanting nothing."""
    entries = (IncomingEdit(supplier=FARM), IncomingEdit(supplier=DAIRY))
    sales = (OutgoingEdit(distributor=HUB), OutgoingEdit(distributor=MARKET))
    assert after(with_whole_lists(CycleEdit(), incoming=entries, outgoing=sales)) == CYCLE
    cleared = after(with_whole_lists(CycleEdit(), incoming=entries, outgoing=sales, profile=LOOSE_FIELD), LOOSE_FIELD)
    assert [each.variants for each in cleared.incoming] == [each.variants for each in cleared.outgoing] == [(), ()]
    assert {each.ready_for for each in cleared.outgoing} == {""}


def test_a_participants_whole_list_removes_nobody() -> None:
    """PERM-G16: it names only what concerns that participant."""
    form = with_whole_lists(CycleEdit(), incoming=bring("farm", "eggs", "carrots").incoming, outgoing=EMPTY)
    found = edited(PAUL, form)
    assert {each.supplier for each in found.cycle.incoming} == {FARM, DAIRY}
    assert found.cycle.outgoing == CYCLE.outgoing
    assert found.dropped == ()


def test_a_participant_that_names_only_its_own_goods_moves_nothing_else() -> None:
    """What it may not edit stays where it is in the list, so that nothing seems to have changed."""
    found = edited(PAUL, sell("hub", "eggs", "carrots"))
    assert found.cycle == CYCLE
    assert found.applied == ()


def test_a_participant_that_may_not_edit_is_told_what_it_left_out_and_it_stays() -> None:
    found = edited(PAUL, sell("hub", "eggs"))
    assert found.cycle == CYCLE
    assert [each.path for each in found.dropped] == ["$.outgoing[hub].variants[carrots]"]


@pytest.mark.parametrize("profile", [PRODUCT, OFN], ids=lambda each: each.name)
def test_twice_the_same_enterprise_is_once_on_top_of_the_other(profile: Profile) -> None:
    """PERM-5.3 step 11."""
    twice = CycleEdit(incoming=(*bring("farm", "eggs").incoming, *bring("farm", "eggs", "leeks").incoming))
    exchange = after(twice, profile).incoming_from(FARM)
    assert exchange is not None
    assert set(exchange.variants) == {VariantId("eggs"), VariantId("leeks")}


def test_what_two_entries_ask_for_in_vain_is_told_once() -> None:
    twice = CycleEdit(incoming=2 * bring("farm", "carrots", "eggs", "cheese").incoming)
    assert [each.path for each in edited(AMELIE, twice).dropped] == ["$.incoming[farm].variants[cheese]"]


def test_what_an_earlier_entry_took_out_of_a_list_comes_back_only_with_the_grant() -> None:
    """PERM-4 L3, PERM-5.3 steps 1 and 11: what may be ticked is judged by the list as it stands at that moment."""
    there_and_back = CycleEdit(outgoing=(*sell("market").outgoing, *sell("market", "eggs").outgoing))
    found = edited(AMELIE, there_and_back)
    assert [each.variants for each in found.cycle.outgoing if each.distributor == MARKET] == [()]
    assert [each.path for each in found.dropped] == ["$.outgoing[market].variants[eggs]"]


def test_who_does_not_run_a_list_does_not_move_what_is_in_it() -> None:
    found = edited(PAUL, sell("hub", "eggs", "carrots"))
    assert (found.cycle, found.dropped) == (CYCLE, ())
    moved = edited(AMELIE, sell("hub", "eggs", "cheese", "carrots"))
    assert moved.cycle.outgoing[0].variants == ("eggs", "cheese", "carrots")
