"""A cycle's exchanges while an edit is applied to them, one after the other."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Self, TypeVar

import attrs

from ofncore.cycles.cascading import gone_with_supplier, without
from ofncore.cycles.editor import Editor
from ofncore.kernel.edit_policies import UntickedGoods
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.permissions.rules.cycle_sets import VISIBLE
from ofncore.permissions.view import View

#: What left a distributor's list because nobody brings it any more.
Lost = tuple[EnterpriseId, VariantId]

E = TypeVar("E", IncomingExchange, OutgoingExchange)


@attrs.define(kw_only=True, slots=False, eq=False)
class Draft:
    """The exchanges as they stand now, by participant, and what happened to them so far."""

    editor: Editor
    incoming: dict[EnterpriseId, IncomingExchange]
    outgoing: dict[EnterpriseId, OutgoingExchange]
    #: Participants whose exchange the edit applied to.
    touched_suppliers: set[EnterpriseId] = attrs.field(factory=set)
    touched_distributors: set[EnterpriseId] = attrs.field(factory=set)
    lost: list[Lost] = attrs.field(factory=list)

    @classmethod
    def of(cls, editor: Editor) -> Self:
        """Begin with the cycle as it is."""
        return cls(
            editor=editor,
            incoming={each.supplier: each for each in editor.cycle.incoming},
            outgoing={each.distributor: each for each in editor.cycle.outgoing},
        )

    @property
    def cycle(self) -> OrderCycle:
        """The cycle with the exchanges as they stand now. Who was there keeps its place, also one that begins anew."""
        before = self.editor.cycle
        return attrs.evolve(
            before,
            incoming=_in_order((each.supplier for each in before.incoming), self.incoming),
            outgoing=_in_order((each.distributor for each in before.outgoing), self.outgoing),
        )

    def shows(self, participant: EnterpriseId) -> bool:
        """Whether the actor sees *participant*, by what the cycle was when this was first asked (PERM-5.3 step 7)."""
        return VISIBLE.holds(self._first_seen, participant)

    @cached_property
    def _first_seen(self) -> View:
        return self.view()

    def view(self) -> View:
        """Return how the actor sees the cycle as it stands now."""
        return self.editor.view(self.cycle)

    def live(self, variants: Iterable[VariantId]) -> frozenset[VariantId]:
        """Return which of *variants* are not deleted."""
        return self.editor.snapshot.goods.live_among(variants)

    def brought(self) -> frozenset[VariantId]:
        """Return the live variants that come in as it stands now."""
        return self.live(key for each in self.incoming.values() for key in each.variants)

    def listed(self, distributor: EnterpriseId) -> frozenset[VariantId]:
        """Return what *distributor* sells as it stands now."""
        exchange = self.outgoing.get(distributor)
        return frozenset() if exchange is None else frozenset(exchange.variants)

    def cascaded(self) -> tuple[Lost, ...]:
        """Return what left the lists that the cycle had, each once, because nobody brings it any more."""
        was = {(each.distributor, key) for each in self.editor.cycle.outgoing for key in each.variants}
        return tuple(each for each in dict.fromkeys(self.lost) if each in was and each[1] not in self.listed(each[0]))

    def remove_suppliers(self, suppliers: Iterable[EnterpriseId]) -> None:
        """Take out what *suppliers* bring, and from the lists what goes with it."""
        removed = [self.incoming.pop(each) for each in suppliers if each in self.incoming]
        goods = self.live(key for each in removed for key in each.variants)
        self._drop(gone_with_supplier(goods, self.brought(), self.editor.profile))

    def remove_distributors(self, distributors: Iterable[EnterpriseId]) -> None:
        """Take out the lists of *distributors*."""
        for each in distributors:
            self.outgoing.pop(each, None)

    def drop_unbrought(self) -> None:
        """Take out of every list what came in before the edit and does not any more (CYC-12, PERM-10 `cascade`)."""
        if self.editor.profile.unticked_goods is UntickedGoods.LEAVE_LISTS:
            before = self.live(key for each in self.editor.cycle.incoming for key in each.variants)
            self._drop(before - self.brought())

    def _drop(self, gone: AbstractSet[VariantId]) -> None:
        for key, each in self.outgoing.items():
            self.lost += [(key, variant) for variant in each.variants if variant in gone]
            self.outgoing[key] = without(each, gone)


def _in_order(before: Iterable[EnterpriseId], now: Mapping[EnterpriseId, E]) -> tuple[E, ...]:
    return tuple(now[key] for key in dict.fromkeys((*before, *now)) if key in now)
