"""Who is visible in a cycle, which exchanges, and which variants may be seen and ticked.

All are sets for one actor and one cycle, given by the `View`; those about one exchange look at its participant.

Source:
    PERM-4, with its clauses L1 to L5 for what was agreed in the past.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Final

import attrs

from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.permission_policies import CarriedGoods, DistributorKind
from ofncore.model.grant import Permission
from ofncore.permissions.cycle_index import CycleIndex
from ofncore.permissions.facts import Facts, Link, LinkFact
from ofncore.permissions.pairs import Pairs
from ofncore.permissions.rules.enterprises import HUB, MANAGED, PRODUCER, SHOP, Enterprises, Grantees, Grantors
from ofncore.permissions.rules.scopes import Given, Not, OneOf, Policy, Scope, Some, Test
from ofncore.permissions.view import View

_SELL: Final = Permission.ADD_TO_ORDER_CYCLE
_NOTHING: Final = Pairs[VariantId, EnterpriseId].of(())


@attrs.frozen
class _OfCycle(Enterprises):
    """The enterprises with one part in the cycle."""

    link: Link
    get: Callable[[CycleIndex], Collection[EnterpriseId]]

    def each(self, view: View) -> Iterator[EnterpriseId]:
        return iter(self.get(view.cycle))

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        return (LinkFact(key, self.link, view.cycle.cycle.id),) if key in self.get(view.cycle) else None

    def among(self, view: View, keys: Iterable[EnterpriseId]) -> Iterator[EnterpriseId]:
        return filter(self.get(view.cycle).__contains__, keys)


class _Participant(Enterprises):
    """The one enterprise whose exchange is meant."""

    def each(self, view: View) -> Iterator[EnterpriseId]:
        return iter(()) if view.participant is None else iter((view.participant,))

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        return () if key == view.participant else None


@attrs.frozen
class _Carries(Test[EnterpriseId]):
    """Distributors whose list in the cycle holds live goods of one of some enterprises."""

    suppliers: Test[EnterpriseId]

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        for supplier in self.suppliers.among(view, view.cycle.carried_suppliers(key)):
            facts = self.suppliers.why(view, supplier)
            if facts is not None:
                return (LinkFact(supplier, Link.CARRIED_BY, key), *facts)
        return None


@attrs.frozen
class _CarriedBy(Enterprises):
    """Suppliers of what some distributors carry, as *suppliers* finds them for each."""

    distributors: Enterprises
    suppliers: Callable[[CycleIndex, EnterpriseId], Collection[EnterpriseId]]

    def each(self, view: View) -> Iterator[EnterpriseId]:
        for distributor in self.distributors.each(view):
            yield from self.suppliers(view.cycle, distributor)

    def why(self, view: View, key: EnterpriseId) -> Facts | None:
        for distributor in self.distributors.each(view):
            if key in self.suppliers(view.cycle, distributor):
                return (LinkFact(key, Link.CARRIED_BY, distributor), *(self.distributors.why(view, distributor) or ()))
        return None

    def among(self, view: View, keys: Iterable[EnterpriseId]) -> Iterator[EnterpriseId]:
        return filter(self.members(view).__contains__, keys)


# ---------------------------------------------------------------- enterprises

COORDINATOR: Final = _OfCycle(Link.COORDINATES, lambda index: (index.cycle.coordinator,))
SUPPLIERS: Final = _OfCycle(Link.SUPPLIES, lambda index: index.incoming)
DISTRIBUTORS: Final = _OfCycle(Link.DISTRIBUTES, lambda index: index.outgoing)
#: The one whose exchange is meant.
PARTICIPANT: Final = _Participant()

#: The actor manages the coordinator.
COORDINATES: Final = Some(COORDINATOR & MANAGED)
#: `P`, `Pp` and `Ph`: the participants that the actor manages, the producers and the hubs among them.
_OWN_PARTICIPANTS: Final = (SUPPLIERS | DISTRIBUTORS) & MANAGED
_OWN_PRODUCERS: Final = _OWN_PARTICIPANTS & PRODUCER
_OWN_HUBS: Final = _OWN_PARTICIPANTS & HUB


def _as_carried(by_variant: Enterprises, by_product: Enterprises) -> Enterprises:
    return Given(Policy("carried_goods", CarriedGoods.VARIANTS), by_variant) | Given(
        Policy("carried_goods", CarriedGoods.PRODUCTS), by_product
    )


_BY_VARIANT: Final = _CarriedBy(_OWN_HUBS, CycleIndex.carried_suppliers)
_BY_PRODUCT: Final = _CarriedBy(_OWN_HUBS, CycleIndex.suppliers_of_carried_products)
#: L5: a hub keeps seeing whose goods it carries.
_SUPPLYING_OWN_HUBS: Final = _as_carried(_BY_VARIANT, _BY_PRODUCT)
#: L4: a producer keeps seeing who carries its goods, also one that takes no part in the cycle.
_CARRIES_OWN_GOODS: Final = _Carries(MANAGED & PRODUCER)

_FOR_COORDINATOR: Final = Given(
    Some(COORDINATOR & HUB), COORDINATOR | Grantors(_SELL, COORDINATOR) | SUPPLIERS | DISTRIBUTORS
)
_FOR_PARTICIPANT: Final = (
    _OWN_PARTICIPANTS
    | (DISTRIBUTORS & (Grantees(_SELL, _OWN_PRODUCERS) | Grantors(_SELL, _OWN_PRODUCERS)))
    | (SUPPLIERS & (Grantees(_SELL, _OWN_HUBS) | Grantors(_SELL, _OWN_HUBS)))
    | (DISTRIBUTORS & _CARRIES_OWN_GOODS)
    | _SUPPLYING_OWN_HUBS
)
#: Every enterprise that the actor sees in the cycle.
VISIBLE: Final = Given(COORDINATES, _FOR_COORDINATOR | COORDINATOR) | Given(Not(COORDINATES), _FOR_PARTICIPANT)

#: Whom the actor may be offered as supplier, and as distributor.
SUPPLIER_CANDIDATES: Final = VISIBLE & PRODUCER
DISTRIBUTOR_CANDIDATES: Final = Given(Policy("distributor_kind", DistributorKind.SHOPS), VISIBLE & SHOP) | Given(
    Policy("distributor_kind", DistributorKind.HUBS), VISIBLE & HUB
)

# ---------------------------------------------------------------- exchanges, by their participant

VISIBLE_SUPPLIERS: Final = (
    Given(COORDINATES, SUPPLIERS)
    | (SUPPLIERS & MANAGED)
    | (SUPPLIERS & PRODUCER & Grantors(_SELL, _OWN_HUBS))
    | _as_carried(SUPPLIERS & _BY_VARIANT, SUPPLIERS & _BY_PRODUCT)
)
#: Distributors whose methods the actor may choose for the cycle.
OWN_DISTRIBUTORS: Final = Given(COORDINATES, DISTRIBUTORS) | (DISTRIBUTORS & MANAGED)
VISIBLE_DISTRIBUTORS: Final = (
    Given(COORDINATES, DISTRIBUTORS)
    | (DISTRIBUTORS & MANAGED)
    | (DISTRIBUTORS & HUB & Grantees(_SELL, _OWN_PRODUCERS))
    | (DISTRIBUTORS & _Carries(_OWN_PRODUCERS))
)

# ---------------------------------------------------------------- variants of one exchange


@attrs.frozen
class GoodsOf(Scope[VariantId]):
    """The live variants of some enterprises; `V` in PERM-1."""

    suppliers: Enterprises

    def each(self, view: View) -> Iterator[VariantId]:
        for supplier in self.suppliers.each(view):
            yield from view.snapshot.goods.suppliers_of_live.lefts_of(supplier)

    def why(self, view: View, key: VariantId) -> Facts | None:
        for supplier in view.snapshot.goods.suppliers_of_live.rights_of(key):
            facts = self.suppliers.why(view, supplier)
            if facts is not None:
                return (LinkFact(key, Link.OWNED_BY, supplier), *facts)
        return None


class _Listed(Scope[VariantId]):
    """The live variants in the list that the distributor meant has in the cycle."""

    def each(self, view: View) -> Iterator[VariantId]:
        return iter(self._variants(view))

    def why(self, view: View, key: VariantId) -> Facts | None:
        return (LinkFact(key, Link.CARRIED_BY, str(view.participant)),) if key in self._variants(view) else None

    def _variants(self, view: View) -> frozenset[VariantId]:
        return frozenset() if view.participant is None else view.cycle.live_list(view.participant)


@attrs.frozen
class _CarriedGoodsOf(Scope[VariantId]):
    """The live variants of some suppliers in any list of the distributor meant, in whatever cycle."""

    suppliers: Test[EnterpriseId]

    def each(self, view: View) -> Iterator[VariantId]:
        carried = self._carried(view)
        return chain.from_iterable(map(carried.lefts_of, self.suppliers.among(view, carried.rights)))

    def why(self, view: View, key: VariantId) -> Facts | None:
        for supplier in self._carried(view).rights_of(key):
            facts = self.suppliers.why(view, supplier)
            if facts is not None:
                return (LinkFact(key, Link.CARRIED_BY, str(view.participant)), *facts)
        return None

    def _carried(self, view: View) -> Pairs[VariantId, EnterpriseId]:
        return _NOTHING if view.participant is None else view.snapshot.goods_carried_by(view.participant)


#: The actor manages the coordinator, or the one whose exchange is meant; `mc` in PERM-4.
_MANAGES_EITHER: Final = OneOf((COORDINATES, Some(PARTICIPANT & MANAGED)))
_GRANTED_TO_PARTICIPANT: Final = Grantors(_SELL, PARTICIPANT)
_WHOLE_LIST: Final = GoodsOf((_GRANTED_TO_PARTICIPANT & PRODUCER) | PARTICIPANT) | _Listed()

VISIBLE_INCOMING_VARIANTS: Final = GoodsOf(
    Given(_MANAGES_EITHER, PARTICIPANT) | (PARTICIPANT & Grantors(_SELL, _OWN_HUBS))
)
EDITABLE_INCOMING_VARIANTS: Final = GoodsOf(Given(_MANAGES_EITHER, PARTICIPANT))
VISIBLE_OUTGOING_VARIANTS: Final = Given(_MANAGES_EITHER, _WHOLE_LIST) | Given(
    Not(_MANAGES_EITHER),
    GoodsOf(_GRANTED_TO_PARTICIPANT & _OWN_PRODUCERS) | _CarriedGoodsOf(MANAGED & PRODUCER),
)
EDITABLE_OUTGOING_VARIANTS: Final = Given(_MANAGES_EITHER, _WHOLE_LIST) | Given(
    Not(_MANAGES_EITHER), GoodsOf(_GRANTED_TO_PARTICIPANT & _OWN_PRODUCERS & Grantees(_SELL, PARTICIPANT))
)
#: What the actor may tick in some incoming exchange of the cycle.
EDITABLE_GOODS: Final = Given(COORDINATES, GoodsOf(VISIBLE)) | GoodsOf(VISIBLE & MANAGED)
