"""Lines that come to a placed order, and lines that leave it.

Source:
    ORD-5 (change lines), ORD-6 (add products), ORD-O25 (suppliers), ORD-Q5, PERM-7, PERM-8 (line item), PERM-10
    (`row-level`), FEE-13.16 (frozen terms).
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.order import Order, OrderLine
from ofncore.orders.change_access import line_access_problems
from ofncore.orders.changing import last_line_problems, plan_lines, supplying
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.line_rights import LineRights
from ofncore.orders.lines import make_line
from ofncore.orders.placing import is_quantity, variant_name
from ofncore.orders.plan import OrderPlan
from ofncore.orders.stock import shortage_problem


def plan_addition(
    order: Order, variant: VariantId, quantity: int, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide a new line of *quantity* pieces of *variant*, above zero, for *order*.

    Staff may add what the shop sells in the cycle until the order is shipped. A supplier's managers may add goods of
    its own among those, if the shop lets suppliers change orders and the order already holds a line of theirs: a line
    is made by who may change it, in an order that they may change (PERM-10 `row-level`). Customers place a second
    order instead (ORD-6). *facts* know *variant*.

    The line has the price of today, and the fees that the terms of the order give it. What the order has besides is
    charged anew as by `ofncore.orders.changing.plan_change`.

    Returns:
        The plan; or a refusal with every problem found. A supplier that asks for goods of others is told only that
        (`NEEDS_MANAGER`), whether or not there are such goods.
    """
    rights = _rights_to_add(order, variant, facts, actor)
    problems = line_access_problems(
        order,
        {variant: "$.variant"},
        rights,
        facts,
        now=now,
        others=_addition_problems(order, variant, quantity, facts, rights),
    )
    if problems:
        return Refusal(problems)
    sold = facts.offer.variants[variant]
    line = make_line(sold, facts.offer.products[sold.product], quantity)
    return plan_lines(order, (*order.lines, line), facts, actor=actor, now=now, path_of=lambda _: "$.quantity")


def plan_removal(
    order: Order, variant: VariantId, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide that the line of *variant* leaves *order*; its quantity goes back to stock.

    Whoever may lower the line to zero may take it away. A supplier that takes away its last line cannot reach the order
    any more. At least one line must stay above zero: otherwise it is a cancellation. What the order has besides is
    charged anew as by `ofncore.orders.changing.plan_change`.

    Returns:
        The plan; or a refusal with every problem found. A supplier that asks for a line of others is told only that
        (`NEEDS_MANAGER`), whether or not there is such a line.
    """
    problems = line_access_problems(
        order,
        {variant: "$.variant"},
        facts.rights(order, actor),
        facts,
        now=now,
        others=_removal_problems(order, variant),
    )
    if problems:
        return Refusal(problems)
    kept = tuple(line for line in order.lines if line.variant != variant)
    return plan_lines(order, kept, facts, actor=actor, now=now, path_of=lambda _: "$.variant")


def _rights_to_add(order: Order, variant: VariantId, facts: ChangingFacts, actor: Actor) -> LineRights:
    """Return what *actor* may change of *order* as it would be, if they may change any line of it as it is."""
    rights = facts.rights(order, actor)
    return facts.rights(_holding(order, variant, facts), actor) if rights.own else rights


def _holding(order: Order, variant: VariantId, facts: ChangingFacts) -> Order:
    known = facts.variants.get(variant)
    if known is None or order.line_of(variant) is not None:
        return order
    line = OrderLine(variant=variant, supplier=known.supplier, product_name="", quantity=0, price=known.price)
    return attrs.evolve(order, lines=(*order.lines, line))


def _addition_problems(
    order: Order, variant: VariantId, quantity: int, facts: ChangingFacts, rights: LineRights
) -> Iterator[Problem]:
    name, is_possible = variant_name(facts.offer, variant), is_quantity(quantity) and quantity > 0
    if not is_possible:
        yield problem(Code.BAD_QUANTITY, "$.quantity", found=str(quantity))
    if not rights.may_raise(variant):
        yield problem(Code.ONLY_LESS, "$.variant", variant=name)
    if order.line_of(variant) is not None:
        yield problem(Code.DUPLICATE_LINE, "$.variant", variant=name)
    elif variant not in facts.offer.variants:
        yield problem(Code.NOT_DISTRIBUTED, "$.variant", variant=name)
    elif is_possible:
        short = shortage_problem(supplying(facts), variant, quantity, path="$.quantity", name=name)
        yield from () if short is None else (short,)


def _removal_problems(order: Order, variant: VariantId) -> Iterator[Problem]:
    if order.line_of(variant) is None:
        yield problem(Code.NO_SUCH_LINE, "$.variant", variant=variant)
        return
    yield from last_line_problems([line.quantity for line in order.lines if line.variant != variant], "$.variant")
