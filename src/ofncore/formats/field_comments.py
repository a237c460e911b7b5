"""The ``#:`` comments of fields and of the members of enumerations, read from the source, for the schemas."""

import inspect
import re
from enum import Enum
from functools import cache
from typing import Final

_COMMENT: Final = re.compile(r"^    #: ?(.*)$")
_NAME: Final = re.compile(r"^    (\w+)\s*[:=]")
_MARKUP: Final = re.compile("`{1,2}|[*]{1,2}")


def summary(cls: type) -> str:
    """Return the first paragraph of the docstring of *cls*, as plain text."""
    return plain((inspect.getdoc(cls) or "").partition("\n\n")[0])


def plain(text: str) -> str:
    """Return *text* on one line, without markup."""
    return _MARKUP.sub("", " ".join(text.split()))


def field_comment(cls: type, name: str) -> str:
    """Return what stands above the field *name* of *cls*, in the class that defines it; empty if nothing does."""
    return next((text for base in cls.__mro__ if (text := _comments(base).get(name))), "")


def member_comments(cls: type[Enum]) -> dict[str, str]:
    """Return what stands above the members of *cls*, by value."""
    comments = _comments(cls)
    return {member.value: comments[member.name] for member in cls if member.name in comments}


@cache
def _comments(cls: type) -> dict[str, str]:
    try:
        lines = inspect.getsource(cls).splitlines()
    except (OSError, TypeError):
        return {}  # built in, or a host's class without its source
    comments: dict[str, str] = {}
    waiting: list[str] = []
    for line in lines:
        if comment := _COMMENT.match(line):
            waiting.append(comment[1])
            continue
        if waiting and (name := _NAME.match(line)):
            comments[name[1]] = plain(" ".join(waiting))
        waiting = []
    return comments
