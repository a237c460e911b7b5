"""Answers in words, in the reader's language."""

from collections.abc import Iterator
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import render_problem, text
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Parameters, ParameterValue
from ofncore.permissions.answers import Answer, Told, Withheld
from ofncore.permissions.facts import (
    AdminFact,
    GrantFact,
    KindFact,
    LinkFact,
    ManagesFact,
    OwnsFact,
    Role,
    SettingFact,
)
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import WHEREABOUTS

_ITEM: Final = "- "


def answer_text(answer: Answer, relations: Relations, locale: str) -> str:
    """Return *answer* as lines of text: yes or no, and below it why, or what would change it.

    Args:
        answer: The full one for the host; one for its actor (`for_actor`) for the actor.
        relations: Know the names of users and enterprises; what they do not know is called by its id.
        locale: Of the reader.
    """
    return "\n".join(_lines(answer, relations, locale))


def fact_text(fact: Told, relations: Relations, locale: str) -> str:
    """Return *fact* in words, as a clause without a stop."""
    key, values = _said(fact, relations)
    return text(f"fact.{key}", locale, Parameters.of(**values))


def _lines(answer: Answer, relations: Relations, locale: str) -> Iterator[str]:
    place = WHEREABOUTS[answer.resource.kind]
    asked = Parameters.of(
        who=_who(answer.actor, relations), action=answer.action, kind=place.record, id=" / ".join(answer.resource.key)
    )
    yield text("answer.yes" if answer.allowed else "answer.no", locale, asked)
    yield from (render_problem(each, locale) for each in answer.unknown)
    if answer.because:
        yield text("answer.because", locale)
        yield from (_ITEM + fact_text(each, relations, locale) for each in answer.because)
    if not answer.allowed:
        yield from _below_no(answer, relations, locale)


def _below_no(answer: Answer, relations: Relations, locale: str) -> Iterator[str]:
    if answer.is_final:
        yield text("answer.final", locale)
    if answer.remedies:
        yield text("answer.remedies", locale)
    for remedy in answer.remedies:
        facts = tuple(fact_text(each, relations, locale) for each in remedy)
        yield _ITEM + text("answer.remedy", locale, Parameters.of(facts=facts))
    if not answer.is_complete:
        yield text("answer.more", locale)


def _said(fact: Told, relations: Relations) -> tuple[str, dict[str, ParameterValue]]:
    """Return the key of the words for *fact*, and what goes into them."""
    match fact:
        case KindFact(enterprise, kind):
            return f"kind.{kind}", {"enterprise": relations.name_of(enterprise)}
        case SettingFact(enterprise, setting):
            return f"setting.{setting}", {"enterprise": relations.name_of(enterprise)}
        case LinkFact(one, link, other):
            return f"link.{link}", {"one": _thing(one, relations), "other": _thing(other, relations)}
        case Withheld():
            return str(fact), {}
        case _:
            return _role_said(fact, relations)


def _role_said(fact: Role, relations: Relations) -> tuple[str, dict[str, ParameterValue]]:
    match fact:
        case AdminFact(user):
            return "admin", {"user": _user(user, relations)}
        case ManagesFact(user, enterprise):
            return "manages", {"user": _user(user, relations), "enterprise": relations.name_of(enterprise)}
        case OwnsFact(user, enterprise):
            return "owns", {"user": _user(user, relations), "enterprise": relations.name_of(enterprise)}
        case GrantFact(grantor, grantee, permission):
            names = {"grantor": relations.name_of(grantor), "grantee": relations.name_of(grantee)}
            return "grant", {**names, "permission": permission}


def _who(actor: Actor, relations: Relations) -> str:
    found = relations.user_of(actor)
    return found.name if found else str(actor)


def _user(user: UserId, relations: Relations) -> str:
    found = relations.users.get(user)
    return found.name if found else user


def _thing(key: str, relations: Relations) -> str:
    """The name of an enterprise or an actor; anything else by its id."""
    if key in relations.enterprises:
        return relations.name_of(EnterpriseId(key))
    kind, colon, user = key.partition(":")
    return _user(UserId(user), relations) if colon and kind == "user" else key
