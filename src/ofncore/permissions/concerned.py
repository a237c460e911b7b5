"""The enterprises that a thing concerns: those whose managers may have a say in it."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    GrantId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ProductId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    VariantId,
)
from ofncore.permissions.resources import Resource, ResourceKind
from ofncore.permissions.view import View

_Found = Iterable[EnterpriseId]


def concerned(resource: Resource, view: View) -> tuple[EnterpriseId, ...]:
    """Return the enterprises that *resource* concerns, the nearest first, each once. It must be known."""
    return tuple(dict.fromkeys(_CONCERNED[resource.kind](view, *resource.key)))


def _enterprise(_view: View, enterprise: str) -> _Found:
    yield EnterpriseId(enterprise)


def _grant(view: View, key: str) -> _Found:
    grant = view.snapshot.grants[GrantId(key)]
    yield from (grant.grantor, grant.grantee)


def _cycle(view: View, key: str) -> _Found:
    cycle = view.snapshot.order_cycles[OrderCycleId(key)]
    yield cycle.coordinator
    yield from (each.supplier for each in cycle.incoming)
    yield from (each.distributor for each in cycle.outgoing)


def _exchange(view: View, _cycle: str, participant: str) -> _Found:
    yield view.cycle.cycle.coordinator
    yield EnterpriseId(participant)


def _exchange_variant(view: View, _cycle: str, participant: str, variant: str) -> _Found:
    yield from _exchange(view, _cycle, participant)
    yield view.snapshot.variants[VariantId(variant)].supplier


def _order(view: View, key: str) -> _Found:
    order = view.snapshot.orders[OrderId(key)]
    cycle = None if order.order_cycle is None else view.snapshot.order_cycles.get(order.order_cycle)
    if order.distributor is not None:
        yield order.distributor
    if cycle is not None:
        yield cycle.coordinator
    yield from order.suppliers


def _schedule(view: View, key: str) -> _Found:
    for cycle in view.snapshot.cycles_of_schedules.rights_of(ScheduleId(key)):
        yield from view.snapshot.coordinators.rights_of(cycle)


_CONCERNED: Final[Mapping[ResourceKind, Callable[..., _Found]]] = MappingProxyType(
    {
        ResourceKind.ENTERPRISE: _enterprise,
        ResourceKind.GRANT: _grant,
        ResourceKind.FEE: lambda view, key: view.snapshot.enterprises_of_fees.rights_of(FeeId(key)),
        ResourceKind.TAG_RULE: lambda view, key: view.snapshot.enterprises_of_tag_rules.rights_of(key),
        ResourceKind.PAYMENT_METHOD: lambda view, key: view.snapshot.shops_of_payment_methods.rights_of(
            PaymentMethodId(key)
        ),
        ResourceKind.SHIPPING_METHOD: lambda view, key: view.snapshot.shops_of_shipping_methods.rights_of(
            ShippingMethodId(key)
        ),
        ResourceKind.CUSTOMER: lambda view, key: view.snapshot.enterprises_of_customers.rights_of(CustomerId(key)),
        ResourceKind.PRODUCT: lambda view, key: view.snapshot.goods.suppliers_of_products.rights_of(ProductId(key)),
        ResourceKind.VARIANT: lambda view, key: (view.snapshot.variants[VariantId(key)].supplier,),
        ResourceKind.INVENTORY: lambda _view, hub, _supplier: (EnterpriseId(hub),),
        ResourceKind.ORDER_CYCLE: _cycle,
        ResourceKind.CYCLE_ENTERPRISE: _exchange,
        ResourceKind.INCOMING: _exchange,
        ResourceKind.OUTGOING: _exchange,
        ResourceKind.INCOMING_VARIANT: _exchange_variant,
        ResourceKind.OUTGOING_VARIANT: _exchange_variant,
        ResourceKind.SCHEDULE: _schedule,
        ResourceKind.SUBSCRIPTION: lambda view, key: view.snapshot.shops_of_subscriptions.rights_of(
            SubscriptionId(key)
        ),
        ResourceKind.ORDER: _order,
        ResourceKind.ORDER_LINE: lambda view, order, _variant: _order(view, order),
        ResourceKind.SCREEN: lambda _view, _key: (),
        ResourceKind.REPORT: lambda _view, _key: (),
    }
)
