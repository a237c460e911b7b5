"""Orders of a cycle priced anew by what a supplier invoiced, cents conserved (FEE-14)."""

from collections.abc import Sequence
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.orders import cycle_orders, line, ordered, tariff
from fees.strategies import VARIANTS
from ofncore.fees.invoice_plan import InvoicePlan, plan_invoice
from ofncore.fees.invoices import InvoicedFees, InvoicedPer, InvoiceLine, SupplierInvoice
from ofncore.fees.lives import by_todays_terms
from ofncore.fees.shares import DiscountBearer, SharingRules, shares_of_all
from ofncore.fees.tariff import Tariff
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.catalogue import LANGUAGES, render_refusal
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order, OrderState
from ofncore.model.voucher import VoucherKind
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FARM = EnterpriseId("farm")
TARIFF = tariff()
BILL = SupplierInvoice(key="2026-17", supplier=FARM, label="Invoice 2026-17")


def for_one(variant: str, amount: str) -> InvoiceLine:
    return InvoiceLine(variant=VariantId(variant), amount=euros(amount))


def for_all(variant: str, amount: str) -> InvoiceLine:
    return InvoiceLine(variant=VariantId(variant), amount=euros(amount), per=InvoicedPer.CYCLE)


INVOICE_LINES = st.builds(
    InvoiceLine,
    variant=st.sampled_from(VARIANTS).map(VariantId),
    amount=st.integers(min_value=0, max_value=100_000).map(lambda minor: Money(minor, "EUR")),
    per=st.sampled_from(InvoicedPer),
)


@st.composite
def invoiced(draw: st.DrawFn) -> tuple[SupplierInvoice, list[Order]]:
    """Return orders, and an invoice for some of the farm's goods in them."""
    orders = draw(cycle_orders())
    invoice = attrs.evolve(
        BILL,
        lines=tuple(draw(st.lists(INVOICE_LINES, unique_by=lambda each: each.variant, max_size=3))),
        total=draw(st.none() | st.integers(min_value=0, max_value=10**9).map(lambda minor: Money(minor, "EUR"))),
    )
    known = {each.path for each in refused.problems} if (refused := refusal(invoice, orders)) else set()
    if "$.supplier" in known:
        return attrs.evolve(invoice, lines=(), total=None), orders
    lines = tuple(each for number, each in enumerate(invoice.lines) if f"$.lines[{number}].variant" not in known)
    return attrs.evolve(invoice, lines=lines, total=None if "$.total" in known else invoice.total), orders


def refusal(invoice: SupplierInvoice, orders: Sequence[Order]) -> Refusal | None:
    found = plan_invoice(invoice, orders, dict.fromkeys((each.id for each in orders), TARIFF))
    return found if isinstance(found, Refusal) else None


def plan(invoice: SupplierInvoice, orders: Sequence[Order]) -> InvoicePlan:
    found = plan_invoice(invoice, orders, dict.fromkeys((each.id for each in orders), TARIFF))
    assert isinstance(found, InvoicePlan), found
    return found


def after(found: InvoicePlan, orders: Sequence[Order]) -> list[Order]:
    changed = {each.before.id: each.after for each in found.orders}
    return [changed.get(each.id, each) for each in orders]


def farm_goods(orders: Sequence[Order]) -> Money:
    """What the orders pay for the farm's goods, and beside them for its invoice; without tax that is added."""
    lines = [line for each in orders if each.is_placed for line in each.lines if line.supplier == FARM]
    beside = Money.total((each.adjustment_total for each in orders), "EUR")
    return Money.total((line.amount for line in lines), "EUR") + beside


@given(invoiced())
def test_the_orders_add_up_to_the_invoice(drawn: tuple[SupplierInvoice, list[Order]]) -> None:
    found, expected = plan(*drawn), invoiced_total(*drawn)
    assert farm_goods(after(found, drawn[1])) == expected
    assert Money.total((each.amount for each in found.lines), "EUR") == expected


@given(invoiced(), st.sampled_from(DiscountBearer))
def test_the_share_of_the_supplier_is_the_invoice(
    drawn: tuple[SupplierInvoice, list[Order]], bearer: DiscountBearer
) -> None:
    """To the cent, before tax that is added; nobody else gets anything of it."""
    invoice, orders = drawn
    priced = after(plan(invoice, orders), orders)
    found = shares_of_all(priced, "EUR", SharingRules(discount_bearer=bearer))
    theirs = (part.amount for part in found.parts if part.enterprise == FARM and not part.is_added)
    assert Money.total(theirs, "EUR") == invoiced_total(invoice, orders)
    assert found.total == Money.total((each.total for each in priced if each.is_placed), "EUR")


