"""The adjustments of an order: all that is charged or taken off beside its items, as one flat list.

Each has an id made of facts: the order, what it is on, the fee with its place, the tax rate, the voucher. So it is the
same adjustment after the order was computed again, and two states of an order can be compared one by one. What each is
called is told by `ofncore.fees.labels`.

Source:
    FEE-7, FEE-8, FEE-9, FEE-10 (records), FEE-14 (keep exchange, beneficiary and payer).
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from ofncore.fees.charge_keys import keyed
from ofncore.kernel.ids import CustomerId, EnterpriseId, VariantId, joined_id
from ofncore.kernel.money import Money
from ofncore.model.order import (
    Discount,
    FeeCharge,
    ManualAdjustment,
    Order,
    OrderLine,
    PaymentCharge,
    ShippingCharge,
    TaxCharge,
)

#: What an adjustment is made of.
Source = FeeCharge | TaxCharge | ShippingCharge | PaymentCharge | ManualAdjustment | Discount


class AdjustmentKind(StrEnum):
    """What an adjustment is."""

    FEE = "fee"
    TAX = "tax"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    VOUCHER = "voucher"
    MANUAL = "manual"


@attrs.frozen(kw_only=True)
class Adjustment:
    """One amount of an order beside its items."""

    #: Unique among all orders; the same for the same facts.
    id: str
    kind: AdjustmentKind
    #: Tax inside it included; zero or less for what is taken off.
    amount: Money
    #: Inside another amount already; otherwise it is part of the order's total.
    included: bool = False
    payer: CustomerId
    #: Who gets it; of a voucher, who gives it.
    beneficiary: EnterpriseId
    #: The line it is on, itself or by a fee; None for what is on the order.
    line: OrderLine | None = None
    source: Source

    @property
    def variant(self) -> VariantId | None:
        """The variant of its line."""
        return None if self.line is None else self.line.variant


def adjustments_of(order: Order) -> tuple[Adjustment, ...]:
    """Return the adjustments of *order*: line by line, each with its taxes, then those of the order.

    Those that are not included and the items add up to the order's total. Adjustments of zero are told too.
    """
    return tuple(_adjustments(order))


def _adjustments(order: Order) -> Iterator[Adjustment]:
    for line in order.lines:
        on = _On(order=order, line=line, place=("line", line.variant))
        yield from on.taxes(line.taxes, line.supplier)
        yield from on.fees(line.fees)
    whole = _On(order=order, place=("order",))
    yield from whole.fees(order.fees)
    yield from whole.one(order.shipping, AdjustmentKind.SHIPPING, order.shipping.method, taxes=order.shipping.taxes)
    yield from whole.one(order.payment, AdjustmentKind.PAYMENT, order.payment.method)
    for each in order.adjustments:
        yield from whole.one(each, AdjustmentKind.MANUAL, each.id, owner=each.enterprise, taxes=each.taxes)
    for discount in order.discounts:
        part = "tax" if discount.is_tax_part else "net"
        yield from whole.one(discount, AdjustmentKind.VOUCHER, discount.code, part)


@attrs.frozen(kw_only=True)
class _On:
    """What adjustments are on: a line, or the order."""

    order: Order
    line: OrderLine | None = None
    #: The first facts of every id here.
    place: tuple[str, ...]

    def fees(self, charges: Iterable[FeeCharge]) -> Iterator[Adjustment]:
        for key, charge in keyed(charges):
            facts = tuple("" if fact is None else str(fact) for fact in key)
            yield self._made(charge, AdjustmentKind.FEE, facts, charge.enterprise)
            yield from self.taxes(charge.taxes, charge.enterprise, AdjustmentKind.FEE, *facts)

    def one(
        self,
        source: ShippingCharge | PaymentCharge | ManualAdjustment | Discount,
        kind: AdjustmentKind,
        *facts: str,
        owner: EnterpriseId | None = None,
        taxes: Iterable[TaxCharge] = (),
    ) -> Iterator[Adjustment]:
        """Yield what *owner* gets, or the distributor, and the taxes on it."""
        beneficiary = owner or self.order.distributor
        yield self._made(source, kind, facts, beneficiary)
        yield from self.taxes(taxes, beneficiary, kind, *facts)

    def taxes(self, charges: Iterable[TaxCharge], owner: EnterpriseId, *facts: str) -> Iterator[Adjustment]:
        for charge in charges:
            yield self._made(charge, AdjustmentKind.TAX, (*facts, charge.rate), owner)

    def _made(self, source: Source, kind: AdjustmentKind, facts: Iterable[str], owner: EnterpriseId) -> Adjustment:
        return Adjustment(
            id=joined_id(self.order.id, *self.place, kind, *facts),
            kind=kind,
            amount=source.amount,
            included=isinstance(source, TaxCharge) and source.included,
            payer=self.order.customer,
            beneficiary=owner,
            line=self.line,
            source=source,
        )
