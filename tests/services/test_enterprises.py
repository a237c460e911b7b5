"""Enterprises and their roles through the front door (PERM-6, PERM-8, PERM-11)."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, UserId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Enterprise, Sells, ShopSettings
from ofncore.model.event import (
    EnterpriseCreated,
    GrantChanged,
    ManagerAdded,
    ManagerRemoved,
    OwnerChanged,
    SellsChanged,
)
from ofncore.model.grant import Permission
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.actions import EnterpriseAction, GrantAction
from ofncore.permissions.capabilities import all_actors, permission_matrix
from ofncore.permissions.facts import ManagesFact, OwnsFact
from ofncore.permissions.new_enterprises import EnterpriseRequest
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.what_if import RoleChange, what_if
from ofncore.testing.conformance.permissions_loading import enterprise, grants
from ofncore.testing.worlds import CLOSES, NOW, user
from services.scenes import why
from services.two_shops import AMELIE, BERTA, DAIRY, FARM, HUB, MARKET, MONA, PAUL, ROOT, two_shops

Loads = Callable[[State], FoodNetwork]
TICK: Final = timedelta(microseconds=1)
VECTORS: Final = Path(__file__).parents[1] / "conformance" / "permissions" / "new_enterprises.json.gz"
PAULS, MONAS, AMELIES, BERTAS = map(UserId, ("paul", "mona", "amelie", "berta"))
STRANGER: Final = UserId("unheard-of")


@pytest.fixture
def network(network_of: Loads) -> FoodNetwork:
    """Return the two shops."""
    return network_of(two_shops(ShopSettings(), ShopSettings()))


def asking(**changes: Any) -> EnterpriseRequest:  # noqa: ANN401 - fields by name
    """Return a request for a new profile, with *changes*."""
    plain = EnterpriseRequest(key="stand", name="Stand", currency="EUR", time_zone="Europe/Paris")
    return attrs.evolve(plain, **changes)


def done(found: object) -> Enterprise:
    """Return the enterprise, of what was allowed."""
    assert isinstance(found, Enterprise), found
    return found


def stored(network: FoodNetwork, key: EnterpriseId) -> Enterprise:
    """Return an enterprise as it is stored."""
    [found] = [each for each in network.worlds.export().enterprises if each.id == key]
    return found


def is_readable(network: FoodNetwork) -> bool:
    """Whether what is exported is read back and loaded as the same."""
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    other = make_network()
    assert other.worlds.load(read) is None
    return write_state(other.worlds.export()) == written


def rights(network: FoodNetwork) -> set[tuple[object, ...]]:
    """Return everything that anybody may do."""
    snapshot = Snapshot.of_world(network.worlds.export())
    found = permission_matrix(snapshot, all_actors(snapshot))
    return {(each.actor, each.action, one) for each in found for one in each.resources}


# ---------------------------------------------------------------- making


def test_a_new_enterprise_is_stored_with_its_grants_and_events(network: FoodNetwork) -> None:
    """PERM-6 (new enterprise), PERM-8 (create)."""
    made = done(network.enterprises.create(asking(is_producer=True), actor=AMELIE, now=NOW))
    assert made == stored(network, EnterpriseId("stand"))
    assert (made.owner, made.managers, made.sells) == (AMELIES, (AMELIES,), Sells.NONE)
    state = network.worlds.export()
    [grant] = [each for each in state.grants if "stand" in (each.grantor, each.grantee)]
    assert (grant.grantor, grant.grantee) == ("stand", HUB)
    assert set(grant.permissions) == {Permission.ADD_TO_ORDER_CYCLE, Permission.CREATE_VARIANT_OVERRIDES}
    assert {(type(each), each.actor, each.at) for each in state.events} == {
        (EnterpriseCreated, AMELIE, NOW),
        (GrantChanged, AMELIE, NOW),
    }
    assert is_readable(network)


def test_its_maker_may_do_with_it_what_owners_may(network: FoodNetwork) -> None:
    done(network.enterprises.create(asking(), actor=BERTA, now=NOW))
    stand = resource(ResourceKind.ENTERPRISE, "stand")
    for action in (EnterpriseAction.TRANSFER, EnterpriseAction.INVITE_MANAGER, GrantAction.GRANT):
        assert network.permissions.check(BERTA, action, stand).allowed
        assert not network.permissions.check(PAUL, action, stand).allowed


def test_a_repeat_gives_the_enterprise_as_it_now_stands(network: FoodNetwork) -> None:
    done(network.enterprises.create(asking(), actor=BERTA, now=NOW))
    done(network.enterprises.transfer(EnterpriseId("stand"), PAULS, actor=BERTA, now=NOW))
    before = network.worlds.export()
    again = done(network.enterprises.create(asking(), actor=BERTA, now=NOW + TICK))
    assert again.owner == "paul"
    assert network.worlds.export() == before


@pytest.mark.parametrize(
    ("request_", "actor"),
    [
        (asking(name="Other"), BERTA),
        (asking(), PAUL),
        (asking(key="farm"), BERTA),
        (asking(owner=PAULS), BERTA),
    ],
    ids=["other content", "other actor", "id of a loaded one", "owner named"],
)
def test_a_key_names_one_request_only(network: FoodNetwork, request_: EnterpriseRequest, actor: Actor) -> None:
    done(network.enterprises.create(asking(), actor=BERTA, now=NOW))
    before = network.worlds.export()
    assert ("$.key", Code.KEY_REUSED) in why(network.enterprises.create(request_, actor=actor, now=NOW))
    assert network.worlds.export() == before


def test_what_no_world_file_could_hold_is_not_stored(network: FoodNetwork) -> None:
    before = network.worlds.export()
    wrong = asking(name=" ", currency="eur", time_zone="Europe", locale="?", sells=Sells.OWN, owner=MONAS)
    assert why(network.enterprises.create(wrong, actor=ROOT, now=NOW)) == [
        ("$.name", Code.ENTERPRISE_UNNAMED),
        ("$.currency", Code.BAD_CURRENCY),
        ("$.time_zone", Code.BAD_TIME_ZONE),
        ("$.locale", Code.BAD_LOCALE),
        ("$.order_code_prefix", Code.MISSING_PREFIX),
    ]
    assert network.worlds.export() == before


@pytest.mark.parametrize(("key", "code"), [("", Code.BAD_LENGTH), ("\0", Code.BAD_TEXT), ("\ud800", Code.BAD_TEXT)])
def test_a_key_that_no_storage_could_hold_is_refused(network: FoodNetwork, key: str, code: Code) -> None:
    assert why(network.enterprises.create(asking(key=key), actor=PAUL, now=NOW)) == [("$.key", code)]


def test_the_second_hub_of_an_owner_needs_a_prefix_of_its_own(network: FoodNetwork) -> None:
    """PERM-11, ORD-K1."""
    create = network.enterprises.create
    assert why(create(asking(), actor=AMELIE, now=NOW)) == [("$.order_code_prefix", Code.MISSING_PREFIX)]
    taken = asking(order_code_prefix="MAR")
    assert why(create(taken, actor=AMELIE, now=NOW)) == [("$.order_code_prefix", Code.DUPLICATE_PREFIX)]
    assert done(create(asking(order_code_prefix="STA"), actor=AMELIE, now=NOW)).sells is Sells.ANY
    assert is_readable(network)


def test_an_owner_who_wants_no_second_hub_may_not_say_so(network: FoodNetwork) -> None:
    """PERM-11: what it starts with is not for who makes it to choose, unless an administrator does."""
    request = asking(sells=Sells.NONE, owner=AMELIES)
    assert why(network.enterprises.create(request, actor=AMELIE, now=NOW)) == [("$.sells", Code.NOT_ALLOWED)]
    assert done(network.enterprises.create(request, actor=ROOT, now=NOW)).sells is Sells.NONE


@pytest.mark.parametrize("length", [200, 255])
def test_the_longest_ids_make_grants_that_can_be_read_back(network_of: Loads, length: int) -> None:
    network = network_of(two_shops(ShopSettings(), ShopSettings()))
    for letter in "ab":
        request = asking(key=letter * length, order_code_prefix=f"ST{letter.upper()}")
        done(network.enterprises.create(request, actor=AMELIE, now=NOW))
    assert is_readable(network)


# ---------------------------------------------------------------- vectors


def cases() -> list[Any]:
    """Return Open Food Network's cases of new enterprises."""
    return json.loads(gzip.decompress(VECTORS.read_bytes()))["cases"]  # type: ignore[no-any-return] # a list of objects


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_the_grants_of_every_case_come_through_the_front_door(case: Any, network_of: Loads) -> None:  # noqa: ANN401 - JSON
    """PERM-6 (new enterprise). The owner makes it where it sells what PERM-11 says, else an administrator does."""
    given = case["world"]
    known = [
        attrs.evolve(enterprise(each, given["users"]), order_code_prefix=f"E{each['id']:02}")
        for each in given["enterprises"]
    ]
    [new] = [each for each in known if each.id == str(case["new_enterprise"])]
    others = [each for each in known if each is not new]
    before = [each for each in grants(given["relationships"]) if new.id not in (each.grantor, each.grantee)]
    people = [user(str(each["id"]), is_admin=each["admin"]) for each in given["users"]]
    network = network_of(
        State(
            name="A case",
            users=(*people, user("root", is_admin=True)),
            enterprises=tuple(others),
            grants=tuple(before),
        )
    )
    request = EnterpriseRequest(
        key=new.id,
        name=new.name,
        owner=new.owner,
        is_producer=new.is_producer,
        sells=new.sells,
        currency=new.currency,
        time_zone=new.time_zone,
        order_code_prefix=new.order_code_prefix,
        shop=new.shop,
    )
    hubs = [each for each in others if each.owner == new.owner and each.is_hub]
    is_first = new.sells is (Sells.ANY if hubs and not new.is_producer else Sells.NONE)
    maker = Actor.user(new.owner if is_first else "root")
    done(network.enterprises.create(request, actor=maker, now=NOW))
    came = [each for each in network.worlds.export().grants if each not in before]
    assert {(each.grantor, each.grantee, tuple(sorted(each.permissions))) for each in came} == {
        (str(each["parent"]), str(each["child"]), tuple(sorted(each["permissions"]))) for each in case["expected"]
    }


