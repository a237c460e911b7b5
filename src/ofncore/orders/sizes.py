"""How much an order can come to: no more than documents and storages hold."""

from collections.abc import Iterator, Sequence
from typing import Final

from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.order import Order, OrderLine

#: Most digits before the point of an amount in a document.
MOST_DIGITS: Final = 15


def largest(currency: str) -> Money:
    """Return the largest amount of *currency* that can be written."""
    return Money(10 ** (MOST_DIGITS + minor_digits(currency)) - 1, currency)


def is_writable(amount: Money) -> bool:
    """Whether *amount* can be written into every document; then its minor units fit into eight bytes too."""
    return abs(amount.minor) <= largest(amount.currency).minor


def size_problems(path: str, amount: Money) -> Iterator[Problem]:
    """Yield why *amount* cannot be kept: it is more than can be written."""
    if not is_writable(amount):
        most = largest(amount.currency)
        yield problem(Code.NUMBER_OUT_OF_RANGE, path, found=amount, lowest=-most, highest=most)


def order_size_problems(path: str, order: Order) -> Iterator[Problem]:
    """Yield why the charges of *order* cannot be kept: the largest of them is more than can be written."""
    yield from size_problems(path, max(_charges(order), key=lambda amount: abs(amount.minor)))


def too_large(lines: Sequence[OrderLine], order: Order | None = None) -> OrderLine | None:
    """Return the largest of *lines* if they, or the charges of *order*, come to more than can be written.

    Lines are asked about before they are charged, because fees on absurd amounts cannot be computed.
    """
    items = [line.amount for line in lines]
    amounts = [*items, Money.total(items, items[0].currency), *(() if order is None else _charges(order))]
    return None if all(map(is_writable, amounts)) else max(lines, key=lambda line: abs(line.amount.minor))


def _charges(order: Order) -> Iterator[Money]:
    yield from (each.amount for each in order.fee_charges())
    yield from (each.amount for each in order.tax_charges())
    yield from (order.shipping.amount, order.payment.amount)
    yield from (each.amount for each in order.adjustments)
    yield from (order.fee_total, order.included_tax_total, order.added_tax_total, order.total)
