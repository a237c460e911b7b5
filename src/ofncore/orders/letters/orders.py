"""Letters about an order: placed, changed, cancelled.

Source:
    ORD-W2, ORD-5 (column "notifies"), ORD-N1, ORD-10.
"""

from ofncore.kernel.money import Money
from ofncore.model.customer import Customer
from ofncore.model.cycle import OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.letters.description import NOTHING_MEASURED, Measured, changes, description, quantities, settlement
from ofncore.orders.letters.letter import Letter, Words, signature, written


def order_placed(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    exchange: OutgoingExchange | None,
    locale: str,
    zone: str,
    outstanding: Money | None = None,
) -> Letter:
    """Confirm an order to its customer.

    *exchange* is the distributor's part of the cycle, for the ready-for text and the pick-up instructions.
    *outstanding* is what the customer still owes, the whole total if not given.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    due = order.total if outstanding is None else outstanding
    return written(
        words.say("order_placed.subject", **names),
        words.greeting(customer.name),
        (words.say("order_placed.intro", at=order.placed_at, **names),),
        *description(order, exchange, words),
        (settlement(order, due, distributor, words),),
        signature(distributor),
    )


def order_changed(  # noqa: PLR0913 - what a letter is about
    order: Order,
    *,
    before: Order | None = None,
    customer: Customer,
    distributor: Enterprise,
    exchange: OutgoingExchange | None,
    locale: str,
    zone: str,
    outstanding: Money | None = None,
    measured: Measured = NOTHING_MEASURED,
) -> Letter:
    """Tell a customer how an order stands after a change, and what changed since *before*, if that is given.

    *measured* is what each line was found to weigh or to measure, in words.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    due = order.total if outstanding is None else outstanding
    return written(
        words.say("order_changed.subject", **names),
        words.greeting(customer.name),
        (words.say("order_changed.intro", **names),),
        changes(before, order, words) if before else (),
        *description(order, exchange, words, measured),
        (settlement(order, due, distributor, words),),
        signature(distributor),
    )


def order_cancelled(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    locale: str,
    zone: str,
    outstanding: Money | None = None,
) -> Letter:
    """Tell a customer that an order was cancelled.

    *outstanding* is negative if the shop owes back what was paid; nothing is owed if it is not given.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    goods = quantities(order, words)
    owed = () if outstanding is None or not outstanding else (settlement(order, outstanding, distributor, words),)
    return written(
        words.say("order_cancelled.subject", **names),
        words.greeting(customer.name),
        (words.say("order_cancelled.intro", at=order.placed_at, **names),),
        (words.heading("order_cancelled.products"), *goods) if goods else (),
        (words.say("row", label=words.say("total"), amount=order.total),),
        owed,
        signature(distributor),
    )
