"""Shoppers look into the shop, fill a basket, order, and pay by card or at the pick-up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from ofncore.cli.demo.editing import good_unticked_late
from ofncore.cli.demo.goods import good_that_comes_again, scarce_goods
from ofncore.cli.demo.season import Scene
from ofncore.cli.demo.terminal import CARD_TO_AUTHENTICATE, DECLINED_CARD, GOOD_CARD
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.methods import PaymentKind
from ofncore.model.order import Order
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.stock import StockItem
from ofncore.orders.request import OrderRequest, RequestedLine

#: When shoppers look in: days after the day of the opening, from when, within how many minutes, and how many.
_TIMES: Final = ((0, "18:10", 200, 7), (1, "08:00", 700, 4), (3, "17:00", 260, 7), (4, "12:00", 580, 4))
#: The last ones come on the morning of the close; those of Saturday come for what came in again.
_LAST_MINUTE: Final = ("08:30", 160, 4)
_RUSH: Final = ("09:05", 40, 9)

#: What shoppers have in their purses, by how often.
_CARDS: Final = (*(GOOD_CARD,) * 13, DECLINED_CARD, DECLINED_CARD, CARD_TO_AUTHENTICATE)
_FAVOURITE: Final = 3
#: From so many minor units on a good is taken singly, and seldom.
_DEAR: Final = 1200


def _liking(price: int) -> int:
    return 6 if price < _DEAR // 2 else 3 if price < _DEAR else 1


@attrs.frozen(kw_only=True)
class Visit:
    """One shopper's way through the shop."""

    key: str
    customer: CustomerId
    shop: EnterpriseId
    #: The card that will be put into the terminal; None pays at the pick-up.
    card: str | None
    #: What the shopper came for.
    wish: VariantId | None = None


def plan_shopping(scene: Scene) -> None:
    """Plan who comes when, for one week."""
    crowd = _crowd(scene)
    luck = scene.chance("weather")
    for day, clock, minutes, usual in (*_TIMES, (scene.week.closing_day(), *_LAST_MINUTE)):
        number = usual + luck.randint(-2, 2)
        _plan_visits(scene, day, clock, minutes, crowd[:number])
        del crowd[:number]
    wish = good_that_comes_again(scene)
    _plan_visits(scene, 2, _RUSH[0], _RUSH[1], crowd[: _RUSH[2]], wish=wish)
    _plan_visits(scene, 4, "08:50", 25, crowd[_RUSH[2] : _RUSH[2] + 2], wish=good_unticked_late(scene), minutes=55)
    scene.plan(-1, "20:40", _come_at_a_bad_time, "ordering before the opening", crowd[-1])
    late = scene.week.closes + timedelta(minutes=9)
    scene.plan_at(late, _come_at_a_bad_time, "ordering nine minutes after the close", crowd[-2])
    scene.plan(1, "19:45", _confuse_the_shops)


def _crowd(scene: Scene) -> list[CustomerId]:
    luck = scene.chance("crowd")
    everybody = [customer for shop in scene.cast.shops for customer in scene.cast.shoppers[shop]]
    luck.shuffle(everybody)
    # Those without a standing order come first: they have no other way to eat.
    return sorted(everybody, key=lambda customer: customer in scene.cast.subscribed and luck.random() < _MOSTLY)


_MOSTLY: Final = 0.8


def _plan_visits(
    scene: Scene,
    day: int,
    clock: str,
    within: int,
    crowd: Sequence[CustomerId],
    *,
    wish: VariantId | None = None,
    minutes: int | None = None,
) -> None:
    """Plan that *crowd* look in from *clock* on, *within* some minutes, and order so many *minutes* later."""
    luck = scene.chance("visits", day, clock)
    for customer in crowd:
        at = scene.week.on(day, clock) + timedelta(seconds=luck.randrange(within * 60))
        visit = Visit(
            key=f"web:{scene.week.order_cycle}:{customer}:{day}",
            customer=customer,
            shop=scene.cast.customer(customer).enterprise,
            card=luck.choice(_CARDS) if luck.random() < _BY_CARD else None,
            wish=wish,
        )
        scene.plan_at(at, _look, visit, minutes or luck.choice((4, 7, 12, 25, 55)))


_BY_CARD: Final = 0.65


def _look(scene: Scene, now: datetime, visit: Visit, minutes: int) -> None:
    """Fill a basket with what is there, and order it some minutes later."""
    lines = basket(scene, visit.shop, visit.key, wish=visit.wish)
    if lines:
        scene.plan_at(now + timedelta(minutes=minutes), _order, visit, lines)


def basket(scene: Scene, shop: EnterpriseId, key: str, *, wish: VariantId | None = None) -> tuple[RequestedLine, ...]:
    """Return what somebody chooses who sees the shop as it is now; *key* tells the choices of two people apart."""
    offered = scene.on_sale(shop)
    levels = scene.network.stock.levels(offered)
    there = {each: _most(levels, each) for each in offered if _most(levels, each) > 0}
    luck = scene.chance("basket", key)
    favourites = scarce_goods(scene.season.world)
    prices = {each.id: each.price.minor for each in scene.season.world.variants}
    weights = {each: _liking(prices[each]) * (_FAVOURITE if each in favourites else 1) for each in there}
    chosen: dict[VariantId, int] = {}
    if wish is not None and wish in there:
        chosen[wish] = min(there[wish], luck.choice((1, 2, 3)))
    for _ in range(luck.randint(3, 9)):
        rest = [each for each in there if each not in chosen]
        if rest:
            good = luck.choices(rest, [weights[each] for each in rest])[0]
            chosen[good] = min(there[good], luck.choice((1, 1, 1, 2, 2, 3)) if prices[good] < _DEAR else 1)
    return tuple(RequestedLine(good, quantity) for good, quantity in chosen.items())


