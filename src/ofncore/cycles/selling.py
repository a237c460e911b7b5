"""What an enterprise sells, changed by who owns it.

What it does in cycles that are not closed, it goes on being: whoever coordinates or distributes goes on selling, and
whoever coordinates others stays a hub. Grants stay as they are, and none come.

Source:
    PERM-1 (kinds), PERM-8 (enterprise: sells), PERM-G3, PERM-G4, PERM-G11; ORD-K1 (prefix).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import attrs

from ofncore.cycles.status import CycleStatus, status_at
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import SellsChanged
from ofncore.permissions.actions import EnterpriseAction
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.roles import EnterprisePlan
from ofncore.permissions.snapshot import Snapshot

#: What can be chosen, the least first; only what nobody chose yet is not among it.
CHOICES: Final = (Sells.NONE, Sells.OWN, Sells.ANY)


def as_choice(value: Sells | str) -> Sells:
    """Return what *value* names that an enterprise may be made to sell.

    Raises:
        ValueError: it names no such thing.
    """
    if value not in CHOICES:
        message = f"sells must be one of {', '.join(map(repr, map(str, CHOICES)))}, not {value!r}"
        raise ValueError(message)
    return Sells(value)


def plan_sells(
    enterprise: EnterpriseId,
    sells: Sells | str,
    snapshot: Snapshot,
    *,
    order_code_prefix: str | None = None,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
    flaws: Callable[[Enterprise], Iterable[Problem]] = lambda _: (),
) -> EnterprisePlan | Refusal:
    """Decide whether *actor* makes *enterprise* sell nothing, its own goods, or those of others too, from *now* on.

    An enterprise that sells what is asked for already, and has the prefix, is left as it is.

    Args:
        enterprise: Whose sales change.
        sells: One of `CHOICES`, or its text.
        snapshot: At least the cycles in which it takes part.
        order_code_prefix: For one that has none yet: the first part of its order codes. None leaves it as it is.
        actor: Its owner, or an administrator.
        now: Tells which cycles are closed.
        profile: Its policies.
        flaws: Tells what is wrong with a record itself, such as a prefix that is missing or taken. What is wrong with
            it before counts for nothing.

    Returns:
        The plan; or a refusal: the actor is neither the owner nor an administrator, or there is no such enterprise (as
        in `ofncore.permissions.roles.plan_transfer`); cycles that are not closed need what it is (`STILL_SELLS`); it
        has another prefix (`HAS_PREFIX`); or any of *flaws*.

    Raises:
        ValueError: *sells* is none of `CHOICES`.
    """
    wanted = as_choice(sells)
    asked = resource(ResourceKind.ENTERPRISE, enterprise)
    decision = check(actor, EnterpriseAction.TRANSFER, asked, snapshot, profile, path="$.enterprise")
    if not decision.allowed:
        return Refusal(decision.problems)
    before = snapshot.enterprises[enterprise]
    after = attrs.evolve(before, sells=wanted, order_code_prefix=order_code_prefix or before.order_code_prefix)
    known = frozenset(flaws(before))
    wrong = (*_problems(before, after, snapshot, now), *(each for each in flaws(after) if each not in known))
    if wrong:
        return Refusal(wrong)
    return EnterprisePlan(before=before, after=after, events=tuple(_events(before, after, actor, now)))


def _problems(before: Enterprise, after: Enterprise, snapshot: Snapshot, now: datetime) -> Iterator[Problem]:
    cycles = sorted(snapshot.order_cycles.values(), key=lambda each: each.id)
    running = (each for each in cycles if status_at(each, now) is not CycleStatus.CLOSED)
    needing = tuple(each.name for each in running if _loses(each, after))
    if needing and after.sells is not before.sells:
        yield problem(Code.STILL_SELLS, "$.sells", enterprise=before.name, cycles=needing)
    if before.order_code_prefix not in (None, after.order_code_prefix):
        names = {"enterprise": before.name, "prefix": before.order_code_prefix}
        yield problem(Code.HAS_PREFIX, "$.order_code_prefix", **names)


def _loses(cycle: OrderCycle, after: Enterprise) -> bool:
    """Whether *cycle* needs the enterprise to be more than it is *after* the change."""
    members = {each.supplier for each in cycle.incoming} | {each.distributor for each in cycle.outgoing}
    if cycle.coordinator == after.id:
        return not (after.is_hub if members - {after.id} else after.is_shop)
    return not after.is_shop and cycle.outgoing_to(after.id) is not None


def _events(before: Enterprise, after: Enterprise, actor: Actor, now: datetime) -> Iterator[SellsChanged]:
    if after != before:
        yield SellsChanged(
            enterprise=after.id,
            sells=after.sells,
            formerly=before.sells,
            order_code_prefix=after.order_code_prefix if before.order_code_prefix is None else None,
            actor=actor,
            at=now,
            occasion=joined_id(iso(now), before.sells, after.sells),
        )
