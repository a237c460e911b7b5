"""Who gets what: nothing of what a buyer pays is lost or paid twice (FEE-1, FEE-11, FEE-14)."""

from collections import Counter
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import flat_voucher, orders
from fees.strategies import DISTRIBUTORS, SUPPLIERS
from ofncore.fees.adjustments import adjustments_of
from ofncore.fees.manual import with_adjustment
from ofncore.fees.payouts import payout_to
from ofncore.fees.remainders import remainder_of
from ofncore.fees.shares import DiscountBearer, PartKind, Shares, SharingRules, shares, shares_of_all
from ofncore.fees.tax import TaxRules
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import AdjustmentId, EnterpriseId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.model.fee import FeeRole
from ofncore.model.order import Discount, FeeCharge, ManualAdjustment, Order, OrderState
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FARM, DAIRY, HUB = (EnterpriseId(key) for key in ("farm", "dairy", "hub"))
FOOD = TaxCategoryId("food")
EVERYBODY = SharingRules(discount_bearer=DiscountBearer.EVERYBODY)

rules = st.builds(
    SharingRules,
    tax_keepers=st.none() | st.frozensets(st.sampled_from((*SUPPLIERS, *DISTRIBUTORS)).map(EnterpriseId)),
    discount_bearer=st.sampled_from(DiscountBearer),
)


# ---------------------------------------------------------------- laws


@given(orders(), rules)
def test_the_parts_add_up_to_the_order(order: Order, sharing: SharingRules) -> None:
    found = shares(order, sharing)
    assert found.total == order.total
    assert Money.total(found.due.values(), order.currency) == order.total


@given(st.lists(orders(), max_size=3), rules, st.sampled_from(OrderState))
def test_the_parts_of_many_add_up_to_those_that_are_placed(
    found: list[Order], sharing: SharingRules, state: OrderState
) -> None:
    """ORD-D7: a cancelled order counts for nothing."""
    changed = [attrs.evolve(order, state=state) for order in found[:1]]
    currency = found[0].currency if found else "EUR"
    listed = [order for order in (*changed, *found[1:]) if order.currency == currency]
    placed = [order for order in listed if order.is_placed]
    total = Money.total((order.total for order in placed), currency)
    assert shares_of_all(listed, currency, sharing).total == total


@given(orders(), rules)
def test_goods_and_their_tax_are_worth_the_producers_price(order: Order, sharing: SharingRules) -> None:
    """Tax in the price is taken out once; added tax and discounts come beside."""
    found = shares(order, sharing)
    inside = [
        part.amount
        for part in found.parts
        if part.of is PartKind.GOODS and part.kind in (PartKind.GOODS, PartKind.TAX) and not part.is_added
    ]
    assert Money.total(inside, order.currency) == order.item_total


@given(orders())
def test_without_other_rules_suppliers_get_their_price_and_tax_to_the_cent(order: Order) -> None:
    """A voucher is at the distributor's cost."""
    found = shares(order)
    for supplier in SUPPLIERS:
        lines = [line for line in order.lines if line.supplier == supplier]
        added = (tax.amount for line in lines for tax in line.taxes if not tax.included)
        due = (part.amount for part in found.parts if part.of is PartKind.GOODS and part.enterprise == supplier)
        goods = Money.total((line.amount for line in lines), order.currency)
        assert Money.total(due, order.currency) == goods + Money.total(added, order.currency)


@given(orders(), rules)
def test_every_charge_of_the_order_is_one_part(order: Order, sharing: SharingRules) -> None:
    kinds = Counter(part.kind for part in shares(order, sharing).parts)
    assert kinds[PartKind.GOODS] == len(order.lines)
    assert kinds[PartKind.FEE] == len(list(order.fee_charges()))
    assert kinds[PartKind.TAX] == len(list(order.tax_charges()))
    assert kinds[PartKind.ADJUSTMENT] == len(order.adjustments)
    assert (kinds[PartKind.SHIPPING], kinds[PartKind.PAYMENT]) == (1, 1)


@given(orders(), rules)
def test_the_remainders_of_the_parts_are_those_of_the_order(order: Order, sharing: SharingRules) -> None:
    assert shares(order, sharing).remainder == remainder_of(order)


@given(orders(), rules)
def test_tax_is_with_those_who_keep_it(order: Order, sharing: SharingRules) -> None:
    keepers = sharing.tax_keepers
    for part in shares(order, sharing).parts:
        if part.kind is PartKind.TAX and keepers is not None:
            assert part.enterprise in keepers or part.enterprise == order.distributor


