"""Small random networks: up to four enterprises of every kind, whatever they granted each other, two cycles, orders."""

from collections.abc import Iterator
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId, GrantId, OrderCycleId, OrderId, UserId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells, ShopSettings
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.product import Variant
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind
from ofncore.permissions.snapshot import Snapshot, TagRuleFacts
from ofncore.testing import worlds
from ofncore.testing.strategies import Strategy

ENTERPRISES: Final = tuple(map(EnterpriseId, ("e1", "e2", "e3", "e4")))
#: The first is an administrator, with roles of its own.
USERS: Final = tuple(map(UserId, ("root", "uma", "vera")))
PEOPLE: Final = tuple(map(Actor.user, USERS[1:]))
ROOT: Final = Actor.user(USERS[0])
#: Somebody who buys, by account and by secret link; and the engine.
OTHERS: Final = (Actor.customer("c1"), ENGINE)
VARIANTS: Final = tuple(map(VariantId, ("v1", "v2", "v3", "v4")))
PRODUCTS: Final = ("p1", "p2")
CYCLES: Final = tuple(map(OrderCycleId, ("o1", "o2")))

_some_enterprises = st.lists(st.sampled_from(ENTERPRISES), unique=True, max_size=3)
_some_variants = st.lists(st.sampled_from(VARIANTS), unique=True, max_size=3)


@st.composite
def enterprises(draw: st.DrawFn, key: EnterpriseId) -> Enterprise:
    """Return an enterprise of any kind, with any managers."""
    return worlds.enterprise(
        key,
        owner=draw(st.sampled_from(USERS)),
        managers=tuple(draw(st.lists(st.sampled_from(USERS), unique=True, max_size=2))),
        is_producer=draw(st.booleans()),
        sells=draw(st.sampled_from(Sells)),
        shop=ShopSettings(
            producers_may_change_orders=draw(st.booleans()),
            customers_may_change_orders=draw(st.booleans()),
            show_customer_names_to_suppliers=draw(st.booleans()),
            show_customer_contacts_to_suppliers=draw(st.booleans()),
        ),
    )


def grants() -> Strategy[list[PermissionGrant]]:
    """Return grants between any pairs, at most one for each; an enterprise may grant itself something."""
    permissions = st.lists(st.sampled_from(Permission), unique=True, min_size=1, max_size=2)
    one = st.builds(_grant, st.sampled_from(ENTERPRISES), st.sampled_from(ENTERPRISES), permissions)
    return st.lists(one, unique_by=lambda each: each.id, max_size=6)


def _grant(grantor: EnterpriseId, grantee: EnterpriseId, permissions: list[Permission]) -> PermissionGrant:
    key = GrantId(f"{grantor}-{grantee}")
    return PermissionGrant(id=key, grantor=grantor, grantee=grantee, permissions=permissions)


@st.composite
def variants(draw: st.DrawFn, key: VariantId) -> Variant:
    """Return a variant of any supplier; those of one product may have several."""
    return worlds.variant(
        key,
        product=draw(st.sampled_from(PRODUCTS)),
        supplier=draw(st.sampled_from(ENTERPRISES)),
        deleted=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def cycles(draw: st.DrawFn, key: OrderCycleId) -> OrderCycle:
    """Return a cycle with any participants; lists may hold what nobody brings."""
    return worlds.order_cycle(
        key,
        coordinator=draw(st.sampled_from(ENTERPRISES)),
        incoming=tuple(worlds.incoming(each, *draw(_some_variants)) for each in draw(_some_enterprises)),
        outgoing=tuple(worlds.outgoing(each, *draw(_some_variants)) for each in draw(_some_enterprises)),
    )


@st.composite
def orders(draw: st.DrawFn, key: str, goods: list[Variant]) -> OrderFacts:
    """Return an order or a cart, perhaps without a distributor or a cycle."""
    lines = draw(st.lists(st.sampled_from(goods), unique_by=lambda each: each.id, max_size=3))
    return OrderFacts(
        id=OrderId(key),
        distributor=draw(st.none() | st.sampled_from(ENTERPRISES)),
        order_cycle=draw(st.none() | st.sampled_from(CYCLES)),
        customer=draw(st.none() | st.just(worlds.customer("c1").id)),
        buyer=draw(st.none() | st.sampled_from(USERS)),
        creator=draw(st.sampled_from((ENGINE, *PEOPLE))),
        is_placed=draw(st.booleans()),
        is_cancelled=draw(st.booleans()),
        lines=tuple(LineFacts(each.id, each.supplier) for each in lines),
    )


@st.composite
def networks(draw: st.DrawFn) -> Snapshot:
    """Return a small network."""
    goods = [draw(variants(key)) for key in VARIANTS]
    owner = st.sampled_from(ENTERPRISES)
    return Snapshot.of(
        users=[worlds.user(key, is_admin=key == USERS[0]) for key in USERS],
        enterprises=[draw(enterprises(key)) for key in ENTERPRISES],
        grants=draw(grants()),
        products=map(worlds.product, PRODUCTS),
        variants=goods,
        order_cycles=[draw(cycles(key)) for key in CYCLES],
        orders=[draw(orders(key, goods)) for key in ("r1", "r2")],
        fees=[worlds.fee(enterprise=draw(owner))],
        tag_rules=[TagRuleFacts("t1", draw(owner))],
        payment_methods=[worlds.payment_method(distributors=tuple(draw(_some_enterprises)))],
        shipping_methods=[worlds.shipping_method(distributors=tuple(draw(_some_enterprises)))],
        schedules=[worlds.schedule("s1", order_cycles=tuple(draw(st.sets(st.sampled_from(CYCLES)))))],
        customers=[worlds.customer("c1", enterprise=draw(owner), user=draw(st.none() | st.sampled_from(USERS)))],
        subscriptions=[worlds.subscription("b1", shop=draw(owner), customer="c1", schedule="s1")],
    )


def contexts(kind: ResourceKind) -> Iterator[tuple[str, ...]]:
    """Yield what the keys of *kind* may begin with in such a network."""
    place = WHEREABOUTS[kind]
    starts: list[tuple[str, ...]] = [(cycle,) for cycle in CYCLES] if place.in_cycle else [()]
    for start in starts:
        yield from ((*start, each) for each in ENTERPRISES) if place.of_participant else (start,)


def resources(kind: ResourceKind, snapshot: Snapshot, within: tuple[str, ...]) -> Iterator[Resource]:
    """Yield everything of *kind* there."""
    for key in WHEREABOUTS[kind].known(snapshot):
        yield Resource(kind, (*within, *((key,) if isinstance(key, str) else key)))


def with_grants(snapshot: Snapshot, more: list[PermissionGrant]) -> Snapshot:
    """Return *snapshot* with *more* grants beside its own."""
    return attrs.evolve(
        snapshot, relations=attrs.evolve(snapshot.relations, grants=(*snapshot.relations.grants, *more))
    )


def renamed(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - any record
    """Return *value* with every id changed by *names*."""
    if isinstance(value, str):
        return names.get(value, value) if type(value) is str else value
    if isinstance(value, Actor):
        return attrs.evolve(value, id=names.get(value.id, value.id))
    if isinstance(value, tuple):
        return tuple(renamed(each, names) for each in value)
    if attrs.has(type(value)) and type(value).__module__.startswith("ofncore."):
        fields = {each.name: getattr(value, each.name) for each in attrs.fields(type(value)) if each.init}
        return attrs.evolve(value, **{name: renamed(each, names) for name, each in fields.items()})
    return value
