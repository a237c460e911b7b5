"""Each thing that can be wrong with what happened, alone: its code, its path, its parameters, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from formats.samples import GONE, Place, edited, money, problems, state_data
from formats.test_broken_worlds import Broken, broken, place
from ofncore.formats.state import read_state
from ofncore.kernel.codes import Code
from ofncore.model.event import EVENT_KINDS
from ofncore.model.world import State

VALID = state_data()
ORDER, LINE, PROXY, PAYMENT = "$.orders[0]", "$.orders[0].lines[0]", "$.proxy_orders[0]", "$.payments[0]"
MOVEMENT, MESSAGE, EVENT = "$.stock_movements[0]", "$.messages[0]", "$.events[0]"
SUBJECTS = "$.orders, $.order_cycles, $.proxy_orders, $.enterprises"
RECIPIENTS = "$.customers, $.enterprises, $.users"


def euros(amount: str) -> dict[str, str]:
    """Return an amount as a document states it."""
    return {"amount": amount, "currency": "EUR"}


def copied(path: str, source: int, **changes: object) -> tuple[Any, object]:
    """Return the edit that adds a copy of an entry of the list at *path*, with *changes*."""
    (name,) = place(path)
    entries = VALID[str(name)]
    return (name, len(entries)), entries[source] | changes


def order(key: str) -> dict[str, object]:
    """Return what makes another order of a copy."""
    return {"id": key, "code": key.upper(), "paid": euros("0.00"), "outstanding": euros("19.12")}


STATED = [
    *(
        broken(Code.MISSTATED, f"{ORDER}.{name}", euros("99.00"), found=money("99.00"), expected=money(expected))
        for name, expected in (
            ("item_total", "14.60"),
            ("fee_total", "2.46"),
            ("included_tax_total", "0.63"),
            ("added_tax_total", "0.06"),
            ("total", "19.12"),
        )
    ),
    # ORD-O10, ORD-O11: settled payments, and what is left.
    broken(Code.MISSTATED, f"{ORDER}.paid", euros("10.01"), found=money("10.01"), expected=money("10.00")),
    broken(Code.MISSTATED, f"{ORDER}.outstanding", euros("9.13"), found=money("9.13"), expected=money("9.12")),
    # A cancelled order owes back all that was paid, here nothing any more.
    broken(Code.MISSTATED, "$.orders[2].outstanding", euros("3.20"), found=money("3.20"), expected=money("0.00")),
    broken(Code.MISSTATED, f"{LINE}.amount", euros("3.20"), found=money("3.20"), expected=money("9.60")),
    broken(Code.MISSTATED, f"{PROXY}.id", "x", found='"x"', expected='"anna-weekly/week-10"'),
    broken(Code.MISSTATED, f"{MESSAGE}.id", "x", found='"x"', expected='"order_placed/order-1/anna/"'),
    broken(Code.MISSTATED, f"{EVENT}.id", "x", found='"x"', expected='"cycle_edited/week-10/1"'),
    # ORD-Q5: ten at first, three went.
    broken(Code.MISSTATED, "$.stock[2].on_hand", 10, found=10, expected=7),
    Broken(Code.MISSTATED, "$.stock[2].on_hand", (((*place(MOVEMENT), "delta"), -4),), {"found": 7, "expected": 6}),
]

REFERENCES = [
    *(
        broken(Code.UNKNOWN_REFERENCE, path, "nowhere", id="nowhere", list=f"$.{name}")
        for path, name in (
            (f"{ORDER}.lines[0].fees[0].fee", "fees"),
            (f"{ORDER}.lines[0].fees[0].enterprise", "enterprises"),
            (f"{ORDER}.lines[0].taxes[0].rate", "tax_rates"),
            (f"{ORDER}.lines[0].supplier", "enterprises"),
            (f"{ORDER}.lines[0].variant", "variants"),
            (f"{ORDER}.fees[0].exchange", "enterprises"),
            (f"{ORDER}.shipping.method", "shipping_methods"),
            (f"{ORDER}.payment.method", "payment_methods"),
            (f"{ORDER}.order_cycle", "order_cycles"),
            (f"{ORDER}.customer", "customers"),
            (f"{ORDER}.distributor", "enterprises"),
            (f"{ORDER}.adjustments[0].enterprise", "enterprises"),
            (f"{ORDER}.subscription", "subscriptions"),
            (f"{ORDER}.tax_zone", "tax_zones"),
            (f"{PROXY}.order", "orders"),
            ("$.payments[1].order", "orders"),
            ("$.payments[1].refund_of", "payments"),
            (f"{MOVEMENT}.order", "orders"),
        )
    ),
    *(
        broken(Code.UNKNOWN_REFERENCE, path, actor, id=actor.partition(":")[2], list=f"$.{name}")
        for path, actor, name in (
            (f"{ORDER}.placed_by", "user:nobody", "users"),
            (f"{PAYMENT}.actor", "customer:nobody", "customers"),
            (f"{MOVEMENT}.actor", "user:nobody", "users"),
            (f"{EVENT}.actor", "user:nobody", "users"),
        )
    ),
    *(
        broken(Code.BAD_ACTOR, f"{PAYMENT}.actor", actor, found=f'"{actor}"')
        for actor in ("nobody", "user:", "engine:x", "", "User:amelie")
    ),
    Broken(
        Code.UNKNOWN_REFERENCE,
        f"{MESSAGE}.about",
        ((place(f"{MESSAGE}.about"), "nothing"), (place(f"{MESSAGE}.id"), GONE)),
        {"id": "nothing", "list": SUBJECTS},
    ),
    Broken(
        Code.UNKNOWN_REFERENCE,
        f"{MESSAGE}.recipient",
        ((place(f"{MESSAGE}.recipient"), "nobody"), (place(f"{MESSAGE}.id"), GONE)),
        {"id": "nobody", "list": RECIPIENTS},
    ),
]

RULES = [
    broken(Code.NOT_ACCEPTED, f"{EVENT}.kind", "party", found='"party"', accepted=tuple(sorted(EVENT_KINDS))),
    Broken(
        Code.DUPLICATE_CODE,
        "$.orders[3].code",
        (copied("$.orders", 0, **(order("order-4") | {"code": "ORDER-1"})),),
        {"found": "ORDER-1", "first": "$.orders[0].code"},
    ),
    Broken(
        Code.CUSTOMER_OF_OTHER_SHOP,
        f"{ORDER}.customer",
        (
            (place(f"{ORDER}.customer"), "carla"),
            (("customers", 2), VALID["customers"][0] | {"id": "carla", "enterprise": "farm"}),
        ),
        {"customer": "carla", "distributor": "hub"},
    ),
    Broken(
        Code.DUPLICATE_LINE,
        f"{ORDER}.lines[1].variant",
        ((place(f"{ORDER}.lines[1].variant"), "eggs"),),
        {"variant": "eggs"},
    ),
    *(
        Broken(
            Code.OTHER_CURRENCY,
            f"{path}.currency",
            ((place(path), {"amount": "1.00", "currency": "USD"}),),
            {"found": "USD", "expected": "EUR"},
        )
        for path in (
            f"{LINE}.fees[0].amount",
            f"{LINE}.taxes[0].amount",
            f"{ORDER}.lines[1].fees[0].taxes[0].amount",
            f"{ORDER}.fees[0].amount",
            f"{ORDER}.fees[0].taxes[0].amount",
            f"{ORDER}.shipping.amount",
            f"{ORDER}.shipping.taxes[0].amount",
            f"{ORDER}.payment.amount",
            f"{ORDER}.adjustments[0].amount",
            f"{ORDER}.adjustments[0].taxes[0].amount",
            f"{ORDER}.discounts[0].amount",
            f"{ORDER}.discounts[0].included_tax",
            f"{PAYMENT}.amount",
        )
    ),
    Broken(
        Code.OTHER_CURRENCY,
        f"{LINE}.price.currency",
        ((place(f"{LINE}.price.currency"), "USD"), (place(f"{LINE}.amount"), GONE)),
        {"found": "USD", "expected": "EUR"},
    ),
    Broken(
        Code.WRONG_SIGN,
        f"{PAYMENT}.amount",
        ((place(f"{PAYMENT}.purpose"), "refund"),),
        {"found": money("10.00"), "purpose": "refund"},
    ),
    broken(Code.BELOW_ZERO, f"{LINE}.final_weight", "-0.5", found='"-0.5"'),
    Broken(
        Code.DUPLICATE_ID,
        f"{ORDER}.adjustments[1].id",
        (((*place(ORDER), "adjustments", 1), VALID["orders"][0]["adjustments"][0] | {"label": "Another"}),),
        {"id": "jar", "first": f"{ORDER}.adjustments[0].id"},
    ),
    broken(Code.FOREIGN_PAYMENT, "$.payments[3].refund_of", "payment-1", payment="payment-1"),
    broken(Code.FOREIGN_ORDER, f"{PROXY}.order", "order-1", order="order-1"),
    Broken(
        Code.SHARED_ORDER,
        "$.proxy_orders[1].order",
        (
            (("order_cycles", 1), VALID["order_cycles"][0] | {"id": "week-11"}),
            copied("$.proxy_orders", 0, order_cycle="week-11", id="anna-weekly/week-11"),
        ),
        {"order": "order-2", "first": "$.proxy_orders[0].order"},
    ),
    Broken(
        Code.DUPLICATE_ID,
        "$.proxy_orders[1]",
        (copied("$.proxy_orders", 0, order=None),),
        {"id": "anna-weekly/week-10", "first": "$.proxy_orders[0]"},
    ),
    Broken(
        Code.NOT_COUNTED,
        f"{MOVEMENT}",
        (((*place(MOVEMENT), "hub"), "farm"), (("stock", 2, "on_hand"), 10)),
        {"variant": "eggs"},
    ),
    Broken(
        Code.NUMBER_OUT_OF_RANGE,
        "$.orders[1]",
        (
            (place("$.orders[1].lines[0].quantity"), 999_999_999),
            (place("$.orders[1].lines[0].price"), euros("9" * 15)),
            *((("orders", 1, "lines", 0, key), GONE) for key in ("amount", "wanted")),
            *((("orders", 1, key), GONE) for key in ("item_total", "total", "outstanding")),
        ),
        {
            "found": money(str((10**15 - 1) * (10**9 - 1))),
            "lowest": money(f"-{'9' * 15}.99"),
            "highest": money(f"{'9' * 15}.99"),
        },
    ),
]


#: What cannot be wrong alone: an order that two proxy orders share is of another cycle than one of them.
CONSEQUENCES = {Code.SHARED_ORDER: {Code.FOREIGN_ORDER}}


@pytest.mark.parametrize("case", [*STATED, *REFERENCES, *RULES], ids=str)
def test_one_mistake_gives_its_problem_and_what_follows_from_it(case: Broken) -> None:
    found = problems(read_state(edited(VALID, *case.edits)))
    assert (case.code, case.path, case.parameters) in [(each.code, each.path, dict(each.parameters)) for each in found]
    assert {each.code for each in found} == {case.code} | CONSEQUENCES.get(case.code, set())


def test_the_state_to_spoil_is_sound() -> None:
    assert isinstance(read_state(VALID), State)


def test_what_follows_may_be_left_out() -> None:
    """A host that writes a state file by hand need not do the sums."""
    derived = {
        "orders": ("item_total", "fee_total", "included_tax_total", "added_tax_total", "total", "paid", "outstanding"),
        "proxy_orders": ("id",),
        "messages": ("id",),
        "events": ("id",),
    }
    gone: list[tuple[Place, object]] = []
    for name, keys in derived.items():
        gone += [((name, index, key), GONE) for index in range(len(VALID[name])) for key in keys]
    assert read_state(edited(VALID, *gone)) == read_state(VALID)


def test_instants_are_read_with_any_offset() -> None:
    edit = (("orders", 0, "placed_at"), "2026-03-03T13:00:00+01:00")
    state = read_state(edited(VALID, edit))
    assert isinstance(state, State)
    assert state.orders[0].placed_at == datetime(2026, 3, 3, 12, tzinfo=UTC)
