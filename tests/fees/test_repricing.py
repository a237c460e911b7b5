"""The flat list of adjustments, and what pricing an order anew changes in it (FEE-13.16, FEE-14)."""

from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import flat_voucher, orders, orders_in, percent_voucher, tariff_of, taxed_markets, vouchers
from fees.strategies import Market, fees
from ofncore.fees.adjustments import Adjustment, AdjustmentKind, adjustments_of
from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.labels import Names, adjustment_label
from ofncore.fees.lives import by_todays_terms, resized, with_lines
from ofncore.fees.manual import with_adjustment
from ofncore.fees.repricing import AdjustmentChange, Repricing, reprice
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import AdjustmentId, EnterpriseId, FeeId, TaxRateId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.fee import ChargedPer, EnterpriseFee
from ofncore.model.order import ManualAdjustment, Order, OrderState
from ofncore.model.voucher import Voucher
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

EGGS = VariantId("eggs")


def sum_of(adjustments: tuple[Adjustment, ...], currency: str) -> Money:
    return Money.total((each.amount for each in adjustments if not each.included), currency)


# ---------------------------------------------------------------- the list


@given(orders())
def test_items_and_adjustments_are_the_total_and_every_id_is_there_once(order: Order) -> None:
    found = adjustments_of(order)
    assert order.item_total + sum_of(found, order.currency) == order.total
    assert len({each.id for each in found}) == len(found)
    assert sum_of(tuple(each for each in found if each.kind is AdjustmentKind.FEE), order.currency) == order.fee_total
    taxes = [each for each in found if each.kind is AdjustmentKind.TAX]
    assert len(taxes) == len(list(order.tax_charges()))


@given(taxed_markets(), st.data())
def test_an_adjustment_is_the_same_one_after_the_order_was_computed_again(market: Market, data: st.DataObject) -> None:
    tariff = tariff_of(market)
    order = data.draw(orders_in(market))
    lines = [resized(each, each.quantity + 1) for each in order.lines]
    before, after = adjustments_of(order), adjustments_of(with_lines(order, lines, tariff))
    # A tax comes and goes with its amount, for none is told of nothing.
    known = [[each.id for each in found if each.kind is not AdjustmentKind.TAX] for found in (before, after)]
    assert known[0] == known[1]


@given(orders(), st.sampled_from(LANGUAGES))
def test_every_adjustment_has_a_label_in_every_language(order: Order, language: str) -> None:
    names = Names(enterprises={EnterpriseId("farm"): "Green Farm"})
    for each in adjustments_of(order):
        assert adjustment_label(each, names, language).strip()


# ---------------------------------------------------------------- repricing


@given(taxed_markets(), fees("fee-0"), vouchers(), st.data())
def test_repricing_tells_every_difference_and_a_second_one_tells_none(
    market: Market, changed: EnterpriseFee, voucher: Voucher, data: st.DataObject
) -> None:
    tariff = tariff_of(market)
    order = with_voucher(data.draw(orders_in(market)), voucher)
    today = with_fee(tariff, changed)
    repricing = reprice(order, today, voucher)
    included = {each.id for found in (order, repricing.order) for each in adjustments_of(found) if each.included}
    zero = Money.zero(order.currency)
    told = sum(
        ((each.after or zero) - (each.before or zero) for each in repricing.changes if each.id not in included), zero
    )
    assert told == repricing.difference == repricing.order.total - order.total
    assert all(each.before != each.after for each in repricing.changes)
    again = reprice(repricing.order, today, voucher)
    assert (again.changes, again.difference, again.order) == ((), zero, repricing.order)


def with_fee(tariff: Tariff, fee: EnterpriseFee) -> Tariff:
    return attrs.evolve(tariff, terms=attrs.evolve(tariff.terms, fees={**tariff.terms.fees, fee.id: fee}))


@given(orders())
def test_nothing_is_other_between_an_order_and_itself(order: Order) -> None:
    found = Repricing.between(order, order)
    assert (found.changes, found.difference) == ((), Money.zero(order.currency))


# ---------------------------------------------------------------- cases


def per_item(key: str, amount: str) -> EnterpriseFee:
    return worlds.fee(key, calculator=PerItem(amount=Decimal(amount)))


def tariff_with(*known: EnterpriseFee, attached: tuple[str, ...]) -> Tariff:
    terms = PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(map(FeeId, attached))),
        distributor=worlds.enterprise("hub"),
        fees={fee.id: fee for fee in known},
        tax_rates=(worlds.tax_rate(),),
    )
    return Tariff(
        terms=terms,
        variants={EGGS: worlds.variant("eggs")},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )


def placed(tariff: Tariff) -> Order:
    lines = (worlds.order_line("eggs", quantity=2, product_name="Eggs", tax_category="food"),)
    draft = worlds.order(state=OrderState.DRAFT, lines=lines)
    return attrs.evolve(by_todays_terms(draft, tariff), state=OrderState.RECEIVED)


