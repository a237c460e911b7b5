"""Letters about money: received, given back, refused, or waiting for the customer.

Source:
    ORD-N1, SUB-14, SUB-15.
"""

from ofncore.kernel.catalogue import has_text
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import ParameterValue
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.orders.letters.description import settlement
from ofncore.orders.letters.letter import Letter, Paragraph, Words, free_text, signature, written


def payment_received(
    order: Order,
    payment: Payment,
    *,
    customer: Customer,
    distributor: Enterprise,
    outstanding: Money,
    locale: str,
    zone: str,
) -> Letter:
    """Tell a customer that a payment came in, and what is left to pay."""
    words = Words(locale=locale, zone=zone)
    names: dict[str, ParameterValue] = {"amount": payment.amount, "code": order.code, "shop": distributor.name}
    return written(
        words.say("payment_received.subject", **names),
        words.greeting(customer.name),
        (words.say("payment_received.intro", at=payment.at, **names),),
        (_order_total(order, words), settlement(order, outstanding, distributor, words)),
        signature(distributor),
    )


def refund(
    order: Order,
    payment: Payment,
    *,
    customer: Customer,
    distributor: Enterprise,
    outstanding: Money,
    locale: str,
    zone: str,
) -> Letter:
    """Tell a customer that money was given back; the amount of *payment* is negative."""
    words = Words(locale=locale, zone=zone)
    names: dict[str, ParameterValue] = {"amount": -payment.amount, "code": order.code, "shop": distributor.name}
    return written(
        words.say("refund.subject", **names),
        words.greeting(customer.name),
        (words.say("refund.intro", at=payment.at, **names),),
        (_order_total(order, words), settlement(order, outstanding, distributor, words)),
        signature(distributor),
    )


def payment_failed(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    outstanding: Money,
    reason: str | None = None,
    locale: str,
    zone: str,
) -> Letter:
    """Tell a customer that a charge did not go through; the order stands and stays due (SUB-14).

    *reason* is a code (`payment.no_card`, `payment.no_consent`) or the gateway's own word.
    """
    words = Words(locale=locale, zone=zone)
    names: dict[str, ParameterValue] = {"amount": outstanding, "code": order.code, "shop": distributor.name}
    return written(
        words.say("payment_failed.subject", **names),
        words.greeting(customer.name),
        (words.say("payment_failed.intro", **names), *_reason(reason, words)),
        (_order_total(order, words),),
        (words.say("payment_failed.what_now", shop=distributor.name),),
        signature(distributor),
    )


def payment_needs_customer(
    order: Order,
    *,
    customer: Customer,
    distributor: Enterprise,
    outstanding: Money,
    link: str | None = None,
    locale: str,
    zone: str,
) -> Letter:
    """Ask a customer to approve a charge at the bank; *link* is where that is done."""
    words = Words(locale=locale, zone=zone)
    names: dict[str, ParameterValue] = {"amount": outstanding, "code": order.code, "shop": distributor.name}
    where = (words.heading("payment_needs_customer.link"), *free_text(link)) if link else ()
    return written(
        words.say("payment_needs_customer.subject", **names),
        words.greeting(customer.name),
        (words.say("payment_needs_customer.intro", **names),),
        where or (words.say("payment_needs_customer.no_link", shop=distributor.name),),
        (_order_total(order, words),),
        signature(distributor),
    )


def _order_total(order: Order, words: Words) -> str:
    return words.say("order_total", code=order.code, amount=order.total)


def _reason(reason: str | None, words: Words) -> Paragraph:
    if not reason:
        return ()
    key = f"payment_failed.{reason}"
    return (words.say(key) if has_text(f"letter.{key}") else words.say("payment_failed.reason", reason=reason),)
