"""Bases, limits and the terms that charges keep (FEE-14)."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given

from fees.strategies import Market, featured_markets
from ofncore.fees.assessment import Assessment, assess, chargeable_of
from ofncore.fees.calculators import FlatPercentItemTotal, FlatPercentPerItem, FlatRate, PerItem
from ofncore.fees.charges import PricedLine, price_line, price_order_charge
from ofncore.fees.price_book import price_book, unit_totals
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import FeeId
from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import Calculator
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import ChargedPer, EnterpriseFee, FeeBase
from ofncore.model.order import FeeCharge, OrderLine
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

PRODUCER, ITEM_FEES, SHOWN = FeeBase


def percent(number: str) -> FlatPercentPerItem:
    return FlatPercentPerItem(flat_percent=Decimal(number))


def percent_of_total(number: str) -> FlatPercentItemTotal:
    return FlatPercentItemTotal(flat_percent=Decimal(number))


def per_item(amount: str) -> PerItem:
    return PerItem(amount=Decimal(amount))


def fee(key: str, calculator: Calculator, **changes: object) -> EnterpriseFee:
    return worlds.fee(key, calculator=calculator, **changes)


def terms(*fees: EnterpriseFee, **changes: Any) -> PricingTerms:  # noqa: ANN401 - fields of the terms
    """Return terms by which the coordinator charges *fees* on carrots, cheese and eggs; nothing is taxed."""
    return PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(each.id for each in fees)),
        distributor=worlds.enterprise(),
        fees={each.id: each for each in fees},
        **changes,
    )


def assessed(known: PricingTerms, *lines: OrderLine) -> Assessment:
    return assess(
        lines,
        terms=known,
        variants={line.variant: worlds.variant(line.variant, price=line.price) for line in lines},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )


def line_charges(known: PricingTerms, quantity: int = 1, price: str = "10.00") -> dict[str, str]:
    """Return what each fee charges on a line of eggs."""
    line = worlds.order_line("eggs", quantity=quantity, price=euros(price), tax_category="food")
    return {each.fee: str(each.amount.amount) for each in assessed(known, line).lines[0].fees}


def shop_charges(known: PricingTerms) -> dict[str, str]:
    """Return what each fee adds to the price of eggs at 10.00; the totals say the same."""
    eggs = worlds.variant("eggs", price=euros("10.00"))
    price = price_book(known, [eggs])[eggs.id]
    assert unit_totals(known, [eggs]) == [price.with_fees.minor]
    return {share.fee: str(share.amount.amount) for share in price.fees}


def order_charges(known: PricingTerms, *lines: OrderLine) -> dict[str, str]:
    """Return what each fee charges on the order."""
    return {each.fee: str(each.amount.amount) for each in assessed(known, *lines).fees}


def all_charges(found: Assessment) -> Counter[tuple[str, FeeCharge]]:
    on_lines = [(str(line.variant), each) for line in found.lines for each in line.fees]
    return Counter([*on_lines, *(("order", each) for each in found.fees)])


# ---------------------------------------------------------------- laws


def turned(cycle: OrderCycle) -> OrderCycle:
    """Return *cycle* with the fees of each place the other way round."""
    return attrs.evolve(
        cycle,
        coordinator_fees=cycle.coordinator_fees[::-1],
        incoming=tuple(attrs.evolve(each, fees=each.fees[::-1]) for each in cycle.incoming),
        outgoing=tuple(attrs.evolve(each, fees=each.fees[::-1]) for each in cycle.outgoing),
    )


@given(featured_markets())
def test_the_order_of_fees_is_irrelevant(market: Market) -> None:
    other = market.with_terms(cycle=turned(market.terms.cycle))
    assert all_charges(market.assessed()) == all_charges(other.assessed())


@given(featured_markets())
def test_a_line_of_one_is_charged_what_the_shop_shows(market: Market) -> None:
    """FEE-6, whatever fees look at."""
    single = attrs.evolve(market, lines=tuple(attrs.evolve(line, quantity=1) for line in market.lines))
    book = price_book(market.terms, market.variants.values())
    for line in single.assessed().lines:
        assert [each.amount for each in line.fees] == [share.amount for share in book[line.variant].fees]


@given(featured_markets())
def test_a_price_tells_the_remainders_of_a_line_of_one(market: Market) -> None:
    """FEE-14: remainders visible."""
    single = attrs.evolve(market, lines=tuple(attrs.evolve(line, quantity=1) for line in market.lines))
    book = price_book(market.terms, market.variants.values())
    for line in single.assessed().lines:
        assert book[line.variant].remainders == tuple(each.remainder for each in line.fees)


@given(featured_markets())
def test_the_totals_are_those_of_the_price_book(market: Market) -> None:
    book = price_book(market.terms, market.variants.values())
    found = unit_totals(market.terms, market.variants.values())
    assert found == [price.with_fees.minor for price in book.values()]


@given(featured_markets())
def test_charges_computed_by_the_terms_they_keep_stay_what_they_are(market: Market) -> None:
    found = market.assessed()
    unpriced = [attrs.evolve(line, fees=tuple(map(emptied, line.fees))) for line in found.lines]
    chargeable = [chargeable_of(line, market.variants, market.terms) for line in unpriced]
    priced = [price_line(line, each, market.terms) for line, each in zip(unpriced, chargeable, strict=True)]
    assert [amounts(each.line.fees) for each in priced] == [amounts(line.fees) for line in found.lines]
    again = [price_order_charge(emptied(each), priced, market.terms) for each in found.fees]
    assert amounts(again) == amounts(found.fees)


def emptied(charge: FeeCharge) -> FeeCharge:
    return attrs.evolve(charge, amount=euros("99.99"), taxes=(), remainder=Fraction())


def amounts(charges: Any) -> list[tuple[object, Fraction]]:  # noqa: ANN401 - fee charges in any collection
    return [(each.amount, each.remainder) for each in charges]


@given(featured_markets())
def test_limits_hold(market: Market) -> None:
    """As far as the currency's own minor units allow."""
    found = market.assessed()
    assume(any(each.at_least is not None or each.at_most is not None for each in market.terms.fees.values()))
    for charge, items in charges_with_items(found):
        if items and charge.at_least is not None:
            assert charge.amount.minor >= round_fraction(Fraction(charge.at_least) * 100)
        if items and charge.at_most is not None:
            assert charge.amount.minor <= round_fraction(Fraction(charge.at_most) * 100)


