"""The JSON form of money."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from ofncore.formats.keys import check_keys
from ofncore.formats.problems import Findings, refused
from ofncore.formats.scalars import read_decimal, read_text, write_decimal
from ofncore.formats.shown import shown
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import MINOR_DIGITS
from ofncore.kernel.errors import MoneyError
from ofncore.kernel.money import Money


def read_currency(value: object) -> str:
    """Return a currency code of ISO 4217."""
    text = read_text(value)
    if text not in MINOR_DIGITS:
        raise refused(Code.BAD_CURRENCY, found=shown(text))
    return text


_READERS: Final[Mapping[str, Callable[[object], object]]] = {"amount": read_decimal, "currency": read_currency}


def read_money(data: object) -> Money:
    """Return money from ``{"amount": "12.50", "currency": "EUR"}``; it may have fewer decimals than its currency."""
    if not isinstance(data, Mapping):
        raise refused(Code.NOT_OBJECT, found=shown(data))
    findings, values = Findings(), dict[str, Any]()
    check_keys(data, accepted=_READERS, required=_READERS, findings=findings)
    for key, read in _READERS.items():
        if key in data:
            findings.read_into(values, key, read, data[key])
    findings.check()
    return _exact(values["amount"], values["currency"])


def _exact(amount: Decimal, currency: str) -> Money:
    try:
        return Money.of(amount, currency)
    except MoneyError:
        found, decimals = shown(str(amount)), MINOR_DIGITS[currency]
        raise refused(Code.TOO_FINE, "$.amount", found=found, currency=currency, decimals=decimals) from None


def write_money(money: Money) -> dict[str, object]:
    """Return *money* with all the decimals of its currency."""
    return {"amount": write_decimal(money.amount), "currency": money.currency}
