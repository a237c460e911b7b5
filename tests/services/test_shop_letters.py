"""The shop is told of every order taken, and of every order its customer cancels, together with the order itself."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from ofncore.adapters.mail import KeptMail
from ofncore.adapters.sql import SqlStorage
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    PaymentMethodId,
    ShippingMethodId,
    UserId,
    VariantId,
)
from ofncore.kernel.refusals import Refusal
from ofncore.model.customer import Consent, Customer
from ofncore.model.enterprise import Enterprise, ShopSettings
from ofncore.model.message import Message, MessageKind, MessageState
from ofncore.model.order import Channel, Order
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing.worlds import CLOSES, NOW, customer, enterprise, producer, small_state, user

#: The same buyer twice: by secret link, and by account.
BY_LINK: Final = Actor.customer("anna")
BY_ACCOUNT: Final = Actor.user("anna-user")
STAFF: Final = Actor.user("amelie")
ADMIN: Final = Actor.user("root")

ANNA: Final = customer(
    "anna", email="anna@example.org", phone="0600", user="anna-user", consents=(Consent.RECEIVE_MAIL,)
)
SETTINGS: Final = ShopSettings(customers_may_change_orders=True, subscriptions_enabled=True)
HUB: Final = enterprise("hub", email="hub@example.org", locale="fr", shop=SETTINGS)

REQUEST: Final = OrderRequest(
    key="web-1",
    customer=CustomerId("anna"),
    distributor=EnterpriseId("hub"),
    order_cycle=OrderCycleId("week-10"),
    lines=(RequestedLine(VariantId("eggs"), 2),),
    shipping_method=ShippingMethodId("pickup"),
    payment_method=PaymentMethodId("cash"),
    comment="Petits œufs.",
)


def network_of(buyer: Customer = ANNA, shop: Enterprise = HUB) -> FoodNetwork:
    return loaded(make_network(notifier=KeptMail()), buyer, shop)


def loaded(network: FoodNetwork, buyer: Customer = ANNA, shop: Enterprise = HUB) -> FoodNetwork:
    people = (user("amelie"), user("anna-user"), user("berta"), user("paul"), user("root", is_admin=True))
    shops = (producer("dairy", owner="berta"), producer("farm"), shop)
    state = small_state(users=people, enterprises=shops, customers=(buyer, customer("ben")))
    assert network.worlds.load(state) is None
    return network


def take(network: FoodNetwork, actor: Actor = BY_LINK, **changes: object) -> Order:
    at = changes.pop("now", NOW)
    taken = network.orders.take(attrs.evolve(REQUEST, **changes), actor=actor, now=at)  # type: ignore[arg-type] # fields and an instant by name
    assert isinstance(taken, Order), taken
    return taken


def cancel(network: FoodNetwork, order: Order, actor: Actor) -> None:
    assert isinstance(network.orders.cancel(order.id, actor=actor, now=NOW), Order)


def told(network: FoodNetwork, kind: MessageKind) -> list[Message]:
    return [message for message in network.worlds.export().messages if message.kind is kind]


# ---------------------------------------------------------------- an order taken


@pytest.mark.parametrize("actor", [BY_LINK, BY_ACCOUNT, STAFF, ADMIN])
def test_the_shop_is_told_of_every_order_that_is_taken(actor: Actor) -> None:
    """ORD-W3: one letter, in the language of the shop, to its address."""
    network = network_of()
    order = take(network, actor)
    (letter,) = told(network, MessageKind.ORDER_RECEIVED)
    assert (letter.about, letter.recipient, letter.to) == (order.id, "hub", "hub@example.org")
    assert (letter.locale, letter.at, letter.state) == ("fr", NOW, MessageState.PENDING)
    assert letter.subject == f"Nouvelle commande {order.code} chez Hub"
    assert "> Petits œufs." in letter.body


def test_customer_and_shop_are_told_of_the_same_order() -> None:
    """ORD-O32: one confirmation to each, and replies are crossed."""
    network = network_of()
    take(network)
    (mine,) = told(network, MessageKind.ORDER_PLACED)
    (theirs,) = told(network, MessageKind.ORDER_RECEIVED)
    assert (mine.to, mine.reply_to) == (theirs.reply_to, theirs.to)


@given(
    email=st.sampled_from([None, "anna@example.org", "anna.roca+7@placeholder.invalid"]),
    consents=st.sampled_from([(), (Consent.RECEIVE_MAIL,), (Consent.CHARGE_SAVED_CARD,)]),
)
@settings(max_examples=9, deadline=None)
def test_a_reply_goes_only_to_a_customer_who_can_be_written_to(
    email: str | None, consents: tuple[Consent, ...]
) -> None:
    """ORD-B2, ORD-O32: for orders taken and orders cancelled."""
    buyer = attrs.evolve(ANNA, email=email, consents=consents)
    network = network_of(buyer)
    cancel(network, take(network), BY_LINK)
    letters = told(network, MessageKind.ORDER_RECEIVED) + told(network, MessageKind.ORDER_WITHDRAWN)
    assert [letter.reply_to for letter in letters] == [email if buyer.is_contactable else None] * 2


@pytest.mark.parametrize(("actor", "name"), [(BY_LINK, None), (BY_ACCOUNT, None), (STAFF, "Amelie"), (ADMIN, "Root")])
def test_who_placed_the_order_is_named_unless_it_was_the_customer(actor: Actor, name: str | None) -> None:
    """ORD-B1."""
    network = network_of()
    take(network, actor, channel=Channel.PHONE)
    (letter,) = told(network, MessageKind.ORDER_RECEIVED)
    line = f"\nCommande gestionnaire passée par\N{NO-BREAK SPACE}: {name}\n"
    assert (line in letter.body) == (name is not None)
    assert ("gestionnaire" in letter.body) == (name is not None)


def test_a_manager_who_buys_is_a_customer_of_the_shop() -> None:
    network = network_of(attrs.evolve(ANNA, user=UserId(STAFF.id)))
    cancel(network, take(network, STAFF), STAFF)
    assert "gestionnaire" not in told(network, MessageKind.ORDER_RECEIVED)[0].body
    assert len(told(network, MessageKind.ORDER_WITHDRAWN)) == 1


def test_an_order_after_the_close_comes_with_the_reason_that_staff_gave() -> None:
    """ORD-B5."""
    network = network_of()
    take(network, STAFF, now=CLOSES + timedelta(hours=1), override_reason="Elle avait appelé avant midi.")
    (letter,) = told(network, MessageKind.ORDER_RECEIVED)
    assert "\n> Elle avait appelé avant midi.\n" in letter.body


def test_a_customer_gives_no_reason_for_an_exception() -> None:
    """ORD-B9: overrides are never available to customers; what one types there is not kept and not told."""
    network = network_of()
    order = take(network, BY_LINK, override_reason="Approved by Amelie.")
    (letter,) = told(network, MessageKind.ORDER_RECEIVED)
    assert order.override_reason is None
    assert "Approved" not in letter.body


def test_nobody_can_ask_for_an_order_of_the_engine() -> None:
    """ORD-B1: the channel of standing orders is not for requests, so no order escapes the shop's letter."""
    with pytest.raises(ValueError, match="subscription"):
        take(network_of(), STAFF, channel=Channel.SUBSCRIPTION)


