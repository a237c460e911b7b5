"""One order, from the price of a line to the producer's summary."""

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.cycles.summaries import ProducerSummary, SummaryLine, summarise
from ofncore.fees.price_book import Price
from ofncore.model.cycle import OrderCycle
from ofncore.model.message import Message
from ofncore.model.order import Channel, Order, OrderLine
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.stock import StockCause, StockItem, StockMovement


@attrs.frozen(kw_only=True)
class Walk:
    """What one order left behind, hop by hop."""

    order: Order
    cycle: OrderCycle
    #: The line that is followed.
    line: OrderLine
    #: What the shop showed for one; None if it sells it no more.
    price: Price | None
    movement: StockMovement | None
    item: StockItem | None
    payments: tuple[Payment, ...]
    letter: Message | None
    summary: ProducerSummary
    summary_line: SummaryLine


def walk_of(books: Books) -> Walk | None:
    """Return a walk along one order; None if there are none.

    It is the first one from the web that was paid by card, has some lines, and more than one of something.
    """
    orders = [order for order in books.placed if any(line.quantity for line in order.lines)]
    if not orders:
        return None
    order = min(orders, key=lambda each: _poverty(books, each))
    line = max(order.lines, key=lambda each: _riches(books, each))
    cycle = next(each for each in books.lived if each.id == order.order_cycle)
    summary, summary_line = _summary(books, cycle, line)
    prices = books.prices(books.offer(cycle, order.distributor))
    about = (each for each in books.state.messages if each.about == order.id)
    moves = (each for each in books.state.stock_movements if each.order == order.id and each.variant == line.variant)
    return Walk(
        order=order,
        cycle=cycle,
        line=line,
        price=prices.get(line.variant),
        movement=next((each for each in moves if each.cause is StockCause.PLACED), None),
        item=next((each for each in books.state.stock if each.variant == line.variant), None),
        payments=books.payments[order.id],
        letter=min(about, key=lambda each: (each.at, each.id), default=None),
        summary=summary,
        summary_line=summary_line,
    )


def _riches(books: Books, line: OrderLine) -> tuple[bool, bool, int, int]:
    """Return what *line* has to show: more than one of a good that is counted, and fees."""
    counted = any(each.variant == line.variant and not each.on_demand for each in books.state.stock)
    return counted, line.quantity > 1, len(line.fees), line.amount.minor


def _poverty(books: Books, order: Order) -> tuple[bool, ...]:
    """Return what *order* has little to show of; the order of `min` is then by placing."""
    states = {each.state for each in books.payments[order.id] if each.through_gateway}
    riches = max(_riches(books, line) for line in order.lines)
    return (
        order.channel is not Channel.WEB,
        states != {PaymentState.SETTLED},
        riches < (True, True, 3),
        not 3 <= len(order.lines) <= 6,  # noqa: PLR2004 - enough to see, few enough to read
    )


def _summary(books: Books, cycle: OrderCycle, line: OrderLine) -> tuple[ProducerSummary, SummaryLine]:
    summaries = summarise(cycle.id, books.orders[cycle.id])
    summary = next(each for each in summaries if each.supplier == line.supplier)
    mine = (each for each in summary.lines if each.variant == line.variant and each.price == line.price)
    return summary, next(mine)
