"""The fee vectors of Open Food Network, read into the values of this library.

The files stand in ``conformance/fees``; what their fields mean is told in the comments where they are read.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ofncore.fees.registry import calculator_class
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.fee import EnterpriseFee, FeeType, TaxRate
from ofncore.model.order import OrderLine
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds

FOLDER = Path(__file__).parents[1] / "conformance" / "fees"

Case = dict[str, Any]


@cache
def cases(*names: str) -> tuple[Case, ...]:
    """Return the cases of the files *names*."""
    return tuple(case for name in names for case in _load(name)["cases"])


def _load(name: str) -> Any:  # noqa: ANN401 - JSON
    with gzip.open(FOLDER / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)


def calculator(kind: str, preferences: Mapping[str, str | None]) -> Calculator:
    """Return the calculator with its settings as Open Food Network keeps them: rounded, blank ones as 0 (FEE-2.3)."""
    settings = {name: _kept(name, text) for name, text in preferences.items()}
    make: Any = calculator_class(kind)
    made: Calculator = make(**settings)
    return made


def _kept(name: str, text: str | None) -> object:
    if name == "unit_from_list":
        return text if text in ("kg", "lb") else "kg"
    if name == "max_items":
        return int(Decimal(text or 0))
    return Decimal(text or 0).quantize(Decimal("0.01"), ROUND_HALF_UP)


def holds_weight_calculator(case: Case) -> bool:
    """Whether a case shows the weight rule as it runs, which is not followed (FEE-13.5)."""
    given = case["given"]
    methods = [given["order"].get(name) for name in ("shipping", "payment")] if "order" in given else []
    parts = [*given["fees"].values(), *filter(None, methods)]
    return any(part["calculator"] == "weight" for part in parts)


def variants(given: Case) -> dict[VariantId, Variant]:
    """Return the variants of a case; those without a tax category have the default one, if there is one (FEE-8)."""
    default_category = given.get("default_tax_category")
    return {VariantId(key): _variant(key, each, default_category) for key, each in given["variants"].items()}


def _variant(key: str, given: Case, default_category: str | None) -> Variant:
    return worlds.variant(
        key,
        supplier=given["supplier"],
        price=worlds.euros(given["price"]),
        measure=Measure(given["variant_unit"]),
        unit_value=Decimal(given["unit_value"]),
        weight_kg=Decimal(given["weight_kg"]),
        tax_category=given.get("tax_category") or default_category,
    )


def terms(given: Case, distributor: str, tax_rates: tuple[TaxRate, ...] = ()) -> PricingTerms:
    """Return the pricing terms of one distributor of a case."""
    charges_sales_tax = given["enterprises"][distributor].get("charges_sales_tax", True)
    return PricingTerms(
        cycle=_cycle(given["cycle"]),
        distributor=worlds.enterprise(distributor, charges_sales_tax=charges_sales_tax),
        fees={FeeId(key): _fee(key, each) for key, each in given["fees"].items()},
        tax_rates=tax_rates,
    )


def _fee(key: str, given: Case) -> EnterpriseFee:
    return EnterpriseFee(
        id=FeeId(key),
        enterprise=given["enterprise"],
        name=given["name"],
        fee_type=FeeType(given["fee_type"]),
        calculator=calculator(given["calculator"], given["preferences"]),
        tax_category=given["tax_category"],
        inherits_tax_category=given["inherits_tax_category"],
        deleted=given.get("deleted", False),
    )


def _cycle(given: Case) -> OrderCycle:
    return worlds.order_cycle(
        coordinator=given["coordinator"],
        coordinator_fees=tuple(given["coordinator_fees"]),
        incoming=tuple(_incoming(each) for each in given["incoming"]),
        outgoing=tuple(_outgoing(each) for each in given["outgoing"]),
    )


def _incoming(given: Case) -> IncomingExchange:
    return IncomingExchange(
        supplier=EnterpriseId(given["supplier"]), variants=tuple(given["variants"]), fees=tuple(given["fees"])
    )


def _outgoing(given: Case) -> OutgoingExchange:
    return OutgoingExchange(
        distributor=EnterpriseId(given["distributor"]), variants=tuple(given["variants"]), fees=tuple(given["fees"])
    )


def lines(order: Case, known: Mapping[VariantId, Variant]) -> list[OrderLine]:
    """Return the lines of an order of a case, without charges."""
    return [_line(known[VariantId(each["variant"])], each["quantity"]) for each in order["lines"]]


def _line(variant: Variant, quantity: int) -> OrderLine:
    return worlds.order_line(
        variant.id,
        supplier=variant.supplier,
        quantity=quantity,
        price=variant.price,
        tax_category=variant.tax_category,
    )


def tax_category_of(fee: EnterpriseFee, line: OrderLine | None) -> TaxCategoryId | None:
    """Return the category that a fee record of Open Food Network names."""
    return line.tax_category if line is not None and fee.inherits_tax_category else fee.tax_category


def euros(text: str) -> Money:
    """Return an amount of a vector, whatever its trailing zeros."""
    return Money.of(text, "EUR")


def bag(items: Iterable[Any]) -> Counter[Any]:
    """Return *items* as a multiset: the order of records means nothing."""
    return Counter(items)
