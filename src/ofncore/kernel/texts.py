"""Texts that every file, database and screen can take."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, problem

K = TypeVar("K", bound=str)
T = TypeVar("T", bound=str)

#: The longest id that somebody gives: of a record in a world, or of a request.
LONGEST_ID: Final = 255
#: The longest id that the library makes of other ids.
LONGEST_MADE_ID: Final = 4_000
#: The longest remark: a comment, a reason.
LONGEST_REMARK: Final = 2_000

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether *text* holds neither NUL nor half a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def storable(keys: Iterable[T]) -> list[T]:
    """Return which of *keys* are storable: what is stored has no other key."""
    return [each for each in keys if is_storable(each)]


def storable_problems(path: str, text: str) -> Iterator[Problem]:
    """Yield why *text*, however long, cannot be kept."""
    if not is_storable(text):
        yield problem(Code.BAD_TEXT, path, found=ascii(text))


def told_apart(names: Mapping[K, str]) -> dict[K, str]:
    """Return *names*, by id; where several things have one name, each is called by its id too."""
    often = Counter(names.values())
    return {key: name if often[name] == 1 else f"{name} ({key})" for key, name in names.items()}


def text_problems(path: str, text: str, lowest: int, highest: int) -> Iterator[Problem]:
    """Yield why *text* cannot be kept: it has not *lowest* to *highest* characters, or is not storable."""
    if not lowest <= len(text) <= highest:
        yield problem(Code.BAD_LENGTH, path, length=len(text), lowest=lowest, highest=highest)
    else:
        yield from storable_problems(path, text)
