"""What a line weighs, for fees by weight, and what is noted as its final weight.

Source:
    FEE-3 (Weight, as designed and as it runs; final weight of a line), FEE-2.5, FEE-13.5.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final, Self

import attrs

from ofncore.kernel.exact_numbers import finite, finite_decimal
from ofncore.kernel.money import round_fraction
from ofncore.kernel.policies import WeightRule
from ofncore.model.calculator import ChargeableLine
from ofncore.model.product import Measure, Variant

_GRAMS_PER_KG: Final = 1000
#: A final weight and a noted weight have two decimals, an implied quantity three.
_HUNDREDTHS: Final = 100
_THOUSANDTHS: Final = 1000


@attrs.frozen(kw_only=True)
class UnitWeight:
    """What is known of the weight of one unit."""

    sold_by_weight: bool
    #: Size of one in grams, litres or pieces; None if that is not known.
    unit_value: Decimal | None = attrs.field(validator=finite)
    #: What is noted as its weight, in kg.
    noted_kg: Decimal | None = attrs.field(validator=finite)

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """Return what is known of *variant*."""
        return cls(
            sold_by_weight=variant.measure is Measure.WEIGHT,
            unit_value=variant.unit_value,
            noted_kg=variant.weight_kg,
        )

    @property
    def kg(self) -> Fraction:
        """What one weighs by design: its size if it is sold by weight, else what is noted; 0 if that is not known."""
        if self.sold_by_weight:
            return Fraction(self.unit_value or 0) / _GRAMS_PER_KG
        return Fraction(self.noted_kg or 0)

    @property
    def kg_as_run(self) -> Fraction:
        """What is noted; for what is sold by weight, where nothing is, its size in hundredths of a kilogram."""
        if self.noted_kg is None and self.sold_by_weight:
            return Fraction(round_fraction(self.kg * _HUNDREDTHS), _HUNDREDTHS)
        return Fraction(self.noted_kg or 0)

    def implied_quantity(self, quantity: int, final_weight: Decimal | None) -> Fraction:
        """Return how many units *final_weight* makes, to three decimals; *quantity*, if that cannot be told."""
        if final_weight is None or not self.unit_value:
            return Fraction(quantity)
        exact = _exact(final_weight) / Fraction(self.unit_value)
        return Fraction(round_fraction(exact * _THOUSANDTHS), _THOUSANDTHS)


def unit_weight_kg(variant: Variant) -> Fraction:
    """Return what one of *variant* weighs, in kg; 0 if that is not known."""
    return UnitWeight.of(variant).kg


@attrs.frozen
class UnitWeights:
    """What one of each of many variants weighs, in whole numbers."""

    #: One for each variant.
    numbers: list[int]
    #: How many of what the numbers count are a kilogram.
    per_kg: int
    #: Which of them count as sold by weight.
    by_weight: list[bool]


def unit_weights(variants: Sequence[Variant], rule: WeightRule = WeightRule.DESIGNED) -> UnitWeights:
    """Return what one of each of *variants* weighs by *rule*, exactly."""
    if rule is WeightRule.AS_RUN:
        return _unit_weights([UnitWeight.of(each).kg_as_run for each in variants], [False] * len(variants))
    by_weight = [each.measure is Measure.WEIGHT for each in variants]
    sizes = [each.unit_value if each.measure is Measure.WEIGHT else each.weight_kg or 0 for each in variants]
    return _unit_weights(sizes, by_weight)


def _unit_weights(sizes: Iterable[Decimal | Fraction | int], by_weight: list[bool]) -> UnitWeights:
    """Return the weights of *sizes*, which are in grams for what is sold by weight, otherwise in kg."""
    ratios = [size.as_integer_ratio() for size in sizes]
    parts = lcm(*{denominator for _, denominator in ratios})
    numbers = [number if part == parts else number * (parts // part) for number, part in ratios]
    if not all(by_weight):
        numbers = [each if is_sold else each * _GRAMS_PER_KG for each, is_sold in zip(numbers, by_weight, strict=True)]
    return UnitWeights(numbers, parts * _GRAMS_PER_KG, by_weight)


def line_weight_kg(
    unit: UnitWeight, quantity: int, final_weight: Decimal | None = None, rule: WeightRule = WeightRule.DESIGNED
) -> Fraction:
    """Return what a line weighs, in kg.

    Args:
        unit: One unit of its variant.
        quantity: How many were ordered.
        final_weight: What the whole line was found to be, in grams, litres or pieces; None if nobody measured it.
        rule: Which weights count.
    """
    if rule is WeightRule.AS_RUN:
        return unit.kg_as_run * unit.implied_quantity(quantity, final_weight)
    if unit.sold_by_weight and final_weight is not None:
        return _exact(final_weight) / _GRAMS_PER_KG
    return unit.kg * (quantity if unit.sold_by_weight else unit.implied_quantity(quantity, final_weight))


def weighed_line(
    unit: UnitWeight,
    *,
    price: int | Fraction,
    quantity: int,
    final_weight: Decimal | None = None,
    rule: WeightRule = WeightRule.DESIGNED,
) -> ChargeableLine:
    """Return what calculators look at for *quantity* units at *price*, in minor units without fees."""
    return ChargeableLine(
        price=price,
        quantity=quantity,
        weight_kg=line_weight_kg(unit, quantity, final_weight, rule),
        # FEE-13.5: as it runs, a fee per pound does not know what is sold by weight.
        sold_by_weight=unit.sold_by_weight and rule is WeightRule.DESIGNED,
    )


def chargeable_line(
    variant: Variant,
    *,
    price: int,
    quantity: int,
    final_weight: Decimal | None = None,
    rule: WeightRule = WeightRule.DESIGNED,
) -> ChargeableLine:
    """Return what calculators look at for *quantity* of *variant* at *price*, in minor units without fees."""
    unit = UnitWeight.of(variant)
    return weighed_line(unit, price=price, quantity=quantity, final_weight=final_weight, rule=rule)


def first_final_weight(variant: Variant, quantity: int) -> Decimal:
    """Return what a new line of *quantity* is noted to be in all, in the unit of the variant's size."""
    return _to_hundredths(Fraction(variant.unit_value) * quantity)


def scaled_final_weight(final_weight: Decimal, *, before: int, after: int) -> Decimal:
    """Return the final weight of a line whose quantity goes from *before*, above zero, to *after*."""
    return _to_hundredths(_exact(final_weight) * after / before)


def _exact(final_weight: Decimal) -> Fraction:
    return Fraction(finite_decimal("final_weight", final_weight))


def _to_hundredths(exact: Fraction) -> Decimal:
    # From its text: arithmetic would round to the precision of the caller's decimal context.
    return Decimal(f"{round_fraction(exact * _HUNDREDTHS)}E-2")
