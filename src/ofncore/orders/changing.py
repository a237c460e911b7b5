"""Changing the quantities of a placed order, and cancelling it.

Source:
    ORD-5 (change lines, cancel), ORD-6, ORD-O25 (suppliers), ORD-Q2, ORD-Q5, PERM-7, SUB-4, SUB-K9, SUB-K12, SUB-K14,
    FEE-13.16 (frozen terms).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from ofncore.cycles.offer import Offer
from ofncore.cycles.status import window_problem
from ofncore.fees.lives import keeps_terms, resized, with_lines
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher_again
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.customer import Customer
from ofncore.model.event import OrderCancelled, OrderChanged
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order, OrderLine, OrderState
from ofncore.model.product import Variant
from ofncore.model.stock import StockCause, StockItem
from ofncore.model.voucher import Voucher
from ofncore.orders.line_rights import LineRights, line_rights
from ofncore.orders.placing import is_quantity
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import too_large
from ofncore.orders.stock import movements_between, shortage_problem
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order, is_staff
from ofncore.permissions.relations import Relations

#: States in which lines can change and the order can be cancelled (ORD-5).
OPEN_STATES: Final = (
    OrderState.RECEIVED,
    OrderState.AWAITING_PAYMENT,
    OrderState.PROCESSING,
    OrderState.READY,
)


@attrs.frozen(kw_only=True)
class ChangingFacts:
    """What is known when a placed order is to be changed."""

    #: As of now, with the tax rates of the order's zone.
    offer: Offer
    #: The same terms with the tax rates in force when the order was placed; None if they are still the same.
    placed_terms: PricingTerms | None = None
    #: The variants of the order, whether or not they are still offered.
    variants: Mapping[VariantId, Variant]
    customer: Customer
    #: Know at least the shop, the coordinator and the suppliers of the order.
    relations: Relations
    #: Stock of at least the variants of the order.
    stock: Mapping[VariantId, StockItem]
    #: The order's own methods, whether or not they are still offered.
    shipping_method: ShippingMethod
    payment_method: PaymentMethod
    #: The voucher the order has, withdrawn or not; None if it has none, or it is not known any more.
    voucher: Voucher | None = None

    @property
    def tariff(self) -> Tariff:
        """What the order would be charged by today."""
        return Tariff(
            terms=self.offer.terms,
            variants=self.variants,
            shipping=self.shipping_method,
            payment=self.payment_method,
        )

    def tariff_of(self, order: Order) -> Tariff:
        """Return what changes of *order* are charged by: with the tax rates of its placing, if it keeps its terms."""
        today = self.tariff
        if self.placed_terms is None or not keeps_terms(order, today.terms.profile):
            return today
        return attrs.evolve(today, terms=self.placed_terms)

    def rights(self, order: Order, actor: Actor) -> LineRights:
        """Return what *actor* may change of the lines of *order*."""
        cycle, profile = self.offer.cycle, self.offer.terms.profile
        return line_rights(order, actor, self.relations, customer=self.customer, cycle=cycle, profile=profile)

    def with_lines(self, order: Order, lines: Sequence[OrderLine]) -> Order:
        """Return *order* with *lines*, its charges and taxes, and what its voucher takes off."""
        changed = with_lines(order, lines, self.tariff_of(order))
        return with_voucher_again(changed, self.voucher, self.offer.terms.profile)


def plan_change(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, *, actor: Actor, now: datetime
) -> OrderPlan | Refusal:
    """Decide new *quantities* for lines of *order*; lines not named stay.

    Staff may raise and lower until the order is shipped. Customers may only lower, while the cycle is open, if the
    shop allows it (SUB-K14); for more they place a second order (SUB-K15). A supplier's managers raise and lower its
    own lines as staff do, if the shop lets suppliers change orders (ORD-O25). At least one line must stay above zero:
    otherwise it is a cancellation. Prices stay as they were, and final weights follow the quantities. Fees, shipping,
    payment fee, taxes and voucher are computed on the new quantities; by default by the terms that gave them before
    (FEE-13.16).

    Returns:
        The plan; one without events changes nothing. Or a refusal with every problem found; a supplier that asks for
        lines of others is told only of those (`NEEDS_MANAGER`, at the path of each).
    """
    problems = _change_problems(order, quantities, facts, actor=actor, now=now)
    if problems:
        return Refusal(problems)
    profile = facts.offer.terms.profile
    lines = tuple(_with_quantity(line, quantities.get(line.variant), profile) for line in order.lines)
    large = too_large(lines)
    if large is not None:
        return _bad_size(large)
    changed = facts.with_lines(order, lines)
    large = too_large(changed.lines, changed)
    if large is not None:
        return _bad_size(large)
    occasion = occasion_of(order, now)
    moves = movements_between(order, changed, cause=StockCause.CHANGED, occasion=occasion, actor=actor, at=now)
    variants = tuple(
        before.variant
        for before, after in zip(order.lines, changed.lines, strict=True)
        if before.quantity != after.quantity
    )
    event = OrderChanged(order=order.id, variants=variants, total=changed.total, actor=actor, at=now, occasion=occasion)
    return OrderPlan(order=changed, movements=tuple(moves), events=(event,) if variants else ())


def plan_cancellation(
    order: Order, facts: ChangingFacts, *, actor: Actor, now: datetime, restock: bool = True
) -> OrderPlan | Refusal:
    """Decide the cancellation of *order*.

    Customers may cancel while the cycle is open, if the shop lets them change orders; staff until it is shipped. The
    order keeps its lines; its quantities go back to stock unless staff say that *restock* is false (SUB-K9). What was
    paid is then owed back.
    """
    problems = tuple(access_problems(order, OrderAction.CANCEL, facts, actor=actor, now=now))
    if problems:
        return Refusal(problems)
    # Whether goods can be sold again is for those to say who have them.
    restocked = restock or not _by_staff(facts, actor)
    cancelled = attrs.evolve(order, state=OrderState.CANCELLED, cancelled_at=now)
    moves = (
        movements_between(order, cancelled, cause=StockCause.CANCELLED, occasion="", actor=actor, at=now)
        if restocked
        else ()
    )
    event = OrderCancelled(order=order.id, restocked=restocked, actor=actor, at=now)
    return OrderPlan(order=cancelled, movements=tuple(moves), events=(event,))


def occasion_of(order: Order, now: datetime) -> str:
    """Return what tells this change of *order* from its others."""
    # The version alone would come again in a storage that the order is copied to.
    return joined_id(iso(now), str(order.version))


def _bad_size(large: OrderLine) -> Refusal:
    return Refusal.of(Code.BAD_QUANTITY, f"$.quantities.{large.variant}", found=str(large.quantity))


def _with_quantity(line: OrderLine, quantity: int | None, profile: Profile) -> OrderLine:
    if quantity is None or quantity == line.quantity:
        return line
    return resized(line, quantity, profile.weight_from_zero)


def _by_staff(facts: ChangingFacts, actor: Actor) -> bool:
    shop, coordinator = facts.offer.terms.distributor.id, facts.offer.cycle.coordinator
    return is_staff(actor, facts.relations, distributor=shop, coordinator=coordinator)


def access_problems(
    order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> Iterator[Problem]:
    """Yield why *actor* may not change *order* now: staff until it is shipped, others while its cycle is open."""
    yield from staff_problems(order, action, facts, actor=actor)
    if not _by_staff(facts, actor):
        yield from window_problems(facts, now)


def window_problems(facts: ChangingFacts, now: datetime) -> Iterator[Problem]:
    """Yield why no customer may change an order now: the cycle is not open, or the shop does not let them."""
    shop, bounds = facts.offer.terms.distributor, facts.offer.terms.profile.cycle_bounds
    closed = window_problem(facts.offer.cycle, now, bounds=bounds, path="$.order_cycle")
    if closed is not None:
        yield closed
    if not shop.shop.customers_may_change_orders:
        yield problem(Code.CHANGES_NOT_ALLOWED, distributor=shop.name)


def staff_problems(order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor) -> Iterator[Problem]:
    """Yield why *actor* may not do *action* to *order*, or nobody may any more."""
    yield from check_order(
        actor,
        action,
        facts.relations,
        customer=facts.customer,
        distributor=facts.offer.terms.distributor.id,
        cycle=facts.offer.cycle,
        key=order.id,
    ).problems
    yield from state_problems(order)


def state_problems(order: Order) -> Iterator[Problem]:
    """Yield why nobody may change *order* any more."""
    if order.state not in OPEN_STATES:
        yield problem(Code.NOT_CHANGEABLE, "$.state", state=order.state)


def _supplying(facts: ChangingFacts) -> dict[VariantId, StockItem]:
    """Return the stock of what is still sold; what was withdrawn never supplies (ORD-Q2)."""
    withdrawn = {key for key, variant in facts.variants.items() if variant.deleted}
    return {key: item for key, item in facts.stock.items() if key not in withdrawn}


def _change_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, *, actor: Actor, now: datetime
) -> tuple[Problem, ...]:
    rights = facts.rights(order, actor)
    denials = tuple(rights.denials(quantities))
    # What else is wrong would tell a supplier about the lines of others.
    if denials and rights.own:
        return denials
    return (
        *denials,
        *state_problems(order),
        *(() if rights.is_free(quantities) else window_problems(facts, now)),
        *_quantity_problems(order, quantities, facts, rights),
    )


def _quantity_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, rights: LineRights
) -> Iterator[Problem]:
    for variant, quantity in quantities.items():
        path = f"$.quantities.{variant}"
        line = order.line_of(variant)
        if line is None:
            yield problem(Code.NO_SUCH_LINE, path, variant=variant)
            continue
        name = f"{line.product_name} {line.variant_name}".strip()
        if not is_quantity(quantity):
            yield problem(Code.BAD_QUANTITY, path, found=str(quantity))
        elif quantity > line.quantity:
            if not rights.may_raise(variant):
                yield problem(Code.ONLY_LESS, path, variant=name)
            short = shortage_problem(_supplying(facts), variant, quantity - line.quantity, path=path, name=name)
            yield from () if short is None else (short,)
    after = {line.variant: line.quantity for line in order.lines} | dict(quantities)
    if not any(isinstance(quantity, int) and quantity > 0 for quantity in after.values()):
        yield problem(Code.LAST_LINE, "$.quantities")
