"""Builders of small worlds: defaults everywhere, so that a test says only what matters to it.

`small_world` is a hub, two producers, one open order cycle, two customers, one schedule and one subscription. The
other functions build one record each; the first argument is its id, every other field may be given by name.

    >>> world = small_world(customers=[customer("carla", locale="fr")], subscriptions=[])
    >>> [each.name for each in world.customers]
    ['Carla']
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol, TypeVar

import attrs

from ofncore.fees.registry import calculator_class
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, SubscriptionId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator
from ofncore.model.customer import Customer
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import CycleOpened
from ofncore.model.fee import EnterpriseFee, FeeType, TaxCategory, TaxPlace, TaxRate, TaxZone
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.message import Message, MessageKind
from ofncore.model.methods import PaymentKind, PaymentMethod, ShippingMethod
from ofncore.model.order import Channel, Order, OrderLine, OrderState, PaymentCharge, ShippingCharge
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.model.product import Product, Variant
from ofncore.model.stock import StockCause, StockItem, StockMovement
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription, SubscriptionLine
from ofncore.model.user import User
from ofncore.model.voucher import Voucher, VoucherKind
from ofncore.model.world import State, World
from ofncore.ports.unit_of_work import UnitOfWork

T = TypeVar("T")

#: A Tuesday at noon, while the cycle of `small_world` is open.
NOW: Final = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
#: When the cycle of `small_world` opens and closes.
OPENS: Final = NOW - timedelta(days=1)
CLOSES: Final = NOW + timedelta(days=2)


def euros(amount: str) -> Money:
    """Return *amount* in EUR, the currency of every builder."""
    return Money.of(amount, "EUR")


def _build(make: Callable[..., T], changes: dict[str, object], **defaults: object) -> T:
    return make(**(defaults | changes))


def _titled(key: str) -> str:
    return key.replace("-", " ").capitalize()


def calculator(kind: str = "none", /, **settings: object) -> Calculator:
    """Return a calculator of *kind* with *settings*; by default one that charges nothing."""
    make: Callable[..., Calculator] = calculator_class(kind)
    return make(**settings)


def user(key: str = "amelie", /, **changes: object) -> User:
    """Return a user."""
    return _build(User, changes, id=key, name=_titled(key), email=f"{key}@example.org")


def enterprise(key: str = "hub", /, **changes: object) -> Enterprise:
    """Return a hub in France, managed by its owner, the user ``amelie``."""
    return _build(
        Enterprise,
        changes,
        id=key,
        name=_titled(key),
        owner="amelie",
        managers=(changes.get("owner", "amelie"),),
        sells=Sells.ANY,
        currency="EUR",
        time_zone="Europe/Paris",
        order_code_prefix="HAB",
    )


def producer(key: str = "farm", /, **changes: object) -> Enterprise:
    """Return a producer without a shop, managed by its owner, the user ``paul``."""
    defaults: dict[str, object] = {
        "owner": "paul",
        "is_producer": True,
        "sells": Sells.NONE,
        "order_code_prefix": None,
    }
    return enterprise(key, **(defaults | changes))


def grant(key: str = "farm-to-hub", /, **changes: object) -> PermissionGrant:
    """Return the grant by which ``farm`` lets ``hub`` sell its goods."""
    return _build(
        PermissionGrant,
        changes,
        id=key,
        grantor="farm",
        grantee="hub",
        permissions=(Permission.ADD_TO_ORDER_CYCLE,),
    )


def customer(key: str = "anna", /, **changes: object) -> Customer:
    """Return a customer of ``hub`` without contact or account."""
    return _build(Customer, changes, id=key, enterprise="hub", last_name=_titled(key))


def tax_category(key: str = "food", /, **changes: object) -> TaxCategory:
    """Return a tax category."""
    return _build(TaxCategory, changes, id=key, name=_titled(key))


def tax_zone(key: str = "home", /, **changes: object) -> TaxZone:
    """Return a zone of one country, France; not the default."""
    return _build(TaxZone, changes, id=key, name=_titled(key), members=(TaxPlace("FR"),))


def tax_rate(key: str = "food-rate", /, **changes: object) -> TaxRate:
    """Return a rate of 5.5 % for ``food``, included in prices."""
    return _build(TaxRate, changes, id=key, name=_titled(key), tax_category="food", amount=Decimal("0.055"))


def product(key: str = "eggs", /, **changes: object) -> Product:
    """Return a product."""
    return _build(Product, changes, id=key, name=_titled(key))


def variant(key: str = "eggs", /, **changes: object) -> Variant:
    """Return a variant of the product of the same id, from ``farm``, at 3.20 EUR."""
    return _build(Variant, changes, id=key, product=key, supplier="farm", price=euros("3.20"), tax_category="food")


def stock_item(key: str = "eggs", /, **changes: object) -> StockItem:
    """Return the producer's count of a variant: ten on hand."""
    return _build(StockItem, changes, variant=key, on_hand=10)


