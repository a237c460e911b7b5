"""Standing orders through the front door: kept in step, placed, charged and concluded (SUB-12, SUB-14, SUB-17)."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from ofncore.formats.state import write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.model.enterprise import ShopSettings
from ofncore.model.message import MessageKind
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentState
from ofncore.model.subscription import ProxyOrder, ProxyOutcome, Subscription, SubscriptionLine
from ofncore.network import make_network
from ofncore.ports.gateway import GatewayOutcome
from ofncore.services.agenda import AgendaReport
from ofncore.testing.faults import Crash, Faults
from ofncore.testing.lateness import without_lateness
from ofncore.testing.worlds import CLOSES, NOW, OPENS, euros, schedule, subscription
from services.scenes import AMELIE, BUYERS, CHEESE, EGGS, PAUL, Scene, scene

WEEK, DAY, TICK = timedelta(days=7), timedelta(days=1), timedelta(microseconds=1)
AFTER = CLOSES + TICK


def standing(
    key: str, *lines: tuple[VariantId, int], who: str = "anna", card: bool = True, **changes: object
) -> Subscription:
    """Return a subscription of *who*, by default for one box of eggs by card."""
    wanted = tuple(SubscriptionLine(variant=variant, quantity=quantity) for variant, quantity in lines or ((EGGS, 1),))
    defaults: dict[str, object] = {"customer": who, "lines": wanted, "payment_method": "card" if card else "cash"}
    return subscription(key, **(defaults | changes))


def shop_with(
    folder: Path, *subscriptions: Subscription, late_days: int = 0, enabled: bool = True, **changes: object
) -> Scene:
    """Return a network whose shop has these standing orders."""
    settings = ShopSettings(
        subscriptions_enabled=enabled, late_placement_days=late_days, customers_may_change_orders=True
    )
    [dairy, farm, hub] = scene().enterprises
    enterprises = (dairy, farm, attrs.evolve(hub, shop=settings))
    return Scene.of(scene(**({"subscriptions": subscriptions, "enterprises": enterprises} | changes)), folder)


def places(shop: Scene) -> dict[str, ProxyOrder]:
    """Return what became of each subscription."""
    return {each.subscription: each for each in shop.state.proxy_orders}


def outcomes(shop: Scene) -> dict[str, ProxyOutcome | None]:
    """Return the outcome of each subscription."""
    return {key: proxy.outcome for key, proxy in places(shop).items()}


def letters(shop: Scene, *kinds: MessageKind) -> Counter[tuple[str, str]]:
    """Return how many messages of *kinds* went to whom."""
    return Counter((each.kind.value, each.recipient) for each in shop.state.messages if each.kind in kinds)


def moved(shop: Scene) -> list[int]:
    """Return what the bank moved, in cents."""
    return [each.amount.minor for each in shop.bank.entries() if each.outcome is GatewayOutcome.SETTLED]


def order_of(shop: Scene, key: str) -> Order:
    """Return the order that was placed for a subscription."""
    order = places(shop)[key].order
    assert order is not None
    return shop.network.orders.get(order)


def all_ticks(shop: Scene, *instants: datetime) -> list[AgendaReport]:
    """Tick at each instant."""
    return [shop.network.tick(each) for each in instants]


# ---------------------------------------------------------------- the whole way


def test_a_standing_order_is_placed_at_the_opening_and_charged_after_the_close(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, standing("s"))
    assert shop.network.tick(OPENS - DAY).synced == 1
    assert shop.network.tick(OPENS).placed == 1
    order = order_of(shop, "s")
    assert (order.state, order.placed_at, order.total) == (OrderState.RECEIVED, OPENS, euros("3.52"))
    assert shop.on_hand() == 9
    assert moved(shop) == []
    assert shop.network.tick(CLOSES) == AgendaReport()
    assert shop.network.tick(AFTER).confirmed == 1
    proxy = places(shop)["s"]
    assert (proxy.outcome, proxy.confirmed_at, proxy.late_at) == (ProxyOutcome.CONFIRMED, CLOSES, None)
    assert moved(shop) == [352]
    assert shop.network.tick(AFTER + 99 * WEEK) == AgendaReport()
    assert moved(shop) == [352]


def test_each_is_told_once_of_each_thing(tmp_path: Path) -> None:
    """ORD-N3, SUB-15, SUB-17.6."""
    shop = shop_with(tmp_path, standing("s"), standing("t", who="ben"), standing("u", who="clara"))
    all_ticks(shop, OPENS, NOW, AFTER, AFTER + DAY)
    assert Counter((each.kind.value, each.recipient) for each in shop.state.messages) == {
        ("subscription_placed", "anna"): 1,
        ("subscription_placed", "ben"): 1,
        ("subscription_placed", "clara"): 1,
        ("placement_summary", "hub"): 1,
        ("subscription_confirmed", "anna"): 1,
        ("payment_failed", "ben"): 1,
        ("payment_needs_customer", "clara"): 1,
        ("confirmation_summary", "hub"): 1,
    }


@pytest.mark.parametrize(
    ("who", "card", "outcome", "reason", "paid"),
    [
        ("anna", True, ProxyOutcome.CONFIRMED, None, [352]),
        ("anna", False, ProxyOutcome.CONFIRMED, None, []),
        ("ben", True, ProxyOutcome.UNPAID, Code.CHARGE_REFUSED, []),
        ("clara", True, ProxyOutcome.AWAITING_CUSTOMER, Code.CHARGE_NEEDS_CUSTOMER, []),
    ],
)
def test_a_standing_order_ends_as_its_payment_does(
    tmp_path: Path,
    who: str,
    card: bool,  # noqa: FBT001 - a column
    outcome: ProxyOutcome,
    reason: str | None,
    paid: list[int],
) -> None:
    """SUB-14, SUB-18 d4: and a refused charge is not tried again."""
    shop = shop_with(tmp_path, standing("s", who=who, card=card))
    all_ticks(shop, OPENS, AFTER, AFTER + DAY, AFTER + WEEK)
    assert (places(shop)["s"].outcome, places(shop)["s"].reason) == (outcome, reason)
    assert moved(shop) == paid
    assert len(shop.state.payments) == int(card)


@pytest.mark.parametrize(
    ("changes", "reason"), [({"consents": ()}, Code.NO_CONSENT), ({"saved_card": None}, Code.NO_CARD)]
)
def test_nobody_is_charged_without_consent_or_card(tmp_path: Path, changes: dict[str, Any], reason: Code) -> None:
    """SUB-14: asked for at the close."""
    buyers = tuple(attrs.evolve(each, **changes) for each in scene().customers)
    shop = shop_with(tmp_path, standing("s"), customers=buyers)
    all_ticks(shop, OPENS, AFTER)
    assert (places(shop)["s"].outcome, places(shop)["s"].reason) == (ProxyOutcome.UNPAID, reason)
    assert shop.state.payments == ()
    assert order_of(shop, "s").is_placed


@pytest.mark.parametrize(("lose", "asked"), [("request", []), ("answer", [352])])
def test_while_the_bank_cannot_be_heard_the_order_waits_and_is_charged_once(
    tmp_path: Path, lose: str, asked: list[int]
) -> None:
    """SUB-17.3: unknown is not failed."""
    shop = shop_with(tmp_path, standing("s"))
    shop.network.tick(OPENS)
    shop.line.lose = lose
    for hours in range(3):
        shop.network.tick(AFTER + timedelta(hours=hours))
        assert outcomes(shop) == {"s": ProxyOutcome.PLACED}
        assert moved(shop) == asked
    assert [each.state for each in shop.state.payments] == [PaymentState.UNKNOWN]
    assert shop.state.order_cycles[0].settled_at is None
    shop.line.lose = None
    shop.network.tick(AFTER + DAY)
    assert outcomes(shop) == {"s": ProxyOutcome.CONFIRMED}
    assert moved(shop) == [352]
    assert shop.state.order_cycles[0].settled_at == CLOSES


def test_one_bad_card_stops_nobody_else(tmp_path: Path) -> None:
    """SUB-C12."""
    shop = shop_with(tmp_path, standing("a", who="ben"), standing("b"), standing("c", who="clara"))
    all_ticks(shop, OPENS, AFTER)
    assert outcomes(shop) == {
        "a": ProxyOutcome.UNPAID,
        "b": ProxyOutcome.CONFIRMED,
        "c": ProxyOutcome.AWAITING_CUSTOMER,
    }


def test_an_order_that_was_cancelled_is_not_charged(tmp_path: Path) -> None:
    """SUB-K3, SUB-K9, SUB-K10: its goods are free, and nobody gets them by themselves."""
    shop = shop_with(tmp_path, standing("s", (EGGS, 8)), standing("t", (EGGS, 8)))
    shop.network.tick(OPENS)
    shop.network.orders.cancel(order_of(shop, "s").id, actor=AMELIE, now=NOW)
    assert shop.on_hand() == 8
    shop.network.tick(NOW + DAY)
    assert order_of(shop, "t").lines[0].quantity == 2
    shop.network.tick(AFTER)
    assert outcomes(shop) == {"s": ProxyOutcome.CANCELLED, "t": ProxyOutcome.CONFIRMED}
    assert moved(shop) == [704]


def test_an_order_that_was_lowered_is_charged_by_what_is_left(tmp_path: Path) -> None:
    """SUB-K12, SUB-K14."""
    shop = shop_with(tmp_path, standing("s", (EGGS, 3)))
    shop.network.tick(OPENS)
    shop.network.orders.change(order_of(shop, "s").id, {EGGS: 1}, actor=BUYERS["anna"], now=NOW)
    shop.network.tick(AFTER)
    assert moved(shop) == [352]


def test_what_was_paid_before_the_close_is_not_charged_again(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, standing("s"))
    shop.network.tick(OPENS)
    paid = shop.network.payments.charge(order_of(shop, "s").id, actor=BUYERS["anna"], now=NOW)
    assert isinstance(paid, Payment)
    shop.network.tick(AFTER)
    assert outcomes(shop) == {"s": ProxyOutcome.CONFIRMED}
    assert moved(shop) == [352]


# ---------------------------------------------------------------- who is served


def test_scarce_goods_go_to_the_oldest_first_and_the_last_may_get_a_part(tmp_path: Path) -> None:
    """SUB-K6, SUB-12.4, SUB-12.5."""
    ages = {"c-old": 30, "b-middle": 20, "a-young": 10}
    shop = shop_with(tmp_path, *(standing(key, (EGGS, 6), begins_at=OPENS - age * DAY) for key, age in ages.items()))
    shop.network.tick(OPENS)
    assert outcomes(shop) == {
        "c-old": ProxyOutcome.PLACED,
        "b-middle": ProxyOutcome.PLACED,
        "a-young": ProxyOutcome.EMPTY,
    }
    assert [order_of(shop, key).lines[0].quantity for key in ("c-old", "b-middle")] == [6, 4]
    assert shop.on_hand() == 0
    told = letters(shop, MessageKind.SUBSCRIPTION_PLACED, MessageKind.SUBSCRIPTION_EMPTY)
    assert sum(told.values()) == 3
    shop.network.stock.supply({EGGS: 9}, key="more", actor=PAUL, now=NOW)
    shop.network.tick(NOW)
    assert outcomes(shop)["a-young"] is ProxyOutcome.EMPTY


def test_a_subscription_made_while_the_cycle_is_open_is_placed_by_the_next_tick(tmp_path: Path) -> None:
    """SUB-K4."""
    shop = shop_with(tmp_path)
    shop.network.tick(OPENS)
    with shop.storage() as unit:
        unit.subscriptions.add(standing("s", begins_at=NOW - DAY))
    report = shop.network.tick(NOW)
    assert (report.synced, report.placed) == (1, 1)
    assert order_of(shop, "s").placed_at == NOW
    assert places(shop)["s"].late_at is None


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({"begins_at": CLOSES + TICK}, False),
        ({"begins_at": CLOSES}, True),
        ({"ends_at": CLOSES - TICK}, False),
        ({"ends_at": CLOSES}, True),
        ({"cancelled_at": OPENS - DAY}, False),
    ],
)
def test_who_does_not_reach_the_cycle_has_no_place_in_it(
    tmp_path: Path, changes: dict[str, Any], *, reached: bool
) -> None:
    """SUB-K5, SUB-2, SUB-9."""
    shop = shop_with(tmp_path, standing("s", **changes))
    all_ticks(shop, OPENS, AFTER)
    assert outcomes(shop) == ({"s": ProxyOutcome.CONFIRMED} if reached else {})


def change(shop: Scene, **changes: Any) -> None:  # noqa: ANN401 - fields
    """Change the subscription, as a host does."""
    with shop.storage() as unit:
        [found] = unit.subscriptions.all()
        unit.subscriptions.save(attrs.evolve(found, **changes))


def test_who_is_paused_is_passed_over_and_placed_once_the_pause_ends(tmp_path: Path) -> None:
    """SUB-11: unpaused in an open cycle means placed at the next run."""
    shop = shop_with(tmp_path, standing("s", paused_at=OPENS - DAY))
    all_ticks(shop, OPENS, NOW)
    assert outcomes(shop) == {"s": None}
    change(shop, paused_at=None)
    shop.network.tick(NOW + DAY)
    assert outcomes(shop) == {"s": ProxyOutcome.PLACED}


def test_who_is_paused_over_the_whole_cycle_missed_nothing(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, standing("s", paused_at=OPENS - DAY))
    all_ticks(shop, OPENS, AFTER)
    assert outcomes(shop) == {"s": None}
    assert shop.state.messages == ()
    assert shop.state.order_cycles[0].settled_at == CLOSES


def withdraw(shop: Scene, *, active: bool) -> None:
    """Withdraw the card method, or bring it back."""
    with shop.storage() as unit:
        method = next(each for each in unit.payment_methods.all() if each.id == "card")
        unit.payment_methods.save(attrs.evolve(method, active=active))


def test_one_whose_method_was_withdrawn_waits_for_it_until_the_close(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, standing("s"))
    withdraw(shop, active=False)
    all_ticks(shop, OPENS, NOW)
    assert (outcomes(shop), places(shop)["s"].reason) == ({"s": None}, Code.METHOD_NOT_OFFERED)
    withdraw(shop, active=True)
    shop.network.tick(NOW + DAY)
    assert outcomes(shop) == {"s": ProxyOutcome.PLACED}


def test_one_whose_method_never_came_back_is_missed_and_told(tmp_path: Path) -> None:
    """SUB-17.4; the reason stays."""
    shop = shop_with(tmp_path, standing("s"))
    withdraw(shop, active=False)
    all_ticks(shop, OPENS, AFTER)
    proxy = places(shop)["s"]
    assert (proxy.outcome, proxy.reason, proxy.late_at) == (ProxyOutcome.MISSED, Code.METHOD_NOT_OFFERED, None)
    assert letters(shop, MessageKind.SUBSCRIPTION_EMPTY) == {("subscription_empty", "anna"): 1}


def test_what_was_placed_last_and_what_was_missed_are_both_told_to_the_shop(tmp_path: Path) -> None:
    """At one and the same closing."""
    shop = shop_with(tmp_path, standing("s"), late_days=1)
    withdraw(shop, active=False)
    shop.network.tick(OPENS)
    with shop.storage() as unit:
        unit.subscriptions.add(standing("t", card=False))
    shop.network.tick(CLOSES + timedelta(minutes=5))
    assert outcomes(shop) == {"s": ProxyOutcome.MISSED, "t": ProxyOutcome.CONFIRMED}
    at = [each.at for each in shop.state.messages if each.kind is MessageKind.PLACEMENT_SUMMARY]
    assert at == [OPENS, CLOSES, CLOSES]


# ---------------------------------------------------------------- out of time


@pytest.mark.parametrize(
    ("late_days", "now", "outcome"),
    [
        (0, CLOSES, ProxyOutcome.PLACED),
        (0, AFTER, ProxyOutcome.MISSED),
        (2, CLOSES + 2 * DAY, ProxyOutcome.CONFIRMED),
        (2, CLOSES + 2 * DAY + TICK, ProxyOutcome.MISSED),
    ],
)
def test_without_a_tick_in_time_it_is_placed_late_only_as_long_as_the_shop_chose(
    tmp_path: Path, late_days: int, now: datetime, outcome: ProxyOutcome
) -> None:
    """SUB-17.4."""
    shop = shop_with(tmp_path, standing("s"), late_days=late_days)
    shop.network.tick(now)
    assert outcomes(shop) == {"s": outcome}
    if outcome is not ProxyOutcome.MISSED:
        assert order_of(shop, "s").placed_at == OPENS
        assert order_of(shop, "s").late_at == now


def test_a_shop_that_switched_subscriptions_off_places_nothing_and_misses_nothing(tmp_path: Path) -> None:
    """SUB-18 d12."""
    shop = shop_with(tmp_path, standing("s"), enabled=False)
    all_ticks(shop, OPENS, AFTER)
    assert outcomes(shop) == {"s": None}
    assert shop.state.messages == ()


def test_what_was_placed_before_the_switch_was_turned_off_is_still_charged(tmp_path: Path) -> None:
    """SUB-1: off means nothing new."""
    shop = shop_with(tmp_path, standing("s"))
    shop.network.tick(OPENS)
    with shop.storage() as unit:
        [hub] = [each for each in unit.enterprises.all() if each.id == "hub"]
        unit.enterprises.save(attrs.evolve(hub, shop=ShopSettings()))
    shop.network.tick(AFTER)
    assert outcomes(shop) == {"s": ProxyOutcome.CONFIRMED}


def test_a_cycle_that_leaves_the_schedule_keeps_its_placed_orders_and_loses_its_empty_places(tmp_path: Path) -> None:
    """SUB-K1, SUB-K2, SUB-18 d17."""
    shop = shop_with(tmp_path, standing("s"), standing("t", paused_at=OPENS))
    shop.network.tick(OPENS)
    with shop.storage() as unit:
        unit.schedules.save(attrs.evolve(schedule(), order_cycles=()))
    shop.network.tick(NOW)
    assert outcomes(shop) == {"s": ProxyOutcome.PLACED}
    shop.network.tick(AFTER)
    assert outcomes(shop) == {"s": ProxyOutcome.CONFIRMED}


# ---------------------------------------------------------------- crashes


def several() -> Iterable[Subscription]:
    """Return standing orders with every kind of end."""
    yield standing("a", (EGGS, 4), (CHEESE, 1))
    yield standing("b", (EGGS, 4), who="ben")
    yield standing("c", (EGGS, 4), who="clara")
    yield standing("d", (EGGS, 4), card=False)


LAST_POINT = 400


def test_killed_at_any_point_and_run_again_it_leaves_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    """SUB-17.1, SUB-17.8: orders, charges and letters once each, wherever the process dies."""
    undisturbed = shop_with(tmp_path, *several())
    all_ticks(undisturbed, OPENS, AFTER)
    expected = write_state(undisturbed.state)
    books = undisturbed.bank.entries()
    for point in range(1, LAST_POINT):
        folder = tmp_path / str(point)
        folder.mkdir()
        shop = shop_with(folder, *several())
        if not _killed(shop, point):
            break
        all_ticks(shop, OPENS, AFTER)
        assert shop.bank.entries() == books, point
        assert without_lateness(_document(shop)) == without_lateness(_parsed(expected)), point
    else:
        pytest.fail("the run has more points than expected")


def _killed(shop: Scene, point: int) -> bool:
    """Run both ticks, killed at *point*; return whether it came so far."""
    faults = Faults(crash_at=point)
    network = make_network(unit_of_work=faults.unit_of_work(shop.storage), payments=faults.gateway(shop.bank))
    try:
        network.tick(OPENS)
        network.tick(AFTER)
    except Crash:
        return True
    return False


def _document(shop: Scene) -> object:
    return _parsed(write_state(shop.state))


def _parsed(text: str) -> object:
    return json.loads(text)
