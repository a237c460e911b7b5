"""Everything that actors may do, and who may do one thing.

Source:
    PERM-12 (listing of subjects, permission matrix).
"""

from collections.abc import Iterable, Iterator

import attrs

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True)
class Capability:
    """All the things of one kind to which one actor may do one action."""

    actor: Actor
    #: One of `ofncore.permissions.actions`.
    action: str
    kind: ResourceKind
    #: Sorted, at least one.
    resources: tuple[Resource, ...]


def permission_matrix(
    snapshot: Snapshot, actors: Iterable[Actor], profile: Profile = PRODUCT
) -> tuple[Capability, ...]:
    """Return all that each of *actors* may do in *snapshot*; what they may do to nothing is left out.

    Parts of a cycle are asked for where there is one: of suppliers and distributors that take part.

    Raises:
        NotFoundError: one of *actors* is not known.
    """
    askers = [_known_asker(actor, snapshot, profile) for actor in actors]
    return tuple(each for asker in askers for each in _capabilities(asker))


def who_can(action: Action, resource: Resource, snapshot: Snapshot, profile: Profile = PRODUCT) -> frozenset[Actor]:
    """Return every actor in *snapshot* who may do *action* to *resource*: users, customers by their links, the engine.

    It asks for one after the other; the time grows with the number of actors.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    return frozenset(each for each in all_actors(snapshot) if Asker(each, snapshot, profile).may(action, resource))


def all_actors(snapshot: Snapshot) -> Iterator[Actor]:
    """Yield everybody who may act by what is in *snapshot*."""
    yield from map(Actor.user, snapshot.relations.users)
    yield from map(Actor.customer, snapshot.customers)
    yield ENGINE


def places(kind: ResourceKind, snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    """Yield what the keys of *kind* begin with: each cycle, each participant of it; once nothing for other kinds."""
    where = WHEREABOUTS[kind]
    if not where.in_cycle:
        yield from ((each,) for each in snapshot.enterprises) if where.of_participant else ((),)
    elif not where.of_participant:
        yield from ((each,) for each in snapshot.order_cycles)
    else:
        pairs = snapshot.suppliers if kind is ResourceKind.INCOMING_VARIANT else snapshot.distributors
        yield from ((cycle, each) for cycle in snapshot.order_cycles for each in pairs.rights_of(cycle))


def _known_asker(actor: Actor, snapshot: Snapshot, profile: Profile) -> Asker:
    asker = Asker(actor, snapshot, profile)
    if not snapshot.knows(actor):
        raise NotFoundError(actor.kind.value, actor.id)
    return asker


def _capabilities(asker: Asker) -> Iterator[Capability]:
    for kind, action in RULES:
        found = {
            each for within in places(kind, asker.snapshot) for each in asker.list_allowed(action, kind, within=within)
        }
        if found:
            resources = tuple(sorted(found, key=lambda each: each.key))
            yield Capability(actor=asker.actor, action=action, kind=kind, resources=resources)
