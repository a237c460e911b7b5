"""Cases of unit prices and of sizes in words."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from ofncore.fees.sizes import System, display_unit, price_unit, size_text
from ofncore.kernel.policies import Profile
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.fee_worlds import rounded, size

_NUMBERS: Final = ("denominator", "unit_price", "unit_price_cents")
#: Decimals of what is compared.
_DENOMINATOR_DIGITS: Final = 10
_PRICE_DIGITS: Final = 6
_REFUSED: Final = {"refused": True}


def _expect(case: Case, _side: Side) -> Json:
    given = case["expect"]
    if "error" in given:
        return _REFUSED
    numbers = {name: Decimal(given[name]) for name in _NUMBERS}
    scale = given.get("display_scale")
    shown = None if scale is None else {"scale": Decimal(scale["scale"]), "name": scale["name"]}
    expected = {**given, **numbers, "display_scale": shown}
    return {**expected, **_per_litre(case)} if "known_defect" in case else expected


def _per_litre(case: Case) -> Json:
    """What is sane for gallons, which the original prices per pound (FEE-12): per litre."""
    litres = Fraction(case["variant"]["unit_value"])
    price = Fraction(case["price_with_fees"]) / litres
    return {
        "unit": "L",
        "system": System.METRIC,
        "denominator": rounded(litres, _DENOMINATOR_DIGITS),
        "unit_price": rounded(price, _PRICE_DIGITS),
        "unit_price_cents": rounded(price, 2),
    }


def _run(case: Case, _profile: Profile) -> Json:
    available = [name.strip() for name in case["available_units"].split(",")]
    try:
        of_variant = size(case["variant"])
    except ValueError:
        return _REFUSED
    unit = price_unit(of_variant)
    price = Fraction(case["price_with_fees"]) / unit.denominator
    display = display_unit(of_variant, available)
    return {
        "unit": unit.unit,
        "system": unit.system,
        "denominator": rounded(unit.denominator, _DENOMINATOR_DIGITS),
        "unit_price": rounded(price, _PRICE_DIGITS),
        "unit_price_cents": rounded(price, 2),
        "display_scale": None if display is None else {"scale": display.scale, "name": display.name},
        "display": size_text(of_variant, available),
    }


UNIT_PRICES: Final = SchemaSupport(
    name="fees: unit prices",
    recognises=schema_is("ofn-fees/unit-prices/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=lambda _case: (),
)
