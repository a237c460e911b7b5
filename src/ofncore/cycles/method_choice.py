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
from typing import Self, TypeVar

import attrs

from ofncore.cycles.editing import EditingFacts, EditOutcome, outcome_with
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, Unchanged, frozen, many
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
from ofncore.permissions.rules.cycle_sets import VISIBLE
from ofncore.permissions.view import View

M = TypeVar("M", PaymentMethod, ShippingMethod)


def _payments(values: Iterable[ShopPaymentMethod] | Unchanged) -> frozenset[ShopPaymentMethod] | Unchanged:
    return frozen(values)


def _shipping(values: Iterable[ShopShippingMethod] | Unchanged) -> frozenset[ShopShippingMethod] | Unchanged:
    return frozen(values)


def _shops(values: Iterable[EnterpriseId] | Unchanged) -> frozenset[EnterpriseId] | Unchanged:
    return frozen(values)


@attrs.frozen(kw_only=True)
class WantedMethods:
    """The methods that a cycle is to offer; those of a kind that is not named stay as they are.

    No method at all of a kind means every method of it, and so does every method at once. The choice is for all shops
    that the actor chooses for, unless `shops` names those that it is for: then no other shop's choice changes.

    Raises:
        TypeError: a field is of another type; one text in the place of a collection too.
        ValueError: a method is in a shop that is not among `shops`.
    """

    payment_methods: frozenset[ShopPaymentMethod] | Unchanged = attrs.field(
        default=UNCHANGED, converter=_payments, validator=many(ShopPaymentMethod)
    )
    shipping_methods: frozenset[ShopShippingMethod] | Unchanged = attrs.field(
        default=UNCHANGED, converter=_shipping, validator=many(ShopShippingMethod)
    )
    #: The shops that the choice is for; `UNCHANGED` for all that the actor chooses for.
    shops: frozenset[EnterpriseId] | Unchanged = attrs.field(default=UNCHANGED, converter=_shops, validator=many(str))

    def __attrs_post_init__(self) -> None:
        for wanted in (self.payment_methods, self.shipping_methods):
            for each in () if isinstance(wanted, Unchanged) else sorted(wanted):
                if not self.is_for(each.shop):
                    message = f"shops must name {each.shop!r} too, for its method {each.method!r} is wanted"
                    raise ValueError(message)

    def is_for(self, shop: EnterpriseId) -> bool:
        """Whether the choice is for *shop*."""
        return isinstance(self.shops, Unchanged) or shop in self.shops


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
    participants nothing; of all that, only what `WantedMethods.shops` names. A shop for which methods are asked for of
    which none may be chosen keeps what it has chosen and may choose. *facts* hold every method there is.

    Returns:
        The outcome, which names what was left out, by shop and method: a method that may not be chosen
        (`METHOD_NOT_SELECTABLE`), a shop that the actor does not choose for (`NEEDS_MANAGER`), that sells nothing in
        the cycle (`NOT_DISTRIBUTOR`) or that there is not (`UNKNOWN_RECORD`). Or a refusal of the whole: the actor has
        no part in the cycle (`NEEDS_MANAGER`).
    """
    editor = facts.editor(actor, cycle, profile)
    if editor.entry.refusal is not None:
        return editor.entry.refusal
    chooser = _Chooser.of(editor, wanted)
    choices = tuple(_choices(editor, wanted))
    dropped = tuple(each for choice in choices for each in chooser.dropped(choice))
    return outcome_with(editor, {each.field: chooser.chosen(each) for each in choices}, dropped, now)


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


@attrs.frozen(kw_only=True)
class _Chooser:
    """Who chooses, and for which shops."""

    editor: Editor
    wanted: WantedMethods
    #: The distributors that the actor chooses for.
    own: AbstractSet[str]
    #: Whether the choices of shops that are away are the actor's too.
    replaces: bool
    #: How the actor sees the cycle.
    view: View

    @classmethod
    def of(cls, editor: Editor, wanted: WantedMethods) -> Self:
        replaces = editor.check(CycleAction.EDIT_ATTRIBUTES, "$").allowed
        view = editor.view(editor.cycle)
        return cls(editor=editor, wanted=wanted, own=_own_shops(editor), replaces=replaces, view=view)

    def chosen(self, choice: _Choice) -> tuple[ShopMethod, ...]:
        """Return what is chosen afterwards: those that stay, as they stood, and then the new ones."""
        asked = choice.wanted & choice.selectable
        unserved = {each.shop for each in choice.wanted} - {each.shop for each in asked}
        kept = {each for each in choice.selectable & set(choice.before) if each.shop in unserved}
        mine = {each for each in asked | kept if each.shop in self.own}
        every = {each for each in choice.selectable if self.wanted.is_for(each.shop)}
        stood = {each for each in choice.before if each.shop in self.own and self.wanted.is_for(each.shop)}
        # Every method at once is no choice, so that methods that come later are offered too. Where nothing that was
        # asked for may be chosen, what was chosen stays as it was.
        if every and (asked == every or stood != mine == every):
            mine = set()
        others = {each for each in choice.before if not self._replaces(each.shop)}
        return (*(each for each in choice.before if each in mine | others), *sorted(mine - set(choice.before)))

    def dropped(self, choice: _Choice) -> Iterator[Problem]:
        """Yield what is asked for and cannot be, and the shops that are named in vain."""
        path = f"$.{choice.field}"
        there = {each for each in choice.before if self._sees(each.shop)}
        for each in sorted(choice.wanted - there):
            yield from self._problems(each, choice, keyed(keyed(path, each.shop), each.method))
        shops = frozenset[EnterpriseId]() if isinstance(self.wanted.shops, Unchanged) else self.wanted.shops
        for shop in sorted(shops - {each.shop for each in choice.wanted}):
            yield from self._shop_problems(shop, choice, keyed(path, shop))

    def _replaces(self, shop: EnterpriseId) -> bool:
        return self.wanted.is_for(shop) and (self.replaces or shop in self.own)

    def _problems(self, method: ShopMethod, choice: _Choice, path: str) -> Iterator[Problem]:
        if method.shop not in self.editor.relations.enterprises:
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=method.shop)
        elif self._sells(method.shop) and method.shop not in self.own:
            yield self._needs_manager(method.shop, path)
        elif method not in choice.selectable:
            name = self.editor.relations.name_of(method.shop)
            yield problem(Code.METHOD_NOT_SELECTABLE, path, method=method.method, distributor=name)

    def _shop_problems(self, shop: EnterpriseId, choice: _Choice, path: str) -> Iterator[Problem]:
        if shop not in self.editor.relations.enterprises:
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=shop)
        elif self._sells(shop) and shop not in self.own:
            yield self._needs_manager(shop, path)
        elif not self._sells(shop) and not (self.replaces and any(each.shop == shop for each in choice.before)):
            yield problem(Code.NOT_DISTRIBUTOR, path, distributor=self.editor.relations.name_of(shop))

    def _sees(self, shop: EnterpriseId) -> bool:
        """Whether the actor may know what is chosen in *shop*."""
        return self.editor.coordinates or VISIBLE.holds(self.view, shop)

    def _sells(self, shop: EnterpriseId) -> bool:
        return self.editor.cycle.outgoing_to(shop) is not None

    def _needs_manager(self, shop: EnterpriseId, path: str) -> Problem:
        names = (self.editor.relations.name_of(shop),)
        return problem(Code.NEEDS_MANAGER, path, action=CycleAccess.CHOOSE_METHODS, enterprises=names)
