"""Pricing a placed order by the terms of today.

Source:
    FEE-13.16 (terms are kept until somebody reprices), FEE-14 (a reprice tells what it changes), ORD-6.
"""

from datetime import datetime

import attrs

from ofncore.fees.repricing import Repricing, reprice
from ofncore.kernel.actors import Actor
from ofncore.kernel.refusals import Refusal, refusal_of
from ofncore.model.event import OrderRepriced
from ofncore.model.order import Order
from ofncore.orders.change_access import staff_problems
from ofncore.orders.changing import occasion_of
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import order_size_problems
from ofncore.permissions.actions import OrderAction


@attrs.frozen(kw_only=True)
class RepricePlan(OrderPlan):
    """An order priced anew, and what is other on it; who stores nothing of it has seen a preview."""

    repricing: Repricing


def plan_reprice(order: Order, facts: ChangingFacts, *, actor: Actor, now: datetime) -> RepricePlan | Refusal:
    """Decide *order* by the fees, methods and tax rates of today, for staff, until it is shipped.

    Lines keep their prices, quantities and final weights, and the order its tax zone, its rounding and what was set by
    hand. Its voucher is computed again. From then on it keeps the terms of today.

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found.
    """
    refused = refusal_of(staff_problems(order, OrderAction.REPRICE, facts, actor=actor))
    if refused is not None:
        return refused
    repricing = reprice(order, facts.tariff, facts.voucher)
    too_much = refusal_of(order_size_problems("$", repricing.order))
    if too_much is not None:
        return too_much
    if repricing.order == order:
        return RepricePlan(order=order, repricing=repricing)
    event = OrderRepriced(
        order=order.id, total=repricing.order.total, actor=actor, at=now, occasion=occasion_of(order, now)
    )
    return RepricePlan(order=attrs.evolve(repricing.order, repriced_at=now), events=(event,), repricing=repricing)
