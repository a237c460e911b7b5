"""Tiers as somebody types them: ``0:10%;100:8%+2.50`` is 10 % at first, and 8 % and 2.50 from 100.00 on.

Source:
    FEE-14 (tiers).
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ofncore.fees.tiers import Tier

_NUMBER: Final = r"[0-9]{1,15}(?:\.[0-9]{1,2})?"
#: A beginning, then a percentage with or without an amount, or an amount alone.
_TIER: Final = re.compile(
    rf"(?P<begins>{_NUMBER}):(?:(?P<percent>-?{_NUMBER})%(?P<beside>[+-]{_NUMBER})?|(?P<alone>-?{_NUMBER}))"
)
_NOTHING: Final = "0"


def read_tiers(typed: str) -> tuple[Tier, ...] | None:
    """Return the tiers of *typed*, none for a blank one; None if it does not say tiers. Blanks do not matter."""
    texts = [text for text in re.sub(r"\s", "", typed).split(";") if text]
    found = [_TIER.fullmatch(text) for text in texts]
    tiers = tuple(_tier(each) for each in found if each)
    return tiers if len(tiers) == len(texts) else None


def tiers_text(tiers: Sequence[Tier]) -> str:
    """Return *tiers* as `read_tiers` reads them."""
    return ";".join(f"{tier.from_amount:f}:{_charge_text(tier)}" for tier in tiers)


def _tier(found: re.Match[str]) -> Tier:
    return Tier(
        from_amount=Decimal(found["begins"]),
        percent=Decimal(found["percent"] or _NOTHING),
        amount=Decimal(found["beside"] or found["alone"] or _NOTHING),
    )


def _charge_text(tier: Tier) -> str:
    beside = f"{tier.amount:+f}" if tier.amount else ""
    return f"{tier.percent:f}%{beside}"
