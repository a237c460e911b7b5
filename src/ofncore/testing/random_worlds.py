"""Random worlds: small and valid, and always the same for the same seed.

Any network loads them, and documents read what it exports. `ofncore.testing.random_lives` lives in them.

    >>> random_world(7) == random_world(7)
    True
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

import attrs

from ofncore.kernel.ids import FeeId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.customer import Consent, Customer
from ofncore.model.cycle import IncomingExchange, OrderCycle
from ofncore.model.enterprise import Enterprise, FeeWaiver, ShopSettings, TaxAddress
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import PaymentKind, PaymentMethod, ShippingMethod, ShopPaymentMethod, ShopShippingMethod
from ofncore.model.product import Measure, Variant
from ofncore.model.stock import StockItem
from ofncore.model.subscription import Subscription, SubscriptionLine
from ofncore.model.world import State
from ofncore.testing import worlds
from ofncore.testing.chance import Chance
from ofncore.testing.random_money import FOOD, SERVICE, RandomMoney

#: A Monday; the first cycle opens some hours later.
BEGINNING: Final = datetime(2026, 3, 2, tzinfo=UTC)
_CURRENCIES: Final = ("EUR", "CHF", "JPY", "TND")
T = TypeVar("T")
_ZONES: Final = ("Europe/Paris", "Australia/Lord_Howe", "America/Sao_Paulo")


def random_world(seed: int) -> State:
    """Return the world of *seed*, as a state in which nothing has happened.

    One to three shops, the first of which coordinates, with one to three pick-ups and two ways to pay each, and one way
    that they share; one to three producers; two to seven goods that are scarce, plenty, on demand or not counted; one
    to six fees of any kind, discounts among them; taxes included, added, both or none, in zones or everywhere; a
    voucher for each shop; a currency with no, two or three decimals; one to three cycles, some of which offer only some
    methods; and up to five subscriptions.
    """
    return _WorldMaker(seed).make()


class _WorldMaker:
    """Makes the parts of one world."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._chance = chance = Chance("world", seed)
        self._currency = chance.one(_CURRENCIES)
        self._money = RandomMoney(chance, self._currency)
        self._shops = [self._shop(number) for number in self._up_to(3)]
        self._producers = [self._producer(number) for number in self._up_to(3)]
        self._variants = [self._variant(number) for number in self._up_to(7, least=2)]
        owners = [each.id for each in (*self._shops, *self._producers)]
        self._fees = [self._money.fee(number, chance.one(owners), BEGINNING) for number in self._up_to(6)]
        self._customers = [self._customer(number) for number in self._up_to(6, least=2)]
        self._shipping = [each for shop in self._shops for each in self._pick_ups(shop)]
        self._payment = [each for shop in self._shops for each in self._ways_to_pay(shop)]
        #: Of its own, so that what is chosen in cycles changes nothing else.
        self._choosing = Chance("choices", seed)

    def make(self) -> State:
        """Return the world."""
        transfer = worlds.payment_method("transfer", distributors=tuple(each.id for each in self._shops))
        apart = self._chance.one([3, 7])
        cycles = [self._cycle(number, timedelta(days=apart * number)) for number in self._up_to(3)]
        return State(
            name=f"Random world {self._seed}",
            users=tuple(worlds.user(name) for name in sorted(self._accounts())),
            enterprises=(*self._shops, *self._producers),
            grants=tuple(self._grants()),
            customers=tuple(self._customers),
            tax_categories=self._money.tax_categories,
            tax_zones=self._money.tax_zones,
            tax_rates=tuple(self._money.tax_rates()),
            products=tuple(worlds.product(each.product) for each in self._variants),
            variants=tuple(self._variants),
            stock=tuple(self._stock(each) for each in self._variants if not self._chance.once_in(20)),
            fees=tuple(self._fees),
            vouchers=tuple(self._money.voucher(each.id) for each in self._shops),
            shipping_methods=tuple(self._shipping),
            payment_methods=(*self._payment, transfer),
            order_cycles=tuple(self._with_choices(each, transfer) for each in cycles),
            schedules=(worlds.schedule("all", order_cycles=tuple(each.id for each in cycles)),),
            subscriptions=tuple(self._subscription(number) for number in self._up_to(5, least=0)),
        )

    def _up_to(self, most: int, *, least: int = 1) -> range:
        return range(1, self._chance.number(least, most) + 1)

    # people and enterprises

    def _shop(self, number: int) -> Enterprise:
        chance, name = self._chance, f"shop-{number}"
        settings = ShopSettings(
            subscriptions_enabled=not chance.once_in(6),
            late_placement_days=chance.one([0, 0, 3]),
            customers_may_change_orders=not chance.once_in(3),
            rounding=chance.one(list(RoundingPolicy)),
            tax_address=chance.one(list(TaxAddress)),
            fee_waivers=(FeeWaiver(customer_tags=("member",), fee_tags=("handling",)),) if chance.once_in(3) else (),
        )
        return worlds.enterprise(
            name,
            owner=f"manager-of-{name}",
            currency=self._currency,
            order_code_prefix=f"SH{number}",
            email=None if chance.once_in(4) else f"{name}@example.org",
            charges_sales_tax=not chance.once_in(8),
            address=self._money.address(),
            time_zone=chance.one(_ZONES),
            shop=settings,
        )

    def _producer(self, number: int) -> Enterprise:
        name = f"farm-{number}"
        return worlds.producer(name, owner=f"manager-of-{name}", currency=self._currency, email=f"{name}@example.org")

    def _customer(self, number: int) -> Customer:
        chance, name = self._chance, f"customer-{number}"
        consents = [each for each in Consent if not chance.once_in(4)]
        return worlds.customer(
            name,
            enterprise=chance.one(self._shops).id,
            email=None if chance.once_in(4) else f"{name}@example.org",
            user=f"buyer-{number}" if chance.once_in(2) else None,
            consents=consents,
            tags=chance.some(["member", "guest"]),
            address=self._money.address(),
            locale=chance.one(["en", "fr", "ca", "es", "de"]),
            saved_card=chance.one(["tok", "tok", "tok_declined", "tok_3ds", None]),
        )

    def _accounts(self) -> set[str]:
        managers = {str(name) for each in (*self._shops, *self._producers) for name in each.managers}
        return managers | {str(each.user) for each in self._customers if each.user is not None}

    def _grants(self) -> Iterator[PermissionGrant]:
        for shop in self._shops:
            for grantor in (*self._producers, *self._shops):
                if grantor != shop:
                    yield worlds.grant(f"{grantor.id}-to-{shop.id}", grantor=grantor.id, grantee=shop.id)

    # goods

    def _variant(self, number: int) -> Variant:
        chance = self._chance
        measure = chance.one(list(Measure))
        return worlds.variant(
            f"good-{number}",
            supplier=chance.one(self._producers).id,
            price=Money(chance.number(1, 4000), self._currency),
            measure=measure,
            unit_value=Decimal(chance.number(1, 2000)),
            weight_kg=None if measure is Measure.WEIGHT else Decimal(chance.number(0, 3000)) / 1000,
            tax_category=None if chance.once_in(4) else FOOD,
        )

    def _stock(self, variant: Variant) -> StockItem:
        scarce, plenty, unlimited = self._chance.number(0, 12), 300, self._chance.number(0, 2)
        on_hand, on_demand = self._chance.one([(scarce, False), (scarce, False), (plenty, False), (unlimited, True)])
        return worlds.stock_item(variant.id, on_hand=on_hand, on_demand=on_demand)

    # trade

    def _pick_ups(self, shop: Enterprise) -> list[ShippingMethod]:
        return [
            worlds.shipping_method(
                f"pick-up-{number}-of-{shop.id}",
                distributors=(shop.id,),
                calculator=self._money.calculator_of_method(),
                tax_category=None if self._chance.once_in(2) else SERVICE,
                is_delivery=self._chance.once_in(3),
            )
            for number in self._up_to(3)
        ]

    def _ways_to_pay(self, shop: Enterprise) -> list[PaymentMethod]:
        return [
            worlds.payment_method(
                f"{name}-at-{shop.id}",
                distributors=(shop.id,),
                kind=kind,
                calculator=self._money.calculator_of_method(),
            )
            for name, kind in (("card", PaymentKind.CARD), ("cash", PaymentKind.BY_HAND))
        ]

    def _cycle(self, number: int, shift: timedelta) -> OrderCycle:
        chance = self._chance
        opens = BEGINNING + shift + timedelta(hours=chance.number(1, 20))
        incoming = tuple(self._incoming(each) for each in self._producers)
        brought = [key for exchange in incoming for key in exchange.variants]
        return worlds.order_cycle(
            f"cycle-{number}",
            coordinator=self._shops[0].id,
            orders_open_at=opens,
            orders_close_at=opens + timedelta(hours=chance.number(20, 100)),
            coordinator_fees=self._some_fees(),
            incoming=incoming,
            outgoing=tuple(
                worlds.outgoing(each.id, *chance.some(brought, least=1), fees=self._some_fees()) for each in self._shops
            ),
            automatic_notifications=chance.once_in(2),
        )

    def _with_choices(self, cycle: OrderCycle, shared: PaymentMethod) -> OrderCycle:
        payments = [ShopPaymentMethod(shop, each.id) for each in (*self._payment, shared) for shop in each.distributors]
        shipping = [ShopShippingMethod(shop, each.id) for each in self._shipping for shop in each.distributors]
        return attrs.evolve(cycle, payment_methods=self._chosen(payments), shipping_methods=self._chosen(shipping))

    def _chosen(self, methods: Sequence[T]) -> tuple[T, ...]:
        # Most cycles offer everything, so that most standing orders are placed.
        return tuple(self._choosing.some(methods)) if self._choosing.once_in(4) else ()

    def _incoming(self, producer: Enterprise) -> IncomingExchange:
        own = [each.id for each in self._variants if each.supplier == producer.id]
        return worlds.incoming(producer.id, *self._chance.some(own, least=1), fees=self._some_fees())

    def _some_fees(self) -> tuple[FeeId, ...]:
        return tuple(each.id for each in self._chance.some(self._fees))

    def _subscription(self, number: int) -> Subscription:
        chance = self._chance
        customer = chance.one(self._customers)
        shop = customer.enterprise
        wanted = chance.some(self._variants, least=1)
        return worlds.subscription(
            f"standing-{number}",
            shop=shop,
            customer=customer.id,
            schedule="all",
            shipping_method=self._drawn_id(self._shipping, customer),
            payment_method=self._drawn_id(self._payment, customer),
            lines=tuple(SubscriptionLine(variant=each.id, quantity=chance.number(1, 4)) for each in wanted),
            begins_at=BEGINNING + timedelta(days=chance.number(-30, 4)),
            ends_at=BEGINNING + timedelta(days=chance.number(5, 30)) if chance.once_in(3) else None,
            paused_at=BEGINNING if chance.once_in(8) else None,
        )

    def _drawn_id(self, methods: Sequence[ShippingMethod | PaymentMethod], customer: Customer) -> str:
        return self._chance.one([each.id for each in methods if customer.enterprise in each.distributors])
