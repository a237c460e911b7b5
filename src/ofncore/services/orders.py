"""Orders: taken, changed, weighed, adjusted, priced anew, cancelled."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from ofncore.fees.repricing import Repricing
from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.ids import OrderCycleId, OrderId, VariantId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.model.order import Order
from ofncore.orders.adjusting import RequestedAdjustment, plan_adjustment, plan_adjustment_removal
from ofncore.orders.balance import Balance, balance_of
from ofncore.orders.cancelling import plan_cancellation
from ofncore.orders.changing import plan_change
from ofncore.orders.line_changes import plan_addition, plan_removal
from ofncore.orders.repricing import plan_reprice
from ofncore.orders.request import OrderRequest
from ofncore.orders.weighing import plan_weighing
from ofncore.permissions.masking import MaskedOrder
from ofncore.services.ordering.amending import Amendment, Decision, unknown_category
from ofncore.services.ordering.showing import shown
from ofncore.services.ordering.taking import take
from ofncore.services.wiring import Wiring


class OrderService:
    """Takes, changes and cancels orders. Each act is one unit of work: order, stock, messages and events together.

    The customer is told by letter whenever an act changes the quantities or the total of a placed order. An act that
    changes nothing gives the order back, and nobody is told.

    The order that an act gives back is for the host. What people are shown of it passes through masking first: see
    `shown`. Where a shop lets suppliers change its orders, the managers of a supplier may change, weigh, add and take
    away its own lines, until the order is shipped; every other act is refused to them.

    An argument of another type is a `TypeError` that names it.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def take(self, request: OrderRequest, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Place an order, for the actor or for a customer the actor acts for; customer and shop are told.

        A repeat of a request with the same key gives the same order and changes nothing.

        Returns:
            The order as stored, or a refusal with every problem (see `ofncore.orders.placing.plan_order`).
        """
        check_type(OrderRequest, request=request)
        check_type(Actor, actor=actor)
        instant, profile = as_instant(now), self._wiring.profile
        # A slash parts the ids that the library makes; a key never looks like one of those.
        asked = attrs.evolve(request, key=joined_id(request.key))
        return self._wiring.run(lambda unit: take(unit, asked, actor=actor, now=instant, profile=profile))

    def change(
        self, order: OrderId, quantities: Mapping[VariantId, int], *, actor: Actor, now: datetime
    ) -> Order | Refusal:
        """Set new *quantities* of lines of a placed order (see `ofncore.orders.changing.plan_change`).

        The shop is told too if it was a supplier who changed its lines.
        """
        check_type(Mapping, quantities=quantities)
        instant = as_instant(now)
        return self._amend(
            order,
            lambda stored, facts: plan_change(stored, quantities, facts, actor=actor, now=instant),
            actor=actor,
            now=instant,
        )

    def add_line(
        self, order: OrderId, variant: VariantId, quantity: int, *, actor: Actor, now: datetime
    ) -> Order | Refusal:
        """Add so many pieces of a variant to a placed order (see `ofncore.orders.line_changes.plan_addition`).

        The shop is told too if it was a supplier who did so. A repeat is refused, for there is such a line now
        (`DUPLICATE_LINE`).
        """
        check_type(str, order=order, variant=variant)
        by = attrs.evolve(self._amendment(actor, as_instant(now)), adding=variant)
        return self._wiring.run(
            lambda unit: by.apply(
                unit,
                order,
                lambda stored, facts: plan_addition(stored, variant, quantity, facts, actor=actor, now=by.now),
            )
        )

    def remove_line(self, order: OrderId, variant: VariantId, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Take the line of a variant off a placed order (see `ofncore.orders.line_changes.plan_removal`).

        The shop is told too if it was a supplier who did so. A repeat is refused, for there is no such line any more.
        """
        check_type(str, variant=variant)
        instant = as_instant(now)
        return self._amend(
            order,
            lambda stored, facts: plan_removal(stored, variant, facts, actor=actor, now=instant),
            actor=actor,
            now=instant,
        )

    def weigh(
        self, order: OrderId, weights: Mapping[VariantId, Decimal | int | None], *, actor: Actor, now: datetime
    ) -> Order | Refusal:
        """Note what lines of a placed order really weigh or measure (see `ofncore.orders.weighing.plan_weighing`).

        Fees and shipping by weight follow; the price of the goods stays as it is (FEE-3). If the total moves and it was
        a supplier who weighed its lines, the shop is told too.
        """
        check_type(Mapping, weights=weights)
        instant = as_instant(now)
        return self._amend(
            order,
            lambda stored, facts: plan_weighing(stored, weights, facts, actor=actor, now=instant),
            actor=actor,
            now=instant,
        )

    def adjust(
        self, order: OrderId, adjustment: RequestedAdjustment, *, actor: Actor, now: datetime
    ) -> Order | Refusal:
        """Set an amount on a placed order by hand (see `ofncore.orders.adjusting.plan_adjustment`).

        Doing so again with the same key and content changes nothing.
        """
        check_type(str, order=order)
        check_type(RequestedAdjustment, adjustment=adjustment)
        by = self._amendment(actor, as_instant(now))
        return self._wiring.run(
            lambda unit: (
                unknown_category(unit, adjustment.tax_category)
                or by.apply(
                    unit,
                    order,
                    lambda stored, facts: plan_adjustment(stored, adjustment, facts, actor=actor, now=by.now),
                )
            )
        )

    def remove_adjustment(self, order: OrderId, key: str, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Take off what was set by hand under this *key* (see `ofncore.orders.adjusting.plan_adjustment_removal`)."""
        check_type(str, key=key)
        instant = as_instant(now)
        return self._amend(
            order,
            lambda stored, facts: plan_adjustment_removal(stored, key, facts, actor=actor, now=instant),
            actor=actor,
            now=instant,
        )

    def apply_voucher(self, order: OrderId, code: str, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Give a placed order the voucher with this *code* in place of any other; an empty code takes it off.

        See `ofncore.orders.discounting.plan_voucher`. A code that the shop does not know is refused.
        """
        check_type(str, order=order, code=code)
        by = self._amendment(actor, as_instant(now))
        return self._wiring.run(lambda unit: by.apply_voucher(unit, order, code))

    def preview_reprice(self, order: OrderId, *, actor: Actor, now: datetime) -> Repricing | Refusal:
        """Return what pricing a placed order by the terms of *now* would change; nothing is changed."""
        check_type(str, order=order)
        by = self._amendment(actor, as_instant(now))
        return self._wiring.run(lambda unit: by.preview(unit, order))

    def reprice(self, order: OrderId, *, actor: Actor, now: datetime) -> Order | Refusal:
        """Price a placed order by the terms of *now* (see `ofncore.orders.repricing.plan_reprice`)."""
        instant = as_instant(now)
        return self._amend(
            order,
            lambda stored, facts: plan_reprice(stored, facts, actor=actor, now=instant),
            actor=actor,
            now=instant,
        )

    def cancel(self, order: OrderId, *, actor: Actor, now: datetime, restock: bool = True) -> Order | Refusal:
        """Cancel a placed order (see `ofncore.orders.cancelling.plan_cancellation`).

        The customer is told; the shop too, if it was the customer who cancelled. Cancelling a cancelled order again
        gives it back and changes nothing.
        """
        check_type(str, order=order)
        check_type(bool, restock=restock)
        by = self._amendment(actor, as_instant(now))
        return self._wiring.run(
            lambda unit: by.cancel(
                unit,
                order,
                lambda stored, facts: plan_cancellation(stored, facts, actor=actor, now=by.now, restock=restock),
            )
        )

    def get(self, order: OrderId) -> Order:
        """Return an order.

        Raises:
            NotFoundError: there is none with this id.
        """
        check_type(str, order=order)
        return self._wiring.run(lambda unit: unit.orders.get(order))

    def shown(self, order_cycle: OrderCycleId, *, viewer: Actor) -> tuple[MaskedOrder, ...]:
        """Return what *viewer* may know of the orders of a cycle (see `ofncore.permissions.masking.mask_orders`).

        By id; orders that the viewer may not see are left out. Strangers are shown none.

        Raises:
            NotFoundError: there is no such cycle.
        """
        check_type(str, order_cycle=order_cycle)
        check_type(Actor, viewer=viewer)
        return self._wiring.run(lambda unit: shown(unit, order_cycle, viewer=viewer, profile=self._wiring.profile))

    def balance(self, order: OrderId) -> Balance:
        """Return what an order still costs.

        Raises:
            NotFoundError: there is none with this id.
        """
        check_type(str, order=order)
        return self._wiring.run(lambda unit: balance_of(unit.orders.get(order), unit.payments.of_orders([order])))

    def _amendment(self, actor: Actor, now: datetime) -> Amendment:
        check_type(Actor, actor=actor)
        return Amendment(actor=actor, now=now, profile=self._wiring.profile)

    def _amend(self, order: OrderId, decide: Decision, *, actor: Actor, now: datetime) -> Order | Refusal:
        check_type(str, order=order)
        amendment = self._amendment(actor, now)
        return self._wiring.run(lambda unit: amendment.apply(unit, order, decide))
