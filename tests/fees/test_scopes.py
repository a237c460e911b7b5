"""How often a fee is charged, and on what (FEE-4, FEE-14)."""

from collections import Counter
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given

from fees.strategies import Market, featured_markets, markets
from ofncore.fees.applicability import repeated_fees
from ofncore.fees.assessment import Assessment, assess
from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator
from ofncore.model.enterprise import ShopSettings
from ofncore.model.fee import ChargedPer, FeeRole
from ofncore.model.order import OrderLine
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FARM, DAIRY = EnterpriseId("farm"), EnterpriseId("dairy")
SUPPLIER_OF = {"carrots": FARM, "eggs": FARM, "cheese": DAIRY}
VAN = FlatRate(amount=Decimal("5.00"))

Rows = list[tuple[str, str | None, str | None, str]]


def terms(charged_per: ChargedPer, calculator: Calculator = VAN, **cycle: Any) -> PricingTerms:  # noqa: ANN401 - fields of the cycle
    """Return terms by which the fee ``van`` is charged where *cycle* attaches it."""
    return PricingTerms(
        cycle=worlds.order_cycle(**({"coordinator_fees": ()} | cycle)),
        distributor=worlds.enterprise(),
        fees={worlds.fee("van").id: worlds.fee("van", calculator=calculator, charged_per=charged_per)},
    )


def assessed(known: PricingTerms, **quantities: int) -> Assessment:
    lines = [
        worlds.order_line(key, quantity=quantity, supplier=SUPPLIER_OF[key], price=euros("10.00"))
        for key, quantity in quantities.items()
    ]
    return assess(
        lines,
        terms=known,
        variants={line.variant: worlds.variant(line.variant, price=line.price) for line in lines},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )


def order_rows(found: Assessment) -> Rows:
    return [(each.role, each.exchange, each.supplier, str(each.amount.amount)) for each in found.fees]


EVERYWHERE: Any = {
    "coordinator_fees": ("van",),
    "incoming": (
        worlds.incoming("farm", "carrots", "eggs", fees=("van",)),
        worlds.incoming("dairy", "cheese", fees=("van",)),
    ),
    "outgoing": (worlds.outgoing("hub", "carrots", "cheese", "eggs", fees=("van",)),),
}


@pytest.mark.parametrize("charged_per", [ChargedPer.CALCULATOR, ChargedPer.EXCHANGE])
def test_once_for_each_exchange_that_carries_any_of_the_order_and_for_the_cycle(charged_per: ChargedPer) -> None:
    """FEE-13.7: nothing comes from the dairy."""
    found = assessed(terms(charged_per, **EVERYWHERE), eggs=2, carrots=1)
    assert order_rows(found) == [
        ("supplier", "farm", None, "5.00"),
        ("distributor", "hub", None, "5.00"),
        ("coordinator", None, None, "5.00"),
    ]


def test_once_for_the_order_wherever_it_is_attached() -> None:
    """FEE-14: in the first place that charges it."""
    known = terms(ChargedPer.ORDER, **EVERYWHERE)
    assert order_rows(assessed(known, eggs=2, cheese=1)) == [("supplier", "farm", None, "5.00")]
    assert order_rows(assessed(known, cheese=1)) == [("supplier", "dairy", None, "5.00")]


def test_once_for_each_supplier_in_the_order() -> None:
    """FEE-14: for each, in the first place that reaches its goods."""
    known = terms(ChargedPer.SUPPLIER, coordinator_fees=("van",))
    assert order_rows(assessed(known, eggs=2, carrots=1, cheese=1)) == [
        ("coordinator", None, "farm", "5.00"),
        ("coordinator", None, "dairy", "5.00"),
    ]
    assert len(assessed(terms(ChargedPer.SUPPLIER, **EVERYWHERE), eggs=2, cheese=1).fees) == 2


def test_an_incoming_exchange_reaches_the_suppliers_of_what_it_carries() -> None:
    sent = (worlds.incoming("farm", "carrots", "eggs", fees=("van",)), worlds.incoming("dairy", "cheese"))
    found = assessed(terms(ChargedPer.SUPPLIER, incoming=sent), eggs=1, cheese=1)
    assert order_rows(found) == [("supplier", "farm", "farm", "5.00")]


def test_for_a_supplier_only_its_lines_are_looked_at() -> None:
    known = terms(ChargedPer.SUPPLIER, PerItem(amount=Decimal("0.10")), coordinator_fees=("van",))
    found = assessed(known, eggs=2, carrots=1, cheese=4)
    assert order_rows(found) == [("coordinator", None, "farm", "0.30"), ("coordinator", None, "dairy", "0.40")]


