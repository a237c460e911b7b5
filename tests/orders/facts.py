"""What the rules of orders are given in these tests: the small world, with some of it changed.

Its shop ``hub`` lets customers change orders. ``anna`` has the account ``anna``; ``ben`` has none.
"""

from datetime import datetime
from typing import Any, Final

import attrs

from ofncore.cycles.offer import Offer, make_offer
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    PaymentMethodId,
    ShippingMethodId,
    VariantId,
)
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.customer import Customer
from ofncore.model.enterprise import ShopSettings
from ofncore.model.order import Order
from ofncore.model.world import World
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.placing import PlacingFacts, plan_order
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.permissions.relations import Relations
from ofncore.testing.worlds import NOW, customer, enterprise, producer, small_world, user

AMELIE: Final = Actor.user("amelie")
ANNA: Final = Actor.user("anna")
BEN: Final = Actor.customer("ben")
STRANGER: Final = Actor.user("paul")
HUB: Final = EnterpriseId("hub")


def world(**changes: object) -> World:
    """Return the small world of these tests, with whole parts changed by name."""
    settings = ShopSettings(customers_may_change_orders=True)
    defaults: dict[str, object] = {
        "users": (*(user(name) for name in ("amelie", "anna", "berta", "paul")), user("root", is_admin=True)),
        "enterprises": (producer("dairy", owner="berta"), producer("farm"), enterprise("hub", shop=settings)),
        "customers": (customer("anna", user="anna"), customer("ben")),
    }
    return small_world(**(defaults | changes))


def the_offer(known: World, profile: Profile = PRODUCT) -> Offer:
    """Return what ``hub`` sells in the first cycle of *known*."""
    [shop] = [each for each in known.enterprises if each.id == HUB]
    fees = {each.id: each for each in known.fees}
    terms = PricingTerms(
        cycle=known.order_cycles[0], distributor=shop, fees=fees, tax_rates=known.tax_rates, profile=profile
    )
    [coordinator] = [each for each in known.enterprises if each.id == known.order_cycles[0].coordinator]
    return make_offer(
        terms=terms,
        coordinator=coordinator,
        variants=known.variants,
        products=known.products,
        shipping_methods=known.shipping_methods,
        payment_methods=known.payment_methods,
    )


def the_customer(known: World, name: str) -> Customer:
    """Return a customer of *known*."""
    [found] = [each for each in known.customers if each.id == name]
    return found


def relations(known: World) -> Relations:
    """Return the relations of *known*."""
    return Relations.of(users=known.users, enterprises=known.enterprises, grants=known.grants)


def placing(known: World, name: str = "anna", profile: Profile = PRODUCT, **changes: Any) -> PlacingFacts:  # noqa: ANN401 - fields
    """Return what is known when an order of *name* is to be placed."""
    facts = PlacingFacts(
        offer=the_offer(known, profile),
        customer=the_customer(known, name),
        relations=relations(known),
        stock={item.variant: item for item in known.stock},
    )
    return attrs.evolve(facts, **changes)


def changing(known: World, name: str = "anna", profile: Profile = PRODUCT, payment: str = "cash") -> ChangingFacts:
    """Return what is known when an order of *name* is to be changed."""
    return ChangingFacts(
        offer=the_offer(known, profile),
        variants={each.id: each for each in known.variants},
        customer=the_customer(known, name),
        relations=relations(known),
        stock={item.variant: item for item in known.stock},
        shipping_method=known.shipping_methods[0],
        payment_method=next(each for each in known.payment_methods if each.id == payment),
    )


def request(*lines: tuple[str, int], **changes: Any) -> OrderRequest:  # noqa: ANN401 - fields
    """Return a request of ``anna`` for so much of each variant, by default two boxes of eggs."""
    chosen = OrderRequest(
        key="order-1",
        customer=CustomerId("anna"),
        distributor=HUB,
        order_cycle=OrderCycleId("week-10"),
        lines=tuple(RequestedLine(VariantId(key), quantity) for key, quantity in lines or (("eggs", 2),)),
        shipping_method=ShippingMethodId("pickup"),
        payment_method=PaymentMethodId("cash"),
    )
    return attrs.evolve(chosen, **changes)


def plan(
    wanted: OrderRequest, facts: PlacingFacts | None = None, *, actor: Actor = ANNA, now: datetime = NOW
) -> OrderPlan | Refusal:
    """Decide *wanted*."""
    return plan_order(wanted, facts or placing(world()), actor=actor, now=now, code="HAB-0000-0000")


def placed(
    wanted: OrderRequest, facts: PlacingFacts | None = None, *, actor: Actor = ANNA, now: datetime = NOW
) -> Order:
    """Return the order of *wanted*, which is placed; stored once."""
    found = plan(wanted, facts, actor=actor, now=now)
    assert isinstance(found, OrderPlan), found
    return attrs.evolve(found.order, version=1)


def why(found: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of a refusal."""
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]
