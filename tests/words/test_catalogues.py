"""The shipped catalogues are complete, in every language, and agree with the code."""

import re
from collections.abc import Iterable
from typing import get_args

import attrs
import pytest

from ofncore.cycles.status import CycleStatus
from ofncore.fees.cost_split import SharedBy
from ofncore.fees.shares import PartKind
from ofncore.kernel.catalogue import LANGUAGES as SHIPPED
from ofncore.kernel.codes import Code
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.grant import Permission
from ofncore.model.message import MessageKind, MessageState
from ofncore.model.order import Channel, OrderState
from ofncore.model.payment import PaymentPurpose, PaymentState
from ofncore.model.stock import StockCause
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.world import State
from ofncore.orders.balance import PaymentStatus
from ofncore.permissions.actions import Action
from ofncore.permissions.facts import Kind, Link, Setting
from ofncore.permissions.resources import WHEREABOUTS
from ofncore.permissions.screens import Report, Screen
from words.catalogues import LANGUAGES, catalogue, parameters_of_codes, places, texts

#: Groups of keys that give the members of an enumeration their words.
LABELS: dict[str, Iterable[str]] = {
    "action": [*(action for kind in get_args(Action) for action in kind), "supply"],
    "channel": Channel,
    "cycle_status": CycleStatus,
    "fact.kind": Kind,
    "fact.link": Link,
    "fact.setting": Setting,
    "fee_role": FeeRole,
    "fee_type": FeeType,
    "message_kind": MessageKind,
    "message_state": MessageState,
    "part_kind": PartKind,
    "payment_purpose": PaymentPurpose,
    "payment_state": PaymentState,
    "payment_status": PaymentStatus,
    "permission": Permission,
    "proxy_outcome": ProxyOutcome,
    "record.kind": [place.record for place in WHEREABOUTS.values()],
    "report": Report,
    "screen": Screen,
    "shared_by": SharedBy,
    "state": OrderState,
    "stock_cause": StockCause,
}
#: Lists of records whose kind is not their name without an s.
KINDS = {"stock": "stock_item", "tax_categories": "tax_category"}


def record_kinds() -> set[str]:
    lists = {field.name for field in attrs.fields(State)} - {"name"}
    return {KINDS.get(name, name.removesuffix("s")) for name in lists}


def test_the_languages_named_are_those_that_ship() -> None:
    assert LANGUAGES == SHIPPED == ("ca", "de", "en", "es", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    assert texts(language).keys() == texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_uncertain_or_obsolete(language: str) -> None:
    messages = catalogue(language)
    assert not messages.obsolete
    assert [message.id for message in messages if message.id and (not message.string or message.fuzzy)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_places_of_the_english_text(language: str) -> None:
    english = texts("en")
    wrong = {key: text for key, text in texts(language).items() if places(text) != places(english[key])}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_brace_belongs_to_a_place(language: str) -> None:
    place = re.compile(r"\{[a-z_]+(:[a-z_.]+)?\}")
    odd = {key: text for key, text in texts(language).items() if set("{}") & set(place.sub("", text))}
    assert odd == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language: str) -> None:
    assert [code for code in Code if code not in texts(language)] == []


@pytest.mark.parametrize("code", Code)
def test_a_text_asks_only_for_parameters_of_its_code(code: Code) -> None:
    """What the comment beside a code names is all that its text may show."""
    named = {place.partition(":")[0] for place in places(texts("en")[code])}
    assert named <= parameters_of_codes()[code]


@pytest.mark.parametrize("group", LABELS)
def test_every_member_of_an_enumeration_has_its_words(group: str) -> None:
    assert [member for member in LABELS[group] if f"{group}.{member}" not in texts("en")] == []


def test_every_kind_of_record_has_its_words() -> None:
    assert [kind for kind in sorted(record_kinds()) if f"record.kind.{kind}" not in texts("en")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_that_a_place_names_exists(language: str) -> None:
    known = texts("en")
    groups = {place.partition(":")[2] for text in texts(language).values() for place in places(text)} - {""}
    assert groups
    assert [group for group in groups if not any(key.startswith(f"{group}.") for key in known)] == []


def test_french_texts_set_no_breaking_space_before_high_punctuation() -> None:
    loose = re.compile(r" [:;!?»%]|« |[^\s\u00a0\u202f][;!?»]|«[^\u00a0]")
    assert {key: text for key, text in texts("fr").items() if loose.search(text)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_are_typographic(language: str) -> None:
    assert {key: text for key, text in texts(language).items() if "'" in text} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_subjects_are_one_line(language: str) -> None:
    subjects = {key: text for key, text in texts(language).items() if key.endswith(".subject")}
    assert subjects
    assert {key: text for key, text in subjects.items() if not text.isprintable() and "\u00a0" not in text} == {}
