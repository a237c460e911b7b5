"""The rules that join what happened in a world: orders, their money, the messages and events about them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ofncore.formats.doubles import doubles
from ofncore.formats.money import read_money
from ofncore.formats.paths import element, join, member
from ofncore.formats.records import Placed, Records
from ofncore.formats.shown import shown_text
from ofncore.formats.world_checks import foreign_customer, repeated_lines
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import CycleDeleted, Event
from ofncore.model.message import Message
from ofncore.model.order import FeeCharge, Order, TaxCharge
from ofncore.model.payment import Payment, PaymentPurpose
from ofncore.model.subscription import ProxyOrder, Schedule
from ofncore.orders.balance import Balance, balance_of

#: Digits before the point that an amount of a document may have.
_MOST_DIGITS = 15
#: The lists that hold what a message can be about, and whom it can be for.
_SUBJECTS = ("orders", "order_cycles", "proxy_orders", "enterprises")
_RECIPIENTS = ("customers", "enterprises", "users")


def check_derived_ids(records: Records) -> Iterator[Problem]:
    """The facts of a proxy order, a message or an event name it; each stands once."""
    for placed in (records.of(ProxyOrder), records.of(Message), records.of(Event)):
        for key, path, first in doubles((str(each.value.id), each.path) for each in placed):
            yield problem(Code.DUPLICATE_ID, path, id=shown_text(key), first=first)


def check_orders(records: Records) -> Iterator[Problem]:
    """An order has its own code, a customer of its shop, and one currency: its shop's.

    It has one line for each variant, and one adjustment for each id.
    """
    codes = ((each.value.code, join(each.path, "$.code")) for each in records.of(Order))
    for code, path, first in doubles(codes):
        yield problem(Code.DUPLICATE_CODE, path, found=shown_text(code), first=first)
    for placed in records.of(Order):
        order, path = placed.value, placed.path
        customer = records.find(Customer, order.customer)
        if customer is not None and customer.enterprise != order.distributor:
            yield foreign_customer(path, order.customer, order.distributor)
        distributor = records.find(Enterprise, order.distributor)
        if distributor is not None and order.currency != distributor.currency:
            yield _other_currency(join(path, "$.currency"), order.currency, distributor.currency)
        yield from repeated_lines(path, (line.variant for line in order.lines))
        yield from _repeated_adjustments(placed)
        for place, amount in _amounts(order):
            if amount.currency != order.currency:
                yield _other_currency(join(path, place, "$.currency"), amount.currency, order.currency)


def _repeated_adjustments(placed: Placed[Order]) -> Iterator[Problem]:
    places = (
        (each.id, join(placed.path, "$.adjustments", element(index), "$.id"))
        for index, each in enumerate(placed.value.adjustments)
    )
    for key, path, first in doubles(places):
        yield problem(Code.DUPLICATE_ID, path, id=shown_text(key), first=first)


def _other_currency(path: str, found: str, expected: str) -> Problem:
    return problem(Code.OTHER_CURRENCY, path, found=found, expected=expected)


def _amounts(order: Order) -> Iterator[tuple[str, Money]]:
    """Yield every amount of *order* with its path."""
    for index, line in enumerate(order.lines):
        path = join("$.lines", element(index))
        yield join(path, "$.price"), line.price
        yield from _fee_amounts(path, line.fees)
        yield from _tax_amounts(path, line.taxes)
    yield from _fee_amounts("$", order.fees)
    yield "$.shipping.amount", order.shipping.amount
    yield from _tax_amounts("$.shipping", order.shipping.taxes)
    yield "$.payment.amount", order.payment.amount
    yield from _adjusted_amounts(order)


def _adjusted_amounts(order: Order) -> Iterator[tuple[str, Money]]:
    for index, adjustment in enumerate(order.adjustments):
        path = join("$.adjustments", element(index))
        yield join(path, "$.amount"), adjustment.amount
        yield from _tax_amounts(path, adjustment.taxes)
    for index, discount in enumerate(order.discounts):
        path = join("$.discounts", element(index))
        yield join(path, "$.amount"), discount.amount
        yield join(path, "$.included_tax"), discount.included_tax


def _fee_amounts(path: str, fees: Iterable[FeeCharge]) -> Iterator[tuple[str, Money]]:
    for index, fee in enumerate(fees):
        place = join(path, "$.fees", element(index))
        yield join(place, "$.amount"), fee.amount
        yield from _tax_amounts(place, fee.taxes)


def _tax_amounts(path: str, taxes: Iterable[TaxCharge]) -> Iterator[tuple[str, Money]]:
    for index, tax in enumerate(taxes):
        yield join(path, "$.taxes", element(index), "$.amount"), tax.amount


def check_balances(records: Records) -> Iterator[Problem]:
    """What an order states as paid and outstanding is what its payments give (ORD-O10, ORD-O11)."""
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for each in records.of(Payment):
        payments[each.value.order].append(each.value)
    for placed in records.of(Order):
        mine, order = payments[placed.value.id], placed.value
        amounts = (*(amount for _, amount in _amounts(order)), *(payment.amount for payment in mine))
        if {amount.currency for amount in amounts} <= {order.currency}:
            balance = balance_of(order, mine)
            yield from _check_size(placed.path, balance)
            if records.is_complete(Payment):
                yield from _check_balance(placed, balance)


def _check_balance(placed: Placed[Order], balance: Balance) -> Iterator[Problem]:
    for name, expected in (("paid", balance.paid), ("outstanding", balance.outstanding)):
        if name in placed.data and (found := read_money(placed.data[name])) != expected:
            yield problem(Code.MISSTATED, join(placed.path, member(name)), found=found, expected=expected)


def _check_size(path: str, balance: Balance) -> Iterator[Problem]:
    largest = 10 ** (_MOST_DIGITS + minor_digits(balance.total.currency)) - 1
    if max(abs(balance.total.minor), abs(balance.paid.minor), abs(balance.outstanding.minor)) > largest:
        highest = Money(largest, balance.total.currency)
        names: Mapping[str, Money] = {"found": balance.total, "lowest": -highest, "highest": highest}
        yield problem(Code.NUMBER_OUT_OF_RANGE, path, **names)


def check_payments(records: Records) -> Iterator[Problem]:
    """A payment is in its order's currency, goes the way of its purpose, and gives back one of the same order."""
    for placed in records.of(Payment):
        payment, path = placed.value, placed.path
        order = records.find(Order, payment.order)
        if order is not None and payment.amount.currency != order.currency:
            yield _other_currency(join(path, "$.amount.currency"), payment.amount.currency, order.currency)
        if payment.amount and (payment.amount.minor < 0) != (payment.purpose is PaymentPurpose.REFUND):
            purpose = payment.purpose.value
            yield problem(Code.WRONG_SIGN, join(path, "$.amount"), found=payment.amount, purpose=purpose)
        given_back = records.find(Payment, payment.refund_of) if payment.refund_of else None
        if given_back is not None and given_back.order != payment.order:
            yield problem(Code.FOREIGN_PAYMENT, join(path, "$.refund_of"), payment=shown_text(given_back.id))


