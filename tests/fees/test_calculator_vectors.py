"""Every calculator gives the amounts of Open Food Network, to the cent (FEE-3)."""

from collections import Counter
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from fees.vectors import Case, calculator, cases, euros
from ofncore.fees.charging import charged
from ofncore.fees.registry import calculator_class
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.model.calculator import ChargeableLine
from ofncore.model.product import Measure
from ofncore.testing import worlds


class Treatment(StrEnum):
    """What the library does with a case."""

    COMPARED = "compared"
    #: The settings are no numbers, and cannot be stored by Open Food Network either.
    NOT_A_NUMBER = "settings that are no numbers"
    #: FEE-13.4: a limit below zero is refused when the calculator is made.
    NEGATIVE_LIMIT = "negative limit of items"
    #: FEE-13.5: the defect is not followed.
    WEIGHT_AS_RUN = "weight rule as it runs"
    FINAL_WEIGHT = "final weight"
    #: Prices finer than a cent, missing prices, missing quantities: no line can hold them.
    RAW_LINES = "lines that cannot be"


def treatment(case: Case) -> Treatment:
    if case.get("rejected_on_save"):
        return Treatment.NOT_A_NUMBER
    if case["target"] == "raw_lines":
        return Treatment.RAW_LINES
    if case.get("unit_known_to_calculator") is False:
        return Treatment.WEIGHT_AS_RUN
    if case["calculator"] == "weight" and any("final_weight_volume" in line for line in case["lines"]):
        return Treatment.FINAL_WEIGHT
    if Decimal(case["stored_preferences"].get("max_items") or 0) < 0:
        return Treatment.NEGATIVE_LIMIT
    return Treatment.COMPARED


def treated(wanted: Treatment) -> list[Case]:
    return [case for case in cases("calculators") if treatment(case) is wanted]


def line_of(given: Case) -> ChargeableLine:
    price = euros(given["stored_price"] if "stored_price" in given else given["price"])
    variant = given.get("variant")
    if variant is None:
        return ChargeableLine(price=price.minor, quantity=given["quantity"])
    weight = variant["weight_kg"]
    value = worlds.variant(
        measure=Measure(variant["variant_unit"]),
        unit_value=Decimal(variant["unit_value"] or 1),
        weight_kg=None if weight is None else Decimal(weight),
    )
    return chargeable_line(value, price=price.minor, quantity=given["quantity"])


def stored_amount(case: Case) -> Any:  # noqa: ANN401 - JSON
    """A case too large for the original's storage tells its amount before storage."""
    return case["expect"]["stored_amount"] or case["expect"]["amount"]


def test_the_treatment_of_every_case_is_known() -> None:
    assert Counter(treatment(case) for case in cases("calculators")) == {
        Treatment.COMPARED: 928,
        Treatment.NOT_A_NUMBER: 9,
        Treatment.NEGATIVE_LIMIT: 26,
        Treatment.WEIGHT_AS_RUN: 160,
        Treatment.FINAL_WEIGHT: 72,
        Treatment.RAW_LINES: 44,
    }


@pytest.mark.parametrize("kind", sorted({case["calculator"] for case in treated(Treatment.COMPARED)}))
def test_amounts_are_those_of_open_food_network(kind: str) -> None:
    terms = PricingTerms(cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={})
    found = {case["id"]: case for case in treated(Treatment.COMPARED) if case["calculator"] == kind}
    amounts = {
        key: charged(calculator(kind, case["preferences"]), [line_of(line) for line in case["lines"]], terms)
        for key, case in found.items()
    }
    assert amounts == {key: euros(stored_amount(case)) for key, case in found.items()}


def test_kept_settings_are_those_of_open_food_network() -> None:
    """The amounts above are not right by chance: settings enter as the original keeps them (FEE-2.3)."""
    for case in treated(Treatment.COMPARED):
        kind = case["calculator"]
        assert calculator(kind, case["preferences"]) == calculator(kind, case["stored_preferences"])


@pytest.mark.parametrize("case", treated(Treatment.NOT_A_NUMBER), ids=lambda case: case["id"])
def test_settings_that_are_no_numbers_are_refused(case: Case) -> None:
    make: Any = calculator_class(case["calculator"])
    with pytest.raises(ValueError, match="must be a Decimal"):
        make(**case["preferences"])


@pytest.mark.parametrize("case", treated(Treatment.NEGATIVE_LIMIT), ids=lambda case: case["id"])
def test_a_negative_limit_is_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="max_items must be a whole number of items, zero or more"):
        calculator(case["calculator"], case["preferences"])


@pytest.mark.parametrize(
    "case", [case for case in treated(Treatment.COMPARED) if case["target"] == "shop_unit"], ids=lambda case: case["id"]
)
def test_the_fast_way_gives_the_shop_price(case: Case) -> None:
    (line,) = [line_of(line) for line in case["lines"]]
    of_price = calculator(case["calculator"], case["preferences"]).unit_charge(minor_per_unit=100)
    if of_price is not None:
        assert of_price(line.price) == euros(stored_amount(case)).minor