#: A shop does not say how much there is of what it sells without limit.
_PLENTY: Final = 10


def _most(levels: Mapping[VariantId, StockItem], key: VariantId) -> int:
    item = levels.get(key)
    return 0 if item is None else _PLENTY if item.on_demand else item.on_hand


def _order(scene: Scene, now: datetime, visit: Visit, lines: tuple[RequestedLine, ...]) -> None:
    actor = scene.cast.buyer(visit.customer)
    request = request_of(scene, visit, lines)
    result = scene.network.orders.take(request, actor=actor, now=now)
    if scene.refused(actor, "ordering on the web", result, now):
        rest = _without_refused(lines, result)
        if rest and rest != lines:
            scene.plan_at(now + timedelta(minutes=2), _order, visit, rest)
        return
    if isinstance(result, Order):
        _ordered(scene, now, visit, request, result)


def _ordered(scene: Scene, now: datetime, visit: Visit, request: OrderRequest, order: Order) -> None:
    scene.web_orders.append(order.id)
    if scene.chance("double", visit.key).random() < _IMPATIENT:
        again = scene.network.orders.take(request, actor=order.placed_by, now=now)
        scene.season.diary.repeats += int(isinstance(again, Order) and again.id == order.id)
    if visit.card is not None:
        scene.plan_at(now + timedelta(minutes=1), pay_by_card, order.id, visit.card)


#: So many press the button twice.
_IMPATIENT: Final = 0.1


def request_of(scene: Scene, visit: Visit, lines: tuple[RequestedLine, ...]) -> OrderRequest:
    """Return what is asked for at the end of *visit*."""
    luck = scene.chance("methods", visit.key)
    kind = PaymentKind.BY_HAND if visit.card is None else PaymentKind.CARD
    return OrderRequest(
        key=visit.key,
        customer=visit.customer,
        distributor=visit.shop,
        order_cycle=scene.cycle.id,
        lines=lines,
        shipping_method=luck.choice(scene.cast.shipping_methods(visit.shop)).id,
        payment_method=scene.cast.payment_method(visit.shop, kind).id,
    )


def _without_refused(lines: tuple[RequestedLine, ...], refusal: object) -> tuple[RequestedLine, ...]:
    """Return *lines* with what is left of each good, as far as stock was the reason, and without what is not sold."""
    problems = refusal.problems if isinstance(refusal, Refusal) else ()
    left = {
        _index(each.path): _number(each.parameters.get("available"))
        for each in problems
        if each.code in (Code.INSUFFICIENT_STOCK, Code.NOT_DISTRIBUTED) and each.path.startswith("$.lines[")
    }
    changed = (attrs.evolve(line, quantity=left.get(index, line.quantity)) for index, line in enumerate(lines))
    return tuple(line for line in changed if line.quantity > 0)


def _index(path: str) -> int:
    return int(path.removeprefix("$.lines[").partition("]")[0])


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def pay_by_card(scene: Scene, now: datetime, order: OrderId, card: str) -> None:
    """Put *card* into the terminal; after a no, half of the people try another one."""
    stored = scene.season.order(order)
    actor = scene.cast.buyer(stored.customer)
    scene.season.terminal.insert(stored.code, card)
    result = scene.network.payments.charge(order, actor=actor, now=now)
    if scene.refused(actor, "paying by card", result, now):
        return
    declined = isinstance(result, Payment) and result.state is PaymentState.REFUSED
    if declined and scene.chance("another card", order).random() < _ANOTHER_CARD:
        scene.plan_at(now + timedelta(minutes=3), pay_by_card, order, GOOD_CARD)


_ANOTHER_CARD: Final = 0.5


def _come_at_a_bad_time(scene: Scene, now: datetime, what: str, customer: CustomerId) -> None:
    actor, shop = scene.cast.buyer(customer), scene.cast.customer(customer).enterprise
    visit = Visit(key=f"bad:{scene.week.order_cycle}:{customer}", customer=customer, shop=shop, card=None)
    lines = basket(scene, shop, visit.key)[:3]
    result = scene.network.orders.take(request_of(scene, visit, lines), actor=actor, now=now)
    scene.refused(actor, what, result, now)


def _confuse_the_shops(scene: Scene, now: datetime) -> None:
    """A customer of one shop takes the link of the other; in every second week."""
    if scene.week.number % 2 or len(scene.cast.shops) < 2:  # noqa: PLR2004 - one and the other
        return
    one, other = scene.cast.shops[:2]
    customer = scene.chance("confused").choice(scene.cast.shoppers[one])
    visit = Visit(key=f"confused:{scene.week.order_cycle}", customer=customer, shop=other, card=None)
    actor = scene.cast.buyer(customer)
    result = scene.network.orders.take(request_of(scene, visit, basket(scene, other, visit.key)), actor=actor, now=now)
    scene.refused(actor, f"ordering at {scene.shop_name(other)}", result, now)