def test_a_tick_that_places_subscriptions_writes_no_letter_about_single_orders() -> None:
    """ORD-N3, ORD-O32: the shop has a summary of these."""
    network = network_of()
    network.tick(NOW)
    assert len(network.worlds.export().orders) == 1
    assert told(network, MessageKind.ORDER_RECEIVED) == []


def test_a_repeated_request_tells_nothing_more() -> None:
    """ORD-S4."""
    network = network_of()
    assert take(network) == take(network)
    assert len(told(network, MessageKind.ORDER_RECEIVED)) == 1


def test_an_order_that_is_refused_tells_nobody() -> None:
    network = network_of()
    too_many = attrs.evolve(REQUEST, lines=(RequestedLine(VariantId("eggs"), 11),))
    assert isinstance(network.orders.take(too_many, actor=BY_LINK, now=NOW), Refusal)
    assert network.worlds.export().messages == ()


def test_a_shop_without_an_address_has_its_letter_kept() -> None:
    """The letter is there to be read; it is never handed to the notifier."""
    network = network_of(shop=attrs.evolve(HUB, email=None))
    take(network)
    network.outbox.deliver(NOW)
    (letter,) = told(network, MessageKind.ORDER_RECEIVED)
    assert (letter.to, letter.state, letter.attempts) == (None, MessageState.NOT_SENT, 0)