@given(orders())
def test_a_shared_discount_takes_nobody_more_than_they_get(order: Order) -> None:
    before, after = shares(attrs.evolve(order, discounts=())), shares(order, EVERYBODY)
    if order.discount_total.minor <= 0 and not order.adjustments:
        taken = {enterprise: -after.due_to(enterprise, PartKind.DISCOUNT) for enterprise in after.due}
        for enterprise, amount in taken.items():
            above_zero = (
                part.amount for part in before.parts if part.enterprise == enterprise and part.amount.minor > 0
            )
            assert amount <= Money.total(above_zero, order.currency)


@given(orders(), rules)
def test_payouts_hold_every_part_once(order: Order, sharing: SharingRules) -> None:
    """FEE-14: nobody is told the terms of another."""
    found = shares(order, sharing)
    payouts = [payout_to(found, enterprise) for enterprise in found.due]
    assert Money.total((each.total for each in payouts), order.currency) == order.total
    for each in payouts:
        assert each.total == found.due_to(each.enterprise)
        assert len({row.variant for row in each.rows}) == len(each.rows)
        assert each.total == Money.total((row.total for row in each.rows), order.currency)


# ---------------------------------------------------------------- cases


def fee(owner: str, amount: str, role: FeeRole, exchange: EnterpriseId | None = None) -> FeeCharge:
    defined = worlds.fee(enterprise=owner)
    return FeeCharge(
        fee=defined.id,
        name=defined.name,
        fee_type=defined.fee_type,
        role=role,
        enterprise=EnterpriseId(owner),
        exchange=exchange,
        amount=euros(amount),
    )


def two_suppliers() -> Order:
    """Return an order of 10.00 from the farm and 5.00 from the dairy, with fees of 1.00, 2.00 and -0.50."""
    cheese_fees = (fee("farm", "1.00", FeeRole.SUPPLIER, exchange=DAIRY), fee("hub", "-0.50", FeeRole.DISTRIBUTOR))
    lines = (
        worlds.order_line("carrots", supplier=FARM, price=euros("10.00")),
        worlds.order_line("cheese", supplier=DAIRY, price=euros("5.00"), fees=cheese_fees),
    )
    return worlds.order(lines=lines, fees=(fee("farm", "2.00", FeeRole.COORDINATOR),))


def test_goods_go_to_suppliers_and_fees_to_their_owners() -> None:
    """FEE-1: the role tells where a fee is attached, not who gets it."""
    found = shares(two_suppliers())
    assert found.due == {DAIRY: euros("5.00"), FARM: euros("13.00"), HUB: euros("-0.50")}
    assert found.fees_by_role(FARM) == {FeeRole.SUPPLIER: euros("1.00"), FeeRole.COORDINATOR: euros("2.00")}
    assert found.due_to(FARM, PartKind.GOODS) == euros("10.00")
    assert found.due_to(EnterpriseId("mill")) == euros("0")


def test_a_fee_keeps_the_exchange_it_came_by() -> None:
    """FEE-14: per-order fees of several suppliers can be told apart."""
    assert [part.exchange for part in shares(two_suppliers()).parts if part.kind is PartKind.FEE] == [DAIRY, None, None]


def test_shipping_and_payment_are_the_distributors() -> None:
    order = worlds.order()
    shipped = attrs.evolve(
        order,
        shipping=attrs.evolve(order.shipping, amount=euros("4.00")),
        payment=attrs.evolve(order.payment, amount=euros("0.30")),
    )
    assert shares(shipped).due == {FARM: euros("3.20"), HUB: euros("4.30")}


@pytest.mark.parametrize("included", [True, False])
def test_tax_of_unregistered_suppliers_goes_to_the_distributor(*, included: bool) -> None:
    """FEE-11: a supplier is paid with tax only if it charges sales tax."""
    taxes = TaxRules.of([worlds.tax_rate(included_in_price=included)]).on(euros("10.55"), FOOD)
    order = worlds.order(lines=(worlds.order_line(price=euros("10.55"), taxes=taxes),))
    net, gross = (euros("10.00"), euros("10.55")) if included else (euros("10.55"), euros("11.13"))
    assert shares(order).due_to(FARM) == gross
    registered = shares(order, SharingRules(tax_keepers={HUB}))
    assert registered.due == {FARM: net, HUB: gross - net}


def test_manual_adjustments_are_the_distributors_with_their_tax() -> None:
    terms = PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=()),
        distributor=worlds.enterprise("hub"),
        fees={},
        tax_rates=(worlds.tax_rate(included_in_price=False),),
    )
    crate = ManualAdjustment(id=AdjustmentId("crate"), label="Crate", amount=euros("10.00"), tax_category=FOOD)
    assert shares(with_adjustment(two_suppliers(), crate, terms)).due_to(HUB) == euros("10.05")


