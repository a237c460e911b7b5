"""One order cycle, indexed by its participants."""

from collections.abc import Mapping
from functools import cached_property

import attrs

from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.permissions.goods import Goods


@attrs.frozen(slots=False, eq=False)
class CycleIndex:
    """A cycle whose lists are looked through once, when they are first asked for."""

    cycle: OrderCycle
    goods: Goods

    @cached_property
    def incoming(self) -> Mapping[EnterpriseId, IncomingExchange]:
        """What comes in, by supplier."""
        return {each.supplier: each for each in self.cycle.incoming}

    @cached_property
    def outgoing(self) -> Mapping[EnterpriseId, OutgoingExchange]:
        """What goes out, by distributor."""
        return {each.distributor: each for each in self.cycle.outgoing}

    def live_list(self, distributor: EnterpriseId) -> frozenset[VariantId]:
        """Return the live variants that *distributor* carries in the cycle."""
        if distributor not in self._lists:
            exchange = self.outgoing.get(distributor)
            self._lists[distributor] = self.goods.live_among(exchange.variants) if exchange else frozenset()
        return self._lists[distributor]

    def carried_suppliers(self, distributor: EnterpriseId) -> tuple[EnterpriseId, ...]:
        """Return whose live variants *distributor* carries in the cycle, sorted."""
        if distributor not in self._carried:
            variants = self.goods.variants
            suppliers = {variants[key].supplier for key in self.live_list(distributor)}
            self._carried[distributor] = tuple(sorted(suppliers))
        return self._carried[distributor]

    def suppliers_of_carried_products(self, distributor: EnterpriseId) -> frozenset[EnterpriseId]:
        """Return who has live variants of a product of which *distributor* carries a live variant."""
        products = {self.goods.variants[key].product for key in self.live_list(distributor)}
        return frozenset[EnterpriseId]().union(*map(self.goods.suppliers_of_products.rights_of, products))

    @cached_property
    def _lists(self) -> dict[EnterpriseId, frozenset[VariantId]]:
        return {}

    @cached_property
    def _carried(self) -> dict[EnterpriseId, tuple[EnterpriseId, ...]]:
        return {}
