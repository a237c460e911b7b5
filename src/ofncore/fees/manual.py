"""Manual adjustments: amounts that staff set on an order.

Source:
    FEE-8 (taxed by their own category), FEE-10 (a voucher is not computed anew for them).
"""

import attrs

from ofncore.fees.taxing import with_taxes
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import AdjustmentId
from ofncore.model.order import ManualAdjustment, Order


def with_adjustment(order: Order, adjustment: ManualAdjustment, terms: PricingTerms) -> Order:
    """Return *order* with *adjustment*, taxed by *terms*; it takes the place of one with its id, or is the last."""
    if all(each.id != adjustment.id for each in order.adjustments):
        return _with(order, (*order.adjustments, adjustment), terms)
    return _with(order, tuple(adjustment if each.id == adjustment.id else each for each in order.adjustments), terms)


def without_adjustment(order: Order, adjustment: AdjustmentId, terms: PricingTerms) -> Order:
    """Return *order* without the adjustment of this id, taxed by *terms*."""
    return _with(order, tuple(each for each in order.adjustments if each.id != adjustment), terms)


def _with(order: Order, adjustments: tuple[ManualAdjustment, ...], terms: PricingTerms) -> Order:
    return with_taxes(attrs.evolve(order, adjustments=adjustments), terms)
