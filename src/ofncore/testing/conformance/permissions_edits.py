"""Cases of edits: a request to change or make one cycle, and the cycle afterwards."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from ofncore.cycles.creating import plan_creation
from ofncore.cycles.editing import EditingFacts, EditOutcome, apply_edit
from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit, Unchanged, with_whole_lists
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.conformance.cases import (
    Case,
    Json,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    listed_cases,
    schema_is,
)
from ofncore.testing.conformance.permissions_loading import ids, numbers, snapshot_of

#: Nothing in an edit but automatic notification depends on the present, and no request asks for that.
_NOW: Final = datetime(2026, 1, 15, tzinfo=UTC)
_NEW: Final = OrderCycleId("new")
_ATTRIBUTES: Final = ("name", "orders_open_at", "orders_close_at", "coordinator_fees")
_KEYS: Final = frozenset((*_ATTRIBUTES, "user", "order_cycle", "create", "coordinator", "incoming", "outgoing"))
#: What the cases call the reasons for not saving.
_REASONS: Final = {
    Code.NAME_BLANK: "name_blank",
    Code.CLOSES_BEFORE_OPENING: "close_not_after_open",
    Code.UNKNOWN_RECORD: "unknown_enterprise",
}
_ALL_OR_NOTHING: Final = "all-or-nothing"
_NOT_ALLOWED: Final = frozenset((Code.NEEDS_MANAGER, Code.NOT_ALLOWED, Code.CANNOT_COORDINATE))


# ---------------------------------------------------------------- what is expected


def expect_edits(case: Case, side: Side) -> Json:
    """Return what each request of *case* must come to."""
    return [_expect(case, each, side) for each in case["edits"]]


def _expect(case: Case, given: Json, side: Side) -> Json:
    result = given["product"]["result"] if side is Side.PRODUCT and "product" in given else given["result"]
    shown = _expect_cycle(result["cycle"])
    if shown is not None and side is Side.OFN and _is_half_saved(given):
        # The original has replaced the coordinator's fees although it saved nothing.
        cycle = next(each for each in case["world"]["order_cycles"] if each["id"] == given["request"]["order_cycle"])
        shown["coordinator_fees"] = sorted(cycle["coordinator_fees"])
    return {
        "authorized": result["authorized"],
        "saved": result["saved"],
        "errors": sorted(result.get("errors") or ()),
        "cycle": shown,
    }


def _is_half_saved(given: Json) -> bool:
    """Whether the result of a request is the defect `all-or-nothing` (PERM-10)."""
    return _ALL_OR_NOTHING in given.get("product", {}).get("codes", ()) and not given["result"]["saved"]


def _expect_cycle(given: Json) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        **{name: given[name] for name in ("name", "coordinator")},
        **{name: _at(given[name]) for name in ("orders_open_at", "orders_close_at")},
        "coordinator_fees": sorted(given["coordinator_fees"]),
        "incoming": {each["enterprise"]: _expect_exchange(each) for each in given["incoming"]},
        "outgoing": {each["enterprise"]: _expect_exchange(each) for each in given["outgoing"]},
    }


def _expect_exchange(given: Json) -> Json:
    # A text that was never written and one that was cleared say the same; the id follows from whether it is new.
    kept = {name: value for name, value in given.items() if name not in {"id", "enterprise"}}
    lists = {name: sorted(value) for name, value in kept.items() if isinstance(value, list)}
    return {**{name: value or "" for name, value in kept.items() if name not in lists}, **lists}


# ---------------------------------------------------------------- what is got


def run_edits(case: Case, profile: Profile) -> Json:
    """Return what each request of *case* comes to; each begins with the untouched world."""
    snapshot = snapshot_of(case["world"])
    return [_run(snapshot, each["request"], profile) for each in case["edits"]]


def _run(snapshot: Snapshot, request: Json, profile: Profile) -> Json:
    unknown = sorted(set(request) - _KEYS)
    if unknown:
        message = f"a request names {', '.join(unknown)}"
        raise UnsupportedCaseError(message)
    actor = Actor.user(str(request["user"]))
    edit = _edit(request, profile)
    facts = EditingFacts(
        relations=snapshot.relations,
        variants=snapshot.variants,
        fees=snapshot.fees,
        payment_methods=snapshot.payment_methods,
        shipping_methods=snapshot.shipping_methods,
    )
    if request.get("create"):
        coordinator = EnterpriseId(str(request["coordinator"]))
        return _result(
            plan_creation(_NEW, coordinator, edit, facts, actor=actor, now=_NOW, profile=profile), before=None
        )
    cycle = snapshot.order_cycles[OrderCycleId(str(request["order_cycle"]))]
    return _result(apply_edit(cycle, edit, facts, actor=actor, now=_NOW, profile=profile), before=cycle)


def _edit(request: Json, profile: Profile) -> CycleEdit:
    fees = request.get("coordinator_fees", UNCHANGED)
    attributes = CycleEdit(
        name=request.get("name", UNCHANGED),
        orders_open_at=_instant(request, "orders_open_at"),
        orders_close_at=_instant(request, "orders_close_at"),
        coordinator_fees=_ids(fees),
    )
    incoming = request.get("incoming", UNCHANGED)
    outgoing = request.get("outgoing", UNCHANGED)
    return with_whole_lists(
        attributes,
        incoming=incoming if incoming is UNCHANGED else tuple(map(_incoming, incoming)),
        outgoing=outgoing if outgoing is UNCHANGED else tuple(map(_outgoing, outgoing)),
        profile=profile,
    )


def _instant(request: Json, name: str) -> datetime | Unchanged | None:
    return _at(request[name]) if name in request else UNCHANGED


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _ids(given: Json) -> Any:  # noqa: ANN401 - ids of whatever kind, or nothing said
    return given if isinstance(given, Unchanged) else ids(given)


def _text(given: Json, name: str) -> str | Unchanged:
    return given[name] or "" if name in given else UNCHANGED


def _incoming(given: Json) -> IncomingEdit:
    return IncomingEdit(
        supplier=EnterpriseId(str(given["enterprise"])),
        variants=_ids(given.get("variants", UNCHANGED)),
        fees=_ids(given.get("fees", UNCHANGED)),
        receival_instructions=_text(given, "receival_instructions"),
    )


def _outgoing(given: Json) -> OutgoingEdit:
    return OutgoingEdit(
        distributor=EnterpriseId(str(given["enterprise"])),
        variants=_ids(given.get("variants", UNCHANGED)),
        fees=_ids(given.get("fees", UNCHANGED)),
        ready_for=_text(given, "pickup_time"),
        pickup_instructions=_text(given, "pickup_instructions"),
        tags=tuple(given["tags"]) if "tags" in given else UNCHANGED,
    )


def _result(found: EditOutcome | Refusal, before: OrderCycle | None) -> Json:
    if isinstance(found, EditOutcome):
        return {"authorized": True, "saved": True, "errors": [], "cycle": _cycle(found.cycle)}
    not_allowed = bool(found.codes & _NOT_ALLOWED)
    return {
        "authorized": not not_allowed,
        "saved": False,
        "errors": [] if not_allowed else sorted(_REASONS.get(Code(each), each) for each in found.codes),
        "cycle": None if before is None else _cycle(before),
    }


def _cycle(cycle: OrderCycle) -> Json:
    return {
        "name": cycle.name,
        "coordinator": int(cycle.coordinator),
        "orders_open_at": cycle.orders_open_at,
        "orders_close_at": cycle.orders_close_at,
        "coordinator_fees": numbers(cycle.coordinator_fees),
        "incoming": {int(each.supplier): _brought(each) for each in cycle.incoming},
        "outgoing": {int(each.distributor): _sold(each) for each in cycle.outgoing},
    }


def _brought(exchange: IncomingExchange) -> Json:
    return {
        "variants": numbers(exchange.variants),
        "fees": numbers(exchange.fees),
        "receival_instructions": exchange.receival_instructions,
    }


def _sold(exchange: OutgoingExchange) -> Json:
    return {
        "variants": numbers(exchange.variants),
        "fees": numbers(exchange.fees),
        "pickup_time": exchange.ready_for,
        "pickup_instructions": exchange.pickup_instructions,
        "tags": sorted(exchange.tags),
    }


# ---------------------------------------------------------------- deviations


def codes_of_edits(case: Case) -> Collection[str]:
    """Return the codes of the overlays of *case*."""
    return {code for each in case["edits"] if "product" in each for code in each["product"]["codes"]}


def defects_of_edits(case: Case) -> Collection[str]:
    """Return the code of half-done saves, if the original did one in *case*."""
    return {_ALL_OR_NOTHING} if any(map(_is_half_saved, case["edits"])) else ()


EDITS: Final = SchemaSupport(
    name="permissions: edits",
    recognises=schema_is("ofn-permissions/edits/1"),
    cases=listed_cases,
    expect=expect_edits,
    run=run_edits,
    codes=codes_of_edits,
    overlays=codes_of_edits,
    defects=defects_of_edits,
)
