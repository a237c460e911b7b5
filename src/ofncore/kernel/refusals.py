"""Refusals and validation problems: values that say what is wrong, all at once.

A `Problem` has a code (see `ofncore.kernel.codes`), the path of what it is about, and parameters. Its text comes from
the catalogues (`ofncore.kernel.catalogue`), in the reader's language. A `Refusal` holds one or more problems and is
what a rule returns instead of a result.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

import attrs

from ofncore.kernel.money import Money


class Withheld(StrEnum):
    """What stands in the place of something that is not for the reader; each is the key of its own text."""

    #: Something that a decision rests on, or that would change it.
    FACT = "withheld.fact"
    #: Somebody's name or id.
    ENTERPRISE = "withheld.enterprise"
    USER = "withheld.user"
    CUSTOMER = "withheld.customer"


#: What a parameter of a problem or of a message may be. A tuple of texts is a list, such as names. A text may be
#: `Withheld`.
ParameterValue = str | int | Decimal | Money | datetime | tuple[str, ...]


def _sorted_pairs(pairs: Iterable[tuple[str, ParameterValue]]) -> tuple[tuple[str, ParameterValue], ...]:
    return tuple(sorted(dict(pairs).items()))


@attrs.frozen
class Parameters(Mapping[str, ParameterValue]):
    """An immutable mapping of names to values; equal and hashable by its content."""

    _pairs: tuple[tuple[str, ParameterValue], ...] = attrs.field(default=(), converter=_sorted_pairs)

    @classmethod
    def of(cls, **values: ParameterValue) -> Self:
        """Return parameters with the given names and values."""
        return cls(tuple(values.items()))

    def __getitem__(self, name: str) -> ParameterValue:
        for key, value in self._pairs:
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


@attrs.frozen
class Problem:
    """One thing that is wrong."""

    #: Machine name, one of `ofncore.kernel.codes` or a host's own.
    code: str
    #: Where: a JSON path such as ``$.lines[0].quantity``; ``$`` is the whole request.
    path: str = "$"
    #: What the text of the code needs.
    parameters: Parameters = attrs.field(factory=Parameters)

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.path}: {self.code}" + (f" ({shown})" if shown else "")

    def under(self, prefix: str) -> "Problem":
        """Return the same problem with its path moved below *prefix*, which starts with ``$``."""
        return attrs.evolve(self, path=prefix + self.path.removeprefix("$"))


def problem(code: str, path: str = "$", **parameters: ParameterValue) -> Problem:
    """Return a problem with its parameters given by name."""
    return Problem(code, path, Parameters.of(**parameters))


@attrs.frozen
class Refusal:
    """The answer "no", with every reason found."""

    problems: tuple[Problem, ...] = attrs.field()

    @problems.validator
    def _check_problems(self, _attribute: object, value: tuple[Problem, ...]) -> None:
        if not value:
            message = "a refusal has at least one problem"
            raise ValueError(message)

    @classmethod
    def of(cls, code: str, path: str = "$", **parameters: ParameterValue) -> Self:
        """Return a refusal with one problem."""
        return cls((problem(code, path, **parameters),))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all problems."""
        return frozenset(each.code for each in self.problems)

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


def refusal_of(problems: Iterable[Problem]) -> Refusal | None:
    """Return a refusal with *problems*, or None if there are none."""
    found = tuple(problems)
    return Refusal(found) if found else None
