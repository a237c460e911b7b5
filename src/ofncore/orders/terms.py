"""The terms that one order is priced by: who buys, where the goods go, and when it was placed.

Source:
    FEE-8 (the tax address and the zone of an order), FEE-14 (fees by customer, fees over time).
"""

from datetime import datetime

import attrs

from ofncore.cycles.offer import Offer
from ofncore.fees.terms import PricingTerms
from ofncore.fees.zones import TaxRegime
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Address, Enterprise
from ofncore.model.fee import TaxPlace, TaxZone
from ofncore.model.methods import ShippingMethod
from ofncore.model.order import Order


@attrs.frozen(kw_only=True)
class OrderTerms:
    """Where an order is taxed, and by which fees and rates it is priced."""

    zone: TaxZone | None
    pricing: PricingTerms


def taxed_place(
    regime: TaxRegime, *, shop: Enterprise, customer: Customer, shipping: ShippingMethod
) -> TaxPlace | None:
    """Return where an order is taxed, or None if that is not known.

    Goods that are delivered go to the customer's address; others are picked up at the place of the method or, where it
    tells none, at the shop. An address without a country counts as none. Where the shop goes by the customer's own
    address, that alone counts.
    """
    home = _place(customer.address)
    pick_up = _place(shipping.place) or _place(shop.address)
    return regime.place(ship=home if shipping.is_delivery else pick_up, bill=home)


def _place(address: Address) -> TaxPlace | None:
    return TaxPlace(address.country, address.state) if address.country else None


def order_terms(offer: Offer, *, customer: Customer, shipping: ShippingMethod, at: datetime) -> OrderTerms:
    """Return the terms of an order of *customer* at the instant *at*: the fees and rates in force then."""
    regime = offer.regime
    place = taxed_place(regime, shop=offer.terms.distributor, customer=customer, shipping=shipping)
    zone = regime.zone_of(place)
    return OrderTerms(zone=zone, pricing=offer.terms_in(zone, at=at).for_customer(customer.tags, at))


def kept_terms(offer: Offer, order: Order, customer: Customer, *, at: datetime) -> PricingTerms:
    """Return the terms of a placed *order* at the instant *at*, in its own tax zone, wherever its customer lives now.

    A zone that there is no more leaves the rates that are due everywhere.
    """
    zone = next((each for each in offer.regime.zones if each.id == order.tax_zone), None)
    return offer.terms_in(zone, at=at).for_customer(customer.tags, at)


def shopper_terms(offer: Offer, customer: Customer | None, *, at: datetime) -> PricingTerms:
    """Return the terms of the prices that *customer* is shown at the instant *at*; None is a visitor nobody knows.

    How the goods will reach the shopper is not known yet: the customer's own address counts. Where that is not known
    it is the shop's, as at a pick-up there.
    """
    home = None if customer is None else _place(customer.address)
    shop = offer.regime.place(ship=_place(offer.terms.distributor.address), bill=None)
    zone = offer.regime.zone_of(home or shop)
    return offer.terms_in(zone, at=at).for_customer(() if customer is None else customer.tags, at)
