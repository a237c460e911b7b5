"""Fees, lines and shipping are taxed as by Open Food Network, where no tax is refunded to customers abroad (FEE-8).

Zones are not part of this library's tax yet: each case gives the rates that apply to its order.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import attrs

from fees.vectors import Case, bag, calculator, cases, euros, holds_weight_calculator, lines, terms, variants
from ofncore.fees.assessment import Assessment, assess
from ofncore.kernel.ids import TaxCategoryId, TaxRateId
from ofncore.model.fee import TaxRate
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import FeeCharge, Order, TaxCharge
from ofncore.testing import worlds

FILES = ("tax-1", "tax-2")


class Treatment(StrEnum):
    """What the library does with a case."""

    COMPARED = "compared"
    #: FEE-13.5: the defect is not followed.
    WEIGHT_AS_RUN = "weight rule as it runs"
    #: FEE-13.21: included tax given back to customers from abroad comes with the zones.
    REFUND = "refunded tax"
    #: The original raises.
    DEFECT = "known defect"


def treatment(case: Case) -> Treatment:
    if case.get("known_defect"):
        return Treatment.DEFECT
    if holds_weight_calculator(case):
        return Treatment.WEIGHT_AS_RUN
    return Treatment.REFUND if any(map(is_refund, records(case))) else Treatment.COMPARED


def is_refund(record: tuple[Case, Case]) -> bool:
    case, tax = record
    return case["given"]["tax"]["rates"][tax["rate"]]["included_in_price"] and not tax["included"]


def records(case: Case) -> Iterator[tuple[Case, Case]]:
    stage = case["expect"]["before_voucher"]
    taxed = [*stage["lines"], *stage["order_fees"], stage.get("shipping", {})]
    taxed += [fee for line in stage["lines"] for fee in line["fees"]]
    for each in taxed:
        yield from ((case, tax) for tax in each.get("taxes", []))


def compared() -> list[Case]:
    return [case for case in cases(*FILES) if treatment(case) is Treatment.COMPARED]


@attrs.frozen
class Sale:
    """The order of a case, assessed, and what the case expects before vouchers."""

    case: Case
    assessment: Assessment

    @property
    def expected(self) -> Case:
        stage: Case = self.case["expect"]["before_voucher"]
        return stage

    def order(self) -> Order:
        found = self.assessment
        return worlds.order(lines=found.lines, fees=found.fees, shipping=found.shipping, payment=found.payment)


def sales() -> Iterator[Sale]:
    for case in compared():
        given = case["given"]
        known = variants(given)
        assessment = assess(
            lines(given["order"], known),
            terms=terms(given, given["order"]["distributor"], tuple(matching_rates(case))),
            variants=known,
            shipping=shipping_method(given["order"]),
            payment=payment_method(given["order"]),
        )
        yield Sale(case, assessment)


def matching_rates(case: Case) -> Iterator[TaxRate]:
    for key in case["expect"]["before_voucher"]["matching_rates"]:
        given = case["given"]["tax"]["rates"][key]
        yield TaxRate(
            id=TaxRateId(key),
            name=given["name"],
            tax_category=TaxCategoryId(given["tax_category"]),
            amount=Decimal(given["amount"]),
            included_in_price=given["included_in_price"],
        )


def shipping_method(order: Case) -> ShippingMethod:
    given = order.get("shipping")
    if given is None:
        return worlds.shipping_method()
    return worlds.shipping_method(
        calculator=calculator(given["calculator"], given["preferences"]), tax_category=given["tax_category"]
    )


def payment_method(order: Case) -> PaymentMethod:
    given = order.get("payment", {"calculator": "none", "preferences": {}})
    return worlds.payment_method(calculator=calculator(given["calculator"], given["preferences"]))


def found_taxes(charges: tuple[TaxCharge, ...]) -> frozenset[object]:
    return frozenset((tax.rate, tax.amount, tax.included) for tax in charges)


def expected_taxes(given: list[Case]) -> frozenset[object]:
    return frozenset((tax["rate"], euros(tax["amount"]), tax["included"]) for tax in given)


def found_fees(charges: tuple[FeeCharge, ...]) -> object:
    return bag((each.fee, each.role, each.amount, found_taxes(each.taxes)) for each in charges)


def expected_fees(given: list[Case]) -> object:
    return bag((each["fee"], each["role"], euros(each["amount"]), expected_taxes(each["taxes"])) for each in given)


def test_how_much_is_covered() -> None:
    treatments = [treatment(case) for case in cases(*FILES)]
    assert {each: treatments.count(each) for each in Treatment} == {
        Treatment.COMPARED: 141,
        Treatment.WEIGHT_AS_RUN: 65,
        Treatment.REFUND: 3,
        Treatment.DEFECT: 1,
    }


def test_lines_are_taxed_as_by_open_food_network() -> None:
    for sale in sales():
        found = {line.variant: found_taxes(line.taxes) for line in sale.assessment.lines}
        expected = {line["variant"]: expected_taxes(line["taxes"]) for line in sale.expected["lines"]}
        assert found == expected, sale.case["id"]


def test_fees_are_taxed_as_by_open_food_network() -> None:
    for sale in sales():
        found = {line.variant: found_fees(line.fees) for line in sale.assessment.lines}
        expected = {line["variant"]: expected_fees(line["fees"]) for line in sale.expected["lines"]}
        assert found == expected, sale.case["id"]
        assert found_fees(sale.assessment.fees) == expected_fees(sale.expected["order_fees"]), sale.case["id"]


def test_shipping_is_charged_and_taxed_as_by_open_food_network() -> None:
    shipped = [sale for sale in sales() if "shipping" in sale.expected]
    assert shipped
    for sale in shipped:
        expected = sale.expected["shipping"]
        assert sale.assessment.shipping.amount == euros(expected["cost"]), sale.case["id"]
        assert found_taxes(sale.assessment.shipping.taxes) == expected_taxes(expected["taxes"]), sale.case["id"]


def test_payment_is_charged_as_by_open_food_network() -> None:
    paid = [sale for sale in sales() if "after_payment" in sale.case["expect"]]
    assert paid
    for sale in paid:
        fee = euros(sale.case["expect"]["after_payment"]["payment_fee"])
        assert sale.assessment.payment.amount == fee, sale.case["id"]


def test_totals_are_those_of_open_food_network() -> None:
    """The payment is chosen later there, so its fee is taken off before comparing."""
    for sale in sales():
        order, expected = sale.order(), sale.expected
        assert order.included_tax_total == euros(expected["included_tax_total"]), sale.case["id"]
        assert order.added_tax_total == euros(expected["additional_tax_total"]), sale.case["id"]
        assert order.total - order.payment.amount == euros(expected["total"]), sale.case["id"]
