"""Answers in words, in the reader's language."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import render_problem, text
from ofncore.kernel.ids import EnterpriseId, UserId
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
from ofncore.permissions.resources import WHEREABOUTS, Resource
from ofncore.permissions.telling.answers import Answer, Told
from ofncore.permissions.telling.names import Key, Names, actor_key, parts_of, records_in, sides_of

_ITEM: Final = "- "


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
    key, values = _said(fact, about, names)
    return text(f"fact.{key}", locale, Parameters.of(**values))


def records_named(answer: Answer) -> frozenset[Key]:
    """Return the records whose names the words of *answer* take."""
    facts = (
        each for each in (*answer.because, *chain.from_iterable(answer.remedies)) if not isinstance(each, Withheld)
    )
    in_facts = chain.from_iterable(records_in(each, answer.resource) for each in facts)
    in_key = (each for each in parts_of(answer.resource) if each not in answer.nameless)
    return frozenset((actor_key(answer.actor), *in_key, *in_facts))


def _lines(answer: Answer, names: Names, locale: str) -> Iterator[str]:
    asked = Parameters.of(
        who=_who(answer.actor, names),
        action=answer.action,
        kind=WHEREABOUTS[answer.resource.kind].record,
        id=_called(parts_of(answer.resource), {key: names[key] for key in names if key not in answer.nameless}),
    )
    yield text("answer.yes" if answer.allowed else "answer.no", locale, asked)
    yield from (render_problem(each, locale) for each in answer.unknown)
    if answer.because:
        yield text("answer.because", locale)
        yield from dict.fromkeys(_ITEM + fact_text(each, answer.resource, names, locale) for each in answer.because)
    if not answer.allowed:
        yield from _below_no(answer, names, locale)


def _below_no(answer: Answer, names: Names, locale: str) -> Iterator[str]:
    if answer.is_final:
        yield text("answer.final", locale)
    if answer.remedies:
        yield text("answer.remedies", locale)
    yield from dict.fromkeys(_ITEM + _remedy(each, answer.resource, names, locale) for each in answer.remedies)
    if not answer.is_complete:
        yield text("answer.more", locale)


def _remedy(facts: Iterable[Told], about: Resource, names: Names, locale: str) -> str:
    clauses = dict.fromkeys(fact_text(each, about, names, locale) for each in facts)
    return text("answer.remedy", locale, Parameters.of(facts=tuple(clauses)))


def _said(fact: Fact, about: Resource, names: Names) -> tuple[str, dict[str, ParameterValue]]:
    """Return the key of the words for *fact*, and what goes into them."""
    match fact:
        case KindFact(enterprise, kind):
            return f"kind.{kind}", {"enterprise": _enterprise(enterprise, names)}
        case SettingFact(enterprise, setting):
            return f"setting.{setting}", {"enterprise": _enterprise(enterprise, names)}
        case LinkFact(one, link, other):
            ones, others = sides_of(fact, about)
            return f"link.{link}", {"one": _side(one, ones, names), "other": _side(other, others, names)}
        case _:
            return _role_said(fact, names)


def _role_said(fact: Role, names: Names) -> tuple[str, dict[str, ParameterValue]]:
    match fact:
        case AdminFact(user):
            return "admin", {"user": _user(user, names)}
        case ManagesFact(user, enterprise):
            return "manages", {"user": _user(user, names), "enterprise": _enterprise(enterprise, names)}
        case OwnsFact(user, enterprise):
            return "owns", {"user": _user(user, names), "enterprise": _enterprise(enterprise, names)}
        case GrantFact(grantor, grantee, permission):
            both = {"grantor": _enterprise(grantor, names), "grantee": _enterprise(grantee, names)}
            return "grant", {**both, "permission": permission}


def _who(actor: Actor, names: Names) -> str:
    return names.get(actor_key(actor), str(actor))


def _user(user: UserId, names: Names) -> str:
    return names.get(("user", user), user)


def _enterprise(enterprise: EnterpriseId, names: Names) -> str:
    return names.get(("enterprise", enterprise), enterprise)


def _side(given: str, records: tuple[Key, ...], names: Names) -> str:
    """Return what a side of a link is called: by its records, or as the link has it if they have no names."""
    return _called(records, names) if any(each in names for each in records) else given


def _called(records: Iterable[Key], names: Names) -> str:
    return " / ".join(names.get(each, each[1]) for each in records)
