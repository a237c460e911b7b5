"""Every letter there is, written about one order with one text wherever people type."""

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from ofncore.cycles.summaries import ProducerSummary, summarise
from ofncore.cycles.withdrawal_news import WithdrawalNews
from ofncore.cycles.withdrawing import LostGoods
from ofncore.kernel.codes import Code
from ofncore.kernel.money import Money
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle, OutgoingExchange
from ofncore.model.enterprise import Enterprise, ShopSettings
from ofncore.model.message import MessageKind
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.orders import letters
from ofncore.orders.letters import Letter, RunIssue, RunReport, WantedProduct
from ofncore.permissions.masking import MaskedOrder, mask_for_letter
from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import NOW, customer, enterprise, incoming, order_cycle, outgoing, payment, producer

ZONE: Final = "Europe/Paris"


@attrs.frozen(kw_only=True)
class Case:
    """What a letter is about."""

    order: Order
    #: Stands wherever people type.
    word: str
    locale: str

    @property
    def shop(self) -> Enterprise:
        """The distributor, which shows suppliers whom it sells to."""
        settings = ShopSettings(show_customer_names_to_suppliers=True, show_customer_contacts_to_suppliers=True)
        return enterprise("hub", name=self.word, email=self.word, phone=self.word, shop=settings)

    @property
    def customer(self) -> Customer:
        """The buyer."""
        return customer("anna", first_name=self.word, last_name=self.word, email=self.word, phone=self.word)

    @property
    def exchange(self) -> OutgoingExchange:
        """What the shop tells its buyers."""
        return outgoing("hub", ready_for=self.word, pickup_instructions=f"{self.word}\n{self.word}")

    @property
    def cycle(self) -> OrderCycle:
        """The cycle, with what it tells the producer."""
        supplier = incoming("farm", receival_instructions=self.word)
        return order_cycle(name=f"x{self.word}", incoming=(supplier,), outgoing=(self.exchange,))

    @property
    def due(self) -> Money:
        """What is left to pay."""
        return self.order.total

    @property
    def payment(self) -> Payment:
        """A payment of the whole order."""
        return payment(amount=self.order.total)

    @property
    def summary(self) -> ProducerSummary:
        """What the farm brings; an empty summary if that is nothing."""
        found = summarise(self.order.order_cycle, [self.order])
        empty = ProducerSummary(
            supplier=producer("farm").id, order_cycle=self.cycle.id, currency=self.order.currency, lines=()
        )
        return next((each for each in found if each.supplier == "farm"), empty)

    @property
    def report(self) -> RunReport:
        """A run with an issue of each sort, and one of a host's own."""
        reasons = (Code.PLACED_SHORT, Code.NO_CARD, Code.CHARGE_REFUSED, Code.NOTHING_AVAILABLE, self.word)
        issues = tuple(
            RunIssue(reason=reason, customer=self.word, order_code=self.order.code, detail=self.word)
            for reason in reasons
        )
        return RunReport(seen=6, succeeded=1, issues=issues)


def told(orders: list[Order], buyer: Customer, shop: Enterprise, cycle: OrderCycle) -> tuple[MaskedOrder, ...]:
    """Return what a letter to ``farm`` may tell of *orders* of *buyer* at *shop*."""
    snapshot = Snapshot.of(enterprises=[producer("farm"), shop], order_cycles=[cycle])
    return mask_for_letter(orders, {buyer.id: buyer}, reader=producer("farm").id, snapshot=snapshot)


def _order_placed(case: Case) -> Letter:
    return letters.order_placed(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        exchange=case.exchange,
        locale=case.locale,
        zone=ZONE,
    )


def _order_changed(case: Case) -> Letter:
    more = [attrs.evolve(line, quantity=line.quantity + 1) for line in case.order.lines]
    return letters.order_changed(
        case.order,
        before=attrs.evolve(case.order, lines=tuple(more)),
        customer=case.customer,
        distributor=case.shop,
        exchange=case.exchange,
        locale=case.locale,
        zone=ZONE,
    )


def _order_cancelled(case: Case) -> Letter:
    return letters.order_cancelled(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        outstanding=-case.due,
        locale=case.locale,
        zone=ZONE,
    )


def _order_received(case: Case) -> Letter:
    return letters.order_received(
        attrs.evolve(case.order, override_reason=case.word),
        customer=case.customer,
        distributor=case.shop,
        exchange=case.exchange,
        placed_by_name=case.word,
        locale=case.locale,
        zone=ZONE,
    )


def _order_withdrawn(case: Case) -> Letter:
    return letters.order_withdrawn(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        outstanding=-case.due,
        locale=case.locale,
        zone=ZONE,
    )


def _lines_changed(case: Case) -> Letter:
    more = [attrs.evolve(line, quantity=line.quantity + 1) for line in case.order.lines]
    return letters.lines_changed(
        case.order,
        before=attrs.evolve(case.order, lines=tuple(more)),
        customer=case.customer,
        distributor=case.shop,
        suppliers=(case.word, "Farm"),
        locale=case.locale,
        zone=ZONE,
    )


def _payment_received(case: Case) -> Letter:
    return letters.payment_received(
        case.order,
        case.payment,
        customer=case.customer,
        distributor=case.shop,
        outstanding=case.due,
        locale=case.locale,
        zone=ZONE,
    )


