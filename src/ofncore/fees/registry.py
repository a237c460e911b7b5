"""The calculators there are, by kind.

The library's own are always there. A host adds its own by the `register_calculator` decorator or, to be found without
being imported first, by an entry point of the group ``ofncore.calculators`` that names a module or a class.
"""

import inspect
import re
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Final, TypeVar

import attrs

from ofncore.kernel.errors import NotFoundError
from ofncore.model.calculator import Calculator, ChargeableLine

#: Group of the entry points by which hosts name their calculators.
ENTRY_POINT_GROUP: Final = "ofncore.calculators"

_RECORD: Final = "calculator"
_PLAIN_NAME: Final = re.compile("[a-z][a-z0-9_]*")

C = TypeVar("C", bound=Calculator)

_classes: Final[dict[str, type[Calculator]]] = {}


def register_calculator(calculator: type[C]) -> type[C]:
    """Make *calculator* known under its `kind`; a class decorator, written above ``@attrs.frozen``.

    Registering the same class again changes nothing.

    Raises:
        TypeError: it is no finished, frozen attrs class with `kind` and `per_order`.
        ValueError: its kind is no plain name, or belongs to another class: that of a module that is run twice, too.
    """
    _check_finished(calculator)
    _check_kind(calculator)
    known = _classes.setdefault(calculator.kind, calculator)
    if known is not calculator:
        raise ValueError(_taken(known, calculator))
    return calculator


def calculator_class(kind: str) -> type[Calculator]:
    """Return the calculator class of *kind*.

    Raises:
        NotFoundError: no calculator of that kind is registered.
    """
    _load_host_calculators()
    try:
        return _classes[kind]
    except KeyError:
        raise NotFoundError(_RECORD, kind) from None


def calculator_kinds() -> tuple[str, ...]:
    """Return every registered kind, sorted."""
    _load_host_calculators()
    return tuple(sorted(_classes))


def _check_finished(calculator: type[Calculator]) -> None:
    # A slotted attrs class is a new class: the one below ``@attrs.frozen`` would never be met again.
    if "__attrs_attrs__" not in vars(calculator) or not attrs.has(calculator) or inspect.isabstract(calculator):
        message = f"{calculator} is no finished attrs class; write @register_calculator above @attrs.frozen"
        raise TypeError(message)
    if not _is_frozen(calculator):
        message = f"{calculator} is not frozen: its settings could change after they were checked; use @attrs.frozen"
        raise TypeError(message)
    for name, expected in (("kind", str), ("per_order", bool)):
        if not isinstance(getattr(calculator, name, None), expected):
            message = f"{calculator} needs a class variable {name} of type {expected.__name__}"
            raise TypeError(message)


def _check_kind(calculator: type[Calculator]) -> None:
    if not _PLAIN_NAME.fullmatch(calculator.kind):
        message = f"a kind is a plain name such as 'round_up', in small letters, not {calculator.kind!r}"
        raise ValueError(message)


def _is_frozen(calculator: Any) -> bool:  # noqa: ANN401 - its functions are looked at, not called
    # Every frozen attrs class shares one function here, and no other has it.
    return calculator.__setattr__ is ChargeableLine.__setattr__


def _taken(known: type[Calculator], other: type[Calculator]) -> str:
    taken = f"calculator kind {other.kind!r} is taken by {_place(known)}"
    if known.__qualname__ != other.__qualname__:
        return f"{taken}; choose another for {_place(other)}"
    return (
        f"{taken}, and now comes again from {_place(other)}: a module that was run twice makes two classes. "
        "Import it under one name, and neither reload it nor run it as a script"
    )


def _place(calculator: type[Calculator]) -> str:
    return f"{calculator.__module__}.{calculator.__qualname__}"


@cache
def _load_host_calculators() -> None:
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        _accept(entry.name, entry.load())


def _accept(name: str, loaded: object) -> None:
    """A module has registered its classes by decorator; a class may not have."""
    if isinstance(loaded, type) and issubclass(loaded, Calculator):
        register_calculator(loaded)
    elif not isinstance(loaded, ModuleType):
        message = (
            f"entry point {name!r} of {ENTRY_POINT_GROUP} must name a calculator class or a module, not {loaded!r}"
        )
        raise TypeError(message)
