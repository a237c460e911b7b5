"""May this actor do this to that, and to which things may they do it?

Both questions are answered from the same rule, so they never disagree. Whoever has many questions about one actor keeps
an `Asker`; `check` and `list_allowed` are for one.

Source:
    PERM-12 (default deny, listing from the same rules).
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, partial

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import UnknownActionError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, problem
from ofncore.permissions.actions import Action
from ofncore.permissions.concerned import concerned
from ofncore.permissions.decisions import Decision
from ofncore.permissions.facts import Facts
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, as_kind, as_resource, ids_of
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.rules.rule import Rule
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View


def check(
    actor: Actor,
    action: Action,
    resource: Resource,
    snapshot: Snapshot,
    profile: Profile = PRODUCT,
    *,
    path: str = "$",
) -> Decision:
    """Decide whether *actor* may do *action* to *resource*, by the facts in *snapshot*; see `Asker.check`.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    return Asker(actor, snapshot, profile).check(action, resource, path=path)


def list_allowed(
    actor: Actor,
    action: Action,
    kind: ResourceKind,
    snapshot: Snapshot,
    profile: Profile = PRODUCT,
    *,
    within: Iterable[str] = (),
) -> frozenset[Resource]:
    """Return everything of *kind* to which *actor* may do *action*; see `Asker.list_allowed`.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
        ValueError: *within* is not what this kind of thing lies in.
    """
    return Asker(actor, snapshot, profile).list_allowed(action, kind, within=within)


