"""Opaque ids. A host maps its own keys to them; nothing may be read out of one."""

from typing import NewType

UserId = NewType("UserId", str)
EnterpriseId = NewType("EnterpriseId", str)
GrantId = NewType("GrantId", str)
CustomerId = NewType("CustomerId", str)
ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
TaxCategoryId = NewType("TaxCategoryId", str)
TaxRateId = NewType("TaxRateId", str)
TaxZoneId = NewType("TaxZoneId", str)
VoucherId = NewType("VoucherId", str)
AdjustmentId = NewType("AdjustmentId", str)
FeeId = NewType("FeeId", str)
ShippingMethodId = NewType("ShippingMethodId", str)
PaymentMethodId = NewType("PaymentMethodId", str)
OrderCycleId = NewType("OrderCycleId", str)
ScheduleId = NewType("ScheduleId", str)
SubscriptionId = NewType("SubscriptionId", str)
ProxyOrderId = NewType("ProxyOrderId", str)
OrderId = NewType("OrderId", str)
PaymentId = NewType("PaymentId", str)
MovementId = NewType("MovementId", str)
MessageId = NewType("MessageId", str)
EventId = NewType("EventId", str)


def joined_id(*parts: str) -> str:
    """Return one id made of one or more *parts*, so that the same facts always give the same id.

    A slash inside a part is escaped, so two different lists of parts never give the same text.
    """
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def split_id(joined: str) -> tuple[str, ...]:
    """Return the parts of which `joined_id` made *joined*."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in joined.split("/"))
