"""Checks of what public methods are given: an argument of another type is told by its name."""

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import TypeVar, get_args

T = TypeVar("T")


def check_type(wanted: type | UnionType, /, **arguments: object) -> None:
    """Accept *arguments*, by their names, that are all of the type *wanted*, or of one of its types.

    Raises:
        TypeError: one is of another type.
    """
    for name, value in arguments.items():
        if not isinstance(value, wanted):
            expected = " or ".join(each.__name__ for each in get_args(wanted) or (wanted,))
            message = f"{name} must be of type {expected}, not {type(value).__name__} {value!r}"
            raise TypeError(message)


def values_of(name: str, values: object, kind: type[T]) -> tuple[T, ...]:
    """Return the *values* of a collection that is called *name*, each of the type *kind*.

    Raises:
        TypeError: it is no collection, or one text, which would be taken letter by letter, or a value is of another
            type.
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        message = f"{name} must be a collection of {kind.__name__}, not {type(values).__name__} {values!r}"
        raise TypeError(message)
    found = tuple(values)
    for each in found:
        check_type(kind, **{f"each of {name}": each})
    return found
