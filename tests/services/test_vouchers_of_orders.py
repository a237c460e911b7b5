"""Vouchers told with an order, through the front door (FEE-10)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.model.methods import PaymentKind
from ofncore.model.order import Order, OrderState
from ofncore.model.voucher import VoucherKind
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.testing.worlds import NOW, euros, payment_method, tax_rate, voucher
from services.scenes import BUYERS, CHEESE, EGGS, request, scene, why

Loads = Callable[[State], FoodNetwork]
ANNA = BUYERS["anna"]
TENTH = voucher("tenth", kind=VoucherKind.PERCENT, value=Decimal(10))


def taken(network: FoodNetwork, code: str, *lines: tuple[VariantId, int], key: str = "order-1") -> Order:
    """Return an order, by default of two boxes of eggs for 7.04 with their fees, with a voucher."""
    found = network.orders.take(request(*(lines or ((EGGS, 2),)), key=key, voucher=code), actor=ANNA, now=NOW)
    assert isinstance(found, Order), found
    return found


def test_a_voucher_is_taken_off_and_kept_on_the_order(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network, "WELCOME")
    assert [(each.code, each.amount) for each in order.discounts] == [("WELCOME", euros("-5"))]
    assert order.total == euros("2.04")
    assert network.orders.get(order.id) == order
    assert network.orders.balance(order.id).outstanding == euros("2.04")


def test_a_voucher_takes_no_more_than_there_is(network_of: Loads) -> None:
    order = taken(network_of(scene()), "WELCOME", (EGGS, 1))
    assert (order.discount_total, order.total) == (-euros("3.52"), euros("0"))


def test_a_flat_voucher_takes_nothing_off_an_order_for_nothing(network_of: Loads) -> None:
    """FEE-13.17: the original divides by zero."""
    free = tuple(attrs.evolve(each, price=euros("0")) for each in scene().variants)
    order = taken(network_of(scene(variants=free)), "WELCOME")
    assert [(each.code, each.amount, each.rate) for each in order.discounts] == [("WELCOME", euros("0"), Fraction())]


def test_added_tax_is_taken_off_apart(network_of: Loads) -> None:
    """A tenth of 7.04, and a tenth of the tax of 0.64 on top of 6.40."""
    rate = tax_rate(included_in_price=False, amount=Decimal("0.1"))
    order = taken(network_of(scene(vouchers=(TENTH,), tax_rates=(rate,))), "TENTH")
    assert [(each.is_tax_part, each.amount) for each in order.discounts] == [
        (False, euros("-0.70")),
        (True, euros("-0.06")),
    ]
    assert order.total == euros("6.92")


def test_an_order_that_a_voucher_pays_waits_for_no_card(network_of: Loads) -> None:
    cards = (payment_method("card", kind=PaymentKind.CARD),)
    network = network_of(scene(payment_methods=cards))
    wanted = request((EGGS, 1), voucher="WELCOME", payment_method="card")
    paid = network.orders.take(wanted, actor=ANNA, now=NOW)
    assert isinstance(paid, Order)
    assert paid.state is OrderState.RECEIVED
    dear = network.orders.take(attrs.evolve(wanted, key="other", voucher=""), actor=ANNA, now=NOW)
    assert isinstance(dear, Order)
    assert dear.state is OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (voucher(), "OTHER"),
        (voucher(), "welcome"),
        (voucher(deleted=True), "WELCOME"),
        (voucher(enterprise="dairy"), "WELCOME"),
    ],
)
def test_what_the_shop_does_not_accept_is_refused_whole(network_of: Loads, given: object, told: str) -> None:
    network = network_of(scene(vouchers=(given,)))
    before = network.worlds.export()
    refused = network.orders.take(request(voucher=told), actor=ANNA, now=NOW)
    assert why(refused) == [("$.voucher", Code.UNKNOWN_VOUCHER)]
    assert network.worlds.export() == before


def test_a_bad_voucher_is_told_with_every_other_problem(network_of: Loads) -> None:
    refused = network_of(scene()).orders.take(request((EGGS, 0), voucher="OTHER"), actor=ANNA, now=NOW)
    assert why(refused) == [("$.lines[0].quantity", Code.BAD_QUANTITY), ("$.voucher", Code.UNKNOWN_VOUCHER)]


def test_one_shops_voucher_is_nothing_to_another_with_the_same_code(network_of: Loads) -> None:
    two = (voucher("dairys", enterprise="dairy", code="WELCOME", value=Decimal(1)), voucher())
    assert taken(network_of(scene(vouchers=two)), "WELCOME").discount_total == euros("-5")


def test_a_repeat_without_the_voucher_is_another_order(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network, "WELCOME")
    assert taken(network, "WELCOME") == order
    refused = network.orders.take(request(), actor=ANNA, now=NOW + timedelta(hours=1))
    assert why(refused) == [("$.key", Code.KEY_REUSED)]


def test_a_text_that_no_file_can_hold_is_refused(network_of: Loads) -> None:
    refused = network_of(scene()).orders.take(request(voucher="a\0b"), actor=ANNA, now=NOW)
    assert ("$.voucher", Code.BAD_TEXT) in why(refused)


def test_the_letters_tell_of_the_voucher(network_of: Loads) -> None:
    network = network_of(scene())
    taken(network, "WELCOME", (EGGS, 2), (CHEESE, 1))
    bodies = {each.recipient: each.body for each in network.worlds.export().messages}
    assert all("Voucher WELCOME: -€5.00" in body for body in bodies.values()), bodies
    assert set(bodies) == {"anna", "hub"}
