"""Exceptions: a contract was broken.

What a person may not do, or cannot do now, is a refusal (see `ofncore.kernel.refusals`), never an exception.
"""

from collections.abc import Sequence
from datetime import datetime


class OfncoreError(Exception):
    """Root of every exception this library raises on purpose."""


class NaiveInstantError(OfncoreError, ValueError):
    """A datetime without a time zone was given where an instant is needed."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        if isinstance(self.value, datetime):
            return f"an instant needs a time zone, but {self.value!r} has none"
        return f"an instant is a datetime that needs a time zone, not {type(self.value).__name__} {self.value!r}"


class MoneyError(OfncoreError, ValueError):
    """An amount cannot be money: a float, not a number, or finer than its currency allows."""


class UnknownCurrencyError(MoneyError):
    """The currency code is not in ISO 4217."""

    def __init__(self, code: object) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code!r} is not a currency code of ISO 4217, such as 'EUR'"


class CurrencyMismatchError(MoneyError):
    """Two amounts of different currencies met."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(left, right)
        self.left = left
        self.right = right

    def __str__(self) -> str:
        return f"cannot combine {self.left} with {self.right}"


class NotFoundError(OfncoreError, LookupError):
    """A record that must exist does not."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind, key)
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        return f"there is no {self.kind} {self.key!r}"


class UnknownActionError(OfncoreError, LookupError):
    """It was asked whether somebody may do what nobody ever does to such a thing."""

    def __init__(self, action: str, kind: str) -> None:
        super().__init__(action, kind)
        self.action = action
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.action!r} is nothing that can be done to a thing of kind {self.kind!r}"


class DuplicateError(OfncoreError):
    """A record with this key is stored already."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind, key)
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        return f"{self.kind} {self.key!r} is stored already"


class StaleWriteError(OfncoreError):
    """The record changed in storage since it was read; read it again and decide again."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind, key)
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        return f"{self.kind} {self.key!r} was changed by somebody else since it was read"


class StorageError(OfncoreError):
    """The storage cannot be used as it is: not initialised, of another version, or broken."""


class MissingTablesError(StorageError):
    """The database has no tables of this library yet."""


class RefusedValueError(OfncoreError, ValueError):
    """A class refuses a value of one of its fields; `problem` says why in a way that can be told in every language."""

    def __init__(self, message: str, problem: object) -> None:
        super().__init__(message, problem)
        self.message = message
        self.problem = problem

    def __str__(self) -> str:
        return self.message


class InvalidDocumentError(OfncoreError, ValueError):
    """A document was turned into values although it has problems; `problems` lists them all."""

    def __init__(self, problems: tuple[object, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return f"the document has {len(self.problems)} problems: " + "; ".join(map(str, self.problems))


class UnfinishedWorkError(OfncoreError, ExceptionGroup[Exception]):
    """Parts of the work failed; all the rest was done and is stored.

    `exceptions` holds one for each part. The last note of each names what it is about, such as ``payment p-1``.
    """

    def __str__(self) -> str:
        parts = "; ".join(f"{type(each).__name__}: {each}" for each in self.exceptions)
        return f"{self.message} ({len(self.exceptions)}): {parts}"

    def derive(self, excs: Sequence[Exception], /) -> "UnfinishedWorkError":  # type: ignore[override]
        """Return a group of *excs* of this kind."""
        return UnfinishedWorkError(self.message, excs)
