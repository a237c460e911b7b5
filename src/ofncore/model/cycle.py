"""Order cycles and their exchanges."""

from datetime import datetime

import attrs

from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, VariantId
from ofncore.kernel.instants import optional_instant
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.methods import ShopPaymentMethod, ShopShippingMethod


@attrs.frozen(kw_only=True)
class IncomingExchange:
    """One supplier's part of a cycle: what it sends to the coordinator."""

    supplier: EnterpriseId
    variants: tuple[VariantId, ...] = ()
    #: Fees on this supplier's goods; one named twice is charged twice (FEE-5).
    fees: tuple[FeeId, ...] = ()
    #: To the supplier, in its summary (CYC-G59).
    receival_instructions: str = ""


@attrs.frozen(kw_only=True)
class OutgoingExchange:
    """One distributor's part of a cycle: what it sells."""

    distributor: EnterpriseId
    variants: tuple[VariantId, ...] = ()
    #: Fees on what this distributor sells.
    fees: tuple[FeeId, ...] = ()
    #: Free text for shoppers, such as "Friday from 17:00"; the name they know the cycle by (CYC-G45).
    ready_for: str = ""
    #: To buyers only, in their confirmation (CYC-G46).
    pickup_instructions: str = ""
    #: Which customers see the cycle in this shop (CYC-7).
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)


def _closes_after_opening(cycle: "OrderCycle", _attribute: object, closes: datetime | None) -> None:
    if cycle.orders_open_at is not None and closes is not None and closes <= cycle.orders_open_at:
        message = f"an order cycle closes after it opens, but {closes} is not after {cycle.orders_open_at}"
        raise ValueError(message)


@attrs.frozen(kw_only=True)
class OrderCycle:
    """A window of orders: who supplies, who sells, from when to when.

    At most one incoming exchange for each supplier and one outgoing for each distributor (CYC-1).
    """

    id: OrderCycleId
    #: For managers only; shoppers never see it.
    name: str = attrs.field(validator=[attrs.validators.min_len(1), attrs.validators.max_len(255)])
    #: Never changes once set (CYC-G9).
    coordinator: EnterpriseId
    #: Either instant may be missing: the cycle is then undated (CYC-3).
    orders_open_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    orders_close_at: datetime | None = attrs.field(
        default=None, converter=optional_instant, validator=_closes_after_opening
    )
    #: Fees on the whole cycle.
    coordinator_fees: tuple[FeeId, ...] = ()
    incoming: tuple[IncomingExchange, ...] = ()
    outgoing: tuple[OutgoingExchange, ...] = ()
    #: Producers get their summaries by themselves at the close (CYC-G72).
    automatic_notifications: bool = False
    #: Payment methods chosen in its shops; a shop without a choice offers all of its own (CYC-9).
    payment_methods: tuple[ShopPaymentMethod, ...] = ()
    #: Shipping methods chosen in its shops, likewise.
    shipping_methods: tuple[ShopShippingMethod, ...] = ()
    #: When its opening was announced, its closing carried out, its producers told (CYC-11).
    opened_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    closed_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    producers_notified_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: When all its standing orders were concluded and the shops told.
    settled_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: Raised by storage at each save.
    version: int = 0

    def incoming_from(self, supplier: EnterpriseId) -> IncomingExchange | None:
        """The part of *supplier*, if it takes part."""
        return next((each for each in self.incoming if each.supplier == supplier), None)

    def outgoing_to(self, distributor: EnterpriseId) -> OutgoingExchange | None:
        """The part of *distributor*, if it takes part."""
        return next((each for each in self.outgoing if each.distributor == distributor), None)