# ---------------------------------------------------------------- an order cancelled


@pytest.mark.parametrize("actor", [BY_LINK, BY_ACCOUNT])
def test_the_shop_is_told_when_the_customer_cancels(actor: Actor) -> None:
    """ORD-5, row "cancel"."""
    network = network_of()
    order = take(network)
    cancel(network, order, actor)
    (letter,) = told(network, MessageKind.ORDER_WITHDRAWN)
    assert (letter.about, letter.recipient, letter.to) == (order.id, "hub", "hub@example.org")
    assert letter.subject == f"La commande {order.code} chez Hub a été annulée par l’acheteur"
    assert "- 2 × Eggs\n" in letter.body


@pytest.mark.parametrize("actor", [STAFF, ADMIN])
def test_the_shop_is_not_told_what_its_staff_did(actor: Actor) -> None:
    """ORD-5: the customer is told all the same."""
    network = network_of()
    cancel(network, take(network), actor)
    assert told(network, MessageKind.ORDER_WITHDRAWN) == []
    assert len(told(network, MessageKind.ORDER_CANCELLED)) == 1


def test_cancelling_again_tells_nothing_more() -> None:
    network = network_of()
    order = take(network)
    cancel(network, order, BY_LINK)
    cancel(network, order, BY_LINK)
    assert len(told(network, MessageKind.ORDER_WITHDRAWN)) == 1


def test_what_was_paid_is_said_to_be_owed() -> None:
    network = network_of()
    order = take(network)
    network.payments.record_receipt(order.id, order.total, key="till-1", actor=STAFF, now=NOW)
    cancel(network, order, BY_LINK)
    (letter,) = told(network, MessageKind.ORDER_WITHDRAWN)
    assert "à rembourser à l’acheteur." in letter.body


def test_a_customer_who_cancels_an_order_of_a_subscription_is_heard_by_the_shop() -> None:
    """ORD-5: that the order came from a subscription makes no difference here."""
    network = network_of()
    network.tick(NOW)
    (order,) = network.worlds.export().orders
    cancel(network, order, BY_LINK)
    assert [letter.about for letter in told(network, MessageKind.ORDER_WITHDRAWN)] == [order.id]


# ---------------------------------------------------------------- any order, any storage

_ACTORS = st.sampled_from([BY_LINK, BY_ACCOUNT, STAFF, ADMIN])


@given(st.lists(st.tuples(_ACTORS, st.none() | _ACTORS), max_size=5))
@settings(max_examples=15, deadline=None)
def test_each_order_gives_one_letter_and_each_withdrawal_one_more(acts: list[tuple[Actor, Actor | None]]) -> None:
    """ORD-W3, ORD-5: whatever happens, letters and orders agree."""
    network = network_of()
    orders = [take(network, taker, key=f"web-{index}") for index, (taker, _) in enumerate(acts)]
    withdrawn = []
    for order, (_, canceller) in zip(orders, acts, strict=True):
        if canceller is not None:
            cancel(network, order, canceller)
        if canceller in (BY_LINK, BY_ACCOUNT):
            withdrawn.append(order.id)
    received = [letter.about for letter in told(network, MessageKind.ORDER_RECEIVED)]
    assert sorted(received) == sorted(order.id for order in orders)
    assert sorted(letter.about for letter in told(network, MessageKind.ORDER_WITHDRAWN)) == sorted(withdrawn)


def test_a_database_keeps_the_same_letters_as_the_memory(tmp_path: Path) -> None:
    storage = SqlStorage(create_engine(f"sqlite:///{tmp_path / 'shop.db'}"))
    storage.create_schema()
    networks = (network_of(), loaded(make_network(unit_of_work=storage, notifier=KeptMail())))
    for network in networks:
        cancel(network, take(network), BY_LINK)
    letters = [told(network, MessageKind.ORDER_RECEIVED) for network in networks]
    farewells = [told(network, MessageKind.ORDER_WITHDRAWN) for network in networks]
    assert letters[0] == letters[1] != []
    assert farewells[0] == farewells[1] != []
