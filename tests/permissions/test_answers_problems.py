"""Problems and refusals as the actor may be told of them (PERM-12)."""

from pathlib import Path

import attrs
import pytest

from ofncore import read_document
from ofncore.cycles.edits import CycleEdit, IncomingEdit
from ofncore.formats.converter import make_converter
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES, render_problem, render_refusal
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Problem, Refusal, Withheld, problem
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.permissions.actions import CycleAction, RecordAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.remedies import SearchLimits
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.answers import answer, for_actor
from ofncore.permissions.telling.told_problems import problems_for_actor
from ofncore.testing import worlds
from ofncore.testing.worlds import NOW
from permissions.actors import AMELIE, CYCLE, ENTERPRISES, MONA, NOBODY, PAUL, ROOT, USERS, grant

WEEK = resource(ResourceKind.ORDER_CYCLE, CYCLE.id)
ANNA = worlds.customer("anna", last_name="Anna Roca", enterprise="hub", email="anna@example.org")
UNKNOWN_WEEK = problem(Code.UNKNOWN_RECORD, kind="order_cycle", id=CYCLE.id)


def told(actor: Actor, *problems: Problem, about: Resource | None = None) -> tuple[Problem, ...]:
    known = Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant("farm", "hub")],
        order_cycles=[CYCLE],
        customers=[ANNA],
    )
    return problems_for_actor(problems, Asker(actor, known), about)


def needs(*enterprises: str, path: str = "$") -> Problem:
    return problem(Code.NEEDS_MANAGER, path, action=CycleAction.EDIT_ATTRIBUTES, enterprises=enterprises)


# ---------------------------------------------------------------- names


def test_enterprises_that_the_actor_does_not_see_become_one() -> None:
    """PERM-4: the farm sees itself in the cycle, and of the others at most the one that it sells through."""
    assert told(PAUL, needs("Dairy", "Farm", "Market"), about=WEEK) == (needs(Withheld.ENTERPRISE, "Farm"),)


def test_who_sees_everybody_in_the_cycle_is_told_of_everybody() -> None:
    """PERM-4: the coordinator does; elsewhere she sees only who granted her something."""
    given = needs("Dairy", "Farm", "Market")
    assert told(AMELIE, given, about=WEEK) == (given,)
    assert told(AMELIE, given) == (needs(Withheld.ENTERPRISE, "Farm"),)
    assert told(ROOT, given) == (given,)


def test_ids_are_withheld_like_names() -> None:
    assert told(PAUL, problem(Code.NOTHING_OF_SUPPLIER, supplier="dairy")) == (
        problem(Code.NOTHING_OF_SUPPLIER, supplier=Withheld.ENTERPRISE),
    )


@pytest.mark.parametrize("code", [Code.DUPLICATE_PREFIX, Code.PREFIX_BEGINS_ANOTHER])
def test_the_place_of_an_enterprise_that_the_actor_does_not_see_is_withheld(code: Code) -> None:
    """ORD-K1: that the prefix is taken is told, not by whom; a place that names nobody is told as it is."""

    def taken(first: str) -> Problem:
        return problem(code, "$.order_code_prefix", prefix="DAI", other="DAIR", first=first)

    dairy = taken("$.enterprises.dairy.order_code_prefix")
    assert told(PAUL, dairy) == told(PAUL, taken('$.enterprises["dairy"].order_code_prefix'))
    assert told(PAUL, dairy) == (taken(Withheld.ENTERPRISE),)
    for said in (taken("$.enterprises.farm.order_code_prefix"), taken("$.added[0]"), taken("$.enterprises.nobody")):
        assert told(PAUL, said) == (said,)
    assert told(ROOT, dairy) == (dairy,)
    for language in LANGUAGES:
        assert "dairy" not in render_problem(told(PAUL, dairy)[0], language)


def test_a_name_that_somebody_seen_has_too_is_told() -> None:
    others = [attrs.evolve(each, name="Farm") if each.id == "dairy" else each for each in ENTERPRISES]
    known = Snapshot.of(users=USERS, enterprises=others, grants=[], order_cycles=[CYCLE])
    assert problems_for_actor([needs("Farm")], Asker(PAUL, known)) == (needs("Farm"),)
    assert problems_for_actor([needs("Farm")], Asker(MONA, known)) == (needs(Withheld.ENTERPRISE),)


