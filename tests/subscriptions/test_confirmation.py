"""After the close: each standing order is charged once and concluded (SUB-14, SUB-17.3, SUB-17.4, SUB-18 d4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.codes import Code
from ofncore.model.customer import Consent, Customer
from ofncore.model.methods import PaymentKind, PaymentMethod
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.model.subscription import ProxyOrder, ProxyOutcome
from ofncore.orders.balance import balance_of
from ofncore.subscriptions.confirmation import (
    AwaitGateway,
    ClaimCharge,
    Conclude,
    ConfirmationStep,
    is_confirmation_due,
    next_step,
)
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    customer,
    euros,
    order,
    order_cycle,
    payment,
    payment_method,
    proxy_order,
)

TICK = timedelta(microseconds=1)
CARD, CASH = payment_method("card", kind=PaymentKind.CARD), payment_method("cash")
WILLING = customer("anna", consents=(Consent.CHARGE_SAVED_CARD,), saved_card="tok")
PROXY = proxy_order(order="order-1", outcome=ProxyOutcome.PLACED, placed_at=NOW)
#: Costs 3.20.
ORDER = order()
OPEN = (PaymentState.CLAIMED, PaymentState.UNKNOWN)


def step(
    payments: Sequence[Payment] = (),
    *,
    of: Order = ORDER,
    proxy: ProxyOrder = PROXY,
    method: PaymentMethod = CARD,
    buyer: Customer = WILLING,
) -> ConfirmationStep:
    """Return what comes next."""
    return next_step(proxy, of, payments, customer=buyer, method=method, at=CLOSES, late_at=None)


def concluded(outcome: ProxyOutcome, reason: str | None = None) -> Conclude:
    """Return the conclusion of the proxy order."""
    return Conclude(attrs.evolve(PROXY, outcome=outcome, reason=reason, confirmed_at=CLOSES))


def claim() -> Payment:
    """Return the claim that is made first."""
    found = step()
    assert isinstance(found, ClaimCharge), found
    return found.payment


@pytest.mark.parametrize(
    ("outcome", "now", "due"),
    [
        (ProxyOutcome.PLACED, CLOSES, False),
        (ProxyOutcome.PLACED, CLOSES + TICK, True),
        (ProxyOutcome.PLACED, CLOSES + timedelta(days=400), True),
        *((each, CLOSES + TICK, False) for each in ProxyOutcome if each is not ProxyOutcome.PLACED),
        (None, CLOSES + TICK, False),
    ],
)
def test_what_is_placed_is_due_after_the_close_however_long_ago(
    outcome: ProxyOutcome | None, now: datetime, *, due: bool
) -> None:
    """SUB-17.4, CYC-14.1."""
    assert is_confirmation_due(attrs.evolve(PROXY, outcome=outcome), order_cycle(), now) == due


def test_without_a_close_nothing_is_due() -> None:
    assert not is_confirmation_due(PROXY, order_cycle(orders_close_at=None), NOW + timedelta(days=999))


def test_first_the_charge_is_claimed_dated_at_the_close() -> None:
    """SUB-17.3: the claim is written before the gateway is called."""
    found = claim()
    assert (found.amount, found.state, found.at, found.attempt) == (euros("3.20"), PaymentState.CLAIMED, CLOSES, 1)
    assert found.purpose is PaymentPurpose.CHARGE


@pytest.mark.parametrize("state", OPEN)
def test_an_open_charge_is_learnt_about_first(state: PaymentState) -> None:
    """SUB-17.3: unknown is not failed; nothing is charged blindly."""
    waiting = attrs.evolve(claim(), state=state)
    assert step([waiting]) == AwaitGateway(waiting)


@pytest.mark.parametrize("state", OPEN)
def test_a_charge_of_the_customer_at_checkout_is_waited_for_too(state: PaymentState) -> None:
    own = payment("own", state=state)
    assert step([own]) == AwaitGateway(own)


def test_a_settled_charge_concludes() -> None:
    assert step([attrs.evolve(claim(), state=PaymentState.SETTLED)]) == concluded(ProxyOutcome.CONFIRMED)


@pytest.mark.parametrize(
    ("state", "outcome", "reason"),
    [
        (PaymentState.REFUSED, ProxyOutcome.UNPAID, Code.CHARGE_REFUSED),
        (PaymentState.NEEDS_CUSTOMER, ProxyOutcome.AWAITING_CUSTOMER, Code.CHARGE_NEEDS_CUSTOMER),
    ],
)
def test_a_charge_that_failed_is_not_tried_again_by_itself(
    state: PaymentState, outcome: ProxyOutcome, reason: str
) -> None:
    """SUB-14.7, SUB-18 d4: awaiting the customer is no success."""
    assert step([attrs.evolve(claim(), state=state, reason="card_declined")]) == concluded(outcome, reason)


def test_an_order_to_be_paid_by_hand_is_confirmed_and_stays_due() -> None:
    """SUB-14.5, SUB-14.6."""
    assert step(method=CASH) == concluded(ProxyOutcome.CONFIRMED)


def test_what_was_paid_by_hand_before_the_close_needs_no_charge() -> None:
    receipt = payment("till", purpose=PaymentPurpose.RECEIPT, state=PaymentState.SETTLED)
    assert step([receipt]) == concluded(ProxyOutcome.CONFIRMED)
    part = attrs.evolve(receipt, amount=euros("1.20"))
    found = step([part])
    assert isinstance(found, ClaimCharge)
    assert found.payment.amount == euros("2.00")


@pytest.mark.parametrize(
    ("buyer", "reason"),
    [
        (attrs.evolve(WILLING, consents=()), Code.NO_CONSENT),
        (attrs.evolve(WILLING, saved_card=None), Code.NO_CARD),
    ],
)
def test_nobody_is_charged_without_consent_or_card(buyer: Customer, reason: Code) -> None:
    """SUB-14: asked for now, not at placement."""
    assert step(buyer=buyer) == concluded(ProxyOutcome.UNPAID, reason)


def test_a_cancelled_order_is_concluded_as_cancelled_and_never_charged() -> None:
    cancelled = attrs.evolve(ORDER, state=OrderState.CANCELLED, cancelled_at=NOW)
    assert step(of=cancelled) == Conclude(attrs.evolve(PROXY, outcome=ProxyOutcome.CANCELLED, cancelled_at=NOW))


def test_that_it_was_placed_short_is_kept_when_confirmed_and_gives_way_to_a_worse_reason() -> None:
    short = attrs.evolve(PROXY, reason=Code.PLACED_SHORT)
    confirmed = step(proxy=short, method=CASH)
    assert isinstance(confirmed, Conclude)
    assert confirmed.proxy_order.reason == Code.PLACED_SHORT
    unpaid = step(proxy=short, buyer=attrs.evolve(WILLING, consents=()))
    assert isinstance(unpaid, Conclude)
    assert unpaid.proxy_order.reason == Code.NO_CONSENT


def test_the_latest_attempt_counts() -> None:
    first = attrs.evolve(claim(), state=PaymentState.REFUSED)
    second = payment("second", attempt=2, state=PaymentState.UNKNOWN)
    assert step([second, first]) == AwaitGateway(second)


@given(
    st.lists(st.sampled_from(PaymentState), min_size=1, max_size=8),
    st.lists(st.booleans(), min_size=20, max_size=20),
    st.sampled_from([CARD, CASH]),
    st.booleans(),
)
def test_asked_again_after_a_crash_anywhere_it_ends_and_charges_at_most_once(
    answers: list[PaymentState],
    crashes: list[bool],
    method: PaymentMethod,
    willing: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    """SUB-17.3, SUB-17.8: each step either happens or is lost in a crash, and is then found again."""
    payments: dict[str, Payment] = {}
    settled_claims = 0
    replies = iter([*answers, PaymentState.SETTLED, PaymentState.SETTLED])
    for crashed in [*crashes, *([False] * 30)]:
        found = step(list(payments.values()), method=method, buyer=WILLING if willing else customer("anna"))
        if isinstance(found, Conclude):
            break
        if crashed:
            continue
        if isinstance(found, ClaimCharge):
            assert not payments
            payments[found.payment.id] = found.payment
        else:
            answer = next(replies, PaymentState.SETTLED)
            answer = PaymentState.UNKNOWN if answer in {PaymentState.CLAIMED, PaymentState.VOID} else answer
            payments[found.payment.id] = attrs.evolve(found.payment, state=answer)
            settled_claims += answer is PaymentState.SETTLED
    else:
        pytest.fail("it never ends")
    assert settled_claims <= 1
    assert len(payments) <= 1
    assert balance_of(ORDER, payments.values()).outstanding.minor >= 0
    paid = bool(settled_claims) or method is CASH
    assert (found.proxy_order.outcome is ProxyOutcome.CONFIRMED) == paid
    assert found.proxy_order.confirmed_at == CLOSES
