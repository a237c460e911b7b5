"""Instants, and the days of a shop.

An instant is an aware datetime; it is kept in UTC. Rules compare instants. Only what a person picks or reads
(a date, "closes Tuesday at 20:00") goes through the time zone of the shop, here.

Source:
    CYC-3 (everything compares instants), SUB-18 d9 (a picked day begins at its first instant and ends at its last).
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ofncore.kernel.errors import NaiveInstantError


def as_instant(value: datetime) -> datetime:
    """Return *value* in UTC.

    Raises:
        NaiveInstantError: *value* has no time zone, or is no datetime at all.
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise NaiveInstantError(value)
    return value.astimezone(UTC)


def optional_instant(value: datetime | None) -> datetime | None:
    """Return *value* in UTC, or None."""
    return None if value is None else as_instant(value)


def day_begins(day: date, zone: str) -> datetime:
    """Return the first instant of *day* in the time zone named *zone*."""
    return _local_midnight(day, zone)


def day_ends(day: date, zone: str) -> datetime:
    """Return the last instant of *day* in the time zone named *zone*, to the microsecond."""
    return _local_midnight(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def _local_midnight(day: date, zone: str) -> datetime:
    # fold=0 takes the first of two midnights; where midnight does not exist the round trip moves it forward.
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """Return *instant* as the clock of *zone* shows it."""
    return as_instant(instant).astimezone(ZoneInfo(zone))


def iso(instant: datetime) -> str:
    """Return *instant* as text in UTC: 2026-03-05T18:00:00Z, with microseconds only if there are some."""
    return as_instant(instant).replace(tzinfo=None).isoformat() + "Z"
