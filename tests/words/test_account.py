"""What a buyer is shown adds up to what the buyer pays."""

from fractions import Fraction

from hypothesis import given

from ofncore.kernel.money import Money
from ofncore.model.order import Discount, Order
from ofncore.orders.letters.account import added_taxes, included_taxes, products_total, written_line
from ofncore.orders.lines import product_label
from ofncore.testing.worlds import euros, order, order_line
from words.charges import fee_charge, tax_charge
from words.strategies import few, orders


@few
@given(orders())
def test_the_amounts_shown_add_up_to_the_total(ordered: Order) -> None:
    """FEE-6, FEE-11: lines, order fees, shipping, payment, added tax, voucher and adjustments make the total."""
    shown = [written_line(line).amount for line in ordered.lines]
    shown += [fee.amount for fee in ordered.fees]
    shown += [ordered.shipping.amount, ordered.payment.amount]
    shown += [tax.amount for tax in added_taxes(ordered)]
    shown += [ordered.discount_total, ordered.adjustment_total]
    assert Money.total(shown, ordered.currency) == ordered.total


@few
@given(orders())
def test_the_subtotal_is_items_and_their_fees(ordered: Order) -> None:
    line_fees = Money.total((line.fee_amount for line in ordered.lines), ordered.currency)
    assert products_total(ordered) == ordered.item_total + line_fees


@few
@given(orders())
def test_taxes_by_rate_add_up_to_the_tax(ordered: Order) -> None:
    included = Money.total((tax.amount for tax in included_taxes(ordered)), ordered.currency)
    added = Money.total((tax.amount for tax in added_taxes(ordered)), ordered.currency)
    taken_off = Money.total((each.included_tax for each in ordered.discounts), ordered.currency)
    assert included == ordered.included_tax_total + (taken_off if ordered.included_tax_total else taken_off * 0)
    assert added == ordered.added_tax_total


@few
@given(orders())
def test_the_unit_price_is_within_half_a_unit_of_its_share(ordered: Order) -> None:
    """FEE-6: price plus the fees of the line over the quantity, rounded."""
    for line in ordered.lines:
        shown = written_line(line)
        if line.quantity:
            share = line.price.minor + Fraction(line.fee_amount.minor, line.quantity)
            assert abs(shown.unit_price.minor - share) <= Fraction(1, 2)
        else:
            assert not shown.unit_price


def test_the_unit_price_is_rounded_half_up() -> None:
    """3.20 each and a fee of 0.01 on two: 3.205, shown as 3.21."""
    line = written_line(order_line(quantity=2, fees=(fee_charge("0.01"),)))
    assert (line.unit_price, line.amount) == (euros("3.21"), euros("6.41"))


def test_taxes_of_one_rate_are_one_row_and_those_of_nothing_are_left_out() -> None:
    line = order_line(taxes=(tax_charge("0.17", included=True), tax_charge("0.00", included=True, rate="none")))
    taxes = (tax_charge("0.05", included=True), tax_charge("0.20", included=False))
    taxed = order(lines=(line,), fees=(fee_charge("1", taxes=taxes),))
    assert [(tax.name, tax.amount) for tax in included_taxes(taxed)] == [("low", euros("0.22"))]
    assert [(tax.name, tax.amount) for tax in added_taxes(taxed)] == [("low", euros("0.20"))]


def test_the_name_of_a_variant_stands_beside_that_of_its_product() -> None:
    assert (product_label("Carrots", "bunch"), product_label("Eggs", "")) == ("Carrots bunch", "Eggs")


def test_the_included_tax_of_a_voucher_is_taken_off_each_rate() -> None:
    """FEE-10: 10 % off takes 0.33 of the 3.30 of tax in the prices."""
    taxes = (tax_charge("3.00", included=True), tax_charge("0.30", included=True, rate="other"))
    off = Discount(code="TEN", rate=Fraction(1, 10), amount=euros("-5"), included_tax=euros("-0.33"))
    taxed = order(lines=(order_line(taxes=taxes),), discounts=(off,))
    assert [(tax.name, tax.amount) for tax in included_taxes(taxed)] == [
        ("low", euros("2.70")),
        ("other", euros("0.27")),
    ]
