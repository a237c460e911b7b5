"""Costs and suppliers' invoices of a whole cycle, set on all its orders at once.

Source:
    FEE-14 (whole-cycle cost split; reprice to the supplier's invoice), ORD-5, PERM-8.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from ofncore.fees.cost_split import CostSplit, CycleCost, split_cost
from ofncore.fees.invoice_plan import InvoicePlan, plan_invoice
from ofncore.fees.invoices import InvoicedFees, SupplierInvoice, amounts_of
from ofncore.fees.tariff import Tariff, tariff_of
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderId, TaxCategoryId, VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.cycle import OrderCycle
from ofncore.model.event import OrderAdjusted, OrderRepriced
from ofncore.model.order import Order
from ofncore.model.product import Variant
from ofncore.model.voucher import Voucher
from ofncore.orders.plan import OrderPlan
from ofncore.orders.sizes import is_writable, largest
from ofncore.permissions.actions import CycleAction, OrderAction
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class CycleFacts:
    """What is known when all orders of a cycle are to be charged something."""

    cycle: OrderCycle
    #: Who manages the coordinator.
    relations: Relations
    orders: tuple[Order, ...]
    #: That of each placed order, with the tax rates of when its terms are (`Order.terms_at`).
    tariffs: Mapping[OrderId, Tariff]
    #: Those of all lines of the orders.
    variants: Mapping[VariantId, Variant]
    #: That of each order that has one, as far as it is known.
    vouchers: Mapping[OrderId, Voucher]
    #: All there are.
    tax_categories: Collection[TaxCategoryId]

    @property
    def placed(self) -> Iterator[Order]:
        """The orders that count; cancelled ones stay as they are (ORD-D7)."""
        return (order for order in self.orders if order.is_placed)


@attrs.frozen(kw_only=True)
class CostPlan:
    """A cost, who bears it, and the orders as they are to be stored."""

    split: CostSplit
    #: One for each order that changes.
    plans: tuple[OrderPlan, ...]


@attrs.frozen(kw_only=True)
class InvoicingPlan:
    """An invoice, what it changes, and the orders as they are to be stored."""

    invoiced: InvoicePlan
    #: One for each order that changes.
    plans: tuple[OrderPlan, ...]


def plan_cost(cost: CycleCost, facts: CycleFacts, *, actor: Actor, now: datetime) -> CostPlan | Refusal:
    """Decide what each order of a cycle bears of *cost*, and set it on the orders; all of them, or none.

    For the managers of the coordinator. The key of the cost tells it from others: the same cost again changes nothing,
    and one with the same key takes its place. An order that is shipped or beyond cannot bear anything more; if its
    share would change, nothing is done.

    Returns:
        The plan, without order plans if nothing changes. Or a refusal with every problem found: those of `split_cost`,
        of the actor, of an amount beyond what can be written, of a tax category that there is not, of orders that
        cannot change.
    """
    refused = refusal_of((*_access_problems(facts, actor), *_size_problems("$.amount", cost.amount)))
    if refused is not None:
        return refused
    split = split_cost(cost, facts.orders, facts.variants)
    problems = tuple(_category_problems(cost, facts))
    if isinstance(split, Refusal):
        return Refusal((*split.problems, *problems))
    changes = [(order, split.adjusted(order, tariff_of(order.id, facts.tariffs).terms)) for order in facts.placed]
    refused = refusal_of((*problems, *_order_problems(changes)))
    return refused or CostPlan(split=split, plans=tuple(_plans(OrderAdjusted, changes, actor=actor, now=now)))


def plan_invoicing(
    invoice: SupplierInvoice,
    facts: CycleFacts,
    *,
    fees: InvoicedFees = InvoicedFees.FROZEN,
    actor: Actor,
    now: datetime,
) -> InvoicingPlan | Refusal:
    """Decide what the orders of a cycle cost by what a supplier really invoiced; all of them, or none.

    For the managers of the coordinator. The same invoice again changes nothing (see `plan_invoice`). Orders that are
    shipped or beyond cannot change any more; if the invoice would change one, nothing is done.

    Returns:
        The plan, without order plans if nothing changes. Or a refusal with every problem found: those of
        `ofncore.fees.invoices.invoice_problems`, of the actor, of amounts beyond what can be written, of orders that
        cannot change.
    """
    sizes = (each for path, amount in amounts_of(invoice) for each in _size_problems(path, amount))
    refused = refusal_of((*_access_problems(facts, actor), *sizes))
    if refused is not None:
        return refused
    invoiced = plan_invoice(invoice, facts.orders, facts.tariffs, fees=fees, vouchers=facts.vouchers)
    if isinstance(invoiced, Refusal):
        return invoiced
    changes = [(each.before, each.after) for each in invoiced.orders]
    refused = refusal_of(_order_problems(changes))
    return refused or InvoicingPlan(
        invoiced=invoiced, plans=tuple(_plans(OrderRepriced, changes, actor=actor, now=now))
    )


def _plans(
    event: type[OrderAdjusted] | type[OrderRepriced],
    changes: Iterable[tuple[Order, Order]],
    *,
    actor: Actor,
    now: datetime,
) -> Iterator[OrderPlan]:
    for before, after in changes:
        if after != before:
            # The version alone would come again in a storage that the order is copied to.
            occasion = joined_id(iso(now), str(before.version))
            told = event(order=after.id, total=after.total, actor=actor, at=now, occasion=occasion)
            yield OrderPlan(order=after, events=(told,))


# ---------------------------------------------------------------- why not


def coordinator_problems(
    cycle: OrderCycle, relations: Relations, actor: Actor, action: CycleAction | OrderAction
) -> Iterator[Problem]:
    """Yield why *actor* may not do *action* to a whole *cycle*: only its coordinator's managers may."""
    if not relations.manages(actor, cycle.coordinator):
        yield problem(Code.NEEDS_MANAGER, action=action, enterprises=(relations.name_of(cycle.coordinator),))


def _access_problems(facts: CycleFacts, actor: Actor) -> Iterator[Problem]:
    return coordinator_problems(facts.cycle, facts.relations, actor, OrderAction.CHANGE)


def _size_problems(path: str, amount: Money) -> Iterator[Problem]:
    if not is_writable(amount):
        most = largest(amount.currency)
        yield problem(Code.NUMBER_OUT_OF_RANGE, path, found=amount, lowest=-most, highest=most)


def _category_problems(cost: CycleCost, facts: CycleFacts) -> Iterator[Problem]:
    category = cost.tax_category
    if category is not None and category not in facts.tax_categories:
        yield problem(Code.UNKNOWN_RECORD, "$.tax_category", kind="tax_category", id=category)


def _order_problems(changes: Iterable[tuple[Order, Order]]) -> Iterator[Problem]:
    for before, after in changes:
        path = f"$.orders.{before.id}"
        if after != before and not before.is_changeable:
            yield problem(Code.NOT_CHANGEABLE, path, state=before.state)
        amounts = (after.total, *(line.amount for line in after.lines), *(each.amount for each in after.adjustments))
        yield from _size_problems(path, max(amounts, key=lambda amount: abs(amount.minor)))
