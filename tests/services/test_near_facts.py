"""Facts that are read as far as rules look: the same as all facts, and no more of them than are near."""

# ruff: noqa: ANN401 - a spy takes and gives whatever it looks at

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.cycles.edits import CycleEdit
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.grant import Permission
from ofncore.model.order import Order, OrderState
from ofncore.model.product import Variant
from ofncore.model.world import State
from ofncore.network import make_network
from ofncore.permissions.actions import CycleAction, EnterpriseAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.capabilities import places
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.cycle_summary import cycle_scope
from ofncore.permissions.facts import AdminFact, GrantFact, ManagesFact, Role
from ofncore.permissions.granting import GrantChange, GrantStep
from ofncore.permissions.pairs import Pairs
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.services.near.gathering import Stored
from ofncore.services.near.snapshot import near_snapshot
from ofncore.testing import worlds
from permissions import small_networks as small

ACTORS: Final = (small.ROOT, *small.PEOPLE, Actor.user("nobody"), Actor.customer("c1"), Actor.customer("c9"), ENGINE)
PAIRS: Final = (
    *("coordinators", "suppliers", "distributors", "cycles_of_schedules", "enterprises_of_fees"),
    *("enterprises_of_customers", "accounts_of_customers", "grantors", "grantees", "shops_of_subscriptions"),
    *("shops_of_payment_methods", "shops_of_shipping_methods", "shops_of_orders", "cycles_of_orders"),
    *("suppliers_of_lines", "suppliers_of_orders", "buyers_of_orders", "makers_of_orders"),
)
PAIRS_OF_GOODS: Final = ("suppliers_of_live", "suppliers_of_products")
RECORDS: Final = (
    *("customers", "products", "variants", "fees", "shipping_methods", "payment_methods", "order_cycles"),
    *("schedules", "subscriptions", "orders", "enterprises", "grants"),
)


