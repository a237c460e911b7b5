"""Loads what questions about permissions need, and no more."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork

#: Cycles tell who belongs to the classes of actors that most rules begin with; their goods, who sees whom in them.
_CYCLES: Final = ("order_cycles", "variants")
#: What each kind of thing hangs on, by the name of its records, besides users, enterprises and grants.
_RECORDS: Final[Mapping[ResourceKind, Collection[str]]] = MappingProxyType(
    {
        ResourceKind.ENTERPRISE: (),
        ResourceKind.GRANT: (),
        ResourceKind.FEE: ("fees",),
        ResourceKind.TAG_RULE: (),
        ResourceKind.PAYMENT_METHOD: ("payment_methods",),
        ResourceKind.SHIPPING_METHOD: ("shipping_methods",),
        ResourceKind.CUSTOMER: ("customers",),
        ResourceKind.PRODUCT: ("products", "variants"),
        ResourceKind.VARIANT: ("variants",),
        ResourceKind.INVENTORY: (),
        ResourceKind.ORDER_CYCLE: ("order_cycles", "orders"),
        ResourceKind.CYCLE_ENTERPRISE: _CYCLES,
        ResourceKind.INCOMING: _CYCLES,
        ResourceKind.OUTGOING: _CYCLES,
        ResourceKind.INCOMING_VARIANT: _CYCLES,
        ResourceKind.OUTGOING_VARIANT: _CYCLES,
        ResourceKind.SCHEDULE: ("order_cycles", "schedules"),
        ResourceKind.SUBSCRIPTION: ("subscriptions",),
        ResourceKind.ORDER: ("order_cycles", "orders"),
        ResourceKind.ORDER_LINE: ("order_cycles", "orders"),
        ResourceKind.SCREEN: ("order_cycles", "orders"),
        ResourceKind.REPORT: (),
    }
)


def load_snapshot(unit: UnitOfWork, kinds: Iterable[ResourceKind], *more: str) -> Snapshot:
    """Return what questions about things of *kinds* need, and the records named in *more*."""
    relations = Relations.of(users=unit.users.all(), enterprises=unit.enterprises.all(), grants=unit.grants.all())
    names = {name for kind in kinds for name in _RECORDS[kind]} | set(more)
    records: dict[str, Iterable[Any]] = {name: getattr(unit, name).all() for name in names if name != "orders"}
    if "orders" in names:
        records["orders"] = _orders(unit)
    return _snapshot(relations, records)


def load_everything(unit: UnitOfWork) -> Snapshot:
    """Return all that any question about permissions could need."""
    return load_snapshot(unit, ResourceKind)


def _orders(unit: UnitOfWork) -> list[OrderFacts]:
    customers = {each.id: each for each in unit.customers.all()}
    return [OrderFacts.of(each, customers) for each in unit.orders.all()]


def _snapshot(relations: Relations, records: Mapping[str, Iterable[Any]]) -> Snapshot:
    given: Any = records
    return Snapshot.around(relations, **given)
