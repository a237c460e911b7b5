"""May this actor do this to that, and to which things may they do it?

Both questions are answered from the same rule, so they never disagree. Whoever has many questions about one actor keeps
an `Asker`; `check` and `list_allowed` are for one.

Source:
    PERM-12 (default deny, listing from the same rules).
"""

from collections.abc import Iterator
from functools import cached_property, partial

import attrs

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import UnknownActionError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, problem
from ofncore.permissions.actions import Action
from ofncore.permissions.concerned import concerned
from ofncore.permissions.decisions import Decision
from ofncore.permissions.facts import Facts
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind
from ofncore.permissions.rule import Rule
from ofncore.permissions.rules import RULES
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
    within: tuple[str, ...] = (),
) -> frozenset[Resource]:
    """Return everything of *kind* to which *actor* may do *action*; see `Asker.list_allowed`.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    return Asker(actor, snapshot, profile).list_allowed(action, kind, within=within)


@attrs.frozen(slots=False, eq=False)
class Asker:
    """Answers questions about one actor before one snapshot."""

    actor: Actor
    snapshot: Snapshot
    profile: Profile = PRODUCT

    def check(self, action: Action, resource: Resource, *, path: str = "$") -> Decision:
        """Decide whether the actor may do *action* to *resource*.

        A yes names the facts that made it so. A no names each enterprise that the actor would have to manage
        (`NEEDS_MANAGER`); if that would not do, it says only no (`NOT_ALLOWED`). A resource that is not in the snapshot
        gets a no (`UNKNOWN_RECORD`), and so does a user who is not, as any stranger. *path* is where the problems of a
        no are.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        rule = _rule(resource.kind, action)
        facts = self._why(rule, resource)
        return Decision(
            allowed=facts is not None,
            actor=self.actor,
            action=action,
            resource=resource,
            rules=rule.ids,
            because=facts or (),
            profile=self.profile.name,
            problems=partial(self._problems, rule, action, resource, path) if facts is None else tuple,
        )

    def may(self, action: Action, resource: Resource) -> bool:
        """Whether `check` says yes; it costs no reasons.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        return self._why(_rule(resource.kind, action), resource) is not None

    def list_allowed(self, action: Action, kind: ResourceKind, *, within: tuple[str, ...] = ()) -> frozenset[Resource]:
        """Return everything of *kind* to which the actor may do *action*: each for which `check` says yes, no other.

        *within* is what the keys begin with: the cycle, and the supplier or distributor, for what is in one cycle.

        Raises:
            UnknownActionError: nobody ever does this action to this kind of thing.
        """
        rule = _rule(kind, action)
        view = self._view(kind, within)
        if view is None or not self._is_known or len(within) != WHEREABOUTS[kind].context:
            return frozenset()
        known = WHEREABOUTS[kind].known(self.snapshot)
        keys = (key for key in rule.scope.members(view) if key in known)
        return frozenset(Resource(kind, (*within, *((key,) if isinstance(key, str) else key))) for key in keys)

    def view_of(self, resource: Resource) -> View | None:
        """Return how the actor looks at *resource*; None if it is not known."""
        return None if any(self._unknown(resource, "$")) else self._view(resource.kind, resource.key)

    @cached_property
    def _anywhere(self) -> View:
        return View(snapshot=self.snapshot, actor=self.actor, profile=self.profile)

    @cached_property
    def _is_known(self) -> bool:
        return self.actor.kind is not ActorKind.USER or self._anywhere.user is not None

    def _view(self, kind: ResourceKind, key: tuple[str, ...]) -> View | None:
        """Return where a thing of *kind* is looked at; None if its *key* names no known cycle or enterprise."""
        place = WHEREABOUTS[kind]
        if not place.context:
            return self._anywhere
        if len(key) < place.context:
            return None
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
        if view is None or not self._is_known or len(resource.key) != place.context + place.length:
            return None
        key = place.key_in(resource.key)
        return rule.scope.why(view, key) if key in place.known(self.snapshot) else None

    def _problems(self, rule: Rule, action: Action, resource: Resource, path: str) -> tuple[Problem, ...]:
        unknown = tuple(self._unknown(resource, path))
        view = self._view(resource.kind, resource.key)
        return unknown if unknown or view is None else (_no(rule, action, resource, view, path),)

    def _unknown(self, resource: Resource, path: str) -> Iterator[Problem]:
        place, snapshot = WHEREABOUTS[resource.kind], self.snapshot
        where, key = resource.key[: place.context], resource.key[place.context :]
        if place.in_cycle and (not where or where[0] not in snapshot.order_cycles):
            yield problem(Code.UNKNOWN_RECORD, path, kind="order_cycle", id=_last(where[:1]))
        if place.of_participant and (len(where) < place.context or where[-1] not in snapshot.enterprises):
            yield problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id=_last(where))
        if len(key) != place.length or place.key_in(resource.key) not in place.known(snapshot):
            yield problem(Code.UNKNOWN_RECORD, path, kind=place.record, id=_last(resource.key))


def _rule(kind: ResourceKind, action: Action) -> Rule:
    found = RULES.get((kind, action))
    if found is None:
        raise UnknownActionError(str(action), str(kind))
    return found


def _last(key: tuple[str, ...]) -> str:
    return key[-1] if key else ""


def _no(rule: Rule, action: Action, resource: Resource, view: View, path: str) -> Problem:
    key = WHEREABOUTS[resource.kind].key_in(resource.key)
    able = [each for each in concerned(resource, view) if rule.scope.holds(view.managing(each), key)]
    if not able:
        return problem(Code.NOT_ALLOWED, path, action=action)
    names = tuple(dict.fromkeys(map(view.snapshot.relations.name_of, able)))
    return problem(Code.NEEDS_MANAGER, path, action=action, enterprises=names)
