"""What may be asked about, and how it is named."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import attrs

from ofncore.kernel.ids import joined_id
from ofncore.permissions.screens import Report, Screen
from ofncore.permissions.snapshot import Snapshot


class ResourceKind(StrEnum):
    """The kinds of things that may be asked about. The comment names the ids that make up a longer key."""

    ENTERPRISE = "enterprise"
    GRANT = "grant"
    FEE = "fee"
    TAG_RULE = "tag_rule"
    PAYMENT_METHOD = "payment_method"
    SHIPPING_METHOD = "shipping_method"
    CUSTOMER = "customer"
    PRODUCT = "product"
    VARIANT = "variant"
    #: Whose goods a hub may keep in its inventory: the hub, the supplier.
    INVENTORY = "inventory"
    ORDER_CYCLE = "order_cycle"
    #: An enterprise as seen in one cycle: the cycle, the enterprise.
    CYCLE_ENTERPRISE = "cycle_enterprise"
    #: What a supplier brings: the cycle, the supplier, which need not take part yet.
    INCOMING = "incoming"
    #: What a distributor sells: the cycle, the distributor, which need not take part yet.
    OUTGOING = "outgoing"
    #: One variant there: the cycle, the supplier or distributor, the variant.
    INCOMING_VARIANT = "incoming_variant"
    OUTGOING_VARIANT = "outgoing_variant"
    SCHEDULE = "schedule"
    SUBSCRIPTION = "subscription"
    ORDER = "order"
    #: The order, the variant.
    ORDER_LINE = "order_line"
    #: A member of `Screen`, or of `Report`.
    SCREEN = "screen"
    REPORT = "report"


def _as_key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str, parts))


@attrs.frozen
class Resource:
    """One thing, named by its kind and its key."""

    kind: ResourceKind
    #: One or more ids; how many depends on the kind.
    key: tuple[str, ...] = attrs.field(converter=_as_key)

    def __str__(self) -> str:
        return f"{self.kind} {joined_id(*self.key)}"


def resource(kind: ResourceKind, *key: str) -> Resource:
    """Return the resource of *kind* with the ids *key*."""
    return Resource(kind, key)


@attrs.frozen(kw_only=True)
class Whereabouts:
    """Where the things of a kind are, and which there are."""

    #: What kind of record is missing if there is no such thing.
    record: str
    #: All that are known; those about one exchange need not be in it.
    known: Callable[[Snapshot], Collection[Any]]
    #: The key begins with the id of a cycle.
    in_cycle: bool = False
    #: Then comes the id of a supplier, distributor or hub.
    of_participant: bool = False
    #: How many ids are left to name one thing there.
    length: int = 1

    #: How many ids tell where it is.
    context: int = attrs.field(init=False)

    @context.default
    def _count(self) -> int:
        return self.in_cycle + self.of_participant

    def key_in(self, key: tuple[str, ...]) -> str | tuple[str, ...]:
        """Return what names one thing there, of a whole *key* that is long enough."""
        return key[self.context] if self.length == 1 else key[self.context :]


def _enterprises(snapshot: Snapshot) -> Collection[Any]:
    return snapshot.relations.enterprises


def _variants(snapshot: Snapshot) -> Collection[Any]:
    return snapshot.variants


#: Where to look for each kind.
WHEREABOUTS: Final[Mapping[ResourceKind, Whereabouts]] = MappingProxyType(
    {
        ResourceKind.ENTERPRISE: Whereabouts(record="enterprise", known=_enterprises),
        ResourceKind.GRANT: Whereabouts(record="grant", known=lambda snapshot: snapshot.grants),
        ResourceKind.FEE: Whereabouts(record="fee", known=lambda snapshot: snapshot.fees),
        ResourceKind.TAG_RULE: Whereabouts(record="tag_rule", known=lambda snapshot: snapshot.tag_rules),
        ResourceKind.PAYMENT_METHOD: Whereabouts(
            record="payment_method", known=lambda snapshot: snapshot.payment_methods
        ),
        ResourceKind.SHIPPING_METHOD: Whereabouts(
            record="shipping_method", known=lambda snapshot: snapshot.shipping_methods
        ),
        ResourceKind.CUSTOMER: Whereabouts(record="customer", known=lambda snapshot: snapshot.customers),
        ResourceKind.PRODUCT: Whereabouts(record="product", known=lambda snapshot: snapshot.products),
        ResourceKind.VARIANT: Whereabouts(record="variant", known=_variants),
        ResourceKind.INVENTORY: Whereabouts(record="enterprise", known=_enterprises, of_participant=True),
        ResourceKind.ORDER_CYCLE: Whereabouts(record="order_cycle", known=lambda snapshot: snapshot.order_cycles),
        ResourceKind.CYCLE_ENTERPRISE: Whereabouts(record="enterprise", known=_enterprises, in_cycle=True),
        ResourceKind.INCOMING: Whereabouts(record="enterprise", known=_enterprises, in_cycle=True),
        ResourceKind.OUTGOING: Whereabouts(record="enterprise", known=_enterprises, in_cycle=True),
        ResourceKind.INCOMING_VARIANT: Whereabouts(
            record="variant", known=_variants, in_cycle=True, of_participant=True
        ),
        ResourceKind.OUTGOING_VARIANT: Whereabouts(
            record="variant", known=_variants, in_cycle=True, of_participant=True
        ),
        ResourceKind.SCHEDULE: Whereabouts(record="schedule", known=lambda snapshot: snapshot.schedules),
        ResourceKind.SUBSCRIPTION: Whereabouts(record="subscription", known=lambda snapshot: snapshot.subscriptions),
        ResourceKind.ORDER: Whereabouts(record="order", known=lambda snapshot: snapshot.orders),
        ResourceKind.ORDER_LINE: Whereabouts(record="order_line", known=lambda snapshot: snapshot.lines, length=2),
        ResourceKind.SCREEN: Whereabouts(record="screen", known=lambda _snapshot: tuple(Screen)),
        ResourceKind.REPORT: Whereabouts(record="report", known=lambda _snapshot: tuple(Report)),
    }
)
