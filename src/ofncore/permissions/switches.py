"""Which switch of a shop would turn a no into a yes.

A switch is a choice of the shop's own, so it stands beside the roles and grants that would do (`find_remedies`). Each
that is returned was tried by itself.

Source:
    PERM-7, PERM-12 (decision shape), ORD-O25.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from ofncore.kernel.ids import EnterpriseId, OrderId
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Setting, SettingFact
from ofncore.permissions.resources import Resource, ResourceKind
from ofncore.permissions.snapshot import Snapshot


def find_switches(asker: Asker, action: Action, resource: Resource) -> tuple[SettingFact, ...]:
    """Return the switches of its shop of which each would let the actor of *asker* do *action* to *resource*.

    Only shops of orders have such switches: for anything else, and for what the actor may do already, there are none.

    Raises:
        UnknownActionError: nobody ever does this action to this kind of thing.
    """
    if asker.may(action, resource):
        return ()
    off = (SettingFact(shop, each) for shop in _shops(asker.snapshot, resource) for each in Setting)
    return tuple(each for each in off if _with(each, asker).may(action, resource))


def _shops(snapshot: Snapshot, resource: Resource) -> Iterator[EnterpriseId]:
    if resource.kind in {ResourceKind.ORDER, ResourceKind.ORDER_LINE}:
        shops = snapshot.shops_of_orders.rights_of(OrderId(resource.key[0]))
        yield from (each for each in shops if each in snapshot.enterprises)


def _with(switch: SettingFact, asker: Asker) -> Asker:
    """Return the same actor where *switch* is on."""
    relations = asker.snapshot.relations
    enterprise = relations.enterprises[switch.enterprise]
    on: dict[str, Any] = {switch.setting: True}
    shop = attrs.evolve(enterprise, shop=attrs.evolve(enterprise.shop, **on))
    return attrs.evolve(asker, snapshot=asker.snapshot.with_relations(relations.with_settings(shop)))
