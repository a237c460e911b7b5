"""Facts about the French hub: what the demonstration, the documentation and other tests may rely on."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from examples.example_files import EXAMPLES, example, scarce, sold_by, table, takes_part
from ofncore.kernel.ids import CustomerId, EnterpriseId, SubscriptionId, VariantId
from ofncore.kernel.instants import day_begins, day_ends, local
from ofncore.kernel.money import Money
from ofncore.model.customer import Consent
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells
from ofncore.model.grant import Permission
from ofncore.model.methods import PaymentKind
from ofncore.model.product import Measure
from ofncore.subscriptions.allocation import Want, allocate_first_come

WORLD = example("french-hub.json")
README = EXAMPLES / "README.md"
CREST, DIE = EnterpriseId("gervanne"), EnterpriseId("remise")
PARIS = "Europe/Paris"
PRODUCERS = {each.id for each in WORLD.enterprises if each.is_producer}
VARIANTS = {each.id: each for each in WORLD.variants}
CUSTOMERS = {each.id: each for each in WORLD.customers}
SUBSCRIPTIONS = {each.id: each for each in WORLD.subscriptions}
FEES = {each.id: each for each in WORLD.fees}
BY_CARD = {each.id for each in WORLD.payment_methods if each.kind is PaymentKind.CARD}
MONTHS = {"mars": 3, "avril": 4}
DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]

each_cycle = pytest.mark.parametrize("cycle", WORLD.order_cycles, ids=[each.id for each in WORLD.order_cycles])
each_shop = pytest.mark.parametrize("shop", [CREST, DIE])


def window(cycle: OrderCycle) -> tuple[datetime, datetime]:
    """Return opening and closing, as a clock in Paris shows them."""
    assert cycle.orders_open_at is not None
    assert cycle.orders_close_at is not None
    return local(cycle.orders_open_at, PARIS), local(cycle.orders_close_at, PARIS)


def subscriptions_of(first: str, last: str) -> list[SubscriptionId]:
    """Return the standing orders of the customer of that name."""
    return [each.id for each in WORLD.subscriptions if CUSTOMERS[each.customer].name == f"{first} {last}".strip()]


@pytest.mark.parametrize(
    ("records", "count"),
    [
        ("enterprises", 13),
        ("grants", 23),
        ("customers", 60),
        ("products", 120),
        ("variants", 151),
        ("fees", 9),
        ("order_cycles", 6),
        ("schedules", 1),
        ("subscriptions", 40),
    ],
)
def test_the_world_has_so_many_records(records: str, count: int) -> None:
    assert len(getattr(WORLD, records)) == count


def test_both_shops_have_customers_and_standing_orders() -> None:
    assert Counter(each.enterprise for each in WORLD.customers) == {CREST: 35, DIE: 25}
    assert Counter(each.shop for each in WORLD.subscriptions) == {CREST: 25, DIE: 15}
    assert Counter(each.payment_method in BY_CARD for each in WORLD.subscriptions) == {True: 27, False: 13}


def test_all_is_french() -> None:
    assert {(each.currency, each.time_zone, each.locale) for each in WORLD.enterprises} == {("EUR", PARIS, "fr")}
    assert {each.locale for each in WORLD.users} | {each.locale for each in WORLD.customers} == {"fr"}


def test_everybody_but_the_administrator_is_manager_or_customer() -> None:
    managers = {user for each in WORLD.enterprises for user in each.managers}
    buyers = {each.user for each in WORLD.customers}
    assert [each.id for each in WORLD.users if each.id not in managers | buyers] == ["regie"]
    assert [each.id for each in WORLD.users if each.is_admin] == ["regie"]


def test_producers_have_no_shop_and_both_shops_have_standing_orders_switched_on() -> None:
    shops = [each for each in WORLD.enterprises if each.is_shop]
    assert len(PRODUCERS) == 11
    assert [(each.id, each.sells, each.is_producer) for each in shops] == [
        (CREST, Sells.ANY, False),
        (DIE, Sells.ANY, False),
    ]
    assert [each.order_code_prefix for each in shops] == ["CREST", "REM"]
    assert all(each.shop.subscriptions_enabled and each.shop.late_placement_days == 10 for each in shops)


def test_food_is_taxed_at_5_5_percent_and_alcohol_at_20_all_included() -> None:
    rates = {each.tax_category: each.amount for each in WORLD.tax_rates}
    products: dict[str, Decimal] = {
        each.product: rates[each.tax_category] for each in WORLD.variants if each.tax_category
    }
    assert set(rates.values()) == {Decimal("0.055"), Decimal("0.20")}
    assert all(each.included_in_price for each in WORLD.tax_rates)
    assert {products[each] for each in ("biere-blonde", "cidre", "eau-de-vie-poire", "hydromel")} == {Decimal("0.20")}
    assert {products[each] for each in ("nougat", "savon-chevre", "bougie")} == {Decimal("0.20")}
    assert {products[each] for each in ("carotte", "jus-pomme", "limonade", "vinaigre-cidre")} == {Decimal("0.055")}


def test_goods_are_sold_by_weight_by_volume_and_by_the_piece() -> None:
    assert Counter(each.measure for each in WORLD.variants) == {
        Measure.WEIGHT: 106,
        Measure.VOLUME: 27,
        Measure.ITEMS: 18,
    }


def test_what_is_not_sold_by_weight_has_a_weight_for_transport() -> None:
    assert all((each.weight_kg is None) == (each.measure is Measure.WEIGHT) for each in WORLD.variants)


def test_prices_are_those_of_a_market_not_of_a_table() -> None:
    """Few prices are whole or half euros, many are no multiple of five cents, and few come more than once."""
    cents = [each.price.minor for each in WORLD.variants]
    assert sum(each % 50 == 0 for each in cents) <= 5
    assert sum(each % 5 != 0 for each in cents) >= 30
    assert len(set(cents)) >= 110
    assert VARIANTS[VariantId("poireau-1kg")].price == Money.of("3.45", "EUR")
    assert VARIANTS[VariantId("jus-pomme-1l")].price == Money.of("2.87", "EUR")
    assert VARIANTS[VariantId("batavia-piece")].price == Money.of("1.19", "EUR")


def test_every_variant_is_counted_once_and_only_milk_and_everyday_bread_are_on_demand() -> None:
    assert [each.variant for each in WORLD.stock] == [each.id for each in WORLD.variants]
    assert {VARIANTS[each.variant].product for each in WORLD.stock if each.on_demand} == {
        "lait-entier",
        "lait-demi-ecreme",
        "campagne",
        "complet",
        "seigle",
    }
    assert [each.variant for each in WORLD.stock if not each.on_demand and each.on_hand == 0] == ["mache-150g"]


@each_shop
def test_a_shop_has_its_own_pick_ups_and_both_ways_to_pay(shop: EnterpriseId) -> None:
    own = [each for each in WORLD.shipping_methods if each.distributors == (shop,) and not each.is_delivery]
    ways = {each.kind for each in WORLD.payment_methods if shop in each.distributors}
    assert len({each.place.street for each in own if each.place.city}) == 2
    assert ways == {PaymentKind.BY_HAND, PaymentKind.CARD}


def test_the_one_delivery_round_is_cheaper_for_large_orders() -> None:
    [round_] = [each for each in WORLD.shipping_methods if each.is_delivery]
    assert (round_.id, round_.distributors, round_.calculator.kind) == ("tournee-velo", (CREST,), "price_sack")


def test_every_supplier_lets_both_shops_sell_its_goods_and_the_second_shop_lets_the_hub_coordinate() -> None:
    """PERM-2 G8, G11 and G14: nothing in the cycles stands on a grant that is missing."""
    given = {(each.grantor, each.grantee) for each in WORLD.grants if Permission.ADD_TO_ORDER_CYCLE in each.permissions}
    assert given == {(producer, shop) for producer in PRODUCERS for shop in (CREST, DIE)} | {(DIE, CREST)}


@each_cycle
def test_a_cycle_opens_thursday_at_18_and_closes_tuesday_at_12_in_paris(cycle: OrderCycle) -> None:
    opens, closes = window(cycle)
    assert (opens.isoweekday(), opens.hour, opens.minute) == (4, 18, 0)
    assert (closes.isoweekday(), closes.hour, closes.minute) == (2, 12, 0)
    assert closes.date() - opens.date() == timedelta(days=5)


@each_cycle
def test_a_cycle_is_named_by_the_week_in_which_it_opens(cycle: OrderCycle) -> None:
    opens, _ = window(cycle)
    assert cycle.name == f"Semaine {opens.isocalendar().week}"
    assert opens.isocalendar().year == 2026


def test_the_cycle_of_the_clock_change_is_one_hour_shorter() -> None:
    lengths = {each.id: window(each)[1].timestamp() - window(each)[0].timestamp() for each in WORLD.order_cycles}
    short = lengths.pop(next(each.id for each in WORLD.order_cycles if each.name == "Semaine 13"))
    assert set(lengths.values()) == {114 * 3600.0}
    assert short == 113 * 3600.0


@each_cycle
def test_every_producer_supplies_its_own_goods_to_both_shops_in_each_cycle(cycle: OrderCycle) -> None:
    assert cycle.coordinator == CREST
    assert cycle.automatic_notifications
    assert {each.supplier for each in cycle.incoming} == PRODUCERS
    assert all(VARIANTS[variant].supplier == each.supplier for each in cycle.incoming for variant in each.variants)
    assert [each.distributor for each in cycle.outgoing] == [CREST, DIE]


@each_cycle
def test_crest_sells_all_that_comes_in_and_die_a_good_part_of_it(cycle: OrderCycle) -> None:
    supplied = {variant for each in cycle.incoming for variant in each.variants}
    assert sold_by(cycle, CREST) == supplied
    assert sold_by(cycle, DIE) < supplied
    assert len(supplied) >= 130
    assert len(sold_by(cycle, DIE)) >= 105


def test_the_offer_changes_from_each_week_to_the_next_and_everything_is_sold_once() -> None:
    offers = [sold_by(each, CREST) for each in WORLD.order_cycles]
    assert all(before - after and after - before for before, after in pairwise(offers))
    assert frozenset().union(*offers) == VARIANTS.keys()
    assert [VariantId("asperge-verte-500g") in offer for offer in offers] == [False, False, False, False, True, True]
    assert [VariantId("raclette-400g") in offer for offer in offers] == [True, True, True, False, False, False]


@each_cycle
@each_shop
def test_ready_for_names_a_day_that_exists_after_the_close(cycle: OrderCycle, shop: EnterpriseId) -> None:
    exchange = cycle.outgoing_to(shop)
    assert exchange is not None
    named = re.match(r"(\w+) (\d+) (\w+) de 1", exchange.ready_for)
    assert named is not None
    day = date(2026, MONTHS[named[3]], int(named[2]))
    assert DAYS[day.weekday()] == named[1]
    assert timedelta(days=2) <= day - window(cycle)[1].date() <= timedelta(days=3)
    assert len(exchange.ready_for) <= 35
    assert exchange.pickup_instructions


def test_fees_stand_at_all_three_levels() -> None:
    """FEE-1, FEE-4: per-item fees on incoming goods, the coordinator's own on the cycle."""
    for cycle in WORLD.order_cycles:
        incoming = [FEES[fee] for each in cycle.incoming for fee in each.fees]
        outgoing = [FEES[fee] for each in cycle.outgoing for fee in each.fees]
        whole = [FEES[fee] for fee in cycle.coordinator_fees]
        assert len(incoming) == 5
        assert not any(each.calculator.per_order for each in incoming)
        assert {each.enterprise for each in outgoing} == {CREST, DIE}
        assert {each.enterprise for each in whole} == {CREST}
        assert {each.id for each in (*incoming, *outgoing, *whole)} == FEES.keys()


