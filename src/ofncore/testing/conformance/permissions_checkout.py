"""Cases of choosing the payment and shipping methods of a cycle."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import attrs

from ofncore.cycles.editing import EditingFacts
from ofncore.cycles.method_choice import WantedMethods, plan_methods, selectable_payments, selectable_shipping
from ofncore.cycles.offer import methods_in_force
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, PaymentMethodId, ShippingMethodId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.methods import ShopMethod, ShopPaymentMethod, ShopShippingMethod
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.permissions_loading import snapshot_of
from ofncore.testing.worlds import NOW

_KINDS: Final = ("payment", "shipping")
_LISTS: Final = tuple(f"{what}_{kind}" for what in ("selected", "offered") for kind in _KINDS)


def expect_choices(case: Case, side: Side) -> Json:
    """Return what each request of *case* must come to."""
    return [_expect(each, side) for each in case["requests"]]


def _expect(given: Json, side: Side) -> Json:
    result = given["product"]["result"] if side is Side.PRODUCT and "product" in given else given["result"]
    return {name: result.get(name) for name in ("authorized", "saved")} | {
        name: sorted(result[name]) for name in _LISTS
    }


def run_choices(case: Case, profile: Profile) -> Json:
    """Return what each request of *case* comes to; each begins with the untouched world."""
    snapshot = snapshot_of(case["world"])
    return [_run(case["world"], snapshot, each["request"], profile) for each in case["requests"]]


def _run(world: Json, snapshot: Snapshot, request: Json, profile: Profile) -> Json:
    rows = {kind: dict(_rows(world, kind)) for kind in _KINDS}
    key = OrderCycleId(str(request["order_cycle"]))
    [stored] = (each for each in world["order_cycles"] if str(each["id"]) == key)
    selected = {kind: stored[f"selected_{kind}"] for kind in _KINDS}
    cycle = attrs.evolve(snapshot.order_cycles[key], **_methods(rows, selected, tuple))
    wanted = WantedMethods(**_methods(rows, request, frozenset))
    actor = Actor.user(str(request["user"]))
    found = plan_methods(cycle, wanted, _facts(snapshot), actor=actor, now=NOW, profile=profile)
    after = cycle if isinstance(found, Refusal) else found.cycle
    shown = {"selected": _selected(after), "offered": _offered(after, snapshot)}
    # What is not authorized is not tried, so nothing says whether it would be saved.
    answer = {"authorized": False, "saved": None} if isinstance(found, Refusal) else {"authorized": True, "saved": True}
    return answer | {
        f"{what}_{kind}": sorted(number for number, row in rows[kind].items() if row in methods[kind])
        for what, methods in shown.items()
        for kind in _KINDS
    }


def _rows(world: Json, kind: str) -> Iterator[tuple[int, ShopMethod]]:
    for each in world[f"distributor_{kind}_methods"]:
        shop, method = EnterpriseId(str(each["distributor"])), str(each["method"])
        if kind == "payment":
            yield each["id"], ShopPaymentMethod(shop, PaymentMethodId(method))
        else:
            yield each["id"], ShopShippingMethod(shop, ShippingMethodId(method))


def _methods(rows: Mapping[str, Mapping[int, ShopMethod]], named: Json, collected: type) -> dict[str, Any]:
    """Return what *named* says by numbers of *rows*, of the kinds that it says anything of."""
    return {f"{kind}_methods": collected(rows[kind][each] for each in named[kind]) for kind in _KINDS if kind in named}


def _facts(snapshot: Snapshot) -> EditingFacts:
    return EditingFacts(
        relations=snapshot.relations,
        variants={},
        fees={},
        payment_methods=snapshot.payment_methods,
        shipping_methods=snapshot.shipping_methods,
    )


def _selected(cycle: OrderCycle) -> Mapping[str, Collection[ShopMethod]]:
    return {"payment": cycle.payment_methods, "shipping": cycle.shipping_methods}


def _offered(cycle: OrderCycle, snapshot: Snapshot) -> Mapping[str, Collection[ShopMethod]]:
    """Return the methods in force that shoppers may use."""
    payments, shipping = snapshot.payment_methods.values(), snapshot.shipping_methods.values()
    coordinator = snapshot.enterprises[cycle.coordinator]
    found: dict[str, set[ShopMethod]] = {kind: set() for kind in _KINDS}
    for shop in (each.distributor for each in cycle.outgoing):
        paid = methods_in_force(payments, shop=shop, chosen=cycle.payment_methods, coordinator=coordinator)
        found["payment"] |= {ShopPaymentMethod(shop, each.id) for each in paid}
        sent = methods_in_force(shipping, shop=shop, chosen=cycle.shipping_methods, coordinator=coordinator)
        found["shipping"] |= {ShopShippingMethod(shop, each.id) for each in sent}
    return {
        "payment": found["payment"] & selectable_payments(cycle, payments),
        "shipping": found["shipping"] & selectable_shipping(cycle, shipping),
    }


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
    overlays=codes_of_choices,
)
