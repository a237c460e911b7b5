"""Whole order cycles give the shop prices, fee records and totals of Open Food Network (FEE-5, FEE-6, FEE-7).

Where a cycle holds a fee by weight, which the vectors show as it runs, that fee's amounts are left out and the rest is
compared (FEE-13.5).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from fees.vectors import Case, bag, cases, euros, holds_weight_calculator, lines, tax_category_of, terms, variants
from ofncore.fees.assessment import Assessment, assess
from ofncore.fees.price_book import Price, PriceBook, price_book
from ofncore.fees.shown import shown_line
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import FeeId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import FeeCharge, OrderLine
from ofncore.testing import worlds

CYCLES = ("cycles-1", "cycles-2")


@attrs.frozen
class Sale:
    """One order of a case, assessed, and what the case expects of it."""

    case: Case
    terms: PricingTerms
    assessment: Assessment
    expected: Case

    def order_fees(self) -> Any:  # noqa: ANN401 - a multiset of tuples
        return bag(_record(self.terms, each, None) for each in self.assessment.fees if self.counts(each.fee))

    def line_fees(self, line: OrderLine) -> Any:  # noqa: ANN401 - a multiset of tuples
        return bag(_record(self.terms, each, line) for each in line.fees if self.counts(each.fee))

    def expected_fees(self, records: Iterable[Case]) -> Any:  # noqa: ANN401 - a multiset of tuples
        return bag(_expected_record(self.terms, each) for each in records if self.counts(each["fee"]))

    def counts(self, fee: str) -> bool:
        return self.terms.fees[FeeId(fee)].calculator.kind != "weight"


def _record(terms: PricingTerms, charge: FeeCharge, line: OrderLine | None) -> tuple[object, ...]:
    category = tax_category_of(terms.fees[charge.fee], line)
    return (charge.fee, charge.role, charge.amount, charge.fee_type, charge.name, charge.enterprise, category)


def _expected_record(terms: PricingTerms, given: Case) -> tuple[object, ...]:
    """A record of a life is shorter than one of a cycle: it leaves out what the fee itself says."""
    fee = terms.fees[given["fee"]]
    return (
        given["fee"],
        given["role"],
        euros(given["amount"]),
        given.get("fee_type", fee.fee_type),
        given.get("fee_name", fee.name),
        given.get("fee_enterprise", fee.enterprise),
        given["tax_category"],
    )


def sale(case: Case, order: Case, expected: Case) -> Sale:
    known = variants(case["given"])
    found = terms(case["given"], order["distributor"])
    assessment = assess(
        lines(order, known),
        terms=found,
        variants=known,
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )
    return Sale(case, found, assessment, expected)


def cycle_sales() -> Iterator[Sale]:
    for case in cases(*CYCLES):
        for key, order in case["given"]["orders"].items():
            yield sale(case, order, case["expect"]["orders"][key])


def life_sales() -> Iterator[Sale]:
    for case in cases("lifecycle"):
        yield sale(case, case["given"]["order"], case["start"])


def unweighed(sales: Iterable[Sale]) -> list[Sale]:
    return [each for each in sales if not holds_weight_calculator(each.case)]


def shopfronts() -> Iterator[tuple[Case, PriceBook, Case]]:
    for case in cases(*CYCLES):
        for distributor, expected in case["expect"]["shopfront"].items():
            yield case, price_book(terms(case["given"], distributor), variants(case["given"]).values()), expected


def shop_prices(*, weighed: bool) -> Iterator[tuple[Case, Price, Case]]:
    for case, book, shop in shopfronts():
        if weighed or not holds_weight_calculator(case):
            yield from ((case, book[VariantId(key)], expected) for key, expected in shop.items())


def is_in_cycle(case: Case, variant: str) -> bool:
    cycle = case["given"]["cycle"]
    return any(variant in exchange["variants"] for exchange in (*cycle["incoming"], *cycle["outgoing"]))


def total(charges: Iterable[FeeCharge]) -> Money:
    return Money.total((each.amount for each in charges), "EUR")


def test_how_much_is_covered() -> None:
    assert (len(cases(*CYCLES)), len({each.case["id"] for each in unweighed(cycle_sales())})) == (240, 133)
    assert (len(cases("lifecycle")), len(unweighed(life_sales()))) == (90, 64)
    assert (len(list(cycle_sales())), len(unweighed(cycle_sales()))) == (492, 265)
    assert (len(list(shop_prices(weighed=True))), len(list(shop_prices(weighed=False)))) == (1746, 934)


def test_fees_on_shop_prices_are_found_in_the_same_roles() -> None:
    """FEE-5, in cycles with fees by weight too."""
    for case, price, expected in shop_prices(weighed=True):
        if is_in_cycle(case, price.variant):
            found = bag((share.fee, share.role) for share in price.fees)
            assert found == bag((each["fee"], each["role"]) for each in expected["applied"]), case["id"]


def test_a_variant_outside_the_cycle_has_no_fees() -> None:
    """FEE-13.9: the listed rule holds also where one variant is asked for alone."""
    outside = [(case, price) for case, price, _ in shop_prices(weighed=True) if not is_in_cycle(case, price.variant)]
    assert outside
    for case, price in outside:
        assert price.fees == (), case["id"]


def test_shop_prices_are_those_of_the_product_list() -> None:
    for case, price, expected in shop_prices(weighed=False):
        assert price.fee_total == euros(expected["listed_fees_total"]), case["id"]
        assert price.with_fees - price.price == price.fee_total
        if is_in_cycle(case, price.variant):
            assert price.with_fees == euros(expected["price_with_fees"]), case["id"]


def test_fees_by_type_are_those_of_the_product_list() -> None:
    for case, price, expected in shop_prices(weighed=False):
        by_type = {fee_type: euros(amount) for fee_type, amount in expected["listed_fees_by_type"].items()}
        assert price.fees_by_type == by_type, case["id"]


def test_each_fee_keeps_its_own_name() -> None:
    """Where the original shows one name for a type, all fees of the type have it (FEE-13.10)."""
    for case, price, expected in shop_prices(weighed=True):
        shown = expected["name_by_type"]
        for share in price.fees:
            assert shown.get(share.fee_type, share.name) == share.name, case["id"]


def test_line_fees_are_the_records_of_open_food_network() -> None:
    for each in (*cycle_sales(), *life_sales()):
        expected = {line["variant"]: each.expected_fees(line["fees"]) for line in each.expected["lines"]}
        found = {line.variant: each.line_fees(line) for line in each.assessment.lines}
        assert found == expected, each.case["id"]


def test_order_fees_are_the_records_of_open_food_network() -> None:
    for each in (*cycle_sales(), *life_sales()):
        assert each.order_fees() == each.expected_fees(each.expected["order_fees"]), each.case["id"]


def test_totals_are_those_of_open_food_network() -> None:
    for each in unweighed([*cycle_sales(), *life_sales()]):
        found, expected = each.assessment, each.expected
        items = Money.total((line.amount for line in found.lines), "EUR")
        fees = total(charge for line in found.lines for charge in line.fees) + total(found.fees)
        assert items == euros(expected["item_total"]), each.case["id"]
        assert fees == euros(expected["adjustment_total"]), each.case["id"]
        assert items + fees == euros(expected["total"]), each.case["id"]


def test_subtotals_are_those_of_open_food_network() -> None:
    """FEE-11: the produce subtotal holds the line fees, the order's fees stand apart."""
    for each in unweighed(cycle_sales()):
        found, expected = each.assessment, each.expected
        produce = Money.total((line.amount + line.fee_amount for line in found.lines), "EUR")
        assert produce == euros(expected["subtotal_with_line_fees"]), each.case["id"]
        assert total(found.fees) == euros(expected["order_fees_total"]), each.case["id"]


def test_shown_lines_are_those_of_open_food_network() -> None:
    for each in unweighed(cycle_sales()):
        shown = {line.variant: shown_line(line) for line in each.assessment.lines}
        for line in each.expected["lines"]:
            of_line = shown[line["variant"]]
            assert of_line.unit_price == euros(line["shown_unit_price"]), each.case["id"]
            assert of_line.amount == euros(line["shown_amount"]), each.case["id"]
