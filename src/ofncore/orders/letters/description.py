"""An order in words: lines, fees, shipping, payment, taxes, total.

Source:
    ORD-10 (`ORDER_DESCRIPTION`), ORD-G3 (instructions right below the shipping method), FEE-6, FEE-11 (the order of the
    amounts), SUB-15 (what was cut).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.model.cycle import OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order, OrderLine
from ofncore.orders.letters.account import (
    WrittenLine,
    added_taxes,
    included_taxes,
    products_total,
    written_line,
)
from ofncore.orders.letters.letter import Paragraph, Words, free_text, listed, quoted
from ofncore.orders.lines import product_label

#: What each line was found to weigh, or to measure, in words; lines that nobody measured are not in it.
Measured = Mapping[VariantId, str]
NOTHING_MEASURED: Final[Measured] = MappingProxyType({})


def description(
    order: Order, exchange: OutgoingExchange | None, words: Words, measured: Measured = NOTHING_MEASURED
) -> tuple[Paragraph, ...]:
    """Return the paragraphs that describe *order* to its customer."""
    return (*amounts(order, exchange, words, measured), quoted(words.heading("comment"), order.comment))


def amounts(
    order: Order, exchange: OutgoingExchange | None, words: Words, measured: Measured = NOTHING_MEASURED
) -> tuple[Paragraph, ...]:
    """Return the paragraphs with the amounts of *order*, which add up to the total, and the methods."""
    return (
        _products(order, words, measured),
        _order_fees(order, words),
        _shipping(order, exchange, words),
        tuple(_sums(order, words)),
    )


def quantities(order: Order, words: Words) -> Paragraph:
    """Return the lines of *order* above zero, without prices."""
    return listed(
        words.say("quantity", quantity=line.quantity, name=product_label(line.product_name, line.variant_name))
        for line in order.lines
        if line.quantity > 0
    )


def settlement(order: Order, outstanding: Money, shop: Enterprise, words: Words) -> str:
    """Return what is left to pay and how, or what *shop* owes.

    *outstanding* is positive if the customer owes it.
    """
    if outstanding.minor > 0:
        return words.say("due", amount=outstanding, method=order.payment.name)
    if outstanding.minor < 0:
        return words.say("credit", amount=-outstanding, shop=shop.name)
    return words.say("nothing_due")


def product_row(label: str, unit_price: Money, amount: Money, quantity: int, words: Words) -> str:
    """Return one product with its amount, and with the price of one where that says more.

    Where the price of one times the quantity is not the amount, it is called approximate.
    """
    if quantity == 1:
        return words.say("row", label=label, amount=amount)
    even = unit_price * quantity == amount
    return words.say("row_each" if even else "row_about", label=label, amount=amount, unit=unit_price)


def _products(order: Order, words: Words, measured: Measured) -> Paragraph:
    lines = listed(_measured_line(line, measured.get(line.variant), words) for line in order.lines)
    subtotal = words.say("row", label=words.say("products_total"), amount=products_total(order))
    return (words.heading("products"), *lines, subtotal)


def _measured_line(line: OrderLine, size: str | None, words: Words) -> str:
    row = _line(written_line(line), words)
    return words.say("measured", line=row, size=size) if size else row


def _line(line: WrittenLine, words: Words) -> str:
    if line.quantity == 0:
        return _struck(line, words)
    label = words.say("quantity", quantity=line.quantity, name=line.name)
    row = product_row(label, line.unit_price, line.amount, line.quantity, words)
    return words.say("short", line=row, wanted=line.wanted) if line.wanted > line.quantity else row


def _struck(line: WrittenLine, words: Words) -> str:
    key = "struck" if line.wanted else "removed"
    label = words.say(key, name=line.name, wanted=line.wanted)
    # A fee can be due for a line of nothing; without it the amounts would not add up.
    return words.say("row", label=label, amount=line.amount) if line.amount else label


def _order_fees(order: Order, words: Words) -> Paragraph:
    fees = listed(words.say("row", label=fee.name, amount=fee.amount) for fee in order.fees)
    return (words.heading("order_fees"), *fees) if fees else ()


def _shipping(order: Order, exchange: OutgoingExchange | None, words: Words) -> Paragraph:
    when = exchange.ready_for if exchange else ""
    return (
        *((words.say("ready_for", when=when),) if when.strip() else ()),
        words.say("shipping", method=order.shipping.name, amount=order.shipping.amount),
        *free_text(exchange.pickup_instructions if exchange else ""),
    )


def _sums(order: Order, words: Words) -> Iterator[str]:
    cost = order.payment.amount
    yield words.say("payment_fee" if cost else "payment", method=order.payment.name, amount=cost)
    for tax in added_taxes(order):
        yield words.say("added_tax", name=tax.name, amount=tax.amount)
    if order.discount_total:
        yield words.say("voucher", code=order.discounts[0].code, amount=order.discount_total)
    for adjustment in order.adjustments:
        yield words.say("row", label=adjustment.label, amount=adjustment.amount)
    yield words.say("row", label=words.say("total"), amount=order.total)
    for tax in included_taxes(order):
        yield words.say("included_tax", name=tax.name, amount=tax.amount)


def changes(before: Order, after: Order, words: Words) -> Paragraph:
    """Return what is different in *after* from *before*: quantities, and the total."""
    lines = listed(_differences(before, after, words))
    return (words.heading("order_changed.changes"), *lines) if lines else ()


def _differences(before: Order, after: Order, words: Words) -> Iterator[str]:
    then = {line.variant: line for line in before.lines}
    now = {line.variant: line for line in after.lines}
    for variant, line in (then | now).items():
        old = then[variant].quantity if variant in then else 0
        new = now[variant].quantity if variant in now else 0
        name = product_label(line.product_name, line.variant_name)
        if variant not in then and new:
            yield words.say("order_changed.added", goods=words.say("quantity", quantity=new, name=name))
        elif old != new:
            yield words.say("order_changed.change", name=name, now=new, before=old)
    if before.total != after.total:
        yield words.say("order_changed.total", now=after.total, before=before.total)
