"""What an order is charged by."""

from collections.abc import Mapping
from typing import Final, Self

import attrs

from ofncore.fees.terms import PricingTerms
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import OrderId, VariantId
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.product import Variant

_RECORD: Final = "tariff for order"


@attrs.frozen(kw_only=True)
class Tariff:
    """Fees, taxes and methods of one order, as they are at one time."""

    terms: PricingTerms
    #: At least those of the order; they tell what its lines weigh.
    variants: Mapping[VariantId, Variant]
    #: The order's own methods.
    shipping: ShippingMethod
    payment: PaymentMethod

    def rounded_by(self, policy: RoundingPolicy) -> Self:
        """Return the same tariff under the rounding policy that an order was priced by."""
        return attrs.evolve(self, terms=self.terms.rounded_by(policy))


def tariff_of(order: OrderId, tariffs: Mapping[OrderId, Tariff]) -> Tariff:
    """Return that of *tariffs* by which *order* is charged.

    Raises:
        NotFoundError: there is none.
    """
    try:
        return tariffs[order]
    except KeyError:
        raise NotFoundError(_RECORD, order) from None
