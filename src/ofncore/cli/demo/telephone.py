"""Staff take orders for those who do not write mails: by telephone, on the market, and once after the close."""

from datetime import datetime

from ofncore.cli.demo.season import Scene
from ofncore.cli.demo.shopping import basket
from ofncore.kernel.ids import CustomerId, EnterpriseId
from ofncore.model.methods import PaymentKind
from ofncore.model.order import Channel, Order
from ofncore.orders.request import OrderRequest


def plan_calls(scene: Scene) -> None:
    """Plan the calls of a week, and the visit on the market."""
    for index, shop in enumerate(scene.cast.shops):
        callers = scene.cast.callers[shop]
        if not callers:
            continue
        turn = scene.week.number
        scene.plan(1, f"{10 + index}:20", _answer, callers[turn % len(callers)], Channel.PHONE)
        scene.plan(2, f"{10 + index}:45", _answer, callers[(turn + 1) % len(callers)], Channel.MARKET)
        if turn % len(scene.cast.shops) == index:
            scene.plan(scene.week.closing_day(), "15:20", _answer_late, callers[(turn + 2) % len(callers)])
    scene.plan(scene.week.closing_day(), "16:05", _tell_producers_again)


def _answer(scene: Scene, now: datetime, customer: CustomerId, channel: Channel) -> None:
    shop = scene.cast.customer(customer).enterprise
    key = f"{channel}:{scene.week.order_cycle}:{customer}"
    request = _request(scene, key, shop, customer, channel)
    actor = scene.cast.staff(shop)
    result = scene.network.orders.take(request, actor=actor, now=now)
    scene.refused(actor, f"taking an order of {scene.customer_name(customer)}", result, now)


def _answer_late(scene: Scene, now: datetime, customer: CustomerId) -> None:
    """Take an order after the close: refused at first, then with a reason and knowing which producers were told."""
    shop = scene.cast.customer(customer).enterprise
    actor = scene.cast.staff(shop)
    key = f"late:{scene.week.order_cycle}:{customer}"
    request = _request(scene, key, shop, customer, Channel.PHONE)
    what = f"taking an order of {scene.customer_name(customer)} after the close"
    scene.show_refused(actor, what, scene.network.orders.take(request, actor=actor, now=now), now)
    told = tuple(each.supplier for each in scene.cycle.incoming)
    reason = "Retour d'hôpital : n'a pas pu appeler avant."
    late = _request(scene, key, shop, customer, Channel.PHONE, override_reason=reason, acknowledged=told)
    result = scene.network.orders.take(late, actor=actor, now=now)
    if not scene.refused(actor, what, result, now) and isinstance(result, Order):
        scene.season.diary.say(f"  {scene.cast.name_of(actor)} takes {result.code} late, with a reason")


def _request(
    scene: Scene,
    key: str,
    shop: EnterpriseId,
    customer: CustomerId,
    channel: Channel,
    *,
    override_reason: str | None = None,
    acknowledged: tuple[EnterpriseId, ...] = (),
) -> OrderRequest:
    return OrderRequest(
        key=key,
        customer=customer,
        distributor=shop,
        order_cycle=scene.cycle.id,
        lines=basket(scene, shop, key)[:6],
        shipping_method=scene.cast.shipping_methods(shop)[0].id,
        payment_method=scene.cast.payment_method(shop, PaymentKind.BY_HAND).id,
        channel=channel,
        override_reason=override_reason,
        acknowledged=acknowledged,
    )


def _tell_producers_again(scene: Scene, now: datetime) -> None:
    actor = scene.cast.staff(scene.cycle.coordinator)
    result = scene.network.cycles.notify_producers(scene.cycle.id, actor=actor, now=now)
    scene.refused(actor, "sending the summaries again", result, now)
