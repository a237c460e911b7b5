"""Explanations in words, in the reader's language."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

import attrs

from ofncore.fees.explain import ExplainedRow, Explanation
from ofncore.fees.reasons import Reason
from ofncore.kernel.catalogue import has_text, text
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.errors import MoneyError
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.refusals import Parameters, ParameterValue
from ofncore.model.calculator import Calculator
from ofncore.model.order import TaxCharge

_INDENT: Final = "  "
#: Weights are told to the gram.
_WEIGHT_DIGITS: Final = 3
#: How much finer than the currency an amount is told before it is rounded.
_FINER_DIGITS: Final = 4
#: Settings of calculators that are amounts of money; the others are percentages, counts and units.
_AMOUNTS: Final = frozenset(
    {"additional_item", "amount", "discount_amount", "first_item", "minimal_amount", "normal_amount", "per_unit"}
)


def explanation_text(explanation: Explanation, locale: str, names: Mapping[EnterpriseId, str]) -> str:
    """Return *explanation* as lines of text.

    Each row tells what it is for, who gets it and how much; below it, by which rule and which taxes.

    Args:
        explanation: The data.
        locale: Of the reader.
        names: Of the enterprises; one that is missing is called by its id.
    """
    return "\n".join(_lines(explanation, locale, names))


def rule_text(reason: Reason, locale: str, currency: str) -> str:
    """Return the rule of a calculator with what it was applied to, such as ``5% of €12.00``.

    The text stands under ``explain.rule.`` and the kind of the calculator; its places are the settings and ``base``. A
    kind without one is only named.
    """
    key = f"explain.rule.{reason.calculator.kind}"
    if not has_text(key):
        return text("explain.rule_of", locale, Parameters.of(kind=reason.calculator.kind))
    settings = dict(_settings(reason.calculator, currency))
    if reason.base is not None:
        settings["base"] = _base(reason.base)
    return text(key, locale, Parameters.of(**settings))


def _lines(explanation: Explanation, locale: str, names: Mapping[EnterpriseId, str]) -> Iterator[str]:
    for row in explanation.rows:
        yield text(f"explain.row.{row.kind}", locale, _row_parameters(row, names))
        yield from (_INDENT + line for line in _below(row, locale))
    if explanation.added_tax:
        yield text("explain.subtotal", locale, Parameters.of(amount=explanation.subtotal))
        yield text("explain.added_tax", locale, Parameters.of(amount=explanation.added_tax))
    yield text("explain.total", locale, Parameters.of(amount=explanation.total))


def _row_parameters(row: ExplainedRow, names: Mapping[EnterpriseId, str]) -> Parameters:
    values: dict[str, ParameterValue] = {
        "label": row.label,
        "who": names.get(row.enterprise, row.enterprise),
        "amount": row.amount,
    }
    if row.quantity is not None and row.unit_price is not None:
        values |= {"quantity": row.quantity, "price": row.unit_price}
    if row.role is not None:
        values["role"] = row.role
    return Parameters.of(**values)


def _below(row: ExplainedRow, locale: str) -> Iterator[str]:
    if row.reason is not None:
        yield rule_text(row.reason, locale, row.amount.currency)
        if row.reason.unlimited is not None:
            free = _finer(row.reason.unlimited, row.amount.currency)
            yield text("explain.limited", locale, Parameters.of(exact=free))
        if row.reason.unrounded != row.amount.minor:
            exact = _finer(row.reason.unrounded, row.amount.currency)
            named = Parameters.of(exact=exact, amount=row.amount)
            yield text("explain.rounded", locale, named)
    yield from (_tax_line(tax, locale) for tax in row.taxes)


def _tax_line(tax: TaxCharge, locale: str) -> str:
    key = "explain.tax.included" if tax.included else "explain.tax.added"
    return text(key, locale, Parameters.of(name=tax.name, amount=tax.amount))


def _settings(calculator: Calculator, currency: str) -> Iterator[tuple[str, ParameterValue]]:
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(calculator))):
        value: Any = getattr(calculator, field.name)
        yield field.name, _amount(value, currency) if field.name in _AMOUNTS else value


def _amount(value: Decimal, currency: str) -> Money | Decimal:
    """A setting may be finer than the currency."""
    try:
        return Money.of(value, currency)
    except MoneyError:
        return value


def _base(base: Money | Fraction | int) -> ParameterValue:
    return _decimal(base, _WEIGHT_DIGITS) if isinstance(base, Fraction) else base


def _finer(minor: Fraction, currency: str) -> Decimal:
    digits = minor_digits(currency)
    return _decimal(minor / 10**digits, digits + _FINER_DIGITS)


def _decimal(exact: Fraction, digits: int) -> Decimal:
    return Decimal(f"{round_fraction(exact * 10**digits)}E-{digits}")
