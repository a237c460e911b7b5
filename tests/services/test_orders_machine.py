"""Any sequence of acts on orders, stock and money keeps its books (ORD-17, SUB-17.8).

A machine takes, changes, cancels, charges, receives, refunds, supplies and ticks, over a line that loses requests and
answers, and moves to a copy of its storage now and then. After each step the books are compared with each other, with
the bank's, and with what the machine remembers.
"""

import tempfile
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import OrderId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import OrderCancelled
from ofncore.model.message import MessageKind
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.world import State
from ofncore.orders.balance import balance_of
from ofncore.orders.charging import OPEN_STATES
from ofncore.ports.gateway import GatewayOutcome
from ofncore.testing.worlds import CLOSES, OPENS
from services.scenes import AMELIE, BUYERS, CARROTS, CHEESE, EGGS, PAUL, STRANGER, Scene, request, scene

people = st.sampled_from(sorted(BUYERS))
goods = st.dictionaries(st.sampled_from([EGGS, CHEESE, CARROTS]), st.integers(1, 4), min_size=1)
quantities = st.lists(st.integers(0, 5), min_size=3, max_size=3)
losses = st.sampled_from([None, None, "request", "answer"])


class OrderBooks(RuleBasedStateMachine):
    """Acts on orders of three customers in one cycle."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.scene = Scene.of(scene(), Path(self._folder.name))
        self.now = OPENS
        self.orders: list[OrderId] = []
        self.versions: dict[OrderId, int] = {}
        self.highest: defaultdict[OrderId, int] = defaultdict(int)
        self.done: Counter[str] = Counter()
        self.receipts = 0
        self.deliveries = 0

    def teardown(self) -> None:
        self._folder.cleanup()

    @initialize(late=st.booleans())
    def begin(self, late: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        self.now = CLOSES - timedelta(hours=6) if late else OPENS

    def later(self) -> None:
        self.now += timedelta(minutes=37)

    def cards(self) -> list[OrderId]:
        """Return the orders to be paid by card."""
        return [key for key in self.orders if self.scene.network.orders.get(key).payment.method == "card"]

    def some(self, place: int) -> OrderId:
        return self.orders[place % len(self.orders)]

    def actor(self, order: OrderId, *, by_staff: bool) -> Actor:
        return AMELIE if by_staff else BUYERS[self.scene.network.orders.get(order).customer]

    def changed(self, name: str, before: int, found: object) -> None:
        """Take note of an act that went through."""
        if isinstance(found, Order) and found.version > before:
            self.done[name] += 1

    # acts

    @initialize(lines=goods, card=st.booleans())
    def the_first_order(self, lines: dict[VariantId, int], *, card: bool) -> None:
        self.take_order("anna", lines, card=card, by_staff=False)

    @rule(who=people, lines=goods, card=st.booleans(), by_staff=st.booleans())
    def take(self, who: str, lines: dict[VariantId, int], *, card: bool, by_staff: bool) -> None:
        self.take_order(who, lines, card=card, by_staff=by_staff)

    def take_order(self, who: str, lines: dict[VariantId, int], *, card: bool, by_staff: bool) -> None:
        self.later()
        wanted = request(
            *lines.items(),
            who=who,
            key=f"order-{len(self.orders) + 1}",
            payment_method="card" if card else "cash",
            override_reason="called",
            acknowledged=("farm", "dairy"),
        )
        actor = AMELIE if by_staff else BUYERS[who]
        found = self.scene.network.orders.take(wanted, actor=actor, now=self.now)
        if isinstance(found, Order):
            self.orders.append(found.id)
            self.done["placed"] += 1
            assert self.scene.network.orders.take(wanted, actor=actor, now=self.now) == found

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), chosen=quantities, by_staff=st.booleans())
    def change_anything(self, place: int, chosen: list[int], *, by_staff: bool) -> None:
        self.change(place, chosen, by_staff=by_staff, strange=True)

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), chosen=quantities, by_staff=st.booleans())
    def change_lines(self, place: int, chosen: list[int], *, by_staff: bool) -> None:
        self.change(place, chosen, by_staff=by_staff, strange=False)

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), which=st.integers(0, 2))
    def lower_a_line(self, place: int, which: int) -> None:
        """What customers and staff do most."""
        lines = self.scene.network.orders.get(self.some(place)).lines
        chosen = [line.quantity - (number == which % len(lines)) for number, line in enumerate(lines)]
        self.change(place, chosen, by_staff=False, strange=False)

    def change(self, place: int, chosen: list[int], *, by_staff: bool, strange: bool) -> None:
        self.later()
        key = self.some(place)
        order = self.scene.network.orders.get(key)
        variants = [EGGS, CHEESE, CARROTS] if strange else [line.variant for line in order.lines]
        wanted = dict(zip(variants, chosen, strict=False))
        actor = self.actor(key, by_staff=by_staff)
        found = self.scene.network.orders.change(key, wanted, actor=actor, now=self.now)
        self.changed("changed", order.version, found)

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), restock=st.booleans(), by_staff=st.booleans())
    def cancel(self, place: int, *, restock: bool, by_staff: bool) -> None:
        self.later()
        key = self.some(place)
        before = self.scene.network.orders.get(key).version
        actor = self.actor(key, by_staff=by_staff)
        found = self.scene.network.orders.cancel(key, actor=actor, now=self.now, restock=restock)
        self.changed("cancelled", before, found)

    @precondition(lambda self: self.cards())
    @rule(place=st.integers(0, 50), lose=losses, unattended=st.booleans())
    def charge(self, place: int, lose: str | None, *, unattended: bool) -> None:
        self.later()
        key = self.cards()[place % len(self.cards())]
        self.scene.line.lose = lose
        actor = self.actor(key, by_staff=unattended)
        self.scene.network.payments.charge(key, actor=actor, now=self.now, unattended=unattended)
        self.scene.line.lose = None

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), minor=st.integers(-5, 4000), all_of_it=st.booleans())
    def receive(self, place: int, minor: int, *, all_of_it: bool) -> None:
        self.later()
        key, payments = self.some(place), self.scene.network.payments
        amount = self.scene.network.orders.balance(key).outstanding if all_of_it else Money(minor, "EUR")
        self.receipts += 1
        name = f"till-{self.receipts}"
        found = payments.record_receipt(key, amount, key=name, actor=AMELIE, now=self.now)
        if isinstance(found, Payment):
            assert payments.record_receipt(key, amount, key=name, actor=AMELIE, now=self.now) == found

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50), lose=losses)
    def refund(self, place: int, lose: str | None) -> None:
        self.later()
        self.scene.line.lose = lose
        self.scene.network.payments.refund(self.some(place), actor=AMELIE, now=self.now)
        self.scene.line.lose = None

    @rule(variant=st.sampled_from([EGGS, CARROTS]), quantity=st.integers(-6, 6))
    def supply(self, variant: VariantId, quantity: int) -> None:
        self.later()
        self.deliveries += 1
        key, before = f"delivery-{self.deliveries}", self.scene.on_hand(variant)
        supply = self.scene.network.stock.supply
        found = supply({variant: quantity}, key=key, actor=PAUL, now=self.now)
        assert supply({variant: quantity}, key=key, actor=PAUL, now=self.now) == found
        assert self.scene.on_hand(variant) == before + (0 if isinstance(found, Refusal) else quantity)

    @rule(lose=losses, hours=st.sampled_from([0, 0, 1, 1, 2, 30]))
    def tick(self, lose: str | None, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.scene.line.lose = lose
        self.scene.network.tick(self.now)
        self.scene.line.lose = None

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 50))
    def a_stranger_tries(self, place: int) -> None:
        key, before = self.some(place), self.scene.state
        orders, payments = self.scene.network.orders, self.scene.network.payments
        refused: list[object] = [
            orders.change(key, {EGGS: 1}, actor=STRANGER, now=self.now),
            payments.charge(key, actor=STRANGER, now=self.now),
            payments.charge(key, actor=STRANGER, now=self.now, unattended=True),
            payments.refund(key, actor=STRANGER, now=self.now),
            payments.record_receipt(key, Money(1, "EUR"), key="theirs", actor=STRANGER, now=self.now),
            self.scene.network.stock.supply({EGGS: 1}, key="theirs", actor=STRANGER, now=self.now),
        ]
        assert all(isinstance(each, Refusal) for each in refused)
        assert self.scene.state == before

    @rule()
    def move_to_a_copy(self) -> None:
        """Versions begin anew there; nothing else does."""
        text = write_state(self.scene.state)
        read = read_state(text)
        assert isinstance(read, State), read
        self.scene = Scene.of(read, Path(self._folder.name))
        assert write_state(self.scene.state) == text
        self.versions = {}
        self.later()

    # books

    @invariant()
    def stock_is_what_came_in_less_what_is_sold(self) -> None:
        """ORD-Q4, ORD-Q5."""
        state = self.scene.state
        gone = {each.order for each in state.events if isinstance(each, OrderCancelled) and each.restocked}
        for item in state.stock:
            moves = [each for each in state.stock_movements if each.variant == item.variant]
            brought = sum(each.delta for each in moves if each.order is None)
            lines = [order.line_of(item.variant) for order in state.orders if order.id not in gone]
            sold = sum(line.quantity for line in lines if line is not None)
            assert item.on_hand == item.opening + sum(each.delta for each in moves)
            assert item.on_hand == item.opening + brought - sold
            assert item.on_hand >= 0 or item.on_demand

    @invariant()
    def a_balance_is_the_total_less_what_settled(self) -> None:
        """ORD-O10, ORD-O11."""
        state = self.scene.state
        for order in state.orders:
            mine = [each for each in state.payments if each.order == order.id]
            settled = sum(each.amount.minor for each in mine if each.state is PaymentState.SETTLED)
            owed = 0 if order.state is OrderState.CANCELLED else order.total.minor
            assert balance_of(order, mine).outstanding.minor == owed - settled
            assert settled >= 0
            waits = order.state is OrderState.AWAITING_PAYMENT
            assert not waits or owed > settled
            assert sum(each.state in OPEN_STATES and each.amount.minor > 0 for each in mine) <= 1

    @invariant()
    def the_bank_moved_what_is_claimed_and_nothing_twice(self) -> None:
        """SUB-17.3, SUB-17.8: its books are the truth, and ours agree unless an answer is still to come."""
        state = self.scene.state
        claims = {str(each.id): each for each in state.payments if each.through_gateway}
        codes = {each.code: each for each in state.orders}
        taken: Counter[OrderId] = Counter()
        for entry in self.scene.bank.entries():
            claim = claims[entry.key]
            assert entry.amount == claim.amount
            if claim.state not in {PaymentState.CLAIMED, PaymentState.UNKNOWN}:
                settled = entry.outcome is GatewayOutcome.SETTLED
                assert (claim.state is PaymentState.SETTLED) == settled
            if entry.outcome is GatewayOutcome.SETTLED:
                taken[codes[entry.order_code].id] += entry.amount.minor
        for order in state.orders:
            self.highest[order.id] = max(self.highest[order.id], order.total.minor)
            assert 0 <= taken[order.id] <= self.highest[order.id]

    @invariant()
    def every_fact_is_told_once(self) -> None:
        state = self.scene.state
        events = Counter(each.kind for each in state.events)
        letters = Counter(each.kind for each in state.messages)
        assert events["order_placed"] == letters[MessageKind.ORDER_PLACED] == self.done["placed"]
        assert events["order_changed"] == letters[MessageKind.ORDER_CHANGED] == self.done["changed"]
        assert events["order_cancelled"] == letters[MessageKind.ORDER_CANCELLED] == self.done["cancelled"]
        settled = [each for each in state.payments if each.state is PaymentState.SETTLED]
        assert events["payment_settled"] == len(settled)
        assert letters[MessageKind.PAYMENT_RECEIVED] + letters[MessageKind.REFUND] == len(settled)

    @invariant()
    def versions_only_grow(self) -> None:
        for key in self.orders:
            version = self.scene.network.orders.get(key).version
            assert version >= self.versions.get(key, 1)
            self.versions[key] = version


TestOrderBooks = OrderBooks.TestCase
TestOrderBooks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.campaign
def test_order_books_at_length() -> None:
    run_state_machine_as_test(OrderBooks, settings=settings(max_examples=3000, stateful_step_count=60, deadline=None))
