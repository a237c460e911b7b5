"""Which fees a customer is charged, and when (FEE-14: fees by customer, terms over time)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.price_book import price_book
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NaiveInstantError
from ofncore.kernel.ids import VariantId
from ofncore.kernel.tags import Tag
from ofncore.model.enterprise import FeeWaiver, ShopSettings
from ofncore.model.fee import EnterpriseFee
from ofncore.testing import worlds

EGGS = VariantId("eggs")
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
MEMBER, NEIGHBOUR, STAFF = Tag("member"), Tag("neighbour"), Tag("staff")

tags = st.lists(st.sampled_from((MEMBER, NEIGHBOUR, STAFF)), unique=True).map(tuple)


def fee(key: str, **changes: object) -> EnterpriseFee:
    return worlds.fee(key, calculator=PerItem(amount=Decimal(1)), **changes)


def terms(*fees: EnterpriseFee, waivers: tuple[FeeWaiver, ...] = (), **changes: Any) -> PricingTerms:  # noqa: ANN401 - fields of the terms
    return PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(each.id for each in fees)),
        distributor=worlds.enterprise(shop=ShopSettings(fee_waivers=waivers)),
        fees={each.id: each for each in fees},
        **changes,
    )


def charged(known: PricingTerms) -> list[str]:
    """Return the fees in the price of eggs."""
    return [share.fee for share in price_book(known, [worlds.variant("eggs")])[EGGS].fees]


@st.composite
def asking_fees(draw: st.DrawFn) -> tuple[EnterpriseFee, ...]:
    """Return fees that ask for tags and dates, or for nothing."""
    dates = st.sampled_from(((None, None), (MARCH, None), (None, APRIL), (MARCH, APRIL)))
    made = []
    for number in range(draw(st.integers(0, 4))):
        begins, ends = draw(dates)
        asked = {"only_for": draw(tags), "never_for": draw(tags), "tags": draw(tags)}
        made.append(fee(f"fee-{number}", valid_from=begins, valid_until=ends, **asked))
    return tuple(made)


instants = st.sampled_from((None, MARCH - MOMENT, MARCH, APRIL - MOMENT, APRIL))


# ---------------------------------------------------------------- laws


@given(asking_fees(), tags, instants)
def test_a_customer_is_charged_the_fees_that_hold_and_are_for_them(
    fees: tuple[EnterpriseFee, ...], customer: tuple[Tag, ...], at: datetime | None
) -> None:
    found = terms(*fees).for_customer(customer, at)
    assert charged(found) == [each.id for each in fees if each.holds_at(at) and each.is_for(customer)]


@given(asking_fees(), st.lists(st.tuples(tags, instants), max_size=6))
def test_there_is_one_object_for_all_whom_the_same_fees_are_charged(
    fees: tuple[EnterpriseFee, ...], asked: list[tuple[tuple[Tag, ...], datetime | None]]
) -> None:
    known = terms(*fees)
    found = [known.for_customer(customer, at) for customer, at in asked]
    assert len({id(each) for each in found}) == len({tuple(charged(each)) for each in found})
    assert all(each is known for each in found if charged(each) == charged(known))


@given(asking_fees(), tags, tags, instants)
def test_more_tags_take_no_fee_of_theirs_away_but_what_is_never_for_them(
    fees: tuple[EnterpriseFee, ...], some: tuple[Tag, ...], more: tuple[Tag, ...], at: datetime | None
) -> None:
    never = {each.id for each in fees if set(each.never_for) & set(more)}
    before, after = terms(*fees).for_customer(some, at), terms(*fees).for_customer((*some, *more), at)
    assert set(charged(before)) - never <= set(charged(after))


# ---------------------------------------------------------------- by name


@pytest.mark.parametrize(
    ("at", "expected"), [(MARCH - MOMENT, []), (MARCH, ["winter"]), (APRIL - MOMENT, ["winter"]), (APRIL, [])]
)
def test_a_fee_holds_from_its_first_instant_to_before_its_last(at: datetime, expected: list[str]) -> None:
    assert charged(terms(fee("winter", valid_from=MARCH, valid_until=APRIL), at=at)) == expected


def test_without_an_instant_dates_do_not_matter() -> None:
    assert charged(terms(fee("winter", valid_until=MARCH), fee("summer", valid_from=APRIL))) == ["winter", "summer"]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstantError):
        terms(at=datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point


def test_a_fee_only_for_members_is_not_charged_to_a_visitor() -> None:
    known = terms(fee("deposit", never_for=(MEMBER,)), fee("dues", only_for=(MEMBER,)))
    assert charged(known.for_customer((), None)) == ["deposit"]
    assert charged(known.for_customer((MEMBER, NEIGHBOUR), None)) == ["dues"]


def test_of_whoever_it_is_no_fee_asks() -> None:
    known = terms(
        fee("deposit", never_for=(MEMBER,)),
        fee("dues", only_for=(MEMBER,), tags=("levy",)),
        waivers=(FeeWaiver(customer_tags=(MEMBER,), fee_tags=("levy",)),),
    )
    assert charged(known) == ["deposit", "dues"]


def test_a_shop_waives_fees_for_some_customers() -> None:
    """FEE-14: a fee with any of the tags, for a customer with any of the tags."""
    waiver = FeeWaiver(customer_tags=(MEMBER, STAFF), fee_tags=("levy", "upkeep"))
    known = terms(fee("tax", tags=("levy",)), fee("van", tags=("transport",)), fee("free"), waivers=(waiver,))
    assert charged(known.for_customer((STAFF,), None)) == ["van", "free"]
    assert charged(known.for_customer((NEIGHBOUR,), None)) == ["tax", "van", "free"]


def test_fees_on_the_order_ask_too() -> None:
    known = terms(worlds.fee("van", calculator=FlatRate(amount=Decimal(5)), never_for=(MEMBER,)))
    ordered = {EGGS: worlds.variant().supplier}
    assert known.for_customer((MEMBER,), None).cycle_fees.per_order(ordered) == ()
    assert len(known.for_customer((), None).cycle_fees.per_order(ordered)) == 1


def test_tags_are_compared_as_they_are_stored() -> None:
    known = terms(fee("dues", only_for=("Member ",)))
    assert charged(known.for_customer((Tag(" MEMBER"),), None)) == ["dues"]


def test_changed_fees_are_asked_anew() -> None:
    known = terms(fee("dues", only_for=(MEMBER,)), customer_tags=())
    free = attrs.evolve(known, fees={each: attrs.evolve(found, only_for=()) for each, found in known.fees.items()})
    assert (charged(known), charged(free)) == ([], ["dues"])
