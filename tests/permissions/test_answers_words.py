"""How answers read: everything by its name, every sentence once, names in the marks of the language."""

import re

import attrs
import pytest

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Withheld
from ofncore.permissions.actions import CycleAccess, LineAction, OrderAccess, RecordAction, ScreenAction
from ofncore.permissions.facts import Fact, GrantFact, Link, LinkFact, ManagesFact, OwnsFact
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.telling.answer_words import answer_text, fact_text, records_named
from ofncore.permissions.telling.answers import Answer
from ofncore.permissions.telling.names import Names
from permissions.actors import AMELIE, CYCLE, FARM, HUB, MARKET, grant, relations
from permissions.naming import names_of

SELL = grant("farm", "hub").permissions[0]
AMELIE_ID = UserId("amelie")
EGGS_THERE = resource(ResourceKind.OUTGOING_VARIANT, CYCLE.id, MARKET, "eggs")
NAMES: Names = {
    **names_of(relations()),
    ("order_cycle", CYCLE.id): "Week 10",
    ("variant", "eggs"): "Eggs, six",
    ("order", "r1"): "HUB-7Q2",
    ("customer", "c1"): "Anna Roca",
}
MARKS = {"ca": ("«", "»"), "de": ("„", "“"), "en": ("“", "”"), "es": ("«", "»"), "fr": ("«", "»")}


def yes(action: str, thing: Resource, *because: Fact | Withheld, actor: Actor = AMELIE) -> Answer:
    return Answer(
        allowed=True, actor=actor, action=action, resource=thing, rules=(), profile="product", because=because
    )


def test_things_in_a_cycle_are_called_by_their_names() -> None:
    found = yes(
        CycleAccess.SEE_VARIANT,
        EGGS_THERE,
        LinkFact("eggs", Link.CARRIED_BY, MARKET),
        LinkFact(FARM, Link.CARRIED_BY, MARKET),
        LinkFact(HUB, Link.COORDINATES, CYCLE.id),
    )
    assert answer_text(found, NAMES, "en") == (
        "Amelie may see a product in an order cycle: “Week 10”, “Market”, “Eggs, six”.\n"
        "Because:\n"
        "- “Market” carries “Eggs, six” or its goods\n"
        "- “Market” carries “Farm” or its goods\n"
        "- “Hub” coordinates “Week 10”"
    )


def test_an_order_is_called_by_its_code_and_its_line_by_the_goods_too() -> None:
    line = resource(ResourceKind.ORDER_LINE, "r1", "eggs")
    found = yes(LineAction.SEE, line, LinkFact("r1/eggs", Link.HOLDS_GOODS_OF, FARM), LinkFact("r1", Link.SOLD_BY, HUB))
    assert answer_text(found, NAMES, "en").splitlines() == [
        "Amelie may see a line of an order: “HUB-7Q2”, “Eggs, six”.",
        "Because:",
        "- “HUB-7Q2 / Eggs, six” holds goods of “Farm”",
        "- “HUB-7Q2” is sold by “Hub”",
    ]


def test_things_of_several_kinds_with_one_id_are_told_apart() -> None:
    """A host with numbers for ids has an enterprise, a cycle and an order that are all called 1."""
    names = {("enterprise", "1"): "Hub", ("order_cycle", "1"): "Week 10", ("order", "1"): "HUB-7Q2"}
    found = yes(OrderAccess.SEE, resource(ResourceKind.ORDER, "1"), LinkFact("1", Link.ORDERED_IN, "1"))
    assert "“HUB-7Q2”" in answer_text(found, names, "en")
    assert answer_text(found, names, "en").endswith("- “HUB-7Q2” is an order in “Week 10”")
    other = yes(CycleAccess.SEE, resource(ResourceKind.ORDER_CYCLE, "1"), LinkFact("1", Link.COORDINATED_BY, "1"))
    assert answer_text(other, names, "en").endswith("- “Week 10” is coordinated by “Hub”")


def test_a_customer_who_acts_is_called_by_name() -> None:
    account = resource(ResourceKind.CUSTOMER, "c1")
    found = yes(
        RecordAction.EDIT_CUSTOMER,
        account,
        LinkFact("c1", Link.IS_ACCOUNT_OF, "customer:c1"),
        actor=Actor.customer("c1"),
    )
    assert answer_text(found, NAMES, "en").startswith("Anna Roca may edit a customer: “Anna Roca”.")
    assert answer_text(found, {}, "en").startswith("“c1” may edit a customer: “c1”.")


