"""Telling what the lines of a placed order really weigh, or measure.

Source:
    FEE-3 (final weight: it changes weight fees only), ORD-L6 (unit mistakes), ORD-6, ORD-O25 (suppliers), PERM-7.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import attrs

from ofncore.fees.weights import first_final_weight
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.event import OrderWeighed
from ofncore.model.order import Order
from ofncore.orders.change_access import state_problems
from ofncore.orders.changing import occasion_of
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import order_size_problems
from ofncore.permissions.actions import OrderAction

#: A weight that is so many times off what was ordered was given in another unit.
_MOST_OFF: Final = 100
#: Digits before the point, and after it, that every storage keeps.
_MOST_DIGITS: Final = 12
_MOST_DECIMALS: Final = 3


def plan_weighing(
    order: Order,
    weights: Mapping[VariantId, Decimal | int | None],
    facts: ChangingFacts,
    *,
    actor: Actor,
    now: datetime,
) -> OrderPlan | Refusal:
    """Decide the final weights of lines of *order*, until it is shipped; lines not named keep theirs.

    Staff weigh every line; a supplier's managers weigh its own, if the shop lets suppliers change orders (ORD-O25).
    Nobody else does, and no window binds those who do.

    A weight is that of the whole line, in grams, litres or pieces, as its variant is measured; None forgets it, and the
    line counts by its size again. A whole number may be an int; a float is refused. A line of no pieces weighs nothing.

    What goes by weight is computed again, fees and shipping, with taxes and voucher. Quantities and the price of the
    goods stay, and so do percentages of it, also for goods that are sold by weight (FEE-3): who wants another price for
    them sets the difference by hand (see `ofncore.orders.adjusting`).

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found; who may not weigh a line is
        told only that (`NEEDS_MANAGER`, to a supplier at the path of each line).
    """
    exact = {variant: _exact(weight) for variant, weight in weights.items()}
    refused = refusal_of(_denials(order, exact, facts, actor)) or refusal_of(_weighing_problems(order, exact, facts))
    if refused is not None:
        return refused
    weighed = [attrs.evolve(line, final_weight=exact.get(line.variant, line.final_weight)) for line in order.lines]
    variants = tuple(line.variant for line, before in zip(weighed, order.lines, strict=True) if line != before)
    if not variants:
        return OrderPlan(order=order)
    changed = facts.with_lines(order, weighed)
    too_much = refusal_of(order_size_problems("$.weights", changed))
    if too_much is not None:
        return too_much
    event = OrderWeighed(
        order=order.id,
        variants=variants,
        total=changed.total,
        actor=actor,
        at=now,
        occasion=occasion_of(order, now),
    )
    return OrderPlan(order=changed, events=(event,))


def _denials(
    order: Order, weights: Mapping[VariantId, Decimal | None], facts: ChangingFacts, actor: Actor
) -> Iterator[Problem]:
    rights = facts.rights(order, actor, OrderAction.WEIGH)
    return rights.denials({variant: f"$.weights.{variant}" for variant in weights})


def _weighing_problems(
    order: Order, weights: Mapping[VariantId, Decimal | None], facts: ChangingFacts
) -> Iterator[Problem]:
    yield from state_problems(order)
    for variant, weight in weights.items():
        yield from _weight_problems(order, variant, weight, facts)


def _weight_problems(
    order: Order, variant: VariantId, weight: Decimal | None, facts: ChangingFacts
) -> Iterator[Problem]:
    path, line = f"$.weights.{variant}", order.line_of(variant)
    if line is None:
        yield problem(Code.NO_SUCH_LINE, path, variant=variant)
    elif weight is None:
        return
    elif not _is_weight(weight):
        yield problem(Code.BAD_WEIGHT, path, found=_shown(weight))
    else:
        ordered = first_final_weight(facts.variants[variant], line.quantity)
        if not ordered <= weight * _MOST_OFF <= ordered * _MOST_OFF * _MOST_OFF:
            name = f"{line.product_name} {line.variant_name}".strip()
            yield problem(Code.UNLIKELY_WEIGHT, path, variant=name, found=weight, ordered=ordered)


def _exact(weight: Decimal | int | None) -> Decimal | None:
    if isinstance(weight, int) and not isinstance(weight, bool):
        return Decimal(weight)
    return weight  # type: ignore[return-value] # True and False stay what they are, and are refused as no weight


def _shown(weight: object) -> str:
    return str(weight) if isinstance(weight, Decimal) else f"{type(weight).__name__} {weight!r}"


def _is_weight(weight: object) -> bool:
    if not isinstance(weight, Decimal) or not weight.is_finite() or weight < 0:
        return False
    # Zero is as good as it is written.
    if not weight:
        return True
    return weight.adjusted() < _MOST_DIGITS and weight == round(weight, _MOST_DECIMALS)
