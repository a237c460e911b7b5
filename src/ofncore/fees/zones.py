"""Tax zones: which rates apply to a customer, by the address and the time.

Source:
    FEE-8 (zones and rates), FEE-13.21.
"""

from datetime import datetime
from decimal import Decimal

import attrs

from ofncore.fees.terms import PricingTerms
from ofncore.kernel.choices import choice_of
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import TaxCategoryId, TaxRateId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import TaxAddress
from ofncore.model.fee import TaxPlace, TaxRate, TaxZone, ZoneKind
from ofncore.model.product import Variant


def zone_holds(zone: TaxZone, place: TaxPlace) -> bool:
    """Whether *place* is in *zone*: its state is a member, or its country."""
    return place in zone.members or TaxPlace(place.country) in zone.members


def zone_contains(zone: TaxZone, other: TaxZone) -> bool:
    """Whether all of *other* is in *zone*.

    Zones of one kind are compared by their members, and countries contain their states. Whether some states make up a
    country is not known, so a zone of states contains none of countries. Zones without members neither contain nor are
    contained.
    """
    if not zone.members or not other.members or (zone.kind, other.kind) == (ZoneKind.STATE, ZoneKind.COUNTRY):
        return False
    if zone.kind is other.kind:
        return set(other.members) <= set(zone.members)
    return {TaxPlace(member.country) for member in other.members} <= set(zone.members)


@attrs.frozen(kw_only=True)
class TaxRegime:
    """The tax zones and rates of an instance, and how it uses them."""

    #: Of equal zones the first counts.
    zones: tuple[TaxZone, ...] = attrs.field(default=())
    rates: tuple[TaxRate, ...] = ()
    #: What goods without a category of their own are taxed by.
    default_category: TaxCategoryId | None = None
    address_used: TaxAddress = attrs.field(default=TaxAddress.SHIP, validator=choice_of(TaxAddress))

    @zones.validator
    def _check_zones(self, _attribute: object, value: tuple[TaxZone, ...]) -> None:
        if len({zone.id for zone in value}) != len(value):
            message = "each tax zone has an id of its own"
            raise ValueError(message)
        if sum(zone.is_default for zone in value) > 1:
            message = "at most one tax zone is the default"
            raise ValueError(message)

    @property
    def default_zone(self) -> TaxZone | None:
        """The zone whose tax is in the prices."""
        return next((zone for zone in self.zones if zone.is_default), None)

    def place(self, *, ship: TaxPlace | None, bill: TaxPlace | None) -> TaxPlace | None:
        """Return where an order to these addresses is taxed."""
        return ship if self.address_used is TaxAddress.SHIP else bill

    def zone_of(self, place: TaxPlace | None) -> TaxZone | None:
        """Return the tax zone of an order to *place*.

        Of the zones that hold it, the smallest and then the oldest of states, else that of countries. Without a match
        or an address it is the default zone, or none.
        """
        holding = () if place is None else (zone for zone in self.zones if zone_holds(zone, place))
        by_size = sorted(holding, key=lambda zone: (zone.kind is not ZoneKind.STATE, len(zone.members)))
        return by_size[0] if by_size else self.default_zone

    def rates_for(self, zone: TaxZone | None, *, at: datetime | None = None) -> tuple[TaxRate, ...]:
        """Return the rates that apply to orders of *zone* at the instant *at*.

        Those of the zone, of each zone that contains it, and the included ones of the default zone: these are in the
        prices, whoever buys. Without a zone only those are left that are due everywhere. With *at* None the dates of
        the rates are not looked at.
        """
        instant = None if at is None else as_instant(at)
        if zone is None:
            return tuple(each for each in self.rates if each.zone is None and each.holds_at(instant))
        default = self.default_zone
        around = {None, zone.id} | {each.id for each in self.zones if zone_contains(each, zone)}
        return tuple(
            each
            for each in self.rates
            if each.holds_at(instant)
            and (each.zone in around or (each.included_in_price and default is not None and each.zone == default.id))
        )

    def is_refunded(self, rate: TaxRate, zone: TaxZone) -> bool:
        """Whether the tax of *rate* is given back to customers of *zone*.

        That is so for tax in the prices if the zone is abroad: not in the default zone, nor the rate's own.
        """
        default = self.default_zone
        is_home = default is not None and (default.id == zone.id or zone_contains(default, zone))
        return rate.included_in_price and not is_home and rate.zone not in (None, zone.id)

    def check_rate(self, rate: TaxRate) -> Refusal | None:
        """Refuse a rate that is included in prices while there is no default zone: whose prices would it be in?

        One that is due everywhere needs none.
        """
        if rate.included_in_price and rate.zone is not None and self.default_zone is None:
            return Refusal.of(Code.TAX_INCLUDED_NOWHERE, "$.included_in_price", rate=rate.name)
        return None

    def with_category(self, variant: Variant) -> Variant:
        """Return *variant* with the default category if it has none of its own."""
        if variant.tax_category is not None or self.default_category is None:
            return variant
        return attrs.evolve(variant, tax_category=self.default_category)

    def terms_in(self, terms: PricingTerms, zone: TaxZone | None, *, at: datetime | None = None) -> PricingTerms:
        """Return *terms* with the tax of orders of *zone*, at the instant *at*, in place of their own.

        Whether the distributor charges sales tax still decides whether there is any. Keep the terms for all orders of
        the zone.
        """
        applying = self.rates_for(zone, at=at)
        refunded = frozenset(each.id for each in applying if zone is not None and self.is_refunded(each, zone))
        return attrs.evolve(terms, tax_rates=applying, refunded_rates=refunded)


def changed_rate(rate: TaxRate, amount: Decimal, *, at: datetime, new_id: TaxRateId) -> tuple[TaxRate, TaxRate]:
    """Return *rate*, ended at the instant *at*, and the rate of *amount* that follows it under *new_id*.

    Open Food Network too makes a new rate of a changed amount, so that taxes charged before keep theirs (FEE-7).

    Raises:
        ValueError: the rate ends no later than *at*, or begins no earlier.
    """
    instant = as_instant(at)
    if not rate.holds_at(instant) or rate.valid_from == instant:
        message = f"tax rate {rate.id!r} cannot be changed at {instant}: it is not in force there and before"
        raise ValueError(message)
    follower = attrs.evolve(rate, id=new_id, amount=amount, valid_from=instant)
    return attrs.evolve(rate, valid_until=instant), follower
