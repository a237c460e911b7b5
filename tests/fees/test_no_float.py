"""A float that reaches the money layer is an error, never a wrong number."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast, get_args, get_type_hints

import attrs
import pytest

import ofncore.fees
from ofncore.fees import charging, cost_split, line_sums, rounding, shown, sizes, tax, vouchers, weights, zones
from ofncore.fees.assessment import assess
from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.price_book import price_book, unit_totals
from ofncore.fees.raw_lines import RawLine
from ofncore.fees.sizes import Size
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import UnitWeight
from ofncore.kernel.errors import MoneyError
from ofncore.kernel.ids import TaxRateId, VariantId
from ofncore.kernel.money import Money, Rounding, round_fraction
from ofncore.kernel.policies import WeightRule
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.product import Measure
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW, euros

#: Types in which amounts, percentages and weights go from hand to hand.
EXACT = {Money, Decimal, Fraction}
LINES = [ChargeableLine(250, 2)]
LOOSE = UnitWeight(sold_by_weight=False, unit_value=Decimal(250), noted_kg=Decimal("0.25"))
BY_WEIGHT = attrs.evolve(LOOSE, sold_by_weight=True)


@attrs.frozen
class _Half(Calculator):
    """Answers with a float."""

    kind = "half"
    per_order = False

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - whatever
        return cast("Fraction", 0.5)


def terms(calculator: Calculator | None = None) -> PricingTerms:
    """Return terms by which the coordinator charges one fee."""
    fee = worlds.fee(calculator=calculator or PerItem(amount=Decimal("0.50")))
    return PricingTerms(
        cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={fee.id: fee}, tax_rates=(worlds.tax_rate(),)
    )


def half_of(amount: Fraction) -> Fraction:
    return amount / 2


def some_float(amount: Fraction) -> Fraction:
    return cast("Fraction", float(amount) + 0.1)


#: Public functions of the fees that are handed exact numbers, with arguments that are right.
CASES: dict[Callable[..., object], dict[str, Any]] = {
    charging.rounded_charge: {"calculator": PerItem(), "lines": LINES, "terms": terms(), "within": half_of},
    charging.charged: {"calculator": PerItem(), "lines": LINES, "terms": terms(), "within": half_of},
    charging.charged_minor: {"calculator": PerItem(), "lines": LINES, "terms": terms(), "within": half_of},
    charging.price_minor: {"price": euros("2.50"), "terms": terms()},
    cost_split.shared_exactly: {"amount": euros("2.50"), "weights": [Fraction(1, 3), Fraction(2, 3)]},
    line_sums.minor_of: {"amount": Decimal("2.50"), "minor_per_unit": 100},
    rounding.shared_minor: {"exact": [Fraction(1, 2)], "rounding": Rounding.HALF_UP},
    shown.shown_as: {"total": euros("2.50"), "quantity": 2},
    sizes.measured_text: {"variant": worlds.variant(measure=Measure.WEIGHT), "amount": Decimal(480)},
    tax.included_tax: {"amount": euros("2.50"), "rate": worlds.tax_rate()},
    tax.added_tax: {"amount": euros("2.50"), "rate": worlds.tax_rate()},
    vouchers.with_voucher: {"order": worlds.order(), "voucher": worlds.voucher(), "pending_credit": euros("0.10")},
    weights.line_weight_kg: {"unit": BY_WEIGHT, "quantity": 2, "final_weight": Decimal(480)},
    weights.weighed_line: {"unit": LOOSE, "price": 250, "quantity": 2, "final_weight": Decimal(480)},
    weights.chargeable_line: {
        "variant": worlds.variant(),
        "price": 250,
        "quantity": 2,
        "final_weight": Decimal(480),
        "rule": WeightRule.AS_RUN,
    },
    weights.scaled_final_weight: {"final_weight": Decimal(480), "before": 2, "after": 3},
    zones.changed_rate: {
        "rate": worlds.tax_rate(),
        "amount": Decimal("0.1"),
        "at": NOW,
        "new_id": TaxRateId("next"),
    },
}


def public_functions() -> Iterator[Callable[..., object]]:
    """Yield the public functions of the modules of the fees, but for validators of fields."""
    for found in pkgutil.iter_modules(ofncore.fees.__path__):
        module = importlib.import_module(f"ofncore.fees.{found.name}")
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield value


def exact_arguments(function: Callable[..., object]) -> list[str]:
    """Return the names of the arguments in which exact numbers are handed over."""
    # `attrs.Attribute[...]` in the hints of a validator of a field cannot be read at run time.
    if "attribute" in inspect.signature(function).parameters:
        return []
    hints = get_type_hints(function)
    hints.pop("return", None)
    return [name for name, hint in hints.items() if holds_exact(hint)]


def holds_exact(hint: object) -> bool:
    return hint in EXACT or any(map(holds_exact, _parts(hint)))


def _parts(hint: object) -> list[object]:
    """Return what is inside a type; the arguments of a function come as a list."""
    return [part for each in get_args(hint) for part in (each if isinstance(each, list) else [each])]


def floats_for(value: object) -> object:
    """Return a float in place of an exact number, alone, in a list or from a function."""
    if isinstance(value, list):
        return [0.1 for _ in value]
    return some_float if callable(value) else 0.1


SNEAKED = [(function, name) for function in CASES for name in exact_arguments(function)]


def test_every_public_function_that_is_handed_exact_numbers_is_tried() -> None:
    assert {each for each in public_functions() if exact_arguments(each)} == set(CASES)


@pytest.mark.parametrize("function", CASES, ids=lambda each: each.__name__)
def test_with_exact_numbers_the_function_answers(function: Callable[..., object]) -> None:
    assert function(**CASES[function]) is not None


@pytest.mark.parametrize(("function", "name"), SNEAKED, ids=lambda each: getattr(each, "__name__", each))
def test_a_float_in_place_of_an_exact_number_is_an_error(function: Callable[..., object], name: str) -> None:
    arguments: Mapping[str, Any] = CASES[function] | {name: floats_for(CASES[function][name])}
    with pytest.raises((ValueError, TypeError, AttributeError)):
        function(**arguments)


@pytest.mark.parametrize("rounding", Rounding)
def test_no_float_is_rounded_to_money(rounding: Rounding) -> None:
    with pytest.raises(MoneyError, match="only an exact fraction is rounded to money"):
        round_fraction(cast("Fraction", 0.5), rounding)


def test_a_calculator_that_answers_with_a_float_charges_nobody() -> None:
    told = r"calculator .half. must charge a Fraction, not float 0\.5"
    found = terms(_Half())
    variant, line = worlds.variant("eggs"), worlds.order_line("eggs")
    with pytest.raises(MoneyError, match=told):
        price_book(found, [variant])
    with pytest.raises(MoneyError, match=told):
        unit_totals(found, [variant])
    with pytest.raises(MoneyError, match=told):
        assess(
            [line],
            terms=found,
            variants={VariantId("eggs"): variant},
            shipping=worlds.shipping_method(),
            payment=worlds.payment_method(),
        )


@pytest.mark.parametrize(
    "make",
    [
        lambda: ChargeableLine(cast("int", 0.5), 1),
        lambda: RawLine(price=cast("Fraction", 0.5)),
        lambda: RawLine(quantity=cast("int", 0.5)),
        lambda: attrs.evolve(LOOSE, noted_kg=cast("Decimal", 0.5)),
        lambda: attrs.evolve(LOOSE, unit_value=cast("Decimal", 0.5)),
        lambda: Size(measure=Measure.WEIGHT, value=cast("Decimal", 0.5)),
        lambda: Size(measure=Measure.WEIGHT, value=Decimal(1), scale=cast("Decimal", 1.0)),
        lambda: FlatRate(amount=cast("Decimal", 0.5)),
    ],
)
def test_no_float_enters_what_is_charged_on(make: Callable[[], object]) -> None:
    with pytest.raises((ValueError, TypeError), match="must be"):
        make()
