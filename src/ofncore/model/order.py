"""Orders, their lines, and the charges on them.

All amounts of an order are in its one currency. What was known when the order was placed (names, prices, tax
categories, charges) is kept on it.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.actors import Actor
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import (
    AdjustmentId,
    CustomerId,
    EnterpriseId,
    FeeId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ShippingMethodId,
    SubscriptionId,
    TaxCategoryId,
    TaxRateId,
    TaxZoneId,
    VariantId,
)
from ofncore.kernel.instants import as_instant, optional_instant
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.calculator import Calculator
from ofncore.model.fee import FeeBase, FeeRole, FeeType


class OrderState(StrEnum):
    """The one lifecycle state of an order (ORD-5)."""

    DRAFT = "draft"
    RECEIVED = "received"
    AWAITING_PAYMENT = "awaiting_payment"
    PROCESSING = "processing"
    READY = "ready"
    SHIPPED = "shipped"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    RETURN_PENDING = "return_pending"
    RETURNED = "returned"

    @property
    def is_placed(self) -> bool:
        """An order in it was placed and not cancelled; it counts in summaries and reports (ORD-D7)."""
        return self not in (OrderState.DRAFT, OrderState.CANCELLED)


_CHANGEABLE: Final = (OrderState.RECEIVED, OrderState.AWAITING_PAYMENT, OrderState.PROCESSING, OrderState.READY)


class Channel(StrEnum):
    """How an order came in (ORD-B1)."""

    WEB = "web"
    STAFF = "staff"
    PHONE = "phone"
    MARKET = "market"
    IMPORT = "import"
    SUBSCRIPTION = "subscription"


@attrs.frozen(kw_only=True)
class TaxCharge:
    """One tax on one taxed amount (FEE-8)."""

    rate: TaxRateId
    #: Name of the rate when it was charged.
    name: str
    amount: Money = attrs.field(validator=exact_numbers.money)
    #: Inside the taxed amount already; otherwise it adds to the total.
    included: bool
    #: What rounding took away: the exact tax less `amount`, in minor units.
    remainder: Fraction = attrs.field(default=Fraction(), validator=exact_numbers.fraction)


@attrs.frozen(kw_only=True)
class FeeCharge:
    """One fee on one line or on the order: who gets how much, and why (FEE-7)."""

    fee: FeeId
    #: Name of the fee when it was charged.
    name: str
    fee_type: FeeType = attrs.field(validator=choice_of(FeeType))
    role: FeeRole = attrs.field(validator=choice_of(FeeRole))
    #: Who owns the fee and gets the money.
    enterprise: EnterpriseId
    #: Supplier or distributor of the exchange it came by; None for coordinator fees.
    exchange: EnterpriseId | None = None
    #: Whose goods it was charged on, if it is charged once for each supplier.
    supplier: EnterpriseId | None = None
    amount: Money = attrs.field(validator=exact_numbers.money)
    taxes: tuple[TaxCharge, ...] = ()
    #: What it is taxed by.
    tax_category: TaxCategoryId | None = None
    #: The terms that gave `amount`; None where they are not known, and the amount then never changes (FEE-13.16).
    calculator: Calculator | None = None
    base: FeeBase = attrs.field(default=FeeBase.PRODUCER_PRICE, validator=choice_of(FeeBase))
    at_least: Decimal | None = attrs.field(default=None, validator=exact_numbers.finite)
    at_most: Decimal | None = attrs.field(default=None, validator=exact_numbers.finite)
    #: What rounding took away: the exact fee less `amount`, in minor units.
    remainder: Fraction = attrs.field(default=Fraction(), validator=exact_numbers.fraction)


@attrs.frozen(kw_only=True)
class OrderLine:
    """So much of one variant. There is one line for each variant of an order."""

    variant: VariantId
    supplier: EnterpriseId
    product_name: str
    variant_name: str = ""
    quantity: int = attrs.field(validator=exact_numbers.count)
    #: What was asked for, where stock did not cover it.
    wanted: int = attrs.field(default=attrs.Factory(lambda line: line.quantity, takes_self=True))
    #: Price of one, without fees.
    price: Money = attrs.field(validator=exact_numbers.money)
    #: What the whole line was found to be, in grams, litres or pieces; None if nobody measured it (FEE-3).
    final_weight: Decimal | None = attrs.field(default=None, validator=exact_numbers.not_negative)
    tax_category: TaxCategoryId | None = None
    #: Fees charged per item, for the whole quantity.
    fees: tuple[FeeCharge, ...] = ()
    #: Taxes on `amount`.
    taxes: tuple[TaxCharge, ...] = ()

    @property
    def amount(self) -> Money:
        """Price times quantity, without fees."""
        return self.price * self.quantity

    @property
    def fee_amount(self) -> Money:
        """All fees of the line."""
        return Money.total((fee.amount for fee in self.fees), self.price.currency)


@attrs.frozen(kw_only=True)
class ShippingCharge:
    """The chosen way to the customer and what it costs."""

    method: ShippingMethodId
    name: str
    amount: Money = attrs.field(validator=exact_numbers.money)
    taxes: tuple[TaxCharge, ...] = ()
    tax_category: TaxCategoryId | None = None
    #: The terms that gave `amount`; None where they are not known, and the amount then never changes.
    calculator: Calculator | None = None
    #: What rounding took away: the exact charge less `amount`, in minor units.
    remainder: Fraction = attrs.field(default=Fraction(), validator=exact_numbers.fraction)


@attrs.frozen(kw_only=True)
class PaymentCharge:
    """The chosen way to pay and what it costs. Never taxed (FEE-8)."""

    method: PaymentMethodId
    name: str
    amount: Money = attrs.field(validator=exact_numbers.money)
    #: The terms that gave `amount`; None where they are not known, and the amount then never changes.
    calculator: Calculator | None = None
    #: What rounding took away: the exact charge less `amount`, in minor units.
    remainder: Fraction = attrs.field(default=Fraction(), validator=exact_numbers.fraction)


@attrs.frozen(kw_only=True)
class ManualAdjustment:
    """An amount that staff set on an order, below zero for less to pay (FEE-8)."""

    id: AdjustmentId
    label: str
    amount: Money = attrs.field(validator=exact_numbers.money)
    #: Who gets it, such as the supplier whose invoice it comes from; None for the distributor.
    enterprise: EnterpriseId | None = None
    tax_category: TaxCategoryId | None = None
    taxes: tuple[TaxCharge, ...] = ()


@attrs.frozen(kw_only=True)
class Discount:
    """What a voucher takes off an order: one amount, or two where tax is added and its part stands apart (FEE-10)."""

    #: Code of the voucher.
    code: str
    #: The part of the order that is taken off, from 0 to 1; not rounded.
    rate: Fraction = attrs.field(validator=exact_numbers.fraction)
    #: Zero or less.
    amount: Money = attrs.field(validator=exact_numbers.money)
    #: The included tax inside `amount`; zero or less.
    included_tax: Money = attrs.field(validator=exact_numbers.money)
    #: Taken off added tax; otherwise off everything else.
    is_tax_part: bool = False


@attrs.frozen(kw_only=True)
class Order:
    """What one customer buys of one distributor in one cycle."""

    id: OrderId
    #: For people: unique, checkable, told on the phone (ORD-7).
    code: str
    state: OrderState = attrs.field(validator=choice_of(OrderState))
    customer: CustomerId
    distributor: EnterpriseId
    order_cycle: OrderCycleId
    currency: str
    lines: tuple[OrderLine, ...]
    #: Fees charged once for the order.
    fees: tuple[FeeCharge, ...] = ()
    shipping: ShippingCharge
    payment: PaymentCharge
    #: Set by staff, in the order in which they were set.
    adjustments: tuple[ManualAdjustment, ...] = ()
    #: What its voucher takes off: none, one or two.
    discounts: tuple[Discount, ...] = ()
    #: Where it is taxed; None if no zone is known.
    tax_zone: TaxZoneId | None = None
    #: How its amounts were rounded.
    rounding: RoundingPolicy = attrs.field(default=RoundingPolicy.PER_UNIT, validator=choice_of(RoundingPolicy))
    #: Name of the profile that gave its amounts.
    profile: str = "product"
    channel: Channel = attrs.field(validator=choice_of(Channel))
    #: Who placed it, which need not be the customer (ORD-B1).
    placed_by: Actor
    placed_at: datetime = attrs.field(converter=as_instant)
    #: The subscription it was placed for.
    subscription: SubscriptionId | None = None
    comment: str = ""
    #: Why staff placed it although the window was closed (ORD-B5).
    override_reason: str | None = None
    cancelled_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: When it was really placed, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: When staff last priced it anew: it keeps the terms of then, otherwise those of its placing.
    repriced_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    version: int = 0

    @property
    def terms_at(self) -> datetime:
        """As of when its terms are: when staff last priced it anew, otherwise when it was placed (FEE-7)."""
        return self.repriced_at or self.placed_at

    @property
    def item_total(self) -> Money:
        """All lines without fees (ORD-O10)."""
        return Money.total((line.amount for line in self.lines), self.currency)

    def fee_charges(self) -> Iterator[FeeCharge]:
        """Every fee charged, on lines and on the order."""
        for line in self.lines:
            yield from line.fees
        yield from self.fees

    def tax_charges(self) -> Iterator[TaxCharge]:
        """Every tax charged, on lines, fees, shipping and adjustments."""
        for line in self.lines:
            yield from line.taxes
        for fee in self.fee_charges():
            yield from fee.taxes
        yield from self.shipping.taxes
        for adjustment in self.adjustments:
            yield from adjustment.taxes

    @property
    def fee_total(self) -> Money:
        """All enterprise fees."""
        return Money.total((fee.amount for fee in self.fee_charges()), self.currency)

    @property
    def adjustment_total(self) -> Money:
        """All that staff set on it."""
        return Money.total((each.amount for each in self.adjustments), self.currency)

    @property
    def discount_total(self) -> Money:
        """All that its voucher takes off; zero or less."""
        return Money.total((each.amount for each in self.discounts), self.currency)

    @property
    def included_tax_total(self) -> Money:
        """Tax inside prices, before the voucher."""
        return Money.total((tax.amount for tax in self.tax_charges() if tax.included), self.currency)

    @property
    def added_tax_total(self) -> Money:
        """Tax on top of prices; part of the total. Before the voucher."""
        return Money.total((tax.amount for tax in self.tax_charges() if not tax.included), self.currency)

    @property
    def total(self) -> Money:
        """What there is to pay: items, fees, shipping, payment fee, added tax, adjustments, voucher (ORD-O10)."""
        charged = self.item_total + self.fee_total + self.shipping.amount + self.payment.amount
        return charged + self.added_tax_total + self.adjustment_total + self.discount_total

    def line_of(self, variant: VariantId) -> OrderLine | None:
        """The line of *variant*, if there is one."""
        return next((line for line in self.lines if line.variant == variant), None)

    @property
    def is_changeable(self) -> bool:
        """Its lines and charges can change, and it can be cancelled: it is placed, and not under way yet (ORD-5)."""
        return self.state in _CHANGEABLE

    @property
    def is_placed(self) -> bool:
        """It was placed and not cancelled; it counts in summaries and reports (ORD-D7)."""
        return self.state.is_placed
