"""What an order still costs: one definition (ORD-O10, ORD-O11, ORD-O12, ORD-4.5)."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.ids import OrderId
from ofncore.kernel.money import Money
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.orders.balance import PaymentStatus, balance_of
from ofncore.testing.worlds import euros, order, order_line, payment

SETTLED, REFUSED, VOID = PaymentState.SETTLED, PaymentState.REFUSED, PaymentState.VOID
NEEDS, CLAIMED, UNKNOWN = PaymentState.NEEDS_CUSTOMER, PaymentState.CLAIMED, PaymentState.UNKNOWN

#: Costs 3.20.
ORDER = order()
CANCELLED = attrs.evolve(ORDER, state=OrderState.CANCELLED)


def pay(minor: int, state: PaymentState = SETTLED, purpose: PaymentPurpose = PaymentPurpose.CHARGE) -> Payment:
    """Return a payment of so many cents for the order."""
    return payment(f"{purpose}-{minor}-{state}", amount=Money(minor, "EUR"), state=state, purpose=purpose)


def refund(minor: int, state: PaymentState = SETTLED) -> Payment:
    """Return a refund of so many cents."""
    return pay(-minor, state, PaymentPurpose.REFUND)


@pytest.mark.parametrize(
    ("of", "payments", "outstanding", "status"),
    [
        (ORDER, [], 320, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(100)], 220, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(320)], 0, PaymentStatus.PAID),
        (ORDER, [pay(400)], -80, PaymentStatus.CREDIT_OWED),
        (ORDER, [pay(400), refund(80)], 0, PaymentStatus.PAID),
        (ORDER, [pay(320), refund(320)], 320, PaymentStatus.BALANCE_DUE),
        # Only what settled counts.
        (ORDER, [pay(320, CLAIMED)], 320, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(320, UNKNOWN)], 320, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(320, VOID)], 320, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(400), refund(80, CLAIMED)], -80, PaymentStatus.CREDIT_OWED),
        # Failed only if every payment is.
        (ORDER, [pay(320, REFUSED)], 320, PaymentStatus.FAILED),
        (ORDER, [pay(320, REFUSED), pay(319, REFUSED)], 320, PaymentStatus.FAILED),
        (ORDER, [pay(320, REFUSED), pay(319, CLAIMED)], 320, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(320, REFUSED), pay(100)], 220, PaymentStatus.BALANCE_DUE),
        (ORDER, [pay(100), refund(50, REFUSED)], 220, PaymentStatus.BALANCE_DUE),
        # The customer must act, unless something came in.
        (ORDER, [pay(320, NEEDS)], 320, PaymentStatus.REQUIRES_AUTHORIZATION),
        (ORDER, [pay(320, NEEDS), pay(319, REFUSED)], 320, PaymentStatus.REQUIRES_AUTHORIZATION),
        (ORDER, [pay(320, NEEDS), pay(100)], 220, PaymentStatus.BALANCE_DUE),
        # A cancelled order owes back what was paid.
        (CANCELLED, [], 0, PaymentStatus.VOID),
        (CANCELLED, [pay(320, REFUSED)], 0, PaymentStatus.VOID),
        (CANCELLED, [pay(320)], -320, PaymentStatus.CREDIT_OWED),
        (CANCELLED, [pay(320), refund(320)], 0, PaymentStatus.VOID),
        (CANCELLED, [pay(320), refund(200)], -120, PaymentStatus.CREDIT_OWED),
        # A draft has no payment status.
        (attrs.evolve(ORDER, state=OrderState.DRAFT), [pay(320)], 0, PaymentStatus.NONE),
        # A returned order owes its total like any other (`returned_balance`).
        (attrs.evolve(ORDER, state=OrderState.RETURNED), [pay(320)], 0, PaymentStatus.PAID),
        # Nothing to pay is paid, whatever failed before.
        (attrs.evolve(ORDER, lines=(order_line(price=euros("0")),)), [pay(320, REFUSED)], 0, PaymentStatus.PAID),
    ],
)
def test_an_order_stands_with_its_payments(
    of: Order, payments: list[Payment], outstanding: int, status: PaymentStatus
) -> None:
    balance = balance_of(of, payments)
    assert (balance.outstanding, balance.status) == (Money(outstanding, "EUR"), status)
    assert balance.total == of.total


def test_the_payments_of_other_orders_do_not_count() -> None:
    foreign = attrs.evolve(pay(320), order=OrderId("order-2"))
    assert balance_of(ORDER, [foreign]).paid == euros("0")


some_payments = st.lists(
    st.builds(pay, st.integers(1, 500), st.sampled_from(PaymentState), st.just(PaymentPurpose.CHARGE))
    | st.builds(refund, st.integers(1, 500), st.sampled_from(PaymentState)),
    max_size=6,
)


@given(st.sampled_from(OrderState), some_payments, st.permutations(range(6)))
def test_outstanding_is_the_total_less_what_settled_whatever_the_order(
    state: OrderState, payments: list[Payment], places: list[int]
) -> None:
    """ORD-17: in every state."""
    of = attrs.evolve(ORDER, state=state)
    settled = sum(each.amount.minor for each in payments if each.state is SETTLED)
    owed = 0 if state is OrderState.CANCELLED else of.total.minor
    balance = balance_of(of, payments)
    assert balance.paid.minor == settled
    assert balance.outstanding.minor == owed - settled
    shuffled = [payments[place] for place in places if place < len(payments)]
    assert balance_of(of, shuffled) == balance


@given(st.sampled_from([state for state in OrderState if state is not OrderState.DRAFT]), some_payments)
def test_a_status_fits_the_sign_of_the_balance(state: OrderState, payments: list[Payment]) -> None:
    balance = balance_of(attrs.evolve(ORDER, state=state), payments)
    sign = (balance.outstanding.minor > 0) - (balance.outstanding.minor < 0)
    fits = {
        PaymentStatus.PAID: {0},
        PaymentStatus.VOID: {0},
        PaymentStatus.BALANCE_DUE: {1},
        PaymentStatus.CREDIT_OWED: {-1},
        PaymentStatus.FAILED: {1, -1},
        PaymentStatus.REQUIRES_AUTHORIZATION: {1, 0, -1},
    }
    assert sign in fits[balance.status]
