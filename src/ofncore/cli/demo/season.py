"""A season: weeks that are lived through act by act, each at its instant."""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from random import Random
from typing import Concatenate, ParamSpec

import attrs

from ofncore.cli.demo.cast import Cast
from ofncore.cli.demo.chance import chance
from ofncore.cli.demo.diary import Diary
from ofncore.cli.demo.terminal import CardTerminal
from ofncore.cli.demo.weeks import DemoWeek
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.model.world import World
from ofncore.network import FoodNetwork
from ofncore.orders.balance import Balance, balance_of
from ofncore.ports.unit_of_work import UnitOfWorkFactory

#: What somebody does at an instant; it may plan later acts.
Act = Callable[[datetime], None]


class Acts:
    """Acts that are still to come, by their instants; those of one instant in the order in which they were planned."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def plan(self, at: datetime, act: Act) -> None:
        """Have *act* done at *at*."""
        heapq.heappush(self._waiting, (at, next(self._numbers), act))

    def play(self, watch: Callable[[datetime], None]) -> None:
        """Do everything, also what is planned meanwhile; *watch* is told the instant of each act before it is done."""
        while self._waiting:
            at, _, act = heapq.heappop(self._waiting)
            watch(at)
            act(at)


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

    def order(self, key: OrderId) -> Order:
        """Return an order as it is now."""
        return self.network.orders.get(key)


P = ParamSpec("P")


@attrs.frozen(kw_only=True, eq=False)
class Scene:
    """One week of a season."""

    season: Season
    week: DemoWeek
    #: As it was when the week was made ready.
    cycle: OrderCycle
    #: Orders that were taken on the web, as they came.
    web_orders: list[OrderId] = attrs.field(factory=list)
    #: What each shop sells; emptied by whoever edits the cycle.
    shopfronts: dict[EnterpriseId, tuple[VariantId, ...]] = attrs.field(factory=dict)

    @property
    def network(self) -> FoodNetwork:
        """The network."""
        return self.season.network

    @property
    def cast(self) -> Cast:
        """The people."""
        return self.season.cast

    def chance(self, *topic: object) -> Random:
        """Return the choices of this week for *topic*."""
        return chance(self.season.seed, self.week.number, *topic)

    def plan(
        self,
        day: int,
        clock: str,
        act: "Callable[Concatenate[Scene, datetime, P], None]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Have *act* done *day* days after the day of the opening, when the clocks show *clock*."""
        self.plan_at(self.week.on(day, clock), act, *args, **kwargs)

    def plan_at(
        self,
        at: datetime,
        act: "Callable[Concatenate[Scene, datetime, P], None]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Have *act* done at *at*."""
        self.season.acts.plan(at, lambda now: act(self, now, *args, **kwargs))

    def orders(self) -> list[tuple[Order, Balance]]:
        """Return the orders of the cycle and how they stand, cancelled ones too, in the order of their placing."""
        with self.season.begin() as unit:
            orders = unit.orders.of_cycle(self.cycle.id)
            payments = unit.payments.of_orders([order.id for order in orders])
        mine: dict[OrderId, list[Payment]] = {order.id: [] for order in orders}
        for payment in payments:
            mine[payment.order].append(payment)
        ordered = sorted(orders, key=lambda order: (order.placed_at, order.id))
        return [(order, balance_of(order, mine[order.id])) for order in ordered]

    def on_sale(self, shop: EnterpriseId) -> tuple[VariantId, ...]:
        """Return what *shop* sells at present."""
        if shop not in self.shopfronts:
            self.shopfronts[shop] = tuple(self.network.fees.price_book(self.cycle.id, shop, at=self.week.opens))
        return self.shopfronts[shop]

    def refused(self, actor: Actor, what: str, result: object, now: datetime) -> bool:
        """Take note if *result* of what *actor* tried is a refusal; return whether it is."""
        if not isinstance(result, Refusal):
            return False
        self.season.diary.note(self.cycle.id, self.cast.name_of(actor), what, result, at=now)
        return True

    def show_refused(self, actor: Actor, what: str, result: object, now: datetime) -> None:
        """Take note of a refusal, and tell it with its reasons."""
        if isinstance(result, Refusal):
            attempt = self.season.diary.note(self.cycle.id, self.cast.name_of(actor), what, result, at=now)
            self.season.diary.tell_attempt(attempt, self.week.zone)

    def shop_name(self, shop: EnterpriseId) -> str:
        """Return the name of a shop."""
        return self.cast.enterprise(shop).name

    def customer_name(self, customer: CustomerId) -> str:
        """Return the name of a customer."""
        return self.cast.customer(customer).name
