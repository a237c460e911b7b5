"""Sample documents: a small world, and a state in which a bit of everything has happened; and ways to spoil them."""

import copy
import json
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from ofncore.formats.state import write_state
from ofncore.formats.world import write_world
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    AdjustmentId,
    CustomerId,
    EnterpriseId,
    FeeId,
    OrderCycleId,
    OrderId,
    PaymentId,
    SubscriptionId,
    TaxRateId,
    VariantId,
)
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.model.event import (
    CycleEdited,
    Event,
    OrderCancelled,
    OrderPlaced,
    PaymentSettled,
    ProducersNotified,
    RuleOverridden,
    SubscriptionShort,
)
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.message import MessageKind
from ofncore.model.order import (
    Channel,
    Discount,
    FeeCharge,
    ManualAdjustment,
    Order,
    OrderState,
    ShippingCharge,
    TaxCharge,
)
from ofncore.model.payment import PaymentPurpose, PaymentState
from ofncore.model.subscription import ProxyOrder, ProxyOutcome
from ofncore.model.world import State
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW, euros

Data = dict[str, Any]
#: Where something is in parsed data.
Place = tuple[str | int, ...]

#: As a new value: take the entry out.
GONE: Final = object()

_TAX: Final = TaxRateId("food-rate")


def _tax(amount: str, *, included: bool = True) -> TaxCharge:
    return TaxCharge(rate=_TAX, name="Food rate", amount=euros(amount), included=included)


def _fee(amount: str, **changes: Any) -> FeeCharge:  # noqa: ANN401 - any field
    charge: dict[str, Any] = {
        "fee": FeeId("admin-fee"),
        "name": "Admin fee",
        "fee_type": FeeType.ADMIN,
        "role": FeeRole.COORDINATOR,
        "enterprise": EnterpriseId("hub"),
        "amount": euros(amount),
    }
    return FeeCharge(**(charge | changes))


def _orders() -> tuple[Order, ...]:
    """A web order with every kind of charge, one of a subscription, and one that was cancelled."""
    eggs = worlds.order_line("eggs", quantity=3, wanted=5, fees=(_fee("0.96"),), taxes=(_tax("0.50"),))
    carrots = worlds.order_line("carrots", price=euros("2.50"), quantity=2, fees=(_fee("0.50", taxes=(_tax("0.03"),)),))
    fee = _fee("1.00", role=FeeRole.SUPPLIER, exchange=EnterpriseId("farm"), taxes=(_tax("0.06", included=False),))
    shipping = ShippingCharge(
        method=worlds.shipping_method().id, name="Pickup", amount=euros("2.00"), taxes=(_tax("0.10"),)
    )
    subscribed = {"channel": Channel.SUBSCRIPTION, "subscription": "anna-weekly"}
    return (
        worlds.order(
            "order-1",
            lines=(eggs, carrots),
            fees=(fee,),
            shipping=shipping,
            adjustments=(
                ManualAdjustment(
                    id=AdjustmentId("jar"),
                    label="Jar",
                    amount=euros("0.00"),
                    enterprise=EnterpriseId("farm"),
                    taxes=(_tax("0"),),
                ),
            ),
            discounts=(Discount(code="WELCOME", rate=Fraction(), amount=euros("0.00"), included_tax=euros("0.00")),),
            comment="Späti “links” \u2028 ok",
        ),
        worlds.order("order-2", **subscribed, late_at=NOW + timedelta(hours=2)),
        worlds.order("order-3", customer="ben", state=OrderState.CANCELLED, cancelled_at=NOW),
    )


def _events() -> tuple[Event, ...]:
    cycle, at = OrderCycleId("week-10"), NOW
    order, anna = OrderId("order-1"), CustomerId("anna")
    return (
        CycleEdited(order_cycle=cycle, at=at, occasion="1", changed=("$.incoming[0].variants",)),
        worlds.event(),
        OrderCancelled(order=OrderId("order-3"), at=at, actor=Actor.customer("ben"), restocked=True),
        OrderPlaced(order=order, at=at, actor=Actor.user("amelie"), customer=anna, total=euros("19.12")),
        PaymentSettled(order=order, at=at, payment=PaymentId("payment-1"), amount=euros("10.00")),
        ProducersNotified(order_cycle=cycle, at=at, suppliers=(EnterpriseId("farm"),), automatic=True),
        RuleOverridden(
            order=order,
            at=at,
            customer=anna,
            rule="cycle.closed",
            reason="a phone call",
            producers=(EnterpriseId("farm"),),
        ),
        SubscriptionShort(
            subscription=SubscriptionId("anna-weekly"), order_cycle=cycle, at=at, variants=(VariantId("eggs"),)
        ),
    )


def busy_state() -> State:
    """Return a state with something in every list, sorted as documents are."""
    paid, back = PaymentState.SETTLED, PaymentPurpose.REFUND
    cancelled = {"order": "order-3", "state": paid}
    messages = (
        worlds.message("anna-weekly/week-10", kind=MessageKind.SUBSCRIPTION_PLACED, to=None),
        worlds.message("order-1"),
        worlds.message("week-10", kind=MessageKind.PRODUCER_SUMMARY, recipient="farm"),
    )
    return worlds.small_state(
        stock=(
            worlds.stock_item("carrots", on_hand=18, opening=20),
            worlds.stock_item("cheese", on_hand=0, on_demand=True),
            worlds.stock_item("eggs", on_hand=7, opening=10),
            worlds.stock_item("eggs", hub="hub", on_hand=4),
        ),
        orders=_orders(),
        proxy_orders=(
            ProxyOrder(
                subscription=SubscriptionId("anna-weekly"),
                order_cycle=OrderCycleId("week-10"),
                order=OrderId("order-2"),
                outcome=ProxyOutcome.PLACED,
                placed_at=NOW,
            ),
        ),
        payments=(
            worlds.payment("payment-1", state=paid, amount=euros("10.00"), actor=Actor.user("amelie")),
            worlds.payment("payment-2"),
            worlds.payment("payment-3", **cancelled),
            worlds.payment("payment-4", **cancelled, purpose=back, amount=euros("-3.20"), refund_of="payment-3"),
        ),
        stock_movements=(
            worlds.movement("movement-1", delta=-3, order="order-1"),
            worlds.movement("movement-2", variant="carrots", delta=-2, order="order-1", actor=Actor.customer("anna")),
        ),
        messages=tuple(sorted(messages, key=lambda each: each.id)),
        events=tuple(sorted(_events(), key=lambda each: each.id)),
    )


def world_data() -> Data:
    """Return the parsed document of the small world."""
    data: Data = json.loads(write_world(worlds.small_world()))
    return data


def state_data() -> Data:
    """Return the parsed document of the busy state."""
    data: Data = json.loads(write_state(busy_state()))
    return data


def edited(data: Data, *edits: tuple[Place, object]) -> Data:
    """Return a copy of *data* in which each place has its new value."""
    result = copy.deepcopy(data)
    for place, value in edits:
        holder: Any = result
        for step in place[:-1]:
            holder = holder[step]
        if value is GONE:
            del holder[place[-1]]
        elif isinstance(holder, list) and place[-1] == len(holder):
            holder.append(value)
        else:
            holder[place[-1]] = value
    return result


def problems(result: object) -> tuple[Problem, ...]:
    """Return the problems of what must be a refusal."""
    assert isinstance(result, Refusal), "the document was read"
    return result.problems


def money(amount: str, currency: str = "EUR") -> Money:
    """Return money for an expected parameter."""
    return Money.of(amount, currency)
