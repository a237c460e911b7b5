"""Exceptions: one root, clear words, and safe to hand to another process."""

import copy
import pickle
from collections.abc import Iterator

import pytest

from ofncore.kernel import errors
from ofncore.kernel.errors import (
    CurrencyMismatchError,
    DuplicateError,
    InvalidDocumentError,
    MoneyError,
    NaiveInstantError,
    NotFoundError,
    OfncoreError,
    RefusedValueError,
    StaleWriteError,
    StorageError,
    UnfinishedWorkError,
    UnknownActionError,
    UnknownCurrencyError,
)
from ofncore.kernel.refusals import problem

#: One of each, with what it says.
SAMPLES = {
    NaiveInstantError("noon"): "an instant is a datetime that needs a time zone, not str 'noon'",
    MoneyError("too fine"): "too fine",
    UnknownCurrencyError("EURO"): "'EURO' is not a currency code of ISO 4217, such as 'EUR'",
    CurrencyMismatchError("EUR", "CHF"): "cannot combine EUR with CHF",
    NotFoundError("order", "o-1"): "there is no order 'o-1'",
    UnknownActionError("coordinate", "order"): "'coordinate' is nothing that can be done to a thing of kind 'order'",
    DuplicateError("order", "o-1"): "order 'o-1' is stored already",
    StaleWriteError("order", "o-1"): "order 'o-1' was changed by somebody else since it was read",
    StorageError("no schema"): "no schema",
    RefusedValueError("amount is too fine", problem("a")): "amount is too fine",
    InvalidDocumentError((problem("a", "$.x"), problem("b"))): "the document has 2 problems: $.x: a; $: b",
    UnfinishedWorkError(
        "left undone", [ValueError("a"), KeyError("b")]
    ): "left undone (2): ValueError: a; KeyError: 'b'",
    OfncoreError("anything"): "anything",
}

each_error = pytest.mark.parametrize(("error", "text"), SAMPLES.items(), ids=[type(each).__name__ for each in SAMPLES])


def kinds(root: type[OfncoreError]) -> Iterator[type[OfncoreError]]:
    """Yield *root* and all its subclasses in the kernel."""
    yield root
    for each in root.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from kinds(each)


def test_there_is_a_sample_of_every_way_to_make_an_exception() -> None:
    assert {type(each) for each in SAMPLES} >= {kind for kind in kinds(OfncoreError) if "__init__" in vars(kind)}


@each_error
def test_an_exception_says_what_is_wrong(error: OfncoreError, text: str) -> None:
    assert str(error) == text


@each_error
def test_an_exception_survives_pickling_and_copying(error: OfncoreError, text: str) -> None:
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - our own
        assert type(other) is type(error)
        assert vars(other) == vars(error)
        assert str(other) == text


def test_exceptions_are_also_what_python_calls_them() -> None:
    assert issubclass(MoneyError, ValueError)
    assert issubclass(NaiveInstantError, ValueError)
    assert issubclass(InvalidDocumentError, ValueError)
    assert issubclass(NotFoundError, LookupError)


def test_what_is_left_of_unfinished_work_is_unfinished_work() -> None:
    left, other = UnfinishedWorkError("left undone", [ValueError("a"), KeyError("b")]).split(KeyError)
    assert isinstance(left, UnfinishedWorkError)
    assert isinstance(other, UnfinishedWorkError)
    assert (str(left), str(other)) == ("left undone (1): KeyError: 'b'", "left undone (1): ValueError: a")
