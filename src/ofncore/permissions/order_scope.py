"""Who may act on an order that is at hand, stored or about to be placed.

Source:
    ORD-6, ORD-O24, ORD-O25, PERM-7, PERM-8.
"""

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import EnterpriseId, OrderId, VariantId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.permissions.actions import LineAction, OrderAction
from ofncore.permissions.asking import check, list_allowed
from ofncore.permissions.decisions import Decision
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot


def is_buyer(actor: Actor, customer: Customer) -> bool:
    """Whether *actor* is the customer: by account, or by the secret link of a customer without one."""
    if actor.kind is ActorKind.CUSTOMER:
        return actor.id == customer.id
    return actor.kind is ActorKind.USER and customer.user is not None and actor.id == customer.user


def is_staff(actor: Actor, relations: Relations, *, distributor: EnterpriseId, coordinator: EnterpriseId) -> bool:
    """Whether *actor* is staff for an order: manages its distributor or the coordinator of its cycle (ORD-O24)."""
    return relations.manages(actor, distributor) or relations.manages(actor, coordinator)


def check_order(
    actor: Actor,
    action: OrderAction,
    relations: Relations,
    *,
    customer: Customer,
    distributor: EnterpriseId,
    cycle: OrderCycle,
    key: str,
    profile: Profile = PRODUCT,
) -> Decision:
    """Decide whether *actor* may do *action* to the order *key* of *customer* at *distributor* in *cycle*.

    Staff may do everything; the buyer may place, change and cancel, within what the rules of the order allow; the
    engine places and charges. Taking an order for somebody else is for staff only (ORD-B4).
    """
    order = OrderFacts(
        id=OrderId(key), distributor=distributor, order_cycle=cycle.id, customer=customer.id, buyer=customer.user
    )
    snapshot = Snapshot.around(relations, order_cycles=(cycle,), orders=(order,))
    return check(actor, action, resource(ResourceKind.ORDER, key), snapshot, profile)


def editable_lines(
    actor: Actor,
    order: Order,
    relations: Relations,
    *,
    customer: Customer,
    cycle: OrderCycle,
    profile: Profile = PRODUCT,
) -> frozenset[VariantId]:
    """Return the variants of the lines of *order* that *actor* may change as staff, or as their supplier.

    All for staff of the shop or the coordinator; for others those of the enterprises they manage, if the shop lets
    suppliers change its orders, whatever is granted (PERM-7, ORD-O25). *relations* know the shop, the coordinator and
    the suppliers; *customer* is the buyer, *cycle* that of the order.
    """
    facts = OrderFacts.of(order, {customer.id: customer})
    snapshot = Snapshot.around(relations, order_cycles=(cycle,), orders=(facts,))
    lines = list_allowed(actor, LineAction.EDIT, ResourceKind.ORDER_LINE, snapshot, profile)
    return frozenset(VariantId(line.key[1]) for line in lines)
