"""Questions about what people may do."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from ofncore.cycles.carrying_out import Prospect, what_if_carried_out
from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.permissions.actions import Action, CycleAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.capabilities import Capability, all_actors, permission_matrix, who_can
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.cycle_summary import CycleScope, cycle_scope
from ofncore.permissions.decisions import Decision
from ofncore.permissions.remedies import LIMITS, SearchLimits
from ofncore.permissions.resources import Resource, ResourceKind, as_kind, as_resource, ids_of
from ofncore.permissions.telling.answer_words import answer_text, records_named
from ofncore.permissions.telling.answers import Answer, answer, for_actor
from ofncore.permissions.telling.told_problems import problems_for_actor
from ofncore.permissions.what_if import RoleChange
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_relations
from ofncore.services.near.snapshot import near_snapshot
from ofncore.services.record_names import load_names
from ofncore.services.snapshots import load_everything, load_snapshot
from ofncore.services.wiring import Wiring

T = TypeVar("T")


class PermissionService:
    """Answers who may do what, with reasons, from what is stored. Nothing is written.

    An argument of another type is a `TypeError`. Of what is not known, nobody may do anything: `check` and `answer` say
    so, and lists are empty. A cycle or an actor that is asked about all in all must be known (`NotFoundError`).

    A question reads what is near its actor and its thing (see `ofncore.services.near`), unless it says that it reads
    more. To administrators everything is near.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    # ---------------------------------------------------------------- one question

    def check(self, actor: Actor, action: Action, resource: Resource) -> Decision:
        """Decide whether *actor* may do *action* to *resource* (see `ofncore.permissions.asking.Asker.check`).

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._asked(actor, lambda asker: asker.check(action, resource).complete())

    def check_cycle(
        self,
        actor: Actor,
        action: CycleAction,
        order_cycle: OrderCycleId,
        *,
        participant: EnterpriseId | None = None,
    ) -> Decision:
        """Decide about one change to one cycle (see `ofncore.permissions.cycle_scope.check_cycle`).

        Raises:
            NotFoundError: there is no such cycle.
        """
        check_type(Actor, actor=actor)
        check_type(str, action=action, order_cycle=order_cycle)
        check_type(str | None, participant=participant)
        return self._wiring.run(
            lambda unit: check_cycle(
                actor,
                action,
                unit.order_cycles.get(order_cycle),
                load_relations(unit),
                participant=participant,
                profile=self._wiring.profile,
            ).complete()
        )

    def answer(self, actor: Actor, action: Action, resource: Resource, *, limits: SearchLimits = LIMITS) -> Answer:
        """Return the decision with all its facts, and for a no what would change it: for the host.

        A no reads all enterprises, any of which may come into a remedy.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        check_type(SearchLimits, limits=limits)
        return self._asked(actor, lambda asker: answer(asker, action, resource, limits))

    def answer_for_actor(
        self, actor: Actor, action: Action, resource: Resource, *, limits: SearchLimits = LIMITS
    ) -> Answer:
        """Return the same without what *actor* may not know (see `ofncore.permissions.telling.answers.for_actor`).

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        check_type(SearchLimits, limits=limits)
        return self._asked(actor, lambda asker: for_actor(answer(asker, action, resource, limits), asker))

    def answer_text(self, told: Answer, locale: str) -> str:
        """Return *told* in words for a reader of *locale*, with the names of what it speaks of.

        A language that does not ship gives way to that of the country, if it has just one, and then to English.
        """
        check_type(Answer, told=told)
        check_type(str, locale=locale)
        return self._wiring.run(lambda unit: answer_text(told, load_names(unit, records_named(told)), locale))

    def refusal_for_actor(self, refusal: Refusal, actor: Actor, about: Resource | None = None) -> Refusal:
        """Return what of *refusal* its *actor* may know (see `problems_for_actor`)."""
        check_type(Refusal, refusal=refusal)
        return Refusal(self.problems_for_actor(refusal.problems, actor, about))

    def problems_for_actor(
        self, problems: Iterable[Problem], actor: Actor, about: Resource | None = None
    ) -> tuple[Problem, ...]:
        """Return what of *problems*, made by any service, *actor* may know: no enterprise that they do not see.

        *about* is what the actor asked to do something to, such as the cycle of an edit: who is seen there may be named
        (see `ofncore.permissions.telling.told_problems.problems_for_actor`). It reads every enterprise, user and
        customer, since a problem names them by what people call them.
        """
        check_type(Iterable, problems=problems)
        given = tuple(problems)
        for each in given:
            check_type(Problem, problems=each)
        check_type(Resource | None, about=about)
        return self._asked(actor, lambda asker: problems_for_actor(given, asker, about))

    # ---------------------------------------------------------------- many at once

    def asker(self, actor: Actor, kinds: Iterable[ResourceKind] = ResourceKind) -> Asker:
        """Return who answers any number of questions about *actor* and things of *kinds*, by default of every kind.

        It reads what they need once, and asks the storage no more. It is a picture of one moment: use it for one page
        or one report, and do not keep it. A question about any other kind is a `ValueError`.

        Raises:
            ValueError: there is no such kind of thing.
            TypeError: *kinds* is one text, or no collection; or *actor* is no `Actor`.
        """
        if isinstance(kinds, str) or not isinstance(kinds, Iterable):
            message = f"kinds must be a collection of them, not {type(kinds).__name__} {kinds!r} alone"
            raise TypeError(message)
        wanted = frozenset(map(as_kind, kinds))
        # Customers tell whether one who asks is known.
        return self._wiring.run(
            lambda unit: Asker(actor, load_snapshot(unit, wanted, "customers"), self._wiring.profile, wanted)
        )

    def list_allowed(
        self, actor: Actor, action: Action, kind: ResourceKind, *, within: Iterable[str] = ()
    ) -> frozenset[Resource]:
        """Return everything of *kind* to which *actor* may do *action*: each for which `check` says yes, no other.

        *within* is what the keys begin with, where such things lie in something else: the cycle, the hub of an
        inventory, the cycle and the supplier or distributor. In what is not known there is nothing.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
            ValueError: *within* is not what this kind of thing lies in, or there is no such kind.
            TypeError: *within* is one text, or holds something else.
        """
        start = ids_of("within", within)
        return self._asked(actor, lambda asker: asker.list_allowed(action, kind, within=start))

    def who_can(self, action: Action, resource: Resource) -> frozenset[Actor]:
        """Return everybody who may do *action* to *resource*: users, customers by their links, the engine.

        To what is not known nobody may do anything. It reads the whole network, as far as things of this kind hang on
        it.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """

        def work(unit: UnitOfWork) -> frozenset[Actor]:
            snapshot = load_snapshot(unit, [as_resource(resource).kind], "customers")
            return who_can(action, resource, snapshot, self._wiring.profile)

        return self._wiring.run(work)

    def cycle_scope(self, actor: Actor, order_cycle: OrderCycleId) -> CycleScope:
        """Return what *actor* sees and may edit in a cycle, with candidates and whether they are ready.

        Who is not known sees nothing; `form` is that of the cycle, whoever looks.

        Raises:
            NotFoundError: there is no such cycle.
        """
        check_type(Actor, actor=actor)
        check_type(str, order_cycle=order_cycle)

        def work(unit: UnitOfWork) -> CycleScope:
            snapshot = near_snapshot(unit)
            cycle = snapshot.order_cycles.get(order_cycle) or unit.order_cycles.get(order_cycle)
            return cycle_scope(CycleQuestions.of(actor, cycle, snapshot, self._wiring.profile))

        return self._wiring.run(work)

    # ---------------------------------------------------------------- all at once

    def matrix(self, actors: Iterable[Actor] | None = None) -> tuple[Capability, ...]:
        """Return all that *actors* may do, by default everybody: it reads the whole network.

        Raises:
            NotFoundError: one of *actors* is not known.
        """
        asked = _as_actors(actors)

        def work(unit: UnitOfWork) -> tuple[Capability, ...]:
            snapshot = load_everything(unit)
            return permission_matrix(snapshot, all_actors(snapshot) if asked is None else asked, self._wiring.profile)

        return self._wiring.run(work)

    def what_if(
        self,
        change: RoleChange,
        *,
        now: datetime,
        actors: Iterable[Actor] | None = None,
        withdrawal: Withdrawal | None = None,
    ) -> Prospect | Refusal:
        """Return what *change* would change for *actors*, by default for everybody, if it were carried out at *now*.

        Carried out with all that follows: goods leave the cycles of whoever loses the right to sell them, by the
        network's policy for it, or by *withdrawal*. It reads the whole network. Whether anybody has the right to make
        the change is not asked.

        Returns:
            The difference, with what the change touches; or a refusal that names each role or grant that cannot be by
            its place, such as ``$.added[0]`` (see `ofncore.permissions.what_if.changed_by`).

        Raises:
            NotFoundError: one of *actors* is not known.
        """
        check_type(RoleChange, change=change)
        asked, instant = _as_actors(actors), as_instant(now)
        profile = self._wiring.profile_with(withdrawal)
        return self._wiring.run(
            lambda unit: what_if_carried_out(change, load_everything(unit), now=instant, actors=asked, profile=profile)
        )

    def _asked(self, actor: Actor, ask: Callable[[Asker], T]) -> T:
        check_type(Actor, actor=actor)
        return self._wiring.run(lambda unit: ask(Asker(actor, near_snapshot(unit), self._wiring.profile)))


def _as_actors(value: Iterable[Actor] | None) -> tuple[Actor, ...] | None:
    if value is None:
        return None
    check_type(Iterable, actors=value)
    actors = tuple(value)
    for each in actors:
        check_type(Actor, actors=each)
    return actors
