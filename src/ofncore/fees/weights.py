"""What a line weighs, for fees by weight.

Source:
    FEE-3 (Weight, as designed).
"""

from fractions import Fraction
from typing import Final

from ofncore.model.calculator import ChargeableLine
from ofncore.model.product import Measure, Variant

_GRAMS_PER_KG: Final = 1000


def unit_weight_kg(variant: Variant) -> Fraction:
    """Return what one of *variant* weighs, in kg; 0 if that is not known."""
    if variant.measure is Measure.WEIGHT:
        return Fraction(variant.unit_value) / _GRAMS_PER_KG
    return Fraction() if variant.weight_kg is None else Fraction(variant.weight_kg)


def chargeable_line(variant: Variant, *, price: int, quantity: int) -> ChargeableLine:
    """Return what calculators look at for *quantity* of *variant* at *price*, in minor units without fees."""
    return ChargeableLine(
        price=price,
        quantity=quantity,
        weight_kg=unit_weight_kg(variant) * quantity,
        sold_by_weight=variant.measure is Measure.WEIGHT,
    )
