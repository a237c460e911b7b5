"""Shipping and payment methods."""

from enum import StrEnum

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId, TaxCategoryId
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.calculator import Calculator
from ofncore.model.enterprise import Address


class DisplayOn(StrEnum):
    """Who may pick a method."""

    BOTH = "both"
    BACK_END = "back_end"


@attrs.frozen(kw_only=True)
class ShippingMethod:
    """A way for goods to reach the customer: a pick-up place or a delivery round."""

    id: ShippingMethodId
    name: str
    #: Shops that offer it.
    distributors: tuple[EnterpriseId, ...]
    calculator: Calculator
    tax_category: TaxCategoryId | None = None
    display_on: DisplayOn = attrs.field(default=DisplayOn.BOTH, validator=choice_of(DisplayOn))
    #: Delivered to the customer's address; otherwise picked up at `place`.
    is_delivery: bool = False
    place: Address = attrs.field(factory=Address)
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)


class PaymentKind(StrEnum):
    """How a payment method works (SUB-14)."""

    #: Cash, cheque, transfer: recorded by staff.
    BY_HAND = "by_hand"
    #: A card, charged through the payment gateway.
    CARD = "card"


@attrs.frozen(kw_only=True)
class PaymentMethod:
    """A way to pay."""

    id: PaymentMethodId
    name: str
    #: Shops that offer it.
    distributors: tuple[EnterpriseId, ...]
    kind: PaymentKind = attrs.field(validator=choice_of(PaymentKind))
    calculator: Calculator
    display_on: DisplayOn = attrs.field(default=DisplayOn.BOTH, validator=choice_of(DisplayOn))
    active: bool = True
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)


@attrs.frozen(order=True)
class ShopMethod:
    """One method of one shop: a method that several shops share is another choice in each of them."""

    shop: EnterpriseId
    method: str


@attrs.frozen(order=True)
class ShopPaymentMethod(ShopMethod):
    """One payment method of one shop."""

    method: PaymentMethodId


@attrs.frozen(order=True)
class ShopShippingMethod(ShopMethod):
    """One shipping method of one shop."""

    method: ShippingMethodId
