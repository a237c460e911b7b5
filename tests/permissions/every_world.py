"""All small worlds: two enterprises, or three, of every kind, with every graph of grants.

One user, Uma, manages any of them. Each sells to itself in an order, and has a part in a cycle of the first. Only those
grants are told apart that the rule in question looks at. Worlds that differ only in the names of enterprises with the
same part in the cycle are built once.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, combinations, permutations, product
from typing import Any, Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderId, VariantId
from ofncore.model.enterprise import Enterprise, Sells, ShopSettings
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.actions import Action
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.rules.enterprises import Grantees, Grantors
from ofncore.permissions.rules.rule import Rule
from ofncore.permissions.snapshot import Snapshot, TagRuleFacts
from ofncore.testing import worlds
from permissions.actors import grant

UMA: Final = Actor.user("uma")
#: What an enterprise may be: it produces or not, and what it sells.
Kind = tuple[bool, Sells]
KINDS: Final[tuple[Kind, ...]] = tuple(product((True, False), Sells))
#: The kinds that people speak of.
NAMED_KINDS: Final[tuple[Kind, ...]] = (
    (True, Sells.ANY),
    (True, Sells.OWN),
    (True, Sells.NONE),
    (False, Sells.ANY),
    (False, Sells.NONE),
)
#: Who granted what to whom.
Granted = tuple[int, int, Permission]
Question = tuple[ResourceKind, Action]
CYCLE: Final = "cycle"


@attrs.frozen(kw_only=True)
class Shape:
    """The cycle of the first enterprise: who supplies it, and who sells whose goods in it."""

    suppliers: tuple[int, ...]
    #: Sellers, and whose goods each carries.
    lists: tuple[tuple[int, tuple[int, ...]], ...]


@attrs.frozen(kw_only=True)
class SmallWorld:
    """One world, by what makes it different from the others."""

    kinds: tuple[Kind, ...]
    #: Which enterprises Uma manages.
    managed: frozenset[int]
    grants: frozenset[Granted]
    #: None: there is no cycle, and no order.
    shape: Shape | None

    def renamed(self, names: tuple[int, ...]) -> "SmallWorld":
        """Return the same world with other numbers; *names* keeps the part that each has in the cycle."""
        return attrs.evolve(
            self,
            kinds=tuple(self.kinds[names.index(each)] for each in range(len(names))),
            managed=frozenset(names[each] for each in self.managed),
            grants=frozenset((names[one], names[other], name) for one, other, name in self.grants),
        )

    def snapshot(self) -> Snapshot:
        """Return the records of it."""
        goods = [_variant(each) for each in range(len(self.kinds))]
        members = [_enterprise(each, kind, each in self.managed) for each, kind in enumerate(self.kinds)]
        return Snapshot.of(
            users=_USERS,
            enterprises=members,
            grants=_grants(self.grants),
            products=_PRODUCTS,
            variants=goods,
            order_cycles=[_cycle(self.shape)] if self.shape else (),
            orders=[_order(each, self.shape) for each, _ in self.shape.lists] if self.shape else (),
            fees=[worlds.fee(enterprise=members[-1].id)],
            tag_rules=[TagRuleFacts("rule", members[-1].id)],
            payment_methods=_PAYMENTS,
            shipping_methods=_SHIPPINGS,
            schedules=_SCHEDULES,
            customers=_CUSTOMERS,
            subscriptions=_SUBSCRIPTIONS,
        )


def _name(number: int) -> EnterpriseId:
    return EnterpriseId(f"e{number}")


_USERS: Final = (worlds.user("uma"), worlds.user("owner"))
_PRODUCTS: Final = (worlds.product("product"),)
_PAYMENTS: Final = (worlds.payment_method(distributors=(_name(0),)),)
_SHIPPINGS: Final = (worlds.shipping_method(distributors=(_name(1),)),)
_SCHEDULES: Final = (worlds.schedule("schedule", order_cycles=(CYCLE,)),)
_CUSTOMERS: Final = (worlds.customer("customer", enterprise=_name(0)),)
_SUBSCRIPTIONS: Final = (worlds.subscription("subscription", shop=_name(0), customer="customer", schedule="schedule"),)


@cache
def _variant(number: int) -> Any:  # noqa: ANN401 - a record
    return worlds.variant(f"v{number}", product="product", supplier=_name(number))


@cache
def _enterprise(number: int, kind: Kind, managed: bool) -> Enterprise:  # noqa: FBT001 - a fact of the world
    return worlds.enterprise(
        _name(number),
        owner="owner",
        managers=("uma",) if managed else (),
        is_producer=kind[0],
        sells=kind[1],
        shop=ShopSettings(producers_may_change_orders=True, show_customer_names_to_suppliers=number == 0),
    )


@cache
def _grants(granted: frozenset[Granted]) -> tuple[PermissionGrant, ...]:
    pairs: dict[tuple[int, int], list[Permission]] = {}
    for one, other, permission in sorted(granted):
        pairs.setdefault((one, other), []).append(permission)
    return tuple(grant(_name(one), _name(other), *names) for (one, other), names in pairs.items())


@cache
def _cycle(shape: Shape) -> Any:  # noqa: ANN401 - a record
    return worlds.order_cycle(
        CYCLE,
        coordinator=_name(0),
        incoming=tuple(worlds.incoming(_name(each), f"v{each}") for each in shape.suppliers),
        outgoing=tuple(worlds.outgoing(_name(each), *(f"v{one}" for one in goods)) for each, goods in shape.lists),
    )


@cache
def _order(seller: int, shape: Shape) -> OrderFacts:
    goods = dict(shape.lists)[seller]
    return OrderFacts(
        id=OrderId(f"order-{seller}"),
        distributor=_name(seller),
        order_cycle=_cycle(shape).id,
        lines=tuple(LineFacts(VariantId(f"v{each}"), _name(each)) for each in goods),
    )


# ---------------------------------------------------------------- all of them


def all_worlds(
    kinds: Iterable[Kind], permissions: Iterable[Permission], shape: Shape | None, *, count: int
) -> Iterator[SmallWorld]:
    """Yield every world of *count* enterprises in which the cycle has that *shape*, up to renaming.

    Without a cycle, any enterprise may have any name: who keeps fees, customers and methods is the same in all worlds,
    and not for the questions that are asked there.
    """
    swaps = list(_symmetries(shape, count))
    pairs = [(*pair, each) for pair in permutations(range(count), 2) for each in sorted(permissions)]
    for some in product(kinds, repeat=count):
        for managed, granted in product(_subsets(range(count)), _subsets(pairs)):
            world = SmallWorld(kinds=some, managed=managed, grants=granted, shape=shape)
            if all(_order_of(world) <= _order_of(world.renamed(each)) for each in swaps):
                yield world


def _subsets(things: Iterable[Any]) -> list[frozenset[Any]]:
    listed = list(things)
    return [frozenset(each) for each in chain(*(combinations(listed, size) for size in range(len(listed) + 1)))]


def _symmetries(shape: Shape | None, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the renamings, but for doing nothing, that leave the cycle as it is."""
    for names in permutations(range(count)):
        if names != tuple(range(count)) and (shape is None or _is_same(shape, names)):
            yield names


