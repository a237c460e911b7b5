"""What somebody asks for: an order to be placed."""

import attrs

from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    PaymentMethodId,
    ShippingMethodId,
    VariantId,
)
from ofncore.model.order import Channel


@attrs.frozen
class RequestedLine:
    """So much of one variant."""

    variant: VariantId
    #: Pieces of the variant as sold; above zero.
    quantity: int


@attrs.frozen(kw_only=True)
class OrderRequest:
    """An order to be placed, by the customer or for the customer."""

    #: Chosen by the caller, unique for each order: the same key always means the same order. It becomes its id.
    key: str
    customer: CustomerId
    distributor: EnterpriseId
    order_cycle: OrderCycleId
    lines: tuple[RequestedLine, ...]
    shipping_method: ShippingMethodId
    payment_method: PaymentMethodId
    #: How it came in; the engine's own orders are not requested.
    channel: Channel = attrs.field(
        default=Channel.WEB, validator=attrs.validators.not_(attrs.validators.in_([Channel.SUBSCRIPTION]))
    )
    comment: str = ""
    #: Code of a voucher of the shop; empty for none.
    voucher: str = ""
    #: Staff only: why the order is placed although the window is closed (ORD-B5).
    override_reason: str | None = None
    #: Producers that were sent their summary already, as the caller was shown them (ORD-B6).
    acknowledged: tuple[EnterpriseId, ...] = ()
