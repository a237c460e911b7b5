"""Applying a voucher to a placed order, and taking it off.

Source:
    FEE-10, ORD-6.
"""

from datetime import datetime

from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.actors import Actor
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import OrderDiscounted
from ofncore.model.order import Order
from ofncore.model.voucher import Voucher
from ofncore.orders.change_access import access_problems
from ofncore.orders.changing import occasion_of
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.plan import OrderPlan
from ofncore.orders.vouchers import voucher_problem
from ofncore.permissions.actions import OrderAction


def plan_voucher(
    order: Order,
    voucher: Voucher | None,
    facts: ChangingFacts,
    *,
    actor: Actor,
    now: datetime,
    pending_credit: Money | None = None,
) -> OrderPlan | Refusal:
    """Decide that *order* has this *voucher* in place of any other; with None, that it has none.

    Staff may do so until it is shipped, customers while the cycle is open, if the shop lets them change orders. The
    shop must accept the voucher. *pending_credit* is money it owes the customer already, in the order's currency.

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found.
    """
    shop = facts.offer.terms.distributor
    refused = None if voucher is None else voucher_problem(voucher, voucher.code, shop)
    problems = (
        *access_problems(order, OrderAction.CHANGE, facts, actor=actor, now=now),
        *(() if refused is None else (refused,)),
    )
    if problems:
        return Refusal(problems)
    changed = with_voucher(order, voucher, facts.offer.terms.profile, pending_credit=pending_credit)
    if changed.discounts == order.discounts:
        return OrderPlan(order=order)
    event = OrderDiscounted(
        order=order.id,
        code="" if voucher is None else voucher.code,
        total=changed.total,
        actor=actor,
        at=now,
        occasion=occasion_of(order, now),
    )
    return OrderPlan(order=changed, events=(event,))
