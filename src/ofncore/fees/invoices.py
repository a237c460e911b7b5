"""What a supplier really invoiced for a cycle, and whether it can be passed on.

Source:
    FEE-14 (reprice to the supplier's invoice; the supplier's own price beside the unit price).
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, problem
from ofncore.kernel.texts import LONGEST_ID, LONGEST_REMARK, text_problems
from ofncore.model.order import Order, OrderLine


class InvoicedPer(StrEnum):
    """What the amount of an invoice's line is for."""

    #: One of the variant.
    UNIT = "unit"
    #: All of it that was ordered in the cycle, however many that is.
    CYCLE = "cycle"


class InvoicedFees(StrEnum):
    """What becomes of the fees of an order whose prices follow an invoice."""

    #: They stay as they were charged, with shipping and payment fee.
    FROZEN = "frozen"
    #: They are computed again on the new prices, as at any change of the order (see `ofncore.fees.lives.with_lines`).
    FOLLOWED = "followed"


@attrs.frozen(kw_only=True)
class InvoiceLine:
    """What one variant cost."""

    variant: VariantId
    #: As prices of variants are: without any fee, with included tax in it.
    amount: Money = attrs.field(validator=exact_numbers.money)
    per: InvoicedPer = attrs.field(default=InvoicedPer.UNIT, validator=choice_of(InvoicedPer))


_OF_LINES: Final = attrs.validators.deep_iterable(
    attrs.validators.instance_of(InvoiceLine), attrs.validators.instance_of(tuple)
)


@attrs.frozen(kw_only=True)
class SupplierInvoice:
    """What one supplier invoiced for the goods of one cycle."""

    #: Its number, say. An invoice with the same key takes its place.
    key: str = attrs.field(validator=attrs.validators.instance_of(str))
    supplier: EnterpriseId
    #: Its name on the bill of the customers, where an amount stands beside the prices.
    label: str = attrs.field(validator=attrs.validators.instance_of(str))
    #: What is not named keeps its price.
    lines: tuple[InvoiceLine, ...] = attrs.field(default=(), validator=_OF_LINES)
    #: For all of the supplier's goods, as prices are; None for what the lines come to.
    total: Money | None = attrs.field(default=None, validator=attrs.validators.optional(exact_numbers.money))


@attrs.frozen(kw_only=True)
class Delivered:
    """A line of a placed order, with goods of the supplier of an invoice."""

    order: Order
    line: OrderLine


def delivered(invoice: SupplierInvoice, orders: Iterable[Order]) -> tuple[Delivered, ...]:
    """Return what *orders*, which are placed, hold of the invoice's supplier; sorted by order and variant."""
    found = (Delivered(order=order, line=line) for order in orders for line in order.lines)
    of_supplier = (each for each in found if each.line.supplier == invoice.supplier)
    return tuple(sorted(of_supplier, key=lambda each: (each.order.id, each.line.variant)))


def invoice_problems(invoice: SupplierInvoice, goods: Sequence[Delivered]) -> Iterator[Problem]:
    """Yield why *invoice* cannot be passed on to those who ordered *goods*.

    Its key or label cannot be kept; an amount is below zero, or in another currency than an order; a variant is named
    twice, or nobody ordered any of it from this supplier; or nobody ordered anything from this supplier at all.
    """
    yield from text_problems("$.key", invoice.key, 1, LONGEST_ID)
    yield from text_problems("$.label", invoice.label, 1, LONGEST_REMARK)
    for path, amount in amounts_of(invoice):
        yield from _amount_problems(path, amount, goods)
    yield from _variant_problems(invoice, {each.line.variant for each in goods if each.line.quantity})


def amounts_of(invoice: SupplierInvoice) -> Iterator[tuple[str, Money]]:
    """Yield every amount of *invoice*, with its path."""
    for position, line in enumerate(invoice.lines):
        yield f"$.lines[{position}].amount", line.amount
    if invoice.total is not None:
        yield "$.total", invoice.total


def _amount_problems(path: str, amount: Money, goods: Iterable[Delivered]) -> Iterator[Problem]:
    if amount.minor < 0:
        yield problem(Code.BELOW_ZERO, path, found=amount)
    for expected in sorted({each.order.currency for each in goods} - {amount.currency}):
        yield problem(Code.OTHER_CURRENCY, path, found=amount.currency, expected=expected)


def _variant_problems(invoice: SupplierInvoice, ordered: set[VariantId]) -> Iterator[Problem]:
    """Yield what is named twice or was not ordered; of a supplier nobody ordered from, the supplier alone is told."""
    if not ordered and (invoice.lines or invoice.total is not None):
        yield problem(Code.NOTHING_OF_SUPPLIER, "$.supplier", supplier=invoice.supplier)
    first: dict[VariantId, str] = {}
    for position, line in enumerate(invoice.lines):
        path = f"$.lines[{position}].variant"
        if line.variant in first:
            yield problem(Code.DUPLICATE_ENTRY, path, id=line.variant, first=first[line.variant])
        elif ordered and line.variant not in ordered:
            yield problem(Code.INVOICED_NOT_ORDERED, path, goods=line.variant, supplier=invoice.supplier)
        first.setdefault(line.variant, path)
