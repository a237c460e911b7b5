"""Open Food Network's cases of changed grants, carried out through the front door (PERM-6, PERM-10)."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.services.grants import GrantOutcome
from ofncore.testing import worlds
from ofncore.testing.conformance import Side
from ofncore.testing.conformance.permissions_loading import numbers, snapshot_of
from ofncore.testing.conformance.permissions_relationships import expect_changes

Json = dict[str, Any]
FOLDER: Final = Path(__file__).parents[1] / "conformance" / "permissions"
#: None of their cycles is closed then.
NOW: Final = datetime(2026, 1, 15, tzinfo=UTC)
ASKING: Final = worlds.user("asking", is_admin=True)
#: The fields under which the cases report what is wrong.
REPORTED: Final = {Code.GRANT_EXISTS: "child_id", Code.EXCLUSIVE_PERMISSIONS: "base"}


def cases(name: str) -> list[Json]:
    content = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    return [case for case in content["cases"] if case["kind"] == "relationship"]


def network_of(world: Json, profile: Profile) -> FoodNetwork:
    """Return a network with what matters of *world*, and somebody who may ask for everything."""
    snapshot, storage = snapshot_of(world), MemoryStorage()
    with storage() as unit:
        for user in (*snapshot.relations.users.values(), ASKING):
            unit.users.add(user)
        for enterprise in snapshot.relations.enterprises.values():
            unit.enterprises.add(enterprise)
        for grant in snapshot.relations.grants:
            unit.grants.add(grant)
        for product in snapshot.products.values():
            unit.products.add(product)
        for variant in snapshot.variants.values():
            unit.variants.add(variant)
        for cycle in snapshot.order_cycles.values():
            unit.order_cycles.add(cycle)
    return make_network(unit_of_work=storage, profile=profile)


def carry_out(network: FoodNetwork, given: Json) -> GrantOutcome | Refusal:
    """Do one change of a case."""
    actor = Actor.user(ASKING.id)
    grantor, grantee = (EnterpriseId(str(given[side])) for side in ("parent", "child"))
    permissions = [Permission(each) for each in given.get("permissions") or ()]
    if given["action"] == "destroy":
        return network.grants.destroy(grantor, grantee, actor=actor, now=NOW)
    if given["action"] == "create":
        return network.grants.create(grantor, grantee, permissions, actor=actor, now=NOW)
    assert given["action"] == "set_permissions"
    return network.grants.change(grantor, grantee, permissions, actor=actor, now=NOW)


def comes_to(world: Json, change: Json, profile: Profile) -> Json:
    """Return what is stored after *change*. Own prices of hubs are not stored, so nothing is said of them."""
    network = network_of(world, profile)
    found = carry_out(network, change)
    errors = found.codes if isinstance(found, Refusal) else ()
    state = network.worlds.export()
    return {
        "saved": isinstance(found, GrantOutcome),
        "errors": sorted(REPORTED.get(Code(each), each) for each in errors),
        "relationships": _relationships(state),
        "order_cycles": {int(each.id): _lists(each) for each in state.order_cycles},
    }


def _relationships(state: State) -> Json:
    return {f"{each.grantor} to {each.grantee}": sorted(map(str, each.permissions)) for each in state.grants}


def _lists(cycle: OrderCycle) -> Json:
    return {
        "incoming": {int(each.supplier): numbers(each.variants) for each in cycle.incoming},
        "outgoing": {int(each.distributor): numbers(each.variants) for each in cycle.outgoing},
    }


def is_to_itself(given: Json) -> bool:
    """Whether a change of a case is of what an enterprise allows itself."""
    return bool(given["change"]["parent"] == given["change"]["child"])


def unlike(case: Json, side: Side, profile: Profile) -> list[Json]:
    """Return what changes of *case* come to that should come to something else."""
    found = []
    for given, told in zip(case["changes"], expect_changes(case, side), strict=True):
        got = comes_to(case["world"], given["change"], profile)
        if not is_to_itself(given) and got != {key: told[key] for key in got}:
            found.append(got)
    return found


@pytest.mark.parametrize(("name", "count"), [("relationships", 70), ("examples", 2)])
@pytest.mark.parametrize(("side", "profile"), [(Side.OFN, OFN), (Side.PRODUCT, PRODUCT)])
def test_a_change_through_the_service_stores_what_the_case_says(
    name: str, count: int, side: Side, profile: Profile
) -> None:
    given = cases(name)
    assert len(given) == count
    assert {case["id"]: found for case in given if (found := unlike(case, side, profile))} == {}


def test_only_what_an_enterprise_allows_itself_is_refused_here_and_not_there() -> None:
    """It would allow nothing, and no document may hold it."""
    to_itself = [
        (case["world"], given["change"])
        for name in ("relationships", "examples")
        for case in cases(name)
        for given in case["changes"]
        if is_to_itself(given)
    ]
    assert len(to_itself) == 1
    for world, change in to_itself:
        got = comes_to(world, change, PRODUCT)
        assert (got["saved"], got["errors"]) == (False, [Code.GRANT_TO_SELF])
        assert got["relationships"] == _relationships(network_of(world, PRODUCT).worlds.export())
