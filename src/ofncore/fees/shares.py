"""Who gets what: the parts of what buyers pay, by enterprise.

Every part is a whole number of minor units, and the parts of an order add up to its total. Nothing is lost between
them: where a discount is borne by several, the largest remainders take what is left over.

Source:
    FEE-1 (who gets a fee), FEE-11 (payout to suppliers), FEE-14 (who gets what; sharing of discounts).
"""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Final

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxRateId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.fee import FeeRole
from ofncore.model.order import FeeCharge, Order, PaymentCharge, ShippingCharge, TaxCharge


class PartKind(StrEnum):
    """What a part of an order is for."""

    #: Items at the producer's price.
    GOODS = "goods"
    FEE = "fee"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    #: Tax, in one of the others or on top of it.
    TAX = "tax"
    #: Less by a voucher.
    DISCOUNT = "discount"


class DiscountBearer(StrEnum):
    """At whose cost a voucher is."""

    #: The shop's that accepts it.
    DISTRIBUTOR = "distributor"
    #: Everybody's, in proportion to what they get of the order.
    EVERYBODY = "everybody"


@attrs.frozen(kw_only=True)
class Part:
    """What one enterprise gets of one order, for one thing."""

    enterprise: EnterpriseId
    kind: PartKind
    #: Goods, fees and shipping without any tax; below zero for what is taken off.
    amount: Money
    #: What a tax is on, or a discount is taken off; otherwise the same as `kind`.
    of: PartKind
    #: The line it comes from; None for what is charged on the order.
    variant: VariantId | None = None
    #: Of goods: how many.
    quantity: int = 0
    fee: FeeId | None = None
    role: FeeRole | None = None
    #: Supplier or distributor of the exchange that a fee came by.
    exchange: EnterpriseId | None = None
    #: Of a fee that is charged once for each supplier: whose goods it is on.
    supplier: EnterpriseId | None = None
    tax: TaxRateId | None = None
    #: A tax on top of prices.
    is_added: bool = False
    #: What rounding took away from the fee, the cost of shipping or payment, or the tax, in minor units.
    remainder: Fraction = Fraction()


@attrs.frozen(kw_only=True)
class Shares:
    """The parts of one or more orders."""

    currency: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> Money:
        """All parts together: what the buyers pay."""
        return self._sum(self.parts)

    @property
    def remainder(self) -> Fraction:
        """What rounding took away from all charges and taxes, in minor units; see `ofncore.fees.remainders`."""
        return sum((part.remainder for part in self.parts), Fraction())

    @property
    def due(self) -> dict[EnterpriseId, Money]:
        """What each enterprise gets in all; sorted by enterprise."""
        parts = sorted(self.parts, key=_enterprise)
        return {enterprise: self._sum(found) for enterprise, found in groupby(parts, key=_enterprise)}

    def due_to(self, enterprise: EnterpriseId, kind: PartKind | None = None) -> Money:
        """Return what *enterprise* gets in all, or for one *kind* of thing; zero if it has no part."""
        return self._sum(part for part in self._parts_of(enterprise) if kind in (None, part.kind))

    def fees_by_role(self, enterprise: EnterpriseId) -> dict[FeeRole, Money]:
        """Return what *enterprise* gets by its fees, without tax, by where they are attached."""
        fees = [part for part in self._parts_of(enterprise) if part.kind is PartKind.FEE]
        found = {part.role for part in fees}
        return {role: self._sum(part for part in fees if part.role is role) for role in FeeRole if role in found}

    def _parts_of(self, enterprise: EnterpriseId) -> Iterator[Part]:
        return (part for part in self.parts if part.enterprise == enterprise)

    def _sum(self, parts: Iterable[Part]) -> Money:
        return Money.total((part.amount for part in parts), self.currency)


_enterprise: Final = attrgetter("enterprise")


@attrs.frozen(kw_only=True)
class SharingRules:
    """What is open to choice when an order is shared."""

    #: Who keeps the tax on what is theirs, to declare it: those registered for sales tax, say (FEE-11). The tax on the
    #: parts of others goes to the distributor. None for everybody.
    tax_keepers: Collection[EnterpriseId] | None = None
    discount_bearer: DiscountBearer = attrs.field(
        default=DiscountBearer.DISTRIBUTOR, validator=choice_of(DiscountBearer)
    )

    def tax_keeper(self, owner: EnterpriseId, distributor: EnterpriseId) -> EnterpriseId:
        """Return who gets the tax on a part of *owner*."""
        return owner if self.tax_keepers is None or owner in self.tax_keepers else distributor


_RULES: Final = SharingRules()


def shares(order: Order, rules: SharingRules = _RULES) -> Shares:
    """Return the parts of one order; they add up to its total.

    The goods of a line go to its supplier, a fee to its owner, shipping and payment fee to the distributor, a manual
    adjustment to whom it names, otherwise to the distributor. Tax inside an amount is taken out of it, and with tax on
    top of it goes to who keeps it. Parts of zero are kept, for fees of zero are records too.
    """
    parts = list(_parts(order, rules))
    return Shares(currency=order.currency, parts=(*parts, *_discounts(order, parts, rules)))


