"""Prices of a shop in a cycle, and where the money of orders goes."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from ofncore.cycles.offer import Offer
from ofncore.fees.explain import Explanation, explain_order, explain_price
from ofncore.fees.payouts import Payout, payout_to
from ofncore.fees.price_book import PriceBook, price_book
from ofncore.fees.repeated import RepeatedFee, repeated_in
from ofncore.fees.repricing import Repricing
from ofncore.fees.rounding_compared import RoundingComparison, compare_rounding
from ofncore.fees.shares import DiscountBearer, Shares, shares, shares_of_all
from ofncore.fees.shop_prices import ShopPrice, shop_prices
from ofncore.fees.sizes import USUAL_UNITS
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId, VariantId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.product import Variant
from ofncore.orders.lines import full_name
from ofncore.orders.terms import kept_terms, shopper_terms
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.costing.facts import load_offers, load_records
from ofncore.services.fee_words import fee_words
from ofncore.services.loading import load_catalogue, load_offer, load_sharing_rules, load_voucher
from ofncore.services.wiring import Wiring

_EXCHANGE: Final = "outgoing exchange of the order cycle to"
_OFFERED: Final = "variant on offer"


class FeeService:
    """Prices what distributors sell, tells where each amount comes from, and who gets it."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def price_book(
        self,
        order_cycle: OrderCycleId,
        distributor: EnterpriseId,
        *,
        at: datetime,
        customer: CustomerId | None = None,
    ) -> PriceBook:
        """Return the price of everything *distributor* sells in a cycle at the instant *at*, with its breakdown.

        They are the prices of *customer*, or those of a visitor whom nobody knows (see
        `ofncore.orders.terms.shopper_terms`).

        Raises:
            NotFoundError: there is no such cycle, enterprise or customer, or the enterprise sells nothing in the cycle.
        """
        instant = as_instant(at)

        def work(unit: UnitOfWork) -> PriceBook:
            offer, terms = self._shown_to(unit, order_cycle, distributor, customer, instant)
            return price_book(terms, offer.variants.values())

        return self._wiring.run(work)

    def shop_prices(
        self,
        order_cycle: OrderCycleId,
        distributor: EnterpriseId,
        *,
        at: datetime,
        customer: CustomerId | None = None,
        units: Collection[str] = USUAL_UNITS,
    ) -> tuple[ShopPrice, ...]:
        """Return what a shopper is shown at the instant *at* of everything *distributor* sells in a cycle.

        They are the prices of `price_book`, with names, sizes, unit prices and all taxes. *units* are those that sizes
        are written in (see `ofncore.fees.shop_prices.shop_prices`).

        Raises:
            NotFoundError: there is no such cycle, enterprise or customer, or the enterprise sells nothing in the cycle.
        """
        instant = as_instant(at)

        def work(unit: UnitOfWork) -> tuple[ShopPrice, ...]:
            offer, terms = self._shown_to(unit, order_cycle, distributor, customer, instant)
            return shop_prices(terms, offer.variants.values(), _names(offer), units=units)

        return self._wiring.run(work)

    def explain_price(
        self,
        order_cycle: OrderCycleId,
        distributor: EnterpriseId,
        variant: VariantId,
        *,
        at: datetime,
        customer: CustomerId | None = None,
    ) -> Explanation:
        """Return where the price of one *variant* in a shop comes from; see `shop_prices`, and `words` for its text.

        Raises:
            NotFoundError: there is no such cycle, enterprise or customer, the enterprise sells nothing in the cycle,
                or not this variant.
        """
        instant = as_instant(at)

        def work(unit: UnitOfWork) -> Explanation:
            offer, terms = self._shown_to(unit, order_cycle, distributor, customer, instant)
            known = _offered(offer, variant)
            return explain_price(price_book(terms, [known])[variant], terms, known, _names(offer)[variant])

        return self._wiring.run(work)

    def explain_order(self, order: OrderId) -> Explanation:
        """Return where the total of an order comes from, by the terms kept on it; see `words` for its text.

        Raises:
            NotFoundError: there is no such order.
        """

        def work(unit: UnitOfWork) -> Explanation:
            found = unit.orders.get(order)
            offer = self._offer(unit, found.order_cycle, found.distributor)
            variants, _ = load_catalogue(unit, [line.variant for line in found.lines])
            terms = kept_terms(offer, found, unit.customers.get(found.customer), at=found.terms_at)
            return explain_order(found, terms=terms, variants=variants, voucher=load_voucher(unit, found))

        return self._wiring.run(work)

    def words(self, told: Explanation | Payout | Repricing, locale: str) -> str:
        """Return *told* as lines of text in the language of *locale*, with the names of enterprises and variants."""
        return self._wiring.run(lambda unit: fee_words(unit, told, locale))

    def who_gets_what(self, order: OrderId, *, discount_bearer: DiscountBearer = DiscountBearer.DISTRIBUTOR) -> Shares:
        """Return what each enterprise gets of an order; the parts add up to what the buyer pays.

        Enterprises that charge sales tax get the tax on what is theirs; all other tax goes to the distributor (FEE-11).

        Raises:
            NotFoundError: there is no such order.
        """
        return self._wiring.run(
            lambda unit: shares(unit.orders.get(order), load_sharing_rules(unit, discount_bearer)),
        )

    def who_gets_what_in(
        self, order_cycle: OrderCycleId, *, discount_bearer: DiscountBearer = DiscountBearer.DISTRIBUTOR
    ) -> tuple[Shares, ...]:
        """Return what each enterprise gets of all placed orders of a cycle: one `Shares` for each currency, sorted."""

        def work(unit: UnitOfWork) -> tuple[Shares, ...]:
            rules, by_currency = load_sharing_rules(unit, discount_bearer), attrgetter("currency")
            orders = sorted(unit.orders.of_cycle(order_cycle), key=by_currency)
            return tuple(shares_of_all(found, currency, rules) for currency, found in groupby(orders, key=by_currency))

        return self._wiring.run(work)

    def payouts(
        self,
        order_cycle: OrderCycleId,
        enterprise: EnterpriseId,
        *,
        discount_bearer: DiscountBearer = DiscountBearer.DISTRIBUTOR,
    ) -> tuple[Payout, ...]:
        """Return what *enterprise* gets of all placed orders of a cycle, by variant; see `words` for its text.

        There is one `Payout` for each currency, sorted; they are parts of `who_gets_what_in`.
        """
        found = self.who_gets_what_in(order_cycle, discount_bearer=discount_bearer)
        return tuple(payout_to(each, enterprise) for each in found)

    def repeated_fees(self, order_cycle: OrderCycleId) -> tuple[RepeatedFee, ...]:
        """Return the fees that any distributor of a cycle charges several times on the same goods (FEE-13.6).

        Raises:
            NotFoundError: there is no such cycle.
        """

        def work(unit: UnitOfWork) -> tuple[RepeatedFee, ...]:
            sellers = [each.distributor for each in unit.order_cycles.get(order_cycle).outgoing]
            offers = (self._offer(unit, order_cycle, each) for each in sellers)
            return tuple(each for offer in offers for each in repeated_in(offer.terms, offer.variants))

        return self._wiring.run(work)

    def compare_rounding(
        self, order_cycle: OrderCycleId, first: RoundingPolicy, second: RoundingPolicy
    ) -> tuple[RoundingComparison, ...]:
        """Return what all placed orders of a cycle cost under two rounding policies; nothing is stored.

        There is one comparison for each currency, sorted; none without orders. Each order is charged by the terms kept
        on it (see `ofncore.fees.rounding_compared.compare_rounding`).

        Raises:
            NotFoundError: there is no such cycle.
        """

        def work(unit: UnitOfWork) -> tuple[RoundingComparison, ...]:
            cycle = unit.order_cycles.get(order_cycle)
            records, by_currency = load_records(unit, cycle), attrgetter("currency")
            sellers = (order.distributor for order in records.orders)
            tariffs = records.tariffs(load_offers(unit, cycle, sellers, self._wiring.profile))
            orders = groupby(sorted(records.orders, key=by_currency), key=by_currency)
            return tuple(
                compare_rounding(found, tariffs, first, second, currency=currency) for currency, found in orders
            )

        return self._wiring.run(work)

    def _shown_to(
        self,
        unit: UnitOfWork,
        order_cycle: OrderCycleId,
        distributor: EnterpriseId,
        customer: CustomerId | None,
        at: datetime,
    ) -> tuple[Offer, PricingTerms]:
        """Return what *distributor* sells, and the terms by which a shopper is shown its prices."""
        offer = self._offer(unit, order_cycle, distributor)
        if offer.cycle.outgoing_to(distributor) is None:
            raise NotFoundError(_EXCHANGE, distributor)
        shopper = None if customer is None else unit.customers.get(customer)
        return offer, shopper_terms(offer, shopper, at=at)

    def _offer(self, unit: UnitOfWork, order_cycle: OrderCycleId, distributor: EnterpriseId) -> Offer:
        return load_offer(unit, unit.order_cycles.get(order_cycle), distributor, self._wiring.profile)


def _offered(offer: Offer, variant: VariantId) -> Variant:
    try:
        return offer.variants[variant]
    except KeyError:
        raise NotFoundError(_OFFERED, variant) from None


def _names(offer: Offer) -> dict[VariantId, str]:
    return {key: full_name(each, offer.products[each.product]) for key, each in offer.variants.items()}
