"""Who gets what there is (SUB-K6, SUB-18 d15, SUB-19 (5))."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.ids import VariantId
from ofncore.subscriptions.allocation import Want, allocate_first_come

keys = st.sampled_from(["eggs", "cheese", "milk"]).map(VariantId)
wants = st.lists(st.builds(Want, st.text("ab", min_size=1, max_size=2), keys, st.integers(0, 12)), max_size=8)
stocks: st.SearchStrategy[dict[VariantId, int | None]] = st.dictionaries(keys, st.none() | st.integers(-5, 30))


def given_of(some: list[Want], stock: Mapping[VariantId, int | None]) -> Counter[VariantId]:
    """Return how many of each variant are given away."""
    allocation = allocate_first_come(some, stock)
    total: Counter[VariantId] = Counter()
    for want, given_ in zip(allocation.wants, allocation.given, strict=True):
        total[want.variant] += given_
    return total


def wanted_of(some: list[Want]) -> Counter[VariantId]:
    """Return how many of each variant are wanted."""
    total: Counter[VariantId] = Counter()
    for want in some:
        total[want.variant] += want.quantity
    return total


@given(wants, stocks)
def test_nobody_gets_more_than_wanted_or_less_than_nothing(
    some: list[Want], stock: dict[VariantId, int | None]
) -> None:
    allocation = allocate_first_come(some, stock)
    assert allocation.wants == tuple(some)
    assert all(0 <= given_ <= want.quantity for want, given_ in zip(some, allocation.given, strict=True))


@given(wants, stocks)
def test_all_there_is_goes_as_far_as_it_is_wanted(some: list[Want], stock: dict[VariantId, int | None]) -> None:
    """Feasible, and nothing is wasted: the sum is the lesser of stock and wants."""
    wanted = wanted_of(some)
    for variant, total in given_of(some, stock).items():
        left = stock.get(variant, 0)
        assert total == (wanted[variant] if left is None else min(wanted[variant], max(left, 0)))


@given(wants, stocks)
def test_who_comes_first_is_served_first(some: list[Want], stock: dict[VariantId, int | None]) -> None:
    """SUB-K6: after the first who went short, nobody gets any of that variant."""
    allocation = allocate_first_come(some, stock)
    run_out: set[VariantId] = set()
    for want, given_ in zip(allocation.wants, allocation.given, strict=True):
        assert want.variant not in run_out or not given_
        if given_ < want.quantity:
            run_out.add(want.variant)


@given(wants, stocks, st.integers(1, 5))
def test_more_stock_gives_nobody_less(some: list[Want], stock: dict[VariantId, int | None], more: int) -> None:
    richer = {key: None if left is None else max(left, 0) + more for key, left in stock.items()}
    before, after = allocate_first_come(some, stock), allocate_first_come(some, richer)
    assert all(one <= two for one, two in zip(before.given, after.given, strict=True))


@given(wants, wants, stocks)
def test_who_comes_later_takes_nothing_from_who_came_before(
    first: list[Want], later: list[Want], stock: dict[VariantId, int | None]
) -> None:
    alone = allocate_first_come(first, stock).given
    assert allocate_first_come([*first, *later], stock).given[: len(first)] == alone


@given(wants, stocks)
def test_the_unmet_wants_are_what_is_missing(some: list[Want], stock: dict[VariantId, int | None]) -> None:
    unmet = allocate_first_come(some, stock).unmet
    assert all(want.quantity > 0 for want in unmet)
    assert wanted_of(list(unmet)) + given_of(some, stock) == +wanted_of(some)


def test_the_last_who_is_served_may_get_a_part() -> None:
    """SUB-18 d15."""
    some = [Want(name, VariantId("eggs"), 3) for name in "abc"]
    assert allocate_first_come(some, {VariantId("eggs"): 5}).given == (3, 2, 0)


def test_a_want_is_of_zero_or_more() -> None:
    with pytest.raises(ValueError, match="must be >= 0"):
        Want("a", VariantId("eggs"), -1)
