"""Orders under two rounding policies, side by side: where they part, and by how much.

Source:
    FEE-14 (rounding: two policies compared).
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from operator import attrgetter

import attrs

from ofncore.fees.lives import by_own_terms
from ofncore.fees.remainders import remainder_of
from ofncore.fees.tariff import Tariff, tariff_of
from ofncore.kernel.choices import check_choice
from ofncore.kernel.ids import OrderId, TaxRateId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.order import (
    FeeCharge,
    ManualAdjustment,
    Order,
    OrderLine,
    PaymentCharge,
    ShippingCharge,
    TaxCharge,
)

#: What an order is charged: items, a fee, shipping, payment, an adjustment.
Charge = OrderLine | FeeCharge | ShippingCharge | PaymentCharge | ManualAdjustment


@attrs.frozen(kw_only=True)
class ChargeRounding:
    """One charge under two policies."""

    #: The line it is, or is on; None for what is charged on the order.
    variant: VariantId | None
    first: Charge
    second: Charge

    @property
    def difference(self) -> Money:
        """How much more the second is, without tax that is added."""
        return self.second.amount - self.first.amount

    @property
    def tax_difference(self) -> Money:
        """How much more tax is on the second, added or inside it."""
        return _tax_on(self.second) - _tax_on(self.first)


@attrs.frozen(kw_only=True)
class RateRounding:
    """The taxes of one rate under two policies."""

    rate: TaxRateId
    first: Money
    second: Money
    #: In minor units; without those of taxes that are too small for a record.
    first_remainder: Fraction
    second_remainder: Fraction

    @property
    def difference(self) -> Money:
        """How much more the second is."""
        return self.second - self.first


@attrs.frozen(kw_only=True)
class OrderRounding:
    """One order under two policies."""

    order: OrderId
    first: Order
    second: Order

    @property
    def charges(self) -> tuple[ChargeRounding, ...]:
        """Each charge: a line and then its fees, fees of the order, shipping, payment, adjustments."""
        both = zip(_charges(self.first), _charges(self.second), strict=True)
        return tuple(
            ChargeRounding(variant=variant, first=first, second=second) for (variant, first), (_, second) in both
        )

    @property
    def rates(self) -> tuple[RateRounding, ...]:
        """Each rate that gives tax under either policy; sorted by rate."""
        return tuple(_rates([self], self.first.currency))

    @property
    def difference(self) -> Money:
        """How much more there is to pay under the second."""
        return self.second.total - self.first.total

    @property
    def remainder_difference(self) -> Fraction:
        """How much more rounding takes away under the second, in minor units."""
        return remainder_of(self.second) - remainder_of(self.first)


@attrs.frozen(kw_only=True)
class RoundingComparison:
    """Orders under two policies."""

    first_policy: RoundingPolicy
    second_policy: RoundingPolicy
    currency: str
    #: Sorted by order.
    orders: tuple[OrderRounding, ...]

    @property
    def rates(self) -> tuple[RateRounding, ...]:
        """The taxes of each rate on all orders; sorted by rate."""
        return tuple(_rates(self.orders, self.currency))

    @property
    def parted(self) -> tuple[OrderRounding, ...]:
        """The orders that cost more or less under the second policy."""
        return tuple(each for each in self.orders if each.difference)

    @property
    def first(self) -> Money:
        """What all orders cost under the first policy."""
        return Money.total((each.first.total for each in self.orders), self.currency)

    @property
    def second(self) -> Money:
        """What all orders cost under the second policy."""
        return Money.total((each.second.total for each in self.orders), self.currency)

    @property
    def difference(self) -> Money:
        """How much more they cost under the second."""
        return self.second - self.first


def compare_rounding(
    orders: Iterable[Order],
    tariffs: Mapping[OrderId, Tariff],
    first: RoundingPolicy,
    second: RoundingPolicy,
    *,
    currency: str,
) -> RoundingComparison:
    """Return what *orders*, one or all of a cycle, cost under the policies *first* and *second*.

    Both times the charges of an order are computed again by the terms they hold, and its taxes by its tariff; what the
    order was rounded by does not matter. Vouchers take off what they took off. Orders that are not placed or were
    cancelled are left out (ORD-D7).

    Args:
        orders: The orders, in any order.
        tariffs: That of each placed order, with the tax rates of when it was placed.
        first: The one policy.
        second: The other; differences tell how much more it gives.
        currency: That of every order.

    Raises:
        CurrencyMismatchError: an order is in another currency; it is raised when amounts are added up.
        NotFoundError: a placed order has no tariff, or its tariff lacks a variant of it.
        ValueError: what is given as a policy is none.
    """
    check_choice("first", first, RoundingPolicy)
    check_choice("second", second, RoundingPolicy)
    placed = sorted((order for order in orders if order.is_placed), key=attrgetter("id"))
    return RoundingComparison(
        first_policy=first,
        second_policy=second,
        currency=currency,
        orders=tuple(
            OrderRounding(
                order=order.id,
                first=_under(first, order, tariff_of(order.id, tariffs)),
                second=_under(second, order, tariff_of(order.id, tariffs)),
            )
            for order in placed
        ),
    )


def _under(policy: RoundingPolicy, order: Order, tariff: Tariff) -> Order:
    return by_own_terms(attrs.evolve(order, rounding=policy), tariff)


def _charges(order: Order) -> Iterator[tuple[VariantId | None, Charge]]:
    for line in order.lines:
        yield line.variant, line
        for fee in line.fees:
            yield line.variant, fee
    charges: tuple[Charge, ...] = (*order.fees, order.shipping, order.payment, *order.adjustments)
    yield from ((None, charge) for charge in charges)


def _tax_on(charge: Charge) -> Money:
    taxes = () if isinstance(charge, PaymentCharge) else charge.taxes
    return Money.total((tax.amount for tax in taxes), charge.amount.currency)


def _rates(orders: Iterable[OrderRounding], currency: str) -> Iterator[RateRounding]:
    listed = tuple(orders)
    first = _taxes_by_rate(each.first for each in listed)
    second = _taxes_by_rate(each.second for each in listed)
    for rate in sorted({*first, *second}):
        before, after = first.get(rate, ()), second.get(rate, ())
        yield RateRounding(
            rate=rate,
            first=Money.total((tax.amount for tax in before), currency),
            second=Money.total((tax.amount for tax in after), currency),
            first_remainder=sum((tax.remainder for tax in before), Fraction()),
            second_remainder=sum((tax.remainder for tax in after), Fraction()),
        )


def _taxes_by_rate(orders: Iterable[Order]) -> dict[TaxRateId, list[TaxCharge]]:
    found: dict[TaxRateId, list[TaxCharge]] = {}
    for order in orders:
        for tax in order.tax_charges():
            found.setdefault(tax.rate, []).append(tax)
    return found
