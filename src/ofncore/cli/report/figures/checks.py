"""Checks of an exported state: what must hold, whatever happened."""

from collections import Counter
from collections.abc import Sequence

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.cli.report.figures.money import money_parts
from ofncore.cli.report.figures.stock import stock_figures
from ofncore.cli.report.wording import counted, money
from ofncore.kernel.money import Money
from ofncore.model.message import MessageState
from ofncore.model.order import Order
from ofncore.model.payment import PaymentState
from ofncore.orders.balance import balance_of


@attrs.frozen(kw_only=True)
class Check:
    """One thing that must hold."""

    name: str
    holds: bool
    #: The numbers, in words.
    says: str


def check_state(books: Books) -> tuple[Check, ...]:
    """Return the checks of a state of which all orders of closed cycles should be paid."""
    return (_money_in(books), _nothing_due(books), _parts(books), _stock(books), _once(books), _mail(books))


def check_bank(books: Books, moved: Sequence[Money]) -> Check:
    """Return whether the bank's own books, what it *moved*, agree with the payments through the gateway."""
    settled = (each for each in books.state.payments if each.state is PaymentState.SETTLED)
    ours = books.sum([each.amount for each in settled if each.through_gateway])
    theirs = books.sum(moved)
    return Check(
        name="The bank agrees",
        holds=ours == theirs,
        says=f"through the gateway {money(ours)}, in the bank's own books {money(theirs)}",
    )


def _money_in(books: Books) -> Check:
    paid = books.sum([_paid(books, order) for cycle in books.lived for order in books.orders[cycle.id]])
    totals = books.sum([order.total for order in books.placed])
    return Check(
        name="Money in = order totals",
        holds=paid == totals,
        says=f"{money(paid)} came in, {counted(len(books.placed), 'order')} come to {money(totals)}",
    )


def _paid(books: Books, order: Order) -> Money:
    settled = (each for each in books.payments[order.id] if each.state is PaymentState.SETTLED)
    return books.sum([each.amount for each in settled])


def _nothing_due(books: Books) -> Check:
    orders = [order for cycle in books.lived for order in books.orders[cycle.id]]
    open_orders = [order for order in orders if balance_of(order, books.payments[order.id]).outstanding]
    codes = ", ".join(order.code for order in open_orders)
    return Check(
        name="Nothing is due",
        holds=not open_orders,
        says=f"not settled: {codes}" if open_orders else f"all {counted(len(orders), 'order')} are settled to the cent",
    )


def _parts(books: Books) -> Check:
    parts = money_parts(books, books.placed)
    goods = books.sum([each.amount for each in parts.producers])
    fees = books.sum([each.amount for each in parts.fees])
    rest = parts.parts_total - goods - fees
    sums = f"producers {money(goods)} + fees {money(fees)} + delivery and others {money(rest)}"
    return Check(
        name="The parts add up",
        holds=parts.parts_total == parts.total,
        says=f"{sums} = {money(parts.total)}",
    )


def _stock(books: Books) -> Check:
    figures = stock_figures(books)
    wrong = [each.goods for each in figures if not each.adds_up]
    below = [each.goods for each in figures if each.item.on_hand < 0 and not each.item.on_demand]
    says = f"start + supplied - lost - sold = left, for all {counted(len(figures), 'variant')}; nothing sold twice"
    return Check(
        name="Stock adds up",
        holds=not wrong and not below,
        says=says if not wrong and not below else f"wrong: {', '.join((*wrong, *below))}",
    )


def _once(books: Books) -> Check:
    proxies = [each for each in books.state.proxy_orders if each.order is not None]
    orders = Counter(each.order for each in proxies)
    twice = [key for key, times in orders.items() if times > 1]
    pairs = {(each.subscription, each.order_cycle) for each in proxies}
    return Check(
        name="Every standing order once",
        holds=not twice and len(pairs) == len(proxies),
        says=f"{counted(len(proxies), 'standing order')} placed, none twice in one cycle",
    )


def _mail(books: Books) -> Check:
    states = Counter(each.state for each in books.state.messages)
    sent, pending, kept = states[MessageState.SENT], states[MessageState.PENDING], states[MessageState.NOT_SENT]
    return Check(
        name="No letter is stuck",
        holds=pending == 0,
        says=f"{sent} sent, {pending} waiting, {kept} for people without address or consent",
    )
