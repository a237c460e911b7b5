"""What single letters say, and what they leave out."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ofncore.cycles.summaries import summarise
from ofncore.kernel.codes import Code
from ofncore.model.enterprise import Enterprise, ShopSettings
from ofncore.model.order import Order
from ofncore.orders import letters
from ofncore.orders.letters import Letter, RunIssue, RunReport, WantedProduct
from ofncore.permissions.masking import mask_for_letter
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import (
    customer,
    enterprise,
    euros,
    incoming,
    order,
    order_cycle,
    order_line,
    outgoing,
    payment,
    producer,
)
from words.charges import fee_charge
from words.writers import told

ZONE = "Europe/Paris"
PICKUP = outgoing("hub", ready_for="Friday from 17:00", pickup_instructions="Bring bags.\nRing twice.")


def placed(ordered: Order, **changes: object) -> Letter:
    facts = {"customer": customer(), "distributor": enterprise(), "exchange": PICKUP, "locale": "en", "zone": ZONE}
    return letters.order_placed(ordered, **(facts | changes))  # type: ignore[arg-type] # facts by name


def summary(orders: list[Order], shop: Enterprise) -> Letter:
    cycle = order_cycle(
        incoming=(incoming("farm", "eggs", receival_instructions="Ramp two.\nBefore nine."),), outgoing=(PICKUP,)
    )
    return letters.producer_summary(
        summarise(cycle.id, orders)[0],
        supplier=producer(),
        coordinator=enterprise(),
        cycle=cycle,
        distributors=[shop],
        orders=told(orders, customer(phone="0600", email="anna@example.org"), shop, cycle),
        locale="en",
        zone=ZONE,
    )


# ---------------------------------------------------------------- an order


def test_a_customer_is_greeted_by_name() -> None:
    assert placed(order()).body.startswith("Hello Anna,\n\n")


@pytest.mark.parametrize("name", ["", "  ", "\x00\n"])
def test_a_customer_without_a_name_is_greeted_without_one(name: str) -> None:
    assert placed(order(), customer=customer(last_name=name)).body.startswith("Hello,\n\n")


def test_pick_up_instructions_stand_right_below_the_shipping_method() -> None:
    """ORD-G3."""
    assert (
        "Ready for: Friday from 17:00\nShipping, Pickup: €0.00\n  Bring bags.\n  Ring twice.\n\n"
        in placed(order()).body
    )


def test_without_an_exchange_there_are_no_instructions() -> None:
    body = placed(order(), exchange=None).body
    assert "Ready for" not in body
    assert "Shipping, Pickup: €0.00\n\n" in body


def test_a_line_that_fell_short_says_what_was_wanted() -> None:
    lines = (order_line("eggs", quantity=2, wanted=6), order_line("cheese", quantity=0, wanted=1))
    body = placed(order(lines=lines)).body
    assert "- 2 × Eggs: €6.40 (€3.20 each); 6 were asked for\n" in body
    assert "- Cheese: 0 instead of 1\n" in body


def test_a_line_of_nothing_was_taken_off() -> None:
    assert "- Eggs: taken off the order\n" in placed(order(lines=(order_line(quantity=0),))).body


def test_a_unit_price_that_does_not_multiply_to_the_amount_is_called_approximate() -> None:
    """FEE-6: 3 × 3.20 and a fee of 1.00 make 10.60, which is not 3 × 3.53."""
    body = placed(order(lines=(order_line(quantity=3, fees=(fee_charge("1.00"),)),))).body
    assert "- 3 × Eggs: €10.60 (about €3.53 each)\n" in body


def test_a_fee_on_a_line_of_nothing_is_shown() -> None:
    body = placed(order(lines=(order_line(quantity=0, wanted=2, fees=(fee_charge("0.50"),)),))).body
    assert "- Eggs: 0 instead of 2: €0.50\nAll products: €0.50\n" in body


def test_each_fee_on_the_order_has_its_name() -> None:
    body = placed(order(fees=(fee_charge("1.00"), fee_charge("0.50", name="Packing")))).body
    assert "- Transport: €1.00\n- Packing: €0.50\n" in body
    assert "Total: €4.70\n" in body


def test_an_order_is_due_in_full_unless_told_otherwise() -> None:
    assert "To pay: €3.20. Payment method: Cash." in placed(order()).body


@pytest.mark.parametrize(
    ("outstanding", "words"),
    [("1.20", "To pay: €1.20."), ("0", "Nothing is left to pay."), ("-2.00", "Hub owes you €2.00.")],
)
def test_what_is_left_to_pay_follows_the_balance(outstanding: str, words: str) -> None:
    """ORD-O11: positive is owed by the customer, negative to the customer."""
    assert words in placed(order(), outstanding=euros(outstanding)).body


def test_a_letter_ends_with_the_sender() -> None:
    shop = enterprise(email="hub@example.org", phone="0102")
    assert placed(order(), distributor=shop).body.endswith("\n\nHub\nhub@example.org\n0102\n")


def test_a_changed_order_says_what_changed() -> None:
    bread = order_line("bread")
    before = order(lines=(bread, order_line("eggs", quantity=3), order_line("cheese", quantity=1)))
    after = order(lines=(bread, order_line("eggs", quantity=2), order_line("milk", quantity=1)))
    body = letters.order_changed(
        after, before=before, customer=customer(), distributor=enterprise(), exchange=None, locale="en", zone=ZONE
    ).body
    changes = "- Eggs: 2 instead of 3\n- Cheese: 0 instead of 1\n- Added: 1 × Milk\n"
    assert f"What changed:\n{changes}- Total: €12.80 instead of €16.00\n" in body


def test_without_the_order_before_nothing_is_called_changed() -> None:
    body = letters.order_changed(
        order(), customer=customer(), distributor=enterprise(), exchange=None, locale="en", zone=ZONE
    ).body
    assert "What changed" not in body


def test_a_cancelled_order_that_was_not_paid_leaves_nothing_to_say_about_money() -> None:
    body = letters.order_cancelled(
        order(), customer=customer(), distributor=enterprise(), outstanding=euros("0"), locale="en", zone=ZONE
    ).body
    assert "owes" not in body
    assert "pay" not in body


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Code.NO_CARD, "no saved card"),
        (Code.NO_CONSENT, "not allowed your saved card"),
        (Code.CHARGE_REFUSED, "refused the charge"),
        ("insufficient_funds", "this reason: insufficient_funds."),
    ],
)
def test_a_failed_payment_says_why(reason: str, words: str) -> None:
    body = letters.payment_failed(
        order(),
        customer=customer(),
        distributor=enterprise(),
        outstanding=euros("3.20"),
        reason=reason,
        locale="en",
        zone=ZONE,
    ).body
    assert words in body
    assert "Your order stands." in body


def test_a_refund_is_told_as_a_positive_amount() -> None:
    subject = letters.refund(
        order(),
        payment(amount=euros("-2.00")),
        customer=customer(),
        distributor=enterprise(),
        outstanding=euros("0"),
        locale="en",
        zone=ZONE,
    ).subject
    assert subject == "€2.00 given back for order ORDER-1"


@pytest.mark.parametrize(
    ("link", "words"), [("https://pay.example/1", "here:\n  https://pay.example/1\n"), (None, "in touch")]
)
def test_an_approval_is_asked_for_where_it_can_be_given(link: str | None, words: str) -> None:
    body = letters.payment_needs_customer(
        order(),
        customer=customer(),
        distributor=enterprise(),
        outstanding=euros("3.20"),
        link=link,
        locale="en",
        zone=ZONE,
    ).body
    assert words in body


# ---------------------------------------------------------------- subscriptions


def subscribed(ordered: Order, shop: Enterprise, closes_at: datetime | None) -> str:
    return letters.subscription_placed(
        ordered, customer=customer(), distributor=shop, exchange=PICKUP, closes_at=closes_at, locale="fr", zone=ZONE
    ).body


CLOSES = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)


def test_only_a_subscription_order_that_fell_short_says_so() -> None:
    short = order(lines=(order_line(quantity=1, wanted=2),))
    said = "Tout ce que vous demandiez n’était pas disponible."
    assert said in subscribed(short, enterprise(), CLOSES)
    assert said not in subscribed(order(), enterprise(), CLOSES)


@pytest.mark.parametrize(("allowed", "words"), [(True, "Vous pouvez réduire"), (False, "contactez Hub avant")])
def test_who_may_change_a_subscription_order_and_until_when(allowed: bool, words: str) -> None:  # noqa: FBT001 - a column
    """SUB-K14; the close is told in the zone of the shop."""
    shop = enterprise(shop=ShopSettings(customers_may_change_orders=allowed))
    body = subscribed(order(), shop, CLOSES)
    assert words in body
    assert "19:30" in body


def test_without_a_close_nothing_is_said_of_changes() -> None:
    assert "fermeture :" not in subscribed(order(), enterprise(), None).replace("\u00a0", " ")


def test_an_order_placed_after_the_close_is_not_said_to_be_changeable() -> None:
    """SUB-17.4: late placement."""
    late = order(late_at=CLOSES + timedelta(hours=5))
    assert "fermeture :" not in subscribed(late, enterprise(), CLOSES).replace("\u00a0", " ")


@pytest.mark.parametrize(("outstanding", "words"), [("0", "It is paid."), ("3.20", "It is still to be paid.")])
def test_a_confirmed_order_is_paid_or_due(outstanding: str, words: str) -> None:
    """SUB-15: the wording differs."""
    body = letters.subscription_confirmed(
        order(),
        customer=customer(),
        distributor=enterprise(),
        exchange=PICKUP,
        outstanding=euros(outstanding),
        locale="en",
        zone=ZONE,
    ).body
    assert words in body


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Code.NOTHING_AVAILABLE, "None of its products"),
        (Code.MISSED, "Orders had closed"),
        ("other", "You pay nothing"),
    ],
)
def test_a_subscription_without_an_order_says_why_and_what_was_wanted(reason: str, words: str) -> None:
    body = letters.subscription_empty(
        [WantedProduct(name="Eggs", quantity=6)],
        customer=customer(),
        distributor=enterprise(),
        ready_for="",
        reason=reason,
        locale="en",
        zone=ZONE,
    ).body
    assert words in body
    assert "You had asked for:\n- 6 × Eggs\n" in body
    assert "Ready for" not in body


def test_a_run_is_summed_up_by_reason() -> None:
    issues = [
        RunIssue(reason=Code.PLACED_SHORT, customer="Zoé", order_code="HUB-2"),
        RunIssue(reason=Code.CHARGE_REFUSED, customer="Anna", order_code="HUB-1", detail="expired_card"),
        RunIssue(reason=Code.PLACED_SHORT, customer="Ben"),
        RunIssue(reason="host.van_broken", customer="Carla"),
    ]
    body = letters.placement_summary(
        RunReport(seen=9, succeeded=5, issues=tuple(issues)),
        distributor=enterprise(),
        cycle=order_cycle(),
        locale="en",
        zone=ZONE,
    ).body
    assert "looked at: 9\nWithout any issue: 5\nIssues: 4\n" in body
    assert "Placed with less than asked for (2):\n- Zoé (HUB-2)\n- Ben\n" in body
    assert "Not paid: charge refused (1):\n- Anna (HUB-1): expired_card\n" in body
    assert "host.van_broken (1):\n- Carla\n" in body
    assert "nothing for you to do" not in body


def test_a_run_without_issues_asks_for_nothing() -> None:
    body = letters.confirmation_summary(
        RunReport(seen=2, succeeded=2), distributor=enterprise(), cycle=order_cycle(), locale="en", zone=ZONE
    ).body
    assert "There is nothing for you to do." in body


# ---------------------------------------------------------------- producers


SHOWS_NAMES = ShopSettings(show_customer_names_to_suppliers=True)
SHOWS_CONTACTS = ShopSettings(show_customer_contacts_to_suppliers=True)
SHOWS_ALL = attrs.evolve(SHOWS_NAMES, show_customer_contacts_to_suppliers=True)


def test_a_producer_reads_what_to_bring_when_and_where() -> None:
    """ORD-O33, ORD-G4: products at the producer's own price, ready-for by shop, receival instructions."""
    body = summary([order(lines=(order_line(quantity=4, fees=(fee_charge("1.00"),)),))], enterprise()).body
    assert "- 4 × Eggs: €12.80 (€3.20 each)\nTotal: €12.80\n" in body
    assert "Ready for:\n- Hub: Friday from 17:00\n" in body
    assert "Receival instructions:\n  Ramp two.\n  Before nine.\n" in body


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (SHOWS_NAMES, "Anna at Hub, order ORDER-1:\n- 1 × Eggs\n"),
        (SHOWS_CONTACTS, "\n0600, anna@example.org at Hub, order ORDER-1:\n- 1 × Eggs\n"),
        (SHOWS_ALL, "Anna, 0600, anna@example.org at Hub, order ORDER-1:\n- 1 × Eggs\n"),
    ],
)
def test_buyers_are_named_only_as_far_as_the_shop_allows(settings: ShopSettings, line: str) -> None:
    """PERM-7, PERM-10 (names): names and contacts are two choices of the distributor, each for itself."""
    body = summary([order()], enterprise(shop=settings)).body
    assert line in body
    assert ("Anna" in body) == settings.show_customer_names_to_suppliers
    assert ("0600" in body) == settings.show_customer_contacts_to_suppliers


