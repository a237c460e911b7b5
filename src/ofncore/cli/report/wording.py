"""Amounts, instants and counts, as the report writes them: in English."""

from datetime import datetime
from functools import cache

from babel.dates import format_datetime

from ofncore.kernel.catalogue import shown
from ofncore.kernel.instants import local
from ofncore.kernel.money import Money

LOCALE = "en"


@cache
def money(amount: Money) -> str:
    """Return *amount* with its currency sign."""
    return shown(amount, LOCALE)


def counted(number: int, thing: str) -> str:
    """Return *number* of *thing*, whose plural ends in s."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def day(instant: datetime, zone: str) -> str:
    """Return the day of *instant* in *zone*, such as ``Thu 5 Mar``."""
    return _formatted(instant, zone, "EEE d MMM")


def day_and_year(instant: datetime, zone: str) -> str:
    """Return the day of *instant* in *zone*, such as ``5 March 2026``."""
    return _formatted(instant, zone, "d MMMM y")


def clock(instant: datetime, zone: str) -> str:
    """Return day and time of *instant* in *zone*, such as ``Thu 5 Mar 18:00``."""
    return _formatted(instant, zone, "EEE d MMM HH:mm")


def percent(part: int, whole: int) -> str:
    """Return *part* of *whole* as a percentage with one decimal, rounded half up."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"


def whole_percent(part: int, whole: int) -> str:
    """Return *part* of *whole* as a percentage without decimals, rounded half up."""
    return f"{(200 * part + whole) // (2 * whole) if whole else 0} %"


def _formatted(instant: datetime, zone: str, pattern: str) -> str:
    return format_datetime(local(instant, zone).replace(tzinfo=None), pattern, locale=LOCALE)
