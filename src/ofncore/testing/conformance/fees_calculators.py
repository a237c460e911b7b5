"""Cases of single calculators."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.charging import charged, charged_minor
from ofncore.fees.raw_lines import RawLine, charge_raw
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import UnitWeight, weighed_line
from ofncore.kernel.errors import MoneyError
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import Profile, WeightRule
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import (
    Case,
    Json,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    listed_cases,
    schema_is,
)
from ofncore.testing.conformance.comparing import UNCOMPARED
from ofncore.testing.conformance.fee_worlds import CURRENCY, codes_of_calculators, decimal_of, kept_settings, rounded

_REFUSED: Final = {"refused": True}
_TARGETS: Final = ("line_item", "order", "shop_unit", "raw_lines", "nothing")
_CENTS: Final = 100


def _expect(case: Case, _side: Side) -> Json:
    given = case["expect"]
    if case.get("rejected_on_save") or "error" in given:
        return _REFUSED
    return {
        "stored_preferences": {name: _number(text) for name, text in case["stored_preferences"].items()},
        "stored_prices": _given_prices(case),
        "stored_final_weights": _given_final_weights(case),
        # Only a binary number may carry noise.
        "amount": UNCOMPARED if given["number"] == "float" else decimal_of(given["amount"]),
        "stored_amount": decimal_of(given["stored_amount"]),
        "stored_error": "stored_error" in given,
    }


def _number(text: str) -> Json:
    """Every setting but a unit is a number."""
    return text if text.isalpha() else Decimal(text)


def _given_prices(case: Case) -> Json:
    if case["target"] == "raw_lines":
        return []
    return [Decimal(line.get("stored_price", line["price"])) for line in case["lines"]]


def _given_final_weights(case: Case) -> Json:
    stored = (line.get("stored_final_weight_volume", line.get("final_weight_volume")) for line in case["lines"])
    return [] if case["target"] == "raw_lines" else list(map(decimal_of, stored))


def _run(case: Case, profile: Profile) -> Json:
    if case["target"] not in _TARGETS:
        message = f"a calculator is handed {case['target']!r}"
        raise UnsupportedCaseError(message)
    kept = kept_settings(case["calculator"], case["preferences"], profile)
    if isinstance(kept, Refusal):
        return _REFUSED
    settings = {name: getattr(kept.calculator, name) for name in case["stored_preferences"]}
    is_raw = case["target"] == "raw_lines"
    amounts = _raw_amounts(kept.calculator, case) if is_raw else _amounts(kept.calculator, case, profile)
    return _REFUSED if amounts is None else {"stored_preferences": settings, **amounts}


def _amounts(calculator: Calculator, case: Case, profile: Profile) -> Json:
    terms = PricingTerms(cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={}, profile=profile)
    # What a case says of the calculator holds in every profile; the profile decides where it says nothing.
    rule = WeightRule.DESIGNED if case.get("unit_known_to_calculator") else profile.weight_rule
    lines = [_Line.of(line) for line in case["lines"]]
    chargeable = [line.chargeable(rule) for line in lines]
    stored = _stored(calculator, chargeable, terms)
    return {
        "stored_prices": [line.price.amount for line in lines],
        "stored_final_weights": [line.final_weight for line in lines],
        "amount": Money(charged_minor(calculator, chargeable, terms), CURRENCY).amount,
        "stored_amount": stored,
        "stored_error": stored is None,
    }


def _stored(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Decimal | None:
    try:
        return charged(calculator, lines, terms).amount
    except MoneyError:
        return None


def _raw_amounts(calculator: Calculator, case: Case) -> Json | None:
    exact = charge_raw(calculator, [_raw_line(line) for line in case["lines"]], minor_per_unit=_CENTS)
    if isinstance(exact, Refusal):
        return None
    amount = Money(round_fraction(exact), CURRENCY).amount
    return {
        "stored_prices": [],
        "stored_final_weights": [],
        "amount": amount,
        "stored_amount": amount,
        "stored_error": False,
    }


def _raw_line(given: Json) -> RawLine:
    price = None if given["price"] is None else Fraction(given["price"]) * _CENTS
    return RawLine(price=price, quantity=given["quantity"])


@attrs.frozen(kw_only=True)
class _Line:
    """A line of a case, as it is stored."""

    price: Money
    quantity: int
    unit: UnitWeight
    final_weight: Decimal | None

    @classmethod
    def of(cls, given: Json) -> "_Line":
        variant = given.get("variant") or {}
        final_weight = given.get("final_weight_volume")
        return cls(
            price=Money.rounded(Decimal(given["price"]), CURRENCY),
            quantity=given["quantity"],
            unit=UnitWeight(
                sold_by_weight=variant.get("variant_unit") == "weight",
                unit_value=decimal_of(variant.get("unit_value")),
                noted_kg=decimal_of(variant.get("weight_kg")),
            ),
            final_weight=None if final_weight is None else rounded(Fraction(final_weight), 2),
        )

    def chargeable(self, rule: WeightRule) -> ChargeableLine:
        return weighed_line(
            self.unit, price=self.price.minor, quantity=self.quantity, final_weight=self.final_weight, rule=rule
        )


def _codes(case: Case) -> Collection[str]:
    return codes_of_calculators([case["calculator"]])


CALCULATORS: Final = SchemaSupport(
    name="fees: calculators",
    recognises=schema_is("ofn-fees/calculators/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=_codes,
)
