"""Whether somebody may act on an order that is stored."""

from ofncore.kernel.actors import Actor
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_managers


def may(unit: UnitOfWork, order: Order, action: OrderAction, actor: Actor) -> Refusal | None:
    """Return why *actor* may not do *action* on *order*, None if it may be done."""
    cycle = unit.order_cycles.get(order.order_cycle)
    return check_order(
        actor,
        action,
        load_managers(unit, actor, {order.distributor, cycle.coordinator}),
        customer=unit.customers.get(order.customer),
        distributor=order.distributor,
        cycle=cycle,
        key=order.id,
    ).refusal
