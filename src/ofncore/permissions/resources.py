"""What may be asked about, and how it is named."""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import attrs

from ofncore.kernel.ids import joined_id
from ofncore.permissions.screens import Report, Screen
from ofncore.permissions.snapshot import Snapshot


class ResourceKind(StrEnum):
    """The kinds of things that may be asked about; `WHEREABOUTS` names the ids that make up their keys."""

    ENTERPRISE = "enterprise"
    GRANT = "grant"
    FEE = "fee"
    TAG_RULE = "tag_rule"
    PAYMENT_METHOD = "payment_method"
    SHIPPING_METHOD = "shipping_method"
    CUSTOMER = "customer"
    PRODUCT = "product"
    VARIANT = "variant"
    #: Whose goods a hub may keep in its inventory.
    INVENTORY = "inventory"
    ORDER_CYCLE = "order_cycle"
    #: An enterprise as seen in one cycle.
    CYCLE_ENTERPRISE = "cycle_enterprise"
    #: What a supplier brings, which need not take part yet.
    INCOMING = "incoming"
    #: What a distributor sells, which need not take part yet.
    OUTGOING = "outgoing"
    #: One variant there.
    INCOMING_VARIANT = "incoming_variant"
    OUTGOING_VARIANT = "outgoing_variant"
    SCHEDULE = "schedule"
    SUBSCRIPTION = "subscription"
    ORDER = "order"
    ORDER_LINE = "order_line"
    #: A member of `Screen`, or of `Report`.
    SCREEN = "screen"
    REPORT = "report"


@attrs.frozen(kw_only=True)
class Whereabouts:
    """Where the things of a kind are, and which there are."""

    #: What the ids of a key are of, from the first to the last.
    parts: tuple[str, ...]
    #: How many of them tell where it is: in which cycle, of which supplier, distributor or hub.
    context: int = 0
    #: What kind of record is missing if there is no such thing.
    record: str
    #: All that are known; those about one exchange need not be in it.
    known: Callable[[Snapshot], Collection[Any]]

    #: Whether the key begins with the id of a cycle.
    in_cycle: bool = attrs.field(init=False)
    #: Whether the id of a supplier, distributor or hub comes before what is named there.
    of_participant: bool = attrs.field(init=False)
    #: How many ids are left to name one thing there.
    length: int = attrs.field(init=False)

    @in_cycle.default
    def _begins_with_cycle(self) -> bool:
        return "order_cycle" in self.where

    @of_participant.default
    def _has_participant(self) -> bool:
        return bool(self.where) and self.where[-1] != "order_cycle"

    @length.default
    def _count(self) -> int:
        return len(self.parts) - self.context

    @property
    def where(self) -> tuple[str, ...]:
        """What the ids are of that tell where it is."""
        return self.parts[: self.context]

    def key_in(self, key: tuple[str, ...]) -> str | tuple[str, ...]:
        """Return what names one thing there, of a whole *key*."""
        return key[self.context] if self.length == 1 else key[self.context :]


def _enterprises(snapshot: Snapshot) -> Collection[Any]:
    return snapshot.relations.enterprises


def _variants(snapshot: Snapshot) -> Collection[Any]:
    return snapshot.variants


def _plain(kind: ResourceKind, known: Callable[[Snapshot], Collection[Any]]) -> Whereabouts:
    """Return where things are that have an id of their own."""
    return Whereabouts(parts=(kind.value,), record=kind.value, known=known)


def _enterprise_at(*parts: str) -> Whereabouts:
    return Whereabouts(parts=parts, context=len(parts) - 1, record="enterprise", known=_enterprises)


def _variant_at(*parts: str) -> Whereabouts:
    return Whereabouts(parts=parts, context=len(parts) - 1, record="variant", known=_variants)