def test_what_only_reads_like_a_name_is_left() -> None:
    """An action and a permission are no names, whatever somebody calls an enterprise."""
    odd = worlds.enterprise("edit_attributes", name="add_to_order_cycle", managers=())
    known = Snapshot.of(users=USERS, enterprises=[odd])
    given = problem(Code.NEEDS_GRANT, grantor="x", grantee="y", permission="add_to_order_cycle")
    assert problems_for_actor([needs("x"), given], Asker(PAUL, known)) == (needs("x"), given)


@pytest.mark.parametrize("text", ["anna", "Anna Roca", "anna@example.org", "customer:anna"])
def test_customers_are_known_to_their_shop_and_to_themselves(text: str) -> None:
    given = problem(Code.NO_CARD, customer=text)
    for actor in (AMELIE, ROOT, Actor.customer("anna")):
        assert told(actor, given) == (given,)
    for actor in (PAUL, NOBODY):
        assert told(actor, given) == (problem(Code.NO_CARD, customer=Withheld.CUSTOMER),)


@pytest.mark.parametrize("text", ["amelie", "Amelie", "amelie@example.org", "user:amelie"])
def test_users_are_known_to_those_with_whom_they_share_an_enterprise(text: str) -> None:
    given = problem("host.code", user=text)
    assert told(AMELIE, given) == (given,)
    assert told(PAUL, given) == (problem("host.code", user=Withheld.USER),)


def test_an_owner_is_known_to_the_managers() -> None:
    given = problem("host.code", user="Olga")
    shared = [attrs.evolve(each, managers=(UserId("paul"),)) if each.id == "orchard" else each for each in ENTERPRISES]
    known = Snapshot.of(users=USERS, enterprises=shared)
    assert problems_for_actor([given], Asker(PAUL, known)) == (given,)


def test_an_enterprise_that_is_not_seen_is_just_unknown_where_it_was_asked_for() -> None:
    """Once, whatever else is wrong with its part."""
    given = needs("Hub", path="$.incoming[dairy].variants[cheese]"), needs("Hub", path="$.incoming[farm].fees")
    no_shop = problem(Code.NOT_A_SHOP, "$.incoming[dairy]", enterprise="Dairy")
    dairy = problem(Code.UNKNOWN_RECORD, "$.incoming[dairy]", kind="enterprise", id="dairy")
    shown = told(PAUL, *given, no_shop, about=WEEK)
    assert shown[0] == dairy
    assert [each.path for each in shown] == ["$.incoming[dairy]", "$.incoming[farm].fees"]
    assert told(AMELIE, *given, about=WEEK) == given


def test_the_methods_of_a_shop_that_is_hidden_or_missing_are_told_alike() -> None:
    """PERM-5.4: not which of the two it is, nor that the shop does not offer them."""
    for shop, name in ((EnterpriseId("orchard"), "Orchard"), (EnterpriseId("none"), "none")):
        given = problem(Code.METHOD_NOT_OFFERED, f"$.payment_methods[{shop}][card]", method="card", distributor=name)
        unknown = problem(Code.UNKNOWN_RECORD, f"$.payment_methods[{shop}]", kind="enterprise", id=shop)
        assert told(PAUL, given, about=WEEK) == (unknown,)


def test_an_id_that_was_left_empty_is_no_error() -> None:
    nobody = problem(Code.UNKNOWN_RECORD, '$.incoming[""]', kind="enterprise", id="")
    nothing = problem(Code.UNKNOWN_RECORD, '$.incoming[farm].variants[""]', kind="variant", id="")
    assert told(PAUL, nobody, nothing, about=WEEK) == (nobody, nothing)


@pytest.mark.parametrize("typed", ["dairy", "Dairy", "anna@example.org", "amelie"])
def test_what_was_typed_is_never_looked_up(typed: str) -> None:
    """Or one could find out by a voucher who buys where."""
    given = (
        problem(Code.UNKNOWN_VOUCHER, voucher=typed, distributor="Farm"),
        problem(Code.METHOD_NOT_OFFERED, method=typed, distributor="Farm"),
        problem(Code.BAD_QUANTITY, found=typed),
        problem(Code.NO_SUCH_LINE, variant=typed),
    )
    assert told(PAUL, *given) == given


