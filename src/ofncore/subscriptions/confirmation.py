"""After the close: charging each standing order, and concluding it.

A small state machine for each proxy order. It looks at what is stored and says what comes next, so it can be asked
again after a crash at any point: claim a charge, wait for one that is open, or conclude.

Source:
    SUB-14, SUB-17.3, SUB-17.4, SUB-18 d4.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from ofncore.kernel.actors import ENGINE
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Refusal
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import PaymentKind, PaymentMethod
from ofncore.model.order import Order, OrderState
from ofncore.model.payment import Payment, PaymentPurpose, PaymentState
from ofncore.model.subscription import ProxyOrder, ProxyOutcome
from ofncore.orders.balance import balance_of
from ofncore.orders.charging import plan_charge


@attrs.frozen
class ClaimCharge:
    """Store this claim, then ask the gateway."""

    payment: Payment


@attrs.frozen
class AwaitGateway:
    """A charge is open: its outcome must be learnt first."""

    payment: Payment


@attrs.frozen
class Conclude:
    """Nothing more is to come by itself: store the proxy order so."""

    proxy_order: ProxyOrder


#: What a charge that did not go through leaves behind.
_FAILED: Final = {
    PaymentState.NEEDS_CUSTOMER: (ProxyOutcome.AWAITING_CUSTOMER, Code.CHARGE_NEEDS_CUSTOMER),
    PaymentState.REFUSED: (ProxyOutcome.UNPAID, Code.CHARGE_REFUSED),
}

ConfirmationStep = ClaimCharge | AwaitGateway | Conclude


def is_confirmation_due(proxy: ProxyOrder, cycle: OrderCycle, now: datetime) -> bool:
    """Whether *proxy* is placed, not concluded, and its cycle has closed; however long ago (SUB-17.4)."""
    closes = cycle.orders_close_at
    return proxy.outcome is ProxyOutcome.PLACED and closes is not None and closes < now


def next_step(
    proxy: ProxyOrder,
    order: Order,
    payments: Sequence[Payment],
    *,
    customer: Customer,
    method: PaymentMethod,
    at: datetime,
    late_at: datetime | None = None,
) -> ConfirmationStep:
    """Return what comes next for a placed *proxy* whose cycle closed at *at*.

    *payments* are all of the order's, *method* is the order's. An order to be paid by hand is confirmed and stays due.
    A refused charge is not tried again by itself (SUB-14.7).
    """
    if order.state is OrderState.CANCELLED:
        return Conclude(attrs.evolve(proxy, outcome=ProxyOutcome.CANCELLED, cancelled_at=order.cancelled_at))
    charges = [each for each in payments if each.purpose is PaymentPurpose.CHARGE]
    under_way = [each for each in charges if each.state in (PaymentState.CLAIMED, PaymentState.UNKNOWN)]
    if under_way:
        return AwaitGateway(under_way[0])
    # What the customer tried before the close does not count, unless it still awaits the customer.
    counting = [each for each in charges if each.actor == ENGINE or each.state is PaymentState.NEEDS_CUSTOMER]
    last = max(counting, key=lambda each: each.attempt, default=None)
    if balance_of(order, payments).outstanding.minor <= 0 or method.kind is PaymentKind.BY_HAND:
        return _concluded(proxy, ProxyOutcome.CONFIRMED, None, at)
    if last is not None and last.state in _FAILED:
        outcome, reason = _FAILED[last.state]
        return _concluded(proxy, outcome, reason, at)
    claim = plan_charge(
        order,
        payments,
        method=method,
        customer=customer,
        occasion="confirmation",
        actor=ENGINE,
        at=at,
        unattended=True,
        late_at=late_at,
    )
    if isinstance(claim, Refusal):
        return _concluded(proxy, ProxyOutcome.UNPAID, claim.problems[0].code, at)
    return ClaimCharge(claim)


def _concluded(proxy: ProxyOrder, outcome: ProxyOutcome, reason: str | None, at: datetime) -> Conclude:
    kept = proxy.reason if outcome is ProxyOutcome.CONFIRMED else None
    return Conclude(attrs.evolve(proxy, outcome=outcome, reason=reason or kept, confirmed_at=at))
