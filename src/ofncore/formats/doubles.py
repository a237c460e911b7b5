"""What stands twice where it may stand once."""

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from ofncore.formats.paths import element, join, member
from ofncore.formats.shown import shown_text
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.methods import ShopMethod

K = TypeVar("K", bound=Hashable)


def doubles(entries: Iterable[tuple[K, str]]) -> Iterator[tuple[K, str, str]]:
    """Yield key, path, and path of the first, of each entry of (key, path) whose key was met before."""
    first: dict[K, str] = {}
    for key, path in entries:
        if key in first:
            yield key, path, first[key]
        else:
            first[key] = path


def repeated_entries(path: str, **lists: Iterable[str | ShopMethod]) -> Iterator[Problem]:
    """Yield what stands twice in one of *lists*, given by the names they have in the object at *path*."""
    for name, keys in lists.items():
        places = ((key, join(path, member(name), element(index))) for index, key in enumerate(keys))
        for key, place, first in doubles(places):
            yield problem(Code.DUPLICATE_ENTRY, place, id=shown_text(_text_of(key)), first=first)


def _text_of(key: str | ShopMethod) -> str:
    return f"{key.shop} {key.method}" if isinstance(key, ShopMethod) else key
