"""Prices of a shop, their reasons, and who gets what, through the front door (FEE-6, FEE-11, FEE-13, FEE-14)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.fees.explain import RowKind
from ofncore.fees.repricing import Repricing
from ofncore.fees.shares import DiscountBearer
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.enterprise import Address
from ofncore.model.fee import TaxPlace
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import (
    NOW,
    calculator,
    euros,
    fee,
    incoming,
    order_cycle,
    outgoing,
    producer,
    tax_rate,
    tax_zone,
)
from services.scenes import AMELIE, BUYERS, CHEESE, CYCLE, EGGS, HUB, buyer, request, scene

Loads = Callable[[State], FoodNetwork]
TICK = timedelta(microseconds=1)
FARM, DAIRY = map(EnterpriseId, ("farm", "dairy"))


def take(network: FoodNetwork, who: str = "anna", voucher: str = "") -> OrderId:
    """Take an order of two boxes of eggs and a cheese; return its id."""
    wanted = attrs.evolve(request((EGGS, 2), (CHEESE, 1), who=who, key=f"of-{who}"), voucher=voucher)
    order = network.orders.take(wanted, actor=BUYERS[who], now=NOW)
    assert not hasattr(order, "problems"), order
    return OrderId(wanted.key)


def test_a_visitor_is_shown_the_fees_in_force_now(network_of: Loads) -> None:
    fees = (fee("late", valid_from=NOW), fee("members", only_for=("member",)))
    network = network_of(scene(fees=fees, order_cycles=(order_cycle(coordinator_fees=("late", "members")),)))
    prices = {at: [each.amount for each in network.fees.shop_prices(CYCLE, HUB, at=at)] for at in (NOW - TICK, NOW)}
    assert prices[NOW - TICK] == [euros("2.50"), euros("6.80"), euros("3.20")]
    assert prices[NOW] == [euros("2.75"), euros("7.48"), euros("3.52")]


def test_a_customer_is_shown_the_fees_and_taxes_of_customers_like_this(network_of: Loads) -> None:
    zones = (tax_zone(is_default=True), tax_zone("spain", members=(TaxPlace("ES"),)))
    member = attrs.evolve(buyer("anna"), tags=("member",), address=Address(country="ES"))
    world = scene(
        tax_zones=zones,
        tax_rates=(tax_rate(zone="home"),),
        fees=(fee(never_for=("member",)),),
        customers=(member, buyer("ben"), buyer("clara")),
    )
    network = network_of(world)
    eggs = {
        name: network.fees.shop_prices(CYCLE, HUB, at=NOW, customer=CustomerId(name))[2] for name in ("anna", "ben")
    }
    assert {name: each.amount for name, each in eggs.items()} == {"anna": euros("3.20"), "ben": euros("3.52")}
    assert (eggs["anna"].added_tax, eggs["ben"].added_tax) == (euros("-0.17"), euros("0"))


def test_the_price_book_is_what_is_shown(network_of: Loads) -> None:
    fees = (fee("late", valid_from=NOW), fee("members", only_for=("member",)))
    member = attrs.evolve(buyer("anna"), tags=("member",))
    world = scene(fees=fees, customers=(member,), order_cycles=(order_cycle(coordinator_fees=("late", "members")),))
    network = network_of(world)
    totals = set()
    for at in (NOW - TICK, NOW):
        for customer in (None, member.id):
            book = network.fees.price_book(CYCLE, HUB, at=at, customer=customer)
            shown = network.fees.shop_prices(CYCLE, HUB, at=at, customer=customer)
            assert list(book.values()) == [each.price for each in shown]
            totals.add(book[EGGS].with_fees)
    assert totals == {euros("3.20"), euros("3.52"), euros("3.84")}
    with pytest.raises(NotFoundError):
        network.fees.price_book(CYCLE, HUB, at=NOW, customer=CustomerId("none"))


def test_what_is_shown_is_what_is_charged(network_of: Loads) -> None:
    network = network_of(scene())
    shown = {
        each.price.variant: each.amount
        for each in network.fees.shop_prices(CYCLE, HUB, at=NOW, customer=CustomerId("anna"))
    }
    order = network.orders.get(take(network))
    assert order.total == shown[EGGS] * 2 + shown[CHEESE]


def test_unknown_cycles_shops_and_customers_are_errors(network_of: Loads) -> None:
    fees = network_of(scene()).fees
    with pytest.raises(NotFoundError):
        fees.shop_prices(OrderCycleId("none"), HUB, at=NOW)
    with pytest.raises(NotFoundError):
        fees.shop_prices(CYCLE, EnterpriseId("none"), at=NOW)
    with pytest.raises(NotFoundError):
        fees.shop_prices(CYCLE, HUB, at=NOW, customer=CustomerId("none"))


def test_who_sells_nothing_in_the_cycle_has_no_prices_there(network_of: Loads) -> None:
    fees = network_of(scene()).fees
    with pytest.raises(NotFoundError, match="no outgoing exchange of the order cycle to 'farm'"):
        fees.price_book(CYCLE, FARM, at=NOW)
    with pytest.raises(NotFoundError, match="no outgoing exchange of the order cycle to 'farm'"):
        fees.shop_prices(CYCLE, FARM, at=NOW)
    with pytest.raises(NotFoundError, match="no outgoing exchange of the order cycle to 'farm'"):
        fees.explain_price(CYCLE, FARM, EGGS, at=NOW)


def test_a_shop_with_nothing_on_offer_has_an_empty_price_book(network_of: Loads) -> None:
    fees = network_of(scene(order_cycles=(order_cycle(outgoing=(outgoing("hub"),)),))).fees
    assert dict(fees.price_book(CYCLE, HUB, at=NOW)) == {}


def test_a_variant_that_is_not_on_offer_has_no_price_to_explain(network_of: Loads) -> None:
    with pytest.raises(NotFoundError, match="no variant on offer 'caviar'"):
        network_of(scene()).fees.explain_price(CYCLE, HUB, VariantId("caviar"), at=NOW)


# ---------------------------------------------------------------- explanations


def test_a_price_is_explained_in_every_language(network_of: Loads) -> None:
    network = network_of(scene())
    found = network.fees.explain_price(CYCLE, HUB, EGGS, at=NOW)
    assert [(row.enterprise, row.amount) for row in found.rows] == [(FARM, euros("3.20")), (HUB, euros("0.32"))]
    texts = {locale: network.fees.words(found, locale) for locale in LANGUAGES}
    assert len(set(texts.values())) == len(LANGUAGES)
    assert all("Farm" in text and "Hub" in text for text in texts.values()), texts


def test_the_rows_of_an_order_make_its_total_and_tell_their_rules(network_of: Loads) -> None:
    network = network_of(scene())
    order = take(network, voucher="WELCOME")
    found = network.fees.explain_order(order)
    assert found.total == network.orders.get(order).total
    fees = [row for row in found.rows if row.kind is RowKind.FEE]
    assert [row.reason is not None and row.reason.rate for row in fees] == [Decimal(10)] * 2
    assert "WELCOME" in network.fees.words(found, "en")
    [discount] = [row.discounted for row in found.rows if row.kind is RowKind.DISCOUNT]
    assert discount is not None
    assert discount.voucher is not None
    assert discount.voucher.code == "WELCOME"


# ---------------------------------------------------------------- who gets what


def test_the_parts_of_an_order_add_up_to_what_the_buyer_pays(network_of: Loads) -> None:
    network = network_of(scene())
    found = network.fees.who_gets_what(take(network))
    assert found.due == {DAIRY: euros("6.80"), FARM: euros("6.40"), HUB: euros("1.32")}
    assert found.total == network.orders.get(OrderId("of-anna")).total


def test_a_voucher_is_at_the_cost_of_whom_the_caller_says(network_of: Loads) -> None:
    network = network_of(scene())
    order = take(network, voucher="WELCOME")
    assert network.fees.who_gets_what(order).due[HUB] == euros("-3.68")
    shared = network.fees.who_gets_what(order, discount_bearer=DiscountBearer.EVERYBODY)
    assert shared.due[FARM] < euros("6.40")
    assert shared.total == network.orders.get(order).total


def test_who_charges_no_sales_tax_leaves_it_to_the_distributor(network_of: Loads) -> None:
    """FEE-11: 5.5 % inside 6.40 is 0.33."""
    plain = scene()
    people = tuple(attrs.evolve(each, charges_sales_tax=each.id != FARM) for each in plain.enterprises)
    network = network_of(attrs.evolve(plain, enterprises=people))
    found = network.fees.who_gets_what(take(network))
    assert found.due == {DAIRY: euros("6.80"), FARM: euros("6.07"), HUB: euros("1.65")}


def test_a_cycle_is_shared_by_currency_and_cancelled_orders_count_for_nothing(network_of: Loads) -> None:
    network = network_of(scene())
    assert network.fees.who_gets_what_in(CYCLE) == ()
    paid = [network.orders.get(take(network, who)).total for who in ("anna", "ben")]
    network.orders.cancel(take(network, "clara"), actor=BUYERS["clara"], now=NOW)
    [found] = network.fees.who_gets_what_in(CYCLE)
    assert (found.currency, found.total) == ("EUR", Money.total(paid, "EUR"))
    assert found.due[FARM] == euros("12.80")


def test_a_producer_reads_what_it_gets_of_a_cycle_in_every_language(network_of: Loads) -> None:
    network = network_of(scene())
    assert network.fees.payouts(CYCLE, FARM) == ()
    take(network)
    take(network, "ben")
    [found] = network.fees.payouts(CYCLE, FARM)
    assert found.total == network.fees.who_gets_what_in(CYCLE)[0].due[FARM] == euros("12.80")
    texts = {locale: network.fees.words(found, locale) for locale in LANGUAGES}
    assert len(set(texts.values())) == len(LANGUAGES)
    assert texts["en"].splitlines()[:2] == ["What Farm gets", "4 × Eggs: €12.80"]


def test_a_repricing_is_told_in_every_language(network_of: Loads) -> None:
    network = network_of(scene())
    found = network.orders.preview_reprice(take(network, voucher="WELCOME"), actor=AMELIE, now=NOW)
    assert isinstance(found, Repricing)
    texts = {locale: network.fees.words(found, locale) for locale in LANGUAGES}
    assert texts["en"] == f"Nothing changes; to pay: €{found.order.total.amount}"
    assert len(set(texts.values())) == len(LANGUAGES)


# ---------------------------------------------------------------- repeated fees


def test_fees_in_several_places_are_told_for_every_distributor(network_of: Loads) -> None:
    cycle = order_cycle(
        coordinator_fees=("admin-fee",),
        incoming=(incoming("farm", "carrots", "eggs", fees=("admin-fee",)), incoming("dairy", "cheese")),
        outgoing=(outgoing("dairy", "cheese"), outgoing("hub", "cheese", "eggs")),
    )
    plain = scene(order_cycles=(cycle,))
    people = tuple(
        producer("dairy", owner="berta", order_code_prefix="XYZ") if each.id == DAIRY else each
        for each in plain.enterprises
    )
    [found] = network_of(attrs.evolve(plain, enterprises=people)).fees.repeated_fees(CYCLE)
    assert (found.fee, found.distributor, found.variants) == ("admin-fee", HUB, (EGGS,))
    assert [place.exchange for place in found.places] == [FARM, None]


def test_a_cycle_whose_fees_stand_once_has_none_repeated(network_of: Loads) -> None:
    assert network_of(scene()).fees.repeated_fees(CYCLE) == ()


# ---------------------------------------------------------------- rounding compared


def test_two_rounding_policies_are_compared_over_the_placed_orders(network_of: Loads) -> None:
    """FEE-13.1: 4.5 % of 3.20 is 0.144: for one box 0.14, for two 0.28 by the box and 0.29 by the line."""
    fees = (fee(calculator=calculator("flat_percent_per_item", flat_percent=Decimal("4.5"))),)
    network = network_of(scene(fees=fees))
    taken = [take(network, who) for who in ("ben", "anna")]
    network.orders.cancel(take(network, "clara"), actor=BUYERS["clara"], now=NOW)
    before = network.worlds.export()
    [same] = network.fees.compare_rounding(CYCLE, RoundingPolicy.PER_UNIT, RoundingPolicy.PER_UNIT)
    assert [each.order for each in same.orders] == sorted(taken)
    assert [each.first.total for each in same.orders] == [network.orders.get(each).total for each in sorted(taken)]
    assert same.parted == ()
    [found] = network.fees.compare_rounding(CYCLE, RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE)
    assert (found.first, found.difference) == (same.first, euros("0.02"))
    assert network.worlds.export() == before


def test_a_fee_changed_since_makes_no_difference_to_rounding_compared(network_of: Loads) -> None:
    """The orders keep their terms (FEE-13.16)."""
    storage = MemoryStorage()
    network = make_network(unit_of_work=storage)
    assert network.worlds.load(scene()) is None
    take(network)
    before = network.fees.compare_rounding(CYCLE, RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE)
    with storage() as unit:
        unit.fees.save(fee(calculator=calculator("flat_percent_per_item", flat_percent=Decimal(50))))
    assert network.fees.compare_rounding(CYCLE, RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE) == before


def test_a_cycle_without_orders_compares_nothing_and_an_unknown_one_is_an_error(network_of: Loads) -> None:
    fees = network_of(scene()).fees
    assert fees.compare_rounding(CYCLE, RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE) == ()
    with pytest.raises(NotFoundError):
        fees.compare_rounding(OrderCycleId("none"), RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE)
