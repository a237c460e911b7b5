"""Exact comparison of what is expected with what was got."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

import attrs


@attrs.frozen
class _Uncompared:
    def __repr__(self) -> str:
        return "(not compared)"


#: In a tree of what is expected: here anything goes.
UNCOMPARED: Final = _Uncompared()


@attrs.frozen
class Difference:
    """One place where something else was got."""

    #: In the case, such as ``$.orders.o1.lines[0].fees``.
    path: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.path}: expected {shown(self.expected)}, got {shown(self.got)}"


def differences(expected: object, got: object, path: str = "$") -> tuple[Difference, ...]:
    """Return every difference; none means equal. A missing key is null, and `UNCOMPARED` equals everything."""
    return tuple(_differences(expected, got, path))


def multiset(rows: Iterable[Any]) -> list[Any]:
    """Return *rows* in an order that follows from their content alone; equal rows may be written differently."""
    return sorted(rows, key=_sort_key)


def _sort_key(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = sorted((str(key), each) for key, each in value.items() if each is not None)
        return "{" + ",".join(f"{key}:{_sort_key(each)}" for key, each in pairs) + "}"
    if _is_list(value):
        return "[" + ",".join(map(_sort_key, cast("Sequence[object]", value))) + "]"
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return str(Fraction(value))
    # A name that is an enum member sorts, and shows, as its text.
    return repr(str(value)) if isinstance(value, str) else repr(value)


def shown(value: object) -> str:
    """Return *value* in full, numbers as they are written."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    return repr(str(value)) if isinstance(value, str) else str(value)


def _differences(expected: Any, got: Any, path: str) -> Iterator[Difference]:  # noqa: ANN401 - trees of JSON
    if expected is UNCOMPARED:
        return
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        # In the order in which they are met, expected ones first.
        for key in dict.fromkeys((*expected, *got)):
            yield from _differences(expected.get(key), got.get(key), f"{path}.{key}")
    elif _is_list(expected) and _is_list(got) and len(expected) == len(got):
        for index, (wanted, found) in enumerate(zip(expected, got, strict=True)):
            yield from _differences(wanted, found, f"{path}[{index}]")
    elif not _equal(expected, got):
        yield Difference(path, expected, got)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _equal(expected: object, got: object) -> bool:
    # True is no 1 here.
    return isinstance(expected, bool) is isinstance(got, bool) and expected == got
