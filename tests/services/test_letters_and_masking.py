"""What is written to enterprises tells of buyers what masking lets them know, no more and no less (PERM-7, PERM-10)."""

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.enterprise import ShopSettings
from ofncore.model.message import Message, MessageKind
from ofncore.model.world import State
from ofncore.network import make_network
from ofncore.permissions.masking import MaskedOrder, mask_for_letter
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import NOW
from services.two_shops import (
    AMELIE,
    BUYERS,
    CARROTS,
    CHEESE,
    CYCLE,
    DAIRY,
    EGGS,
    FARM,
    HUB,
    MARKET,
    SHOPS,
    live,
    take,
    two_shops,
)

#: Kinds of messages to enterprises; all others are to the buyer alone.
TO_ENTERPRISES: Final = frozenset(
    {
        MessageKind.ORDER_RECEIVED,
        MessageKind.ORDER_WITHDRAWN,
        MessageKind.LINES_CHANGED,
        MessageKind.PLACEMENT_SUMMARY,
        MessageKind.CONFIRMATION_SUMMARY,
        MessageKind.PRODUCER_SUMMARY,
    }
)
PARTS: Final = ("name", "email", "phone", "address")
switches = st.builds(
    ShopSettings,
    subscriptions_enabled=st.just(value=True),
    customers_may_change_orders=st.just(value=True),
    producers_may_change_orders=st.booleans(),
    show_customer_names_to_suppliers=st.booleans(),
    show_customer_contacts_to_suppliers=st.booleans(),
)
CLOSED = ShopSettings(subscriptions_enabled=True, customers_may_change_orders=True, producers_may_change_orders=True)


def lived(hub: ShopSettings, market: ShopSettings, profile: Profile = PRODUCT) -> State:
    """Return all that is stored after a life of two shops with these switches."""
    network = make_network(profile=profile)
    assert network.worlds.load(two_shops(hub, market)) is None
    live(network)
    return network.worlds.export()


def told_of(message: Message, name: str) -> set[str]:
    """Return what *message* tells of a buyer, wherever in it."""
    text = "\n".join((message.subject, message.body, message.reply_to or "", message.to or ""))
    known = BUYERS[name]
    address = known.address
    assert address is not None
    details = {"name": known.last_name, "email": known.email, "phone": known.phone, "address": address.street}
    return {part for part in PARTS if str(details[part]) in text}


def letters(state: State) -> Iterator[Message]:
    """Yield the messages to enterprises."""
    enterprises = {each.id for each in state.enterprises}
    return (each for each in state.messages if each.recipient in enterprises)


def masked(state: State, reader: str) -> tuple[MaskedOrder, ...]:
    """Return what a letter to *reader* may tell of the orders that were placed and not cancelled."""
    orders = [each for each in state.orders if each.is_placed]
    customers = {each.id: each for each in state.customers}
    return mask_for_letter(orders, customers, reader=EnterpriseId(reader), snapshot=Snapshot.of_world(state))


def may_tell(state: State, reader: str, name: str) -> set[str]:
    """Return what masking lets letters to *reader* tell of a buyer."""
    mine = {each.id for each in state.orders if each.customer == name}
    buyers = [each.buyer for each in masked(state, reader) if each.id in mine]
    return {part for part in PARTS if any(getattr(each, part) is not None for each in buyers)}


# ---------------------------------------------------------------- every message


@given(switches, switches)
@settings(max_examples=20, deadline=None)
def test_no_letter_to_an_enterprise_tells_what_masking_hides(hub: ShopSettings, market: ShopSettings) -> None:
    state = lived(hub, market)
    for message in letters(state):
        for name in BUYERS:
            assert told_of(message, name) <= may_tell(state, message.recipient, name), message.body


@given(switches, switches)
@settings(max_examples=20, deadline=None)
def test_a_producer_is_told_just_what_the_shop_of_the_order_shows(hub: ShopSettings, market: ShopSettings) -> None:
    """PERM-10 (names): name and contact each for itself, by the shop where the order was placed; never the address."""
    state = lived(hub, market)
    bought = {FARM: {"anna", "mara", *(() if hub.producers_may_change_orders else ("ben",))}, DAIRY: {"ben", "mara"}}
    shown = {HUB: hub, MARKET: market}
    summaries = [each for each in letters(state) if each.kind is MessageKind.PRODUCER_SUMMARY]
    assert {each.recipient for each in summaries} == {FARM, DAIRY}
    for message in summaries:
        for name in BUYERS:
            switch = shown[SHOPS[name]]
            expected = {"name"} if switch.show_customer_names_to_suppliers else set()
            expected |= {"email", "phone"} if switch.show_customer_contacts_to_suppliers else set()
            told = told_of(message, name)
            assert told == (expected if name in bought[EnterpriseId(message.recipient)] else set()), message.body


def test_with_all_switches_off_producers_are_told_of_no_buyer_and_every_kind_of_letter_was_written() -> None:
    state = lived(CLOSED, CLOSED)
    assert {each.kind for each in letters(state)} == TO_ENTERPRISES
    to_producers = [each for each in letters(state) if each.recipient in (FARM, DAIRY)]
    assert to_producers
    assert [(each.kind, name) for each in to_producers for name in BUYERS if told_of(each, name)] == []


@given(switches, switches)
@settings(max_examples=10, deadline=None)
def test_a_shop_is_told_of_its_own_buyers_only(hub: ShopSettings, market: ShopSettings) -> None:
    """PERM-G26, PERM-G28."""
    state = lived(hub, market)
    of_market = [each for each in letters(state) if each.recipient == MARKET]
    assert any("name" in told_of(each, "mara") for each in of_market)
    assert not any(told_of(each, name) for each in of_market for name in ("anna", "ben"))


@given(switches, switches)
@settings(max_examples=10, deadline=None)
def test_every_other_message_is_for_the_buyer_and_tells_of_no_other(hub: ShopSettings, market: ShopSettings) -> None:
    state = lived(hub, market)
    others = [each for each in state.messages if each.kind not in TO_ENTERPRISES]
    assert {each.recipient for each in others} == set(BUYERS)
    for message in others:
        assert not any(told_of(message, name) for name in BUYERS if name != message.recipient)


@pytest.mark.parametrize("profile", [PRODUCT, OFN], ids=lambda profile: profile.name)
def test_producers_are_told_what_to_bring_whatever_they_may_see_of_orders(profile: Profile) -> None:
    """PERM-10 `orders-kept`: the dairy granted the market nothing, and brings its cheese all the same."""
    state = lived(CLOSED, CLOSED, profile)
    [first, *_] = [each for each in letters(state) if (each.recipient, each.kind) == (DAIRY, "producer_summary")]
    assert "2 × Cheese" in first.body
    assert first.about == CYCLE


def test_a_summary_names_only_shops_that_sold_goods_of_its_producer() -> None:
    """PERM-G16: a supplier sees only what concerns it."""
    network = make_network()
    assert network.worlds.load(two_shops(CLOSED, CLOSED)) is None
    take(network, "ben", "ben-1", (EGGS, 1), (CHEESE, 1))
    take(network, "mara", "mara-1", (CARROTS, 2))
    network.cycles.notify_producers(CYCLE, actor=AMELIE, now=NOW)
    state = network.worlds.export()
    names = {each.id: each.name for each in state.enterprises if each.id in (HUB, MARKET)}
    summaries = {each.recipient: each for each in state.messages if each.kind is MessageKind.PRODUCER_SUMMARY}
    told = {to: {key for key, name in names.items() if name in each.body} for to, each in summaries.items()}
    assert told == {DAIRY: {HUB}, FARM: {HUB, MARKET}}
