"""What an actor knows to be there.

An actor knows a thing if the rules let them do anything at all to it. Beyond that they know:

- an enterprise that they see: in the list of enterprises, in reports, in the cycle that is spoken of, or as the shop of
  an order of theirs;
- a part of a cycle, if they know the cycle and see whose part it is;
- a variant, there or elsewhere, if they see its supplier; a fee or a method, if they see an enterprise it is of;
- every line of an order that is all theirs, as its buyer or its staff;
- every screen and every report.

Administrators know all that there is. Of anything else an actor is told just what they would be told if it were not
there.

Source:
    PERM-3, PERM-4, PERM-7 (who sees what), PERM-12 (decision shape).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId, UserId, VariantId
from ofncore.kernel.refusals import Problem, problem
from ofncore.permissions.actions import Action, CycleAccess, EnterpriseAction, OrderAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.concerned import concerned
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES

_ACTIONS: Final[Mapping[ResourceKind, tuple[Action, ...]]] = {
    kind: tuple(action for each, action in RULES if each is kind) for kind in ResourceKind
}
#: What one may be told of because one sees whose it is.
_SEEN_BY_OWNER: Final = frozenset(
    {ResourceKind.VARIANT, ResourceKind.FEE, ResourceKind.PAYMENT_METHOD, ResourceKind.SHIPPING_METHOD}
)


def knows(asker: Asker, thing: Resource) -> bool:
    """Whether the actor of *asker* knows *thing*, and all that its key begins with."""
    return not unknown_to(asker, thing)


def unknown_to(asker: Asker, thing: Resource) -> tuple[Problem, ...]:
    """Return what of *thing* the actor of *asker* does not know, as if it were not there: all `UNKNOWN_RECORD`.

    It is empty if they know it. If it is not, an actor who is not known themselves is named first.
    """
    if may_anything(asker, thing):
        return ()
    missing = tuple(_missing(asker, thing))
    return (*_stranger(asker), *missing) if missing else ()


def may_anything(asker: Asker, thing: Resource) -> bool:
    """Whether any rule lets the actor of *asker* do something to *thing*."""
    return any(asker.may(action, thing) for action in _ACTIONS[thing.kind])


def sees(asker: Asker, enterprise: EnterpriseId, about: Resource | None = None) -> bool:
    """Whether the actor of *asker* may be told of *enterprise* where *about* is spoken of."""
    named = resource(ResourceKind.ENTERPRISE, enterprise)
    return (
        asker.may(EnterpriseAction.SEE, named)
        or asker.may(EnterpriseAction.REPORT_ON, named)
        or (about is not None and _meets(asker, enterprise, about))
    )


def may_name(asker: Asker, thing: Resource, about: Resource | None = None) -> bool:
    """Whether the actor of *asker* may be told what *thing* is called where *about* is spoken of.

    They know it, or they see an enterprise it is of; a schedule they must know. What there is not has no name.
    """
    if thing.kind is ResourceKind.ENTERPRISE:
        return thing.key[0] in asker.snapshot.enterprises and sees(asker, EnterpriseId(thing.key[0]), about)
    if knows(asker, thing):
        return True
    view = asker.view_of(thing) if thing.kind in _SEEN_BY_OWNER else None
    return view is not None and any(sees(asker, each, about) for each in concerned(thing, view))


def knows_cycle(asker: Asker, cycle: OrderCycleId) -> bool:
    """Whether the actor of *asker* knows the order cycle *cycle*."""
    return knows(asker, resource(ResourceKind.ORDER_CYCLE, cycle))


def knows_user(asker: Asker, user: UserId) -> bool:
    """Whether the actor of *asker* may be told of *user*: themselves, and who is in an enterprise that they manage."""
    relations = asker.snapshot.relations
    return (
        asker.actor == Actor.user(user)
        or relations.is_admin(asker.actor)
        or not relations.managed_by(asker.actor).isdisjoint(
            relations.held_by(Actor.user(user)) | relations.owned_by(user)
        )
    )


def knows_customer(asker: Asker, customer: CustomerId) -> bool:
    """Whether the actor of *asker* may be told of *customer*: themselves, and the customers of their enterprises."""
    return may_anything(asker, resource(ResourceKind.CUSTOMER, customer))


def _meets(asker: Asker, enterprise: EnterpriseId, about: Resource) -> bool:
    """Whether the actor sees *enterprise* through *about*."""
    if about.kind is ResourceKind.ORDER_CYCLE or WHEREABOUTS[about.kind].in_cycle:
        named = resource(ResourceKind.CYCLE_ENTERPRISE, about.key[0], enterprise)
        return asker.may(CycleAccess.SEE_ENTERPRISE, named)
    if about.kind in {ResourceKind.ORDER, ResourceKind.ORDER_LINE}:
        order = asker.snapshot.orders.get(OrderId(about.key[0]))
        return order is not None and order.distributor == enterprise and _owns_order(asker, order.id)
    return False


def _owns_order(asker: Asker, order: str) -> bool:
    return asker.may(OrderAction.CHANGE, resource(ResourceKind.ORDER, order))


def _stranger(asker: Asker) -> Iterator[Problem]:
    if not asker.snapshot.knows(asker.actor):
        yield problem(Code.UNKNOWN_RECORD, kind=asker.actor.kind.value, id=asker.actor.id)


def _missing(asker: Asker, thing: Resource) -> Iterator[Problem]:
    place = WHEREABOUTS[thing.kind]
    where = thing.key[: place.context]
    if place.in_cycle and not knows_cycle(asker, OrderCycleId(where[0])):
        yield problem(Code.UNKNOWN_RECORD, kind="order_cycle", id=where[0])
    if place.of_participant and not sees(asker, EnterpriseId(where[-1]), thing):
        yield problem(Code.UNKNOWN_RECORD, kind="enterprise", id=where[-1])
    if not _knows_last(asker, thing):
        yield problem(Code.UNKNOWN_RECORD, kind=place.record, id=thing.key[-1])


def _knows_last(asker: Asker, thing: Resource) -> bool:
    """Whether the actor knows what the last part of the key names, though no rule lets them do anything to it."""
    place = WHEREABOUTS[thing.kind]
    if place.key_in(thing.key) not in place.known(asker.snapshot):
        return False
    if thing.kind in {ResourceKind.SCREEN, ResourceKind.REPORT}:
        return True
    match place.record:
        case "enterprise":
            return sees(asker, EnterpriseId(thing.key[-1]), thing)
        case "variant":
            return sees(asker, asker.snapshot.variants[VariantId(thing.key[-1])].supplier, thing)
        case "order_line":
            return _owns_order(asker, thing.key[0])
        case _:
            return False