def _is_same(shape: Shape, names: tuple[int, ...]) -> bool:
    lists = {(each, frozenset(goods)) for each, goods in shape.lists}
    renamed = {(names[each], frozenset(names[one] for one in goods)) for each, goods in lists}
    return names[0] == 0 and renamed == lists and {names[each] for each in shape.suppliers} == set(shape.suppliers)


def _order_of(world: SmallWorld) -> Any:  # noqa: ANN401 - something to compare
    return world.kinds, sorted(world.managed), sorted(world.grants)


# ---------------------------------------------------------------- what may be asked of them


def permissions_of(rule: Rule) -> frozenset[Permission]:
    """Return the permissions that *rule* looks at; no other can make a difference to it."""
    return frozenset(_permissions(rule.scope))


def _permissions(part: object) -> Iterator[Permission]:
    if isinstance(part, Grantors | Grantees):
        yield part.permission
    if isinstance(part, Mapping):
        yield from _permissions(tuple(part.values()))
    elif isinstance(part, tuple):
        for each in part:
            yield from _permissions(each)
    elif attrs.has(cls := type(part)):
        for field in attrs.fields(cls):
            yield from _permissions(getattr(part, field.name))


def questions_by_permissions() -> Mapping[frozenset[Permission], list[Question]]:
    """Return all questions there are, by the permissions that their rules look at."""
    found: dict[frozenset[Permission], list[Question]] = {}
    for question, rule in RULES.items():
        found.setdefault(permissions_of(rule), []).append(question)
    return found


def questions_about(permission: Permission) -> list[Question]:
    """Return the questions whose rules look at *permission*."""
    return [question for question, rule in RULES.items() if permission in permissions_of(rule)]


def contexts_of(kind: ResourceKind, snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    """Yield what the keys of *kind* may begin with."""
    place = WHEREABOUTS[kind]
    starts: list[tuple[str, ...]] = [(CYCLE,)] if place.in_cycle else [()]
    for start in starts:
        yield from ((*start, each) for each in snapshot.enterprises) if place.of_participant else (start,)


@cache
def things(kind: ResourceKind, snapshot: Snapshot, within: tuple[str, ...]) -> list[Resource]:
    """Return everything of *kind* there."""
    known = WHEREABOUTS[kind].known(snapshot)
    return [Resource(kind, (*within, *((each,) if isinstance(each, str) else each))) for each in known]
