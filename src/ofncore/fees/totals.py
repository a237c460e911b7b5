"""Totals of an order that a shop shows beside what is to be paid.

Source:
    FEE-10 (tax shown to the shopper), FEE-11 (totals).
"""

from ofncore.kernel.ids import TaxRateId
from ofncore.kernel.money import Money
from ofncore.model.order import Order


def extras_total(order: Order) -> Money:
    """Return all that *order* costs beside its items: fees, shipping, payment, tax, adjustments, less a voucher."""
    return order.total - order.item_total


def shown_tax_total(order: Order) -> Money:
    """Return the tax a shopper is told of: added and included, less the included tax in what a voucher takes off."""
    off = Money.total((each.included_tax for each in order.discounts), order.currency)
    return order.added_tax_total + order.included_tax_total + off


def tax_by_rate(order: Order) -> dict[TaxRateId, Money]:
    """Return the sum of each rate's taxes, included or not, before the voucher; those that sum to zero too."""
    sums: dict[TaxRateId, Money] = {}
    for tax in order.tax_charges():
        sums[tax.rate] = sums.get(tax.rate, Money.zero(order.currency)) + tax.amount
    return sums
