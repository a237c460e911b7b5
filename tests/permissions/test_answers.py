"""Answers as they are shown: to the host, and to the actor (PERM-12)."""

from itertools import chain

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Withheld
from ofncore.permissions.actions import CycleAccess, CycleAction, EnterpriseAction, OrderAction
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import (
    AdminFact,
    Fact,
    GrantFact,
    Kind,
    KindFact,
    Link,
    LinkFact,
    ManagesFact,
    OwnsFact,
    Setting,
    SettingFact,
)
from ofncore.permissions.remedies import SearchLimits
from ofncore.permissions.resources import WHEREABOUTS, Resource, ResourceKind, resource
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.answer_words import answer_text, fact_text
from ofncore.permissions.telling.answers import Answer, answer, for_actor
from ofncore.testing import worlds
from permissions.actors import AMELIE, CYCLE, DAIRY, ENTERPRISES, FARM, HUB, MARKET, PAUL, ROOT, USERS, grant, relations
from permissions.naming import names_of
from permissions.small_networks import OTHERS, PEOPLE, contexts, networks, resources

SELL = grant("farm", "hub").permissions[0]
FARM_ITSELF = resource(ResourceKind.ENTERPRISE, FARM)


def asker(actor: Actor, *grants: tuple[str, str]) -> Asker:
    given = [grant(*each) for each in grants]
    return Asker(actor, Snapshot.of(users=USERS, enterprises=ENTERPRISES, grants=given, order_cycles=[CYCLE]))


NAMES = names_of(relations())


def told(found: Answer) -> str:
    """Return the names of enterprises that the facts of *found* say."""
    return answer_text(found, NAMES, "en").partition("\n")[2].lower()


# ---------------------------------------------------------------- laws


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from((*PEOPLE, *OTHERS)), st.data())
def test_an_actor_is_told_nothing_of_enterprises_that_they_do_not_see(
    network: Snapshot, actor: Actor, data: st.DataObject
) -> None:
    """PERM-12: what the actor may not see is withheld, from a yes and from a no."""
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    asking = Asker(actor, network)
    for each in resources(kind, network, within):
        shown = for_actor(answer(asking, action, each, SearchLimits(facts=2)), asking)
        for fact in chain(shown.because, *shown.remedies):
            assert _named(fact, network) <= _seen(asking, each, network)
            if isinstance(fact, GrantFact):
                assert {fact.grantor, fact.grantee} & set(network.relations.managed_by(actor))


def _named(fact: Fact | Withheld, network: Snapshot) -> set[str]:
    ids = () if isinstance(fact, Withheld) else attrs.astuple(fact)
    return {each for each in ids if each in network.enterprises}


def _seen(asking: Asker, asked: Resource, network: Snapshot) -> set[str]:
    ways = [EnterpriseAction.SEE, EnterpriseAction.REPORT_ON]
    seen = {one.key[0] for each in ways for one in asking.list_allowed(each, ResourceKind.ENTERPRISE)}
    if asked.key[0] in network.order_cycles:
        listed = asking.list_allowed(CycleAccess.SEE_ENTERPRISE, ResourceKind.CYCLE_ENTERPRISE, within=asked.key[:1])
        seen |= {each.key[1] for each in listed}
    if asked.key[0] in network.orders:
        mine = asking.list_allowed(OrderAction.CHANGE, ResourceKind.ORDER)
        seen |= {str(network.orders[each.key[0]].distributor) for each in mine if each.key[0] == asked.key[0]}  # type: ignore[index] # ids
    return seen


@settings(max_examples=20, deadline=None)
@given(networks(), st.data())
def test_an_administrator_is_told_everything(network: Snapshot, data: st.DataObject) -> None:
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    asking = Asker(ROOT, network)
    for each in resources(kind, network, within):
        full = answer(asking, action, each)
        assert for_actor(full, asking) == full


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from((*PEOPLE, ROOT)), st.data())
def test_a_decision_names_each_fact_once(network: Snapshot, actor: Actor, data: st.DataObject) -> None:
    kind, action = data.draw(st.sampled_from(sorted(RULES)))
    within = data.draw(st.sampled_from(list(contexts(kind))))
    asking = Asker(actor, network)
    for each in resources(kind, network, within):
        because = asking.check(action, each).because
        assert len(because) == len(set(because))


# ---------------------------------------------------------------- cases


def test_a_yes_rests_on_its_facts() -> None:
    """PERM-3: whom the actor sees, and why."""
    found = answer(asker(AMELIE, ("farm", "hub")), EnterpriseAction.SEE, FARM_ITSELF)
    assert found.allowed
    assert found.because == (GrantFact(FARM, HUB, SELL), ManagesFact(UserId("amelie"), HUB))
    assert found.remedies == ()


def test_a_no_tells_the_host_what_would_change_it() -> None:
    found = answer(asker(AMELIE), EnterpriseAction.SEE, FARM_ITSELF, SearchLimits(facts=1))
    assert answer_text(found, NAMES, "en") == (
        "Amelie may not see an enterprise: “Farm”.\n"
        "Each of these would allow it:\n"
        "- “Farm” gives “Hub” the permission “add to order cycle”\n"
        "- Amelie manages “Farm”\n"
        "- Amelie is an administrator of the platform"
    )


