"""What an order is charged: fees on lines and on the order, shipping, payment, and the tax on each.

Source:
    FEE-6 (amounts), FEE-7 (records), FEE-8 (tax), FEE-9 (shipping and payment).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charging import charged, price_minor
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line, first_final_weight
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import TaxCategoryId, VariantId
from ofncore.kernel.policies import WeightRule
from ofncore.model.calculator import ChargeableLine
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import FeeCharge, OrderLine, PaymentCharge, ShippingCharge
from ofncore.model.product import Variant

_RECORD: Final = "variant"


@attrs.frozen(kw_only=True)
class Assessment:
    """All charges of one order; its parts are the order's fields of the same names."""

    #: The lines, in their order, with fees and taxes.
    lines: tuple[OrderLine, ...]
    #: Fees charged once for the order, one for each occurrence.
    fees: tuple[FeeCharge, ...]
    shipping: ShippingCharge
    payment: PaymentCharge


def assess(
    lines: Sequence[OrderLine],
    *,
    terms: PricingTerms,
    variants: Mapping[VariantId, Variant],
    shipping: ShippingMethod,
    payment: PaymentMethod,
) -> Assessment:
    """Return what an order of *lines* is charged.

    Each line's quantity, price and tax category count as they stand, zero quantities too; its fees and taxes are made
    anew. *variants* tells what the lines weigh. Fees of zero are kept, taxes of zero are not. Percentages of shipping
    and payment are of item prices without fees.

    An order without lines has the coordinator's per-order fees and what shipping and payment cost for nothing; whether
    such an order may exist is not decided here (FEE-13.8).

    Raises:
        CurrencyMismatchError: a line's price is in another currency than the distributor's.
        NotFoundError: *variants* lacks a line's variant, or *terms* a fee of the cycle.
    """
    chargeable = [chargeable_of(line, variants, terms) for line in lines]
    occurrences = terms.cycle_fees.per_order(line.variant for line in lines)
    return Assessment(
        lines=tuple(_assessed(line, each, terms) for line, each in zip(lines, chargeable, strict=True)),
        fees=tuple(_fee_charge(each, chargeable, terms) for each in occurrences),
        shipping=_shipping_charge(shipping, chargeable, terms),
        payment=_payment_charge(payment, chargeable, terms),
    )


def chargeable_of(line: OrderLine, variants: Mapping[VariantId, Variant], terms: PricingTerms) -> ChargeableLine:
    """Return what calculators look at of *line*.

    Raises:
        CurrencyMismatchError: its price is in another currency than the distributor's.
        NotFoundError: *variants* lacks its variant.
    """
    price, rule = price_minor(line.price, terms), terms.profile.weight_rule
    try:
        variant = variants[line.variant]
    except KeyError:
        raise NotFoundError(_RECORD, line.variant) from None
    final_weight = first_final_weight(variant, line.quantity) if rule is WeightRule.AS_RUN else None
    return chargeable_line(variant, price=price, quantity=line.quantity, final_weight=final_weight, rule=rule)


def _assessed(line: OrderLine, chargeable: ChargeableLine, terms: PricingTerms) -> OrderLine:
    occurrences = terms.cycle_fees.per_item(line.variant)
    return attrs.evolve(
        line,
        fees=tuple(_fee_charge(each, [chargeable], terms, line.tax_category) for each in occurrences),
        taxes=terms.tax_rules.on(line.amount, line.tax_category),
    )


def _fee_charge(
    occurrence: FeeOccurrence,
    lines: Sequence[ChargeableLine],
    terms: PricingTerms,
    line_category: TaxCategoryId | None = None,
) -> FeeCharge:
    fee = occurrence.fee
    amount = charged(fee.calculator, lines, terms)
    return FeeCharge(
        fee=fee.id,
        name=fee.name,
        fee_type=fee.fee_type,
        role=occurrence.role,
        enterprise=fee.enterprise,
        exchange=occurrence.exchange,
        amount=amount,
        taxes=terms.fee_taxes(amount, fee, line_category),
    )


def _shipping_charge(method: ShippingMethod, lines: Sequence[ChargeableLine], terms: PricingTerms) -> ShippingCharge:
    amount = charged(method.calculator, lines, terms)
    taxes = terms.tax_rules.on(amount, method.tax_category)
    return ShippingCharge(method=method.id, name=method.name, amount=amount, taxes=taxes)


def _payment_charge(method: PaymentMethod, lines: Sequence[ChargeableLine], terms: PricingTerms) -> PaymentCharge:
    return PaymentCharge(method=method.id, name=method.name, amount=charged(method.calculator, lines, terms))
