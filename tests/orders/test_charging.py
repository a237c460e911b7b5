"""Money for an order: claims, outcomes, receipts, refunds (ORD-5, ORD-O17, SUB-14, SUB-17.3)."""

from collections.abc import Sequence
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import OrderId, PaymentMethodId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.customer import Consent, Customer
from ofncore.model.event import PaymentNotSettled, PaymentSettled
from ofncore.model.methods import PaymentKind, PaymentMethod
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.orders.balance import balance_of
from ofncore.orders.charging import (
    OPEN_STATES,
    no_longer_awaiting,
    open_payments,
    outcome_events,
    plan_charge,
    plan_outcome,
    plan_receipt,
    plan_refunds,
)
from ofncore.testing.worlds import NOW, customer, euros, order, order_line, payment, payment_method
from orders.facts import AMELIE

SETTLED, REFUSED = PaymentState.SETTLED, PaymentState.REFUSED
CARD, CASH = payment_method("card", kind=PaymentKind.CARD), payment_method("cash")
WILLING = customer("anna", consents=(Consent.CHARGE_SAVED_CARD,), saved_card="tok")
#: Costs 3.20.
ORDER = order()


def charge(
    of: Order = ORDER,
    payments: Sequence[Payment] = (),
    *,
    method: PaymentMethod = CARD,
    buyer: Customer = WILLING,
    occasion: str = "checkout",
    unattended: bool = False,
) -> Payment | Refusal:
    """Decide to charge what is outstanding."""
    return plan_charge(
        of,
        payments,
        method=method,
        customer=buyer,
        occasion=occasion,
        actor=ENGINE,
        at=NOW,
        unattended=unattended,
    )


def claimed(of: Order = ORDER, payments: Sequence[Payment] = (), *, occasion: str = "checkout") -> Payment:
    """Return the claim, which is made."""
    found = charge(of, payments, occasion=occasion)
    assert isinstance(found, Payment), found
    return found


def with_state(claim: Payment, state: PaymentState) -> Payment:
    """Return a claim whose outcome is known."""
    return attrs.evolve(claim, state=state)


# ---------------------------------------------------------------- charges


def test_a_claim_is_for_what_is_outstanding_and_open() -> None:
    claim = claimed()
    assert (claim.amount, claim.state, claim.purpose) == (euros("3.20"), PaymentState.CLAIMED, PaymentPurpose.CHARGE)
    assert claim.through_gateway
    assert (claim.attempt, claim.method, claim.actor, claim.at) == (1, "card", ENGINE, NOW)
    part = attrs.evolve(with_state(claim, SETTLED), amount=euros("1.20"))
    assert claimed(ORDER, [part]).amount == euros("2.00")


def test_the_same_obligation_has_the_same_key() -> None:
    """SUB-17.3: a repeat after a crash asks for the same thing again."""
    assert claimed().id == claimed().id


def test_each_fact_of_an_obligation_is_in_its_key() -> None:
    """The design: by obligation, amount, currency, method and attempt."""
    base = claimed()
    dearer = attrs.evolve(ORDER, lines=(order_line(quantity=2),))
    other_method = charge(method=payment_method("card-2", kind=PaymentKind.CARD))
    assert isinstance(other_method, Payment)
    others = [
        claimed(attrs.evolve(ORDER, id=OrderId("order-2"))),
        claimed(dearer),
        claimed(occasion="confirmation"),
        claimed(ORDER, [with_state(base, REFUSED)]),
        other_method,
    ]
    assert len({each.id for each in (base, *others)}) == 6


@pytest.mark.parametrize("state", OPEN_STATES)
def test_while_a_claim_is_open_no_other_is_made(state: PaymentState) -> None:
    """Not even for another occasion, nor for another amount: that waits until the customer has answered."""
    earlier = with_state(claimed(), state)
    dearer = attrs.evolve(ORDER, lines=(order_line(quantity=2),))
    awaited = state is PaymentState.NEEDS_CUSTOMER
    assert claimed(ORDER, [earlier], occasion="confirmation") == earlier
    assert charge(dearer, [earlier]) == (Refusal.of(Code.PAYMENT_OPEN, amount=earlier.amount) if awaited else earlier)
    assert open_payments([earlier, with_state(claimed(), SETTLED)]) == (earlier,)