def check_proxy_orders(records: Records) -> Iterator[Problem]:
    """The order of a proxy order is its own, and of its subscription and cycle (SUB-17.1)."""
    with_order = [each for each in records.of(ProxyOrder) if each.value.order is not None]
    for key, path, first in doubles((str(each.value.order), join(each.path, "$.order")) for each in with_order):
        yield problem(Code.SHARED_ORDER, path, order=shown_text(key), first=first)
    for placed in with_order:
        order = records.find(Order, str(placed.value.order))
        own = placed.value.subscription, placed.value.order_cycle
        if order is not None and (order.subscription, order.order_cycle) != own:
            yield problem(Code.FOREIGN_ORDER, join(placed.path, "$.order"), order=shown_text(order.id))


def check_deleted_cycles(records: Records) -> Iterator[Problem]:
    """Nothing but its history names a cycle that was deleted (CYC-12)."""
    deleted = {each.value.order_cycle for each in records.of(Event) if isinstance(each.value, CycleDeleted)}
    gone = deleted - {key for name, _, key in records.stated_ids() if name == "order_cycles"}
    named = [
        *((join(each.path, "$.order_cycle"), each.value.order_cycle) for each in records.of(Order)),
        *((join(each.path, "$.order_cycle"), each.value.order_cycle) for each in records.of(ProxyOrder)),
        *(
            (join(each.path, "$.order_cycles", element(index)), key)
            for each in records.of(Schedule)
            for index, key in enumerate(each.value.order_cycles)
        ),
    ]
    for path, key in named:
        if key in gone:
            yield problem(Code.UNKNOWN_REFERENCE, path, id=shown_text(key), list=member("order_cycles"))


def check_messages(records: Records) -> Iterator[Problem]:
    """A message is about an order, a cycle, a proxy order or an enterprise, and for a customer, enterprise or user."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for name, _, key in records.stated_ids():
        ids[name].add(key)
    ids["proxy_orders"] = {each.value.id for each in records.of(ProxyOrder)}
    # A proxy order need not state its id, so one that could not be read is not known at all.
    lists = {"recipient": _RECIPIENTS} | ({"about": _SUBJECTS} if records.is_complete(ProxyOrder) else {})
    for placed in records.of(Message):
        for field, names in lists.items():
            key = getattr(placed.value, field)
            if not any(key in ids[name] for name in names):
                places = ", ".join(map(member, names))
                yield problem(Code.UNKNOWN_REFERENCE, join(placed.path, member(field)), id=shown_text(key), list=places)


#: What holds of a state beyond its world.
STATE_CHECKS = (
    check_derived_ids,
    check_orders,
    check_balances,
    check_payments,
    check_proxy_orders,
    check_deleted_cycles,
    check_messages,
)
