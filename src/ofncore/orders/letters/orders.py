"""Letters about an order: placed, changed, cancelled.

Source:
    ORD-W2, ORD-5 (column "notifies"), ORD-N1, ORD-10.
"""

from collections.abc import Iterator

from ofncore.kernel.money import Money
from ofncore.model.customer import Customer
from ofncore.model.cycle import OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.letters.account import product_label
from ofncore.orders.letters.description import NOTHING_MEASURED, Measured, description, quantities, settlement
from ofncore.orders.letters.letter import Letter, Paragraph, Words, listed, signature, written


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
    changes = _changes(before, order, words) if before else ()
    return written(
        words.say("order_changed.subject", **names),
        words.greeting(customer.name),
        (words.say("order_changed.intro", **names),),
        changes,
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


def _changes(before: Order, after: Order, words: Words) -> Paragraph:
    changes = listed(_differences(before, after, words))
    return (words.heading("order_changed.changes"), *changes) if changes else ()


def _differences(before: Order, after: Order, words: Words) -> Iterator[str]:
    then = {line.variant: line for line in before.lines}
    now = {line.variant: line for line in after.lines}
    for variant, line in (then | now).items():
        old = then[variant].quantity if variant in then else 0
        new = now[variant].quantity if variant in now else 0
        if old != new:
            name = product_label(line.product_name, line.variant_name)
            yield words.say("order_changed.change", name=name, now=new, before=old)
    if before.total != after.total:
        yield words.say("order_changed.total", now=after.total, before=before.total)
