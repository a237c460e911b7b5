"""Orders with fee records, as the cases tell them."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from ofncore.fees.records import FeeRecord, LineFees, OrderFees
from ofncore.kernel.money import Money
from ofncore.testing.conformance.cases import Json
from ofncore.testing.conformance.comparing import multiset
from ofncore.testing.conformance.fee_worlds import CURRENCY

#: What of a record is compared.
RowOf = Callable[[FeeRecord, LineFees | None], Json]


def line_numbers(line: LineFees) -> Json:
    """Return what both kinds of cases tell of a line, but for its fees."""
    return {
        "variant": line.variant.id,
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


def total(records: Iterable[FeeRecord]) -> Money:
    """Return the sum of *records*."""
    return Money.total((record.amount for record in records), CURRENCY)


def item_total(order: OrderFees) -> Money:
    """Return all lines without fees."""
    return Money.total((line.amount for line in order.lines), CURRENCY)