def test_fees_have_their_own_tax_or_the_products_or_none() -> None:
    assert {each.id for each in WORLD.fees if each.tax_category} == {"preparation", "cagettes-remise"}
    assert {each.id for each in WORLD.fees if each.inherits_tax_category} == {
        "fonctionnement",
        "marge-remise",
        "sous-vide",
    }
    assert {each.calculator.kind for each in WORLD.fees} == {
        "flat_percent_per_item",
        "flat_rate",
        "flexi_rate",
        "per_item",
        "weight",
    }


def test_the_fees_are_those_of_the_readme() -> None:
    assert {row[0] for row in table(README, "Fees")} == {each.name for each in WORLD.fees}


def test_a_subscriber_and_its_methods_belong_to_the_shop() -> None:
    shipping = {each.id: each.distributors for each in WORLD.shipping_methods}
    payment = {each.id: each.distributors for each in WORLD.payment_methods}
    for each in WORLD.subscriptions:
        assert CUSTOMERS[each.customer].enterprise == each.shop
        assert each.shop in shipping[each.shipping_method]
        assert each.shop in payment[each.payment_method]


def test_a_standing_order_has_1_to_7_lines_of_goods_that_its_shop_sells() -> None:
    lines = [(each.shop, line) for each in WORLD.subscriptions for line in each.lines]
    weeks = {
        (shop, line.variant): sum(line.variant in sold_by(cycle, shop) for cycle in WORLD.order_cycles)
        for shop, line in lines
    }
    assert {len(each.lines) for each in WORLD.subscriptions} == {1, 2, 3, 4, 5, 6, 7}
    assert all(line.quantity > 0 for _, line in lines)
    assert {variant: count for (_, variant), count in weeks.items() if count < 6} == {
        "mache-150g": 4,
        "chou-frise-piece": 3,
        "kiwi-1kg": 5,
    }


