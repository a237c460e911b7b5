"""Worlds of permission cases as snapshots."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from ofncore.kernel.ids import EnterpriseId, OrderCycleId, OrderId, UserId, VariantId
from ofncore.model.customer import Customer
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.enterprise import Enterprise, Sells, ShopSettings
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.methods import DisplayOn, PaymentMethod, ShippingMethod
from ofncore.model.product import Variant
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.snapshot import LineKey, Snapshot, TagRuleFacts
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import Json

#: What the cases call the state of a cancelled order.
_CANCELLED: Final = "canceled"


def snapshot_of(world: Json) -> Snapshot:
    """Return the facts of *world*. Ids are the numbers of the case, as text."""
    return Snapshot.of(
        users=(worlds.user(str(each["id"]), is_admin=each["admin"]) for each in world["users"]),
        enterprises=(enterprise(each, world["users"]) for each in world["enterprises"]),
        grants=grants(world["relationships"]),
        products=(worlds.product(str(each["id"])) for each in world["products"]),
        variants=map(_variant, world["variants"]),
        fees=(worlds.fee(str(each["id"]), enterprise=str(each["enterprise"])) for each in world.get("fees", ())),
        payment_methods=map(payment_method, world["payment_methods"]),
        shipping_methods=map(shipping_method, world["shipping_methods"]),
        order_cycles=map(order_cycle, world["order_cycles"]),
        schedules=(
            worlds.schedule(str(each["id"]), order_cycles=ids(each["order_cycles"])) for each in world["schedules"]
        ),
        customers=map(_customer, world["customers"]),
        subscriptions=(
            worlds.subscription(
                str(each["id"]),
                shop=str(each["shop"]),
                schedule=str(each["schedule"]),
                customer=str(each["customer"]),
            )
            for each in world["subscriptions"]
        ),
        orders=_orders(world),
        tag_rules=(TagRuleFacts(str(each["id"]), EnterpriseId(str(each["enterprise"]))) for each in world["tag_rules"]),
    )


def ids(numbers: Iterable[int]) -> tuple[str, ...]:
    """Return *numbers* as ids."""
    return tuple(map(str, numbers))


def numbers(keys: Iterable[str]) -> list[int]:
    """Return the ids *keys* as the sorted numbers of the case."""
    return sorted(map(int, keys))


def line_key(order: Json, line: Json) -> LineKey:
    """Return how a line of a case is known."""
    return OrderId(str(order["id"])), VariantId(str(line["variant"]))


def enterprise(given: Json, users: Json) -> Enterprise:
    """Return an enterprise of a case, with those of *users* who manage it."""
    return worlds.enterprise(
        str(given["id"]),
        name=given["name"],
        owner=str(given["owner"]),
        managers=ids(user["id"] for user in users if given["id"] in user["manages"]),
        is_producer=given["is_primary_producer"],
        sells=Sells(given["sells"]),
        shop=ShopSettings(
            show_customer_names_to_suppliers=given["show_customer_names_to_suppliers"],
            show_customer_contacts_to_suppliers=given["show_customer_contacts_to_suppliers"],
            producers_may_change_orders=given["enable_producers_to_edit_orders"],
        ),
    )


def grants(relationships: Json) -> list[PermissionGrant]:
    """Return the grants of a case. The id of each is its position, from 1."""
    return [
        worlds.grant(
            str(number),
            grantor=str(each["parent"]),
            grantee=str(each["child"]),
            permissions=map(Permission, each["permissions"]),
        )
        for number, each in enumerate(relationships, start=1)
    ]


def payment_method(given: Json) -> PaymentMethod:
    """Return a payment method of a case."""
    return worlds.payment_method(
        str(given["id"]),
        distributors=ids(given["distributors"]),
        active=given["active"],
        display_on=_display_on(given),
    )


def shipping_method(given: Json) -> ShippingMethod:
    """Return a shipping method of a case."""
    return worlds.shipping_method(
        str(given["id"]), distributors=ids(given["distributors"]), display_on=_display_on(given)
    )


def order_cycle(given: Json) -> OrderCycle:
    """Return an order cycle of a case."""
    return worlds.order_cycle(
        str(given["id"]),
        name=given["name"],
        coordinator=str(given["coordinator"]),
        orders_open_at=_instant(given["orders_open_at"]),
        orders_close_at=_instant(given["orders_close_at"]),
        coordinator_fees=ids(given["coordinator_fees"]),
        incoming=tuple(map(_incoming, given["incoming"])),
        outgoing=tuple(map(_outgoing, given["outgoing"])),
    )


def _display_on(given: Json) -> DisplayOn:
    return DisplayOn(given.get("display_on") or "both")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _incoming(given: Json) -> IncomingExchange:
    return worlds.incoming(
        str(given["enterprise"]),
        *ids(given["variants"]),
        fees=ids(given["fees"]),
        receival_instructions=given["receival_instructions"] or "",
    )


def _outgoing(given: Json) -> OutgoingExchange:
    return worlds.outgoing(
        str(given["enterprise"]),
        *ids(given["variants"]),
        fees=ids(given["fees"]),
        ready_for=given["pickup_time"] or "",
        pickup_instructions=given["pickup_instructions"] or "",
        tags=given["tags"],
    )


def _variant(given: Json) -> Variant:
    return worlds.variant(
        str(given["id"]),
        product=str(given["product"]),
        supplier=str(given["enterprise"]),
        deleted=given["deleted"],
    )


def _customer(given: Json) -> Customer:
    return worlds.customer(str(given["id"]), enterprise=str(given["enterprise"]), user=_text(given["user"]))


def _orders(world: Json) -> Iterator[OrderFacts]:
    suppliers = {each["id"]: EnterpriseId(str(each["enterprise"])) for each in world["variants"]}
    for given in world["orders"]:
        variants = dict.fromkeys(line["variant"] for line in given["line_items"])
        shop, cycle, buyer = (_text(given[name]) for name in ("distributor", "order_cycle", "user"))
        yield OrderFacts(
            id=OrderId(str(given["id"])),
            distributor=None if shop is None else EnterpriseId(shop),
            order_cycle=None if cycle is None else OrderCycleId(cycle),
            buyer=None if buyer is None else UserId(buyer),
            is_placed=given["completed"],
            is_cancelled=given["state"] == _CANCELLED,
            lines=tuple(LineFacts(VariantId(str(each)), suppliers[each]) for each in variants),
        )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
