"""Explanations: where each amount of a price or of an order comes from, as data.

Their text is made by `ofncore.fees.explain_words`.

Source:
    FEE-13.10 (every fee has its own row), FEE-14 (base, rate, unrounded and rounded amount, tax).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.fees.assessment import chargeable_of
from ofncore.fees.bills import Bill
from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, FlexiRate, PerItem, PriceSack, Weight
from ofncore.fees.charging import charged_minor, price_minor
from ofncore.fees.price_book import FeeShare, Price
from ofncore.fees.tax_labels import voucher_label
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import FeeCharge, Order, OrderLine, TaxCharge
from ofncore.model.product import Variant

_NO_VARIANTS: Final[Mapping[VariantId, Variant]] = MappingProxyType({})
_HUNDRED: Final = 100


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
class Reason:
    """How a calculator came to an amount."""

    calculator: Calculator
    #: What it looked at: money for a percentage or a limit, a number of items, or a weight in kg. None if nothing.
    base: Money | Fraction | int | None
    #: In percent of a base of money; in major units for each item, kilogram or pound; None for anything else.
    rate: Decimal | None
    #: Before any rounding, in minor units.
    unrounded: Fraction


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
    #: None where the terms are not known, or are others by now than those that gave the amount.
    reason: Reason | None = None
    #: The line it belongs to; None for what is charged on the order.
    variant: VariantId | None = None
    #: Of goods: how many, and the price of one.
    quantity: int | None = None
    unit_price: Money | None = None
    #: Of fees.
    fee_type: FeeType | None = None
    role: FeeRole | None = None
    exchange: EnterpriseId | None = None


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
    line = chargeable_line(variant, price=price_minor(price.price, terms), quantity=1, rule=terms.profile.weight_rule)
    explain = _Explainer(terms=terms)
    goods = ExplainedRow(
        kind=RowKind.GOODS,
        label=name or variant.name or variant.id,
        enterprise=variant.supplier,
        amount=price.price,
        taxes=price.taxes,
        variant=variant.id,
        quantity=1,
        unit_price=price.price,
    )
    fees = (explain.share(share, line, variant) for share in price.fees)
    return Explanation(currency=price.price.currency, rows=(goods, *fees))


def explain_order(
    bill: Bill | Order,
    *,
    terms: PricingTerms | None = None,
    variants: Mapping[VariantId, Variant] = _NO_VARIANTS,
    shipping: ShippingMethod | None = None,
    payment: PaymentMethod | None = None,
) -> Explanation:
    """Return where the total of an order comes from.

    An order keeps amounts, not how they were reached. With the *terms*, *variants* and methods it was charged by, the
    rows tell that too, wherever they still give the very amount.
    """
    whole = bill if isinstance(bill, Bill) else Bill(order=bill)
    explain = _Explainer(terms=terms, variants=variants)
    order = whole.order
    rows = [row for line in order.lines for row in explain.line(line)]
    chargeable = explain.chargeable(order.lines)
    rows += [explain.fee(fee, chargeable, None) for fee in order.fees]
    rows += explain.methods(order, chargeable, shipping, payment)
    return Explanation(currency=order.currency, rows=(*rows, *_beside(whole)))


def explain_line(
    line: OrderLine, *, terms: PricingTerms | None = None, variants: Mapping[VariantId, Variant] = _NO_VARIANTS
) -> Explanation:
    """Return where the amount of one line comes from; see `explain_order`."""
    rows = tuple(_Explainer(terms=terms, variants=variants).line(line))
    return Explanation(currency=line.price.currency, rows=rows)


def _beside(bill: Bill) -> Iterator[ExplainedRow]:
    for adjustment in bill.adjustments:
        yield ExplainedRow(
            kind=RowKind.ADJUSTMENT,
            label=adjustment.label,
            enterprise=bill.order.distributor,
            amount=adjustment.amount,
            taxes=adjustment.taxes,
        )
    if bill.discount is not None:
        for charge in bill.discount.charges:
            yield ExplainedRow(
                kind=RowKind.DISCOUNT,
                label=voucher_label(bill.discount, charge),
                enterprise=bill.order.distributor,
                amount=charge.amount,
            )


@attrs.frozen(kw_only=True)
class _Explainer:
    """Makes rows, with their reasons where the terms are known."""

    terms: PricingTerms | None
    variants: Mapping[VariantId, Variant] = _NO_VARIANTS

    def chargeable(self, lines: Iterable[OrderLine]) -> list[ChargeableLine] | None:
        """Return what calculators look at, or None if that is not known."""
        listed = list(lines)
        if self.terms is None or any(line.variant not in self.variants for line in listed):
            return None
        return [chargeable_of(line, self.variants, self.terms) for line in listed]

    def share(self, share: FeeShare, line: ChargeableLine, variant: Variant) -> ExplainedRow:
        """Return the row of a fee in the price of one unit."""
        terms = self.terms
        fee = None if terms is None else terms.fees.get(share.fee)
        taxes = () if fee is None or terms is None else terms.fee_taxes(share.amount, fee, variant.tax_category)
        charge = FeeCharge(
            fee=share.fee,
            name=share.name,
            fee_type=share.fee_type,
            role=share.role,
            enterprise=share.enterprise,
            exchange=share.exchange,
            amount=share.amount,
            taxes=taxes,
        )
        return self.fee(charge, [line], variant.id)

    def line(self, line: OrderLine) -> Iterator[ExplainedRow]:
        """Yield the rows of one line: goods and fees."""
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
        chargeable = self.chargeable([line])
        yield from (self.fee(fee, chargeable, line.variant) for fee in line.fees)

    def fee(self, charge: FeeCharge, lines: Sequence[ChargeableLine] | None, variant: VariantId | None) -> ExplainedRow:
        """Return the row of a fee on a line or on the order."""
        fee = None if self.terms is None else self.terms.fees.get(charge.fee)
        return ExplainedRow(
            kind=RowKind.FEE,
            label=charge.name,
            enterprise=charge.enterprise,
            amount=charge.amount,
            taxes=charge.taxes,
            reason=None if fee is None else self._reason(fee.calculator, lines, charge.amount),
            variant=variant,
            fee_type=charge.fee_type,
            role=charge.role,
            exchange=charge.exchange,
        )

    def methods(
        self,
        order: Order,
        lines: Sequence[ChargeableLine] | None,
        shipping: ShippingMethod | None,
        payment: PaymentMethod | None,
    ) -> Iterator[ExplainedRow]:
        """Yield the rows of shipping and payment."""
        yield ExplainedRow(
            kind=RowKind.SHIPPING,
            label=order.shipping.name,
            enterprise=order.distributor,
            amount=order.shipping.amount,
            taxes=order.shipping.taxes,
            reason=None if shipping is None else self._reason(shipping.calculator, lines, order.shipping.amount),
        )
        yield ExplainedRow(
            kind=RowKind.PAYMENT,
            label=order.payment.name,
            enterprise=order.distributor,
            amount=order.payment.amount,
            reason=None if payment is None else self._reason(payment.calculator, lines, order.payment.amount),
        )

    def _reason(self, calculator: Calculator, lines: Sequence[ChargeableLine] | None, amount: Money) -> Reason | None:
        if self.terms is None or lines is None or charged_minor(calculator, lines, self.terms) != amount.minor:
            return None
        return _reason(calculator, lines, self.terms)


def _reason(calculator: Calculator, lines: Sequence[ChargeableLine], terms: PricingTerms) -> Reason:
    items = sum(line.quantity for line in lines)
    total = Money(sum(int(line.price) * line.quantity for line in lines), terms.currency)
    exact = calculator.charge(lines, minor_per_unit=terms.minor_per_unit)
    base: Money | Fraction | int | None = None
    rate: Decimal | None = None
    match calculator:
        case FlatPercentPerItem(flat_percent=rate):
            base = total
            # The rule rounds for one unit; this is what it would be without.
            exact = total.minor * Fraction(rate) / _HUNDRED
        case FlatPercentItemTotal(flat_percent=rate):
            base = total
        case PerItem(amount=rate):
            base = items
            exact = Fraction(rate) * terms.minor_per_unit * items
        case Weight(per_unit=rate):
            base = sum((line.weight_kg for line in lines), Fraction())
        case FlexiRate():
            base = items
        case PriceSack():
            base = total
    return Reason(calculator=calculator, base=base, rate=rate, unrounded=exact)
