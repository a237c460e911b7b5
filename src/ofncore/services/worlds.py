"""Worlds: loaded whole into an empty storage, and written out with all that happened since."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

import attrs

from ofncore.formats.state import write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import StorageError
from ofncore.kernel.refusals import Refusal
from ofncore.model.world import State
from ofncore.ports.repositories import Repository
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import CODE_KEY
from ofncore.services.wiring import Wiring

K = TypeVar("K")
V = TypeVar("V")

#: Setting that holds the name of the world.
WORLD_NAME = "world_name"


class WorldService:
    """Loads a world or a whole state, and gives the state back."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def load(self, state: State) -> Refusal | None:
        """Store *state* in one unit of work: all of it, or nothing if something is stored already.

        The state is taken to be valid; `ofncore.formats.state.read_document` gives nothing else.
        """
        return self._wiring.run(lambda unit: _load(unit, state))

    def name(self) -> str | None:
        """Return the name of the world that is stored; None if nothing was loaded."""
        return self._wiring.run(lambda unit: unit.settings.find(WORLD_NAME))

    def export(self) -> State:
        """Return everything that is stored."""
        return self._wiring.run(_export)


def _load(unit: UnitOfWork, state: State) -> Refusal | None:
    name = unit.settings.find(WORLD_NAME)
    if name is not None:
        return Refusal.of(Code.WORLD_EXISTS, name=name)
    _load_world(unit, state)
    _load_happenings(unit, state)
    unit.settings.put(WORLD_NAME, state.name)
    # The key comes from the document, which holds what outsiders do not know, so that loading it twice gives the same
    # order codes and nobody has to keep a secret beside it.
    if unit.settings.find(CODE_KEY) is None:
        unit.settings.put(CODE_KEY, hashlib.sha256(write_state(state).encode()).hexdigest())
    return None


def _load_world(unit: UnitOfWork, state: State) -> None:
    _add_all(unit.users, state.users)
    _add_all(unit.enterprises, state.enterprises)
    _add_all(unit.grants, state.grants)
    _add_all(unit.customers, state.customers)
    _add_all(unit.tax_categories, state.tax_categories)
    _add_all(unit.tax_zones, state.tax_zones)
    _add_all(unit.tax_rates, state.tax_rates)
    _add_all(unit.products, state.products)
    _add_all(unit.variants, state.variants)
    _add_all(unit.fees, state.fees)
    _add_all(unit.vouchers, state.vouchers)
    _add_all(unit.shipping_methods, state.shipping_methods)
    _add_all(unit.payment_methods, state.payment_methods)
    _add_all(unit.order_cycles, state.order_cycles)
    _add_all(unit.schedules, state.schedules)
    _add_all(unit.subscriptions, state.subscriptions)
    for item in state.stock:
        unit.stock.add(attrs.evolve(item, on_hand=item.opening))


def _load_happenings(unit: UnitOfWork, state: State) -> None:
    _add_all(unit.orders, state.orders)
    _add_all(unit.proxy_orders, state.proxy_orders)
    _add_all(unit.payments, state.payments)
    for message in state.messages:
        unit.outbox.add(message)
    for event in state.events:
        unit.events.add(event)
    # What came in goes first: on the way the items never have less than at the end.
    short = unit.stock.move(sorted(state.stock_movements, key=lambda movement: -movement.delta))
    if short:
        explanation = f"the stock of a checked state is what its movements say, but not of {short}"
        raise StorageError(explanation)


def _add_all(repository: Repository[K, V], records: Iterable[V]) -> None:
    for record in records:
        repository.add(record)


def _export(unit: UnitOfWork) -> State:
    return State(
        name=unit.settings.find(WORLD_NAME) or "",
        users=tuple(unit.users.all()),
        enterprises=tuple(unit.enterprises.all()),
        grants=tuple(unit.grants.all()),
        customers=tuple(unit.customers.all()),
        tax_categories=tuple(unit.tax_categories.all()),
        tax_zones=tuple(unit.tax_zones.all()),
        tax_rates=tuple(unit.tax_rates.all()),
        products=tuple(unit.products.all()),
        variants=tuple(unit.variants.all()),
        stock=tuple(unit.stock.all_items()),
        fees=tuple(unit.fees.all()),
        vouchers=tuple(unit.vouchers.all()),
        shipping_methods=tuple(unit.shipping_methods.all()),
        payment_methods=tuple(unit.payment_methods.all()),
        order_cycles=tuple(unit.order_cycles.all()),
        schedules=tuple(unit.schedules.all()),
        subscriptions=tuple(unit.subscriptions.all()),
        orders=tuple(unit.orders.all()),
        proxy_orders=tuple(unit.proxy_orders.all()),
        payments=tuple(unit.payments.all()),
        stock_movements=tuple(unit.stock.movements()),
        messages=tuple(unit.outbox.all()),
        events=tuple(unit.events.all()),
    )
