"""What an order is charged: laws of the whole (FEE-5 to FEE-9)."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fees.strategies import DISTRIBUTORS, PER_UNIT, SUPPLIERS, Market, fees, markets
from ofncore.fees.assessment import Assessment
from ofncore.fees.calculators import FlatRate
from ofncore.fees.charging import charged
from ofncore.fees.price_book import price_book
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import CurrencyMismatchError, MoneyError, NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN
from ofncore.model.calculator import Calculator
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import EnterpriseFee, FeeRole, FeeType
from ofncore.model.order import FeeCharge, OrderLine, TaxCharge
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

NEW = FeeId("new-fee")


def charges(found: Assessment) -> Counter[object]:
    """Return every charge with what it is on, without order."""
    on_lines = [(line.variant, fee) for line in found.lines for fee in line.fees]
    line_taxes = [(line.variant, tax) for line in found.lines for tax in line.taxes]
    return Counter([*on_lines, *line_taxes, *(("order", fee) for fee in found.fees), found.shipping, found.payment])


def with_fee_at(cycle: OrderCycle, place: str) -> OrderCycle:
    """Return *cycle* with the new fee attached at the end of one place."""
    incoming = tuple(_with_fee(each) if each.supplier == place else each for each in cycle.incoming)
    outgoing = tuple(_with_fee(each) if each.distributor == place else each for each in cycle.outgoing)
    coordinated = (*cycle.coordinator_fees, NEW) if place == "cycle" else cycle.coordinator_fees
    return attrs.evolve(cycle, incoming=incoming, outgoing=outgoing, coordinator_fees=coordinated)


def _with_fee(exchange: Any) -> Any:  # noqa: ANN401 - an exchange of either direction
    return attrs.evolve(exchange, fees=(*exchange.fees, NEW))


def without_new(found: Assessment) -> Assessment:
    return attrs.evolve(
        found,
        lines=tuple(attrs.evolve(line, fees=kept(line.fees)) for line in found.lines),
        fees=kept(found.fees),
    )


def kept(found: tuple[FeeCharge, ...]) -> tuple[FeeCharge, ...]:
    return tuple(each for each in found if each.fee != NEW)


def added(taxes: tuple[TaxCharge, ...]) -> Money:
    return Money.total((tax.amount for tax in taxes if not tax.included), "EUR")


@given(markets())
def test_the_total_is_the_sum_of_all_parts(market: Market) -> None:
    order = market.order()
    parts = [line.price.minor * line.quantity for line in market.lines]
    parts += [fee.amount.minor for line in order.lines for fee in line.fees]
    parts += [fee.amount.minor for fee in order.fees]
    parts += [order.shipping.amount.minor, order.payment.amount.minor]
    parts += [tax.amount.minor for tax in order.tax_charges() if not tax.included]
    assert order.total.minor == sum(parts)


@given(markets())
def test_every_occurrence_is_charged_once_zero_amounts_too(market: Market) -> None:
    """FEE-5, FEE-6."""
    found, applicable = market.assessed(), market.terms.cycle_fees
    for line in found.lines:
        assert occurrences(line.fees) == occurrences(applicable.per_item(line.variant))
    ordered = {line.variant: line.supplier for line in market.lines}
    assert occurrences(found.fees) == occurrences(applicable.per_order(ordered))


def occurrences(found: Any) -> list[object]:  # noqa: ANN401 - charges, or occurrences themselves
    return [(getattr(each.fee, "id", each.fee), each.role, each.exchange) for each in found]


@given(markets())
def test_only_fees_and_taxes_of_the_lines_change(market: Market) -> None:
    """`wanted` and all else stays."""
    bare = [attrs.evolve(line, fees=(), taxes=()) for line in market.assessed().lines]
    assert tuple(bare) == market.lines


@given(markets())
def test_charging_again_changes_nothing(market: Market) -> None:
    once = market.assessed()
    assert attrs.evolve(market, lines=once.lines).assessed() == once


@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_fees_exchanges_and_lines_is_irrelevant(market: Market, chance: Any) -> None:  # noqa: ANN401 - a random.Random
    def shuffled(items: Any) -> Any:  # noqa: ANN401 - any tuple
        return tuple(chance.sample(items, len(items)))

    cycle = market.terms.cycle
    mixed = market.with_cycle(
        coordinator_fees=shuffled(cycle.coordinator_fees),
        incoming=shuffled([attrs.evolve(each, fees=shuffled(each.fees)) for each in cycle.incoming]),
        outgoing=shuffled([attrs.evolve(each, fees=shuffled(each.fees)) for each in cycle.outgoing]),
    )
    mixed = attrs.evolve(mixed, lines=shuffled(market.lines))
    assert charges(mixed.assessed()) == charges(market.assessed())
    assert mixed.order().total == market.order().total


@given(markets(), fees(NEW), st.sampled_from(("cycle", *SUPPLIERS, *DISTRIBUTORS)))
def test_a_further_fee_changes_the_total_by_itself_alone(market: Market, fee: EnterpriseFee, place: str) -> None:
    """Percentages do not compound, and no fee looks at another (FEE-3)."""
    dearer = market.with_terms(fees={**market.terms.fees, NEW: fee}, cycle=with_fee_at(market.terms.cycle, place))
    before, after = market.order(), dearer.order()
    new = [each for each in after.fee_charges() if each.fee == NEW]
    assert without_new(dearer.assessed()) == market.assessed()
    extra = Money.total((each.amount + added(each.taxes) for each in new), "EUR")
    assert after.total - before.total == extra


@given(markets(), st.sampled_from(["fee-0", "fee-1"]))
def test_a_deleted_fee_charges_as_if_it_had_never_been(market: Market, key: str) -> None:
    assume(FeeId(key) in market.terms.fees)
    gone = attrs.evolve(market.terms.fees[FeeId(key)], deleted=True)
    found = market.with_terms(fees={**market.terms.fees, FeeId(key): gone}).assessed()
    expected = market.assessed()
    assert [line.fees for line in found.lines] == [
        tuple(each for each in line.fees if each.fee != key) for line in expected.lines
    ]
    assert found.fees == tuple(each for each in expected.fees if each.fee != key)


@given(markets())
def test_per_unit_fees_of_a_line_are_the_shown_fees_times_the_quantity(market: Market) -> None:
    """FEE-13.1."""
    book = price_book(market.terms, market.variants.values())
    for line in market.assessed().lines:
        for charge, share in zip(line.fees, book[line.variant].fees, strict=True):
            if isinstance(market.terms.fees[charge.fee].calculator, PER_UNIT):
                assert charge.amount == share.amount * line.quantity


@given(markets(), st.integers(min_value=2, max_value=9))
def test_charges_of_a_line_scale_with_it_but_for_the_rounding_of_its_fees(market: Market, times: int) -> None:
    scaled = attrs.evolve(
        market, lines=tuple(attrs.evolve(each, quantity=each.quantity * times) for each in market.lines)
    )
    for small, large in zip(market.assessed().lines, scaled.assessed().lines, strict=True):
        assert large.amount == small.amount * times
        for one, many in zip(small.fees, large.fees, strict=True):
            # Each of the two is off by half a cent at most.
            assert abs(many.amount.minor - times * one.amount.minor) <= Fraction(times + 1, 2)


@given(markets())
def test_a_line_of_nothing_keeps_its_fees_at_zero(market: Market) -> None:
    """FEE-6: records of zero are kept."""
    nothing = attrs.evolve(market, lines=tuple(attrs.evolve(each, quantity=0) for each in market.lines)).assessed()
    for line, full in zip(nothing.lines, market.assessed().lines, strict=True):
        assert [each.amount for each in line.fees] == [euros("0.00")] * len(full.fees)
        assert line.taxes == ()


@given(markets())
def test_a_distributor_that_charges_no_tax_charges_the_rest(market: Market) -> None:
    """FEE-8."""
    exempt = market.with_terms(distributor=worlds.enterprise("hub", charges_sales_tax=False)).order()
    taxed = market.order()
    assert list(exempt.tax_charges()) == []
    assert exempt.total == taxed.total - taxed.added_tax_total


@given(markets())
def test_each_charge_is_taxed_by_its_own_category(market: Market) -> None:
    """FEE-7, FEE-8."""
    found, rules = market.assessed(), market.terms.tax_rules
    for line in found.lines:
        assert line.taxes == rules.on(line.amount, line.tax_category)
        for charge in line.fees:
            assert charge.taxes == rules.on(charge.amount, category_of(market, charge, line))
    for charge in found.fees:
        assert charge.taxes == rules.on(charge.amount, category_of(market, charge, None))
    assert found.shipping.taxes == rules.on(found.shipping.amount, market.shipping.tax_category)


def category_of(market: Market, charge: FeeCharge, line: OrderLine | None) -> TaxCategoryId | None:
    fee = market.terms.fees[charge.fee]
    if fee.inherits_tax_category:
        assert line is not None, "a fee on the order has no line to inherit from"
        return line.tax_category
    return fee.tax_category


@given(markets())
def test_shipping_and_payment_look_at_item_prices_alone(market: Market) -> None:
    """FEE-9: the fees of the cycle change nothing for them."""
    bare = market.with_cycle(coordinator_fees=(), incoming=(), outgoing=()).assessed()
    found = market.assessed()
    assert bare.shipping.amount == found.shipping.amount
    assert bare.payment == found.payment


@given(markets())
def test_an_order_without_lines_has_the_coordinators_order_fees_alone(market: Market) -> None:
    """FEE-13.8."""
    found = attrs.evolve(market, lines=()).assessed()
    assert found.lines == ()
    assert {each.role for each in found.fees} <= {FeeRole.COORDINATOR}


def small_market(**changes: Any) -> Market:  # noqa: ANN401 - fields of the market
    """Return an order of two eggs at the hub, whose coordinator takes ten percent."""
    plain = Market(
        terms=PricingTerms(
            cycle=worlds.order_cycle(),
            distributor=worlds.enterprise("hub"),
            fees={FeeId("admin-fee"): worlds.fee(tax_category=TaxCategoryId("food"))},
            tax_rates=(worlds.tax_rate(),),
        ),
        variants={VariantId("eggs"): worlds.variant("eggs")},
        lines=(worlds.order_line("eggs", quantity=2, tax_category=TaxCategoryId("food")),),
        shipping=worlds.shipping_method("round", calculator=worlds.calculator("flat_rate", amount=Decimal(4))),
        payment=worlds.payment_method(
            "card", calculator=worlds.calculator("flat_percent_item_total", flat_percent=Decimal("1.50"))
        ),
    )
    return attrs.evolve(plain, **changes)


def test_an_order_is_charged_line_by_line() -> None:
    """Two eggs at 3.20: 6.40, fee 0.64, round 4.00, card 0.10; tax inside at 5.5 %: 0.33 and 0.03."""
    order = small_market().order()
    assert order.item_total == euros("6.40")
    assert order.fee_total == euros("0.64")
    assert (order.shipping.name, order.shipping.amount) == ("Round", euros("4.00"))
    assert (order.payment.name, order.payment.amount) == ("Card", euros("0.10"))
    assert order.total == euros("11.14")
    assert [tax.amount for tax in order.tax_charges()] == [euros("0.33"), euros("0.03")]


def test_a_charge_tells_who_gets_it_and_why() -> None:
    (charge,) = small_market().assessed().lines[0].fees
    assert (charge.fee, charge.name, charge.fee_type) == (FeeId("admin-fee"), "Admin fee", FeeType.ADMIN)
    assert (charge.role, charge.enterprise, charge.exchange) == (FeeRole.COORDINATOR, EnterpriseId("hub"), None)


def test_the_price_of_the_line_counts_not_that_of_the_catalogue() -> None:
    """FEE-6: a line keeps the price it was made with."""
    dearer = {VariantId("eggs"): worlds.variant("eggs", price=euros("9.99"))}
    assert small_market(variants=dearer).assessed() == small_market().assessed()


def test_a_discount_rounds_half_a_cent_away_from_zero() -> None:
    """-2.5 % of 0.20 is -0.005 (FEE-2.2)."""
    discount = worlds.fee(calculator=worlds.calculator("flat_percent_item_total", flat_percent=Decimal("-2.50")))
    market = small_market(lines=(worlds.order_line("eggs", price=euros("0.20")),))
    found = market.with_terms(fees={FeeId("admin-fee"): discount}).assessed()
    assert found.lines[0].fee_amount == euros("-0.01")


def test_a_line_in_another_currency_is_an_error() -> None:
    line = worlds.order_line("eggs", price=Money.of("3.20", "CHF"))
    with pytest.raises(CurrencyMismatchError, match="cannot combine CHF with EUR"):
        small_market(lines=(line,)).assessed()


def test_a_line_of_an_unknown_variant_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="there is no variant 'eggs'"):
        small_market(variants={}).assessed()


@attrs.frozen
class Careless(Calculator):
    """A host's calculator that answers with whatever it was given."""

    kind = "careless"
    per_order = False
    answer: Any

    def charge(self, lines: Any, *, minor_per_unit: int) -> Fraction:  # noqa: ANN401, ARG002 - a sketch
        answer: Fraction = self.answer
        return answer


