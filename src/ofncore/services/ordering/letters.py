"""Messages to customers and shops about one order."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from ofncore.fees.sizes import measured_text
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import UserId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order, OrderLine
from ofncore.model.product import Variant
from ofncore.orders import letters
from ofncore.orders.notices import to_customer, to_enterprise
from ofncore.permissions.order_scope import is_buyer
from ofncore.permissions.relations import Relations


def confirmation(order: Order, customer: Customer, shop: Enterprise, cycle: OrderCycle) -> Message:
    """Return what the customer of a new order is told."""
    letter = letters.order_placed(
        order,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        locale=customer.locale,
        zone=shop.time_zone,
    )
    kind = MessageKind.ORDER_PLACED
    return to_customer(letter, kind=kind, customer=customer, sender=shop, about=order.id, at=order.placed_at)


def arrival(order: Order, customer: Customer, shop: Enterprise, cycle: OrderCycle, relations: Relations) -> Message:
    """Return what the shop of a new order is told."""
    letter = letters.order_received(
        order,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        placed_by_name=_on_behalf(order.placed_by, customer, relations),
        locale=shop.locale,
        zone=shop.time_zone,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.ORDER_RECEIVED,
        enterprise=shop,
        about=order.id,
        at=order.placed_at,
        reply_to=_reply_address(customer),
    )


def change(  # noqa: PLR0913 - what a letter is about
    before: Order,
    after: Order,
    customer: Customer,
    shop: Enterprise,
    cycle: OrderCycle,
    outstanding: Money,
    *,
    variants: Mapping[VariantId, Variant],
    at: datetime,
    occasion: str,
) -> Message:
    """Return what the customer of a changed order is told; *variants* are those of the order."""
    weights = ((line.variant, line.final_weight) for line in after.lines if line.variant in variants)
    letter = letters.order_changed(
        after,
        before=before,
        customer=customer,
        distributor=shop,
        exchange=cycle.outgoing_to(shop.id),
        locale=customer.locale,
        zone=shop.time_zone,
        outstanding=outstanding,
        measured={key: measured_text(variants[key], weight) for key, weight in weights if weight is not None},
    )
    kind = MessageKind.ORDER_CHANGED
    return to_customer(letter, kind=kind, customer=customer, sender=shop, about=after.id, at=at, occasion=occasion)


def cancellation(
    order: Order, customer: Customer, shop: Enterprise, outstanding: Money, *, at: datetime, occasion: str
) -> Message:
    """Return what the customer of a cancelled order is told."""
    letter = letters.order_cancelled(
        order,
        customer=customer,
        distributor=shop,
        locale=customer.locale,
        zone=shop.time_zone,
        outstanding=outstanding,
    )
    kind = MessageKind.ORDER_CANCELLED
    return to_customer(letter, kind=kind, customer=customer, sender=shop, about=order.id, at=at, occasion=occasion)


def withdrawal(
    order: Order, customer: Customer, shop: Enterprise, outstanding: Money, *, at: datetime, occasion: str
) -> Message:
    """Return what the shop is told when the customer cancelled an order."""
    letter = letters.order_withdrawn(
        order,
        customer=customer,
        distributor=shop,
        locale=shop.locale,
        zone=shop.time_zone,
        outstanding=outstanding,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.ORDER_WITHDRAWN,
        enterprise=shop,
        about=order.id,
        at=at,
        reply_to=_reply_address(customer),
        occasion=occasion,
    )


def supplier_change(
    before: Order,
    after: Order,
    customer: Customer,
    shop: Enterprise,
    suppliers: Relations,
    *,
    at: datetime,
    occasion: str,
) -> Message:
    """Return what the shop is told when suppliers changed or weighed their lines; *suppliers* know their names."""
    then, now = ({line.variant: line for line in order.lines} for order in (before, after))
    changed = (line.supplier for key, line in (then | now).items() if _held(then.get(key)) != _held(now.get(key)))
    letter = letters.lines_changed(
        after,
        before=before,
        customer=customer,
        distributor=shop,
        suppliers=tuple(dict.fromkeys(map(suppliers.name_of, changed))),
        locale=shop.locale,
        zone=shop.time_zone,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.LINES_CHANGED,
        enterprise=shop,
        about=after.id,
        at=at,
        reply_to=_reply_address(customer),
        occasion=occasion,
    )


def _held(line: OrderLine | None) -> tuple[int, Decimal | None] | None:
    return None if line is None else (line.quantity, line.final_weight)


def _on_behalf(actor: Actor, customer: Customer, relations: Relations) -> str | None:
    """Return the name of the user who placed an order for *customer*; None if that was no other user."""
    user = None if is_buyer(actor, customer) else relations.users.get(UserId(actor.id))
    return user.name if user else None


def _reply_address(customer: Customer) -> str | None:
    """Return where the shop's answer goes: never to somebody who cannot be written to (ORD-B2, ORD-O32)."""
    return customer.email if customer.is_contactable else None
