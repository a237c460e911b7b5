"""JSON paths such as ``$.variants[3].price``, and the order in which they stand in a document."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from ofncore.formats.shown import shown
from ofncore.kernel.refusals import Problem

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_STEP: Final = re.compile(r"""\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]""")


def member(key: str) -> str:
    """Return the path, from its object, of the value at *key*."""
    return f"$.{key}" if _PLAIN_KEY.fullmatch(key) else f"$[{shown(key)}]"


def element(index: int) -> str:
    """Return the path, from its list, of the value at *index*."""
    return f"$[{index}]"


def join(*parts: str) -> str:
    """Return one path made of *parts*, each of which starts with ``$`` and is counted from the one before."""
    return "$" + "".join(part.removeprefix("$") for part in parts)


class DocumentOrder:
    """Sorts problems by where they stand in one document; what is missing from an object comes last in it."""

    def __init__(self, document: object) -> None:
        self._document = document
        self._places: dict[int, dict[object, int]] = {}

    def sorted(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return *problems* in document order; those of one place keep their order."""
        return tuple(sorted(problems, key=lambda each: self._position(each.path)))

    def _position(self, path: str) -> tuple[int, ...]:
        position, here = [], self._document
        for key, index, quoted in _STEP.findall(path):
            place, here = self._step(here, int(index) if index else key or json.loads(quoted))
            position.append(place)
        return tuple(position)

    def _step(self, here: object, step: str | int) -> tuple[int, object]:
        if isinstance(here, Mapping):
            return self._places_in(here).get(step, len(here)), here.get(step)
        if isinstance(here, list | tuple) and isinstance(step, int) and step < len(here):
            return step, here[step]
        return 0, None

    def _places_in(self, here: Mapping[object, object]) -> dict[object, int]:
        places = self._places.get(id(here))
        if places is None:
            places = self._places[id(here)] = {key: place for place, key in enumerate(here)}
        return places
