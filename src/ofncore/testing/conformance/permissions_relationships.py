"""Cases of changes of one grant, and what follows from them."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

import attrs

from ofncore.cycles.withdrawing import GrantImpact, impact_of
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, UserId, VariantId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.granting import GrantChange, GrantPlan, GrantStep, plan_grant
from ofncore.permissions.overrides import OverrideFacts
from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import (
    Case,
    Json,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    listed_cases,
    schema_is,
)
from ofncore.testing.conformance.permissions_loading import numbers, snapshot_of

#: The instant that the cases are to be taken at; none of their cycles is closed then.
_NOW: Final = datetime(2026, 1, 15, tzinfo=UTC)
#: Changes name nobody who asks, so one asks who may.
_ASKING: Final = worlds.user("asking", is_admin=True)
_STEPS: Final = {"create": GrantStep.CREATE, "set_permissions": GrantStep.CHANGE, "destroy": GrantStep.DESTROY}
#: The fields under which the cases report what is wrong.
_REPORTED: Final = {Code.GRANT_EXISTS: "child_id", Code.EXCLUSIVE_PERMISSIONS: "base"}


# ---------------------------------------------------------------- what is expected


def expect_changes(case: Case, side: Side) -> Json:
    """Return what each change of *case* must come to."""
    return [_expect(each, side) for each in case["changes"]]


def _expect(given: Json, side: Side) -> Json:
    result = given["product"]["result"] if side is Side.PRODUCT and "product" in given else given["result"]
    return {
        "saved": result["saved"],
        "errors": sorted(result.get("errors") or ()),
        "relationships": {_pair(each): sorted(each["permissions"]) for each in result["relationships"]},
        "order_cycles": {each["id"]: _expect_cycle(each) for each in result["order_cycles"]},
        "revoked_overrides": sorted(result["revoked_overrides"]),
    }


def _pair(given: Json) -> str:
    return f"{given['parent']} to {given['child']}"


def _expect_cycle(given: Json) -> Json:
    return {
        direction: {each["enterprise"]: sorted(each["variants"]) for each in given[direction]}
        for direction in ("incoming", "outgoing")
    }


# ---------------------------------------------------------------- what is got


def run_changes(case: Case, profile: Profile) -> Json:
    """Return what each change of *case* comes to; each begins with the untouched world."""
    snapshot = snapshot_of(case["world"])
    overrides = {each.id: each for each in map(_override, case["world"].get("variant_overrides", ()))}
    return [_run(snapshot, overrides, each["change"], profile) for each in case["changes"]]


def _override(given: Json) -> OverrideFacts:
    return OverrideFacts(
        id=str(given["id"]),
        hub=EnterpriseId(str(given["hub"])),
        variant=VariantId(str(given["variant"])),
        is_revoked=given["revoked"],
    )


def _run(snapshot: Snapshot, overrides: dict[str, OverrideFacts], given: Json, profile: Profile) -> Json:
    if given["action"] not in _STEPS:
        message = f"a change is a {given['action']}"
        raise UnsupportedCaseError(message)
    change = GrantChange(
        step=_STEPS[given["action"]],
        grantor=EnterpriseId(str(given["parent"])),
        grantee=EnterpriseId(str(given["child"])),
        permissions=frozenset(Permission(each) for each in given.get("permissions") or ()),
    )
    users = {**snapshot.relations.users, UserId(_ASKING.id): _ASKING}
    asked = attrs.evolve(snapshot, relations=attrs.evolve(snapshot.relations, users=users))
    plan = plan_grant(change, asked, actor=Actor.user(_ASKING.id), profile=profile)
    if isinstance(plan, Refusal):
        errors = sorted(_REPORTED.get(Code(each), each) for each in plan.codes)
        return _state(tuple(snapshot.relations.grants), snapshot, {}, overrides) | {"saved": False, "errors": errors}
    impact = impact_of(plan, snapshot, now=_NOW, overrides=overrides.values(), profile=profile)
    cycles = {each.id: each for each in impact.cycles}
    after = _grants_after(snapshot.relations, plan)
    return _state(after, snapshot, cycles, _carried_out(overrides, impact)) | {"saved": True, "errors": []}


def _grants_after(relations: Relations, plan: GrantPlan) -> tuple[PermissionGrant, ...]:
    others = (each for each in relations.grants if each != plan.before)
    return (*others, *(() if plan.after is None else (plan.after,)))


def _carried_out(overrides: dict[str, OverrideFacts], impact: GrantImpact) -> dict[str, OverrideFacts]:
    revoked = {key: attrs.evolve(overrides[key], is_revoked=True) for key in impact.overrides.revoked}
    revived = {key: attrs.evolve(overrides[key], is_revoked=False) for key in impact.overrides.revived}
    return overrides | revoked | revived


def _state(
    grants: tuple[PermissionGrant, ...],
    snapshot: Snapshot,
    changed: dict[OrderCycleId, OrderCycle],
    overrides: dict[str, OverrideFacts],
) -> dict[str, Json]:
    cycles = (changed.get(key, cycle) for key, cycle in snapshot.order_cycles.items())
    return {
        "relationships": {f"{each.grantor} to {each.grantee}": sorted(map(str, each.permissions)) for each in grants},
        "order_cycles": {int(each.id): _lists(each) for each in cycles},
        "revoked_overrides": numbers(each.id for each in overrides.values() if each.is_revoked),
    }


def _lists(cycle: OrderCycle) -> Json:
    return {
        "incoming": {int(each.supplier): numbers(each.variants) for each in cycle.incoming},
        "outgoing": {int(each.distributor): numbers(each.variants) for each in cycle.outgoing},
    }


# ---------------------------------------------------------------- deviations


def codes_of_changes(case: Case) -> Collection[str]:
    """Return the codes of the overlays of *case*."""
    return {code for each in case["changes"] if "product" in each for code in each["product"]["codes"]}


RELATIONSHIPS: Final = SchemaSupport(
    name="permissions: relationships",
    recognises=schema_is("ofn-permissions/relationships/1"),
    cases=listed_cases,
    expect=expect_changes,
    run=run_changes,
    codes=codes_of_changes,
    overlays=codes_of_changes,
)
