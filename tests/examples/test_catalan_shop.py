"""Facts about the Catalan producer shop."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest

from examples.example_files import example, scarce, sold_by, takes_part
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, ShippingMethodId, VariantId
from ofncore.kernel.instants import local
from ofncore.kernel.money import Money
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Address, Sells
from ofncore.model.methods import PaymentKind
from ofncore.model.order import Order
from ofncore.model.voucher import VoucherKind
from ofncore.model.world import State, World
from ofncore.network import make_network
from ofncore.orders.request import OrderRequest, RequestedLine

WORLD = example("catalan-shop.json")
MAS = EnterpriseId("mas-del-riuet")
MADRID = "Europe/Madrid"

each_cycle = pytest.mark.parametrize("cycle", WORLD.order_cycles, ids=[each.id for each in WORLD.order_cycles])


def test_the_world_is_one_catalan_producer_shop() -> None:
    [mas] = WORLD.enterprises
    assert (mas.id, mas.is_producer, mas.sells, mas.locale, mas.time_zone) == (MAS, True, Sells.OWN, "ca", MADRID)
    assert mas.order_code_prefix == "MAS"
    assert mas.shop.subscriptions_enabled
    assert not WORLD.grants


def test_the_world_has_so_many_records() -> None:
    assert (len(WORLD.variants), len(WORLD.products), len(WORLD.customers)) == (19, 15, 12)
    assert (len(WORLD.order_cycles), len(WORLD.subscriptions)) == (4, 6)


@each_cycle
def test_the_farm_is_coordinator_only_supplier_and_only_distributor(cycle: OrderCycle) -> None:
    """A simple cycle mirrors one selection to both sides (CYC-1)."""
    [incoming], [outgoing] = cycle.incoming, cycle.outgoing
    assert (cycle.coordinator, incoming.supplier, outgoing.distributor) == (MAS, MAS, MAS)
    assert incoming.variants == outgoing.variants
    assert outgoing.ready_for


@each_cycle
def test_a_cycle_opens_friday_at_9_and_closes_wednesday_at_20_in_madrid(cycle: OrderCycle) -> None:
    assert cycle.orders_open_at is not None
    assert cycle.orders_close_at is not None
    opens, closes = local(cycle.orders_open_at, MADRID), local(cycle.orders_close_at, MADRID)
    assert (opens.isoweekday(), opens.hour, closes.isoweekday(), closes.hour) == (5, 9, 3, 20)


def test_cycles_follow_each_other_every_second_week_also_over_the_clock_change() -> None:
    days = [local(each.orders_open_at, MADRID).date() for each in WORLD.order_cycles if each.orders_open_at]
    assert {after - before for before, after in pairwise(days)} == {timedelta(weeks=2)}
    hours = [each.orders_open_at.hour for each in WORLD.order_cycles if each.orders_open_at]
    assert hours == [8, 8, 7, 7]


def test_vegetables_and_oil_are_taxed_at_4_percent_other_food_at_10_and_wine_at_21() -> None:
    rates = {each.tax_category: each.amount for each in WORLD.tax_rates}
    products: dict[str, Decimal] = {
        each.product: rates[each.tax_category] for each in WORLD.variants if each.tax_category
    }
    assert Counter(products.values()) == {Decimal("0.04"): 9, Decimal("0.10"): 4, Decimal("0.21"): 2}
    assert products["cistella"] == products["oli-empeltre"] == Decimal("0.04")
    assert products["mel"] == Decimal("0.10")
    assert products["garnatxa-blanca"] == products["negre-jove"] == Decimal("0.21")
    assert all(each.included_in_price for each in WORLD.tax_rates)


def test_the_tax_in_the_prices_is_that_of_spain_and_andorra_has_none() -> None:
    assert {each.id: each.is_default for each in WORLD.tax_zones} == {"andorra": False, "espanya": True}
    assert {each.zone for each in WORLD.tax_rates} == {"espanya"}
    assert {each.address.country for each in WORLD.customers} == {"ES"}
    assert [each.id for each in WORLD.tax_categories if each.is_default] == ["superreduit"]


def test_two_vouchers_take_something_off() -> None:
    assert {each.code: (each.kind, each.value) for each in WORLD.vouchers} == {
        "BENVINGUDA": (VoucherKind.FLAT, Decimal("5.00")),
        "VEREMA": (VoucherKind.PERCENT, Decimal(10)),
    }


def oil_brought_to(country: str) -> Order:
    """Return an order of oil and the delivery, with a voucher, by a customer who lives in *country*."""
    network, cycle = make_network(), WORLD.order_cycles[0]
    moved = tuple(attrs.evolve(each, address=Address(country=country)) for each in WORLD.customers)
    world = {name: getattr(WORLD, name) for name in attrs.fields_dict(World)} | {"customers": moved}
    assert network.worlds.load(State(**world)) is None
    assert cycle.orders_open_at is not None
    request = OrderRequest(
        key="oli",
        customer=moved[0].id,
        distributor=MAS,
        order_cycle=cycle.id,
        lines=(RequestedLine(VariantId("oli-empeltre-50cl"), 1),),
        shipping_method=ShippingMethodId("repartiment"),
        payment_method=WORLD.payment_methods[0].id,
        voucher="BENVINGUDA",
    )
    order = network.orders.take(request, actor=Actor.user("neus"), now=cycle.orders_open_at)
    assert isinstance(order, Order), order
    return order


def test_what_is_brought_to_andorra_is_given_its_tax_back() -> None:
    """FEE-13.21; the voucher takes the same off both."""
    spain, andorra = oil_brought_to("ES"), oil_brought_to("AD")
    assert (spain.tax_zone, andorra.tax_zone) == ("espanya", "andorra")
    assert spain.added_tax_total == Money.zero("EUR") < spain.included_tax_total
    assert andorra.included_tax_total == Money.zero("EUR")
    assert andorra.added_tax_total == -spain.included_tax_total
    assert andorra.total == spain.total - spain.included_tax_total
    assert spain.discount_total == andorra.discount_total == Money.of("-5", "EUR")


def test_goods_are_collected_at_the_farm_or_brought_and_paid_by_hand_or_card() -> None:
    assert [each.is_delivery for each in WORLD.shipping_methods] == [False, True]
    assert [each.kind for each in WORLD.payment_methods] == [PaymentKind.BY_HAND, PaymentKind.CARD]


def test_the_offer_follows_the_season() -> None:
    offers = [sold_by(each, MAS) for each in WORLD.order_cycles]
    assert frozenset().union(*offers) == {each.id for each in WORLD.variants}
    assert ["calcot-manat-25" in offer for offer in offers] == [True, True, False, False]
    assert ["fava-1kg" in offer for offer in offers] == [False, False, True, True]


@each_cycle
def test_eggs_alone_are_scarce_in_each_cycle(cycle: OrderCycle) -> None:
    assert scarce(WORLD, cycle).keys() == {"ou-6"}


def test_a_standing_order_names_goods_that_the_farm_sells_in_some_cycle() -> None:
    offered = frozenset().union(*(sold_by(each, MAS) for each in WORLD.order_cycles))
    assert all(line.variant in offered for each in WORLD.subscriptions for line in each.lines)


def test_all_standing_orders_but_the_paused_one_take_part_in_the_first_cycle() -> None:
    missing = [each for each in WORLD.subscriptions if not takes_part(each, WORLD.order_cycles[0])]
    assert [(each.id, each.paused_at is not None) for each in missing] == [("sub-08", True)]
