"""Bills: totals with a voucher and manual adjustments (FEE-8, FEE-10, FEE-11)."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from fees.random_bills import bills, vouchers
from ofncore.fees.bills import Bill, ManualAdjustment
from ofncore.fees.tax import TaxRules
from ofncore.fees.vouchers import FlatVoucher, Voucher
from ofncore.kernel.ids import TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FOOD = TaxCategoryId("food")
ADDED = TaxRules.of([worlds.tax_rate(included_in_price=False)])
FIVE_OFF = FlatVoucher(code="SPRING", amount=euros("5.00"))


def bill(amount: str = "20.00") -> Bill:
    return Bill(order=worlds.order(lines=(worlds.order_line(price=euros(amount)),)))


@given(bills())
def test_totals_are_sums_of_their_parts(bill: Bill) -> None:
    taxes = list(bill.tax_charges())
    assert bill.added_tax_total + bill.included_tax_total == Money.total((tax.amount for tax in taxes), "EUR")
    assert Money.total(bill.tax_by_rate().values(), "EUR") == bill.added_tax_total + bill.included_tax_total
    assert bill.total == bill.order.item_total + bill.adjustment_total


@given(bills())
def test_a_bill_with_nothing_beside_its_order_has_its_total(bill: Bill) -> None:
    assert Bill(order=bill.order).total == bill.order.total


@given(bills(), vouchers())
def test_a_voucher_replaces_the_one_before(bill: Bill, voucher: Voucher) -> None:
    assert bill.with_voucher(voucher).with_voucher(voucher) == bill.with_voucher(voucher)
    assert bill.with_voucher(voucher).with_voucher(None) == attrs.evolve(bill, discount=None)


@given(bills(), vouchers(), st.integers(-5_000, 5_000))
def test_an_adjustment_changes_the_total_by_itself_and_its_added_tax(bill: Bill, voucher: Voucher, minor: int) -> None:
    """FEE-10: the voucher is not computed again for it."""
    before = bill.with_voucher(voucher)
    adjustment = ManualAdjustment.taxed("Thanks", Money(minor, "EUR"), FOOD, ADDED)
    after = before.with_adjustment(adjustment)
    added = Money.total((tax.amount for tax in adjustment.taxes), "EUR")
    assert after.discount == before.discount
    assert after.total == before.total + adjustment.amount + added


def test_a_voucher_looks_at_the_tax_of_adjustments_but_not_at_themselves() -> None:
    adjusted = bill().with_adjustment(ManualAdjustment.taxed("Thanks", euros("10.00"), FOOD, ADDED))
    assert adjusted.discountable_total == euros("20.55")
    assert adjusted.with_voucher(FIVE_OFF).total == euros("25.55")


def test_pending_credit_is_not_discounted() -> None:
    """FEE-10: all but 2.00 of the order is covered by credit."""
    assert bill().with_voucher(FIVE_OFF, pending_credit=euros("18.00")).total == euros("18.00")


def test_the_shown_tax_is_less_by_the_included_tax_of_the_discount() -> None:
    rules = TaxRules.of([worlds.tax_rate()])
    line = worlds.order_line(price=euros("10.55"), taxes=rules.on(euros("10.55"), FOOD))
    half = Bill(order=worlds.order(lines=(line,))).with_voucher(FlatVoucher(code="HALF", amount=euros("5.28")))
    assert (half.included_tax_total, half.shown_tax_total) == (euros("0.55"), euros("0.27"))
