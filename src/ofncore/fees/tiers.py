"""Fees in tiers: other percentages and amounts from other item totals on.

Source:
    FEE-14 (tiers).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

import attrs

from ofncore.fees.line_sums import item_total, minor_of
from ofncore.fees.registry import register_calculator
from ofncore.fees.settings import AMOUNT, check_hundredths
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import RefusedValueError
from ofncore.kernel.refusals import problem
from ofncore.model.calculator import Calculator, ChargeableLine

_HUNDRED: Final = 100


def _check_not_negative(_instance: object, attribute: "attrs.Attribute[Decimal]", value: Decimal) -> None:
    if value < 0:
        message = f"{attribute.name} must be zero or more, not {value}"
        raise RefusedValueError(message, problem(Code.BELOW_ZERO, found=str(value)))


@attrs.frozen(kw_only=True)
class Tier:
    """What is charged from an item total on."""

    #: Where it begins, in major units; the amount itself is reached.
    from_amount: Decimal = attrs.field(
        default=Decimal(0), validator=[check_hundredths, _check_not_negative], metadata=AMOUNT
    )
    #: In percent; below zero for a discount.
    percent: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths)
    #: Charged once beside the percentage, in major units; below zero for a discount.
    amount: Decimal = attrs.field(default=Decimal(0), validator=check_hundredths, metadata=AMOUNT)

    def charge(self, minor: Fraction, minor_per_unit: int) -> Fraction:
        """Return its percentage of *minor* units, and its amount."""
        return minor * Fraction(self.percent) / _HUNDRED + minor_of(self.amount, minor_per_unit)


_OF_TIERS: Final = attrs.validators.deep_iterable(
    attrs.validators.instance_of(Tier), attrs.validators.instance_of(tuple)
)


def _check_ascending(
    _instance: object, attribute: "attrs.Attribute[tuple[Tier, ...]]", tiers: tuple[Tier, ...]
) -> None:
    for before, after in pairwise(tier.from_amount for tier in tiers):
        if after <= before:
            message = f"each of {attribute.name} begins above the one before, not at {after} after {before}"
            raise RefusedValueError(message, problem(Code.TIERS_NOT_ASCENDING, found=str(after), before=str(before)))


@attrs.frozen(kw_only=True)
class _Tiered(Calculator):
    """Tiers by the item total; below the first nothing is charged."""

    per_order = True
    never_negative = True

    #: Ascending.
    tiers: tuple[Tier, ...] = attrs.field(default=(), validator=[_OF_TIERS, _check_ascending])

    def _reached(self, total: Fraction, minor_per_unit: int) -> list[Tier]:
        return [tier for tier in self.tiers if minor_of(tier.from_amount, minor_per_unit) <= total]


@register_calculator
@attrs.frozen(kw_only=True)
class WholeTiers(_Tiered):
    """The tier that the item total reaches, on all of it: 10 % below 100.00, 8 % of everything from there on.

    >>> fee = WholeTiers(tiers=(Tier(percent=Decimal(10)), Tier(from_amount=Decimal(100), percent=Decimal(8))))
    >>> fee.charge([ChargeableLine(price=15_000, quantity=1)], minor_per_unit=100)
    Fraction(1200, 1)

    Source:
        FEE-14 (tiers).
    """

    kind = "whole_tiers"

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return what the last tier reached charges on the item total of *lines*."""
        total = item_total(lines)
        reached = self._reached(total, minor_per_unit)
        return reached[-1].charge(total, minor_per_unit) if reached else Fraction()


@register_calculator
@attrs.frozen(kw_only=True)
class GraduatedTiers(_Tiered):
    """Each tier on its own part of the item total: 10 % of the first 100.00, 8 % of what is beyond.

    >>> fee = GraduatedTiers(tiers=(Tier(percent=Decimal(10)), Tier(from_amount=Decimal(100), percent=Decimal(8))))
    >>> fee.charge([ChargeableLine(price=15_000, quantity=1)], minor_per_unit=100)
    Fraction(1400, 1)

    Source:
        FEE-14 (tiers).
    """

    kind = "graduated_tiers"

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        """Return what every tier reached charges on its part of the item total of *lines*."""
        return sum(self._charges(item_total(lines), minor_per_unit), Fraction())

    def _charges(self, total: Fraction, minor_per_unit: int) -> Iterator[Fraction]:
        reached = self._reached(total, minor_per_unit)
        starts = [minor_of(tier.from_amount, minor_per_unit) for tier in reached]
        for tier, start, end in zip(reached, starts, [*starts[1:], total], strict=False):
            yield tier.charge(end - start, minor_per_unit)