def invoiced_total(invoice: SupplierInvoice, orders: Sequence[Order]) -> Money:
    """What *invoice* is for all goods of the farm in *orders*; those that it does not name cost what they did."""
    if invoice.total is not None:
        return invoice.total
    named = {each.variant: each for each in invoice.lines}
    goods = [line for each in orders if each.is_placed for line in each.lines if line.supplier == FARM]
    by_piece = (
        named[line.variant].amount * line.quantity if line.variant in named else line.amount
        for line in goods
        if line.variant not in named or named[line.variant].per is InvoicedPer.UNIT
    )
    in_all = (each.amount for each in invoice.lines if each.per is InvoicedPer.CYCLE)
    return Money.total((*by_piece, *in_all), "EUR")


@given(invoiced())
def test_a_variant_has_one_price_in_all_orders(drawn: tuple[SupplierInvoice, list[Order]]) -> None:
    found = plan(*drawn)
    prices = {(each.variant, each.after) for each in found.lines}
    assert len(prices) == len({each.variant for each in found.lines})


@given(invoiced())
def test_the_same_invoice_again_changes_nothing(drawn: tuple[SupplierInvoice, list[Order]]) -> None:
    invoice, orders = drawn
    once = after(plan(invoice, orders), orders)
    again = plan(invoice, once)
    assert again.changed == ()
    assert after(again, once) == once


@given(invoiced(), st.randoms(use_true_random=False))
def test_in_what_order_the_orders_come_does_not_matter(
    drawn: tuple[SupplierInvoice, list[Order]], chance: object
) -> None:
    invoice, orders = drawn
    mixed = list(orders)
    chance.shuffle(mixed)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    assert plan(invoice, mixed) == plan(invoice, orders)


@given(invoiced())
def test_what_is_left_beside_a_price_is_less_than_a_cent_for_each_piece(
    drawn: tuple[SupplierInvoice, list[Order]],
) -> None:
    invoice, orders = drawn
    for each in plan(attrs.evolve(invoice, total=None), orders).lines:
        assert abs(each.rest.minor) <= each.quantity


@given(invoiced())
def test_only_placed_orders_with_goods_of_the_supplier_change_and_other_lines_stay(
    drawn: tuple[SupplierInvoice, list[Order]],
) -> None:
    invoice, orders = drawn
    for before, now in zip(orders, after(plan(invoice, orders), orders), strict=True):
        others = [line for line in before.lines if line.supplier != FARM]
        if not before.is_placed:
            assert now == before
        assert [(line.variant, line.price) for line in now.lines if line.supplier != FARM] == [
            (line.variant, line.price) for line in others
        ]


# ---------------------------------------------------------------- named cases


ANNA = ordered("a", line("eggs", 2), line("carrots", 1, 250), customer="anna")
BEN = ordered("b", line("eggs", 1), line("cheese", 1, 680), customer="ben")
ORDERS = (ANNA, BEN)


def rests(found: InvoicePlan) -> dict[str, list[str]]:
    return {each.after.id: [str(one.amount.amount) for one in each.after.adjustments] for each in found.orders}


def test_fee_14_a_new_unit_price_reaches_every_line() -> None:
    found = plan(attrs.evolve(BILL, lines=(for_one("eggs", "3.50"),)), ORDERS)
    assert [(each.order, each.variant, each.after) for each in found.lines] == [
        ("a", "carrots", euros("2.50")),
        ("a", "eggs", euros("3.50")),
        ("b", "eggs", euros("3.50")),
    ]
    assert [each.difference for each in found.orders] == [euros("0.60"), euros("0.30")]
    assert rests(found) == {"a": [], "b": []}


def test_fee_14_a_total_that_is_no_multiple_leaves_cents_beside_the_nearest_price() -> None:
    """Three boxes for 10.00 are 3.33 each; the cent goes to the largest remainder, two thirds of Anna's."""
    found = plan(attrs.evolve(BILL, lines=(for_all("eggs", "10.00"),)), ORDERS)
    assert {each.after for each in found.lines if each.variant == "eggs"} == {euros("3.33")}
    assert rests(found) == {"a": ["0.01"], "b": []}
    assert found.orders[0].after.adjustments[0].label == "Invoice 2026-17"