def test_the_actor_is_not_told_the_name_of_an_enterprise_that_they_do_not_see() -> None:
    """PERM-3: she sees the farm, and could come to edit it by way of the market, which she does not see."""
    asking = asker(AMELIE, ("farm", "hub"))
    full = answer(asking, EnterpriseAction.EDIT, FARM_ITSELF, SearchLimits(facts=2, remedies=100))
    assert any("market" in str(each) for each in chain(*full.remedies))
    shown = for_actor(full, asking)
    assert (AdminFact(UserId("amelie")),) in shown.remedies
    assert (ManagesFact(UserId("amelie"), FARM),) in shown.remedies
    assert (Withheld.FACT,) in shown.remedies
    assert "farm" in told(shown)
    assert "market" not in told(shown)
    assert "something about enterprises that you do not see" in told(shown)


def test_the_actor_is_not_told_of_grants_between_others() -> None:
    """Mona sees the dairy and the market in a cycle of hers; what the dairy grants to others is not hers to know."""
    mona = Actor.user("mona")
    asking = asker(mona, ("dairy", "market"), ("farm", "market"))
    cheese = resource(ResourceKind.INCOMING, CYCLE.id, DAIRY)
    full = answer(asking, CycleAction.EDIT_INCOMING_VARIANTS, cheese)
    shown = for_actor(full, asking)
    assert (ManagesFact(UserId("mona"), DAIRY),) in shown.remedies
    assert not any(
        isinstance(fact, GrantFact) and MARKET not in {fact.grantor, fact.grantee} for fact in chain(*shown.remedies)
    )


def test_a_yes_that_rests_on_a_grant_between_others_does_not_tell_it() -> None:
    """The coordinator sees the eggs in the market's list; what the farm lets the market do is for those two."""
    known = Snapshot.of(
        users=USERS,
        enterprises=ENTERPRISES,
        grants=[grant("farm", "market"), grant("market", "hub")],
        order_cycles=[CYCLE],
        variants=[worlds.variant("eggs", supplier=FARM)],
    )
    asking = Asker(AMELIE, known)
    eggs = resource(ResourceKind.OUTGOING_VARIANT, CYCLE.id, MARKET, "eggs")
    full = answer(asking, CycleAccess.SEE_VARIANT, eggs)
    assert GrantFact(FARM, MARKET, SELL) in full.because
    shown = for_actor(full, asking)
    assert shown.allowed
    assert GrantFact(FARM, MARKET, SELL) not in shown.because
    assert Withheld.FACT in shown.because


def test_a_no_that_nothing_lifts_says_so() -> None:
    """PERM-G4: a mere producer coordinates nothing."""
    found = answer(asker(PAUL), EnterpriseAction.COORDINATE, FARM_ITSELF)
    assert found.is_final
    assert answer_text(found, NAMES, "en").splitlines()[1:] == [
        "No role and no permission between enterprises would allow it."
    ]


def test_a_search_that_was_cut_short_says_so() -> None:
    found = answer(asker(PAUL), EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, HUB), SearchLimits(remedies=1))
    assert not found.is_final
    words = answer_text(found, NAMES, "en")
    assert words.endswith("Only the first ways that were found are shown; there may be others.")
    assert "This would allow it:" in words
    hurried = answer(asker(PAUL), EnterpriseAction.SEE, found.resource, SearchLimits(tries=1))
    assert answer_text(hurried, NAMES, "en").endswith(
        "The search was cut short before it found a way; there may be one."
    )


def test_what_is_not_known_is_named() -> None:
    found = answer(asker(PAUL), EnterpriseAction.SEE, resource(ResourceKind.ENTERPRISE, "moon"))
    assert not found.allowed
    assert "There is no enterprise “moon”." in answer_text(found, NAMES, "en")


def test_who_has_no_account_is_called_by_what_they_are() -> None:
    found = answer(asker(ENGINE), EnterpriseAction.SEE, FARM_ITSELF)
    assert answer_text(found, NAMES, "en").startswith("The system may not see an enterprise: “Farm”.")


EVERY_FACT: tuple[Fact | Withheld, ...] = (
    AdminFact(UserId("paul")),
    ManagesFact(UserId("paul"), FARM),
    OwnsFact(UserId("paul"), FARM),
    GrantFact(FARM, HUB, SELL),
    *(KindFact(FARM, kind) for kind in Kind),
    *(SettingFact(FARM, setting) for setting in Setting),
    *(LinkFact("user:eggs", link, "user:farm") for link in Link),
    Withheld.FACT,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_words_in_every_language(language: str) -> None:
    named = {**NAMES, **{(kind, f"user:{key}"): key.title() for kind in RECORDS for key in ("eggs", "farm")}}
    named |= {("user", "farm"): "Farm"}
    texts = [fact_text(each, FARM_ITSELF, named, language) for each in EVERY_FACT]
    assert len(set(texts)) == len(EVERY_FACT)
    assert not [each for each in texts if "fact." in each or "withheld." in each or "{" in each]
    assert all("Farm" in each for each in texts[1:-1])


RECORDS = {place.record for place in WHEREABOUTS.values()}


def test_an_actor_in_a_fact_has_their_name() -> None:
    fact = LinkFact("order-1", Link.BOUGHT_BY, "user:paul")
    order = resource(ResourceKind.ORDER, "order-1")
    assert fact_text(fact, order, NAMES, "en") == "“order-1” is bought by “Paul”"
    other = LinkFact("order-1", Link.BOUGHT_BY, "customer:c1")
    assert fact_text(other, order, NAMES, "en").endswith("“c1”")
    assert fact_text(other, order, {("customer", "c1"): "Anna"}, "en").endswith("“Anna”")


def test_names_of_enterprises_are_not_read_again() -> None:
    """ORD-T3: names are hostile."""
    fact = ManagesFact(UserId("{enterprise}"), EnterpriseId("{user}"))
    assert fact_text(fact, FARM_ITSELF, NAMES, "en") == "“{enterprise}” manages “{user}”"
