"""Reads the files of the folder examples/, and the tables of their README."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from ofncore.formats.world import read_world
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.subscription import Subscription
from ofncore.model.world import World

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
BROKEN = EXAMPLES / "broken"


@cache
def example(name: str) -> World:
    """Return the world of an example file."""
    world = read_world((EXAMPLES / name).read_bytes())
    assert isinstance(world, World), str(world)
    return world


def table(readme: Path, heading: str) -> list[list[str]]:
    """Return the cells of the table under *heading*, without its first row and without code marks."""
    text = readme.read_text(encoding="utf-8").partition(f"# {heading}\n")[2]
    rows = re.findall(r"^\|(.*)\|$", re.split(r"^#", text, maxsplit=1, flags=re.MULTILINE)[0], re.MULTILINE)
    return [[cell.strip().replace("`", "") for cell in row.split("|")] for row in rows[2:]]


def sold_by(cycle: OrderCycle, shop: EnterpriseId) -> frozenset[VariantId]:
    """Return what *shop* sells in *cycle*."""
    exchange = cycle.outgoing_to(shop)
    return frozenset(exchange.variants if exchange else ())


def takes_part(subscription: Subscription, cycle: OrderCycle) -> bool:
    """Whether *subscription* is in range of *cycle* and neither paused nor cancelled (SUB-2, SUB-12)."""
    closes = cycle.orders_close_at
    assert closes is not None
    begun = subscription.begins_at <= closes
    ended = subscription.ends_at is not None and subscription.ends_at < closes
    return begun and not ended and subscription.paused_at is None and subscription.cancelled_at is None


def wanted(world: World, cycle: OrderCycle) -> Counter[VariantId]:
    """Return how many of each variant the standing orders of *world* want in *cycle*."""
    result: Counter[VariantId] = Counter()
    for subscription in world.subscriptions:
        if takes_part(subscription, cycle):
            offered = sold_by(cycle, subscription.shop)
            result.update({each.variant: each.quantity for each in subscription.lines if each.variant in offered})
    return result


def scarce(world: World, cycle: OrderCycle) -> dict[VariantId, tuple[int, int]]:
    """Return what there is, and what standing orders want, of each variant of which they want more."""
    stock = {item.variant: item for item in world.stock}
    return {
        variant: (stock[variant].on_hand, quantity)
        for variant, quantity in wanted(world, cycle).items()
        if not stock[variant].can_supply(quantity)
    }