@pytest.mark.parametrize("state", [PaymentState.REFUSED, PaymentState.VOID])
def test_a_try_after_one_that_failed_is_counted(state: PaymentState) -> None:
    again = claimed(ORDER, [with_state(claimed(), state)])
    assert again.attempt == 2


def test_an_open_refund_does_not_stand_for_a_charge() -> None:
    refund = payment("back", purpose=PaymentPurpose.REFUND, amount=euros("-1"), state=PaymentState.CLAIMED)
    assert claimed(ORDER, [refund]).purpose is PaymentPurpose.CHARGE


@pytest.mark.parametrize(
    ("paid", "state"), [("3.20", OrderState.RECEIVED), ("4.00", OrderState.RECEIVED), ("0", OrderState.CANCELLED)]
)
def test_nothing_is_charged_where_nothing_is_due(paid: str, state: OrderState) -> None:
    """ORD-S1: a typed answer, never an exception."""
    earlier = payment(amount=euros(paid), state=SETTLED)
    assert charge(attrs.evolve(ORDER, state=state), [earlier]) == Refusal.of(Code.PAYMENT_NOT_DUE)


def test_what_is_paid_by_hand_is_not_charged() -> None:
    assert charge(method=CASH, unattended=True) == Refusal.of(Code.PAID_BY_HAND, method="Cash")


def test_a_saved_card_is_charged_unattended_only_with_consent_and_a_card() -> None:
    """SUB-14: the consent is asked for now, not at placement."""
    bare = customer("anna")
    assert isinstance(charge(unattended=True), Payment)
    assert charge(buyer=bare, unattended=True) == Refusal(
        (problem(Code.NO_CONSENT, customer="Anna"), problem(Code.NO_CARD, customer="Anna"))
    )
    without_card = attrs.evolve(WILLING, saved_card=None)
    assert charge(buyer=without_card, unattended=True) == Refusal.of(Code.NO_CARD, customer="Anna")
    unwilling = attrs.evolve(WILLING, consents=())
    assert charge(buyer=unwilling, unattended=True) == Refusal.of(Code.NO_CONSENT, customer="Anna")
    assert isinstance(charge(buyer=bare), Payment)


# ---------------------------------------------------------------- receipts


def receive(amount: Money, payments: Sequence[Payment] = (), *, key: str = "till-1", of: Order = ORDER) -> object:
    """Decide to record a receipt."""
    return plan_receipt(of, payments, amount=amount, method=PaymentMethodId("cash"), key=key, actor=AMELIE, now=NOW)


def received(amount: Money, payments: Sequence[Payment] = (), *, key: str = "till-1") -> Payment:
    """Return the receipt, which is recorded."""
    found = receive(amount, payments, key=key)
    assert isinstance(found, Payment), found
    return found


def test_a_receipt_is_settled_at_once_by_hand() -> None:
    found = received(euros("1.00"))
    assert (found.amount, found.state, found.purpose) == (euros("1.00"), SETTLED, PaymentPurpose.RECEIPT)
    assert not found.through_gateway


def test_the_same_key_is_the_same_money() -> None:
    """ORD-S4; also when nothing is due any more."""
    first = received(euros("3.20"))
    assert received(euros("3.20"), [first]) == first
    assert receive(euros("1.00"), [first]) == Refusal.of(Code.KEY_REUSED, "$.key", key="till-1")
    assert received(euros("1.20"), [attrs.evolve(first, amount=euros("2.00"))], key="till-2").id != first.id


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (euros("3.21"), Code.PAYMENT_TOO_LARGE),
        (euros("0"), Code.PAYMENT_TOO_LARGE),
        (euros("-1"), Code.PAYMENT_TOO_LARGE),
        (Money.of("3.20", "CHF"), Code.WRONG_CURRENCY),
    ],
)
def test_a_receipt_is_above_zero_and_at_most_what_is_due(amount: Money, code: Code) -> None:
    found = receive(amount)
    assert isinstance(found, Refusal)
    assert (found.problems[0].code, found.problems[0].path) == (code, "$.amount")


