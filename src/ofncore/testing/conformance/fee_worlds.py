"""What the fee cases are about, read into the values of this library."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ofncore.fees.sizes import Size
from ofncore.fees.terms import PricingTerms
from ofncore.fees.typed_settings import KeptSettings, read_settings
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import OFN, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.calculator import Calculator
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.fee import EnterpriseFee, FeeType, TaxRate
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import Json, RefusedCaseError

#: The cases name no currency; they count in hundredths.
CURRENCY: Final = "EUR"


def money(text: str) -> Money:
    """Return an amount of a case; trailing zeros carry no meaning."""
    return Money.of(text, CURRENCY)


def decimal_of(text: str | None) -> Decimal | None:
    """Return a number of a case as it is compared: trailing zeros carry no meaning."""
    return None if text is None else Decimal(text)


def rounded(exact: Fraction, digits: int) -> Decimal:
    """Return *exact* rounded half away from zero to so many decimals."""
    return Decimal(f"{round_fraction(exact * 10**digits)}E-{digits}")


def calculator(kind: str, preferences: Mapping[str, str | None], profile: Profile = OFN) -> Calculator:
    """Return the calculator of a fee or a method.

    Raises:
        RefusedCaseError: it is refused.
    """
    kept = kept_settings(kind, preferences, profile)
    if isinstance(kept, Refusal):
        message = f"calculator {kind!r} is refused: {kept}"
        raise RefusedCaseError(message)
    return kept.calculator


def kept_settings(kind: str, preferences: Mapping[str, str | None], profile: Profile) -> KeptSettings | Refusal:
    """Return what becomes of the settings of a case."""
    return read_settings(kind, preferences, profile=profile)


_CODES_OF_CALCULATORS: Final = {
    "weight": "weight-units",
    "flexi_rate": "item-limits",
    "default_tax": "tax-calculator",
}


def codes_of_calculators(kinds: Iterable[str | None]) -> set[str]:
    """Return the codes under which a case with calculators of these *kinds* may deviate because of them."""
    found = set(filter(None, kinds))
    # FEE-2.1: whatever is charged may have too many digits.
    return {_CODES_OF_CALCULATORS[kind] for kind in found & set(_CODES_OF_CALCULATORS)} | (
        {"amount-digits"} if found else set()
    )


# ---------------------------------------------------------------- variants


def variants(given: Json) -> dict[VariantId, Variant]:
    """Return the variants of a case; those without a tax category have the default one, if there is one (FEE-8)."""
    default_category = given.get("default_tax_category")
    return {VariantId(key): _variant(key, each, default_category) for key, each in given["variants"].items()}


def sizes(given: Json) -> dict[VariantId, Size]:
    """Return the sizes of the variants of a case."""
    return {VariantId(key): size(each) for key, each in given["variants"].items()}


def size(given: Json) -> Size:
    """Return the size of a variant of a case."""
    return Size(
        measure=Measure(given["variant_unit"]),
        value=decimal_of(given.get("unit_value")),
        scale=decimal_of(given.get("variant_unit_scale")),
        unit_name=given.get("variant_unit_name") or "",
    )


def _variant(key: str, given: Json, default_category: str | None) -> Variant:
    return worlds.variant(
        key,
        supplier=given["supplier"],
        name=given["product_name"],
        price=money(given["price"]),
        measure=Measure(given["variant_unit"]),
        unit_value=Decimal(given["unit_value"]),
        weight_kg=decimal_of(given.get("weight_kg")),
        tax_category=given.get("tax_category") or default_category,
    )


# ---------------------------------------------------------------- fees and cycles


def terms(
    given: Json, distributor: str, *, profile: Profile = OFN, tax_rates: tuple[TaxRate, ...] = ()
) -> PricingTerms:
    """Return the pricing terms of one distributor of a case."""
    charges_sales_tax = given["enterprises"][distributor].get("charges_sales_tax", True)
    return PricingTerms(
        cycle=cycle(given["cycle"]),
        distributor=worlds.enterprise(distributor, currency=CURRENCY, charges_sales_tax=charges_sales_tax),
        fees={FeeId(key): fee(key, each, profile) for key, each in given["fees"].items()},
        tax_rates=tax_rates,
        profile=profile,
    )


def fee(key: str, given: Json, profile: Profile = OFN) -> EnterpriseFee:
    """Return a fee of a case."""
    return EnterpriseFee(
        id=FeeId(key),
        enterprise=EnterpriseId(given["enterprise"]),
        name=given["name"],
        fee_type=FeeType(given["fee_type"]),
        calculator=calculator(given["calculator"], given["preferences"], profile),
        tax_category=given.get("tax_category"),
        inherits_tax_category=given.get("inherits_tax_category", False),
        deleted=given.get("deleted", False),
    )


def cycle(given: Json) -> OrderCycle:
    """Return the order cycle of a case."""
    return worlds.order_cycle(
        coordinator=given["coordinator"],
        coordinator_fees=tuple(given["coordinator_fees"]),
        incoming=tuple(_incoming(each) for each in given["incoming"]),
        outgoing=tuple(_outgoing(each) for each in given["outgoing"]),
    )


def _incoming(given: Json) -> IncomingExchange:
    return IncomingExchange(
        supplier=EnterpriseId(given["supplier"]), variants=tuple(given["variants"]), fees=tuple(given["fees"])
    )


def _outgoing(given: Json) -> OutgoingExchange:
    return OutgoingExchange(
        distributor=EnterpriseId(given["distributor"]), variants=tuple(given["variants"]), fees=tuple(given["fees"])
    )
