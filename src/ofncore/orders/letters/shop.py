"""Letters to a shop about one order: it is new, its customer cancelled it, or a supplier changed its lines of it.

Source:
    ORD-W3, ORD-5 (column "notifies"), ORD-N1, ORD-B1 (who placed it for whom), ORD-B5 (why against a rule), ORD-O25.
"""

from collections.abc import Iterator

from ofncore.kernel.catalogue import one_line
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import ParameterValue
from ofncore.model.customer import Customer
from ofncore.model.cycle import OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.letters.description import amounts, changes, quantities
from ofncore.orders.letters.letter import Letter, Paragraph, Words, quoted, written


def order_received(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    exchange: OutgoingExchange | None,
    placed_by_name: str | None = None,
    locale: str,
    zone: str,
) -> Letter:
    """Tell a shop that it has a new order: whose, how it came in, what it holds, and what is to be paid how.

    *exchange* is the distributor's part of the cycle. *placed_by_name* is who placed the order for the customer; None
    if the customer did.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    return written(
        words.say("order_received.subject", **names),
        words.greeting(distributor.name),
        (words.say("order_received.intro", at=order.placed_at, **names),),
        (*_buyer(customer, words), *_way_in(order, placed_by_name, words)),
        quoted(words.heading("order_received.reason"), order.override_reason or ""),
        *amounts(order, exchange, words),
        (_to_pay(order, words),),
        quoted(words.heading("order_received.comment"), order.comment),
    )


def order_withdrawn(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    locale: str,
    zone: str,
    outstanding: Money | None = None,
) -> Letter:
    """Tell a shop that the customer cancelled an order.

    *outstanding* is negative if the shop owes back what was paid; nothing is owed if it is not given.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    goods = quantities(order, words)
    owed = () if outstanding is None or outstanding.minor >= 0 else (words.say("owed", amount=-outstanding),)
    return written(
        words.say("order_withdrawn.subject", **names),
        words.greeting(distributor.name),
        (words.say("order_withdrawn.intro", at=order.placed_at, **names),),
        tuple(_buyer(customer, words)),
        (words.heading("order_cancelled.products"), *goods) if goods else (),
        (words.say("row", label=words.say("total"), amount=order.total),),
        owed,
    )


def lines_changed(
    order: Order,
    *,
    before: Order,
    customer: Customer,
    distributor: Enterprise,
    suppliers: tuple[str, ...],
    locale: str,
    zone: str,
) -> Letter:
    """Tell a shop that *suppliers*, by name, changed their lines of an order, and what changed since *before*."""
    words = Words(locale=locale, zone=zone)
    names: dict[str, ParameterValue] = {"code": order.code, "shop": distributor.name, "suppliers": suppliers}
    return written(
        words.say("lines_changed.subject", **names),
        words.greeting(distributor.name),
        (words.say("lines_changed.intro", at=order.placed_at, **names),),
        tuple(_buyer(customer, words)),
        changes(before, order, words),
        (words.say("row", label=words.say("total"), amount=order.total),),
    )


def _buyer(customer: Customer, words: Words) -> Iterator[str]:
    ways = {"customer": customer.name, "email": customer.email or "", "phone": customer.phone or ""}
    return (words.say(f"buyer.{key}", value=value) for key, value in ways.items() if one_line(value))


def _way_in(order: Order, placed_by_name: str | None, words: Words) -> Paragraph:
    by = () if placed_by_name is None else (words.say("order_received.on_behalf", name=placed_by_name),)
    return (words.say("order_received.channel", channel=order.channel), *by)


def _to_pay(order: Order, words: Words) -> str:
    if order.total.minor > 0:
        return words.say("due", amount=order.total, method=order.payment.name)
    return words.say("owed", amount=-order.total) if order.total else words.say("nothing_due")
