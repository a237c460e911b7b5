"""Which fees apply (FEE-5)."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import VARIANTS, Market, markets
from ofncore.fees.applicability import CycleFees, FeeOccurrence, repeated_fees
from ofncore.fees.calculators import FlatRate, NoCharge
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.fee import EnterpriseFee, FeeRole
from ofncore.testing import worlds

CARROTS, CHEESE, EGGS = VariantId("carrots"), VariantId("cheese"), VariantId("eggs")
BY_ITEM, BY_ORDER = FeeId("by-item"), FeeId("by-order")
BOTH = (BY_ITEM, BY_ORDER)

ordered = st.lists(st.sampled_from([VariantId(key) for key in VARIANTS]))


def fees(**changes: Any) -> dict[FeeId, EnterpriseFee]:  # noqa: ANN401 - fields of the fees
    return {
        BY_ITEM: worlds.fee(BY_ITEM, calculator=NoCharge(), **changes),
        BY_ORDER: worlds.fee(BY_ORDER, calculator=FlatRate(), **changes),
    }


def cycle_fees(distributor: str = "hub", known: dict[FeeId, EnterpriseFee] | None = None, **cycle: Any) -> CycleFees:  # noqa: ANN401 - fields of the cycle
    """Return the fees of a cycle where nothing is charged but what *cycle* says."""
    plain = worlds.order_cycle(**{"coordinator_fees": (), **cycle})
    return CycleFees.of(plain, EnterpriseId(distributor), fees() if known is None else known)


def of_farm(*variants: VariantId) -> dict[VariantId, EnterpriseId]:
    """Return what is ordered, all of it from the farm."""
    return dict.fromkeys(variants, EnterpriseId("farm"))


def places(occurrences: tuple[FeeOccurrence, ...]) -> list[tuple[str, str, str | None]]:
    return [(each.fee.id, each.role, each.exchange) for each in occurrences]


def test_an_incoming_exchange_charges_what_it_carries() -> None:
    found = cycle_fees(incoming=(worlds.incoming("farm", "eggs", fees=BOTH),))
    assert places(found.per_item(EGGS)) == [("by-item", "supplier", "farm")]
    assert places(found.per_item(CHEESE)) == []
    assert places(found.per_order(of_farm(EGGS))) == [("by-order", "supplier", "farm")]
    assert places(found.per_order(of_farm(CHEESE))) == []


def test_an_incoming_exchange_charges_what_the_distributor_does_not_offer() -> None:
    found = cycle_fees(incoming=(worlds.incoming("farm", "eggs", fees=BOTH),), outgoing=())
    assert places(found.per_item(EGGS)) == [("by-item", "supplier", "farm")]


def test_every_incoming_exchange_that_carries_a_variant_charges() -> None:
    sent = tuple(worlds.incoming(supplier, "eggs", fees=BOTH) for supplier in ("farm", "dairy"))
    found = cycle_fees(incoming=sent)
    assert places(found.per_item(EGGS)) == [("by-item", "supplier", "farm"), ("by-item", "supplier", "dairy")]
    assert places(found.per_order(of_farm(EGGS))) == [
        ("by-order", "supplier", "farm"),
        ("by-order", "supplier", "dairy"),
    ]


def test_the_distributors_own_exchange_charges_what_it_carries() -> None:
    sold = (worlds.outgoing("hub", "eggs", fees=BOTH), worlds.outgoing("annex", "cheese", fees=BOTH))
    found = cycle_fees(outgoing=sold)
    assert places(found.per_item(EGGS)) == [("by-item", "distributor", "hub")]
    assert places(found.per_item(CHEESE)) == []
    assert places(found.per_order(of_farm(EGGS, CHEESE))) == [("by-order", "distributor", "hub")]


def test_the_coordinator_charges_every_variant_of_the_cycle_and_every_order() -> None:
    sold = (worlds.outgoing("annex", "leeks"),)
    found = cycle_fees(coordinator_fees=BOTH, outgoing=sold)
    for variant in (CARROTS, CHEESE, EGGS, VariantId("leeks")):
        assert places(found.per_item(variant)) == [("by-item", "coordinator", None)]
    assert places(found.per_order(of_farm(EGGS))) == [("by-order", "coordinator", None)]


def test_a_variant_outside_the_cycle_has_no_fees() -> None:
    """FEE-13.9."""
    assert cycle_fees(coordinator_fees=BOTH).per_item(VariantId("truffles")) == ()


def test_an_order_without_lines_has_the_coordinators_fees() -> None:
    """FEE-13.8."""
    found = cycle_fees(coordinator_fees=BOTH, incoming=(worlds.incoming("farm", "eggs", fees=BOTH),))
    assert places(found.per_order(of_farm())) == [("by-order", "coordinator", None)]


def test_an_exchange_charges_an_order_once_for_all_its_variants() -> None:
    found = cycle_fees(incoming=(worlds.incoming("farm", "eggs", "carrots", fees=BOTH),))
    assert places(found.per_order(of_farm(EGGS, CARROTS))) == [("by-order", "supplier", "farm")]


def test_a_variant_named_twice_in_an_exchange_is_carried_once() -> None:
    found = cycle_fees(incoming=(worlds.incoming("farm", "eggs", "eggs", fees=BOTH),))
    assert places(found.per_item(EGGS)) == [("by-item", "supplier", "farm")]


def test_a_fee_in_several_places_occurs_in_each() -> None:
    """FEE-13.6: three times if incoming, outgoing and coordinator; twice if an exchange names it twice."""
    found = cycle_fees(
        coordinator_fees=BOTH,
        incoming=(worlds.incoming("farm", "eggs", fees=(BY_ITEM, BY_ITEM)),),
        outgoing=(worlds.outgoing("hub", "eggs", fees=BOTH),),
    ).per_item(EGGS)
    assert [each.role for each in found] == [
        FeeRole.SUPPLIER,
        FeeRole.SUPPLIER,
        FeeRole.DISTRIBUTOR,
        FeeRole.COORDINATOR,
    ]
    assert repeated_fees(found) == (found,)


def test_a_fee_that_occurs_once_is_not_repeated() -> None:
    found = cycle_fees(coordinator_fees=BOTH)
    assert repeated_fees((*found.per_item(EGGS), *found.per_order(of_farm(EGGS)))) == ()


def test_a_deleted_fee_never_applies() -> None:
    found = cycle_fees(
        known=fees(deleted=True),
        coordinator_fees=BOTH,
        incoming=(worlds.incoming("farm", "eggs", fees=BOTH),),
        outgoing=(worlds.outgoing("hub", "eggs", fees=BOTH),),
    )
    assert (found.per_item(EGGS), found.per_order(of_farm(EGGS))) == ((), ())


def test_a_fee_that_is_not_known_is_named() -> None:
    terms = PricingTerms(cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={})
    with pytest.raises(NotFoundError, match="there is no enterprise fee 'admin-fee'"):
        assert terms.cycle_fees


@given(markets(), ordered)
def test_groups_hold_each_variant_once_with_its_fees(market: Market, variants: list[VariantId]) -> None:
    found = market.terms.cycle_fees
    grouped = [(row, fees) for fees, rows in found.grouped(variants) for row in rows]
    assert sorted(row for row, _ in grouped) == list(range(len(variants)))
    for row, occurrences in grouped:
        assert occurrences == found.per_item(variants[row])


@given(markets(), ordered)
def test_other_distributors_exchanges_never_matter(market: Market, variants: list[VariantId]) -> None:
    """Only that they have a variant at all puts it into the cycle."""
    without_fees = tuple(
        exchange if exchange.distributor == "hub" else attrs.evolve(exchange, fees=())
        for exchange in market.terms.cycle.outgoing
    )
    before, after = market.terms.cycle_fees, market.with_cycle(outgoing=without_fees).terms.cycle_fees
    assert [after.per_item(each) for each in variants] == [before.per_item(each) for each in variants]
    assert after.per_order(of_farm(*variants)) == before.per_order(of_farm(*variants))


@given(markets(), ordered, ordered)
def test_more_variants_never_take_a_fee_off_an_order(
    market: Market, some: list[VariantId], more: list[VariantId]
) -> None:
    found = market.terms.cycle_fees
    assert len(found.per_order(of_farm(*some, *more))) >= len(found.per_order(of_farm(*some)))


@given(markets(), ordered)
def test_fees_are_charged_per_item_or_per_order(market: Market, variants: list[VariantId]) -> None:
    """FEE-4: the calculator alone decides."""
    found = market.terms.cycle_fees
    assert not any(each.fee.calculator.per_order for key in variants for each in found.per_item(key))
    assert all(each.fee.calculator.per_order for each in found.per_order(of_farm(*variants)))
