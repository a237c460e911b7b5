"""Which orders and lines one actor sees and edits.

Source:
    PERM-7, and the classes `sell` and `pe` of PERM-8.
"""

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from ofncore.kernel.ids import OrderCycleId, OrderId
from ofncore.kernel.permission_policies import OrdersKept, OrphanOrders
from ofncore.model.grant import Permission
from ofncore.permissions.facts import Facts, Link, Setting, SettingFact
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.rules.enterprises import HELD, MANAGED, PRODUCER, Enterprises, Grantees, Grantors
from ofncore.permissions.rules.links import ACTOR, HasLink, Linked
from ofncore.permissions.rules.record_sets import COORDINATED_CYCLES
from ofncore.permissions.rules.scopes import Everything, Given, IsAdmin, Not, Policy, Scope, Test
from ofncore.permissions.snapshot import LineKey
from ofncore.permissions.view import View

_SELL: Final = Permission.ADD_TO_ORDER_CYCLE

# ---------------------------------------------------------------- tests


@attrs.frozen
class _ShopLets(Test[OrderId]):
    """The shop of an order has a switch on."""

    setting: Setting

    def why(self, view: View, key: OrderId) -> Facts | None:
        for shop in view.snapshot.shops_of_orders.rights_of(key):
            enterprise = view.snapshot.enterprises.get(shop)
            if enterprise is not None and getattr(enterprise.shop, self.setting):
                return (SettingFact(shop, self.setting),)
        return None


@attrs.frozen
class _OrderIs(Test[OrderId]):
    """Something is so for an order in itself."""

    test: Callable[[OrderFacts], bool]

    def why(self, view: View, key: OrderId) -> Facts | None:
        order = view.snapshot.orders.get(key)
        return () if order is not None and self.test(order) else None


@attrs.frozen
class OfOrder(Test[LineKey]):
    """Lines of orders for which a test holds."""

    orders: Test[OrderId]

    def why(self, view: View, key: LineKey) -> Facts | None:
        return self.orders.why(view, key[0])


@attrs.frozen
class LinesOf(Scope[LineKey]):
    """All lines of some orders."""

    orders: Scope[OrderId]

    def each(self, view: View) -> Iterator[LineKey]:
        for order in self.orders.each(view):
            yield from ((order, line.variant) for line in view.snapshot.orders[order].lines)

    def why(self, view: View, key: LineKey) -> Facts | None:
        return self.orders.why(view, key[0]) if view.snapshot.suppliers_of_lines.rights_of(key) else None


_LETS_PRODUCERS: Final = _ShopLets(Setting.PRODUCERS_MAY_CHANGE_ORDERS)
_LETS_CUSTOMERS: Final = _ShopLets(Setting.CUSTOMERS_MAY_CHANGE_ORDERS)
_HAS_SHOP: Final[Test[OrderId]] = HasLink(lambda snapshot: snapshot.shops_of_orders)
_ADMIN: Final = IsAdmin()

# ---------------------------------------------------------------- orders


def _sold_by(enterprises: Enterprises) -> Scope[OrderId]:
    return Linked(lambda snapshot: snapshot.shops_of_orders, Link.SOLD_BY, enterprises)


def _holding_goods_of(enterprises: Enterprises) -> Scope[OrderId]:
    return Linked(lambda snapshot: snapshot.suppliers_of_orders, Link.HOLDS_GOODS_OF, enterprises)


COORDINATED_ORDERS: Final[Scope[OrderId]] = Linked(
    lambda snapshot: snapshot.cycles_of_orders, Link.ORDERED_IN, COORDINATED_CYCLES
)
#: `mine` and `coord`: orders of which the actor is staff.
HANDLED: Final = _sold_by(MANAGED) | COORDINATED_ORDERS
#: `D`: distributors to which a producer of the actor's granted.
_TRUSTED_SHOPS: Final = Grantees(_SELL, MANAGED & PRODUCER)
#: Which producer granted which distributor is not asked, as long as each of the two has one of the other.
_SUPPLIED_BY_GRANT: Final = _sold_by(_TRUSTED_SHOPS) & _holding_goods_of(
    MANAGED & PRODUCER & Grantors(_SELL, _TRUSTED_SHOPS)
)
_KEPT: Final = Policy("orders_kept", OrdersKept.ALWAYS)

