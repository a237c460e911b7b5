"""What a kind of document says differently from the plain JSON form of values."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from ofncore.kernel.refusals import Problem

#: The largest whole number that every JSON reader keeps exact.
_LARGEST_EXACT: Final = 2**53 - 1


@attrs.frozen(kw_only=True)
class Rule:
    """What a field takes, whatever class it is in, when its type says too little."""

    #: Returns the value or raises `InvalidDocumentError`.
    read: Callable[[object], object]
    #: The same in JSON Schema, as far as that goes.
    schema: Mapping[str, object]


@attrs.frozen(kw_only=True)
class Derived:
    """A key that a document states although it follows from the rest; a wrong one is refused."""

    name: str
    #: Type of its value.
    type: Any
    #: Field it stands behind; empty means before all fields, None after them.
    after: str | None = None
    #: Computes it from its object; None if it takes more than that.
    of: Callable[[Any], object] | None = None
    #: For the schema.
    description: str


@attrs.frozen(kw_only=True)
class Dialect:
    """How the JSON form of values is changed for one kind of document."""

    #: Names of fields that are neither written nor read.
    left_out: frozenset[str] = frozenset()
    #: By class, which holds for its subclasses too.
    derived: Mapping[type, tuple[Derived, ...]] = MappingProxyType({})
    #: By name of field.
    rules: Mapping[str, Rule] = MappingProxyType({})
    #: No whole number may be larger, nor smaller than its negative.
    largest: int = _LARGEST_EXACT
    #: Says what is wrong with an id of the given type that refers to a record.
    check_reference: Callable[[Any, str], Problem | None] | None = None
    #: Says what is wrong with who acted.
    check_actor: Callable[[Any], Problem | None] | None = None

    def derived_of(self, cls: type) -> tuple[Derived, ...]:
        """Return the derived keys of *cls*."""
        return next((self.derived[base] for base in cls.__mro__ if base in self.derived), ())


#: Every field as it is, nothing more.
PLAIN: Final = Dialect()
