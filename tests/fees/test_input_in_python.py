"""What a host writes in Python by mistake is refused where it is made, by a message that says what was meant."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs
import pytest

import ofncore
from fees.orders import tariff
from formats.samples import edited, world_data
from ofncore.fees.calculators import PerItem
from ofncore.fees.cost_split import CycleCost, SharedBy
from ofncore.fees.invoice_plan import InvoicePlan, plan_invoice
from ofncore.fees.invoices import InvoicedFees, InvoicedPer, InvoiceLine, SupplierInvoice
from ofncore.fees.price_book import price_book
from ofncore.fees.rounding_compared import compare_rounding
from ofncore.fees.shares import DiscountBearer, SharingRules
from ofncore.fees.zones import TaxRegime
from ofncore.formats.world import read_world
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.policies import RoundingPolicy
from ofncore.kernel.refusals import Refusal
from ofncore.model.customer import Customer
from ofncore.model.enterprise import FeeWaiver, ShopSettings, TaxAddress
from ofncore.model.fee import ChargedPer, FeeBase, FeeType
from ofncore.testing import worlds
from ofncore.testing.worlds import euros


def evolved(value: Any, **changes: Any) -> object:  # noqa: ANN401 - any values of any class
    """Return *value* with *changes*, whatever they are."""
    changed: object = attrs.evolve(value, **changes)
    return changed


COST = CycleCost(key="van", label="Van", amount=euros("10.00"), shared_by=SharedBy.ORDER)
BILL = SupplierInvoice(key="17", supplier=EnterpriseId("farm"), label="Invoice 17")
EGGS = InvoiceLine(variant=VariantId("eggs"), amount=euros("3.00"))


def rounding(first: Any, second: Any = RoundingPolicy.PER_LINE) -> object:  # noqa: ANN401 - anything
    """Compare two policies on no orders: nothing of them is looked at."""
    return compare_rounding([], {}, first, second, currency="EUR")


CHOICES: dict[str, tuple[Callable[[Any], object], type[StrEnum]]] = {
    "fee_type": (lambda value: worlds.fee(fee_type=value), FeeType),
    "base": (lambda value: worlds.fee(base=value), FeeBase),
    "charged_per": (lambda value: worlds.fee(charged_per=value), ChargedPer),
    "rounding": (lambda value: ShopSettings(rounding=value), RoundingPolicy),
    "tax_address": (lambda value: ShopSettings(tax_address=value), TaxAddress),
    "address_used": (lambda value: TaxRegime(address_used=value), TaxAddress),
    "shared_by": (lambda value: attrs.evolve(COST, shared_by=value), SharedBy),
    "per": (lambda value: attrs.evolve(EGGS, per=value), InvoicedPer),
    "discount_bearer": (lambda value: SharingRules(discount_bearer=value), DiscountBearer),
    "fees": (lambda value: plan_invoice(BILL, [], {}, fees=value), InvoicedFees),
    "first": (rounding, RoundingPolicy),
    "second": (lambda value: rounding(RoundingPolicy.PER_UNIT, value), RoundingPolicy),
}


@pytest.mark.parametrize(("name", "make", "choices"), [(key, *each) for key, each in CHOICES.items()])
def test_a_choice_is_a_member_and_never_its_text(
    name: str, make: Callable[[Any], object], choices: type[StrEnum]
) -> None:
    for each in choices:
        make(each)
        with pytest.raises(ValueError, match=rf"{name} must be one of {choices.__name__}\..*, not str '{each.value}'"):
            make(each.value)
    for other in ("zzz", None, 5):
        with pytest.raises(ValueError, match=f"{name} must be one of .*, not {type(other).__name__} {other!r}"):
            make(other)


# ---------------------------------------------------------------- tags

TAGGED: dict[str, Callable[[Any], object]] = {
    "only_for": lambda tags: worlds.fee(only_for=tags),
    "never_for": lambda tags: worlds.fee(never_for=tags),
    "tags of a fee": lambda tags: worlds.fee(tags=tags),
    "customer_tags": lambda tags: FeeWaiver(customer_tags=tags, fee_tags=()),
    "fee_tags": lambda tags: FeeWaiver(customer_tags=(), fee_tags=tags),
    "tags of a customer": lambda tags: worlds.customer(tags=tags),
    "tags of who asks": lambda tags: tariff().terms.for_customer(tags, None),
}


@pytest.mark.parametrize("make", TAGGED.values(), ids=TAGGED.keys())
@pytest.mark.parametrize("tags", ["member", "", b"member", (5,), ("member", None)], ids=repr)
def test_tags_are_a_collection_of_texts_and_no_text(make: Callable[[Any], object], tags: object) -> None:
    with pytest.raises(ValueError, match=r"tags are a collection of texts such as \('member',\), not "):
        make(tags)


@pytest.mark.parametrize(
    "tags", [["Member "], ("member",), {"member"}, iter(("member", "MEMBER"))], ids=["list", "tuple", "set", "iterator"]
)
def test_any_collection_of_texts_is_tags(tags: Any) -> None:  # noqa: ANN401 - any collection
    found = worlds.customer(tags=tags)
    assert isinstance(found, Customer)
    assert found.tags == ("member",)


# ---------------------------------------------------------------- costs and invoices


@pytest.mark.parametrize(
    "make",
    [
        lambda value: attrs.evolve(COST, amount=value),
        lambda value: attrs.evolve(EGGS, amount=value),
        lambda value: evolved(BILL, total=value or 0),
    ],
    ids=["cost", "line", "total"],
)
@pytest.mark.parametrize("value", [5, 5.0, "5.00", Decimal(5), None], ids=repr)
def test_the_amount_of_a_cost_or_an_invoice_is_money(make: Callable[[Any], object], value: object) -> None:
    with pytest.raises(ValueError, match=r"must be Money such as Money\.of\('2\.50', 'EUR'\), not "):
        make(value)


@pytest.mark.parametrize("value", [COST, BILL], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", ["key", "label"])
def test_the_key_and_the_label_of_a_cost_or_an_invoice_are_text(value: object, name: str) -> None:
    with pytest.raises(TypeError, match=f"'{name}' must be <class 'str'>"):
        evolved(value, **{name: 17})


@pytest.mark.parametrize(
    "lines", [EGGS, [EGGS], (EGGS, "eggs"), "eggs", None], ids=["bare", "list", "mixed", "text", "none"]
)
def test_the_lines_of_an_invoice_are_a_tuple_of_lines(lines: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(TypeError, match=r"must be <class '.*(tuple|InvoiceLine)'>"):
        attrs.evolve(BILL, lines=lines)


# ---------------------------------------------------------------- amounts finer than the currency (FEE-2.3)

FEE, SHIPPING, PAYMENT = ("fees", 0), ("shipping_methods", 0), ("payment_methods", 0)
TIERS = {"kind": "whole_tiers", "tiers": [{"amount": "1.00"}, {"from_amount": "10.50", "amount": "0.50"}]}


def in_currency(code: str, *edits: tuple[tuple[str | int, ...], object]) -> list[tuple[str, str]]:
    """Return what is wrong with the small world if its enterprises use *code*, and nothing is sold or priced."""
    data = world_data()
    plain = [
        ((name, index, "calculator"), {"kind": "none"})
        for name in ("fees", "shipping_methods", "payment_methods")
        for index in range(len(data[name]))
    ]
    currencies = [(("enterprises", index, "currency"), code) for index in range(len(data["enterprises"]))]
    prices = [(("variants", index, "price", "currency"), code) for index in range(len(data["variants"]))]
    whole = [(("variants", index, "price", "amount"), "3") for index in range(len(data["variants"]))]
    found = read_world(edited(data, *plain, *currencies, *prices, *whole, *edits))
    return [(each.path, each.code) for each in found.problems] if isinstance(found, Refusal) else []


@pytest.mark.parametrize(
    ("at", "calculator", "paths"),
    [
        (FEE, {"kind": "per_item", "amount": "0.50"}, ["amount"]),
        (FEE, {"kind": "flat_rate", "amount": "-0.50"}, ["amount"]),
        (
            FEE,
            {"kind": "flexi_rate", "first_item": "1.50", "additional_item": "0.50"},
            ["first_item", "additional_item"],
        ),
        (
            FEE,
            {"kind": "price_sack", "minimal_amount": "9.5", "normal_amount": "1.5", "discount_amount": "0.5"},
            ["minimal_amount", "normal_amount", "discount_amount"],
        ),
        (FEE, TIERS, ["tiers[1].from_amount", "tiers[1].amount"]),
        (SHIPPING, {"kind": "flat_rate", "amount": "2.50"}, ["amount"]),
        (PAYMENT, {"kind": "flat_rate", "amount": "0.01"}, ["amount"]),
        # Percentages and rates for a kilogram are no amounts; whole amounts may be written with decimals.
        (FEE, {"kind": "flat_percent_per_item", "flat_percent": "7.25"}, []),
        (FEE, {"kind": "weight", "per_unit": "0.50"}, []),
        (FEE, {"kind": "per_item", "amount": "5.00"}, []),
    ],
)
def test_an_amount_finer_than_the_currency_is_refused_in_a_world(
    at: tuple[str | int, ...], calculator: dict[str, object], paths: list[str]
) -> None:
    place = f"$.{at[0]}[{at[1]}].calculator."
    assert in_currency("JPY", ((*at, "calculator"), calculator)) == [(place + each, Code.TOO_FINE) for each in paths]
    assert in_currency("EUR", ((*at, "calculator"), calculator)) == []
    assert in_currency("TND", ((*at, "calculator"), calculator)) == []


@pytest.mark.parametrize("name", ["at_least", "at_most"])
def test_a_floor_or_cap_finer_than_the_currency_is_refused_in_a_world(name: str) -> None:
    assert in_currency("JPY", ((*FEE, name), "0.50")) == [(f"$.fees[0].{name}", Code.TOO_FINE)]
    assert in_currency("EUR", ((*FEE, name), "0.50")) == []


def test_a_setting_has_two_decimals_whatever_the_currency() -> None:
    """FEE-2.3: the calculator knows no currency."""
    with pytest.raises(ValueError, match=r"amount has at most 2 decimals, but 0\.125 has more"):
        PerItem(amount=Decimal("0.125"))


# ---------------------------------------------------------------- what is shown at a prompt


def test_a_price_book_and_an_invoice_plan_are_shown_in_one_line() -> None:
    goods = [worlds.variant(f"v-{number}") for number in range(500)]
    assert repr(price_book(tariff().terms, goods)) == "<PriceBook: 500 prices of 'hub' in 'week-10'>"
    plan = plan_invoice(BILL, [], {})
    assert isinstance(plan, InvoicePlan)
    assert repr(plan).endswith("orders=<0 orders>)")


def test_the_public_names_are_listed() -> None:
    assert set(dir(ofncore)) == {*ofncore.__all__, "__version__"}
    assert all(hasattr(ofncore, name) for name in dir(ofncore))
