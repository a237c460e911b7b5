"""Suppliers weigh, add and take away their own lines of placed orders (ORD-6, ORD-O25, PERM-7, PERM-10 `row-level`)."""

from decimal import Decimal
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.calculators import FlatRate, PerItem, Weight
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderId, ProductId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Sells, ShopSettings
from ofncore.model.event import OrderChanged, OrderWeighed
from ofncore.model.order import Order, OrderState
from ofncore.model.product import Measure
from ofncore.model.world import World
from ofncore.orders.adjusting import RequestedAdjustment, plan_adjustment
from ofncore.orders.changing import plan_change
from ofncore.orders.changing_facts import ChangingFacts
from ofncore.orders.discounting import plan_voucher
from ofncore.orders.line_changes import plan_addition, plan_removal
from ofncore.orders.placing import MOST_OF_ONE_VARIANT
from ofncore.orders.plan import OrderPlan
from ofncore.orders.weighing import plan_weighing
from ofncore.permissions.actions import LineAction, OrderAccess
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    customer,
    enterprise,
    euros,
    fee,
    incoming,
    order_cycle,
    outgoing,
    payment_method,
    producer,
    shipping_method,
    stock_item,
    user,
    voucher,
)
from orders.facts import AMELIE, ANNA, changing, placed, placing, request, why, world

#: Paul manages the farm, Berta the dairy. Nobody sells the farm's honey in the cycle.
PAUL, BERTA, ROOT = map(Actor.user, ("paul", "berta", "root"))
EGGS, CHEESE, CARROTS, HONEY, UNHEARD = map(VariantId, ("eggs", "cheese", "carrots", "honey", "unheard-of"))
OWN: Final = {PAUL: {EGGS, CARROTS, HONEY}, BERTA: {CHEESE}}
LATER: Final = CLOSES.replace(year=2027)
LETS: Final = ShopSettings(producers_may_change_orders=True)
Found = OrderPlan | Refusal


def known_world(settings: ShopSettings = LETS, **changes: Any) -> World:  # noqa: ANN401 - fields
    """Return a shop with fees by item, by weight and by order, and with methods that cost something."""
    base = world()
    eggs, *others = sorted(base.variants, key=lambda each: each.id != EGGS)
    boxes = attrs.evolve(eggs, measure=Measure.WEIGHT, unit_value=Decimal(600))
    honey = attrs.evolve(eggs, id=HONEY, product=ProductId("eggs"), supplier=eggs.supplier)
    defaults: dict[str, object] = {
        "enterprises": (producer("dairy", owner="berta"), producer("farm"), enterprise("hub", shop=settings)),
        "variants": (boxes, honey, *others),
        "fees": (
            fee("per-piece", calculator=PerItem(amount=Decimal("0.10"))),
            fee("van", calculator=Weight(per_unit=Decimal("1.00"))),
            fee("farm-round", calculator=FlatRate(amount=Decimal("1.50"))),
        ),
        "order_cycles": (
            order_cycle(
                coordinator_fees=(FeeId("per-piece"), FeeId("van")),
                incoming=(
                    incoming("farm", "carrots", "eggs", fees=(FeeId("farm-round"),)),
                    incoming("dairy", "cheese"),
                ),
                outgoing=(outgoing("hub", "carrots", "cheese", "eggs"),),
            ),
        ),
        "shipping_methods": (shipping_method(calculator=PerItem(amount=Decimal("0.30"))),),
        "payment_methods": (payment_method("cash", calculator=FlatRate(amount=Decimal("0.25"))),),
        "stock": (
            stock_item("eggs"),
            stock_item("honey"),
            stock_item("carrots", on_hand=20),
            stock_item("cheese", on_hand=0, on_demand=True),
        ),
    }
    return world(**(defaults | changes))


OPEN: Final = known_world()
SHUT: Final = known_world(ShopSettings(customers_may_change_orders=True))