def test_a_flat_rate_can_be_charged_on_each_line() -> None:
    """Also on a line of nothing, as the calculator says."""
    found = assessed(terms(ChargedPer.LINE, coordinator_fees=("van",)), eggs=2, cheese=0)
    assert [[each.amount for each in line.fees] for line in found.lines] == [[euros("5.00")], [euros("5.00")]]
    assert found.fees == ()


def test_a_percentage_can_be_charged_once_on_the_order() -> None:
    percent = worlds.calculator("flat_percent_item_total", flat_percent=Decimal(10))
    found = assessed(terms(ChargedPer.ORDER, percent, coordinator_fees=("van",)), eggs=2, cheese=1)
    assert order_rows(found) == [("coordinator", None, None, "3.00")]
    assert all(line.fees == () for line in found.lines)


@pytest.mark.parametrize(("pays", "expected"), [(True, 1), (False, 0)])
def test_whether_an_order_without_lines_pays_is_the_shops_choice(pays: bool, expected: int) -> None:  # noqa: FBT001 - a column
    """FEE-13.8."""
    shop = worlds.enterprise(shop=ShopSettings(empty_orders_pay_fees=pays))
    known = attrs.evolve(terms(ChargedPer.CALCULATOR, **EVERYWHERE), distributor=shop)
    assert len(assessed(known).fees) == expected
    assert len(assessed(known, eggs=0).fees) == 3


def test_no_supplier_in_an_empty_order_pays() -> None:
    assert assessed(terms(ChargedPer.SUPPLIER, coordinator_fees=("van",))).fees == ()


def test_a_fee_charged_for_several_suppliers_is_not_repeated() -> None:
    known = terms(ChargedPer.SUPPLIER, coordinator_fees=("van",))
    assert repeated_fees(known.cycle_fees.per_order(SUPPLIER_OF)) == ()  # type: ignore[arg-type] # plain texts


# ---------------------------------------------------------------- laws


@given(featured_markets())
def test_what_is_charged_once_is_charged_once(market: Market) -> None:
    fees = market.terms.fees
    counted = Counter((each.fee, each.supplier) for each in market.assessed().fees)
    for (key, supplier), times in counted.items():
        charged_per = fees[key].charged_per
        assert times == 1 or charged_per not in (ChargedPer.ORDER, ChargedPer.SUPPLIER)
        assert (supplier is not None) == (charged_per is ChargedPer.SUPPLIER)


@given(featured_markets())
def test_per_line_or_per_order_is_as_the_fee_says(market: Market) -> None:
    found = market.assessed()
    assert not any(market.terms.fees[each.fee].per_order for line in found.lines for each in line.fees)
    assert all(market.terms.fees[each.fee].per_order for each in found.fees)


@given(markets())
def test_what_the_suppliers_are_charged_is_what_the_order_is_charged(market: Market) -> None:
    """Of an amount for each item, which adds up."""
    rate = worlds.fee("van", calculator=PerItem(amount=Decimal("0.37")))
    by_scope = {}
    for charged_per in (ChargedPer.ORDER, ChargedPer.SUPPLIER):
        cycle = attrs.evolve(market.terms.cycle, coordinator_fees=(rate.id,), incoming=(), outgoing=())
        known = market.with_terms(fees={rate.id: attrs.evolve(rate, charged_per=charged_per)}, cycle=cycle)
        by_scope[charged_per] = Money.total((each.amount for each in known.assessed().fees), "EUR")
    assert by_scope[ChargedPer.ORDER] == by_scope[ChargedPer.SUPPLIER]


@given(featured_markets())
def test_the_order_of_lines_changes_no_charge_on_the_order(market: Market) -> None:
    other: tuple[OrderLine, ...] = market.lines[::-1]
    backwards = attrs.evolve(market, lines=other).assessed()
    assert Counter(backwards.fees) == Counter(market.assessed().fees)


def test_roles_tell_where_a_fee_is_attached() -> None:
    found = assessed(terms(ChargedPer.EXCHANGE, **EVERYWHERE), eggs=1, cheese=1)
    assert Counter(each.role for each in found.fees) == {
        FeeRole.SUPPLIER: 2,
        FeeRole.DISTRIBUTOR: 1,
        FeeRole.COORDINATOR: 1,
    }
