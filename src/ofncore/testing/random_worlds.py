"""Random worlds, and lives lived in them.

The same seed always gives the same world and the same life, so that two networks that were given both must be left in
the same state. Worlds are small and valid: a network loads them, and documents read what it exports.

    >>> from ofncore.network import make_network
    >>> world, network = random_world(7), make_network()
    >>> network.worlds.load(as_state(world))
    >>> life = live(network, world, 7)
    >>> len(network.worlds.export().orders) == len(life.orders)
    True
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final, TypeVar

import attrs

from ofncore.formats.state import as_state
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.ids import (
    EnterpriseId,
    FeeId,
    OrderId,
)
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import Calculator
from ofncore.model.customer import Consent, Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, ShopSettings
from ofncore.model.fee import EnterpriseFee, FeeType
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import PaymentKind, PaymentMethod, ShippingMethod
from ofncore.model.order import Channel
from ofncore.model.product import Measure, Variant
from ofncore.model.stock import StockItem
from ofncore.model.subscription import Subscription, SubscriptionLine
from ofncore.model.world import World
from ofncore.network import FoodNetwork
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing import worlds

__all__ = ["Life", "as_state", "live", "random_world"]

T = TypeVar("T")

#: A Monday; the first cycle opens some hours later.
_BEGINNING: Final = datetime(2026, 3, 2, tzinfo=UTC)
_CURRENCIES: Final = ("EUR", "CHF", "JPY", "TND")
_FOOD: Final = "food"
_SERVICE: Final = "service"


# ---------------------------------------------------------------- worlds


def random_world(seed: int) -> World:
    """Return the world of *seed*.

    One to three shops, the first of which coordinates, with one to three pick-ups each; one to three producers; two to
    seven goods that are scarce, plenty or on demand; one to six fees of any kind, discounts among them; taxes included,
    added, both or none; a currency with no, two or three decimals; one to three cycles, and up to five subscriptions.
    """
    return _WorldMaker(seed).make()


class _Chance:
    """Draws, always the same for the same seed."""

    def __init__(self, *seed: object) -> None:
        self._random = Random(repr(seed))  # noqa: S311 - a test draws no secrets

    def number(self, lowest: int, highest: int) -> int:
        return self._random.randint(lowest, highest)

    def once_in(self, times: int) -> bool:
        return self._random.randrange(times) == 0

    def one(self, of: Sequence[T]) -> T:
        return self._random.choice(of)

    def some(self, of: Sequence[T], *, least: int = 0) -> list[T]:
        """Draw at least *least*, in the order in which they stand."""
        count = self.number(min(least, len(of)), len(of))
        places = sorted(self._random.sample(range(len(of)), count))
        return [of[place] for place in places]


class _WorldMaker:
    """Makes the parts of one world, one after the other."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._chance = _Chance("world", seed)
        self._currency = self._chance.one(_CURRENCIES)
        self._taxes = self._chance.one(["none", "included", "added", "both"])

    def make(self) -> World:
        """Return the world."""
        shops = [self._shop(number) for number in range(1, self._chance.number(1, 3) + 1)]
        producers = [self._producer(number) for number in range(1, self._chance.number(1, 3) + 1)]
        variants = [self._variant(number, producers) for number in range(1, self._chance.number(2, 7) + 1)]
        fees = [self._fee(number, [*shops, *producers]) for number in range(1, self._chance.number(1, 6) + 1)]
        customers = [self._customer(number, shops) for number in range(1, self._chance.number(2, 6) + 1)]
        cycles = self._cycles(shops, producers, variants, fees)
        shipping = [each for shop in shops for each in self._pick_ups(shop)]
        payment = [each for shop in shops for each in self._payments(shop)]
        return World(
            name=f"Random world {self._seed}",
            users=tuple(worlds.user(name) for name in sorted(_accounts([*shops, *producers], customers))),
            enterprises=(*shops, *producers),
            grants=tuple(_grants(shops, producers)),
            customers=tuple(customers),
            tax_categories=(worlds.tax_category(_FOOD), worlds.tax_category(_SERVICE)),
            tax_rates=self._tax_rates(),
            products=tuple(worlds.product(each.product) for each in variants),
            variants=tuple(variants),
            stock=tuple(self._stock(each) for each in variants if not self._chance.once_in(20)),
            fees=tuple(fees),
            shipping_methods=tuple(shipping),
            payment_methods=tuple(payment),
            order_cycles=tuple(cycles),
            schedules=(worlds.schedule("all", order_cycles=tuple(each.id for each in cycles)),),
            subscriptions=tuple(self._subscriptions(customers, variants, shipping, payment)),
        )

    def _shop(self, number: int) -> Enterprise:
        settings = ShopSettings(
            subscriptions_enabled=not self._chance.once_in(6),
            late_placement_days=self._chance.one([0, 0, 3]),
            customers_may_change_orders=not self._chance.once_in(3),
        )
        return worlds.enterprise(
            f"shop-{number}",
            owner=f"manager-of-shop-{number}",
            currency=self._currency,
            order_code_prefix=f"SH{number}",
            email=None if self._chance.once_in(4) else f"shop-{number}@example.org",
            charges_sales_tax=not self._chance.once_in(8),
            time_zone=self._chance.one(["Europe/Paris", "Australia/Lord_Howe", "America/Sao_Paulo"]),
            shop=settings,
        )

    def _producer(self, number: int) -> Enterprise:
        name = f"farm-{number}"
        owner = f"manager-of-{name}"
        return worlds.producer(name, owner=owner, currency=self._currency, email=f"{name}@example.org")

    def _variant(self, number: int, producers: Sequence[Enterprise]) -> Variant:
        measure = self._chance.one(list(Measure))
        by_weight = measure is Measure.WEIGHT
        return worlds.variant(
            f"good-{number}",
            supplier=self._chance.one(producers).id,
            price=Money(self._chance.number(1, 4000), self._currency),
            measure=measure,
            unit_value=Decimal(self._chance.number(1, 2000)),
            weight_kg=None if by_weight else Decimal(self._chance.number(0, 3000)) / 1000,
            tax_category=None if self._chance.once_in(4) else _FOOD,
        )

    def _stock(self, variant: Variant) -> StockItem:
        level = self._chance.one(["scarce", "scarce", "plenty", "on demand"])
        on_hand = {"scarce": self._chance.number(0, 6), "plenty": 300, "on demand": self._chance.number(0, 2)}[level]
        return worlds.stock_item(variant.id, on_hand=on_hand, on_demand=level == "on demand")

    def _tax_rates(self) -> tuple[worlds.TaxRate, ...]:
        included = {"none": [], "included": [True], "added": [False], "both": [True, False]}[self._taxes]
        return tuple(
            worlds.tax_rate(
                f"{category}-{'in' if inside else 'on'}",
                tax_category=category,
                amount=Decimal(self._chance.number(1, 2500)) / 10000,
                included_in_price=inside,
            )
            for category in (_FOOD, _SERVICE)
            for inside in included
        )

    def _fee(self, number: int, owners: Sequence[Enterprise]) -> EnterpriseFee:
        calculator = self._calculator()
        inherits = not calculator.per_order and self._chance.once_in(3)
        return worlds.fee(
            f"fee-{number}",
            enterprise=self._chance.one(owners).id,
            fee_type=self._chance.one(list(FeeType)),
            calculator=calculator,
            inherits_tax_category=inherits,
            tax_category=None if inherits or self._chance.once_in(2) else _SERVICE,
            deleted=self._chance.once_in(12),
        )

    def _calculator(self) -> Calculator:
        kind = self._chance.one(_KINDS)
        settings: dict[str, object] = {name: self._setting(name) for name in _SETTINGS[kind]}
        return worlds.calculator(kind, **settings)

    def _setting(self, name: str) -> object:
        if name == "max_items":
            return self._chance.number(0, 5)
        if name == "unit_from_list":
            return self._chance.one(["kg", "lb"])
        hundredths = self._chance.number(-80, 300)
        whole = minor_digits(self._currency) == 0 and not name.endswith("percent")
        return Decimal(hundredths) if whole else Decimal(hundredths) / (10 if name.endswith("percent") else 100)

    def _customer(self, number: int, shops: Sequence[Enterprise]) -> Customer:
        writes, pays = not self._chance.once_in(4), not self._chance.once_in(4)
        consents = ([Consent.RECEIVE_MAIL] if writes else []) + ([Consent.CHARGE_SAVED_CARD] if pays else [])
        return worlds.customer(
            f"customer-{number}",
            enterprise=self._chance.one(shops).id,
            email=None if self._chance.once_in(4) else f"customer-{number}@example.org",
            user=f"buyer-{number}" if self._chance.once_in(2) else None,
            consents=consents,
            locale=self._chance.one(["en", "fr", "ca", "es", "de"]),
            saved_card=self._chance.one(["tok", "tok", "tok_declined", "tok_authenticate", None]),
        )

    def _cycles(
        self,
        shops: Sequence[Enterprise],
        producers: Sequence[Enterprise],
        variants: Sequence[Variant],
        fees: Sequence[EnterpriseFee],
    ) -> list[OrderCycle]:
        apart = timedelta(days=self._chance.one([3, 7]))
        count = self._chance.number(1, 3)
        return [self._cycle(number, apart * number, shops, producers, variants, fees) for number in range(count)]

    def _cycle(
        self,
        number: int,
        shift: timedelta,
        shops: Sequence[Enterprise],
        producers: Sequence[Enterprise],
        variants: Sequence[Variant],
        fees: Sequence[EnterpriseFee],
    ) -> OrderCycle:
        opens = _BEGINNING + shift + timedelta(hours=self._chance.number(1, 20))
        incoming = tuple(
            worlds.incoming(
                each.id,
                *self._chance.some([variant.id for variant in variants if variant.supplier == each.id], least=1),
                fees=self._fees(fees),
            )
            for each in producers
        )
        brought = [key for exchange in incoming for key in exchange.variants]
        return worlds.order_cycle(
            f"cycle-{number + 1}",
            coordinator=shops[0].id,
            orders_open_at=opens,
            orders_close_at=opens + timedelta(hours=self._chance.number(20, 100)),
            coordinator_fees=self._fees(fees),
            incoming=incoming,
            outgoing=tuple(
                worlds.outgoing(each.id, *self._chance.some(brought, least=1), fees=self._fees(fees)) for each in shops
            ),
            automatic_notifications=self._chance.once_in(2),
        )

    def _fees(self, fees: Sequence[EnterpriseFee]) -> tuple[FeeId, ...]:
        return tuple(each.id for each in self._chance.some(fees))

    def _pick_ups(self, shop: Enterprise) -> list[ShippingMethod]:
        return [
            worlds.shipping_method(
                f"pick-up-{number}-of-{shop.id}",
                distributors=(shop.id,),
                calculator=worlds.calculator() if self._chance.once_in(2) else self._calculator(),
                tax_category=None if self._chance.once_in(2) else _SERVICE,
            )
            for number in range(1, self._chance.number(1, 3) + 1)
        ]

    def _payments(self, shop: Enterprise) -> list[PaymentMethod]:
        return [
            worlds.payment_method(
                f"{name}-at-{shop.id}",
                distributors=(shop.id,),
                kind=kind,
                calculator=worlds.calculator() if self._chance.once_in(2) else self._calculator(),
            )
            for name, kind in (("card", PaymentKind.CARD), ("cash", PaymentKind.BY_HAND))
        ]

    def _subscriptions(
        self,
        customers: Sequence[Customer],
        variants: Sequence[Variant],
        shipping: Sequence[ShippingMethod],
        payment: Sequence[PaymentMethod],
    ) -> Iterable[Subscription]:
        for number in range(1, self._chance.number(0, 5) + 1):
            customer = self._chance.one(customers)
            shop = customer.enterprise
            yield worlds.subscription(
                f"standing-{number}",
                shop=shop,
                customer=customer.id,
                schedule="all",
                shipping_method=self._chance.one([each.id for each in shipping if shop in each.distributors]),
                payment_method=self._chance.one([each.id for each in payment if shop in each.distributors]),
                lines=tuple(
                    SubscriptionLine(variant=each.id, quantity=self._chance.number(1, 4))
                    for each in self._chance.some(variants, least=1)
                ),
                begins_at=_BEGINNING + timedelta(days=self._chance.number(-30, 4)),
                ends_at=_BEGINNING + timedelta(days=self._chance.number(5, 30)) if self._chance.once_in(3) else None,
                paused_at=_BEGINNING if self._chance.once_in(8) else None,
            )


