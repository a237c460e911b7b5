"""Instants are aware and kept in UTC; days are those of a shop's clock (CYC-3, SUB-18 d9)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.errors import NaiveInstantError, OfncoreError
from ofncore.kernel.instants import as_instant, day_begins, day_ends, iso, local, optional_instant
from ofncore.testing.strategies import instants

TICK = timedelta(microseconds=1)
#: Half-hour changes, changes at midnight, a day that never was, midnights that come twice.
ZONES = (
    "Europe/Paris",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Havana",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
)
zones = st.sampled_from(ZONES)
days = st.dates(date(2000, 1, 1), date(2037, 12, 30))
NAIVE = datetime(2026, 3, 3, 12, 0)  # noqa: DTZ001 - what is to be refused


@pytest.mark.parametrize("take", [as_instant, optional_instant, iso, lambda value: local(value, "UTC")])
def test_an_instant_without_a_time_zone_is_refused(take: Callable[[datetime], object]) -> None:
    with pytest.raises(NaiveInstantError, match="needs a time zone") as caught:
        take(NAIVE)
    assert isinstance(caught.value, OfncoreError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("value", [date(2026, 3, 3), "2026-03-03T12:00:00Z", 1772539200, None])
def test_what_is_no_date_and_time_is_no_instant(value: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(NaiveInstantError):
        as_instant(value)


@given(instants())
def test_an_instant_is_kept_in_utc(instant: datetime) -> None:
    assert as_instant(instant) == instant
    assert as_instant(instant).tzinfo is UTC
    assert as_instant(as_instant(instant)) == as_instant(instant)


def test_a_missing_instant_stays_missing() -> None:
    assert optional_instant(None) is None
    assert optional_instant(datetime(2026, 3, 3, tzinfo=UTC)) == datetime(2026, 3, 3, tzinfo=UTC)


@given(instants(), zones)
def test_a_local_time_is_the_same_instant(instant: datetime, zone: str) -> None:
    shown = local(instant, zone)
    assert shown.astimezone(UTC) == as_instant(instant)
    assert str(shown.tzinfo) == zone


@given(instants())
def test_written_instants_are_read_again(instant: datetime) -> None:
    assert datetime.fromisoformat(iso(instant)) == instant
    assert iso(instant).endswith("Z")


def test_microseconds_are_written_only_if_there_are_some() -> None:
    paris = timezone(timedelta(hours=1))
    assert iso(datetime(2026, 3, 5, 19, 0, tzinfo=paris)) == "2026-03-05T18:00:00Z"
    assert iso(datetime(2026, 3, 5, 18, 0, 0, 250, tzinfo=UTC)) == "2026-03-05T18:00:00.000250Z"


@given(days, zones)
def test_a_day_begins_with_its_first_instant(day: date, zone: str) -> None:
    begins = day_begins(day, zone)
    assert local(begins, zone).date() >= day
    assert local(begins - TICK, zone).date() < day


@given(days, zones)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    assert day_ends(day, zone) + TICK == day_begins(day + timedelta(days=1), zone)


@given(instants(min_value=datetime(2000, 1, 2, tzinfo=UTC), max_value=datetime(2037, 12, 30, tzinfo=UTC)), zones)
def test_every_instant_lies_within_its_own_local_day(instant: datetime, zone: str) -> None:
    day = local(instant, zone).date()
    assert day_begins(day, zone) <= instant <= day_ends(day, zone)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", date(2026, 3, 29), 23.0),
        ("Europe/Paris", date(2026, 10, 25), 25.0),
        ("Europe/Paris", date(2026, 7, 1), 24.0),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        # The clocks went forward at midnight: the day began at one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), 23.0),
        ("America/Sao_Paulo", date(2018, 2, 17), 25.0),
        # Midnight came twice; the day began with the first.
        ("America/Havana", date(2026, 11, 1), 25.0),
        # Samoa went over the date line: this day never was.
        ("Pacific/Apia", date(2011, 12, 30), 0.0),
        ("Pacific/Apia", date(2011, 12, 29), 24.0),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(zone: str, day: date, hours: float) -> None:
    assert day_ends(day, zone) + TICK - day_begins(day, zone) == timedelta(hours=hours)


def test_a_day_of_paris_begins_an_hour_or_two_before_that_of_utc() -> None:
    assert iso(day_begins(date(2026, 3, 29), "Europe/Paris")) == "2026-03-28T23:00:00Z"
    assert iso(day_ends(date(2026, 3, 29), "Europe/Paris")) == "2026-03-29T21:59:59.999999Z"


def test_a_day_without_midnight_begins_where_the_clock_lands() -> None:
    begins = day_begins(date(2018, 11, 4), "America/Sao_Paulo")
    assert local(begins, "America/Sao_Paulo") == datetime(2018, 11, 4, 1, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))
