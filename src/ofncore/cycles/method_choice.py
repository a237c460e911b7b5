"""Which payment and shipping methods an order cycle offers.

A choice is of one method in one shop: a method that two shops share can be chosen for one of them. No choice at all
means every method; so does a choice of every method.

Source:
    PERM-5.4, PERM-G35, CYC-9.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.permissions.actions import CycleAccess, CycleAction
from ofncore.permissions.asking import check, list_allowed
from ofncore.permissions.readiness import is_payable, is_shown
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(order=True)
class ShopMethod:
    """One method of one shop."""

    shop: EnterpriseId
    #: Id of a payment method, or of a shipping method.
    method: str


@attrs.frozen(kw_only=True)
class MethodChoice:
    """What is chosen afterwards, and what of the request came to nothing."""

    #: Nothing means every method.
    chosen: frozenset[ShopMethod]
    dropped: tuple[Problem, ...]


def selectable_payments(cycle: OrderCycle, methods: Iterable[PaymentMethod]) -> frozenset[ShopMethod]:
    """Return what may be chosen for *cycle*: payment methods of its distributors that shoppers may use."""
    return _of_distributors(cycle, (each for each in methods if is_payable(each)))


def selectable_shipping(cycle: OrderCycle, methods: Iterable[ShippingMethod]) -> frozenset[ShopMethod]:
    """Return what may be chosen for *cycle*: shipping methods of its distributors that shoppers may use."""
    return _of_distributors(cycle, (each for each in methods if is_shown(each)))


def _of_distributors(cycle: OrderCycle, methods: Iterable[PaymentMethod | ShippingMethod]) -> frozenset[ShopMethod]:
    distributors = {each.distributor for each in cycle.outgoing}
    return frozenset(
        ShopMethod(shop, each.id) for each in methods for shop in each.distributors if shop in distributors
    )


def choose_methods(
    before: AbstractSet[ShopMethod],
    wanted: AbstractSet[ShopMethod],
    selectable: AbstractSet[ShopMethod],
    *,
    cycle: OrderCycle,
    snapshot: Snapshot,
    actor: Actor,
    profile: Profile = PRODUCT,
) -> MethodChoice | Refusal:
    """Decide what *cycle* offers when *actor* asks for *wanted* in place of *before*.

    All three sets are of payment methods, or all of shipping methods; *selectable* is what may be chosen at all. The
    coordinator's managers replace the whole choice, a distributor's managers the part of their shops, and other
    participants nothing. *snapshot* holds the cycle.

    Returns:
        The choice; or a refusal: the actor has no part in the cycle.
    """
    entry = check(actor, CycleAccess.SEE, resource(ResourceKind.ORDER_CYCLE, cycle.id), snapshot, profile)
    if entry.refusal is not None:
        return entry.refusal
    own = list_allowed(actor, CycleAccess.CHOOSE_METHODS, ResourceKind.OUTGOING, snapshot, profile, within=(cycle.id,))
    shops = {each.key[-1] for each in own}
    asked = wanted & selectable
    # Every method at once is no choice, so that methods that come later are offered too.
    chosen = frozenset() if asked == selectable else asked
    whole = check(
        actor, CycleAction.EDIT_ATTRIBUTES, resource(ResourceKind.ORDER_CYCLE, cycle.id), snapshot, profile
    ).allowed
    kept = frozenset() if whole else {each for each in before if each.shop not in shops}
    dropped = tuple(_dropped(sorted(wanted - before), shops, selectable, snapshot.enterprises))
    return MethodChoice(chosen=frozenset(kept | {each for each in chosen if each.shop in shops}), dropped=dropped)


def _dropped(
    added: Iterable[ShopMethod],
    shops: AbstractSet[str],
    selectable: AbstractSet[ShopMethod],
    enterprises: Mapping[EnterpriseId, Enterprise],
) -> Iterator[Problem]:
    for each in added:
        name = enterprises[each.shop].name if each.shop in enterprises else each.shop
        if each not in selectable:
            yield problem(Code.METHOD_NOT_OFFERED, method=each.method, distributor=name)
        elif each.shop not in shops:
            yield problem(Code.NEEDS_MANAGER, action=CycleAccess.CHOOSE_METHODS, enterprises=(name,))


def offered_methods(
    chosen: AbstractSet[ShopMethod], selectable: AbstractSet[ShopMethod], coordinator: Enterprise
) -> frozenset[ShopMethod]:
    """Return what shoppers are offered.

    Of each shop what is chosen, or all of its methods if none of them is. A choice does not count where the coordinator
    sells its own goods only.
    """
    if coordinator.sells is Sells.OWN:
        return frozenset(selectable)
    choosing = {each.shop for each in chosen}
    return frozenset(each for each in selectable if each in chosen or each.shop not in choosing)
