"""The part of the answers of permission cases that is the ability matrix."""

from collections.abc import Iterator
from typing import Final

from ofncore.kernel.ids import OrderId, VariantId
from ofncore.permissions.actions import (
    Action,
    CycleAccess,
    EnterpriseAction,
    GrantAction,
    LineAction,
    OrderAccess,
    ProductAction,
    RecordAction,
    ScreenAction,
)
from ofncore.permissions.asking import list_allowed
from ofncore.permissions.resources import ResourceKind as Kind
from ofncore.permissions.screens import Screen
from ofncore.permissions.view import View
from ofncore.testing.conformance.cases import Json
from ofncore.testing.conformance.permissions_loading import numbers
from ofncore.testing.conformance.permissions_orders import lines_among

#: Resource of the cases, the list of them in the world, their kind, and what each action is here.
_MATRIX: Final[tuple[tuple[str, str, Kind, dict[str, Action]], ...]] = (
    (
        "enterprise",
        "enterprises",
        Kind.ENTERPRISE,
        {
            "update": EnterpriseAction.EDIT,
            "welcome": EnterpriseAction.CHOOSE_PACKAGE,
            "manage_enterprise_fees": EnterpriseAction.EDIT_TERMS,
            "destroy": EnterpriseAction.DELETE,
        },
    ),
    ("enterprise_fee", "fees", Kind.FEE, {"edit": RecordAction.EDIT_FEE}),
    ("tag_rule", "tag_rules", Kind.TAG_RULE, {"destroy": RecordAction.EDIT_TAG_RULE}),
    (
        "product",
        "products",
        Kind.PRODUCT,
        {"update": ProductAction.EDIT, "bulk_product_variant_update": ProductAction.EDIT_IN_BULK},
    ),
    (
        "variant",
        "variants",
        Kind.VARIANT,
        {"update": ProductAction.EDIT_VARIANT, "create_linked_variant": ProductAction.LINK_VARIANT},
    ),
    (
        "order_cycle",
        "order_cycles",
        Kind.ORDER_CYCLE,
        {
            "index": CycleAccess.LIST,
            "read": CycleAccess.SEE,
            "update": CycleAccess.SEE,
            "bulk_update": CycleAccess.MANAGE,
        },
    ),
    ("schedule", "schedules", Kind.SCHEDULE, {"update": RecordAction.EDIT_SCHEDULE}),
    (
        "order",
        "orders",
        Kind.ORDER,
        {
            "read": OrderAccess.OPEN,
            "update": OrderAccess.OPEN,
            "manage_order_sections": OrderAccess.HANDLE,
            "edit_as_producer_only": OrderAccess.OPEN_AS_SUPPLIER,
            "bulk_management": OrderAccess.OPEN_IN_BULK,
            "fire": OrderAccess.HANDLE,
            "print": OrderAccess.PRINT,
            "cancel": OrderAccess.CANCEL_OWN,
        },
    ),
    ("payment_method", "payment_methods", Kind.PAYMENT_METHOD, {"update": RecordAction.EDIT_PAYMENT_METHOD}),
    ("shipping_method", "shipping_methods", Kind.SHIPPING_METHOD, {"update": RecordAction.EDIT_SHIPPING_METHOD}),
    (
        "customer",
        "customers",
        Kind.CUSTOMER,
        {
            "index": RecordAction.SEE_CUSTOMER,
            "update": RecordAction.EDIT_CUSTOMER,
            "create_customer_account_transaction": RecordAction.CREDIT_CUSTOMER,
        },
    ),
    (
        "subscription",
        "subscriptions",
        Kind.SUBSCRIPTION,
        {"create": RecordAction.EDIT_SUBSCRIPTION, "update": RecordAction.EDIT_SUBSCRIPTION},
    ),
)
_LINE_ACTIONS: Final = {"create": LineAction.ADD, "update": LineAction.OPEN, "destroy": LineAction.REMOVE}
#: Screens that the cases call otherwise.
_SCREENS: Final = {
    Screen.FEES: "enterprise_fees",
    Screen.GRANTS: "relationships",
    Screen.ORDERS_IN_BULK: "bulk_orders",
    Screen.NEW_ENTERPRISE: "create_enterprise",
    Screen.NEW_PRODUCT: "create_product",
    Screen.NEW_ORDER_CYCLE: "create_order_cycle",
    Screen.NEW_ORDER: "create_order",
}


def abilities_of(world: Json, view: View) -> Json:
    """Return to what the user may do what."""
    answers: Json = {
        name: {action: numbers(_allowed(view, asked, kind)) for action, asked in actions.items()}
        for name, rows, kind, actions in _MATRIX
        if _has(world, rows)
    }
    if world["relationships"]:
        answers["relationship"] = _grants(world, view)
    if any(order["line_items"] for order in world["orders"]):
        answers["line_item"] = {name: _lines(world, view, action) for name, action in _LINE_ACTIONS.items()}
    answers["sections"] = sorted(
        _SCREENS.get(Screen(key), key) for key in _allowed(view, ScreenAction.OPEN, Kind.SCREEN)
    )
    answers["reports"] = sorted(_allowed(view, ScreenAction.RUN, Kind.REPORT))
    return answers


def _has(world: Json, rows: str) -> bool:
    """Deleted variants are not asked about."""
    return any(not row.get("deleted") for row in world[rows])


def _allowed(view: View, action: Action, kind: Kind) -> Iterator[str]:
    for each in list_allowed(view.actor, action, kind, view.snapshot, view.profile):
        key = each.key[-1]
        variant = view.snapshot.variants.get(VariantId(key)) if kind is Kind.VARIANT else None
        if variant is None or not variant.deleted:
            yield key


def _grants(world: Json, view: View) -> Json:
    grantors = set(_allowed(view, GrantAction.GRANT, Kind.ENTERPRISE))
    given = enumerate(world["relationships"], start=1)
    return {
        "create": [number for number, each in given if str(each["parent"]) in grantors],
        "destroy": numbers(_allowed(view, GrantAction.WITHDRAW, Kind.GRANT)),
    }


def _lines(world: Json, view: View, action: LineAction) -> list[int]:
    found = list_allowed(view.actor, action, Kind.ORDER_LINE, view.snapshot, view.profile)
    return lines_among(world, {(OrderId(order), VariantId(variant)) for order, variant in (each.key for each in found)})
