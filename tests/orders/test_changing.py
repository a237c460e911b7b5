"""Changing and cancelling a placed order (ORD-5, ORD-6, ORD-Q5, SUB-K9, SUB-K12, SUB-K14)."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import OFN
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import OrderCancelled, OrderChanged
from ofncore.model.order import Order, OrderState
from ofncore.model.stock import StockCause
from ofncore.model.world import World
from ofncore.orders.cancelling import plan_cancellation
from ofncore.orders.changing import plan_change
from ofncore.orders.placing import MOST_OF_ONE_VARIANT
from ofncore.orders.plan import OrderPlan
from ofncore.testing.worlds import CLOSES, NOW, enterprise, euros, stock_item, variant
from orders.facts import AMELIE, ANNA, BEN, STRANGER, changing, placed, request, why, world

LATER = CLOSES + timedelta(hours=3)
EGGS, CHEESE, CARROTS = map(VariantId, ("eggs", "cheese", "carrots"))
CHANGEABLE = [OrderState.RECEIVED, OrderState.AWAITING_PAYMENT, OrderState.PROCESSING, OrderState.READY]
FIXED = [state for state in OrderState if state not in CHANGEABLE]


def order(*lines: tuple[str, int], state: OrderState = OrderState.RECEIVED) -> Order:
    """Return a placed order of ``anna``: by default two boxes of eggs and one cheese."""
    return attrs.evolve(placed(request(*lines or (("eggs", 2), ("cheese", 1)))), state=state)


def change(
    before: Order, quantities: dict[VariantId, int], *, actor: Actor = AMELIE, known: World | None = None
) -> OrderPlan | Refusal:
    """Decide new *quantities* for *before*, while orders are open."""
    return plan_change(before, quantities, changing(known or world()), actor=actor, now=NOW)


def changed(before: Order, quantities: dict[VariantId, int], *, actor: Actor = AMELIE) -> OrderPlan:
    """Return the plan for *quantities*, which are accepted."""
    found = change(before, quantities, actor=actor)
    assert isinstance(found, OrderPlan), found
    return found


def strict_shop() -> World:
    """Return the world with a shop that does not let customers change orders."""
    [dairy, farm, _] = world().enterprises
    return world(enterprises=(dairy, farm, enterprise("hub", shop=ShopSettings())))


# ---------------------------------------------------------------- changing


def test_charges_are_made_anew_on_the_new_quantities_at_the_old_price() -> None:
    """ORD-5 change lines: fees, taxes and totals anew."""
    dearer = world(variants=tuple(attrs.evolve(each, price=euros("99")) for each in world().variants))
    found = change(order(), {EGGS: 4}, known=dearer)
    assert isinstance(found, OrderPlan)
    assert found.order.total == placed(request(("eggs", 4), ("cheese", 1))).total
    assert found.order.lines[0].price == euros("3.20")
    assert found.order.lines[0].wanted == 4


def test_a_change_moves_the_difference_and_tells_what_changed() -> None:
    """ORD-Q5."""
    found = changed(order(), {EGGS: 5, CHEESE: 1})
    assert {move.variant: move.delta for move in found.movements} == {EGGS: -3}
    assert {move.cause for move in found.movements} == {StockCause.CHANGED}
    [event] = found.events
    assert isinstance(event, OrderChanged)
    assert (event.variants, event.total, event.actor, event.at) == ((EGGS,), found.order.total, AMELIE, NOW)


def test_a_change_to_what_is_there_already_changes_nothing() -> None:
    found = changed(order(), {EGGS: 2, CHEESE: 1})
    assert found.order == order()
    assert (found.movements, found.events) == ((), ())
    assert changed(order(), {}).events == ()


def test_two_changes_are_two_occasions_whatever_version_a_copied_storage_begins_with() -> None:
    """Otherwise the second would be taken for the first, and move no stock."""
    one = changed(order(), {EGGS: 1})
    two = changed(attrs.evolve(one.order, version=2), {EGGS: 2})
    facts = changing(world())
    copied = plan_change(
        attrs.evolve(two.order, version=1), {EGGS: 1}, facts, actor=AMELIE, now=NOW + timedelta(seconds=1)
    )
    assert isinstance(copied, OrderPlan)
    assert len({plan.movements[0].id for plan in (one, two, copied)}) == 3
    assert len({plan.events[0].id for plan in (one, two, copied)}) == 3


def test_a_line_of_nothing_stays_and_can_be_raised_again() -> None:
    """SUB-K11: a manager gives what came back to an order by hand."""
    none = changed(order(), {EGGS: 0}).order
    assert [line.quantity for line in none.lines] == [0, 1]
    assert changed(none, {EGGS: 2}).order.lines == order().lines


@pytest.mark.parametrize("state", CHANGEABLE)
@pytest.mark.parametrize("actor", [AMELIE, Actor.user("root")], ids=str)
def test_staff_change_and_cancel_until_the_order_is_shipped(state: OrderState, actor: Actor) -> None:
    """ORD-5, ORD-O24; also after the close."""
    facts = changing(world())
    assert isinstance(plan_change(order(state=state), {EGGS: 5}, facts, actor=actor, now=LATER), OrderPlan)
    assert isinstance(plan_cancellation(order(state=state), facts, actor=actor, now=LATER), OrderPlan)


@pytest.mark.parametrize("state", FIXED)
@pytest.mark.parametrize("actor", [AMELIE, ANNA], ids=str)
def test_nobody_changes_or_cancels_a_draft_or_what_is_shipped_or_over(state: OrderState, actor: Actor) -> None:
    """ORD-5: editing cancelled orders corrupts balance and stock."""
    facts = changing(world())
    expected = problem(Code.NOT_CHANGEABLE, "$.state", state=state)
    assert change(order(state=state), {EGGS: 1}, actor=actor) == Refusal((expected,))
    assert plan_cancellation(order(state=state), facts, actor=actor, now=NOW) == Refusal((expected,))


def test_a_customer_only_lowers_while_the_cycle_is_open() -> None:
    """SUB-K14, SUB-K15, ORD-G6."""
    assert changed(order(), {EGGS: 1}, actor=ANNA).order.lines[0].quantity == 1
    assert why(change(order(), {EGGS: 3}, actor=ANNA)) == [("$.quantities.eggs", Code.ONLY_LESS)]
    late = plan_change(order(), {EGGS: 1}, changing(world()), actor=ANNA, now=LATER)
    assert why(late) == [("$.order_cycle", Code.CYCLE_CLOSED)]


def test_a_customer_changes_and_cancels_only_where_the_shop_allows_it() -> None:
    """ORD-6, SUB-4: cancelling is under the same conditions."""
    facts = changing(strict_shop())
    expected = Refusal((problem(Code.CHANGES_NOT_ALLOWED, distributor="Hub"),))
    assert change(order(), {EGGS: 1}, actor=ANNA, known=strict_shop()) == expected
    assert plan_cancellation(order(), facts, actor=ANNA, now=NOW) == expected
    assert isinstance(change(order(), {EGGS: 1}, known=strict_shop()), OrderPlan)
    assert isinstance(plan_cancellation(order(), facts, actor=AMELIE, now=NOW), OrderPlan)


@pytest.mark.parametrize(
    ("actor", "code", "switches"),
    [
        (STRANGER, Code.NEEDS_MANAGER, [("$", Code.PRODUCER_CHANGES_NOT_ALLOWED)]),
        (BEN, Code.NEEDS_MANAGER, []),
        (Actor.user("unheard-of"), Code.UNKNOWN_RECORD, []),
    ],
    ids=str,
)
def test_nobody_else_changes_or_cancels(actor: Actor, code: Code, switches: list[tuple[str, str]]) -> None:
    """Whose goods are in the order is told of the switch that would let them change these; nothing lets them cancel."""
    cancelled = plan_cancellation(order(), changing(world()), actor=actor, now=NOW)
    assert why(cancelled) == [("$", code)]
    assert why(change(order(), {EGGS: 1}, actor=actor)) == [("$", code), *switches]


def test_who_is_no_customer_is_not_told_what_customers_may_do() -> None:
    """ORD-6: not where the shop does not let its customers change orders either."""
    for actor in (STRANGER, BEN):
        cancelled = plan_cancellation(order(), changing(strict_shop()), actor=actor, now=NOW)
        assert why(cancelled) == [("$", Code.NEEDS_MANAGER)]


def test_the_engine_is_bound_to_the_window_too() -> None:
    facts = changing(world())
    assert isinstance(plan_cancellation(order(), facts, actor=ENGINE, now=NOW), OrderPlan)
    assert why(plan_cancellation(order(), facts, actor=ENGINE, now=LATER)) == [("$.order_cycle", Code.CYCLE_CLOSED)]


def test_the_policy_of_open_food_network_lets_no_customer_in_at_the_bounds() -> None:
    facts = changing(world(), profile=OFN)
    found = plan_cancellation(order(), facts, actor=ANNA, now=CLOSES)
    assert why(found) == [("$.order_cycle", Code.CYCLE_CLOSED)]


@pytest.mark.parametrize("quantity", [-1, MOST_OF_ONE_VARIANT + 1])
def test_a_quantity_that_cannot_be_is_refused(quantity: int) -> None:
    assert why(change(order(), {EGGS: quantity})) == [("$.quantities.eggs", Code.BAD_QUANTITY)]


def test_a_variant_that_is_not_in_the_order_cannot_be_added() -> None:
    """SUB-K15: for more, there is a second order."""
    assert why(change(order(), {CARROTS: 1})) == [("$.quantities.carrots", Code.NO_SUCH_LINE)]


@pytest.mark.parametrize("actor", [AMELIE, ANNA], ids=str)
def test_the_last_line_goes_only_by_cancelling(actor: Actor) -> None:
    """ORD-4.5 `empty_order_kept`, SUB-K14."""
    assert why(change(order(), {EGGS: 0, CHEESE: 0}, actor=actor)) == [("$.quantities", Code.LAST_LINE)]
    assert isinstance(change(order(), {EGGS: 0}, actor=actor), OrderPlan)


def test_raising_needs_the_stock_for_the_difference_only() -> None:
    """ORD-Q5."""
    three_left = world(stock=(stock_item("eggs", on_hand=3), stock_item("cheese", on_hand=0, on_demand=True)))
    assert isinstance(change(order(), {EGGS: 5}, known=three_left), OrderPlan)
    refused = change(order(), {EGGS: 6}, known=three_left)
    shortage = problem(Code.INSUFFICIENT_STOCK, "$.quantities.eggs", variant="Eggs", wanted=4, available=3)
    assert refused == Refusal((shortage,))
    assert isinstance(change(order(), {CHEESE: 99}, known=three_left), OrderPlan)


def test_withdrawn_goods_can_be_lowered_and_never_raised() -> None:
    """ORD-Q2: what was deleted never supplies."""
    withdrawn = tuple(attrs.evolve(each, deleted=True) for each in world().variants)
    known = world(variants=withdrawn)
    assert isinstance(change(order(), {EGGS: 1}, known=known), OrderPlan)
    refused = change(order(), {EGGS: 3, CHEESE: 2}, known=known)
    assert why(refused) == [
        ("$.quantities.eggs", Code.INSUFFICIENT_STOCK),
        ("$.quantities.cheese", Code.INSUFFICIENT_STOCK),
    ]


def test_all_problems_of_a_change_are_told_at_once() -> None:
    """To the buyer; a stranger learns nothing of the lines by asking (PERM-7), nor what customers may do."""
    by_stranger, by_buyer = (
        plan_change(
            order(state=OrderState.SHIPPED),
            {EGGS: 30, CARROTS: 1, CHEESE: -1},
            changing(strict_shop()),
            actor=actor,
            now=LATER,
        )
        for actor in (STRANGER, ANNA)
    )
    of_the_order = [("$.state", Code.NOT_CHANGEABLE), ("$.order_cycle", Code.CYCLE_CLOSED)]
    switch = ("$", Code.PRODUCER_CHANGES_NOT_ALLOWED)
    assert why(by_stranger) == [("$", Code.NEEDS_MANAGER), *of_the_order, switch]
    assert why(by_buyer) == [
        *of_the_order,
        ("$", Code.CHANGES_NOT_ALLOWED),
        ("$.quantities.eggs", Code.ONLY_LESS),
        ("$.quantities.eggs", Code.INSUFFICIENT_STOCK),
        ("$.quantities.carrots", Code.NO_SUCH_LINE),
        ("$.quantities.cheese", Code.BAD_QUANTITY),
    ]


def test_problems_name_goods_as_people_know_them() -> None:
    boxed = order()
    lines = (attrs.evolve(boxed.lines[0], variant_name="box of six"), boxed.lines[1])
    found = change(attrs.evolve(boxed, lines=lines), {EGGS: 99})
    assert isinstance(found, Refusal)
    assert found.problems[0].parameters["variant"] == "Eggs box of six"


# ---------------------------------------------------------------- cancelling


def test_a_cancelled_order_keeps_its_lines_and_gives_its_goods_back() -> None:
    """ORD-5 cancel, SUB-K9."""
    found = plan_cancellation(order(), changing(world()), actor=ANNA, now=NOW)
    assert isinstance(found, OrderPlan)
    assert found.order == attrs.evolve(order(), state=OrderState.CANCELLED, cancelled_at=NOW)
    assert {move.variant: move.delta for move in found.movements} == {EGGS: 2, CHEESE: 1}
    assert {move.cause for move in found.movements} == {StockCause.CANCELLED}
    assert found.events == (OrderCancelled(order=found.order.id, restocked=True, actor=ANNA, at=NOW),)


def test_goods_that_are_not_to_be_sold_again_stay_out_of_stock() -> None:
    found = plan_cancellation(order(), changing(world()), actor=AMELIE, now=NOW, restock=False)
    assert isinstance(found, OrderPlan)
    assert found.movements == ()
    assert found.events == (OrderCancelled(order=found.order.id, restocked=False, actor=AMELIE, at=NOW),)


quantities = st.integers(0, 8)


@given(st.lists(st.tuples(quantities, quantities), min_size=1, max_size=4))
def test_what_was_taken_by_any_changes_comes_back_by_cancelling(steps: list[tuple[int, int]]) -> None:
    """ORD-17: stock is conserved over any sequence of place, change and cancel."""
    stock = {EGGS: 10 - 2, CHEESE: -1}
    current = order()
    for turn, (eggs, cheese) in enumerate(steps, start=1):
        known = world(
            stock=(stock_item("eggs", on_hand=stock[EGGS]), stock_item("cheese", on_hand=stock[CHEESE], on_demand=True))
        )
        found = change(current, {EGGS: eggs, CHEESE: cheese}, known=known)
        if isinstance(found, OrderPlan):
            for move in found.movements:
                stock[move.variant] += move.delta
            current = attrs.evolve(found.order, version=turn + 1)
            assert stock == {EGGS: 10 - eggs, CHEESE: -cheese}
    found = plan_cancellation(current, changing(world()), actor=AMELIE, now=NOW)
    assert isinstance(found, OrderPlan)
    for move in found.movements:
        stock[move.variant] += move.delta
    assert stock == {EGGS: 10, CHEESE: 0}


def test_a_withdrawn_variant_in_an_order_is_still_priced() -> None:
    gone = world(variants=(variant("eggs", deleted=True), *world().variants[:2]))
    found = change(order(), {EGGS: 1}, known=gone)
    assert isinstance(found, OrderPlan)
    assert found.order.total == placed(request(("eggs", 1), ("cheese", 1))).total
