"""The life of an order's charges (FEE-7, FEE-13.12 to FEE-13.16)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fees.random_orders import tariff_of, taxed_markets
from fees.strategies import VARIANTS, Market, fees, markets
from ofncore.fees.calculators import FlatRate, PerItem, Weight
from ofncore.fees.lives import by_todays_terms, resized, with_edited_line, with_lines, with_order_fees
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import first_final_weight
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import FeeId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.fee import ChargedPer, EnterpriseFee
from ofncore.model.order import FeeCharge, Order, OrderLine, OrderState
from ofncore.model.product import Measure
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

EGGS, CHEESE = VariantId("eggs"), VariantId("cheese")
F1, F2, F3 = FeeId("f1"), FeeId("f2"), FeeId("f3")
PROFILES = (PRODUCT, OFN)


def per_item(key: str, amount: str, **changes: Any) -> EnterpriseFee:  # noqa: ANN401 - fields of the fee
    return worlds.fee(key, calculator=PerItem(amount=Decimal(amount)), **changes)


def per_order(key: str, amount: str) -> EnterpriseFee:
    return worlds.fee(key, calculator=FlatRate(amount=Decimal(amount)))


def cycle_tariff(*known: EnterpriseFee, profile: Profile = PRODUCT, **places: Any) -> Tariff:  # noqa: ANN401 - fields of the cycle
    terms = PricingTerms(
        cycle=worlds.order_cycle(**{"coordinator_fees": (), **places}),
        distributor=worlds.enterprise("hub"),
        fees={fee.id: fee for fee in known},
        profile=profile,
    )
    return Tariff(
        terms=terms,
        variants={VariantId(key): worlds.variant(key) for key in VARIANTS},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )


def with_fees(tariff: Tariff, *changed: EnterpriseFee) -> Tariff:
    known = {**tariff.terms.fees, **{fee.id: fee for fee in changed}}
    return attrs.evolve(tariff, terms=attrs.evolve(tariff.terms, fees=known))


def with_cycle(tariff: Tariff, **changes: Any) -> Tariff:  # noqa: ANN401 - fields of the cycle
    cycle = attrs.evolve(tariff.terms.cycle, **changes)
    return attrs.evolve(tariff, terms=attrs.evolve(tariff.terms, cycle=cycle))


def line(key: str, quantity: int = 1, **changes: Any) -> OrderLine:  # noqa: ANN401 - fields of the line
    return worlds.order_line(key, quantity=quantity, **changes)


def draft(tariff: Tariff, **quantities: int) -> Order:
    lines = tuple(line(key, quantity) for key, quantity in quantities.items())
    return with_lines(worlds.order(state=OrderState.DRAFT), lines, tariff)


def placed(tariff: Tariff, **quantities: int) -> Order:
    return place(draft(tariff, **quantities))


def place(order: Order) -> Order:
    return attrs.evolve(order, state=OrderState.RECEIVED)


def rows(charges: tuple[FeeCharge, ...]) -> list[tuple[str, str, str]]:
    return sorted((each.fee, each.role.value, str(each.amount.amount)) for each in charges)


def the_line(order: Order, variant: VariantId = EGGS) -> OrderLine:
    found = order.line_of(variant)
    assert found is not None
    return found


def line_rows(order: Order, variant: VariantId = EGGS) -> list[tuple[str, str, str]]:
    return rows(the_line(order, variant).fees)


def again(order: Order, tariff: Tariff) -> Order:
    return with_lines(order, order.lines, tariff)


def requantified(order: Order, tariff: Tariff, quantity: int, variant: VariantId = EGGS) -> Order:
    lines = [resized(each, quantity) if each.variant == variant else each for each in order.lines]
    return with_lines(order, lines, tariff)


def market_order(market: Market) -> Order:
    """Return the order of *market* while it is not placed."""
    lines = tuple(attrs.evolve(each, fees=(), taxes=()) for each in market.lines)
    return with_lines(worlds.order(state=OrderState.DRAFT), lines, tariff_of(market))


# ---------------------------------------------------------------- laws


@given(markets(), st.sampled_from(PROFILES))
def test_computing_again_changes_nothing(market: Market, profile: Profile) -> None:
    market = market.with_terms(profile=profile)
    order = market_order(market)
    assert again(order, tariff_of(market)) == order
    assert again(place(order), tariff_of(market)) == place(order)


@given(taxed_markets())
def test_the_charges_of_a_new_order_are_those_of_an_assessment(market: Market) -> None:
    order, assessed = market_order(market), market.assessed()
    assert (order.lines, order.fees) == (assessed.lines, assessed.fees)
    changed = by_todays_terms(order, tariff_of(market))
    assert (changed.shipping, changed.payment) == (assessed.shipping, assessed.payment)


@given(taxed_markets(), fees("fee-0"), fees("fee-new"))
def test_a_placed_order_keeps_its_charges_whatever_becomes_of_fees_and_methods(
    market: Market, changed: EnterpriseFee, added: EnterpriseFee
) -> None:
    """FEE-13.16: also a fee that is attached later does not reach it."""
    order = place(market_order(market))
    later = with_fees(tariff_of(market), changed, added)
    later = with_cycle(later, coordinator_fees=(added.id,), incoming=(), outgoing=())
    later = attrs.evolve(later, shipping=worlds.shipping_method(calculator=FlatRate(amount=Decimal(9))))
    assert again(order, later) == order
    assert with_order_fees(order, later) == order
    for each in order.lines:
        assert with_edited_line(order, each, later) == order


@given(taxed_markets(), fees("fee-0"), st.data())
def test_a_placed_order_that_goes_there_and_back_is_what_it_was(
    market: Market, changed: EnterpriseFee, data: st.DataObject
) -> None:
    """Whatever the fees are by then; nobody has measured its lines."""
    order = place(market_order(market))
    later = with_fees(tariff_of(market), changed)
    for each in order.lines:
        there = requantified(order, later, data.draw(st.integers(0, 30)), each.variant)
        assert requantified(there, later, each.quantity, each.variant) == order


@given(taxed_markets(), st.data())
def test_a_placed_order_with_other_quantities_costs_what_a_new_one_does(market: Market, data: st.DataObject) -> None:
    """As long as the terms are the same."""
    order = market_order(market)
    lines = [resized(each, data.draw(st.integers(0, 30))) for each in order.lines]
    assert with_lines(place(order), lines, tariff_of(market)) == place(with_lines(order, lines, tariff_of(market)))


@given(markets(), fees("fee-0"))
def test_pricing_by_the_terms_of_today_twice_is_doing_it_once(market: Market, changed: EnterpriseFee) -> None:
    today = with_fees(tariff_of(market), changed)
    once = by_todays_terms(place(market_order(market)), today)
    assert by_todays_terms(once, today) == once
    assert again(once, tariff_of(market)) == once


@given(markets())
def test_an_open_order_of_the_two_profiles_differs_in_weights_alone(market: Market) -> None:
    weighing = {fee.id for fee in market.terms.fees.values() if fee.calculator.kind == "weight"}
    product, ofn = (market_order(market.with_terms(profile=profile)) for profile in PROFILES)
    found = [
        [[row for row in rows(each.fees) if row[0] not in weighing] for each in order.lines] for order in (product, ofn)
    ]
    assert found[0] == found[1]


# ---------------------------------------------------------------- the fees of a line


@pytest.mark.parametrize("profile", PROFILES)
def test_a_changed_fee_reaches_an_open_order_at_the_next_computation_and_not_before(profile: Profile) -> None:
    tariff = cycle_tariff(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = draft(tariff, eggs=2)
    assert line_rows(order) == [("f1", "coordinator", "2.00")]
    assert line_rows(again(order, with_fees(tariff, per_item("f1", "3")))) == [("f1", "coordinator", "6.00")]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_variant_that_left_the_cycle_keeps_its_line_fees_and_they_follow_the_quantity(profile: Profile) -> None:
    """FEE-7 (b)."""
    farm = worlds.incoming("farm", "eggs", fees=(F1, F2))
    tariff = cycle_tariff(
        per_item("f1", "1"),
        per_order("f2", "5"),
        profile=profile,
        incoming=(farm,),
        outgoing=(worlds.outgoing("hub", "eggs"),),
    )
    order = draft(tariff, eggs=2)
    assert rows(order.fees) == [("f2", "supplier", "5.00")]
    gone = with_cycle(tariff, incoming=(attrs.evolve(farm, variants=()),), outgoing=(worlds.outgoing("hub"),))
    more = requantified(order, gone, 3)
    assert line_rows(more) == [("f1", "supplier", "3.00")]
    assert more.fees == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_two_roles_of_a_fee_that_are_taken_away_leave_at_once(profile: Profile) -> None:
    """FEE-13.13."""
    hub = worlds.outgoing("hub", "eggs", fees=(F1,))
    both = cycle_tariff(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,), outgoing=(hub,))
    order = draft(both, eggs=1)
    assert len(the_line(order).fees) == 2
    none = with_cycle(both, coordinator_fees=(), outgoing=(attrs.evolve(hub, fees=()),))
    assert line_rows(again(order, none)) == []


def two_suppliers(profile: Profile, amount: str, *, second: bool = True) -> Tariff:
    """The same fee on two incoming exchanges that both carry the eggs."""
    return cycle_tariff(
        per_item("f1", amount),
        profile=profile,
        incoming=(
            worlds.incoming("farm", "eggs", fees=(F1,)),
            worlds.incoming("dairy", "eggs", fees=(F1,) if second else ()),
        ),
        outgoing=(worlds.outgoing("hub", "eggs"),),
    )


def test_of_two_charges_with_one_role_both_are_kept_up() -> None:
    """FEE-13.12; in the profile of the original only one is."""
    order = {profile.name: draft(two_suppliers(profile, "1"), eggs=1) for profile in PROFILES}
    dearer = {profile.name: again(order[profile.name], two_suppliers(profile, "2")) for profile in PROFILES}
    assert line_rows(dearer["product"]) == [("f1", "supplier", "2.00"), ("f1", "supplier", "2.00")]
    assert line_rows(dearer["ofn"]) == [("f1", "supplier", "1.00"), ("f1", "supplier", "2.00")]


def test_a_fee_that_left_one_exchange_leaves_the_line_for_that_exchange() -> None:
    order = draft(two_suppliers(PRODUCT, "1"), eggs=1)
    left = again(order, two_suppliers(PRODUCT, "1", second=False))
    assert [each.exchange for each in the_line(left).fees] == ["farm"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_fee_that_changes_to_per_order_moves_from_the_line_to_the_order(profile: Profile) -> None:
    tariff = cycle_tariff(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = again(draft(tariff, eggs=2), with_fees(tariff, per_order("f1", "4")))
    assert line_rows(order) == []
    assert rows(order.fees) == [("f1", "coordinator", "4.00")]


@pytest.mark.parametrize("profile", PROFILES)
def test_an_edit_of_an_open_order_after_a_fee_was_deleted_leaves_what_it_charged(profile: Profile) -> None:
    """FEE-13.14: the original raises."""
    tariff = cycle_tariff(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = draft(tariff, eggs=2)
    deleted = with_cycle(with_fees(tariff, per_item("f1", "1", deleted=True)), coordinator_fees=())
    edited = with_edited_line(order, resized(the_line(order), 5), deleted)
    assert (the_line(edited).quantity, line_rows(edited)) == (5, [("f1", "coordinator", "2.00")])
    assert the_line(edited).fees[0].calculator == PerItem(amount=Decimal(1))
    assert line_rows(again(edited, deleted)) == []


def test_a_charge_keeps_the_name_it_was_made_with() -> None:
    tariff = cycle_tariff(per_item("f1", "1"), coordinator_fees=(F1,))
    renamed = with_fees(tariff, attrs.evolve(per_item("f1", "2"), name="Another"))
    [charge] = the_line(again(draft(tariff, eggs=1), renamed)).fees
    assert (charge.name, charge.amount) == (per_item("f1", "1").name, euros("2.00"))


# ---------------------------------------------------------------- edits and placed orders


def test_a_line_edit_computes_that_line_alone_and_the_order_fees_only_if_it_is_placed() -> None:
    cheap = cycle_tariff(per_item("f1", "1"), per_order("f2", "5"), profile=OFN, coordinator_fees=(F1, F2))
    dear = with_fees(cheap, per_item("f1", "2"), per_order("f2", "7"))
    order = draft(cheap, eggs=1, cheese=1)
    more = resized(the_line(order), 3)
    edited = with_edited_line(order, more, dear)
    assert line_rows(edited) == [("f1", "coordinator", "6.00")]
    assert line_rows(edited, CHEESE) == [("f1", "coordinator", "1.00")]
    assert rows(edited.fees) == [("f2", "coordinator", "5.00")]
    assert rows(with_edited_line(place(order), more, dear).fees) == [("f2", "coordinator", "7.00")]


def test_placed_orders_follow_the_fees_in_the_profile_of_the_original_alone() -> None:
    """FEE-13.16."""
    for profile, expected in ((PRODUCT, "3.00"), (OFN, "6.00")):
        tariff = cycle_tariff(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
        dearer = with_fees(tariff, per_item("f1", "2"))
        order = placed(tariff, eggs=2)
        edited = with_edited_line(order, resized(the_line(order), 3), dearer)
        assert line_rows(edited) == line_rows(again(edited, dearer)) == [("f1", "coordinator", expected)]


def test_what_shipping_and_payment_cost_is_frozen_and_follows_what_is_ordered() -> None:
    cheap = attrs.evolve(
        cycle_tariff(),
        shipping=worlds.shipping_method(calculator=PerItem(amount=Decimal(1))),
        payment=worlds.payment_method(calculator=PerItem(amount=Decimal("0.10"))),
    )
    dear = attrs.evolve(
        cheap,
        shipping=worlds.shipping_method(calculator=PerItem(amount=Decimal(4)), tax_category="food"),
        payment=worlds.payment_method(calculator=PerItem(amount=Decimal("0.40"))),
    )
    order = place(by_todays_terms(draft(cheap, eggs=2), cheap))
    more = requantified(order, dear, 3)
    assert (more.shipping.amount, more.payment.amount) == (euros("3.00"), euros("0.30"))
    today = by_todays_terms(more, dear)
    assert (today.shipping.amount, today.payment.amount) == (euros("12.00"), euros("1.20"))
    assert today.shipping.tax_category == "food"


def test_a_charge_without_known_terms_never_changes() -> None:
    """FEE-13.16."""
    tariff = cycle_tariff(per_item("f1", "1"), per_order("f2", "5"), coordinator_fees=(F1, F2))
    order = placed(tariff, eggs=2)
    forgotten = attrs.evolve(
        order,
        lines=tuple(
            attrs.evolve(each, fees=tuple(attrs.evolve(fee, calculator=None) for fee in each.fees))
            for each in order.lines
        ),
        shipping=attrs.evolve(order.shipping, calculator=None, amount=euros("4.00")),
    )
    more = requantified(forgotten, tariff, 9)
    assert line_rows(more) == [("f1", "coordinator", "2.00")]
    assert more.shipping.amount == euros("4.00")


def test_a_line_that_came_later_has_the_fees_of_the_tariff() -> None:
    tariff = cycle_tariff(per_item("f1", "1"), coordinator_fees=(F1,))
    order = placed(tariff, eggs=2)
    more = with_lines(order, (*order.lines, line("cheese", 4)), with_fees(tariff, per_item("f1", "2")))
    assert line_rows(more) == [("f1", "coordinator", "2.00")]
    assert line_rows(more, CHEESE) == [("f1", "coordinator", "8.00")]


def test_fees_per_order_of_a_placed_order_come_and_go_with_the_exchanges_it_orders_from() -> None:
    tariff = cycle_tariff(
        per_order("f1", "5"),
        per_order("f2", "3"),
        incoming=(worlds.incoming("farm", "eggs", fees=(F1,)), worlds.incoming("dairy", "cheese", fees=(F2,))),
        outgoing=(worlds.outgoing("hub", "eggs", "cheese"),),
    )
    order = placed(tariff, eggs=1)
    more = with_lines(order, (*order.lines, line("cheese")), with_fees(tariff, per_order("f1", "9")))
    assert rows(more.fees) == [("f1", "supplier", "5.00"), ("f2", "supplier", "3.00")]
    less = with_lines(more, more.lines[1:], tariff)
    assert rows(less.fees) == [("f2", "supplier", "3.00")]


def test_a_fee_for_each_supplier_is_computed_again_on_the_goods_of_that_supplier() -> None:
    """FEE-14 (scope of fees)."""
    tariff = cycle_tariff(per_item("f1", "1", charged_per=ChargedPer.SUPPLIER), coordinator_fees=(F1,))
    lines = (line("eggs", 2, supplier="farm"), line("cheese", 3, supplier="dairy"))
    order = place(with_lines(worlds.order(state=OrderState.DRAFT), lines, tariff))
    more = requantified(order, tariff, 5)
    assert {each.supplier: each.amount for each in more.fees} == {"farm": euros("5.00"), "dairy": euros("3.00")}


def test_a_line_keeps_its_price_and_what_was_asked_for_follows_the_quantity() -> None:
    more = resized(line("eggs", 2, wanted=4, price=euros("2.00")), 5)
    assert (more.amount, more.wanted) == (euros("10.00"), 5)


def test_the_name_of_the_profile_is_kept_with_the_amounts() -> None:
    assert draft(cycle_tariff(profile=OFN), eggs=1).profile == "ofn"


def test_a_line_of_a_variant_that_is_not_known_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="variant 'truffles'"):
        draft(cycle_tariff(), truffles=1)


# ---------------------------------------------------------------- final weights


@given(st.decimals("0.01", 1_000, places=2), st.integers(1, 60), st.integers(1, 60))
def test_a_final_weight_follows_the_quantity(value: Decimal, before: int, after: int) -> None:
    """FEE-3: two decimals are kept, so the scaled weight is off by no more than their share."""
    variant = worlds.variant("eggs", measure=Measure.WEIGHT, unit_value=value)
    weighed = line("eggs", before, final_weight=first_final_weight(variant, before))
    found = resized(weighed, after).final_weight
    assert found is not None
    assert abs(Fraction(found) - Fraction(value) * after) <= Fraction(1, 200) * (1 + Fraction(after, before))


def test_a_final_weight_moves_weight_fees_only() -> None:
    by_weight = worlds.fee("f2", calculator=Weight(per_unit=Decimal(2)))
    tariff = cycle_tariff(per_item("f1", "1"), by_weight, coordinator_fees=(F1, F2))
    goods = worlds.variant("eggs", measure=Measure.WEIGHT, unit_value=Decimal(500))
    tariff = attrs.evolve(tariff, variants={EGGS: goods})
    order = placed(tariff, eggs=2)
    assert line_rows(order) == [("f1", "coordinator", "2.00"), ("f2", "coordinator", "2.00")]
    weighed = with_lines(order, [attrs.evolve(the_line(order), final_weight=Decimal(1500))], tariff)
    assert line_rows(weighed) == [("f1", "coordinator", "2.00"), ("f2", "coordinator", "3.00")]
    assert the_line(weighed).amount == the_line(order).amount
    assert the_line(requantified(weighed, tariff, 4)).final_weight == 3000


def test_from_nothing_a_weight_restarts_as_not_measured() -> None:
    """ORD-O27."""
    weighed = line("eggs", 2, final_weight=Decimal("9.50"))
    assert resized(weighed, 0).final_weight == 0
    assert resized(resized(weighed, 0), 3).final_weight is None
    assert resized(line("eggs", 2), 3).final_weight is None


def test_by_policy_a_weight_stays_when_a_line_of_nothing_is_raised() -> None:
    """FEE-3: 0.00 for a line made with 0."""
    weighed = line("eggs", 2, final_weight=Decimal("9.50"))
    kept = OFN.weight_from_zero
    assert resized(resized(weighed, 0, kept), 3, kept).final_weight == 0
    assert resized(line("eggs", 0, final_weight=Decimal("1.25")), 3, kept).final_weight == Decimal("1.25")
    assert resized(line("eggs", 0), 3, kept).final_weight == 0
    assert resized(weighed, 4, kept).final_weight == 19


# ---------------------------------------------------------------- a long life


class Life(RuleBasedStateMachine):
    """An order under all that may happen to it; its sums hold, and once placed nothing moves by itself."""

    @initialize(market=markets())
    def begin(self, market: Market) -> None:
        self.market, self.tariff = market, tariff_of(market)
        self.order = market_order(market)

    @rule(key=st.sampled_from(VARIANTS), quantity=st.integers(0, 20))
    def order_more(self, key: str, quantity: int) -> None:
        variant = self.market.variants[VariantId(key)]
        there = self.order.line_of(variant.id)
        new = line(key, quantity, price=variant.price, tax_category=variant.tax_category)
        if there is None:
            lines = [*self.order.lines, new]
        else:
            lines = [resized(each, quantity) if each is there else each for each in self.order.lines]
        self.order = with_lines(self.order, lines, self.tariff)

    @rule(data=st.data())
    def change_a_fee(self, data: st.DataObject) -> None:
        if self.tariff.terms.fees:
            key = data.draw(st.sampled_from(sorted(self.tariff.terms.fees)))
            self.tariff = with_fees(self.tariff, data.draw(fees(key)))

    @rule(quantity=st.integers(0, 20))
    def edit(self, quantity: int) -> None:
        if self.order.lines:
            edited = resized(self.order.lines[0], quantity)
            self.order = with_edited_line(self.order, edited, self.tariff)
            assert [each.fee for each in self.order.lines[0].fees] == [each.fee for each in edited.fees]

    @rule()
    def finish(self) -> None:
        # A manager's edit of an open order leaves its fees per order for later; placing computes all of it.
        self.order = place(again(self.order, self.tariff))

    @rule()
    def price_anew(self) -> None:
        self.order = by_todays_terms(self.order, self.tariff)
        assert by_todays_terms(self.order, self.tariff) == self.order

    @invariant()
    def computing_twice_is_computing_once(self) -> None:
        once = again(self.order, self.tariff)
        assert again(once, self.tariff) == once

    @invariant()
    def a_placed_order_is_not_moved_by_computing_it_again(self) -> None:
        if self.order.state is not OrderState.DRAFT:
            assert again(self.order, self.tariff) == self.order


TestLife = Life.TestCase
# A step computes the order several times.
TestLife.settings = settings(max_examples=25, stateful_step_count=25)
