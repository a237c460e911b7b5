"""How long questions about permissions take in a large network, and how that grows.

    python3 dev.py bench

The network has 10,000 enterprises and 100,000 grants; one user manages 50 of them. One cycle has 200 exchanges of 500
variants each. It is measured again with a tenth of the exchanges, and then in a tenth of the network too, with the same
user and the same number of partners: so it shows what grows with the network, and what with the cycle.

- *bare*: the facts that a check rests on, looked up in plain dictionaries and sets by hand.
- *may*: the same question, yes or no; *check*: a decision, with the facts that made it so.
- *problems*: a no of *check*, and whom the user would have to manage, which is found when somebody looks. *Bare* does
  not look that up, so it is shown, and not held to the limit.
- *listing*: the enterprises that the user sees; what the user sees in the one cycle: its enterprises, and the goods in
  every exchange.

Times are CPU time, the best of several rounds in turn. A check is compared with *bare* in the same rounds. The indexes
are made before, and timed apart. Everything is measured in two ways: *fresh*, each round after rubbish was collected,
which empties the caches of the processor, as for the one question of a request; and *again*, each round at once after
the one before. The limit is for fresh questions. What grows with the size of memory alone shows only when fresh.
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
LIMITED = ("may, yes", "may, no", "check, yes", "check, no")
USER = Actor.user("uma")
SEE = EnterpriseAction.SEE
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


@attrs.frozen
class Listing:
    """How long a listing takes, how much it returns, and how much is in the lists that it is read from."""

    seconds: float
    results: int
    read: int

    def __str__(self) -> str:
        each = f"{self.seconds / self.results * 1e9:.0f} ns each, {self.seconds / self.read * 1e9:.0f} ns for each of"
        return f"{self.seconds * 1e3:8.2f} ms for {self.results:6} results, {each} {self.read} that are listed"


def seen_by_user(snapshot: Snapshot) -> frozenset[Resource]:
    return Asker(USER, snapshot).list_allowed(SEE, ResourceKind.ENTERPRISE)


def scope_of(snapshot: Snapshot) -> int:
    """Ask for everything that the user sees in the cycle; return how many things that is."""
    one = next(iter(snapshot.order_cycles.values()))
    questions = CycleQuestions.of(USER, one, snapshot)
    found = len(questions.visible_enterprises())
    found += sum(len(questions.visible_incoming_variants(each)) for each in questions.visible_suppliers())
    return found + sum(len(questions.visible_outgoing_variants(each)) for each in questions.visible_distributors())


def first_calls(snapshot: Snapshot) -> float:
    """Return the seconds of the listings while the indexes are made."""
    started = time.process_time()
    seen_by_user(snapshot)
    scope_of(snapshot)
    return time.process_time() - started


def best(runs: dict[str, Run], *, fresh: bool) -> dict[str, float]:
    """Return the shortest CPU time of each, in seconds."""
    times = dict.fromkeys(runs, float("inf"))
    gc.disable()
    for _ in range(ROUNDS):
        for label, run in runs.items():
            if fresh:
                gc.collect()
            started = time.process_time()
            run()
            times[label] = min(times[label], time.process_time() - started)
    gc.enable()
    return times


def checks(snapshot: Snapshot, *, fresh: bool) -> dict[str, tuple[float, float]]:
    """Return seconds for one question, and how many times a bare look-up that is, by what is asked and the answer."""
    asker = Asker(USER, snapshot)
    seen = sorted(each.key[0] for each in seen_by_user(snapshot))
    found = {}
    for label, keys in (("yes", list(map(EnterpriseId, seen))[:200]), ("no", _unseen(snapshot, seen))):
        times = best(_questions(asker, snapshot, keys), fresh=fresh)
        for what, seconds in times.items():
            found[f"{what}, {label}"] = (seconds / len(keys), seconds / times["bare"])
    return found


def _questions(asker: Asker, snapshot: Snapshot, keys: Sequence[EnterpriseId]) -> dict[str, Run]:
    asked = [resource(ResourceKind.ENTERPRISE, key) for key in keys]
    bare, expected = bare_of(snapshot, keys)
    if [asker.may(SEE, each) for each in asked] != expected:
        message = "the bare look-up and the check disagree"
        raise AssertionError(message)
    return {
        "bare": bare,
        "may": lambda: [asker.may(SEE, each) for each in asked],
        "check": lambda: [asker.check(SEE, each) for each in asked],
        "problems": lambda: [asker.check(SEE, each).problems for each in asked],
    }


def _unseen(snapshot: Snapshot, seen: list[str]) -> list[EnterpriseId]:
    known = set(seen)
    return [key for key in snapshot.enterprises if key not in known][:200]


def listings(snapshot: Snapshot, *, fresh: bool) -> dict[str, Listing]:
    """Return each listing with its time, the indexes made before."""
    (one,) = snapshot.order_cycles.values()
    carried = sum(len(each.variants) for each in one.incoming) + sum(len(each.variants) for each in one.outgoing)
    results = {"enterprises": len(seen_by_user(snapshot)), "cycle": scope_of(snapshot)}
    times = best({"enterprises": lambda: seen_by_user(snapshot), "cycle": lambda: scope_of(snapshot)}, fresh=fresh)
    read = {"enterprises": results["enterprises"], "cycle": carried}
    return {what: Listing(times[what], results[what], read[what]) for what in times}


def measure(snapshot: Snapshot, *, fresh: bool) -> float:
    """Print what is measured in one way; return how many times a bare look-up the slowest check takes."""
    print("  fresh:" if fresh else "  again:")
    checked = checks(snapshot, fresh=fresh)
    for what, (seconds, ratio) in checked.items():
        print(f"    {what:13} {seconds * 1e6:8.2f} us  {ratio:5.1f} times bare")
    for what, listing in listings(snapshot, fresh=fresh).items():
        print(f"    list {what:12} {listing}")
    return max(checked[what][1] for what in LIMITED)


def main() -> int:
    """Print the table; return 1 if a check takes too long."""
    worst = 0.0
    for count, exchanges in ((SIZE // SMALLER, EXCHANGES // SMALLER), (SIZE, EXCHANGES // SMALLER), (SIZE, EXCHANGES)):
        snapshot = network(count, exchanges, VARIANTS_EACH)
        first = first_calls(snapshot)
        print(f"{count} enterprises, {exchanges} exchanges of {VARIANTS_EACH}; indexes and first calls {first:.2f} s")
        worst = max(worst, measure(snapshot, fresh=True))
        measure(snapshot, fresh=False)
    print(f"a fresh check takes up to {worst:.1f} times a bare look-up; allowed are {MOST}")
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