@pytest.mark.parametrize("settings", [ShopSettings(), ShopSettings(producers_may_change_orders=True)])
def test_a_shop_that_shows_neither_shows_no_buyers(settings: ShopSettings) -> None:
    """ORD-O25: also where suppliers may change their lines."""
    body = summary([order()], enterprise(shop=settings)).body
    assert "Anna" not in body
    assert "0600" not in body
    assert "anna@example.org" not in body


def test_a_hub_that_brings_goods_itself_reads_of_buyers_what_to_bring_and_no_more() -> None:
    """ORD-D2: as staff it may know the whole order; the summary is about its own lines."""
    hub, cycle = enterprise("hub"), order_cycle()
    ordered = order(lines=(order_line("honey", supplier=hub.id), order_line("cheese", supplier="dairy")))
    snapshot = Snapshot.of(enterprises=[hub], order_cycles=[cycle])
    body = letters.producer_summary(
        next(each for each in summarise(cycle.id, [ordered]) if each.supplier == hub.id),
        supplier=hub,
        coordinator=hub,
        cycle=cycle,
        distributors=[hub],
        orders=mask_for_letter([ordered], {customer().id: customer()}, reader=hub.id, snapshot=snapshot),
        locale="en",
        zone=ZONE,
    ).body
    assert "Anna at Hub, order ORDER-1:\n- 1 × Honey\n" in body
    assert "Cheese" not in body


def test_a_producer_reads_nothing_of_the_goods_of_others() -> None:
    eggs, cheese = order_line("eggs"), order_line("cheese", supplier="zeta-dairy")
    orders = [order(lines=(eggs, cheese)), order("order-2", lines=(cheese,))]
    body = summary(orders, enterprise(shop=SHOWS_NAMES)).body
    assert "Eggs" in body
    assert "Cheese" not in body
    assert "ORDER-2" not in body
