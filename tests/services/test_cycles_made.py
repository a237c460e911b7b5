"""New cycles through the front door: made, made again, deleted (PERM-G3, PERM-G4, PERM-G6, PERM-G37, CYC-12)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.cycles.request import CycleRequest
from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES, render_refusal
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import OFN, PRODUCT
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells
from ofncore.model.event import CycleCreated, CycleDeleted
from ofncore.model.order import Channel, Order
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.testing.worlds import (
    CLOSES,
    NOW,
    OPENS,
    enterprise,
    fee,
    order,
    payment_method,
    producer,
    proxy_order,
    schedule,
    shipping_method,
    subscription,
)
from services.scenes import AMELIE, BUYERS, CHEESE, CYCLE, EGGS, HUB, PAUL, STRANGER, request, scene, why

Load = Callable[[State], FoodNetwork]
ROOT, OLGA = Actor.user("root"), STRANGER
FARM, DAIRY, SHED = map(EnterpriseId, ("farm", "dairy", "shed"))
NEW = OrderCycleId("web-7")
CONTENT = CycleEdit(
    name="Week eleven",
    orders_open_at=OPENS + timedelta(days=7),
    orders_close_at=CLOSES + timedelta(days=7),
    incoming=(IncomingEdit(supplier=FARM, variants=(EGGS,)),),
    outgoing=(OutgoingEdit(distributor=HUB, variants=(EGGS,), ready_for="Friday"),),
)


def asked(content: CycleEdit = CONTENT, *, key: str = NEW, coordinator: EnterpriseId = HUB) -> CycleRequest:
    """Return a request for a cycle."""
    return CycleRequest(key=key, coordinator=coordinator, content=content)


def world(**more: Any) -> State:  # noqa: ANN401 - parts of a state
    """Return the small world with a producer shop, whose manager is a stranger to the hub."""
    shed = producer("shed", owner="berta", sells=Sells.OWN, order_code_prefix="SHD")
    both = {"distributors": (HUB, SHED)}
    parts = {
        "enterprises": (producer("dairy", owner="paul"), producer("farm"), enterprise("hub"), shed),
        "payment_methods": (payment_method("card"), payment_method("cash", **both)),
        "shipping_methods": (shipping_method(**both),),
        "schedules": (),
    }
    return scene(**(parts | more))


def stored(network: FoodNetwork, key: str = NEW) -> OrderCycle | None:
    """Return the cycle as it is stored."""
    return next((each for each in network.worlds.export().order_cycles if each.id == key), None)


def make(network: FoodNetwork, wanted: CycleRequest | None = None, actor: Actor = AMELIE) -> OrderCycle:
    """Make a cycle, which is not refused."""
    found = network.cycles.create(wanted or asked(), actor=actor, now=NOW)
    assert isinstance(found, OrderCycle), found
    return found


def without_new(state: State) -> State:
    """Return *state* without the new cycle and without events."""
    return attrs.evolve(state, events=(), order_cycles=tuple(e for e in state.order_cycles if e.id != NEW))


# ---------------------------------------------------------------- making


def test_a_new_cycle_is_stored_with_its_event_and_nothing_else_changes(network_of: Load) -> None:
    """PERM-G6."""
    network = network_of(world())
    before = network.worlds.export()
    made = make(network)
    after = network.worlds.export()
    assert made == stored(network)
    assert (made.id, made.version) == (NEW, 1)
    assert without_new(after) == before
    assert after.events == (CycleCreated(order_cycle=NEW, actor=AMELIE, at=NOW, request=asked().fingerprint),)
    assert isinstance(read_state(write_state(after)), State)


def test_fees_are_put_on_every_part_of_it(network_of: Load) -> None:
    """PERM-G7."""
    admin = fee().id
    content = attrs.evolve(
        CONTENT,
        coordinator_fees=(admin,),
        incoming=(IncomingEdit(supplier=FARM, variants=(EGGS,), fees=(admin,)),),
        outgoing=(OutgoingEdit(distributor=HUB, variants=(EGGS,), fees=(admin,)),),
    )
    made = make(network_of(world()), asked(content))
    assert {made.coordinator_fees, made.incoming[0].fees, made.outgoing[0].fees} == {(admin,)}


def test_orders_are_taken_in_it_once_it_opens(network_of: Load) -> None:
    network = network_of(world())
    made = make(network)
    wanted = request((EGGS, 2), order_cycle=made.id)
    opens = CONTENT.orders_open_at
    assert why(network.orders.take(wanted, actor=BUYERS["anna"], now=NOW)) == [("$.order_cycle", Code.CYCLE_UPCOMING)]
    assert isinstance(network.orders.take(wanted, actor=BUYERS["anna"], now=opens), Order)  # type: ignore[arg-type]


def test_the_same_request_again_gives_the_same_cycle_and_changes_nothing(network_of: Load) -> None:
    network = network_of(world())
    made = make(network)
    before = network.worlds.export()
    again = network.cycles.create(asked(), actor=AMELIE, now=NOW + timedelta(days=1))
    assert again == made
    assert network.worlds.export() == before


def test_a_repeat_gives_the_cycle_as_it_stands_even_if_it_could_not_be_made_any_more(network_of: Load) -> None:
    """It was edited meanwhile, and nobody supplies what was asked for."""
    network = network_of(world())
    make(network)
    network.cycles.edit(NEW, CycleEdit(name="Renamed", removed_suppliers=(FARM,)), actor=AMELIE, now=NOW)
    again = network.cycles.create(asked(), actor=AMELIE, now=NOW)
    assert again == stored(network)
    assert isinstance(again, OrderCycle)
    assert (again.name, again.incoming) == ("Renamed", ())


@pytest.mark.parametrize(
    ("wanted", "actor"),
    [
        (asked(attrs.evolve(CONTENT, name="Other")), AMELIE),
        (asked(), ROOT),
        (asked(key=CYCLE), AMELIE),
    ],
    ids=["other content", "other actor", "id of another cycle"],
)
def test_another_request_under_the_key_is_refused(network_of: Load, wanted: CycleRequest, actor: Actor) -> None:
    network = network_of(world())
    make(network)
    before = network.worlds.export()
    assert why(network.cycles.create(wanted, actor=actor, now=NOW)) == [("$.key", Code.KEY_REUSED)]
    assert network.worlds.export() == before


def test_who_may_not_make_a_cycle_does_not_learn_which_keys_were_used(network_of: Load) -> None:
    network = network_of(world())
    make(network)
    for key in (NEW, CYCLE, "never"):
        found = network.cycles.create(asked(key=key), actor=PAUL, now=NOW)
        assert why(found) == [("$.coordinator", Code.NEEDS_MANAGER)]


def test_a_producer_shop_makes_the_simple_form_alone(network_of: Load) -> None:
    """PERM-G3."""
    network = network_of(world())
    content = attrs.evolve(
        CONTENT, incoming=(IncomingEdit(supplier=SHED),), outgoing=(OutgoingEdit(distributor=SHED, ready_for="Noon"),)
    )
    own = make(network, asked(content, coordinator=SHED), OLGA)
    assert [each.supplier for each in own.incoming] == [each.distributor for each in own.outgoing] == [SHED]
    found = network.cycles.create(asked(coordinator=SHED, key="web-8"), actor=OLGA, now=NOW)
    told = why(found)
    assert ("$.incoming[farm]", Code.NOT_A_HUB) in told
    assert ("$.outgoing[hub]", Code.NOT_A_HUB) in told


@pytest.mark.parametrize("sells", [Sells.NONE, Sells.UNSPECIFIED])
def test_a_mere_profile_does_not_coordinate(network_of: Load, sells: Sells) -> None:
    """PERM-G4, PERM-10 `unset-coordinator`."""
    club = enterprise("club", owner="berta", sells=sells, order_code_prefix=None)
    network = network_of(world(enterprises=(*world().enterprises, club)))
    before = network.worlds.export()
    found = network.cycles.create(asked(CycleEdit(name="Mine"), coordinator=club.id), actor=OLGA, now=NOW)
    assert why(found) == [("$.coordinator", Code.CANNOT_COORDINATE)]
    assert network.worlds.export() == before


def test_every_part_that_cannot_be_is_told_in_five_languages(network_of: Load) -> None:
    """PERM-G8, PERM-G12, PERM-G13."""
    network = network_of(
        world(grants=(), payment_methods=(payment_method("card"), payment_method("cash", active=False)))
    )
    content = attrs.evolve(CONTENT, incoming=(IncomingEdit(supplier=DAIRY, variants=(CHEESE,)),))
    found = network.cycles.create(asked(content), actor=AMELIE, now=NOW)
    assert isinstance(found, Refusal)
    assert {"$.incoming[dairy]"} <= {each.path for each in found.problems}
    texts = {render_refusal(found, language) for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES)
    assert not [text for text in texts if "{" in text]
    assert stored(network) is None


def test_the_service_makes_cycles_by_the_profile_of_its_network() -> None:
    """PERM-10 `supplier-consent`: where nobody asks for a grant, nobody needs one."""
    for profile, made in ((OFN, True), (PRODUCT, False)):
        network = make_network(unit_of_work=MemoryStorage(), profile=profile)
        assert network.worlds.load(world(grants=())) is None
        found = network.cycles.create(asked(attrs.evolve(CONTENT, outgoing=())), actor=AMELIE, now=NOW)
        assert isinstance(found, OrderCycle) == made


@pytest.mark.parametrize("key", ["", "x" * 256, "a\0b", "\ud800"])
def test_a_key_that_cannot_be_read_back_is_refused(network_of: Load, key: str) -> None:
    [(path, _)] = why(network_of(world()).cycles.create(asked(key=key), actor=AMELIE, now=NOW))
    assert path == "$.key"


def test_a_copy_tells_of_what_it_is_one(network_of: Load) -> None:
    """CYC-10."""
    network = network_of(world())
    network.cycles.duplicate(
        CYCLE, new_id=NEW, name="Copy", orders_open_at=OPENS, orders_close_at=CLOSES, actor=AMELIE, now=NOW
    )
    assert network.worlds.export().events == (CycleCreated(order_cycle=NEW, actor=AMELIE, at=NOW, copied_from=CYCLE),)


# ---------------------------------------------------------------- deleting


def test_a_cycle_in_which_nothing_was_ordered_is_deleted_and_its_history_stays(network_of: Load) -> None:
    """PERM-G37, CYC-12."""
    network = network_of(world())
    before = without_new(network.worlds.export())
    make(network)
    assert network.cycles.delete(NEW, actor=AMELIE, now=NOW) is None
    after = network.worlds.export()
    assert without_new(after) == before
    assert stored(network) is None
    assert [type(each) for each in after.events] == [CycleCreated, CycleDeleted]
    assert isinstance(read_state(write_state(after)), State)


def test_its_id_is_never_used_again(network_of: Load) -> None:
    """Neither by a repeat of its request, nor by another one, nor by a copy."""
    network = network_of(world())
    make(network)
    network.cycles.delete(NEW, actor=AMELIE, now=NOW)
    before = network.worlds.export()
    assert why(network.cycles.create(asked(), actor=AMELIE, now=NOW)) == [("$.key", Code.UNKNOWN_RECORD)]
    other = asked(attrs.evolve(CONTENT, name="Other"))
    assert why(network.cycles.create(other, actor=AMELIE, now=NOW)) == [("$.key", Code.KEY_REUSED)]
    copy = network.cycles.duplicate(
        CYCLE, new_id=NEW, name="Copy", orders_open_at=OPENS, orders_close_at=CLOSES, actor=AMELIE, now=NOW
    )
    assert why(copy) == [("$.id", Code.CYCLE_EXISTS)]
    assert network.worlds.export() == before


def test_orders_hold_a_cycle_also_if_they_were_cancelled(network_of: Load) -> None:
    """CYC-14.12."""
    network = network_of(world())
    taken = network.orders.take(request((EGGS, 1)), actor=BUYERS["anna"], now=NOW)
    assert isinstance(taken, Order)
    network.orders.cancel(taken.id, actor=AMELIE, now=NOW)
    before = network.worlds.export()
    found = network.cycles.delete(CYCLE, actor=AMELIE, now=NOW)
    assert why(found) == [("$", Code.CYCLE_HAS_ORDERS)]
    assert network.worlds.export() == before


def test_a_schedule_holds_a_cycle(network_of: Load) -> None:
    """CYC-12."""
    network = network_of(world(schedules=(schedule(),)))
    assert why(network.cycles.delete(CYCLE, actor=AMELIE, now=NOW)) == [("$", Code.CYCLE_SCHEDULED)]


def test_a_standing_order_holds_a_cycle_even_if_it_came_to_nothing(network_of: Load) -> None:
    """Its outcome is what its customer was told."""
    left = (schedule(order_cycles=()),)
    proxies = (proxy_order(outcome=ProxyOutcome.EMPTY),)
    network = network_of(world(schedules=left, subscriptions=(subscription(),), proxy_orders=proxies))
    found = network.cycles.delete(CYCLE, actor=AMELIE, now=NOW)
    assert found == Refusal.of(Code.CYCLE_HAS_ORDERS, orders=1)


def test_a_standing_order_counts_once_with_its_order(network_of: Load) -> None:
    placed = (proxy_order(order="anna", outcome=ProxyOutcome.PLACED),)
    orders = (order("anna", channel=Channel.SUBSCRIPTION, subscription="anna-weekly"), order("web", customer="ben"))
    left = (schedule(order_cycles=()),)
    network = network_of(world(schedules=left, subscriptions=(subscription(),), orders=orders, proxy_orders=placed))
    found = network.cycles.delete(CYCLE, actor=AMELIE, now=NOW)
    assert found == Refusal.of(Code.CYCLE_HAS_ORDERS, orders=len(orders))


def test_only_the_coordinators_managers_delete_and_nobody_deletes_what_is_not_there(network_of: Load) -> None:
    """PERM-G37."""
    network = network_of(world())
    before = network.worlds.export()
    for actor in (PAUL, STRANGER, BUYERS["anna"]):
        assert why(network.cycles.delete(CYCLE, actor=actor, now=NOW)) == [("$", Code.NEEDS_MANAGER)]
    never = OrderCycleId("never")
    expected = Refusal.of(Code.UNKNOWN_RECORD, kind="order_cycle", id=never)
    assert network.cycles.delete(never, actor=AMELIE, now=NOW) == expected
    assert network.worlds.export() == before
