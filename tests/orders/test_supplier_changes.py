"""Suppliers change their own lines of placed orders, where the shop lets them (ORD-O25, ORD-6, PERM-7)."""

from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import OrderChanged
from ofncore.model.order import Order, OrderState
from ofncore.model.world import World
from ofncore.orders.cancelling import plan_cancellation
from ofncore.orders.changing import plan_change
from ofncore.orders.plan import OrderPlan
from ofncore.testing.worlds import CLOSES, NOW, customer, enterprise, producer, stock_item
from orders.facts import AMELIE, changing, placed, placing, request, why, world

#: Paul manages the farm, Berta the dairy.
PAUL, BERTA, ROOT = map(Actor.user, ("paul", "berta", "root"))
EGGS, CHEESE, CARROTS = map(VariantId, ("eggs", "cheese", "carrots"))
OWN: Final = {PAUL: {EGGS, CARROTS}, BERTA: {CHEESE}}
LATER: Final = CLOSES.replace(year=2027)
suppliers = st.sampled_from([PAUL, BERTA])
quantities = st.dictionaries(st.sampled_from([EGGS, CHEESE, CARROTS]), st.integers(-1, 12))
lines = st.dictionaries(st.sampled_from(["eggs", "cheese", "carrots"]), st.integers(1, 5), min_size=1)


def open_to_suppliers(settings: ShopSettings = ShopSettings(producers_may_change_orders=True), **changes: Any) -> World:  # noqa: ANN401, B008 - fields; a value
    """Return the world with a shop that lets suppliers change orders, and not customers."""
    [dairy, farm, _] = world().enterprises
    return world(enterprises=(dairy, farm, enterprise("hub", shop=settings)), **changes)


OPEN: Final = open_to_suppliers()


def order(*goods: tuple[str, int], **changes: Any) -> Order:  # noqa: ANN401 - fields
    """Return a placed order, by default of two boxes of eggs and one cheese."""
    return attrs.evolve(placed(request(*goods or (("eggs", 2), ("cheese", 1))), placing(OPEN)), **changes)


def change(
    before: Order,
    wanted: dict[VariantId, int],
    *,
    actor: Actor = PAUL,
    known: World = OPEN,
    now: Any = NOW,  # noqa: ANN401 - an instant
    profile: Profile = PRODUCT,
) -> OrderPlan | Refusal:
    """Decide *wanted* for *before*."""
    return plan_change(before, wanted, changing(known, profile=profile), actor=actor, now=now)


# ---------------------------------------------------------------- laws


@given(suppliers, lines, quantities)
def test_whatever_a_supplier_asks_for_the_lines_of_others_stay(
    actor: Actor, goods: dict[str, int], wanted: dict[VariantId, int]
) -> None:
    before = order(*goods.items())
    found = change(before, wanted, actor=actor)
    if isinstance(found, Refusal):
        return
    assert wanted.keys() <= OWN[actor]
    for was, now in zip(before.lines, found.order.lines, strict=True):
        if was.variant in OWN[actor]:
            assert now.quantity == wanted.get(was.variant, was.quantity)
        else:
            assert now == was


@given(suppliers, lines, quantities)
def test_what_a_supplier_gives_more_or_less_is_what_its_stock_loses_or_gets(
    actor: Actor, goods: dict[str, int], wanted: dict[VariantId, int]
) -> None:
    """ORD-Q5."""
    before = order(*goods.items())
    found = change(before, wanted, actor=actor)
    if isinstance(found, OrderPlan):
        moved = {each.variant: -each.delta for each in found.movements}
        more = {
            line.variant: line.quantity - was.quantity
            for was, line in zip(before.lines, found.order.lines, strict=True)
            if line.quantity != was.quantity
        }
        assert moved == more
        assert {variant for event in found.events for variant in changed(event)} == set(more)


def changed(event: object) -> tuple[VariantId, ...]:
    """Return the variants of a change."""
    assert isinstance(event, OrderChanged)
    return event.variants


@given(suppliers, lines, quantities, st.sampled_from([PRODUCT, OFN]))
def test_a_supplier_does_to_its_own_lines_what_staff_may(
    actor: Actor, goods: dict[str, int], wanted: dict[VariantId, int], profile: Profile
) -> None:
    before = order(*goods.items())
    mine = {key: quantity for key, quantity in wanted.items() if key in OWN[actor] and before.line_of(key)}
    found = change(before, mine, actor=actor, now=LATER, profile=profile)
    by_staff = change(before, mine, actor=AMELIE, now=LATER, profile=profile)
    if not OWN[actor] & {line.variant for line in before.lines}:
        assert isinstance(found, Refusal)
    elif isinstance(found, OrderPlan):
        assert isinstance(by_staff, OrderPlan)
        assert found.order == by_staff.order
    else:
        assert found == by_staff


@given(lines, st.integers(0, 9))
def test_a_supplier_is_not_told_what_else_an_order_holds(goods: dict[str, int], quantity: int) -> None:
    """PERM-G16: of a line of others the answer is the same as of none."""
    with_cheese = order(*({"eggs": 2} | goods | {"cheese": 3}).items())
    without = attrs.evolve(with_cheese, lines=tuple(each for each in with_cheese.lines if each.variant != CHEESE))
    for wanted in ({CHEESE: quantity}, {CHEESE: quantity, EGGS: 1}, {CHEESE: quantity, EGGS: 99}):
        assert change(with_cheese, wanted) == change(without, wanted)


