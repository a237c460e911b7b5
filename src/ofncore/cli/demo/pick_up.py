"""Pick-up days: staff take the money that is still due, by hand."""

from datetime import datetime, timedelta
from typing import Final

from ofncore.cli.demo.season import Scene
from ofncore.kernel.ids import EnterpriseId, OrderId

#: Paid later, not at the pick-up.
_TRANSFER_METHODS: Final = ("virement-crest",)
#: Transfers arrive so many days after the day of the opening.
_TRANSFERS: Final = 11


def plan_pick_ups(scene: Scene) -> None:
    """Plan the pick-up days of a week: two and three days after the close, the last shop of the cycle first."""
    closing_day = scene.week.closing_day()
    for index, exchange in enumerate(reversed(scene.cycle.outgoing)):
        scene.plan(closing_day + 2 + index, "17:00", _hand_out, exchange.distributor)
    scene.plan(_TRANSFERS, "09:00", _see_transfers)


def _hand_out(scene: Scene, now: datetime, shop: EnterpriseId) -> None:
    """Take what is due from one customer after the other; those who pay by transfer pay later."""
    at = now
    for order in scene.orders():
        if order.distributor == shop and order.payment.method not in _TRANSFER_METHODS:
            at += timedelta(minutes=2)
            _receive(scene, at, order.id, "pick-up")


def _see_transfers(scene: Scene, now: datetime) -> None:
    for order in scene.orders():
        _receive(scene, now, order.id, "transfer")


def _receive(scene: Scene, now: datetime, order: OrderId, occasion: str) -> None:
    due = scene.network.orders.balance(order).outstanding
    if due.minor <= 0:
        return
    actor = scene.cast.staff(scene.season.order(order).distributor)
    result = scene.network.payments.record_receipt(order, due, key=occasion, actor=actor, now=now)
    scene.refused(actor, "recording money", result, now)
