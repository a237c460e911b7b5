"""Profiles: which of two defensible rules applies."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ofncore.kernel.money import Rounding
from ofncore.kernel.policies import OFN, PRODUCT, CycleBounds, Profile

DUE = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_the_two_profiles_differ_in_their_bounds_alone() -> None:
    """CYC-14.1."""
    assert PRODUCT.cycle_bounds is CycleBounds.INCLUDED
    assert attrs.evolve(PRODUCT, name="ofn", cycle_bounds=CycleBounds.EXCLUDED) == OFN
    assert PRODUCT.rounding is Rounding.HALF_UP


@pytest.mark.parametrize(
    ("after", "late"),
    [(-TICK, False), (timedelta(), False), (timedelta(hours=1), False), (timedelta(hours=1) + TICK, True)],
)
def test_work_is_late_more_than_an_hour_after_it_fell_due(after: timedelta, late: bool) -> None:  # noqa: FBT001 - a column
    """CYC-14.9, SUB-17.4."""
    assert PRODUCT.late_mark(DUE, DUE + after) == (DUE + after if late else None)


def test_a_host_may_choose_when_work_is_late() -> None:
    patient = Profile(name="patient", punctuality=timedelta(days=1))
    assert patient.late_mark(DUE, DUE + timedelta(days=1)) is None
    assert patient.late_mark(DUE, DUE + timedelta(days=1, seconds=1)) is not None