@pytest.mark.parametrize(
    ("language", "customers", "report"),
    [
        ("en", "“Customers”", "“Orders and distributors”"),
        ("fr", "« Acheteurs »", "« Commandes et distributeurs »"),
        ("ca", "«Consumidores»", "«Comandes i distribuïdores»"),
        ("es", "«Consumidoras»", "«Pedidos y distribuidoras»"),
        ("de", "„Kunden“", "„Bestellungen und Verteiler“"),
    ],
)
def test_screens_and_reports_are_called_by_their_words(language: str, customers: str, report: str) -> None:
    screen = yes(ScreenAction.OPEN, resource(ResourceKind.SCREEN, "customers"))
    assert answer_text(screen, NAMES, language).replace("\N{NO-BREAK SPACE}", " ").endswith(f"{customers}.")
    run = yes(ScreenAction.RUN, resource(ResourceKind.REPORT, "orders_and_distributors"))
    assert answer_text(run, NAMES, language).replace("\N{NO-BREAK SPACE}", " ").endswith(f"{report}.")


def test_who_is_not_known_is_called_by_the_id_that_was_asked_for() -> None:
    found = yes(CycleAccess.SEE, resource(ResourceKind.ORDER_CYCLE, CYCLE.id), actor=Actor.user("ghost"))
    assert answer_text(found, NAMES, "fr").replace("\N{NO-BREAK SPACE}", " ").startswith("« ghost » peut ouvrir")
    assert answer_text(attrs.evolve(found, actor=ENGINE), NAMES, "en").startswith("The system may open")


def test_only_the_records_that_an_answer_speaks_of_need_names() -> None:
    found = yes(CycleAccess.SEE_VARIANT, EGGS_THERE, LinkFact("eggs", Link.OWNED_BY, FARM), ManagesFact(AMELIE_ID, HUB))
    assert records_named(found) == {
        ("user", "amelie"),
        ("order_cycle", CYCLE.id),
        ("enterprise", MARKET),
        ("variant", "eggs"),
        ("enterprise", FARM),
        ("enterprise", HUB),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_stands_once(language: str) -> None:
    """Two enterprises of one name make one sentence; so do two remedies that read the same."""
    names = {**NAMES, ("enterprise", FARM): "Hub"}
    twice = (ManagesFact(AMELIE_ID, HUB), ManagesFact(AMELIE_ID, FARM))
    lines = answer_text(yes(CycleAccess.SEE_VARIANT, EGGS_THERE, *twice, *twice), names, language).splitlines()
    assert len(lines) == len(set(lines)) == 3
    no = Answer(
        allowed=False,
        actor=AMELIE,
        action=CycleAccess.SEE,
        resource=resource(ResourceKind.ORDER_CYCLE, CYCLE.id),
        rules=(),
        profile="product",
        remedies=(*((each,) for each in twice), twice),
    )
    lines = answer_text(no, names, language).splitlines()
    assert len(lines) == len(set(lines)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_after_a_small_word_stands_in_marks(language: str) -> None:
    """“gestionnaire de Les Paniers” is no French; a name in marks needs no article and takes no elision."""
    small = {
        "ca": "de|a|per|la",
        "de": "von|in|zu|die",
        "en": "by|of|in|to|the",
        "es": "de|a|por|el",
        "fr": "de|à|par|la|le",
    }[language]
    between_records = [each for each in Link if each not in {Link.BOUGHT_BY, Link.MADE_BY, Link.IS_ACCOUNT_OF}]
    facts: tuple[Fact, ...] = (
        GrantFact(FARM, HUB, SELL),
        OwnsFact(AMELIE_ID, HUB),
        ManagesFact(AMELIE_ID, HUB),
        *(LinkFact("@", link, "@") for link in between_records),
    )
    names: Names = dict.fromkeys(NAMES, "@")
    texts = [fact_text(each, EGGS_THERE, names, language) for each in facts]
    assert [each for each in texts if re.search(rf"\b({small}) @", each)] == []
    opened, closed = MARKS[language]
    assert all(each.count(opened) == each.count(closed) for each in texts)
    assert any(re.search(rf"\b({small}) {opened}\s?@\s?{closed}", each) for each in texts)


def test_a_manager_in_french() -> None:
    fact = ManagesFact(UserId("sylvie"), EnterpriseId("paniers"))
    names = {("user", "sylvie"): "Sylvie", ("enterprise", "paniers"): "Les Paniers de la Gervanne"}
    assert fact_text(fact, EGGS_THERE, names, "fr") == (
        "Sylvie est gestionnaire de «\N{NO-BREAK SPACE}Les Paniers de la Gervanne\N{NO-BREAK SPACE}»"
    )


def test_a_language_that_does_not_ship_gives_way_to_that_of_the_country_and_then_to_english() -> None:
    found = yes(CycleAccess.SEE_VARIANT, EGGS_THERE)
    assert answer_text(found, NAMES, "gl-ES") == answer_text(found, NAMES, "es")
    assert answer_text(found, NAMES, "oc-FR") == answer_text(found, NAMES, "fr")
    assert answer_text(found, NAMES, "gl") == answer_text(found, NAMES, "en")
