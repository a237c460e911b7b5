"""Who got what of goods that did not suffice for the standing orders, and who went without."""

from collections.abc import Iterator

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.ids import CustomerId, EnterpriseId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.model.subscription import ProxyOrder, ProxyOutcome
from ofncore.subscriptions.placement import Candidate, in_turn


@attrs.frozen(kw_only=True)
class Serving:
    """What one standing order wanted of a good, and was given."""

    customer: CustomerId
    shop: EnterpriseId
    wanted: int
    given: int


@attrs.frozen(kw_only=True)
class Shortage:
    """One good in one cycle, of which standing orders wanted more than there was."""

    cycle: OrderCycle
    variant: VariantId
    goods: str
    #: Some supplier brings it to the cycle.
    is_brought: bool
    #: In the order in which they were served.
    servings: tuple[Serving, ...]

    @property
    def wanted(self) -> int:
        """Pieces that all of them wanted."""
        return sum(each.wanted for each in self.servings)

    @property
    def given(self) -> int:
        """Pieces that there were."""
        return sum(each.given for each in self.servings)

    @property
    def without(self) -> tuple[Serving, ...]:
        """Those who got less than they wanted."""
        return tuple(each for each in self.servings if each.given < each.wanted)


def shortages_of(books: Books, cycle: OrderCycle) -> tuple[Shortage, ...]:
    """Return the shortages of *cycle*, the largest first."""
    found: dict[VariantId, list[Serving]] = {}
    for proxy in _served(books, cycle):
        for variant, serving in _servings(books, proxy):
            found.setdefault(variant, []).append(serving)
    brought = {variant for exchange in cycle.incoming for variant in exchange.variants}
    shortages = (
        Shortage(
            cycle=cycle,
            variant=variant,
            goods=books.goods(variant),
            is_brought=variant in brought,
            servings=tuple(servings),
        )
        for variant, servings in found.items()
    )
    short = (each for each in shortages if each.given < each.wanted)
    return tuple(sorted(short, key=lambda each: (each.given - each.wanted, each.goods)))


def _served(books: Books, cycle: OrderCycle) -> list[ProxyOrder]:
    """Return what was placed in *cycle*, or came out empty, in the order in which it was served."""
    dealt_with = {
        each.subscription: each
        for each in books.state.proxy_orders
        if each.order_cycle == cycle.id and (each.order is not None or each.outcome is ProxyOutcome.EMPTY)
    }
    fresh = (
        Candidate(proxy_order=ProxyOrder(subscription=key, order_cycle=cycle.id), subscription=books.subscriptions[key])
        for key in dealt_with
    )
    turns = {each.subscription.id: turn for turn, each in enumerate(in_turn(fresh))}
    return sorted(dealt_with.values(), key=lambda each: (turns.get(each.subscription, len(turns)), each.id))


def _servings(books: Books, proxy: ProxyOrder) -> Iterator[tuple[VariantId, Serving]]:
    subscription = books.subscriptions[proxy.subscription]
    order = _order_of(books, proxy)
    lines = [(line.variant, line.quantity, 0) for line in subscription.lines]
    if order is not None:
        lines = [(line.variant, line.wanted, line.quantity) for line in order.lines]
    for variant, wanted, given in lines:
        if wanted:
            serving = Serving(customer=subscription.customer, shop=subscription.shop, wanted=wanted, given=given)
            yield variant, serving


def _order_of(books: Books, proxy: ProxyOrder) -> Order | None:
    return next((order for order in books.orders[proxy.order_cycle] if order.id == proxy.order), None)
