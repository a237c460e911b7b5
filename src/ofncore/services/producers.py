"""Telling producers what to bring."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import attrs

from ofncore.cycles.summaries import ProducerSummary, summarise
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import Profile
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import ProducersNotified
from ofncore.model.message import Message, MessageKind
from ofncore.model.order import Order
from ofncore.orders import letters
from ofncore.orders.notices import to_enterprise
from ofncore.permissions.masking import MaskedOrder, mask_for_letter
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.recording import post, record_events


@attrs.frozen(kw_only=True)
class _Cycle:
    """A cycle with its orders, and all that letters about them need."""

    cycle: OrderCycle
    #: Placed and not cancelled.
    orders: Sequence[Order]
    customers: dict[CustomerId, Customer]
    #: The coordinator, and whoever sells or supplies in the orders.
    enterprises: dict[EnterpriseId, Enterprise]
    snapshot: Snapshot
    profile: Profile

    @classmethod
    def load(cls, unit: UnitOfWork, cycle: OrderCycle, profile: Profile) -> Self:
        orders = [each for each in unit.orders.of_cycle(cycle.id) if each.is_placed]
        named = {cycle.coordinator, *(each.distributor for each in orders)}
        named |= {line.supplier for each in orders for line in each.lines}
        enterprises = {each.id: each for each in unit.enterprises.get_many(named)}
        return cls(
            cycle=cycle,
            orders=orders,
            customers={each.id: each for each in unit.customers.get_many({order.customer for order in orders})},
            enterprises=enterprises,
            snapshot=Snapshot.of(enterprises=enterprises.values(), grants=unit.grants.all(), order_cycles=(cycle,)),
            profile=profile,
        )

    def told_to(self, supplier: EnterpriseId) -> tuple[MaskedOrder, ...]:
        """Return what a letter to *supplier* may tell of the orders (PERM-7)."""
        return mask_for_letter(
            self.orders, self.customers, reader=supplier, snapshot=self.snapshot, profile=self.profile
        )

    def _selling(self, supplier: EnterpriseId) -> list[EnterpriseId]:
        """Return who sold goods of *supplier*; it is told of nobody else (PERM-G16)."""
        return sorted({order.distributor for order in self.orders for line in order.lines if line.supplier == supplier})

    def message(self, summary: ProducerSummary, *, at: datetime, late_at: datetime | None) -> Message:
        """Return the letter with *summary* to its supplier."""
        supplier, coordinator = self.enterprises[summary.supplier], self.enterprises[self.cycle.coordinator]
        letter = letters.producer_summary(
            summary,
            supplier=supplier,
            coordinator=coordinator,
            cycle=self.cycle,
            distributors=[self.enterprises[key] for key in self._selling(supplier.id)],
            orders=self.told_to(supplier.id),
            locale=supplier.locale,
            zone=supplier.time_zone,
        )
        return to_enterprise(
            letter,
            kind=MessageKind.PRODUCER_SUMMARY,
            enterprise=supplier,
            about=self.cycle.id,
            at=at,
            reply_to=coordinator.email,
            # A producer paid in two currencies gets a summary for each.
            occasion=joined_id(iso(at), summary.currency),
            late_at=late_at,
        )


def notify_producers(
    unit: UnitOfWork,
    cycle: OrderCycle,
    *,
    actor: Actor,
    at: datetime,
    automatic: bool,
    profile: Profile,
    late_at: datetime | None = None,
) -> int:
    """Send each producer with something to bring its summary, and mark the cycle; return how many were written to.

    Each letter tells its producer of buyers what *profile* lets it know (`ofncore.permissions.masking`). The automatic
    one is dated at the close, so it happens once for each closing; one by hand any number of times, at different
    instants (CYC-11).
    """
    known = _Cycle.load(unit, cycle, profile)
    summaries = summarise(cycle.id, known.orders)
    post(unit, [known.message(each, at=at, late_at=late_at) for each in summaries])
    event = ProducersNotified(
        order_cycle=cycle.id,
        suppliers=tuple(each.supplier for each in summaries),
        automatic=automatic,
        occasion=iso(at),
        actor=actor,
        at=at,
        late_at=late_at,
    )
    record_events(unit, [event])
    unit.order_cycles.save(attrs.evolve(cycle, producers_notified_at=at))
    return len(summaries)