def movement(key: str = "movement-1", /, **changes: object) -> StockMovement:
    """Return a movement that takes one of the variant ``eggs``."""
    return _build(
        StockMovement,
        changes,
        id=key,
        variant="eggs",
        delta=-1,
        cause=StockCause.PLACED,
        actor=ENGINE,
        at=NOW,
    )


def fee(key: str = "admin-fee", /, **changes: object) -> EnterpriseFee:
    """Return a fee of ``hub``: ten percent of each item."""
    return _build(
        EnterpriseFee,
        changes,
        id=key,
        enterprise="hub",
        name=_titled(key),
        fee_type=FeeType.ADMIN,
        calculator=calculator("flat_percent_per_item", flat_percent=Decimal(10)),
    )


def voucher(key: str = "welcome", /, **changes: object) -> Voucher:
    """Return a voucher of ``hub``: five off an order, for the code that is its id in capitals."""
    return _build(Voucher, changes, id=key, enterprise="hub", code=key.upper(), kind=VoucherKind.FLAT, value=Decimal(5))


def shipping_method(key: str = "pickup", /, **changes: object) -> ShippingMethod:
    """Return a pick-up at ``hub`` that costs nothing."""
    return _build(ShippingMethod, changes, id=key, name=_titled(key), distributors=("hub",), calculator=calculator())


def payment_method(key: str = "cash", /, **changes: object) -> PaymentMethod:
    """Return a payment at ``hub`` by hand that costs nothing."""
    return _build(
        PaymentMethod,
        changes,
        id=key,
        name=_titled(key),
        distributors=("hub",),
        kind=PaymentKind.BY_HAND,
        calculator=calculator(),
    )


def incoming(supplier: str = "farm", /, *variants: str, **changes: object) -> IncomingExchange:
    """Return what *supplier* sends: *variants*."""
    return _build(IncomingExchange, changes, supplier=supplier, variants=variants)


def outgoing(distributor: str = "hub", /, *variants: str, **changes: object) -> OutgoingExchange:
    """Return what *distributor* sells: *variants*."""
    return _build(OutgoingExchange, changes, distributor=distributor, variants=variants, ready_for="Friday from 17:00")


def order_cycle(key: str = "week-10", /, **changes: object) -> OrderCycle:
    """Return a cycle of ``hub``, open from `OPENS` to `CLOSES`, with the goods of ``farm`` and ``dairy``."""
    return _build(
        OrderCycle,
        changes,
        id=key,
        name=_titled(key),
        coordinator="hub",
        orders_open_at=OPENS,
        orders_close_at=CLOSES,
        coordinator_fees=("admin-fee",),
        incoming=(incoming("farm", "carrots", "eggs"), incoming("dairy", "cheese")),
        outgoing=(outgoing("hub", "carrots", "cheese", "eggs"),),
    )