def _refund(case: Case) -> Letter:
    return letters.refund(
        case.order,
        attrs.evolve(case.payment, amount=-case.due),
        customer=case.customer,
        distributor=case.shop,
        outstanding=case.due,
        locale=case.locale,
        zone=ZONE,
    )


def _subscription_placed(case: Case) -> Letter:
    return letters.subscription_placed(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        exchange=case.exchange,
        closes_at=case.cycle.orders_close_at,
        locale=case.locale,
        zone=ZONE,
    )


def _subscription_empty(case: Case) -> Letter:
    return letters.subscription_empty(
        [WantedProduct(name=line.product_name, quantity=line.wanted) for line in case.order.lines],
        customer=case.customer,
        distributor=case.shop,
        ready_for=case.word,
        locale=case.locale,
        zone=ZONE,
    )


def _subscription_confirmed(case: Case) -> Letter:
    return letters.subscription_confirmed(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        exchange=case.exchange,
        outstanding=case.due,
        locale=case.locale,
        zone=ZONE,
    )


def _payment_failed(case: Case) -> Letter:
    return letters.payment_failed(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        outstanding=case.due,
        reason=case.word,
        locale=case.locale,
        zone=ZONE,
    )


def _payment_needs_customer(case: Case) -> Letter:
    return letters.payment_needs_customer(
        case.order,
        customer=case.customer,
        distributor=case.shop,
        outstanding=case.due,
        link=case.word,
        locale=case.locale,
        zone=ZONE,
    )


def _placement_summary(case: Case) -> Letter:
    return letters.placement_summary(
        case.report, distributor=case.shop, cycle=case.cycle, locale=case.locale, zone=ZONE
    )


def _confirmation_summary(case: Case) -> Letter:
    return letters.confirmation_summary(
        case.report, distributor=case.shop, cycle=case.cycle, locale=case.locale, zone=ZONE
    )


def _producer_summary(case: Case) -> Letter:
    return letters.producer_summary(
        case.summary,
        supplier=producer("farm", name=case.word),
        coordinator=case.shop,
        cycle=case.cycle,
        distributors=[case.shop],
        orders=told([case.order], case.customer, case.shop, case.cycle),
        locale=case.locale,
        zone=ZONE,
    )


def _goods_withdrawn(case: Case) -> Letter:
    names = {line.variant: line.product_name for line in case.order.lines}
    cycle, shop, farm = case.cycle, case.shop, producer("farm", name=case.word)
    news = WithdrawalNews(
        reader=shop.id,
        coordinator=shop.id,
        supplier=farm.id,
        ended_by=farm.id,
        cycles=(cycle.id,),
        lists=(LostGoods(order_cycle=cycle.id, distributor=shop.id, variants=tuple(names)),) if names else (),
        keeping=(cycle.id,),
        orders=1,
    )
    return letters.goods_withdrawn(
        news,
        reader=shop,
        relations=Relations.of(users=(), enterprises=[shop, farm], grants=()),
        cycles={cycle.id: cycle},
        goods=names,
        at=NOW,
        locale=case.locale,
        zone=ZONE,
    )


#: How each kind of message is written.
WRITERS: Final[Mapping[MessageKind, Callable[[Case], Letter]]] = {
    MessageKind.ORDER_PLACED: _order_placed,
    MessageKind.ORDER_CHANGED: _order_changed,
    MessageKind.ORDER_CANCELLED: _order_cancelled,
    MessageKind.ORDER_RECEIVED: _order_received,
    MessageKind.ORDER_WITHDRAWN: _order_withdrawn,
    MessageKind.LINES_CHANGED: _lines_changed,
    MessageKind.PAYMENT_RECEIVED: _payment_received,
    MessageKind.REFUND: _refund,
    MessageKind.SUBSCRIPTION_PLACED: _subscription_placed,
    MessageKind.SUBSCRIPTION_EMPTY: _subscription_empty,
    MessageKind.SUBSCRIPTION_CONFIRMED: _subscription_confirmed,
    MessageKind.PAYMENT_FAILED: _payment_failed,
    MessageKind.PAYMENT_NEEDS_CUSTOMER: _payment_needs_customer,
    MessageKind.PLACEMENT_SUMMARY: _placement_summary,
    MessageKind.CONFIRMATION_SUMMARY: _confirmation_summary,
    MessageKind.PRODUCER_SUMMARY: _producer_summary,
    MessageKind.GOODS_WITHDRAWN: _goods_withdrawn,
}
#: Letters that list the whole order with its prices.
FULL: Final = (
    MessageKind.ORDER_PLACED,
    MessageKind.ORDER_CHANGED,
    MessageKind.ORDER_RECEIVED,
    MessageKind.SUBSCRIPTION_PLACED,
    MessageKind.SUBSCRIPTION_CONFIRMED,
)
#: Letters about one order.
ABOUT_ORDER: Final = (
    *FULL,
    MessageKind.ORDER_CANCELLED,
    MessageKind.ORDER_WITHDRAWN,
    MessageKind.LINES_CHANGED,
    MessageKind.PAYMENT_RECEIVED,
    MessageKind.REFUND,
    MessageKind.PAYMENT_FAILED,
    MessageKind.PAYMENT_NEEDS_CUSTOMER,
)


def write(kind: MessageKind, case: Case) -> Letter:
    """Return the letter of *kind*."""
    return WRITERS[kind](case)
