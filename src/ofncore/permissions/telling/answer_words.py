"""Answers in words, in the reader's language."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from ofncore.kernel.actors import ENGINE
from ofncore.kernel.catalogue import has_text, render_problem, text
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Parameters, ParameterValue, Withheld
from ofncore.permissions.facts import (
    AdminFact,
    Fact,
    GrantFact,
    KindFact,
    LinkFact,
    ManagesFact,
    OwnsFact,
    Role,
    SettingFact,
)
from ofncore.permissions.resources import Resource
from ofncore.permissions.telling.answers import Answer, Told
from ofncore.permissions.telling.names import Key, Names, actor_key, parts_of, records_in, sides_of

_ITEM: Final = "- "
#: Kinds of record that are the library's own, and so have words.
_IN_WORDS: Final = frozenset({"engine", "screen", "report"})


def answer_text(answer: Answer, names: Names, locale: str) -> str:
    """Return *answer* as lines of text: yes or no, and below it why, or what would change it; each sentence once.

    Args:
        answer: The full one for the host; one for its actor (`for_actor`) for the actor.
        names: What the records are called that the answer speaks of (`records_named`); others are called by their ids.
        locale: Of the reader. A language that does not ship gives way as `ofncore.kernel.catalogue.language_of` says:
            to its country's, if that has just one, and then to English.
    """
    return "\n".join(_lines(answer, names, locale))


def fact_text(fact: Told, about: Resource, names: Names, locale: str) -> str:
    """Return *fact* in words, as a clause without a stop, in an answer about the thing *about*."""
    if isinstance(fact, Withheld):
        return text(fact, locale)
    key, values = _said(fact, about, names, locale)
    return text(f"fact.{key}", locale, Parameters.of(**values))


def records_named(answer: Answer) -> frozenset[Key]:
    """Return the records whose names the words of *answer* take."""
    told = (*answer.because, *chain.from_iterable(answer.remedies), *answer.settings)
    facts = (each for each in told if not isinstance(each, Withheld))
    in_facts = chain.from_iterable(records_in(each, answer.resource) for each in facts)
    in_key = (each for each in parts_of(answer.resource) if each not in answer.nameless)
    return frozenset((actor_key(answer.actor), *in_key, *in_facts))


def _lines(answer: Answer, names: Names, locale: str) -> Iterator[str]:
    shown = {key: names[key] for key in names if key not in answer.nameless}
    things = ", ".join(_marked(_called([each], shown, locale), locale) for each in parts_of(answer.resource))
    asked = Parameters.of(who=_person(actor_key(answer.actor), names, locale), action=answer.action, id=things)
    yield text("answer.yes" if answer.allowed else "answer.no", locale, asked)
    yield from (render_problem(each, locale) for each in answer.unknown)
    facts = tuple(fact_text(each, answer.resource, names, locale) for each in answer.because)
    yield from _listed("answer.because", facts, locale)
    if not answer.allowed:
        yield from _below_no(answer, names, locale)


def _below_no(answer: Answer, names: Names, locale: str) -> Iterator[str]:
    if answer.is_final:
        yield text("answer.final", locale)
    remedies = tuple(_remedy(each, answer.resource, names, locale) for each in answer.remedies)
    yield from _listed("answer.remedies", remedies, locale)
    if not answer.is_complete:
        yield text("answer.more" if remedies else "answer.none_found", locale)
    settings = tuple(fact_text(each, answer.resource, names, locale) for each in answer.settings)
    yield from _listed("answer.settings", settings, locale)


def _listed(key: str, items: Iterable[str], locale: str) -> Iterator[str]:
    """Yield *items* below their heading, each once; without any, nothing."""
    found = tuple(dict.fromkeys(items))
    if found:
        yield text(key, locale, Parameters.of(items=found))
        yield from (_ITEM + each for each in found)


def _remedy(facts: Iterable[Told], about: Resource, names: Names, locale: str) -> str:
    clauses = dict.fromkeys(fact_text(each, about, names, locale) for each in facts)
    return text("answer.remedy", locale, Parameters.of(facts=tuple(clauses)))


def _said(fact: Fact, about: Resource, names: Names, locale: str) -> tuple[str, dict[str, ParameterValue]]:
    """Return the key of the words for *fact*, and what goes into them."""
    match fact:
        case KindFact(enterprise, kind):
            return f"kind.{kind}", {"enterprise": _enterprise(enterprise, names)}
        case SettingFact(enterprise, setting):
            return f"setting.{setting}", {"enterprise": _enterprise(enterprise, names)}
        case LinkFact(_, link, _):
            ones, others = sides_of(fact, about)
            return f"link.{link}", {"one": _called(ones, names, locale), "other": _called(others, names, locale)}
        case _:
            return _role_said(fact, names, locale)


def _role_said(fact: Role, names: Names, locale: str) -> tuple[str, dict[str, ParameterValue]]:
    match fact:
        case AdminFact(user):
            return "admin", {"user": _person(("user", user), names, locale)}
        case ManagesFact(user, enterprise):
            who = _person(("user", user), names, locale)
            return "manages", {"user": who, "enterprise": _enterprise(enterprise, names)}
        case OwnsFact(user, enterprise):
            who = _person(("user", user), names, locale)
            return "owns", {"user": who, "enterprise": _enterprise(enterprise, names)}
        case GrantFact(grantor, grantee, permission):
            both = {"grantor": _enterprise(grantor, names), "grantee": _enterprise(grantee, names)}
            return "grant", {**both, "permission": permission}


def _person(key: Key, names: Names, locale: str) -> str:
    """Return what somebody is called; one without a name by an id, which stands in marks."""
    if key in names:
        return names[key]
    called = _in_words(key, locale)
    return called if key == actor_key(ENGINE) else _marked(called, locale)


def _enterprise(enterprise: EnterpriseId, names: Names) -> str:
    return names.get(("enterprise", enterprise), enterprise)


def _called(records: Iterable[Key], names: Names, locale: str) -> str:
    return " / ".join(names.get(each) or _in_words(each, locale) for each in records)


def _in_words(record: Key, locale: str) -> str:
    """Return what a record without a name is called: what is the library's own by its words, any other by its id."""
    key = ".".join(record)
    return text(key, locale) if record[0] in _IN_WORDS and has_text(key) else record[1]


def _marked(name: str, locale: str) -> str:
    return text("quoted.name", locale, Parameters.of(name=name))
