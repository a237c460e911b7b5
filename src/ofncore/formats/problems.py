"""Problems on their way up: a reader raises what is wrong with its own value, its caller adds where that stands."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from ofncore.formats.paths import member
from ofncore.kernel.errors import InvalidDocumentError
from ofncore.kernel.refusals import ParameterValue, Problem, problem

T = TypeVar("T")


def refused(code: str, path: str = "$", **parameters: ParameterValue) -> InvalidDocumentError:
    """Return the error of a value with one problem."""
    return InvalidDocumentError((problem(code, path, **parameters),))


def problems_of(error: InvalidDocumentError) -> tuple[Problem, ...]:
    """Return the problems that a reader of this package raised."""
    return cast("tuple[Problem, ...]", error.problems)


class Findings:
    """Reads the parts of one value, and gathers the problems of all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, path: str, reader: Callable[[Any], T], value: object) -> T | None:
        """Return what *reader* makes of *value*; if it has problems, note them below *path* and return None."""
        try:
            return reader(value)
        except InvalidDocumentError as error:
            self.problems.extend(each.under(path) for each in problems_of(error))
            return None

    def read_into(self, values: dict[str, Any], key: str, reader: Callable[[Any], object], value: object) -> None:
        """Put what *reader* makes of *value* into *values* at *key*, unless it has problems: note them there."""
        before = len(self.problems)
        result = self.read(member(key), reader, value)
        if len(self.problems) == before:
            values[key] = result

    def note(self, code: str, path: str = "$", **parameters: ParameterValue) -> None:
        """Note one problem."""
        self.problems.append(problem(code, path, **parameters))

    def check(self) -> None:
        """Raise what was noted, if anything was.

        Raises:
            InvalidDocumentError: there are problems.
        """
        if self.problems:
            raise InvalidDocumentError(tuple(self.problems))