def order(*goods: tuple[str, int], **changes: Any) -> Order:  # noqa: ANN401 - fields
    """Return a placed order, by default of two boxes of eggs and one cheese."""
    return attrs.evolve(placed(request(*goods or (("eggs", 2), ("cheese", 1))), placing(OPEN)), **changes)


def facts_of(known: World = OPEN, profile: Profile = PRODUCT) -> ChangingFacts:
    """Return what is known when an order is to be amended, with the voucher that it may have."""
    return attrs.evolve(changing(known, profile=profile), voucher=voucher())


def add(before: Order, variant: VariantId, quantity: int = 1, *, actor: Actor = PAUL, known: World = OPEN) -> Found:
    return plan_addition(before, variant, quantity, facts_of(known), actor=actor, now=NOW)


def remove(before: Order, variant: VariantId, *, actor: Actor = PAUL, known: World = OPEN) -> Found:
    return plan_removal(before, variant, facts_of(known), actor=actor, now=NOW)


def weigh(before: Order, variant: VariantId, weight: int = 1500, *, actor: Actor = PAUL, known: World = OPEN) -> Found:
    return plan_weighing(before, {variant: Decimal(weight)}, facts_of(known), actor=actor, now=NOW)


def done(found: Found) -> Order:
    """Return the order of a plan."""
    assert isinstance(found, OrderPlan), found
    return found.order


# ---------------------------------------------------------------- laws

variants = st.sampled_from([EGGS, CHEESE, CARROTS, HONEY, UNHEARD])
sold = st.sampled_from(["eggs", "cheese", "carrots"])
goods = st.dictionaries(sold, st.integers(1, 5), min_size=1)
actors = st.sampled_from([PAUL, BERTA, ROOT, AMELIE, ANNA, Actor.user("unheard-of"), Actor.customer("ben"), ENGINE])
suppliers = st.sampled_from([PAUL, BERTA])


@attrs.frozen
class Ask:
    """One thing that somebody asks for."""

    act: str
    variant: VariantId
    number: int

    def decide(self, before: Order, facts: ChangingFacts, actor: Actor, now: Any = NOW) -> Found:  # noqa: ANN401
        """Return what is decided."""
        if self.act == "add":
            return plan_addition(before, self.variant, self.number, facts, actor=actor, now=now)
        if self.act == "remove":
            return plan_removal(before, self.variant, facts, actor=actor, now=now)
        if self.act == "weigh":
            weights = {self.variant: Decimal(self.number * 400) if self.number else None}
            return plan_weighing(before, weights, facts, actor=actor, now=now)
        return plan_change(before, {self.variant: self.number}, facts, actor=actor, now=now)


asks = st.builds(Ask, st.sampled_from(["add", "remove", "weigh", "change"]), variants, st.integers(-1, 6))


def with_everything(before: Order) -> Order:
    """Return *before* with a voucher, and an amount set by hand."""
    jar = RequestedAdjustment(key="jar", label="Jar", amount=euros("-0.40"))
    discounted = done(plan_voucher(before, voucher(), facts_of(), actor=AMELIE, now=NOW))
    return done(plan_adjustment(discounted, jar, facts_of(), actor=AMELIE, now=NOW))


def not_theirs(found: Order, mine: set[VariantId]) -> tuple[object, ...]:
    """Return what is nobody's but the shop's, the buyer's and other suppliers' of an order."""
    bare = attrs.evolve(
        found,
        lines=(),
        fees=(),
        discounts=(),
        shipping=attrs.evolve(found.shipping, amount=euros("0"), taxes=()),
        payment=attrs.evolve(found.payment, amount=euros("0")),
    )
    others = tuple(line for line in found.lines if line.variant not in mine)
    total = Money.total((line.amount + line.fee_amount for line in others), "EUR")
    return bare, others, total, {each.code for each in found.discounts}


