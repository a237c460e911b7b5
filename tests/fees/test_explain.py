"""Explanations: the rows are the price, and say why (FEE-13.10, FEE-14)."""

import re
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fees.random_orders import flat_voucher, orders, orders_in, percent_voucher, taxed_markets, vouchers
from fees.strategies import ALL_MAKERS, Market
from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, FlatRate, NoCharge, PerItem
from ofncore.fees.explain import Explanation, RowKind, explain_line, explain_order, explain_price
from ofncore.fees.explain_words import explanation_text, rule_text
from ofncore.fees.lives import by_todays_terms, with_lines
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.price_book import price_book
from ofncore.fees.reasons import Reason
from ofncore.fees.shares import PartKind, shares
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.catalogue import LANGUAGES, has_text
from ofncore.kernel.errors import CurrencyMismatchError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.calculator import Calculator
from ofncore.model.fee import ChargedPer
from ofncore.model.order import Order, OrderState
from ofncore.model.voucher import Voucher
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FARM, HUB = EnterpriseId("farm"), EnterpriseId("hub")
NAMES = {FARM: "Green Farm", HUB: "The Hub"}
#: Percentages of one unit are rounded before they are multiplied, and so may be an amount for one item.
PER_UNIT = (FlatPercentPerItem, PerItem, MarginOnSalePrice)


# ---------------------------------------------------------------- laws


@given(taxed_markets())
def test_the_rows_of_a_price_are_the_price(market: Market) -> None:
    for key, price in price_book(market.terms, market.variants.values()).items():
        found = explain_price(price, market.terms, market.variants[key])
        assert found.subtotal == price.with_fees
        assert found.rows[0].taxes == price.taxes
        assert [row.amount for row in found.rows[1:]] == [share.amount for share in price.fees]
        assert all(row.reason is not None for row in found.rows[1:])


@given(orders())
def test_the_rows_of_an_order_are_its_total(order: Order) -> None:
    found = explain_order(order)
    assert found.total == order.total
    assert found.added_tax == order.added_tax_total
    assert all(row.reason is None for row in found.rows)


@given(st.data())
def test_every_fee_and_method_of_an_order_has_a_reason_that_gives_its_amount(data: st.DataObject) -> None:
    market = data.draw(taxed_markets())
    order = data.draw(orders_in(market))
    found = explained(order, market)
    assert found.total == order.total
    for row in found.rows:
        assert (row.reason is not None) is (row.kind in (RowKind.FEE, RowKind.SHIPPING, RowKind.PAYMENT))
        if row.reason is not None and not isinstance(row.reason.calculator, PER_UNIT):
            assert round_fraction(row.reason.unrounded) == row.amount.minor


@given(taxed_markets())
def test_a_line_is_explained_as_in_its_order(market: Market) -> None:
    order = market.order()
    of_lines = [
        row for line in order.lines for row in explain_line(line, terms=market.terms, variants=market.variants).rows
    ]
    assert tuple(of_lines) == explained(order, market).rows[: len(of_lines)]


@given(st.data(), st.sampled_from(LANGUAGES))
def test_the_text_tells_every_row_and_leaves_no_place_open(data: st.DataObject, language: str) -> None:
    market = data.draw(taxed_markets())
    found = explained(data.draw(orders_in(market)), market)
    written = explanation_text(found, language, NAMES)
    heads = [line for line in written.splitlines() if not line.startswith(" ")]
    assert len(heads) == len(found.rows) + (3 if found.added_tax else 1)
    assert not re.search(r"[{}]|explain\.", written)


def explained(order: Order, market: Market) -> Explanation:
    return explain_order(order, terms=market.terms, variants=market.variants)


# ---------------------------------------------------------------- a price


def terms_with(*calculators: Calculator, **changes: object) -> PricingTerms:
    """Return terms of the hub for eggs of the farm, with coordinator fees of the farm."""
    fees = {
        FeeId(f"fee-{index}"): worlds.fee(f"fee-{index}", enterprise="farm", calculator=each, **changes)
        for index, each in enumerate(calculators)
    }
    cycle = worlds.order_cycle(coordinator_fees=tuple(fees), incoming=(worlds.incoming("farm", "eggs"),))
    return PricingTerms(cycle=cycle, distributor=worlds.enterprise("hub"), fees=fees)


def explained_price(terms: PricingTerms) -> Explanation:
    eggs = worlds.variant("eggs", price=euros("3.25"))
    return explain_price(price_book(terms, [eggs])[eggs.id], terms, eggs, "Eggs")


def test_a_percentage_tells_base_rate_and_what_was_rounded() -> None:
    reason = explained_price(terms_with(FlatPercentPerItem(flat_percent=Decimal("5.00")))).rows[1].reason
    assert reason is not None
    assert (reason.base, reason.rate, reason.unrounded) == (euros("3.25"), Decimal("5.00"), Fraction(65, 4))


