"""What a price is made of: the producer's part, each fee, and the tax in both."""

from collections.abc import Iterator, Sequence

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.cycles.offer import Offer
from ofncore.fees.price_book import Price
from ofncore.fees.tax import fee_tax_category
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.fee import FeeType
from ofncore.model.order import TaxCharge
from ofncore.model.product import Variant

#: So many goods are shown.
MOST_GOODS = 6


@attrs.frozen(kw_only=True)
class PricePart:
    """One part of a price, without tax; or the tax of all parts."""

    #: Name of the producer, of the fee, or of the tax.
    name: str
    #: What kind of fee it is; None for the producer and for tax.
    fee_type: FeeType | None = None
    is_tax: bool = False
    amount: Money


@attrs.frozen(kw_only=True)
class PriceMakeUp:
    """The price of one unit in one shop; its parts add up to what the buyer pays for it."""

    variant: VariantId
    goods: str
    shop: EnterpriseId
    price: Price
    parts: tuple[PricePart, ...]
    total: Money


def price_make_ups(books: Books) -> tuple[tuple[PriceMakeUp, ...], ...]:
    """Return the make-up of some goods, one tuple for each of them with one entry for each shop that sells it.

    For every combination of fees in the last cycle it is the good that was sold most.
    """
    cycle = books.lived[-1]
    offers = [books.offer(cycle, exchange.distributor) for exchange in cycle.outgoing]
    chosen = _chosen(books, offers)
    return tuple(tuple(_make_ups(books, offers, variant)) for variant in chosen)


def _chosen(books: Books, offers: Sequence[Offer]) -> list[VariantId]:
    sold: dict[VariantId, int] = {}
    for order in books.placed:
        for line in order.lines:
            sold[line.variant] = sold.get(line.variant, 0) + line.quantity
    best: dict[tuple[FeeId, ...], VariantId] = {}
    for variant, price in books.prices(offers[0]).items():
        kind = tuple(share.fee for share in price.fees)
        best[kind] = max(best.get(kind, variant), variant, key=lambda each: (sold.get(each, 0), each))
    return sorted(best.values(), key=lambda each: (-sold.get(each, 0), each))[:MOST_GOODS]


def _make_ups(books: Books, offers: Sequence[Offer], variant: VariantId) -> Iterator[PriceMakeUp]:
    for offer in offers:
        found = offer.variants.get(variant)
        if found is not None:
            yield _make_up(books, offer, found)


def _make_up(books: Books, offer: Offer, variant: Variant) -> PriceMakeUp:
    price = books.prices(offer)[variant.id]
    producer, price_tax = _net(price.price, price.taxes)
    parts, tax = [PricePart(name=books.enterprises[variant.supplier].name, amount=producer)], price_tax
    for share in price.fees:
        category = fee_tax_category(books.fees[share.fee], variant.tax_category)
        net, fee_tax = _net(share.amount, offer.terms.tax_rules.on(share.amount, category))
        tax += fee_tax
        parts.append(PricePart(name=share.name, fee_type=share.fee_type, amount=net))
    parts.append(PricePart(name="Tax", is_tax=True, amount=tax))
    shown = tuple(part for part in parts if part.amount)
    return PriceMakeUp(
        variant=variant.id,
        goods=books.goods(variant.id),
        shop=offer.terms.distributor.id,
        price=price,
        parts=shown,
        total=books.sum([part.amount for part in shown]),
    )


def _net(amount: Money, taxes: Sequence[TaxCharge]) -> tuple[Money, Money]:
    """Return *amount* without the tax in it, and all tax on it."""
    included = Money.total((tax.amount for tax in taxes if tax.included), amount.currency)
    return amount - included, Money.total((tax.amount for tax in taxes), amount.currency)
