"""Cancelling a placed order.

Source:
    ORD-5 (cancel), ORD-6, SUB-4, SUB-K9.
"""

from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import OrderCancelled
from ofncore.model.order import Order, OrderState
from ofncore.model.stock import StockCause
from ofncore.orders.change_access import access_problems
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.plan import OrderPlan
from ofncore.orders.stock import movements_between
from ofncore.permissions.actions import OrderAction


def plan_cancellation(
    order: Order, facts: ChangingFacts, *, actor: Actor, now: datetime, restock: bool = True
) -> OrderPlan | Refusal:
    """Decide the cancellation of *order*.

    Customers may cancel while the cycle is open, if the shop lets them change orders; staff until it is shipped. The
    order keeps its lines; its quantities go back to stock unless staff say that *restock* is false (SUB-K9). What was
    paid is then owed back.
    """
    problems = tuple(access_problems(order, OrderAction.CANCEL, facts, actor=actor, now=now))
    if problems:
        return Refusal(problems)
    # Whether goods can be sold again is for those to say who have them.
    restocked = restock or not facts.by_staff(actor)
    cancelled = attrs.evolve(order, state=OrderState.CANCELLED, cancelled_at=now)
    moves = (
        movements_between(order, cancelled, cause=StockCause.CANCELLED, occasion="", actor=actor, at=now)
        if restocked
        else ()
    )
    event = OrderCancelled(order=order.id, restocked=restocked, actor=actor, at=now)
    return OrderPlan(order=cancelled, movements=tuple(moves), events=(event,))
