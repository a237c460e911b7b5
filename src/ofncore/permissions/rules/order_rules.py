"""Rules about orders and their lines.

Source:
    PERM-7, PERM-8, PERM-10 (`row-level`, `orphan-orders`, `orders-kept`), ORD-6, ORD-O24.
"""

from typing import Any, Final

from ofncore.kernel.permission_policies import OrderScreens
from ofncore.permissions.actions import LineAction, OrderAccess, OrderAction
from ofncore.permissions.resources import ResourceKind as Kind
from ofncore.permissions.rules import order_sets as sets
from ofncore.permissions.rules.classes import ADMIN, ENTERPRISES, LINES, SHOPS
from ofncore.permissions.rules.rule import Rules, matrix_rule, rule
from ofncore.permissions.rules.scopes import AllOf, ByEngine, Everything, Given, Not, Policy, Scope

_EVERY_ORDER: Final[Scope[Any]] = Everything(lambda snapshot: snapshot.orders)
_EVERY_LINE: Final[Scope[Any]] = Everything(lambda snapshot: snapshot.lines)
#: Managers of a shop may do it to whatever the screen is called with.
_BY_SCREEN: Final = AllOf((SHOPS, Policy("order_screens", OrderScreens.SCREENS)))
_ENGINE: Final[Scope[Any]] = Given(ByEngine(), _EVERY_ORDER)

_AS_SUPPLIER: Final = Given(LINES, sets.SUPPLY_AND_EDIT)
_SOLD: Final = Given(SHOPS, sets.SELL)
_SOLD_OR_SUPPLIED: Final = Given(SHOPS, sets.SELL | sets.SUPPLY_AND_EDIT) | _AS_SUPPLIER
_OPEN_LINES: Final = Given(SHOPS, sets.LinesOf(sets.SOLD_OR_COORDINATED | sets.SUPPLY_AND_EDIT)) | Given(
    LINES, sets.LinesOf(sets.SUPPLY_AND_EDIT)
)
_STAFF: Final = sets.HANDLED | _ENGINE

ORDER_RULES: Final[Rules] = {
    (Kind.ORDER, OrderAction.TAKE): rule(_STAFF | sets.BOUGHT, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAction.CHANGE): rule(_STAFF | sets.BOUGHT, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAction.CANCEL): rule(_STAFF | sets.BOUGHT, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAction.RECORD_PAYMENT): rule(
        _STAFF | Given(_BY_SCREEN, _EVERY_ORDER), "ORD-6", "ORD-O24", "PERM-8"
    ),
    (Kind.ORDER, OrderAction.WEIGH): rule(_STAFF, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAction.ADJUST): rule(_STAFF, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAction.REPRICE): rule(_STAFF, "ORD-6", "ORD-O24", "PERM-8"),
    (Kind.ORDER, OrderAccess.SEE): rule(sets.VISIBLE_ORDERS, "PERM-7", "PERM-G19", "PERM-G28"),
    (Kind.ORDER, OrderAccess.REPORT): rule(sets.REPORTED_ORDERS, "PERM-7", "PERM-G19", "PERM-G28"),
    (Kind.ORDER, OrderAccess.EDIT): rule(sets.EDITABLE_ORDERS, "PERM-7"),
    (Kind.ORDER, OrderAccess.OPEN): matrix_rule(Kind.ORDER, sets.BOUGHT | _SOLD_OR_SUPPLIED),
    (Kind.ORDER, OrderAccess.HANDLE): matrix_rule(Kind.ORDER, _SOLD),
    (Kind.ORDER, OrderAccess.OPEN_AS_SUPPLIER): rule(
        Given(Not(ADMIN), Given(SHOPS, sets.SUPPLY_AND_EDIT - sets.SELL) | _AS_SUPPLIER), "PERM-8"
    ),
    (Kind.ORDER, OrderAccess.OPEN_IN_BULK): matrix_rule(
        Kind.ORDER, Given(_BY_SCREEN, _EVERY_ORDER) | _SOLD_OR_SUPPLIED
    ),
    (Kind.ORDER, OrderAccess.PRINT): matrix_rule(Kind.ORDER, _SOLD | Given(ENTERPRISES, sets.BOUGHT)),
    (Kind.ORDER, OrderAccess.CANCEL_OWN): matrix_rule(Kind.ORDER, sets.BOUGHT),
    (Kind.ORDER, OrderAccess.EDIT_SHIPMENT): matrix_rule(
        Kind.ORDER, Given(_BY_SCREEN, _EVERY_ORDER) | _SOLD_OR_SUPPLIED
    ),
    (Kind.ORDER, OrderAccess.DELETE_ADJUSTMENT): matrix_rule(Kind.ORDER, Given(SHOPS, sets.SOLD_OR_COORDINATED)),
}

LINE_RULES: Final[Rules] = {
    (Kind.ORDER_LINE, LineAction.SEE): rule(sets.VISIBLE_LINES, "PERM-7", "PERM-G19"),
    (Kind.ORDER_LINE, LineAction.EDIT): rule(sets.EDITABLE_LINES, "PERM-7"),
    (Kind.ORDER_LINE, LineAction.ADD): matrix_rule(Kind.ORDER_LINE, Given(_BY_SCREEN, _EVERY_LINE) | _OPEN_LINES),
    (Kind.ORDER_LINE, LineAction.OPEN): matrix_rule(Kind.ORDER_LINE, _OPEN_LINES),
    (Kind.ORDER_LINE, LineAction.REMOVE): matrix_rule(Kind.ORDER_LINE, _OPEN_LINES | sets.OWN_LINES),
    (Kind.ORDER_LINE, LineAction.SEE_BUYER_NAME): rule(sets.BUYER_NAMES, "PERM-7", "PERM-G20", "PERM-G28"),
    (Kind.ORDER_LINE, LineAction.SEE_BUYER_CONTACT): rule(sets.BUYER_CONTACTS, "PERM-7", "PERM-G20"),
    (Kind.ORDER_LINE, LineAction.SEE_BUYER_ADDRESS): rule(sets.BUYER_ADDRESSES, "PERM-7"),
}
