"""What a shopper is shown of each variant (FEE-6, FEE-11, FEE-12)."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from ofncore.fees.price_book import price_book
from ofncore.fees.shop_prices import ShopPrice, shop_prices
from ofncore.fees.terms import PricingTerms
from ofncore.model.fee import EnterpriseFee, TaxRate
from ofncore.model.product import Measure, Variant
from ofncore.testing.worlds import enterprise, euros, fee, order_cycle, small_world, tax_rate, variant

HUB = enterprise("hub")


def terms(fees: tuple[EnterpriseFee, ...] = (), rates: tuple[TaxRate, ...] = ()) -> PricingTerms:
    """Return the terms of ``hub`` in its cycle, with all *fees* as coordinator fees."""
    cycle = order_cycle(coordinator_fees=tuple(each.id for each in fees))
    known: Mapping[object, EnterpriseFee] = {each.id: each for each in fees}
    return PricingTerms(cycle=cycle, distributor=HUB, fees=known, tax_rates=rates)  # type: ignore[arg-type]


def shown(sold: Variant, known: PricingTerms | None = None, **options: object) -> ShopPrice:
    """Return what is shown of *sold*."""
    [found] = shop_prices(known or terms(), [sold], {sold.id: "Eggs box"}, **options)  # type: ignore[arg-type]
    return found


def test_a_price_is_shown_with_its_fees_and_compared_by_the_kilogram() -> None:
    """FEE-12: 3.20 and 10 %, for 250 g, is 14.08 for a kilogram."""
    found = shown(variant(measure=Measure.WEIGHT, unit_value=Decimal(250)), terms((fee(),)))
    assert (found.name, found.size, found.amount) == ("Eggs box", "250g", euros("3.52"))
    assert (found.unit.unit, found.unit_price) == ("kg", euros("14.08"))


@pytest.mark.parametrize(
    ("sold", "size", "unit", "unit_price"),
    [
        (variant(measure=Measure.VOLUME, unit_value=Decimal("0.75")), "750mL", "L", "4.27"),
        (variant(measure=Measure.ITEMS, unit_value=Decimal(6), unit_name="egg"), "6 eggs", "egg", "0.53"),
        (variant(measure=Measure.ITEMS), "", "Item", "3.20"),
        (variant(measure=Measure.WEIGHT, unit_value=Decimal(1500)), "1.5kg", "kg", "2.13"),
    ],
)
def test_each_measure_has_its_unit(sold: Variant, size: str, unit: str, unit_price: str) -> None:
    found = shown(sold)
    assert (found.size, found.unit.unit, found.unit_price) == (size, unit, euros(unit_price))


def test_a_shop_that_writes_pounds_compares_by_the_pound() -> None:
    found = shown(variant(measure=Measure.WEIGHT, unit_value=Decimal("907.2")), units=("oz", "lb"))
    assert (found.size, found.unit.unit, found.unit_price) == ("2lb", "lb", euros("1.60"))


def test_the_tax_of_the_price_and_of_its_fees_is_told() -> None:
    """5.5 % inside 3.20 is 0.17, inside the inheriting fee of 0.32 it is 0.02; 20 % on top of the other fee is 0.06."""
    fees = (fee("like-goods", inherits_tax_category=True), fee("service", tax_category="service"))
    rates = (tax_rate(), tax_rate("vat", tax_category="service", amount=Decimal("0.2"), included_in_price=False))
    found = shown(variant(), terms(fees, rates))
    assert [(tax.rate, tax.amount) for tax in found.taxes] == [
        ("food-rate", euros("0.17")),
        ("food-rate", euros("0.02")),
        ("vat", euros("0.06")),
    ]
    assert (found.amount, found.included_tax, found.added_tax) == (euros("3.84"), euros("0.19"), euros("0.06"))


def test_prices_are_those_of_the_price_book_in_the_order_asked_for() -> None:
    known, goods = terms((fee(),), (tax_rate(),)), small_world().variants
    found = shop_prices(known, reversed(goods), {each.id: each.id for each in goods})
    book = price_book(known, goods)
    assert [each.price for each in found] == [book[each.id] for each in reversed(goods)]
