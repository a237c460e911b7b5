"""The people and goods for the rules of the guide: those of `permissions.actors`, and three more enterprises."""

from collections.abc import Iterable
from typing import Any

from ofncore.cycles.creating import plan_creation
from ofncore.cycles.editing import EditingFacts, EditOutcome, apply_edit
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.grant import PermissionGrant
from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import (
    NOW,
    enterprise,
    fee,
    payment_method,
    producer,
    shipping_method,
    variant,
)
from permissions.actors import (
    CYCLE,
    DAIRY,
    ENTERPRISES,
    FARM,
    HUB,
    MARKET,
    ORCHARD,
    USERS,
    grant,
)

GOODS = {"carrots": FARM, "eggs": FARM, "leeks": FARM, "cheese": DAIRY, "apples": ORCHARD, "jam": EnterpriseId("shed")}
VARIANTS = {VariantId(name): variant(name, supplier=supplier) for name, supplier in GOODS.items()}
OWNERS = ("hub", "farm", "dairy", "market", "orchard")
FEES = {FeeId(f"{owner}-fee"): fee(f"{owner}-fee", enterprise=owner) for owner in OWNERS}
#: A producer shop, a profile and a shop without methods, besides the others.
SHED = producer("shed", owner="olga", sells=Sells.OWN, order_code_prefix="SHD")
CLUB = enterprise("club", owner="olga", sells=Sells.NONE, order_code_prefix=None)
STALL = enterprise("stall", owner="olga", order_code_prefix="STL")
ALL: tuple[Enterprise, ...] = (*ENTERPRISES, SHED, CLUB, STALL)
READY = tuple(each.id for each in ALL if each != STALL)
METHODS: dict[str, Any] = {
    "payment_methods": {PaymentMethodId("cash"): payment_method("cash", distributors=READY)},
    "shipping_methods": {ShippingMethodId("pickup"): shipping_method("pickup", distributors=READY)},
}
#: What the coordinator was granted.
GRANTED = (grant(FARM, HUB), grant(DAIRY, HUB), grant(MARKET, HUB))


def relations(grants: Iterable[PermissionGrant]) -> Relations:
    """Return who manages what, and *grants*."""
    return Relations.of(users=USERS, enterprises=ALL, grants=grants)


def snapshot(grants: Iterable[PermissionGrant] = GRANTED, cycle: OrderCycle = CYCLE) -> Snapshot:
    """Return all that is known."""
    return Snapshot.around(
        relations(grants),
        order_cycles=(cycle,),
        variants=VARIANTS.values(),
        payment_methods=METHODS["payment_methods"].values(),
        shipping_methods=METHODS["shipping_methods"].values(),
    )


def facts(grants: Iterable[PermissionGrant] = GRANTED) -> EditingFacts:
    """Return what is known when a cycle is edited."""
    return EditingFacts(relations=relations(grants), variants=VARIANTS, fees=FEES, **METHODS)


def edited(
    actor: Actor, edit: CycleEdit, grants: Iterable[PermissionGrant] = GRANTED, cycle: OrderCycle = CYCLE
) -> EditOutcome:
    """Apply *edit* as far as *actor* may."""
    found = apply_edit(cycle, edit, facts(grants), actor=actor, now=NOW)
    assert isinstance(found, EditOutcome), found
    return found


def dropped(outcome: EditOutcome) -> list[tuple[str, str]]:
    """Return path and code of everything that was left out."""
    return [(each.path, each.code) for each in outcome.dropped]


def bring(supplier: str, *names: str, **more: Any) -> CycleEdit:  # noqa: ANN401 - fields of an edit
    """Return the edit that sets what *supplier* brings."""
    entry = IncomingEdit(supplier=EnterpriseId(supplier), variants=tuple(map(VariantId, names)), **more)
    return CycleEdit(incoming=(entry,))


def sell(distributor: str, *names: str, **more: Any) -> CycleEdit:  # noqa: ANN401 - fields of an edit
    """Return the edit that sets what *distributor* sells."""
    entry = OutgoingEdit(distributor=EnterpriseId(distributor), variants=tuple(map(VariantId, names)), **more)
    return CycleEdit(outgoing=(entry,))


def made(actor: Actor, coordinator: str, edit: CycleEdit) -> EditOutcome | Refusal:
    """Make a new cycle of *coordinator*."""
    key = OrderCycleId("new")
    return plan_creation(key, EnterpriseId(coordinator), edit, facts(), actor=actor, now=NOW)


def list_of(cycle: OrderCycle, distributor: EnterpriseId) -> set[str]:
    """Return what *distributor* sells."""
    exchange = cycle.outgoing_to(distributor)
    return set(exchange.variants) if exchange else set()


def brought_by(cycle: OrderCycle, supplier: EnterpriseId) -> set[str]:
    """Return what *supplier* brings."""
    exchange = cycle.incoming_from(supplier)
    return set(exchange.variants) if exchange else set()