@given(suppliers, goods, st.lists(asks, max_size=6), st.sampled_from([PRODUCT, OFN]))
def test_whatever_suppliers_ask_for_what_is_not_theirs_stays(
    actor: Actor, chosen: dict[str, int], wanted: list[Ask], profile: Profile
) -> None:
    """ORD-6, PERM-7: lines and their fees and taxes, methods and their terms, amounts by hand, voucher, remarks."""
    found = with_everything(order(*chosen.items()))
    found = attrs.evolve(found, profile=profile.name)
    for each in wanted:
        decided = each.decide(found, facts_of(profile=profile), actor)
        if isinstance(decided, OrderPlan):
            assert not decided.events or each.variant in OWN[actor]
            assert not_theirs(decided.order, OWN[actor]) == not_theirs(found, OWN[actor])
            found = decided.order


@given(suppliers, goods, st.lists(asks, max_size=6))
def test_after_any_acts_the_order_is_charged_as_one_placed_so(
    actor: Actor, chosen: dict[str, int], wanted: list[Ask]
) -> None:
    """FEE-13.16: fees by order, shipping and payment fee follow the lines, and nothing else does."""
    found = order(*chosen.items())
    for each in wanted:
        decided = each.decide(found, facts_of(), actor) if each.act != "weigh" else None
        found = decided.order if isinstance(decided, OrderPlan) else found
    held = [(line.variant, line.quantity) for line in found.lines if line.quantity]
    if len(held) == len(found.lines):
        anew = placed(request(*held), placing(OPEN))
        assert (found.lines, found.shipping, found.payment) == (anew.lines, anew.shipping, anew.payment)
        assert sorted(found.fees, key=str) == sorted(anew.fees, key=str)
        assert found.total == anew.total


@given(suppliers, goods, asks)
def test_stock_and_event_tell_what_came_and_went(actor: Actor, chosen: dict[str, int], wanted: Ask) -> None:
    """ORD-Q5."""
    before = order(*chosen.items())
    found = wanted.decide(before, facts_of(), actor)
    if isinstance(found, Refusal) or not found.events:
        return
    then, now = ({line.variant: line.quantity for line in each.lines} for each in (before, found.order))
    moved = {key: then.get(key, 0) - now.get(key, 0) for key in then | now}
    assert {each.variant: each.delta for each in found.movements} == {key: each for key, each in moved.items() if each}
    [event] = found.events
    assert isinstance(event, OrderChanged | OrderWeighed)
    assert (event.actor, event.variants, event.total) == (actor, (wanted.variant,), found.order.total)


@given(suppliers, goods, asks)
def test_suppliers_do_to_their_lines_what_staff_may_at_any_time(
    actor: Actor, chosen: dict[str, int], wanted: Ask
) -> None:
    """ORD-O25: no window binds them; what else is wrong is told to both alike."""
    before = order(*chosen.items())
    found, by_staff = (wanted.decide(before, facts_of(), each, now=LATER) for each in (actor, AMELIE))
    held = OWN[actor] & {line.variant for line in before.lines}
    theirs = wanted.variant in (held if wanted.act != "add" else OWN[actor])
    if not held or not theirs:
        assert why(found)[0][1] == Code.NEEDS_MANAGER
    elif isinstance(found, OrderPlan):
        assert found.order == done(by_staff)
    else:
        assert found == by_staff


@given(actors, goods, asks)
def test_nobody_is_let_in_who_is_not_by_the_matrix(actor: Actor, chosen: dict[str, int], wanted: Ask) -> None:
    """PERM-8 (line item), PERM-10 `row-level`: a line is made by whom it may be changed by, in an order they may edit.

    The buyer has rights of their own, and the engine is asked about by no screen.
    """
    before = order(*chosen.items())
    found = wanted.decide(before, facts_of(), actor)
    if isinstance(found, Refusal) or not found.events or actor == ENGINE:
        return
    assert may_by_matrix(actor, before, found.order, wanted)


