"""Cases of choosing the payment and shipping methods of a cycle."""

from collections.abc import Collection
from typing import Final

from ofncore.cycles.method_choice import (
    ShopMethod,
    choose_methods,
    offered_methods,
    selectable_payments,
    selectable_shipping,
)
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.permissions_loading import snapshot_of

_KINDS: Final = ("payment", "shipping")
_LISTS: Final = tuple(f"{what}_{kind}" for what in ("selected", "offered") for kind in _KINDS)


def expect_choices(case: Case, side: Side) -> Json:
    """Return what each request of *case* must come to."""
    return [_expect(each, side) for each in case["requests"]]


def _expect(given: Json, side: Side) -> Json:
    result = given["product"]["result"] if side is Side.PRODUCT and "product" in given else given["result"]
    return {"authorized": result["authorized"], **{name: sorted(result[name]) for name in _LISTS}}


def run_choices(case: Case, profile: Profile) -> Json:
    """Return what each request of *case* comes to; each begins with the untouched world."""
    snapshot = snapshot_of(case["world"])
    return [_run(case["world"], snapshot, each["request"], profile) for each in case["requests"]]


def _run(world: Json, snapshot: Snapshot, request: Json, profile: Profile) -> Json:
    cycle = snapshot.order_cycles[OrderCycleId(str(request["order_cycle"]))]
    stored = next(each for each in world["order_cycles"] if each["id"] == request["order_cycle"])
    selectable = {
        "payment": selectable_payments(cycle, snapshot.payment_methods.values()),
        "shipping": selectable_shipping(cycle, snapshot.shipping_methods.values()),
    }
    result: dict[str, Json] = {"authorized": True}
    for kind in _KINDS:
        rows = {each["id"]: _row(each) for each in world[f"distributor_{kind}_methods"]}
        before = frozenset(rows[each] for each in stored[f"selected_{kind}"])
        wanted = frozenset(rows[each] for each in request[kind]) if kind in request else before
        found = choose_methods(
            before,
            wanted,
            selectable[kind],
            cycle=cycle,
            snapshot=snapshot,
            actor=Actor.user(str(request["user"])),
            profile=profile,
        )
        if isinstance(found, Refusal):
            result["authorized"] = False
        chosen = before if isinstance(found, Refusal) or kind not in request else found.chosen
        offered = offered_methods(chosen, selectable[kind], snapshot.enterprises[cycle.coordinator])
        result[f"selected_{kind}"] = sorted(key for key, row in rows.items() if row in chosen)
        result[f"offered_{kind}"] = sorted(key for key, row in rows.items() if row in offered)
    return result


def _row(given: Json) -> ShopMethod:
    return ShopMethod(EnterpriseId(str(given["distributor"])), str(given["method"]))


def codes_of_choices(case: Case) -> Collection[str]:
    """Return the codes of the overlays of *case*."""
    return {code for each in case["requests"] if "product" in each for code in each["product"]["codes"]}


CHECKOUT: Final = SchemaSupport(
    name="permissions: checkout options",
    recognises=schema_is("ofn-permissions/checkout_options/1"),
    cases=listed_cases,
    expect=expect_choices,
    run=run_choices,
    codes=codes_of_choices,
)
