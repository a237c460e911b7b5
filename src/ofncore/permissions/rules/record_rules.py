"""Rules about enterprises and what belongs to them, products, grants and screens.

Source:
    PERM-3, PERM-6, PERM-8.
"""

from typing import Any, Final

from ofncore.kernel.edit_policies import Granting
from ofncore.permissions.actions import EnterpriseAction, GrantAction, ProductAction, RecordAction, ScreenAction
from ofncore.permissions.resources import ResourceKind as Kind
from ofncore.permissions.rules import record_sets as sets
from ofncore.permissions.rules.classes import CYCLES, ENTERPRISES, LINES, PRODUCTS, SHOPS, USERS
from ofncore.permissions.rules.cycle_sets import PARTICIPANT
from ofncore.permissions.rules.enterprises import HELD, MANAGED, OWNED
from ofncore.permissions.rules.rule import Rules, matrix_rule, rule
from ofncore.permissions.rules.scopes import (
    AllOf,
    Always,
    Everything,
    Gates,
    Given,
    Nothing,
    OneOf,
    Policy,
    Scope,
    Some,
)
from ofncore.permissions.screens import Report, Screen

_ANY_GRANTOR: Final = AllOf((Policy("granting", Granting.ANY_MANAGER), ENTERPRISES))
_EVERY_ENTERPRISE: Final[Scope[Any]] = Everything(lambda snapshot: snapshot.enterprises)

ENTERPRISE_RULES: Final[Rules] = {
    (Kind.ENTERPRISE, EnterpriseAction.SEE): rule(sets.VISIBLE_ENTERPRISES, "PERM-3"),
    (Kind.ENTERPRISE, EnterpriseAction.REPORT_ON): rule(sets.REPORTED_ENTERPRISES, "PERM-3"),
    (Kind.ENTERPRISE, EnterpriseAction.EDIT): rule(sets.EDITABLE_ENTERPRISES, "PERM-3", "PERM-8"),
    (Kind.ENTERPRISE, EnterpriseAction.TRANSFER): matrix_rule(Kind.ENTERPRISE, OWNED),
    (Kind.ENTERPRISE, EnterpriseAction.CHOOSE_PACKAGE): matrix_rule(Kind.ENTERPRISE, Given(ENTERPRISES, OWNED)),
    (Kind.ENTERPRISE, EnterpriseAction.EDIT_TERMS): matrix_rule(Kind.ENTERPRISE, HELD),
    # A grantee of edit_profile invites nobody (PERM-11).
    (Kind.ENTERPRISE, EnterpriseAction.INVITE_MANAGER): matrix_rule(Kind.ENTERPRISE, HELD, "PERM-11"),
    (Kind.ENTERPRISE, EnterpriseAction.REMOVE_MANAGER): matrix_rule(Kind.ENTERPRISE, OWNED),
    (Kind.ENTERPRISE, EnterpriseAction.DELETE): matrix_rule(Kind.ENTERPRISE, Nothing()),
    (Kind.ENTERPRISE, EnterpriseAction.COORDINATE): rule(sets.POSSIBLE_COORDINATORS, "PERM-3", "PERM-G3", "PERM-G4"),
    (Kind.ENTERPRISE, EnterpriseAction.EDIT_PRODUCTS): rule(sets.PRODUCT_ENTERPRISES, "PERM-3"),
    (Kind.ENTERPRISE, EnterpriseAction.KEEP_INVENTORY): rule(sets.INVENTORY_HUBS, "PERM-3"),
    (Kind.INVENTORY, EnterpriseAction.OVERRIDE_GOODS): rule(
        Given(AllOf((PRODUCTS, Some(PARTICIPANT & sets.INVENTORY_HUBS))), sets.INVENTORY_PRODUCERS_OF_ONE),
        "PERM-3",
        "PERM-8",
    ),
    (Kind.ENTERPRISE, GrantAction.GRANT): rule(MANAGED | Given(_ANY_GRANTOR, _EVERY_ENTERPRISE), "PERM-6"),
    (Kind.GRANT, GrantAction.WITHDRAW): rule(sets.OWN_GRANTS, "PERM-6"),
}

