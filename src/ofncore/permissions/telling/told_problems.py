"""Problems as the actor may be told of them.

A refusal names enterprises, users and customers, for the host. The actor is told of those that they see, no others.
What they asked for themselves at some place of an edit, and do not know, is told as what is not there is told.

Source:
    PERM-3, PERM-4 (who sees what), PERM-12 (decision shape).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import CustomerId, EnterpriseId, UserId
from ofncore.kernel.paths import keyed, steps
from ofncore.kernel.refusals import Parameters, ParameterValue, Problem, Withheld, problem
from ofncore.permissions.asking import Asker
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.known import knows_customer, knows_user, may_name, sees, unknown_to

#: Parameters that name somebody. Any other may hold what the actor typed, which is not looked up: if it happened to be
#: the id or the address of somebody, that would tell that there is somebody.
_NAMING: Final = frozenset(
    {"customer", "distributor", "enterprise", "enterprises", "grantee", "grantor", "producer", "supplier", "user"}
)
#: The parameter that holds where something stands already: a place in a document, which may be an enterprise.
_PLACE: Final = "first"
#: Places in which each thing is an enterprise.
_PARTIES: Final = frozenset(
    {"incoming", "outgoing", "removed_suppliers", "removed_distributors", "payment_methods", "shipping_methods"}
)
#: The kind of the things in other places.
_THINGS: Final[Mapping[str, ResourceKind]] = MappingProxyType(
    {
        "variants": ResourceKind.VARIANT,
        "fees": ResourceKind.FEE,
        "coordinator_fees": ResourceKind.FEE,
        "schedules": ResourceKind.SCHEDULE,
    }
)


def problems_for_actor(problems: Iterable[Problem], asker: Asker, about: Resource | None = None) -> tuple[Problem, ...]:
    """Return what of *problems* the actor of *asker* may know; problems that then are the same become one.

    A parameter that names an enterprise, a user or a customer, by name, e-mail address or id, but none that the actor
    knows, becomes `Withheld`; in a list, all of one kind become one. So does a place that names an enterprise, such as
    where a prefix is taken. Whom the actor knows is said in `ofncore.permissions.telling.known`. What is wrong with an
    enterprise, a variant, a fee or a schedule that the edit of a cycle names, and that the actor does not know, is just
    that it is unknown (`UNKNOWN_RECORD`, with the id that they typed, at its place). What a problem says is not there
    is left as it was asked for.

    Args:
        problems: Of a refusal, a decision, or beside a result.
        asker: The actor, and a snapshot with the enterprises, users and customers that the problems may name, and with
            what the rules about *about* look at.
        about: What the actor asked to do something to, such as the cycle of an edit. Who is seen there may be named. If
            the actor does not know it, all that is left of the problems is that it is unknown.
    """
    given = tuple(problems)
    unknown = unknown_to(asker, about) if given and about is not None else ()
    return unknown or tuple(dict.fromkeys(map(_Teller(asker, about).told, given)))


def knows_place(path: str, asker: Asker, about: Resource | None = None) -> bool:
    """Whether the actor of *asker* knows all that *path*, a place in an edit of *about*, leads through.

    Of what an edit changed elsewhere, such as a list from which goods go by it, the actor is not told.
    """
    return _Teller(asker, about).unknown_at(path) is None


@attrs.frozen(slots=False, eq=False)
class _Teller:
    """Tells problems about one thing."""

    asker: Asker
    about: Resource | None

    def told(self, problem: Problem) -> Problem:
        """Return *problem* without what the actor may not know."""
        unknown = self.unknown_at(problem.path)
        if unknown is not None or problem.code == Code.UNKNOWN_RECORD:
            return unknown or problem
        pairs = ((name, self._parameter(name, value)) for name, value in problem.parameters.items())
        return attrs.evolve(problem, parameters=Parameters(tuple(pairs)))

    def unknown_at(self, path: str) -> Problem | None:
        """Return that there is nothing such, for the first thing on the way of *path* that the actor does not know."""
        match steps(path):
            case place, key, *_ if place in _PARTIES and not self._may_name(ResourceKind.ENTERPRISE, key):
                return problem(Code.UNKNOWN_RECORD, keyed(f"$.{place}", key), kind="enterprise", id=key)
            case *_, place, key if place in _THINGS and self._hides(_THINGS[place], key):
                return problem(Code.UNKNOWN_RECORD, path, kind=_THINGS[place].value, id=key)
            case _:
                return None

    def _hides(self, kind: ResourceKind, key: str) -> bool:
        """Whether there is such a thing, and not for the actor; the rules tell themselves what is not there."""
        is_there = bool(key) and self.asker.view_of(resource(kind, key)) is not None
        return is_there and not self._may_name(kind, key)

    def _may_name(self, kind: ResourceKind, key: str) -> bool:
        # Somebody may type nothing, which is the id of nothing.
        return bool(key) and may_name(self.asker, resource(kind, key), self.about)

    def _parameter(self, name: str, value: ParameterValue) -> ParameterValue:
        if name == _PLACE and isinstance(value, str):
            return self._place(value)
        return self._value(value) if name in _NAMING else value

    def _place(self, path: str) -> str:
        match steps(path):
            case "enterprises", key, *_ if self._hides(ResourceKind.ENTERPRISE, key):
                return Withheld.ENTERPRISE
            case _:
                return path

    def _value(self, value: ParameterValue) -> ParameterValue:
        match value:
            case str():
                return self._text(value)
            case tuple():
                return tuple(dict.fromkeys(map(self._text, value)))
            case _:
                return value

    def _text(self, text: str) -> str:
        meant = self._meant.get(text, ())
        return text if not meant or any(map(self._knows, meant)) else meant[0].withheld

    def _knows(self, somebody: "_Somebody") -> bool:
        match somebody.withheld:
            case Withheld.USER:
                return knows_user(self.asker, UserId(somebody.id))
            case Withheld.CUSTOMER:
                return knows_customer(self.asker, CustomerId(somebody.id))
            case _:
                return sees(self.asker, EnterpriseId(somebody.id), self.about)

    @cached_property
    def _meant(self) -> Mapping[str, list["_Somebody"]]:
        """Whom each text may mean."""
        found: dict[str, list[_Somebody]] = {}
        for somebody in _everybody(self.asker.snapshot):
            for text in filter(None, somebody.texts):
                found.setdefault(text, []).append(somebody)
        return found


@attrs.frozen
class _Somebody:
    """An enterprise, a user or a customer."""

    #: What stands in its place.
    withheld: Withheld
    id: str
    #: What it may be called by.
    texts: tuple[str | None, ...]


def _everybody(snapshot: Snapshot) -> Iterator[_Somebody]:
    for one in snapshot.enterprises.values():
        yield _Somebody(Withheld.ENTERPRISE, one.id, (one.id, one.name))
    for user in snapshot.relations.users.values():
        yield _Somebody(Withheld.USER, user.id, (user.id, user.name, user.email, str(Actor.user(user.id))))
    for each in snapshot.customers.values():
        yield _Somebody(Withheld.CUSTOMER, each.id, (each.id, each.name, each.email, str(Actor.customer(each.id))))
