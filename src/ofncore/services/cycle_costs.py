"""What a whole cycle costs: costs shared out, suppliers' invoices passed on, other fees tried."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from ofncore.fees.cost_split import CostSplit, CycleCost
from ofncore.fees.invoice_plan import InvoicePlan
from ofncore.fees.invoices import InvoicedFees, SupplierInvoice
from ofncore.fees.what_if import FeeProposal
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.orders.cycle_costs import CostPlan, CycleFacts, InvoicingPlan, plan_cost, plan_invoicing
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.costing.comparing import FeesCompared, compare
from ofncore.services.costing.facts import load_facts, load_records
from ofncore.services.costing.storing import store_plans
from ofncore.services.wiring import Wiring

P = TypeVar("P", CostPlan, InvoicingPlan)


class CycleCostService:
    """Charges all orders of a cycle at once, and tells what would come of it. For the coordinator's managers."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def preview_cost(
        self, order_cycle: OrderCycleId, cost: CycleCost, *, actor: Actor, now: datetime
    ) -> CostSplit | Refusal:
        """Return what `share_cost` would do; nothing is stored."""
        found = self._plan(order_cycle, _cost_rule(cost, actor, now), actor=actor, now=None)
        return found if isinstance(found, Refusal) else found.split

    def share_cost(
        self, order_cycle: OrderCycleId, cost: CycleCost, *, actor: Actor, now: datetime
    ) -> CostSplit | Refusal:
        """Set on each order of a cycle what it bears of a cost, all or nothing (see `plan_cost`).

        The same cost again changes nothing and tells nobody anything. Customers who pay another amount are told.
        """
        found = self._plan(order_cycle, _cost_rule(cost, actor, now), actor=actor, now=now)
        return found if isinstance(found, Refusal) else found.split

    def preview_invoice(
        self,
        order_cycle: OrderCycleId,
        invoice: SupplierInvoice,
        *,
        actor: Actor,
        now: datetime,
        fees: InvoicedFees = InvoicedFees.FROZEN,
    ) -> InvoicePlan | Refusal:
        """Return what `pass_on_invoice` would do; nothing is stored."""
        found = self._plan(order_cycle, _invoice_rule(invoice, fees, actor, now), actor=actor, now=None)
        return found if isinstance(found, Refusal) else found.invoiced

    def pass_on_invoice(
        self,
        order_cycle: OrderCycleId,
        invoice: SupplierInvoice,
        *,
        actor: Actor,
        now: datetime,
        fees: InvoicedFees = InvoicedFees.FROZEN,
    ) -> InvoicePlan | Refusal:
        """Price the orders of a cycle by what a supplier invoiced, all or nothing (see `plan_invoicing`).

        The same invoice again changes nothing and tells nobody anything. Customers who pay another amount are told.
        """
        found = self._plan(order_cycle, _invoice_rule(invoice, fees, actor, now), actor=actor, now=now)
        return found if isinstance(found, Refusal) else found.invoiced

    def compare_fees(
        self, order_cycle: OrderCycleId, proposal: FeeProposal, *, actor: Actor, now: datetime
    ) -> FeesCompared | Refusal:
        """Return what the prices of all shops of a cycle, and its placed orders, would be by other fees.

        Prices are those of a visitor at the instant *now*; orders are charged as of when their terms are. Nothing is
        stored. A proposal is refused if it attaches a fee that nobody knows.
        """
        instant = as_instant(now)
        return self._wiring.run(
            lambda unit: compare(unit, order_cycle, proposal, actor=actor, now=instant, profile=self._wiring.profile)
        )

    def _plan(
        self,
        order_cycle: OrderCycleId,
        decide: Callable[[CycleFacts], P | Refusal],
        *,
        actor: Actor,
        now: datetime | None,
    ) -> P | Refusal:
        """Return what *decide* says; it is stored as of *now*, or with None not at all."""

        def work(unit: UnitOfWork) -> P | Refusal:
            cycle = unit.order_cycles.find(order_cycle)
            if cycle is None:
                return Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id=order_cycle)
            records = load_records(unit, cycle)
            plan = decide(load_facts(unit, cycle, records, actor=actor, profile=self._wiring.profile))
            if now is not None and not isinstance(plan, Refusal):
                store_plans(unit, plan.plans, cycle, records, now=as_instant(now))
            return plan

        return self._wiring.run(work)


def _cost_rule(cost: CycleCost, actor: Actor, now: datetime) -> Callable[[CycleFacts], CostPlan | Refusal]:
    instant = as_instant(now)
    return lambda facts: plan_cost(cost, facts, actor=actor, now=instant)


def _invoice_rule(
    invoice: SupplierInvoice, fees: InvoicedFees, actor: Actor, now: datetime
) -> Callable[[CycleFacts], InvoicingPlan | Refusal]:
    instant = as_instant(now)
    return lambda facts: plan_invoicing(invoice, facts, fees=fees, actor=actor, now=instant)
