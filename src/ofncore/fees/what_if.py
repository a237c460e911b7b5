"""What other fees would give: on a price list, and on the orders of a cycle. Nothing is changed by asking.

Source:
    FEE-14 (what-if comparison of two fee sets; views of one list of charges always agree).
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import attrs

from ofncore.fees.assessment import assess
from ofncore.fees.price_book import Price, price_book
from ofncore.fees.shares import SharingRules, shares_of_all
from ofncore.fees.tariff import Tariff, tariff_of
from ofncore.fees.taxing import with_taxes
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, OrderId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import EnterpriseFee
from ofncore.model.order import Order
from ofncore.model.product import Variant


@attrs.frozen(kw_only=True)
class FeeProposal:
    """Other fees for a cycle; what is not named stays."""

    #: Changed fees in place of those with the same ids, and new ones.
    fees: tuple[EnterpriseFee, ...] = ()
    #: The cycle, with fees attached in other places.
    cycle: OrderCycle | None = None

    def terms(self, terms: PricingTerms) -> PricingTerms:
        """Return *terms* with the fees of the proposal.

        Terms for single customers are made of the result, not before it:
        by other fees, customers who were alike may not be so any more.
        """
        fees = {**terms.fees, **{fee.id: fee for fee in self.fees}}
        return attrs.evolve(terms, fees=fees, cycle=self.cycle or terms.cycle)


@attrs.frozen(kw_only=True)
class PriceChange:
    """The price of one unit of a variant under two sets of fees."""

    variant: VariantId
    before: Price
    after: Price

    @property
    def difference(self) -> Money:
        """How much more the shop shows; without tax that is added."""
        return self.after.with_fees - self.before.with_fees


@attrs.frozen(kw_only=True)
class OrderChange:
    """An order, charged anew under two sets of fees."""

    order: OrderId
    before: Order
    after: Order

    @property
    def difference(self) -> Money:
        """How much more there is to pay."""
        return self.after.total - self.before.total


@attrs.frozen(kw_only=True)
class EnterpriseChange:
    """What one enterprise gets of all the orders under two sets of fees."""

    enterprise: EnterpriseId
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        """How much more it gets."""
        return self.after - self.before


@attrs.frozen(kw_only=True)
class OrdersCompared:
    """Orders under two sets of fees. What buyers pay more is what enterprises get more, in all."""

    currency: str
    #: Sorted by order.
    orders: tuple[OrderChange, ...]
    #: Everybody who gets anything either way; sorted by enterprise.
    enterprises: tuple[EnterpriseChange, ...]

    @property
    def before(self) -> Money:
        """What all buyers pay before."""
        return Money.total((each.before.total for each in self.orders), self.currency)

    @property
    def after(self) -> Money:
        """What all buyers pay after."""
        return Money.total((each.after.total for each in self.orders), self.currency)

    @property
    def difference(self) -> Money:
        """How much more all buyers pay."""
        return self.after - self.before


def compare_prices(before: PricingTerms, after: PricingTerms, variants: Iterable[Variant]) -> tuple[PriceChange, ...]:
    """Return the prices of all *variants* at one distributor under two terms, in their order.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
        NotFoundError: either terms lack a fee of their cycle.
    """
    listed = tuple(variants)
    old, new = price_book(before, listed), price_book(after, listed)
    return tuple(PriceChange(variant=key, before=old[key], after=new[key]) for key in old)


def compare_orders(
    orders: Iterable[Order],
    before: Mapping[OrderId, Tariff],
    after: Mapping[OrderId, Tariff],
    *,
    currency: str,
    rules: SharingRules | None = None,
) -> OrdersCompared:
    """Return what the placed *orders* of a cycle would cost by the tariffs of *before* and of *after*.

    Both times all charges are made anew, so it does not matter what was charged when the orders were placed. Prices,
    adjustments and what a voucher takes off stay, and each order is rounded as it was. Orders that are not placed or
    were cancelled are left out (ORD-D7).

    Args:
        orders: The orders, however they are sorted.
        before: The tariff of each placed order by one set of fees.
        after: The same by the other.
        currency: That of every order.
        rules: What is open to choice in who gets what; by default as in `ofncore.fees.shares.shares`.

    Raises:
        CurrencyMismatchError: an order is in another currency.
        NotFoundError: a placed order has no tariff, or its tariff lacks a variant of it or a fee of its cycle.
    """
    placed = sorted((order for order in orders if order.is_placed), key=attrgetter("id"))
    changes = tuple(
        OrderChange(
            order=order.id,
            before=_charged(order, tariff_of(order.id, before)),
            after=_charged(order, tariff_of(order.id, after)),
        )
        for order in placed
    )
    return OrdersCompared(
        currency=currency, orders=changes, enterprises=_gains(changes, currency, rules or SharingRules())
    )


def _charged(order: Order, tariff: Tariff) -> Order:
    priced = tariff.rounded_by(order.rounding)
    found = assess(
        order.lines,
        terms=priced.terms,
        variants=priced.variants,
        shipping=priced.shipping,
        payment=priced.payment,
    )
    charged = attrs.evolve(order, lines=found.lines, fees=found.fees, shipping=found.shipping, payment=found.payment)
    return with_taxes(charged, priced.terms)


def _gains(changes: Sequence[OrderChange], currency: str, rules: SharingRules) -> tuple[EnterpriseChange, ...]:
    nothing = Money.zero(currency)
    old = shares_of_all((each.before for each in changes), currency, rules).due
    new = shares_of_all((each.after for each in changes), currency, rules).due
    return tuple(
        EnterpriseChange(enterprise=key, before=old.get(key, nothing), after=new.get(key, nothing))
        for key in sorted({*old, *new})
    )
