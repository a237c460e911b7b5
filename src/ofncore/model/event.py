"""Domain events: what became true, when, and by whom.

Events are append-only. The id of an event comes from its facts, so recording the same fact twice leaves one event.
"""

from datetime import datetime
from typing import ClassVar

import attrs

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    EventId,
    OrderCycleId,
    OrderId,
    PaymentId,
    SubscriptionId,
    UserId,
    VariantId,
    joined_id,
)
from ofncore.kernel.instants import as_instant, optional_instant
from ofncore.kernel.money import Money
from ofncore.model.enterprise import Sells
from ofncore.model.grant import Permission


@attrs.frozen(kw_only=True)
class Event:
    """What all events have."""

    kind: ClassVar[str]

    #: When it became true: for scheduled work, the instant it fell due.
    at: datetime = attrs.field(converter=as_instant)
    actor: Actor = ENGINE
    #: Tells events of one kind about one subject apart.
    occasion: str = ""
    #: When it was really done, if that was late.
    late_at: datetime | None = attrs.field(default=None, converter=optional_instant)

    @property
    def subject(self) -> str:
        """Id of what the event is about."""
        raise NotImplementedError

    @property
    def id(self) -> EventId:
        """One event for each (kind, subject, occasion)."""
        return EventId(joined_id(self.kind, self.subject, self.occasion))


@attrs.frozen(kw_only=True)
class CycleEvent(Event):
    """An event about an order cycle."""

    order_cycle: OrderCycleId

    @property
    def subject(self) -> str:
        """The order cycle."""
        return self.order_cycle


@attrs.frozen(kw_only=True)
class CycleCreated(CycleEvent):
    """Somebody made a cycle."""

    kind = "cycle_created"
    #: Tells what was asked for, so that a repeated request is known; empty for a copy.
    request: str = ""
    #: The cycle it is a copy of.
    copied_from: OrderCycleId | None = None


@attrs.frozen(kw_only=True)
class CycleDeleted(CycleEvent):
    """Somebody deleted a cycle in which nothing was ordered (CYC-12)."""

    kind = "cycle_deleted"


@attrs.frozen(kw_only=True)
class CycleOpened(CycleEvent):
    """Orders are taken from now on (CYC-11)."""

    kind = "cycle_opened"


@attrs.frozen(kw_only=True)
class CycleClosed(CycleEvent):
    """No more orders are taken (CYC-11)."""

    kind = "cycle_closed"


@attrs.frozen(kw_only=True)
class CycleEdited(CycleEvent):
    """Somebody changed a cycle."""

    kind = "cycle_edited"
    #: Paths of what changed, such as ``$.incoming[0].variants``.
    changed: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ProducersNotified(CycleEvent):
    """Producers were sent their summaries (CYC-11)."""

    kind = "producers_notified"
    suppliers: tuple[EnterpriseId, ...]
    automatic: bool


@attrs.frozen(kw_only=True)
class GrantChanged(Event):
    """What one enterprise allows another is something else from now on (PERM-6)."""

    kind = "grant_changed"
    grantor: EnterpriseId
    grantee: EnterpriseId
    #: All that it allows now; nothing if the grant has ended.
    permissions: tuple[Permission, ...] = attrs.field(validator=attrs.validators.deep_iterable(choice_of(Permission)))

    @property
    def subject(self) -> str:
        """The pair."""
        return joined_id(self.grantor, self.grantee)


@attrs.frozen(kw_only=True)
class EnterpriseEvent(Event):
    """An event about an enterprise."""

    enterprise: EnterpriseId

    @property
    def subject(self) -> str:
        """The enterprise."""
        return self.enterprise


@attrs.frozen(kw_only=True)
class EnterpriseCreated(EnterpriseEvent):
    """Somebody made an enterprise; its owner is its first manager (PERM-8)."""

    kind = "enterprise_created"
    owner: UserId
    #: Tells what was asked for, so that a repeated request is known.
    request: str


@attrs.frozen(kw_only=True)
class ManagerAdded(EnterpriseEvent):
    """A user acts for an enterprise from now on (PERM-8)."""

    kind = "manager_added"
    user: UserId


@attrs.frozen(kw_only=True)
class ManagerRemoved(EnterpriseEvent):
    """A user does not act for an enterprise any more (PERM-8)."""

    kind = "manager_removed"
    user: UserId


@attrs.frozen(kw_only=True)
class OwnerChanged(EnterpriseEvent):
    """An enterprise belongs to another user from now on (PERM-8)."""

    kind = "owner_changed"
    owner: UserId
    former_owner: UserId


