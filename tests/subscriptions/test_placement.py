"""Placing the standing orders of a cycle, all in one plan (SUB-12, SUB-17, SUB-18, SUB-K4 to SUB-K6)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.offer import Offer, make_offer
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.actors import ENGINE
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.model.enterprise import Enterprise, ShopSettings
from ofncore.model.event import OrderPlaced, SubscriptionNotPlaced, SubscriptionShort
from ofncore.model.methods import DisplayOn, PaymentKind
from ofncore.model.order import Channel, OrderState
from ofncore.model.stock import StockCause
from ofncore.model.subscription import ProxyOutcome, Subscription, SubscriptionLine
from ofncore.model.world import World
from ofncore.subscriptions.placement import (
    Candidate,
    PlacementFacts,
    PlacementPlan,
    in_turn,
    may_still_place,
    order_of,
    plan_missed,
    plan_placement,
)
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    enterprise,
    euros,
    order_cycle,
    outgoing,
    payment_method,
    proxy_order,
    shipping_method,
    small_world,
    stock_item,
    subscription,
    variant,
)

TICK, DAY = timedelta(microseconds=1), timedelta(days=1)
EGGS, CHEESE, CARROTS = map(VariantId, ("eggs", "cheese", "carrots"))
WORLD = small_world()
MARKET = enterprise("market", order_code_prefix="MRK")


def offer(known: World, shop: Enterprise) -> Offer:
    """Return what *shop* sells in the first cycle of *known*."""
    terms = PricingTerms(
        cycle=known.order_cycles[0],
        distributor=shop,
        fees={each.id: each for each in known.fees},
        tax_rates=known.tax_rates,
    )
    return make_offer(
        terms=terms,
        coordinator=next(each for each in known.enterprises if each.id == terms.cycle.coordinator),
        variants=known.variants,
        products=known.products,
        shipping_methods=known.shipping_methods,
        payment_methods=known.payment_methods,
    )


def standing(key: str, *lines: tuple[str, int], **changes: object) -> Candidate:
    """Return a subscription for so much of each variant, whose place in the cycle is empty."""
    wanted = tuple(SubscriptionLine(variant=VariantId(name), quantity=quantity) for name, quantity in lines)
    defaults: dict[str, object] = {"lines": wanted} if lines else {}
    return Candidate(proxy_order=proxy_order(key), subscription=subscription(key, **(defaults | changes)))


def facts(candidates: Iterable[Candidate], known: World = WORLD) -> PlacementFacts:
    """Return what is known when *candidates* are to be placed at ``hub`` and ``market``."""
    [hub] = [each for each in known.enterprises if each.id == "hub"]
    return PlacementFacts(
        offers={shop.id: offer(known, shop) for shop in (hub, MARKET)},
        variants={each.id: each for each in known.variants},
        products={each.id: each for each in known.products},
        stock={item.variant: item for item in known.stock},
        customers={each.id: each for each in known.customers},
        codes={each.proxy_order.id: f"code of {each.subscription.id}" for each in candidates},
    )


def place(*candidates: Candidate, known: World = WORLD, late_at: datetime | None = None) -> PlacementPlan:
    """Place *candidates* at the opening of the cycle."""
    return plan_placement(candidates, facts(candidates, known), at=OPENS, late_at=late_at)


def outcomes(plan: PlacementPlan) -> dict[str, ProxyOutcome | None]:
    """Return what became of each subscription."""
    return {each.subscription: each.outcome for each in plan.proxy_orders}


def given_to(plan: PlacementPlan) -> dict[str, dict[str, int]]:
    """Return what each subscription was given."""
    return {str(each.subscription): {line.variant: line.quantity for line in each.lines} for each in plan.orders}


# ---------------------------------------------------------------- one subscription


def test_an_order_is_made_of_the_subscriptions_lines() -> None:
    """SUB-12.2, SUB-17.1."""
    plan = place(standing("s", ("eggs", 2), ("cheese", 1)))
    [order] = plan.orders
    [proxy] = plan.proxy_orders
    assert order.id == order_of(proxy) == proxy.order
    assert (order.code, order.customer, order.distributor, order.order_cycle) == (
        "code of s",
        "anna",
        "hub",
        "week-10",
    )
    assert (order.channel, order.subscription, order.placed_by) == (Channel.SUBSCRIPTION, "s", ENGINE)
    assert order.total == euros("14.52")
    assert (proxy.outcome, proxy.reason, proxy.placed_at) == (ProxyOutcome.PLACED, None, OPENS)
    assert plan.events == (
        OrderPlaced(order=order.id, customer=order.customer, total=order.total, actor=ENGINE, at=OPENS),
    )
    assert {(move.variant, move.delta, move.cause, move.at) for move in plan.movements} == {
        (EGGS, -2, StockCause.PLACED, OPENS),
        (CHEESE, -1, StockCause.PLACED, OPENS),
    }


def test_a_card_order_of_the_engine_waits_for_the_close_as_received() -> None:
    """ORD-5, last paragraph."""
    [order] = place(standing("s", ("eggs", 1), payment_method="card")).orders
    assert order.state is OrderState.RECEIVED


def test_a_late_placement_is_dated_when_it_fell_due_and_marked() -> None:
    """SUB-17.4."""
    late = OPENS + DAY
    plan = place(standing("s", ("eggs", 99)), standing("t", ("eggs", 1)), late_at=late)
    assert {order.placed_at for order in plan.orders} == {OPENS}
    assert {order.late_at for order in plan.orders} == {late}
    assert {proxy.late_at for proxy in plan.proxy_orders} == {late}
    assert {event.late_at for event in plan.events} == {late}
    assert {move.late_at for move in plan.movements} == {late}


def test_a_short_line_is_cut_to_what_there_is_and_charged_by_that() -> None:
    """SUB-12.4, SUB-18 d3: fees are those of the placed quantity."""
    plan = place(standing("s", ("eggs", 12), ("cheese", 1)))
    [order] = plan.orders
    assert [(line.quantity, line.wanted) for line in order.lines] == [(10, 12), (1, 1)]
    assert order.fee_total == Money.of("3.88", "EUR")
    [proxy] = plan.proxy_orders
    assert (proxy.outcome, proxy.reason) == (ProxyOutcome.PLACED, Code.PLACED_SHORT)
    assert plan.events[1:] == (
        SubscriptionShort(subscription=proxy.subscription, order_cycle=proxy.order_cycle, variants=(EGGS,), at=OPENS),
    )


def test_goods_that_are_not_on_sale_in_this_cycle_stay_at_zero() -> None:
    """SUB-12.4, SUB-P11: the customer sees them struck out."""
    cycle = order_cycle(outgoing=(outgoing("hub", "eggs"),))
    deleted = small_world(order_cycles=(cycle,))
    plan = place(standing("s", ("cheese", 1), ("eggs", 1)), known=deleted)
    [order] = plan.orders
    assert [(line.variant, line.quantity, line.wanted) for line in order.lines] == [(CHEESE, 0, 1), (EGGS, 1, 1)]


def test_withdrawn_goods_stay_at_zero() -> None:
    gone = tuple(attrs.evolve(each, deleted=each.id == CHEESE) for each in WORLD.variants)
    plan = place(standing("s", ("cheese", 1), ("eggs", 1)), known=small_world(variants=gone))
    assert given_to(plan) == {"s": {"cheese": 0, "eggs": 1}}


def test_goods_in_another_currency_are_left_out_and_told_as_short() -> None:
    francs = (*WORLD.variants, variant("oranges", product="eggs", price=Money.of("3", "CHF")))
    plan = place(standing("s", ("oranges", 1), ("eggs", 1)), known=small_world(variants=francs))
    assert given_to(plan) == {"s": {"eggs": 1}}
    [_, short] = plan.events
    assert isinstance(short, SubscriptionShort)
    assert short.variants == ("oranges",)


def test_a_line_of_nothing_is_no_line() -> None:
    plan = place(standing("s", ("cheese", 0), ("eggs", 1)))
    assert given_to(plan) == {"s": {"eggs": 1}}
    assert outcomes(plan) == {"s": ProxyOutcome.PLACED}


@pytest.mark.parametrize("lines", [[("eggs", 3)], [("eggs", 0)]])
def test_who_gets_nothing_at_all_gets_no_order(lines: list[tuple[str, int]]) -> None:
    """SUB-12.5."""
    none_left = small_world(stock=(stock_item("eggs", on_hand=0),))
    plan = place(standing("s", *lines), known=none_left)
    assert (plan.orders, plan.movements) == ((), ())
    [proxy] = plan.proxy_orders
    assert (proxy.outcome, proxy.order, proxy.reason) == (ProxyOutcome.EMPTY, None, Code.NOTHING_AVAILABLE)
    assert plan.events == (
        SubscriptionNotPlaced(
            subscription=proxy.subscription, order_cycle=proxy.order_cycle, reason=Code.NOTHING_AVAILABLE, at=OPENS
        ),
    )


# ---------------------------------------------------------------- who is served


def test_the_subscription_that_began_first_is_served_first_then_by_id() -> None:
    """SUB-K6: not in the order in which they are named."""
    old = standing("z", ("eggs", 6), begins_at=OPENS - 9 * DAY)
    young = standing("a", ("eggs", 6), begins_at=OPENS - 2 * DAY)
    twin = standing("b", ("eggs", 6), begins_at=OPENS - 2 * DAY)
    plan = place(twin, young, old)
    assert [order.subscription for order in plan.orders] == ["z", "a"]
    assert given_to(plan) == {"z": {"eggs": 6}, "a": {"eggs": 4}}
    assert outcomes(plan) == {"z": ProxyOutcome.PLACED, "a": ProxyOutcome.PLACED, "b": ProxyOutcome.EMPTY}


def two_shops() -> World:
    """Return the small world with a second shop that sells the same goods."""
    both = tuple(outgoing(shop, "carrots", "cheese", "eggs") for shop in ("hub", "market"))
    return small_world(
        order_cycles=(order_cycle(outgoing=both),),
        shipping_methods=(shipping_method(distributors=("hub", "market")),),
        payment_methods=(payment_method(distributors=("hub", "market")),),
    )


def test_stock_goes_by_age_whatever_the_shop() -> None:
    old = standing("z", ("eggs", 6), begins_at=OPENS - 9 * DAY, shop="market")
    young = standing("a", ("eggs", 6), begins_at=OPENS - 2 * DAY)
    plan = place(young, old, known=two_shops())
    assert given_to(plan) == {"z": {"eggs": 6}, "a": {"eggs": 4}}
    assert [order.distributor for order in plan.orders] == ["market", "hub"]


def test_what_a_shop_does_not_sell_it_does_not_take_from_others() -> None:
    only_cheese = small_world(
        order_cycles=(order_cycle(outgoing=(outgoing("hub", "eggs"), outgoing("market", "cheese"))),),
        shipping_methods=(shipping_method(distributors=("hub", "market")),),
        payment_methods=(payment_method(distributors=("hub", "market")),),
    )
    old = standing("z", ("eggs", 6), ("cheese", 1), begins_at=OPENS - 9 * DAY, shop="market")
    plan = place(old, standing("a", ("eggs", 10)), known=only_cheese)
    assert given_to(plan) == {"z": {"eggs": 0, "cheese": 1}, "a": {"eggs": 10}}


@pytest.mark.parametrize(
    "candidate",
    [
        standing("s", ("eggs", 1), paused_at=NOW),
        standing("s", ("eggs", 1), cancelled_at=NOW),
        attrs.evolve(standing("s", ("eggs", 1)), proxy_order=proxy_order("s", cancelled_at=NOW)),
        attrs.evolve(standing("s", ("eggs", 1)), proxy_order=proxy_order("s", outcome=ProxyOutcome.EMPTY)),
        standing("s", ("eggs", 1), begins_at=CLOSES + TICK),
        standing("s", ("eggs", 1), ends_at=CLOSES - TICK),
    ],
)
def test_nothing_is_placed_for_who_is_paused_cancelled_dealt_with_or_out_of_dates(candidate: Candidate) -> None:
    """SUB-12, SUB-18 d7 and d11: the dates are looked at again; the proxy order stays as it is."""
    assert place(candidate) == PlacementPlan(orders=(), movements=(), proxy_orders=(), events=())
    assert plan_missed([candidate], order_cycle(), CLOSES + TICK).proxy_orders == ()


@pytest.mark.parametrize("dates", [{"begins_at": CLOSES}, {"ends_at": CLOSES}])
def test_who_begins_or_ends_exactly_at_the_close_gets_an_order(dates: dict[str, object]) -> None:
    """SUB-K5, SUB-2."""
    assert outcomes(place(standing("s", ("eggs", 1), **dates))) == {"s": ProxyOutcome.PLACED}


@pytest.mark.parametrize(
    "methods",
    [
        {"shipping_methods": (shipping_method(distributors=("market",)),)},
        {"payment_methods": (payment_method(distributors=("market",)),)},
        {"payment_methods": (payment_method(active=False),)},
    ],
)
def test_one_whose_methods_were_withdrawn_waits_and_says_why(methods: dict[str, object]) -> None:
    candidate = standing("s", ("eggs", 1))
    plan = place(candidate, known=small_world(**methods))
    [proxy] = plan.proxy_orders
    assert (proxy.outcome, proxy.reason) == (None, Code.METHOD_NOT_OFFERED)
    assert (plan.orders, plan.movements, plan.events) == ((), (), ())
    again = attrs.evolve(candidate, proxy_order=proxy)
    assert place(again, known=small_world(**methods)).proxy_orders == ()
    assert outcomes(place(again)) == {"s": ProxyOutcome.PLACED}
    assert place(again).proxy_orders[0].reason is None


def test_one_who_waits_takes_no_stock_from_others() -> None:
    waiting = standing("s", ("eggs", 10), begins_at=OPENS - 9 * DAY, payment_method="cheque")
    assert given_to(place(waiting, standing("t", ("eggs", 4)))) == {"t": {"eggs": 4}}


def test_back_office_methods_serve_standing_orders() -> None:
    hidden = small_world(
        shipping_methods=(shipping_method(display_on=DisplayOn.BACK_END),),
        payment_methods=(payment_method(display_on=DisplayOn.BACK_END, kind=PaymentKind.BY_HAND),),
    )
    assert outcomes(place(standing("s", ("eggs", 1)), known=hidden)) == {"s": ProxyOutcome.PLACED}


# ---------------------------------------------------------------- when


def shop(*, enabled: bool = True, days: int = 0) -> Enterprise:
    """Return the shop with these settings."""
    return enterprise("hub", shop=ShopSettings(subscriptions_enabled=enabled, late_placement_days=days))


@pytest.mark.parametrize(
    ("now", "days", "may"),
    [
        (OPENS - TICK, 0, False),
        (OPENS, 0, True),
        (CLOSES, 0, True),
        (CLOSES + TICK, 0, False),
        (CLOSES + 2 * DAY, 2, True),
        (CLOSES + 2 * DAY + TICK, 2, False),
    ],
)
def test_orders_are_placed_from_the_opening_to_the_close_and_as_long_after_as_the_shop_chose(
    now: datetime, days: int, *, may: bool
) -> None:
    """SUB-17.4, CYC-14.1."""
    assert may_still_place(order_cycle(), shop(days=days), now) == may


def test_a_shop_that_switched_subscriptions_off_places_nothing_new() -> None:
    """SUB-18 d12."""
    assert not may_still_place(order_cycle(), shop(enabled=False, days=9), NOW)


@pytest.mark.parametrize("missing", ["orders_open_at", "orders_close_at"])
def test_nothing_is_placed_in_an_undated_cycle(missing: str) -> None:
    assert not may_still_place(order_cycle(**{missing: None}), shop(), NOW)


# ---------------------------------------------------------------- what was missed


def test_what_was_not_placed_by_the_close_is_reported_once_as_missed() -> None:
    """SUB-17.4."""
    candidate = standing("s", ("eggs", 1))
    late = CLOSES + 2 * DAY
    plan = plan_missed([candidate], order_cycle(), late, late_at=late)
    [proxy] = plan.proxy_orders
    assert (proxy.outcome, proxy.reason, proxy.late_at) == (ProxyOutcome.MISSED, Code.MISSED, late)
    assert plan.events == (
        SubscriptionNotPlaced(
            subscription=proxy.subscription, order_cycle=proxy.order_cycle, reason=Code.MISSED, at=CLOSES, late_at=late
        ),
    )
    assert (plan.orders, plan.movements) == ((), ())
    again = plan_missed([attrs.evolve(candidate, proxy_order=proxy)], order_cycle(), late)
    assert again == PlacementPlan(orders=(), movements=(), proxy_orders=(), events=())


def test_a_punctual_report_is_not_marked_late() -> None:
    [proxy] = plan_missed([standing("s", ("eggs", 1))], order_cycle(), CLOSES + TICK).proxy_orders
    assert proxy.late_at is None


def test_the_reason_why_it_was_hindered_is_kept() -> None:
    candidate = standing("s", ("eggs", 1))
    hindered = attrs.evolve(candidate.proxy_order, reason=Code.METHOD_NOT_OFFERED)
    plan = plan_missed([attrs.evolve(candidate, proxy_order=hindered)], order_cycle(), CLOSES + TICK)
    assert plan.proxy_orders[0].reason == Code.METHOD_NOT_OFFERED


@pytest.mark.parametrize("now", [NOW, CLOSES])
def test_nothing_is_missed_while_the_cycle_is_open_or_without_a_close(now: datetime) -> None:
    nothing = PlacementPlan(orders=(), movements=(), proxy_orders=(), events=())
    assert plan_missed([standing("s", ("eggs", 1))], order_cycle(), now) == nothing
    endless = order_cycle(orders_close_at=None)
    assert plan_missed([standing("s", ("eggs", 1))], endless, now + 99 * DAY) == nothing


# ---------------------------------------------------------------- laws

lines = st.dictionaries(st.sampled_from(["carrots", "cheese", "eggs"]), st.integers(0, 9), min_size=1)
ages = st.integers(0, 3)
some_standing = st.lists(st.tuples(lines, ages), min_size=1, max_size=6).map(
    lambda rows: [
        standing(f"s{n}", *wanted.items(), begins_at=OPENS - age * DAY) for n, (wanted, age) in enumerate(rows)
    ]
)
levels = st.fixed_dictionaries({key: st.integers(-2, 20) for key in ("carrots", "cheese", "eggs")})


def with_stock(counts: dict[str, int]) -> World:
    """Return the small world with so much of each variant; cheese is on demand."""
    return small_world(
        stock=tuple(stock_item(key, on_hand=count, on_demand=key == "cheese") for key, count in counts.items())
    )


@given(some_standing, levels)
def test_a_placement_never_sells_more_than_there_is_and_wastes_nothing(
    candidates: list[Candidate], counts: dict[str, int]
) -> None:
    plan = place(*candidates, known=with_stock(counts))
    sold: Counter[str] = Counter()
    for order in plan.orders:
        for line in order.lines:
            sold[line.variant] += line.quantity
    wanted: Counter[str] = Counter()
    for each in candidates:
        for want in each.subscription.lines:
            wanted[want.variant] += want.quantity
    for key, count in counts.items():
        most = wanted[key] if key == "cheese" else min(wanted[key], max(count, 0))
        assert sold[key] == most
    moved: Counter[str] = Counter()
    for move in plan.movements:
        moved[move.variant] -= move.delta
    assert moved == +sold


@given(some_standing, levels, st.randoms(use_true_random=False))
def test_every_candidate_ends_placed_or_empty_in_whatever_order_they_are_named(
    candidates: list[Candidate], counts: dict[str, int], chance: Random
) -> None:
    plan = place(*candidates, known=with_stock(counts))
    assert set(outcomes(plan)) == {each.subscription.id for each in candidates}
    assert set(outcomes(plan).values()) <= {ProxyOutcome.PLACED, ProxyOutcome.EMPTY}
    assert {order.subscription for order in plan.orders} == {
        key for key, outcome in outcomes(plan).items() if outcome is ProxyOutcome.PLACED
    }
    assert all(any(line.quantity for line in order.lines) for order in plan.orders)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert place(*shuffled, known=with_stock(counts)) == plan


@given(some_standing)
def test_they_are_served_by_age_then_id(candidates: list[Candidate]) -> None:
    served = [each.subscription for each in in_turn(reversed(candidates))]

    def turn(of: Subscription) -> tuple[datetime, str]:
        return of.begins_at, of.id

    assert served == sorted((each.subscription for each in candidates), key=turn)
