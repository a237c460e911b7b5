"""Messages are handed over until they are taken (SUB-17.6)."""

from datetime import timedelta

import attrs

from ofncore.model.message import Message, MessageState
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import NOW
from services.scenes import BUYERS, CHEESE, request, scene


class Carrier:
    """Takes messages, or says why not."""

    def __init__(self) -> None:
        self.why_not: str | None = None
        self.offered: list[str] = []

    def send(self, message: Message) -> str | None:
        """Take *message*, unless there is a reason not to."""
        self.offered.append(message.id)
        return self.why_not


def network_with(carrier: Carrier) -> FoodNetwork:
    """Return a network in which anna has ordered; the shop has no address."""
    world = scene()
    silent = tuple(attrs.evolve(each, email=None) for each in world.enterprises)
    network = make_network(notifier=carrier)
    network.worlds.load(attrs.evolve(world, enterprises=silent))
    network.orders.take(request(), actor=BUYERS["anna"], now=NOW)
    return network


def pending(network: FoodNetwork) -> Message:
    """Return the message to anna."""
    [message] = [each for each in network.worlds.export().messages if each.recipient == "anna"]
    return message


def test_a_message_that_was_taken_is_not_offered_again() -> None:
    carrier = Carrier()
    network = network_with(carrier)
    assert network.outbox.deliver(NOW) == 1
    assert network.outbox.deliver(NOW + timedelta(days=9)) == 0
    assert carrier.offered == [pending(network).id]
    assert (pending(network).state, pending(network).attempts) == (MessageState.SENT, 1)


def test_one_that_was_not_taken_waits_twice_as_long_each_time_at_most_a_day() -> None:
    carrier = Carrier()
    network = network_with(carrier)
    carrier.why_not = "mailbox full"
    now, waits = NOW, []
    for _ in range(12):
        assert network.outbox.deliver(now) == 0
        message = pending(network)
        assert (message.state, message.reason) == (MessageState.PENDING, "mailbox full")
        assert message.next_try_at is not None
        waits.append(message.next_try_at - now)
        now = message.next_try_at
        offered = len(carrier.offered)
        assert network.outbox.deliver(now - timedelta(microseconds=1)) == 0
        assert len(carrier.offered) == offered
    minutes = [5 * 2**n for n in range(9)]
    assert waits == [timedelta(minutes=each) for each in minutes] + [timedelta(days=1)] * 3
    carrier.why_not = None
    assert network.outbox.deliver(now) == 1
    assert (pending(network).state, pending(network).reason, pending(network).next_try_at) == (
        MessageState.SENT,
        None,
        None,
    )


def test_a_message_to_nobody_is_never_offered() -> None:
    """ORD-B2."""
    carrier = Carrier()
    network = network_with(carrier)
    network.tick(NOW)
    [to_shop] = [each for each in network.worlds.export().messages if each.recipient == "hub"]
    assert to_shop.state is MessageState.NOT_SENT
    assert to_shop.id not in carrier.offered


def test_more_messages_than_one_handful_are_all_delivered() -> None:
    carrier = Carrier()
    network = network_with(carrier)
    for number in range(130):
        wanted = request((CHEESE, 1), key=f"more-{number}")
        network.orders.take(wanted, actor=BUYERS["anna"], now=NOW)
    assert network.outbox.deliver(NOW) == 131
    assert len(set(carrier.offered)) == 131


def test_a_carrier_that_fails_changes_nothing_that_the_message_is_about() -> None:
    """SUB-17.6."""
    carrier = Carrier()
    network = network_with(carrier)
    before = network.worlds.export()
    carrier.why_not = "down"
    network.outbox.deliver(NOW)
    assert attrs.evolve(network.worlds.export(), messages=before.messages) == before
