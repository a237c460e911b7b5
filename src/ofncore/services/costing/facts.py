"""Reading what must be known to charge all orders of a cycle."""

from collections.abc import Iterable, Mapping

import attrs

from ofncore.cycles.offer import Offer
from ofncore.fees.tariff import Tariff
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.kernel.policies import Profile
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order
from ofncore.model.product import Variant
from ofncore.model.voucher import Voucher
from ofncore.orders.cycle_costs import CycleFacts
from ofncore.orders.terms import kept_terms
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_catalogue, load_managers, load_offer


@attrs.frozen(kw_only=True)
class OrderRecords:
    """What the placed orders of a cycle refer to."""

    orders: tuple[Order, ...]
    customers: Mapping[CustomerId, Customer]
    variants: Mapping[VariantId, Variant]
    shipping_methods: Mapping[ShippingMethodId, ShippingMethod]
    payment_methods: Mapping[PaymentMethodId, PaymentMethod]

    def tariffs(self, offers: Mapping[EnterpriseId, Offer]) -> dict[OrderId, Tariff]:
        """Return the tariff of each order as of when its terms are, by the offers of its cycle."""
        return {order.id: self._tariff(order, offers[order.distributor]) for order in self.orders}

    def _tariff(self, order: Order, offer: Offer) -> Tariff:
        return Tariff(
            terms=kept_terms(offer, order, self.customers[order.customer], at=order.terms_at),
            variants=self.variants,
            shipping=self.shipping_methods[order.shipping.method],
            payment=self.payment_methods[order.payment.method],
        )


def load_records(unit: UnitOfWork, cycle: OrderCycle) -> OrderRecords:
    """Return the placed orders of *cycle*, and all that they refer to."""
    orders = tuple(order for order in unit.orders.of_cycle(cycle.id) if order.is_placed)
    variants, _ = load_catalogue(unit, {line.variant for order in orders for line in order.lines})
    customers = unit.customers.get_many({order.customer for order in orders})
    shipping = unit.shipping_methods.get_many({order.shipping.method for order in orders})
    payment = unit.payment_methods.get_many({order.payment.method for order in orders})
    return OrderRecords(
        orders=orders,
        customers={each.id: each for each in customers},
        variants=variants,
        shipping_methods={each.id: each for each in shipping},
        payment_methods={each.id: each for each in payment},
    )


def load_offers(
    unit: UnitOfWork, cycle: OrderCycle, distributors: Iterable[EnterpriseId], profile: Profile
) -> dict[EnterpriseId, Offer]:
    """Return what each of *distributors* sells in *cycle*."""
    return {each: load_offer(unit, cycle, each, profile) for each in sorted(set(distributors))}


def load_facts(
    unit: UnitOfWork, cycle: OrderCycle, records: OrderRecords, *, actor: Actor, profile: Profile
) -> CycleFacts:
    """Return what is known when all placed orders of *cycle* are to be charged something."""
    offers = load_offers(unit, cycle, (order.distributor for order in records.orders), profile)
    return CycleFacts(
        cycle=cycle,
        relations=load_managers(unit, actor, {cycle.coordinator}),
        orders=records.orders,
        tariffs=records.tariffs(offers),
        variants=records.variants,
        vouchers=_vouchers(unit, records.orders),
        tax_categories={each.id for each in unit.tax_categories.all()},
    )


def _vouchers(unit: UnitOfWork, orders: Iterable[Order]) -> dict[OrderId, Voucher]:
    used = {order.id: (order.distributor, each.code) for order in orders for each in order.discounts}
    known = {voucher: unit.vouchers.by_code(*voucher) for voucher in set(used.values())}
    return {order: found for order, voucher in used.items() if (found := known[voucher]) is not None}