def test_a_price_in_english_words() -> None:
    rates = (worlds.tax_rate(name="VAT"), worlds.tax_rate("added", name="Levy", included_in_price=False))
    calculators = FlatPercentPerItem(flat_percent=Decimal(5)), PerItem(amount=Decimal("0.20"))
    terms = attrs.evolve(terms_with(*calculators, tax_category="food", name="Transport"), tax_rates=rates)
    assert explanation_text(explained_price(terms), "en", NAMES).splitlines() == [
        "1 × Eggs at €3.25, to Green Farm: €3.25",
        "  of which VAT: €0.17",
        "  plus Levy: €0.18",
        "Fee “Transport” (coordinator), to Green Farm: €0.16",
        "  5% of €3.25, rounded for each item",
        "  0.1625 before rounding, €0.16 after",
        "  of which VAT: €0.01",
        "  plus Levy: €0.01",
        "Fee “Transport” (coordinator), to Green Farm: €0.20",
        "  €0.20 for each item; items: 1",
        "  of which VAT: €0.01",
        "  plus Levy: €0.01",
        "Without added tax: €3.61",
        "Added tax: €0.20",
        "Total: €3.81",
    ]


def test_an_enterprise_without_a_name_is_called_by_its_id() -> None:
    assert ", to farm: " in explanation_text(explained_price(terms_with()), "en", {})


def test_a_price_of_another_currency_than_its_terms_is_not_explained() -> None:
    eggs = worlds.variant("eggs", price=Money.of("3.25", "EUR"))
    terms = terms_with(NoCharge())
    price = price_book(terms, [eggs])[eggs.id]
    francs = attrs.evolve(terms, distributor=worlds.enterprise("hub", currency="CHF"))
    with pytest.raises(CurrencyMismatchError):
        explain_price(price, francs, eggs)


# ---------------------------------------------------------------- orders


KNOWN = {worlds.variant().id: worlds.variant()}


def sold(terms: PricingTerms) -> Order:
    """Return an order of three times eggs, with a fee of 0.50 on the line."""
    draft = worlds.order(state=OrderState.DRAFT, lines=(worlds.order_line("eggs", quantity=3),))
    return by_todays_terms(draft, Tariff(terms=terms, variants=KNOWN, shipping=PICKUP, payment=CASH))


PICKUP, CASH = worlds.shipping_method(), worlds.payment_method()


def test_an_order_is_explained_by_the_terms_it_keeps() -> None:
    """FEE-13.16: whatever the fees are today."""
    before, after = terms_with(PerItem(amount=Decimal("0.50"))), terms_with(PerItem(amount=Decimal("0.60")))
    for today in (before, after, attrs.evolve(after, fees={})):
        row = explain_order(sold(before), terms=today, variants=KNOWN).rows[1]
        assert row.reason is not None
        assert (row.reason.rate, row.amount) == (Decimal("0.50"), euros("1.50"))


def test_an_order_is_explained_by_the_rounding_it_keeps() -> None:
    """FEE-13.1: 5 % of three times 3.25 is 0.48 if it is rounded for one unit, and 0.49 for the line."""
    terms = terms_with(FlatPercentPerItem(flat_percent=Decimal(5)))
    lines = (worlds.order_line("eggs", quantity=3, price=euros("3.25")),)
    draft = worlds.order(state=OrderState.DRAFT, lines=lines, rounding=RoundingPolicy.PER_LINE)
    order = by_todays_terms(draft, Tariff(terms=terms, variants=KNOWN, shipping=PICKUP, payment=CASH))
    row = explain_order(order, terms=terms, variants=KNOWN).rows[1]
    assert row.amount == euros("0.49")
    assert row.reason is not None


def test_an_amount_that_its_terms_do_not_give_is_not_explained() -> None:
    terms = terms_with(PerItem(amount=Decimal("0.50")))
    order = sold(terms)
    [line] = order.lines
    other = attrs.evolve(line, fees=(attrs.evolve(line.fees[0], amount=euros("1.40")),))
    assert explain_line(other, terms=terms, variants=KNOWN).rows[1].reason is None
    unknown = attrs.evolve(line, fees=(attrs.evolve(line.fees[0], calculator=None),))
    assert explain_line(unknown, terms=terms, variants=KNOWN).rows[1].reason is None


