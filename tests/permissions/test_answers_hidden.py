"""What the actor does not know is to them as if it were not there (PERM-12)."""

import re
from collections.abc import Iterator
from itertools import chain

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import LANGUAGES, render_problem
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import UserId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Problem, problem
from ofncore.permissions.actions import (
    CycleAccess,
    CycleAction,
    EnterpriseAction,
    LineAction,
    OrderAction,
    ProductAction,
    RecordAction,
    ScreenAction,
)
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import ManagesFact
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.remedies import SearchLimits
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.answer_words import answer_text
from ofncore.permissions.telling.answers import Answer, answer, for_actor
from ofncore.permissions.telling.known import knows, sees, unknown_to
from ofncore.permissions.telling.told_problems import problems_for_actor
from ofncore.testing import worlds
from permissions.actors import (
    AMELIE,
    CYCLE,
    DAIRY,
    ENTERPRISES,
    FARM,
    HUB,
    MARKET,
    NOBODY,
    ORCHARD,
    PAUL,
    ROOT,
    USERS,
    grant,
)
from permissions.naming import all_names, with_names
from permissions.small_networks import OTHERS, PEOPLE, contexts, networks, resources

actors = st.sampled_from((*PEOPLE, *OTHERS, Actor.user("stranger"), Actor.customer("c9")))
profiles = st.sampled_from([PRODUCT, OFN])
FAR = SearchLimits(facts=2)


# ---------------------------------------------------------------- laws


def twins(asking: Asker, thing: Resource) -> Iterator[tuple[Resource, dict[str, str]]]:
    """Yield things that do not exist in the place of one that the actor does not know, with the ids that differ."""
    missing = [each.parameters["id"] for each in unknown_to(asking, thing) if each.parameters["id"] in thing.key]
    for wanted in [*([each] for each in missing), missing]:
        new = {each: f"none-{place}" for place, each in enumerate(thing.key) if each in wanted}
        yield Resource(thing.kind, tuple(new.get(each, each) for each in thing.key)), new


def as_asked(shown: Answer, new: dict[str, str]) -> Answer:
    """Return *shown* as if *new* ids had been asked for."""
    key = tuple(new.get(each, each) for each in shown.resource.key)
    return attrs.evolve(
        shown,
        resource=Resource(shown.resource.kind, key),
        unknown=tuple(with_ids(shown.unknown, new)),
        nameless=frozenset((kind, new.get(each, each)) for kind, each in shown.nameless),
    )


def with_ids(problems: tuple[Problem, ...], new: dict[str, str]) -> Iterator[Problem]:
    for each in problems:
        kind, key = str(each.parameters["kind"]), str(each.parameters["id"])
        yield problem(each.code, each.path, kind=kind, id=key if kind == "user" else new.get(key, key))


@settings(max_examples=80, deadline=None)
@given(networks(), actors, profiles, st.data())
def test_hidden_and_not_there_are_the_same_to_the_actor(
    network: Snapshot, actor: Actor, profile: Profile, data: st.DataObject
) -> None:
    """PERM-12: the answer, its words in every language, and the problems, but for the ids that were asked for."""
    asking = Asker(actor, with_names(network), profile)
    names = all_names(asking.snapshot)
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    for thing in resources(kind, network, within):
        if asking.may(action, thing) or knows(asking, thing):
            continue
        shown = for_actor(answer(asking, action, thing, FAR), asking)
        told = problems_for_actor(asking.check(action, thing).problems, asking, thing)
        for twin, new in twins(asking, thing):
            full = answer(asking, action, twin, FAR)
            assert for_actor(full, asking) == as_asked(shown, new)
            assert problems_for_actor(asking.check(action, twin).problems, asking, twin) == tuple(with_ids(told, new))
            for language in LANGUAGES:
                words = answer_text(for_actor(full, asking), names, language)
                for old, other in new.items():
                    words = words.replace(other, old)
                assert words == answer_text(shown, names, language)
        # The last twin has nothing left that is there and hidden.
        assert attrs.evolve(for_actor(full, asking), nameless=frozenset()) == full


@settings(max_examples=80, deadline=None)
@given(networks(), actors, profiles, st.data())
def test_nobody_is_named_to_an_actor_who_does_not_see_them(
    network: Snapshot, actor: Actor, profile: Profile, data: st.DataObject
) -> None:
    """PERM-3, PERM-4: in no answer and in no refusal, in no language, but for the ids that were asked for."""
    asking = Asker(actor, with_names(network), profile)
    names = all_names(asking.snapshot)
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    for thing in resources(kind, network, within):
        decision = asking.check(action, thing)
        shown = for_actor(answer(asking, action, thing, FAR), asking)
        told = (
            *problems_for_actor(decision.problems, asking, thing),
            *(each for each in problems_for_actor(decision.problems, asking) if each.code != Code.UNKNOWN_RECORD),
        )
        for language in LANGUAGES:
            words = "\n".join((answer_text(shown, names, language), *(render_problem(each, language) for each in told)))
            for name, key in strangers(asking, thing):
                assert name not in words
                assert key in chain.from_iterable(re.split(r"\W", each) for each in thing.key) or not re.search(
                    rf"\b{key}\b", words
                )


