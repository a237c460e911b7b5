"""Laws of what is seen and ticked in one cycle, over small random networks (PERM-4, PERM-12)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.permissions.actions import CycleAccess, CycleAction, LineAction, OrderAccess
from ofncore.permissions.asking import list_allowed
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from permissions.small_networks import CYCLES, ENTERPRISES, PEOPLE, ROOT, networks

profiles = st.sampled_from([PRODUCT, OFN])
people = st.sampled_from(PEOPLE)
everybody = st.sampled_from((*PEOPLE, ROOT))


@given(networks(), everybody, profiles)
def test_what_may_be_ticked_may_be_seen(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-12, property 1."""
    for cycle in CYCLES:
        asked = CycleQuestions.of(actor, snapshot.order_cycles[cycle], snapshot, profile)
        for each in ENTERPRISES:
            assert asked.editable_incoming_variants(each) <= asked.visible_incoming_variants(each)
            assert asked.editable_outgoing_variants(each) <= asked.visible_outgoing_variants(each)


@given(networks(), everybody, profiles)
def test_lines_that_may_be_edited_may_be_seen(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-12, property 1; for whole orders only in the specification."""
    edited = list_allowed(actor, LineAction.EDIT, ResourceKind.ORDER_LINE, snapshot, profile)
    assert edited <= list_allowed(actor, LineAction.SEE, ResourceKind.ORDER_LINE, snapshot, profile)
    edited = list_allowed(actor, OrderAccess.EDIT, ResourceKind.ORDER, snapshot)
    assert edited <= list_allowed(actor, OrderAccess.SEE, ResourceKind.ORDER, snapshot)


@given(networks())
def test_an_administrator_sees_every_line_of_every_order_that_they_see(snapshot: Snapshot) -> None:
    """PERM-10 (`orders-kept`, `orphan-orders`): of orders without a shop and a cycle too."""
    orders = list_allowed(ROOT, OrderAccess.SEE, ResourceKind.ORDER, snapshot)
    seen = {each.key for each in list_allowed(ROOT, LineAction.SEE, ResourceKind.ORDER_LINE, snapshot)}
    assert seen == {key for key in snapshot.lines if resource(ResourceKind.ORDER, key[0]) in orders}
    assert seen == set(snapshot.lines)


@settings(max_examples=200)
@given(networks(), people, profiles)
def test_a_stranger_gets_nothing_from_a_cycle(snapshot: Snapshot, actor: Actor, profile: Profile) -> None:
    """PERM-12, property 3."""
    managed = snapshot.relations.managed_by(actor)
    for key in CYCLES:
        cycle = snapshot.order_cycles[key]
        parts = {cycle.coordinator, *(each.supplier for each in cycle.incoming)}
        parts |= {each.distributor for each in cycle.outgoing}
        lists = (*(each.variants for each in cycle.incoming), *(each.variants for each in cycle.outgoing))
        carried = {each for variants in lists for each in variants}
        owners = {snapshot.variants[each].supplier for each in carried}
        if managed & (parts | owners):
            continue
        asked = CycleQuestions.of(actor, cycle, snapshot, profile)
        assert not asked.visible_enterprises() | asked.visible_suppliers() | asked.visible_distributors()
        for action in CycleAction:
            listed = list_allowed(actor, action, _kind(action), snapshot, profile, within=_within(action, key))
            assert not any(each.key[0] == key for each in listed)


def _kind(action: CycleAction) -> ResourceKind:
    if "incoming" in action or "receival" in action:
        return ResourceKind.INCOMING
    return ResourceKind.OUTGOING if "outgoing" in action else ResourceKind.ORDER_CYCLE


def _within(action: CycleAction, cycle: str) -> tuple[str, ...]:
    return () if _kind(action) is ResourceKind.ORDER_CYCLE else (cycle,)


@given(networks(), everybody, profiles)
def test_who_sees_an_exchange_is_told_of_by_the_enterprises_in_it(
    snapshot: Snapshot, actor: Actor, profile: Profile
) -> None:
    """What the questions answer is what checking through the rules answers."""
    for key in CYCLES:
        asked = CycleQuestions.of(actor, snapshot.order_cycles[key], snapshot, profile)
        found = list_allowed(
            actor, CycleAccess.SEE_ENTERPRISE, ResourceKind.CYCLE_ENTERPRISE, snapshot, profile, within=(key,)
        )
        assert {each.key[1] for each in found} == asked.visible_enterprises()
        assert asked.supplier_candidates() <= asked.visible_enterprises()
        assert asked.distributor_candidates() <= asked.visible_enterprises()
