"""What a shopper sees of a line (FEE-6, FEE-13.11)."""

import pytest
from hypothesis import given

from fees.strategies import PER_UNIT, Market, markets
from ofncore.fees.shown import shown_line
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import FeeCharge, OrderLine
from ofncore.testing import worlds
from ofncore.testing.worlds import euros


def line(quantity: int, fee: str) -> OrderLine:
    """Return a line at 3.20 each with one fee on the whole of it."""
    known = worlds.fee()
    charge = FeeCharge(
        fee=known.id,
        name=known.name,
        fee_type=FeeType.ADMIN,
        role=FeeRole.COORDINATOR,
        enterprise=known.enterprise,
        amount=euros(fee),
    )
    return worlds.order_line(quantity=quantity, fees=(charge,))


@pytest.mark.parametrize(
    ("quantity", "fee", "unit_price", "amount", "difference"),
    [
        (2, "0.64", "3.52", "7.04", "0.00"),
        (3, "0.10", "3.23", "9.69", "0.01"),
        (3, "0.20", "3.27", "9.81", "-0.01"),
        (2, "0.01", "3.21", "6.42", "-0.01"),
        (2, "-6.41", "-0.01", "-0.02", "0.01"),
        (0, "0.00", "0.00", "0.00", "0.00"),
        (0, "2.00", "0.00", "0.00", "2.00"),
    ],
)
def test_a_line_is_shown_as_a_unit_price_times_a_quantity(
    quantity: int, fee: str, unit_price: str, amount: str, difference: str
) -> None:
    shown = shown_line(line(quantity, fee))
    assert (shown.unit_price, shown.amount, shown.difference) == (euros(unit_price), euros(amount), euros(difference))


@given(markets())
def test_what_is_shown_and_the_difference_are_what_the_line_costs(market: Market) -> None:
    for each in market.assessed().lines:
        shown = shown_line(each)
        assert shown.unit_price * each.quantity == shown.amount
        assert shown.amount + shown.difference == each.amount + each.fee_amount


@given(markets())
def test_fees_per_unit_leave_no_difference(market: Market) -> None:
    for each in market.assessed().lines:
        if all(isinstance(market.terms.fees[charge.fee].calculator, PER_UNIT) for charge in each.fees):
            assert shown_line(each).difference == euros("0.00")
