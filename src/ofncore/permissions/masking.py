"""What of an order one viewer may know. Every document and message for a viewer is made from the masked order.

Staff and the buyer know all of it. A supplier knows its own lines, the buyer's name and contact as far as the shop
where the order was placed shows each to suppliers, and never the address; nothing about other suppliers' lines, about
charges of the whole order, or what the buyer wrote.

Source:
    PERM-7, PERM-10 (names), PERM-G19, PERM-G20, PERM-G28, ORD-O25 (letters).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Address
from ofncore.model.order import Order, OrderLine, OrderState
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.rules.order_sets import (
    BOUGHT,
    BUYER_ADDRESSES,
    BUYER_CONTACTS,
    BUYER_NAMES,
    CONTACTS_TOLD,
    HANDLED,
    NAMES_TOLD,
    VISIBLE_LINES,
)
from ofncore.permissions.rules.scopes import Scope
from ofncore.permissions.snapshot import LineKey, Snapshot
from ofncore.permissions.view import View


@attrs.frozen(kw_only=True)
class MaskedBuyer:
    """What a viewer may know of a buyer; None for what they may not."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None


@attrs.frozen(kw_only=True)
class MaskedOrder:
    """What a viewer may know of an order."""

    id: OrderId
    code: str
    state: OrderState
    distributor: EnterpriseId
    order_cycle: OrderCycleId
    placed_at: datetime
    #: Those the viewer may know, without the charges on them unless they may know the whole order.
    lines: tuple[OrderLine, ...]
    buyer: MaskedBuyer
    #: The order itself, for who may know all of it.
    whole: Order | None = None

    @property
    def is_placed(self) -> bool:
        """It was placed and not cancelled (ORD-D7)."""
        return self.state.is_placed


@attrs.frozen
class _Told:
    """Of which lines it is told who bought them, how to reach them, and where they live; None for no line."""

    names: Scope[LineKey]
    contacts: Scope[LineKey]
    addresses: Scope[LineKey] | None


_ON_SCREEN: Final = _Told(BUYER_NAMES, BUYER_CONTACTS, BUYER_ADDRESSES)
_IN_LETTERS: Final = _Told(NAMES_TOLD, CONTACTS_TOLD, None)


def mask_orders(
    orders: Iterable[Order],
    customers: Mapping[CustomerId, Customer],
    *,
    viewer: Actor,
    snapshot: Snapshot,
    profile: Profile = PRODUCT,
) -> tuple[MaskedOrder, ...]:
    """Return what *viewer* may know of each of *orders*, in their order; those they may not see at all are left out.

    For what is shown to somebody who signed in; for what is sent to an enterprise there is `mask_for_letter`.

    Args:
        orders: Each with its customer in *customers*.
        customers: The buyers, by id.
        viewer: Who is shown it.
        snapshot: Roles, grants, and at least the cycles of the orders. Its own orders do not matter.
        profile: Decides who sees what.
    """
    view = View(snapshot=snapshot, actor=viewer, profile=profile)
    return tuple(_all_masked(orders, customers, view, _ON_SCREEN))


def mask_for_letter(
    orders: Iterable[Order],
    customers: Mapping[CustomerId, Customer],
    *,
    reader: EnterpriseId,
    snapshot: Snapshot,
    profile: Profile = PRODUCT,
) -> tuple[MaskedOrder, ...]:
    """Return what a letter to *reader* may tell of each of *orders*, in their order; of others it tells nothing.

    That is what somebody may know who manages *reader* and nothing else. Nobody knows who opens a letter: of buyers of
    other shops it tells what each shop shows to suppliers, even where a supplier may open the order to change it.

    Args:
        orders: Each with its customer in *customers*.
        customers: The buyers, by id.
        reader: The enterprise that is written to.
        snapshot: Enterprises, grants, and at least the cycles of the orders. Its own orders do not matter.
        profile: Decides who sees what.
    """
    view = View(snapshot=snapshot, actor=ENGINE, profile=profile, supposed=frozenset({reader}))
    return tuple(_all_masked(orders, customers, view, _IN_LETTERS))


def _all_masked(
    orders: Iterable[Order], customers: Mapping[CustomerId, Customer], before: View, told: _Told
) -> Iterator[MaskedOrder]:
    given = tuple(orders)
    facts = {each.id: OrderFacts.of(each, customers) for each in given}
    view = attrs.evolve(before, snapshot=attrs.evolve(before.snapshot, orders=facts))
    for order in given:
        if _may_know(order, view):
            yield _masked(order, customers[order.customer], view, told)


def _may_know(order: Order, view: View) -> bool:
    return _is_whole(order, view) or any(_sees(order, line, VISIBLE_LINES, view) for line in order.lines)


def _is_whole(order: Order, view: View) -> bool:
    return (HANDLED | BOUGHT).holds(view, order.id)


def _sees(order: Order, line: OrderLine, scope: Scope[LineKey], view: View) -> bool:
    return scope.holds(view, (order.id, line.variant))


def _masked(order: Order, customer: Customer, view: View, told: _Told) -> MaskedOrder:
    whole = _is_whole(order, view)
    return MaskedOrder(
        id=order.id,
        code=order.code,
        state=order.state,
        distributor=order.distributor,
        order_cycle=order.order_cycle,
        placed_at=order.placed_at,
        lines=order.lines if whole else tuple(_own_lines(order, view)),
        buyer=_buyer(order, customer, view, told, whole=whole),
        whole=order if whole else None,
    )


def _own_lines(order: Order, view: View) -> Iterator[OrderLine]:
    for line in order.lines:
        if _sees(order, line, VISIBLE_LINES, view):
            yield attrs.evolve(line, fees=(), taxes=())


def _buyer(order: Order, customer: Customer, view: View, told: _Told, *, whole: bool) -> MaskedBuyer:
    def shown(scope: Scope[LineKey] | None) -> bool:
        return whole or (scope is not None and any(_sees(order, line, scope, view) for line in order.lines))

    contact = shown(told.contacts)
    return MaskedBuyer(
        name=customer.name if shown(told.names) else None,
        email=customer.email if contact else None,
        phone=customer.phone if contact else None,
        address=customer.address if shown(told.addresses) else None,
    )
