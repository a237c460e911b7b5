"""A state with its records at hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

import attrs

from ofncore.cli.report.attempts import RefusedAttempt
from ofncore.cycles.offer import Offer, make_offer
from ofncore.fees.price_book import PriceBook, price_book
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    OrderCycleId,
    OrderId,
    ProductId,
    SubscriptionId,
    UserId,
    VariantId,
)
from ofncore.kernel.money import Money
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.model.product import Product, Variant
from ofncore.model.subscription import Subscription
from ofncore.model.user import User
from ofncore.model.world import State
from ofncore.orders.lines import full_name
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True, eq=False)
class Books:
    """A *state* of one currency, and the attempts that were refused on the way to it."""

    state: State
    attempts: Sequence[RefusedAttempt] = ()
    profile: Profile = PRODUCT

    @cached_property
    def lived(self) -> tuple[OrderCycle, ...]:
        """The cycles that opened and closed, by their opening."""
        closed = [each for each in self.state.order_cycles if each.opened_at and each.closed_at]
        return tuple(sorted(closed, key=lambda cycle: (cycle.opened_at, cycle.id)))

    @cached_property
    def coordinator(self) -> Enterprise:
        """The coordinator of the first of those cycles."""
        return self.enterprises[self.lived[0].coordinator]

    @property
    def zone(self) -> str:
        """The time zone of the coordinator."""
        return self.coordinator.time_zone

    @property
    def currency(self) -> str:
        """The currency of the coordinator."""
        return self.coordinator.currency

    @cached_property
    def users(self) -> Mapping[UserId, User]:
        """Users by id."""
        return {each.id: each for each in self.state.users}

    @cached_property
    def enterprises(self) -> Mapping[EnterpriseId, Enterprise]:
        """Enterprises by id."""
        return {each.id: each for each in self.state.enterprises}

    @cached_property
    def customers(self) -> Mapping[CustomerId, Customer]:
        """Customers by id."""
        return {each.id: each for each in self.state.customers}

    @cached_property
    def variants(self) -> Mapping[VariantId, Variant]:
        """Variants by id."""
        return {each.id: each for each in self.state.variants}

    @cached_property
    def products(self) -> Mapping[ProductId, Product]:
        """Products by id."""
        return {each.id: each for each in self.state.products}

    @cached_property
    def fees(self) -> Mapping[FeeId, EnterpriseFee]:
        """Fees by id."""
        return {each.id: each for each in self.state.fees}

    @cached_property
    def subscriptions(self) -> Mapping[SubscriptionId, Subscription]:
        """Subscriptions by id."""
        return {each.id: each for each in self.state.subscriptions}

    @cached_property
    def relations(self) -> Relations:
        """Who manages what, and who granted what."""
        state = self.state
        return Relations.of(users=state.users, enterprises=state.enterprises, grants=state.grants)

    @cached_property
    def orders(self) -> Mapping[OrderCycleId, tuple[Order, ...]]:
        """The orders of each cycle that was lived, cancelled ones too, in the order of their placing."""
        return {cycle.id: self._orders_of(cycle.id) for cycle in self.lived}

    @cached_property
    def placed(self) -> tuple[Order, ...]:
        """The orders of all those cycles, without the cancelled ones."""
        return tuple(order for cycle in self.lived for order in self.orders[cycle.id] if order.is_placed)

    @cached_property
    def payments(self) -> Mapping[OrderId, tuple[Payment, ...]]:
        """The payments of each order, by instant."""
        found: dict[OrderId, list[Payment]] = {order.id: [] for order in self.state.orders}
        for payment in sorted(self.state.payments, key=lambda each: (each.at, each.attempt, each.id)):
            found[payment.order].append(payment)
        return {order: tuple(payments) for order, payments in found.items()}

    def goods(self, variant: VariantId) -> str:
        """Return the name people know *variant* by."""
        found = self.variants[variant]
        return full_name(found, self.products[found.product])

    def offer(self, cycle: OrderCycle, shop: EnterpriseId) -> Offer:
        """Return what *shop* sells in *cycle*, as it stands in the state."""
        terms = PricingTerms(
            cycle=cycle,
            distributor=self.enterprises[shop],
            fees=self.fees,
            tax_rates=self.state.tax_rates,
            profile=self.profile,
        )
        return make_offer(
            terms=terms,
            coordinator=self.enterprises[cycle.coordinator],
            variants=self.state.variants,
            products=self.state.products,
            shipping_methods=self.state.shipping_methods,
            payment_methods=self.state.payment_methods,
        )

    def prices(self, offer: Offer) -> PriceBook:
        """Return the prices of an offer."""
        return price_book(offer.terms, offer.variants.values())

    def sum(self, amounts: "Sequence[Money] | list[Money]") -> Money:
        """Return the sum of *amounts*."""
        return Money.total(amounts, self.currency)

    def attempts_in(self, cycle: OrderCycleId) -> list[RefusedAttempt]:
        """Return what was refused in one cycle."""
        return [each for each in self.attempts if each.order_cycle == cycle]

    def _orders_of(self, cycle: OrderCycleId) -> tuple[Order, ...]:
        found = (order for order in self.state.orders if order.order_cycle == cycle)
        return tuple(sorted(found, key=lambda order: (order.placed_at, order.id)))


def span(books: Books) -> tuple[datetime, datetime]:
    """Return the first opening and the last close of what was lived."""
    opened = [each.opened_at for each in books.lived if each.opened_at]
    closed = [each.closed_at for each in books.lived if each.closed_at]
    return min(opened), max(closed)
