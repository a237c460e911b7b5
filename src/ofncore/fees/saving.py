"""Saving an enterprise fee: what is accepted, and which tax settings are kept.

Source:
    FEE-4, FEE-13.15.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

import attrs

from ofncore.fees.typed_settings import KeptSettings, read_settings, setting_types, typed_text
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.model.calculator import Calculator
from ofncore.model.fee import EnterpriseFee, FeeType

_LONGEST_NAME: Final = 255


class Unchanged(Enum):
    """Stands for a setting that a change leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@attrs.frozen(kw_only=True)
class FeeDraft:
    """A new fee, as somebody typed it; None is what was left out."""

    enterprise: EnterpriseId | None = None
    name: str | None = None
    fee_type: str | None = None
    #: Kind of the calculator, and its settings.
    calculator: str | None = None
    preferences: Mapping[str, str | None] = attrs.field(factory=dict)
    tax_category: TaxCategoryId | None = None
    inherits_tax_category: bool = False


@attrs.frozen(kw_only=True)
class FeeChange:
    """Changes to a fee. What is not named stays as it is."""

    name: str | Unchanged = UNCHANGED
    fee_type: str | Unchanged = UNCHANGED
    #: Kind of another calculator; its settings are then `preferences` alone.
    calculator: str | Unchanged = UNCHANGED
    preferences: Mapping[str, str | None] | Unchanged = UNCHANGED
    tax_category: TaxCategoryId | Unchanged | None = UNCHANGED
    inherits_tax_category: bool | Unchanged = UNCHANGED


@attrs.frozen(kw_only=True)
class SavedFee:
    """A fee that was accepted."""

    fee: EnterpriseFee
    #: Settings that are kept in another way than they were typed.
    warnings: tuple[Problem, ...] = ()


def create_fee(draft: FeeDraft, key: FeeId, *, profile: Profile = PRODUCT) -> SavedFee | Refusal:
    """Return the fee that *draft* asks for, with *key* as its id.

    An own tax category excludes inheriting the product's: where both are asked for, the category is kept.

    Refused, with every reason: no owner, name, type or calculator; an unknown type or calculator; settings that no
    calculator can be made of; inheriting with a calculator that charges per order.
    """
    kept = _calculator(draft.calculator, draft.preferences, profile)
    inherits = draft.inherits_tax_category and draft.tax_category is None
    problems = [
        *_missing_owner(draft.enterprise),
        *_name_problems(draft.name),
        *_type_problems(draft.fee_type),
        *_calculator_problems(kept),
        *_inheritance_problems(kept, inherits=inherits),
    ]
    refusal = refusal_of(problems)
    if refusal is not None or draft.enterprise is None or isinstance(kept, Refusal):
        return refusal or Refusal.of(Code.MISSING_KEY, "$.enterprise", key="enterprise")
    fee = EnterpriseFee(
        id=key,
        enterprise=draft.enterprise,
        name=(draft.name or "").strip(),
        fee_type=FeeType(draft.fee_type or ""),
        calculator=kept.calculator,
        tax_category=draft.tax_category,
        inherits_tax_category=inherits,
    )
    return SavedFee(fee=fee, warnings=kept.warnings)


def change_fee(fee: EnterpriseFee, change: FeeChange, *, profile: Profile = PRODUCT) -> SavedFee | Refusal:
    """Return *fee* as *change* asks for, or a refusal that changes nothing at all (FEE-13.15).

    Naming a tax category turns inheritance off, also where the same change turns it on; else turning it on clears the
    category.
    """
    kept = _changed_calculator(fee, change, profile)
    name = fee.name if change.name is UNCHANGED else change.name
    fee_type = fee.fee_type if change.fee_type is UNCHANGED else change.fee_type
    category, inherits = _changed_tax(fee, change)
    refusal = refusal_of(
        [
            *_name_problems(name),
            *_type_problems(fee_type),
            *_calculator_problems(kept),
            *_inheritance_problems(kept, inherits=inherits),
        ]
    )
    if isinstance(kept, Refusal):
        return refusal or kept
    if refusal is not None:
        return refusal
    changed = attrs.evolve(
        fee,
        name=name.strip(),
        fee_type=FeeType(fee_type),
        calculator=kept.calculator,
        tax_category=category,
        inherits_tax_category=inherits,
    )
    return SavedFee(fee=changed, warnings=kept.warnings)


# ---------------------------------------------------------------- calculators and tax


def _calculator(kind: str | None, preferences: Mapping[str, str | None], profile: Profile) -> KeptSettings | Refusal:
    if kind is None:
        return Refusal.of(Code.MISSING_KEY, "$.calculator", key="calculator")
    return read_settings(kind, preferences, profile=profile)


def _changed_calculator(fee: EnterpriseFee, change: FeeChange, profile: Profile) -> KeptSettings | Refusal:
    typed = {} if isinstance(change.preferences, Unchanged) else change.preferences
    if isinstance(change.calculator, Unchanged):
        if isinstance(change.preferences, Unchanged):
            return KeptSettings(calculator=fee.calculator)
        return _with_settings(fee.calculator, typed, profile)
    return read_settings(change.calculator, typed, profile=profile)


def _with_settings(calculator: Calculator, typed: Mapping[str, str | None], profile: Profile) -> KeptSettings | Refusal:
    """Settings that are not named stay as they are."""
    kept = {name: typed_text(getattr(calculator, name)) for name in setting_types(type(calculator))}
    return read_settings(calculator.kind, {**kept, **typed}, profile=profile)


def _changed_tax(fee: EnterpriseFee, change: FeeChange) -> tuple[TaxCategoryId | None, bool]:
    category = fee.tax_category if isinstance(change.tax_category, Unchanged) else change.tax_category
    asked = change.inherits_tax_category
    inherits = fee.inherits_tax_category if isinstance(asked, Unchanged) else asked
    if not isinstance(change.tax_category, Unchanged) and category is not None:
        return category, False
    return (None, True) if inherits else (category, False)


# ---------------------------------------------------------------- problems


def _missing_owner(enterprise: EnterpriseId | None) -> Iterator[Problem]:
    if enterprise is None:
        yield problem(Code.MISSING_KEY, "$.enterprise", key="enterprise")


def _name_problems(name: str | None) -> Iterator[Problem]:
    length = len((name or "").strip())
    if not 1 <= length <= _LONGEST_NAME:
        yield problem(Code.BAD_LENGTH, "$.name", length=length, lowest=1, highest=_LONGEST_NAME)


def _type_problems(fee_type: str | None) -> Iterator[Problem]:
    if fee_type not in tuple(FeeType):
        yield problem(Code.NOT_ACCEPTED, "$.fee_type", found=fee_type or "", accepted=tuple(FeeType))


def _calculator_problems(kept: KeptSettings | Refusal) -> Iterator[Problem]:
    if isinstance(kept, Refusal):
        yield from kept.problems


def _inheritance_problems(kept: KeptSettings | Refusal, *, inherits: bool) -> Iterator[Problem]:
    if inherits and isinstance(kept, KeptSettings) and kept.calculator.per_order:
        yield problem(Code.ORDER_FEE_INHERITS_TAX, "$.inherits_tax_category", calculator=kept.calculator.kind)
