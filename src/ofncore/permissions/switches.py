"""Which switch of a shop would turn a no into a yes.

A switch is a choice of the shop's own, so it stands beside the roles and grants that would do (`find_remedies`). Each
that is returned was tried by itself.

Source:
    PERM-7, PERM-8 (classes `Lm` and `pe`), PERM-12 (decision shape), ORD-O25.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import attrs

from ofncore.kernel.ids import OrderId
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Setting, SettingFact
from ofncore.permissions.resources import Resource, ResourceKind


def find_switches(asker: Asker, action: Action, resource: Resource) -> tuple[SettingFact, ...]:
    """Return the switches of its shop of which each would let the actor of *asker* do *action* to *resource*.

    Orders and their lines have the switches of their shop. Screens, and cycles in a list, open by those of every shop
    with an order that holds goods of the actor's. For anything else, and for what the actor may do already, there are
    none.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    if asker.may(action, resource):
        return ()
    return tuple(each for each in _off(asker, resource) if _with(each, asker).may(action, resource))


def _off(asker: Asker, resource: Resource) -> Iterator[SettingFact]:
    known, shops_of = asker.snapshot.enterprises, asker.snapshot.shops_of_orders.rights_of
    for shop in dict.fromkeys(chain.from_iterable(map(shops_of, _orders(asker, resource)))):
        if shop in known:
            yield from (SettingFact(shop, each) for each in Setting if not getattr(known[shop].shop, each))


def _orders(asker: Asker, resource: Resource) -> Iterator[OrderId]:
    """Yield the orders whose shops may have a say; an order may come twice."""
    if resource.kind in {ResourceKind.ORDER, ResourceKind.ORDER_LINE}:
        yield OrderId(resource.key[0])
    elif resource.kind in {ResourceKind.SCREEN, ResourceKind.ORDER_CYCLE}:
        for each in sorted(asker.snapshot.relations.held_by(asker.actor)):
            yield from asker.snapshot.suppliers_of_orders.lefts_of(each)


def _with(switch: SettingFact, asker: Asker) -> Asker:
    """Return the same actor where *switch* is on."""
    relations = asker.snapshot.relations
    enterprise = relations.enterprises[switch.enterprise]
    on: dict[str, Any] = {switch.setting: True}
    shop = attrs.evolve(enterprise, shop=attrs.evolve(enterprise.shop, **on))
    return attrs.evolve(asker, snapshot=asker.snapshot.with_relations(relations.with_settings(shop)))
