"""Two shops in one cycle, and a life of their orders in which everything that is written to enterprises gets written.

``hub`` coordinates; ``hub`` and ``market`` sell what ``farm`` and ``dairy`` bring. ``anna`` and ``ben`` buy at the hub,
``mara`` at the market. The market is managed by ``mona``, the farm by ``paul``, the dairy by ``berta``.
"""

from datetime import timedelta
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ShippingMethodId,
    VariantId,
)
from ofncore.model.customer import Consent, Customer
from ofncore.model.enterprise import Address, Enterprise, ShopSettings
from ofncore.model.order import Order
from ofncore.model.subscription import SubscriptionLine
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    customer,
    enterprise,
    grant,
    order_cycle,
    outgoing,
    payment_method,
    producer,
    shipping_method,
    small_state,
    subscription,
    user,
)

HUB, MARKET, FARM, DAIRY = map(EnterpriseId, ("hub", "market", "farm", "dairy"))
AMELIE, MONA, PAUL, BERTA, ROOT = map(Actor.user, ("amelie", "mona", "paul", "berta", "root"))
EGGS, CHEESE, CARROTS = map(VariantId, ("eggs", "cheese", "carrots"))
CYCLE: Final = OrderCycleId("week-10")
SHOPS: Final = {"anna": HUB, "ben": HUB, "mara": MARKET}


def buyer(name: str) -> Customer:
    """Return one of the buyers; whatever is known of them holds their name."""
    return customer(
        name,
        enterprise=SHOPS[name],
        last_name=f"Roca i {name.capitalize()}",
        email=f"{name}@buyers.example",
        phone=f"0600 {name}",
        address=Address(street=f"1 Carrer de la {name}", city="Olot", country="ES"),
        consents=tuple(Consent),
    )


BUYERS: Final = {name: buyer(name) for name in SHOPS}


def shop(key: str, settings: ShopSettings, **changes: object) -> Enterprise:
    """Return a shop with *settings*."""
    return enterprise(key, email=f"{key}@shops.example", shop=settings, **changes)


def two_shops(hub: ShopSettings, market: ShopSettings) -> State:
    """Return the two shops, with their settings, before their cycle opens."""
    both = (HUB, MARKET)
    goods = ("carrots", "cheese", "eggs")
    cycle = order_cycle(outgoing=(outgoing("hub", *goods), outgoing("market", *goods)), automatic_notifications=True)
    standing = subscription(lines=(SubscriptionLine(variant=EGGS, quantity=7),))
    return small_state(
        users=[*map(user, ("amelie", "berta", "mona", "paul")), user("root", is_admin=True)],
        enterprises=[
            producer("dairy", owner="berta", email="dairy@farms.example"),
            producer("farm", email="farm@farms.example"),
            shop("hub", hub),
            shop("market", market, owner="mona", order_code_prefix="MAR"),
        ],
        grants=[
            grant(f"{one}-to-{other}", grantor=one, grantee=other)
            for one, other in (("dairy", "hub"), ("farm", "hub"), ("market", "hub"), ("farm", "market"))
        ],
        customers=list(BUYERS.values()),
        shipping_methods=[shipping_method(distributors=both)],
        payment_methods=[payment_method("cash", distributors=both)],
        order_cycles=[cycle],
        subscriptions=[standing],
    )


def take(network: FoodNetwork, who: str, key: str, *lines: tuple[VariantId, int]) -> OrderId:
    """Take an order of *who*, which is accepted, and return its id."""
    request = OrderRequest(
        key=key,
        customer=CustomerId(who),
        distributor=SHOPS[who],
        order_cycle=CYCLE,
        lines=tuple(RequestedLine(variant, quantity) for variant, quantity in lines),
        shipping_method=ShippingMethodId("pickup"),
        payment_method=PaymentMethodId("cash"),
    )
    found = network.orders.take(request, actor=Actor.customer(who), now=NOW)
    assert isinstance(found, Order), found
    return found.id


def live(network: FoodNetwork) -> None:
    """Let orders be placed by subscription and by hand, changed by a supplier, cancelled, summed up and settled."""
    network.tick(OPENS)
    first = take(network, "ben", "ben-1", (EGGS, 1), (CHEESE, 1))
    take(network, "ben", "ben-2", (EGGS, 1))
    take(network, "mara", "mara-1", (CARROTS, 2), (CHEESE, 1))
    network.orders.change(first, {EGGS: 0}, actor=PAUL, now=NOW)
    network.orders.cancel(OrderId("ben-2"), actor=Actor.customer("ben"), now=NOW)
    network.cycles.notify_producers(CYCLE, actor=AMELIE, now=NOW)
    network.tick(CLOSES + timedelta(hours=1))
