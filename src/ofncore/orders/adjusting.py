"""Setting amounts on a placed order by hand.

Source:
    FEE-8 (manual adjustments), FEE-10 (a voucher is not computed anew for them), ORD-6, ORD-O24.
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ofncore.fees.manual import with_adjustment, without_adjustment
from ofncore.fees.terms import PricingTerms
from ofncore.kernel import exact_numbers
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import AdjustmentId, TaxCategoryId, joined_id
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.kernel.texts import LONGEST_ID, LONGEST_REMARK, text_problems
from ofncore.model.event import OrderAdjusted
from ofncore.model.order import ManualAdjustment, Order
from ofncore.orders.change_access import staff_problems
from ofncore.orders.changing import occasion_of
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import order_size_problems, size_problems
from ofncore.permissions.actions import OrderAction


@attrs.frozen(kw_only=True)
class RequestedAdjustment:
    """An amount to be set on an order by hand."""

    #: Chosen by the caller, unique on the order: the same key always means the same adjustment.
    key: str
    #: What the customer reads.
    label: str
    #: Below zero for less to pay; zero sets nothing, and takes off what was set under the key.
    amount: Money = attrs.field(validator=exact_numbers.money)
    #: What it is taxed by; None for no tax.
    tax_category: TaxCategoryId | None = None


def plan_adjustment(
    order: Order, adjustment: RequestedAdjustment, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide an *adjustment* of *order*, for staff, until it is shipped; one with its key is replaced.

    Zero sets nothing: what was set under the key is taken off. An adjustment is taxed by its own category, at the rates
    by which the order is taxed. What a voucher takes off stays as it is.
    Whether there is such a tax category is for the caller to check.

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found.
    """
    problems = (
        *staff_problems(order, OrderAction.ADJUST, facts, actor=actor),
        *_adjustment_problems(order, adjustment),
    )
    if problems:
        return Refusal(problems)
    adjusted = _adjusted(order, adjustment, facts.tariff_of(order).terms)
    too_much = refusal_of(order_size_problems("$.amount", adjusted))
    return too_much or _plan(order, adjusted, actor=actor, now=now)


def plan_adjustment_removal(
    order: Order, key: str, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide that *order* is without the adjustment of this *key*, for staff, until it is shipped.

    Returns:
        The plan; one without events changes nothing, because there is none. Or a refusal.
    """
    refused = refusal_of(staff_problems(order, OrderAction.ADJUST, facts, actor=actor))
    if refused is not None:
        return refused
    left = without_adjustment(order, adjustment_id(key), facts.tariff_of(order).terms)
    return _plan(order, left, actor=actor, now=now)


def adjustment_id(key: str) -> AdjustmentId:
    """Return the id of the adjustment that a caller knows by *key*."""
    return AdjustmentId(joined_id(key))


def _adjusted(order: Order, adjustment: RequestedAdjustment, terms: PricingTerms) -> Order:
    key = adjustment_id(adjustment.key)
    if not adjustment.amount:
        return without_adjustment(order, key, terms)
    manual = ManualAdjustment(
        id=key, label=adjustment.label, amount=adjustment.amount, tax_category=adjustment.tax_category
    )
    return with_adjustment(order, manual, terms)


def _adjustment_problems(order: Order, adjustment: RequestedAdjustment) -> Iterator[Problem]:
    yield from text_problems("$.key", adjustment.key, 1, LONGEST_ID)
    yield from text_problems("$.label", adjustment.label, 1, LONGEST_REMARK)
    amount = adjustment.amount
    if amount.currency != order.currency:
        yield problem(Code.WRONG_CURRENCY, "$.amount", found=amount.currency, expected=order.currency)
    yield from size_problems("$.amount", amount)


def _plan(before: Order, after: Order, *, actor: Actor, now: datetime) -> OrderPlan:
    if after.adjustments == before.adjustments:
        return OrderPlan(order=before)
    occasion = occasion_of(before, now)
    event = OrderAdjusted(order=before.id, total=after.total, actor=actor, at=now, occasion=occasion)
    return OrderPlan(order=after, events=(event,))
