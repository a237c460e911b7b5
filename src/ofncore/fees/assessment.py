"""What an order is charged: fees on lines and on the order, shipping, payment, and the tax on each.

Source:
    FEE-6 (amounts), FEE-7 (records), FEE-8 (tax), FEE-9 (shipping and payment), FEE-14 (bases, limits, scope of fees).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.charges import PricedLine, new_charge, price_line, price_order_charge
from ofncore.fees.charging import price_minor, rounded_charge
from ofncore.fees.taxing import Charges, taxed
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line, first_final_weight
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import RoundingPolicy, WeightRule
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
    #: Where they were rounded.
    rounding: RoundingPolicy = RoundingPolicy.PER_UNIT
    #: What rounding took away in all, in minor units: also by taxes that are too small for a record. It follows from
    #: the rest.
    remainder: Fraction = attrs.field(default=Fraction(), eq=False)


def assess(
    lines: Sequence[OrderLine],
    *,
    terms: PricingTerms,
    variants: Mapping[VariantId, Variant],
    shipping: ShippingMethod,
    payment: PaymentMethod,
) -> Assessment:
    """Return what an order of *lines* is charged.

    Each line's quantity, price, tax category and final weight count as they stand, zero quantities too; its fees and
    taxes are made anew, by the fees that *terms* says apply. *variants* tells what the lines weigh. Fees of zero are
    kept, taxes of zero are not. Percentages of shipping and payment are of item prices without fees.

    An order without lines has the coordinator's per-order fees, unless the distributor chose otherwise, and what
    shipping and payment cost for nothing; whether such an order may exist is not decided here (FEE-13.8).

    Raises:
        CurrencyMismatchError: a line's price is in another currency than the distributor's.
        NotFoundError: *variants* lacks a line's variant, or *terms* a fee of the cycle.
    """
    chargeable = [chargeable_of(line, variants, terms) for line in lines]
    priced = [_priced(line, each, terms) for line, each in zip(lines, chargeable, strict=True)]
    occurrences = terms.cycle_fees.per_order({line.variant: line.supplier for line in lines})
    order_charges = (new_charge(each, terms.currency) for each in occurrences)
    charges = taxed(
        Charges(
            lines=tuple(each.line for each in priced),
            fees=tuple(price_order_charge(each, priced, terms) for each in order_charges),
            shipping=_shipping_charge(shipping, chargeable, terms),
        ),
        terms,
    )
    paid = _payment_charge(payment, chargeable, terms)
    return Assessment(
        lines=charges.lines,
        fees=charges.fees,
        shipping=charges.shipping,
        payment=paid,
        rounding=terms.rounding,
        remainder=charges.remainder + paid.remainder,
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
    final_weight = line.final_weight
    if final_weight is None and rule is WeightRule.AS_RUN:
        final_weight = first_final_weight(variant, line.quantity)
    return chargeable_line(variant, price=price, quantity=line.quantity, final_weight=final_weight, rule=rule)


def _priced(line: OrderLine, chargeable: ChargeableLine, terms: PricingTerms) -> PricedLine:
    occurrences = terms.cycle_fees.per_item(line.variant)
    fees = tuple(new_charge(each, terms.currency, line.tax_category) for each in occurrences)
    return price_line(attrs.evolve(line, fees=fees), chargeable, terms)


def _shipping_charge(method: ShippingMethod, lines: Sequence[ChargeableLine], terms: PricingTerms) -> ShippingCharge:
    found = rounded_charge(method.calculator, lines, terms)
    return ShippingCharge(
        method=method.id,
        name=method.name,
        amount=found.amount,
        tax_category=method.tax_category,
        calculator=method.calculator,
        remainder=found.remainder,
    )


def _payment_charge(method: PaymentMethod, lines: Sequence[ChargeableLine], terms: PricingTerms) -> PaymentCharge:
    found = rounded_charge(method.calculator, lines, terms)
    return PaymentCharge(
        method=method.id,
        name=method.name,
        amount=found.amount,
        calculator=method.calculator,
        remainder=found.remainder,
    )