def test_nothing_is_received_where_nothing_is_due() -> None:
    paid = payment(amount=euros("3.20"), state=SETTLED)
    assert receive(euros("1"), [paid]) == Refusal.of(Code.PAYMENT_NOT_DUE)
    assert receive(euros("1"), of=attrs.evolve(ORDER, state=OrderState.CANCELLED)) == Refusal.of(Code.PAYMENT_NOT_DUE)


# ---------------------------------------------------------------- refunds


def refunds(of: Order, payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """Return the refunds, which are made."""
    found = plan_refunds(of, payments, actor=AMELIE, now=NOW)
    assert isinstance(found, tuple), found
    return found


def money_in(key: str, minor: int, *, minutes: int = 0, card: bool = False) -> Payment:
    """Return settled money of a customer."""
    purpose = PaymentPurpose.CHARGE if card else PaymentPurpose.RECEIPT
    return payment(
        key,
        amount=Money(minor, "EUR"),
        state=SETTLED,
        purpose=purpose,
        through_gateway=card,
        at=NOW + timedelta(minutes=minutes),
    )


CANCELLED = attrs.evolve(ORDER, state=OrderState.CANCELLED)


def test_money_goes_back_the_way_it_came_the_latest_first() -> None:
    """ORD-O17."""
    payments = [money_in("a", 200, card=True), money_in("b", 120, minutes=5)]
    later, earlier = refunds(CANCELLED, payments)
    assert (later.refund_of, later.amount, later.state) == ("b", euros("-1.20"), SETTLED)
    assert (earlier.refund_of, earlier.amount, earlier.state) == ("a", euros("-2.00"), PaymentState.CLAIMED)
    assert (later.through_gateway, earlier.through_gateway) == (False, True)


def test_only_what_is_owed_goes_back() -> None:
    [back] = refunds(ORDER, [money_in("a", 300, card=True), money_in("b", 100, minutes=5)])
    assert (back.refund_of, back.amount) == ("b", euros("-0.80"))


def test_while_a_refund_is_open_it_is_the_only_one() -> None:
    paid = money_in("a", 320, card=True)
    [claim] = refunds(CANCELLED, [paid])
    assert refunds(CANCELLED, [paid, claim]) == (claim,)
    unknown = with_state(claim, PaymentState.UNKNOWN)
    assert refunds(CANCELLED, [paid, unknown]) == (unknown,)


def test_a_refund_that_was_refused_is_tried_again_under_another_key() -> None:
    paid = money_in("a", 320, card=True)
    [claim] = refunds(CANCELLED, [paid])
    [again] = refunds(CANCELLED, [paid, with_state(claim, REFUSED)])
    assert (again.attempt, again.amount) == (2, claim.amount)
    assert again.id != claim.id


@pytest.mark.parametrize("payments", [[], [money_in("a", 100)], [money_in("a", 320)]])
def test_nothing_goes_back_where_nothing_is_owed(payments: list[Payment]) -> None:
    assert plan_refunds(ORDER, payments, actor=AMELIE, now=NOW) == Refusal.of(Code.NOTHING_TO_REFUND)


@given(
    st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=5),
    st.lists(st.booleans(), max_size=4),
    st.sampled_from([ORDER, CANCELLED]),
)
def test_refunds_never_exceed_what_came_in(paid: list[tuple[int, bool]], outcomes: list[bool], of: Order) -> None:
    """By payment and in sum, over any number of tries; in the end nothing more is owed than could not go back."""
    payments = [money_in(f"in-{n}", minor, minutes=n, card=card) for n, (minor, card) in enumerate(paid)]
    for settles in [*outcomes, True, True]:
        found = plan_refunds(of, payments, actor=AMELIE, now=NOW)
        if isinstance(found, Refusal):
            break
        owed = -balance_of(of, payments).outstanding.minor
        assert -sum(each.amount.minor for each in found) == owed
        state = SETTLED if settles else REFUSED
        payments += [with_state(each, state) if each.state is PaymentState.CLAIMED else each for each in found]
        for source in payments[: len(paid)]:
            back = sum(each.amount.minor for each in payments if each.refund_of == source.id and each.state is SETTLED)
            assert -source.amount.minor <= back <= 0
    assert len({each.id for each in payments}) == len(payments)
    assert balance_of(of, payments).outstanding.minor >= 0


