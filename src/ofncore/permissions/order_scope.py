"""Who may act on an order that is at hand, stored or about to be placed.

Source:
    ORD-6, ORD-O24, PERM-8.
"""

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import EnterpriseId, OrderId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.asking import check
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
