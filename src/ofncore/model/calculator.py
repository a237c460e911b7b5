"""What every fee calculator offers. The calculators themselves are in `ofncore.fees`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import attrs


@attrs.frozen
class ChargeableLine:
    """What a calculator knows of one line. Amounts are in minor units of the order's currency."""

    #: Price of one without any fee.
    price: int
    quantity: int
    #: Weight of the whole line in kg (FEE-3, Weight).
    weight_kg: Decimal = Decimal(0)


class Calculator(ABC):
    """Computes the amount of a fee, a shipping method or a payment method from order lines.

    Subclasses are immutable attrs classes with their settings as fields.
    """

    #: Name in documents and storage; Open Food Network's own for its calculators.
    kind: ClassVar[str]
    #: Charged once for the order; otherwise for each line (FEE-4).
    per_order: ClassVar[bool]

    @abstractmethod
    def amount(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount for *lines* in minor units.

        It is exact, but for roundings that are part of the calculator's rule. *minor_per_unit* is the number of minor
        units in one unit of the currency (100 for EUR): settings in major units are multiplied by it.
        """