def test_standing_orders_begin_and_end_with_a_day_in_paris() -> None:
    for each in WORLD.subscriptions:
        assert each.begins_at == day_begins(local(each.begins_at, PARIS).date(), PARIS)
        if each.ends_at is not None:
            assert each.ends_at == day_ends(local(each.ends_at, PARIS).date(), PARIS)


@pytest.mark.parametrize(
    ("subscription", "weeks"),
    [
        ("abo-007", [10, 11, 12, 13, 14, 15]),
        ("abo-028", [10, 11, 12]),
        ("abo-051", []),
        ("abo-059", []),
        ("abo-062", [10, 11, 12, 13, 14, 15]),
        ("abo-063", [14, 15]),
    ],
)
def test_a_standing_order_takes_part_in_these_weeks(subscription: str, weeks: list[int]) -> None:
    standing = SUBSCRIPTIONS[SubscriptionId(subscription)]
    assert [each.name for each in WORLD.order_cycles if takes_part(standing, each)] == [f"Semaine {n}" for n in weeks]


def test_standing_orders_want_more_of_the_goods_of_the_readme_than_there_is() -> None:
    named = {VariantId(name): (int(there), int(want)) for name, there, want in table(README, "What is scarce")}
    assert scarce(WORLD, WORLD.order_cycles[0]) == named
    assert len(named) == 9