def strangers(asking: Asker, thing: Resource) -> Iterator[tuple[str, str]]:
    """Yield the names and ids of whom the actor does not see where *thing* is spoken of."""
    network, actor = asking.snapshot, asking.actor
    managed = network.relations.managed_by(actor)
    for user in network.relations.users.values():
        roles = (
            each
            for each in managed
            if user.id in {*network.enterprises[each].managers, network.enterprises[each].owner}
        )
        if actor != Actor.user(user.id) and not any(roles):
            yield user.name, user.id
    seen = seen_by(asking, thing)
    yield from ((each.name, each.id) for each in network.enterprises.values() if each.id not in seen)


def seen_by(asking: Asker, thing: Resource) -> set[str]:
    """Return whom the actor sees: in the lists, in the cycle of *thing*, and as the shop of an order of theirs."""
    ways = [EnterpriseAction.SEE, EnterpriseAction.REPORT_ON]
    seen = {one.key[0] for each in ways for one in asking.list_allowed(each, ResourceKind.ENTERPRISE)}
    if thing.kind is ResourceKind.ORDER_CYCLE or WHEREABOUTS[thing.kind].in_cycle:
        listed = asking.list_allowed(CycleAccess.SEE_ENTERPRISE, ResourceKind.CYCLE_ENTERPRISE, within=thing.key[:1])
        seen |= {each.key[1] for each in listed}
    if thing.kind in {ResourceKind.ORDER, ResourceKind.ORDER_LINE}:
        order = next(each for each in asking.snapshot.orders.values() if each.id == thing.key[0])
        if resource(ResourceKind.ORDER, order.id) in asking.list_allowed(OrderAction.CHANGE, ResourceKind.ORDER):
            seen.add(str(order.distributor))
    return seen


@settings(max_examples=30, deadline=None)
@given(networks(), actors, profiles, st.data())
def test_what_an_actor_may_do_anything_to_they_know(
    network: Snapshot, actor: Actor, profile: Profile, data: st.DataObject
) -> None:
    """And of what they know, they are told what would allow the rest of it."""
    asking = Asker(actor, network, profile)
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    for each in asking.list_allowed(action, kind, within=within):
        assert knows(asking, each)
    for thing in resources(kind, network, within):
        full = answer(asking, action, thing, FAR)
        shown = for_actor(full, asking)
        nothing_lacks = network.knows(actor) and knows(asking, thing)
        assert (shown.allowed, bool(shown.unknown)) == (full.allowed, not (full.allowed or nothing_lacks))
        assert shown.unknown or bool(shown.remedies) == bool(full.remedies)


@settings(max_examples=20, deadline=None)
@given(networks(), st.data())
def test_administrators_know_all_that_there_is(network: Snapshot, data: st.DataObject) -> None:
    asking = Asker(ROOT, network)
    kind = data.draw(st.sampled_from(ResourceKind))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    assert all(knows(asking, each) for each in resources(kind, network, within))
    assert not knows(asking, Resource(kind, (*within, *(["none"] * WHEREABOUTS[kind].length))))


# ---------------------------------------------------------------- cases


def asker(actor: Actor, *grants: tuple[str, str]) -> Asker:
    return Asker(
        actor,
        Snapshot.of(
            users=USERS,
            enterprises=ENTERPRISES,
            grants=[grant(*each) for each in grants],
            order_cycles=[CYCLE],
            products=[worlds.product("p")],
            variants=[
                worlds.variant("eggs", product="p", supplier=FARM),
                worlds.variant("cheese", product="q", supplier=DAIRY),
            ],
            fees=[worlds.fee("fee", enterprise=FARM)],
            customers=[worlds.customer("anna", enterprise=HUB)],
            orders=[
                OrderFacts(
                    id=worlds.order("r").id,
                    distributor=HUB,
                    order_cycle=None,
                    customer=worlds.customer("anna").id,
                    lines=(LineFacts(worlds.variant("eggs").id, FARM),),
                )
            ],
        ),
    )


def told(actor: Actor, action: object, thing: Resource, *grants: tuple[str, str]) -> Answer:
    asking = asker(actor, *grants)
    return for_actor(answer(asking, action, thing), asking)  # type: ignore[arg-type] # any action


