"""Orders under each rounding policy, and under two of them side by side (FEE-13.1, FEE-14)."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import Market, featured_markets, markets
from ofncore.fees.assessment import chargeable_of
from ofncore.fees.calculators import FlatPercentPerItem
from ofncore.fees.charges import PricedLine, seen_by
from ofncore.fees.limits import limits_of
from ofncore.fees.remainders import remainder_of
from ofncore.fees.rounding_compared import RoundingComparison, compare_rounding
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import OrderId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.order import FeeCharge, Order, OrderLine, OrderState
from ofncore.testing import worlds

policies = st.sampled_from(RoundingPolicy)
PER_UNIT, PER_LINE, TAX_PER_RATE, KEEP_GROSS = RoundingPolicy


def under(market: Market, policy: RoundingPolicy) -> Market:
    return attrs.evolve(market, terms=market.terms.rounded_by(policy))


def order_of(market: Market, policy: RoundingPolicy, key: str = "order-1") -> Order:
    return attrs.evolve(under(market, policy).order(), id=OrderId(key), rounding=policy, state=OrderState.RECEIVED)


def tariff_of(market: Market) -> Tariff:
    return Tariff(terms=market.terms, variants=market.variants, shipping=market.shipping, payment=market.payment)


def compared(market: Market, first: RoundingPolicy, second: RoundingPolicy) -> RoundingComparison:
    order = order_of(market, first)
    return compare_rounding([order], {order.id: tariff_of(market)}, first, second, currency="EUR")


# ---------------------------------------------------------------- one order under one policy


@given(featured_markets(), policies)
def test_what_an_order_is_charged_and_its_remainder_are_exact(market: Market, policy: RoundingPolicy) -> None:
    """The exact sum is that of all calculators, and of all rates on what is charged."""
    found, order = under(market, policy).assessed(), order_of(market, policy)
    charged = order.total.minor + order.included_tax_total.minor - order.item_total.minor
    assert found.rounding is policy
    assert charged + found.remainder == exact_charges(market, order) + exact_taxes(market, order)


def exact_charges(market: Market, order: Order) -> Fraction:
    """Return fees, shipping and payment without any rounding."""
    terms = under(market, order.rounding).terms
    priced = [PricedLine(line, chargeable_of(line, market.variants, terms)) for line in order.lines]
    on_lines = [(fee, [each.seen(fee.base, terms)]) for each in priced for fee in each.line.fees]
    on_order = [(fee, seen_by(fee, priced, terms)) for fee in order.fees]
    fees = sum((exact(fee, lines) for fee, lines in (*on_lines, *on_order)), Fraction())
    items = [each.chargeable for each in priced]
    return fees + sum((exact_amount(each.calculator, items) for each in (order.shipping, order.payment)), Fraction())


def exact(fee: FeeCharge, lines: list[ChargeableLine]) -> Fraction:
    amount, within = exact_amount(fee.calculator, lines), limits_of(fee, lines, 100)
    return amount if within is None else within(amount)


def exact_amount(calculator: Calculator | None, lines: list[ChargeableLine]) -> Fraction:
    return calculator.exact(lines, minor_per_unit=100) if calculator else Fraction()


def exact_taxes(market: Market, order: Order) -> Fraction:
    """Return the taxes on what is charged, added and inside, without any rounding."""
    amounts = [(each.amount.minor, each.tax_category) for each in order.lines]
    amounts += [(each.amount.minor, each.tax_category) for each in order.fee_charges()]
    amounts += [(order.shipping.amount.minor, order.shipping.tax_category)]
    return sum(
        (
            minor * Fraction(rate.amount) / (1 + Fraction(rate.amount) if rate.included_in_price else 1)
            for minor, category in amounts
            for rate in market.terms.tax_rates
            if rate.tax_category == category
        ),
        Fraction(),
    )


@given(markets(), policies)
def test_the_remainder_of_an_order_lacks_only_taxes_without_a_record(market: Market, policy: RoundingPolicy) -> None:
    """FEE-8: a tax that rounds to zero for itself has none; as a part of the sum of its rate it has."""
    lost = under(market, policy).assessed().remainder - remainder_of(order_of(market, policy))
    if policy is TAX_PER_RATE:
        assert lost == 0
    taxes = 3 * (1 + sum(1 for _ in order_of(market, policy).fee_charges()) + len(market.lines))
    assert abs(lost) < Fraction(taxes, 2)


# ---------------------------------------------------------------- two policies


@given(featured_markets(), policies, policies)
def test_an_order_is_compared_as_each_policy_charges_it(
    market: Market, first: RoundingPolicy, second: RoundingPolicy
) -> None:
    """By the terms that it holds, each side is what it would have been charged under that policy."""
    (found,) = compared(market, first, second).orders
    assert found.first == order_of(market, first)
    assert found.second == order_of(market, second)


def test_an_order_without_a_tariff_is_told() -> None:
    with pytest.raises(NotFoundError, match="tariff for order 'order-1'"):
        compare_rounding([worlds.order()], {}, PER_UNIT, PER_LINE, currency="EUR")


@given(markets(), policies)
def test_a_policy_does_not_part_from_itself(market: Market, policy: RoundingPolicy) -> None:
    found = compared(market, policy, policy)
    assert found.parted == ()
    assert not any(each.difference or each.tax_difference for each in found.orders[0].charges)


@given(markets(), policies, policies)
def test_the_differences_add_up(market: Market, first: RoundingPolicy, second: RoundingPolicy) -> None:
    """Of the charges and of the added taxes to that of the order; of the taxes by charge to those by rate."""
    comparison = compared(market, first, second)
    (found,) = comparison.orders
    charges = sum(each.difference.minor for each in found.charges)
    taxes = sum(each.tax_difference.minor for each in found.charges)
    added = found.second.added_tax_total - found.first.added_tax_total
    assert charges + added.minor == found.difference.minor == comparison.difference.minor
    assert taxes == sum(each.difference.minor for each in found.rates)
    assert comparison.rates == found.rates


@given(markets(), policies, policies)
def test_the_policies_may_change_places(market: Market, first: RoundingPolicy, second: RoundingPolicy) -> None:
    there, back = compared(market, first, second), compared(market, second, first)
    assert back.difference == -there.difference
    assert [-each.difference for each in back.rates] == [each.difference for each in there.rates]


@given(st.lists(markets(), max_size=2), policies, policies)
def test_orders_of_a_cycle_add_up(many: list[Market], first: RoundingPolicy, second: RoundingPolicy) -> None:
    orders = {
        f"order-{number}": (order_of(each, PER_UNIT, f"order-{number}"), each) for number, each in enumerate(many)
    }
    tariffs = {order.id: tariff_of(market) for order, market in orders.values()}
    found = compare_rounding([order for order, _ in orders.values()], tariffs, first, second, currency="EUR")
    assert found.second - found.first == found.difference
    assert found.difference == Money.total((each.difference for each in found.orders), "EUR")
    by_rate = sum(rate.difference.minor for each in found.orders for rate in each.rates)
    assert by_rate == sum(rate.difference.minor for rate in found.rates)


@given(markets())
def test_orders_that_do_not_count_are_left_out(market: Market) -> None:
    """ORD-D7."""
    cancelled = attrs.evolve(order_of(market, PER_UNIT), state=OrderState.CANCELLED)
    found = compare_rounding([cancelled], {}, PER_UNIT, PER_LINE, currency="EUR")
    assert (found.orders, found.first) == ((), Money.zero("EUR"))


# ---------------------------------------------------------------- named cases


def small_market(*lines: OrderLine, percent: str, tax: str, currency: str = "EUR") -> Market:
    """Return a market where everything carries *percent* for the coordinator, and goods an added *tax*."""
    goods = [worlds.variant(line.variant, price=line.price) for line in lines]
    fee = worlds.fee(calculator=FlatPercentPerItem(flat_percent=Decimal(percent)), inherits_tax_category=True)
    cycle = worlds.order_cycle(
        incoming=(worlds.incoming("farm", *(each.id for each in goods)),),
        outgoing=(worlds.outgoing("hub", *(each.id for each in goods)),),
        coordinator_fees=(fee.id,),
    )
    terms = PricingTerms(
        cycle=cycle,
        distributor=worlds.enterprise("hub", currency=currency),
        fees={fee.id: fee},
        tax_rates=(worlds.tax_rate(amount=Decimal(tax), included_in_price=False),),
    )
    return Market(
        terms=terms,
        variants={each.id: each for each in goods},
        lines=lines,
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )


def some(variant: str, quantity: int, minor: int, currency: str = "EUR") -> OrderLine:
    return worlds.order_line(
        variant, quantity=quantity, price=Money(minor, currency), tax_category=TaxCategoryId("food")
    )


@pytest.mark.parametrize(
    ("lines", "percent", "tax", "totals"),
    [
        # Issue 312: 10 % on 55.55, two items.
        ([("eggs", 2, 5555)], "10", "0", (12222, 12221, 12222, 12222)),
        # FEE-3, FEE-13.1: 144 at 0.15 with 3.33 %.
        ([("eggs", 144, 15)], "3.33", "0", (2160, 2232, 2160, 2160)),
        # FEE-8: 2.50 and 7.50 at 5 %.
        ([("eggs", 1, 250), ("leeks", 1, 750)], "0", "0.05", (1051, 1051, 1050, 1051)),
        # Issue 847: 10 % on 6.25 and on its fee of 0.25.
        ([("eggs", 1, 625)], "4", "0.1", (716, 716, 715, 715)),
        # Ten at 0.55 and 10 %: each is 0.61 with tax.
        ([("eggs", 10, 55)], "0", "0.1", (605, 605, 605, 610)),
    ],
)
def test_where_the_policies_part(
    lines: list[tuple[str, int, int]], percent: str, tax: str, totals: tuple[int, ...]
) -> None:
    market = small_market(*(some(*line) for line in lines), percent=percent, tax=tax)
    assert tuple(order_of(market, policy).total.minor for policy in RoundingPolicy) == totals


@pytest.mark.parametrize("currency", ["JPY", "TND"])
def test_each_currency_has_its_own_minor_units(currency: str) -> None:
    """FEE-14: 5 % of 90 yen, or of 0.090 dinar, is 4.5 of their units, and for three 13.5."""
    market = small_market(some("eggs", 3, 90, currency), percent="5", tax="0", currency=currency)
    found = [under(market, policy).assessed().lines[0].fees[0] for policy in (PER_UNIT, PER_LINE)]
    assert [fee.amount for fee in found] == [Money(15, currency), Money(14, currency)]
    assert [fee.remainder for fee in found] == [Fraction(-3, 2), Fraction(-1, 2)]


def test_a_comparison_tells_where() -> None:
    """2.50 and 7.50 at 5 %: the second line carries a cent less where the tax of the rate is rounded once."""
    market = small_market(some("eggs", 1, 250), some("leeks", 1, 750), percent="0", tax="0.05")
    found = compared(market, PER_UNIT, TAX_PER_RATE)
    (order,) = found.parted
    assert [(each.variant, each.tax_difference.minor) for each in order.charges if each.tax_difference] == [
        ("leeks", -1)
    ]
    (rate,) = found.rates
    assert (rate.first.minor, rate.second.minor, rate.difference.minor) == (51, 50, -1)
    assert (rate.first_remainder, rate.second_remainder) == (Fraction(-1), Fraction(0))
    assert order.remainder_difference == 1
