"""Why somebody may not change a placed order, or lines of it.

Source:
    ORD-5, ORD-6, ORD-O25 (suppliers), PERM-7, PERM-G16, SUB-4.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ofncore.cycles.status import window_problem
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.order import Order
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.line_rights import LineRights
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order


def access_problems(
    order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> Iterator[Problem]:
    """Yield why *actor* may not change *order* now: staff until it is shipped, others while its cycle is open.

    Only who may change it as its buyer is told what the shop lets customers do.
    """
    denials = _denials(order, action, facts, actor)
    yield from denials
    yield from state_problems(order)
    if not facts.by_staff(actor):
        yield from _window_problems(facts, now)
        yield from () if denials else _buyer_problems(facts)


def staff_problems(order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor) -> Iterator[Problem]:
    """Yield why *actor* may not do *action* to *order*, or nobody may any more."""
    yield from _denials(order, action, facts, actor)
    yield from state_problems(order)


def _denials(order: Order, action: OrderAction, facts: ChangingFacts, actor: Actor) -> tuple[Problem, ...]:
    """Return why *actor* may not do *action* to *order*, whenever that is."""
    return check_order(
        actor,
        action,
        facts.relations,
        customer=facts.customer,
        distributor=facts.offer.terms.distributor.id,
        cycle=facts.offer.cycle,
        key=order.id,
    ).problems


def _window_problems(facts: ChangingFacts, now: datetime) -> Iterator[Problem]:
    """Yield that no customer may change an order now: the cycle is not open."""
    bounds = facts.offer.terms.profile.cycle_bounds
    closed = window_problem(facts.offer.cycle, now, bounds=bounds, path="$.order_cycle")
    yield from () if closed is None else (closed,)


def _buyer_problems(facts: ChangingFacts) -> Iterator[Problem]:
    """Yield that the shop does not let customers change orders."""
    shop = facts.offer.terms.distributor
    if not shop.shop.customers_may_change_orders:
        yield problem(Code.CHANGES_NOT_ALLOWED, distributor=shop.name)


def _switch_problems(facts: ChangingFacts, rights: LineRights) -> Iterator[Problem]:
    """Yield which switch of the shop keeps an actor with *rights* from the lines: as buyer, or as supplier."""
    shop = facts.offer.terms.distributor
    if not rights.problems:
        yield from _buyer_problems(facts)
    elif rights.supplies and not shop.shop.producers_may_change_orders:
        yield problem(Code.PRODUCER_CHANGES_NOT_ALLOWED, distributor=shop.name)


def state_problems(order: Order) -> Iterator[Problem]:
    """Yield why nobody may change *order* any more."""
    if not order.is_changeable:
        yield problem(Code.NOT_CHANGEABLE, "$.state", state=order.state)


def line_access_problems(
    order: Order,
    paths: Mapping[VariantId, str],
    rights: LineRights,
    facts: ChangingFacts,
    *,
    now: datetime,
    others: Iterable[Problem],
) -> tuple[Problem, ...]:
    """Return why somebody with *rights* may not change the lines of some variants now, each at its place in *paths*.

    Who may is told of the *others* too; who may not learns nothing of the lines by asking (PERM-G16).
    """
    denials = tuple(rights.denials(paths))
    # What else is wrong would tell a supplier about the lines of others.
    if denials and rights.own:
        return denials
    return (
        *denials,
        *state_problems(order),
        *(() if rights.is_free(paths) else (*_window_problems(facts, now), *_switch_problems(facts, rights))),
        *(() if denials else others),
    )
