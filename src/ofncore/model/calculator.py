"""What every fee calculator offers. The calculators themselves are in `ofncore.fees`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import ClassVar

import attrs


@attrs.frozen
class ChargeableLine:
    """What a calculator knows of one line. Amounts are in minor units of the order's currency."""

    #: Price of one without any fee. Orders and shops have whole minor units; a host may ask about a finer price.
    price: int | Fraction = attrs.field(validator=attrs.validators.instance_of((int, Fraction)))
    quantity: int = attrs.field(validator=attrs.validators.instance_of(int))
    #: Weight of the whole line in kg (FEE-3, Weight).
    weight_kg: Fraction = attrs.field(default=Fraction(), validator=attrs.validators.instance_of(Fraction))
    #: Its variant is measured by weight; only then is a rate per pound charged by the pound (FEE-3, Weight).
    sold_by_weight: bool = False


class Calculator(ABC):
    """Computes the amount of a fee, a shipping method or a payment method from order lines.

    Subclasses are immutable attrs classes with their settings as fields.
    """

    #: Name in documents and storage; Open Food Network's own for its calculators.
    kind: ClassVar[str]
    #: Charged once for the order; otherwise for each line (FEE-4).
    per_order: ClassVar[bool]

    @abstractmethod
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return what *lines* cost together, in minor units; below zero for a discount.

        It is exact, but for roundings that are part of the calculator's rule. *minor_per_unit* is the number of minor
        units in one unit of the currency (100 for EUR): settings in major units are multiplied by it.
        """

    def unit_charge(self, *, minor_per_unit: int) -> Callable[[int], int] | None:  # noqa: ARG002 - for subclasses
        """Return a function from the price of one unit to what is charged on it, in whole minor units.

        It is the fast way through a long price list, and must give what `charge` gives for one unit, rounded half away
        from zero. None, which is always right, means that `charge` must be asked.
        """
        return None
