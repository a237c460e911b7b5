"""Lines as a host has them, before anything was checked: finer prices, and holes.

Source:
    FEE-3 (a missing price or quantity).
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.calculator import Calculator, ChargeableLine


class _MissingError(Exception):
    def __init__(self, missing: Problem) -> None:
        super().__init__(str(missing))
        self.missing = missing


@attrs.frozen(kw_only=True)
class RawLine:
    """So many at a price that need not be a whole number of minor units; either may be missing."""

    price: Fraction | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.instance_of(Fraction))
    )
    quantity: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.instance_of(int))
    )


@attrs.frozen
class _Looked:
    """A line to calculators, which may look at what is there."""

    line: RawLine
    position: int
    weight_kg: Fraction = Fraction()
    sold_by_weight: bool = False

    @property
    def price(self) -> Fraction:
        if self.line.price is None:
            raise _MissingError(self._missing("price"))
        return self.line.price

    @property
    def quantity(self) -> int:
        if self.line.quantity is None:
            raise _MissingError(self._missing("quantity"))
        return self.line.quantity

    def _missing(self, key: str) -> Problem:
        return problem(Code.MISSING_KEY, f"$.lines[{self.position}].{key}", key=key)


def charge_raw(calculator: Calculator, lines: Sequence[RawLine], *, minor_per_unit: int) -> Fraction | Refusal:
    """Return what *lines* cost together, in minor units; see `Calculator.charge`.

    Refused: a calculator that goes by prices or quantities, and one that it needs is missing.
    """
    looked = [_Looked(line, position) for position, line in enumerate(lines)]
    try:
        return calculator.charge(cast("list[ChargeableLine]", looked), minor_per_unit=minor_per_unit)
    except _MissingError as error:
        return Refusal((error.missing,))
