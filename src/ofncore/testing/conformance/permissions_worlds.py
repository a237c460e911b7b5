"""Cases of worlds: what each user may see and do."""

import copy
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.readiness import is_ready_for_checkout, missing_methods
from ofncore.permissions.rules import record_sets as sets
from ofncore.permissions.rules.enterprises import MANAGED
from ofncore.permissions.rules.kinds import is_activated, is_distributor, kind_of, relatives_of
from ofncore.permissions.rules.scopes import Scope
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.comparing import UNCOMPARED
from ofncore.testing.conformance.permissions_abilities import abilities_of
from ofncore.testing.conformance.permissions_loading import numbers, snapshot_of
from ofncore.testing.conformance.permissions_orders import orders_of


def expect_world(case: Case, side: Side) -> Json:
    """Return the answers of a case, with its overlay for the specification; where the original raises, anything."""
    answers = copy.deepcopy(case["expected"])
    for change in case.get("product", ()) if side is Side.PRODUCT else ():
        *path, last = change["path"].split("/")
        inner = answers
        for key in path:
            inner = inner[key]
        inner[last] = change["product"]
    for user in answers["users"].values():
        cycles = user["abilities"].get("order_cycle", {})
        if _is_error(cycles.get("index")):
            cycles["index"] = UNCOMPARED
        user["abilities"]["sections"].sort()
        user["abilities"]["reports"].sort()
    return answers


def _is_error(answer: Json) -> bool:
    return isinstance(answer, dict) and "error" in answer


def defects_of_world(case: Case) -> Collection[str]:
    """Return the code of the error that the original raised over a list of cycles, if it did in *case* (PERM-10)."""
    asked = (user["abilities"].get("order_cycle", {}) for user in case["expected"]["users"].values())
    return {"index-error"} if any(_is_error(each.get("index")) for each in asked) else ()


def run_world(case: Case, profile: Profile) -> Json:
    """Return the library's answers to all that a case asks."""
    snapshot = snapshot_of(case["world"])
    return {
        "enterprises": _enterprises(snapshot),
        "readiness": _readiness(snapshot),
        "users": {
            user: _User(case["world"], View(snapshot=snapshot, actor=Actor.user(user), profile=profile)).answers()
            for user in snapshot.relations.users
        },
    }


def overlay_codes(case: Case) -> set[str]:
    """Return the codes that the overlay of a case names."""
    return {code for change in case.get("product", ()) for code in change["codes"]}


# ---------------------------------------------------------------- enterprises


def _those(snapshot: Snapshot, test: Callable[[Enterprise], bool]) -> list[int]:
    return numbers(each.id for each in snapshot.enterprises.values() if test(each))


def _enterprises(snapshot: Snapshot) -> Json:
    every = snapshot.enterprises.values()
    return {
        "is_primary_producer": _those(snapshot, lambda each: each.is_producer),
        "is_hub": _those(snapshot, lambda each: each.is_hub),
        "is_distributor": _those(snapshot, is_distributor),
        "activated": _those(snapshot, is_activated),
        "category": {each.id: str(kind_of(each) or "") for each in every},
        "relatives": _filled(snapshot.enterprises, lambda key: _relatives(snapshot, key, lambda _: True)),
        "relatives_activated_only": _filled(snapshot.enterprises, lambda key: _relatives(snapshot, key, is_activated)),
    }


def _relatives(snapshot: Snapshot, key: EnterpriseId, test: Callable[[Enterprise], bool]) -> Json:
    """Return who is related to an enterprise and passes the test, and itself; None if that is nobody."""
    every = (snapshot.enterprises[each] for each in relatives_of(key, snapshot.relations))
    found = [each for each in every if each.id == key or test(each)]
    producers = numbers(each.id for each in found if each.is_producer)
    distributors = numbers(each.id for each in found if is_distributor(each))
    return {"producers": producers, "distributors": distributors} if producers or distributors else None


def _readiness(snapshot: Snapshot) -> Json:
    def is_ready(each: Enterprise) -> bool:
        return is_ready_for_checkout(each.id, snapshot.payment_methods, snapshot.shipping_methods)

    return {
        "ready_for_checkout": _those(snapshot, is_ready),
        "not_ready_for_checkout": _those(snapshot, lambda each: not is_ready(each)),
    }


# ---------------------------------------------------------------- users