def charges_with_items(found: Assessment) -> Iterator[tuple[FeeCharge, int]]:
    """Yield every charge with the number of items it was charged on."""
    for line in found.lines:
        yield from ((each, line.quantity) for each in line.fees)
    for each in found.fees:
        yield each, sum(line.quantity for line in found.lines if each.supplier in (None, line.supplier))


@given(featured_markets())
def test_without_limits_only_what_a_limit_held_is_another_amount(market: Market) -> None:
    """Of fees that no other fee looks at."""
    fees = {key: attrs.evolve(each, base=PRODUCER) for key, each in market.terms.fees.items()}
    limited = market.with_terms(fees=fees).assessed()
    free = {key: attrs.evolve(each, at_least=None, at_most=None) for key, each in fees.items()}
    unlimited = market.with_terms(fees=free).assessed()
    pairs = zip(charges_with_items(limited), charges_with_items(unlimited), strict=True)
    for (held, _), (loose, _) in pairs:
        bounds = [round_fraction(Fraction(each) * 100) for each in (held.at_least, held.at_most) if each is not None]
        assert held.amount == loose.amount or held.amount.minor in (*bounds, 0)


@given(featured_markets())
def test_a_fee_on_the_price_without_fees_does_not_notice_the_others(market: Market) -> None:
    plain = {key: each for key, each in market.terms.fees.items() if each.base is PRODUCER}
    others = {key: attrs.evolve(each, deleted=True) for key, each in market.terms.fees.items() if key not in plain}
    alone = market.with_terms(fees=plain | others).assessed()
    together = market.assessed()
    assert all_charges(alone) == Counter(
        {key: times for key, times in all_charges(together).items() if key[1].fee in plain}
    )