def test_a_manual_adjustment_that_names_an_enterprise_is_its_with_its_tax() -> None:
    taxes = TaxRules.of([worlds.tax_rate(included_in_price=False)]).on(euros("10.00"), FOOD)
    crate = ManualAdjustment(
        id=AdjustmentId("crate"), label="Crate", amount=euros("10.00"), enterprise=FARM, taxes=taxes
    )
    before, order = two_suppliers(), attrs.evolve(two_suppliers(), adjustments=(crate,))
    assert shares(order).due_to(FARM) - shares(before).due_to(FARM) == euros("10.55")
    rules = SharingRules(tax_keepers={HUB})
    more = {each: shares(order, rules).due_to(each) - shares(before, rules).due_to(each) for each in (FARM, HUB)}
    assert more == {FARM: euros("10.00"), HUB: euros("0.55")}
    assert {each.beneficiary for each in adjustments_of(order) if each.kind in ("manual", "tax")} == {FARM}


def test_a_voucher_is_at_the_cost_of_the_distributor_or_of_everybody() -> None:
    order = with_voucher(two_suppliers(), flat_voucher(1))
    assert shares(order).due_to(HUB) == euros("-1.50")
    shared = shares(order, EVERYBODY)
    # 10.00, 5.00, 1.00 and 2.00 should bear 55.56, 27.78, 5.56 and 11.11 cents.
    assert [part.amount for part in shared.parts if part.kind is PartKind.DISCOUNT] == [
        euros(amount) for amount in ("-0.56", "-0.28", "-0.05", "-0.11")
    ]
    assert shared.due == {DAIRY: euros("4.72"), FARM: euros("12.28"), HUB: euros("-0.50")}


def test_manual_adjustments_bear_nothing_of_a_voucher() -> None:
    """FEE-10: it does not look at them."""
    crate = ManualAdjustment(id=AdjustmentId("crate"), label="Crate", amount=euros("100.00"))
    order = attrs.evolve(two_suppliers(), adjustments=(crate,))
    shared = shares(with_voucher(order, flat_voucher(1)), EVERYBODY)
    assert shared.due == {DAIRY: euros("4.72"), FARM: euros("12.28"), HUB: euros("99.50")}


def test_the_tax_part_of_a_voucher_is_borne_by_added_tax_alone() -> None:
    taxes = TaxRules.of([worlds.tax_rate(included_in_price=False)]).on(euros("10.00"), FOOD)
    order = worlds.order(lines=(worlds.order_line(price=euros("10.00"), taxes=taxes),))
    discounted = with_voucher(order, flat_voucher("2.11"))
    found = [part for part in shares(discounted, EVERYBODY).parts if part.kind is PartKind.DISCOUNT]
    assert [(part.of, part.is_added, part.amount) for part in found] == [
        (PartKind.GOODS, False, euros("-2.00")),
        (PartKind.GOODS, True, euros("-0.11")),
    ]


def test_where_nothing_is_left_to_take_it_off_the_distributor_bears_a_discount() -> None:
    """A discount kept from before the lines were taken away still counts in full."""
    kept = Discount(code="SPRING", rate=Fraction(1), amount=euros("-1.00"), included_tax=euros("0"))
    order = worlds.order(lines=(), discounts=(kept,))
    assert shares(order, EVERYBODY).due == {HUB: euros("-1.00")}


def test_a_payout_tells_what_is_for_which_goods() -> None:
    carrots = attrs.evolve(two_suppliers(), lines=two_suppliers().lines[:1])
    found = payout_to(shares_of_all([carrots, two_suppliers()], "EUR"), FARM)
    told = [(row.variant, row.goods, row.fees, row.total) for row in found.rows]
    assert told == [
        ("carrots", euros("20.00"), euros("0"), euros("20.00")),
        ("cheese", euros("0"), euros("1.00"), euros("1.00")),
        (None, euros("0"), euros("4.00"), euros("4.00")),
    ]
    assert [row.quantity for row in found.rows] == [2, 0, 0]
    assert found.total == euros("25.00")


def test_an_order_without_anything_has_parts_of_zero() -> None:
    found = shares(worlds.order(lines=()))
    assert found.due == {HUB: euros("0")}


def test_orders_of_another_currency_are_an_error() -> None:
    found = shares_of_all([worlds.order()], "CHF")
    with pytest.raises(CurrencyMismatchError):
        _ = found.total


def test_no_orders_have_no_parts() -> None:
    assert shares_of_all([], "EUR") == Shares(currency="EUR", parts=())
    assert shares_of_all([], "EUR").total == euros("0")
