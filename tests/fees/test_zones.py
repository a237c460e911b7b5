"""Which rates apply where and when (FEE-8)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.strategies import Market, markets
from ofncore.fees.terms import PricingTerms
from ofncore.fees.zones import TaxRegime, changed_rate, zone_contains, zone_holds
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NaiveInstantError
from ofncore.kernel.ids import EnterpriseId, TaxCategoryId, TaxRateId, TaxZoneId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import TaxAddress
from ofncore.model.fee import TaxPlace, TaxRate, TaxZone, ZoneKind
from ofncore.model.order import TaxCharge
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FR, BE, CA = (TaxPlace(country) for country in ("FR", "BE", "CA"))
QUEBEC, ONTARIO, WALLONIA = TaxPlace("CA", "QC"), TaxPlace("CA", "ON"), TaxPlace("BE", "WAL")
PLACES = (FR, BE, CA, QUEBEC, ONTARIO, WALLONIA)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def zone(key: str, *members: TaxPlace, is_default: bool = False) -> TaxZone:
    return TaxZone(id=TaxZoneId(key), members=members, is_default=is_default)


HOME = zone("home", FR, is_default=True)
ABROAD = zone("abroad", BE)
FOOD = TaxCategoryId("food")


def zoned(key: str, where: TaxZone, amount: str = "0.2", *, included: bool = True) -> TaxRate:
    return worlds.tax_rate(key, amount=Decimal(amount), included_in_price=included, zone=where.id)


def taxes_of(regime: TaxRegime, place: TaxPlace | None, *, charges: bool = True) -> tuple[TaxCharge, ...]:
    """Return the taxes on 12.00 of food that is sold to *place*."""
    terms = PricingTerms(cycle=worlds.order_cycle(), distributor=worlds.enterprise(charges_sales_tax=charges), fees={})
    return regime.terms_in(terms, regime.zone_of(place)).tax_rules.on(euros("12.00"), FOOD)


def amounts_of(regime: TaxRegime, place: TaxPlace | None) -> list[tuple[str, str, bool]]:
    return [(tax.rate, str(tax.amount.amount), tax.included) for tax in taxes_of(regime, place)]


zones = st.builds(
    lambda key, members, is_default: zone(key, *members, is_default=is_default),
    st.sampled_from("abc"),
    st.lists(st.sampled_from(PLACES), max_size=4),
    st.just(False),  # noqa: FBT003 - drawn, not passed
)


@st.composite
def regimes(draw: st.DrawFn) -> TaxRegime:
    found = draw(st.lists(zones, unique_by=lambda each: each.id, max_size=3))
    default = draw(st.none() | st.sampled_from(range(3)))
    marked = [attrs.evolve(each, is_default=index == default) for index, each in enumerate(found)]
    rates = [
        zoned(f"{each.id}-{index}", each, included=draw(st.booleans()))
        for each in marked
        for index in range(draw(st.integers(0, 2)))
    ]
    return TaxRegime(zones=tuple(marked), rates=tuple(rates))


# ---------------------------------------------------------------- laws


@given(zones, zones, st.sampled_from(PLACES))
def test_what_a_zone_contains_it_holds(one: TaxZone, other: TaxZone, place: TaxPlace) -> None:
    if zone_contains(one, other) and zone_holds(other, place):
        assert zone_holds(one, place)


@given(zones)
def test_a_zone_with_members_contains_itself(one: TaxZone) -> None:
    assert zone_contains(one, one) is bool(one.members)


@given(regimes(), st.none() | st.sampled_from(PLACES))
def test_the_zone_of_an_order_holds_its_address_or_is_the_default(regime: TaxRegime, place: TaxPlace | None) -> None:
    found = regime.zone_of(place)
    holding = [] if place is None else [each for each in regime.zones if zone_holds(each, place)]
    assert (found in holding) if holding else (found == regime.default_zone)


@given(regimes(), st.none() | st.sampled_from(PLACES))
def test_an_applying_rate_is_local_around_or_in_the_prices(regime: TaxRegime, place: TaxPlace | None) -> None:
    order_zone = regime.zone_of(place)
    by_id = {each.id: each for each in regime.zones}
    for rate in regime.rates_for(order_zone):
        assert order_zone is not None
        assert rate.zone is not None
        around = by_id[rate.zone] == order_zone or zone_contains(by_id[rate.zone], order_zone)
        assert around or (rate.included_in_price and by_id[rate.zone].is_default)


@given(regimes(), st.sampled_from(PLACES))
def test_only_tax_in_the_prices_is_refunded_and_never_at_home(regime: TaxRegime, place: TaxPlace) -> None:
    order_zone = regime.zone_of(place)
    for tax in taxes_of(regime, place):
        rate = next(each for each in regime.rates if each.id == tax.rate)
        if tax.amount.minor < 0:
            assert rate.included_in_price
            assert order_zone is not None
            assert not order_zone.is_default
            assert rate.zone != order_zone.id
            assert not tax.included


@given(markets())
def test_one_zone_for_everybody_is_no_zones(market: Market) -> None:
    """With all rates in the default zone, an order without an address is taxed as without zones."""
    rates = tuple(attrs.evolve(rate, zone=HOME.id) for rate in market.terms.tax_rates)
    regime = TaxRegime(zones=(HOME,), rates=rates)
    terms = regime.terms_in(market.terms, regime.zone_of(None))
    assert attrs.evolve(market, terms=terms).assessed() == market.assessed()


# ---------------------------------------------------------------- zones


def test_the_kind_of_a_zone_is_that_of_its_last_member() -> None:
    assert zone("mixed", QUEBEC, FR).kind is ZoneKind.COUNTRY
    assert zone("mixed", FR, QUEBEC).kind is ZoneKind.STATE
    assert zone("empty").kind is ZoneKind.COUNTRY


def test_a_country_holds_its_states_but_a_state_not_its_country() -> None:
    assert zone_holds(zone("canada", CA), QUEBEC)
    assert not zone_holds(zone("quebec", QUEBEC), CA)
    assert not zone_holds(zone("quebec", QUEBEC), ONTARIO)


def test_containment_by_kind() -> None:
    """FEE-8: countries contain states, states never contain countries."""
    canada, both = zone("canada", CA), zone("both", QUEBEC, ONTARIO)
    assert zone_contains(canada, both)
    assert not zone_contains(both, canada)
    assert not zone_contains(canada, zone("across", QUEBEC, WALLONIA))
    assert zone_contains(both, zone("quebec", QUEBEC))
    assert not zone_contains(zone("quebec", QUEBEC), both)
    assert not zone_contains(zone("empty"), zone("empty"))


def test_a_state_goes_before_a_smaller_or_older_country() -> None:
    states = zone("states", QUEBEC, ONTARIO)
    regime = TaxRegime(zones=(zone("canada", CA), states))
    assert regime.zone_of(QUEBEC) == states


def test_of_two_zones_the_smaller_and_then_the_older_counts() -> None:
    large, older, younger = zone("large", FR, BE), zone("older", BE), zone("younger", BE)
    assert TaxRegime(zones=(large, older, younger)).zone_of(BE) == older


def test_without_a_match_or_an_address_it_is_the_default_zone_or_none() -> None:
    assert TaxRegime(zones=(ABROAD, HOME)).zone_of(CA) == HOME
    assert TaxRegime(zones=(ABROAD, HOME)).zone_of(None) == HOME
    assert TaxRegime(zones=(ABROAD,)).zone_of(None) is None


def test_the_tax_address_is_a_setting() -> None:
    assert TaxRegime().place(ship=FR, bill=BE) == FR
    assert TaxRegime(address_used=TaxAddress.BILL).place(ship=FR, bill=BE) == BE


def test_two_default_zones_and_two_zones_of_one_id_are_errors() -> None:
    with pytest.raises(ValueError, match="at most one"):
        TaxRegime(zones=(HOME, attrs.evolve(ABROAD, is_default=True)))
    with pytest.raises(ValueError, match="id of its own"):
        TaxRegime(zones=(ABROAD, ABROAD))


# ---------------------------------------------------------------- rates


def test_a_state_order_is_taxed_by_its_state_and_its_country() -> None:
    canada, quebec = zone("canada", CA), zone("quebec", QUEBEC)
    rates = (zoned("gst", canada, "0.05", included=False), zoned("qst", quebec, "0.09975", included=False))
    regime = TaxRegime(zones=(canada, quebec), rates=rates)
    assert amounts_of(regime, QUEBEC) == [("gst", "0.60", False), ("qst", "1.20", False)]
    assert amounts_of(regime, ONTARIO) == [("gst", "0.60", False)]


def test_two_included_rates_are_each_taken_out_of_the_full_amount() -> None:
    regime = TaxRegime(zones=(HOME,), rates=(zoned("one", HOME), zoned("two", HOME, "0.1")))
    assert amounts_of(regime, FR) == [("one", "2.00", True), ("two", "1.09", True)]


def test_customers_from_abroad_get_domestic_tax_back() -> None:
    """FEE-13.21: as a negative amount that is added."""
    rates = (zoned("vat", HOME), zoned("foreign", ABROAD, "0.1", included=False), zoned("sales", HOME, included=False))
    regime = TaxRegime(zones=(HOME, ABROAD), rates=rates)
    assert amounts_of(regime, BE) == [("vat", "-2.00", False), ("foreign", "1.20", False)]
    assert amounts_of(regime, FR) == [("vat", "2.00", True), ("sales", "2.40", False)]


def test_an_included_rate_of_the_own_zone_abroad_stays_included() -> None:
    regime = TaxRegime(zones=(HOME, ABROAD), rates=(zoned("foreign", ABROAD),))
    assert amounts_of(regime, BE) == [("foreign", "2.00", True)]


def test_a_zone_inside_the_default_zone_is_home() -> None:
    home = zone("home", CA, is_default=True)
    regime = TaxRegime(zones=(home, zone("quebec", QUEBEC)), rates=(zoned("gst", home),))
    assert amounts_of(regime, QUEBEC) == [("gst", "2.00", True)]


def test_nothing_is_taxed_without_a_zone_or_by_a_shop_that_charges_no_tax() -> None:
    regime = TaxRegime(zones=(ABROAD,), rates=(zoned("foreign", ABROAD, included=False),))
    assert taxes_of(regime, FR) == ()
    assert taxes_of(regime, BE, charges=False) == ()
    assert taxes_of(regime, BE) != ()


def test_a_rate_in_the_prices_needs_a_default_zone() -> None:
    included, added = zoned("in", ABROAD), zoned("on", ABROAD, included=False)
    refusal = TaxRegime(zones=(ABROAD,)).check_rate(included)
    assert isinstance(refusal, Refusal)
    assert refusal.codes == {Code.TAX_INCLUDED_NOWHERE}
    assert TaxRegime(zones=(ABROAD,)).check_rate(added) is None
    assert TaxRegime(zones=(HOME,)).check_rate(included) is None


# ---------------------------------------------------------------- dates


def test_a_changed_rate_ends_where_the_new_one_begins() -> None:
    old, new = changed_rate(zoned("vat", HOME), Decimal("0.21"), at=NEW_YEAR, new_id=TaxRateId("vat-2"))
    regime = TaxRegime(zones=(HOME,), rates=(old, new))
    for at, amount in ((NEW_YEAR - MOMENT, "0.2"), (NEW_YEAR, "0.21"), (NEW_YEAR + MOMENT, "0.21")):
        assert [each.amount for each in regime.rates_for(HOME, at=at)] == [Decimal(amount)]


@given(st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_at_every_instant_one_of_the_two_is_in_force(at: datetime) -> None:
    pair = changed_rate(zoned("vat", HOME), Decimal("0.21"), at=NEW_YEAR, new_id=TaxRateId("vat-2"))
    assert sum(each.holds_at(at) for each in pair) == 1


def test_without_an_instant_dates_do_not_count() -> None:
    pair = changed_rate(zoned("vat", HOME), Decimal("0.21"), at=NEW_YEAR, new_id=TaxRateId("vat-2"))
    assert len(TaxRegime(zones=(HOME,), rates=pair).rates_for(HOME)) == 2


def test_a_rate_can_only_be_changed_while_it_is_in_force() -> None:
    old, new = changed_rate(zoned("vat", HOME), Decimal("0.21"), at=NEW_YEAR, new_id=TaxRateId("vat-2"))
    for each in (old, new):
        with pytest.raises(ValueError, match="cannot be changed"):
            changed_rate(each, Decimal("0.3"), at=NEW_YEAR, new_id=TaxRateId("vat-3"))


def test_a_rate_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        attrs.evolve(zoned("vat", HOME), valid_from=NEW_YEAR, valid_until=NEW_YEAR)


def test_naive_instants_are_errors() -> None:
    naive = NEW_YEAR.replace(tzinfo=None)
    with pytest.raises(NaiveInstantError):
        TaxRegime(zones=(HOME,)).rates_for(HOME, at=naive)
    with pytest.raises(NaiveInstantError):
        attrs.evolve(zoned("vat", HOME), valid_from=naive)


# ---------------------------------------------------------------- categories and owners


def test_goods_without_a_category_have_the_default_one() -> None:
    plain, classed = worlds.variant(tax_category=None), worlds.variant(tax_category="drinks")
    assert TaxRegime(default_category=FOOD).with_category(plain).tax_category == FOOD
    assert TaxRegime(default_category=FOOD).with_category(classed) == classed
    assert TaxRegime().with_category(plain) == plain


def test_the_distributor_decides_whether_fees_are_taxed_unless_owners_are_named() -> None:
    """FEE-13.19: which fees carry tax is a matter of choice."""
    fee = worlds.fee(tax_category=FOOD)
    terms = PricingTerms(
        cycle=worlds.order_cycle(), distributor=worlds.enterprise(), fees={}, tax_rates=(worlds.tax_rate(),)
    )
    assert [tax.amount for tax in terms.fee_taxes(euros("10.55"), fee, None)] == [euros("0.55")]
    spared = attrs.evolve(terms, untaxed_owners=frozenset({EnterpriseId(fee.enterprise)}))
    assert spared.fee_taxes(euros("10.55"), fee, None) == ()
