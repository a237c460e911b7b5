"""Money through the front door: claimed, asked for, and known, each once (SUB-14, SUB-17.3, ORD-O17, ORD-S2)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import OrderId, PaymentId, PaymentMethodId
from ofncore.kernel.refusals import Refusal
from ofncore.model.message import MessageKind
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentState
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.balance import PaymentStatus
from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest
from ofncore.testing.worlds import NOW, euros
from services.scenes import AMELIE, BUYERS, EGGS, STRANGER, Scene, request, scene, why

LATER = NOW + timedelta(hours=1)
SETTLED, REFUSED, UNKNOWN = PaymentState.SETTLED, PaymentState.REFUSED, PaymentState.UNKNOWN
NEEDS = PaymentState.NEEDS_CUSTOMER


def card_order(shop: Scene, who: str = "anna", boxes: int = 2) -> Order:
    """Take an order of eggs, 3.52 a box, to be paid by card."""
    return shop.take((EGGS, boxes), who=who, payment_method="card")


def charged(shop: Scene, order: Order, who: str = "anna") -> Payment:
    """Charge what is outstanding, by the customer."""
    found = shop.network.payments.charge(order.id, actor=BUYERS[who], now=NOW)
    assert isinstance(found, Payment), found
    return found


def moved(shop: Scene) -> list[int]:
    """Return what the bank moved, in cents."""
    return [each.amount.minor for each in shop.bank.entries() if each.outcome is GatewayOutcome.SETTLED]


def letters(shop: Scene) -> Counter[str]:
    """Return how many messages there are of each kind, but for those about orders."""
    return Counter(each.kind.value for each in shop.state.messages if not each.kind.startswith("order"))


@pytest.mark.parametrize(
    ("who", "state", "order_state", "status", "letter"),
    [
        ("anna", SETTLED, OrderState.RECEIVED, PaymentStatus.PAID, "payment_received"),
        ("ben", REFUSED, OrderState.AWAITING_PAYMENT, PaymentStatus.FAILED, "payment_failed"),
        (
            "clara",
            NEEDS,
            OrderState.AWAITING_PAYMENT,
            PaymentStatus.REQUIRES_AUTHORIZATION,
            "payment_needs_customer",
        ),
    ],
)
def test_a_charge_ends_as_the_bank_says_and_is_told_once(
    shop: Scene, who: str, state: PaymentState, order_state: OrderState, status: PaymentStatus, letter: str
) -> None:
    order = card_order(shop, who)
    assert charged(shop, order, who).state is state
    assert shop.network.orders.get(order.id).state is order_state
    assert shop.network.orders.balance(order.id).status is status
    assert letters(shop) == {letter: 1}
    assert moved(shop) == ([704] if who == "anna" else [])


def test_what_is_paid_is_not_charged_again(shop: Scene) -> None:
    order = card_order(shop)
    charged(shop, order)
    again = shop.network.payments.charge(order.id, actor=BUYERS["anna"], now=LATER)
    assert again == Refusal.of(Code.PAYMENT_NOT_DUE)
    assert moved(shop) == [704]


def test_a_refused_charge_may_be_tried_again_by_the_customer(shop: Scene) -> None:
    order = card_order(shop, "ben")
    first, second = charged(shop, order, "ben"), charged(shop, order, "ben")
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.id != second.id


@pytest.mark.parametrize(("lose", "asked"), [("request", []), ("answer", [704])])
def test_an_answer_that_was_not_heard_is_unknown_and_learnt_later_without_a_second_charge(
    shop: Scene, lose: str, asked: list[int]
) -> None:
    """SUB-17.3: never a no; the bank is asked for the key first."""
    order = card_order(shop)
    shop.line.lose = lose
    unknown = charged(shop, order)
    assert unknown.state is UNKNOWN
    assert moved(shop) == asked
    assert shop.network.orders.balance(order.id).status is PaymentStatus.BALANCE_DUE
    assert charged(shop, order).id == unknown.id
    assert shop.network.payments.settle_open() == ()
    shop.line.lose = None
    [known] = shop.network.payments.settle_open()
    assert (known.id, known.state) == (unknown.id, SETTLED)
    assert moved(shop) == [704]
    assert letters(shop) == {"payment_received": 1}


def test_an_unknown_charge_is_for_what_was_due_when_it_was_made(shop: Scene) -> None:
    """The order may change meanwhile; what is left is another charge."""
    order = card_order(shop)
    shop.line.lose = "answer"
    charged(shop, order)
    shop.network.orders.change(order.id, {EGGS: 3}, actor=AMELIE, now=LATER)
    shop.line.lose = None
    assert charged(shop, order).amount == euros("7.04")
    assert charged(shop, order).amount == euros("3.52")
    assert sorted(moved(shop)) == [352, 704]
    assert shop.network.orders.balance(order.id).status is PaymentStatus.PAID


def test_a_payment_that_is_not_open_is_left_alone(shop: Scene) -> None:
    order = card_order(shop)
    payment = charged(shop, order)
    before = shop.state
    assert shop.network.payments.resolve(payment.id) == payment
    assert shop.state == before
    with pytest.raises(NotFoundError, match="payment"):
        shop.network.payments.resolve(PaymentId("nothing"))


def test_a_charge_that_needs_the_customer_stays_open_until_the_bank_knows_more(shop: Scene) -> None:
    order = card_order(shop, "clara")
    payment = charged(shop, order, "clara")
    before = shop.state
    assert shop.network.payments.resolve(payment.id) == payment
    shop.line.lose = "answer"
    assert shop.network.payments.resolve(payment.id) == payment
    assert shop.state == before


@pytest.mark.parametrize("unattended", [False, True])
def test_a_stranger_charges_nobody(shop: Scene, unattended: bool) -> None:  # noqa: FBT001 - a parameter
    """ORD-6."""
    order = card_order(shop)
    found = shop.network.payments.charge(order.id, actor=STRANGER, now=NOW, unattended=unattended)
    assert why(found) == [("$", Code.NEEDS_MANAGER)]
    assert moved(shop) == []


def test_another_customer_charges_nobody(shop: Scene) -> None:
    order = card_order(shop)
    found = shop.network.payments.charge(order.id, actor=BUYERS["ben"], now=NOW)
    assert why(found) == [("$", Code.NEEDS_MANAGER)]


@pytest.mark.parametrize("actor", [AMELIE, ENGINE], ids=str)
def test_staff_and_the_engine_charge_the_saved_card_unattended_and_the_buyer_does_not(
    shop: Scene, actor: Actor
) -> None:
    """ORD-S2."""
    order = card_order(shop)
    own = shop.network.payments.charge(order.id, actor=BUYERS["anna"], now=NOW, unattended=True)
    assert why(own) == [("$", Code.NEEDS_MANAGER)]
    found = shop.network.payments.charge(order.id, actor=actor, now=NOW, unattended=True)
    assert isinstance(found, Payment)
    assert found.state is SETTLED


def test_cash_is_not_charged(shop: Scene) -> None:
    order = shop.take()
    found = shop.network.payments.charge(order.id, actor=AMELIE, now=NOW)
    assert found == Refusal.of(Code.PAID_BY_HAND, method="Cash")


def test_a_receipt_is_recorded_once_for_each_key_by_staff_alone(shop: Scene) -> None:
    """ORD-S2."""
    order, payments = shop.take(), shop.network.payments
    assert order.total == euros("7.04")
    first = payments.record_receipt(order.id, euros("4"), key="till-1", actor=AMELIE, now=NOW)
    assert payments.record_receipt(order.id, euros("4"), key="till-1", actor=AMELIE, now=LATER) == first
    for actor in (STRANGER, BUYERS["anna"]):
        refused = payments.record_receipt(order.id, euros("1"), key="till-2", actor=actor, now=NOW)
        assert why(refused) == [("$", Code.NEEDS_MANAGER)]
    assert shop.network.orders.balance(order.id).outstanding == euros("3.04")
    assert letters(shop) == {"payment_received": 1}


def test_money_goes_back_the_way_it_came(shop: Scene) -> None:
    """ORD-O17: by hand at once, by card through the bank."""
    order = card_order(shop, boxes=3)
    payments = shop.network.payments
    payments.record_receipt(order.id, euros("3.52"), key="till", actor=AMELIE, now=NOW)
    shop.network.payments.charge(order.id, actor=BUYERS["anna"], now=LATER)
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    assert shop.network.orders.balance(order.id).status is PaymentStatus.CREDIT_OWED
    back = payments.refund(order.id, actor=AMELIE, now=LATER)
    assert not isinstance(back, Refusal)
    assert Counter((each.amount.minor, each.through_gateway, each.state) for each in back) == {
        (-704, True, SETTLED): 1,
        (-352, False, SETTLED): 1,
    }
    assert sorted(moved(shop)) == [-704, 704]
    assert payments.refund(order.id, actor=AMELIE, now=LATER) == Refusal.of(Code.NOTHING_TO_REFUND)
    assert letters(shop)["refund"] == 2


def test_a_refund_that_was_not_heard_of_is_asked_for_again_under_the_same_key(shop: Scene) -> None:
    order = card_order(shop)
    charged(shop, order)
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    shop.line.lose = "answer"
    first = shop.network.payments.refund(order.id, actor=AMELIE, now=LATER)
    second = shop.network.payments.refund(order.id, actor=AMELIE, now=LATER)
    assert not isinstance(first, Refusal)
    assert not isinstance(second, Refusal)
    assert [each.state for each in first] == [UNKNOWN]
    assert [each.id for each in first] == [each.id for each in second]
    shop.line.lose = None
    shop.network.payments.settle_open()
    assert sorted(moved(shop)) == [-704, 704]
    assert shop.network.orders.balance(order.id).status is PaymentStatus.VOID


@pytest.mark.parametrize("actor", [STRANGER, BUYERS["anna"]], ids=str)
def test_only_staff_give_money_back(shop: Scene, actor: Actor) -> None:
    order = card_order(shop)
    charged(shop, order)
    shop.network.orders.cancel(order.id, actor=AMELIE, now=LATER)
    assert why(shop.network.payments.refund(order.id, actor=actor, now=LATER)) == [("$", Code.NEEDS_MANAGER)]


def test_nothing_is_paid_for_an_order_that_there_is_not(shop: Scene) -> None:
    nothing, payments = OrderId("nothing"), shop.network.payments
    expected = Refusal.of(Code.UNKNOWN_RECORD, kind="order", id="nothing")
    assert payments.charge(nothing, actor=AMELIE, now=NOW) == expected
    assert payments.refund(nothing, actor=AMELIE, now=NOW) == expected
    assert payments.record_receipt(nothing, euros("1"), key="till", actor=AMELIE, now=NOW) == expected


class Forgetful:
    """A bank that knows what it did, but takes every request for a new one."""

    def __init__(self) -> None:
        self.charges: list[str] = []
        self.heard = True
        self.meanwhile: Callable[[], object] | None = None

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Take money, once for each time it is asked."""
        self.charges.append(request.key)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
            return GatewayAnswer(outcome=GatewayOutcome.UNKNOWN)
        return GatewayAnswer(outcome=GatewayOutcome.SETTLED if self.heard else GatewayOutcome.UNKNOWN)

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Give money back."""
        return self.charge(request)

    def look_up(self, key: str) -> GatewayAnswer | None:
        """Tell what became of a request."""
        return GatewayAnswer(outcome=GatewayOutcome.SETTLED) if key in self.charges else None


def forgetful_network() -> tuple[Forgetful, FoodNetwork, OrderId]:
    """Return the bank, and a network in which an order awaits its payment."""
    bank = Forgetful()
    network = make_network(payments=bank)
    network.worlds.load(scene())
    order = network.orders.take(
        request((EGGS, 2), payment_method=PaymentMethodId("card")), actor=BUYERS["anna"], now=NOW
    )
    assert isinstance(order, Order)
    return bank, network, order.id


def test_a_bank_that_keeps_no_keys_is_asked_what_it_did_before_it_is_asked_to_do_it() -> None:
    """SUB-17.3: look-up first; a provider keeps keys for about a day."""
    bank, network, order = forgetful_network()
    bank.heard = False
    network.payments.charge(order, actor=BUYERS["anna"], now=NOW)
    network.payments.charge(order, actor=BUYERS["anna"], now=LATER)
    network.payments.settle_open()
    assert len(bank.charges) == 1
    assert network.orders.balance(order).status is PaymentStatus.PAID


def test_what_another_worker_has_learnt_meanwhile_stays_known() -> None:
    """An answer that comes late, or never, undoes nothing."""
    bank, network, order = forgetful_network()
    bank.meanwhile = network.payments.settle_open
    found = network.payments.charge(order, actor=BUYERS["anna"], now=NOW)
    assert isinstance(found, Payment)
    assert found.state is SETTLED
    assert network.orders.balance(order).status is PaymentStatus.PAID
    told = [each for each in network.worlds.export().messages if each.kind is MessageKind.PAYMENT_RECEIVED]
    assert len(told) == 1