#: The settings of each kind of calculator.
_SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "flat_percent_per_item": ("flat_percent",),
    "flat_percent_item_total": ("flat_percent",),
    "flat_rate": ("amount",),
    "per_item": ("amount",),
    "flexi_rate": ("first_item", "additional_item", "max_items"),
    "price_sack": ("minimal_amount", "normal_amount", "discount_amount"),
    "weight": ("unit_from_list", "per_unit"),
    "none": (),
}
_KINDS: Final = tuple(_SETTINGS)


def _accounts(enterprises: Iterable[Enterprise], customers: Iterable[Customer]) -> set[str]:
    managers = {str(name) for each in enterprises for name in each.managers}
    return managers | {str(each.user) for each in customers if each.user is not None}


def _grants(shops: Sequence[Enterprise], producers: Sequence[Enterprise]) -> Iterable[PermissionGrant]:
    for shop in shops:
        for grantor in (*producers, *(other for other in shops if other != shop)):
            yield worlds.grant(f"{grantor.id}-to-{shop.id}", grantor=grantor.id, grantee=shop.id)


# ---------------------------------------------------------------- lives


@attrs.define
class Life:
    """What was done in a life, and what was refused."""

    #: Ids of all orders, in the order in which they became known.
    orders: list[OrderId] = attrs.field(factory=list)
    #: Code of a problem -> how often an act was refused for it.
    refused: Counter[str] = attrs.field(factory=Counter)