def test_fee_14_the_case_price_is_kept_to_the_cent() -> None:
    """66 pears at 50.00 do not become 50.16: 0.76 each, and sixteen cents less."""
    orders = [ordered(key, line("carrots", quantity, 76)) for key, quantity in (("a", 40), ("b", 25), ("c", 1))]
    found = plan(attrs.evolve(BILL, lines=(for_all("carrots", "50.00"),)), orders)
    assert rests(found) == {"a": ["-0.10"], "b": ["-0.06"], "c": []}
    assert farm_goods(after(found, orders)) == euros("50.00")


def test_a_total_for_all_goods_is_shared_by_their_value_beside_the_prices() -> None:
    """Goods of 12.10 for 11.00: 8.90 and 3.20 bear 1.10 less."""
    found = plan(attrs.evolve(BILL, total=euros("11.00")), ORDERS)
    assert all(each.before == each.after for each in found.lines)
    assert rests(found) == {"a": ["-0.81"], "b": ["-0.29"]}


def test_lines_come_first_and_the_total_adds_the_carriage() -> None:
    invoice = attrs.evolve(BILL, lines=(for_one("eggs", "3.00"), for_one("carrots", "3.00")), total=euros("16.00"))
    found = plan(invoice, ORDERS)
    assert rests(found) == {"a": ["3.00"], "b": ["1.00"]}


def test_what_is_left_is_taxed_as_the_goods_are() -> None:
    food, service = TaxCategoryId("food"), TaxCategoryId("service")
    mixed = ordered("a", line("eggs", 1, 100, food), line("carrots", 1, 300, service))
    found = plan(attrs.evolve(BILL, total=euros("8.00")), [mixed])
    assert [(each.id, each.amount, each.tax_category) for each in found.orders[0].after.adjustments] == [
        ("invoice/a/2026-17/food", euros("1.00"), food),
        ("invoice/a/2026-17/service", euros("3.00"), service),
    ]
    taxes = [tax.amount for each in found.orders[0].after.adjustments for tax in each.taxes]
    assert taxes == [euros("0.05"), euros("0.60")]


def test_the_tax_of_a_line_follows_its_price() -> None:
    taxed = ordered("a", line("eggs", 2, 100, TaxCategoryId("service")))
    found = plan(attrs.evolve(BILL, lines=(for_one("eggs", "2.00"),)), [taxed])
    assert found.orders[0].after.added_tax_total == euros("0.80")


def test_a_corrected_invoice_with_the_same_key_takes_the_place_of_the_first() -> None:
    first = after(plan(attrs.evolve(BILL, total=euros("11.00")), ORDERS), ORDERS)
    corrected = plan(attrs.evolve(BILL, lines=(for_one("eggs", "3.20"),)), first)
    assert rests(corrected) == {"a": [], "b": []}
    another = refusal(attrs.evolve(BILL, key="2026-18", lines=(for_one("eggs", "3.20"),)), first)
    assert another is not None
    assert another.codes == {Code.INVOICED_ALREADY}


def test_a_corrected_invoice_takes_back_what_stood_beside_the_prices_of_each_tax_category() -> None:
    taxed = [ordered("a", line("eggs", 1, 100, TaxCategoryId("food")))]
    first = after(plan(attrs.evolve(BILL, total=euros("2.00")), taxed), taxed)
    assert rests(plan(BILL, first)) == {"a": []}
    longer = attrs.evolve(BILL, key=BILL.key[:-1])
    assert plan(longer, first).changed == ()


def test_an_order_that_lost_its_goods_loses_what_the_invoice_set_on_it() -> None:
    first = after(plan(attrs.evolve(BILL, total=euros("11.00")), ORDERS), ORDERS)
    without = attrs.evolve(first[1], lines=first[1].lines[1:])
    found = plan(attrs.evolve(BILL, total=euros("9.00")), [first[0], without])
    assert {each.before.id: each.lines for each in found.orders}[OrderId("b")] == ()
    assert farm_goods(after(found, [first[0], without])) == euros("9.00")


def test_nothing_to_pay_for_gifts_is_shared_by_their_number() -> None:
    gifts = [ordered("a", line("eggs", 1, 0)), ordered("b", line("eggs", 3, 0))]
    assert rests(plan(attrs.evolve(BILL, total=euros("4.00")), gifts)) == {"a": ["1.00"], "b": ["3.00"]}


def test_an_empty_invoice_changes_nothing() -> None:
    assert plan(BILL, ORDERS).changed == ()


# ---------------------------------------------------------------- what becomes of the fees


@pytest.fixture
def charged() -> tuple[Order, Tariff]:
    """Return an order of eggs at 3.20 with ten percent of that, and what it is charged by."""
    by = tariff(
        cycle=worlds.order_cycle(coordinator_fees=("admin-fee",)), fees={FeeId("admin-fee"): worlds.fee("admin-fee")}
    )
    order = by_todays_terms(ANNA, by)
    assert order.fee_total == euros("0.89")
    return order, by