@attrs.frozen(kw_only=True)
class SellsChanged(EnterpriseEvent):
    """An enterprise sells something else from now on, or has a prefix for its order codes (PERM-8, ORD-K1)."""

    kind = "sells_changed"
    sells: Sells = attrs.field(validator=choice_of(Sells))
    formerly: Sells = attrs.field(validator=choice_of(Sells))
    #: The prefix that it got then; None if it got none, or had it before.
    order_code_prefix: str | None = None


@attrs.frozen(kw_only=True)
class OrderEvent(Event):
    """An event about an order."""

    order: OrderId

    @property
    def subject(self) -> str:
        """The order."""
        return self.order


@attrs.frozen(kw_only=True)
class OrderPlaced(OrderEvent):
    """An order was placed and its stock taken."""

    kind = "order_placed"
    customer: CustomerId
    total: Money


@attrs.frozen(kw_only=True)
class OrderChanged(OrderEvent):
    """Quantities of an order were changed, or lines came or went."""

    kind = "order_changed"
    variants: tuple[VariantId, ...]
    total: Money


@attrs.frozen(kw_only=True)
class OrderAdjusted(OrderEvent):
    """Staff set an amount on an order, changed it, or took it back (FEE-8)."""

    kind = "order_adjusted"
    total: Money


@attrs.frozen(kw_only=True)
class OrderRepriced(OrderEvent):
    """Prices or fees of an order were made anew (FEE-14)."""

    kind = "order_repriced"
    total: Money


@attrs.frozen(kw_only=True)
class OrderWeighed(OrderEvent):
    """Staff or a supplier told what lines of an order really weigh, or measure (FEE-3)."""

    kind = "order_weighed"
    variants: tuple[VariantId, ...]
    total: Money


@attrs.frozen(kw_only=True)
class OrderDiscounted(OrderEvent):
    """A voucher was applied to a placed order, or taken off it (FEE-10)."""

    kind = "order_discounted"
    #: Code of the voucher; empty if it was taken off.
    code: str = ""
    total: Money


@attrs.frozen(kw_only=True)
class OrderCancelled(OrderEvent):
    """An order was cancelled."""

    kind = "order_cancelled"
    restocked: bool


@attrs.frozen(kw_only=True)
class RuleOverridden(OrderEvent):
    """Staff placed an order against a rule, and said why (ORD-B8)."""

    kind = "rule_overridden"
    customer: CustomerId
    #: Code of the rule, such as ``cycle.closed``.
    rule: str
    reason: str
    #: Producers whose summaries may lack the order.
    producers: tuple[EnterpriseId, ...]


@attrs.frozen(kw_only=True)
class PaymentSettled(OrderEvent):
    """Money moved: from the customer if positive, back if negative."""

    kind = "payment_settled"
    payment: PaymentId
    amount: Money


@attrs.frozen(kw_only=True)
class PaymentNotSettled(OrderEvent):
    """A charge or refund did not go through."""

    kind = "payment_not_settled"
    payment: PaymentId
    reason: str


@attrs.frozen(kw_only=True)
class SubscriptionEvent(Event):
    """An event about one subscription in one cycle."""

    subscription: SubscriptionId
    order_cycle: OrderCycleId

    @property
    def subject(self) -> str:
        """Subscription and cycle, together."""
        return joined_id(self.subscription, self.order_cycle)


@attrs.frozen(kw_only=True)
class SubscriptionShort(SubscriptionEvent):
    """A subscription was placed with less than it asked for (SUB-12.4)."""

    kind = "subscription_short"
    variants: tuple[VariantId, ...]


@attrs.frozen(kw_only=True)
class SubscriptionNotPlaced(SubscriptionEvent):
    """No order was made: nothing could be sold, or the cycle had closed."""

    kind = "subscription_not_placed"
    reason: str


#: Every kind of event, by its name in documents and storage.
EVENT_KINDS: dict[str, type[Event]] = {
    each.kind: each
    for each in (
        CycleClosed,
        CycleCreated,
        CycleDeleted,
        CycleEdited,
        CycleOpened,
        EnterpriseCreated,
        GrantChanged,
        ManagerAdded,
        ManagerRemoved,
        OrderAdjusted,
        OrderCancelled,
        OrderChanged,
        OrderDiscounted,
        OrderPlaced,
        OrderRepriced,
        OrderWeighed,
        OwnerChanged,
        PaymentNotSettled,
        PaymentSettled,
        ProducersNotified,
        RuleOverridden,
        SellsChanged,
        SubscriptionNotPlaced,
        SubscriptionShort,
    )
}
