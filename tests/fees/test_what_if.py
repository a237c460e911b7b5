"""What other fees would give, on a price list and on the orders of a cycle (FEE-14)."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fees.orders import GOODS, cycle_orders, line, ordered, tariff, terms
from fees.strategies import Market, cycles, fees, markets
from ofncore.fees.price_book import price_book
from ofncore.fees.shares import SharingRules
from ofncore.fees.tariff import Tariff
from ofncore.fees.what_if import FeeProposal, OrdersCompared, compare_orders, compare_prices
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import AdjustmentId, FeeId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import EnterpriseFee
from ofncore.model.order import ManualAdjustment, Order, OrderState
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

KEYS = tuple(FeeId(f"fee-{number}") for number in range(3))


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Return tariffs with up to three fees anywhere in the cycle."""
    return tariff(cycle=draw(cycles(KEYS)), fees={key: draw(fees(key)) for key in KEYS})


def compared(orders: list[Order], before: Tariff, after: Tariff, **options: Any) -> OrdersCompared:  # noqa: ANN401
    keys = [each.id for each in orders]
    return compare_orders(orders, dict.fromkeys(keys, before), dict.fromkeys(keys, after), currency="EUR", **options)


@settings(max_examples=40)
@given(cycle_orders(), tariffs(), tariffs())
def test_what_buyers_pay_more_is_what_enterprises_get_more(orders: list[Order], before: Tariff, after: Tariff) -> None:
    found = compared(orders, before, after)
    assert Money.total((each.difference for each in found.enterprises), "EUR") == found.difference
    assert Money.total((each.difference for each in found.orders), "EUR") == found.difference
    assert Money.total((each.before for each in found.enterprises), "EUR") == found.before
    assert Money.total((each.after for each in found.enterprises), "EUR") == found.after


@settings(max_examples=40)
@given(cycle_orders(), tariffs(), tariffs())
def test_the_other_way_round_every_difference_is_the_opposite(
    orders: list[Order], before: Tariff, after: Tariff
) -> None:
    there, back = compared(orders, before, after), compared(orders, after, before)
    assert [-each.difference for each in there.orders] == [each.difference for each in back.orders]
    assert [(each.enterprise, -each.difference) for each in there.enterprises] == [
        (each.enterprise, each.difference) for each in back.enterprises
    ]


@settings(max_examples=40)
@given(cycle_orders(), tariffs())
def test_the_same_fees_make_no_difference(orders: list[Order], by: Tariff) -> None:
    found = compared(orders, by, by)
    assert not found.difference
    assert not any(each.difference for each in found.orders)
    assert not any(each.difference for each in found.enterprises)


@settings(max_examples=40)
@given(cycle_orders(), tariffs(), tariffs(), tariffs())
def test_what_was_charged_before_does_not_matter(
    orders: list[Order], earlier: Tariff, before: Tariff, after: Tariff
) -> None:
    charged = [each.before for each in compared(orders, earlier, earlier).orders]
    assert compared(charged, before, after) == compared([each for each in orders if each.is_placed], before, after)


@settings(max_examples=40)
@given(cycle_orders(), tariffs(), tariffs(), st.randoms(use_true_random=False))
def test_in_what_order_the_orders_come_does_not_matter(
    orders: list[Order],
    before: Tariff,
    after: Tariff,
    chance: Any,  # noqa: ANN401 - a random.Random
) -> None:
    mixed = list(orders)
    chance.shuffle(mixed)
    assert compared(mixed, before, after) == compared(orders, before, after)


@settings(max_examples=40)
@given(markets(), cycles(KEYS), st.tuples(*map(fees, KEYS)))
def test_prices_are_those_of_the_price_books(
    market: Market, cycle: OrderCycle, found: tuple[EnterpriseFee, ...]
) -> None:
    proposed = FeeProposal(fees=found, cycle=cycle).terms(market.terms)
    listed = tuple(market.variants.values())
    old, new = price_book(market.terms, listed), price_book(proposed, listed)
    changes = compare_prices(market.terms, proposed, listed)
    assert [(each.variant, each.before, each.after) for each in changes] == [(key, old[key], new[key]) for key in old]
    for each in changes:
        assert each.difference == each.after.fee_total - each.before.fee_total


# ---------------------------------------------------------------- named cases


TEN = tariff(cycle=worlds.order_cycle(), fees={FeeId("admin-fee"): worlds.fee()})
ANNA = ordered("a", line("eggs", 2), customer="anna")
BEN = ordered("b", line("eggs", 1), customer="ben")
NONE_KEEP_TAX = SharingRules(tax_keepers=())


