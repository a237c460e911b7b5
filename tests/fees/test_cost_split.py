"""A cost of a whole cycle, shared over its orders (FEE-14)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.orders import GOODS, cycle_orders, line, ordered, terms
from ofncore.fees.cost_split import CostSplit, CycleCost, SharedBy, split_cost
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import AdjustmentId, CustomerId, OrderId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import ManualAdjustment, Order, OrderState
from ofncore.testing.worlds import euros

VAN = CycleCost(key="van", label="The van", amount=euros("60.00"), shared_by=SharedBy.ORDER)
TERMS = terms()
COSTS = st.builds(
    CycleCost,
    key=st.sampled_from(["van", "hall/two"]),
    label=st.just("The van"),
    amount=st.integers(min_value=-(10**9), max_value=10**18).map(lambda minor: Money(minor, "EUR")),
    shared_by=st.sampled_from(SharedBy),
    tax_category=st.sampled_from([None, TaxCategoryId("food"), TaxCategoryId("service")]),
)


def split(cost: CycleCost, orders: Sequence[Order]) -> CostSplit:
    found = split_cost(cost, orders, GOODS)
    assert isinstance(found, CostSplit), found
    return found


def shares(cost: CycleCost, orders: Sequence[Order]) -> dict[str, str]:
    return {str(each.order): str(each.amount.amount) for each in split(cost, orders).shares}


def holding(orders: Sequence[Order]) -> set[OrderId]:
    placed = [each for each in orders if each.state not in (OrderState.DRAFT, OrderState.CANCELLED)]
    return {each.id for each in placed if any(line.quantity for line in each.lines)}


@given(COSTS, cycle_orders())
def test_the_shares_add_up_to_the_cost_or_there_is_nobody_to_bear_it(cost: CycleCost, orders: list[Order]) -> None:
    found = split_cost(cost, orders, GOODS)
    if isinstance(found, Refusal):
        assert found.codes == {Code.NOTHING_TO_SHARE}
        return
    assert Money.total((each.amount for each in found.shares), "EUR") == cost.amount
    assert Money.total(found.by_customer.values(), "EUR") == cost.amount
    assert {each.order for each in found.shares} == holding(orders)


@given(COSTS, cycle_orders(), st.randoms(use_true_random=False))
def test_in_what_order_the_orders_come_does_not_matter(cost: CycleCost, orders: list[Order], chance: object) -> None:
    mixed = list(orders)
    chance.shuffle(mixed)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    assert split_cost(cost, mixed, GOODS) == split_cost(cost, orders, GOODS)


@given(COSTS, cycle_orders())
def test_each_share_is_less_than_a_cent_from_its_exact_proportion(cost: CycleCost, orders: list[Order]) -> None:
    found = split_cost(cost, orders, GOODS)
    if isinstance(found, Refusal) or cost.shared_by is SharedBy.CUSTOMER:
        return
    figures = sum((each.figure for each in found.shares), Fraction())
    for each in found.shares:
        assert abs(cost.amount.minor * each.figure / figures - each.amount.minor) < 1


@given(COSTS, cycle_orders())
def test_customers_share_alike_however_many_orders_they_have(cost: CycleCost, orders: list[Order]) -> None:
    found = split_cost(attrs.evolve(cost, shared_by=SharedBy.CUSTOMER), orders, GOODS)
    if isinstance(found, CostSplit):
        parts = [each.minor for each in found.by_customer.values()]
        assert max(parts) - min(parts) <= 1


@given(COSTS, cycle_orders())
def test_set_on_the_orders_twice_is_the_same_as_once(cost: CycleCost, orders: list[Order]) -> None:
    found = split_cost(cost, orders, GOODS)
    if isinstance(found, CostSplit):
        once = [found.adjusted(each, TERMS) for each in orders]
        assert [found.adjusted(each, TERMS) for each in once] == once
        assert split_cost(cost, once, GOODS) == found
        assert Money.total((each.adjustment_total for each in once), "EUR") == cost.amount


@given(COSTS, cycle_orders())
def test_a_cost_of_nothing_takes_back_what_was_set(cost: CycleCost, orders: list[Order]) -> None:
    found = split_cost(cost, orders, GOODS)
    if isinstance(found, CostSplit):
        nothing = split(attrs.evolve(cost, amount=euros("0")), orders)
        for each in orders:
            assert nothing.adjusted(found.adjusted(each, TERMS), TERMS).adjustments == ()


# ---------------------------------------------------------------- named cases


ANNA = ordered("a", line("eggs", 1), line("carrots", 4, 100), customer="anna")
BEN = ordered("b", line("cheese", 3, 680), customer="ben")
BEN_AGAIN = ordered("c", line("eggs", 2), customer="ben")
ALL = (ANNA, BEN, BEN_AGAIN)


@pytest.mark.parametrize(
    ("shared_by", "expected"),
    [
        (SharedBy.ORDER, {"a": "20.00", "b": "20.00", "c": "20.00"}),
        (SharedBy.CUSTOMER, {"a": "30.00", "b": "15.00", "c": "15.00"}),
        # 7.20, 20.40 and 6.40 of 34.00.
        (SharedBy.ITEM_VALUE, {"a": "12.71", "b": "36.00", "c": "11.29"}),
        # 2.37 kg, 0.99999 kg and 0.74 kg.
        (SharedBy.WEIGHT, {"a": "34.60", "b": "14.60", "c": "10.80"}),
        (SharedBy.QUANTITY, {"a": "30.00", "b": "18.00", "c": "12.00"}),
    ],
    ids=str,
)
def test_fee_14_the_van_is_shared_by_the_key_that_was_named(shared_by: SharedBy, expected: dict[str, str]) -> None:
    assert shares(attrs.evolve(VAN, shared_by=shared_by), ALL) == expected


def test_customers_come_before_their_orders() -> None:
    """Half a cent for each of eight orders: two cents for each of two customers, not four for one."""
    orders = [ordered(f"{who}-{number}", line("eggs", 1), customer=who) for who in "ab" for number in range(4)]
    found = split(attrs.evolve(VAN, amount=euros("0.04"), shared_by=SharedBy.CUSTOMER), orders)
    assert found.by_customer == {CustomerId("a"): euros("0.02"), CustomerId("b"): euros("0.02")}


def test_a_weighed_line_counts_as_it_was_found() -> None:
    """FEE-3: the cheese weighs 3 kg in truth."""
    weighed = attrs.evolve(BEN, lines=(attrs.evolve(BEN.lines[0], final_weight=Decimal(3_000)),))
    found = split(attrs.evolve(VAN, shared_by=SharedBy.WEIGHT), (ANNA, weighed))
    assert [each.figure for each in found.shares] == [Fraction("2.37"), Fraction(3)]


def test_the_last_cents_go_to_the_largest_remainders_and_the_first_ids() -> None:
    assert shares(attrs.evolve(VAN, amount=euros("0.02")), ALL) == {"a": "0.01", "b": "0.01", "c": "0.00"}
    by_value = attrs.evolve(VAN, amount=euros("0.01"), shared_by=SharedBy.ITEM_VALUE)
    assert shares(by_value, ALL) == {"a": "0.00", "b": "0.01", "c": "0.00"}


def test_a_gain_is_shared_out_as_less_to_pay() -> None:
    assert shares(attrs.evolve(VAN, amount=euros("-10.00")), ALL) == {"a": "-3.34", "b": "-3.33", "c": "-3.33"}


def test_one_order_bears_all_of_it() -> None:
    assert shares(VAN, [ANNA]) == {"a": "60.00"}


def test_cancelled_and_empty_orders_bear_nothing_and_lose_what_they_bore() -> None:
    cancelled = attrs.evolve(split(VAN, ALL).adjusted(BEN, TERMS), state=OrderState.CANCELLED)
    empty = ordered("d", line("eggs", 0))
    found = split(VAN, (ANNA, cancelled, empty))
    assert found.by_customer == {CustomerId("anna"): euros("60.00")}
    assert found.adjusted(cancelled, TERMS).adjustments == ()
    assert found.share_of(empty.id) is None


def test_an_order_that_bears_nothing_and_bore_nothing_is_left_alone() -> None:
    untaxed = ordered("d", line("eggs", 0), line("leeks", 0, 100, TaxCategoryId("service")))
    elsewhere = attrs.evolve(BEN, lines=(line("cheese", 1, 100, TaxCategoryId("service")),), state=OrderState.CANCELLED)
    assert split(VAN, (ANNA, untaxed, elsewhere)).adjusted(elsewhere, TERMS) == elsewhere


@pytest.mark.parametrize(
    ("currency", "amount", "expected"),
    [("JPY", "100", ["34", "33", "33"]), ("TND", "0.100", ["0.034", "0.033", "0.033"])],
)
def test_shares_are_whole_units_of_their_currency(currency: str, amount: str, expected: list[str]) -> None:
    orders = [
        attrs.evolve(each, currency=currency, lines=(attrs.evolve(each.lines[0], price=Money(100, currency)),))
        for each in ALL
    ]
    assert list(shares(attrs.evolve(VAN, amount=Money.of(amount, currency)), orders).values()) == expected


def test_the_adjustment_keeps_its_id_and_its_place_among_others() -> None:
    other = ManualAdjustment(id=AdjustmentId("cost/a/van-2"), label="Crate", amount=euros("1.00"))
    before = attrs.evolve(split(VAN, ALL).adjusted(ANNA, TERMS), adjustments=())
    first = split(VAN, ALL).adjusted(before, TERMS)
    later = attrs.evolve(first, adjustments=(*first.adjustments, other))
    dearer = split(attrs.evolve(VAN, amount=euros("66.00")), ALL).adjusted(later, TERMS)
    assert [(each.id, each.amount) for each in dearer.adjustments] == [
        ("cost/a/van", euros("22.00")),
        ("cost/a/van-2", euros("1.00")),
    ]


def test_a_share_is_taxed_by_the_category_of_the_cost() -> None:
    taxed = split(attrs.evolve(VAN, tax_category=TaxCategoryId("service")), ALL).adjusted(ANNA, TERMS)
    assert [each.amount for each in taxed.adjustments[0].taxes] == [euros("4.00")]
    assert taxed.total == ANNA.total + euros("24.00")


def test_there_must_be_somebody_to_bear_it() -> None:
    empty = attrs.evolve(ANNA, state=OrderState.CANCELLED)
    assert split_cost(VAN, [empty]) == Refusal.of(
        Code.NOTHING_TO_SHARE, "$.shared_by", label="The van", shared_by=SharedBy.ORDER
    )


def test_a_gift_has_no_value_to_share_by() -> None:
    given_away = ordered("a", line("eggs", 2, 0))
    assert isinstance(split_cost(VAN, [given_away]), CostSplit)
    found = split_cost(attrs.evolve(VAN, shared_by=SharedBy.ITEM_VALUE), [given_away])
    assert isinstance(found, Refusal)


def test_an_order_worth_less_than_nothing_bears_nothing_by_value() -> None:
    returned = ordered("z", line("eggs", 1, -500))
    assert shares(attrs.evolve(VAN, shared_by=SharedBy.ITEM_VALUE), [ANNA, returned]) == {"a": "60.00", "z": "0.00"}


def test_all_problems_are_told_at_once() -> None:
    found = split_cost(attrs.evolve(VAN, key="", label="\x00", amount=Money.of("60", "CHF")), ALL)
    assert isinstance(found, Refusal)
    assert [(each.path, each.code) for each in found.problems] == [
        ("$.key", Code.BAD_LENGTH),
        ("$.label", Code.BAD_TEXT),
        ("$.amount", Code.OTHER_CURRENCY),
    ]


def test_weights_need_the_variants() -> None:
    with pytest.raises(NotFoundError, match="'eggs'"):
        split_cost(attrs.evolve(VAN, shared_by=SharedBy.WEIGHT), ALL)
