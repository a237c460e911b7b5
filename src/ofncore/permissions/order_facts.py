"""What permissions know of an order: who sells it, who buys it, whose goods it holds; no amounts and no names."""

from collections.abc import Iterable, Mapping
from typing import Self

import attrs

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId, UserId, VariantId
from ofncore.model.customer import Customer
from ofncore.model.order import Order, OrderState


@attrs.frozen
class LineFacts:
    """One line: the variant, and the enterprise whose goods it holds. Deleted variants still count (PERM-7)."""

    variant: VariantId
    supplier: EnterpriseId


@attrs.frozen(kw_only=True)
class OrderFacts:
    """One order, or a cart, which may lack its distributor and its cycle still (PERM-7)."""

    id: OrderId
    distributor: EnterpriseId | None
    order_cycle: OrderCycleId | None
    customer: CustomerId | None = None
    #: The account of the buyer, if there is one.
    buyer: UserId | None = None
    #: Who made it, which need not be the buyer (ORD-B1).
    creator: Actor = ENGINE
    is_placed: bool = True
    is_cancelled: bool = False
    lines: tuple[LineFacts, ...] = ()

    @classmethod
    def of(cls, order: Order, customers: Mapping[CustomerId, Customer]) -> Self:
        """Return the facts of *order*; *customers* holds at least its own."""
        customer = customers.get(order.customer)
        return cls(
            id=order.id,
            distributor=order.distributor,
            order_cycle=order.order_cycle,
            customer=order.customer,
            buyer=None if customer is None else customer.user,
            creator=order.placed_by,
            is_placed=order.state is not OrderState.DRAFT,
            is_cancelled=order.state is OrderState.CANCELLED,
            lines=tuple(LineFacts(line.variant, line.supplier) for line in order.lines),
        )

    @property
    def buyers(self) -> Iterable[Actor]:
        """The buyer as an actor: by account, and by the secret link of the customer."""
        if self.buyer is not None:
            yield Actor.user(self.buyer)
        if self.customer is not None:
            yield Actor.customer(self.customer)

    @property
    def suppliers(self) -> Iterable[EnterpriseId]:
        """The enterprises whose goods it holds, each once."""
        return dict.fromkeys(line.supplier for line in self.lines)