@given(lines, quantities)
def test_where_the_shop_does_not_let_them_suppliers_are_strangers(
    goods: dict[str, int], wanted: dict[VariantId, int]
) -> None:
    closed = open_to_suppliers(ShopSettings(customers_may_change_orders=True))
    found = change(order(*goods.items()), wanted, known=closed)
    assert ("$", Code.NEEDS_MANAGER) in why(found)


# ---------------------------------------------------------------- single cases


def test_a_supplier_lowers_and_raises_also_after_the_close() -> None:
    """ORD-O25: it is no customer, whom the window binds."""
    lowered = change(order(), {EGGS: 0}, now=LATER)
    raised = change(order(), {EGGS: 5}, now=LATER)
    assert isinstance(lowered, OrderPlan)
    assert isinstance(raised, OrderPlan)
    assert [each.order.lines[0].quantity for each in (lowered, raised)] == [0, 5]
    assert raised.events[0].actor == PAUL


def test_lines_of_others_are_refused_each_at_its_place() -> None:
    found = change(order(), {EGGS: 1, CHEESE: 0, CARROTS: 1})
    assert why(found) == [("$.quantities.cheese", Code.NEEDS_MANAGER), ("$.quantities.carrots", Code.NEEDS_MANAGER)]
    assert isinstance(found, Refusal)
    assert found.problems[0].parameters["enterprises"] == ("Hub",)


def test_raising_needs_the_stock_for_it() -> None:
    """ORD-Q5."""
    short = open_to_suppliers(stock=(stock_item("eggs", on_hand=1),))
    assert why(change(order(), {EGGS: 4}, known=short)) == [("$.quantities.eggs", Code.INSUFFICIENT_STOCK)]


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.CANCELLED, OrderState.DRAFT])
def test_what_is_shipped_or_over_is_not_the_suppliers_to_change(state: OrderState) -> None:
    """ORD-5."""
    assert why(change(order(state=state), {EGGS: 1})) == [("$.state", Code.NOT_CHANGEABLE)]


def test_the_last_line_is_not_the_suppliers_to_take_away() -> None:
    """ORD-6: a supplier cancels nothing."""
    assert why(change(order(("eggs", 2)), {EGGS: 0})) == [("$.quantities", Code.LAST_LINE)]
    assert why(plan_cancellation(order(), changing(OPEN), actor=PAUL, now=NOW))[0] == ("$", Code.NEEDS_MANAGER)


def test_a_quantity_that_cannot_be_is_refused() -> None:
    assert why(change(order(), {EGGS: -1})) == [("$.quantities.eggs", Code.BAD_QUANTITY)]


def test_nothing_asked_for_is_nothing_done() -> None:
    found = change(order(), {})
    assert isinstance(found, OrderPlan)
    assert (found.order, found.events) == (order(), ())


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor.user("unheard-of"), Code.UNKNOWN_RECORD),
        (Actor.customer("paul"), Code.NEEDS_MANAGER),
        (Actor.customer("ben"), Code.NEEDS_MANAGER),
    ],
    ids=str,
)
def test_who_is_not_known_or_manages_no_supplier_changes_nothing(actor: Actor, code: Code) -> None:
    """Default deny."""
    assert why(change(order(), {EGGS: 1}, actor=actor))[0] == ("$", code)


def test_the_engine_is_no_supplier() -> None:
    assert why(change(order(), {EGGS: 1}, actor=ENGINE)) == [("$", Code.CHANGES_NOT_ALLOWED)]


def test_a_grant_is_not_needed() -> None:
    """PERM-7: editable lines ask for no grant."""
    assert isinstance(change(order(), {EGGS: 1}, known=open_to_suppliers(grants=())), OrderPlan)


def test_a_supplier_that_is_no_producer_changes_its_lines_too() -> None:
    """PERM-7, PERM-12 (a former producer)."""
    [dairy, _, hub] = OPEN.enterprises
    former = open_to_suppliers()
    former = attrs.evolve(former, enterprises=(dairy, producer("farm", is_producer=False), hub))
    assert isinstance(change(order(), {EGGS: 1}, known=former), OrderPlan)


def test_who_buys_and_supplies_may_what_either_may() -> None:
    """Paul's own order: of his eggs he may add, of the cheese only take away, and that while the cycle is open."""
    settings = ShopSettings(producers_may_change_orders=True, customers_may_change_orders=True)
    his = open_to_suppliers(settings, customers=(customer("anna", user="paul"), customer("ben")))
    assert isinstance(change(order(), {EGGS: 4, CHEESE: 0}, known=his), OrderPlan)
    assert why(change(order(), {EGGS: 4, CHEESE: 2}, known=his)) == [("$.quantities.cheese", Code.ONLY_LESS)]
    assert why(change(order(), {EGGS: 4, CHEESE: 0}, known=his, now=LATER)) == [("$.order_cycle", Code.CYCLE_CLOSED)]
    assert isinstance(change(order(), {EGGS: 4}, known=his, now=LATER), OrderPlan)


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_staff_change_every_line_as_before(actor: Actor) -> None:
    """ORD-O24; an administrator is staff and no supplier (PERM-7)."""
    assert isinstance(change(order(), {EGGS: 4, CHEESE: 0}, actor=actor, now=LATER), OrderPlan)
    rights = changing(OPEN).rights(order(), actor)
    assert (rights.is_staff, rights.is_supplier) == (True, False)
