"""Requests for new cycles: all or nothing, and told apart (PERM-G3, PERM-G4, PERM-G6)."""

from datetime import timedelta, timezone

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycles.guide_world import bring, facts, sell
from cycles.random_edits import edits
from ofncore.cycles.creating import CreationPlan, plan_request
from ofncore.cycles.edits import UNCHANGED, CycleEdit
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import CycleCreated
from ofncore.testing.worlds import CLOSES, NOW, OPENS, incoming
from permissions.actors import AMELIE, OLGA

NAMED = CycleEdit(name="Week twelve", orders_open_at=OPENS, orders_close_at=CLOSES)


def wanted(content: CycleEdit = NAMED, *, coordinator: str = "hub", key: str = "new") -> CycleRequest:
    """Return a request."""
    return CycleRequest(key=key, coordinator=EnterpriseId(coordinator), content=content)


def plan(request: CycleRequest, actor: Actor = AMELIE) -> CreationPlan | Refusal:
    """Plan the cycle."""
    return plan_request(request, facts(), actor=actor, now=NOW)


def both(*content: CycleEdit) -> CycleEdit:
    """Return all that is named in one content."""
    parts = [(each.incoming, each.outgoing) for each in content]
    return attrs.evolve(
        NAMED,
        incoming=tuple(entry for one, _ in parts for entry in one),
        outgoing=tuple(entry for _, one in parts for entry in one),
    )


def test_a_new_cycle_has_the_key_as_its_id_and_its_making_is_told() -> None:
    """PERM-G6."""
    request = wanted(both(bring("farm", "eggs"), sell("hub", "eggs", ready_for="Friday")))
    found = plan(request)
    assert isinstance(found, CreationPlan)
    cycle = found.cycle
    assert (cycle.id, cycle.name, cycle.coordinator, cycle.version) == ("new", "Week twelve", "hub", 0)
    assert (cycle.orders_open_at, cycle.orders_close_at) == (OPENS, CLOSES)
    assert cycle.incoming == (incoming("farm", "eggs"),)
    assert [(each.distributor, each.variants, each.ready_for) for each in cycle.outgoing] == [
        ("hub", ("eggs",), "Friday")
    ]
    assert found.events == (CycleCreated(order_cycle=cycle.id, actor=AMELIE, at=NOW, request=request.fingerprint),)


def test_a_producer_shop_makes_a_cycle_with_itself_alone() -> None:
    """PERM-G3: the simple form."""
    own = plan(wanted(both(bring("shed", "jam"), sell("shed", "jam")), coordinator="shed"), OLGA)
    assert isinstance(own, CreationPlan)
    assert [each.supplier for each in own.cycle.incoming] == ["shed"]
    assert [each.distributor for each in own.cycle.outgoing] == ["shed"]
    mixed = plan(wanted(both(bring("farm", "eggs"), sell("hub", "eggs")), coordinator="shed"), OLGA)
    assert isinstance(mixed, Refusal)
    told = {(each.path, each.code) for each in mixed.problems}
    assert {("$.incoming[farm]", Code.NOT_A_HUB), ("$.outgoing[hub]", Code.NOT_A_HUB)} <= told


@pytest.mark.parametrize(
    ("actor", "request_", "path", "code"),
    [
        (OLGA, wanted(coordinator="club"), "$.coordinator", Code.CANNOT_COORDINATE),
        (OLGA, wanted(coordinator="hub"), "$.coordinator", Code.NEEDS_MANAGER),
        (AMELIE, wanted(CycleEdit()), "$.name", Code.NAME_BLANK),
        (AMELIE, wanted(both(bring("orchard", "apples"))), "$.incoming[orchard]", Code.NEEDS_GRANT),
        (AMELIE, wanted(both(bring("farm", "cheese"))), "$.incoming[farm].variants[cheese]", Code.NOT_OF_SUPPLIER),
        (AMELIE, wanted(both(sell("hub", "eggs"))), "$.outgoing[hub].variants[eggs]", Code.VARIANT_NOT_INCOMING),
        (AMELIE, wanted(key=""), "$.key", Code.BAD_LENGTH),
        (AMELIE, wanted(key="x" * 256), "$.key", Code.BAD_LENGTH),
        (AMELIE, wanted(key="a\0"), "$.key", Code.BAD_TEXT),
    ],
)
def test_one_part_that_cannot_be_keeps_the_whole_from_being_made(
    actor: Actor, request_: CycleRequest, path: str, code: Code
) -> None:
    """PERM-G3, PERM-G4, PERM-G8, PERM-G13: with the path of what is wrong."""
    found = plan(request_, actor)
    assert isinstance(found, Refusal)
    assert (path, code) in [(each.path, each.code) for each in found.problems]


@given(edits(), edits())
def test_two_requests_have_the_same_fingerprint_if_they_are_the_same(one: CycleEdit, other: CycleEdit) -> None:
    assert (wanted(one).fingerprint == wanted(other).fingerprint) == (one == other)


@given(st.integers(-12, 12))
def test_a_time_zone_makes_no_other_request(hours: int) -> None:
    there = timezone(timedelta(hours=hours))
    moved = attrs.evolve(NAMED, orders_open_at=OPENS.astimezone(there), orders_close_at=CLOSES.astimezone(there))
    assert wanted(moved).fingerprint == wanted().fingerprint


def test_every_part_of_a_request_counts() -> None:
    several = [
        wanted(),
        wanted(key="other"),
        wanted(coordinator="market"),
        wanted(attrs.evolve(NAMED, name="Other")),
        wanted(attrs.evolve(NAMED, orders_open_at=None)),
        wanted(CycleEdit(name="Week twelve")),
        wanted(both(bring("farm"))),
        wanted(both(bring("farm", "eggs"))),
        wanted(both(sell("hub", "eggs"))),
        wanted(both(sell("hub", "eggs", ready_for=str(UNCHANGED)))),
    ]
    assert len({each.fingerprint for each in several}) == len(several)