VISIBLE_ORDERS: Final = HANDLED | _SUPPLIED_BY_GRANT | Given(_KEPT, _holding_goods_of(MANAGED))
EDITABLE_ORDERS: Final = Given(_ADMIN, HANDLED) | Given(
    Not(_ADMIN), (HANDLED | (_holding_goods_of(MANAGED) & _LETS_PRODUCERS)) & _HAS_SHOP
)
REPORTED_ORDERS: Final = VISIBLE_ORDERS & _OrderIs(lambda order: order.is_placed and not order.is_cancelled)

#: What the actor sells or coordinates, by stored roles.
SOLD_OR_COORDINATED: Final = _sold_by(HELD) | COORDINATED_ORDERS
#: `sell`: whoever handles an order in the back office.
SELL: Final = (
    SOLD_OR_COORDINATED
    | Given(
        Policy("orphan_orders", OrphanOrders.SHOPS), Everything[OrderId](lambda snapshot: snapshot.orders_without_shop)
    )
    | Given(
        Policy("orphan_orders", OrphanOrders.CREATOR),
        Linked[OrderId, str](lambda snapshot: snapshot.makers_of_orders, Link.MADE_BY, ACTOR) - _HAS_SHOP,
    )
)
#: `pe`: whoever supplies an order of a shop that lets producers change their lines.
SUPPLY_AND_EDIT: Final = _holding_goods_of(HELD) & _LETS_PRODUCERS
#: Cycles with such an order.
CYCLES_OF_SUPPLY: Final[Scope[OrderCycleId]] = Linked(
    lambda snapshot: snapshot.cycles_of_orders.flipped(), Link.HOLDS_ORDER, SUPPLY_AND_EDIT
)
#: The actor is the buyer: by account, or by the secret link of a customer without one.
BOUGHT: Final[Scope[OrderId]] = Linked(lambda snapshot: snapshot.buyers_of_orders, Link.BOUGHT_BY, ACTOR)

# ---------------------------------------------------------------- lines


def _goods_of(enterprises: Enterprises) -> Scope[LineKey]:
    return Linked(lambda snapshot: snapshot.suppliers_of_lines, Link.HOLDS_GOODS_OF, enterprises)


EDITABLE_LINES: Final = Given(_ADMIN, LinesOf(HANDLED)) | Given(
    Not(_ADMIN), LinesOf(HANDLED & _HAS_SHOP) | (_goods_of(MANAGED) & OfOrder(_LETS_PRODUCERS))
)
#: A supplier or coordinator has an order without a shop in the list, and not its lines: PERM-7 asks for a shop in every
#: clause, and the vectors do so under `orders-kept` too. Administrators handle such orders (`orphan-orders`).
VISIBLE_LINES: Final = (
    EDITABLE_LINES
    | (_goods_of(MANAGED & PRODUCER) & OfOrder(VISIBLE_ORDERS) & OfOrder(_HAS_SHOP))
    | Given(_KEPT, (_goods_of(MANAGED) & OfOrder(_HAS_SHOP)) | Given(_ADMIN, _goods_of(MANAGED)))
)
#: Lines that the buyer may take away.
OWN_LINES: Final = LinesOf(BOUGHT & _LETS_CUSTOMERS)


#: Lines of which the shop tells suppliers who bought them, and how to reach them.
NAMES_TOLD: Final = VISIBLE_LINES & OfOrder(_ShopLets(Setting.SHOW_CUSTOMER_NAMES))
CONTACTS_TOLD: Final = VISIBLE_LINES & OfOrder(_ShopLets(Setting.SHOW_CUSTOMER_CONTACTS))
#: Lines of which the actor sees who bought them, how to reach them, and where they live.
BUYER_NAMES: Final = EDITABLE_LINES | NAMES_TOLD
BUYER_CONTACTS: Final = EDITABLE_LINES | CONTACTS_TOLD
BUYER_ADDRESSES: Final = EDITABLE_LINES
