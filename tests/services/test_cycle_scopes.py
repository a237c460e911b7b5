"""What one actor may change in a cycle: dates, names, fees, texts, tags, participants."""

from pathlib import Path

import pytest

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.enterprise import Sells
from ofncore.permissions.actions import CycleAccess, CycleAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.cycle_summary import CycleForm
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import enterprise, producer
from services.scenes import AMELIE, CYCLE, HUB, PAUL, STRANGER, Scene, scene

FARM = EnterpriseId("farm")


def test_the_coordinator_may_change_everything(shop: Scene) -> None:
    """PERM-G2, PERM-G6, PERM-G7, PERM-G30."""
    found = shop.network.permissions.cycle_scope(AMELIE, CYCLE)
    assert set(found.actions) == {
        CycleAccess.SEE,
        CycleAccess.MANAGE,
        CycleAction.EDIT_ATTRIBUTES,
        CycleAction.EDIT_COORDINATOR_FEES,
        CycleAction.EDIT_PARTICIPANTS,
        CycleAction.NOTIFY_PRODUCERS,
    }
    assert {each.participant: set(each.actions) for each in found.outgoing} == {
        HUB: {CycleAction.EDIT_OUTGOING_VARIANTS, CycleAction.EDIT_OUTGOING_TERMS, CycleAccess.CHOOSE_METHODS}
    }


def test_a_supplier_changes_its_goods_and_its_fees_and_nothing_beyond(shop: Scene) -> None:
    """PERM-G17, PERM-G18, PERM-G21, PERM-G24, PERM-G32."""
    found = shop.network.permissions.cycle_scope(PAUL, CYCLE)
    assert found.actions == (CycleAccess.SEE,)
    assert [(each.participant, set(each.actions)) for each in found.incoming] == [
        (FARM, {CycleAction.EDIT_INCOMING_VARIANTS, CycleAction.EDIT_INCOMING_FEES})
    ]
    assert [each.actions for each in found.outgoing] == [()]


def test_a_buyer_has_no_part_in_it(shop: Scene) -> None:
    found = shop.network.permissions.cycle_scope(Actor.user("anna"), CYCLE)
    assert (found.actions, found.incoming, found.outgoing, found.enterprises) == ((), (), (), ())


def test_what_may_be_done_is_what_each_check_says(shop: Scene) -> None:
    """PERM-12: one rule for the summary and for the single question."""
    snapshot = Snapshot.of_world(shop.state)
    for actor in (AMELIE, PAUL, STRANGER, Actor.user("anna"), Actor.user("root")):
        asker = Asker(actor, snapshot)
        found = shop.network.permissions.cycle_scope(actor, CYCLE)
        parts = [
            (ResourceKind.ORDER_CYCLE, (CYCLE,), found.actions),
            *((ResourceKind.INCOMING, (CYCLE, each.participant), each.actions) for each in found.incoming),
            *((ResourceKind.OUTGOING, (CYCLE, each.participant), each.actions) for each in found.outgoing),
        ]
        for kind, key, actions in parts:
            asked = {action for of, action in RULES if of is kind} - {CycleAccess.LIST, CycleAccess.SEE_EXCHANGE}
            assert set(actions) == {each for each in asked if asker.may(each, resource(kind, *key))}


@pytest.mark.parametrize(("sells", "form"), [(Sells.ANY, CycleForm.FULL), (Sells.OWN, CycleForm.SIMPLE)])
def test_who_is_no_hub_gets_the_simple_form(tmp_path: Path, sells: Sells, form: CycleForm) -> None:
    """PERM-G3."""
    shops = (producer("dairy", owner="berta"), producer("farm"), enterprise("hub", sells=sells))
    shop = Scene.of(scene(enterprises=shops), tmp_path)
    assert shop.network.permissions.cycle_scope(AMELIE, CYCLE).form is form
