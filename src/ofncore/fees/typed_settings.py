"""From the settings of a calculator as somebody typed them to the calculator.

Calculators themselves take exact values only. Here text is read as Open Food Network reads it: finer amounts are
rounded and blank ones are nothing. What was changed on the way is told.

Source:
    FEE-2.3, FEE-13.3 (conversion), FEE-13.4 (limits of items), FEE-14 (tiers).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, cast

import attrs

from ofncore.fees.calculators import FlexiRate, NoCharge
from ofncore.fees.registry import calculator_class, calculator_kinds
from ofncore.fees.settings import WeightUnit
from ofncore.fees.tier_texts import read_tiers, tiers_text
from ofncore.fees.tiers import Tier
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError, RefusedValueError
from ofncore.kernel.policies import PRODUCT, ItemLimits, Profile, TaxCalculator
from ofncore.kernel.refusals import ParameterValue, Problem, Refusal, problem, refusal_of
from ofncore.model.calculator import Calculator

_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*")
_LEADING_INTEGER: Final = re.compile(r"\s*([+-]?[0-9]{1,18})")
_HUNDREDTH: Final = Decimal("0.01")
#: More digits before the point are a mistake.
_MOST_DIGITS: Final = 30
#: Roomy enough for every setting, whatever context the caller works in.
_CONTEXT: Final = Context(prec=_MOST_DIGITS + 4, rounding=ROUND_HALF_UP)
_TAX_KIND: Final = "default_tax"


@attrs.frozen(kw_only=True)
class KeptSettings:
    """What became of typed settings."""

    calculator: Calculator
    #: What is kept in another way than it was typed; nothing is rounded in silence (FEE-13.3).
    warnings: tuple[Problem, ...] = ()


@attrs.frozen(kw_only=True)
class AnyLimitFlexiRate(FlexiRate):
    """A flexible rate whose limit of items may be negative (code `item-limits`).

    A negative limit charges `first_item` and the limit less one times `additional_item`, whatever is bought.

    Source:
        FEE-3, FEE-13.4.
    """

    max_items: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))


@attrs.frozen(kw_only=True)
class TaxOfFee(NoCharge):
    """The calculator of tax rates, on a fee (code `tax-calculator`); it knows no rate there and charges nothing."""

    kind = _TAX_KIND


def read_settings(
    kind: str, typed: Mapping[str, str | None], *, profile: Profile = PRODUCT, path: str = "$"
) -> KeptSettings | Refusal:
    """Return the calculator of *kind* with the settings that somebody *typed*.

    An amount or a percentage is rounded half away from zero to two decimals, and blank is zero; a number of items is
    the whole number at the beginning of the text, zero if there is none; an unknown unit of weight is the kilogram.
    Settings that are left out have their default.

    Refused, below *path*: an unknown kind, an unknown setting, an amount that is no number, and by policy a negative
    limit of items. Settings that are no mapping of names are refused as a whole.
    """
    found: object = typed
    if not isinstance(found, Mapping):
        return Refusal.of(Code.NOT_OBJECT, f"{path}.preferences")
    known = _known_class(kind, profile)
    if known is None:
        return Refusal.of(Code.NOT_ACCEPTED, f"{path}.calculator", found=kind, accepted=calculator_kinds())
    fields = setting_types(known)
    problems, warnings, settings = [], [], {}
    for name, text in typed.items():
        place = f"{path}.preferences.{name}"
        if name not in fields:
            problems.append(problem(Code.UNKNOWN_KEY, place, key=name, accepted=tuple(fields)))
            continue
        read = _read(fields[name], text)
        if isinstance(read, _Unreadable):
            problems.append(problem(read.code, place, found="" if text is None else str(text), **read.parameters))
            continue
        settings[name] = read
        warnings += _warnings(place, text or "", read)
        problems += _refused(known, name, read, place)
    make: Any = known
    return refusal_of(problems) or KeptSettings(calculator=make(**settings), warnings=tuple(warnings))


def setting_types(calculator: type[Calculator]) -> dict[str, object]:
    """Return the settings of a calculator class by name, with their types."""
    fields: Any = attrs.fields(cast("type[attrs.AttrsInstance]", calculator))
    return {field.name: field.type for field in fields}


def typed_text(value: object) -> str:
    """Return the *value* of a setting as somebody would type it."""
    return tiers_text(value) if isinstance(value, tuple) else str(value)


@attrs.frozen
class _Unreadable:
    code: Code
    parameters: Mapping[str, ParameterValue] = attrs.field(factory=dict)


def _known_class(kind: str, profile: Profile) -> type[Calculator] | None:
    if kind == FlexiRate.kind and profile.item_limits is ItemLimits.ANY:
        return AnyLimitFlexiRate
    if kind == _TAX_KIND and profile.tax_calculator is TaxCalculator.KEPT:
        return TaxOfFee
    try:
        return calculator_class(kind)
    except NotFoundError:
        return None


def _refused(known: type[Calculator], name: str, value: object, place: str) -> Iterator[Problem]:
    """Yield why *known* does not take *value* for the setting *name*."""
    fields: Any = attrs.fields_dict(cast("type[attrs.AttrsInstance]", known))
    field = fields[name]
    try:
        if field.validator is not None:
            field.validator(None, field, value)
    except RefusedValueError as error:
        yield cast("Problem", error.problem).under(place)


def _warnings(place: str, typed: str, kept: object) -> list[Problem]:
    """A blank amount is no amount; anything else that is not kept as typed is told."""
    if not typed.strip() or _says(typed, kept):
        return []
    return [problem(Code.SETTING_CHANGED, place, found=typed, kept=str(kept))]


def _says(typed: str, kept: object) -> bool:
    if isinstance(kept, Decimal | int):
        return _NUMBER.fullmatch(typed) is not None and Decimal(typed) == kept
    return typed == typed_text(kept) or isinstance(kept, tuple)  # tiers are read as they are or not at all


# ---------------------------------------------------------------- readers, by the type of the setting


def _read(kind: object, typed: object) -> object:
    # A form may hand over a number, which could be a float.
    if not isinstance(typed, str | None):
        return _Unreadable(Code.NOT_TEXT)
    return _reader_of(kind)(typed or "")


def _reader_of(kind: object) -> Callable[[str], object]:
    readers: Mapping[object, Callable[[str], object]] = {
        Decimal: _amount,
        int: _items,
        WeightUnit: _unit,
        tuple[Tier, ...]: _tiers,
    }
    return readers.get(kind, _unknown)


def _amount(text: str) -> object:
    if not text.strip():
        return Decimal(0)
    if not _NUMBER.fullmatch(text):
        return _Unreadable(Code.BAD_DECIMAL)
    number = Decimal(text)
    if number and number.adjusted() >= _MOST_DIGITS:
        return _Unreadable(Code.BAD_DECIMAL)
    return number.quantize(_HUNDREDTH, context=_CONTEXT)


def _items(text: str) -> object:
    found = _LEADING_INTEGER.match(text)
    return int(found[1]) if found else 0


def _unit(text: str) -> object:
    return WeightUnit(text) if text in tuple(WeightUnit) else WeightUnit.KILOGRAM


def _tiers(text: str) -> object:
    found = read_tiers(text)
    return _Unreadable(Code.BAD_TIERS) if found is None else found


def _unknown(_text: str) -> object:
    return _Unreadable(Code.NOT_TEXT)
