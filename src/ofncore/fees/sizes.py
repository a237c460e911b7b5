"""The size of a variant: its price per kg, lb, L or piece, and how the size is written.

Source:
    FEE-12.
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Self

import attrs

from ofncore.kernel.money import Money, round_fraction
from ofncore.model.product import Measure, Variant


class System(StrEnum):
    """Which units a size is told in."""

    METRIC = "metric"
    IMPERIAL = "imperial"
    #: Pieces, under a name of their own.
    CUSTOM = "custom"


@attrs.frozen
class Unit:
    """A unit that a size may be written in."""

    name: str
    #: What one of it is, in grams or litres.
    scale: Decimal
    system: System


#: Every unit by measure, in the order in which the first one that is available is looked for.
UNITS: Final = {
    Measure.WEIGHT: (
        Unit("mg", Decimal("0.001"), System.METRIC),
        Unit("g", Decimal(1), System.METRIC),
        Unit("kg", Decimal(1000), System.METRIC),
        Unit("T", Decimal(1_000_000), System.METRIC),
        Unit("oz", Decimal("28.35"), System.IMPERIAL),
        Unit("oz", Decimal("28.349523125"), System.IMPERIAL),
        Unit("lb", Decimal("453.6"), System.IMPERIAL),
        Unit("lb", Decimal("453.59237"), System.IMPERIAL),
    ),
    Measure.VOLUME: (
        Unit("mL", Decimal("0.001"), System.METRIC),
        Unit("cL", Decimal("0.01"), System.METRIC),
        Unit("dL", Decimal("0.1"), System.METRIC),
        Unit("L", Decimal(1), System.METRIC),
        Unit("kL", Decimal(1000), System.METRIC),
        Unit("gal", Decimal("4.54609"), System.IMPERIAL),
    ),
    Measure.ITEMS: (),
}

#: The pound that prices are per, in grams.
_POUND: Final = Fraction("453.6")
_KILOGRAM: Final = Fraction(1000)
_ITEM: Final = "Item"
_SHOWN_DIGITS: Final = 2

_OF_DECIMAL: Final = attrs.validators.optional(attrs.validators.instance_of(Decimal))


@attrs.frozen(kw_only=True)
class Size:
    """How much one unit of a variant is.

    Raises:
        ValueError: a weight or a volume without a value above zero, or in a unit that is not in `UNITS`.
    """

    measure: Measure
    #: In grams, litres or pieces.
    value: Decimal | None = attrs.field(default=None, validator=_OF_DECIMAL)
    #: The unit it was typed in, in grams or litres; None is metric.
    scale: Decimal | None = attrs.field(default=None, validator=_OF_DECIMAL)
    #: Name of a piece.
    unit_name: str = ""

    @value.validator
    def _check_value(self, _attribute: object, value: Decimal | None) -> None:
        is_missing = value is None and self.measure is not Measure.ITEMS
        if is_missing or (value is not None and not (value.is_finite() and value > 0)):
            message = f"the size of what is sold by {self.measure} is a number above zero, not {value}"
            raise ValueError(message)

    @scale.validator
    def _check_scale(self, _attribute: object, value: Decimal | None) -> None:
        if self.measure is Measure.ITEMS or value is None or any(unit.scale == value for unit in UNITS[self.measure]):
            return
        message = f"there is no unit of {self.measure} with the scale {value}"
        raise ValueError(message)

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """Return the size of *variant*, in metric units."""
        return cls(measure=variant.measure, value=variant.unit_value, unit_name=variant.unit_name)

    @property
    def system(self) -> System:
        """Which units it was typed in."""
        if self.measure is Measure.ITEMS:
            return System.CUSTOM
        return next((unit.system for unit in UNITS[self.measure] if unit.scale == self.scale), System.METRIC)


# ---------------------------------------------------------------- prices


@attrs.frozen(kw_only=True)
class PriceUnit:
    """What prices of a variant are compared by."""

    #: ``kg``, ``lb``, ``L``, or the name of a piece.
    unit: str
    system: System
    #: How many of `unit` one of the variant is.
    denominator: Fraction

    def price_of(self, price: Money) -> Fraction:
        """Return what one of `unit` costs, in minor units, if one of the variant costs *price*; not rounded."""
        return price.minor / self.denominator

    def shown_price_of(self, price: Money) -> Money:
        """Return the same as shoppers are shown it, rounded half away from zero."""
        return Money(round_fraction(self.price_of(price)), price.currency)


def price_unit(size: Size) -> PriceUnit:
    """Return what to compare prices of *size* by.

    What is typed in ounces or pounds is priced per pound. Gallons are priced per litre: there is no unit of price for
    them.
    """
    value = Fraction(size.value or 1)
    if size.measure is Measure.ITEMS:
        return PriceUnit(unit=size.unit_name or _ITEM, system=System.CUSTOM, denominator=value)
    if size.measure is Measure.VOLUME:
        return PriceUnit(unit="L", system=System.METRIC, denominator=value)
    if size.system is System.IMPERIAL:
        return PriceUnit(unit="lb", system=System.IMPERIAL, denominator=value / _POUND)
    return PriceUnit(unit="kg", system=System.METRIC, denominator=value / _KILOGRAM)


# ---------------------------------------------------------------- texts


def display_unit(size: Size, available: Collection[str]) -> Unit | None:
    """Return the unit that *size* is written in, of the units named by *available*; None for pieces.

    It is the largest unit of the size's own system that gives at least 1, or else the first of its measure in any
    system; None too if none is available.
    """
    offered = [unit for unit in UNITS[size.measure] if unit.name in available]
    fitting = [unit for unit in offered if unit.system is size.system and (size.value or 0) >= unit.scale]
    return max(fitting, key=lambda unit: unit.scale, default=next(iter(offered), None))


def size_text(size: Size, available: Collection[str]) -> str:
    """Return *size* in words, such as ``1.23kg`` or ``6 eggs``; empty for pieces without a name.

    At most two decimals are written. Names of pieces are taken as English.
    """
    value = Fraction(size.value or 1)
    if size.measure is Measure.ITEMS:
        name = size.unit_name if value == 1 else plural(size.unit_name)
        return f"{_short(value)} {name}" if name else ""
    unit = display_unit(size, available)
    return "" if unit is None else f"{_short(value / Fraction(unit.scale))}{unit.name}"


#: The units that sizes are written in where nobody chose others.
USUAL_UNITS: Final = ("g", "kg", "mL", "L")


def measured_text(variant: Variant, amount: Decimal) -> str:
    """Return what a line of *variant* was found to weigh or to measure, in words.

    *amount* is in grams, litres or pieces. The text is empty for nothing at all, and for pieces without a name.
    """
    return size_text(attrs.evolve(Size.of(variant), value=amount), USUAL_UNITS) if amount else ""


def _short(value: Fraction) -> str:
    whole, hundredths = divmod(round_fraction(value * 10**_SHOWN_DIGITS), 10**_SHOWN_DIGITS)
    return f"{whole}.{hundredths:0{_SHOWN_DIGITS}}".rstrip("0").rstrip(".")


_UNCOUNTABLE: Final = frozenset(
    {"equipment", "fish", "information", "jeans", "money", "police", "rice", "series", "sheep", "species"}
)
_IRREGULAR: Final = (("person", "people"), ("man", "men"), ("child", "children"), ("zombie", "zombies"))
#: The first pattern that is found at the end of a word tells its plural.
_PLURALS: Final = (
    (r"quiz$", "quizzes"),
    (r"^ox$", "oxen"),
    (r"(m|l)ouse$", r"\1ice"),
    (r"(matr|vert|ind)(?:ix|ex)$", r"\1ices"),
    (r"(x|ch|ss|sh)$", r"\1es"),
    (r"([^aeiouy]|qu)y$", r"\1ies"),
    (r"(?:([^f])fe|([lr])f)$", r"\1\2ves"),
    (r"sis$", "ses"),
    (r"([ti])um$", r"\1a"),
    (r"(buffal|tomat|potat)o$", r"\1oes"),
    (r"bus$", "buses"),
    (r"(alias|status)$", r"\1es"),
    (r"(ax|test)is$", r"\1es"),
    (r"s$", "s"),
    (r"$", "s"),
)


def plural(name: str) -> str:
    """Return the English plural of *name*; its last word is what changes."""
    _, _, last = name.strip().rpartition(" ")
    return next(_plurals(name)) if last and last.lower() not in _UNCOUNTABLE else name


def _plurals(name: str) -> Iterator[str]:
    for one, several in _IRREGULAR:
        if name.lower().endswith(one):
            yield name[: len(name) - len(one) + 1] + several[1:]
    for pattern, several in _PLURALS:
        found, count = re.subn(pattern, several, name, count=1, flags=re.IGNORECASE)
        if count:
            yield found
