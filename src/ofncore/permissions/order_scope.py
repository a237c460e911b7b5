"""Who may act on an order.

Source:
    ORD-6, ORD-O24, PERM-8.
"""

from ofncore.kernel.actors import ENGINE, Actor, ActorKind
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import problem
from ofncore.model.customer import Customer
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations


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
    coordinator: EnterpriseId,
    resource: str,
) -> Decision:
    """Decide whether *actor* may do *action* to an order of *customer* at *distributor* in a cycle of *coordinator*.

    Staff may do everything; the buyer may place, change and cancel, within what the rules of the order allow; the
    engine places and charges. Taking an order for somebody else is for staff only (ORD-B4).
    """
    buyer_may = action is not OrderAction.RECORD_PAYMENT
    allowed = (
        actor == ENGINE
        or is_staff(actor, relations, distributor=distributor, coordinator=coordinator)
        or (buyer_may and is_buyer(actor, customer))
    )
    names = tuple(dict.fromkeys((relations.name_of(distributor), relations.name_of(coordinator))))
    problems = () if allowed else (problem(Code.NEEDS_MANAGER, action=action, enterprises=names),)
    return Decision(
        allowed=allowed,
        actor=actor,
        action=action,
        resource=resource,
        rules=("ORD-6", "ORD-O24", "PERM-8"),
        problems=problems,
    )
