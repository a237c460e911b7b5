"""Margins on the sale price, beside the mark-ups of Open Food Network.

Source:
    FEE-14 (margin and mark-up).
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.line_sums import item_total, per_unit
from ofncore.fees.registry import register_calculator
from ofncore.fees.settings import check_hundredths
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import RefusedValueError
from ofncore.kernel.refusals import problem
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate

_HUNDRED: Final = 100


def _check_below_hundred(_instance: object, attribute: "attrs.Attribute[Decimal]", value: Decimal) -> None:
    if value >= _HUNDRED:
        message = f"{attribute.name} is a part of the sale price, so it must be below 100, not {value}"
        raise RefusedValueError(message, problem(Code.MARGIN_TOO_HIGH, found=str(value)))


@register_calculator
@attrs.frozen(kw_only=True)
class MarginOnSalePrice(Calculator):
    """A percentage of the sale price: of the price of one unit and this fee together, rounded half away from zero.

    Of what a shopper pays for eggs that cost 3.20, a shop with a margin of 20 % keeps 20 %:

    >>> fee = MarginOnSalePrice(margin_percent=Decimal(20))
    >>> fee.charge([ChargeableLine(price=320, quantity=1)], minor_per_unit=100)
    Fraction(80, 1)

    It is rounded for one unit and taken times the quantity, as `FlatPercentPerItem` is. Other fees on the same price
    are not in the sale price it looks at.

    Source:
        FEE-14 (margin and mark-up).
    """

    kind = "margin_on_sale_price"
    per_order = False
    linear_in_quantity = True
    never_negative = True

    #: In percent of the sale price, below 100; below zero for a discount.
    margin_percent: Decimal = attrs.field(default=Decimal(0), validator=[check_hundredths, _check_below_hundred])

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - percents know no currency
        """Return the sum over *lines* of the rounded margin on one unit, times the quantity."""
        return per_unit(UnitRate(self._mark_up), lines)

    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - as above
        """Return the margin on the item total."""
        return item_total(lines) * self._mark_up

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - as above
        """Return the margin as a part of the price without it."""
        return UnitRate(self._mark_up)

    @property
    def _mark_up(self) -> Fraction:
        return Fraction(self.margin_percent) / (_HUNDRED - Fraction(self.margin_percent))
