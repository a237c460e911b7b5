"""The letter that tells a producer what to bring.

Source:
    ORD-O33, ORD-D2, ORD-G4, CYC-G59, CYC-14.15 and PERM-7 (buyers' names only where the shop shows them).
"""

from collections.abc import Iterable, Iterator, Mapping

from ofncore.cycles.summaries import ProducerSummary, SummaryLine
from ofncore.kernel.ids import CustomerId, EnterpriseId
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.order import Order
from ofncore.orders.letters.account import product_label
from ofncore.orders.letters.description import product_row
from ofncore.orders.letters.letter import Letter, Paragraph, Words, free_text, listed, signature, written


def producer_summary(  # noqa: PLR0913 - the parties of a cycle
    summary: ProducerSummary,
    *,
    supplier: Enterprise,
    coordinator: Enterprise,
    cycle: OrderCycle,
    distributors: Iterable[Enterprise],
    orders: Iterable[Order] = (),
    customers: Mapping[CustomerId, Customer] | None = None,
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
        orders: For the table of buyers; left out, there is none. Only shops that show names to suppliers are in it.
        customers: The buyers of *orders*.
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
        *_buyers(orders, customers or {}, shops, supplier, words),
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
    orders: Iterable[Order],
    customers: Mapping[CustomerId, Customer],
    shops: Mapping[EnterpriseId, Enterprise],
    supplier: Enterprise,
    words: Words,
) -> Iterator[Paragraph]:
    for order in orders:
        shop, customer = shops.get(order.distributor), customers.get(order.customer)
        goods = listed(_goods(order, supplier, words)) if order.is_placed else ()
        if goods and shop is not None and customer is not None and shop.shop.show_customer_names_to_suppliers:
            yield (words.say("producer_summary.buyer", **_contact(customer, shop), code=order.code), *goods)


def _goods(order: Order, supplier: Enterprise, words: Words) -> Iterator[str]:
    for line in order.lines:
        if line.supplier == supplier.id and line.quantity > 0:
            name = product_label(line.product_name, line.variant_name)
            yield words.say("quantity", quantity=line.quantity, name=name)


def _contact(customer: Customer, shop: Enterprise) -> dict[str, str]:
    shown = shop.shop.show_customer_contacts_to_suppliers
    ways = (customer.phone, customer.email) if shown else ()
    return {"name": ", ".join(part for part in (customer.name, *ways) if part), "shop": shop.name}
