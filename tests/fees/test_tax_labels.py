"""What taxes and discounts are called (FEE-8, FEE-10)."""

import re
from decimal import Decimal

import attrs
import pytest

from fees.random_orders import percent_voucher
from ofncore.fees.tax_labels import tax_label, voucher_label
from ofncore.fees.vouchers import Discountable, discounts
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import TaxRateId
from ofncore.model.fee import TaxRate
from ofncore.model.order import TaxCharge
from ofncore.testing import worlds
from ofncore.testing.worlds import euros


def rate(amount: str = "0.2", *, name: str = "VAT", included: bool = False, shows: bool = True) -> TaxRate:
    return worlds.tax_rate(
        name=name, amount=Decimal(amount), included_in_price=included, zone="home", shows_percentage=shows
    )


def charge(amount: str, name: str = "VAT") -> TaxCharge:
    return TaxCharge(rate=TaxRateId("food-rate"), name=name, amount=euros(amount), included=False)


@pytest.mark.parametrize(
    ("zoned", "amount", "label"),
    [
        (rate(), "2.00", "VAT 20.0%"),
        (rate("0.08875"), "2.00", "VAT 8.875%"),
        (rate("0.13333", included=True), "2.00", "VAT 13.333% (Included in price)"),
        (rate(), "-2.00", "Refund VAT 20.0%"),
        (rate(included=True), "-2.00", "Refund VAT 20.0% (Included in price)"),
        (rate(shows=False), "2.00", "VAT "),
        (rate(shows=False, included=True), "2.00", "VAT  (Included in price)"),
        (rate(name=""), "2.00", "Food 20.0%"),
    ],
)
def test_labels_are_those_of_open_food_network(zoned: TaxRate, amount: str, label: str) -> None:
    assert tax_label(charge(amount, zoned.name), zoned, category="Food") == label


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_in_the_language_of_the_reader(language: str) -> None:
    label = tax_label(charge("-2.00"), rate("0.055", included=True), locale=language)
    assert re.search(r"VAT 5[.,]5.?%", label)
    assert ("Refund" in label) is (language == "en")


def test_a_tax_keeps_the_name_it_was_charged_by_and_without_its_rate_tells_no_percentage() -> None:
    assert tax_label(charge("2.00"), rate(name="New VAT")) == "VAT 20.0%"
    assert tax_label(charge("2.00"), None) == "VAT"
    assert tax_label(attrs.evolve(charge("2.00"), included=True), None) == "VAT (Included in price)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tax_part_of_a_discount_is_told_apart(language: str) -> None:
    order = Discountable(total=euros("12.00"), added_tax=euros("2.00"), included_tax=euros("0"))
    net, tax = (voucher_label(each, locale=language) for each in discounts(percent_voucher(10), order))
    assert net == "SPRING"
    assert tax != net
    assert tax.endswith("SPRING")