def test_what_is_not_there_is_told_as_it_was_asked_for() -> None:
    given = problem(Code.UNKNOWN_RECORD, "$.distributor", kind="enterprise", id="moon")
    same = problem(Code.UNKNOWN_RECORD, "$.variant", kind="variant", id="dairy")
    assert told(PAUL, given, same, about=WEEK) == (given, same)


# ---------------------------------------------------------------- the thing itself


def test_of_a_cycle_that_the_actor_does_not_know_only_that_is_left() -> None:
    assert told(NOBODY, needs("Hub"), needs("Farm", path="$.name"), about=WEEK) == (UNKNOWN_WEEK,)
    assert told(NOBODY, about=WEEK) == ()


def test_a_stranger_is_told_that_they_are_unknown_too() -> None:
    stranger = problem(Code.UNKNOWN_RECORD, kind="user", id="stranger")
    assert told(Actor.user("stranger"), needs("Hub"), about=WEEK) == (stranger, UNKNOWN_WEEK)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_withheld_has_words_in_every_language(language: str) -> None:
    words = render_problem(needs(Withheld.ENTERPRISE, "Farm"), language)
    assert "Farm" in words
    assert "withheld" not in words
    texts = {render_problem(problem("host", who=each), language) for each in Withheld}
    assert len(texts) == len(Withheld)
    assert not [each for each in texts if "withheld" in each]


def test_what_is_withheld_stands_where_a_name_would() -> None:
    given = problem(Code.NEEDS_GRANT, grantor=Withheld.ENTERPRISE, grantee="Hub", permission="add_to_order_cycle")
    assert render_problem(given, "fr") == (
        "(entreprise qui ne vous est pas montrée) n’a pas accordé à « Hub » la permission « vendre les produits ». "
        "Demandez-la à un gestionnaire de (entreprise qui ne vous est pas montrée)."
    ).replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")


def test_what_is_withheld_is_kept_in_a_file() -> None:
    """It stays apart from an enterprise that is called so."""
    given = problem(Code.NEEDS_MANAGER, enterprises=(Withheld.ENTERPRISE, "withheld.user"), who=Withheld.USER)
    data = make_converter().unstructure(given)
    assert data["parameters"] == {
        "enterprises": [{"withheld": "withheld.enterprise"}, "withheld.user"],
        "who": {"withheld": "withheld.user"},
    }
    read = make_converter().structure(data, Problem)
    assert read == given
    assert isinstance(read.parameters["who"], Withheld)


# ---------------------------------------------------------------- from what is stored


def french_hub() -> State:
    state = read_document((Path(__file__).parents[2] / "examples" / "french-hub.json").read_text(encoding="utf-8"))
    assert isinstance(state, State)
    return state


STATE = french_hub()
WEEK_10 = STATE.order_cycles[0]
SYLVIE, NADEGE, ESTELLE = map(Actor.user, ("sylvie", "nadege", "estelle"))
OTHERS = {each.name for each in STATE.enterprises} - {"Les Jardins de Combe-Brune"}


@pytest.fixture(scope="module")
def hub() -> FoodNetwork:
    network = make_network()
    assert network.worlds.load(STATE) is None
    return network


def of_week_10() -> Resource:
    return resource(ResourceKind.ORDER_CYCLE, WEEK_10.id)


def edited(hub: FoodNetwork, actor: Actor) -> Refusal:
    edit = CycleEdit(name="Printemps", removed_suppliers=(EnterpriseId("bief-vert"),))
    refusal = hub.cycles.edit(WEEK_10.id, edit, actor=actor, now=NOW)
    assert isinstance(refusal, Refusal)
    return refusal


def named(refusal: Refusal) -> set[str]:
    return {name for name in OTHERS for language in LANGUAGES if name in render_refusal(refusal, language)}