# ---------------------------------------------------------------- roles


def test_roles_are_stored_with_their_events_and_read_back(network: FoodNetwork) -> None:
    """PERM-8."""
    roles = network.enterprises
    assert done(roles.invite_manager(FARM, MONAS, actor=PAUL, now=NOW)).managers == ("paul", "mona")
    assert done(roles.transfer(FARM, BERTAS, actor=PAUL, now=NOW + TICK)).owner == "berta"
    left = done(roles.remove_manager(FARM, PAULS, actor=BERTA, now=NOW + 2 * TICK))
    assert left == stored(network, FARM)
    assert (left.owner, left.managers) == ("berta", ("mona", "berta"))
    assert [(type(each), each.actor) for each in network.worlds.export().events] == [
        (ManagerAdded, PAUL),
        (ManagerAdded, PAUL),
        (OwnerChanged, PAUL),
        (ManagerRemoved, BERTA),
    ]
    assert is_readable(network)


def test_who_was_invited_acts_and_who_was_removed_does_not(network: FoodNetwork) -> None:
    farm = resource(ResourceKind.ENTERPRISE, FARM)
    for invited in (True, False):
        change = network.enterprises.invite_manager if invited else network.enterprises.remove_manager
        done(change(FARM, MONAS, actor=PAUL, now=NOW))
        assert network.permissions.check(MONA, EnterpriseAction.EDIT, farm).allowed == invited