@given(st.sampled_from([PAUL, BERTA, ROOT, AMELIE, Actor.user("unheard-of")]), goods, variants)
def test_who_may_by_the_matrix_is_let_in(actor: Actor, chosen: dict[str, int], variant: VariantId) -> None:
    """PERM-7, PERM-8: so a yes of the matrix is never contradicted here."""
    before = order(*chosen.items())
    if before.line_of(variant) is not None:
        allowed = may_by_matrix(actor, before, before, Ask("weigh", variant, 1))
        found = plan_weighing(before, {variant: None}, facts_of(), actor=actor, now=NOW)
        assert isinstance(found, OrderPlan) == allowed
    elif variant in {EGGS, CHEESE, CARROTS}:
        after = attrs.evolve(before, lines=(*before.lines, *order((variant, 1)).lines))
        allowed = may_by_matrix(actor, before, after, Ask("add", variant, 1))
        assert isinstance(add(before, variant, actor=actor), OrderPlan) == allowed


def may_by_matrix(actor: Actor, before: Order, after: Order, wanted: Ask) -> bool:
    """Whether the rules of permissions let *actor* do what is wanted, row by row."""
    edits = check(actor, OrderAccess.EDIT, resource(ResourceKind.ORDER, before.id), snapshot_of(before)).allowed
    whole = after if wanted.act == "add" else before
    row = resource(ResourceKind.ORDER_LINE, before.id, wanted.variant)
    line = check(actor, LineAction.EDIT, row, snapshot_of(whole)).allowed
    screen = check(actor, LineAction.OPEN, row, snapshot_of(whole)).allowed
    assert screen or not line
    return edits and line


def snapshot_of(found: Order) -> Snapshot:
    """Return the world with one order."""
    return Snapshot.of_world(OPEN, [found])


@given(goods, st.integers(-1, 6))
def test_goods_of_others_are_not_told_from_goods_that_there_are_not(chosen: dict[str, int], number: int) -> None:
    """PERM-G16: neither whether they are in the order, nor whether they are sold or exist."""
    before = order(*({"eggs": 1} | chosen).items())
    for act in ("add", "remove", "weigh", "change"):
        answers = [Ask(act, each, number).decide(before, facts_of(), PAUL) for each in (CHEESE, UNHEARD)]
        found, of_nothing = ([attrs.evolve(one, path="$") for one in problems(each)] for each in answers)
        assert found == of_nothing
        assert [each.code for each in found] == [Code.NEEDS_MANAGER]


def problems(found: Found) -> tuple[Any, ...]:
    """Return the problems of a refusal."""
    assert isinstance(found, Refusal), found
    return found.problems


@given(goods, asks)
def test_who_may_not_learns_nothing_of_an_order(chosen: dict[str, int], wanted: Ask) -> None:
    """Default deny: the answer is the same for any lines, also to a supplier whose last line is gone."""
    before, other = order(*chosen.items()), order(("cheese", 3))
    stranger = Actor.customer("ben")
    answers = [wanted.decide(each, facts_of(), stranger) for each in (before, other)]
    assert answers[0] == answers[1]
    assert why(answers[0])[0] == ("$", Code.NEEDS_MANAGER)
    assert wanted.decide(other, facts_of(), PAUL) == answers[0]


@given(suppliers, goods, asks)
def test_where_the_switch_is_off_suppliers_do_nothing(actor: Actor, chosen: dict[str, int], wanted: Ask) -> None:
    """PERM-7, ORD-O25. Who has goods in the order is told which switch it is, of what they may change by it."""
    placed_order = order(*chosen.items())
    found = wanted.decide(placed_order, facts_of(SHUT), actor)
    told = [code for path, code in why(found) if path == "$"]
    assert told[0] == Code.NEEDS_MANAGER
    assert Code.CHANGES_NOT_ALLOWED not in told
    managed = facts_of(SHUT).relations.managed_by(actor)
    supplies = any(line.supplier in managed for line in placed_order.lines)
    assert told[1:] in ([], [Code.PRODUCER_CHANGES_NOT_ALLOWED] * supplies)


# ---------------------------------------------------------------- adding


