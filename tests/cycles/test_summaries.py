"""What each supplier is to bring (CYC-11, ORD-O33, ORD-B7)."""

from collections import Counter
from random import Random

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.summaries import summarise
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.money import Money
from ofncore.model.order import Order, OrderLine, OrderState
from ofncore.testing.worlds import order, order_line

CYCLE = OrderCycleId("week-10")
SUPPLIER_OF = {"carrots": "farm", "cheese": "dairy", "eggs": "farm"}


@st.composite
def some_lines(draw: st.DrawFn) -> tuple[OrderLine, ...]:
    """At most one line for each variant, of any quantity, at one of two prices."""
    return tuple(
        order_line(
            variant,
            supplier=SUPPLIER_OF[variant],
            quantity=draw(st.integers(0, 9)),
            price=Money(draw(st.sampled_from([250, 320])), "EUR"),
        )
        for variant in draw(st.lists(st.sampled_from(sorted(SUPPLIER_OF)), unique=True))
    )


some_orders = st.lists(
    st.builds(lambda lines, state: order(lines=lines, state=state), some_lines(), st.sampled_from(OrderState)),
    max_size=6,
)


@given(some_orders)
def test_the_lines_add_up_to_those_of_the_orders(orders: list[Order]) -> None:
    counted = [each for each in orders if each.state not in (OrderState.DRAFT, OrderState.CANCELLED)]
    expected: Counter[tuple[str, str, int]] = Counter()
    for line in (line for each in counted for line in each.lines):
        expected[line.supplier, line.variant, line.price.minor] += line.quantity
    found = Counter(
        {
            (summary.supplier, line.variant, line.price.minor): line.quantity
            for summary in summarise(CYCLE, orders)
            for line in summary.lines
        }
    )
    assert found == +expected


@given(some_orders)
def test_the_totals_are_what_the_producers_get(orders: list[Order]) -> None:
    items = Money.total((each.item_total for each in orders if each.is_placed), "EUR")
    assert Money.total((summary.total for summary in summarise(CYCLE, orders)), "EUR") == items


@given(some_orders)
def test_nobody_gets_an_empty_summary_and_everybody_at_most_one(orders: list[Order]) -> None:
    suppliers = [summary.supplier for summary in summarise(CYCLE, orders)]
    assert suppliers == sorted(set(suppliers))
    assert all(summary.lines and all(line.quantity for line in summary.lines) for summary in summarise(CYCLE, orders))


@given(some_orders, st.randoms(use_true_random=False))
def test_the_order_of_the_orders_does_not_matter(orders: list[Order], chance: Random) -> None:
    shuffled = list(orders)
    chance.shuffle(shuffled)
    assert summarise(CYCLE, shuffled) == summarise(CYCLE, orders)


def test_cancelled_orders_and_lines_cut_to_nothing_are_left_out() -> None:
    cancelled = order("order-2", state=OrderState.CANCELLED)
    cut = order("order-3", lines=(order_line(quantity=0, wanted=2),))
    assert summarise(CYCLE, [cancelled, cut]) == ()


def test_one_variant_at_two_prices_gives_two_lines_the_cheaper_first() -> None:
    dearer = order("order-2", lines=(order_line(price=Money(350, "EUR"), quantity=2),))
    [summary] = summarise(CYCLE, [dearer, order()])
    assert [(line.price.minor, line.quantity, line.orders) for line in summary.lines] == [(320, 1, 1), (350, 2, 1)]
    assert summary.total == Money(1020, "EUR")


def test_orders_in_two_currencies_give_a_summary_for_each() -> None:
    francs = order("order-2", currency="CHF", lines=(order_line(price=Money(400, "CHF")),))
    found = summarise(CYCLE, [order(), francs])
    assert [(each.supplier, each.currency, each.total) for each in found] == [
        ("farm", "CHF", Money(400, "CHF")),
        ("farm", "EUR", Money(320, "EUR")),
    ]


def test_the_version_changes_whenever_the_content_does() -> None:
    """ORD-B7."""
    base = [order(), order("order-2")]
    [before] = summarise(CYCLE, base)
    changed = [
        [*base, order("order-3")],
        [order(lines=(order_line(quantity=2),))],
        [order(lines=(order_line(price=Money(321, "EUR")),)), order("order-2")],
        [order(lines=(order_line("carrots"),)), order("order-2")],
    ]
    versions = {summary.version for orders in changed for summary in summarise(CYCLE, orders)}
    assert len(versions) == len(changed)
    assert before.version not in versions
    assert summarise(CYCLE, list(reversed(base)))[0].version == before.version


def test_what_does_not_concern_the_producer_leaves_the_version_as_it_is() -> None:
    [before] = summarise(CYCLE, [order()])
    [after] = summarise(CYCLE, [attrs.evolve(order(), comment="please ring", state=OrderState.READY)])
    assert after.version == before.version
