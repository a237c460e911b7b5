"""How long questions about permissions take that are answered from a database, and how that grows.

    python3 dev.py bench

The network has 2,000 enterprises with 20,000 grants, 20,000 variants, 300 order cycles of 200 variants each, and 5,000
orders; it is kept in SQLite. One user manages a hub and a producer, each with about ten grants given and ten received;
they take part in three cycles. All is asked again in a network of a tenth of that, with the same user and as much near
them: so what grows from the one to the other grows with the network.

Each question is a unit of work of its own. Times are CPU time, the best of several rounds. At most the larger network
may take twice as long: the pages of a database lie farther apart where there are more.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from ofncore.adapters.sql import SqlStorage
from ofncore.cycles.edits import CycleEdit, IncomingEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.actions import CycleAction, EnterpriseAction, OrderAccess, ProductAction
from ofncore.permissions.granting import GrantChange, GrantStep
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.testing import worlds

SIZE, SMALLER = 2_000, 10
GRANTS_EACH, VARIANTS_EACH = 10, 20
CYCLES, ORDERS = 300, 5_000
SUPPLIERS, DISTRIBUTORS, LISTED = 10, 5, 40
#: The cycles in which the user's enterprises take part.
OWN_CYCLES = 3
ROUNDS = 5
#: How many times as long a question may take in the larger network.
MOST = 2.0
SELL = Permission.ADD_TO_ORDER_CYCLE
USER = Actor.user("uma")
NOW = datetime(2026, 3, 10, tzinfo=UTC)
#: The producer of the user, a cycle that it supplies, and who coordinates that and may sell its goods.
OWN_FARM, OWN_CYCLE, COORDINATOR = EnterpriseId("e1"), OrderCycleId("c0"), EnterpriseId("e2")

Question = Callable[[FoodNetwork], object]


def members(count: int) -> Iterator[Enterprise]:
    """Hubs and producers in turn; the user manages the first two."""
    for number in range(count):
        make = worlds.producer if number % 2 else worlds.enterprise
        yield make(f"e{number}", owner="owner", managers=("uma" if number < 2 else "owner",))


def grants(count: int) -> Iterator[PermissionGrant]:
    """Each enterprise gives ten of the twenty that come after it one permission, mostly to sell its goods."""
    random = Random(1)
    for one in range(count):
        for step in (1, *sorted(random.sample(range(2, 2 * GRANTS_EACH + 1), GRANTS_EACH - 1))):
            other = (one + step) % count
            permissions = (SELL if step == 1 else random.choice([*Permission, SELL]),)
            yield worlds.grant(f"{one}-{other}", grantor=f"e{one}", grantee=f"e{other}", permissions=permissions)


def cycle(number: int, count: int) -> OrderCycle:
    """Ten suppliers and five distributors; those of the user are in the first cycles."""
    first = 0 if number < OWN_CYCLES else 20 + (number * 30) % (count - 60)
    suppliers = [first + 1 + 2 * each for each in range(SUPPLIERS)]
    goods = [f"v{one}-{each}" for one in suppliers for each in range(VARIANTS_EACH)]
    sold = [goods[place * LISTED : (place + 1) * LISTED] for place in range(DISTRIBUTORS)]
    return worlds.order_cycle(
        f"c{number}",
        coordinator=f"e{first + 2}",
        coordinator_fees=(),
        incoming=tuple(
            worlds.incoming(f"e{one}", *(f"v{one}-{each}" for each in range(VARIANTS_EACH))) for one in suppliers
        ),
        outgoing=tuple(worlds.outgoing(f"e{first + 2 * place}", *some) for place, some in enumerate(sold)),
    )


def orders(cycles: list[OrderCycle], count: int) -> Iterator[Order]:
    """As many orders in every cycle, of two lines each."""
    for number in range(count):
        one = cycles[number % len(cycles)]
        shop = one.outgoing[number // len(cycles) % DISTRIBUTORS]
        lines = tuple(
            worlds.order_line(key, supplier=EnterpriseId("e" + key[1:].partition("-")[0]))
            for key in shop.variants[::25]
        )
        yield worlds.order(
            f"o{number}",
            customer=f"k-{shop.distributor}",
            distributor=shop.distributor,
            order_cycle=one.id,
            lines=lines,
        )


def network_of(path: Path, count: int) -> FoodNetwork:
    """Store a network of *count* enterprises in a new database."""
    smaller = SIZE // count
    cycles = [cycle(number, count) for number in range(CYCLES // smaller)]
    names = range(count)
    state = worlds.small_state(
        users=[worlds.user("uma"), worlds.user("owner"), worlds.user("amelie"), worlds.user("root", is_admin=True)],
        enterprises=list(members(count)),
        grants=list(grants(count)),
        customers=[worlds.customer(f"k-e{each}", enterprise=f"e{each}") for each in names[::2]],
        products=[worlds.product(f"p{each}") for each in names[1::2]],
        variants=[
            worlds.variant(f"v{one}-{each}", product=f"p{one}", supplier=f"e{one}")
            for one in names[1::2]
            for each in range(VARIANTS_EACH)
        ],
        fees=[worlds.fee(f"f{each}", enterprise=f"e{each}") for each in names[::2]],
        payment_methods=[worlds.payment_method("cash", distributors=[f"e{each}" for each in names[:20:2]])],
        shipping_methods=[worlds.shipping_method("pickup", distributors=[f"e{each}" for each in names[:20:2]])],
        order_cycles=cycles,
        orders=list(orders(cycles, ORDERS // smaller)),
        stock=[],
        vouchers=[],
        schedules=[],
        subscriptions=[],
    )
    return _stored(path, state)


def _stored(path: Path, state: State) -> FoodNetwork:
    storage = SqlStorage(f"sqlite:///{path}")
    storage.create_schema()
    with storage() as unit:
        worlds.store(unit, state)
    return make_network(unit_of_work=storage)


# ---------------------------------------------------------------- what is timed


def _see_partner(network: FoodNetwork) -> object:
    return network.permissions.check(USER, EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, "e9")).problems


def _edit_own_cycle(network: FoodNetwork) -> object:
    asked = resource(ResourceKind.INCOMING, OWN_CYCLE, OWN_FARM)
    return network.permissions.check(USER, CycleAction.EDIT_INCOMING_VARIANTS, asked).problems


def _open_order(network: FoodNetwork) -> object:
    return network.permissions.check(USER, OrderAccess.OPEN, resource(ResourceKind.ORDER, "o0")).problems


def _list_enterprises(network: FoodNetwork) -> object:
    return network.permissions.list_allowed(USER, EnterpriseAction.SEE, ResourceKind.ENTERPRISE)


def _list_products(network: FoodNetwork) -> object:
    return network.permissions.list_allowed(USER, ProductAction.SEE, ResourceKind.PRODUCT)


def _list_orders(network: FoodNetwork) -> object:
    return network.permissions.list_allowed(USER, OrderAccess.SEE, ResourceKind.ORDER)


def _scope(network: FoodNetwork) -> object:
    return network.permissions.cycle_scope(USER, OWN_CYCLE)


def _edit(network: FoodNetwork) -> object:
    brought = tuple(VariantId(f"v1-{each}") for each in range(1, VARIANTS_EACH))
    edit = CycleEdit(incoming=(IncomingEdit(supplier=OWN_FARM, variants=brought),))
    return network.cycles.edit_as_allowed(OWN_CYCLE, edit, actor=USER, now=NOW)


def _impact(network: FoodNetwork) -> object:
    change = GrantChange(step=GrantStep.DESTROY, grantor=OWN_FARM, grantee=COORDINATOR)
    return network.grants.impact_of(change, actor=USER, now=NOW)


QUESTIONS: dict[str, Question] = {
    "check an enterprise": _see_partner,
    "check an exchange": _edit_own_cycle,
    "check an order": _open_order,
    "list enterprises": _list_enterprises,
    "list products": _list_products,
    "list orders": _list_orders,
    "cycle_scope": _scope,
    "edit_as_allowed": _edit,
    "impact_of": _impact,
}


def best(network: FoodNetwork, question: Question) -> float:
    """Return the shortest CPU time of one question, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        question(network)
        times.append(time.process_time() - started)
    return min(times)


def main() -> int:
    """Print the table; return 1 if a question grows with the network."""
    with tempfile.TemporaryDirectory() as folder:
        small = network_of(Path(folder) / "small.db", SIZE // SMALLER)
        large = network_of(Path(folder) / "large.db", SIZE)
        worst = 0.0
        for name, question in QUESTIONS.items():
            one, ten = best(small, question), best(large, question)
            worst = max(worst, ten / one)
            print(f"{name:20} {one * 1e3:8.1f} ms  {ten * 1e3:8.1f} ms  {ten / one:5.2f} times")
    print(f"ten times the network takes up to {worst:.2f} times as long; allowed are {MOST}")
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
