"""Any sequence of changes of grants comes to what the model says, in memory and on a file that two networks share.

PERM-1, PERM-4 L3, PERM-6, PERM-10 (`grant-rights`, withdrawal), PERM-12.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.cycles.withdrawing import GrantImpact
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Sells, ShopSettings
from ofncore.model.event import CycleEdited, GrantChanged
from ofncore.model.grant import Permission
from ofncore.model.message import MessageKind
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.granting import GrantChange, GrantStep
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.services.grants import GrantOutcome
from ofncore.testing.worlds import CLOSES, NOW, OPENS, enterprise, grant, incoming, order_cycle, outgoing, user
from services.grant_model import (
    Act,
    cycles_after,
    grants_after,
    grants_in,
    is_allowed,
    is_closed,
    is_withdrawn,
    loses,
    lost_goods,
    supplied,
    told,
)
from services.two_shops import (
    AMELIE,
    BERTA,
    BUYERS,
    CARROTS,
    CHEESE,
    CYCLE,
    DAIRY,
    EGGS,
    FARM,
    HUB,
    MARKET,
    MONA,
    PAUL,
    ROOT,
    take,
    two_shops,
)

SELL: Final = Permission.ADD_TO_ORDER_CYCLE
WEEK, TICK = timedelta(days=7), timedelta(microseconds=1)
STAND: Final = EnterpriseId("stand")
BOTH: Final = Actor.user("both-sides")
ACTORS: Final = (PAUL, AMELIE, MONA, BERTA, ROOT, BOTH, Actor.user("unheard-of"), Actor.customer("ben"), ENGINE)
MEMBERS: Final = (FARM, HUB, MARKET, DAIRY, STAND)
INSTANTS: Final = (OPENS - TICK, OPENS, NOW, CLOSES, CLOSES + TICK, OPENS + WEEK, CLOSES + WEEK + TICK)


def scene() -> State:
    """Return a hub with cycles in every state, one of which two bring eggs to, and a market with a cycle of its own."""
    state = two_shops(ShopSettings(), ShopSettings())
    goods = ("carrots", "cheese", "eggs")
    lists = tuple(outgoing(each, *goods) for each in ("hub", "market", "stand"))
    running = attrs.evolve(state.order_cycles[0], outgoing=lists, automatic_notifications=False)
    cycles = (
        attrs.evolve(running, id=OrderCycleId("closed"), orders_open_at=OPENS - WEEK, orders_close_at=CLOSES - WEEK),
        order_cycle(
            "market-week",
            coordinator="market",
            incoming=(incoming("farm", "eggs"),),
            outgoing=(outgoing("hub", "eggs"),),
        ),
        attrs.evolve(running, id=OrderCycleId("shared"), incoming=(*running.incoming, incoming("market", "eggs"))),
        attrs.evolve(running, id=OrderCycleId("undated"), orders_open_at=None),
        attrs.evolve(running, id=OrderCycleId("unlisted"), outgoing=()),
        attrs.evolve(running, id=OrderCycleId("upcoming"), orders_open_at=OPENS + WEEK, orders_close_at=CLOSES + WEEK),
        running,
    )
    stand = enterprise("stand", owner="berta", sells=Sells.OWN, order_code_prefix="STA", email="stand@shops.example")
    joint = {FARM, HUB}
    members = (
        attrs.evolve(each, managers=(*each.managers, BOTH.id)) if each.id in joint else each  # type: ignore[arg-type] # a user
        for each in state.enterprises
    )
    return attrs.evolve(
        state,
        users=tuple(sorted((*state.users, user("both-sides")), key=lambda each: each.id)),
        enterprises=(*members, stand),
        grants=(*state.grants, grant("stand-to-hub", grantor="stand")),
        order_cycles=cycles,
        subscriptions=(),
    )


enterprises = st.sampled_from((*MEMBERS, EnterpriseId("nowhere")))
#: Pairs that matter are met more often than others.
pairs = st.sampled_from([(FARM, HUB), (FARM, HUB), (MARKET, HUB), (FARM, MARKET)]) | st.tuples(enterprises, enterprises)
rights = st.frozensets(st.sampled_from(Permission)) | st.just(frozenset({SELL}))


@st.composite
def acts(draw: st.DrawFn) -> Act:
    """Draw who asks for what."""
    grantor, grantee = draw(pairs)
    step = draw(st.sampled_from(GrantStep))
    permissions = frozenset[Permission]() if step is GrantStep.DESTROY else draw(rights)
    return Act(
        change=GrantChange(step=step, grantor=grantor, grantee=grantee, permissions=permissions),
        actor=draw(st.sampled_from(ACTORS) | st.just(ROOT)),
        now=draw(st.sampled_from(INSTANTS)),
        withdrawal=draw(st.sampled_from(Withdrawal)),
    )


def carry_out(network: FoodNetwork, act: Act) -> GrantOutcome | Refusal:
    """Do *act*."""
    asked, grants = act.change, network.grants
    if asked.step is GrantStep.CREATE:
        return grants.create(asked.grantor, asked.grantee, asked.permissions, actor=act.actor, now=act.now)
    if asked.step is GrantStep.DESTROY:
        return grants.destroy(asked.grantor, asked.grantee, actor=act.actor, now=act.now, withdrawal=act.withdrawal)
    return grants.change(
        asked.grantor, asked.grantee, asked.permissions, actor=act.actor, now=act.now, withdrawal=act.withdrawal
    )


def foreseen(network: FoodNetwork, act: Act) -> GrantImpact | Refusal:
    """Ask what *act* would touch."""
    return network.grants.impact_of(act.change, actor=act.actor, now=act.now, withdrawal=act.withdrawal)


def everything_else(state: State) -> State:
    """Return *state* without what a change of a grant may touch."""
    return attrs.evolve(state, grants=(), order_cycles=(), events=(), messages=())


class Grants(RuleBasedStateMachine):
    """Acts on grants of five enterprises, while orders come and coordinators put goods back."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self._folder.name) / 'hub.db'}"
        self._files = (SqlStorage(url), SqlStorage(url))
        self._files[0].create_schema()
        self.storages: tuple[UnitOfWorkFactory, ...] = (MemoryStorage(), *self._files)
        self.memory, *self.on_file = (make_network(unit_of_work=each) for each in self.storages)
        assert self.memory.worlds.load(scene()) is None
        assert self.on_file[0].worlds.load(scene()) is None
        self.taken = 0

    def teardown(self) -> None:
        for each in self._files:
            each.close()
        self._folder.cleanup()

    def state(self) -> State:
        """Return what is stored, which is the same everywhere."""
        found = self.memory.worlds.export()
        for each in self.on_file:
            assert each.worlds.export() == found
        return found

    @rule(act=acts())
    def change(self, act: Act) -> None:
        self.act(act)

    def act(self, act: Act) -> None:
        """Do *act* everywhere, and compare what comes of it with what the model says."""
        before = self.memory.worlds.export()
        said = foreseen(self.memory, act)
        assert self.memory.worlds.export() == before
        found = carry_out(self.memory, act)
        self.on_file.reverse()
        assert carry_out(self.on_file[0], act) == found
        after = self.state()
        if is_allowed(before, act):
            assert isinstance(found, GrantOutcome), found
            self.check(act, before, after, found, said)
        else:
            assert isinstance(found, Refusal), found
            assert said == found
            assert after == before
        again = carry_out(self.memory, act)
        assert carry_out(self.on_file[0], act) == again
        assert self.state() == after

    def check(self, act: Act, before: State, after: State, found: GrantOutcome, said: GrantImpact | Refusal) -> None:
        unversioned = tuple(attrs.evolve(each, version=each.version - 1) for each in found.impact.cycles)
        assert attrs.evolve(found.impact, cycles=unversioned) == said
        assert grants_in(after) == grants_after(before, act)
        assert after.order_cycles == cycles_after(before, act)
        assert found.grant == next((each for each in after.grants if (each.grantor, each.grantee) == act.pair), None)
        self.check_impact(act, before, after, found.impact)
        self.check_events(act, before, after)
        self.check_letters(act, before, after)
        assert everything_else(after) == everything_else(before)

    def check_impact(self, act: Act, before: State, after: State, impact: GrantImpact) -> None:
        was = {each.id: each for each in before.order_cycles}
        lost = [each for each in after.order_cycles if each != was[each.id]]
        assert list(impact.cycles) == lost
        lists = [(cycle.id, *each) for cycle in lost for each in lost_goods(was[cycle.id], cycle).items()]
        assert [(each.order_cycle, each.distributor, set(each.variants)) for each in impact.lists] == lists
        keep = [each.id for each in supplied(before, act) if not loses(each, act) and not is_closed(each, act.now)]
        assert list(impact.keeping) == (keep if is_withdrawn(before, act) else [])
        brought = {each.id: was[each.id].incoming_from(act.change.grantor) for each in lost}
        assert list(impact.orders) == [
            each.id
            for each in before.orders
            if (part := brought.get(each.order_cycle)) and {line.variant for line in each.lines} & set(part.variants)
        ]

    def check_events(self, act: Act, before: State, after: State) -> None:
        was = {each.id: each for each in before.order_cycles}
        new = [each for each in after.events if each not in before.events]
        edited = {each.id for each in after.order_cycles if each != was[each.id]}
        assert {each.order_cycle for each in new if isinstance(each, CycleEdited)} == edited
        changes = [each for each in new if isinstance(each, GrantChanged)]
        assert len(new) == len(edited) + len(changes)
        # The same change at the same instant, with another one in between, is told once.
        told_of = changes or [each for each in after.events if isinstance(each, GrantChanged) and each.at == act.now]
        if grants_in(before) != grants_in(after):
            left = tuple(sorted(act.change.permissions))
            assert (*act.pair, left) in {(each.grantor, each.grantee, each.permissions) for each in told_of}
        else:
            assert new == []

    def check_letters(self, act: Act, before: State, after: State) -> None:
        mine = [each for each in after.messages if each.kind is MessageKind.GOODS_WITHDRAWN and each.at == act.now]
        mine = [each for each in mine if each.about == act.change.grantor]
        expected = told(before, act)
        assert expected <= {each.recipient for each in mine}
        new = [each for each in after.messages if each not in before.messages]
        assert {each.recipient for each in new} <= expected
        assert len(new) == len({each.recipient for each in new})
        if before.order_cycles != after.order_cycles:
            assert {each.recipient for each in new} == expected
        for each in new:
            assert not [name for name in BUYERS.values() if name.last_name in each.subject + each.body]

    @precondition(lambda self: self.taken < 3)
    @rule(who=st.sampled_from(["ben", "mara"]), variant=st.sampled_from([EGGS, CARROTS, CHEESE]))
    def order(self, who: str, variant: VariantId) -> None:
        shop = BUYERS[who].enterprise
        [cycle] = [each for each in self.state().order_cycles if each.id == CYCLE]
        exchange = cycle.outgoing_to(shop)
        if exchange is not None and variant in exchange.variants:
            self.taken += 1
            for each in (self.memory, self.on_file[0]):
                take(each, who, f"order-{self.taken}", (variant, 1))

    @rule(
        pair=st.sampled_from([(FARM, HUB), (FARM, HUB), (MARKET, HUB), (FARM, MARKET)]),
        ends=st.booleans(),
        actor=st.sampled_from([ROOT, PAUL, AMELIE, MONA, BOTH]),
        now=st.sampled_from(INSTANTS),
        withdrawal=st.sampled_from(Withdrawal),
    )
    def withdraw(
        self,
        pair: tuple[EnterpriseId, EnterpriseId],
        ends: bool,  # noqa: FBT001 - drawn by Hypothesis
        actor: Actor,
        now: datetime,
        withdrawal: Withdrawal,
    ) -> None:
        """Take back the right to sell, where there is one; both sides may."""
        held = grants_in(self.memory.worlds.export()).get(pair)
        if held is None or SELL not in held:
            return
        grantor, grantee = pair
        left = frozenset[Permission]() if ends else held - {SELL}
        step = GrantStep.DESTROY if ends else GrantStep.CHANGE
        change = GrantChange(step=step, grantor=grantor, grantee=grantee, permissions=left)
        self.act(Act(change=change, actor=actor, now=now, withdrawal=withdrawal))

    @rule()
    def give_again(self) -> None:
        """Give the rights of the beginning again, which brings nothing back; then put all goods back by hand."""
        cycles = self.state().order_cycles
        for each in (self.memory, self.on_file[0]):
            held = grants_in(each.worlds.export())
            for pair in ((FARM, HUB), (MARKET, HUB), (FARM, MARKET)):
                give = each.grants.change if pair in held else each.grants.create
                assert isinstance(give(*pair, held.get(pair, frozenset()) | {SELL}, actor=ROOT, now=NOW), GrantOutcome)
        assert self.state().order_cycles == cycles
        for storage in self.storages[:2]:
            with storage() as unit:
                for cycle in scene().order_cycles:
                    stored = unit.order_cycles.get(cycle.id)
                    unit.order_cycles.save(attrs.evolve(stored, incoming=cycle.incoming, outgoing=cycle.outgoing))


def test_grants_and_cycles_are_what_the_model_says() -> None:
    run_state_machine_as_test(Grants, settings=settings(max_examples=12, stateful_step_count=18, deadline=None))
