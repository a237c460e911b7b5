"""Fees that are charged several times, because they are attached in several places (FEE-13.6)."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from fees.orders import GOODS
from fees.strategies import Market, markets
from ofncore.fees.calculators import FlatRate
from ofncore.fees.repeated import FeePlace, RepeatedFee, repeated_in
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.fee import ChargedPer, FeeRole
from ofncore.testing import worlds
from ofncore.testing.worlds import incoming, order_cycle, outgoing

FARM, DAIRY, HUB = (EnterpriseId(key) for key in ("farm", "dairy", "hub"))
OF_FARM = FeePlace(role=FeeRole.SUPPLIER, exchange=FARM)
OF_DAIRY = FeePlace(role=FeeRole.SUPPLIER, exchange=DAIRY)
OF_HUB = FeePlace(role=FeeRole.DISTRIBUTOR, exchange=HUB)
OF_CYCLE = FeePlace(role=FeeRole.COORDINATOR, exchange=None)


@settings(max_examples=50)
@given(markets())
def test_a_fee_is_told_for_a_line_exactly_if_it_is_charged_several_times(market: Market) -> None:
    sold = market.terms.cycle.outgoing_to(market.terms.distributor.id)
    told = {(each.fee, key, len(each.places)) for each in lines(market.terms, market.variants) for key in each.variants}
    charged = set()
    for key in sold.variants if sold else ():
        found = [each.fee.id for each in market.terms.cycle_fees.per_item(key)]
        charged |= {(fee, key, found.count(fee)) for fee in found if found.count(fee) > 1}
    assert told == charged


def lines(terms: PricingTerms, variants: Any) -> list[RepeatedFee]:  # noqa: ANN401 - a mapping of variants
    return [each for each in repeated_in(terms, variants) if not each.per_order]


def terms(*places: str, **changes: object) -> PricingTerms:
    """Return terms with a fee at *places*: ``farm``, ``dairy``, ``hub`` or ``cycle``; one named twice has it twice."""
    fee = FeeId("admin-fee")
    cycle = order_cycle(
        coordinator_fees=(fee,) * places.count("cycle"),
        incoming=(
            incoming("farm", "carrots", "eggs", fees=(fee,) * places.count("farm")),
            incoming("dairy", "cheese", "leeks", fees=(fee,) * places.count("dairy")),
        ),
        outgoing=(outgoing("hub", "carrots", "cheese", "eggs", fees=(fee,) * places.count("hub")), outgoing("annex")),
    )
    return PricingTerms(cycle=cycle, distributor=worlds.enterprise("hub"), fees={fee: worlds.fee(fee, **changes)})


def found(given_terms: PricingTerms) -> list[tuple[tuple[FeePlace, ...], tuple[str, ...]]]:
    return [(each.places, each.variants) for each in repeated_in(given_terms, GOODS)]


def test_fee_13_6_once_incoming_and_once_on_the_cycle() -> None:
    assert repeated_in(terms("farm", "cycle"), GOODS) == (
        RepeatedFee(
            distributor=HUB,
            fee=FeeId("admin-fee"),
            name="Admin fee",
            places=(OF_FARM, OF_CYCLE),
            variants=(VariantId("carrots"), VariantId("eggs")),
            per_order=False,
        ),
    )


def test_goods_are_grouped_by_the_places_where_they_are_charged() -> None:
    assert found(terms("farm", "hub", "cycle")) == [
        ((OF_FARM, OF_HUB, OF_CYCLE), ("carrots", "eggs")),
        ((OF_HUB, OF_CYCLE), ("cheese",)),
    ]


def test_one_place_may_have_it_twice() -> None:
    assert found(terms("dairy", "dairy")) == [((OF_DAIRY, OF_DAIRY), ("cheese",))]


def test_fees_on_different_goods_are_not_repeated() -> None:
    assert found(terms("farm", "dairy")) == []


def test_fee_13_7_per_order_each_exchange_charges() -> None:
    by_order = {"calculator": FlatRate(amount=Decimal(2))}
    assert found(terms("farm", "dairy", **by_order)) == [((OF_FARM, OF_DAIRY), ("carrots", "cheese", "eggs"))]
    assert found(terms("farm", **by_order)) == []


@pytest.mark.parametrize(
    ("scope", "places", "expected"),
    [
        (ChargedPer.ORDER, ("farm", "dairy", "cycle", "cycle"), []),
        (ChargedPer.EXCHANGE, ("farm", "dairy"), []),
        (ChargedPer.EXCHANGE, ("farm", "farm", "dairy"), [((OF_FARM, OF_FARM), ("carrots", "eggs"))]),
        (ChargedPer.EXCHANGE, ("cycle", "cycle"), [((OF_CYCLE, OF_CYCLE), ("carrots", "cheese", "eggs"))]),
        (ChargedPer.SUPPLIER, ("cycle",), []),
    ],
    ids=str,
)
def test_fee_14_a_fee_that_says_how_often_it_is_charged_is_not_repeated_by_that(
    scope: ChargedPer, places: tuple[str, ...], expected: list[object]
) -> None:
    assert found(terms(*places, calculator=FlatRate(amount=Decimal(2)), charged_per=scope)) == expected


def test_other_distributors_and_withdrawn_goods_do_not_matter() -> None:
    elsewhere = attrs.evolve(terms("farm", "cycle"), distributor=worlds.enterprise("nowhere"))
    assert found(elsewhere) == []
    gone = {key: attrs.evolve(each, deleted=True) for key, each in GOODS.items()}
    assert repeated_in(terms("farm", "cycle"), gone) == ()


def test_a_fee_that_nobody_knows_cannot_be_told() -> None:
    with pytest.raises(NotFoundError, match="admin-fee"):
        repeated_in(attrs.evolve(terms("farm"), fees={}), GOODS)