def test_a_supplier_adds_its_own_goods_to_an_order_that_holds_some() -> None:
    """ORD-6, PERM-8: at the price of today, and with the fees that the order's terms give them."""
    found = add(order(), CARROTS, 3)
    line = done(found).line_of(CARROTS)
    assert line is not None
    assert (line.quantity, line.wanted, line.price, line.supplier) == (3, 3, euros("2.50"), "farm")
    assert {each.fee for each in line.fees} == {"per-piece", "van"}
    assert isinstance(found, OrderPlan)
    assert [(each.variant, each.delta) for each in found.movements] == [(CARROTS, -3)]
    assert found.events[0].actor == PAUL


def test_nothing_is_added_to_an_order_that_holds_nothing_of_the_supplier() -> None:
    """PERM-8: it is not its order to edit (`pe`)."""
    assert why(add(order(("cheese", 1)), EGGS))[0] == ("$", Code.NEEDS_MANAGER)


def test_only_what_the_shop_sells_in_the_cycle_is_added() -> None:
    """ORD-6: the cycle's own catalogue only; what was withdrawn is in none."""
    assert why(add(order(), HONEY)) == [("$.variant", Code.NOT_DISTRIBUTED)]
    assert why(add(order(), HONEY, actor=AMELIE)) == [("$.variant", Code.NOT_DISTRIBUTED)]
    withdrawn = known_world(variants=tuple(attrs.evolve(each, deleted=True) for each in OPEN.variants))
    assert why(add(order(), CARROTS, known=withdrawn)) == [("$.variant", Code.NOT_DISTRIBUTED)]


def test_goods_of_others_are_not_a_suppliers_to_add() -> None:
    found = add(order(("eggs", 1)), CHEESE)
    assert why(found) == [("$.variant", Code.NEEDS_MANAGER)]
    assert problems(found)[0].parameters["enterprises"] == ("Hub",)


def test_what_an_order_holds_is_not_added_again() -> None:
    assert why(add(order(), EGGS)) == [("$.variant", Code.DUPLICATE_LINE)]
    nothing_left = done(plan_change(order(), {EGGS: 0}, facts_of(), actor=PAUL, now=NOW))
    assert why(add(nothing_left, EGGS)) == [("$.variant", Code.DUPLICATE_LINE)]


def test_a_line_stays_its_suppliers_when_its_goods_go_to_another() -> None:
    """PERM-7: who supplies the cheese from now on has no say in what the dairy sold."""
    moved = tuple(attrs.evolve(each, supplier=EnterpriseId("farm")) for each in OPEN.variants)
    assert why(add(order(), CHEESE, known=known_world(variants=moved))) == [("$.variant", Code.NEEDS_MANAGER)]


@pytest.mark.parametrize("quantity", [0, -1, MOST_OF_ONE_VARIANT + 1, True, "3", 1.5])
def test_a_quantity_that_cannot_be_is_not_added(quantity: Any) -> None:  # noqa: ANN401 - no quantity
    assert why(add(order(), CARROTS, quantity)) == [("$.quantity", Code.BAD_QUANTITY)]


def test_adding_needs_the_stock_for_it() -> None:
    """ORD-Q5."""
    assert why(add(order(), CARROTS, 21)) == [("$.quantity", Code.INSUFFICIENT_STOCK)]


def test_a_buyer_adds_nothing() -> None:
    """ORD-6: there is a second order for that, also where the shop lets customers change orders."""
    both = known_world(ShopSettings(producers_may_change_orders=True, customers_may_change_orders=True))
    assert why(add(order(), CARROTS, actor=ANNA, known=both)) == [("$.variant", Code.ONLY_LESS)]
    his = attrs.evolve(both, customers=(customer("anna", user="paul"), customer("ben")))
    assert isinstance(add(order(), CARROTS, known=his), OrderPlan)
    assert why(add(order(("cheese", 1)), CARROTS, known=his)) == [("$.variant", Code.ONLY_LESS)]


