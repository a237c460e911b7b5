"""What vouchers take off (FEE-10)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.random_bills import amounts, vouchers
from ofncore.fees.vouchers import Discountable, FlatVoucher, PercentVoucher, Voucher, discount
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.testing.worlds import euros

ZERO = euros("0")


def flat(amount: str) -> FlatVoucher:
    return FlatVoucher(code="SPRING", amount=euros(amount))


def percent(number: str) -> PercentVoucher:
    return PercentVoucher(code="SPRING", percent=Decimal(number))


def sale(total: str, *, added: str = "0", included: str = "0") -> Discountable:
    return Discountable(total=euros(total), added_tax=euros(added), included_tax=euros(included))


sales = st.builds(Discountable, total=amounts(), added_tax=amounts(), included_tax=amounts())
profiles = st.sampled_from([attrs.evolve(PRODUCT, rounding=each) for each in Rounding])


# ---------------------------------------------------------------- laws


@given(vouchers(), sales, profiles)
def test_a_discount_never_goes_beyond_the_total(voucher: Voucher, order: Discountable, profile: Profile) -> None:
    off = discount(voucher, order, profile).amount
    assert max(ZERO, order.total) + off >= ZERO
    assert off <= ZERO


@given(vouchers(), sales)
def test_the_whole_rate_takes_everything(voucher: Voucher, order: Discountable) -> None:
    found = discount(voucher, order)
    assert 0 <= found.rate <= 1
    if found.rate == 1:
        assert order.total + found.amount == ZERO


@given(vouchers(), sales, profiles)
def test_the_parts_are_a_minor_unit_from_the_exact_discount_at_most(
    voucher: Voucher, order: Discountable, profile: Profile
) -> None:
    found = discount(voucher, order, profile)
    assert abs(found.amount.minor + found.rate * order.total.minor) <= len(found.charges)


@given(amounts(lowest=0), sales)
def test_a_flat_voucher_without_added_tax_takes_its_amount_or_all(amount: Money, order: Discountable) -> None:
    untaxed = attrs.evolve(order, added_tax=ZERO)
    found = discount(FlatVoucher(code="SPRING", amount=amount), untaxed)
    assert -found.amount == max(ZERO, min(amount, order.total))


@given(vouchers(), sales)
def test_both_profiles_take_the_same_off_an_order_above_zero(voucher: Voucher, order: Discountable) -> None:
    if order.total >= ZERO:
        assert discount(voucher, order, OFN).amount == discount(voucher, order, PRODUCT).amount


@given(vouchers(), sales)
def test_one_part_is_off_added_tax_only_where_there_is_some(voucher: Voucher, order: Discountable) -> None:
    assert [each.is_tax_part for each in discount(voucher, order).charges] == (
        [False, True] if order.added_tax > ZERO else [False]
    )


# ---------------------------------------------------------------- cases


def test_net_and_tax_are_rounded_apart_by_the_unrounded_rate() -> None:
    """FEE-10: 5.00 off 32.33 of which 2.56 is added tax."""
    found = discount(flat("5.00"), sale("32.33", added="2.56"))
    assert found.rate == Fraction(500, 3233)
    assert [each.amount for each in found.charges] == [euros("-4.60"), euros("-0.40")]


def test_included_tax_is_shared_in() -> None:
    found = discount(percent("10"), sale("12.00", included="2.00"))
    assert (found.amount, found.included_tax) == (euros("-1.20"), euros("-0.20"))


def test_included_tax_beside_added_tax_is_told_by_policy() -> None:
    """FEE-13.18: the original tells the one and forgets the other."""
    order = sale("13.20", added="1.20", included="2.00")
    product, original = discount(percent("10"), order, PRODUCT), discount(percent("10"), order, OFN)
    assert (product.included_tax, original.included_tax) == (euros("-0.20"), ZERO)
    assert attrs.evolve(product.net, included_tax=ZERO) == original.net


@pytest.mark.parametrize("profile", [PRODUCT, OFN])
@pytest.mark.parametrize("total", ["0", "-4.00"])
def test_a_flat_voucher_takes_nothing_off_nothing_or_less(total: str, profile: Profile) -> None:
    """FEE-13.17: the original writes NaN or raises."""
    found = discount(flat("5.00"), sale(total, added="1.00"), profile)
    assert found.rate == 0
    assert {each.amount for each in found.charges} == {ZERO}


def test_a_percentage_of_less_than_zero_is_taken_by_policy() -> None:
    order = sale("-4.00")
    assert discount(percent("25"), order, PRODUCT).amount == ZERO
    assert discount(percent("25"), order, OFN).amount == euros("1.00")


@pytest.mark.parametrize("number", ["-0.01", "100.01", "NaN", "Infinity"])
def test_a_percentage_is_from_0_to_100(number: str) -> None:
    with pytest.raises(ValueError, match="0 to 100 percent"):
        percent(number)


def test_a_percentage_is_a_decimal() -> None:
    with pytest.raises(ValueError, match="as a Decimal"):
        PercentVoucher(code="SPRING", percent=12.5)  # type: ignore[arg-type]


def test_an_amount_is_zero_or_more() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        flat("-0.01")


def test_another_currency_is_an_error() -> None:
    with pytest.raises(CurrencyMismatchError):
        discount(FlatVoucher(code="SPRING", amount=Money.of("5", "CHF")), sale("12.00"))
