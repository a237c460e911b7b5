"""Taking an order, in one unit of work."""

from datetime import datetime

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.placing import PlacingFacts, plan_order, same_request
from ofncore.orders.request import OrderRequest
from ofncore.permissions.actions import OrderAction
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import free_code, load_managers, load_offer
from ofncore.services.ordering.letters import arrival, confirmation
from ofncore.services.ordering.rights import may
from ofncore.services.recording import move_stock, post, record_events


def take(unit: UnitOfWork, request: OrderRequest, *, actor: Actor, now: datetime, profile: Profile) -> Order | Refusal:
    """Store the order of *request*, or the one that was stored for its key before."""
    earlier = unit.orders.find(OrderId(request.key))
    if earlier is not None:
        return may(unit, earlier, OrderAction.TAKE, actor) or _repeated(earlier, request)
    cycle = unit.order_cycles.find(request.order_cycle)
    customer = unit.customers.find(request.customer)
    shop = unit.enterprises.find(request.distributor)
    if cycle is None or customer is None or shop is None:
        return Refusal(tuple(_unknown(request, cycle=cycle, customer=customer, distributor=shop)))
    if shop.order_code_prefix is None:
        return Refusal.of(Code.NOT_A_SHOP, "$.distributor", enterprise=shop.name)
    facts = _facts(unit, request, customer, cycle, shop, actor=actor, profile=profile)
    plan = plan_order(request, facts, actor=actor, now=now, code=free_code(unit, shop, request.key))
    if isinstance(plan, Refusal):
        return plan
    short = move_stock(unit, plan.movements)
    if short is not None:
        return short
    stored = unit.orders.add(plan.order)
    record_events(unit, plan.events)
    told = confirmation(stored, customer, shop, cycle), arrival(stored, customer, shop, cycle, facts.relations)
    post(unit, told)
    return stored


def _repeated(earlier: Order, request: OrderRequest) -> Order | Refusal:
    return earlier if same_request(earlier, request) else Refusal.of(Code.KEY_REUSED, "$.key", key=request.key)


def _facts(
    unit: UnitOfWork,
    request: OrderRequest,
    customer: Customer,
    cycle: OrderCycle,
    shop: Enterprise,
    *,
    actor: Actor,
    profile: Profile,
) -> PlacingFacts:
    offer = load_offer(unit, cycle, shop.id, profile)
    suppliers = {variant.supplier for variant in offer.variants.values()}
    return PlacingFacts(
        offer=offer,
        customer=customer,
        relations=load_managers(unit, actor, {shop.id, cycle.coordinator, *suppliers}),
        stock=unit.stock.items([line.variant for line in request.lines]),
        voucher=unit.vouchers.by_code(shop.id, request.voucher) if request.voucher else None,
        summaries_sent=_summaries_sent(cycle),
    )


def _unknown(request: OrderRequest, **found: object) -> list[Problem]:
    names = {"cycle": "order_cycle", "customer": "customer", "distributor": "distributor"}
    kinds = {"cycle": "order_cycle", "customer": "customer", "distributor": "enterprise"}
    return [
        problem(Code.UNKNOWN_RECORD, f"$.{names[name]}", kind=kinds[name], id=getattr(request, names[name]))
        for name, record in found.items()
        if record is None
    ]


def _summaries_sent(cycle: OrderCycle) -> dict[EnterpriseId, datetime]:
    sent = cycle.producers_notified_at
    return {} if sent is None else {exchange.supplier: sent for exchange in cycle.incoming}
