"""What every fee calculator offers. The calculators themselves are in `ofncore.fees`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

import attrs

from ofncore.kernel.money import round_fraction


@attrs.frozen
class ChargeableLine:
    """What a calculator knows of one line. Amounts are in minor units of the order's currency."""

    #: Price of one without any fee. Orders and shops have whole minor units; a host may ask about a finer price.
    price: int | Fraction = attrs.field(validator=attrs.validators.instance_of((int, Fraction)))
    quantity: int = attrs.field(validator=[attrs.validators.instance_of(int), attrs.validators.ge(0)])
    #: Weight of the whole line in kg (FEE-3, Weight).
    weight_kg: Fraction = attrs.field(
        default=Fraction(), validator=[attrs.validators.instance_of(Fraction), attrs.validators.ge(Fraction())]
    )
    #: Its variant is measured by weight; only then is a rate per pound charged by the pound (FEE-3, Weight).
    sold_by_weight: bool = False


@attrs.frozen
class UnitRate:
    """What is charged on one unit: a part of its price, rounded half away from zero, and a fixed amount beside it.

    >>> UnitRate(Fraction(3, 100), fixed=5)(250)
    13
    """

    #: A fraction of the price; below zero for a discount.
    part: Fraction = attrs.field(validator=attrs.validators.instance_of(Fraction))
    #: In whole minor units.
    fixed: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))

    def __call__(self, price: int | Fraction) -> int:
        """Return what is charged on one unit at *price*, in minor units."""
        return round_fraction(price * self.part) + self.fixed


@attrs.frozen
class WeightRate:
    """What is charged on one unit by its weight, rounded half away from zero: an amount for each kilogram.

    >>> WeightRate(Fraction(40))(Fraction(1, 4), sold_by_weight=True)
    10
    """

    #: In minor units; below zero for a discount.
    per_kg: Fraction = attrs.field(validator=attrs.validators.instance_of(Fraction))
    #: The same for what is sold by weight.
    per_kg_by_weight: Fraction = attrs.field(
        default=attrs.Factory(lambda rate: rate.per_kg, takes_self=True),
        validator=attrs.validators.instance_of(Fraction),
    )

    def of(self, *, sold_by_weight: bool) -> Fraction:
        """Return what a kilogram is charged, in minor units."""
        return self.per_kg_by_weight if sold_by_weight else self.per_kg

    def __call__(self, weight_kg: Fraction, *, sold_by_weight: bool) -> int:
        """Return what is charged on one unit that weighs *weight_kg*, in minor units."""
        return round_fraction(weight_kg * self.of(sold_by_weight=sold_by_weight))


class Calculator(ABC):
    """Computes the amount of a fee, a shipping method or a payment method from order lines.

    Subclasses are immutable attrs classes with their settings as fields.

    What is told of every calculator, and what one claims by its class variables, are laws: the suite
    `ofncore.testing.laws.CalculatorLaws` holds a calculator against them.
    """

    #: Name in documents and storage; Open Food Network's own for its calculators.
    kind: ClassVar[str]
    #: Charged once for the order; otherwise for each line (FEE-4).
    per_order: ClassVar[bool]
    #: Claims that so many of a line cost so many times one, and lines together what each costs alone.
    linear_in_quantity: ClassVar[bool] = False
    #: Claims to charge zero or more as long as no setting is below zero.
    never_negative: ClassVar[bool] = False

    @abstractmethod
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return what *lines* cost together, in minor units; below zero for a discount.

        It is exact, but for roundings that are part of the calculator's rule. *minor_per_unit* is the number of minor
        units in one unit of the currency (100 for EUR): settings in major units are multiplied by it.
        """

    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return what `charge` would be without any rounding in it; a calculator whose rule rounds tells it here.

        It goes by the same rule otherwise, so that on one unit of whole minor units it rounds to what `charge` gives.
        """
        return self.charge(lines, minor_per_unit=minor_per_unit)

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate | WeightRate | None:  # noqa: ARG002 - for subclasses
        """Return what is charged on one unit by its price alone, or by its weight alone, in whole minor units.

        It is the fast way through a long price list, and must give what `charge` gives for one unit, rounded half away
        from zero. None, which is always right, means that `charge` must be asked.
        """
        return None
