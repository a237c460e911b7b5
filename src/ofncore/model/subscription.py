"""Schedules, subscriptions and proxy orders."""

from datetime import datetime
from enum import StrEnum

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ProxyOrderId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    VariantId,
    joined_id,
)
from ofncore.kernel.instants import as_instant, optional_instant


@attrs.frozen(kw_only=True)
class Schedule:
    """A named set of cycles; it holds no frequency of its own (SUB-2)."""

    id: ScheduleId
    name: str
    order_cycles: tuple[OrderCycleId, ...] = ()


@attrs.frozen(kw_only=True)
class SubscriptionLine:
    """What a subscription orders of one variant each time."""

    variant: VariantId
    quantity: int = attrs.field(validator=exact_numbers.count)


@attrs.frozen(kw_only=True)
class Subscription:
    """A standing order of a customer at a shop, in each cycle of a schedule."""

    id: SubscriptionId
    shop: EnterpriseId
    customer: CustomerId
    schedule: ScheduleId
    shipping_method: ShippingMethodId
    payment_method: PaymentMethodId
    lines: tuple[SubscriptionLine, ...]
    begins_at: datetime = attrs.field(converter=as_instant)
    #: Missing means without end.
    ends_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    paused_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    cancelled_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    version: int = 0


class ProxyOutcome(StrEnum):
    """What became of one subscription in one cycle (SUB-17, last line)."""

    #: An order was placed; its charge is still to come.
    PLACED = "placed"
    #: Nothing could be sold; no order was made (SUB-12.5).
    EMPTY = "empty"
    #: The cycle closed before the order could be placed (SUB-17.4).
    MISSED = "missed"
    #: The close was dealt with: charged, or due by hand.
    CONFIRMED = "confirmed"
    #: The charge was refused, or nobody may charge; the order stays due.
    UNPAID = "unpaid"
    #: The customer must act before the charge can go through.
    AWAITING_CUSTOMER = "awaiting_customer"
    CANCELLED = "cancelled"


def proxy_order_id(subscription: SubscriptionId, order_cycle: OrderCycleId) -> ProxyOrderId:
    """Return the one id there is for *subscription* in *order_cycle* (SUB-17.1)."""
    return ProxyOrderId(joined_id(subscription, order_cycle))


@attrs.frozen(kw_only=True)
class ProxyOrder:
    """The place of one subscription in one cycle, with or without its order yet."""

    subscription: SubscriptionId
    order_cycle: OrderCycleId
    order: OrderId | None = None
    #: None until something became of it.
    outcome: ProxyOutcome | None = attrs.field(
        default=None, validator=attrs.validators.optional(choice_of(ProxyOutcome))
    )
    #: Why an outcome is not the best one: a code of `ofncore.kernel.codes`.
    reason: str | None = None
    placed_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: Settled or given up, not begun (SUB-17.3).
    confirmed_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    cancelled_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: When it was really placed or reported, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)
    version: int = 0

    @property
    def id(self) -> ProxyOrderId:
        """Derived from subscription and cycle: there is one for each pair."""
        return proxy_order_id(self.subscription, self.order_cycle)
