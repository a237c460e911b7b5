"""What is known when a placed order is to be changed.

Source:
    ORD-5 (change lines), ORD-O25 (suppliers), FEE-13.16 (frozen terms).
"""

from collections.abc import Mapping, Sequence

import attrs

from ofncore.cycles.offer import Offer
from ofncore.fees.lives import keeps_terms, with_lines
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher_again
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import VariantId
from ofncore.model.customer import Customer
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order, OrderLine
from ofncore.model.product import Variant
from ofncore.model.stock import StockItem
from ofncore.model.voucher import Voucher
from ofncore.orders.line_rights import LineRights, line_rights
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import is_staff
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class ChangingFacts:
    """What is known when a placed order is to be changed."""

    #: As of now, with the tax rates of the order's zone.
    offer: Offer
    #: The same terms with the tax rates in force when the order was placed; None if they are still the same.
    placed_terms: PricingTerms | None = None
    #: The variants of the order, and one that is to be added to it, whether or not they are still offered.
    variants: Mapping[VariantId, Variant]
    customer: Customer
    #: Know at least the shop, the coordinator and the suppliers of the order.
    relations: Relations
    #: Stock of at least the variants of the order.
    stock: Mapping[VariantId, StockItem]
    #: The order's own methods, whether or not they are still offered.
    shipping_method: ShippingMethod
    payment_method: PaymentMethod
    #: The voucher the order has, withdrawn or not; None if it has none, or it is not known any more.
    voucher: Voucher | None = None

    @property
    def tariff(self) -> Tariff:
        """What the order would be charged by today."""
        return Tariff(
            terms=self.offer.terms,
            variants=self.variants,
            shipping=self.shipping_method,
            payment=self.payment_method,
        )

    def tariff_of(self, order: Order) -> Tariff:
        """Return what changes of *order* are charged by: with the tax rates of its placing, if it keeps its terms."""
        today = self.tariff
        if self.placed_terms is None or not keeps_terms(order, today.terms.profile):
            return today
        return attrs.evolve(today, terms=self.placed_terms)

    def by_staff(self, actor: Actor) -> bool:
        """Whether *actor* is staff for the order."""
        shop, coordinator = self.offer.terms.distributor.id, self.offer.cycle.coordinator
        return is_staff(actor, self.relations, distributor=shop, coordinator=coordinator)

    def rights(self, order: Order, actor: Actor, action: OrderAction = OrderAction.CHANGE) -> LineRights:
        """Return to which lines of *order* the *actor* may do *action*, by default change them."""
        cycle, profile = self.offer.cycle, self.offer.terms.profile
        return line_rights(order, actor, action, self.relations, customer=self.customer, cycle=cycle, profile=profile)

    def with_lines(self, order: Order, lines: Sequence[OrderLine]) -> Order:
        """Return *order* with *lines*, its charges and taxes, and what its voucher takes off."""
        changed = with_lines(order, lines, self.tariff_of(order))
        return with_voucher_again(changed, self.voucher, self.offer.terms.profile)
