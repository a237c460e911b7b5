"""Subscriptions: proxy orders kept in step, standing orders placed, charged and concluded."""

from datetime import datetime

from ofncore.kernel.ids import OrderCycleId, ProxyOrderId
from ofncore.kernel.instants import as_instant
from ofncore.services.payments import PaymentService
from ofncore.services.standing import concluding, placing, syncing
from ofncore.services.unfinished import Unfinished
from ofncore.services.wiring import Wiring
from ofncore.subscriptions.confirmation import Conclude, ConfirmationStep


class SubscriptionService:
    """Does what is due for subscriptions. Every method may be repeated; what is done is not done again."""

    def __init__(self, wiring: Wiring, payments: PaymentService) -> None:
        self._wiring = wiring
        self._payments = payments

    def sync(self, now: datetime, *, order_cycle: OrderCycleId | None = None) -> int:
        """Create and remove proxy orders, of all schedules or of those that hold *order_cycle*; return how many."""
        instant = as_instant(now)
        return self._wiring.run(lambda unit: syncing.sync(unit, instant, order_cycle))

    def place(self, order_cycle: OrderCycleId, *, at: datetime, now: datetime) -> int:
        """Place what is due in one cycle, at all its shops, in one unit of work.

        Args:
            order_cycle: The cycle.
            at: When the placement fell due; it dates the orders.
            now: The present; it decides whether orders may still be placed, and what is late.

        Returns:
            How many proxy orders were dealt with.
        """
        due, present, profile = as_instant(at), as_instant(now), self._wiring.profile
        return self._wiring.run(lambda unit: placing.place(unit, order_cycle, profile, at=due, now=present))

    def confirm(self, order_cycle: OrderCycleId, *, now: datetime) -> int:
        """Charge and conclude every placed proxy order of a closed cycle; return how many were concluded.

        One that the gateway cannot tell about yet stays placed; it is found again by the next call. When all are
        concluded the shops are told, and the cycle is settled.

        Raises:
            UnfinishedWorkError: some could not be charged or concluded; all the others were before.
        """
        instant, unfinished = as_instant(now), Unfinished()
        due = self._wiring.run(lambda unit: concluding.due_for_confirmation(unit, order_cycle, instant))
        concluded = 0
        for done, proxy in enumerate(due, start=1):
            with unfinished.noting(f"proxy order {proxy}"):
                concluded += self._conclude(proxy, instant, unfinished)
            self._wiring.progress.step("confirm", done, len(due))
        profile = self._wiring.profile
        with unfinished.noting(f"order cycle {order_cycle}"):
            self._wiring.run(lambda unit: concluding.settle(unit, order_cycle, profile, instant))
        unfinished.raise_all()
        return concluded

    def _conclude(self, proxy: ProxyOrderId, now: datetime, unfinished: Unfinished) -> bool:
        """Take the steps of one proxy order: claim, ask, conclude."""
        step = self._step(proxy, now)
        if step is not None and not isinstance(step, Conclude):
            with unfinished.noting(f"payment {step.payment.id}"):
                self._payments.resolve(step.payment.id)
            step = self._step(proxy, now)
        return isinstance(step, Conclude)

    def _step(self, proxy: ProxyOrderId, now: datetime) -> ConfirmationStep | None:
        profile = self._wiring.profile
        return self._wiring.run(lambda unit: concluding.take_step(unit, proxy, profile, now))
