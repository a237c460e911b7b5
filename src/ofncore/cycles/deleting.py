"""Deleting an order cycle in which nothing was ordered.

Source:
    CYC-12, CYC-14.12, PERM-8, PERM-G37.
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import CycleDeleted
from ofncore.permissions.actions import CycleAccess
from ofncore.permissions.asking import check
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True)
class DeletingFacts:
    """What is known when a cycle is to be deleted."""

    relations: Relations
    #: How many orders and proxy orders are of the cycle, whatever became of them.
    orders: int
    #: Names of the schedules that hold it.
    schedules: tuple[str, ...]


def plan_deletion(
    cycle: OrderCycle, facts: DeletingFacts, *, actor: Actor, now: datetime, profile: Profile = PRODUCT
) -> CycleDeleted | Refusal:
    """Decide whether *actor* deletes *cycle*, with its exchanges and choices.

    Returns:
        What then became true; or a refusal: the actor does not manage the coordinator, and for those who do every
        other reason: orders were made in it (`CYCLE_HAS_ORDERS`), a schedule holds it (`CYCLE_SCHEDULED`).
    """
    snapshot = Snapshot.around(facts.relations, order_cycles=(cycle,))
    decision = check(actor, CycleAccess.MANAGE, resource(ResourceKind.ORDER_CYCLE, cycle.id), snapshot, profile)
    # Only who may delete learns what stands against it.
    problems = decision.problems or tuple(_held_by(facts))
    return Refusal(problems) if problems else CycleDeleted(order_cycle=cycle.id, actor=actor, at=now)


def _held_by(facts: DeletingFacts) -> Iterator[Problem]:
    if facts.orders:
        yield problem(Code.CYCLE_HAS_ORDERS, orders=facts.orders)
    if facts.schedules:
        yield problem(Code.CYCLE_SCHEDULED, schedules=facts.schedules)
