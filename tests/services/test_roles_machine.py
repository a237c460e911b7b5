"""Any sequence of changes of roles, by anybody, comes to what a model in plain words says (PERM-1, PERM-6, PERM-8).

Nobody without the right changes a role, every enterprise has an owner who is known, and twice is once.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import EnterpriseCreated, Event, GrantChanged, ManagerAdded, ManagerRemoved, OwnerChanged
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.new_enterprises import EnterpriseRequest
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing.worlds import NOW, enterprise, producer, user

ROOT, NOBODY = map(UserId, ("root", "nobody"))
PEOPLE: Final = tuple(map(UserId, ("amelie", "berta", "nobody", "paul", "root")))
STRANGER: Final = UserId("unheard-of")
#: ``tree`` has an owner without the role.
LOADED: Final = (producer("farm"), enterprise("hub"), producer("tree", owner="berta", managers=("paul",)))
PREFIXES: Final = {"new-1": "NEA", "new-2": "NEB"}

actors = st.sampled_from([*map(Actor.user, (*PEOPLE, *PEOPLE, STRANGER)), Actor.customer("paul"), ENGINE])
people = st.sampled_from([*PEOPLE, *PEOPLE, STRANGER])
enterprises = st.sampled_from([*(each.id for each in LOADED), *map(EnterpriseId, PREFIXES), EnterpriseId("nowhere")])


@attrs.define
class Roles:
    """What the model knows of one enterprise."""

    owner: str
    managers: list[str]
    is_hub: bool
    is_producer: bool

    @classmethod
    def of(cls, given: Enterprise) -> "Roles":
        return cls(str(given.owner), list(given.managers), given.sells is Sells.ANY, given.is_producer)


def state() -> State:
    """Return the enterprises and people, and nothing else."""
    return State(name="Roles", users=tuple(user(each, is_admin=each == ROOT) for each in PEOPLE), enterprises=LOADED)


class RolesMachine(RuleBasedStateMachine):
    """One network, and what the model says of it."""

    def __init__(self) -> None:
        super().__init__()
        self.network: FoodNetwork = make_network(unit_of_work=self.storage())
        assert self.network.worlds.load(state()) is None
        self.model = {str(each.id): Roles.of(each) for each in LOADED}
        self.requests: dict[str, tuple[EnterpriseRequest, Actor]] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.now: datetime = NOW

    def storage(self) -> UnitOfWorkFactory:
        """Return where it is stored."""
        return MemoryStorage()

    # ------------------------------------------------------------ who may

    def is_known(self, actor: Actor) -> bool:
        return actor in map(Actor.user, PEOPLE)

    def is_admin(self, actor: Actor) -> bool:
        return actor == Actor.user(ROOT)

    def owns(self, actor: Actor, key: str) -> bool:
        return self.is_admin(actor) or (self.is_known(actor) and self.model[key].owner == actor.id)

    def manages(self, actor: Actor, key: str) -> bool:
        return self.is_admin(actor) or (self.is_known(actor) and actor.id in self.model[key].managers)

    # ------------------------------------------------------------ what is done

    @rule(where=enterprises, who=people, actor=actors)
    def invite(self, where: EnterpriseId, who: UserId, actor: Actor) -> None:
        roles = self.model.get(where)
        allowed = roles is not None and self.manages(actor, where) and who in PEOPLE
        news: list[type[Event]] = []
        if roles is not None and allowed and who not in roles.managers:
            roles.managers.append(who)
            news = [ManagerAdded]
        self.carry_out("invite_manager", (where, who), actor, allowed=allowed, news=news)

    @rule(where=enterprises, who=people, actor=actors)
    def remove(self, where: EnterpriseId, who: UserId, actor: Actor) -> None:
        roles = self.model.get(where)
        stays = roles is not None and who in roles.managers and (who == roles.owner or roles.managers == [who])
        allowed = roles is not None and self.owns(actor, where) and who in PEOPLE and not stays
        news: list[type[Event]] = []
        if roles is not None and allowed and who in roles.managers:
            roles.managers.remove(who)
            news = [ManagerRemoved]
        self.carry_out("remove_manager", (where, who), actor, allowed=allowed, news=news)

    @rule(where=enterprises, who=people, actor=actors)
    def transfer(self, where: EnterpriseId, who: UserId, actor: Actor) -> None:
        roles = self.model.get(where)
        allowed = roles is not None and self.owns(actor, where) and who in PEOPLE
        news: list[type[Event]] = []
        if roles is not None and allowed:
            news += [OwnerChanged] if roles.owner != who else []
            news += [ManagerAdded] if who not in roles.managers else []
            roles.owner = who
            roles.managers += [who] if who not in roles.managers else []
        self.carry_out("transfer", (where, who), actor, allowed=allowed, news=news)

    @rule(
        key=st.sampled_from(sorted(PREFIXES)),
        owner=st.none() | people,
        is_producer=st.booleans(),
        sells=st.none() | st.sampled_from([Sells.NONE, Sells.ANY]),
        actor=actors,
    )
    def create(self, *, key: str, owner: UserId | None, is_producer: bool, sells: Sells | None, actor: Actor) -> None:
        request = EnterpriseRequest(
            key=key,
            name=key,
            owner=owner,
            is_producer=is_producer,
            sells=sells,
            currency="EUR",
            time_zone="Europe/Paris",
            order_code_prefix=PREFIXES[key],
        )
        if self.requests.get(key) == (request, actor):
            self.carry_out("create", (request,), actor, allowed=True, news=[])
            return
        whose = str(owner or actor.id)
        has_hub = any(each.is_hub and each.owner == whose for each in self.model.values())
        first = Sells.ANY if has_hub and not is_producer else Sells.NONE
        named = self.is_admin(actor) or (whose == actor.id and sells in (None, first))
        allowed = self.is_known(actor) and key not in self.model and whose in PEOPLE and named
        news: list[type[Event]] = []
        if allowed:
            self.requests[key] = request, actor
            came = set(self.came_with(key, whose, is_hub=(sells or first) is Sells.ANY))
            self.pairs |= came
            self.model[key] = Roles(whose, [whose], (sells or first) is Sells.ANY, is_producer)
            news = [EnterpriseCreated, *[GrantChanged] * len(came)]
        self.carry_out("create", (request,), actor, allowed=allowed, news=news)

    def came_with(self, key: str, owner: str, *, is_hub: bool) -> list[tuple[str, str]]:
        """Return the pairs of the grants that come with a new enterprise (PERM-6)."""
        own = {other: each for other, each in self.model.items() if each.owner == owner}
        given = [(key, other) for other, each in own.items() if each.is_hub]
        return given + [(other, key) for other, each in own.items() if is_hub and each.is_producer]

    def carry_out(
        self, name: str, about: tuple[object, ...], actor: Actor, *, allowed: bool, news: list[type[Event]]
    ) -> None:
        """Do it twice: the second time changes nothing, and who was refused changes nothing either."""
        act = getattr(self.network.enterprises, name)
        before = self.network.worlds.export()
        self.now += timedelta(minutes=1)
        found = act(*about, actor=actor, now=self.now)
        after = self.network.worlds.export()
        assert isinstance(found, Enterprise) == allowed, found
        told = [each for each in after.events if each not in before.events]
        assert sorted(each.kind for each in told) == sorted(each.kind for each in news)
        assert {(each.actor, each.at) for each in told} <= {(actor, self.now)}
        if not news:
            assert after == before
        if allowed and self.may_repeat(name, about, actor):
            again = act(*about, actor=actor, now=self.now + timedelta(seconds=1))
            assert again == found
            assert self.network.worlds.export() == after

    def may_repeat(self, name: str, about: tuple[object, ...], actor: Actor) -> bool:
        """Whoever handed something over may not do so again."""
        return name != "transfer" or self.owns(actor, str(about[0]))

    # ------------------------------------------------------------ what holds

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        stored = self.network.worlds.export()
        assert {str(each.id): Roles.of(each) for each in stored.enterprises} == self.model
        assert {(str(each.grantor), str(each.grantee)) for each in stored.grants} == self.pairs

    @invariant()
    def everybody_named_is_known_and_somebody_manages(self) -> None:
        for each in self.network.worlds.export().enterprises:
            assert each.owner in PEOPLE
            assert each.managers
            assert len(set(each.managers)) == len(each.managers)
            assert set(each.managers) <= set(PEOPLE)

    def teardown(self) -> None:
        written = write_state(self.network.worlds.export())
        read = read_state(written)
        assert isinstance(read, State), read
        assert write_state(read) == written


def test_any_sequence_comes_to_what_the_model_says_in_memory() -> None:
    run_state_machine_as_test(RolesMachine, settings=settings(max_examples=100, stateful_step_count=25, deadline=None))


def test_any_sequence_comes_to_what_the_model_says_on_file() -> None:
    class OnFile(RolesMachine):
        def storage(self) -> UnitOfWorkFactory:
            self.folder = tempfile.TemporaryDirectory()
            self.file = SqlStorage(f"sqlite:///{Path(self.folder.name) / 'roles.db'}")
            self.file.create_schema()
            return self.file

        def teardown(self) -> None:
            super().teardown()
            self.file.close()
            self.folder.cleanup()

    run_state_machine_as_test(OnFile, settings=settings(max_examples=6, stateful_step_count=15, deadline=None))