@each_cycle
def test_eggs_cheese_and_baskets_are_scarce_in_each_cycle(cycle: OrderCycle) -> None:
    popular = {"oeufs-6", "oeufs-12", "buche-cendree-180g", "chevre-frais-nature", "pain-noix-500g"}
    assert popular <= scarce(WORLD, cycle).keys()


@pytest.mark.parametrize(("orders", "names"), [row[:2] for row in table(README, "Who is special")])
def test_a_special_customer_of_the_readme_has_the_standing_order(orders: str, names: str) -> None:
    named = [CUSTOMERS[SUBSCRIPTIONS[SubscriptionId(key)].customer].name for key in orders.split(", ")]
    assert named == names.split(", ")


def test_one_customer_who_pays_by_card_did_not_agree_to_be_charged() -> None:
    payers = {each.customer for each in WORLD.subscriptions if each.payment_method in BY_CARD}
    unwilling = {each for each in payers if Consent.CHARGE_SAVED_CARD not in CUSTOMERS[each].consents}
    assert unwilling == {"hugo-morin"}
    assert all(CUSTOMERS[each].saved_card for each in payers)


def test_two_card_tokens_say_that_a_charge_does_not_go_through() -> None:
    tokens = {each.id: each.saved_card for each in WORLD.customers if each.saved_card}
    odd = {customer: token for customer, token in tokens.items() if not re.match(r"tok_(visa|mastercard)_\d{4}", token)}
    assert odd == {"lucie-chastel": "tok_declined_2219", "agnieszka-kowalski": "tok_3ds_3155"}
    assert len(set(tokens.values())) == len(tokens)


def test_some_subscribers_cannot_be_written_to() -> None:
    subscribers = {each.customer for each in WORLD.subscriptions}
    assert {each for each in subscribers if not CUSTOMERS[each].is_contactable} == {
        "jean-marc-chapus",
        "mireille-berard",
        "r-marguerite-courbis",
        "r-julie-froment",
    }
    chapus = CUSTOMERS[CustomerId("jean-marc-chapus")]
    assert (chapus.email, chapus.phone) == (None, None)


def test_one_person_is_a_customer_of_both_shops_and_has_two_standing_orders_in_one() -> None:
    records = [each for each in WORLD.customers if each.name == "Camille Jullien"]
    assert [(each.enterprise, each.user) for each in records] == [(CREST, "camille"), (DIE, "camille")]
    assert subscriptions_of("Camille", "Jullien") == ["abo-035", "abo-059"]


def test_the_newest_standing_order_under_way_wants_scarce_cheese_alone() -> None:
    first = WORLD.order_cycles[0]
    newest = max(each.id for each in WORLD.subscriptions if takes_part(each, first))
    assert (newest, [each.variant for each in SUBSCRIPTIONS[newest].lines]) == ("abo-062", ["buche-cendree-180g"])


@pytest.mark.parametrize("shops", [[CREST, DIE], [DIE, CREST]])
def test_first_come_first_served_leaves_that_order_nothing_whichever_shop_is_served_first(
    shops: list[EnterpriseId],
) -> None:
    """SUB-12.5: an order of which nothing can be sold; it shows in the first week of the world."""
    served = sorted(
        (each for each in WORLD.subscriptions if takes_part(each, WORLD.order_cycles[0])),
        key=lambda each: (shops.index(each.shop), each.begins_at, each.id),
    )
    wants = [Want(each.id, line.variant, line.quantity) for each in served for line in each.lines]
    stock = {item.variant: None if item.on_demand else item.on_hand for item in WORLD.stock}
    allocation = allocate_first_come(wants, stock)
    given: Counter[str] = Counter()
    for want, quantity in zip(allocation.wants, allocation.given, strict=True):
        given[want.party] += quantity
    assert [each.id for each in served if not given[each.id]] == ["abo-062"]


def test_customers_carry_tags() -> None:
    tags = Counter(tag for each in WORLD.customers for tag in each.tags)
    assert tags.keys() == {"adhérent", "bénévole", "collectivité", "nouveau", "solidaire"}
    assert tags.most_common(1)[0][0] == "adhérent"