def percent(percent: int | Decimal, **changes: object) -> EnterpriseFee:
    settings = worlds.calculator("flat_percent_per_item", flat_percent=Decimal(percent))
    return worlds.fee("admin-fee", calculator=settings, **changes)


def proposed(proposal: FeeProposal) -> Tariff:
    return attrs.evolve(TEN, terms=proposal.terms(TEN.terms))


def test_fee_14_fifteen_percent_in_place_of_ten() -> None:
    found = compared([ANNA, BEN], TEN, proposed(FeeProposal(fees=(percent(15),))))
    assert [(each.order, each.difference) for each in found.orders] == [("a", euros("0.32")), ("b", euros("0.16"))]
    assert [(each.enterprise, each.before, each.after) for each in found.enterprises] == [
        ("farm", euros("9.60"), euros("9.60")),
        ("hub", euros("0.96"), euros("1.44")),
    ]
    assert (found.before, found.after, found.difference) == (euros("10.56"), euros("11.04"), euros("0.48"))


def test_fee_14_the_fee_of_another_enterprise_moves_its_money() -> None:
    found = compared([ANNA], TEN, proposed(FeeProposal(fees=(percent(10, enterprise="farm"),))))
    assert [(each.enterprise, each.difference) for each in found.enterprises] == [
        ("farm", euros("0.64")),
        ("hub", euros("-0.64")),
    ]
    assert not found.difference


def test_a_fee_may_be_taken_away_from_the_cycle() -> None:
    without = FeeProposal(cycle=worlds.order_cycle(coordinator_fees=()))
    assert compared([ANNA], TEN, proposed(without)).difference == euros("-0.64")
    changes = compare_prices(TEN.terms, without.terms(TEN.terms), [GOODS[ANNA.lines[0].variant]])
    assert [each.difference for each in changes] == [euros("-0.32")]


def test_a_proposal_of_nothing_changes_nothing() -> None:
    assert FeeProposal().terms(TEN.terms) == TEN.terms


def test_orders_that_do_not_count_are_left_out() -> None:
    gone = [attrs.evolve(ANNA, state=state) for state in (OrderState.CANCELLED, OrderState.DRAFT)]
    assert compared(gone, TEN, TEN) == OrdersCompared(currency="EUR", orders=(), enterprises=())


def test_adjustments_stay_on_both_sides() -> None:
    adjusted = attrs.evolve(
        ANNA, adjustments=(ManualAdjustment(id=AdjustmentId("crate"), label="Crate", amount=euros("2.00")),)
    )
    found = compared([adjusted], TEN, TEN)
    assert found.before == found.after == euros("9.04")


def test_who_gets_what_follows_the_rules_given() -> None:
    """5.5 % of 6.40 are 0.33: the farm's, or the hub's if the farm declares no tax."""
    taxed = ordered("a", line("eggs", 2, 320, TaxCategoryId("food")))
    free = tariff(cycle=worlds.order_cycle(coordinator_fees=()))
    for rules, due in (
        (SharingRules(), {"farm": "6.40", "hub": "0.00"}),
        (NONE_KEEP_TAX, {"farm": "6.07", "hub": "0.33"}),
    ):
        found = compared([taxed], free, free, rules=rules)
        assert {each.enterprise: str(each.before.amount) for each in found.enterprises} == due


def test_adjustments_are_taxed_as_the_rest() -> None:
    adjustment = ManualAdjustment(
        id=AdjustmentId("crate"), label="Crate", amount=euros("2.00"), tax_category=TaxCategoryId("service")
    )
    assert compared([attrs.evolve(ANNA, adjustments=(adjustment,))], TEN, TEN).before == euros("9.44")


def test_each_order_is_rounded_as_it_was() -> None:
    """FEE-3: 144 at 0.15 with 3.33 % give nothing by the unit, 0.72 by the line."""
    by = attrs.evolve(TEN, terms=FeeProposal(fees=(percent(Decimal("3.33")),)).terms(TEN.terms))
    crate = ordered("a", line("eggs", 144, 15))
    assert compared([crate], TEN, by).after == euros("21.60")
    by_line = attrs.evolve(crate, rounding=RoundingPolicy.PER_LINE)
    assert compared([by_line], TEN, by).after == euros("22.32")


def test_orders_in_another_currency_cannot_be_compared() -> None:
    with pytest.raises(CurrencyMismatchError):
        compare_orders([ANNA], {ANNA.id: TEN}, {ANNA.id: TEN}, currency="CHF")


def test_terms_without_orders_are_compared_by_their_prices_alone() -> None:
    assert compare_prices(terms(), terms(), []) == ()
