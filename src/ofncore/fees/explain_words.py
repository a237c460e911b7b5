"""Explanations in words, in the reader's language."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

import attrs

from ofncore.fees.explain import ExplainedRow, Explanation
from ofncore.fees.reasons import DiscountReason, ItemCharge, Reason
from ofncore.kernel.catalogue import has_text, text
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.errors import MoneyError
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.refusals import Parameters, ParameterValue
from ofncore.model.calculator import Calculator
from ofncore.model.order import TaxCharge
from ofncore.model.voucher import VoucherKind

_INDENT: Final = "  "
#: Weights are told to the gram.
_WEIGHT_DIGITS: Final = 3
#: How much finer than the currency an amount is told before it is rounded.
_FINER_DIGITS: Final = 4
#: A percentage is told to the hundredth of a hundredth.
_PERCENT_DIGITS: Final = 4
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
    return _rule(reason.calculator, None if reason.base is None else _base(reason.base), locale, currency)


def _rule(calculator: Calculator, base: ParameterValue | None, locale: str, currency: str) -> str:
    key = f"explain.rule.{calculator.kind}"
    if not has_text(key):
        return text("explain.rule_of", locale, Parameters.of(kind=calculator.kind))
    settings = dict(_settings(calculator, currency))
    if base is not None:
        settings["base"] = base
    return text(key, locale, Parameters.of(**settings))


def _lines(explanation: Explanation, locale: str, names: Mapping[EnterpriseId, str]) -> Iterator[str]:
    for row in explanation.rows:
        yield text(_row_key(row), locale, _row_parameters(row, names))
        yield from (_INDENT + line for line in _below(row, locale))
    if explanation.added_tax:
        yield text("explain.subtotal", locale, Parameters.of(amount=explanation.subtotal))
        yield text("explain.added_tax", locale, Parameters.of(amount=explanation.added_tax))
    yield text("explain.total", locale, Parameters.of(amount=explanation.total))


def _row_key(row: ExplainedRow) -> str:
    return f"explain.row.{row.kind}" if row.supplier is None else "explain.row.fee_of_supplier"


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
    if row.supplier is not None:
        values["supplier"] = names.get(row.supplier, row.supplier)
    return Parameters.of(**values)


def _below(row: ExplainedRow, locale: str) -> Iterator[str]:
    if row.reason is not None:
        yield from (_by_item if row.reason.items else _at_once)(row.reason, row.amount, locale)
    if row.discounted is not None:
        yield from _by_voucher(row.discounted, row.amount, locale)
    yield from (_tax_line(tax, locale) for tax in row.taxes)


def _at_once(reason: Reason, amount: Money, locale: str) -> Iterator[str]:
    yield rule_text(reason, locale, amount.currency)
    if reason.unlimited is not None:
        yield text("explain.limited", locale, Parameters.of(exact=_finer(reason.unlimited, amount.currency)))
    yield from _rounding(reason.unrounded, amount, locale)


def _by_item(reason: Reason, amount: Money, locale: str) -> Iterator[str]:
    for item in reason.items:
        yield from _item_lines(reason.calculator, item, locale)
    together = Money.total((item.total for item in reason.items), amount.currency)
    if together != amount:
        yield text("explain.limited", locale, Parameters.of(exact=together))


def _item_lines(calculator: Calculator, item: ItemCharge, locale: str) -> Iterator[str]:
    yield _rule(calculator, _item_price(item), locale, item.amount.currency)
    yield from _rounding(item.unrounded, item.amount, locale)
    if item.quantity != 1:
        named = Parameters.of(amount=item.amount, quantity=item.quantity, total=item.total)
        yield text("explain.times", locale, named)


def _item_price(item: ItemCharge) -> Money | Decimal:
    """What a fee on a price with other fees looks at may be finer than the currency."""
    currency = item.amount.currency
    return Money(int(item.price), currency) if item.price.denominator == 1 else _finer(item.price, currency)


def _by_voucher(reason: DiscountReason, amount: Money, locale: str) -> Iterator[str]:
    values: dict[str, ParameterValue] = {
        "percent": _decimal(reason.rate * 100, _PERCENT_DIGITS),
        "base": reason.base,
    }
    kind = VoucherKind.PERCENT
    if reason.voucher is not None and reason.voucher.kind is VoucherKind.FLAT:
        kind = VoucherKind.FLAT
        values["value"] = _amount(reason.voucher.value, amount.currency)
    yield text(f"explain.voucher.{kind}", locale, Parameters.of(**values))
    yield from _rounding(reason.unrounded, amount, locale)
    if reason.included_tax:
        yield text("explain.voucher.included_tax", locale, Parameters.of(amount=reason.included_tax))


def _rounding(exact: Fraction, amount: Money, locale: str) -> Iterator[str]:
    if exact != amount.minor:
        finer = _finer(exact, amount.currency)
        yield text("explain.rounded", locale, Parameters.of(exact=finer, amount=amount))


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
