"""Explanations: where each amount of a price or of an order comes from, as data.

Their text is made by `ofncore.fees.explain_words`.

Source:
    FEE-10 (vouchers), FEE-13.10 (every fee has its own row), FEE-14 (base, rate, unrounded and rounded amount, tax).
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

import attrs

from ofncore.fees.assessment import chargeable_of
from ofncore.fees.charges import PricedLine, seen_by, with_terms_of
from ofncore.fees.price_book import FeeShare, Price
from ofncore.fees.reasons import DiscountReason, Reason, discount_reasons, fee_reason, method_reason
from ofncore.fees.tax_labels import voucher_label
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import PRODUCT
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import FeeCharge, Order, OrderLine, PaymentCharge, ShippingCharge, TaxCharge
from ofncore.model.product import Variant
from ofncore.model.voucher import Voucher

_NO_VARIANTS: Final[Mapping[VariantId, Variant]] = MappingProxyType({})


class RowKind(StrEnum):
    """What a row of an explanation is about."""

    #: Items at the producer's price.
    GOODS = "goods"
    FEE = "fee"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    DISCOUNT = "discount"


@attrs.frozen(kw_only=True)
class ExplainedRow:
    """One amount, whose it is and why."""

    kind: RowKind
    #: Name of the product, fee, method, adjustment or voucher.
    label: str
    #: Who gets it; of a discount, who gives it.
    enterprise: EnterpriseId
    amount: Money
    #: Taxes on `amount`.
    taxes: tuple[TaxCharge, ...] = ()
    #: Of fees and methods; None where the terms are not known, or are others by now than those that gave the amount.
    reason: Reason | None = None
    #: Of discounts; None where what it was taken off is other by now.
    discounted: DiscountReason | None = None
    #: The line it belongs to; None for what is charged on the order.
    variant: VariantId | None = None
    #: Of goods: how many, and the price of one.
    quantity: int | None = None
    unit_price: Money | None = None
    #: Of fees.
    fee_type: FeeType | None = None
    role: FeeRole | None = None
    exchange: EnterpriseId | None = None
    #: Of a fee that is charged once for each supplier: whose goods it is on.
    supplier: EnterpriseId | None = None


@attrs.frozen(kw_only=True)
class Explanation:
    """All rows of a price or of an order; they and the tax added to them are its total."""

    currency: str
    rows: tuple[ExplainedRow, ...]

    @property
    def subtotal(self) -> Money:
        """All rows, without added tax. For a price it is what the shop shows."""
        return Money.total((row.amount for row in self.rows), self.currency)

    @property
    def added_tax(self) -> Money:
        """The tax added to the rows."""
        taxes = (tax for row in self.rows for tax in row.taxes if not tax.included)
        return Money.total((tax.amount for tax in taxes), self.currency)

    @property
    def total(self) -> Money:
        """What there is to pay."""
        return self.subtotal + self.added_tax


def explain_price(price: Price, terms: PricingTerms, variant: Variant, name: str = "") -> Explanation:
    """Return where the price of one unit comes from; *name* is what *variant* is called, by default its own name.

    The taxes of fees are told too, although the price in the shop does not hold those that are added.

    Raises:
        CurrencyMismatchError: the price is in another currency than the distributor's.
    """
    line = OrderLine(
        variant=variant.id,
        supplier=variant.supplier,
        product_name=name or variant.name or variant.id,
        quantity=1,
        price=price.price,
        tax_category=variant.tax_category,
        fees=tuple(_unit_charge(share, terms, variant) for share in price.fees),
        taxes=price.taxes,
    )
    return explain_line(line, terms=terms, variants={variant.id: variant})


def explain_line(
    line: OrderLine, *, terms: PricingTerms | None = None, variants: Mapping[VariantId, Variant] = _NO_VARIANTS
) -> Explanation:
    """Return where the amount of one line comes from; see `explain_order`."""
    rows = _line_rows(line, _Seen.of([line], terms, variants))
    return Explanation(currency=line.price.currency, rows=tuple(rows))


def explain_order(
    order: Order,
    *,
    terms: PricingTerms | None = None,
    variants: Mapping[VariantId, Variant] = _NO_VARIANTS,
    voucher: Voucher | None = None,
) -> Explanation:
    """Return where the total of an order comes from.

    An order keeps what its charges were reached by. With *terms*, for their currency and profile, and the *variants* of
    all lines, for their weights, the rows tell that too, wherever it still gives the very amount. With the *voucher* it
    has, the rows of discounts tell whether that is a percentage or an amount.
    """
    seen = _Seen.of(order.lines, None if terms is None else terms.rounded_by(order.rounding), variants)
    rows = [row for line in order.lines for row in _line_rows(line, seen)]
    rows += (_fee_row(fee, None if seen is None else seen.order_fee(fee)) for fee in order.fees)
    rows += [*_method_rows(order, seen), *_adjustment_rows(order)]
    reasons = discount_reasons(order, voucher, PRODUCT if terms is None else terms.profile)
    return Explanation(currency=order.currency, rows=(*rows, *_discount_rows(order, reasons)))


@attrs.frozen
class _Seen:
    """What calculators look at."""

    terms: PricingTerms
    parts: Mapping[VariantId, PricedLine]

    @classmethod
    def of(
        cls, lines: Iterable[OrderLine], terms: PricingTerms | None, variants: Mapping[VariantId, Variant]
    ) -> Self | None:
        """Return what is seen of *lines*, or None if that is not known."""
        listed = list(lines)
        if terms is None or any(line.variant not in variants for line in listed):
            return None
        return cls(terms, {line.variant: PricedLine(line, chargeable_of(line, variants, terms)) for line in listed})

    def line_fee(self, charge: FeeCharge, variant: VariantId) -> Reason | None:
        """Return why a fee on the line of *variant* is what it is."""
        return fee_reason(charge, [self.parts[variant].seen(charge.base, self.terms)], self.terms)

    def order_fee(self, charge: FeeCharge) -> Reason | None:
        """Return why a fee on the order is what it is."""
        return fee_reason(charge, seen_by(charge, self.parts.values(), self.terms), self.terms)

    def method(self, charge: ShippingCharge | PaymentCharge) -> Reason | None:
        """Return why shipping or payment costs what it does."""
        return method_reason(charge, [part.chargeable for part in self.parts.values()], self.terms)


def _unit_charge(share: FeeShare, terms: PricingTerms, variant: Variant) -> FeeCharge:
    charge = FeeCharge(
        fee=share.fee,
        name=share.name,
        fee_type=share.fee_type,
        role=share.role,
        enterprise=share.enterprise,
        exchange=share.exchange,
        amount=share.amount,
    )
    fee = terms.fees.get(share.fee)
    if fee is None:
        return charge
    known = with_terms_of(charge, fee, variant.tax_category)
    return attrs.evolve(known, taxes=terms.charge_taxes(known))


# ---------------------------------------------------------------- rows


def _line_rows(line: OrderLine, seen: _Seen | None) -> Iterator[ExplainedRow]:
    yield ExplainedRow(
        kind=RowKind.GOODS,
        label=" ".join(filter(None, (line.product_name, line.variant_name))),
        enterprise=line.supplier,
        amount=line.amount,
        taxes=line.taxes,
        variant=line.variant,
        quantity=line.quantity,
        unit_price=line.price,
    )
    for fee in line.fees:
        reason = None if seen is None else seen.line_fee(fee, line.variant)
        yield attrs.evolve(_fee_row(fee, reason), variant=line.variant)


def _fee_row(fee: FeeCharge, reason: Reason | None) -> ExplainedRow:
    return ExplainedRow(
        kind=RowKind.FEE,
        label=fee.name,
        enterprise=fee.enterprise,
        amount=fee.amount,
        taxes=fee.taxes,
        reason=reason,
        fee_type=fee.fee_type,
        role=fee.role,
        exchange=fee.exchange,
        supplier=fee.supplier,
    )


def _method_rows(order: Order, seen: _Seen | None) -> Iterator[ExplainedRow]:
    yield attrs.evolve(_method_row(RowKind.SHIPPING, order.shipping, order, seen), taxes=order.shipping.taxes)
    yield _method_row(RowKind.PAYMENT, order.payment, order, seen)


def _method_row(
    kind: RowKind, charge: ShippingCharge | PaymentCharge, order: Order, seen: _Seen | None
) -> ExplainedRow:
    return ExplainedRow(
        kind=kind,
        label=charge.name,
        enterprise=order.distributor,
        amount=charge.amount,
        reason=None if seen is None else seen.method(charge),
    )


def _adjustment_rows(order: Order) -> Iterator[ExplainedRow]:
    for adjustment in order.adjustments:
        yield ExplainedRow(
            kind=RowKind.ADJUSTMENT,
            label=adjustment.label,
            enterprise=adjustment.enterprise or order.distributor,
            amount=adjustment.amount,
            taxes=adjustment.taxes,
        )


def _discount_rows(order: Order, reasons: Iterable[DiscountReason | None]) -> Iterator[ExplainedRow]:
    for discount, reason in zip(order.discounts, reasons, strict=True):
        yield ExplainedRow(
            kind=RowKind.DISCOUNT,
            label=voucher_label(discount),
            enterprise=order.distributor,
            amount=discount.amount,
            discounted=reason,
        )
