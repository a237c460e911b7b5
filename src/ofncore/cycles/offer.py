"""What one distributor sells in one cycle, and by which methods.

Source:
    CYC-1 (simple cycles), CYC-8 (distributed), CYC-9 and PERM-5.4 (methods).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

import attrs

from ofncore.fees.terms import PricingTerms
from ofncore.fees.zones import TaxRegime
from ofncore.kernel.ids import EnterpriseId, ProductId, TaxZoneId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.fee import TaxZone
from ofncore.model.methods import DisplayOn, PaymentMethod, ShippingMethod, ShopMethod
from ofncore.model.product import Product, Variant


class Method(Protocol):
    """What shipping and payment methods have in common here."""

    @property
    def id(self) -> str:
        """Id of the method."""

    @property
    def distributors(self) -> tuple[EnterpriseId, ...]:
        """Shops that offer it."""


M = TypeVar("M", bound=Method)


def distributed_variants(cycle: OrderCycle, distributor: EnterpriseId) -> tuple[VariantId, ...]:
    """Return what *distributor* sells in *cycle*: its selection, as far as some supplier brings it (CYC-4)."""
    exchange = cycle.outgoing_to(distributor)
    if exchange is None:
        return ()
    brought = {variant for incoming in cycle.incoming for variant in incoming.variants}
    return tuple(variant for variant in exchange.variants if variant in brought)


def methods_in_force(
    methods: Iterable[M], *, shop: EnterpriseId, chosen: Iterable[ShopMethod], coordinator: Enterprise
) -> tuple[M, ...]:
    """Return the methods of *shop* that a cycle of *coordinator* offers, those for staff alone included.

    All of the shop's, unless some of them are *chosen*; a choice in one shop never narrows another (CYC-9.3). One that
    nobody can use at the moment still counts as chosen; one that the shop has no more does not. Where the coordinator
    sells its own goods only, no choice counts (CYC-1, PERM-5.4).
    """
    offered = tuple(method for method in methods if shop in method.distributors)
    if coordinator.sells is Sells.OWN:
        return offered
    wanted = {each.method for each in chosen if each.shop == shop}
    return tuple(method for method in offered if method.id in wanted) or offered


@attrs.frozen(kw_only=True)
class Offer:
    """Everything needed to sell in one shop in one cycle, loaded once."""

    terms: PricingTerms
    #: What may be ordered: selected, brought by a supplier, and not withdrawn.
    variants: Mapping[VariantId, Variant]
    #: Products of those variants.
    products: Mapping[ProductId, Product]
    #: Methods in force, back-office ones included.
    shipping_methods: tuple[ShippingMethod, ...]
    payment_methods: tuple[PaymentMethod, ...]
    #: The tax zones, and the rates of all of them.
    regime: TaxRegime = attrs.field(
        default=attrs.Factory(lambda offer: TaxRegime(rates=offer.terms.tax_rates), takes_self=True)
    )
    _terms_in: dict[tuple[TaxZoneId | None, datetime | None], PricingTerms] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @property
    def cycle(self) -> OrderCycle:
        """The cycle it is sold in."""
        return self.terms.cycle

    @property
    def currency(self) -> str:
        """Currency of every price."""
        return self.terms.distributor.currency

    def terms_in(self, zone: TaxZone | None, *, at: datetime | None) -> PricingTerms:
        """Return the terms with the tax of *zone* at the instant *at*: the same ones each time."""
        key = None if zone is None else zone.id, at
        if key not in self._terms_in:
            self._terms_in[key] = self.regime.terms_in(self.terms, zone, at=at)
        return self._terms_in[key]

    def shipping_method(self, method: str, *, by_staff: bool) -> ShippingMethod | None:
        """Return the method if it may be picked by a shopper, or by staff (CYC-9.1)."""
        return _pick(self.shipping_methods, method, by_staff=by_staff)

    def payment_method(self, method: str, *, by_staff: bool) -> PaymentMethod | None:
        """Return the method if it may be picked by a shopper, or by staff (CYC-9.1)."""
        found = _pick(self.payment_methods, method, by_staff=by_staff)
        return found if found is not None and found.active else None


P = TypeVar("P", ShippingMethod, PaymentMethod)


def _pick(methods: Iterable[P], wanted: str, *, by_staff: bool) -> P | None:
    for method in methods:
        if method.id == wanted and (by_staff or method.display_on is DisplayOn.BOTH):
            return method
    return None


def make_offer(
    *,
    terms: PricingTerms,
    coordinator: Enterprise,
    variants: Iterable[Variant],
    products: Iterable[Product],
    shipping_methods: Iterable[ShippingMethod],
    payment_methods: Iterable[PaymentMethod],
    regime: TaxRegime | None = None,
) -> Offer:
    """Return the offer of the distributor of *terms* in its cycle; *variants* may hold more than it sells.

    *coordinator* is that of the cycle. Without a *regime* there are no tax zones, and the rates are those of *terms*.
    """
    cycle, shop = terms.cycle, terms.distributor.id
    sold = set(distributed_variants(cycle, shop))
    offered = {each.id: each for each in variants if each.id in sold and not each.deleted}
    needed = {each.product for each in offered.values()}
    return Offer(
        terms=terms,
        variants=offered,
        products={each.id: each for each in products if each.id in needed},
        shipping_methods=methods_in_force(
            shipping_methods, shop=shop, chosen=cycle.shipping_methods, coordinator=coordinator
        ),
        payment_methods=methods_in_force(
            payment_methods, shop=shop, chosen=cycle.payment_methods, coordinator=coordinator
        ),
        regime=TaxRegime(rates=terms.tax_rates) if regime is None else regime,
    )
