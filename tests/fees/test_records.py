"""Fee records and their life (FEE-7, FEE-13.12 to FEE-13.16)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fees.strategies import VARIANTS, Market, fees, markets
from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.records import (
    FeeRecord,
    LineEdit,
    LineFees,
    OrderFees,
    RecordChange,
    complete,
    edit_line,
    recompute,
    reprice,
    update_order_fees,
)
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import FeeId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.fee import EnterpriseFee, FeeRole
from ofncore.model.product import Measure
from ofncore.testing import worlds

EGGS, CHEESE = VariantId("eggs"), VariantId("cheese")
F1, F2, F3 = FeeId("f1"), FeeId("f2"), FeeId("f3")
PROFILES = (PRODUCT, OFN)


def per_item(key: str, amount: str) -> EnterpriseFee:
    return worlds.fee(key, calculator=PerItem(amount=Decimal(amount)))


def per_order(key: str, amount: str) -> EnterpriseFee:
    return worlds.fee(key, calculator=FlatRate(amount=Decimal(amount)))


def cycle_terms(*known: EnterpriseFee, profile: Profile = PRODUCT, **places: Any) -> PricingTerms:  # noqa: ANN401 - fields of the cycle
    return PricingTerms(
        cycle=worlds.order_cycle(**{"coordinator_fees": (), **places}),
        distributor=worlds.enterprise("hub"),
        fees={fee.id: fee for fee in known},
        profile=profile,
    )


def fresh(terms: PricingTerms, **quantities: int) -> OrderFees:
    lines = tuple(LineFees.new(worlds.variant(key), quantity) for key, quantity in quantities.items())
    return recompute(OrderFees(lines=lines), terms)


def rows(records: tuple[FeeRecord, ...]) -> list[tuple[str, str, str]]:
    return sorted((each.fee.id, each.role.value, str(each.amount.amount)) for each in records)


def line_rows(order: OrderFees, variant: VariantId = EGGS) -> list[tuple[str, str, str]]:
    return rows(order.line_of(variant).records)


def market_order(market: Market) -> OrderFees:
    lines = tuple(LineFees.new(market.variants[line.variant], line.quantity) for line in market.lines)
    return recompute(OrderFees(lines=lines), market.terms)


# ---------------------------------------------------------------- laws


@given(markets(), st.sampled_from(PROFILES))
def test_computing_again_changes_nothing(market: Market, profile: Profile) -> None:
    market = market.with_terms(profile=profile)
    order = market_order(market)
    again = recompute(order, market.terms)
    assert sorted(map(repr, again.all_records())) == sorted(map(repr, order.all_records()))


@given(markets())
def test_records_are_the_charges_of_an_assessment(market: Market) -> None:
    order, assessed = market_order(market), market.assessed()
    weights = {fee.id for fee in market.terms.fees.values() if fee.calculator.kind == "weight"}
    for line, charged in zip(order.lines, assessed.lines, strict=True):
        found = [(each.fee.id, each.role, each.exchange, each.amount) for each in line.records]
        expected = [(each.fee, each.role, each.exchange, each.amount) for each in charged.fees]
        assert [each for each in found if each[0] not in weights] == [
            each for each in expected if each[0] not in weights
        ]
    assert [(each.fee.id, each.role, each.exchange) for each in order.records] == [
        (each.fee, each.role, each.exchange) for each in assessed.fees
    ]


@given(markets(), fees("fee-0"))
def test_a_frozen_order_keeps_its_records_whatever_becomes_of_the_fees(market: Market, changed: EnterpriseFee) -> None:
    """FEE-13.16."""
    done = complete(market_order(market), market.terms)
    later = attrs.evolve(
        market.terms,
        fees={**market.terms.fees, changed.id: changed},
        cycle=attrs.evolve(market.terms.cycle, coordinator_fees=(), incoming=(), outgoing=()),
    )
    assert recompute(done, later) == done
    assert update_order_fees(done, later) == done
    for line in done.lines:
        assert edit_line(done, later, line.variant.id, LineEdit()) == done


@given(markets(), fees("fee-0"))
def test_repricing_tells_every_difference_and_a_second_one_tells_none(market: Market, changed: EnterpriseFee) -> None:
    order = complete(market_order(market), market.terms)
    today = attrs.evolve(market.terms, fees={**market.terms.fees, changed.id: changed})
    repricing = reprice(order, today)
    zero = Money.zero("EUR")
    told = sum(((each.after or zero) - (each.before or zero) for each in repricing.changes), zero)
    before = Money.total((each.amount for each in order.all_records()), "EUR")
    after = Money.total((each.amount for each in repricing.order.all_records()), "EUR")
    assert told == repricing.difference == after - before
    assert all(each.before != each.after for each in repricing.changes)
    again = reprice(repricing.order, today)
    assert (again.changes, again.difference) == ((), zero)
    assert again.order.completed == today


@given(markets())
def test_an_open_order_of_the_two_profiles_differs_in_weights_and_exchanges_alone(market: Market) -> None:
    plain = {fee.id for fee in market.terms.fees.values() if fee.calculator.kind != "weight"}
    product, ofn = (market_order(market.with_terms(profile=profile)) for profile in PROFILES)
    found = [[rows(line.records) for line in order.lines] for order in (product, ofn)]
    kept = [[[row for row in line if row[0] in plain] for line in order] for order in found]
    assert kept[0] == kept[1]


# ---------------------------------------------------------------- the life of a line's records


@pytest.mark.parametrize("profile", PROFILES)
def test_a_changed_fee_reaches_an_open_order_at_the_next_computation_and_not_before(profile: Profile) -> None:
    terms = cycle_terms(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = fresh(terms, eggs=2)
    dearer = attrs.evolve(terms, fees={F1: per_item("f1", "3")})
    assert line_rows(order) == [("f1", "coordinator", "2.00")]
    assert line_rows(recompute(order, dearer)) == [("f1", "coordinator", "6.00")]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_variant_that_left_the_cycle_keeps_its_line_fees_and_they_follow_the_quantity(profile: Profile) -> None:
    """FEE-7 (b)."""
    farm = worlds.incoming("farm", "eggs", fees=(F1,))
    terms = cycle_terms(
        per_item("f1", "1"),
        per_order("f2", "5"),
        profile=profile,
        incoming=(attrs.evolve(farm, fees=(F1, F2)),),
        outgoing=(worlds.outgoing("hub", "eggs"),),
    )
    order = fresh(terms, eggs=2)
    assert rows(order.records) == [("f2", "supplier", "5.00")]
    gone = attrs.evolve(
        terms,
        cycle=attrs.evolve(
            terms.cycle,
            incoming=(attrs.evolve(farm, fees=(F1, F2), variants=()),),
            outgoing=(worlds.outgoing("hub"),),
        ),
    )
    more = recompute(order.with_line(order.line_of(EGGS).with_quantity(3)), gone)
    assert line_rows(more) == [("f1", "supplier", "3.00")]
    assert more.records == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_two_roles_of_a_fee_that_are_taken_away_leave_at_once(profile: Profile) -> None:
    """FEE-13.13."""
    both = cycle_terms(
        per_item("f1", "1"),
        profile=profile,
        coordinator_fees=(F1,),
        outgoing=(worlds.outgoing("hub", "eggs", fees=(F1,)),),
    )
    order = fresh(both, eggs=1)
    assert len(order.line_of(EGGS).records) == 2
    none = attrs.evolve(
        both, cycle=attrs.evolve(both.cycle, coordinator_fees=(), outgoing=(worlds.outgoing("hub", "eggs"),))
    )
    assert line_rows(recompute(order, none)) == []


def two_suppliers(profile: Profile, amount: str, *, second: bool = True) -> PricingTerms:
    """The same fee on two incoming exchanges that both carry the eggs."""
    return cycle_terms(
        per_item("f1", amount),
        profile=profile,
        incoming=(
            worlds.incoming("farm", "eggs", fees=(F1,)),
            worlds.incoming("dairy", "eggs", fees=(F1,) if second else ()),
        ),
        outgoing=(worlds.outgoing("hub", "eggs"),),
    )


def test_of_two_records_with_one_role_both_are_kept_up() -> None:
    """FEE-13.12; in the profile of the original only one is."""
    order = {profile.name: fresh(two_suppliers(profile, "1"), eggs=1) for profile in PROFILES}
    dearer = {profile.name: recompute(order[profile.name], two_suppliers(profile, "2")) for profile in PROFILES}
    assert line_rows(dearer["product"]) == [("f1", "supplier", "2.00"), ("f1", "supplier", "2.00")]
    assert line_rows(dearer["ofn"]) == [("f1", "supplier", "1.00"), ("f1", "supplier", "2.00")]


def test_a_fee_that_left_one_exchange_leaves_the_line_for_that_exchange() -> None:
    order = fresh(two_suppliers(PRODUCT, "1"), eggs=1)
    left = recompute(order, two_suppliers(PRODUCT, "1", second=False))
    assert [each.exchange for each in left.line_of(EGGS).records] == ["farm"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_fee_that_changes_to_per_order_moves_from_the_line_to_the_order(profile: Profile) -> None:
    terms = cycle_terms(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = recompute(fresh(terms, eggs=2), attrs.evolve(terms, fees={F1: per_order("f1", "4")}))
    assert line_rows(order) == []
    assert rows(order.records) == [("f1", "coordinator", "4.00")]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_line_edit_after_a_fee_was_deleted_leaves_its_record(profile: Profile) -> None:
    """FEE-13.14: the original raises."""
    terms = cycle_terms(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
    order = fresh(terms, eggs=2)
    deleted = attrs.evolve(
        terms,
        fees={F1: attrs.evolve(per_item("f1", "1"), deleted=True)},
        cycle=attrs.evolve(terms.cycle, coordinator_fees=()),
    )
    edited = edit_line(order, deleted, EGGS, LineEdit(quantity=5))
    assert (edited.line_of(EGGS).quantity, line_rows(edited)) == (5, [("f1", "coordinator", "2.00")])
    assert line_rows(recompute(edited, deleted)) == []


# ---------------------------------------------------------------- edits and completion


def test_a_line_edit_computes_that_line_alone_and_the_order_fees_only_if_it_is_complete() -> None:
    dear = cycle_terms(per_item("f1", "2"), per_order("f2", "7"), profile=OFN, coordinator_fees=(F1, F2))
    cheap = attrs.evolve(dear, fees={F1: per_item("f1", "1"), F2: per_order("f2", "5")})
    order = fresh(cheap, eggs=1, cheese=1)
    edited = edit_line(order, dear, EGGS, LineEdit(quantity=3))
    assert line_rows(edited) == [("f1", "coordinator", "6.00")]
    assert line_rows(edited, CHEESE) == [("f1", "coordinator", "1.00")]
    assert rows(edited.records) == [("f2", "coordinator", "5.00")]
    done = edit_line(complete(order, cheap), dear, EGGS, LineEdit(quantity=3))
    assert rows(done.records) == [("f2", "coordinator", "7.00")]


def test_completed_orders_follow_the_fees_in_the_profile_of_the_original_alone() -> None:
    """FEE-13.16."""
    for profile, expected in ((PRODUCT, "3.00"), (OFN, "6.00")):
        terms = cycle_terms(per_item("f1", "1"), profile=profile, coordinator_fees=(F1,))
        dearer = attrs.evolve(terms, fees={F1: per_item("f1", "2")})
        done = complete(fresh(terms, eggs=2), terms)
        assert line_rows(edit_line(done, dearer, EGGS, LineEdit(quantity=3))) == [("f1", "coordinator", expected)]
        assert line_rows(recompute(edit_line(done, dearer, EGGS, LineEdit(quantity=3)), dearer)) == [
            ("f1", "coordinator", expected)
        ]


def test_a_line_that_came_after_the_completion_has_the_fees_of_the_completion() -> None:
    terms = cycle_terms(per_item("f1", "1"), coordinator_fees=(F1,))
    dearer = attrs.evolve(terms, fees={F1: per_item("f1", "2")})
    done = complete(fresh(terms, eggs=2), terms)
    more = recompute(done.with_line(LineFees.new(worlds.variant("cheese"), 4)), dearer)
    assert line_rows(more, CHEESE) == [("f1", "coordinator", "4.00")]


def test_fees_per_order_of_a_complete_order_come_and_go_with_the_exchanges_it_orders_from() -> None:
    terms = cycle_terms(
        per_order("f1", "5"),
        per_order("f2", "3"),
        incoming=(worlds.incoming("farm", "eggs", fees=(F1,)), worlds.incoming("dairy", "cheese", fees=(F2,))),
        outgoing=(worlds.outgoing("hub", "eggs", "cheese"),),
    )
    dearer = attrs.evolve(terms, fees={F1: per_order("f1", "9"), F2: per_order("f2", "9")})
    done = complete(fresh(terms, eggs=1), terms)
    more = recompute(done.with_line(LineFees.new(worlds.variant("cheese"), 1)), dearer)
    assert rows(more.records) == [("f1", "supplier", "5.00"), ("f2", "supplier", "3.00")]
    less = recompute(more.without_line(EGGS), dearer)
    assert rows(less.records) == [("f2", "supplier", "3.00")]


def test_repricing_names_what_is_new_what_is_gone_and_what_is_another() -> None:
    terms = cycle_terms(per_item("f1", "1"), per_item("f2", "1"), per_item("f3", "1"), coordinator_fees=(F1, F2))
    today = attrs.evolve(
        terms,
        fees={**terms.fees, F1: per_item("f1", "4")},
        cycle=attrs.evolve(terms.cycle, coordinator_fees=(F1, F3)),
    )
    found = reprice(complete(fresh(terms, eggs=1), terms), today)

    def change(fee: str, before: str | None, after: str | None) -> RecordChange:
        return RecordChange(
            variant=EGGS,
            fee=FeeId(fee),
            role=FeeRole.COORDINATOR,
            exchange=None,
            before=None if before is None else worlds.euros(before),
            after=None if after is None else worlds.euros(after),
        )

    assert found.changes == (change("f1", "1.00", "4.00"), change("f2", "1.00", None), change("f3", None, "1.00"))
    assert found.difference == worlds.euros("3.00")


def test_a_record_keeps_the_name_it_was_made_with() -> None:
    terms = cycle_terms(per_item("f1", "1"), coordinator_fees=(F1,))
    renamed = attrs.evolve(terms, fees={F1: attrs.evolve(per_item("f1", "2"), name="Another")})
    (record,) = recompute(fresh(terms, eggs=1), renamed).line_of(EGGS).records
    assert (record.fee.name, record.amount) == (per_item("f1", "1").name, worlds.euros("2.00"))


def test_a_line_keeps_its_price_and_a_second_helping_too() -> None:
    line = LineFees.new(worlds.variant("eggs", price=worlds.euros("2.00")), 2)
    assert line.with_quantity(5).amount == worlds.euros("10.00")


def test_a_line_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="no order line 'cheese'"):
        fresh(cycle_terms(), eggs=1).line_of(CHEESE)


# ---------------------------------------------------------------- final weights


@given(st.decimals("0.01", 1_000, places=3), st.integers(1, 60), st.integers(0, 60))
def test_a_final_weight_follows_the_quantity(value: Decimal, before: int, after: int) -> None:
    """FEE-3: two decimals are kept, so the scaled weight is off by no more than their share."""
    variant = worlds.variant("eggs", measure=Measure.WEIGHT, unit_value=value)
    line = LineFees.new(variant, before).with_quantity(after)
    exact = Fraction(value) * after
    assert abs(Fraction(line.final_weight) - exact) <= Fraction(1, 200) * (1 + Fraction(after, before))


def test_a_typed_final_weight_moves_weight_fees_only_and_scales_with_the_quantity() -> None:
    terms = cycle_terms(per_item("f1", "1"), coordinator_fees=(F1,))
    edited = edit_line(fresh(terms, eggs=2), terms, EGGS, LineEdit(final_weight=Decimal("9.50")))
    assert edited.line_of(EGGS).final_weight == Decimal("9.50")
    assert edited.line_of(EGGS).amount == fresh(terms, eggs=2).line_of(EGGS).amount
    assert edit_line(edited, terms, EGGS, LineEdit(quantity=4)).line_of(EGGS).final_weight == Decimal("19.00")


def test_from_no_quantity_a_final_weight_stays() -> None:
    line = LineFees.new(worlds.variant("eggs"), 0)
    assert line.with_quantity(3).final_weight == line.final_weight == 0


# ---------------------------------------------------------------- a long life


class Life(RuleBasedStateMachine):
    """An order under all that may happen to it; its sums hold, and after completion nothing moves by itself."""

    @initialize(market=markets())
    def begin(self, market: Market) -> None:
        self.market = market
        self.terms = market.terms
        self.order = market_order(market)

    @rule(key=st.sampled_from(VARIANTS), quantity=st.integers(0, 20))
    def order_more(self, key: str, quantity: int) -> None:
        variant = self.market.variants[VariantId(key)]
        line = next((each for each in self.order.lines if each.variant.id == key), LineFees.new(variant, 1))
        self.order = recompute(self.order.with_line(line.with_quantity(quantity)), self.terms)

    @rule(data=st.data())
    def change_a_fee(self, data: st.DataObject) -> None:
        if self.terms.fees:
            changed = data.draw(fees(data.draw(st.sampled_from(sorted(self.terms.fees)))))
            self.terms = attrs.evolve(self.terms, fees={**self.terms.fees, changed.id: changed})

    @rule(quantity=st.integers(0, 20))
    def edit(self, quantity: int) -> None:
        if self.order.lines:
            variant = self.order.lines[0].variant.id
            keys = [each.fee.id for each in self.order.line_of(variant).records]
            self.order = edit_line(self.order, self.terms, variant, LineEdit(quantity=quantity))
            assert [each.fee.id for each in self.order.line_of(variant).records] == keys

    @rule()
    def finish(self) -> None:
        if self.order.completed is None:
            self.order = complete(self.order, self.terms)

    @rule()
    def price_anew(self) -> None:
        repricing = reprice(self.order, self.terms)
        self.order = repricing.order
        assert reprice(self.order, self.terms).changes == ()

    @invariant()
    def computing_twice_is_computing_once(self) -> None:
        once = recompute(self.order, self.terms)
        assert recompute(once, self.terms) == once

    @invariant()
    def a_complete_order_is_computed_by_its_own_terms(self) -> None:
        if self.order.completed is not None:
            assert recompute(self.order, self.terms) == recompute(self.order, self.order.completed)


TestLife = Life.TestCase
