"""The part of the answers of permission cases that is about orders and buyers."""

from collections.abc import Collection

from ofncore.permissions.actions import LineAction
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.rules import order_sets as sets
from ofncore.permissions.snapshot import LineKey
from ofncore.permissions.view import View
from ofncore.testing.conformance.cases import Json
from ofncore.testing.conformance.permissions_loading import line_key, numbers

_SHOWN = {
    "name": LineAction.SEE_BUYER_NAME,
    "contact": LineAction.SEE_BUYER_CONTACT,
    "address": LineAction.SEE_BUYER_ADDRESS,
}


def orders_of(world: Json, view: View) -> Json:
    """Return which orders and lines the user sees and edits, and what is shown of the buyers."""
    visible = lines_among(world, sets.VISIBLE_LINES.members(view))
    return {
        "visible_orders": numbers(sets.VISIBLE_ORDERS.members(view)),
        "editable_orders": numbers(sets.EDITABLE_ORDERS.members(view)),
        "reported_orders": numbers(sets.REPORTED_ORDERS.members(view)),
        "visible_line_items": visible,
        "editable_line_items": lines_among(world, sets.EDITABLE_LINES.members(view)),
        "buyer_data": {
            str(line["id"]): _buyer_data(line_key(order, line), view)
            for order in world["orders"]
            for line in order["line_items"]
            if line["id"] in visible
        },
    }


def lines_among(world: Json, keys: Collection[LineKey]) -> list[int]:
    """Return the numbers of the lines of a case that are among *keys*; two lines of one variant share their key."""
    lines = ((order, line) for order in world["orders"] for line in order["line_items"])
    return sorted(line["id"] for order, line in lines if line_key(order, line) in keys)


def _buyer_data(key: LineKey, view: View) -> Json:
    line = resource(ResourceKind.ORDER_LINE, *key)
    return {
        part: check(view.actor, action, line, view.snapshot, view.profile).allowed for part, action in _SHOWN.items()
    }
