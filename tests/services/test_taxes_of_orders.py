"""Where and when an order is taxed, through the front door (FEE-8, FEE-13.21, FEE-14)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.ids import CustomerId
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Address, Enterprise, FeeWaiver, TaxAddress
from ofncore.model.fee import TaxPlace
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import (
    NOW,
    OPENS,
    euros,
    fee,
    order_cycle,
    shipping_method,
    subscription,
    tax_category,
    tax_rate,
    tax_zone,
)
from services.scenes import BUYERS, CYCLE, EGGS, HUB, buyer, request, scene

Loads = Callable[[State], FoodNetwork]
TICK = timedelta(microseconds=1)
FRANCE, SPAIN, BRITTANY = Address(country="FR"), Address(country="ES"), Address(country="FR", state="BRE")
ZONES = (
    tax_zone("home", is_default=True),
    tax_zone("spain", members=(TaxPlace("ES"),)),
    tax_zone("brittany", members=(TaxPlace("FR", "BRE"),)),
)
RATES = (
    tax_rate("home-rate", zone="home", amount=Decimal("0.10")),
    tax_rate("spain-rate", zone="spain", amount=Decimal("0.04"), included_in_price=False),
    tax_rate("brittany-rate", zone="brittany", amount=Decimal("0.01"), included_in_price=False),
)
HOME, ABROAD, STATE = ["home-rate"], ["home-rate", "spain-rate"], ["home-rate", "brittany-rate"]


def taxed_scene(**changes: Any) -> State:  # noqa: ANN401 - whole parts
    """Return the scene with zones for France, Spain and Brittany, a pick-up and a delivery."""
    defaults = {
        "tax_zones": ZONES,
        "tax_rates": RATES,
        "shipping_methods": (shipping_method(), shipping_method("van", is_delivery=True)),
        "fees": (),
        "order_cycles": (order_cycle(coordinator_fees=()),),
    }
    return scene(**(defaults | changes))


def hub(state: State) -> Enterprise:
    """Return the shop of *state*."""
    return next(each for each in state.enterprises if each.id == HUB)


def with_hub(state: State, **changes: Any) -> State:  # noqa: ANN401 - fields
    """Return *state* with some of its shop changed."""
    changed = attrs.evolve(hub(state), **changes)
    return attrs.evolve(state, enterprises=tuple(changed if each.id == HUB else each for each in state.enterprises))


def at_home_in(address: Address) -> tuple[Customer, ...]:
    """Return the customers, who all live there."""
    return tuple(attrs.evolve(buyer(name), address=address) for name in ("anna", "ben", "clara"))


def taken(network: FoodNetwork, *, by: str = "anna", now: datetime = NOW, **changes: Any) -> Order:  # noqa: ANN401 - fields
    """Return a box of eggs for 3.20, ordered and accepted."""
    order = network.orders.take(request((EGGS, 1), who=by, **changes), actor=BUYERS[by], now=now)
    assert isinstance(order, Order), order
    return order


def rates(order: Order) -> list[str]:
    """Return the rates an order is taxed at."""
    return [tax.rate for tax in order.tax_charges()]


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    ("address", "zone", "charged", "total"),
    [
        (FRANCE, "home", HOME, "3.20"),
        # FEE-13.21: from abroad the tax in the prices, 0.29, is given back, and that of Spain, 0.13, is added.
        (SPAIN, "spain", ABROAD, "3.04"),
        # Of the zones that hold it that of states counts; it is in France, so nothing is given back.
        (BRITTANY, "brittany", STATE, "3.23"),
        # No zone holds it, and an address without a country counts as none: the default zone.
        (Address(country="PT"), "home", HOME, "3.20"),
        (Address(city="Madrid", state="BRE"), "home", HOME, "3.20"),
    ],
)
def test_a_delivery_is_taxed_at_the_address_of_the_customer(
    network_of: Loads, address: Address, zone: str, charged: list[str], total: str
) -> None:
    network = network_of(taxed_scene(customers=at_home_in(address)))
    order = taken(network, shipping_method="van")
    assert (order.tax_zone, sorted(rates(order)), order.total) == (zone, sorted(charged), euros(total))
    assert network.orders.get(order.id) == order


@pytest.mark.parametrize(
    ("place", "shop", "zone"),
    [
        (SPAIN, FRANCE, "spain"),
        (Address(city="Girona"), SPAIN, "spain"),
        (Address(), Address(), "home"),
    ],
)
def test_a_pick_up_is_taxed_at_its_place_or_at_the_shop(
    network_of: Loads, place: Address, shop: Address, zone: str
) -> None:
    world = taxed_scene(customers=at_home_in(BRITTANY), shipping_methods=(shipping_method(place=place),))
    assert taken(network_of(with_hub(world, address=shop))).tax_zone == zone


def test_a_shop_may_tax_at_the_own_address_of_the_customer(network_of: Loads) -> None:
    world = taxed_scene(customers=at_home_in(SPAIN))
    settings = attrs.evolve(hub(world).shop, tax_address=TaxAddress.BILL)
    network = network_of(with_hub(world, shop=settings, address=FRANCE))
    assert taken(network).tax_zone == "spain"


@pytest.mark.parametrize(
    ("address", "used", "expected"),
    [
        (SPAIN, TaxAddress.SHIP, ABROAD),
        (SPAIN, TaxAddress.BILL, HOME),
        (Address(city="Girona"), TaxAddress.SHIP, HOME),
    ],
)
@pytest.mark.parametrize("customer", [None, CustomerId("anna")])
def test_who_tells_no_address_is_shown_the_taxes_of_a_pick_up_at_the_shop(
    network_of: Loads, customer: CustomerId | None, address: Address, used: TaxAddress, expected: list[str]
) -> None:
    world = taxed_scene()
    network = network_of(with_hub(world, address=address, shop=attrs.evolve(hub(world).shop, tax_address=used)))
    shown = network.fees.price_book(CYCLE, HUB, at=NOW, customer=customer)[EGGS]
    assert sorted(tax.rate for tax in shown.taxes) == sorted(expected) == sorted(rates(taken(network)))


def test_a_customer_is_shown_the_taxes_of_the_own_address(network_of: Loads) -> None:
    world = with_hub(taxed_scene(customers=at_home_in(BRITTANY)), address=SPAIN)
    shown = network_of(world).fees.price_book(CYCLE, HUB, at=NOW, customer=CustomerId("anna"))[EGGS]
    assert sorted(tax.rate for tax in shown.taxes) == sorted(STATE)


def test_without_zones_every_rate_that_has_none_is_charged(network_of: Loads) -> None:
    network = network_of(taxed_scene(tax_zones=(), tax_rates=(tax_rate(),), customers=at_home_in(SPAIN)))
    order = taken(network, shipping_method="van")
    assert (order.tax_zone, rates(order)) == (None, ["food-rate"])


def test_the_zone_of_an_order_stays_when_its_customer_moves(network_of: Loads) -> None:
    network = network_of(taxed_scene(customers=at_home_in(SPAIN)))
    order = network.orders.take(request((EGGS, 2), shipping_method="van"), actor=BUYERS["anna"], now=NOW)
    assert isinstance(order, Order)
    moved = moved_to_france(network)
    changed = moved.orders.change(order.id, {EGGS: 1}, actor=BUYERS["anna"], now=NOW)
    assert isinstance(changed, Order), changed
    assert (changed.tax_zone, changed.total) == ("spain", euros("3.04"))


def moved_to_france(network: FoodNetwork) -> FoodNetwork:
    """Return a network in memory with the same state, whose customers live in France now."""
    state = network.worlds.export()
    at_home = tuple(attrs.evolve(each, address=FRANCE) for each in state.customers)
    moved = make_network()
    assert moved.worlds.load(attrs.evolve(state, customers=at_home)) is None
    return moved


def test_goods_without_a_tax_category_have_the_default_one(network_of: Loads) -> None:
    goods = tuple(attrs.evolve(each, tax_category=None) for each in scene().variants)
    plain = taken(network_of(taxed_scene(variants=goods)))
    assert (plain.lines[0].tax_category, rates(plain)) == (None, [])


def test_the_default_tax_category_is_kept_on_the_line(network_of: Loads) -> None:
    goods = tuple(attrs.evolve(each, tax_category=None) for each in scene().variants)
    world = taxed_scene(variants=goods, tax_categories=(tax_category(is_default=True),))
    order = taken(network_of(world))
    assert (order.lines[0].tax_category, rates(order)) == ("food", HOME)


# ---------------------------------------------------------------- when, and for whom


@pytest.mark.parametrize(("now", "charged"), [(NOW - TICK, "old"), (NOW, "new")])
def test_the_rate_in_force_when_an_order_is_placed_is_charged(network_of: Loads, now: datetime, charged: str) -> None:
    dated = (
        tax_rate("old", valid_until=NOW, amount=Decimal("0.05")),
        tax_rate("new", valid_from=NOW, amount=Decimal("0.06")),
    )
    assert rates(taken(network_of(taxed_scene(tax_rates=dated)), now=now)) == [charged]


def test_a_fee_counts_from_its_first_instant_to_before_its_end(network_of: Loads) -> None:
    dated = (fee("early", valid_until=NOW), fee("late", valid_from=NOW))
    network = network_of(taxed_scene(fees=dated, order_cycles=(order_cycle(coordinator_fees=("early", "late")),)))
    before, after = taken(network, now=NOW - TICK, key="before"), taken(network, now=NOW, key="after")
    assert [[each.fee for each in order.fee_charges()] for order in (before, after)] == [["early"], ["late"]]


def test_fees_go_by_the_tags_of_the_customer(network_of: Loads) -> None:
    """FEE-14: a fee for some tags only, one for all but some, and a shop that waives fees of a tag for others."""
    fees = (
        fee("guests", only_for=("guest",)),
        fee("all-but-members", never_for=("member",)),
        fee("costs", tags=("handling",)),
    )
    cycle = order_cycle(coordinator_fees=tuple(each.id for each in fees))
    tagged = {"anna": ("member",), "ben": ("guest",), "clara": ("volunteer",)}
    people = tuple(attrs.evolve(buyer(name), tags=tags) for name, tags in tagged.items())
    world = taxed_scene(fees=fees, order_cycles=(cycle,), customers=people)
    waiver = FeeWaiver(customer_tags=("volunteer",), fee_tags=("handling",))
    network = network_of(with_hub(world, shop=attrs.evolve(hub(world).shop, fee_waivers=(waiver,))))
    charged = {name: {each.fee for each in taken(network, by=name, key=name).fee_charges()} for name in tagged}
    assert charged == {
        "anna": {"costs"},
        "ben": {"guests", "all-but-members", "costs"},
        "clara": {"all-but-members"},
    }


def test_an_order_tells_how_it_was_rounded_and_by_which_profile(network_of: Loads) -> None:
    world = taxed_scene()
    settings = attrs.evolve(hub(world).shop, rounding=RoundingPolicy.TAX_PER_RATE)
    order = taken(network_of(with_hub(world, shop=settings)))
    assert (order.rounding, order.profile) == (RoundingPolicy.TAX_PER_RATE, "product")


# ---------------------------------------------------------------- standing orders


def test_standing_orders_are_taxed_and_charged_by_the_same_rules(network_of: Loads) -> None:
    """Each by its own customer, at the opening."""
    abroad = attrs.evolve(buyer("anna"), address=SPAIN, tags=("member",))
    people = (abroad, attrs.evolve(buyer("ben"), address=FRANCE), buyer("clara"))
    standing = tuple(
        subscription(f"{name}-weekly", customer=name, shipping_method="van") for name in ("anna", "ben", "clara")
    )
    world = taxed_scene(
        customers=people,
        fees=(fee("dues", never_for=("member",)), fee("late", valid_from=OPENS + TICK)),
        order_cycles=(order_cycle(coordinator_fees=("dues", "late")),),
        subscriptions=standing,
    )
    network = network_of(world)
    network.tick(OPENS)
    found = {order.customer: order for order in network.worlds.export().orders}
    assert {key: order.tax_zone for key, order in found.items()} == {"anna": "spain", "ben": "home", "clara": "home"}
    charged = {key: [each.fee for each in order.fee_charges()] for key, order in found.items()}
    assert charged == {"anna": [], "ben": ["dues"], "clara": ["dues"]}


def test_what_was_taxed_abroad_can_be_exported_and_read_back(network_of: Loads) -> None:
    network = network_of(taxed_scene(customers=at_home_in(SPAIN)))
    taken(network, shipping_method="van")
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    assert write_state(read) == written
