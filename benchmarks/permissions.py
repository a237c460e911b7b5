"""How long questions about permissions take in a large network, and how that grows.

    python3 dev.py bench

The network has 10,000 enterprises and 100,000 grants; one user manages 50 of them. One cycle has 200 exchanges of 500
variants each. All of it is measured again at a tenth of the size, with the same user and the same number of partners.

- *bare*: the facts that a check rests on, looked up in plain dictionaries and sets by hand.
- *may*: the same question, yes or no; *check*: with the facts that made it so. A no of *check* also names whom the user
  would have to manage, which *bare* does not look up; it is shown, and not held to the limit.
- *listing*: the enterprises that the user sees; what the user sees in the one cycle.

Times are CPU time, the best of several rounds in turn. A check is compared with *bare* in the same rounds. The indexes
are made before, and timed apart.
"""

import gc
import time
from collections.abc import Callable, Sequence
from random import Random

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, GrantId, UserId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.actions import EnterpriseAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds

SIZE = 10_000
SMALLER = 10
GRANTS_EACH = 10
MANAGED = 50
EXCHANGES = 200
VARIANTS_EACH = 500
ROUNDS = 15
#: How many times a bare look-up a check may take.
MOST = 20
LIMITED = ("may, yes", "may, no", "check, yes")
USER = Actor.user("uma")
SELL = Permission.ADD_TO_ORDER_CYCLE

Run = Callable[[], object]


def name(number: int) -> EnterpriseId:
    return EnterpriseId(f"e{number}")


def members(count: int) -> list[Enterprise]:
    """Hubs and producers in turn; the user manages the first ones."""
    hub, producer = worlds.enterprise("hub", owner="owner"), worlds.producer("farm", owner="owner")
    return [
        attrs.evolve(
            producer if number % 2 else hub,
            id=name(number),
            managers=(UserId("uma" if number < MANAGED else "owner"),),
        )
        for number in range(count)
    ]


def grants(count: int, random: Random) -> list[PermissionGrant]:
    """Each enterprise gives ten others one permission each, mostly the one to sell its goods."""
    names = [*Permission, SELL, SELL, SELL]
    pairs = ((one, other) for one in range(count) for other in random.sample(range(count), GRANTS_EACH))
    return [
        PermissionGrant(
            id=GrantId(f"{one}-{other}"),
            grantor=name(one),
            grantee=name(other),
            permissions=(random.choice(names),),
        )
        for one, other in pairs
    ]


def cycle(count: int, exchanges: int, variants: int) -> OrderCycle:
    """Half of the exchanges come in, half go out; the user manages one hub among the sellers and one supplier."""
    half = exchanges // 2
    suppliers = range(1, 2 * half, 2)
    goods = {number: tuple(f"v{number}-{each}" for each in range(variants)) for number in suppliers}
    every = [key for number in suppliers for key in goods[number]]
    sellers = [0, *range(count - 2, count - 2 * half, -2)][:half]
    lists = (tuple(every[place % half :: half]) for place in range(half))
    return worlds.order_cycle(
        "cycle",
        coordinator=name(count - 2),
        incoming=tuple(worlds.incoming(name(number), *goods[number]) for number in suppliers),
        outgoing=tuple(worlds.outgoing(name(one), *some) for one, some in zip(sellers, lists, strict=True)),
    )


def network(count: int, exchanges: int, variants: int) -> Snapshot:
    one = cycle(count, exchanges, variants)
    goods = worlds.variant("v")
    return Snapshot.of(
        users=[worlds.user("uma"), worlds.user("owner")],
        enterprises=members(count),
        grants=grants(count, Random(1)),
        variants=[
            attrs.evolve(goods, id=key, supplier=each.supplier) for each in one.incoming for key in each.variants
        ],
        order_cycles=[one],
    )


# ---------------------------------------------------------------- what is timed


def bare_of(snapshot: Snapshot, keys: Sequence[EnterpriseId]) -> tuple[Run, list[bool]]:
    """The facts in plain dictionaries: what the user manages, and to whom each enterprise granted the right to sell."""
    managed = {"uma": {key for key, each in snapshot.enterprises.items() if "uma" in each.managers}}
    granted: dict[str, set[str]] = {key: set() for key in snapshot.enterprises}
    for each in snapshot.relations.grants:
        if SELL in each.permissions:
            granted[each.grantor].add(each.grantee)

    def ask(user: str, key: str) -> bool:
        own = managed[user]
        return key in own or not own.isdisjoint(granted[key])

    return (lambda: [ask("uma", key) for key in keys]), [ask("uma", key) for key in keys]


