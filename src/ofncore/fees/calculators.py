"""The calculators of Open Food Network.

Settings are `Decimal` with two decimals at most: percentages as percent (12.5 is 12.5 %), amounts in major units of the
currency. A setting below zero makes the fee a discount. None of them looks at another fee, so percentages do not
compound.

Source:
    FEE-3; FEE-4 for what is charged per item and what per order.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.line_sums import item_total, items_of, minor_of, per_unit
from ofncore.fees.registry import register_calculator
from ofncore.fees.settings import AMOUNT, WeightUnit, as_weight_unit, check_hundredths, check_item_limit
from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate, WeightRate

#: The pound of FEE-3, in kg.
_KG_PER_POUND: Final = Fraction("0.4536")


@register_calculator
@attrs.frozen(kw_only=True)
class FlatPercentPerItem(Calculator):
    """A percentage of the price of one unit, rounded half away from zero, times the quantity.

    So the shop price of a unit times the quantity is what a line costs, whatever the quantity:

        >>> fee = FlatPercentPerItem(flat_percent=Decimal("3.33"))
        >>> fee.charge([ChargeableLine(price=15, quantity=144)], minor_per_unit=100)
        Fraction(0, 1)

    Source:
        FEE-3, FEE-13.1.
    """

    kind = "flat_percent_per_item"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    #: In percent.
    flat_percent: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - as below
        """Return the sum over *lines* of the rounded percentage of one unit, times the quantity."""
        return per_unit(_percentage(self.flat_percent), lines)

    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - as below
        """Return the percentage of the item total."""
        return item_total(lines) * Fraction(self.flat_percent) / 100

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - percents know no currency
        """Return the percentage of the price."""
        return _percentage(self.flat_percent)


@register_calculator
@attrs.frozen(kw_only=True)
class FlatPercentItemTotal(Calculator):
    """A percentage of the price of all items together.

        >>> fee = FlatPercentItemTotal(flat_percent=Decimal("3.33"))
        >>> fee.charge([ChargeableLine(price=15, quantity=144)], minor_per_unit=100)
        Fraction(8991, 125)

    Source:
        FEE-3.
    """

    kind = "flat_percent_item_total"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    #: In percent.
    flat_percent: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - as above
        """Return the percentage of the item total."""
        return item_total(lines) * Fraction(self.flat_percent) / 100

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - as above
        """Return the percentage of the price."""
        return _percentage(self.flat_percent)


@register_calculator
@attrs.frozen(kw_only=True)
class FlatRate(Calculator):
    """An amount, once, even where there is no line.

    Source:
        FEE-3.
    """

    kind = "flat_rate"
    per_order = True
    never_negative = True

    #: In major units.
    amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - whatever
        """Return the amount."""
        return minor_of(self.amount, minor_per_unit)


@register_calculator
@attrs.frozen(kw_only=True)
class PerItem(Calculator):
    """An amount for each item.

    In a currency without cents the amount for one item is rounded first, so that here too the shop price of a unit
    times the quantity is what a line costs.

    Source:
        FEE-3.
    """

    kind = "per_item"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    #: In major units.
    amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount times the number of items."""
        return Fraction(self._of_one(minor_per_unit) * items_of(lines))

    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount times the number of items, with what one item has beyond whole minor units."""
        return minor_of(self.amount, minor_per_unit) * items_of(lines)

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:
        """Return the amount, whatever the price."""
        return UnitRate(Fraction(), fixed=self._of_one(minor_per_unit))

    def _of_one(self, minor_per_unit: int) -> int:
        return round_fraction(minor_of(self.amount, minor_per_unit))


@register_calculator
@attrs.frozen(kw_only=True)
class FlexiRate(Calculator):
    """An amount for the first item and another for each further one, up to a number of items.

    A limit of 0 means that nothing is charged, not that there is no limit. With no item at all the amount is
    `first_item` less `additional_item`.

    Source:
        FEE-3, FEE-13.4.
    """

    kind = "flexi_rate"
    per_order = True

    #: In major units.
    first_item: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)
    #: In major units.
    additional_item: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)
    #: How many items are charged at most.
    max_items: int = attrs.field(default=0, validator=check_item_limit)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount for the number of items in *lines*."""
        if self.max_items == 0:
            return Fraction()
        # FEE-13.4: the count of further items is not stopped at zero.
        further = min(items_of(lines), self.max_items) - 1
        return minor_of(self.first_item, minor_per_unit) + further * minor_of(self.additional_item, minor_per_unit)


@register_calculator
@attrs.frozen(kw_only=True)
class PriceSack(Calculator):
    """One amount for small sales and another from a limit on; the limit itself is reached.

    The limit is compared with item prices alone: no fee, no shipping, no added tax.

    Source:
        FEE-3.
    """

    kind = "price_sack"
    per_order = True
    never_negative = True

    #: From which item total on `discount_amount` is charged; in major units.
    minimal_amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)
    #: Below it; in major units.
    normal_amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)
    #: In major units.
    discount_amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount for the item total of *lines*."""
        is_small = item_total(lines) < minor_of(self.minimal_amount, minor_per_unit)
        return minor_of(self.normal_amount if is_small else self.discount_amount, minor_per_unit)


@register_calculator
@attrs.frozen(kw_only=True)
class Weight(Calculator):
    """An amount for each kilogram or pound.

    A line whose variant is not sold by weight counts by its kilograms even where the amount is per pound.

    Source:
        FEE-3 (Weight, as designed), FEE-13.5.
    """

    kind = "weight"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    unit_from_list: WeightUnit = attrs.field(default=WeightUnit.KILOGRAM, converter=as_weight_unit)
    #: In major units.
    per_unit: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths)

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return the amount for the weight of all *lines* together."""
        rate = self.unit_charge(minor_per_unit=minor_per_unit)
        return sum((line.weight_kg * rate.of(sold_by_weight=line.sold_by_weight) for line in lines), Fraction())

    def unit_charge(self, *, minor_per_unit: int) -> WeightRate:
        """Return the amount for a kilogram, and for a kilogram of what is sold by weight."""
        amount = minor_of(self.per_unit, minor_per_unit)
        by_pound = self.unit_from_list is WeightUnit.POUND
        return WeightRate(amount, amount / _KG_PER_POUND if by_pound else amount)


@register_calculator
@attrs.frozen(kw_only=True)
class NoCharge(Calculator):
    """Nothing.

    Source:
        FEE-3 (none).
    """

    kind = "none"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - whatever
        """Return zero."""
        return Fraction()

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - as above
        """Return zero, whatever the price."""
        return UnitRate(Fraction())


def _percentage(percent: Decimal) -> UnitRate:
    return UnitRate(Fraction(percent) / 100)
