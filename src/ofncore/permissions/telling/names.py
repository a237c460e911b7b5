"""Which records an answer speaks of, and what they are called."""

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.permissions.facts import (
    AdminFact,
    Fact,
    GrantFact,
    KindFact,
    Link,
    LinkFact,
    ManagesFact,
    OwnsFact,
    SettingFact,
)
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind

#: A record, by its kind (such as ``order_cycle``) and its id.
Key = tuple[str, str]
#: What records are called; one that is not here is called by its id.
Names = Mapping[Key, str]

_ENTERPRISE: Final = ("enterprise",)
_CYCLE: Final = ("order_cycle",)
_ORDER: Final = ("order",)
#: The kinds of record that the two sides of a link may be of. The first is meant, unless another is asked about.
_SIDES: Final[Mapping[Link, tuple[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        Link.COORDINATES: (_ENTERPRISE, _CYCLE),
        Link.SUPPLIES: (_ENTERPRISE, _CYCLE),
        Link.DISTRIBUTES: (_ENTERPRISE, _CYCLE),
        Link.COORDINATED_BY: (_CYCLE, _ENTERPRISE),
        Link.SUPPLIED_BY: (_CYCLE, _ENTERPRISE),
        Link.DISTRIBUTED_BY: (_CYCLE, _ENTERPRISE),
        Link.CARRIED_BY: (("enterprise", "variant"), _ENTERPRISE),
        Link.OWNED_BY: (("variant", "product", "fee", "customer", "tag_rule"), _ENTERPRISE),
        Link.SOLD_BY: (("order", "subscription"), _ENTERPRISE),
        Link.ORDERED_IN: (_ORDER, _CYCLE),
        Link.HOLDS_ORDER: (_CYCLE, _ORDER),
        Link.HOLDS_GOODS_OF: (("order", "order_line"), _ENTERPRISE),
        Link.HOLDS: (("schedule",), _CYCLE),
        Link.BOUGHT_BY: (_ORDER, ("actor",)),
        Link.MADE_BY: (_ORDER, ("actor",)),
        Link.OFFERED_BY: (("payment_method", "shipping_method"), _ENTERPRISE),
        Link.IS_ACCOUNT_OF: (("customer",), ("actor",)),
        Link.GIVEN_BY: (("grant",), _ENTERPRISE),
        Link.GIVEN_TO: (("grant",), _ENTERPRISE),
    }
)
#: The parts of keys that are enterprises in some role.
_ROLES: Final = frozenset({"hub", "supplier", "distributor"})


def parts_of(thing: Resource) -> tuple[Key, ...]:
    """Return the records that the key of *thing* names."""
    parts = zip(WHEREABOUTS[thing.kind].parts, thing.key, strict=True)
    return tuple(("enterprise" if part in _ROLES else part, key) for part, key in parts)


def sides_of(fact: LinkFact, about: Resource) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Return the records that the two sides of *fact* name, in an answer about the thing *about*.

    A side names one record, but for a line, which is an order and a variant.
    """
    ones, others = _SIDES[fact.link]
    return _side(fact.one, ones, about), _side(fact.other, others, about)


def actor_key(actor: Actor) -> Key:
    """Return the record that *actor* is; the engine is none, and called by its own name."""
    return actor.kind.value, actor.id or str(actor)


def records_in(fact: Fact, about: Resource) -> tuple[Key, ...]:
    """Return the records that *fact* names, in an answer about the thing *about*."""
    match fact:
        case AdminFact(user):
            return (("user", user),)
        case ManagesFact(user, enterprise) | OwnsFact(user, enterprise):
            return ("user", user), ("enterprise", enterprise)
        case GrantFact(grantor, grantee, _):
            return ("enterprise", grantor), ("enterprise", grantee)
        case KindFact(enterprise, _) | SettingFact(enterprise, _):
            return (("enterprise", enterprise),)
        case LinkFact():
            return tuple(chain(*sides_of(fact, about)))


def _side(key: str, records: tuple[str, ...], about: Resource) -> tuple[Key, ...]:
    if records == ("actor",):
        return (actor_key(_actor(key)),)
    if about.kind is ResourceKind.ORDER_LINE and "order_line" in records and key == "/".join(about.key):
        return parts_of(about)
    meant = WHEREABOUTS[about.kind].record
    return ((meant if meant in records and key == about.key[-1] else records[0], key),)


def _actor(text: str) -> Actor:
    kind, _, key = text.partition(":")
    return Actor(ActorKind(kind), key)
