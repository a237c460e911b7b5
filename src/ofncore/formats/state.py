"""State files: a world and all that happened in it, as one JSON document."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ofncore.formats.dialect import Derived
from ofncore.formats.documents import DocumentForm, as_text, read_as, write_as
from ofncore.formats.money import write_money
from ofncore.formats.state_checks import STATE_CHECKS
from ofncore.formats.world import WORLD_FORM
from ofncore.formats.world_checks import WORLD_CHECKS
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.event import Event
from ofncore.model.message import Message
from ofncore.model.order import Order, OrderLine
from ofncore.model.payment import Payment
from ofncore.model.subscription import ProxyOrder
from ofncore.model.world import State
from ofncore.orders.balance import balance_of


def _id_of(cls: type[Event | Message | ProxyOrder]) -> Derived:
    return Derived(name="id", type=str, after="", of=_get("id"), description=_about(cls, "id"))


def _sum_of(name: str, *, after: str | None = None, cls: type[Order | OrderLine] = Order) -> Derived:
    return Derived(name=name, type=Money, after=after, of=_get(name), description=_about(cls, name))


def _get(name: str) -> Any:  # noqa: ANN401 - gets the property of any class
    return lambda value: getattr(value, name)


def _about(cls: type, name: str) -> str:
    return str(getattr(cls, name).__doc__)


#: What a state file states although it follows from the rest.
DERIVED: Final[Mapping[type, tuple[Derived, ...]]] = MappingProxyType(
    {
        ProxyOrder: (_id_of(ProxyOrder),),
        Message: (_id_of(Message),),
        Event: (_id_of(Event),),
        OrderLine: (_sum_of("amount", after="price", cls=OrderLine),),
        Order: (
            _sum_of("item_total"),
            _sum_of("fee_total"),
            _sum_of("included_tax_total"),
            _sum_of("added_tax_total"),
            _sum_of("total"),
            Derived(name="paid", type=Money, description="Settled payments, less what was given back."),
            Derived(
                name="outstanding",
                type=Money,
                description="Positive: the customer owes it. Negative: it is owed to the customer (ORD-O11).",
            ),
        ),
    }
)

#: The format of state files.
STATE_FORM: Final = DocumentForm(
    format="ofncore-state",
    root=State,
    derived=DERIVED,
    checks=(*WORLD_CHECKS, *STATE_CHECKS),
)


def read_state(source: object) -> State | Refusal:
    """Read a state from JSON text, from UTF-8 bytes, or from data that was parsed already.

    A world file is a state in which nothing has happened yet. What the file states although it follows from the rest
    (line amounts, totals, what is paid and outstanding, ids made of facts) may be left out; if it is there it must be
    right. Stock on hand must be its opening plus its movements.

    Refusals:
        As `ofncore.formats.world.read_world`.

    Source:
        ORD-O10, ORD-O11, ORD-Q5, SUB-17.1, and those of `read_world`.
    """
    return read_as(source, (STATE_FORM, WORLD_FORM), State)


def read_document(source: object) -> State | Refusal:
    """Read a document of either format; see `read_state`."""
    return read_state(source)


def write_state(state: State) -> str:
    """Return the JSON text of *state*: the same for the same state, with its lists sorted by id."""
    document = write_as(STATE_FORM, state)
    orders = {order.id: order for order in state.orders}
    payments: dict[str, list[Payment]] = {}
    for payment in state.payments:
        payments.setdefault(payment.order, []).append(payment)
    for written in document["orders"]:
        written.update(_balance(orders[written["id"]], payments.get(written["id"], ())))
    return as_text(document)


def _balance(order: Order, payments: Iterable[Payment]) -> dict[str, object]:
    balance = balance_of(order, payments)
    return {"paid": write_money(balance.paid), "outstanding": write_money(balance.outstanding)}
