"""Questions about permissions, answered from what is stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs
import pytest

from ofncore.cycles.carrying_out import Prospect
from ofncore.cycles.edits import CycleEdit, IncomingEdit, OutgoingEdit
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError, UnknownActionError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, UserId
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.enterprise import ShopSettings
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.actions import CycleAccess, CycleAction, EnterpriseAction, OrderAction, ScreenAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.capabilities import all_actors, permission_matrix, places, who_can
from ofncore.permissions.facts import AdminFact, ManagesFact
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.screens import Screen
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.what_if import RoleChange
from ofncore.services.grants import GrantOutcome
from ofncore.services.permissions import PermissionService
from ofncore.testing.worlds import NOW, enterprise, producer
from services.scenes import AMELIE, CARROTS, CHEESE, CYCLE, EGGS, HUB, PAUL, STRANGER, Scene, scene

FARM, DAIRY, NEVER = EnterpriseId("farm"), EnterpriseId("dairy"), OrderCycleId("never")
FARM_ITSELF = resource(ResourceKind.ENTERPRISE, FARM)


def test_what_is_loaded_for_a_question_is_enough(shop: Scene) -> None:
    """Every rule answers from the records loaded for its kind as it does from all there are."""
    shop.take((EGGS, 1), (CHEESE, 1))
    state = shop.state
    whole = Snapshot.of_world(state, state.orders)
    service = shop.network.permissions
    for actor in (AMELIE, PAUL, Actor.user("anna"), Actor.user("root")):
        asker = Asker(actor, whole)
        for kind, action in RULES:
            for within in places(kind, whole):
                expected = asker.list_allowed(action, kind, within=within)
                assert service.list_allowed(actor, action, kind, within=within) == expected, (kind, action)


def test_producers_who_may_change_orders_are_known_wherever_they_count(tmp_path: Path) -> None:
    """PERM-8: the class Lm hangs on orders, so those are loaded where a screen or a cycle is asked about."""
    loaded = {ResourceKind.ORDER_CYCLE, ResourceKind.SCREEN, ResourceKind.ORDER, ResourceKind.ORDER_LINE}
    settings = ShopSettings(producers_may_change_orders=True)
    shops = (producer("dairy", owner="berta"), producer("farm"), enterprise("hub", shop=settings))
    shop = Scene.of(scene(enterprises=shops), tmp_path)
    shop.take((EGGS, 1))
    state = shop.state
    asker = Asker(PAUL, Snapshot.of_world(state, state.orders))
    for kind, action in (each for each in RULES if each[0] in loaded):
        found = shop.network.permissions.list_allowed(PAUL, action, kind)
        assert found == asker.list_allowed(action, kind), (kind, action)
    screen = resource(ResourceKind.SCREEN, Screen.ORDERS)
    assert shop.network.permissions.check(PAUL, ScreenAction.OPEN, screen).allowed


def test_a_cycle_is_listed_for_who_has_goods_in_its_orders(tmp_path: Path) -> None:
    """PERM-8: class Lm sees a cycle by an order of it, though the producer takes no part in it any more."""
    settings = ShopSettings(producers_may_change_orders=True)
    shops = (producer("dairy", owner="berta"), producer("farm"), enterprise("hub", shop=settings))
    shop = Scene.of(scene(enterprises=shops), tmp_path)
    shop.take((EGGS, 1))
    cycle = shop.state.order_cycles[0]
    without = attrs.evolve(cycle, incoming=tuple(each for each in cycle.incoming if each.supplier != FARM))
    later = make_network()
    assert later.worlds.load(attrs.evolve(shop.state, order_cycles=(without,))) is None
    named = resource(ResourceKind.ORDER_CYCLE, CYCLE)
    assert later.permissions.check(PAUL, CycleAccess.LIST, named).allowed
    assert not later.permissions.check(PAUL, CycleAccess.SEE, named).allowed


def test_what_is_not_in_a_cycle_is_not_shown_though_it_may_be_ticked(shop: Scene) -> None:
    """PERM-4: to view is potential; what is shown is what is there."""
    cycle = shop.state.order_cycles[0]
    eggs_only = tuple(
        attrs.evolve(each, variants=(EGGS,)) if each.supplier == FARM else each for each in cycle.incoming
    )
    later = make_network()
    changed = attrs.evolve(cycle, incoming=eggs_only, outgoing=())
    assert later.worlds.load(scene(order_cycles=(changed,))) is None
    found = later.permissions.cycle_scope(PAUL, CYCLE)
    assert [(each.shown, each.editable) for each in found.incoming] == [((EGGS,), (CARROTS, EGGS))]


@pytest.mark.parametrize("kind", ResourceKind)
def test_each_kind_is_asked_about(shop: Scene, kind: ResourceKind) -> None:
    """What is not there is a no, and no question fails for want of records."""
    place = WHEREABOUTS[kind]
    unknown = Resource(kind, ("none",) * (place.context + place.length))
    for action in (each for one, each in RULES if one == kind):
        assert not shop.network.permissions.check(AMELIE, action, unknown).allowed
        assert shop.network.permissions.who_can(action, unknown) == set()


def test_an_unknown_action_is_an_error(shop: Scene) -> None:
    with pytest.raises(UnknownActionError):
        shop.network.permissions.check(AMELIE, OrderAction.TAKE, FARM_ITSELF)


def test_every_storage_gives_the_same_answers(network_of: Callable[[State], FoodNetwork]) -> None:
    network = network_of(scene())
    decision = network.permissions.check(AMELIE, EnterpriseAction.SEE, FARM_ITSELF)
    assert decision.allowed
    assert network.permissions.who_can(EnterpriseAction.SEE, FARM_ITSELF) == {AMELIE, PAUL, Actor.user("root")}


def test_the_host_is_told_all_and_the_actor_what_is_theirs(shop: Scene) -> None:
    asked = (STRANGER, EnterpriseAction.EDIT, FARM_ITSELF)
    full = shop.network.permissions.answer(*asked)
    shown = shop.network.permissions.answer_for_actor(*asked)
    assert (ManagesFact(UserId("berta"), FARM),) in full.remedies
    assert (ManagesFact(UserId("berta"), FARM),) not in shown.remedies
    words = shop.network.permissions.answer_text
    assert "Berta est gestionnaire de «\N{NO-BREAK SPACE}Farm\N{NO-BREAK SPACE}»" in words(full, "fr")
    assert "Farm" not in words(shown, "fr")


def test_the_scope_of_a_cycle_is_the_coordinators_in_full(shop: Scene) -> None:
    """PERM-4, PERM-G12: with whom it may sell through, and whether they are ready."""
    found = shop.network.permissions.cycle_scope(AMELIE, CYCLE)
    assert found.coordinates
    assert {each.participant: each.shown for each in found.incoming} == {
        FARM: (CARROTS, EGGS),
        DAIRY: (CHEESE,),
    }
    assert [(each.enterprise, each.missing) for each in found.distributor_candidates] == [(HUB, ())]
    assert found.enterprises == (DAIRY, FARM, HUB)
    assert found.outgoing[0].editable == (CARROTS, CHEESE, EGGS)


def test_the_scope_of_a_cycle_is_the_suppliers_in_part(shop: Scene) -> None:
    """PERM-G16, PERM-G23: it sees its goods in the list, and adds none without the grant of the distributor."""
    found = shop.network.permissions.cycle_scope(PAUL, CYCLE)
    assert not found.coordinates
    assert [each.participant for each in found.incoming] == [FARM]
    assert [(each.participant, each.shown, each.editable) for each in found.outgoing] == [(HUB, (CARROTS, EGGS), ())]


def test_a_hub_without_methods_is_a_candidate_that_is_not_ready(tmp_path: Path) -> None:
    """PERM-G12: listed, and not selectable."""
    shop = Scene.of(scene(payment_methods=(), shipping_methods=()), tmp_path)
    found = shop.network.permissions.cycle_scope(AMELIE, CYCLE)
    assert found.distributor_candidates[0].missing == (Code.NO_PAYMENT_METHOD, Code.NO_SHIPPING_METHOD)


def test_a_supplier_is_shown_its_own_lines(shop: Scene) -> None:
    """PERM-G19, PERM-G20."""
    order = shop.take((EGGS, 2), (CHEESE, 1))
    seen = shop.network.orders.shown
    (masked,) = seen(CYCLE, viewer=PAUL)
    assert [each.variant for each in masked.lines] == [EGGS]
    assert masked.buyer.name is None
    assert seen(CYCLE, viewer=AMELIE)[0].whole == order
    assert seen(CYCLE, viewer=Actor.user("nobody")) == ()


def test_a_cycle_that_is_not_there_is_an_error(shop: Scene) -> None:
    with pytest.raises(NotFoundError, match="never"):
        shop.network.permissions.cycle_scope(AMELIE, NEVER)
    with pytest.raises(NotFoundError, match="never"):
        shop.network.orders.shown(NEVER, viewer=AMELIE)


def test_the_matrix_and_what_if_are_of_the_whole_network(shop: Scene) -> None:
    before = shop.state
    whole = Snapshot.of_world(before, before.orders)
    assert shop.network.permissions.matrix() == permission_matrix(whole, all_actors(whole))
    change = RoleChange(added=(AdminFact(UserId("paul")),))
    found = shop.network.permissions.what_if(change, now=NOW, actors=[PAUL])
    assert isinstance(found, Prospect)
    assert {each.actor for each in found.gained} == {PAUL}
    assert any(each.action == CycleAccess.MANAGE for each in found.gained)
    assert shop.state == before


# ---------------------------------------------------------------- many questions over one load


def test_an_asker_answers_as_the_storage_does_and_learns_of_nothing_that_comes_later(shop: Scene) -> None:
    """PERM-12.9; everything of every kind is read at once."""
    shop.take((EGGS, 1), (CHEESE, 1))
    service = shop.network.permissions
    for actor in (AMELIE, PAUL, Actor.customer("ben"), Actor.user("unheard-of"), ENGINE):
        asker = service.asker(actor)
        for kind, action in RULES:
            for within in places(kind, asker.snapshot):
                assert asker.list_allowed(action, kind, within=within) == service.list_allowed(
                    actor, action, kind, within=within
                )
    before = service.asker(AMELIE, [ResourceKind.ENTERPRISE])
    assert isinstance(shop.network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW), GrantOutcome)
    assert before.may(EnterpriseAction.SEE, FARM_ITSELF)
    assert not service.asker(AMELIE, [ResourceKind.ENTERPRISE]).may(EnterpriseAction.SEE, FARM_ITSELF)


@pytest.mark.parametrize("kind", ResourceKind)
def test_an_asker_of_one_kind_knows_all_about_it(shop: Scene, kind: ResourceKind) -> None:
    shop.take((EGGS, 1), (CHEESE, 1))
    for actor in (AMELIE, PAUL, Actor.customer("ben"), Actor.customer("unheard-of")):
        asker, whole = shop.network.permissions.asker(actor, {kind}), shop.network.permissions.asker(actor)
        for action in (each for one, each in RULES if one is kind):
            for within in places(kind, whole.snapshot):
                assert asker.list_allowed(action, kind, within=within) == whole.list_allowed(
                    action, kind, within=within
                ), action


def test_an_asker_is_of_kinds_that_there_are(shop: Scene) -> None:
    asker = shop.network.permissions.asker
    assert asker(AMELIE, iter(["enterprise"])).may(EnterpriseAction.SEE, FARM_ITSELF)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no kind of thing 'farm'"):
        asker(AMELIE, ["farm"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="collection"):
        asker(AMELIE, ResourceKind.ENTERPRISE)  # type: ignore[arg-type]


def test_an_asker_is_asked_only_about_what_was_read(shop: Scene) -> None:
    """A no for want of records would be a false one."""
    asker = shop.network.permissions.asker(AMELIE, [ResourceKind.ENTERPRISE])
    week = resource(ResourceKind.ORDER_CYCLE, CYCLE)
    asks: tuple[Callable[[], object], ...] = (
        lambda: asker.may(CycleAccess.SEE, week),
        lambda: asker.check(CycleAccess.SEE, week),
        lambda: asker.list_allowed(CycleAccess.SEE, ResourceKind.ORDER_CYCLE),
        lambda: shop.network.permissions.asker(AMELIE, []).may(EnterpriseAction.SEE, FARM_ITSELF),
    )
    for ask in asks:
        with pytest.raises(ValueError, match=r"of kind '(order_cycle|enterprise)' were not read: add it to the kinds"):
            ask()
    known = Asker(AMELIE, asker.snapshot)
    assert not known.may(CycleAccess.SEE, week)  # a snapshot of one's own has no such bound


# ---------------------------------------------------------------- questions asked wrongly


SEE: Final = EnterpriseAction.SEE


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("actor", lambda told: told.check("amelie", SEE, FARM_ITSELF)),
        ("actor", lambda told: told.check_cycle(None, CycleAction.EDIT_ATTRIBUTES, CYCLE)),
        ("order_cycle", lambda told: told.check_cycle(AMELIE, CycleAction.EDIT_ATTRIBUTES, None)),
        ("participant", lambda told: told.check_cycle(AMELIE, CycleAction.EDIT_ATTRIBUTES, CYCLE, participant=7)),
        ("actor", lambda told: told.answer(None, SEE, FARM_ITSELF)),
        ("actor", lambda told: told.answer_for_actor({}, SEE, FARM_ITSELF)),
        ("told", lambda told: told.answer_text(told.check(AMELIE, SEE, FARM_ITSELF), "en")),
        ("locale", lambda told: told.answer_text(told.answer(AMELIE, SEE, FARM_ITSELF), None)),
        ("refusal", lambda told: told.refusal_for_actor(None, AMELIE)),
        ("problems", lambda told: told.problems_for_actor(["no"], AMELIE)),
        ("about", lambda told: told.problems_for_actor([], AMELIE, CYCLE)),
        ("actor", lambda told: told.list_allowed("amelie", SEE, ResourceKind.ENTERPRISE)),
        ("actor", lambda told: told.cycle_scope("amelie", CYCLE)),
        ("order_cycle", lambda told: told.cycle_scope(AMELIE, None)),
        ("actors", lambda told: told.matrix(["amelie"])),
        ("actors", lambda told: told.matrix(AMELIE)),
        ("change", lambda told: told.what_if({}, now=NOW)),
        ("actors", lambda told: told.what_if(RoleChange(), now=NOW, actors=["amelie"])),
    ],
)
def test_an_argument_of_another_type_is_told_by_its_name(
    shop: Scene, name: str, ask: Callable[[PermissionService], object]
) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be of type"):
        ask(shop.network.permissions)


def test_what_is_unknown_is_nobodys(shop: Scene) -> None:
    """Lists are empty; the form of a cycle is that of its coordinator, whoever looks."""
    told, ghost = shop.network.permissions, Actor.user("unheard-of")
    assert told.who_can(SEE, resource(ResourceKind.ENTERPRISE, "nowhere")) == frozenset()
    assert told.list_allowed(ghost, SEE, ResourceKind.ENTERPRISE) == frozenset()
    found, known = told.cycle_scope(ghost, CYCLE), told.cycle_scope(AMELIE, CYCLE)
    assert found.form is known.form
    assert not found.coordinates
    assert (found.actions, found.enterprises, found.incoming, found.outgoing) == ((), (), (), ())


@pytest.mark.parametrize("stranger", [Actor.user("unheard-of"), Actor.customer("unheard-of")], ids=str)
def test_somebody_unknown_is_told_so_and_may_do_nothing(shop: Scene, stranger: Actor) -> None:
    """Default deny: not even what anybody with an account may do."""
    service = shop.network.permissions
    unknown = problem(Code.UNKNOWN_RECORD, kind=stranger.kind, id="unheard-of")
    for kind, action, key in (
        (ResourceKind.SCREEN, ScreenAction.OPEN, Screen.NEW_ORDER),
        (ResourceKind.ENTERPRISE, EnterpriseAction.SEE, FARM),
        (ResourceKind.ORDER_CYCLE, CycleAccess.SEE, CYCLE),
    ):
        assert service.check(stranger, action, resource(kind, key)).problems == (unknown,)
    assert service.list_allowed(stranger, ScreenAction.OPEN, ResourceKind.SCREEN) == frozenset()


def test_who_edits_a_cycle_and_is_nobody_is_told_that_once_and_no_names(shop: Scene) -> None:
    edit = CycleEdit(
        name="Mine now",
        incoming=(IncomingEdit(supplier=FARM, variants=(EGGS,)), IncomingEdit(supplier=DAIRY, variants=())),
        outgoing=(OutgoingEdit(distributor=EnterpriseId("nowhere")),),
    )
    nobody = Actor.user("unheard-of")
    unknown = Refusal((problem(Code.UNKNOWN_RECORD, kind="user", id="unheard-of"),))
    assert shop.network.cycles.edit(CYCLE, edit, actor=nobody, now=NOW) == unknown
    assert shop.network.cycles.edit_as_allowed(CYCLE, edit, actor=nobody, now=NOW) == unknown


def test_a_question_that_is_none_is_an_error(shop: Scene) -> None:
    service, wrong = shop.network.permissions, "farm"
    with pytest.raises(TypeError, match="resource"):
        service.check(AMELIE, EnterpriseAction.SEE, wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="resource"):
        service.who_can(EnterpriseAction.SEE, wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Actor"):
        service.check(wrong, EnterpriseAction.SEE, FARM_ITSELF)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no kind of thing 'farm'"):
        service.list_allowed(AMELIE, EnterpriseAction.SEE, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="within nothing"):
        service.list_allowed(AMELIE, EnterpriseAction.SEE, ResourceKind.ENTERPRISE, within=(HUB,))
    with pytest.raises(TypeError, match="within"):
        service.list_allowed(AMELIE, CycleAccess.SEE_EXCHANGE, ResourceKind.INCOMING, within=CYCLE)
    assert service.list_allowed(AMELIE, CycleAccess.SEE_EXCHANGE, ResourceKind.INCOMING, within=(NEVER,)) == set()


def test_who_can_agrees_with_the_rule(shop: Scene) -> None:
    shop.take((EGGS, 1))
    state = shop.state
    whole = Snapshot.of_world(state, state.orders)
    asked = OrderAction.CHANGE, resource(ResourceKind.ORDER, state.orders[0].id)
    assert shop.network.permissions.who_can(*asked) == who_can(*asked, whole)