#: Question of a case about what is outside a cycle -> the set that answers it.
_SETS: Final[dict[str, Scope[Any]]] = {
    "managed_enterprises": MANAGED,
    "visible_enterprises": sets.VISIBLE_ENTERPRISES,
    "visible_enterprises_for_order_reports": sets.REPORTED_ENTERPRISES,
    "editable_enterprises": sets.EDITABLE_ENTERPRISES,
    "managed_product_enterprises": sets.PRODUCT_ENTERPRISES,
    "enterprises_granting_linked_variants": sets.LINKING_ENTERPRISES,
    "product_enterprises_or_granting_linked_variants": sets.PRODUCT_ENTERPRISES | sets.LINKING_ENTERPRISES,
    "visible_products": sets.VISIBLE_PRODUCTS,
    "editable_and_read_only_products": sets.LISTED_PRODUCTS,
    "variant_override_hubs": sets.INVENTORY_HUBS,
    "variant_override_producers": sets.INVENTORY_PRODUCERS,
    "editable_schedules": sets.EDITABLE_SCHEDULES,
    "visible_schedules": sets.EDITABLE_SCHEDULES,
    "editable_subscriptions": sets.EDITABLE_SUBSCRIPTIONS,
    "visible_subscriptions": sets.EDITABLE_SUBSCRIPTIONS,
    "order_cycles_managed": sets.COORDINATED_CYCLES,
    "order_cycles_visible": sets.VISIBLE_CYCLES,
    "order_cycles_as_distributor": sets.CYCLES_AS_DISTRIBUTOR,
    "order_cycles_as_producer": sets.CYCLES_AS_SUPPLIER,
    "possible_coordinators": sets.POSSIBLE_COORDINATORS,
}


@attrs.frozen
class _User:
    """The answers for one user."""

    world: Json
    view: View

    def answers(self) -> Json:
        return {
            "permissions": self._permissions(),
            "order_cycles": {each["id"]: self._cycle(each) for each in self._cycles()},
            "new_order_cycle": {key: self._new_cycle(key) for key in sorted(self.view.managed)},
            "orders": orders_of(self.world, self.view),
            "abilities": abilities_of(self.world, self.view),
        }

    def _permissions(self) -> Json:
        answers: Json = {name: numbers(scope.members(self.view)) for name, scope in _SETS.items()}
        answers["can_manage_complex_order_cycles"] = sets.RUNS_SHARED_CYCLES.because(self.view) is not None
        answers["variant_override_enterprises_per_hub"] = _filled(
            sets.INVENTORY_HUBS.members(self.view), self._inventory
        )
        return answers

    def _inventory(self, hub: EnterpriseId) -> list[int]:
        return numbers(sets.INVENTORY_PRODUCERS_OF_ONE.members(attrs.evolve(self.view, participant=hub)))

    def _cycles(self) -> Iterable[Json]:
        return ({**each, "id": str(each["id"])} for each in self.world["order_cycles"])

    def _cycle(self, given: Json) -> Json:
        asked = self._asked(self.view.snapshot.order_cycles[given["id"]])
        every = self.view.snapshot.enterprises
        return {
            **self._offered(asked),
            "visible_exchanges": sorted(
                (
                    *_exchanges(given["incoming"], asked.visible_suppliers()),
                    *_exchanges(given["outgoing"], asked.visible_distributors()),
                )
            ),
            "visible_incoming_variants": _filled(every, lambda key: numbers(asked.visible_incoming_variants(key))),
            "editable_incoming_variants": _filled(every, lambda key: numbers(asked.editable_incoming_variants(key))),
            "visible_outgoing_variants": _filled(every, lambda key: numbers(asked.visible_outgoing_variants(key))),
            "editable_outgoing_variants": _filled(every, lambda key: numbers(asked.editable_outgoing_variants(key))),
            "all_incoming_editable_variants": numbers(asked.editable_goods()),
            "distributors_with_editable_checkout_options": numbers(asked.own_distributors()),
        }

    def _new_cycle(self, coordinator: EnterpriseId) -> Json:
        return self._offered(self._asked(worlds.order_cycle("new", coordinator=coordinator, incoming=(), outgoing=())))

    def _asked(self, cycle: OrderCycle) -> CycleQuestions:
        return CycleQuestions.of(self.view.actor, cycle, self.view.snapshot, self.view.profile)

    def _offered(self, asked: CycleQuestions) -> Json:
        return {
            "visible_enterprises": numbers(asked.visible_enterprises()),
            "supplier_options": numbers(asked.supplier_candidates()),
            "distributor_options": [
                {"enterprise": each, "selectable": self._is_selectable(EnterpriseId(str(each)))}
                for each in numbers(asked.distributor_candidates())
            ],
        }

    def _is_selectable(self, shop: EnterpriseId) -> bool:
        snapshot = self.view.snapshot
        return not any(missing_methods(shop, snapshot.payment_methods, snapshot.shipping_methods))


def _exchanges(given: Json, participants: Collection[str]) -> list[int]:
    return [each["id"] for each in given if str(each["enterprise"]) in participants]


def _filled(keys: Iterable[EnterpriseId], answer: Callable[[EnterpriseId], Json]) -> Json:
    """Return the answer for each key that has one which is not empty."""
    found = {key: answer(key) for key in keys}
    return {key: each for key, each in found.items() if each}


WORLDS: Final = SchemaSupport(
    name="permissions: worlds",
    recognises=schema_is("ofn-permissions/worlds/1"),
    cases=listed_cases,
    expect=expect_world,
    run=run_world,
    codes=overlay_codes,
    overlays=overlay_codes,
    defects=defects_of_world,
)