def unknown(kind: str, key: str) -> Problem:
    return problem(Code.UNKNOWN_RECORD, kind=kind, id=key)


@pytest.mark.parametrize(
    ("thing", "action", "missing"),
    [
        (resource(ResourceKind.ENTERPRISE, FARM), EnterpriseAction.EDIT, [unknown("enterprise", FARM)]),
        (resource(ResourceKind.FEE, "fee"), RecordAction.EDIT_FEE, [unknown("fee", "fee")]),
        (resource(ResourceKind.ORDER_CYCLE, CYCLE.id), CycleAccess.SEE, [unknown("order_cycle", CYCLE.id)]),
        (
            resource(ResourceKind.OUTGOING_VARIANT, CYCLE.id, MARKET, "eggs"),
            CycleAction.EDIT_OUTGOING_VARIANTS,
            [unknown("order_cycle", CYCLE.id), unknown("enterprise", MARKET), unknown("variant", "eggs")],
        ),
        (
            resource(ResourceKind.INVENTORY, HUB, FARM),
            EnterpriseAction.OVERRIDE_GOODS,
            [
                unknown("enterprise", HUB),
                unknown("enterprise", FARM),
            ],
        ),
        (resource(ResourceKind.ORDER_LINE, "r", "eggs"), LineAction.EDIT, [unknown("order_line", "eggs")]),
        (resource(ResourceKind.CUSTOMER, "anna"), RecordAction.EDIT_CUSTOMER, [unknown("customer", "anna")]),
    ],
)
def test_who_knows_nothing_of_it_is_told_that_it_is_unknown(
    thing: Resource, action: object, missing: list[Problem]
) -> None:
    """Nobody manages anything and was given nothing."""
    shown = told(NOBODY, action, thing)
    assert (shown.unknown, shown.remedies, shown.is_complete) == (tuple(missing), (), True)


def test_a_variant_of_a_supplier_that_one_sees_is_known() -> None:
    """PERM-3: whose goods one sells, one knows; so one is told what it would take to edit them."""
    eggs = resource(ResourceKind.VARIANT, "eggs")
    shown = told(AMELIE, ProductAction.EDIT_VARIANT, eggs, ("farm", "hub"))
    assert shown.unknown == ()
    assert (ManagesFact(UserId("amelie"), FARM),) in shown.remedies
    assert told(AMELIE, ProductAction.EDIT_VARIANT, eggs).unknown == (unknown("variant", "eggs"),)


def test_a_screen_is_known_to_everybody() -> None:
    shown = told(PAUL, ScreenAction.OPEN, resource(ResourceKind.SCREEN, "customers"))
    assert shown.unknown == ()
    assert shown.remedies


def test_a_buyer_knows_the_lines_and_the_shop_of_their_order() -> None:
    """ORD-6: a line of one's own that one may not change is a line; the shop is the one that one bought at."""
    anna = Actor.customer("anna")
    line = resource(ResourceKind.ORDER_LINE, "r", "eggs")
    assert told(anna, LineAction.EDIT, line).unknown == ()
    assert told(anna, LineAction.EDIT, resource(ResourceKind.ORDER_LINE, "r", "cheese")).unknown == (
        unknown("order_line", "cheese"),
    )
    assert sees(asker(anna), HUB, line)
    assert not sees(asker(anna), FARM, line)
    assert not sees(asker(anna), HUB)
    assert not sees(asker(PAUL), HUB, line)


def test_an_unknown_user_is_told_so_and_not_that_nothing_would_help() -> None:
    shown = told(Actor.user("stranger"), EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, FARM))
    assert shown.unknown == (unknown("user", "stranger"), unknown("enterprise", FARM))
    words = answer_text(shown, {}, "en")
    assert "There is no user “stranger”." in words
    assert "No role" not in words


def test_an_enterprise_that_a_coordinator_could_bring_in_is_not_named_if_they_do_not_see_it() -> None:
    """PERM-4: they may edit any part of their cycle, also one that is not there; a name is no part of that."""
    asking = asker(AMELIE)
    orchard = resource(ResourceKind.OUTGOING, CYCLE.id, ORCHARD)
    shown = for_actor(answer(asking, CycleAccess.CHOOSE_METHODS, orchard), asking)
    assert shown.unknown == ()
    assert shown.nameless == {("enterprise", ORCHARD)}
    words = answer_text(shown, {("enterprise", ORCHARD): "The Orchard", ("order_cycle", CYCLE.id): "Spring"}, "en")
    assert "“Spring”, “orchard”" in words
    assert "The Orchard" not in words
