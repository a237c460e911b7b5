"""Pick-up days: staff take the money that is still due, by hand."""

from datetime import datetime, timedelta
from typing import Final

from ofncore.cli.demo.season import Scene
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money
from ofncore.model.order import Order

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
    for order, balance in scene.orders():
        if order.distributor == shop and order.payment.method not in _TRANSFER_METHODS:
            at += timedelta(minutes=2)
            _receive(scene, at, order, balance.outstanding, "pick-up")


def _see_transfers(scene: Scene, now: datetime) -> None:
    for order, balance in scene.orders():
        _receive(scene, now, order, balance.outstanding, "transfer")


def _receive(scene: Scene, now: datetime, order: Order, due: Money, occasion: str) -> None:
    if due.minor > 0:
        actor = scene.cast.staff(order.distributor)
        result = scene.network.payments.record_receipt(order.id, due, key=occasion, actor=actor, now=now)
        scene.refused(actor, "recording money", result, now)