def live(network: FoodNetwork, world: World, seed: int) -> Life:
    """Live the cycles of *world*, which is loaded, to their end.

    Customers and staff order, change, cancel, pay, are paid back and bring stock, in time and out of time, with ticks
    in between, some of them late. In the end everything that is owed to customers is given back.
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
        self._network = network
        self._world = world
        self._chance = _Chance("life", seed)
        self._life = Life()
        self._acts: dict[str, Callable[[datetime], object]] = {
            "take": self._take,
            "change": self._change,
            "cancel": self._cancel,
            "receive": self._receive,
            "charge": self._charge,
            "refund": self._refund,
            "supply": self._supply,
            "notify": self._notify,
            "tick": self._tick,
        }

    def live(self) -> Life:
        """Do all acts in turn, and return what came of them."""
        plan = sorted(self._plan())
        for act in plan:
            self._note(self._acts[act.name](act.at))
        end = plan[-1].at + timedelta(days=4)
        self._tick(end)
        self._settle(end)
        self._tick(end + timedelta(hours=1))
        return self._life

    def _plan(self) -> Iterable[_Act]:
        names = ["take"] * 8 + ["change", "receive", "charge"] * 3 + ["cancel", "refund", "tick"] * 2 + ["supply"]
        turn = 0
        for cycle in self._world.order_cycles:
            opens, closes = _dates(cycle)
            ticks = [opens, closes + timedelta(minutes=self._chance.number(1, 300))]
            for at in ticks:
                if not self._chance.once_in(4):
                    turn += 1
                    yield _Act(at, turn, "tick")
            length = int((closes - opens).total_seconds())
            for _ in range(self._chance.number(8, 16)):
                turn += 1
                at = opens + timedelta(seconds=self._chance.number(-length // 10, length * 12 // 10))
                yield _Act(at, turn, self._chance.one([*names, "notify"]))

    def _note(self, result: object) -> None:
        if isinstance(result, Refusal):
            self._life.refused.update(each.code for each in result.problems)

    # acts

    def _take(self, now: datetime) -> object:
        customer, cycle = self._chance.one(self._world.customers), self._chance.one(self._world.order_cycles)
        by_staff = self._chance.once_in(4)
        key = f"order-{len(self._life.orders) + 1}"
        exchange = cycle.outgoing_to(customer.enterprise)
        goods = [self._chance.one(self._world.variants).id] if exchange is None else list(exchange.variants)
        request = OrderRequest(
            key=key,
            customer=customer.id,
            distributor=customer.enterprise,
            order_cycle=cycle.id,
            lines=tuple(
                RequestedLine(variant, self._chance.number(1, 5)) for variant in self._chance.some(goods, least=1)
            ),
            shipping_method=self._method(self._world.shipping_methods, customer.enterprise),
            payment_method=self._method(self._world.payment_methods, customer.enterprise),
            channel=Channel.PHONE if by_staff else Channel.WEB,
            override_reason="called in time" if by_staff and self._chance.once_in(2) else None,
            acknowledged=tuple(each.supplier for each in cycle.incoming) if self._chance.once_in(2) else (),
        )
        actor = _manager(customer.enterprise) if by_staff else self._buyer(customer.id)
        result = self._network.orders.take(request, actor=actor, now=now)
        if not isinstance(result, Refusal):
            self._life.orders.append(result.id)
            if self._chance.once_in(4):
                self._network.orders.take(request, actor=actor, now=now)
        return result

    def _method(self, methods: Sequence[T], shop: EnterpriseId) -> T:
        raise NotImplementedError

    def _change(self, now: datetime) -> object:
        order = self._some_order()
        if order is None:
            return None
        return None
