"""What staff do to placed orders of a random life beside changing quantities: weigh, adjust, discount, price anew."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, TaxCategoryId
from ofncore.kernel.money import Money
from ofncore.model.order import Order
from ofncore.network import FoodNetwork
from ofncore.orders.adjusting import RequestedAdjustment
from ofncore.testing.chance import Chance
from ofncore.testing.random_money import SERVICE, voucher_code

#: Amends an order at an instant, and returns what came of it.
Amend = Callable[[FoodNetwork, Order, Chance, datetime], object]


def manager_of(enterprise: EnterpriseId) -> Actor:
    """Return who manages *enterprise* in a random world."""
    return Actor.user(f"manager-of-{enterprise}")


def _weigh(network: FoodNetwork, order: Order, chance: Chance, now: datetime) -> object:
    weights = {line.variant: Decimal(chance.number(0, 6000)) for line in chance.some(order.lines)}
    return network.orders.weigh(order.id, weights, actor=manager_of(order.distributor), now=now)


def _adjust(network: FoodNetwork, order: Order, chance: Chance, now: datetime) -> object:
    actor, key = manager_of(order.distributor), f"adjustment-{chance.number(1, 2)}"
    if chance.once_in(3):
        return network.orders.remove_adjustment(order.id, key, actor=actor, now=now)
    amount = Money(chance.number(-200, 500), order.currency)
    category = None if chance.once_in(2) else TaxCategoryId(SERVICE)
    adjustment = RequestedAdjustment(key=key, label="By hand", amount=amount, tax_category=category)
    return network.orders.adjust(order.id, adjustment, actor=actor, now=now)


def _discount(network: FoodNetwork, order: Order, chance: Chance, now: datetime) -> object:
    code = "" if chance.once_in(3) else voucher_code(order.distributor)
    return network.orders.apply_voucher(order.id, code, actor=manager_of(order.distributor), now=now)


def _reprice(network: FoodNetwork, order: Order, _chance: Chance, now: datetime) -> object:
    return network.orders.reprice(order.id, actor=manager_of(order.distributor), now=now)


#: By name.
AMENDMENTS: Final[Mapping[str, Amend]] = MappingProxyType(
    {"weigh": _weigh, "adjust": _adjust, "discount": _discount, "reprice": _reprice}
)
