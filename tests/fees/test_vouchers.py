"""What vouchers take off (FEE-10)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import amounts, flat_voucher, percent_voucher, vouchers
from ofncore.fees.vouchers import Discountable, discounts
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.order import Discount
from ofncore.model.voucher import Voucher
from ofncore.testing.worlds import euros

ZERO = euros("0")


def sale(total: str, *, added: str = "0", included: str = "0") -> Discountable:
    return Discountable(total=euros(total), added_tax=euros(added), included_tax=euros(included))


def taken(found: tuple[Discount, ...]) -> Money:
    """Return all that is taken off."""
    return Money.total((each.amount for each in found), "EUR")


sales = st.builds(Discountable, total=amounts(), added_tax=amounts(), included_tax=amounts())
profiles = st.sampled_from([attrs.evolve(PRODUCT, rounding=each) for each in Rounding])


# ---------------------------------------------------------------- laws


@given(vouchers(), sales, profiles)
def test_a_discount_never_goes_beyond_the_total(voucher: Voucher, order: Discountable, profile: Profile) -> None:
    off = taken(discounts(voucher, order, profile))
    assert max(ZERO, order.total) + off >= ZERO
    assert off <= ZERO


@given(vouchers(), sales)
def test_the_whole_rate_takes_everything(voucher: Voucher, order: Discountable) -> None:
    found = discounts(voucher, order)
    assert 0 <= found[0].rate <= 1
    assert {each.rate for each in found} == {found[0].rate}
    if found[0].rate == 1:
        assert order.total + taken(found) == ZERO


@given(vouchers(), sales, profiles)
def test_the_parts_are_a_minor_unit_from_the_exact_discount_at_most(
    voucher: Voucher, order: Discountable, profile: Profile
) -> None:
    found = discounts(voucher, order, profile)
    assert abs(taken(found).minor + found[0].rate * order.total.minor) <= len(found)


@given(st.decimals(min_value=0, max_value=1_000, places=2), sales)
def test_a_flat_voucher_without_added_tax_takes_its_amount_or_all(amount: Decimal, order: Discountable) -> None:
    untaxed = attrs.evolve(order, added_tax=ZERO)
    found = discounts(flat_voucher(amount), untaxed)
    assert -taken(found) == max(ZERO, min(Money.of(amount, "EUR"), order.total))


@given(vouchers(), sales)
def test_both_profiles_take_the_same_off_an_order_above_zero(voucher: Voucher, order: Discountable) -> None:
    if order.total >= ZERO:
        assert taken(discounts(voucher, order, OFN)) == taken(discounts(voucher, order, PRODUCT))


@given(vouchers(), sales)
def test_one_part_is_off_added_tax_only_where_there_is_some(voucher: Voucher, order: Discountable) -> None:
    assert [each.is_tax_part for each in discounts(voucher, order)] == (
        [False, True] if order.added_tax > ZERO else [False]
    )


# ---------------------------------------------------------------- cases


def test_net_and_tax_are_rounded_apart_by_the_unrounded_rate() -> None:
    """FEE-10: 5.00 off 32.33 of which 2.56 is added tax."""
    found = discounts(flat_voucher(5), sale("32.33", added="2.56"))
    assert found[0].rate == Fraction(500, 3233)
    assert [each.amount for each in found] == [euros("-4.60"), euros("-0.40")]


def test_included_tax_is_shared_in() -> None:
    [found] = discounts(percent_voucher(10), sale("12.00", included="2.00"))
    assert (found.amount, found.included_tax) == (euros("-1.20"), euros("-0.20"))


def test_included_tax_beside_added_tax_is_told_by_policy() -> None:
    """FEE-13.18: the original tells the one and forgets the other."""
    order = sale("13.20", added="1.20", included="2.00")
    product, original = (discounts(percent_voucher(10), order, profile)[0] for profile in (PRODUCT, OFN))
    assert (product.included_tax, original.included_tax) == (euros("-0.20"), ZERO)
    assert attrs.evolve(product, included_tax=ZERO) == original


@pytest.mark.parametrize("profile", [PRODUCT, OFN])
@pytest.mark.parametrize("total", ["0", "-4.00"])
def test_a_flat_voucher_takes_nothing_off_nothing_or_less(total: str, profile: Profile) -> None:
    """FEE-13.17: the original writes NaN or raises."""
    found = discounts(flat_voucher(5), sale(total, added="1.00"), profile)
    assert {each.rate for each in found} == {0}
    assert {each.amount for each in found} == {ZERO}


def test_a_percentage_of_less_than_zero_is_taken_by_policy() -> None:
    order = sale("-4.00")
    assert taken(discounts(percent_voucher(25), order, PRODUCT)) == ZERO
    assert taken(discounts(percent_voucher(25), order, OFN)) == euros("1.00")


@pytest.mark.parametrize(
    ("currency", "total", "off"), [("JPY", "980", "500"), ("TND", "980.000", "500.000"), ("JPY", "300", "300")]
)
def test_a_flat_voucher_is_in_major_units_of_the_orders_currency(currency: str, total: str, off: str) -> None:
    zero = Money.zero(currency)
    order = Discountable(total=Money.of(total, currency), added_tax=zero, included_tax=zero)
    assert [each.amount for each in discounts(flat_voucher(500), order)] == [-Money.of(off, currency)]


@pytest.mark.parametrize("number", ["-0.01", "100.01", "NaN", "Infinity"])
def test_a_percentage_is_from_0_to_100(number: str) -> None:
    with pytest.raises(ValueError, match=r"percent off|zero or more|must be a number"):
        percent_voucher(number)


def test_an_amount_is_zero_or_more() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        flat_voucher("-0.01")
