"""From text to data: strict JSON, with what JSON parsers let pass in silence kept visible."""

import json
from collections import Counter
from typing import Final

import attrs

from ofncore.formats.paths import element, join, member
from ofncore.formats.shown import OddNumber, shown_text
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, Refusal, problem

#: Whole numbers of more digits stay text: no field takes one, and turning it into a number takes long.
_MOST_DIGITS: Final = 18


@attrs.frozen
class ParsedText:
    """The data of a text, and what was wrong with the text itself."""

    data: object
    problems: tuple[Problem, ...] = ()


class _ObjectWithDoubles(dict[str, object]):
    """An object in which some keys came twice."""

    doubles: tuple[str, ...] = ()


class _Parser:
    """Parses one text; sees whether its parts have to be looked through for problems afterwards."""

    def __init__(self) -> None:
        self.suspicious = False

    def parse(self, text: str) -> object:
        return json.loads(
            text,
            object_pairs_hook=self._object,
            parse_int=_whole_number,
            parse_float=OddNumber,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        self.suspicious = True
        marked, counts = _ObjectWithDoubles(result), Counter(key for key, _ in pairs)
        marked.doubles = tuple(key for key, count in counts.items() if count > 1)
        return marked

    def _constant(self, text: str) -> OddNumber:
        self.suspicious = True
        return OddNumber(text)


def parse_text(text: str | bytes) -> ParsedText | Refusal:
    """Return the data of a JSON *text*; bytes are UTF-8, with or without a byte order mark.

    Numbers with a fraction or an exponent become `OddNumber`, and so do very long whole numbers. A key that comes twice
    in one object, and the literals NaN and Infinity, are noted as problems.

    Refusals:
        NOT_UTF8, NOT_JSON, TOO_DEEP.
    """
    parser = _Parser()
    try:
        data = parser.parse(_decoded(text))
    except UnicodeDecodeError as error:
        return Refusal.of(Code.NOT_UTF8, byte=error.start + 1)
    except json.JSONDecodeError as error:
        return Refusal.of(Code.NOT_JSON, line=error.lineno, column=error.colno)
    except RecursionError:
        return Refusal.of(Code.TOO_DEEP)
    return ParsedText(data, _looked_through(data) if parser.suspicious else ())


def _decoded(text: str | bytes) -> str:
    decoded = text.decode("utf-8") if isinstance(text, bytes) else text
    return decoded.removeprefix("\ufeff")


def _whole_number(text: str) -> int | OddNumber:
    return int(text) if len(text) <= _MOST_DIGITS else OddNumber(text)


def _looked_through(data: object) -> tuple[Problem, ...]:
    """Find the places of doubled keys and of numbers that are not finite; without recursion, which has a limit."""
    problems, waiting = [], [("$", data)]
    while waiting:
        path, here = waiting.pop()
        if isinstance(here, OddNumber) and not here.is_finite:
            problems.append(problem(Code.NOT_FINITE, path, found=here.text))
        elif isinstance(here, dict):
            doubles = here.doubles if isinstance(here, _ObjectWithDoubles) else ()
            problems += (problem(Code.DUPLICATE_KEY, join(path, member(key)), key=shown_text(key)) for key in doubles)
            waiting += ((join(path, member(key)), value) for key, value in here.items())
        elif isinstance(here, list):
            waiting += ((join(path, element(index)), value) for index, value in enumerate(here))
    return tuple(problems)
