"""Changing the quantities of a placed order.

Source:
    ORD-5 (change lines), ORD-6, ORD-O25 (suppliers), ORD-Q2, ORD-Q5, PERM-7, SUB-4, SUB-K12, SUB-K14, FEE-13.16
    (frozen terms).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from ofncore.fees.lives import resized
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.event import OrderChanged
from ofncore.model.order import Order, OrderLine
from ofncore.model.stock import StockCause, StockItem
from ofncore.orders.change_access import line_access_problems
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.line_rights import LineRights
from ofncore.orders.placing import is_quantity
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import too_large
from ofncore.orders.stock import movements_between, shortage_problem


def plan_change(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide new *quantities* for lines of *order*; lines not named stay.

    Staff may raise and lower until the order is shipped. Customers may only lower, while the cycle is open, if the
    shop allows it (SUB-K14); for more they place a second order (SUB-K15). A supplier's managers raise and lower its
    own lines as staff do, if the shop lets suppliers change orders (ORD-O25). At least one line must stay above zero:
    otherwise it is a cancellation. Prices stay as they were, and final weights follow the quantities. Fees, shipping,
    payment fee, taxes and voucher are computed on the new quantities; by default by the terms that gave them before
    (FEE-13.16).

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found; a supplier that asks for
        lines of others is told only of those (`NEEDS_MANAGER`, at the path of each).
    """
    problems = _change_problems(order, quantities, facts, actor=actor, now=now)
    if problems:
        return Refusal(problems)
    profile = facts.offer.terms.profile
    lines = tuple(_with_quantity(line, quantities.get(line.variant), profile) for line in order.lines)
    return plan_lines(order, lines, facts, actor=actor, now=now, path_of=_quantity_path)


def plan_lines(
    order: Order,
    lines: Sequence[OrderLine],
    facts: ChangingFacts,
    *,
    actor: Actor,
    now: datetime,
    path_of: Callable[[VariantId], str],
) -> OrderPlan | Refusal:
    """Return what becomes of *order* with *lines*, which somebody may give it: charges, taxes, voucher, stock, event.

    *path_of* a variant is where it is told that its line makes the order come to more than can be written.
    """
    large = too_large(lines)
    if large is not None:
        return _bad_size(large, path_of)
    changed = facts.with_lines(order, lines)
    large = too_large(changed.lines, changed)
    if large is not None:
        return _bad_size(large, path_of)
    occasion = occasion_of(order, now)
    moves = movements_between(order, changed, cause=StockCause.CHANGED, occasion=occasion, actor=actor, at=now)
    variants = tuple(_differing(order, changed))
    event = OrderChanged(order=order.id, variants=variants, total=changed.total, actor=actor, at=now, occasion=occasion)
    return OrderPlan(order=changed, movements=tuple(moves), events=(event,) if variants else ())


def occasion_of(order: Order, now: datetime) -> str:
    """Return what tells this change of *order* from its others."""
    # The version alone would come again in a storage that the order is copied to.
    return joined_id(iso(now), str(order.version))


def _differing(before: Order, after: Order) -> Iterator[VariantId]:
    """Yield the variants whose lines came, went, or got another quantity."""
    then, now = ({line.variant: line.quantity for line in order.lines} for order in (before, after))
    return (variant for variant in then | now if then.get(variant) != now.get(variant))


def _quantity_path(variant: VariantId) -> str:
    return f"$.quantities.{variant}"


def _bad_size(large: OrderLine, path_of: Callable[[VariantId], str]) -> Refusal:
    return Refusal.of(Code.BAD_QUANTITY, path_of(large.variant), found=str(large.quantity))


def _with_quantity(line: OrderLine, quantity: int | None, profile: Profile) -> OrderLine:
    if quantity is None or quantity == line.quantity:
        return line
    return resized(line, quantity, profile.weight_from_zero)


def supplying(facts: ChangingFacts) -> dict[VariantId, StockItem]:
    """Return the stock of what is still sold; what was withdrawn never supplies (ORD-Q2)."""
    withdrawn = {key for key, variant in facts.variants.items() if variant.deleted}
    return {key: item for key, item in facts.stock.items() if key not in withdrawn}


def _change_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, *, actor: Actor, now: datetime
) -> tuple[Problem, ...]:
    rights = facts.rights(order, actor)
    paths = {variant: _quantity_path(variant) for variant in quantities}
    return line_access_problems(
        order, paths, rights, facts, now=now, others=_quantity_problems(order, quantities, facts, rights)
    )


def _quantity_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, rights: LineRights
) -> Iterator[Problem]:
    for variant, quantity in quantities.items():
        path = _quantity_path(variant)
        line = order.line_of(variant)
        if line is None:
            yield problem(Code.NO_SUCH_LINE, path, variant=variant)
            continue
        name = f"{line.product_name} {line.variant_name}".strip()
        if not is_quantity(quantity):
            yield problem(Code.BAD_QUANTITY, path, found=str(quantity))
        elif quantity > line.quantity:
            if not rights.may_raise(variant):
                yield problem(Code.ONLY_LESS, path, variant=name)
            short = shortage_problem(supplying(facts), variant, quantity - line.quantity, path=path, name=name)
            yield from () if short is None else (short,)
    after = {line.variant: line.quantity for line in order.lines} | dict(quantities)
    yield from last_line_problems(after.values(), "$.quantities")


def last_line_problems(quantities: Collection[object], path: str) -> Iterator[Problem]:
    """Yield that an order with nothing but these *quantities* would hold nothing: it is cancelled instead."""
    if not any(isinstance(quantity, int) and quantity > 0 for quantity in quantities):
        yield problem(Code.LAST_LINE, path)