#: Where to look for each kind, and what its keys are made of.
WHEREABOUTS: Final[Mapping[ResourceKind, Whereabouts]] = MappingProxyType(
    {
        ResourceKind.ENTERPRISE: _plain(ResourceKind.ENTERPRISE, _enterprises),
        ResourceKind.GRANT: _plain(ResourceKind.GRANT, lambda snapshot: snapshot.grants),
        ResourceKind.FEE: _plain(ResourceKind.FEE, lambda snapshot: snapshot.fees),
        ResourceKind.TAG_RULE: _plain(ResourceKind.TAG_RULE, lambda snapshot: snapshot.tag_rules),
        ResourceKind.PAYMENT_METHOD: _plain(ResourceKind.PAYMENT_METHOD, lambda snapshot: snapshot.payment_methods),
        ResourceKind.SHIPPING_METHOD: _plain(ResourceKind.SHIPPING_METHOD, lambda snapshot: snapshot.shipping_methods),
        ResourceKind.CUSTOMER: _plain(ResourceKind.CUSTOMER, lambda snapshot: snapshot.customers),
        ResourceKind.PRODUCT: _plain(ResourceKind.PRODUCT, lambda snapshot: snapshot.products),
        ResourceKind.VARIANT: _plain(ResourceKind.VARIANT, _variants),
        ResourceKind.INVENTORY: _enterprise_at("hub", "supplier"),
        ResourceKind.ORDER_CYCLE: _plain(ResourceKind.ORDER_CYCLE, lambda snapshot: snapshot.order_cycles),
        ResourceKind.CYCLE_ENTERPRISE: _enterprise_at("order_cycle", "enterprise"),
        ResourceKind.INCOMING: _enterprise_at("order_cycle", "supplier"),
        ResourceKind.OUTGOING: _enterprise_at("order_cycle", "distributor"),
        ResourceKind.INCOMING_VARIANT: _variant_at("order_cycle", "supplier", "variant"),
        ResourceKind.OUTGOING_VARIANT: _variant_at("order_cycle", "distributor", "variant"),
        ResourceKind.SCHEDULE: _plain(ResourceKind.SCHEDULE, lambda snapshot: snapshot.schedules),
        ResourceKind.SUBSCRIPTION: _plain(ResourceKind.SUBSCRIPTION, lambda snapshot: snapshot.subscriptions),
        ResourceKind.ORDER: _plain(ResourceKind.ORDER, lambda snapshot: snapshot.orders),
        ResourceKind.ORDER_LINE: Whereabouts(
            parts=("order", "variant"), record="order_line", known=lambda snapshot: snapshot.lines
        ),
        ResourceKind.SCREEN: _plain(ResourceKind.SCREEN, lambda _snapshot: tuple(Screen)),
        ResourceKind.REPORT: _plain(ResourceKind.REPORT, lambda _snapshot: tuple(Report)),
    }
)


def as_kind(value: object) -> ResourceKind:
    """Return the kind that *value* is, or that its text names.

    Raises:
        ValueError: no kind of thing is called so.
        TypeError: it is no text at all.
    """
    if isinstance(value, ResourceKind):
        return value
    if not isinstance(value, str):
        message = f"a kind of thing is a ResourceKind, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    try:
        return ResourceKind(value)
    except ValueError:
        message = f"there is no kind of thing {value!r}; the kinds are {', '.join(ResourceKind)}"
        raise ValueError(message) from None


def ids_of(name: str, value: object) -> tuple[str, ...]:
    """Return the ids in *value*, the argument *name*.

    Raises:
        TypeError: it is one text, or anything else that is no collection of texts.
        ValueError: an id is empty.
    """
    # Listing makes very many keys; a tuple is told at once.
    if not isinstance(value, tuple) and (isinstance(value, str) or not isinstance(value, Iterable)):
        message = f"{name} must be a tuple of ids, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    ids = tuple(value)
    for each in ids:
        if not isinstance(each, str):
            message = f"each id in {name} must be a text, not {type(each).__name__} {each!r}"
            raise TypeError(message)
        if not each:
            message = f"an id in {name} is empty: {ids!r}"
            raise ValueError(message)
    return tuple(map(str, ids))


def _as_key(value: object) -> tuple[str, ...]:
    return ids_of("key", value)


@attrs.frozen
class Resource:
    """One thing, named by its kind and its key.

    Raises:
        ValueError: there is no such kind, the key has not as many ids as `WHEREABOUTS` names parts, or one is empty.
        TypeError: the kind or an id is no text, or the key is one text.
    """

    #: A kind, or its text.
    kind: ResourceKind = attrs.field(converter=as_kind)
    #: One or more ids; `WHEREABOUTS` names them for each kind.
    key: tuple[str, ...] = attrs.field(converter=_as_key)

    @key.validator
    def _check_key(self, _attribute: object, key: tuple[str, ...]) -> None:
        parts = WHEREABOUTS[self.kind].parts
        if len(key) != len(parts):
            message = f"the key of a thing of kind {self.kind.value!r} is ({', '.join(parts)}), not {key!r}"
            raise ValueError(message)

    def __str__(self) -> str:
        return f"{self.kind} {joined_id(*self.key)}"


def resource(kind: ResourceKind | str, *key: str) -> Resource:
    """Return the resource of *kind* with the ids *key*; see `Resource` for what is an error."""
    return Resource(kind, key)


def as_resource(value: object) -> Resource:
    """Return *value*, which is a resource.

    Raises:
        TypeError: it is anything else.
    """
    if not isinstance(value, Resource):
        message = f"a resource is asked about, made by resource(kind, *ids), not {type(value).__name__} {value!r}"
        raise TypeError(message)
    return value
