"""Placing an order: what is refused, and what comes of it (ORD-5, ORD-B4 to ORD-B8, ORD-Q3, ORD-S4)."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.event import OrderPlaced, RuleOverridden
from ofncore.model.methods import DisplayOn, PaymentKind
from ofncore.model.order import Channel, Order, OrderState
from ofncore.model.stock import StockCause
from ofncore.orders.making import make_order
from ofncore.orders.placing import MOST_OF_ONE_VARIANT, is_quantity, same_request
from ofncore.orders.plan import OrderPlan
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    calculator,
    euros,
    order_cycle,
    payment_method,
    shipping_method,
    stock_item,
    variant,
)
from orders.facts import AMELIE, ANNA, BEN, HUB, STRANGER, placed, placing, plan, request, why, world

TICK = timedelta(microseconds=1)
LATER = CLOSES + timedelta(hours=3)
FARM = EnterpriseId("farm")


# ---------------------------------------------------------------- what is placed


def test_an_order_freezes_names_prices_tax_categories_and_fees() -> None:
    """ORD-5 place, ORD-O5."""
    order = placed(request(("eggs", 2), ("cheese", 1)))
    assert [(line.variant, line.quantity, line.wanted, line.price) for line in order.lines] == [
        ("eggs", 2, 2, euros("3.20")),
        ("cheese", 1, 1, euros("6.80")),
    ]
    assert {line.tax_category for line in order.lines} == {"food"}
    assert {line.product_name for line in order.lines} == {"Eggs", "Cheese"}
    assert (order.item_total, order.fee_total) == (euros("13.20"), euros("1.32"))
    assert order.total == euros("14.52")
    assert order.included_tax_total == euros("0.68")
    assert order.code == "HAB-0000-0000"


def test_placing_takes_the_stock_and_tells() -> None:
    found = plan(request(("eggs", 2), ("cheese", 1)))
    assert isinstance(found, OrderPlan)
    assert {move.variant: move.delta for move in found.movements} == {"eggs": -2, "cheese": -1}
    assert {move.cause for move in found.movements} == {StockCause.PLACED}
    assert {(move.order, move.actor, move.at) for move in found.movements} == {("order-1", ANNA, NOW)}
    [event] = found.events
    assert event == OrderPlaced(
        order=found.order.id, customer=CustomerId("anna"), total=found.order.total, actor=ANNA, at=NOW
    )


@pytest.mark.parametrize(("payment", "state"), [("cash", OrderState.RECEIVED), ("card", OrderState.AWAITING_PAYMENT)])
def test_a_card_order_awaits_its_payment(payment: str, state: OrderState) -> None:
    """ORD-5 place."""
    assert placed(request(payment_method=payment)).state is state


def test_a_card_order_with_nothing_to_pay_is_received_at_once() -> None:
    free = tuple(attrs.evolve(each, price=euros("0")) for each in world().variants)
    assert placed(request(payment_method="card"), placing(world(variants=free))).state is OrderState.RECEIVED


@pytest.mark.parametrize("channel", [each for each in Channel if each is not Channel.SUBSCRIPTION])
def test_actor_and_customer_are_two_and_the_channel_is_kept(channel: Channel) -> None:
    """ORD-B1."""
    order = placed(request(channel=channel, comment="please ring"), actor=AMELIE)
    assert (order.customer, order.placed_by, order.channel) == ("anna", AMELIE, channel)
    assert order.comment == "please ring"


def test_nobody_requests_an_order_of_the_engine() -> None:
    with pytest.raises(ValueError, match="channel"):
        request(channel=Channel.SUBSCRIPTION)


def test_the_charges_of_shipping_and_payment_are_part_of_the_total() -> None:
    flat = calculator("flat_rate", amount=euros("1.50").amount)
    known = world(
        shipping_methods=(shipping_method(calculator=flat),), payment_methods=(payment_method(calculator=flat),)
    )
    order = placed(request(("eggs", 1)), placing(known))
    assert (order.shipping.amount, order.payment.amount) == (euros("1.50"), euros("1.50"))
    assert order.total == euros("3.20") + euros("0.32") + euros("3.00")


def test_an_order_is_made_only_with_methods_of_its_offer() -> None:
    facts = placing(world())
    with pytest.raises(ValueError, match="methods of its offer"):
        make_order(
            request(payment_method="cheque"),
            facts.offer,
            (),
            variants=facts.offer.variants,
            customer=facts.customer,
            actor=ANNA,
            at=NOW,
            code="x",
            by_staff=True,
        )


# ---------------------------------------------------------------- what is refused, one by one

BACK_END = (shipping_method("van", display_on=DisplayOn.BACK_END), shipping_method())


@pytest.mark.parametrize(
    ("wanted", "known", "path", "code"),
    [
        (request(lines=()), {}, "$.lines", Code.ORDER_EMPTY),
        (request(("eggs", 0)), {}, "$.lines[0].quantity", Code.BAD_QUANTITY),
        (request(("eggs", -1)), {}, "$.lines[0].quantity", Code.BAD_QUANTITY),
        (request(("eggs", MOST_OF_ONE_VARIANT + 1)), {}, "$.lines[0].quantity", Code.BAD_QUANTITY),
        (request(("eggs", True)), {}, "$.lines[0].quantity", Code.BAD_QUANTITY),
        (request(("eggs", 1), ("eggs", 1)), {}, "$.lines[1].variant", Code.DUPLICATE_LINE),
        (request(("gold", 1)), {}, "$.lines[0].variant", Code.NOT_DISTRIBUTED),
        (
            request(("eggs", 1)),
            {"variants": (variant("eggs", deleted=True),)},
            "$.lines[0].variant",
            Code.NOT_DISTRIBUTED,
        ),
        (
            request(("eggs", 1)),
            {"order_cycles": (order_cycle(incoming=()),)},
            "$.lines[0].variant",
            Code.NOT_DISTRIBUTED,
        ),
        (request(("eggs", 11)), {}, "$.lines[0].quantity", Code.INSUFFICIENT_STOCK),
        (request(("eggs", 1)), {"stock": ()}, "$.lines[0].quantity", Code.INSUFFICIENT_STOCK),
        (request(shipping_method="van"), {}, "$.shipping_method", Code.METHOD_NOT_OFFERED),
        (request(shipping_method="van"), {"shipping_methods": BACK_END}, "$.shipping_method", Code.METHOD_NOT_OFFERED),
        (request(payment_method="cheque"), {}, "$.payment_method", Code.METHOD_NOT_OFFERED),
        (
            request(),
            {"payment_methods": (payment_method(active=False),)},
            "$.payment_method",
            Code.METHOD_NOT_OFFERED,
        ),
        (
            request(),
            {"order_cycles": (order_cycle(orders_close_at=NOW - TICK),)},
            "$.order_cycle",
            Code.CYCLE_CLOSED,
        ),
        (
            request(),
            {"order_cycles": (order_cycle(orders_open_at=NOW + TICK),)},
            "$.order_cycle",
            Code.CYCLE_UPCOMING,
        ),
        (request(), {"order_cycles": (order_cycle(orders_close_at=None),)}, "$.order_cycle", Code.CYCLE_UNDATED),
    ],
)
def test_an_order_is_refused_for(wanted: OrderRequest, known: dict[str, Any], path: str, code: Code) -> None:
    assert why(plan(wanted, placing(world(**known)))) == [(path, code)]


def test_a_shop_that_takes_no_part_takes_no_orders() -> None:
    facts = placing(world(order_cycles=(order_cycle(outgoing=()),)))
    assert why(plan(request(), facts)) == [
        ("$.distributor", Code.NOT_DISTRIBUTOR),
        ("$.lines[0].variant", Code.NOT_DISTRIBUTED),
    ]


def test_a_customer_of_another_shop_is_refused() -> None:
    foreign = attrs.evolve(world().customers[0], enterprise=EnterpriseId("market"))
    refused = plan(request(), placing(world(customers=(foreign,))))
    expected = problem(Code.CUSTOMER_OF_OTHER_SHOP, "$.customer", customer="Anna", distributor="Hub")
    assert refused == Refusal((expected,))


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (STRANGER, Code.NEEDS_MANAGER),
        (BEN, Code.NEEDS_MANAGER),
        (Actor.user("unheard-of"), Code.UNKNOWN_RECORD),
    ],
    ids=str,
)
def test_only_the_customer_and_staff_place_an_order(actor: Actor, code: Code) -> None:
    """ORD-B4."""
    assert why(plan(request(), actor=actor)) == [("$", code)]


def test_a_customer_without_an_account_orders_by_secret_link() -> None:
    assert placed(request(customer="ben"), placing(world(), "ben"), actor=BEN).customer == "ben"


def test_a_shortage_names_the_goods_and_what_is_left() -> None:
    found = plan(request(("eggs", 11)))
    expected = problem(Code.INSUFFICIENT_STOCK, "$.lines[0].quantity", variant="Eggs", wanted=11, available=10)
    assert found == Refusal((expected,))


def test_goods_on_demand_never_run_short() -> None:
    """ORD-Q2."""
    assert placed(request(("cheese", 500))).lines[0].quantity == 500


def test_what_was_sold_below_zero_counts_as_nothing_left() -> None:
    facts = placing(world(stock=(stock_item("eggs", on_hand=-3),)))
    found = plan(request(("eggs", 1)), facts)
    assert isinstance(found, Refusal)
    assert found.problems[0].parameters["available"] == 0


def test_one_short_line_takes_no_stock_for_the_others() -> None:
    """ORD-Q3: all lines or none."""
    assert why(plan(request(("carrots", 1), ("eggs", 11)))) == [("$.lines[1].quantity", Code.INSUFFICIENT_STOCK)]


#: Independent mistakes: the change of the request, and the problem it makes.
MISTAKES: dict[str, tuple[dict[str, object], tuple[str, Code]]] = {
    "line": ({"lines": (RequestedLine(VariantId("gold"), 1),)}, ("$.lines[0].variant", Code.NOT_DISTRIBUTED)),
    "shipping": ({"shipping_method": "van"}, ("$.shipping_method", Code.METHOD_NOT_OFFERED)),
    "payment": ({"payment_method": "cheque"}, ("$.payment_method", Code.METHOD_NOT_OFFERED)),
}


@pytest.mark.parametrize("names", [names for n in (2, 3) for names in combinations(MISTAKES, n)], ids=str)
def test_all_problems_are_told_at_once(names: tuple[str, ...]) -> None:
    """Together with a closed window and an actor who may not."""
    changes = {key: value for name in names for key, value in MISTAKES[name][0].items()}
    found = why(plan(request(**changes), actor=STRANGER, now=LATER))
    expected = [("$", Code.NEEDS_MANAGER), ("$.order_cycle", Code.CYCLE_CLOSED)]
    assert set(found) == {*expected, *(MISTAKES[name][1] for name in names)}


@pytest.mark.parametrize("value", [1.0, "1", None, True, -1, MOST_OF_ONE_VARIANT + 1])
def test_a_quantity_is_a_whole_number_up_to_a_million(value: object) -> None:
    assert not is_quantity(value)


@given(st.integers(0, MOST_OF_ONE_VARIANT))
def test_every_such_number_is_a_quantity(value: int) -> None:
    assert is_quantity(value)


# ---------------------------------------------------------------- the window


@pytest.mark.parametrize("now", [OPENS, NOW, CLOSES])
def test_orders_are_taken_from_the_opening_to_the_close_both_included(now: Any) -> None:  # noqa: ANN401 - an instant
    assert placed(request(), now=now).placed_at == now


def test_the_policy_of_open_food_network_takes_none_at_the_bounds() -> None:
    """CYC-14.1, code `bounds`."""
    facts = placing(world(), profile=OFN)
    assert why(plan(request(), facts, now=OPENS)) == [("$.order_cycle", Code.CYCLE_UPCOMING)]
    assert why(plan(request(), facts, now=CLOSES)) == [("$.order_cycle", Code.CYCLE_CLOSED)]


def test_staff_place_after_the_close_with_a_reason_which_is_kept_and_told() -> None:
    """ORD-B5, ORD-B8."""
    found = plan(request(override_reason="She telephoned in time"), actor=AMELIE, now=LATER)
    assert isinstance(found, OrderPlan)
    assert found.order.override_reason == "She telephoned in time"
    assert found.events[1:] == (
        RuleOverridden(
            order=found.order.id,
            customer=CustomerId("anna"),
            rule=Code.CYCLE_CLOSED,
            reason="She telephoned in time",
            producers=(),
            actor=AMELIE,
            at=LATER,
        ),
    )


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_staff_without_a_reason_are_told_of_the_window_and_the_missing_reason(reason: str | None) -> None:
    assert why(plan(request(override_reason=reason), actor=AMELIE, now=LATER)) == [
        ("$.order_cycle", Code.CYCLE_CLOSED),
        ("$.override_reason", Code.OVERRIDE_NEEDS_REASON),
    ]


@pytest.mark.parametrize("actor", [ANNA, ENGINE], ids=str)
def test_overrides_are_for_staff_only(actor: Actor) -> None:
    """ORD-B9."""
    wanted = request(override_reason="Please")
    assert why(plan(wanted, actor=actor, now=LATER)) == [("$.order_cycle", Code.CYCLE_CLOSED)]


@pytest.mark.parametrize("actor", [ANNA, AMELIE], ids=str)
def test_a_reason_that_was_not_needed_leaves_no_trace(actor: Actor) -> None:
    found = plan(request(override_reason="Please"), actor=actor)
    assert isinstance(found, OrderPlan)
    assert found.order.override_reason is None
    assert len(found.events) == 1


def test_producers_that_have_their_summary_must_be_acknowledged_one_by_one() -> None:
    """ORD-B6: only those whose goods are in the order."""
    facts = placing(world(), summaries_sent={FARM: CLOSES, EnterpriseId("dairy"): CLOSES})
    wanted = request(("eggs", 1), override_reason="She telephoned")
    refused = plan(wanted, facts, actor=AMELIE, now=LATER)
    expected = problem(Code.SUMMARY_ALREADY_SENT, "$.acknowledged", producer="Farm", at=CLOSES)
    assert refused == Refusal((expected,))
    known = plan(attrs.evolve(wanted, acknowledged=(FARM,)), facts, actor=AMELIE, now=LATER)
    assert isinstance(known, OrderPlan)
    overridden = known.events[1]
    assert isinstance(overridden, RuleOverridden)
    assert overridden.producers == (FARM,)


def test_while_orders_are_open_no_producer_needs_to_be_acknowledged() -> None:
    facts = placing(world(), summaries_sent={FARM: NOW})
    assert isinstance(plan(request(), facts), OrderPlan)


# ---------------------------------------------------------------- repeats


def test_a_repeat_of_a_request_is_the_same_request() -> None:
    """ORD-S4; in whatever order its lines are named."""
    wanted = request(("eggs", 2), ("cheese", 1))
    assert same_request(placed(wanted), wanted)
    assert same_request(placed(wanted), attrs.evolve(wanted, lines=wanted.lines[::-1]))


@pytest.mark.parametrize(
    "other",
    [
        request(("eggs", 3)),
        request(("cheese", 2)),
        request(("eggs", 2), ("cheese", 1)),
        request(customer="ben"),
        request(distributor="market"),
        request(order_cycle="week-11"),
    ],
)
def test_a_request_for_something_else_is_another(other: OrderRequest) -> None:
    assert not same_request(placed(request()), other)


def test_a_repeat_after_the_order_was_changed_is_still_the_same_request() -> None:
    order = placed(request(("eggs", 2)))
    changed = attrs.evolve(order, lines=(attrs.evolve(order.lines[0], quantity=1, wanted=1),), version=2)
    assert same_request(changed, request(("eggs", 2)))
    assert not same_request(changed, request(("cheese", 2)))
    assert not same_request(changed, request(("eggs", 2), customer="ben"))


# ---------------------------------------------------------------- money

quantities = st.dictionaries(st.sampled_from(["carrots", "cheese", "eggs"]), st.integers(1, 9), min_size=1).map(
    lambda chosen: tuple(chosen.items())
)


@given(quantities, st.sampled_from(PaymentKind))
def test_a_total_is_the_sum_of_its_parts(lines: tuple[tuple[str, int], ...], kind: PaymentKind) -> None:
    """ORD-O10."""
    order: Order = placed(request(*lines, payment_method="card" if kind is PaymentKind.CARD else "cash"))
    prices = {each.id: each.price for each in world().variants}
    goods = Money.total((prices[VariantId(key)] * quantity for key, quantity in lines), "EUR")
    assert order.item_total == goods
    assert order.total == goods + order.fee_total + order.shipping.amount + order.payment.amount
    assert order.order_cycle == OrderCycleId("week-10")
    assert order.distributor == HUB