def test_an_order_that_cannot_be_written_is_not_made() -> None:
    dear = tuple(attrs.evolve(each, price=euros("1999999999")) for each in OPEN.variants)
    rich = known_world(variants=dear, stock=(stock_item("carrots", on_hand=0, on_demand=True),))
    assert why(add(order(), CARROTS, MOST_OF_ONE_VARIANT, known=rich)) == [("$.quantity", Code.BAD_QUANTITY)]


# ---------------------------------------------------------------- taking away


def test_a_supplier_takes_its_last_line_away_and_reaches_the_order_no_more() -> None:
    """PERM-7: with no goods in it, it is nobody's order to edit."""
    found = remove(order(), EGGS)
    after = done(found)
    assert [line.variant for line in after.lines] == [CHEESE]
    assert isinstance(found, OrderPlan)
    assert [(each.variant, each.delta) for each in found.movements] == [(EGGS, 2)]
    for again in (add(after, EGGS), remove(after, EGGS), weigh(after, EGGS)):
        assert why(again)[0] == ("$", Code.NEEDS_MANAGER)


def test_fees_by_order_go_with_the_last_goods_they_were_for() -> None:
    """FEE-13.16."""
    assert done(remove(order(), EGGS)) == attrs.evolve(order(("cheese", 1)), id=OrderId("order-1"))


def test_the_last_line_of_an_order_goes_only_by_cancelling() -> None:
    """ORD-5, ORD-4.5 `empty_order_kept`: as for staff; what holds nothing does not count."""
    for actor in (PAUL, AMELIE):
        assert why(remove(order(("eggs", 2)), EGGS, actor=actor)) == [("$.variant", Code.LAST_LINE)]
    no_cheese = done(plan_change(order(), {CHEESE: 0}, facts_of(), actor=BERTA, now=NOW))
    assert why(remove(no_cheese, EGGS)) == [("$.variant", Code.LAST_LINE)]
    assert [line.variant for line in done(remove(no_cheese, CHEESE, actor=BERTA)).lines] == [EGGS]


def test_a_line_that_there_is_not_cannot_be_taken_away() -> None:
    assert why(remove(order(), CARROTS, actor=AMELIE)) == [("$.variant", Code.NO_SUCH_LINE)]
    assert why(remove(order(), CARROTS)) == why(remove(order(), CHEESE)) == [("$.variant", Code.NEEDS_MANAGER)]


def test_buyers_take_lines_away_while_the_cycle_is_open_where_the_shop_lets_them() -> None:
    """PERM-8: the buyer deletes while the shop allows changes."""
    assert [line.variant for line in done(remove(order(), EGGS, actor=ANNA, known=SHUT)).lines] == [CHEESE]
    late = plan_removal(order(), EGGS, facts_of(SHUT), actor=ANNA, now=LATER)
    assert why(late) == [("$.order_cycle", Code.CYCLE_CLOSED)]
    assert why(remove(order(), EGGS, actor=ANNA)) == [("$", Code.CHANGES_NOT_ALLOWED)]


# ---------------------------------------------------------------- weighing


def test_a_supplier_weighs_its_own_lines() -> None:
    """ORD-6 (weight of own lines), FEE-3: only what goes by weight moves."""
    before = order()
    found = weigh(before, EGGS, 1500)
    after = done(found)
    assert [line.final_weight for line in after.lines] == [1500, None]
    assert after.total == before.total + euros("0.30")
    assert isinstance(found, OrderPlan)
    assert isinstance(found.events[0], OrderWeighed)
    assert found.events[0].actor == PAUL


def test_one_line_of_others_and_nothing_is_weighed() -> None:
    found = plan_weighing(order(), {EGGS: Decimal(1), CHEESE: Decimal(9)}, facts_of(), actor=PAUL, now=NOW)
    assert why(found) == [("$.weights.cheese", Code.NEEDS_MANAGER)]


