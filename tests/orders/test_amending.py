"""Weighing, adjusting, discounting and repricing a placed order (FEE-3, FEE-8, FEE-10, FEE-13.16)."""

from collections.abc import Callable
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.calculators import PerItem, Weight
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import OrderAdjusted, OrderDiscounted, OrderRepriced, OrderWeighed
from ofncore.model.fee import EnterpriseFee
from ofncore.model.order import Order, OrderState
from ofncore.model.product import Measure
from ofncore.model.voucher import Voucher
from ofncore.model.world import World
from ofncore.orders.adjusting import RequestedAdjustment, plan_adjustment, plan_adjustment_removal
from ofncore.orders.changing import plan_change
from ofncore.orders.discounting import plan_voucher
from ofncore.orders.plan import OrderPlan
from ofncore.orders.repricing import RepricePlan, plan_reprice
from ofncore.orders.weighing import plan_weighing
from ofncore.testing.worlds import CLOSES, NOW, euros, fee, order_cycle, tax_rate, voucher
from orders.facts import AMELIE, ANNA, STRANGER, changing, placed, placing, request, why, world

EGGS, CHEESE = VariantId("eggs"), VariantId("cheese")
VAN, EGG = FeeId("van"), FeeId("per-egg")
BROKEN = RequestedAdjustment(key="broken-egg", label="Broken egg", amount=euros("-0.40"))
Decide = Callable[[Order, Actor], OrderPlan | Refusal]


def farm_world(per_kilo: str = "1.00", per_egg: str = "0.10", **changes: object) -> World:
    """Return the world with boxes of eggs of 600 g, a fee by weight and one for each box."""
    eggs, *others = (each for each in sorted(world().variants, key=lambda each: each.id != EGGS))
    boxes = attrs.evolve(eggs, measure=Measure.WEIGHT, unit_value=Decimal(600))
    fees: tuple[EnterpriseFee, ...] = (
        fee("van", calculator=Weight(per_unit=Decimal(per_kilo))),
        fee("per-egg", calculator=PerItem(amount=Decimal(per_egg))),
    )
    defaults: dict[str, object] = {
        "variants": (boxes, *others),
        "fees": fees,
        "order_cycles": (order_cycle(coordinator_fees=(VAN, EGG)),),
    }
    return world(**(defaults | changes))


KNOWN = farm_world()


def order(known: World = KNOWN, *, eggs: int = 2) -> Order:
    """Return a placed order of ``anna`` for boxes of eggs."""
    return placed(request(("eggs", eggs)), placing(known))


def stored(found: OrderPlan | Refusal, version: int = 2) -> Order:
    """Return the order of a plan that changes something, as it is stored."""
    assert isinstance(found, OrderPlan), found
    assert found.events
    assert found.events[0].at == NOW
    return attrs.evolve(found.order, version=version)


def changes_nothing(found: OrderPlan | Refusal, before: Order) -> bool:
    return isinstance(found, OrderPlan) and not found.events and not found.movements and found.order == before


def weigh(before: Order, weight: Decimal | None, known: World = KNOWN, actor: Actor = AMELIE) -> OrderPlan | Refusal:
    return plan_weighing(before, {EGGS: weight}, changing(known), actor=actor, now=NOW)


def adjust(before: Order, asked: RequestedAdjustment = BROKEN, actor: Actor = AMELIE) -> OrderPlan | Refusal:
    return plan_adjustment(before, asked, changing(KNOWN), actor=actor, now=NOW)


def apply(before: Order, found: Voucher | None, actor: Actor = AMELIE) -> OrderPlan | Refusal:
    return plan_voucher(before, found, changing(KNOWN), actor=actor, now=NOW)


def reprice(before: Order, known: World = KNOWN, actor: Actor = AMELIE) -> RepricePlan | Refusal:
    return plan_reprice(before, changing(known), actor=actor, now=NOW)


STAFF_ONLY: dict[str, Decide] = {
    "weigh": lambda before, actor: weigh(before, Decimal(1000), actor=actor),
    "adjust": lambda before, actor: adjust(before, actor=actor),
    "remove": lambda before, actor: plan_adjustment_removal(before, "x", changing(KNOWN), actor=actor, now=NOW),
    "reprice": lambda before, actor: reprice(before, actor=actor),
}


# ---------------------------------------------------------------- who, and when


