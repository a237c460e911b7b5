"""Deleting a cycle (CYC-12, CYC-14.12, PERM-G37)."""

import pytest

from ofncore.cycles.deleting import DeletingFacts, plan_deletion
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.event import CycleDeleted
from ofncore.testing.worlds import NOW
from permissions.actors import AMELIE, CYCLE, MONA, NOBODY, PAUL, ROOT, relations

ORDERS = problem(Code.CYCLE_HAS_ORDERS, orders=2)
SCHEDULED = problem(Code.CYCLE_SCHEDULED, schedules=("Weekly",))


def delete(actor: Actor = AMELIE, *, orders: int = 0, schedules: tuple[str, ...] = ()) -> CycleDeleted | Refusal:
    """Delete the cycle."""
    facts = DeletingFacts(relations=relations(), orders=orders, schedules=schedules)
    return plan_deletion(CYCLE, facts, actor=actor, now=NOW)


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_the_coordinators_managers_delete_a_cycle_in_which_nothing_happened(actor: Actor) -> None:
    """PERM-G37."""
    assert delete(actor) == CycleDeleted(order_cycle=CYCLE.id, actor=actor, at=NOW)


@pytest.mark.parametrize("actor", [PAUL, MONA, NOBODY, ENGINE], ids=str)
def test_nobody_else_deletes_it_or_learns_what_stands_against_it(actor: Actor) -> None:
    found = delete(actor, orders=2, schedules=("Weekly",))
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


@pytest.mark.parametrize(
    ("orders", "schedules", "problems"),
    [(2, (), (ORDERS,)), (0, ("Weekly",), (SCHEDULED,)), (2, ("Weekly",), (ORDERS, SCHEDULED))],
)
def test_orders_and_schedules_hold_a_cycle_and_all_of_them_are_told(
    orders: int, schedules: tuple[str, ...], problems: tuple[Problem, ...]
) -> None:
    """CYC-12."""
    assert delete(orders=orders, schedules=schedules) == Refusal(problems)
