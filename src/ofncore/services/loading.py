"""Reading, in few queries, all that a decision needs."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from ofncore.cycles.offer import Offer, distributed_variants, make_offer
from ofncore.fees.shares import DiscountBearer, SharingRules
from ofncore.fees.terms import PricingTerms
from ofncore.fees.zones import TaxRegime
from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.errors import StorageError
from ofncore.kernel.ids import EnterpriseId, FeeId, ProductId, TaxCategoryId, UserId, VariantId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import TaxRate
from ofncore.model.order import Order
from ofncore.model.product import Product, Variant
from ofncore.model.voucher import Voucher
from ofncore.orders.codes import draw_codes
from ofncore.permissions.relations import Relations
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.near.relations import NearRelations

#: Setting that holds the secret behind order codes.
CODE_KEY: Final = "code_key"


def load_relations(unit: UnitOfWork) -> Relations:
    """Return who manages what and who granted what, read as far as it is looked at, before *unit* writes."""
    return NearRelations(unit).relations


def load_managers(unit: UnitOfWork, actor: Actor, enterprises: Iterable[EnterpriseId]) -> Relations:
    """Return whether *actor* manages any of *enterprises*; no grants."""
    users = unit.users.get_many([UserId(actor.id)]) if actor.kind is ActorKind.USER else ()
    return Relations.of(users=users, enterprises=unit.enterprises.get_many(set(enterprises)), grants=())


def fees_of(cycle: OrderCycle) -> set[FeeId]:
    """Return every fee that *cycle* names."""
    lists = [cycle.coordinator_fees, *(each.fees for each in cycle.incoming), *(each.fees for each in cycle.outgoing)]
    return {fee for fees in lists for fee in fees}


def load_terms(unit: UnitOfWork, cycle: OrderCycle, distributor: Enterprise, profile: Profile) -> PricingTerms:
    """Return the fees of *distributor* in *cycle*, and every tax rate there is."""
    return PricingTerms(
        cycle=cycle,
        distributor=distributor,
        fees={fee.id: fee for fee in unit.fees.get_many(fees_of(cycle))},
        tax_rates=tuple(unit.tax_rates.all()),
        profile=profile,
    )


def load_regime(unit: UnitOfWork, distributor: Enterprise, rates: tuple[TaxRate, ...]) -> TaxRegime:
    """Return the tax zones, and *rates*, as *distributor* uses them; of zones that are alike the first by id counts."""
    return TaxRegime(
        zones=tuple(sorted(unit.tax_zones.all(), key=lambda zone: zone.id)),
        rates=rates,
        default_category=_default_category(unit),
        address_used=distributor.shop.tax_address,
    )


def _default_category(unit: UnitOfWork) -> TaxCategoryId | None:
    return next((each.id for each in unit.tax_categories.all() if each.is_default), None)


def load_offer(unit: UnitOfWork, cycle: OrderCycle, distributor: EnterpriseId, profile: Profile) -> Offer:
    """Return what *distributor* sells in *cycle*.

    Raises:
        NotFoundError: there is no such enterprise.
    """
    shop = unit.enterprises.get(distributor)
    variants, products = load_catalogue(unit, distributed_variants(cycle, distributor))
    terms = load_terms(unit, cycle, shop, profile)
    return make_offer(
        terms=terms,
        coordinator=shop if cycle.coordinator == distributor else unit.enterprises.get(cycle.coordinator),
        variants=variants.values(),
        products=products.values(),
        shipping_methods=unit.shipping_methods.all(),
        payment_methods=unit.payment_methods.all(),
        regime=load_regime(unit, shop, terms.tax_rates),
    )


def load_catalogue(
    unit: UnitOfWork, variants: Iterable[VariantId]
) -> tuple[dict[VariantId, Variant], dict[ProductId, Product]]:
    """Return *variants* and their products, by id; unknown ones are left out.

    Variants without a tax category have the default one, if there is one (FEE-8).
    """
    regime = TaxRegime(default_category=_default_category(unit))
    found = {each.id: regime.with_category(each) for each in unit.variants.get_many(variants)}
    products = {each.id: each for each in unit.products.get_many({each.product for each in found.values()})}
    return found, products


def load_sharing_rules(unit: UnitOfWork, discount_bearer: DiscountBearer = DiscountBearer.DISTRIBUTOR) -> SharingRules:
    """Return how orders are shared out: enterprises that charge sales tax get the tax on what is theirs (FEE-11)."""
    registered = frozenset(each.id for each in unit.enterprises.all() if each.charges_sales_tax)
    return SharingRules(tax_keepers=registered, discount_bearer=discount_bearer)


def load_voucher(unit: UnitOfWork, order: Order) -> Voucher | None:
    """Return the voucher that *order* has; None if it has none, or its shop none with this code."""
    return unit.vouchers.by_code(order.distributor, order.discounts[0].code) if order.discounts else None


def free_code(unit: UnitOfWork, shop: Enterprise, order: str, taken: Iterable[str] = ()) -> str:
    """Return a code for the order with id *order* that no order has, nor *taken* (ORD-K4).

    Raises:
        StorageError: the shop has no prefix, or the installation no key.
    """
    key = unit.settings.find(CODE_KEY)
    if key is None or shop.order_code_prefix is None:
        missing = "key for order codes" if key is None else f"order code prefix for {shop.id!r}"
        message = f"there is no {missing}; load a world or set one first"
        raise StorageError(message)
    used = set(taken)
    draws = draw_codes(shop.order_code_prefix, key=key, order=order)
    return next(islice((code for code in draws if code not in used and unit.orders.by_code(code) is None), 1))
