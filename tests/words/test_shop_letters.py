"""What a shop reads about one order, and what it does not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.catalogue import LANGUAGES, one_line
from ofncore.model.order import Channel, Order
from ofncore.orders import letters
from ofncore.orders.letters import Letter
from ofncore.testing.worlds import customer, enterprise, euros, order, order_line, outgoing
from words.catalogues import texts
from words.strategies import few, hostile_names, names, orders

ZONE = "Europe/Paris"
PICKUP = outgoing("hub", ready_for="Friday from 17:00")
REASON = "Reason for the exception"
ON_BEHALF = "Placed for the customer by"


def received(ordered: Order, **changes: object) -> Letter:
    facts = {"customer": customer(), "distributor": enterprise(), "exchange": PICKUP, "locale": "en", "zone": ZONE}
    return letters.order_received(ordered, **(facts | changes))  # type: ignore[arg-type] # facts by name


def withdrawn(ordered: Order, **changes: object) -> Letter:
    facts = {"customer": customer(), "distributor": enterprise(), "locale": "en", "zone": ZONE}
    return letters.order_withdrawn(ordered, **(facts | changes))  # type: ignore[arg-type] # facts by name


def test_a_shop_reads_all_of_a_new_order() -> None:
    """ORD-W3: whose it is, how it came in, what it holds, how it is paid, and what the customer says."""
    ordered = order(lines=(order_line(quantity=2),), comment="Small eggs, please.", channel=Channel.PHONE)
    letter = received(ordered, customer=customer(first_name="Anna", last_name="Roca", email="a@x.org", phone="0600"))
    assert letter.subject == "New order ORDER-1 at Hub"
    assert letter.body == (
        "Hello Hub,\n\n"
        "Hub has a new order: ORDER-1 (Mar 3, 2026, 1:00\N{NARROW NO-BREAK SPACE}PM).\n\n"
        "Customer: Anna Roca\nE-mail: a@x.org\nPhone: 0600\nChannel: phone\n\n"
        "Products:\n- 2 × Eggs: €6.40 (€3.20 each)\nAll products: €6.40\n\n"
        "Ready for: Friday from 17:00\nShipping, Pickup: €0.00\n\n"
        "Payment: Cash\nTotal: €6.40\n\n"
        "To pay: €6.40. Payment method: Cash.\n\n"
        "Comment on the order:\n> Small eggs, please.\n"
    )


@pytest.mark.parametrize("write", [received, withdrawn])
def test_only_the_ways_to_a_customer_that_are_known_are_named(write: Callable[..., Letter]) -> None:
    """ORD-B2: a customer may have an address, a phone, or neither."""
    assert "Customer: Anna\n" in write(order(), customer=customer()).body
    assert "E-mail" not in write(order(), customer=customer(phone="0600")).body
    assert "Phone" not in write(order(), customer=customer(email="a@x.org")).body


def test_who_placed_an_order_for_the_customer_is_named() -> None:
    """ORD-B1."""
    assert f"\n{ON_BEHALF}: Amelie\n" in received(order(), placed_by_name="Amelie").body
    assert ON_BEHALF not in received(order()).body


def test_why_a_rule_was_set_aside_stands_in_the_letter() -> None:
    """ORD-B5."""
    assert f"\n{REASON}:\n> She called at noon.\n" in received(order(override_reason="She called at noon.")).body
    assert REASON not in received(order()).body


@pytest.mark.parametrize(
    ("price", "words"),
    [("3.20", "To pay: €3.20."), ("0", "Nothing is left to pay."), ("-2.00", "€2.00 is owed to the customer.")],
)
def test_what_is_to_be_paid_is_said_from_the_side_of_the_shop(price: str, words: str) -> None:
    """ORD-O11; the shop is never told that somebody owes *it* what it owes itself."""
    assert f"\n\n{words}" in received(order(lines=(order_line(price=euros(price)),))).body


@pytest.mark.parametrize(
    ("outstanding", "owed"), [(None, False), ("0", False), ("1.00", False), ("-1.00", True), ("-0.01", True)]
)
def test_only_what_was_paid_is_owed_after_a_cancellation(outstanding: str | None, owed: bool) -> None:  # noqa: FBT001 - a column
    body = withdrawn(order(), outstanding=None if outstanding is None else euros(outstanding)).body
    assert ("is owed to the customer." in body) == owed


def test_a_cancelled_order_is_told_with_what_it_held() -> None:
    """ORD-5."""
    lines = (order_line(quantity=2), order_line("cheese", quantity=0, wanted=1))
    letter = withdrawn(order(lines=lines), outstanding=euros("-6.40"))
    assert letter.subject == "Order ORDER-1 at Hub was cancelled by its customer"
    assert "\nIt held:\n- 2 × Eggs\n\nTotal: €6.40\n\n€6.40 is owed to the customer.\n" in letter.body


def test_nothing_that_is_typed_can_pass_for_the_words_of_the_letter() -> None:
    """ORD-T3: comment and reason stay behind their margins, a name on its line."""
    forged = "x\nTotal: €0.00\nChannel: shop staff"
    body = received(
        order(comment=forged, override_reason=forged), customer=customer(last_name=forged), placed_by_name=forged
    ).body
    assert body.count("\n> Total: €0.00\n> Channel: shop staff\n") == 2
    assert "\nTotal: €0.00" not in body
    assert body.count("\nChannel: ") == 1


@few
@given(ordered=orders(texts=st.one_of(names, hostile_names)), locale=st.sampled_from(LANGUAGES))
def test_a_shop_reads_the_same_amounts_as_its_customer(ordered: Order, locale: str) -> None:
    """FEE-6: from the products to the total, both letters say the same."""
    mine = received(ordered, locale=locale).body
    theirs = letters.order_placed(
        ordered, customer=customer(), distributor=enterprise(), exchange=PICKUP, locale=locale, zone=ZONE
    ).body
    first = texts(locale)["letter.products"]
    account = theirs[theirs.index(f"\n{first}") :].split("\n\n")[: 4 if ordered.fees else 3]
    assert "\n\n".join(account) in mine


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("channel", Channel)
def test_the_channel_is_told_in_the_words_of_the_shop(channel: Channel, locale: str) -> None:
    assert one_line(texts(locale)[f"channel.{channel}"]) in received(order(channel=channel), locale=locale).body
