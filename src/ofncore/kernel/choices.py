"""Checks of values that are one of a few, each with a name: text that reads the same is another thing."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs


def check_choice(name: str, value: object, choices: type[Enum]) -> None:
    """Accept a member of *choices*; *name* is that of the field or argument.

    Raises:
        ValueError: it is anything else, the text of a member too.
    """
    if not isinstance(value, choices):
        members = ", ".join(f"{choices.__name__}.{each.name}" for each in choices)
        message = f"{name} must be one of {members}, not {type(value).__name__} {value!r}"
        raise ValueError(message)  # noqa: TRY004 - whoever shows a refused value catches one exception


def choice_of(choices: type[Enum]) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """Return the validator of an attrs field that takes a member of *choices*."""

    def check(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        check_choice(attribute.name, value, choices)

    return check
