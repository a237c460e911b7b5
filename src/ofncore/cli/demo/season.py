"""A season: weeks that are lived through act by act, each at its instant."""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count

import attrs

from ofncore.cli.demo.cast import Cast
from ofncore.cli.demo.diary import Diary
from ofncore.cli.demo.terminal import CardTerminal
from ofncore.kernel.ids import OrderCycleId, OrderId, VariantId
from ofncore.model.order import Order
from ofncore.model.world import World
from ofncore.network import FoodNetwork
from ofncore.ports.unit_of_work import UnitOfWorkFactory

#: What somebody does at an instant; it may plan later acts.
Act = Callable[[datetime], None]


class Acts:
    """Acts that are still to come, by their instants; those of one instant in the order in which they were planned."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._numbers = count()
        #: How many were planned so far.
        self.planned = 0

    def plan(self, at: datetime, act: Act) -> None:
        """Have *act* done at *at*."""
        self.planned += 1
        heapq.heappush(self._waiting, (at, next(self._numbers), act))

    def play(self, watch: Callable[[int, int, datetime], None]) -> None:
        """Do everything, also what is planned meanwhile; *watch* is told how many of how many are done, and when."""
        done = 0
        while self._waiting:
            at, _, act = heapq.heappop(self._waiting)
            act(at)
            done += 1
            watch(done, self.planned, at)


@attrs.frozen(kw_only=True, eq=False)
class Season:
    """What the acts work with."""

    seed: int
    #: The world as it was loaded.
    world: World
    network: FoodNetwork
    #: For reading what no service lists.
    begin: UnitOfWorkFactory
    terminal: CardTerminal
    cast: Cast
    diary: Diary
    acts: Acts = attrs.field(factory=Acts)
    #: Names of goods, for people.
    goods: Mapping[VariantId, str]

    def orders_of(self, order_cycle: OrderCycleId) -> list[Order]:
        """Return the orders of a cycle, cancelled ones too, in the order in which they were placed."""
        with self.begin() as unit:
            found = unit.orders.of_cycle(order_cycle)
        return sorted(found, key=lambda order: (order.placed_at, order.id))

    def order(self, key: OrderId) -> Order:
        """Return an order as it is now."""
        return self.network.orders.get(key)
