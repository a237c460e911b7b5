"""Profiles: which of two defensible rules applies."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from ofncore.kernel.policies import DEVIATIONS, OFN, PRODUCT, Profile

DUE = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_the_register_names_every_policy_in_which_the_two_profiles_differ_once() -> None:
    """CYC-14.1, FEE-13."""
    differing = {
        field.name
        for field in attrs.fields(Profile)
        if field.name != "name" and getattr(OFN, field.name) != getattr(PRODUCT, field.name)
    }
    assert sorted(DEVIATIONS.values()) == sorted(differing)


def test_switching_every_code_makes_one_profile_the_other() -> None:
    assert attrs.evolve(PRODUCT.switched(DEVIATIONS, to=OFN), name="ofn") == OFN
    assert attrs.evolve(OFN.switched(DEVIATIONS, to=PRODUCT), name="product") == PRODUCT


@pytest.mark.parametrize("code", sorted(DEVIATIONS))
def test_switching_a_code_changes_its_policy_alone(code: str) -> None:
    switched = PRODUCT.switched([code], to=OFN)
    assert switched.name == f"product+{code}"
    assert attrs.evolve(switched, name="product", **{DEVIATIONS[code]: getattr(PRODUCT, DEVIATIONS[code])}) == PRODUCT
    assert switched != attrs.evolve(PRODUCT, name=switched.name)


def test_a_code_outside_the_register_cannot_be_switched() -> None:
    with pytest.raises(KeyError, match="made-up"):
        PRODUCT.switched(["bounds", "made-up"], to=OFN)


@pytest.mark.parametrize("code", sorted(DEVIATIONS))
def test_every_code_of_the_register_is_documented(code: str) -> None:
    policies = Path(__file__).parents[2] / "docs" / "policies.md"
    assert f"| `{code}` |" in policies.read_text("utf-8")


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
