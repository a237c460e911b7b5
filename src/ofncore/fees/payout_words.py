"""What one enterprise is paid, in words for it to read.

Source:
    FEE-11 (payout to suppliers), FEE-14 (who gets what).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from ofncore.fees.payouts import Payout, PayoutRow
from ofncore.fees.shares import PartKind
from ofncore.kernel.catalogue import text
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters

_INDENT: Final = "  "


def payout_text(payout: Payout, locale: str, name: str, variants: Mapping[VariantId, str]) -> str:
    """Return *payout* as lines of text.

    Each variant, and all that is on whole orders, has its amount, and below it what that is made of: goods, fees, tax
    and so on, as far as they are not zero. At the end is the total, made up in the same way. What stands below an
    amount adds up to it, and the rows add up to the total.

    Args:
        payout: The data.
        locale: Of the reader.
        name: Of the enterprise.
        variants: Names of the variants; one that is missing is called by its id.
    """
    return "\n".join(_lines(payout, locale, name, variants))


def _lines(payout: Payout, locale: str, name: str, variants: Mapping[VariantId, str]) -> Iterator[str]:
    yield text("payout.title", locale, Parameters.of(who=name))
    for row in payout.rows:
        if row.quantity or row.by_kind:
            yield _head(row, locale, variants)
            yield from _made_of(row.by_kind, locale)
    yield text("payout.total", locale, Parameters.of(amount=payout.total))
    yield from _made_of(payout.by_kind, locale)


def _head(row: PayoutRow, locale: str, variants: Mapping[VariantId, str]) -> str:
    if row.variant is None:
        return text("payout.row.orders", locale, Parameters.of(amount=row.total))
    named = Parameters.of(label=variants.get(row.variant, row.variant), quantity=row.quantity, amount=row.total)
    return text("payout.row.goods" if row.quantity else "payout.row.others_goods", locale, named)


def _made_of(amounts: Mapping[PartKind, Money], locale: str) -> Iterator[str]:
    for kind, amount in amounts.items():
        yield _INDENT + text("payout.part", locale, Parameters.of(kind=kind, amount=amount))