@pytest.mark.parametrize("act", STAFF_ONLY.values(), ids=STAFF_ONLY)
def test_only_staff_weigh_adjust_and_reprice(act: Decide) -> None:
    """ORD-6, ORD-O24."""
    for actor in (ANNA, STRANGER):
        assert [path for path, _ in why(act(order(), actor))] == ["$"]
    assert isinstance(act(order(), AMELIE), OrderPlan)


@pytest.mark.parametrize("act", STAFF_ONLY.values(), ids=STAFF_ONLY)
@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.CANCELLED, OrderState.DRAFT])
def test_nobody_amends_what_is_shipped_over_or_not_placed(act: Decide, state: OrderState) -> None:
    assert why(act(attrs.evolve(order(), state=state), AMELIE)) == [("$.state", Code.NOT_CHANGEABLE)]


def test_customers_apply_vouchers_while_the_cycle_is_open() -> None:
    assert isinstance(apply(order(), voucher(), actor=ANNA), OrderPlan)
    late = plan_voucher(order(), voucher(), changing(KNOWN), actor=ANNA, now=CLOSES.replace(year=2027))
    assert why(late) == [("$.order_cycle", Code.CYCLE_CLOSED)]
    assert why(apply(order(), voucher(), actor=STRANGER))[0][0] == "$"


# ---------------------------------------------------------------- final weights


def test_a_weight_moves_what_goes_by_weight_and_nothing_else() -> None:
    """FEE-3: 1.2 kg were ordered, 1.5 kg came."""
    before = order()
    found = weigh(before, Decimal(1500))
    after = stored(found)
    assert after.lines[0].final_weight == 1500
    assert [each.amount for each in before.lines[0].fees] == [euros("1.20"), euros("0.20")]
    assert [each.amount for each in after.lines[0].fees] == [euros("1.50"), euros("0.20")]
    assert after.total == before.total + euros("0.30")
    assert isinstance(found, OrderPlan)
    assert found.events[0] == OrderWeighed(
        order=before.id, variants=(EGGS,), total=after.total, actor=AMELIE, at=NOW, occasion=found.events[0].occasion
    )


def test_a_weight_told_again_changes_nothing_and_none_forgets_it() -> None:
    weighed = stored(weigh(order(), Decimal(1500)))
    assert changes_nothing(weigh(weighed, Decimal("1500.00")), weighed)
    assert stored(weigh(weighed, None)) == attrs.evolve(order(), version=2)


@pytest.mark.parametrize(
    "weight", [Decimal(-1), Decimal("NaN"), Decimal("Infinity"), Decimal("1.0005"), Decimal("1e15"), 12.5]
)
def test_what_is_no_weight_is_refused(weight: Decimal) -> None:
    assert why(weigh(order(), weight)) == [("$.weights.eggs", Code.BAD_WEIGHT)]


@pytest.mark.parametrize(
    ("weight", "accepted"), [("12", True), ("11.999", False), ("120000", True), ("120000.001", False), ("0", False)]
)
def test_a_weight_off_by_more_than_a_hundred_was_given_in_another_unit(weight: str, *, accepted: bool) -> None:
    """ORD-L6: 1.2 kg as 1.2, say."""
    found = weigh(order(), Decimal(weight))
    assert isinstance(found, OrderPlan) is accepted
    if not accepted:
        assert why(found) == [("$.weights.eggs", Code.UNLIKELY_WEIGHT)]


def test_a_line_that_is_not_there_cannot_be_weighed() -> None:
    found = plan_weighing(order(), {CHEESE: Decimal(100)}, changing(KNOWN), actor=AMELIE, now=NOW)
    assert why(found) == [("$.weights.cheese", Code.NO_SUCH_LINE)]


def test_what_comes_to_more_than_can_be_written_is_refused() -> None:
    dear, dearest = farm_world(per_kilo="800000000000000"), farm_world(per_kilo="999999999999999.99")
    assert why(weigh(order(dear), Decimal(1500))) == [("$.weights", Code.NUMBER_OUT_OF_RANGE)]
    assert why(reprice(order(), dearest)) == [("$", Code.NUMBER_OUT_OF_RANGE)]


def test_a_line_of_nothing_weighs_nothing() -> None:
    """Else a fee by weight is charged for goods that nobody gets."""
    none = attrs.evolve(order(), lines=(attrs.evolve(order().lines[0], quantity=0),))
    assert why(weigh(none, Decimal(3))) == [("$.weights.eggs", Code.UNLIKELY_WEIGHT)]
    assert stored(weigh(none, Decimal(0))).lines[0].final_weight == 0


