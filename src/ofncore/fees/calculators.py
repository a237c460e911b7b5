"""The calculators of Open Food Network.

Settings are `Decimal` with two decimals at most: percentages as percent (12.5 is 12.5 %), amounts in major units of the
currency. A setting below zero makes the fee a discount. None of them looks at another fee, so percentages do not
compound.

Source:
    FEE-3; FEE-4 for what is charged per item and what per order.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.registry import register_calculator
from ofncore.fees.settings import WeightUnit, hundredths, item_limit, weight_unit
from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import Calculator, ChargeableLine

#: The pound of FEE-3, in kg.
_KG_PER_POUND: Final = Fraction("0.4536")


@register_calculator
@attrs.frozen(kw_only=True)
class FlatPercentPerItem(Calculator):
    """A percentage of the price of one unit, rounded half away from zero, times the quantity.

    So the shop price of a unit times the quantity is what a line costs, whatever the quantity:

        >>> fee = FlatPercentPerItem(flat_percent=Decimal("3.33"))
        >>> fee.amount([ChargeableLine(price=15, quantity=144)], minor_per_unit=100)
        Fraction(0, 1)

    Source:
        FEE-3, FEE-13.1.
    """

    kind = "flat_percent_per_item"
    per_order = False

    #: In percent.
    flat_percent: Decimal = hundredths()

    def amount(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the sum over *lines* of the rounded percentage of one unit, times the quantity."""
        fee = self.unit_fee(minor_per_unit=minor_per_unit)
        return Fraction(sum(fee(line.price) * line.quantity for line in lines))

    def unit_fee(self, *, minor_per_unit: int) -> Callable[[int], int]:  # noqa: ARG002 - a percentage has no currency
        """Return the percentage of a price, rounded."""
        return _rounded_product(Fraction(self.flat_percent) / 100)


@register_calculator
@attrs.frozen(kw_only=True)
class FlatPercentItemTotal(Calculator):
    """A percentage of the price of all items together.

    Source:
        FEE-3.
    """

    kind = "flat_percent_item_total"
    per_order = False

    #: In percent.
    flat_percent: Decimal = hundredths()

    def amount(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - as above
        """Return the percentage of the item total."""
        return _item_total(lines) * Fraction(self.flat_percent) / 100

    def unit_fee(self, *, minor_per_unit: int) -> Callable[[int], int]:  # noqa: ARG002 - as above
        """Return the percentage of a price, rounded."""
        return _rounded_product(Fraction(self.flat_percent) / 100)


@register_calculator
@attrs.frozen(kw_only=True)
class FlatRate(Calculator):
    """An amount, once, even if there is no item.

    Source:
        FEE-3.
    """

    kind = "flat_rate"
    per_order = True

    #: In major units.
    amount_: Decimal = hundredths()

    def amount(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        raise AssertionError