def test_a_floor_or_a_cap_that_gave_the_amount_is_told() -> None:
    """FEE-14 (caps and floors): 5 % of 3.25 is less than 0.50."""
    floor = terms_with(FlatPercentPerItem(flat_percent=Decimal(5)), at_least=Decimal("0.50"))
    found = explained_price(floor)
    assert found.rows[1].amount == euros("0.50")
    assert found.rows[1].reason is not None
    assert found.rows[1].reason.unlimited == Fraction("16.25")
    assert "  €0.16 without its floor or cap" in explanation_text(found, "en", NAMES).splitlines()
    idle = explained_price(terms_with(FlatPercentPerItem(flat_percent=Decimal(5)), at_most=Decimal("0.50")))
    assert idle.rows[1].reason is not None
    assert idle.rows[1].reason.unlimited is None


def test_without_the_variants_nothing_is_said_of_the_rule() -> None:
    terms = terms_with(PerItem(amount=Decimal("0.50")))
    assert explain_order(sold(terms), terms=terms).rows[1].reason is None


def test_a_fee_that_the_terms_lack_has_no_taxes_in_a_price() -> None:
    terms = terms_with(PerItem(amount=Decimal("0.50")), tax_category="food")
    eggs = worlds.variant("eggs")
    price = price_book(terms, [eggs])[eggs.id]
    found = explain_price(price, attrs.evolve(terms, fees={}), eggs)
    assert (found.rows[1].taxes, found.rows[1].amount) == ((), euros("0.50"))


# ---------------------------------------------------------------- rules in words


@pytest.mark.parametrize("calculator", ALL_MAKERS, ids=lambda each: each.kind)
@settings(max_examples=10)
@given(data=st.data())
def test_every_calculator_of_the_library_has_a_rule_in_words(calculator: type[Calculator], data: st.DataObject) -> None:
    assert has_text(f"explain.rule.{calculator.kind}")
    market = data.draw(taxed_markets())
    made = data.draw(ALL_MAKERS[calculator])
    changed = attrs.evolve(market, shipping=worlds.shipping_method(calculator=made))
    shipping = next(row for row in explained(changed.order(), changed).rows if row.kind is RowKind.SHIPPING)
    assert shipping.reason is not None
    for language in LANGUAGES:
        assert not re.search(r"[{}]|explain\.", rule_text(shipping.reason, language, "EUR"))


def test_a_rule_of_a_host_is_named_by_its_kind() -> None:
    class Tithe(NoCharge):
        kind = "tithe"

    reason = Reason(calculator=Tithe(), base=None, rate=None, unrounded=Fraction())
    assert rule_text(reason, "en", "EUR") == "By the rule “tithe”"


def test_a_setting_finer_than_the_currency_is_shown_as_a_number() -> None:
    reason = Reason(calculator=FlatRate(amount=Decimal("0.50")), base=None, rate=None, unrounded=Fraction(1, 2))
    assert rule_text(reason, "en", "JPY") == "0.5, once"
    assert rule_text(reason, "en", "EUR") == "€0.50, once"


def test_a_percentage_of_all_items_has_them_as_base() -> None:
    reason = explained_price(terms_with(FlatPercentItemTotal(flat_percent=Decimal(10)))).rows[1].reason
    assert reason is not None
    assert (reason.base, reason.unrounded) == (euros("3.25"), Fraction("32.5"))


# ---------------------------------------------------------------- one item, one supplier, one voucher


@given(st.data())
def test_what_one_item_costs_adds_up_to_the_amount(data: st.DataObject) -> None:
    """FEE-13.1: without the limits of a fee."""
    market = data.draw(taxed_markets())
    found = explained(data.draw(orders_in(market)), market)
    for row in found.rows:
        for item in () if row.reason is None else row.reason.items:
            assert round_fraction(item.unrounded) == item.amount.minor
        if row.reason is not None and row.reason.items and row.reason.unlimited is None:
            assert row.amount == Money.total((item.total for item in row.reason.items), row.amount.currency)


def three_at(price: str, rounding: RoundingPolicy = RoundingPolicy.PER_UNIT, **changes: object) -> list[str]:
    """Return what is said below a fee of 10 % on three at *price*."""
    terms = terms_with(FlatPercentPerItem(flat_percent=Decimal(10)), **changes)
    lines = (worlds.order_line("eggs", quantity=3, price=euros(price)),)
    draft = worlds.order(state=OrderState.DRAFT, lines=lines, rounding=rounding)
    order = by_todays_terms(draft, Tariff(terms=terms, variants=KNOWN, shipping=PICKUP, payment=CASH))
    written = explanation_text(explain_line(order.lines[0], terms=terms.rounded_by(rounding), variants=KNOWN), "en", {})
    return written.splitlines()[2:-1]


def test_a_percentage_of_one_item_is_told_for_one_item() -> None:
    """FEE-13.1: 10 % of 3.15 is 0.315, so three cost 0.96 and not 0.95."""
    assert three_at("3.15") == [
        "  10% of €3.15, rounded for each item",
        "  0.315 before rounding, €0.32 after",
        "  €0.32 × 3 = €0.96",
    ]
    assert three_at("3.10") == ["  10% of €3.10, rounded for each item", "  €0.31 × 3 = €0.93"]


