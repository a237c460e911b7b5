"""Between a claim and its outcome an order may change: then no money moves that is not owed, and none is lost sight of.

Source:
    ORD-O11, SUB-17.3.
"""

from datetime import timedelta

import pytest

from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderId
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order
from ofncore.model.payment import Payment, PaymentState
from ofncore.testing.worlds import NOW
from services.scenes import AMELIE, EGGS, STRANGER, Scene

LATER = NOW + timedelta(hours=1)


def unheard(shop: Scene) -> tuple[Order, Payment]:
    """Return an order of four, and its charge, whose request was lost on the way."""
    order = shop.take((EGGS, 4), payment_method="card")
    shop.line.lose = "request"
    payment = shop.network.payments.charge(order.id, actor=AMELIE, now=NOW)
    shop.line.lose = None
    assert isinstance(payment, Payment)
    assert payment.state is PaymentState.UNKNOWN
    return order, payment


def state_of(shop: Scene, payment: Payment) -> PaymentState:
    """Return how *payment* stands now."""
    return next(each.state for each in shop.state.payments if each.id == payment.id)


def test_a_claim_of_a_cancelled_order_is_never_asked_for(shop: Scene) -> None:
    order, payment = unheard(shop)
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    shop.network.tick(LATER)
    assert (state_of(shop, payment), shop.bank.entries()) == (PaymentState.VOID, ())


def test_a_claim_of_more_than_is_due_is_never_asked_for(shop: Scene) -> None:
    order, payment = unheard(shop)
    shop.network.orders.change(order.id, {EGGS: 1}, actor=AMELIE, now=LATER)
    shop.network.tick(LATER)
    assert (state_of(shop, payment), shop.bank.entries()) == (PaymentState.VOID, ())
    again = shop.network.payments.charge(order.id, actor=AMELIE, now=LATER)
    assert isinstance(again, Payment)
    assert (again.state, again.amount) == (PaymentState.SETTLED, shop.network.orders.get(order.id).total)


def test_a_claim_that_is_still_owed_is_asked_for_again_under_its_key(shop: Scene) -> None:
    _, payment = unheard(shop)
    shop.network.tick(LATER)
    assert state_of(shop, payment) is PaymentState.SETTLED
    assert [each.key for each in shop.bank.entries()] == [payment.id]


def test_money_that_the_bank_has_taken_is_never_voided(shop: Scene) -> None:
    """The order was cancelled while the answer was lost: the money is owed back, and seen."""
    order = shop.take((EGGS, 4), payment_method="card")
    shop.line.lose = "answer"
    payment = shop.network.payments.charge(order.id, actor=AMELIE, now=NOW)
    shop.line.lose = None
    assert isinstance(payment, Payment)
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    shop.network.tick(LATER)
    assert state_of(shop, payment) is PaymentState.SETTLED
    assert shop.network.orders.balance(order.id).outstanding == -order.total


def test_no_cash_is_taken_while_a_charge_is_under_way(shop: Scene) -> None:
    order, payment = unheard(shop)
    cash = shop.network.payments.record_receipt(order.id, order.total, key="till", actor=AMELIE, now=LATER)
    assert cash == Refusal.of(Code.PAYMENT_OPEN, amount=payment.amount)


@pytest.mark.parametrize("settled_in_cash", [True, False])
def test_nothing_is_charged_of_an_order_that_owes_nothing(shop: Scene, settled_in_cash: bool) -> None:  # noqa: FBT001 - a column
    """Not even while an earlier charge awaits the customer."""
    order = shop.take((EGGS, 2), who="clara", payment_method="card")
    first = shop.network.payments.charge(order.id, actor=AMELIE, now=NOW)
    assert isinstance(first, Payment)
    assert first.state is PaymentState.NEEDS_CUSTOMER
    if settled_in_cash:
        shop.network.payments.record_receipt(order.id, order.total, key="till", actor=AMELIE, now=LATER)
    else:
        shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    again = shop.network.payments.charge(order.id, actor=AMELIE, now=LATER)
    assert isinstance(again, Refusal)
    assert again.codes == {Code.PAYMENT_NOT_DUE}


def test_a_key_never_takes_the_place_of_a_standing_order(shop: Scene) -> None:
    """The ids that the library makes are parted by slashes, which a key cannot have."""
    order = shop.take((EGGS, 1), key="anna-weekly/week-10")
    assert order.id == OrderId("anna-weekly~1week-10")


def test_strangers_are_shown_no_order_for_repeating_what_was_done_to_it(shop: Scene) -> None:
    order = shop.take((EGGS, 1))
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    answer = shop.network.orders.cancel(order.id, actor=STRANGER, now=LATER)
    assert isinstance(answer, Refusal)
    assert answer.codes == {Code.NEEDS_MANAGER}