# ---------------------------------------------------------------- outcomes

AWAITING = attrs.evolve(ORDER, state=OrderState.AWAITING_PAYMENT)


@pytest.mark.parametrize(
    ("before", "state", "after"),
    [
        (AWAITING, SETTLED, OrderState.RECEIVED),
        (AWAITING, REFUSED, OrderState.AWAITING_PAYMENT),
        (AWAITING, PaymentState.UNKNOWN, OrderState.AWAITING_PAYMENT),
        (AWAITING, PaymentState.NEEDS_CUSTOMER, OrderState.AWAITING_PAYMENT),
        (ORDER, SETTLED, OrderState.RECEIVED),
        (ORDER, REFUSED, OrderState.AWAITING_PAYMENT),
        (ORDER, PaymentState.NEEDS_CUSTOMER, OrderState.AWAITING_PAYMENT),
        (ORDER, PaymentState.UNKNOWN, OrderState.RECEIVED),
        (attrs.evolve(ORDER, state=OrderState.PROCESSING), REFUSED, OrderState.PROCESSING),
        (attrs.evolve(ORDER, state=OrderState.SHIPPED), SETTLED, OrderState.SHIPPED),
        (CANCELLED, SETTLED, OrderState.CANCELLED),
        (CANCELLED, REFUSED, OrderState.CANCELLED),
    ],
)
def test_an_outcome_moves_only_orders_that_are_received_or_await_payment(
    before: Order, state: PaymentState, after: OrderState
) -> None:
    """ORD-5: payment settles, payment fails."""
    claim = attrs.evolve(claimed(), amount=euros("3.20"))
    step = plan_outcome(claim, before, [claim], state=state, reference="ref", reason="why")
    assert step.order == attrs.evolve(before, state=after)
    assert step.payment == attrs.evolve(claim, state=state, gateway_reference="ref", reason="why")


def test_a_part_of_the_money_leaves_the_order_awaiting_the_rest() -> None:
    claim = attrs.evolve(claimed(), amount=euros("3.00"))
    assert plan_outcome(claim, AWAITING, [claim], state=SETTLED).order == AWAITING


def test_a_refused_refund_leaves_the_order_where_it_is() -> None:
    refund = payment("back", purpose=PaymentPurpose.REFUND, amount=euros("-1"), refund_of="in")
    assert plan_outcome(refund, ORDER, [refund], state=REFUSED).order == ORDER


def test_an_order_awaits_no_payment_when_nothing_is_left_to_pay() -> None:
    """ORD-5: also after its lines were lowered."""
    part = payment(amount=euros("3.20"), state=SETTLED)
    assert no_longer_awaiting(AWAITING, [part]).state is OrderState.RECEIVED
    assert no_longer_awaiting(AWAITING, []) == AWAITING
    assert no_longer_awaiting(CANCELLED, []) == CANCELLED
    assert no_longer_awaiting(ORDER, []) == ORDER


@pytest.mark.parametrize("state", PaymentState)
def test_only_what_is_known_is_told_once(state: PaymentState) -> None:
    claim = attrs.evolve(claimed(), state=state, reason=None, late_at=NOW)
    events = outcome_events(claim)
    if state is SETTLED:
        assert events == (
            PaymentSettled(
                order=ORDER.id,
                payment=claim.id,
                amount=euros("3.20"),
                occasion=claim.id,
                actor=ENGINE,
                at=NOW,
                late_at=NOW,
            ),
        )
    elif state in {REFUSED, PaymentState.NEEDS_CUSTOMER}:
        [event] = events
        assert isinstance(event, PaymentNotSettled)
        assert (event.payment, event.reason, event.late_at) == (claim.id, state, NOW)
    else:
        assert events == ()


def test_needing_the_customer_and_being_refused_later_are_two_facts() -> None:
    claim = claimed()
    found = [outcome_events(with_state(claim, state)) for state in (PaymentState.NEEDS_CUSTOMER, REFUSED, SETTLED)]
    assert len({event.id for [event] in found}) == 3