@pytest.mark.parametrize("answer", [1.0, 0.0, Decimal("0.5"), 1, None])
def test_no_float_reaches_money(answer: object) -> None:
    """Nor anything else that is no exact fraction."""
    fee = worlds.fee(calculator=Careless(answer))
    market = small_market().with_terms(fees={FeeId("admin-fee"): fee})
    with pytest.raises(MoneyError, match="calculator 'careless' must charge a Fraction"):
        market.assessed()
    with pytest.raises(MoneyError, match="calculator 'careless' must charge a Fraction"):
        price_book(market.terms, market.variants.values())


def test_a_currency_without_cents_is_charged_in_whole_units() -> None:
    """FEE-2.6: no special care; 10 % of 325 yen is 32.5 and becomes 33."""
    yen = small_market(lines=(worlds.order_line("eggs", quantity=2, price=Money(325, "JPY")),)).with_terms(
        distributor=worlds.enterprise("hub", currency="JPY")
    )
    found = yen.assessed()
    assert found.lines[0].fee_amount == Money(66, "JPY")
    assert found.shipping.amount == Money(4, "JPY")
    assert found.payment.amount == Money(10, "JPY")


def test_the_terms_of_many_orders_are_made_ready_once() -> None:
    terms = small_market().terms
    assert terms.cycle_fees is terms.cycle_fees
    assert terms.tax_rules is terms.tax_rules


@pytest.mark.parametrize(("amount", "is_refused"), [("99999999.99", False), ("100000000.00", True)])
def test_in_the_profile_of_the_original_a_fee_has_eight_digits_at_most(amount: str, is_refused: bool) -> None:  # noqa: FBT001 - a column
    """FEE-2.1, code `amount-digits`; by specification money has as many digits as it needs."""
    of_shop = PricingTerms(cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={})
    fee = FlatRate(amount=Decimal(amount))
    assert charged(fee, [], of_shop) == Money.of(amount, "EUR")
    if is_refused:
        with pytest.raises(MoneyError, match="at most 8 digits before the point"):
            charged(fee, [], attrs.evolve(of_shop, profile=OFN))
    else:
        assert charged(fee, [], attrs.evolve(of_shop, profile=OFN)) == Money.of(amount, "EUR")