@given(featured_markets())
def test_what_a_fee_sees_is_the_line_with_the_charges_of_lower_bases(market: Market) -> None:
    for line in market.assessed().lines:
        chargeable = chargeable_of(line, market.variants, market.terms)
        priced = PricedLine(line, chargeable)
        shown = sum(each.amount.minor for each in line.fees if each.base is not SHOWN)
        lower = sum(each.amount.minor for each in line.fees if each.base is PRODUCER)
        fee_taxes = [tax for each in line.fees if each.base is not SHOWN for tax in each.taxes]
        added = sum(tax.amount.minor for tax in (*line.taxes, *fee_taxes) if not tax.included)
        if line.quantity:
            assert priced.seen(ITEM_FEES, market.terms).price * line.quantity == line.amount.minor + lower
            assert priced.seen(SHOWN, market.terms).price * line.quantity == line.amount.minor + shown + added
        else:
            assert priced.seen(SHOWN, market.terms) == chargeable


# ---------------------------------------------------------------- bases, by name


def test_a_percentage_of_the_price_with_item_fees_sees_the_fees_on_the_producers_price() -> None:
    """FEE-14: 10.00 with 1.00 for packing; 10 % of that is 1.10."""
    known = terms(fee("packing", per_item("1.00")), fee("hub", percent("10"), base=ITEM_FEES))
    assert line_charges(known) == {"packing": "1.00", "hub": "1.10"}


def test_fees_of_one_base_never_see_each_other() -> None:
    known = terms(
        fee("packing", per_item("1.00")),
        fee("hub", percent("10"), base=ITEM_FEES),
        fee("van", percent("20"), base=ITEM_FEES),
    )
    assert line_charges(known) == shop_charges(known) == {"packing": "1.00", "hub": "1.10", "van": "2.20"}


@pytest.mark.parametrize(("included", "expected"), [(False, "12.71"), (True, "12.10")])
def test_a_percentage_of_the_shown_price_sees_item_fees_and_added_tax(included: bool, expected: str) -> None:  # noqa: FBT001 - a column
    """FEE-14: 10.00, 1.00 packing and 1.10 for the hub; 5.5 % of eggs and packing is 0.55 and 0.06. In all 12.71."""
    known = terms(
        fee("packing", per_item("1.00"), inherits_tax_category=True),
        fee("hub", percent("10"), base=ITEM_FEES),
        fee("till", percent("100"), base=SHOWN),
        tax_rates=(worlds.tax_rate(included_in_price=included),),
    )
    assert line_charges(known)["till"] == shop_charges(known)["till"] == expected


def test_untaxed_owners_add_no_tax_to_what_is_seen() -> None:
    known = terms(
        fee("packing", per_item("1.00"), inherits_tax_category=True),
        fee("till", percent("10"), base=SHOWN),
        tax_rates=(worlds.tax_rate(included_in_price=False, amount=Decimal("0.5")),),
    )
    exempt = attrs.evolve(known, untaxed_owners=frozenset({known.distributor.id}))
    assert (line_charges(known)["till"], line_charges(exempt)["till"]) == ("1.65", "1.60")


def test_the_price_of_one_with_fees_is_exact() -> None:
    """Three at 10.00 with 0.99 for weight: 10.33 each, to be exact 31.00 / 3; 10 % for one is 1.03."""
    known = terms(
        fee("sorting", FlatRate(amount=Decimal("1.00")), charged_per=ChargedPer.LINE),
        fee("by-unit", percent("10"), base=ITEM_FEES),
        fee("by-line", percent_of_total("10"), base=ITEM_FEES),
    )
    assert line_charges(known, quantity=3) == {"sorting": "1.00", "by-unit": "3.09", "by-line": "3.10"}


def test_a_line_of_no_items_is_seen_at_its_own_price() -> None:
    known = terms(
        fee("sorting", FlatRate(amount=Decimal("1.00")), charged_per=ChargedPer.LINE),
        fee("hub", percent("10"), base=ITEM_FEES),
    )
    assert line_charges(known, quantity=0) == {"sorting": "1.00", "hub": "0.00"}


@pytest.mark.parametrize(("base", "expected"), [(PRODUCER, "5.00"), (ITEM_FEES, "1.00"), (SHOWN, "1.00")])
def test_a_limit_of_forty_is_felt_at_the_price_that_its_fee_looks_at(base: FeeBase, expected: str) -> None:
    """FEE-14: 38.00 with a fee of 12 % is 42.56; delivery is cheaper from 40.00 on."""
    sack = worlds.calculator(
        "price_sack", minimal_amount=Decimal(40), normal_amount=Decimal(5), discount_amount=Decimal(1)
    )
    known = terms(fee("hub", percent("12")), fee("delivery", sack, base=base))
    assert order_charges(known, worlds.order_line("eggs", price=euros("38.00"))) == {"delivery": expected}


