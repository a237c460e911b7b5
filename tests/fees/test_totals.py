"""Totals of orders with a voucher and manual adjustments (FEE-8, FEE-10, FEE-11)."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import flat_voucher, orders, percent_voucher, vouchers
from ofncore.fees.manual import with_adjustment, without_adjustment
from ofncore.fees.tax import TaxRules
from ofncore.fees.terms import PricingTerms
from ofncore.fees.totals import extras_total, shown_tax_total, tax_by_rate
from ofncore.fees.vouchers import discountable_total, with_voucher, with_voucher_again
from ofncore.kernel.ids import AdjustmentId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN
from ofncore.model.order import ManualAdjustment, Order
from ofncore.model.voucher import Voucher
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FOOD = TaxCategoryId("food")
RATE = worlds.tax_rate(included_in_price=False)
FIVE_OFF = flat_voucher(5)


def terms(currency: str = "EUR") -> PricingTerms:
    """Return terms without fees, with 5.5 % added to food."""
    shop = worlds.enterprise("hub", currency=currency)
    return PricingTerms(cycle=worlds.order_cycle(coordinator_fees=()), distributor=shop, fees={}, tax_rates=(RATE,))


def order(amount: str = "20.00") -> Order:
    return worlds.order(lines=(worlds.order_line(price=euros(amount)),))


def thanks(amount: Money, category: TaxCategoryId | None = FOOD, key: str = "thanks") -> ManualAdjustment:
    return ManualAdjustment(id=AdjustmentId(key), label="Thanks", amount=amount, tax_category=category)


# ---------------------------------------------------------------- laws


@given(orders())
def test_totals_are_sums_of_their_parts(found: Order) -> None:
    taxes = Money.total((tax.amount for tax in found.tax_charges()), found.currency)
    assert found.added_tax_total + found.included_tax_total == taxes
    assert Money.total(tax_by_rate(found).values(), found.currency) == taxes
    assert found.total == found.item_total + extras_total(found)
    assert found.total == discountable_total(found) + found.adjustment_total + found.discount_total


@given(orders(), vouchers())
def test_a_voucher_replaces_the_one_before(found: Order, voucher: Voucher) -> None:
    once = with_voucher(found, voucher)
    assert with_voucher(once, voucher) == once
    assert with_voucher(once, None) == attrs.evolve(found, discounts=())


@given(orders(), vouchers())
def test_a_voucher_computed_again_on_the_same_order_takes_the_same_off(found: Order, voucher: Voucher) -> None:
    once = with_voucher(found, voucher)
    assert with_voucher_again(once, voucher) == once
    assert with_voucher_again(once, None).total == once.total
    assert with_voucher_again(with_voucher(found, None), voucher).discounts == ()


@given(orders(), vouchers(), st.integers(-5_000, 5_000))
def test_an_adjustment_changes_the_total_by_itself_and_its_added_tax(
    found: Order, voucher: Voucher, minor: int
) -> None:
    """FEE-10: the voucher is not computed again for it."""
    before = with_adjustment(with_voucher(found, voucher), thanks(Money(0, found.currency)), terms(found.currency))
    adjusted = with_adjustment(before, thanks(Money(minor, found.currency)), terms(found.currency))
    tax = Money.total((tax.amount for tax in adjusted.adjustments[-1].taxes), found.currency)
    assert adjusted.discounts == before.discounts
    assert adjusted.total == before.total + Money(minor, found.currency) + tax


@given(orders(), st.integers(-5_000, 5_000))
def test_an_adjustment_set_twice_is_there_once_and_leaves_no_trace_when_it_is_taken_off(
    found: Order, minor: int
) -> None:
    priced_by, amount = terms(found.currency), Money(minor, found.currency)
    plain = with_adjustment(found, thanks(amount, key="first"), priced_by)
    once = with_adjustment(plain, thanks(amount), priced_by)
    assert with_adjustment(once, thanks(amount), priced_by) == once
    assert without_adjustment(once, AdjustmentId("thanks"), priced_by) == plain


# ---------------------------------------------------------------- cases


def test_another_amount_under_the_same_id_takes_its_place() -> None:
    two = with_adjustment(
        with_adjustment(order(), thanks(euros("1.00")), terms()), thanks(euros("2.00"), key="b"), terms()
    )
    other = with_adjustment(two, thanks(euros("3.00")), terms())
    assert [each.amount for each in other.adjustments] == [euros("3.00"), euros("2.00")]


def test_a_voucher_looks_at_the_tax_of_adjustments_but_not_at_themselves() -> None:
    adjusted = with_adjustment(order(), thanks(euros("10.00")), terms())
    assert discountable_total(adjusted) == euros("20.55")
    assert with_voucher(adjusted, FIVE_OFF).total == euros("25.55")


def test_pending_credit_is_not_discounted() -> None:
    """FEE-10: all but 2.00 of the order is covered by credit."""
    assert with_voucher(order(), FIVE_OFF, pending_credit=euros("18.00")).total == euros("18.00")


def test_a_voucher_follows_the_order_it_is_on() -> None:
    """A flat one never takes more than there is; a percentage is of what there is."""
    for voucher, left in ((FIVE_OFF, "0.00"), (percent_voucher(25), "3.00")):
        smaller = attrs.evolve(with_voucher(order(), voucher), lines=order("4.00").lines)
        assert with_voucher_again(smaller, voucher).total == euros(left)


def test_a_voucher_that_is_not_known_any_more_keeps_its_amount_as_far_as_the_order_goes() -> None:
    kept = with_voucher(order(), FIVE_OFF)
    assert with_voucher_again(attrs.evolve(kept, lines=order("30.00").lines), None).total == euros("25.00")
    assert with_voucher_again(attrs.evolve(kept, lines=order("3.00").lines), None).total == euros("0.00")


def test_a_voucher_that_is_not_known_any_more_and_made_an_order_of_less_than_zero_less_stays() -> None:
    """FEE-10, `negative-vouchers`."""
    refund = attrs.evolve(order("0.00"), payment=attrs.evolve(order().payment, amount=euros("-4.00")))
    kept = with_voucher(refund, percent_voucher(25), OFN)
    assert kept.discount_total == euros("1.00")
    assert with_voucher_again(kept, None, OFN) == kept


def test_the_shown_tax_is_less_by_the_included_tax_of_the_discount() -> None:
    taxes = TaxRules.of([worlds.tax_rate()]).on(euros("10.55"), FOOD)
    line = worlds.order_line(price=euros("10.55"), taxes=taxes)
    half = with_voucher(worlds.order(lines=(line,)), flat_voucher("5.28"))
    assert (half.included_tax_total, shown_tax_total(half)) == (euros("0.55"), euros("0.27"))