def test_a_weight_follows_a_later_change_of_quantity() -> None:
    """ORD-O27."""
    weighed = stored(weigh(order(), Decimal(1500)))
    more = plan_change(weighed, {EGGS: 4}, changing(KNOWN), actor=AMELIE, now=NOW)
    assert stored(more).lines[0].final_weight == 3000
    none_at_all = attrs.evolve(weighed, lines=(*weighed.lines, placed(request(("cheese", 1)), placing(KNOWN)).lines[0]))
    none = stored(plan_change(none_at_all, {EGGS: 0}, changing(KNOWN), actor=AMELIE, now=NOW))
    again = stored(plan_change(none, {EGGS: 2}, changing(KNOWN), actor=AMELIE, now=NOW))
    assert again.lines[0].final_weight is None


# ---------------------------------------------------------------- adjustments


def test_an_adjustment_is_set_and_told() -> None:
    found = adjust(order())
    after = stored(found)
    assert [(each.id, each.label, each.amount) for each in after.adjustments] == [
        ("broken-egg", "Broken egg", euros("-0.40"))
    ]
    assert after.total == order().total - euros("0.40")
    assert isinstance(found, OrderPlan)
    assert isinstance(found.events[0], OrderAdjusted)
    assert found.events[0].total == after.total


def test_the_same_key_is_the_same_adjustment() -> None:
    once = stored(adjust(order()))
    assert changes_nothing(adjust(once), once)
    dearer = stored(adjust(once, attrs.evolve(BROKEN, amount=euros("-0.80"))))
    assert [each.amount for each in dearer.adjustments] == [euros("-0.80")]


def test_an_adjustment_is_taken_off_once() -> None:
    once = stored(adjust(order()))
    left = stored(plan_adjustment_removal(once, BROKEN.key, changing(KNOWN), actor=AMELIE, now=NOW))
    assert left == attrs.evolve(order(), version=2)
    assert changes_nothing(plan_adjustment_removal(left, BROKEN.key, changing(KNOWN), actor=AMELIE, now=NOW), left)


def test_a_key_with_a_slash_is_no_id_that_the_library_makes() -> None:
    slashed = attrs.evolve(BROKEN, key="cost/van")
    once = stored(adjust(order(), slashed))
    assert "/" not in once.adjustments[0].id
    removed = plan_adjustment_removal(once, slashed.key, changing(KNOWN), actor=AMELIE, now=NOW)
    assert stored(removed).adjustments == ()


def test_an_adjustment_is_taxed_by_its_own_category() -> None:
    """FEE-8."""
    taxed = world(tax_rates=(tax_rate(included_in_price=False),))
    asked = attrs.evolve(BROKEN, amount=euros("10.00"), tax_category=TaxCategoryId("food"))
    before = placed(request(), placing(taxed))
    after = stored(plan_adjustment(before, asked, changing(taxed), actor=AMELIE, now=NOW))
    assert after.total == before.total + euros("10.55")


@pytest.mark.parametrize(
    ("asked", "path", "code"),
    [
        (attrs.evolve(BROKEN, key=""), "$.key", Code.BAD_LENGTH),
        (attrs.evolve(BROKEN, label=""), "$.label", Code.BAD_LENGTH),
        (attrs.evolve(BROKEN, label="\x00"), "$.label", Code.BAD_TEXT),
        (attrs.evolve(BROKEN, amount=Money.of("1", "CHF")), "$.amount", Code.WRONG_CURRENCY),
        (attrs.evolve(BROKEN, amount=Money(10**18, "EUR")), "$.amount", Code.NUMBER_OUT_OF_RANGE),
        (attrs.evolve(BROKEN, amount=Money(10**17 - 1, "EUR")), "$.amount", Code.NUMBER_OUT_OF_RANGE),
    ],
)
def test_what_cannot_be_kept_is_refused(asked: RequestedAdjustment, path: str, code: Code) -> None:
    assert why(adjust(order(), asked)) == [(path, code)]


def test_a_voucher_is_not_computed_anew_for_an_adjustment() -> None:
    """FEE-10."""
    discounted = stored(apply(order(), voucher()))
    assert stored(adjust(discounted)).discounts == discounted.discounts


# ---------------------------------------------------------------- vouchers


