"""From typed settings to calculators (FEE-2.3, FEE-13.3, FEE-13.4)."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import calculators, setting_names
from ofncore.fees.calculators import FlatPercentPerItem, FlexiRate, PerItem, Weight
from ofncore.fees.settings import WeightUnit
from ofncore.fees.typed_settings import AnyLimitFlexiRate, KeptSettings, TaxOfFee, read_settings, typed_text
from ofncore.kernel.codes import Code
from ofncore.kernel.policies import OFN
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import Calculator, ChargeableLine


def kept(kind: str, **typed: str | None) -> KeptSettings:
    found = read_settings(kind, typed)
    assert isinstance(found, KeptSettings)
    return found


def refused(kind: str, **typed: str | None) -> dict[str, str]:
    found = read_settings(kind, typed)
    assert isinstance(found, Refusal)
    return {each.path: each.code for each in found.problems}


@given(calculators())
def test_settings_that_are_written_out_are_read_back_without_a_warning(calculator: Calculator) -> None:
    typed = {name: typed_text(getattr(calculator, name)) for name in setting_names(type(calculator))}
    assert read_settings(calculator.kind, typed) == KeptSettings(calculator=calculator)


@given(st.decimals(min_value=-1000, max_value=1000, places=6))
def test_a_finer_amount_is_rounded_half_away_from_zero_and_told(amount: Decimal) -> None:
    found = kept("per_item", amount=str(amount))
    assert isinstance(found.calculator, PerItem)
    assert abs(found.calculator.amount - amount) <= Decimal("0.005")
    assert bool(found.warnings) == (found.calculator.amount != amount)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("10.005", "10.01"), ("-0.005", "-0.01"), ("33.3333", "33.33"), ("1e1", "10"), (" .5 ", "0.5"), ("7.", "7")],
)
def test_how_amounts_are_read(typed: str, amount: str) -> None:
    assert kept("flat_percent_per_item", flat_percent=typed).calculator == FlatPercentPerItem(
        flat_percent=Decimal(amount)
    )


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_blank_is_zero_and_nothing_to_tell(typed: str | None) -> None:
    assert kept("per_item", amount=typed) == KeptSettings(calculator=PerItem())


@pytest.mark.parametrize(("typed", "limit"), [("4.9", 4), ("many", 0), ("12 items", 12), ("", 0), (None, 0), ("+3", 3)])
def test_a_number_of_items_is_the_whole_number_that_the_text_begins_with(typed: str | None, limit: int) -> None:
    found = kept("flexi_rate", max_items=typed)
    assert found.calculator == FlexiRate(max_items=limit)


def test_what_is_kept_in_another_way_is_told_with_its_place() -> None:
    found = kept("flexi_rate", first_item="1.005", additional_item="1.00", max_items="4.9")
    told = {each.path: (each.parameters["found"], each.parameters["kept"]) for each in found.warnings}
    assert told == {"$.preferences.first_item": ("1.005", "1.01"), "$.preferences.max_items": ("4.9", "4")}
    assert {each.code for each in found.warnings} == {Code.SETTING_CHANGED}


def test_an_unknown_unit_of_weight_becomes_the_kilogram_and_is_told() -> None:
    found = kept("weight", unit_from_list="stone", per_unit="2")
    assert found.calculator == Weight(unit_from_list=WeightUnit.KILOGRAM, per_unit=Decimal(2))
    assert [each.path for each in found.warnings] == ["$.preferences.unit_from_list"]


@pytest.mark.parametrize("typed", ["abc", "1,5", "12%", "NaN", "Infinity", "1_000", "--1", "1e40", "\u0661"])
def test_an_amount_that_is_no_number_is_refused(typed: str) -> None:
    assert refused("per_item", amount=typed) == {"$.preferences.amount": Code.BAD_DECIMAL}


def test_every_problem_is_told_at_once() -> None:
    assert refused("flexi_rate", first_item="x", max_items="-1", colour="red") == {
        "$.preferences.first_item": Code.BAD_DECIMAL,
        "$.preferences.max_items": Code.BELOW_ZERO,
        "$.preferences.colour": Code.UNKNOWN_KEY,
    }


def test_an_unknown_calculator_is_refused() -> None:
    assert refused("guess") == {"$.calculator": Code.NOT_ACCEPTED}
    assert refused("default_tax") == {"$.calculator": Code.NOT_ACCEPTED}


def test_in_the_profile_of_the_original_a_limit_may_be_negative() -> None:
    """FEE-3: the first item, and the limit less one times the further ones, whatever is bought."""
    found = read_settings("flexi_rate", {"first_item": "5", "additional_item": "1", "max_items": "-2"}, profile=OFN)
    assert isinstance(found, KeptSettings)
    assert isinstance(found.calculator, AnyLimitFlexiRate)
    charged = {found.calculator.charge([ChargeableLine(100, n)], minor_per_unit=100) for n in (0, 1, 9)}
    assert charged == {200}


def test_in_the_profile_of_the_original_the_calculator_of_tax_rates_is_kept_and_charges_nothing() -> None:
    found = read_settings("default_tax", {}, profile=OFN)
    assert found == KeptSettings(calculator=TaxOfFee())
    assert TaxOfFee().charge([ChargeableLine(100, 9)], minor_per_unit=100) == 0
    assert (TaxOfFee.kind, TaxOfFee.per_order) == ("default_tax", False)


@given(st.integers(min_value=0, max_value=50), st.integers(min_value=0, max_value=60))
def test_a_limit_of_zero_or_more_charges_the_same_in_both_profiles(limit: int, items: int) -> None:
    strict = FlexiRate(first_item=Decimal(3), additional_item=Decimal(1), max_items=limit)
    lenient = AnyLimitFlexiRate(**attrs.asdict(strict))
    lines = [ChargeableLine(100, items)]
    assert strict.charge(lines, minor_per_unit=100) == lenient.charge(lines, minor_per_unit=100)
