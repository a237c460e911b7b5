"""Shop prices and what they are made of (FEE-6)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given

from fees.strategies import Market, markets
from ofncore.fees.assessment import assess
from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, PerItem, Weight
from ofncore.fees.price_book import Price, price_alone, price_book
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import OFN, PRODUCT, OutsideFees
from ofncore.model.calculator import Calculator
from ofncore.model.fee import EnterpriseFee, FeeRole, FeeType
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

EGGS = VariantId("eggs")


def terms(*fees: EnterpriseFee) -> PricingTerms:
    """Return terms by which the coordinator charges *fees*."""
    named = tuple(each.id for each in fees)
    return PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=named),
        distributor=worlds.enterprise(),
        fees={each.id: each for each in fees},
        tax_rates=(worlds.tax_rate(),),
    )


def price_of_eggs(*fees: EnterpriseFee) -> Price:
    return price_book(terms(*fees), [worlds.variant("eggs")])[EGGS]


def fee(key: str, calculator: Calculator, fee_type: FeeType = FeeType.ADMIN) -> EnterpriseFee:
    return worlds.fee(key, calculator=calculator, fee_type=fee_type)


def per_item(amount: str) -> PerItem:
    return PerItem(amount=Decimal(amount))


def test_a_price_tells_what_rounding_took_away() -> None:
    """5.55 % of 3.20 is 0.1776, charged as 0.18; the tax inside, 0.16682..., as 0.17."""
    price = price_of_eggs(fee("a", FlatPercentPerItem(flat_percent=Decimal("5.55"))), fee("b", per_item("0.10")))
    assert price.remainders == (Fraction(-24, 100), Fraction())
    assert price.remainder == Fraction(-24, 100) + Fraction(320) * 55 / 1055 - 17


def test_a_price_shows_what_it_is_made_of() -> None:
    """Eggs at 3.20 with 10 % for the hub: 3.52, of which 0.17 are tax at 5.5 % on the eggs."""
    price = price_of_eggs(worlds.fee(name="Upkeep"))
    assert (price.price, price.fee_total, price.with_fees) == (euros("3.20"), euros("0.32"), euros("3.52"))
    assert price.included_goods_tax == euros("0.17")
    (share,) = price.fees
    assert (share.fee, share.name, share.fee_type) == (FeeId("admin-fee"), "Upkeep", FeeType.ADMIN)
    assert (share.role, share.enterprise, share.exchange) == (FeeRole.COORDINATOR, EnterpriseId("hub"), None)
    assert share.amount == euros("0.32")


def test_a_share_names_the_exchange_it_came_by() -> None:
    cycle = worlds.order_cycle(coordinator_fees=(), incoming=(worlds.incoming("farm", "eggs", fees=("admin-fee",)),))
    found = PricingTerms(cycle=cycle, distributor=worlds.enterprise(), fees={FeeId("admin-fee"): worlds.fee()})
    (share,) = price_book(found, [worlds.variant("eggs")])[EGGS].fees
    assert (share.role, share.exchange) == (FeeRole.SUPPLIER, EnterpriseId("farm"))


def test_fees_per_order_are_not_in_the_price() -> None:
    assert price_of_eggs(fee("delivery", worlds.calculator("flat_rate", amount=Decimal(5)))).fees == ()


def test_types_are_summed_in_the_order_shoppers_read_them() -> None:
    """FEE-11: admin, sales, packing, transport, fundraising."""
    price = price_of_eggs(
        fee("van", per_item("0.20"), FeeType.TRANSPORT),
        fee("boxes", per_item("0.05"), FeeType.PACKING),
        fee("fuel", per_item("0.10"), FeeType.TRANSPORT),
        fee("office", per_item("0.01"), FeeType.ADMIN),
    )
    assert list(price.fees_by_type.items()) == [
        (FeeType.ADMIN, euros("0.01")),
        (FeeType.PACKING, euros("0.05")),
        (FeeType.TRANSPORT, euros("0.30")),
    ]


def test_a_type_that_sums_to_zero_is_left_out_but_its_fees_keep_their_rows() -> None:
    """FEE-13.10."""
    price = price_of_eggs(fee("up", per_item("1.00")), fee("down", per_item("-1.00")))
    assert price.fees_by_type == {}
    assert [share.amount for share in price.fees] == [euros("1.00"), euros("-1.00")]


def test_fees_are_summed_by_role_and_by_enterprise_too() -> None:
    """FEE-1: where a fee is attached does not tell who gets it."""
    fees = (
        worlds.fee("van", enterprise="farm", calculator=per_item("0.20")),
        worlds.fee("office", enterprise="dairy", calculator=per_item("0.05")),
        worlds.fee("boxes", enterprise="farm", calculator=per_item("0.10")),
        worlds.fee("up", calculator=per_item("1.00")),
        worlds.fee("down", calculator=per_item("-1.00")),
    )
    supplied = (worlds.incoming("farm", "eggs", fees=("boxes",)),)
    cycle = worlds.order_cycle(coordinator_fees=("van", "office", "up", "down"), incoming=supplied)
    known = PricingTerms(cycle=cycle, distributor=worlds.enterprise(), fees={each.id: each for each in fees})
    price = price_book(known, [worlds.variant("eggs")])[EGGS]
    assert list(price.fees_by_role.items()) == [
        (FeeRole.SUPPLIER, euros("0.10")),
        (FeeRole.COORDINATOR, euros("0.25")),
    ]
    assert list(price.fees_by_enterprise.items()) == [("dairy", euros("0.05")), ("farm", euros("0.30"))]


def test_a_fee_of_zero_keeps_its_row() -> None:
    assert [share.amount for share in price_of_eggs(fee("nothing", per_item("0"))).fees] == [euros("0.00")]


def test_added_tax_is_not_in_the_price() -> None:
    added = attrs.evolve(terms(), tax_rates=(worlds.tax_rate(included_in_price=False),))
    price = price_book(added, [worlds.variant("eggs")])[EGGS]
    assert (price.with_fees, price.included_goods_tax) == (euros("3.20"), euros("0.00"))
    assert [tax.amount for tax in price.taxes] == [euros("0.18")]


def test_a_distributor_that_charges_no_tax_shows_none() -> None:
    exempt = attrs.evolve(terms(), distributor=worlds.enterprise(charges_sales_tax=False))
    assert price_book(exempt, [worlds.variant("eggs")])[EGGS].taxes == ()


def test_a_price_in_another_currency_is_an_error() -> None:
    with pytest.raises(CurrencyMismatchError):
        price_book(terms(), [worlds.variant("eggs", price=Money.of("3.20", "CHF"))])


def test_the_book_lists_its_variants_in_their_order() -> None:
    book = price_book(terms(), [worlds.variant(key) for key in ("eggs", "carrots", "cheese")])
    assert list(book) == ["eggs", "carrots", "cheese"]
    assert len(book) == 3
    assert VariantId("leeks") not in book


def test_another_rounding_policy_reaches_every_way_of_charging() -> None:
    """12.50 at 1 % is 0.125; only the percentage of one item is rounded by the calculator itself."""
    calculators = [
        FlatPercentItemTotal(flat_percent=Decimal(1)),
        Weight(per_unit=Decimal("0.05")),
        FlatPercentPerItem(flat_percent=Decimal(1)),
    ]
    found = terms(*(fee(f"fee-{number}", each) for number, each in enumerate(calculators)))
    variant = worlds.variant("eggs", price=euros("12.50"), weight_kg=Decimal("2.5"))
    downwards = attrs.evolve(found, profile=attrs.evolve(PRODUCT, rounding=Rounding.DOWN))
    up = [share.amount.minor for share in price_book(found, [variant])[EGGS].fees]
    down = [share.amount.minor for share in price_book(downwards, [variant])[EGGS].fees]
    assert (up, down) == ([13, 13, 13], [12, 12, 13])


def test_another_rounding_policy_reaches_tax() -> None:
    """Eggs at 3.20 hold 0.1668 of tax at 5.5 %."""
    downwards = attrs.evolve(terms(), profile=attrs.evolve(PRODUCT, rounding=Rounding.DOWN))
    assert price_book(downwards, [worlds.variant("eggs")])[EGGS].included_goods_tax == euros("0.16")


@given(markets())
def test_prices_are_the_sum_of_their_parts(market: Market) -> None:
    for variant, price in price_book(market.terms, market.variants.values()).items():
        assert price.price == market.variants[variant].price
        assert price.with_fees == price.price + Money.total((share.amount for share in price.fees), "EUR")
        for sums in (price.fees_by_type, price.fees_by_role, price.fees_by_enterprise):
            assert price.fee_total == Money.total(sums.values(), "EUR")
            assert all(sums.values())


@given(markets())
def test_a_variant_costs_the_same_alone_and_in_company(market: Market) -> None:
    book = price_book(market.terms, market.variants.values())
    for key, variant in market.variants.items():
        assert price_book(market.terms, [variant]) == {key: book[key]}


@given(markets())
def test_a_line_of_one_is_charged_what_the_shop_shows(market: Market) -> None:
    """FEE-6: fee by fee, whatever the calculator."""
    book = price_book(market.terms, market.variants.values())
    single = [attrs.evolve(line, quantity=1) for line in market.lines]
    found = attrs.evolve(market, lines=tuple(single)).assessed()
    for line in found.lines:
        assert [each.amount for each in line.fees] == [share.amount for share in book[line.variant].fees]


def test_ten_grams_show_a_weight_fee_of_nothing_but_a_hundred_packs_cost_one() -> None:
    """FEE-13.11: a fee by weight is no multiple of the quantity."""
    found = terms(fee("by-weight", Weight(per_unit=Decimal("0.40"))))
    pinch = worlds.variant("eggs", weight_kg=Decimal("0.01"))
    assert price_book(found, [pinch])[EGGS].fee_total == euros("0.00")
    line = worlds.order_line("eggs", quantity=100)
    done = assess(
        [line],
        terms=found,
        variants={EGGS: pinch},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )
    assert done.lines[0].fee_amount == Money(int(Fraction("0.01") * 100 * 40), "EUR")


@given(markets())
def test_asked_for_alone_a_variant_costs_what_the_list_says(market: Market) -> None:
    """FEE-13.9."""
    book = price_book(market.terms, market.variants.values())
    for variant in market.variants.values():
        assert price_alone(market.terms, variant) == book[variant.id]


@given(markets())
def test_by_policy_a_variant_outside_the_cycle_has_the_coordinators_fees_when_asked_for_alone(market: Market) -> None:
    """FEE-5, FEE-13.9, code `outside-cycle`."""
    profile = attrs.evolve(PRODUCT, outside_fees=OutsideFees.COORDINATOR)
    terms = market.with_terms(profile=profile).terms
    book = price_book(terms, market.variants.values())
    for variant in market.variants.values():
        alone = price_alone(terms, variant)
        if terms.cycle_fees.carries(variant.id):
            assert alone == book[variant.id]
        else:
            assert book[variant.id].fees == ()
            assert [share.role for share in alone.fees] == [FeeRole.COORDINATOR] * len(
                terms.cycle_fees.coordinator_per_item
            )


def test_outside_the_cycle_the_coordinator_charges_its_percentage() -> None:
    known = attrs.evolve(terms(fee("f1", per_item("0.50"))), profile=OFN)
    assert price_alone(known, worlds.variant("turnips")).fee_total == euros("0.50")
    assert price_book(known, [worlds.variant("turnips")])[VariantId("turnips")].fee_total == euros("0.00")
