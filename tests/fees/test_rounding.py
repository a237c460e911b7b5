"""A sum that is rounded once and shared out (FEE-14, rounding)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.rounding import shared_minor
from ofncore.kernel.money import Rounding, round_fraction

exact_parts = st.lists(st.fractions(min_value=-500, max_value=500, max_denominator=1_000), max_size=8)
roundings = st.sampled_from(Rounding)


@given(exact_parts, roundings)
def test_the_parts_add_up_to_the_rounded_sum(exact: list[Fraction], rounding: Rounding) -> None:
    assert sum(shared_minor(exact, rounding)) == round_fraction(sum(exact, Fraction()), rounding)


@given(exact_parts, roundings)
def test_each_part_is_less_than_one_away_from_what_it_is_exactly(exact: list[Fraction], rounding: Rounding) -> None:
    """So a part that is whole stays as it is."""
    parts = shared_minor(exact, rounding)
    assert all(abs(part - each) < 1 for part, each in zip(parts, exact, strict=True))


@given(exact_parts.filter(sum), roundings)
def test_a_refund_takes_back_what_the_charge_gave(exact: list[Fraction], rounding: Rounding) -> None:
    given_back = shared_minor([-each for each in exact], rounding)
    assert given_back == tuple(-part for part in shared_minor(exact, rounding))


@given(st.fractions(min_value=-500, max_value=500), roundings)
def test_a_sum_of_one_is_rounded(exact: Fraction, rounding: Rounding) -> None:
    assert shared_minor([exact], rounding) == (round_fraction(exact, rounding),)


@pytest.mark.parametrize(
    ("exact", "parts"),
    [
        ((), ()),
        (("0.4", "0.4"), (1, 0)),
        (("0.3", "0.4"), (0, 1)),
        (("12.5", "37.5"), (13, 37)),
        (("-12.5", "-37.5"), (-13, -37)),
        (("1.5", "-0.6"), (2, -1)),
        (("0.2", "0.2"), (0, 0)),
    ],
)
def test_the_largest_remainder_gets_what_is_left_over_the_earlier_first(
    exact: tuple[str, ...], parts: tuple[int, ...]
) -> None:
    assert shared_minor([Fraction(each) for each in exact], Rounding.HALF_UP) == parts
