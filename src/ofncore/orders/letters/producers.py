"""The letter that tells a producer what to bring.

Source:
    ORD-O33, ORD-D2, ORD-G4, CYC-G59, CYC-14.15; PERM-7 and PERM-10 (names): buyers as far as their shop shows them.
"""

from collections.abc import Iterable, Iterator, Mapping

from ofncore.cycles.summaries import ProducerSummary, SummaryLine
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.orders.letters.description import product_row
from ofncore.orders.letters.letter import Letter, Paragraph, Words, free_text, listed, signature, written
from ofncore.orders.lines import product_label
from ofncore.permissions.masking import MaskedBuyer, MaskedOrder


def producer_summary(
    summary: ProducerSummary,
    *,
    supplier: Enterprise,
    coordinator: Enterprise,
    cycle: OrderCycle,
    distributors: Iterable[Enterprise],
    orders: Iterable[MaskedOrder] = (),
    locale: str,
    zone: str,
) -> Letter:
    """Tell a supplier what was ordered of it in a cycle. Prices are without fees: what the producer gets.

    Args:
        summary: What was ordered.
        supplier: Who reads the letter.
        coordinator: Who signs it.
        cycle: Holds each distributor's ready-for text and the supplier's receival instructions.
        distributors: Those with orders; each is named with its ready-for text.
        orders: For the table of buyers, as `ofncore.permissions.masking.mask_for_letter` gives them for *supplier*;
            left out, there is none. An order is in it if a name, a phone or an e-mail address is told.
        locale: Language of the reader.
        zone: Time zone of the coordinator.
    """
    words = Words(locale=locale, zone=zone)
    names = {"cycle": cycle.name, "producer": supplier.name}
    shops = {shop.id: shop for shop in distributors}
    closes = cycle.orders_close_at
    return written(
        words.say("producer_summary.subject", **names),
        words.greeting(supplier.name),
        (words.say("producer_summary.intro", **names), *((words.say("closes", at=closes),) if closes else ())),
        _products(summary, words),
        _ready_for(cycle, shops, words),
        _instructions(cycle, supplier, words),
        *_buyers(orders, shops, supplier, words),
        (words.say("producer_summary.version", version=summary.version),),
        signature(coordinator),
    )


def _products(summary: ProducerSummary, words: Words) -> Paragraph:
    lines = listed(_line(line, words) for line in summary.lines)
    total = words.say("row", label=words.say("total"), amount=summary.total)
    return (words.heading("producer_summary.products"), *lines, total)


def _line(line: SummaryLine, words: Words) -> str:
    name = product_label(line.product_name, line.variant_name)
    label = words.say("quantity", quantity=line.quantity, name=name)
    return product_row(label, line.price, line.amount, line.quantity, words)


def _ready_for(cycle: OrderCycle, shops: Mapping[EnterpriseId, Enterprise], words: Words) -> Paragraph:
    lines = listed(
        words.say("producer_summary.shop", shop=shops[exchange.distributor].name, when=exchange.ready_for)
        for exchange in cycle.outgoing
        if exchange.distributor in shops and exchange.ready_for.strip()
    )
    return (words.heading("producer_summary.ready_for"), *lines) if lines else ()


def _instructions(cycle: OrderCycle, supplier: Enterprise, words: Words) -> Paragraph:
    exchange = cycle.incoming_from(supplier.id)
    lines = free_text(exchange.receival_instructions if exchange else "")
    return (words.heading("producer_summary.instructions"), *lines) if lines else ()


def _buyers(
    orders: Iterable[MaskedOrder], shops: Mapping[EnterpriseId, Enterprise], supplier: Enterprise, words: Words
) -> Iterator[Paragraph]:
    for order in orders:
        buyer, shop = _told(order.buyer), shops.get(order.distributor)
        goods = listed(_goods(order, supplier, words)) if order.is_placed else ()
        if goods and shop is not None and buyer:
            yield (words.say("producer_summary.buyer", name=buyer, shop=shop.name, code=order.code), *goods)


def _goods(order: MaskedOrder, supplier: Enterprise, words: Words) -> Iterator[str]:
    # Whoever is staff too knows more of the order than what is to be brought.
    for line in order.lines:
        if line.supplier == supplier.id and line.quantity > 0:
            name = product_label(line.product_name, line.variant_name)
            yield words.say("quantity", quantity=line.quantity, name=name)


def _told(buyer: MaskedBuyer) -> str:
    return ", ".join(part for part in (buyer.name, buyer.phone, buyer.email) if part)
