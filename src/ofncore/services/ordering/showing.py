"""What people are shown of stored orders."""

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.policies import Profile
from ofncore.permissions.masking import MaskedOrder, mask_orders
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_relations


def shown(unit: UnitOfWork, order_cycle: OrderCycleId, *, viewer: Actor, profile: Profile) -> tuple[MaskedOrder, ...]:
    """Return what *viewer* may know of the orders of a cycle, by id (PERM-7).

    Raises:
        NotFoundError: there is no such cycle.
    """
    cycle = unit.order_cycles.get(order_cycle)
    orders = unit.orders.of_cycle(cycle.id)
    return mask_orders(
        orders,
        {each.id: each for each in unit.customers.get_many({order.customer for order in orders})},
        viewer=viewer,
        snapshot=Snapshot.around(load_relations(unit), order_cycles=(cycle,)),
        profile=profile,
    )