def schedule(key: str = "weekly", /, **changes: object) -> Schedule:
    """Return a schedule with the cycle ``week-10``."""
    return _build(Schedule, changes, id=key, name=_titled(key), order_cycles=("week-10",))


def subscription(key: str = "anna-weekly", /, **changes: object) -> Subscription:
    """Return a subscription of ``anna`` at ``hub``: one ``eggs`` in each cycle of ``weekly``."""
    return _build(
        Subscription,
        changes,
        id=key,
        shop="hub",
        customer="anna",
        schedule="weekly",
        shipping_method="pickup",
        payment_method="cash",
        lines=(SubscriptionLine(variant=VariantId("eggs"), quantity=1),),
        begins_at=OPENS - timedelta(days=7),
    )


def proxy_order(subscription: str = "anna-weekly", cycle: str = "week-10", /, **changes: object) -> ProxyOrder:
    """Return the place of *subscription* in *cycle*, without an order yet."""
    return _build(ProxyOrder, changes, subscription=SubscriptionId(subscription), order_cycle=OrderCycleId(cycle))


def order_line(variant: str = "eggs", /, **changes: object) -> OrderLine:
    """Return a line of one *variant* at 3.20 EUR, without fees."""
    return _build(
        OrderLine,
        changes,
        variant=variant,
        supplier=EnterpriseId("farm"),
        product_name=_titled(variant),
        quantity=1,
        price=euros("3.20"),
    )


def order(key: str = "order-1", /, **changes: object) -> Order:
    """Return a received order of ``anna`` at ``hub`` in ``week-10``: one line of ``eggs``; its code is its id."""
    return _build(
        Order,
        changes,
        id=key,
        code=key.upper(),
        state=OrderState.RECEIVED,
        customer="anna",
        distributor="hub",
        order_cycle="week-10",
        currency="EUR",
        lines=(order_line(),),
        shipping=_build(ShippingCharge, {}, method="pickup", name="Pickup", amount=euros("0")),
        payment=_build(PaymentCharge, {}, method="cash", name="Cash", amount=euros("0")),
        channel=Channel.WEB,
        placed_by=Actor.user("amelie"),
        placed_at=NOW,
    )


def payment(key: str = "payment-1", /, **changes: object) -> Payment:
    """Return a claimed charge of 3.20 EUR for ``order-1``, in cash."""
    return _build(
        Payment,
        changes,
        id=key,
        order="order-1",
        method="cash",
        purpose=PaymentPurpose.CHARGE,
        amount=euros("3.20"),
        state=PaymentState.CLAIMED,
        actor=ENGINE,
        at=NOW,
    )


def message(about: str = "order-1", /, **changes: object) -> Message:
    """Return a pending message to ``anna`` that tells her *about* her order."""
    return _build(
        Message,
        changes,
        kind=MessageKind.ORDER_PLACED,
        about=about,
        recipient="anna",
        to="anna@example.org",
        locale="en",
        subject="Your order",
        body="Thank you.",
        at=NOW,
    )


def event(cycle: str = "week-10", /, **changes: object) -> CycleOpened:
    """Return the event that *cycle* opened."""
    return _build(CycleOpened, changes, order_cycle=OrderCycleId(cycle), at=OPENS)


def small_world(**changes: object) -> World:
    """Return a small world; *changes* replace whole parts of it by name.

    Users ``amelie`` (manages ``hub``), ``paul`` (``farm``), ``berta`` (``dairy``) and the administrator ``root``.
    ``farm`` makes ``carrots`` (2.50 EUR, twenty on hand) and ``eggs`` (3.20 EUR, ten on hand), ``dairy`` makes
    ``cheese`` (6.80 EUR, on demand). ``hub`` sells them to ``anna`` and ``ben`` in the cycle ``week-10``, which is
    open at `NOW`, with a fee of ten percent. ``anna`` has the subscription ``anna-weekly`` for one ``eggs`` in each
    cycle of the schedule ``weekly``.
    """
    return _build(World, _tuples(changes), **_defaults())