RECORD_RULES: Final[Rules] = {
    (Kind.FEE, RecordAction.EDIT_FEE): matrix_rule(Kind.FEE, sets.HELD_FEES),
    (Kind.TAG_RULE, RecordAction.EDIT_TAG_RULE): matrix_rule(Kind.TAG_RULE, sets.HELD_TAG_RULES),
    (Kind.PAYMENT_METHOD, RecordAction.EDIT_PAYMENT_METHOD): matrix_rule(
        Kind.PAYMENT_METHOD, Given(SHOPS, sets.HELD_PAYMENT_METHODS)
    ),
    (Kind.SHIPPING_METHOD, RecordAction.EDIT_SHIPPING_METHOD): matrix_rule(
        Kind.SHIPPING_METHOD, Given(SHOPS, sets.HELD_SHIPPING_METHODS)
    ),
    (Kind.SCHEDULE, RecordAction.EDIT_SCHEDULE): matrix_rule(Kind.SCHEDULE, Given(CYCLES, sets.EDITABLE_SCHEDULES)),
    (Kind.SUBSCRIPTION, RecordAction.EDIT_SUBSCRIPTION): matrix_rule(
        Kind.SUBSCRIPTION, Given(SHOPS, sets.subscriptions_of(HELD)), "SUB-1"
    ),
    (Kind.CUSTOMER, RecordAction.SEE_CUSTOMER): matrix_rule(Kind.CUSTOMER, Given(SHOPS, sets.MANAGED_CUSTOMERS)),
    (Kind.CUSTOMER, RecordAction.EDIT_CUSTOMER): matrix_rule(
        Kind.CUSTOMER, sets.OWN_ACCOUNTS | Given(SHOPS, sets.MANAGED_CUSTOMERS)
    ),
    (Kind.CUSTOMER, RecordAction.CREDIT_CUSTOMER): matrix_rule(Kind.CUSTOMER, sets.MANAGED_CUSTOMERS),
}

PRODUCT_RULES: Final[Rules] = {
    (Kind.PRODUCT, ProductAction.SEE): rule(sets.VISIBLE_PRODUCTS, "PERM-3"),
    (Kind.PRODUCT, ProductAction.LIST): rule(sets.LISTED_PRODUCTS, "PERM-3"),
    (Kind.PRODUCT, ProductAction.EDIT): matrix_rule(Kind.PRODUCT, Given(PRODUCTS, sets.MANAGED_PRODUCTS)),
    (Kind.PRODUCT, ProductAction.EDIT_IN_BULK): matrix_rule(Kind.PRODUCT, Given(PRODUCTS, sets.BULK_PRODUCTS)),
    (Kind.VARIANT, ProductAction.EDIT_VARIANT): matrix_rule(Kind.VARIANT, Given(PRODUCTS, sets.MANAGED_VARIANTS)),
    (Kind.VARIANT, ProductAction.LINK_VARIANT): matrix_rule(Kind.VARIANT, Given(PRODUCTS, sets.LINKABLE_VARIANTS)),
}

_PRODUCTS_OR_SHOPS: Final = OneOf((PRODUCTS, SHOPS))
_SHOPS_OR_LINES: Final = OneOf((SHOPS, LINES))

_SCREENS: Final = Gates(
    {
        Screen.ENTERPRISES: ENTERPRISES,
        Screen.FEES: ENTERPRISES,
        Screen.GRANTS: ENTERPRISES,
        Screen.PRODUCTS: PRODUCTS,
        Screen.ORDER_CYCLES: OneOf((CYCLES, LINES)),
        Screen.SCHEDULES: CYCLES,
        Screen.ORDERS: _SHOPS_OR_LINES,
        Screen.ORDERS_IN_BULK: _SHOPS_OR_LINES,
        Screen.PAYMENT_METHODS: SHOPS,
        Screen.SHIPPING_METHODS: SHOPS,
        Screen.CUSTOMERS: SHOPS,
        Screen.SUBSCRIPTIONS: SHOPS,
        Screen.REPORTS: _PRODUCTS_OR_SHOPS,
        Screen.NEW_ENTERPRISE: USERS,
        Screen.NEW_PRODUCT: PRODUCTS,
        Screen.NEW_ORDER_CYCLE: SHOPS,
        Screen.NEW_ORDER: Always(),
    }
)
_REPORTS: Final = Gates(
    {
        Report.CUSTOMERS: _PRODUCTS_OR_SHOPS,
        Report.ORDERS_AND_DISTRIBUTORS: _PRODUCTS_OR_SHOPS,
        Report.GROUP_BUYS: _PRODUCTS_OR_SHOPS,
        Report.PAYMENTS: _PRODUCTS_OR_SHOPS,
        Report.ORDERS_AND_FULFILLMENT: _PRODUCTS_OR_SHOPS,
        Report.PRODUCTS_AND_INVENTORY: _PRODUCTS_OR_SHOPS,
        Report.ORDER_CYCLE_MANAGEMENT: _PRODUCTS_OR_SHOPS,
        Report.ENTERPRISE_FEE_SUMMARY: _PRODUCTS_OR_SHOPS,
        Report.BULK_COOP: _PRODUCTS_OR_SHOPS,
        Report.PACKING: PRODUCTS,
        Report.SUPPLIERS: PRODUCTS,
        Report.SALES_TAX: SHOPS,
        Report.XERO_INVOICES: SHOPS,
    }
)

SCREEN_RULES: Final[Rules] = {
    (Kind.SCREEN, ScreenAction.OPEN): matrix_rule(Kind.SCREEN, _SCREENS),
    (Kind.REPORT, ScreenAction.RUN): matrix_rule(Kind.REPORT, _REPORTS, "PERM-G19", "PERM-G28"),
}