def test_a_cap_on_three_items_is_told_after_what_they_cost_without_it() -> None:
    assert three_at("3.15", at_most=Decimal("0.50"))[-2:] == [
        "  €0.32 × 3 = €0.96",
        "  €0.96 without its floor or cap",
    ]


def test_by_the_other_policy_the_line_is_told_at_once() -> None:
    assert three_at("3.15", RoundingPolicy.PER_LINE)[1:] == ["  0.945 before rounding, €0.95 after"]


def test_a_fee_for_each_supplier_names_whose_goods_it_is_on() -> None:
    """FEE-14 (scope of fees)."""
    terms = terms_with(FlatRate(amount=Decimal(2)), charged_per=ChargedPer.SUPPLIER)
    variants = {VariantId(key): worlds.variant(key) for key in ("eggs", "cheese")}
    lines = (worlds.order_line("eggs", supplier="farm"), worlds.order_line("cheese", supplier="dairy"))
    draft = worlds.order(state=OrderState.DRAFT, lines=())
    order = with_lines(draft, lines, Tariff(terms=terms, variants=variants, shipping=PICKUP, payment=CASH))
    found = explain_order(order, terms=terms, variants=variants)
    fees = [row.supplier for row in found.rows if row.kind is RowKind.FEE]
    assert fees == ["farm", "dairy"]
    assert [part.supplier for part in shares(order).parts if part.kind is PartKind.FEE] == fees
    for language in LANGUAGES:
        heads = explanation_text(found, language, NAMES).splitlines()
        assert sum("Green Farm" in line and "dairy" in line for line in heads) == 1, language


@given(drawn=orders(), voucher=vouchers(), is_known=st.booleans())
def test_a_discount_is_its_part_of_its_base(drawn: Order, voucher: Voucher, *, is_known: bool) -> None:
    """FEE-10: and a voucher is told only where it takes off the very amounts."""
    order = with_voucher(drawn, voucher)
    found = explain_order(order, voucher=voucher if is_known else None)
    rows = [row for row in found.rows if row.kind is RowKind.DISCOUNT]
    assert len(rows) == len(order.discounts)
    for row, discount in zip(rows, order.discounts, strict=True):
        assert row.discounted is not None
        assert round_fraction(row.discounted.unrounded) == row.amount.minor
        assert row.discounted.included_tax == discount.included_tax
        assert (row.discounted.voucher == voucher) is is_known


def discounted(voucher: Voucher, known: Voucher | None) -> list[str]:
    """Return what is said of *voucher* on three times eggs, 9.60 with 5.5 % of tax in it, and a fee of 1.50."""
    terms = attrs.evolve(terms_with(PerItem(amount=Decimal("0.50"))), tax_rates=(worlds.tax_rate(name="VAT"),))
    lines = (worlds.order_line("eggs", quantity=3, tax_category="food"),)
    draft = worlds.order(state=OrderState.DRAFT, lines=lines)
    order = with_voucher(
        by_todays_terms(draft, Tariff(terms=terms, variants=KNOWN, shipping=PICKUP, payment=CASH)), voucher
    )
    written = explanation_text(explain_order(order, voucher=known), "en", NAMES).splitlines()
    start = next(index for index, line in enumerate(written) if line.startswith("Voucher"))
    return written[start:-1]


def test_a_percentage_tells_what_it_is_taken_off_and_the_tax_in_it() -> None:
    voucher = percent_voucher("12.5")
    assert discounted(voucher, voucher) == [
        "Voucher “SPRING”, accepted by The Hub: -€1.39",
        "  12.5% of €11.10",
        "  -1.3875 before rounding, -€1.39 after",
        "  of which included tax: -€0.06",
    ]


def test_a_flat_voucher_tells_which_part_of_the_order_it_is() -> None:
    """FEE-10: it becomes a part of the order."""
    voucher = flat_voucher("5.55")
    assert discounted(voucher, voucher)[1] == "  €5.55 off the whole order is 50% of it; here of €11.10"
    assert discounted(voucher, None)[1] == "  50% of €11.10"


def test_a_voucher_that_takes_off_something_else_by_now_is_not_told() -> None:
    assert discounted(flat_voucher("5.55"), flat_voucher("6.00"))[1] == "  50% of €11.10"


def test_a_discount_kept_from_another_order_is_not_explained() -> None:
    order = with_voucher(sold(terms_with(PerItem(amount=Decimal("0.50")))), percent_voucher(50))
    other = attrs.evolve(order, fees=(), lines=order.lines[:0])
    assert explain_order(other).rows[-1].discounted is None
