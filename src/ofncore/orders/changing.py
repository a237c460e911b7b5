"""Changing the quantities of a placed order.

Source:
    ORD-5 (change lines), ORD-6, ORD-O25 (suppliers), ORD-Q2, ORD-Q5, PERM-7, SUB-4, SUB-K12, SUB-K14, FEE-13.16
    (frozen terms).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

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
from ofncore.model.event import OrderChanged
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order, OrderLine
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


@attrs.frozen(kw_only=True)
class ChangingFacts:
    """What is known when a placed order is to be changed."""

    #: As of now, with the tax rates of the order's zone.
    offer: Offer
    #: The same terms with the tax rates in force when the order was placed; None if they are still the same.
    placed_terms: PricingTerms | None = None
    #: The variants of the order, and one that is to be added to it, whether or not they are still offered.
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

    def by_staff(self, actor: Actor) -> bool:
        """Whether *actor* is staff for the order."""
        shop, coordinator = self.offer.terms.distributor.id, self.offer.cycle.coordinator
        return is_staff(actor, self.relations, distributor=shop, coordinator=coordinator)

    def rights(self, order: Order, actor: Actor, action: OrderAction = OrderAction.CHANGE) -> LineRights:
        """Return to which lines of *order* the *actor* may do *action*, by default change them."""
        cycle, profile = self.offer.cycle, self.offer.terms.profile
        return line_rights(order, actor, action, self.relations, customer=self.customer, cycle=cycle, profile=profile)

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
    return plan_lines(order, lines, facts, actor=actor, now=now, path_of=_quantity_path)


def plan_lines(
    order: Order,
    lines: Sequence[OrderLine],
    facts: ChangingFacts,
    *,
    actor: Actor,
    now: datetime,
    path_of: Callable[[VariantId], str],
) -> OrderPlan | Refusal:
    """Return what becomes of *order* with *lines*, which somebody may give it: charges, taxes, voucher, stock, event.

    *path_of* a variant is where it is told that its line makes the order come to more than can be written.
    """
    large = too_large(lines)
    if large is not None:
        return _bad_size(large, path_of)
    changed = facts.with_lines(order, lines)
    large = too_large(changed.lines, changed)
    if large is not None:
        return _bad_size(large, path_of)
    occasion = occasion_of(order, now)
    moves = movements_between(order, changed, cause=StockCause.CHANGED, occasion=occasion, actor=actor, at=now)
    variants = tuple(_differing(order, changed))
    event = OrderChanged(order=order.id, variants=variants, total=changed.total, actor=actor, at=now, occasion=occasion)
    return OrderPlan(order=changed, movements=tuple(moves), events=(event,) if variants else ())


def occasion_of(order: Order, now: datetime) -> str:
    """Return what tells this change of *order* from its others."""
    # The version alone would come again in a storage that the order is copied to.
    return joined_id(iso(now), str(order.version))


def _differing(before: Order, after: Order) -> Iterator[VariantId]:
    """Yield the variants whose lines came, went, or got another quantity."""
    then, now = ({line.variant: line.quantity for line in order.lines} for order in (before, after))
    return (variant for variant in then | now if then.get(variant) != now.get(variant))


def _quantity_path(variant: VariantId) -> str:
    return f"$.quantities.{variant}"


def _bad_size(large: OrderLine, path_of: Callable[[VariantId], str]) -> Refusal:
    return Refusal.of(Code.BAD_QUANTITY, path_of(large.variant), found=str(large.quantity))


def _with_quantity(line: OrderLine, quantity: int | None, profile: Profile) -> OrderLine:
    if quantity is None or quantity == line.quantity:
        return line
    return resized(line, quantity, profile.weight_from_zero)


def access_problems(
    order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor, now: datetime
) -> Iterator[Problem]:
    """Yield why *actor* may not change *order* now: staff until it is shipped, others while its cycle is open.

    Only who may change it as its buyer is told what the shop lets customers do.
    """
    denials = _denials(order, action, facts, actor)
    yield from denials
    yield from state_problems(order)
    if not facts.by_staff(actor):
        yield from _window_problems(facts, now)
        yield from () if denials else _buyer_problems(facts)


def staff_problems(order: Order, action: OrderAction, facts: ChangingFacts, *, actor: Actor) -> Iterator[Problem]:
    """Yield why *actor* may not do *action* to *order*, or nobody may any more."""
    yield from _denials(order, action, facts, actor)
    yield from state_problems(order)


def _denials(order: Order, action: OrderAction, facts: ChangingFacts, actor: Actor) -> tuple[Problem, ...]:
    """Return why *actor* may not do *action* to *order*, whenever that is."""
    return check_order(
        actor,
        action,
        facts.relations,
        customer=facts.customer,
        distributor=facts.offer.terms.distributor.id,
        cycle=facts.offer.cycle,
        key=order.id,
    ).problems


def _window_problems(facts: ChangingFacts, now: datetime) -> Iterator[Problem]:
    """Yield that no customer may change an order now: the cycle is not open."""
    bounds = facts.offer.terms.profile.cycle_bounds
    closed = window_problem(facts.offer.cycle, now, bounds=bounds, path="$.order_cycle")
    yield from () if closed is None else (closed,)


def _buyer_problems(facts: ChangingFacts) -> Iterator[Problem]:
    """Yield that the shop does not let customers change orders."""
    shop = facts.offer.terms.distributor
    if not shop.shop.customers_may_change_orders:
        yield problem(Code.CHANGES_NOT_ALLOWED, distributor=shop.name)


def _switch_problems(facts: ChangingFacts, rights: LineRights) -> Iterator[Problem]:
    """Yield which switch of the shop keeps an actor with *rights* from the lines: as buyer, or as supplier."""
    shop = facts.offer.terms.distributor
    if not rights.problems:
        yield from _buyer_problems(facts)
    elif rights.supplies and not shop.shop.producers_may_change_orders:
        yield problem(Code.PRODUCER_CHANGES_NOT_ALLOWED, distributor=shop.name)


def state_problems(order: Order) -> Iterator[Problem]:
    """Yield why nobody may change *order* any more."""
    if not order.is_changeable:
        yield problem(Code.NOT_CHANGEABLE, "$.state", state=order.state)


def line_access_problems(
    order: Order,
    paths: Mapping[VariantId, str],
    rights: LineRights,
    facts: ChangingFacts,
    *,
    now: datetime,
    others: Iterable[Problem],
) -> tuple[Problem, ...]:
    """Return why somebody with *rights* may not change the lines of some variants now, each at its place in *paths*.

    Who may is told of the *others* too; who may not learns nothing of the lines by asking (PERM-G16).
    """
    denials = tuple(rights.denials(paths))
    # What else is wrong would tell a supplier about the lines of others.
    if denials and rights.own:
        return denials
    return (
        *denials,
        *state_problems(order),
        *(() if rights.is_free(paths) else (*_window_problems(facts, now), *_switch_problems(facts, rights))),
        *(() if denials else others),
    )


def supplying(facts: ChangingFacts) -> dict[VariantId, StockItem]:
    """Return the stock of what is still sold; what was withdrawn never supplies (ORD-Q2)."""
    withdrawn = {key for key, variant in facts.variants.items() if variant.deleted}
    return {key: item for key, item in facts.stock.items() if key not in withdrawn}


def _change_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, *, actor: Actor, now: datetime
) -> tuple[Problem, ...]:
    rights = facts.rights(order, actor)
    paths = {variant: _quantity_path(variant) for variant in quantities}
    return line_access_problems(
        order, paths, rights, facts, now=now, others=_quantity_problems(order, quantities, facts, rights)
    )


def _quantity_problems(
    order: Order, quantities: Mapping[VariantId, int], facts: ChangingFacts, rights: LineRights
) -> Iterator[Problem]:
    for variant, quantity in quantities.items():
        path = _quantity_path(variant)
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
            short = shortage_problem(supplying(facts), variant, quantity - line.quantity, path=path, name=name)
            yield from () if short is None else (short,)
    after = {line.variant: line.quantity for line in order.lines} | dict(quantities)
    yield from last_line_problems(after.values(), "$.quantities")


def last_line_problems(quantities: Collection[object], path: str) -> Iterator[Problem]:
    """Yield that an order with nothing but these *quantities* would hold nothing: it is cancelled instead."""
    if not any(isinstance(quantity, int) and quantity > 0 for quantity in quantities):
        yield problem(Code.LAST_LINE, path)