def test_a_voucher_is_applied_once_and_taken_off() -> None:
    before = order()
    found = apply(before, voucher())
    after = stored(found)
    assert after.total == before.total - euros("5.00")
    assert isinstance(found, OrderPlan)
    assert isinstance(found.events[0], OrderDiscounted)
    assert (found.events[0].code, found.events[0].total) == ("WELCOME", after.total)
    assert changes_nothing(apply(after, voucher()), after)
    assert stored(apply(after, None)) == attrs.evolve(before, version=2)
    assert changes_nothing(apply(before, None), before)


@pytest.mark.parametrize("changes", [{"enterprise": "dairy"}, {"deleted": True}])
def test_a_voucher_that_the_shop_does_not_accept_is_refused(changes: dict[str, object]) -> None:
    assert why(apply(order(), voucher(**changes))) == [("$.voucher", Code.UNKNOWN_VOUCHER)]


def test_a_voucher_follows_a_change_of_the_order() -> None:
    """A flat one never takes more than there is."""
    discounted = stored(apply(order(eggs=9), voucher(value=Decimal(25))))
    facts = attrs.evolve(changing(KNOWN), voucher=voucher(value=Decimal(25)))
    less = stored(plan_change(discounted, {EGGS: 1}, facts, actor=AMELIE, now=NOW))
    assert less.total == euros("0.00")
    more = stored(plan_change(less, {EGGS: 9}, facts, actor=AMELIE, now=NOW))
    assert more.total == discounted.total


# ---------------------------------------------------------------- frozen terms and repricing


def test_a_change_goes_by_the_terms_of_the_order_and_a_reprice_by_those_of_today() -> None:
    """FEE-13.16."""
    today = farm_world(per_kilo="3.00")
    before = order()
    more = stored(plan_change(before, {EGGS: 4}, changing(today), actor=AMELIE, now=NOW))
    assert more.total == order(eggs=4).total
    found = reprice(more, today)
    assert isinstance(found, RepricePlan)
    assert found.order.total == order(today, eggs=4).total
    assert [(each.variant, each.before, each.after) for each in found.repricing.changes] == [
        (EGGS, euros("2.40"), euros("7.20"))
    ]
    assert found.repricing.difference == euros("4.80")
    assert isinstance(found.events[0], OrderRepriced)


def test_in_the_profile_of_the_original_a_change_brings_the_terms_of_today() -> None:
    today = farm_world(per_egg="0.30")
    facts = changing(today, profile=OFN)
    more = stored(plan_change(order(), {EGGS: 4}, facts, actor=AMELIE, now=NOW))
    assert more.lines[0].fees[1].amount == euros("1.20")


def test_a_reprice_by_the_same_terms_changes_nothing() -> None:
    found = reprice(order())
    assert changes_nothing(found, order())
    today = farm_world(per_kilo="3.00")
    once = stored(reprice(order(), today))
    assert changes_nothing(reprice(once, today), once)


def test_a_change_keeps_the_tax_rates_of_the_placing() -> None:
    """FEE-13.16: a rate that was raised since reaches the order by a reprice alone."""
    before = placed(request(), placing(world()))
    raised = world(tax_rates=(tax_rate(amount=Decimal("0.2")),))
    facts = attrs.evolve(changing(raised), placed_terms=changing(world()).offer.terms)
    kept = stored(plan_change(before, {EGGS: 4}, facts, actor=AMELIE, now=NOW))
    assert kept.included_tax_total == placed(request(("eggs", 4)), placing(world())).included_tax_total
    today = stored(plan_reprice(kept, facts, actor=AMELIE, now=NOW))
    assert today.included_tax_total == placed(request(("eggs", 4)), placing(raised)).included_tax_total


@given(st.integers(1, 10), st.integers(1, 10))
def test_an_order_that_goes_there_and_back_is_what_it_was(first: int, then: int) -> None:
    """Whatever the fees are by now."""
    before, facts = order(eggs=first), changing(farm_world(per_kilo="3.00", per_egg="0.90"))
    there = plan_change(before, {EGGS: then}, facts, actor=AMELIE, now=NOW)
    assert isinstance(there, OrderPlan)
    back = plan_change(there.order, {EGGS: first}, facts, actor=AMELIE, now=NOW)
    assert isinstance(back, OrderPlan)
    assert back.order == before


def test_the_engine_may_act_as_staff_does() -> None:
    assert isinstance(adjust(order(), actor=ENGINE), OrderPlan)
