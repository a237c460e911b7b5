"""Letters: what people are told about orders, payments, subscriptions, summaries and goods, in final words.

Each function writes one kind of message (`ofncore.model.message.MessageKind`) and is pure. The words are in the
catalogues; a letter puts them together. *locale* is the reader's language, *zone* the time zone in which instants are
shown. Names and comments are hostile: they stay on their line, or behind a margin, and are never read as templates.

Source:
    ORD-W3, ORD-9, ORD-10 (T2, T3, T5, T6), SUB-15, PERM-12.
"""

from ofncore.orders.letters.letter import Letter
from ofncore.orders.letters.orders import order_cancelled, order_changed, order_placed
from ofncore.orders.letters.payments import payment_failed, payment_needs_customer, payment_received, refund
from ofncore.orders.letters.producers import producer_summary
from ofncore.orders.letters.runs import RunIssue, RunReport, confirmation_summary, placement_summary
from ofncore.orders.letters.shop import lines_changed, order_received, order_withdrawn
from ofncore.orders.letters.subscriptions import (
    WantedProduct,
    subscription_confirmed,
    subscription_empty,
    subscription_placed,
)
from ofncore.orders.letters.withdrawals import goods_withdrawn

__all__ = [
    "Letter",
    "RunIssue",
    "RunReport",
    "WantedProduct",
    "confirmation_summary",
    "goods_withdrawn",
    "lines_changed",
    "order_cancelled",
    "order_changed",
    "order_placed",
    "order_received",
    "order_withdrawn",
    "payment_failed",
    "payment_needs_customer",
    "payment_received",
    "placement_summary",
    "producer_summary",
    "refund",
    "subscription_confirmed",
    "subscription_empty",
    "subscription_placed",
]
