"""Whether a shop has the methods that selling needs.

Source:
    PERM-9, PERM-G12, PERM-G38.
"""

from collections.abc import Iterator, Mapping

from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId
from ofncore.model.methods import DisplayOn, PaymentMethod, ShippingMethod


def is_payable(method: PaymentMethod) -> bool:
    """Whether shoppers may pay with *method*: it is active, and shown to them."""
    return method.active and method.display_on is DisplayOn.BOTH


def is_shown(method: ShippingMethod) -> bool:
    """Whether shoppers may choose *method*."""
    return method.display_on is DisplayOn.BOTH


def missing_methods(
    distributor: EnterpriseId,
    payment_methods: Mapping[PaymentMethodId, PaymentMethod],
    shipping_methods: Mapping[ShippingMethodId, ShippingMethod],
) -> Iterator[Code]:
    """Yield what keeps *distributor* from being selected for a cycle: no way to pay, no way to deliver, or both.

    Shipping methods of the back office count here, though shoppers cannot choose them.
    """
    if not any(distributor in each.distributors and is_payable(each) for each in payment_methods.values()):
        yield Code.NO_PAYMENT_METHOD
    if not any(distributor in each.distributors for each in shipping_methods.values()):
        yield Code.NO_SHIPPING_METHOD


def is_ready_for_checkout(
    shop: EnterpriseId,
    payment_methods: Mapping[PaymentMethodId, PaymentMethod],
    shipping_methods: Mapping[ShippingMethodId, ShippingMethod],
) -> bool:
    """Whether shoppers can check out at *shop*: it has a payment and a shipping method that they may choose."""
    payable = any(shop in each.distributors and is_payable(each) for each in payment_methods.values())
    return payable and any(shop in each.distributors and is_shown(each) for each in shipping_methods.values())
