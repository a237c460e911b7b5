"""The labels of taxes and of what a voucher takes off, in the reader's language.

Source:
    FEE-8 (Label), FEE-10.
"""

from decimal import Context, Decimal, localcontext
from typing import Final

from ofncore.kernel.catalogue import format_locale, text
from ofncore.model.fee import TaxRate
from ofncore.model.order import Discount, TaxCharge

#: Roomy enough for the percentage of any rate, whatever the caller works in.
_EXACT: Final = Context(prec=28)


def tax_label(charge: TaxCharge, rate: TaxRate | None, *, category: str = "", locale: str = "en") -> str:
    """Return what *charge* is called: such as ``VAT 20.0%`` or ``Refund VAT 20.0% (Included in price)``.

    An amount below zero is a refund, whatever it is on. A percentage that *rate* does not show leaves its space.

    Args:
        charge: The tax, with the name its rate had.
        rate: The rate it was charged at; without it no percentage is told.
        category: Name of the tax category, for a rate without a name.
        locale: Of the reader.
    """
    label = charge.name or category
    if rate is not None:
        label += " " + (_percentage(rate.amount, locale) if rate.shows_percentage else "")
    if charge.amount.minor < 0:
        label = f"{text('tax.label.refund', locale)} {label}"
    is_inside = charge.included if rate is None else rate.included_in_price
    return f"{label} {text('tax.label.included', locale)}" if is_inside else label


def voucher_label(discount: Discount, *, locale: str = "en") -> str:
    """Return what *discount* is called: the code of its voucher, or ``Tax`` and the code."""
    return text("tax.label.voucher", locale, {"code": discount.code}) if discount.is_tax_part else discount.code


def _percentage(amount: Decimal, locale: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - large, so late

    # At least one decimal, and at most the three that a rate of five decimals can have.
    with localcontext(_EXACT):
        number = format_decimal(amount.scaleb(2), "0.0##", locale=format_locale(locale), decimal_quantization=False)
    return text("tax.label.percentage", locale, {"number": number})