def test_what_changes_nothing_leaves_all_as_it_is(network: FoodNetwork) -> None:
    before = network.worlds.export()
    roles = network.enterprises
    assert done(roles.invite_manager(FARM, PAULS, actor=PAUL, now=NOW)) == stored(network, FARM)
    assert done(roles.remove_manager(FARM, MONAS, actor=PAUL, now=NOW)) == stored(network, FARM)
    assert done(roles.transfer(FARM, PAULS, actor=PAUL, now=NOW)) == stored(network, FARM)
    assert network.worlds.export() == before


@pytest.mark.parametrize("actor", [MONA, BERTA, Actor.user(STRANGER), Actor.customer("paul"), ENGINE], ids=str)
def test_who_has_no_role_changes_none(network: FoodNetwork, actor: Actor) -> None:
    before = network.worlds.export()
    for found in (
        network.enterprises.invite_manager(FARM, UserId(actor.id), actor=actor, now=NOW),
        network.enterprises.remove_manager(FARM, PAULS, actor=actor, now=NOW),
        network.enterprises.transfer(FARM, UserId(actor.id), actor=actor, now=NOW),
    ):
        assert isinstance(found, Refusal)
    assert network.worlds.export() == before


def test_a_manager_is_not_lost_or_kept_by_a_stale_picture(network: FoodNetwork) -> None:
    """Each act decides by what is stored when it is its turn."""
    roles = network.enterprises
    done(roles.invite_manager(FARM, MONAS, actor=PAUL, now=NOW))
    done(roles.invite_manager(FARM, BERTAS, actor=MONA, now=NOW))
    done(roles.remove_manager(FARM, MONAS, actor=PAUL, now=NOW))
    assert why(roles.invite_manager(FARM, AMELIES, actor=MONA, now=NOW)) == [("$.enterprise", Code.NEEDS_MANAGER)]
    assert stored(network, FARM).managers == ("paul", "berta")