@pytest.mark.parametrize(
    ("fees", "expected"), [(InvoicedFees.FROZEN, "0.89"), (InvoicedFees.FOLLOWED, "1.25")], ids=str
)
def test_fees_stay_unless_they_are_to_follow(charged: tuple[Order, Tariff], fees: InvoicedFees, expected: str) -> None:
    order, by = charged
    found = plan_invoice(attrs.evolve(BILL, lines=(for_one("eggs", "5.00"),)), [order], {order.id: by}, fees=fees)
    assert isinstance(found, InvoicePlan)
    assert found.orders[0].after.fee_total == euros(expected)
    assert found.orders[0].difference == euros("3.60") + euros(expected) - euros("0.89")


def test_fees_stay_by_default(charged: tuple[Order, Tariff]) -> None:
    order, by = charged
    invoice = attrs.evolve(BILL, lines=(for_one("eggs", "5.00"),))
    found = plan_invoice(invoice, [order], {order.id: by})
    assert found == plan_invoice(invoice, [order], {order.id: by}, fees=InvoicedFees.FROZEN)


def test_fees_that_follow_go_by_the_terms_kept_on_the_order(charged: tuple[Order, Tariff]) -> None:
    """FEE-13.16: the fee is twenty percent by now; the order was placed at ten."""
    order, by = charged
    dearer = worlds.fee("admin-fee", calculator=worlds.calculator("flat_percent_per_item", flat_percent=Decimal(20)))
    now = attrs.evolve(by, terms=attrs.evolve(by.terms, fees={dearer.id: dearer}))
    invoice = attrs.evolve(BILL, lines=(for_one("eggs", "5.00"),))
    found = plan_invoice(invoice, [order], {order.id: now}, fees=InvoicedFees.FOLLOWED)
    assert isinstance(found, InvoicePlan)
    assert found.orders[0].after.fee_total == euros("1.25")
    once = after(found, [order])
    again = plan_invoice(invoice, once, {order.id: now}, fees=InvoicedFees.FOLLOWED)
    assert isinstance(again, InvoicePlan)
    assert again.changed == ()


# ---------------------------------------------------------------- another invoice for the same goods


def invoiced_under(key: str, *lines: InvoiceLine, total: Money | None = None) -> SupplierInvoice:
    return attrs.evolve(BILL, key=key, lines=lines, total=total)


def three_pieces() -> list[Order]:
    """Return an order of three boxes of eggs, for which ten was invoiced: a cent is left beside their price."""
    found = [ordered("a", line("eggs", 3, price=300))]
    found = after(plan(invoiced_under("one/1", for_all("eggs", "10.00")), found), found)
    assert [each.amount for each in found[0].adjustments] == [euros("0.01")]
    return found


@pytest.mark.parametrize("second", [(for_one("eggs", "4.00"),), (for_all("eggs", "11.00"),), ()], ids=repr)
def test_the_same_goods_are_not_invoiced_under_another_key(second: tuple[InvoiceLine, ...]) -> None:
    found = refusal(invoiced_under("two", *second, total=euros("12.00")), three_pieces())
    assert found is not None
    [only] = found.problems
    assert (only.code, only.path) == (Code.INVOICED_ALREADY, "$.key")
    assert "one/1" in render_refusal(found, "en")


def test_the_same_key_replaces_what_was_left() -> None:
    orders = three_pieces()
    replaced = after(plan(invoiced_under("one/1", for_one("eggs", "4.00")), orders), orders)
    assert (farm_goods(replaced), replaced[0].adjustments) == (euros("12.00"), ())


def test_an_invoice_that_leaves_nothing_is_replaced_under_any_key() -> None:
    orders = [ordered("a", line("eggs", 3, price=300))]
    orders = after(plan(invoiced_under("one", for_all("eggs", "9.30")), orders), orders)
    assert farm_goods(after(plan(invoiced_under("two", for_all("eggs", "10.00")), orders), orders)) == euros("10.00")


def test_goods_of_another_tax_category_are_other_goods() -> None:
    goods = [line("eggs", 3, price=300), line("carrots", 1, price=200, category=TaxCategoryId("service"))]
    orders = [ordered("a", *goods)]
    orders = after(plan(invoiced_under("one", for_all("eggs", "10.00")), orders), orders)
    orders = after(plan(invoiced_under("two", for_one("carrots", "5.00")), orders), orders)
    assert farm_goods(orders) == euros("15.00")


# ---------------------------------------------------------------- what a voucher takes off


