"""Proxy orders compared with those of Open Food Network (SUB-9).

In each case the subscriptions of the operation are synced. A whole collection leaves out cancelled and ended ones; this
library syncs them too, and the comparison follows the original. Two deviations are counted: at the very instant of a
close the cycle is still open here (CYC-14.1, code `bounds`), and a cancelled subscription gets no new proxy orders even
when it is synced alone.
"""

import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from ofncore.model.subscription import ProxyOrder, ProxyOutcome, Subscription
from ofncore.subscriptions.sync import plan_sync
from ofncore.testing.worlds import order_cycle, proxy_order, subscription

VECTORS = Path(__file__).parents[1] / "conformance" / "subscriptions" / "sync.json.gz"

Case = dict[str, Any]


def cases() -> list[Case]:
    """Return the cases in which a subscription or all of them are synced, with complete subscriptions."""
    with gzip.open(VECTORS, "rt", encoding="utf-8") as file:
        found = json.load(file)["cases"]
    return [each for each in found if each["world"]["operation"]["type"] in {"sync_all", "sync_subscription"}]


def instant(text: str | None) -> datetime | None:
    """Read an instant, or none."""
    return None if text is None else datetime.fromisoformat(text)


def make_subscription(row: Case) -> Subscription:
    """Return the subscription of a row."""
    return subscription(
        str(row["id"]),
        begins_at=instant(row["begins_at"]),
        ends_at=instant(row["ends_at"]),
        paused_at=instant(row["paused_at"]),
        cancelled_at=instant(row["canceled_at"]),
    )


def make_proxy(row: Case) -> ProxyOrder:
    """Return the proxy order of a row; one that was placed has an order."""
    placed = instant(row["placed_at"])
    return proxy_order(
        str(row["subscription"]),
        str(row["order_cycle"]),
        order=None if placed is None else f"order-{row['id']}",
        outcome=None if placed is None else ProxyOutcome.PLACED,
        placed_at=placed,
        cancelled_at=instant(row["canceled_at"]),
    )


def to_sync(world: Case, now: datetime) -> list[Case]:
    """Return the subscriptions that the operation syncs."""
    operation, rows = world["operation"], world["subscriptions"]
    if operation["type"] == "sync_subscription":
        return [row for row in rows if row["id"] == operation["subscription"]]
    ended = {row["id"] for row in rows if row["ends_at"] and datetime.fromisoformat(row["ends_at"]) <= now}
    return [row for row in rows if row["canceled_at"] is None and row["id"] not in ended]


def sync(case: Case) -> tuple[set[tuple[int, int]], set[int]]:
    """Return what is created, as subscription and cycle, and the ids of what is removed."""
    world, now = case["world"], datetime.fromisoformat(case["world"]["now"])
    cycles = {
        row["id"]: order_cycle(
            str(row["id"]), orders_open_at=instant(row["opens_at"]), orders_close_at=instant(row["closes_at"])
        )
        for row in world["order_cycles"]
    }
    schedules = {row["id"]: row["order_cycles"] for row in world["schedules"]}
    created: set[tuple[int, int]] = set()
    removed: set[int] = set()
    for row in to_sync(world, now):
        mine = {str(each["order_cycle"]): each for each in world["proxy_orders"] if each["subscription"] == row["id"]}
        reachable = [cycles[key] for key in schedules[row["schedule"]]]
        plan = plan_sync(make_subscription(row), reachable, map(make_proxy, mine.values()), now)
        created |= {(row["id"], int(each.order_cycle)) for each in plan.create}
        removed |= {mine[each.order_cycle]["id"] for each in plan.remove}
    return created, removed


def deviation(case: Case, created: set[tuple[int, int]], expected: set[tuple[int, int]]) -> str | None:
    """Return why we create something else, if we may."""
    world = case["world"]
    closes = {row["id"]: row["closes_at"] for row in world["order_cycles"]}
    cancelled = {row["id"] for row in world["subscriptions"] if row["canceled_at"] is not None}
    if created > expected and all(closes[cycle] == world["now"] for _, cycle in created - expected):
        return "bounds"
    if created < expected and all(key in cancelled for key, _ in expected - created):
        return "cancelled"
    return None


def test_proxy_orders_are_created_and_removed_as_in_the_vectors() -> None:
    outcomes: Counter[str] = Counter()
    for case in cases():
        created, removed = sync(case)
        expected = {(each[0], each[1]) for each in case["expected"]["created"]}
        assert removed == set(case["expected"]["removed"]), case["id"]
        outcome = "same" if created == expected else deviation(case, created, expected)
        assert outcome is not None, case["id"]
        outcomes[outcome] += 1
    assert outcomes == {"same": 128, "bounds": 2, "cancelled": 2}
