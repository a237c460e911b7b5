"""What a shopper is shown of each variant: its price with fees, its size, what one kilogram costs, and the tax.

Source:
    FEE-6 (shop price), FEE-11 (product list), FEE-12 (unit price).
"""

from collections.abc import Collection, Iterable, Mapping

import attrs

from ofncore.fees.price_book import Price, price_book
from ofncore.fees.sizes import UNITS, USUAL_UNITS, PriceUnit, Size, System, price_unit, size_text
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import TaxCharge
from ofncore.model.product import Variant


@attrs.frozen(kw_only=True)
class ShopPrice:
    """The price of one variant in a shop."""

    name: str
    #: The price of one, with a row for each fee.
    price: Price
    #: How much one is, such as ``250g``; empty for pieces without a name.
    size: str
    #: What prices are compared by: a kilogram, a pound, a litre or a piece.
    unit: PriceUnit
    #: Taxes on the price and on each fee, included and added.
    taxes: tuple[TaxCharge, ...]

    @property
    def amount(self) -> Money:
        """What the shop shows: price and fees, without tax that is added to them."""
        return self.price.with_fees

    @property
    def unit_price(self) -> Money:
        """What one of `unit` costs of that, rounded."""
        return self.unit.shown_price_of(self.amount)

    @property
    def included_tax(self) -> Money:
        """Tax inside `amount`: that in the price and that in the fees."""
        return self._tax(included=True)

    @property
    def added_tax(self) -> Money:
        """Tax on top of `amount`."""
        return self._tax(included=False)

    def _tax(self, *, included: bool) -> Money:
        return Money.total((tax.amount for tax in self.taxes if tax.included is included), self.amount.currency)


def shop_prices(
    terms: PricingTerms,
    variants: Iterable[Variant],
    names: Mapping[VariantId, str],
    *,
    units: Collection[str] = USUAL_UNITS,
) -> tuple[ShopPrice, ...]:
    """Return what a shopper is shown of each of *variants*, in their order.

    Args:
        terms: By which they are priced: those of the shopper.
        variants: What is sold.
        names: What each variant is called.
        units: Names of the units that sizes are written in. Where all of those of a weight are imperial, prices are
            compared by the pound.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
        NotFoundError: *terms* lacks a fee of the cycle.
    """
    listed = tuple(variants)
    book = price_book(terms, listed)
    return tuple(_shown(each, book[each.id], names[each.id], terms, units) for each in listed)


def _shown(variant: Variant, price: Price, name: str, terms: PricingTerms, units: Collection[str]) -> ShopPrice:
    size = _size(variant, units)
    fees = (terms.fee_taxes(share.amount, terms.fees[share.fee], variant.tax_category) for share in price.fees)
    return ShopPrice(
        name=name,
        price=price,
        size=size_text(size, units),
        unit=price_unit(size),
        taxes=(*price.taxes, *(tax for taxes in fees for tax in taxes)),
    )


def _size(variant: Variant, units: Collection[str]) -> Size:
    offered = [unit for unit in UNITS[variant.measure] if unit.name in units]
    is_imperial = bool(offered) and all(unit.system is System.IMPERIAL for unit in offered)
    return attrs.evolve(Size.of(variant), scale=offered[0].scale if is_imperial else None)
