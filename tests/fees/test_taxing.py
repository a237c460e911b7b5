"""The taxes of a whole order under each rounding policy (FEE-8, FEE-14)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import CATEGORIES, tax_rates
from ofncore.fees.calculators import FlatRate
from ofncore.fees.taxing import Charges, taxed, with_taxes
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import AdjustmentId, EnterpriseId, FeeId, ShippingMethodId, TaxCategoryId, TaxRateId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.fee import FeeRole, FeeType, TaxRate
from ofncore.model.order import FeeCharge, ManualAdjustment, Order, OrderLine, ShippingCharge, TaxCharge
from ofncore.testing import worlds

FOOD = TaxCategoryId("food")
FOR_ITSELF = (RoundingPolicy.PER_UNIT, RoundingPolicy.PER_LINE)

minors = st.integers(-3_000, 3_000)
categories = st.sampled_from(CATEGORIES)
policies = st.sampled_from(RoundingPolicy)


def fee_charge(minor: int, category: TaxCategoryId | None = FOOD, *, currency: str = "EUR") -> FeeCharge:
    return FeeCharge(
        fee=FeeId("fee"),
        name="Fee",
        fee_type=FeeType.ADMIN,
        role=FeeRole.COORDINATOR,
        enterprise=EnterpriseId("hub"),
        amount=Money(minor, currency),
        tax_category=category,
        calculator=FlatRate(),
    )


def line(minor: int, quantity: int = 1, *fees: FeeCharge, category: TaxCategoryId | None = FOOD) -> OrderLine:
    currency = fees[0].amount.currency if fees else "EUR"
    price = Money(minor, currency)
    return worlds.order_line("eggs", price=price, quantity=quantity, tax_category=category, fees=fees)


def shipping(minor: int = 0, category: TaxCategoryId | None = None) -> ShippingCharge:
    return ShippingCharge(
        method=ShippingMethodId("pickup"),
        name="Pickup",
        amount=Money(minor, "EUR"),
        tax_category=category,
        calculator=FlatRate(),
    )


def adjustment(minor: int, category: TaxCategoryId | None) -> ManualAdjustment:
    return ManualAdjustment(id=AdjustmentId("gift"), label="Gift", amount=Money(minor, "EUR"), tax_category=category)


def charges_of(*lines: OrderLine, **changes: Any) -> Charges:  # noqa: ANN401 - fields of the charges
    return attrs.evolve(Charges(lines=lines, shipping=shipping()), **changes)


def terms(
    *rates: TaxRate,
    policy: RoundingPolicy,
    currency: str = "EUR",
    **changes: Any,  # noqa: ANN401 - fields of the terms
) -> PricingTerms:
    known = PricingTerms(
        cycle=worlds.order_cycle(),
        distributor=worlds.enterprise("hub", currency=currency),
        fees={},
        tax_rates=rates,
    )
    return attrs.evolve(known.rounded_by(policy), **changes)


def added(amount: str, **changes: object) -> TaxRate:
    return worlds.tax_rate(amount=Decimal(amount), included_in_price=False, **changes)


def taxes(charges: Charges) -> Iterator[TaxCharge]:
    for each in charges.lines:
        yield from each.taxes
        yield from (tax for fee in each.fees for tax in fee.taxes)
    for charge in on_order(charges):
        yield from charge.taxes


def on_order(charges: Charges) -> list[FeeCharge | ShippingCharge | ManualAdjustment]:
    return [*charges.fees, charges.shipping, *charges.adjustments]


def minor_taxes(charges: Charges) -> list[int]:
    return [tax.amount.minor for tax in taxes(charges)]


@st.composite
def all_charges(draw: st.DrawFn) -> Charges:
    """Return charges of up to three lines with two fees each, below zero too."""
    fees = st.lists(st.builds(fee_charge, minors, categories), max_size=2)
    lines = [
        line(draw(minors), draw(st.integers(0, 12)), *draw(fees), category=draw(categories))
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Charges(
        lines=tuple(lines),
        fees=tuple(draw(fees)),
        shipping=shipping(draw(minors), draw(categories)),
        adjustments=tuple(draw(st.lists(st.builds(adjustment, minors, categories), max_size=2))),
    )


@st.composite
def all_terms(draw: st.DrawFn) -> PricingTerms:
    """Return terms of three rates, of which some are refunded, under any policy."""
    rates = draw(tax_rates())
    inside = [each.id for each in rates if each.included_in_price]
    refunded = draw(st.sets(st.sampled_from(inside))) if inside else set()
    return terms(*rates, policy=draw(policies), refunded_rates=frozenset(refunded))


def exact_by_rate(charges: Charges, known: PricingTerms) -> dict[TaxRateId, Fraction]:
    """Return the tax of each rate on the sum of what it taxes."""
    sums: dict[TaxRateId, Fraction] = defaultdict(Fraction)
    amounts = [(each.amount, each.tax_category) for each in charges.lines]
    amounts += [(fee.amount, fee.tax_category) for each in charges.lines for fee in each.fees]
    amounts += [(each.amount, each.tax_category) for each in on_order(charges)]
    for rate in known.tax_rates:
        base = sum(amount.minor for amount, category in amounts if category == rate.tax_category)
        share = Fraction(rate.amount)
        inside = base * share / (1 + share)
        exact = inside if rate.included_in_price else base * share
        sums[rate.id] += -exact if rate.id in known.refunded_rates else exact
    return sums


# ---------------------------------------------------------------- laws of every policy


@given(all_charges(), all_terms())
def test_what_is_exact_is_what_is_rounded_and_the_remainder(charges: Charges, known: PricingTerms) -> None:
    found = taxed(charges, known)
    rounded = sum(tax.amount.minor + tax.remainder for tax in taxes(found))
    assert rounded + found.unrecorded == sum(exact_by_rate(charges, known).values())


@given(all_charges(), all_terms())
def test_only_taxes_change_and_taxing_again_changes_nothing(charges: Charges, known: PricingTerms) -> None:
    found = taxed(charges, known)
    assert taxed(found, known) == found
    assert taxed(found, attrs.evolve(known, tax_rates=())) == taxed(charges, attrs.evolve(known, tax_rates=()))


@given(all_charges(), all_terms())
def test_a_tax_of_zero_has_a_record_only_as_a_part_of_a_sum(charges: Charges, known: PricingTerms) -> None:
    """FEE-8, FEE-13.20."""
    zeros = [tax for tax in taxes(taxed(charges, known)) if not tax.amount]
    assert all(tax.remainder for tax in zeros)
    assert not zeros or known.rounding not in FOR_ITSELF


@given(all_charges(), all_terms())
def test_the_opposite_charges_carry_the_opposite_tax(charges: Charges, known: PricingTerms) -> None:
    """FEE-8: negative amounts carry negative tax. Where a sum is zero its parts are told in their order."""
    opposite = Charges(
        lines=tuple(
            attrs.evolve(each, price=-each.price, fees=tuple(map(_opposite, each.fees))) for each in charges.lines
        ),
        fees=tuple(map(_opposite, charges.fees)),
        shipping=attrs.evolve(charges.shipping, amount=-charges.shipping.amount),
        adjustments=tuple(attrs.evolve(each, amount=-each.amount) for each in charges.adjustments),
    )
    assert _sums(taxed(opposite, known)) == {rate: -minor for rate, minor in _sums(taxed(charges, known)).items()}


def _opposite(fee: FeeCharge) -> FeeCharge:
    return attrs.evolve(fee, amount=-fee.amount)


def _sums(charges: Charges) -> dict[bool, int]:
    sums = {True: 0, False: 0}
    for tax in taxes(charges):
        sums[tax.included] += tax.amount.minor
    return sums


# ---------------------------------------------------------------- per unit and per line


@given(all_charges(), all_terms(), st.sampled_from(FOR_ITSELF))
def test_a_tax_for_itself_is_rounded_on_its_own_amount(
    charges: Charges, known: PricingTerms, policy: RoundingPolicy
) -> None:
    """FEE-8: tax is per record and rounded there."""
    found, rules = taxed(charges, known.rounded_by(policy)), known.tax_rules
    for each in found.lines:
        assert each.taxes == rules.on(each.amount, each.tax_category)
        for fee in each.fees:
            assert fee.taxes == rules.on(fee.amount, fee.tax_category)
    for charge in on_order(found):
        assert charge.taxes == rules.on(charge.amount, charge.tax_category)


# ---------------------------------------------------------------- tax per rate


@given(all_charges(), all_terms())
def test_the_tax_of_a_rate_is_at_most_half_a_unit_from_that_on_the_sum(charges: Charges, known: PricingTerms) -> None:
    per_rate = known.rounded_by(RoundingPolicy.TAX_PER_RATE)
    found: dict[TaxRateId, int] = defaultdict(int)
    for tax in taxes(taxed(charges, per_rate)):
        found[tax.rate] += tax.amount.minor
    for rate, exact in exact_by_rate(charges, known).items():
        assert abs(exact - found[rate]) <= Fraction(1, 2)


@given(all_charges(), all_terms())
def test_each_tax_of_a_rate_is_less_than_one_unit_from_its_own(charges: Charges, known: PricingTerms) -> None:
    per_rate = known.rounded_by(RoundingPolicy.TAX_PER_RATE)
    assert all(abs(tax.remainder) < 1 for tax in taxes(taxed(charges, per_rate)))


def test_tax_of_two_lines_is_rounded_once() -> None:
    """FEE-8: 2.50 and 7.50 at 5 % give 0.13 + 0.38; on their sum it is 0.50."""
    charges = charges_of(line(250), line(750))
    assert minor_taxes(taxed(charges, terms(added("0.05"), policy=RoundingPolicy.PER_UNIT))) == [13, 38]
    assert minor_taxes(taxed(charges, terms(added("0.05"), policy=RoundingPolicy.TAX_PER_RATE))) == [13, 37]


def test_tax_of_product_and_fee_is_rounded_once() -> None:
    """FEE-14, issue 847: 0.66 where each is rounded, 0.65 on the sum."""
    charges = charges_of(line(625, 1, fee_charge(25)))
    apart = taxed(charges, terms(added("0.1"), policy=RoundingPolicy.PER_UNIT))
    together = taxed(charges, terms(added("0.1"), policy=RoundingPolicy.TAX_PER_RATE))
    assert (sum(minor_taxes(apart)), sum(minor_taxes(together))) == (66, 65)


def test_each_rate_has_its_own_sum() -> None:
    """A food and a service rate, each rounded once."""
    rates = _two_rates()
    charges = charges_of(line(250), line(750), fees=(fee_charge(2, TaxCategoryId("service")),))
    found = taxed(charges, terms(*rates, policy=RoundingPolicy.TAX_PER_RATE))
    assert [(tax.rate, tax.amount.minor, tax.remainder) for tax in taxes(found)] == [
        ("food-rate", 13, Fraction(-1, 2)),
        ("food-rate", 37, Fraction(1, 2)),
        ("service-rate", 0, Fraction(2, 5)),
    ]


def _two_rates() -> tuple[TaxRate, TaxRate]:
    service = worlds.tax_rate(
        "service-rate", amount=Decimal("0.2"), included_in_price=False, tax_category=TaxCategoryId("service")
    )
    return added("0.05"), service


# ---------------------------------------------------------------- the price with tax kept


@given(
    st.integers(0, 3_000),
    st.lists(st.integers(0, 300), max_size=3),
    st.integers(1, 50),
    st.decimals(min_value=0, max_value=1, places=5),
)
def test_what_a_line_costs_with_tax_is_that_of_one_unit_times_the_quantity(
    price: int, fees: list[int], quantity: int, amount: Decimal
) -> None:
    """The goal of the policy: the price on the shelf, with fees and tax, times the quantity."""
    known = terms(added(str(amount)), policy=RoundingPolicy.KEEP_GROSS)

    def with_tax(times: int) -> int:
        found = taxed(charges_of(line(price, times, *(fee_charge(each * times) for each in fees))), known)
        return (price + sum(fees)) * times + sum(minor_taxes(found))

    assert with_tax(quantity) == with_tax(1) * quantity
    assert abs(with_tax(1) - (price + sum(fees)) * (1 + Fraction(amount))) <= Fraction(1, 2)


@given(all_charges(), all_terms())
def test_keeping_the_gross_leaves_tax_inside_prices_alone(charges: Charges, known: PricingTerms) -> None:
    gross, unit = (
        [tax for tax in taxes(taxed(charges, known.rounded_by(policy))) if tax.included]
        for policy in (RoundingPolicy.KEEP_GROSS, RoundingPolicy.PER_UNIT)
    )
    assert gross == unit


def test_price_and_fee_of_a_unit_are_taxed_together() -> None:
    """Three at 1.05 with a fee of 0.07 each, at 20 %: 1.344 is 1.34, and 1.34 x 3 is 4.02."""
    charges = charges_of(line(105, 3, fee_charge(21)))
    known = terms(added("0.2"), policy=RoundingPolicy.KEEP_GROSS)
    assert minor_taxes(taxed(charges, known)) == [63, 3]
    assert minor_taxes(taxed(charges, known.rounded_by(RoundingPolicy.PER_UNIT))) == [63, 4]


def test_two_rates_on_one_price_are_rounded_together() -> None:
    """0.50 at 5 % twice is 0.55, not 0.56."""
    second = added("0.05")
    both = (added("0.05"), attrs.evolve(second, id=TaxRateId("second")))
    charges = charges_of(line(50))
    assert minor_taxes(taxed(charges, terms(*both, policy=RoundingPolicy.PER_UNIT))) == [3, 3]
    assert minor_taxes(taxed(charges, terms(*both, policy=RoundingPolicy.KEEP_GROSS))) == [3, 2]


# ---------------------------------------------------------------- currencies, owners, kept taxes


@pytest.mark.parametrize("currency", ["JPY", "TND", "EUR"])
def test_taxes_are_whole_minor_units_of_their_currency(currency: str) -> None:
    """FEE-14: by the currency's own exponent; 130 yen, 0.130 dinar and 1.30 euro at 10 % give 13 of their units."""
    charges = charges_of(
        worlds.order_line("eggs", price=Money(130, currency), tax_category=FOOD),
        shipping=attrs.evolve(shipping(), amount=Money(0, currency)),
    )
    for policy in RoundingPolicy:
        found = taxed(charges, terms(added("0.1"), policy=policy, currency=currency))
        assert minor_taxes(found) == [13]
        assert {each.amount.currency for each in taxes(found)} == {currency}


