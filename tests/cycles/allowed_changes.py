"""What the matrix of PERM-5.3 lets somebody change, worked out from the plain facts, for comparison.

It looks only at the cycle before and after, at managers, at kinds and at grants.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.fee import EnterpriseFee
from ofncore.model.grant import Permission
from ofncore.model.product import Variant
from ofncore.permissions.snapshot import Snapshot


class Matrix:
    """The rights of one actor in one cycle of the specification."""

    def __init__(self, actor: Actor, cycle: OrderCycle, snapshot: Snapshot, fees: dict[FeeId, EnterpriseFee]) -> None:
        self.cycle, self.snapshot, self.fees = cycle, snapshot, fees
        user = snapshot.relations.user_of(actor)
        everybody = snapshot.enterprises.values()
        self.mine = {each.id for each in everybody if user and (user.is_admin or user.id in each.managers)}
        self.sells_for = {
            (each.grantee, each.grantor)
            for each in snapshot.relations.grants
            if Permission.ADD_TO_ORDER_CYCLE in each.permissions
        }
        self.coordinates = cycle.coordinator in self.mine

    def wrongs(self, after: OrderCycle) -> list[str]:
        """Return what is different in *after* and must not be."""
        return [*self._attributes(after), *self._incoming(after), *self._outgoing(after)]

    def _attributes(self, after: OrderCycle) -> Iterator[str]:
        names = ("name", "orders_open_at", "orders_close_at", "automatic_notifications", "coordinator_fees")
        changed = [name for name in names if getattr(after, name) != getattr(self.cycle, name)]
        yield from changed if not self.coordinates else ()
        yield from ["coordinator"] if after.coordinator != self.cycle.coordinator else ()

    # ---------------------------------------------------------------- incoming

    def _incoming(self, after: OrderCycle) -> Iterator[str]:
        was = {each.supplier: each for each in self.cycle.incoming}
        now = {each.supplier: each for each in after.incoming}
        for key in was.keys() ^ now.keys():
            if not self.coordinates or (key in now and not self._consents(key)):
                yield f"{key} as supplier"
        for key, each in now.items():
            yield from self._supply(was.get(key, IncomingExchange(supplier=key)), each)

    def _supply(self, was: IncomingExchange, now: IncomingExchange) -> Iterator[str]:
        key = was.supplier
        changed = set(was.variants) ^ set(now.variants)
        if any(not self._owns(key, each) for each in changed) or (changed and not self._runs(key)):
            yield f"{changed} brought by {key}"
        if was.receival_instructions != now.receival_instructions and not self.coordinates:
            yield f"instructions to {key}"
        added, gone = set(now.fees) - set(was.fees), set(was.fees) - set(now.fees)
        may_add, may_drop = self._fee_rights(key)
        if not added <= may_add or not gone <= (may_drop if key in self.mine or self.coordinates else set()):
            yield f"fees on {key}"

    # ---------------------------------------------------------------- outgoing

    def _outgoing(self, after: OrderCycle) -> Iterator[str]:
        was = {each.distributor: each for each in self.cycle.outgoing}
        now = {each.distributor: each for each in after.outgoing}
        brought = {key for each in after.incoming for key in each.variants}
        for key in was.keys() ^ now.keys():
            if not self.coordinates or (key in now and not (self._consents(key) and self._is_shop(key))):
                yield f"{key} as distributor"
        for key, each in now.items():
            yield from self._sale(was.get(key, OutgoingExchange(distributor=key)), each, brought)

    def _sale(self, was: OutgoingExchange, now: OutgoingExchange, brought: AbstractSet[str]) -> Iterator[str]:
        key = was.distributor
        for each in set(now.variants) - set(was.variants):
            if each not in brought or not self._may_tick(key, each):
                yield f"{each} sold by {key}"
        for each in set(was.variants) - set(now.variants):
            # What nobody brings leaves every list, whoever unticked it.
            if each in brought and not (self._runs(key) or self._may_tick(key, each)):
                yield f"{each} not sold by {key}"
        terms = ("ready_for", "pickup_instructions", "tags", "fees")
        if not self._runs(key):
            yield from (f"{name} of {key}" for name in terms if getattr(was, name) != getattr(now, name))
        elif not set(now.fees) - set(was.fees) <= self._fee_rights(key)[0]:
            yield f"fees of {key}"

    def _may_tick(self, distributor: EnterpriseId, variant: str) -> bool:
        found = self._variant(variant)
        granted = (distributor, found.supplier) in self.sells_for
        producer = self.snapshot.enterprises[found.supplier].is_producer
        if self._runs(distributor):
            return found.supplier == distributor or (granted and producer)
        return found.supplier in self.mine and granted and (found.supplier, distributor) in self.sells_for and producer

    # ---------------------------------------------------------------- both

    def _runs(self, participant: EnterpriseId) -> bool:
        return self.coordinates or participant in self.mine

    def _consents(self, participant: EnterpriseId) -> bool:
        coordinator = self.cycle.coordinator
        hub = self.snapshot.enterprises[coordinator].is_hub
        return participant == coordinator or (hub and (coordinator, participant) in self.sells_for)

    def _is_shop(self, enterprise: EnterpriseId) -> bool:
        return self.snapshot.enterprises[enterprise].is_shop

    def _fee_rights(self, participant: EnterpriseId) -> tuple[set[FeeId], set[FeeId]]:
        """Return what the actor may put on the exchange of *participant*, and take off one of a supplier."""
        participants = {each.supplier for each in self.cycle.incoming} | {e.distributor for e in self.cycle.outgoing}
        grantors = {grantor for grantee, grantor in self.sells_for if grantee == self.cycle.coordinator}
        own = {key for key, fee in self.fees.items() if fee.enterprise in self.mine}
        if self.coordinates:
            reach = {self.cycle.coordinator} | participants | grantors
            return {key for key, fee in self.fees.items() if fee.enterprise in reach}, set(self.fees)
        return (own, own) if participant in self.mine else (set(), set())

    def _owns(self, supplier: EnterpriseId, variant: str) -> bool:
        found = self._variant(variant)
        return found.supplier == supplier and not found.deleted

    def _variant(self, key: str) -> Variant:
        return next(each for each in self.snapshot.variants.values() if each.id == key)
