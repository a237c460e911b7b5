"""What happened to a cycle before it was deleted still names it, and nothing else does (CYC-12)."""

from typing import Any

import pytest

from formats.samples import Place, edited, problems, state_data
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId
from ofncore.model.event import CycleClosed, CycleCreated, CycleDeleted, CycleOpened
from ofncore.model.world import State
from ofncore.testing.worlds import CLOSES, NOW, OPENS, small_state

GONE = OrderCycleId("gone")
HISTORY = (
    CycleCreated(order_cycle=GONE, at=NOW, request="a1"),
    CycleOpened(order_cycle=GONE, at=OPENS),
    CycleClosed(order_cycle=GONE, at=CLOSES),
    CycleCreated(order_cycle=OrderCycleId("week-10"), at=CLOSES, copied_from=GONE),
    CycleDeleted(order_cycle=GONE, at=CLOSES),
)
DELETED: dict[str, Any] = {"kind": "cycle_deleted", "at": "2026-03-05T12:00:00Z", "order_cycle": "gone"}


def with_deleted(*edits: tuple[Place, object]) -> Any:  # noqa: ANN401 - parsed data
    """Return the busy state in which a cycle was deleted, with *edits*."""
    data = state_data()
    return edited(data, (("events", len(data["events"])), DELETED), *edits)


def test_the_history_of_a_deleted_cycle_is_read_back() -> None:
    state = small_state(events=tuple(sorted(HISTORY, key=lambda each: each.id)))
    assert read_state(write_state(state)) == state


@pytest.mark.parametrize("event", HISTORY[:-1], ids=lambda each: each.kind)
def test_a_history_without_its_deletion_names_a_cycle_that_there_is_not(event: CycleCreated) -> None:
    found = problems(read_state(write_state(small_state(events=(event,)))))
    assert {each.code for each in found} == {Code.UNKNOWN_REFERENCE}


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (("orders", 0, "order_cycle"), "$.orders[0].order_cycle"),
        (("schedules", 0, "order_cycles", 0), "$.schedules[0].order_cycles[0]"),
    ],
)
def test_nothing_that_is_still_there_names_it(place: Place, path: str) -> None:
    found = problems(read_state(with_deleted((place, "gone"))))
    assert [(each.code, each.path, dict(each.parameters)) for each in found] == [
        (Code.UNKNOWN_REFERENCE, path, {"id": "gone", "list": "$.order_cycles"})
    ]


def test_no_proxy_order_names_it() -> None:
    """Nor the order that it would be of."""
    places: tuple[Place, ...] = (("proxy_orders", 0, "order_cycle"), ("orders", 1, "order_cycle"))
    edits = ((place, "gone") for place in places)
    found = problems(read_state(with_deleted(*edits, (("proxy_orders", 0, "id"), "anna-weekly/gone"))))
    assert {(each.code, each.path) for each in found} >= {
        (Code.UNKNOWN_REFERENCE, "$.proxy_orders[0].order_cycle"),
        (Code.UNKNOWN_REFERENCE, "$.orders[1].order_cycle"),
    }


@pytest.mark.parametrize("event", [5, {}, {"kind": "cycle_deleted"}, DELETED | {"order_cycle": 5}], ids=str)
def test_a_broken_deletion_deletes_nothing(event: object) -> None:
    data = state_data()
    broken = edited(data, (("events", len(data["events"])), event), (("orders", 0, "order_cycle"), "gone"))
    found = problems(read_state(broken))
    assert (Code.UNKNOWN_REFERENCE, "$.orders[0].order_cycle") in {(each.code, each.path) for each in found}


def test_an_id_that_is_in_use_again_may_be_named() -> None:
    cycle = state_data()["order_cycles"][0]
    again = with_deleted((("order_cycles", 1), cycle | {"id": "gone"}), (("orders", 0, "order_cycle"), "gone"))
    assert isinstance(read_state(again), State)
