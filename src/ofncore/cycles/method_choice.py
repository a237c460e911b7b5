"""Which payment and shipping methods an order cycle offers.

A choice is of one method in one shop: a method that two shops share can be chosen for one of them. No choice at all
means every method; so does a choice of every method. What is then in force is `ofncore.cycles.offer.methods_in_force`.

A choice outlives that it can be used: it stays while its shop is not in the cycle, and counts again once the shop is
back; the coordinator's next choice, and a copy of the cycle, leave it out.

Source:
    PERM-5.4, PERM-G35, CYC-9.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TypeVar

import attrs

from ofncore.cycles.editing import EditingFacts, EditOutcome, outcome_with
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, Unchanged
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.paths import keyed
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import PaymentMethod, ShippingMethod, ShopMethod, ShopPaymentMethod, ShopShippingMethod
from ofncore.permissions.actions import CycleAccess, CycleAction
from ofncore.permissions.asking import list_allowed
from ofncore.permissions.readiness import is_payable, is_shown
from ofncore.permissions.resources import ResourceKind

M = TypeVar("M", PaymentMethod, ShippingMethod)


@attrs.frozen(kw_only=True)
class WantedMethods:
    """The methods that a cycle is to offer; those of a kind that is not named stay as they are.

    No method at all of a kind means every method of it, and so does every method at once.
    """

    payment_methods: frozenset[ShopPaymentMethod] | Unchanged = UNCHANGED
    shipping_methods: frozenset[ShopShippingMethod] | Unchanged = UNCHANGED


def selectable_payments(cycle: OrderCycle, methods: Iterable[PaymentMethod]) -> frozenset[ShopPaymentMethod]:
    """Return what may be chosen for *cycle*: payment methods of its distributors that shoppers may use."""
    usable = (each for each in methods if is_payable(each))
    return frozenset(ShopPaymentMethod(shop, each.id) for shop, each in _at_distributors(cycle, usable))


def selectable_shipping(cycle: OrderCycle, methods: Iterable[ShippingMethod]) -> frozenset[ShopShippingMethod]:
    """Return what may be chosen for *cycle*: shipping methods of its distributors that shoppers may use."""
    usable = (each for each in methods if is_shown(each))
    return frozenset(ShopShippingMethod(shop, each.id) for shop, each in _at_distributors(cycle, usable))


def _at_distributors(cycle: OrderCycle, methods: Iterable[M]) -> Iterator[tuple[EnterpriseId, M]]:
    distributors = {each.distributor for each in cycle.outgoing}
    return ((shop, each) for each in methods for shop in each.distributors if shop in distributors)


def ended_choices(before: OrderCycle, after: OrderCycle) -> tuple[str, ...]:
    """Return the choices of which nothing is left between two cycles, such as ``$.payment_methods[hub]``.

    Their shops are distributors of the second: each offers all of its methods of that kind again (PERM-5.4).
    """
    selling = {each.distributor for each in after.outgoing}
    return (
        *_ended("$.payment_methods", before.payment_methods, after.payment_methods, selling),
        *_ended("$.shipping_methods", before.shipping_methods, after.shipping_methods, selling),
    )


def _ended(
    path: str, before: Iterable[ShopMethod], after: Iterable[ShopMethod], selling: AbstractSet[EnterpriseId]
) -> Iterator[str]:
    without = selling - {each.shop for each in after}
    return (keyed(path, shop) for shop in dict.fromkeys(each.shop for each in before) if shop in without)


def plan_methods(
    cycle: OrderCycle,
    wanted: WantedMethods,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EditOutcome | Refusal:
    """Decide which payment and shipping methods *cycle* offers when *actor* asks for *wanted*.

    The coordinator's managers replace the whole choice, a distributor's managers the part of their shops, and other
    participants nothing. *facts* hold every method there is.

    Returns:
        The outcome, which names what was left out: a method that may not be chosen (`METHOD_NOT_OFFERED`), a shop that
        the actor does not choose for (`NEEDS_MANAGER`). Or a refusal of the whole: the actor has no part in the cycle
        (`NEEDS_MANAGER`).
    """
    editor = facts.editor(actor, cycle, profile)
    if editor.entry.refusal is not None:
        return editor.entry.refusal
    shops, choices = _own_shops(editor), tuple(_choices(editor, wanted))
    dropped = tuple(each for choice in choices for each in _dropped(editor, choice, shops))
    return outcome_with(editor, {each.field: _chosen(editor, each, shops) for each in choices}, dropped, now)


def _own_shops(editor: Editor) -> AbstractSet[str]:
    """Return the distributors that the actor chooses for."""
    own = list_allowed(
        editor.actor,
        CycleAccess.CHOOSE_METHODS,
        ResourceKind.OUTGOING,
        editor.snapshot,
        editor.profile,
        within=(editor.cycle.id,),
    )
    return {each.key[-1] for each in own}


@attrs.frozen(kw_only=True)
class _Choice:
    """What is asked for of one kind of method."""

    #: The field of the cycle that keeps it.
    field: str
    before: tuple[ShopMethod, ...]
    wanted: AbstractSet[ShopMethod]
    selectable: AbstractSet[ShopMethod]


def _choices(editor: Editor, wanted: WantedMethods) -> Iterator[_Choice]:
    cycle, snapshot = editor.cycle, editor.snapshot
    if not isinstance(wanted.payment_methods, Unchanged):
        yield _Choice(
            field="payment_methods",
            before=cycle.payment_methods,
            wanted=wanted.payment_methods,
            selectable=selectable_payments(cycle, snapshot.payment_methods.values()),
        )
    if not isinstance(wanted.shipping_methods, Unchanged):
        yield _Choice(
            field="shipping_methods",
            before=cycle.shipping_methods,
            wanted=wanted.shipping_methods,
            selectable=selectable_shipping(cycle, snapshot.shipping_methods.values()),
        )


def _chosen(editor: Editor, choice: _Choice, shops: AbstractSet[str]) -> tuple[ShopMethod, ...]:
    """Return what is chosen afterwards: those that stay, as they stood, and then the new ones."""
    asked = choice.wanted & choice.selectable
    # Every method at once is no choice, so that methods that come later are offered too.
    own = {each for each in asked if each.shop in shops} if asked != choice.selectable else set()
    replaces = editor.check(CycleAction.EDIT_ATTRIBUTES, "$").allowed
    others = set() if replaces else {each for each in choice.before if each.shop not in shops}
    return (*(each for each in choice.before if each in own | others), *sorted(own - set(choice.before)))


def _dropped(editor: Editor, choice: _Choice, shops: AbstractSet[str]) -> Iterator[Problem]:
    path = f"$.{choice.field}"
    for each in sorted(choice.wanted - set(choice.before)):
        name = editor.relations.name_of(each.shop)
        if each not in choice.selectable:
            yield problem(Code.METHOD_NOT_OFFERED, path, method=each.method, distributor=name)
        elif each.shop not in shops:
            yield problem(Code.NEEDS_MANAGER, path, action=CycleAccess.CHOOSE_METHODS, enterprises=(name,))