@attrs.frozen(slots=False, eq=False)
class Asker:
    """Answers questions about one actor before one snapshot: a picture of one moment, which does not learn of changes.

    Raises:
        TypeError: what asks is no `Actor`, or what is asked about no `Resource`.
        ValueError: a question is about a kind of thing that is not among *kinds*.
    """

    actor: Actor = attrs.field()
    snapshot: Snapshot
    profile: Profile = PRODUCT
    #: The kinds of things whose records were read, and which alone can be asked about; None is any.
    kinds: frozenset[ResourceKind] | None = None

    @actor.validator
    def _check_actor(self, _attribute: object, value: object) -> None:
        if not isinstance(value, Actor):
            message = f"an Actor asks, such as Actor.user('amelie'), not {type(value).__name__} {value!r}"
            raise TypeError(message)

    def check(self, action: Action, resource: Resource, *, path: str = "$") -> Decision:
        """Decide whether the actor may do *action* to *resource*.

        A yes names the facts that made it so. A no names each enterprise that the actor would have to manage
        (`NEEDS_MANAGER`), or else to own (`NEEDS_OWNER`); if that would not do, it says only no (`NOT_ALLOWED`). What
        is not in the snapshot gets a no that names all of it (`UNKNOWN_RECORD`): parts of the resource at *path*, and
        at ``$`` a user or customer who asks. A customer who asks is taken to exist where the snapshot was made without
        any customers. *path* is where the problems of a no are.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        rule = self._rule(as_resource(resource).kind, action)
        facts = self._why(rule, resource)
        return Decision(
            allowed=facts is not None,
            actor=self.actor,
            action=action,
            resource=resource,
            rules=rule.ids,
            facts=facts or (),
            profile=self.profile.name,
            problems=partial(self._problems, rule, action, resource, path) if facts is None else tuple,
        )

    def may(self, action: Action, resource: Resource) -> bool:
        """Whether `check` says yes; it costs no reasons.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._why(self._rule(as_resource(resource).kind, action), resource) is not None

    def list_allowed(self, action: Action, kind: ResourceKind, *, within: Iterable[str] = ()) -> frozenset[Resource]:
        """Return everything of *kind* to which the actor may do *action*: each for which `check` says yes, no other.

        *within* is what the keys begin with, where such things lie in something else: the cycle, the hub of an
        inventory, the cycle and the supplier or distributor (`Whereabouts.where` of the kind). In a cycle, or for an
        enterprise, that is not known there is nothing.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
            ValueError: *within* is not what this kind of thing lies in, or there is no such kind.
            TypeError: *within* is one text, or holds something else.
        """
        known_kind = as_kind(kind)
        rule = self._rule(known_kind, action)
        start = _start(known_kind, within)
        view = self._view(known_kind, start)
        if view is None or not self._is_known:
            return frozenset()
        known = WHEREABOUTS[known_kind].known(self.snapshot)
        keys = (key for key in rule.scope.members(view) if key in known)
        return frozenset(Resource(known_kind, (*start, *((key,) if isinstance(key, str) else key))) for key in keys)

    def view_of(self, resource: Resource) -> View | None:
        """Return how the actor looks at *resource*; None if it is not known."""
        return None if any(self._missing(resource, "$")) else self._view(resource.kind, resource.key)

    def _rule(self, kind: ResourceKind, action: Action) -> Rule:
        found = _rule(kind, action)
        if self.kinds is not None and kind not in self.kinds:
            names = ", ".join(sorted(self.kinds)) or "none"
            message = f"things of kind {kind.value!r} were not read: add it to the kinds of the asker, now {names}"
            raise ValueError(message)
        return found

    @cached_property
    def _anywhere(self) -> View:
        return View(snapshot=self.snapshot, actor=self.actor, profile=self.profile)

    @cached_property
    def _is_known(self) -> bool:
        return self.snapshot.knows(self.actor)

    def _view(self, kind: ResourceKind, key: tuple[str, ...]) -> View | None:
        """Return where a thing of *kind* is looked at; None if its *key* names no known cycle or enterprise."""
        place = WHEREABOUTS[kind]
        if not place.context:
            return self._anywhere
        index = self.snapshot.cycle_index(OrderCycleId(key[0])) if place.in_cycle else None
        participant = EnterpriseId(key[place.context - 1]) if place.of_participant else None
        if (place.in_cycle and index is None) or (
            place.of_participant and participant not in self.snapshot.enterprises
        ):
            return None
        return self._anywhere.at(index, participant)

    def _why(self, rule: Rule, resource: Resource) -> Facts | None:
        """Return the facts that make *rule* a yes for *resource*; None for a no."""
        place = WHEREABOUTS[resource.kind]
        view = self._view(resource.kind, resource.key)
        if view is None or not self._is_known:
            return None
        key = place.key_in(resource.key)
        return rule.scope.why(view, key) if key in place.known(self.snapshot) else None

    def _problems(self, rule: Rule, action: Action, resource: Resource, path: str) -> tuple[Problem, ...]:
        unknown = (*self._stranger(), *self._missing(resource, path))
        view = self._view(resource.kind, resource.key)
        return unknown if unknown or view is None else (_no(rule, action, resource, view, path),)

    def _stranger(self) -> Iterator[Problem]:
        if not self._is_known:
            yield problem(Code.UNKNOWN_RECORD, kind=self.actor.kind.value, id=self.actor.id)

    def _missing(self, resource: Resource, path: str) -> Iterator[Problem]:
        place, snapshot = WHEREABOUTS[resource.kind], self.snapshot
        where = resource.key[: place.context]
        if place.in_cycle and where[0] not in snapshot.order_cycles:
            yield problem(Code.UNKNOWN_RECORD, path, kind="order_cycle", id=where[0])
        if place.of_participant and where[-1] not in snapshot.enterprises:
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=where[-1])
        if place.key_in(resource.key) not in place.known(snapshot):
            yield problem(Code.UNKNOWN_RECORD, path, kind=place.record, id=resource.key[-1])


def _rule(kind: ResourceKind, action: Action) -> Rule:
    try:
        return RULES[kind, action]
    except (KeyError, TypeError):
        raise UnknownActionError(str(action), str(kind)) from None


def _start(kind: ResourceKind, within: Iterable[str]) -> tuple[str, ...]:
    """Return *within*, which fits *kind*."""
    start, where = ids_of("within", within), WHEREABOUTS[kind].where
    if len(start) != len(where):
        wanted = f"the ids ({', '.join(where)})" if where else "nothing"
        message = f"things of kind {kind.value!r} are listed within {wanted}, not {start!r}"
        raise ValueError(message)
    return start


def _no(rule: Rule, action: Action, resource: Resource, view: View, path: str) -> Problem:
    """Return what role in which enterprise would do, the smaller one first."""
    key, near = WHEREABOUTS[resource.kind].key_in(resource.key), concerned(resource, view)
    for code, suppose in ((Code.NEEDS_MANAGER, view.managing), (Code.NEEDS_OWNER, view.owning)):
        able = [each for each in near if rule.scope.holds(suppose(each), key)]
        if able:
            names = tuple(dict.fromkeys(map(view.snapshot.relations.name_of, able)))
            return problem(code, path, action=action, enterprises=names)
    return problem(Code.NOT_ALLOWED, path, action=action)
