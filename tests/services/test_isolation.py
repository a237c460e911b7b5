"""What fails for one record keeps no other waiting, and what was sent stays sent (SUB-17.6)."""

import threading
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import LedgerGateway
from ofncore.adapters.sql import SqlStorage
from ofncore.kernel.errors import UnfinishedWorkError
from ofncore.kernel.ids import OrderCycleId
from ofncore.model.message import Message, MessageState
from ofncore.model.payment import PaymentState
from ofncore.model.subscription import ProxyOutcome
from ofncore.network import FoodNetwork, make_network
from ofncore.ports.gateway import GatewayAnswer, GatewayRequest
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing.faults import Crash
from ofncore.testing.worlds import CLOSES, NOW, OPENS, schedule
from services.scenes import BUYERS, request, scene
from services.test_subscriptions import AFTER, DAY, standing


class BadCredentialsError(Exception):
    """What no repeat mends."""


class Choosy(LedgerGateway):
    """A gateway that raises for the cards in `poisoned`."""

    poisoned: tuple[str, ...] = ()
    error: type[BaseException] = BadCredentialsError

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Move money, or raise."""
        if request.saved_card in self.poisoned:
            raise self.error
        return super().charge(request)


class Courier:
    """Takes messages, but raises for those to `poisoned`."""

    poisoned: str | None = None

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, message: Message) -> str | None:
        """Take *message*, or raise."""
        if message.recipient == self.poisoned:
            raise ConnectionResetError(message.recipient)
        self.taken.append(message.id)
        return None


@attrs.frozen
class Hub:
    """A network with its own gateway and courier."""

    network: FoodNetwork
    gateway: Choosy
    courier: Courier

    def charged(self) -> dict[str, PaymentState]:
        """Return the state of the charge of each customer."""
        state = self.network.worlds.export()
        customers = {each.id: each.customer for each in state.orders}
        return {customers[each.order]: each.state for each in state.payments}

    def outcomes(self) -> dict[str, ProxyOutcome | None]:
        """Return what became of each standing order."""
        return {each.subscription: each.outcome for each in self.network.worlds.export().proxy_orders}

    def letter(self, recipient: str) -> Message:
        """Return the first message to somebody."""
        return next(each for each in self.network.worlds.export().messages if each.recipient == recipient)


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UnitOfWorkFactory]:
    """Return an empty storage."""
    if request.param == "memory":
        yield MemoryStorage()
        return
    stored = SqlStorage(f"sqlite:///{tmp_path / 'hub.db'}")
    stored.create_schema()
    yield stored
    stored.close()


@pytest.fixture
def hub(storage: UnitOfWorkFactory, tmp_path: Path) -> Hub:
    """Return a shop with a standing order of each of three customers; all have a card."""
    gateway, courier = Choosy(tmp_path / "bank.db"), Courier()
    network = make_network(unit_of_work=storage, payments=gateway, notifier=courier)
    plain = scene()
    world = attrs.evolve(
        plain,
        customers=tuple(attrs.evolve(each, saved_card=f"tok_{each.id}") for each in plain.customers),
        subscriptions=tuple(standing(f"of-{who}", who=who) for who in BUYERS),
    )
    assert network.worlds.load(world) is None
    return Hub(network, gateway, courier)


def notes(caught: pytest.ExceptionInfo[UnfinishedWorkError]) -> list[str]:
    """Return what the failures are about, without ids."""
    return [each.__notes__[-1].split()[0] for each in caught.value.exceptions]


def test_a_charge_that_raises_stops_no_other_charge_and_no_letter(hub: Hub) -> None:
    hub.network.tick(OPENS)
    hub.gateway.poisoned = ("tok_anna",)
    for instant in (AFTER, AFTER + DAY):
        with pytest.raises(UnfinishedWorkError) as caught:
            hub.network.tick(instant)
        assert notes(caught) == ["payment"]
        assert hub.charged() == {
            "anna": PaymentState.CLAIMED,
            "ben": PaymentState.SETTLED,
            "clara": PaymentState.SETTLED,
        }
        assert hub.outcomes() == {
            "of-anna": ProxyOutcome.PLACED,
            "of-ben": ProxyOutcome.CONFIRMED,
            "of-clara": ProxyOutcome.CONFIRMED,
        }
        assert {each.state for each in hub.network.worlds.export().messages} == {MessageState.SENT}
    hub.gateway.poisoned = ()
    hub.network.tick(AFTER + 2 * DAY)
    assert set(hub.charged().values()) == {PaymentState.SETTLED}
    assert set(hub.outcomes().values()) == {ProxyOutcome.CONFIRMED}


def test_every_failure_is_told(hub: Hub) -> None:
    hub.network.tick(OPENS)
    hub.gateway.poisoned = ("tok_anna", "tok_ben")
    hub.courier.poisoned = "clara"
    with pytest.raises(UnfinishedWorkError) as caught:
        hub.network.tick(AFTER)
    assert notes(caught) == ["payment", "payment", "message"]
    assert hub.outcomes()["of-clara"] is ProxyOutcome.CONFIRMED


def test_open_claims_are_settled_beside_one_that_raises(hub: Hub) -> None:
    hub.network.tick(OPENS)
    hub.gateway.poisoned = tuple(f"tok_{who}" for who in BUYERS)
    with pytest.raises(UnfinishedWorkError):
        hub.network.tick(AFTER)
    hub.gateway.poisoned = ("tok_anna",)
    with pytest.raises(UnfinishedWorkError) as caught:
        hub.network.payments.settle_open()
    assert len(caught.value.exceptions) == 1
    assert list(hub.charged().values()).count(PaymentState.SETTLED) == len(BUYERS) - 1


def test_a_kill_is_no_failure_to_go_on_from(hub: Hub) -> None:
    hub.network.tick(OPENS)
    hub.gateway.poisoned, hub.gateway.error = ("tok_anna", "tok_ben", "tok_clara"), Crash
    with pytest.raises(Crash):
        hub.network.tick(AFTER)
    assert len(hub.charged()) == 1


def test_a_cycle_that_fails_is_left_and_the_others_go_on(tmp_path: Path) -> None:
    """Memory lets a standing order name a customer who is not there; it stops its own cycle."""
    storage = MemoryStorage()
    network = make_network(unit_of_work=storage, payments=Choosy(tmp_path / "bank.db"))
    network.worlds.load(scene())
    with storage() as unit:
        [cycle] = unit.order_cycles.all()
        unit.order_cycles.add(attrs.evolve(cycle, id=OrderCycleId("a-broken"), version=0))
        unit.schedules.add(schedule("lost", order_cycles=("a-broken",)))
        unit.subscriptions.add(standing("lost", who="nobody", schedule="lost"))
    for instant in (OPENS, AFTER):
        with pytest.raises(UnfinishedWorkError) as caught:
            network.tick(instant)
        assert {each.__notes__[-1] for each in caught.value.exceptions} == {"order cycle a-broken"}
    closed = {each.id: each.closed_at for each in network.worlds.export().order_cycles}
    assert closed == {"a-broken": None, cycle.id: CLOSES}


# ---------------------------------------------------------------- messages


def ordered(hub: Hub) -> None:
    """Let two customers order; each is written to."""
    for who in ("anna", "ben"):
        hub.network.orders.take(request(who=who, key=who), actor=BUYERS[who], now=NOW)


def test_a_courier_that_raises_for_one_message_carries_the_others(hub: Hub) -> None:
    ordered(hub)
    hub.courier.poisoned = "anna"
    with pytest.raises(UnfinishedWorkError) as caught:
        hub.network.outbox.deliver(NOW)
    assert notes(caught) == ["message"]
    late = hub.letter("anna")
    assert (late.state, late.attempts, late.reason) == (MessageState.PENDING, 1, "ConnectionResetError")
    assert late.next_try_at is not None
    assert hub.letter("ben").state is MessageState.SENT
    hub.courier.poisoned = None
    assert hub.network.outbox.deliver(NOW) == 0
    assert hub.network.outbox.deliver(late.next_try_at) == 1


class Overtaken(Courier):
    """While it fails to carry a message, another tick carries it."""

    def __init__(self, other: FoodNetwork) -> None:
        super().__init__()
        self.other = other

    def send(self, message: Message) -> str | None:
        """Be overtaken, in another thread as another tick would be."""
        assert message.state is MessageState.PENDING
        overtaking = threading.Thread(target=self.other.outbox.deliver, args=(NOW,))
        overtaking.start()
        overtaking.join()
        return "too slow"


def test_a_sender_that_fails_does_not_take_back_what_another_tick_sent(hub: Hub, storage: UnitOfWorkFactory) -> None:
    ordered(hub)
    slow = make_network(unit_of_work=storage, notifier=Overtaken(hub.network))
    assert slow.outbox.deliver(NOW) == 0
    pending = [each for each in hub.network.worlds.export().messages if each.state is MessageState.PENDING]
    assert pending == []
    assert {(each.attempts, each.reason) for each in hub.network.worlds.export().messages} == {(1, None)}
    assert len(hub.courier.taken) == len(set(hub.courier.taken))
    assert hub.network.outbox.deliver(CLOSES + DAY) == 0