def test_a_voucher_is_computed_again_on_the_new_prices() -> None:
    half = worlds.voucher(kind=VoucherKind.PERCENT, value=Decimal(50))
    order = with_voucher(ANNA, half)
    assert order.total == euros("4.45")
    invoice = attrs.evolve(BILL, lines=(for_one("eggs", "5.00"),))
    found = plan_invoice(invoice, [order], {order.id: TARIFF}, vouchers={order.id: half})
    assert isinstance(found, InvoicePlan)
    assert found.orders[0].after.total == euros("6.25")
    again = plan_invoice(invoice, after(found, [order]), {order.id: TARIFF}, vouchers={order.id: half})
    assert isinstance(again, InvoicePlan)
    assert again.changed == ()


def test_a_voucher_that_nobody_knows_any_more_takes_no_more_off_than_there_is() -> None:
    order = with_voucher(ANNA, worlds.voucher(value=Decimal(8)))
    cheap = plan(attrs.evolve(BILL, lines=(for_one("eggs", "1.00"), for_one("carrots", "1.00"))), [order])
    assert cheap.orders[0].after.total == euros("0")
    dear = plan(attrs.evolve(BILL, lines=(for_one("eggs", "5.00"),)), [order])
    assert dear.orders[0].after.discount_total == euros("-8.00")


def test_a_voucher_alone_changes_nothing() -> None:
    """The percentage is another by now, and the invoice is as the order was."""
    order = with_voucher(ANNA, worlds.voucher(kind=VoucherKind.PERCENT, value=Decimal(50)))
    changed = {order.id: worlds.voucher(kind=VoucherKind.PERCENT, value=Decimal(10))}
    found = plan_invoice(attrs.evolve(BILL, total=ANNA.item_total), [order], {order.id: TARIFF}, vouchers=changed)
    assert isinstance(found, InvoicePlan)
    assert found.changed == ()


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"lines": (for_one("leeks", "1.00"),)}, "$.lines[0].variant", Code.INVOICED_NOT_ORDERED),
        ({"lines": (for_all("gold", "1.00"),)}, "$.lines[0].variant", Code.INVOICED_NOT_ORDERED),
        ({"lines": (for_one("cheese", "1.00"),)}, "$.lines[0].variant", Code.INVOICED_NOT_ORDERED),
        ({"lines": (for_one("eggs", "1.00"), for_all("eggs", "1.00"))}, "$.lines[1].variant", Code.DUPLICATE_ENTRY),
        ({"lines": (for_one("eggs", "-0.01"),)}, "$.lines[0].amount", Code.BELOW_ZERO),
        ({"total": euros("-1.00")}, "$.total", Code.BELOW_ZERO),
        ({"total": Money.of("1", "CHF")}, "$.total", Code.OTHER_CURRENCY),
        ({"supplier": EnterpriseId("nobody"), "total": euros("1.00")}, "$.supplier", Code.NOTHING_OF_SUPPLIER),
        (
            {"supplier": EnterpriseId("nobody"), "lines": (for_one("eggs", "1.00"),)},
            "$.supplier",
            Code.NOTHING_OF_SUPPLIER,
        ),
        ({"key": ""}, "$.key", Code.BAD_LENGTH),
        ({"label": ""}, "$.label", Code.BAD_LENGTH),
    ],
    ids=str,
)
def test_an_invoice_that_cannot_be_passed_on_is_refused(changes: dict[str, object], path: str, code: Code) -> None:
    found = refusal(attrs.evolve(BILL, **changes), ORDERS)  # type: ignore[arg-type] # fields by name
    assert found is not None
    assert [(each.path, each.code) for each in found.problems] == [(path, code)]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_invoice_of_the_wrong_supplier_names_the_supplier(locale: str) -> None:
    wrong = attrs.evolve(BILL, supplier=EnterpriseId("nobody"), lines=(for_one("eggs", "1.00"),), total=euros("1.00"))
    found = refusal(wrong, ORDERS)
    assert found is not None
    assert "nobody" in render_refusal(found, locale)
    assert BILL.label not in render_refusal(found, locale)


def test_an_order_without_a_tariff_is_told() -> None:
    with pytest.raises(NotFoundError, match="tariff for order 'a'"):
        plan_invoice(BILL, ORDERS, {})


def test_goods_of_cancelled_orders_are_not_ordered() -> None:
    cancelled = attrs.evolve(ANNA, state=OrderState.CANCELLED)
    assert refusal(attrs.evolve(BILL, lines=(for_one("carrots", "1.00"),)), [cancelled, BEN]) is not None