# ---------------------------------------------------------------- telling beforehand


@pytest.mark.parametrize(
    ("act", "change"),
    [
        (
            lambda roles: roles.invite_manager(FARM, MONAS, actor=PAUL, now=NOW),
            RoleChange(added=(ManagesFact(MONAS, FARM),)),
        ),
        (
            lambda roles: roles.transfer(DAIRY, PAULS, actor=BERTA, now=NOW),
            RoleChange(added=(OwnsFact(PAULS, DAIRY), ManagesFact(PAULS, DAIRY))),
        ),
        (
            lambda roles: roles.remove_manager(MARKET, PAULS, actor=ROOT, now=NOW),
            RoleChange(removed=(ManagesFact(PAULS, MARKET),)),
        ),
    ],
    ids=["invite", "transfer", "remove"],
)
def test_what_if_tells_what_comes_of_it(network: FoodNetwork, act: Callable[..., object], change: RoleChange) -> None:
    """PERM-12 (differences)."""
    done(network.enterprises.invite_manager(MARKET, PAULS, actor=MONA, now=NOW))
    before = rights(network)
    told = what_if(change, Snapshot.of_world(network.worlds.export()))
    assert not isinstance(told, Refusal)
    done(act(network.enterprises))
    after = rights(network)
    assert after != before
    gained = {(each.actor, each.action, one) for each in told.gained for one in each.resources}
    lost = {(each.actor, each.action, one) for each in told.lost for one in each.resources}
    assert (gained, lost) == (after - before, before - after)


# ---------------------------------------------------------------- what it sells


def test_who_made_a_profile_comes_to_sell(network: FoodNetwork) -> None:
    """PERM-8 (sells), ORD-K1: no world file is needed for it."""
    done(network.enterprises.create(asking(), actor=BERTA, now=NOW))
    stand, change = EnterpriseId("stand"), network.enterprises.change_sells
    assert why(change(stand, "own", actor=BERTA, now=NOW)) == [("$.order_code_prefix", Code.MISSING_PREFIX)]
    taken = str(stored(network, HUB).order_code_prefix)
    assert why(change(stand, "own", actor=BERTA, now=NOW, order_code_prefix=taken)) == [
        ("$.order_code_prefix", Code.DUPLICATE_PREFIX)
    ]
    made = done(change(stand, Sells.OWN, actor=BERTA, now=NOW + TICK, order_code_prefix="STD"))
    assert made == stored(network, stand)
    assert (made.sells, made.order_code_prefix) == (Sells.OWN, "STD")
    assert [
        (each.sells, each.formerly) for each in network.worlds.export().events if isinstance(each, SellsChanged)
    ] == [(Sells.OWN, Sells.NONE)]
    coordinate = resource(ResourceKind.ENTERPRISE, stand)
    assert network.permissions.check(BERTA, EnterpriseAction.COORDINATE, coordinate).allowed
    assert is_readable(network)
    before = network.worlds.export()
    assert done(change(stand, "own", actor=BERTA, now=NOW + 2 * TICK, order_code_prefix="STD")) == made
    assert network.worlds.export() == before


