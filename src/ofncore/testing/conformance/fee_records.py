"""Orders with fee records, as the cases tell them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import first_final_weight
from ofncore.kernel.ids import VariantId
from ofncore.model.order import FeeCharge, Order, OrderLine, OrderState
from ofncore.model.product import Variant
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import Json
from ofncore.testing.conformance.comparing import multiset

#: FEE-7: no record can be waived, and none changes by itself.
IS_MANDATORY: Final = True
STATE: Final = "closed"


def cart(lines: Iterable[OrderLine]) -> Order:
    """Return an order of *lines* that is not placed yet."""
    return worlds.order(state=OrderState.DRAFT, lines=tuple(lines))


def new_line(variant: Variant, quantity: int) -> OrderLine:
    """Return a line of *quantity* of *variant*, at its price of now, with the weight that the original notes."""
    return worlds.order_line(
        variant.id,
        supplier=variant.supplier,
        product_name=variant.name,
        quantity=quantity,
        price=variant.price,
        final_weight=first_final_weight(variant, quantity),
        tax_category=variant.tax_category,
    )


def tariff(of_shop: PricingTerms, known: Mapping[VariantId, Variant]) -> Tariff:
    """Return what orders are charged by; picking them up and paying in cash are free."""
    return Tariff(terms=of_shop, variants=known, shipping=worlds.shipping_method(), payment=worlds.payment_method())


def line_numbers(line: OrderLine) -> Json:
    """Return what both kinds of cases tell of a line, but for its fees."""
    return {
        "variant": line.variant,
        "quantity": line.quantity,
        "price": line.price.amount,
        "final_weight_volume": line.final_weight,
    }


def given_line_numbers(line: Json) -> Json:
    """Return the same of a line of a case."""
    return {
        "variant": line["variant"],
        "quantity": line["quantity"],
        "price": Decimal(line["price"]),
        "final_weight_volume": Decimal(line["final_weight_volume"]),
    }


def by_fee(rows: Iterable[Json]) -> Json:
    """Return *rows* by fee; those of one fee are compared as a multiset."""
    found: dict[str, list[Json]] = {}
    for row in rows:
        found.setdefault(row["fee"], []).append(row)
    return {fee: multiset(each) for fee, each in found.items()}


def given_row(row: Json) -> Json:
    """Return a fee record of a case."""
    return {**row, "amount": Decimal(row["amount"])}


def record_row(charge: FeeCharge) -> Json:
    """Return what both kinds of cases tell of a fee record."""
    return {
        "fee": charge.fee,
        "role": charge.role,
        "amount": charge.amount.amount,
        "state": STATE,
        "tax_category": charge.tax_category,
    }
