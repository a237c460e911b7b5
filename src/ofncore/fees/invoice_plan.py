"""Orders of a cycle priced anew by what a supplier really invoiced, to the last minor unit.

Each variant gets one price in all orders, a whole number of minor units. Where an invoiced total is no multiple of the
quantity, the price is the nearest one, and what is then left, above or below zero, is shared over the orders by
largest remainder: by the quantity they have of the variant. What a total for all of the supplier's goods leaves beside
its lines is shared by the value of those goods. An order's part of what is left is an adjustment beside its prices,
one for each tax category of the goods, so that it is taxed as they are.

Source:
    FEE-14 (reprice to the supplier's invoice, cents conserved; reprice explicit, result a diff).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.fees.invoices import (
    Delivered,
    InvoicedFees,
    InvoicedPer,
    InvoiceLine,
    SupplierInvoice,
    delivered,
    invoice_problems,
)
from ofncore.fees.lives import with_lines
from ofncore.fees.manual import with_adjustment, without_adjustment
from ofncore.fees.tariff import Tariff, tariff_of
from ofncore.fees.taxing import with_taxes
from ofncore.fees.vouchers import with_voucher_again
from ofncore.kernel.choices import check_choice
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import AdjustmentId, OrderId, TaxCategoryId, VariantId, joined_id, split_id
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.order import ManualAdjustment, Order
from ofncore.model.voucher import Voucher

_SOURCE: Final = "invoice"
_NO_VOUCHERS: Final[Mapping[OrderId, Voucher]] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class InvoicedLine:
    """A line of an order, and what the invoice makes of it."""

    order: OrderId
    variant: VariantId
    quantity: int
    #: Price of one.
    before: Money
    after: Money
    #: What the order pays for it beside the new price.
    rest: Money

    @property
    def amount(self) -> Money:
        """What the order pays for it: the new price times the quantity, and the rest."""
        return self.after * self.quantity + self.rest


@attrs.frozen(kw_only=True)
class InvoicedOrder:
    """An order before and after an invoice."""

    before: Order
    after: Order
    lines: tuple[InvoicedLine, ...]

    @property
    def is_changed(self) -> bool:
        """Whether it is not as it was."""
        return self.after != self.before

    @property
    def difference(self) -> Money:
        """What there is more to pay, taxes and fees included; below zero for less."""
        return self.after.total - self.before.total


@attrs.frozen(kw_only=True)
class InvoicePlan:
    """What an invoice changes; its lines add up to it."""

    invoice: SupplierInvoice
    #: The placed orders with goods of the supplier, and those that an invoice of the same key had changed.
    orders: tuple[InvoicedOrder, ...] = attrs.field(repr=lambda orders: f"<{len(orders)} orders>")

    @property
    def lines(self) -> tuple[InvoicedLine, ...]:
        """All lines with goods of the supplier."""
        return tuple(line for each in self.orders for line in each.lines)

    @property
    def changed(self) -> tuple[InvoicedOrder, ...]:
        """The orders that are not as they were."""
        return tuple(each for each in self.orders if each.is_changed)


def plan_invoice(
    invoice: SupplierInvoice,
    orders: Iterable[Order],
    tariffs: Mapping[OrderId, Tariff],
    *,
    fees: InvoicedFees = InvoicedFees.FROZEN,
    vouchers: Mapping[OrderId, Voucher] = _NO_VOUCHERS,
) -> InvoicePlan | Refusal:
    """Decide what the *orders* of a cycle cost by what their supplier really invoiced.

    Orders that are not placed or were cancelled stay as they are (ORD-D7). *tariffs* has that of each placed order,
    with the tax rates of when it was placed: the taxes of an order with such goods are made anew by it. What its
    voucher takes off is computed again where the order changes: by its own of *vouchers*; of one that is not there the
    amount stays, as far as the order goes. The same invoice again changes nothing; a corrected one with the same key
    takes its place, but what it does not name any more keeps the price that it has by then.

    Percentages and limits of fees that follow look at the prices alone, not at what is left beside them. In who gets
    what, that is a manual adjustment: the supplier's.

    Returns:
        The plan, whose lines add up to the invoice. Or a refusal (see `invoice_problems`); also if an invoice with
        another key left something beside the prices of goods of the same tax category that this one is about.

    Raises:
        NotFoundError: a placed order has no tariff.
        ValueError: *fees* is none of `InvoicedFees`.
    """
    check_choice("fees", fees, InvoicedFees)
    placed = sorted((order for order in orders if order.is_placed), key=attrgetter("id"))
    goods = delivered(invoice, placed)
    refused = refusal_of((*invoice_problems(invoice, goods), *_other_invoices(invoice, goods)))
    if refused is not None:
        return refused
    lines = {key: tuple(found) for key, found in groupby(_invoiced(invoice, goods), key=attrgetter("order"))}
    planned: list[InvoicedOrder] = []
    for order in placed:
        of_order, tariff = lines.get(order.id, ()), tariff_of(order.id, tariffs)
        if of_order or any(_earlier(invoice, order)):
            after = _discounted(order, _charged(invoice, order, of_order, tariff, fees), vouchers.get(order.id), tariff)
            planned.append(InvoicedOrder(before=order, after=after, lines=of_order))
    return InvoicePlan(invoice=invoice, orders=tuple(planned))


# ---------------------------------------------------------------- prices, and what is left beside them


def _invoiced(invoice: SupplierInvoice, goods: Sequence[Delivered]) -> list[InvoicedLine]:
    named = {line.variant: line for line in invoice.lines}
    by_variant: dict[VariantId, list[Delivered]] = {}
    for each in goods:
        by_variant.setdefault(each.line.variant, []).append(each)
    found = [line for key, of_one in by_variant.items() for line in _invoiced_lines(named.get(key), of_one)]
    return _totalled(invoice.total, sorted(found, key=attrgetter("order", "variant")))


def _invoiced_lines(named: InvoiceLine | None, goods: Sequence[Delivered]) -> Iterator[InvoicedLine]:
    """Yield all lines of one variant as *named* by the invoice, or as they were."""
    if named is None or named.per is InvoicedPer.UNIT:
        yield from (_line(each, each.line.price if named is None else named.amount) for each in goods)
        return
    quantities = [each.line.quantity for each in goods]
    price = Money(round_fraction(Fraction(named.amount.minor, sum(quantities))), named.amount.currency)
    rests = (named.amount - price * sum(quantities)).share(quantities)
    yield from (_line(each, price, rest) for each, rest in zip(goods, rests, strict=True))


def _line(goods: Delivered, price: Money, rest: Money | None = None) -> InvoicedLine:
    line = goods.line
    return InvoicedLine(
        order=goods.order.id,
        variant=line.variant,
        quantity=line.quantity,
        before=line.price,
        after=price,
        rest=rest or Money.zero(price.currency),
    )


def _totalled(total: Money | None, lines: list[InvoicedLine]) -> list[InvoicedLine]:
    """Share what *lines* lack of *total* by what they come to; by their quantities if that is nothing."""
    if total is None:
        return lines
    values = [max(line.amount.minor, 0) for line in lines]
    weights = values if any(values) else [line.quantity for line in lines]
    lacking = total - Money.total((line.amount for line in lines), total.currency)
    parts = zip(lines, lacking.share(weights), strict=True)
    return [attrs.evolve(line, rest=line.rest + part) for line, part in parts]


# ---------------------------------------------------------------- an order after the invoice


def _charged(
    invoice: SupplierInvoice, order: Order, lines: tuple[InvoicedLine, ...], tariff: Tariff, fees: InvoicedFees
) -> Order:
    after = _priced(order, {line.variant: line.after for line in lines}, tariff, fees)
    wanted = tuple(_adjustments(invoice, order, lines))
    for key in set(_earlier(invoice, order)) - {each.id for each in wanted}:
        after = without_adjustment(after, key, tariff.terms)
    for adjustment in wanted:
        after = with_adjustment(after, adjustment, tariff.terms)
    return after


def _discounted(before: Order, after: Order, voucher: Voucher | None, tariff: Tariff) -> Order:
    # A voucher that was computed by other rules must not make a change of an order that has none.
    return after if after == before else with_voucher_again(after, voucher, tariff.terms.profile)


def _priced(order: Order, prices: Mapping[VariantId, Money], tariff: Tariff, fees: InvoicedFees) -> Order:
    lines = tuple(attrs.evolve(line, price=prices.get(line.variant, line.price)) for line in order.lines)
    if fees is InvoicedFees.FOLLOWED:
        return with_lines(order, lines, tariff)
    return with_taxes(attrs.evolve(order, lines=lines), tariff.terms)


def _adjustments(invoice: SupplierInvoice, order: Order, lines: Iterable[InvoicedLine]) -> Iterator[ManualAdjustment]:
    """Yield what is left beside the prices, for each tax category of the goods."""
    categories = {line.variant: line.tax_category for line in order.lines}
    rests: dict[TaxCategoryId | None, Money] = {}
    for line in lines:
        category = categories[line.variant]
        rests[category] = rests.get(category, Money.zero(order.currency)) + line.rest
    for category in sorted(rests, key=lambda each: each or ""):
        if rests[category]:
            key = AdjustmentId(joined_id(*_source(invoice, order), *(() if category is None else (category,))))
            yield ManualAdjustment(
                id=key,
                label=invoice.label,
                amount=rests[category],
                enterprise=invoice.supplier,
                tax_category=category,
            )


def _earlier(invoice: SupplierInvoice, order: Order) -> Iterator[AdjustmentId]:
    """Yield the adjustments that an invoice of the same key set on *order*."""
    source = joined_id(*_source(invoice, order))
    return (each.id for each in order.adjustments if each.id == source or each.id.startswith(source + "/"))


def _other_invoices(invoice: SupplierInvoice, goods: Iterable[Delivered]) -> Iterator[Problem]:
    """Yield each other invoice of the supplier with something left beside the prices of what *invoice* is about.

    What is left is kept for each tax category, so another variant of the same category is taken for the same goods.
    """
    named = {line.variant for line in invoice.lines}
    meant = [each for each in goods if invoice.total is not None or each.line.variant in named]
    for key in sorted({key for each in meant for key in _keys_beside(each)} - {invoice.key}):
        yield problem(Code.INVOICED_ALREADY, "$.key", key=key, supplier=invoice.supplier)


def _keys_beside(goods: Delivered) -> Iterator[str]:
    source = joined_id(_SOURCE, goods.order.id) + "/"
    for each in goods.order.adjustments:
        is_invoiced = each.id.startswith(source) and each.enterprise == goods.line.supplier
        if is_invoiced and each.tax_category == goods.line.tax_category:
            yield split_id(each.id)[2]


def _source(invoice: SupplierInvoice, order: Order) -> tuple[str, ...]:
    return _SOURCE, order.id, invoice.key