def test_buyers_weigh_nothing_also_if_they_supply_something_else() -> None:
    """ORD-6."""
    assert why(weigh(order(), EGGS, actor=ANNA)) == [("$", Code.NEEDS_MANAGER)]
    his = known_world(customers=(customer("anna", user="paul"), customer("ben")))
    assert isinstance(weigh(order(), EGGS, known=his), OrderPlan)
    assert why(weigh(order(), CHEESE, known=his)) == [("$.weights.cheese", Code.NEEDS_MANAGER)]


def test_a_slip_of_the_unit_is_told_to_suppliers_too() -> None:
    """ORD-L6."""
    assert why(weigh(order(), EGGS, 1)) == [("$.weights.eggs", Code.UNLIKELY_WEIGHT)]


# ---------------------------------------------------------------- who, and when


@pytest.mark.parametrize("act", ["add", "remove", "weigh"])
@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.CANCELLED, OrderState.DRAFT, OrderState.CLOSED])
def test_what_is_shipped_or_over_is_nobodys_to_change(act: str, state: OrderState) -> None:
    """ORD-5."""
    variant = CARROTS if act == "add" else EGGS
    for actor in (PAUL, AMELIE):
        found = Ask(act, variant, 3).decide(order(state=state), facts_of(), actor)
        assert why(found) == [("$.state", Code.NOT_CHANGEABLE)]


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
@pytest.mark.parametrize("known", [OPEN, SHUT], ids=["on", "off"])
def test_staff_and_administrators_do_all_of_it_whatever_the_switch_says(actor: Actor, known: World) -> None:
    """ORD-O24, PERM-8: an administrator never edits as a supplier."""
    assert isinstance(add(order(), CARROTS, actor=actor, known=known), OrderPlan)
    assert isinstance(remove(order(), CHEESE, actor=actor, known=known), OrderPlan)
    assert isinstance(weigh(order(), CHEESE, 1, actor=actor, known=known), OrderPlan)
    assert not facts_of(known).rights(order(), actor).is_supplier


def test_an_administrator_who_manages_a_supplier_is_staff() -> None:
    """PERM-8: "edit as producer" never applies to administrators."""
    users = (*(user(name) for name in ("amelie", "anna", "berta")), user("paul", is_admin=True))
    rights = facts_of(known_world(users=users)).rights(order(), PAUL)
    assert (rights.is_staff, rights.is_supplier) == (True, False)


def test_a_shops_manager_who_supplies_too_is_staff() -> None:
    """PERM-8: sells, so edits all of it (5750, 13031)."""
    hub = enterprise("hub", shop=LETS, managers=("amelie", "paul"))
    both = known_world(enterprises=(producer("dairy", owner="berta"), producer("farm"), hub))
    assert isinstance(remove(order(), CHEESE, known=both), OrderPlan)
    assert isinstance(add(order(("cheese", 1)), EGGS, known=both), OrderPlan)
    assert not facts_of(both).rights(order(), PAUL).is_supplier


def test_a_supplier_with_a_shop_of_its_own_edits_its_lines_in_other_shops_all_the_same() -> None:
    """PERM-8 (Om: pe and not sell); 5750, 12893, 13031."""
    farm = producer("farm", sells=Sells.OWN, order_code_prefix="FAR")
    shops = known_world(enterprises=(producer("dairy", owner="berta"), farm, enterprise("hub", shop=LETS)))
    assert isinstance(add(order(), CARROTS, known=shops), OrderPlan)
    assert isinstance(remove(order(), EGGS, known=shops), OrderPlan)
    assert why(remove(order(), CHEESE, known=shops)) == [("$.variant", Code.NEEDS_MANAGER)]


def test_the_engine_adds_weighs_and_takes_away_nothing_of_its_own_accord() -> None:
    """ORD-6: it cuts to stock only."""
    assert why(add(order(), CARROTS, actor=ENGINE, known=SHUT)) == [("$.variant", Code.ONLY_LESS)]
    assert why(remove(order(), EGGS, actor=ENGINE)) == [("$", Code.CHANGES_NOT_ALLOWED)]