def test_what_cycles_need_it_goes_on_selling(network: FoodNetwork) -> None:
    """PERM-G3, PERM-G11: the running cycle of the hub, in which the market sells too."""
    before = network.worlds.export()
    change = network.enterprises.change_sells
    for shop, owner in ((HUB, AMELIE), (MARKET, MONA)):
        assert why(change(shop, "none", actor=owner, now=NOW)) == [("$.sells", Code.STILL_SELLS)]
    assert network.worlds.export() == before
    assert done(change(MARKET, "none", actor=MONA, now=CLOSES + TICK)).sells is Sells.NONE


def test_what_it_becomes_brings_no_grants(network: FoodNetwork) -> None:
    """PERM-6: grants come with a new enterprise alone."""
    before = network.worlds.export().grants
    done(network.enterprises.change_sells(FARM, "any", actor=PAUL, now=NOW, order_code_prefix="FRM"))
    assert network.worlds.export().grants == before


@pytest.mark.parametrize("wrong", [None, 7, {}])
@pytest.mark.parametrize("name", ["enterprise", "user", "actor"])
def test_an_argument_of_another_type_is_told_by_its_name(network: FoodNetwork, name: str, wrong: object) -> None:
    given: Any = {"enterprise": FARM, "user": MONAS, "actor": PAUL, "now": NOW} | {name: wrong}
    for act in (network.enterprises.invite_manager, network.enterprises.remove_manager):
        with pytest.raises(TypeError, match=f"^{name} must be of type"):
            act(**given)


# ---------------------------------------------------------------- what is of another type


@pytest.mark.parametrize("field", ["key", "name", "currency", "time_zone", "locale", "address", "shop", "is_producer"])
@pytest.mark.parametrize("wrong", [None, 5, b"x"], ids=repr)
def test_a_request_of_another_type_is_told_by_its_name(field: str, wrong: object) -> None:
    with pytest.raises(TypeError, match=f"^{field} must be of type "):
        asking(**{field: wrong})


@pytest.mark.parametrize("field", ["owner", "order_code_prefix", "email", "phone"])
def test_what_may_be_missing_in_a_request_is_a_text_or_missing(field: str) -> None:
    assert getattr(asking(**{field: None}), field) is None
    with pytest.raises(TypeError, match=f"^{field} must be of type str or NoneType, not int 5"):
        asking(**{field: 5})


NO: Final[Any] = None
THINGS: Final[Any] = {}
THE_FARM: Final = resource(ResourceKind.ENTERPRISE, FARM)
WRONG_ARGUMENTS: Final[tuple[tuple[str, Callable[[FoodNetwork], object]], ...]] = (
    ("limits", lambda it: it.permissions.answer(PAUL, EnterpriseAction.SEE, THE_FARM, limits=NO)),
    ("limits", lambda it: it.permissions.answer_for_actor(PAUL, EnterpriseAction.SEE, THE_FARM, limits=NO)),
    ("problems", lambda it: it.permissions.problems_for_actor(NO, PAUL)),
    ("problems", lambda it: it.permissions.problems_for_actor([NO], PAUL)),
    ("about", lambda it: it.permissions.problems_for_actor([], PAUL, "farm")),  # type: ignore[arg-type] # on purpose
    ("within", lambda it: it.permissions.list_allowed(PAUL, EnterpriseAction.SEE, ResourceKind.ENTERPRISE, within=NO)),
    ("action", lambda it: it.permissions.check_cycle(PAUL, THINGS, OrderCycleId("week-10"))),
    ("order_cycle", lambda it: it.cycles.announce_opening(THINGS, now=NOW)),
    ("order_cycle", lambda it: it.cycles.close(THINGS, now=NOW)),
    ("order_cycle", lambda it: it.cycles.edit_text(Refusal.of(Code.NOT_ALLOWED), "en", order_cycle=THINGS)),
    ("permissions", lambda it: it.grants.change(FARM, HUB, THINGS, actor=PAUL, now=NOW)),
)


@pytest.mark.parametrize(("name", "call"), WRONG_ARGUMENTS)
def test_what_questions_and_acts_are_given_is_told_by_its_name(
    network: FoodNetwork, name: str, call: Callable[[FoodNetwork], object]
) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be "):
        call(network)
