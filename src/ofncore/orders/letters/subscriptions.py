"""Letters about a subscription in one cycle.

Source:
    SUB-12, SUB-14, SUB-15, SUB-K14; ORD-N3 (they take the place of the ordinary order letters).
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from ofncore.kernel.catalogue import has_text
from ofncore.kernel.codes import Code
from ofncore.kernel.money import Money
from ofncore.model.customer import Customer
from ofncore.model.cycle import OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.letters.description import description, settlement
from ofncore.orders.letters.letter import Letter, Paragraph, Words, listed, signature, written


@attrs.frozen(kw_only=True)
class WantedProduct:
    """What a subscription asked for."""

    name: str
    quantity: int


def subscription_placed(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    exchange: OutgoingExchange | None,
    closes_at: datetime | None,
    locale: str,
    zone: str,
    outstanding: Money | None = None,
) -> Letter:
    """Tell a customer that an order was placed for the subscription, and what of it fell short.

    *closes_at* is the close of the cycle: until then the customer may change the order, if the shop allows that.
    """
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    due = order.total if outstanding is None else outstanding
    short = any(line.wanted > line.quantity for line in order.lines)
    return written(
        words.say("subscription_placed.subject", **names),
        words.greeting(customer.name),
        (words.say("subscription_placed.intro", **names),),
        (words.say("subscription_placed.short"),) if short else (),
        *description(order, exchange, words),
        (settlement(order, due, distributor, words),),
        _changeable(order, distributor, closes_at, words),
        signature(distributor),
    )


def subscription_empty(
    wanted: Iterable[WantedProduct],
    *,
    customer: Customer,
    distributor: Enterprise,
    ready_for: str,
    locale: str,
    zone: str,
    reason: str = Code.NOTHING_AVAILABLE,
) -> Letter:
    """Tell a customer that a subscription gave no order this time, and why.

    *ready_for* is the name that shoppers know the cycle by; it may be empty. *reason* is a code:
    `subscription.nothing_available` or `subscription.missed`; of any other nothing is said.
    """
    words = Words(locale=locale, zone=zone)
    when = (words.say("ready_for", when=ready_for),) if ready_for.strip() else ()
    asked = listed(words.say("quantity", quantity=each.quantity, name=each.name) for each in wanted)
    return written(
        words.say("subscription_empty.subject", shop=distributor.name),
        words.greeting(customer.name),
        (words.say("subscription_empty.intro", shop=distributor.name), *_reason(reason, words), *when),
        (words.heading("subscription_empty.wanted"), *asked) if asked else (),
        (words.say("subscription_empty.what_now"),),
        signature(distributor),
    )


def subscription_confirmed(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    exchange: OutgoingExchange | None,
    outstanding: Money,
    locale: str,
    zone: str,
) -> Letter:
    """Tell a customer that an order is final: paid if nothing is *outstanding*, otherwise due by hand."""
    words = Words(locale=locale, zone=zone)
    names = {"code": order.code, "shop": distributor.name}
    state = "due" if outstanding.minor > 0 else "paid"
    return written(
        words.say("subscription_confirmed.subject", **names),
        words.greeting(customer.name),
        (words.say("subscription_confirmed.intro", **names), words.say(f"subscription_confirmed.{state}")),
        *description(order, exchange, words),
        (settlement(order, outstanding, distributor, words),),
        signature(distributor),
    )


def _reason(reason: str, words: Words) -> Paragraph:
    key = f"subscription_empty.{reason}"
    return (words.say(key),) if has_text(f"letter.{key}") else ()


def _changeable(order: Order, distributor: Enterprise, closes_at: datetime | None, words: Words) -> Paragraph:
    # An order that was placed late, after the close, can no longer be changed.
    if closes_at is None or (order.late_at or order.placed_at) >= closes_at:
        return ()
    key = "may_change" if distributor.shop.customers_may_change_orders else "ask_shop"
    return (words.say(f"subscription_placed.{key}", at=closes_at, shop=distributor.name),)