def small_state(**changes: object) -> State:
    """Return `small_world` as a state in which nothing has happened but *changes*."""
    return _build(State, _tuples(changes), **_defaults())


def _tuples(parts: dict[str, object]) -> dict[str, object]:
    return {name: tuple(part) if isinstance(part, list) else part for name, part in parts.items()}


def _defaults() -> dict[str, object]:
    return _people() | _goods() | _trade()


def _people() -> dict[str, object]:
    return {
        "name": "A small world",
        "users": (user("amelie"), user("berta"), user("paul"), user("root", is_admin=True)),
        "enterprises": (producer("dairy", owner="berta"), producer("farm"), enterprise("hub")),
        "grants": (grant("dairy-to-hub", grantor="dairy"), grant("farm-to-hub")),
        "customers": (customer("anna"), customer("ben")),
    }


def _goods() -> dict[str, object]:
    return {
        "tax_categories": (tax_category(),),
        "tax_zones": (tax_zone(),),
        "tax_rates": (tax_rate(),),
        "products": (product("carrots"), product("cheese"), product("eggs")),
        "variants": (
            variant("carrots", price=euros("2.50")),
            variant("cheese", supplier="dairy", price=euros("6.80")),
            variant("eggs"),
        ),
        "stock": (
            stock_item("carrots", on_hand=20),
            stock_item("cheese", on_hand=0, on_demand=True),
            stock_item("eggs"),
        ),
    }


def _trade() -> dict[str, object]:
    return {
        "fees": (fee(),),
        "vouchers": (voucher(),),
        "shipping_methods": (shipping_method(),),
        "payment_methods": (payment_method("card", kind=PaymentKind.CARD), payment_method("cash")),
        "order_cycles": (order_cycle(),),
        "schedules": (schedule(),),
        "subscriptions": (subscription(),),
    }


def store(work: UnitOfWork, world: World) -> None:
    """Add every record of *world*, or of a state, through *work*; what is referred to comes first.

    Raises:
        ValueError: the stock of a state does not follow from its movements.
    """
    state = world if isinstance(world, State) else None
    movements = () if state is None else state.stock_movements
    parts: tuple[tuple[_Adds, Iterable[object]], ...] = (
        (work.users, world.users),
        (work.enterprises, world.enterprises),
        (work.grants, world.grants),
        (work.customers, world.customers),
        (work.tax_categories, world.tax_categories),
        (work.tax_zones, world.tax_zones),
        (work.tax_rates, world.tax_rates),
        (work.products, world.products),
        (work.variants, world.variants),
        (work.stock, [attrs.evolve(item, on_hand=item.opening) for item in world.stock]),
        (work.fees, world.fees),
        (work.vouchers, world.vouchers),
        (work.shipping_methods, world.shipping_methods),
        (work.payment_methods, world.payment_methods),
        (work.order_cycles, world.order_cycles),
        (work.schedules, world.schedules),
        (work.subscriptions, world.subscriptions),
    )
    if state is not None:
        parts += (
            (work.orders, state.orders),
            (work.proxy_orders, state.proxy_orders),
            (work.payments, state.payments),
            (work.outbox, state.messages),
            (work.events, state.events),
        )
    for part, records in parts:
        for record in records:
            part.add(record)
    _move_stock(work, movements, world.stock)


class _Adds(Protocol):
    @property
    def add(self) -> Callable[..., object]: ...


def _move_stock(work: UnitOfWork, movements: Iterable[StockMovement], expected: Iterable[StockItem]) -> None:
    # What came in goes first: the items never have less than at the end.
    short = work.stock.move(sorted(movements, key=lambda movement: -movement.delta))
    if short or not set(expected) <= set(work.stock.all_items()):
        message = "the stock of the state is not what it opened with plus its movements"
        raise ValueError(message)