def test_a_refused_edit_of_an_unknown_cycle_names_nobody(hub: FoodNetwork) -> None:
    """A buyer manages nothing; the host is told who would have to be managed."""
    full = edited(hub, ESTELLE)
    assert named(full)
    shown = hub.permissions.refusal_for_actor(full, ESTELLE, of_week_10())
    assert shown == Refusal((problem(Code.UNKNOWN_RECORD, kind="order_cycle", id=WEEK_10.id),))


def test_a_supplier_is_told_of_those_that_it_sees_in_the_cycle(hub: FoodNetwork) -> None:
    full = edited(hub, NADEGE)
    shown = hub.permissions.refusal_for_actor(full, NADEGE, of_week_10())
    assert shown.codes <= {*full.codes, Code.UNKNOWN_RECORD}
    seen = {STATE.enterprises[0].name, "La Remise du Diois"}
    assert named(shown) <= seen


def test_what_is_left_out_of_an_edit_is_told_alike(hub: FoodNetwork) -> None:
    edit = CycleEdit(incoming=(IncomingEdit(supplier=EnterpriseId("bief-vert"), variants=()),))
    outcome = hub.cycles.edit_as_allowed(WEEK_10.id, edit, actor=NADEGE, now=NOW)
    problems = outcome.problems if isinstance(outcome, Refusal) else outcome.dropped
    assert [each.code for each in problems] == [Code.NEEDS_MANAGER]
    shown = hub.permissions.problems_for_actor(problems, NADEGE, of_week_10())
    path = "$.incoming[bief-vert]"
    assert shown == (problem(Code.UNKNOWN_RECORD, path, kind="enterprise", id="bief-vert"),)


def test_a_check_names_nobody_to_a_stranger(hub: FoodNetwork) -> None:
    stranger = Actor.user("nobody")
    decision = hub.permissions.check(stranger, CycleAction.EDIT_PARTICIPANTS, of_week_10())
    assert decision.refusal is not None
    shown = hub.permissions.refusal_for_actor(decision.refusal, stranger, of_week_10())
    assert [dict(each.parameters) for each in shown.problems] == [
        {"kind": "user", "id": "nobody"},
        {"kind": "order_cycle", "id": WEEK_10.id},
    ]


def test_what_is_stored_is_called_by_its_name(hub: FoodNetwork) -> None:
    carrots = resource(ResourceKind.INCOMING_VARIANT, WEEK_10.id, "combe-brune", "carotte-1kg")
    found = hub.permissions.answer(NADEGE, CycleAction.EDIT_INCOMING_VARIANTS, carrots)
    lines = hub.permissions.answer_text(found, "fr").splitlines()
    assert "« Semaine 10 », « Les Jardins de Combe-Brune », « Carotte de sable 1 kg »" in lines[0].replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert len(lines) == len(set(lines))
    customer = resource(ResourceKind.CUSTOMER, "estelle-achard")
    seen = hub.permissions.answer_for_actor(SYLVIE, RecordAction.EDIT_CUSTOMER, customer)
    assert "Estelle Achard" in hub.permissions.answer_text(seen, "fr")
    hidden = hub.permissions.answer_for_actor(NADEGE, RecordAction.EDIT_CUSTOMER, customer)
    assert "Estelle Achard" not in hub.permissions.answer_text(hidden, "fr")


def test_what_is_loaded_is_enough_to_tell_what_the_actor_knows(hub: FoodNetwork) -> None:
    """Every answer for an actor is the one that all records together give."""
    whole = Snapshot.of_world(STATE)
    week, shop = WEEK_10.id, "gervanne"
    for kind, action in RULES:
        record = {"order_cycle": week, "supplier": "combe-brune", "distributor": shop, "hub": shop, "enterprise": shop}
        record |= {"variant": "carotte-1kg", "product": "carotte", "customer": "estelle-achard"}
        thing = Resource(kind, tuple(record.get(part, "none") for part in WHEREABOUTS[kind].parts))
        for actor in (NADEGE, ESTELLE, Actor.customer("estelle-achard")):
            asking = Asker(actor, whole)
            expected = for_actor(answer(asking, action, thing, SearchLimits(facts=1)), asking)
            assert hub.permissions.answer_for_actor(actor, action, thing, limits=SearchLimits(facts=1)) == expected