@given(policies)
def test_fees_of_untaxed_owners_carry_no_tax(policy: RoundingPolicy) -> None:
    known = terms(added("0.2"), policy=policy, untaxed_owners=frozenset({EnterpriseId("hub")}))
    found = taxed(charges_of(line(100, 1, fee_charge(100)), fees=(fee_charge(100),)), known)
    assert minor_taxes(found) == [20]


@given(policies)
def test_a_charge_whose_terms_are_not_known_keeps_its_taxes(policy: RoundingPolicy) -> None:
    """FEE-13.16."""
    old = TaxCharge(rate=TaxRateId("old"), name="Old", amount=Money(7, "EUR"), included=False)
    unknown = attrs.evolve(fee_charge(100, None), calculator=None, taxes=(old,))
    found = taxed(charges_of(line(100), fees=(unknown,)), terms(added("0.2"), policy=policy))
    assert minor_taxes(found) == [20, 7]


@given(all_charges(), all_terms(), policies)
def test_an_order_is_taxed_by_its_own_policy(charges: Charges, known: PricingTerms, policy: RoundingPolicy) -> None:
    """Whatever its shop has chosen since."""
    order = _order(charges, policy)
    found = taxed(charges, known.rounded_by(policy))
    assert with_taxes(order, known) == _order(found, policy)


def _order(charges: Charges, policy: RoundingPolicy) -> Order:
    return worlds.order(
        lines=charges.lines,
        fees=charges.fees,
        shipping=charges.shipping,
        adjustments=charges.adjustments,
        rounding=policy,
    )