def test_repricing_names_what_is_new_what_is_gone_and_what_is_another() -> None:
    before = tariff_with(per_item("f1", "1"), per_item("f2", "1"), attached=("f1", "f2"))
    today = tariff_with(per_item("f1", "4"), per_item("f2", "1"), per_item("f3", "1"), attached=("f1", "f3"))
    found = reprice(placed(before), today)

    def change(fee: str, was: str | None, now: str | None) -> AdjustmentChange:
        return AdjustmentChange(
            id=f"order-1/line/eggs/fee/{fee}/coordinator///0",
            kind=AdjustmentKind.FEE,
            variant=EGGS,
            before=None if was is None else euros(was),
            after=None if now is None else euros(now),
        )

    assert set(found.changes) == {change("f1", "2.00", "8.00"), change("f2", "2.00", None), change("f3", None, "2.00")}
    assert found.difference == euros("6.00")


def test_repricing_leaves_what_was_set_by_hand_and_computes_the_voucher_again() -> None:
    before = tariff_with(worlds.fee("f1", calculator=FlatRate(amount=Decimal(2))), attached=("f1",))
    today = tariff_with(worlds.fee("f1", calculator=FlatRate(amount=Decimal(4))), attached=("f1",))
    thanks = ManualAdjustment(id=AdjustmentId("thanks"), label="Thanks", amount=euros("-1.00"))
    half = percent_voucher(50)
    order = with_adjustment(with_voucher(placed(before), half), thanks, before.terms)
    found = reprice(order, today, half)
    assert found.order.adjustments == order.adjustments
    assert (order.discount_total, found.order.discount_total) == (euros("-4.20"), euros("-5.20"))
    assert found.difference == euros("1.00")


def test_what_is_charged_for_one_supplier_is_the_same_adjustment_after_another_left() -> None:
    """FEE-14 (scope of fees)."""
    van = worlds.fee("van", calculator=FlatRate(amount=Decimal(2)), charged_per=ChargedPer.SUPPLIER)
    tariff = tariff_with(van, attached=("van",))
    tariff = attrs.evolve(tariff, variants={key: worlds.variant(key) for key in map(VariantId, ("eggs", "cheese"))})
    lines = (worlds.order_line("eggs", supplier="farm"), worlds.order_line("cheese", supplier="dairy"))
    both = with_lines(worlds.order(state=OrderState.DRAFT), lines, tariff)
    [farm, dairy] = [each for each in adjustments_of(both) if each.kind is AdjustmentKind.FEE]
    [left] = [each for each in adjustments_of(with_lines(both, lines[1:], tariff)) if each.kind is AdjustmentKind.FEE]
    assert left.id == dairy.id != farm.id


def test_labels_are_those_of_the_rules() -> None:
    rate = worlds.tax_rate(name="VAT")
    tariff = tariff_with(per_item("admin-fee", "1"), attached=("admin-fee",))
    tariff = attrs.evolve(tariff, terms=attrs.evolve(tariff.terms, tax_rates=(rate,)))
    order = with_voucher(placed(tariff), flat_voucher(1))
    order = with_adjustment(
        order, ManualAdjustment(id=AdjustmentId("egg"), label="Broken egg", amount=euros("-0.40")), tariff.terms
    )
    names = Names(enterprises={EnterpriseId("hub"): "The Hub"}, tax_rates={TaxRateId(rate.id): rate})
    assert [adjustment_label(each, names) for each in adjustments_of(order)] == [
        "VAT 5.5% (Included in price)",
        "Eggs - Admin fee fee by coordinator The Hub",
        "Pickup",
        "Cash",
        "Broken egg",
        "SPRING",
    ]
    french = [adjustment_label(each, Names(), "fr") for each in adjustments_of(order)]
    assert french[:2] == ["VAT (comprise dans le prix)", "Eggs - Admin fee, coordinateur hub"]


def test_who_pays_and_who_gets_it_is_told_with_each() -> None:
    tariff = tariff_with(
        worlds.fee("van", enterprise="farm", calculator=FlatRate(amount=Decimal(2))), attached=("van",)
    )
    found = {each.kind: each for each in adjustments_of(with_voucher(placed(tariff), flat_voucher(1)))}
    assert {each.payer for each in found.values()} == {"anna"}
    assert {kind: each.beneficiary for kind, each in found.items()} == {
        AdjustmentKind.TAX: "farm",
        AdjustmentKind.FEE: "farm",
        AdjustmentKind.SHIPPING: "hub",
        AdjustmentKind.PAYMENT: "hub",
        AdjustmentKind.VOUCHER: "hub",
    }
    assert [each.variant for each in found.values()] == ["eggs", None, None, None, None]
