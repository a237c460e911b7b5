"""Laws that hold in any world after any life, on memory and on SQLite.

Each seed makes a world, and lives its cycles to their end: orders, changes, cancellations, receipts, charges, refunds,
deliveries, late ticks.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from adapters.engines import MovableEngine
from ofncore.adapters.payments import LedgerGateway
from ofncore.adapters.sql import SqlStorage
from ofncore.fees.shares import shares
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.money import Money
from ofncore.model.event import (
    OrderCancelled,
    OrderPlaced,
    PaymentSettled,
    SubscriptionNotPlaced,
    SubscriptionShort,
)
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.balance import PaymentStatus, balance_of
from ofncore.ports.gateway import GatewayOutcome
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.services.agenda import AgendaReport
from ofncore.testing.random_lives import Life, live
from ofncore.testing.random_worlds import BEGINNING, random_world

#: Worlds of the quick run, and how many of them are lived on SQLite too.
QUICK, ON_SQLITE = 200, 25
#: Worlds of the long run, after those of the quick one; all are lived on both.
LONG = 1000

#: What may be the end of a standing order whose cycle is over.
ENDS = {
    ProxyOutcome.CONFIRMED,
    ProxyOutcome.UNPAID,
    ProxyOutcome.AWAITING_CUSTOMER,
    ProxyOutcome.CANCELLED,
    ProxyOutcome.EMPTY,
    ProxyOutcome.MISSED,
}


@attrs.frozen(kw_only=True)
class Lived:
    """A world after its life."""

    seed: int
    state: State
    life: Life
    gateway: LedgerGateway
    network: FoodNetwork


def lived(seed: int, folder: Path, storage: UnitOfWorkFactory | None = None) -> Lived:
    """Live the life of *seed* in its world."""
    gateway = LedgerGateway(folder / "bank.db")
    network = make_network(unit_of_work=storage, payments=gateway)
    world = random_world(seed)
    assert network.worlds.load(world) is None
    life = live(network, world, seed)
    return Lived(seed=seed, state=network.worlds.export(), life=life, gateway=gateway, network=network)


Live = Callable[[int], Lived]


@pytest.fixture
def on_memory(tmp_path: Path) -> Live:
    """Return a function that lives a life in memory."""

    def run(seed: int) -> Lived:
        folder = tmp_path / f"memory-{seed}"
        folder.mkdir()
        return lived(seed, folder)

    return run


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Live]:
    """Return a function that lives a life in an SQLite file."""
    engine, empty = MovableEngine(), tmp_path / "empty.db"
    storage = SqlStorage(engine.moved_to(empty))
    storage.create_schema()
    storage.close()

    def run(seed: int) -> Lived:
        folder = tmp_path / f"sqlite-{seed}"
        folder.mkdir()
        path = Path(shutil.copy(empty, folder / "shop.db"))
        return lived(seed, folder, SqlStorage(engine.moved_to(path)))

    yield run
    storage.close()


# ---------------------------------------------------------------- laws


def check_money(state: State) -> None:
    """Money in equals the total of what is paid up; nobody is owed anything that came in (ORD-O10, ORD-O11)."""
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for each in state.payments:
        payments[each.order].append(each)
    for order in state.orders:
        mine = payments[order.id]
        settled = sum(each.amount.minor for each in mine if each.state is PaymentState.SETTLED)
        owed = 0 if order.state is OrderState.CANCELLED else order.total.minor
        balance = balance_of(order, mine)
        assert balance.outstanding.minor == owed - settled, order.id
        if balance.status is PaymentStatus.PAID:
            assert settled == order.total.minor, order.id
        assert settled >= 0, order.id
        # An order of less than nothing owes the customer money that never came in.
        assert balance.outstanding.minor >= min(order.total.minor, 0), order.id
        assert order.state is not OrderState.AWAITING_PAYMENT or balance.outstanding.minor > 0, order.id
        check_refunds(mine)


def check_refunds(payments: list[Payment]) -> None:
    """No payment is given back more than once."""
    for source in payments:
        back = sum(-each.amount.minor for each in payments if each.refund_of == source.id and is_settled(each))
        assert 0 <= back <= max(source.amount.minor, 0) * is_settled(source), source.id
    charges = [each for each in payments if each.purpose is PaymentPurpose.CHARGE]
    assert len({each.attempt for each in charges}) == len(charges)


def is_settled(payment: Payment) -> bool:
    """Whether the money moved."""
    return payment.state is PaymentState.SETTLED


def check_bank(lived_: Lived) -> None:
    """What the bank moved is what the payments say: nothing more, nothing twice (SUB-17.8)."""
    by_gateway = {str(each.id): each for each in lived_.state.payments if each.through_gateway}
    moved = {each.key: each for each in lived_.gateway.entries()}
    assert moved.keys() == by_gateway.keys()
    for key, entry in moved.items():
        assert entry.amount == by_gateway[key].amount, key
        assert (entry.outcome is GatewayOutcome.SETTLED) == is_settled(by_gateway[key]), key
    orders = {each.code: each for each in lived_.state.orders}
    charged: Counter[str] = Counter()
    for entry in moved.values():
        if entry.outcome is GatewayOutcome.SETTLED:
            charged[entry.order_code] += entry.amount.minor
    for code, minor in charged.items():
        cancelled = orders[code].state is OrderState.CANCELLED
        assert 0 <= minor <= (0 if cancelled else max(orders[code].total.minor, 0)), code


def check_parts(order: Order) -> None:
    """Prices, fees, shipping, payment, added tax, adjustments and discounts add up to the total (ORD-O10, FEE-11)."""
    zero = Money.zero(order.currency)
    prices = sum((line.price * line.quantity for line in order.lines), zero)
    fees = [*order.fees, *(fee for line in order.lines for fee in line.fees)]
    taxes = [*order.shipping.taxes, *(tax for each in order.adjustments for tax in each.taxes)]
    taxes += [tax for line in order.lines for tax in line.taxes] + [tax for fee in fees for tax in fee.taxes]
    added = sum((tax.amount for tax in taxes if not tax.included), zero)
    parts = prices + sum((fee.amount for fee in fees), zero) + order.shipping.amount + order.payment.amount + added
    parts += sum((each.amount for each in order.adjustments), zero) + sum(
        (each.amount for each in order.discounts), zero
    )
    assert parts == order.total, order.id
    assert shares(order).total == order.total, order.id
    assert all(each.amount.minor <= 0 for each in order.discounts), order.id
    assert all(0 <= line.quantity <= line.wanted for line in order.lines), order.id
    assert any(line.quantity for line in order.lines), order.id
    assert order.included_tax_total == sum((tax.amount for tax in taxes if tax.included), zero), order.id


def check_stock(state: State) -> None:
    """Stock at the start, less what is sold, is stock at the end, and never below zero (ORD-Q4, ORD-Q5)."""
    restocked = {each.order: each.restocked for each in state.events if isinstance(each, OrderCancelled)}
    sold: Counter[str] = Counter()
    for order in state.orders:
        if not restocked.get(order.id, False):
            for line in order.lines:
                sold[line.variant] += line.quantity
    moved: Counter[str] = Counter()
    brought: Counter[str] = Counter()
    for each in state.stock_movements:
        moved[each.variant] += each.delta
        brought[each.variant] += each.delta if each.order is None else 0
    for item in state.stock:
        key = item.variant
        assert item.on_hand == item.opening + moved[key], key
        assert item.on_hand == item.opening + brought[key] - sold[key], key
        assert item.on_hand >= 0 or item.on_demand, key
    assert moved.keys() <= {item.variant for item in state.stock}


def check_facts(state: State) -> None:
    """Each fact is told once (the design: one message for each kind, subject and occasion)."""
    ids = {each.id for each in state.orders}
    placed = [each.order for each in state.events if isinstance(each, OrderPlaced)]
    assert sorted(placed) == sorted(ids)
    cancelled = [each.order for each in state.events if isinstance(each, OrderCancelled)]
    assert sorted(cancelled) == sorted(each.id for each in state.orders if each.state is OrderState.CANCELLED)
    settled = [each.payment for each in state.events if isinstance(each, PaymentSettled)]
    assert sorted(settled) == sorted(each.id for each in state.payments if is_settled(each))
    assert len({each.id for each in state.events}) == len(state.events)
    assert len({each.id for each in state.messages}) == len(state.messages)
    assert len({each.code for each in state.orders}) == len(state.orders)
    told = Counter(each.about for each in state.messages if each.kind in {"order_placed", "subscription_placed"})
    assert told == Counter(ids)


def check_standing_orders(state: State) -> None:
    """Every place in a cycle that is over has come to exactly one end, with an order or without (SUB-17.8)."""
    with_order = {each.order: each for each in state.proxy_orders if each.order is not None}
    standing = {each.id: each for each in state.orders if each.subscription is not None}
    assert with_order.keys() == standing.keys()
    shops = {each.id: each for each in state.enterprises}
    for each in state.proxy_orders:
        subscription = next(one for one in state.subscriptions if one.id == each.subscription)
        takes = shops[subscription.shop].shop.subscriptions_enabled and subscription.paused_at is None
        assert each.outcome in ENDS if takes else each.outcome is None, each.id
    assert all(each.settled_at == each.orders_close_at for each in state.order_cycles)


def check_round_trip(lived_: Lived) -> None:
    """What was exported can be read, loaded, and exported again as the same text."""
    text = write_state(lived_.state)
    read = read_state(text)
    assert isinstance(read, State), read
    network = make_network()
    assert network.worlds.load(read) is None
    assert write_state(network.worlds.export()) == text


def check_rest(lived_: Lived) -> None:
    """When all is over a further tick does nothing."""
    later = max(each.at for each in lived_.state.events) + (BEGINNING - BEGINNING.replace(year=2025))
    assert lived_.network.tick(later) == AgendaReport()
    assert lived_.network.worlds.export() == lived_.state


def check(lived_: Lived, *, copied: bool = True) -> None:
    """Check every law; those about copies, which take the longest, only if *copied*."""
    for order in lived_.state.orders:
        check_parts(order)
    check_money(lived_.state)
    check_bank(lived_)
    check_stock(lived_.state)
    check_facts(lived_.state)
    check_standing_orders(lived_.state)
    check_rest(lived_)
    if copied:
        check_round_trip(lived_)


# ---------------------------------------------------------------- what the worlds had


def traits(lived_: Lived) -> set[str]:
    """Return what makes a life worth checking."""
    state = lived_.state
    pick_ups = Counter(shop for each in state.shipping_methods for shop in each.distributors)
    short = any(isinstance(each, SubscriptionShort | SubscriptionNotPlaced) for each in state.events)
    found = {
        "shortage": short or lived_.life.refused[Code.INSUFFICIENT_STOCK] > 0,
        "refund": any(each.purpose is PaymentPurpose.REFUND for each in state.payments),
        "tax": any(True for order in state.orders for _ in order.tax_charges()),
        "added tax": any(order.added_tax_total for order in state.orders),
        "zones": any(order.tax_zone == "abroad" for order in state.orders),
        "voucher": any(order.discount_total for order in state.orders),
        "by hand": any(order.adjustments for order in state.orders),
        "weighed": any(line.final_weight is not None for order in state.orders for line in order.lines),
        "repriced": any(order.repriced_at is not None for order in state.orders),
        "several pick-ups": max(pick_ups.values()) > 1,
        "several shops": len({each.distributor for each in state.orders}) > 1,
        "discount": any(fee.amount.minor < 0 for order in state.orders for fee in order.fee_charges()),
        "standing orders": any(each.order is not None for each in state.proxy_orders),
        "late work": any(each.late_at is not None for each in state.events),
        "cancelled": any(each.state is OrderState.CANCELLED for each in state.orders),
        "refused charge": any(each.state is PaymentState.REFUSED for each in state.payments),
    }
    return {name for name, holds in found.items() if holds}


def show(counts: Counter[str], worlds: int) -> None:
    """Print how many worlds had what; every trait must be in one world of ten at least."""
    print(f"\n{worlds} random worlds, of which had:")  # noqa: T201 - what the test was worth
    for name, count in sorted(counts.items()):
        print(f"  {name:<18}{count:>6}")  # noqa: T201 - as above
    rare = {
        name
        for name in ("shortage", "refund", "tax", "several pick-ups", "zones", "voucher")
        if counts[name] * 10 < worlds
    }
    assert not rare


def test_the_laws_hold_in_200_random_worlds(on_memory: Live, on_sqlite: Live) -> None:
    counts: Counter[str] = Counter()
    for seed in range(QUICK):
        found = on_memory(seed)
        check(found, copied=seed % 4 == 0)
        counts.update(traits(found))
        if seed < ON_SQLITE:
            assert write_state(on_sqlite(seed).state) == write_state(found.state), seed
    show(counts, QUICK)


@pytest.mark.campaign
def test_the_laws_hold_in_1000_more_random_worlds_on_both_storages(on_memory: Live, on_sqlite: Live) -> None:
    counts: Counter[str] = Counter()
    for seed in range(QUICK, QUICK + LONG):
        found, other = on_memory(seed), on_sqlite(seed)
        check(found)
        check(other)
        assert other.state == found.state, seed
        counts.update(traits(found))
    show(counts, LONG)


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_gives_the_same_life_again(seed: int, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert random_world(seed) == random_world(seed)
    first, second = lived(seed, one), lived(seed, other)
    assert first.state == second.state
    assert first.life == second.life


def test_two_seeds_give_two_worlds() -> None:
    assert len({write_state(random_world(seed)) for seed in range(50)}) == 50


@pytest.mark.parametrize("seed", range(50))
def test_a_random_world_is_a_valid_document(seed: int) -> None:
    world = random_world(seed)
    read = read_state(write_state(world))
    assert isinstance(read, State), read
    assert write_state(read) == write_state(world)