# ---------------------------------------------------------------- limits, by name


@pytest.mark.parametrize(("price", "expected"), [("1.00", "0.50"), ("10.00", "1.00"), ("90.00", "2.00")])
def test_a_fee_has_a_floor_and_a_cap(price: str, expected: str) -> None:
    """FEE-14: ten percent, but at least 0.50 and at most 2.00."""
    limited = fee("hub", percent("10"), at_least=Decimal("0.50"), at_most=Decimal("2.00"))
    assert line_charges(terms(limited), price=price) == {"hub": expected}


def test_the_shop_shows_what_limits_leave_of_a_fee() -> None:
    assert shop_charges(terms(fee("hub", percent("10"), at_most=Decimal("0.50")))) == {"hub": "0.50"}


def test_limits_hold_each_charge_and_not_each_item() -> None:
    limited = fee("hub", percent("10"), at_most=Decimal("2.00"))
    assert line_charges(terms(limited), quantity=5) == {"hub": "2.00"}


def test_a_charge_on_no_items_is_not_raised_to_the_floor() -> None:
    limited = fee("hub", percent("10"), at_least=Decimal("0.50"))
    assert line_charges(terms(limited), quantity=0) == {"hub": "0.00"}


def test_a_discount_on_no_items_is_not_lowered_to_its_cap() -> None:
    limited = fee("hub", percent("-10"), at_most=Decimal("-0.50"))
    assert line_charges(terms(limited), quantity=0) == {"hub": "0.00"}
    assert line_charges(terms(limited), price="1.00") == {"hub": "-0.50"}


def test_a_cap_holds_on_no_items_too() -> None:
    flat = FlatRate(amount=Decimal("5.00"))
    assert order_charges(terms(fee("van", flat, at_most=Decimal("3.00")))) == {"van": "3.00"}


def test_a_limit_finer_than_the_currency_is_rounded_as_amounts_are() -> None:
    limited = fee("hub", percent("0"), at_least=Decimal("0.125"))
    assert line_charges(terms(limited)) == {"hub": "0.13"}


def test_a_charge_keeps_the_terms_that_gave_it() -> None:
    limited = fee("hub", percent("10"), base=ITEM_FEES, at_least=Decimal(1), at_most=Decimal(2), tax_category="service")
    (line,) = assessed(terms(limited), worlds.order_line("eggs")).lines
    (charge,) = line.fees
    assert (charge.calculator, charge.base, charge.tax_category) == (limited.calculator, ITEM_FEES, "service")
    assert (charge.at_least, charge.at_most) == (Decimal(1), Decimal(2))


def test_an_inheriting_fee_keeps_the_category_of_its_line() -> None:
    known = terms(fee("hub", percent("10"), inherits_tax_category=True))
    (line,) = assessed(known, worlds.order_line("eggs", tax_category="food")).lines
    assert line.fees[0].tax_category == "food"


def test_a_charge_without_known_terms_stays_as_it_is() -> None:
    known = terms(fee("hub", percent("10"), base=ITEM_FEES))
    (line,) = assessed(known, worlds.order_line("eggs", price=euros("10.00"))).lines
    unknown = attrs.evolve(line.fees[0], fee=FeeId("old"), base=PRODUCER, calculator=None, amount=euros("4.00"))
    mixed = attrs.evolve(line, fees=(unknown, line.fees[0]))
    priced = price_line(mixed, chargeable_of(mixed, {line.variant: worlds.variant()}, known), known)
    assert [each.amount for each in priced.line.fees] == [euros("4.00"), euros("1.40")]


def test_shipping_and_payment_keep_their_calculators() -> None:
    flat = FlatRate(amount=Decimal(2))
    found = assess(
        [worlds.order_line()],
        terms=terms(),
        variants={worlds.variant().id: worlds.variant()},
        shipping=worlds.shipping_method(calculator=flat, tax_category="service"),
        payment=worlds.payment_method(calculator=flat),
    )
    assert (found.shipping.calculator, found.shipping.tax_category, found.payment.calculator) == (flat, "service", flat)
