"""The taxes of a whole order, rounded by the policy of its shop.

Every tax belongs to a sum that is rounded once. By `RoundingPolicy.PER_UNIT` and `PER_LINE` that is a sum of one: the
tax of one rate on one amount. By `TAX_PER_RATE` it is all that one rate gives in the order. By `KEEP_GROSS` it is all
the tax that one unit of a line adds to what is paid, on its price and on its fees together; it is rounded for one unit
and taken times the quantity. Tax inside prices changes nothing that is paid: there `KEEP_GROSS` is as `PER_UNIT`.

Source:
    FEE-8, FEE-14 (rounding).
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Self

import attrs

from ofncore.fees.rounding import shared_minor
from ofncore.fees.tax import ExactTax
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import TaxRateId
from ofncore.kernel.money import Rounding
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.order import FeeCharge, ManualAdjustment, Order, OrderLine, ShippingCharge, TaxCharge


@attrs.frozen(kw_only=True)
class Charges:
    """What may be taxed of an order: all but what paying costs (FEE-8)."""

    lines: tuple[OrderLine, ...]
    #: Charged once for the order.
    fees: tuple[FeeCharge, ...] = ()
    shipping: ShippingCharge
    adjustments: tuple[ManualAdjustment, ...] = ()
    #: Exact taxes that round to zero and so have no record (FEE-8); in minor units.
    unrecorded: Fraction = Fraction()

    @classmethod
    def of(cls, order: Order) -> Self:
        """Return the charges of *order*."""
        return cls(lines=order.lines, fees=order.fees, shipping=order.shipping, adjustments=order.adjustments)

    @property
    def remainder(self) -> Fraction:
        """What rounding took away from charges and taxes, in minor units."""
        fees = [*self.fees, *(fee for line in self.lines for fee in line.fees)]
        amounts: tuple[OrderLine | _Charge, ...] = (*self.lines, *fees, self.shipping, *self.adjustments)
        taxes = (tax for amount in amounts for tax in amount.taxes)
        charged = sum((fee.remainder for fee in fees), self.shipping.remainder)
        return charged + sum((tax.remainder for tax in taxes), self.unrecorded)


def with_taxes(order: Order, terms: PricingTerms) -> Order:
    """Return *order* with its taxes made anew by the rates of *terms*, rounded by the order's own policy; see `taxed`.

    A voucher is not computed anew.
    """
    charges = taxed(Charges.of(order), terms.rounded_by(order.rounding))
    return attrs.evolve(
        order,
        lines=charges.lines,
        fees=charges.fees,
        shipping=charges.shipping,
        adjustments=charges.adjustments,
    )


def taxed(charges: Charges, terms: PricingTerms) -> Charges:
    """Return *charges* with the taxes of today in place of those they have, by the rates and policies of *terms*.

    Each amount is taxed as it stands, by the tax category it holds; fees of the untaxed owners of *terms* are not. A
    fee or shipping whose terms are not known keeps the taxes it has.

    A tax of zero leaves no record where it is rounded for itself (FEE-8). As a part of a greater sum it has one, unless
    it is exactly zero: so the remainders of that sum are all told.
    """
    amounts = list(_amounts(charges, terms))
    parts = (tax for taxes in amounts for tax in taxes if isinstance(tax, _Part))
    minor = _rounded(parts, terms.profile.rounding)
    records = (_records(taxes, minor, terms.currency) for taxes in amounts)
    return Charges(
        lines=tuple(_taxed_line(line, records) for line in charges.lines),
        fees=tuple(attrs.evolve(fee, taxes=next(records)) for fee in charges.fees),
        shipping=attrs.evolve(charges.shipping, taxes=next(records)),
        adjustments=tuple(attrs.evolve(each, taxes=next(records)) for each in charges.adjustments),
        unrecorded=sum((part.tax.exact for part in minor if not part.has_record(minor[part])), Fraction()),
    )


def _taxed_line(line: OrderLine, records: Iterator[tuple[TaxCharge, ...]]) -> OrderLine:
    taxes = next(records)
    return attrs.evolve(line, taxes=taxes, fees=tuple(attrs.evolve(fee, taxes=next(records)) for fee in line.fees))


# ---------------------------------------------------------------- what is rounded together


@attrs.frozen(eq=False)
class _Part:
    """One tax as a part of the sum it is rounded with."""

    tax: ExactTax
    #: Names the sum; None for a tax that is rounded for itself.
    sum_of: TaxRateId | int | None = None
    #: How many units the tax is for; one is rounded.
    quantity: int = 1

    @classmethod
    def of(cls, tax: ExactTax, policy: RoundingPolicy, *, unit: int, quantity: int) -> Self:
        """Return *tax* on *quantity* of what is numbered *unit*: a line with its fees, or any other charge."""
        if policy is RoundingPolicy.TAX_PER_RATE:
            return cls(tax, sum_of=tax.rate)
        if policy is RoundingPolicy.KEEP_GROSS and not tax.included:
            return cls(tax, sum_of=unit, quantity=quantity)
        return cls(tax)

    def has_record(self, minor: int) -> bool:
        """Whether *minor* units of it are put down."""
        return minor != 0 or (self.sum_of is not None and self.tax.exact != 0)


_Charge = FeeCharge | ShippingCharge | ManualAdjustment
#: The taxes on one amount, or those it has and keeps.
_Taxes = tuple[_Part, ...] | tuple[TaxCharge, ...]


def _amounts(charges: Charges, terms: PricingTerms) -> Iterator[_Taxes]:
    """Yield the taxes on each amount of *charges*: on a line and then its fees, on fees, shipping, adjustments."""
    for unit, line in enumerate(charges.lines):
        # What is charged on no item at all is rounded as it is.
        taxing = _Taxing(terms=terms, unit=unit, quantity=line.quantity or 1)
        yield taxing.parts(line)
        yield from (taxing.of_charge(fee) for fee in line.fees)
    others: tuple[_Charge, ...] = (*charges.fees, charges.shipping, *charges.adjustments)
    for unit, charge in enumerate(others, len(charges.lines)):
        yield _Taxing(terms=terms, unit=unit).of_charge(charge)


@attrs.frozen(kw_only=True)
class _Taxing:
    """How what belongs to one unit is taxed: a line with its fees, or any other charge."""

    terms: PricingTerms
    unit: int
    quantity: int = 1

    def of_charge(self, charge: _Charge) -> _Taxes:
        """Return the taxes on *charge*."""
        if not isinstance(charge, ManualAdjustment) and charge.calculator is None and charge.tax_category is None:
            return charge.taxes
        if isinstance(charge, FeeCharge) and charge.enterprise in self.terms.untaxed_owners:
            return ()
        return self.parts(charge)

    def parts(self, taxed: OrderLine | _Charge) -> tuple[_Part, ...]:
        """Return the taxes on the amount of *taxed* by its category."""
        exact = self.terms.tax_rules.exact_on(taxed.amount, taxed.tax_category)
        return tuple(_Part.of(tax, self.terms.rounding, unit=self.unit, quantity=self.quantity) for tax in exact)


def _rounded(parts: Iterable[_Part], rounding: Rounding) -> dict[_Part, int]:
    """Return the minor units of each of *parts*: those of one sum add up to the sum, rounded."""
    sums: dict[TaxRateId | int | _Part, list[_Part]] = {}
    for part in parts:
        sums.setdefault(part if part.sum_of is None else part.sum_of, []).append(part)
    minor: dict[_Part, int] = {}
    for found in sums.values():
        of_one = shared_minor([part.tax.exact / part.quantity for part in found], rounding)
        minor |= {part: shared * part.quantity for part, shared in zip(found, of_one, strict=True)}
    return minor


def _records(taxes: _Taxes, minor: dict[_Part, int], currency: str) -> tuple[TaxCharge, ...]:
    """Return *taxes* as they are put down."""
    return tuple(
        tax if isinstance(tax, TaxCharge) else tax.tax.rounded_to(minor[tax], currency)
        for tax in taxes
        if isinstance(tax, TaxCharge) or tax.has_record(minor[tax])
    )