def shares_of_all(orders: Iterable[Order], currency: str, rules: SharingRules = _RULES) -> Shares:
    """Return the parts of all *orders*, of a whole cycle say, in *currency*.

    Orders that are not placed or were cancelled count for nothing (ORD-D7).

    Raises:
        CurrencyMismatchError: an order is in another currency; it is raised when amounts are added up.
    """
    placed = (order for order in orders if order.is_placed)
    return Shares(currency=currency, parts=tuple(part for order in placed for part in shares(order, rules).parts))


# ---------------------------------------------------------------- the parts before a voucher


def _parts(order: Order, rules: SharingRules) -> Iterator[Part]:
    share = _Sharing(distributor=order.distributor, rules=rules)
    for line in order.lines:
        goods = Part(
            enterprise=line.supplier,
            kind=PartKind.GOODS,
            of=PartKind.GOODS,
            amount=line.amount,
            variant=line.variant,
            quantity=line.quantity,
        )
        yield from share.taxed(goods, line.taxes)
        for fee in line.fees:
            yield from share.taxed(_fee_part(fee, line.variant), fee.taxes)
    for fee in order.fees:
        yield from share.taxed(_fee_part(fee, None), fee.taxes)
    yield from share.own(PartKind.SHIPPING, order.shipping, order.shipping.taxes)
    yield from share.own(PartKind.PAYMENT, order.payment)
    for adjustment in order.adjustments:
        beside = Part(
            enterprise=adjustment.enterprise or order.distributor,
            kind=PartKind.ADJUSTMENT,
            of=PartKind.ADJUSTMENT,
            amount=adjustment.amount,
        )
        yield from share.taxed(beside, adjustment.taxes)


def _fee_part(fee: FeeCharge, variant: VariantId | None) -> Part:
    return Part(
        enterprise=fee.enterprise,
        kind=PartKind.FEE,
        of=PartKind.FEE,
        amount=fee.amount,
        variant=variant,
        fee=fee.fee,
        role=fee.role,
        exchange=fee.exchange,
        supplier=fee.supplier,
        remainder=fee.remainder,
    )


@attrs.frozen(kw_only=True)
class _Sharing:
    distributor: EnterpriseId
    rules: SharingRules

    def own(
        self, kind: PartKind, charge: ShippingCharge | PaymentCharge, taxes: tuple[TaxCharge, ...] = ()
    ) -> Iterator[Part]:
        """Yield a part of the distributor, and the taxes on it."""
        part = Part(enterprise=self.distributor, kind=kind, of=kind, amount=charge.amount, remainder=charge.remainder)
        return self.taxed(part, taxes)

    def taxed(self, gross: Part, taxes: tuple[TaxCharge, ...]) -> Iterator[Part]:
        """Yield *gross* without the tax inside it, and each tax."""
        inside = Money.total((tax.amount for tax in taxes if tax.included), gross.amount.currency)
        yield attrs.evolve(gross, amount=gross.amount - inside)
        keeper = self.rules.tax_keeper(gross.enterprise, self.distributor)
        for tax in taxes:
            yield attrs.evolve(
                gross,
                enterprise=keeper,
                kind=PartKind.TAX,
                amount=tax.amount,
                tax=tax.rate,
                is_added=not tax.included,
                remainder=tax.remainder,
            )


# ---------------------------------------------------------------- what a voucher takes off them


def _discounts(order: Order, parts: list[Part], rules: SharingRules) -> Iterator[Part]:
    """Yield what a voucher takes off: its tax part off added tax, the rest off all but that and adjustments."""
    is_apart = any(each.is_tax_part for each in order.discounts)
    for discount in order.discounts:
        discounted: list[Part] = []
        if rules.discount_bearer is DiscountBearer.EVERYBODY:
            is_tax = discount.is_tax_part
            discounted = [part for part in parts if _is_discounted(part, is_apart=is_apart, is_tax=is_tax)]
        yield from _borne(discount.amount, discounted, order.distributor)


def _is_discounted(part: Part, *, is_apart: bool, is_tax: bool) -> bool:
    if part.is_added:
        return is_tax or not is_apart
    # FEE-10: a voucher does not look at manual adjustments, only at the tax added to them.
    return not is_tax and part.of is not PartKind.ADJUSTMENT


def _borne(amount: Money, parts: list[Part], distributor: EnterpriseId) -> Iterator[Part]:
    """Yield what each of *parts* bears of *amount*, in proportion; where none is above zero, the distributor does."""
    weights = [max(part.amount.minor, 0) for part in parts]
    if not any(weights):
        yield Part(enterprise=distributor, kind=PartKind.DISCOUNT, of=PartKind.DISCOUNT, amount=amount)
        return
    for part, borne in zip(parts, amount.share(weights), strict=True):
        if borne:
            yield attrs.evolve(part, kind=PartKind.DISCOUNT, amount=borne, remainder=Fraction())
