"""Random lives: what customers and staff do in a world until its last cycle is over.

The same seed always gives the same acts, so two networks that are given the same world and the same life must be left
in the same state.

    >>> from ofncore.network import make_network
    >>> from ofncore.testing.random_worlds import random_world
    >>> world, network = random_world(7), make_network()
    >>> network.worlds.load(world)
    >>> life = live(network, world, 7)
    >>> sorted(life.orders) == [order.id for order in network.worlds.export().orders]
    True
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import CustomerId, OrderId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Channel, Order
from ofncore.model.subscription import proxy_order_id
from ofncore.model.world import World
from ofncore.network import FoodNetwork
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing.chance import Chance
from ofncore.testing.random_amendments import AMENDMENTS, Amend, manager_of
from ofncore.testing.random_money import voucher_code

#: How often each act comes, compared with the others.
_OFTEN: Final = {
    "take": 8,
    "change": 3,
    "receive": 3,
    "charge": 3,
    "cancel": 2,
    "refund": 2,
    "tick": 2,
    "supply": 1,
    **dict.fromkeys(AMENDMENTS, 1),
}


@attrs.define
class Life:
    """What was done in a life, and what was refused."""

    #: All orders, in the order in which they became known.
    orders: list[OrderId] = attrs.field(factory=list)
    #: Code of a problem -> how often it was a reason to refuse.
    refused: Counter[str] = attrs.field(factory=Counter)


def live(network: FoodNetwork, world: World, seed: int) -> Life:
    """Live the cycles of *world*, which *network* has loaded, to their end.

    Customers and staff order, change, weigh, adjust, price anew, cancel, pay, are paid back and bring stock, in time
    and out of time, with ticks in between, some of them late. In the end all that is owed to customers is given back.
    """
    return _Living(network, world, seed).live()


@attrs.frozen(order=True)
class _Act:
    at: datetime
    turn: int
    name: str = attrs.field(order=False)


class _Living:
    """Lives one life."""

    def __init__(self, network: FoodNetwork, world: World, seed: int) -> None:
        self._network, self._world = network, world
        self._chance = Chance("life", seed)
        self._life = Life()
        self._receipts = 0
        self._do: dict[str, Callable[[datetime], object]] = {
            "take": self._take,
            "change": self._change,
            "cancel": self._cancel,
            **{name: self._amending(amend) for name, amend in AMENDMENTS.items()},
            "receive": self._receive,
            "charge": self._charge,
            "refund": self._refund,
            "supply": self._supply,
            "notify": self._notify,
            "tick": self._tick,
        }

    def live(self) -> Life:
        """Do all acts, each at its instant, and return what came of them."""
        plan = sorted(_Act(at, turn, name) for turn, (at, name) in enumerate(self._plan()))
        for act in plan:
            self._note(self._do[act.name](act.at))
        end = plan[-1].at + timedelta(days=4)
        self._tick(end)
        self._settle(end)
        self._tick(end + timedelta(hours=1))
        return self._life

    def _plan(self) -> Iterator[tuple[datetime, str]]:
        names = [name for name, weight in _OFTEN.items() for _ in range(weight)]
        for cycle in self._world.order_cycles:
            opens, closes = _dates(cycle)
            if not self._chance.once_in(4):
                yield opens, "tick"
            if not self._chance.once_in(4):
                yield closes + timedelta(minutes=self._chance.number(1, 300)), "tick"
            if self._chance.once_in(3):
                yield closes - timedelta(minutes=self._chance.number(-60, 300)), "notify"
            length = int((closes - opens).total_seconds())
            for _ in range(self._chance.number(8, 16)):
                after = self._chance.number(-length // 10, length + length // 5)
                yield opens + timedelta(seconds=after), self._chance.one(names)

    def _note(self, result: object) -> None:
        if isinstance(result, Refusal):
            self._life.refused.update(each.code for each in result.problems)

    # orders

    def _take(self, now: datetime) -> object:
        request = self._request()
        by_staff = request.channel is Channel.PHONE
        actor = manager_of(request.distributor) if by_staff else self._buyer(request.customer)
        result = self._network.orders.take(request, actor=actor, now=now)
        if not isinstance(result, Refusal):
            self._life.orders.append(result.id)
            if self._chance.once_in(4):
                self._network.orders.take(request, actor=actor, now=now)
        return result

    def _request(self) -> OrderRequest:
        chance = self._chance
        customer, cycle = chance.one(self._world.customers), chance.one(self._world.order_cycles)
        by_staff, shop = chance.once_in(4), customer.enterprise
        exchange = cycle.outgoing_to(shop)
        goods = [each.id for each in self._world.variants] if exchange is None else list(exchange.variants)
        shipping = [each.id for each in self._world.shipping_methods if shop in each.distributors]
        payment = [each.id for each in self._world.payment_methods if shop in each.distributors]
        return OrderRequest(
            key=f"order-{len(self._life.orders) + 1}",
            customer=customer.id,
            distributor=shop,
            order_cycle=cycle.id,
            lines=tuple(RequestedLine(key, chance.number(1, 4)) for key in chance.some(goods, least=1)),
            shipping_method=ShippingMethodId(chance.one(shipping)),
            payment_method=PaymentMethodId(chance.one(payment)),
            channel=Channel.PHONE if by_staff else Channel.WEB,
            override_reason="called in time" if by_staff and chance.once_in(2) else None,
            acknowledged=tuple(each.supplier for each in cycle.incoming) if chance.once_in(2) else (),
            voucher=voucher_code(shop) if chance.once_in(3) else "",
        )

    def _change(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        chosen = self._chance.some(order.lines, least=1)
        quantities = {line.variant: self._chance.number(0, line.quantity + 1) for line in chosen}
        return self._network.orders.change(order.id, quantities, actor=self._either(order), now=now)

    def _cancel(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        restock = not self._chance.once_in(4)
        return self._network.orders.cancel(order.id, actor=self._either(order), now=now, restock=restock)

    def _amending(self, amend: Amend) -> Callable[[datetime], object]:
        def act(now: datetime) -> object:
            order = self._some_order()
            return None if order is None else amend(self._network, order, self._chance, now)

        return act

    def _some_order(self) -> Order | None:
        return self._network.orders.get(self._chance.one(self._life.orders)) if self._life.orders else None

    # money

    def _receive(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        due = max(self._network.orders.balance(order.id).outstanding.minor, 1)
        minor = due if self._chance.once_in(2) else self._chance.number(1, due)
        return self._receipt(order, Money(minor, order.currency), now)

    def _receipt(self, order: Order, amount: Money, now: datetime) -> object:
        self._receipts += 1
        key = f"till-{self._receipts}"
        return self._network.payments.record_receipt(
            order.id, amount, key=key, actor=manager_of(order.distributor), now=now
        )

    def _charge(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        return self._network.payments.charge(order.id, actor=self._buyer(order.customer), now=now)

    def _refund(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        return self._network.payments.refund(order.id, actor=manager_of(order.distributor), now=now)

    def _settle(self, now: datetime) -> None:
        """Give back what is owed, and receive half of what is due."""
        for key in self._life.orders:
            order = self._network.orders.get(key)
            outstanding = self._network.orders.balance(key).outstanding
            if outstanding.minor < 0:
                self._network.payments.refund(key, actor=manager_of(order.distributor), now=now)
            elif outstanding.minor > 0 and self._chance.once_in(2):
                self._receipt(order, outstanding, now)

    # the rest

    def _supply(self, now: datetime) -> object:
        variant = self._chance.one(self._world.variants)
        quantities = {VariantId(variant.id): self._chance.number(-3, 6)}
        key = f"delivery-at-{now.isoformat()}"
        return self._network.stock.supply(quantities, key=key, actor=manager_of(variant.supplier), now=now)

    def _notify(self, now: datetime) -> object:
        cycle = self._chance.one(self._world.order_cycles)
        return self._network.cycles.notify_producers(cycle.id, actor=manager_of(cycle.coordinator), now=now)

    def _tick(self, now: datetime) -> None:
        self._network.tick(now)
        known = set(self._life.orders)
        for key in self._standing_orders():
            if key not in known and self._exists(key):
                self._life.orders.append(key)

    def _standing_orders(self) -> Iterator[OrderId]:
        for cycle in self._world.order_cycles:
            for subscription in self._world.subscriptions:
                yield OrderId(proxy_order_id(subscription.id, cycle.id))

    def _exists(self, key: OrderId) -> bool:
        try:
            self._network.orders.get(key)
        except NotFoundError:
            return False
        return True

    # people

    def _either(self, order: Order) -> Actor:
        return manager_of(order.distributor) if self._chance.once_in(2) else self._buyer(order.customer)

    def _buyer(self, key: CustomerId) -> Actor:
        user = next(each.user for each in self._world.customers if each.id == key)
        return Actor.customer(key) if user is None else Actor.user(user)


def _dates(cycle: OrderCycle) -> tuple[datetime, datetime]:
    dates: Sequence[datetime] = [each for each in (cycle.orders_open_at, cycle.orders_close_at) if each is not None]
    opens, closes = dates
    return opens, closes
