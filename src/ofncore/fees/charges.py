"""Charges of fees: made where fees occur, and computed by the terms they hold.

A charge tells by itself what it looks at. So an order that was placed is computed anew in the same way as a new one,
by the terms that are kept on it.

Source:
    FEE-6, FEE-7; FEE-14 (base of a percentage, caps and floors, scope of fees).
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charging import rounded_charge
from ofncore.fees.limits import limits_of
from ofncore.fees.tax import fee_tax_category
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.model.calculator import ChargeableLine
from ofncore.model.fee import EnterpriseFee, FeeBase
from ofncore.model.order import FeeCharge, OrderLine, TaxCharge


@attrs.frozen
class PricedLine:
    """A line with its charges, and what calculators look at of it."""

    line: OrderLine
    #: At the price without any fee.
    chargeable: ChargeableLine

    def seen(self, base: FeeBase, terms: PricingTerms) -> ChargeableLine:
        """Return what fees of *base* look at: the line at the exact price of one with what the base adds to it.

        A line of no items is seen at its own price, whatever is charged on it.
        """
        quantity = self.chargeable.quantity
        if base is FeeBase.PRODUCER_PRICE or not quantity:
            return self.chargeable
        added = sum(self._added(base, terms))
        price = Fraction(self.chargeable.price * quantity + added, quantity)
        return attrs.evolve(self.chargeable, price=price)

    def _added(self, base: FeeBase, terms: PricingTerms) -> Iterator[int]:
        """Yield the amounts that *base* adds to the line, in minor units."""
        with_tax = base is FeeBase.PRICE_WITH_FEES_AND_TAX
        if with_tax:
            yield added_minor(terms.tax_rules.on(self.line.amount, self.line.tax_category))
        for fee in self.line.fees:
            if fee.base is FeeBase.PRODUCER_PRICE or (with_tax and fee.base is FeeBase.PRICE_WITH_ITEM_FEES):
                yield fee.amount.minor
                if with_tax:
                    yield added_minor(terms.charge_taxes(fee))


def new_charge(occurrence: FeeOccurrence, currency: str, line_category: TaxCategoryId | None = None) -> FeeCharge:
    """Return the charge of *occurrence* with the terms of its fee and nothing charged yet.

    *line_category* is the tax category of the line it is on; None for a charge on the order.
    """
    fee = occurrence.fee
    charge = FeeCharge(
        fee=fee.id,
        name=fee.name,
        fee_type=fee.fee_type,
        role=occurrence.role,
        enterprise=fee.enterprise,
        exchange=occurrence.exchange,
        supplier=occurrence.supplier,
        amount=Money.zero(currency),
    )
    return with_terms_of(charge, fee, line_category)


def with_terms_of(charge: FeeCharge, fee: EnterpriseFee, line_category: TaxCategoryId | None = None) -> FeeCharge:
    """Return *charge* with the terms of *fee* in place of those it holds; what it is called, and its amount, stay."""
    return attrs.evolve(
        charge,
        tax_category=fee_tax_category(fee, line_category),
        calculator=fee.calculator,
        base=fee.base,
        at_least=fee.at_least,
        at_most=fee.at_most,
    )


def compute_charge(charge: FeeCharge, lines: Sequence[ChargeableLine], terms: PricingTerms) -> FeeCharge:
    """Return *charge* computed on *lines* by the terms it holds; taxes are left alone.

    A charge whose terms are not known stays as it is.

    Raises:
        MoneyError: see `rounded_charge`.
    """
    if charge.calculator is None:
        return charge
    within = limits_of(charge, lines, terms.minor_per_unit)
    found = rounded_charge(charge.calculator, lines, terms, within)
    return attrs.evolve(charge, amount=found.amount, remainder=found.remainder)


def price_line(line: OrderLine, chargeable: ChargeableLine, terms: PricingTerms) -> PricedLine:
    """Return *line* with its charges computed by the terms they hold, base by base; taxes are left alone.

    Charges of one base never see each other, so their order does not matter.
    """
    priced = PricedLine(line, chargeable)
    bases = {fee.base for fee in line.fees}
    for base in (each for each in FeeBase if each in bases):
        seen = [priced.seen(base, terms)]
        fees = tuple(compute_charge(fee, seen, terms) if fee.base is base else fee for fee in priced.line.fees)
        priced = PricedLine(attrs.evolve(line, fees=fees), chargeable)
    return priced


def seen_by(charge: FeeCharge, priced: Iterable[PricedLine], terms: PricingTerms) -> list[ChargeableLine]:
    """Return what a *charge* on the order looks at: every line, or those of the supplier it is charged for."""
    reached = (each for each in priced if charge.supplier in (None, each.line.supplier))
    return [each.seen(charge.base, terms) for each in reached]


def price_order_charge(charge: FeeCharge, priced: Iterable[PricedLine], terms: PricingTerms) -> FeeCharge:
    """Return a *charge* on the order, computed on its *priced* lines; see `compute_charge`."""
    return compute_charge(charge, seen_by(charge, priced, terms), terms)


def added_minor(taxes: Iterable[TaxCharge]) -> int:
    """Return what *taxes* add to what is paid, in minor units; below zero where tax is given back."""
    return sum(tax.amount.minor for tax in taxes if not tax.included)
