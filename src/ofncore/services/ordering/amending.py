"""Amending a placed order, in one unit of work."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypedDict

import attrs

from ofncore.fees.repricing import Repricing
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderId, TaxCategoryId, VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order
from ofncore.model.product import Variant
from ofncore.orders.balance import balance_of
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.charging import no_longer_awaiting
from ofncore.orders.discounting import plan_voucher
from ofncore.orders.plan import OrderPlan
from ofncore.orders.repricing import plan_reprice
from ofncore.orders.terms import kept_terms
from ofncore.orders.vouchers import unknown_voucher
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import is_buyer
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_catalogue, load_managers, load_offer, load_voucher
from ofncore.services.ordering import letters
from ofncore.services.ordering.rights import may
from ofncore.services.recording import move_stock, post, record_events

#: Decides what becomes of a stored order.
Decision = Callable[[Order, ChangingFacts], OrderPlan | Refusal]


@attrs.frozen(kw_only=True)
class Amendment:
    """Who amends an order, when, and by which policies."""

    actor: Actor
    now: datetime
    profile: Profile
    #: The variant that is to be added, if one is.
    adding: VariantId | None = None

    def cancel(self, unit: UnitOfWork, order: OrderId, decide: Decision) -> Order | Refusal:
        """Store what *decide* says of cancelling an order; one that is cancelled already is left as it is."""
        before = unit.orders.find(order)
        if before is not None and before.cancelled_at is not None:
            return may(unit, before, OrderAction.CANCEL, self.actor) or before
        return self.apply(unit, order, decide)

    def apply(self, unit: UnitOfWork, order: OrderId, decide: Decision) -> Order | Refusal:
        """Store what *decide* says, and tell; a plan without events changes nothing."""
        before = unit.orders.find(order)
        if before is None:
            return _unknown(order)
        facts = self.facts(unit, before)
        plan = decide(before, facts)
        if isinstance(plan, Refusal) or not plan.events:
            return plan if isinstance(plan, Refusal) else before
        short = move_stock(unit, plan.movements)
        if short is not None:
            return short
        stored = unit.orders.save(no_longer_awaiting(plan.order, unit.payments.of_orders([order])))
        record_events(unit, plan.events)
        self._tell(unit, before, stored, facts)
        return stored

    def apply_voucher(self, unit: UnitOfWork, order: OrderId, code: str) -> Order | Refusal:
        """Store that an order has the voucher with this *code*, or with an empty one none."""

        def decide(stored: Order, facts: ChangingFacts) -> OrderPlan | Refusal:
            voucher = unit.vouchers.by_code(stored.distributor, code) if code else None
            plan = plan_voucher(stored, voucher, facts, actor=self.actor, now=self.now)
            # Who may not change the order is not told which codes there are.
            if isinstance(plan, Refusal) or voucher is not None or not code:
                return plan
            return Refusal((unknown_voucher(code, facts.offer.terms.distributor),))

        return self.apply(unit, order, decide)

    def preview(self, unit: UnitOfWork, order: OrderId) -> Repricing | Refusal:
        """Return what `ofncore.orders.repricing.plan_reprice` would change of an order."""
        found = unit.orders.find(order)
        if found is None:
            return _unknown(order)
        plan = plan_reprice(found, self.facts(unit, found), actor=self.actor, now=self.now)
        return plan if isinstance(plan, Refusal) else plan.repricing

    def facts(self, unit: UnitOfWork, order: Order) -> ChangingFacts:
        """Return what is known when *order* is to be amended now."""
        cycle = unit.order_cycles.get(order.order_cycle)
        added = () if self.adding is None else (self.adding,)
        variants, _ = load_catalogue(unit, [*(line.variant for line in order.lines), *added])
        offer = load_offer(unit, cycle, order.distributor, self.profile)
        customer = unit.customers.get(order.customer)
        return ChangingFacts(
            offer=attrs.evolve(offer, terms=kept_terms(offer, order, customer, at=self.now)),
            placed_terms=kept_terms(offer, order, customer, at=order.terms_at),
            variants=variants,
            customer=customer,
            relations=load_managers(
                unit,
                self.actor,
                {order.distributor, cycle.coordinator, *_suppliers(order, variants.values())},
            ),
            stock=unit.stock.items(variants),
            shipping_method=unit.shipping_methods.get(order.shipping.method),
            payment_method=unit.payment_methods.get(order.payment.method),
            voucher=load_voucher(unit, order),
        )

    def _tell(self, unit: UnitOfWork, before: Order, after: Order, facts: ChangingFacts) -> None:
        shop, customer, at = facts.offer.terms.distributor, facts.customer, self.now
        outstanding = balance_of(after, unit.payments.of_orders([after.id])).outstanding
        when: _When = {"at": at, "occasion": joined_id(iso(at), str(before.version))}
        if after.cancelled_at is not None:
            post(unit, [letters.cancellation(after, customer, shop, outstanding, **when)])
            if is_buyer(self.actor, customer):
                post(unit, [letters.withdrawal(after, customer, shop, outstanding, **when)])
        elif _is_news(before, after):
            cycle, known = facts.offer.cycle, facts.variants
            post(unit, [letters.change(before, after, customer, shop, cycle, outstanding, variants=known, **when)])
            if facts.rights(before, self.actor).is_supplier:
                post(unit, [letters.supplier_change(before, after, customer, shop, facts.relations, **when)])


def _suppliers(order: Order, variants: Iterable[Variant]) -> Iterator[EnterpriseId]:
    """Yield whose goods the lines hold, and of whom *variants* are today."""
    yield from (line.supplier for line in order.lines)
    yield from (each.supplier for each in variants)


class _When(TypedDict):
    at: datetime
    occasion: str


def _is_news(before: Order, after: Order) -> bool:
    """Whether the customer gets something else, or pays something else; a line of nothing may come and go."""
    then, now = ({line.variant: line.quantity for line in order.lines if line.quantity} for order in (before, after))
    return then != now or before.total != after.total


def unknown_category(unit: UnitOfWork, category: TaxCategoryId | None) -> Refusal | None:
    """Return that there is no such tax category, None if there is, or none is asked for."""
    if category is None or unit.tax_categories.find(category) is not None:
        return None
    return Refusal.of(Code.UNKNOWN_RECORD, "$.tax_category", kind="tax_category", id=category)


def _unknown(order: OrderId) -> Refusal:
    return Refusal.of(Code.UNKNOWN_RECORD, kind="order", id=order)