@st.composite
def orders(draw: st.DrawFn, key: str, goods: list[Variant]) -> Order:
    """Return an order in any state, of anybody's goods, placed by anybody."""
    lines = draw(st.lists(st.sampled_from(goods), unique_by=lambda each: each.id, max_size=3))
    return worlds.order(
        key,
        customer=draw(st.sampled_from(("c1", "c2"))),
        distributor=draw(st.sampled_from(small.ENTERPRISES)),
        order_cycle=draw(st.sampled_from(small.CYCLES)),
        state=draw(st.sampled_from(OrderState)),
        placed_by=draw(st.sampled_from(ACTORS)),
        lines=tuple(worlds.order_line(each.id, supplier=each.supplier) for each in lines),
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    """Return a small network with orders."""
    goods = [draw(small.variants(key)) for key in small.VARIANTS]
    owner, account = st.sampled_from(small.ENTERPRISES), st.none() | st.sampled_from(small.USERS)
    shops = st.lists(owner, unique=True, max_size=2).map(tuple)
    held = st.sets(st.sampled_from(small.CYCLES)).map(sorted).map(tuple)
    return worlds.small_state(
        users=[worlds.user(key, is_admin=key == small.USERS[0]) for key in small.USERS],
        enterprises=[draw(small.enterprises(key)) for key in small.ENTERPRISES],
        grants=sorted(draw(small.grants()), key=lambda each: each.id),
        customers=[worlds.customer(key, enterprise=draw(owner), user=draw(account)) for key in ("c1", "c2")],
        products=[worlds.product(each) for each in small.PRODUCTS],
        variants=goods,
        fees=[worlds.fee(enterprise=draw(owner))],
        payment_methods=[worlds.payment_method(key, distributors=draw(shops)) for key in ("cash", "m")],
        shipping_methods=[worlds.shipping_method(key, distributors=draw(shops)) for key in ("pickup", "s")],
        order_cycles=[draw(small.cycles(key)) for key in small.CYCLES],
        schedules=[worlds.schedule(key, order_cycles=draw(held)) for key in ("s1", "s2")],
        subscriptions=[worlds.subscription("b1", shop=draw(owner), customer="c1", schedule="s1")],
        orders=[draw(orders(key, goods)) for key in ("r1", "r2", "r3")],
        stock=[],
        vouchers=[],
    )


def stored(state: State) -> MemoryStorage:
    storage = MemoryStorage()
    with storage() as unit:
        worlds.store(unit, state)
    return storage


def whole(state: State) -> Snapshot:
    return Snapshot.of_world(state, state.orders)


def questions() -> Iterator[tuple[Any, ResourceKind, tuple[str, ...]]]:
    """Yield every action with everywhere where it may be asked for."""
    for kind, action in RULES:
        yield from ((action, kind, within) for within in small.contexts(kind))


def resources(kind: ResourceKind, snapshot: Snapshot, within: tuple[str, ...]) -> Iterator[Resource]:
    """Yield everything of *kind* there, and something that is not known."""
    yield from small.resources(kind, snapshot, within)
    yield resource(kind, *within, *(("unknown", "line") if kind is ResourceKind.ORDER_LINE else ("unknown",)))


# ---------------------------------------------------------------- the same answers


@settings(max_examples=8)
@given(states(), st.sampled_from(ACTORS), st.sampled_from([PRODUCT, OFN]))
def test_every_question_is_answered_as_from_everything(state: State, actor: Actor, profile: Profile) -> None:
    """Every check, with reasons and problems, and every list: through the service as from a whole snapshot."""
    everything = whole(state)
    asker, service = Asker(actor, everything, profile), make_network(unit_of_work=stored(state), profile=profile)
    for action, kind, within in questions():
        listed = service.permissions.list_allowed(actor, action, kind, within=within)
        assert listed == asker.list_allowed(action, kind, within=within), (action, kind, within)
    for kind, action in RULES:
        within = next(small.contexts(kind))
        for each in resources(kind, everything, within):
            assert service.permissions.check(actor, action, each) == asker.check(action, each), (action, each)


@settings(max_examples=20)
@given(states(), st.sampled_from(ACTORS), st.sampled_from([PRODUCT, OFN]), st.randoms(use_true_random=False))
def test_questions_in_any_order_get_the_same_answers(state: State, actor: Actor, profile: Profile, random: Any) -> None:
    """What was read for earlier questions changes no later answer."""
    everything = whole(state)
    asked = [(action, each) for action, kind, at in questions() for each in resources(kind, everything, at)]
    random.shuffle(asked)
    asker = Asker(actor, everything, profile)
    with stored(state)() as unit:
        near = Asker(actor, near_snapshot(unit), profile)
        for action, each in asked:
            assert near.check(action, each) == asker.check(action, each), (action, each)


@settings(max_examples=30)
@given(states(), st.sampled_from(ACTORS), st.sampled_from([PRODUCT, OFN]))
def test_what_is_told_of_a_cycle_is_the_same(state: State, actor: Actor, profile: Profile) -> None:
    everything, network = whole(state), make_network(unit_of_work=stored(state), profile=profile)
    for cycle in state.order_cycles:
        expected = cycle_scope(CycleQuestions.of(actor, cycle, everything, profile))
        # What is stored has a version.
        assert network.permissions.cycle_scope(actor, cycle.id) == expected
        for action in (CycleAction.EDIT_ATTRIBUTES, CycleAction.NOTIFY_PRODUCERS):
            decided = check_cycle(actor, action, cycle, everything.relations, profile=profile)
            assert network.permissions.check_cycle(actor, action, cycle.id) == decided


@settings(max_examples=30)
@given(states(), st.data())
def test_every_index_is_that_over_everything(state: State, data: st.DataObject) -> None:
    """From either side, and gone through; each from a new snapshot, so that nothing is read before."""
    everything, storage = whole(state), stored(state)
    with storage() as unit:
        for name in data.draw(st.permutations(PAIRS)):
            assert_same(getattr(near_snapshot(unit), name), getattr(everything, name))
        for name in PAIRS_OF_GOODS:
            assert_same(getattr(near_snapshot(unit).goods, name), getattr(everything.goods, name))
        near = near_snapshot(unit)
        assert {each: near.lists_of[each] for each in near.lists_of} == everything.lists_of
        for name in RECORDS:
            assert list(getattr(near_snapshot(unit), name)) == list(getattr(everything, name))


def assert_same(near: Pairs[Any, Any], pairs: Pairs[Any, Any]) -> None:
    for left in (*pairs.lefts, "unknown"):
        assert list(near.rights_of(left)) == list(pairs.rights_of(left))
    for right in (*pairs.rights, "user:unknown"):
        assert list(near.lefts_of(right)) == list(pairs.lefts_of(right))
    assert (list(near.lefts), set(near.rights)) == (list(pairs.lefts), set(pairs.rights))


@settings(max_examples=30)
@given(states())
def test_relations_are_those_of_everything(state: State) -> None:
    expected = whole(state).relations
    with stored(state)() as unit:
        near = near_snapshot(unit).relations
        for user in small.USERS:
            assert list(near.owned_by(user)) == list(expected.owned_by(user))
            assert list(near.held_by(Actor.user(user))) == list(expected.held_by(Actor.user(user)))
        for one in small.ENTERPRISES:
            assert near.partners_of(one) == expected.partners_of(one)
            for permission in Permission:
                assert list(near.grantors_to(one, permission)) == list(expected.grantors_to(one, permission))
                assert list(near.grantees_of(one, permission)) == list(expected.grantees_of(one, permission))
            for other in small.ENTERPRISES:
                assert near.grant_between(one, other) == expected.grant_between(one, other)


@settings(max_examples=30)
@given(states())
def test_supposed_facts_are_seen_beside_those_that_are_read(state: State) -> None:
    """A changed copy of what is near is no longer what is stored."""
    one, other, user = small.ENTERPRISES[0], small.ENTERPRISES[1], small.USERS[1]
    facts: list[Role] = [
        GrantFact(one, other, Permission.EDIT_PROFILE),
        ManagesFact(user, other),
        AdminFact(small.USERS[2]),
    ]
    with stored(state)() as unit:
        near = near_snapshot(unit).with_facts(facts).relations
        expected = whole(state).with_facts(facts).relations
        for each in (*small.PEOPLE, small.ROOT):
            assert near.managed_by(each) == expected.managed_by(each)
        assert one in near.grantors_to(other, Permission.EDIT_PROFILE)
        assert near.grantees_of(one, Permission.EDIT_PROFILE) == expected.grantees_of(one, Permission.EDIT_PROFILE)


# ---------------------------------------------------------------- no more than is near


class Spied:
    """A storage that notes which records are read."""

    def __init__(self, state: State) -> None:
        self._storage = stored(state)
        self.read: set[str] = set()
        self.calls: list[str] = []

    @contextmanager
    def __call__(self) -> Iterator[Any]:
        with self._storage() as unit:
            yield _SpiedUnit(unit, self)


@attrs.frozen
class _SpiedUnit:
    _unit: Any
    _spied: Spied

    def __getattr__(self, name: str) -> Any:
        return _SpiedPart(getattr(self._unit, name), self._spied)


@attrs.frozen
class _SpiedPart:
    _part: Any
    _spied: Spied

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            found = getattr(self._part, name)(*arguments)
            records: Sequence[Any] = found if isinstance(found, list) else [found]
            self._spied.calls.append(name)
            self._spied.read.update(each.id for each in records if hasattr(each, "id"))
            return found

        return call


def with_far_away(state: State) -> State:
    """Return *state* beside a copy of it with which it shares nobody."""
    parts: dict[str, Any] = {each.name: getattr(state, each.name) for each in attrs.fields(State)}
    records = {name: part for name, part in parts.items() if isinstance(part, tuple)}
    names = {each.id: f"far-{each.id}" for part in records.values() for each in part if hasattr(each, "id")}
    both: dict[str, Any] = {name: (*part, *(_far(each, names) for each in part)) for name, part in records.items()}
    return attrs.evolve(state, **both)


def _far(record: Any, names: dict[str, str]) -> Any:
    far = {
        each.name: small.renamed(getattr(record, each.name), names) for each in attrs.fields(type(record)) if each.init
    }
    return attrs.evolve(record, **(far | ({"code": f"FAR-{record.code}"} if hasattr(record, "code") else {})))


NEAR: Final = worlds.small_state(orders=[worlds.order()])
STAFF: Final = [Actor.user(each) for each in ("amelie", "berta", "paul")]
BOTH: Final = with_far_away(NEAR)


def far(ids: Any) -> set[str]:
    return {each for each in ids if each.startswith("far-")}


@pytest.mark.parametrize("profile", [PRODUCT, OFN], ids=["product", "ofn"])
@pytest.mark.parametrize("actor", STAFF, ids=str)
def test_a_question_reads_nothing_far_away_unless_it_returns_it(actor: Actor, profile: Profile) -> None:
    """PERM-12: what a check or a list costs grows with what is near and what is returned, not with the network."""
    snapshot, spied = whole(NEAR), Spied(BOTH)
    service = make_network(unit_of_work=spied, profile=profile).permissions
    for kind, action in RULES:
        for within in places(kind, snapshot):
            spied.read.clear()
            found = service.list_allowed(actor, action, kind, within=within)
            assert not far(spied.read) or far(each.key[-1] for each in found), (action, kind)
            for each in small.resources(kind, snapshot, within):
                spied.read.clear()
                service.check(actor, action, each)
                assert not far(spied.read), (action, each)


@pytest.mark.parametrize("actor", STAFF, ids=str)
def test_cycles_and_grants_are_asked_about_without_what_is_far(actor: Actor) -> None:
    spied = Spied(BOTH)
    network = make_network(unit_of_work=spied)
    network.permissions.cycle_scope(actor, OrderCycleId("week-10"))
    network.permissions.check_cycle(actor, CycleAction.EDIT_ATTRIBUTES, OrderCycleId("week-10"))
    change = GrantChange(step=GrantStep.DESTROY, grantor=EnterpriseId("farm"), grantee=EnterpriseId("hub"))
    network.grants.impact_of(change, actor=actor, now=worlds.NOW)
    network.cycles.edit_as_allowed(OrderCycleId("week-10"), CycleEdit(name="Renamed"), actor=actor, now=worlds.NOW)
    assert spied.read
    assert not far(spied.read)


def test_administrators_have_everything_near() -> None:
    spied = Spied(BOTH)
    found = make_network(unit_of_work=spied).permissions.list_allowed(
        Actor.user("root"), EnterpriseAction.SEE, ResourceKind.ENTERPRISE
    )
    assert {each.key[0] for each in found} == {each.id for each in BOTH.enterprises}


@pytest.mark.parametrize("text", ["\ud800", "\x00"])
def test_a_text_that_no_storage_takes_names_nothing(text: str, tmp_path: Path) -> None:
    storage = SqlStorage(f"sqlite:///{tmp_path / 'network.db'}")
    storage.create_schema()
    with storage() as unit:
        worlds.store(unit, NEAR)
    service, asker = make_network(unit_of_work=storage).permissions, Asker(STAFF[0], whole(NEAR))
    for kind, action in RULES:
        parts = WHEREABOUTS[kind].parts
        asked = resource(kind, *(text for _ in parts))
        assert service.check(STAFF[0], action, asked) == asker.check(action, asked)
        assert not service.check(Actor.user(text), action, asked).allowed


@pytest.mark.parametrize("actor", STAFF, ids=str)
def test_what_belongs_together_is_read_together(actor: Actor) -> None:
    """A cycle with more suppliers takes no more readings."""
    counts = []
    for count in (2, 12):
        more = [worlds.producer(f"more-{each}") for each in range(count)]
        cycle = worlds.order_cycle()
        cycle = attrs.evolve(cycle, incoming=(*cycle.incoming, *(worlds.incoming(each.id) for each in more)))
        spied = Spied(attrs.evolve(NEAR, enterprises=(*NEAR.enterprises, *more), order_cycles=(cycle,)))
        make_network(unit_of_work=spied).permissions.cycle_scope(actor, cycle.id)
        counts.append(len(spied.calls))
    assert counts[0] == counts[1]


def test_what_is_expected_is_read_together() -> None:
    asked: list[list[str]] = []

    def read(keys: Any) -> list[Any]:
        asked.append(sorted(keys))
        return [worlds.enterprise(key) for key in keys if key != "absent"]

    found = Stored[str, Any](read, list)
    found.expect(["b", "absent"])
    assert "absent" not in found
    assert found["b"] == worlds.enterprise("b")
    found.expect(["b", "c"])
    assert (found["a"].id, found["c"].id) == ("a", "c")
    assert asked == [["absent", "b"], ["a", "c"]]
