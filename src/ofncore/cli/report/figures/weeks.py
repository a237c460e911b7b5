"""What happened in each cycle, in numbers."""

from collections.abc import Sequence

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.money import Money
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Channel, Order
from ofncore.model.subscription import ProxyOutcome


@attrs.frozen(kw_only=True)
class WeekFigures:
    """One cycle in numbers; orders and money are without the cancelled ones."""

    cycle: OrderCycle
    standing: int
    web: int
    #: By telephone, on the market, or at the counter.
    by_staff: int
    cancelled: int
    turnover: Money
    #: All fees of enterprises, on lines and on orders.
    fees: Money
    #: Pieces that standing orders wanted and were not given.
    short: int
    #: Standing orders that got nothing at all.
    empty: int
    refused: int

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return self.standing + self.web + self.by_staff


def weeks_of(books: Books) -> tuple[WeekFigures, ...]:
    """Return the figures of each cycle that was lived."""
    return tuple(_week(books, cycle) for cycle in books.lived)


def _week(books: Books, cycle: OrderCycle) -> WeekFigures:
    orders = books.orders[cycle.id]
    live = [order for order in orders if order.is_placed]
    standing, web = _count(live, Channel.SUBSCRIPTION), _count(live, Channel.WEB)
    proxies = [each for each in books.state.proxy_orders if each.order_cycle == cycle.id]
    return WeekFigures(
        cycle=cycle,
        standing=standing,
        web=web,
        by_staff=len(live) - standing - web,
        cancelled=len(orders) - len(live),
        turnover=books.sum([order.total for order in live]),
        fees=books.sum([order.fee_total for order in live]),
        short=sum(line.wanted - line.quantity for order in orders for line in order.lines),
        empty=sum(each.outcome is ProxyOutcome.EMPTY for each in proxies),
        refused=len(books.attempts_in(cycle.id)),
    )


def _count(orders: Sequence[Order], channel: Channel) -> int:
    return sum(order.channel is channel for order in orders)