def scope_of(snapshot: Snapshot) -> int:
    """Ask for everything that the user sees in the cycle; return how many things that is."""
    one = next(iter(snapshot.order_cycles.values()))
    questions = CycleQuestions.of(USER, one, snapshot)
    found = len(questions.visible_enterprises())
    found += sum(len(questions.visible_incoming_variants(each)) for each in questions.visible_suppliers())
    return found + sum(len(questions.visible_outgoing_variants(each)) for each in questions.visible_distributors())


def best(runs: dict[str, Run], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the shortest CPU time of each, in seconds."""
    times = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for label, run in runs.items():
            gc.collect()
            gc.disable()
            started = time.process_time()
            run()
            times[label] = min(times[label], time.process_time() - started)
            gc.enable()
    return times


def checks(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    """Return seconds for a bare look-up, a yes or no, and a check: for a thing that is seen, and for any thing."""
    asker = Asker(USER, snapshot)
    seen = sorted(each.key[0] for each in asker.list_allowed(EnterpriseAction.SEE, ResourceKind.ENTERPRISE))
    found = {}
    for label, keys in (("yes", list(map(EnterpriseId, seen))[:200]), ("no", _unseen(snapshot, seen))):
        asked = [resource(ResourceKind.ENTERPRISE, key) for key in keys]
        bare, expected = bare_of(snapshot, keys)
        if [asker.may(EnterpriseAction.SEE, each) for each in asked] != expected:
            message = "the bare look-up and the check disagree"
            raise AssertionError(message)
        times = best(
            {
                "bare": bare,
                "may": lambda asked=asked: [asker.may(EnterpriseAction.SEE, each) for each in asked],  # type: ignore[misc]
                "check": lambda asked=asked: [asker.check(EnterpriseAction.SEE, each) for each in asked],  # type: ignore[misc]
            }
        )
        for what, seconds in times.items():
            found[f"{what}, {label}"] = (seconds / len(keys), seconds / times["bare"])
    return found


def _unseen(snapshot: Snapshot, seen: list[str]) -> list[EnterpriseId]:
    known = set(seen)
    return [key for key in snapshot.enterprises if key not in known][:200]


def listings(snapshot: Snapshot) -> dict[str, tuple[float, int]]:
    """Return seconds and number of results of each listing, the indexes made before."""

    def enterprises() -> frozenset[Resource]:
        return Asker(USER, snapshot).list_allowed(EnterpriseAction.SEE, ResourceKind.ENTERPRISE)

    sizes = {"enterprises": len(enterprises()), "cycle": scope_of(snapshot)}
    times = best({"enterprises": enterprises, "cycle": lambda: scope_of(snapshot)}, 5)
    return {label: (times[label], sizes[label]) for label in sizes}


def main() -> int:
    """Print the table; return 1 if a check takes too long."""
    found = {}
    for label, count, exchanges, variants in (
        ("a tenth", SIZE // SMALLER, EXCHANGES // SMALLER, VARIANTS_EACH),
        ("whole", SIZE, EXCHANGES, VARIANTS_EACH),
    ):
        snapshot = network(count, exchanges, variants)
        started = time.process_time()
        listings_found = listings(snapshot)
        first = time.process_time() - started
        found[label] = (checks(snapshot), listings_found)
        print(
            f"{label}: {count} enterprises, {exchanges} exchanges of {variants}; indexes and first calls {first:.2f} s"
        )
        for what, (seconds, ratio) in found[label][0].items():
            print(f"  {what:12} {seconds * 1e6:8.2f} us  {ratio:5.1f} times bare")
        for what, (seconds, size) in listings_found.items():
            print(f"  list {what:12} {seconds * 1e3:8.2f} ms for {size:7} results, {seconds / size * 1e6:.2f} us each")
    return _verdict(found["a tenth"][1], found["whole"][1], [each for each, _ in found.values()])


def _verdict(
    small: dict[str, tuple[float, int]],
    whole: dict[str, tuple[float, int]],
    checked: Sequence[dict[str, tuple[float, float]]],
) -> int:
    for what in whole:
        grown, more = whole[what][0] / small[what][0], whole[what][1] / small[what][1]
        print(f"list {what}: {grown:.1f} times the time for {more:.1f} times the results")
    worst = max(each[what][1] for each in checked for what in LIMITED)
    print(f"a check takes up to {worst:.1f} times a bare look-up; allowed are {MOST}")
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
