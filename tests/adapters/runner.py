"""Runs tests of a contract without pytest, to see which of them fail."""

import inspect
from collections.abc import Callable, Iterator
from itertools import product
from types import MethodType
from typing import Any

import pytest
from hypothesis import Phase, settings

from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts import StorageContract
from ofncore.testing.contracts.base import START

#: Where Hypothesis keeps the settings of a test.
SETTINGS = "_hypothesis_internal_use_settings"

CONTRACT_TESTS = frozenset(name for name in dir(StorageContract) if name.startswith("test_"))


def fails(name: str, make: Callable[[], UnitOfWorkFactory]) -> bool:
    """Tell whether the test fails for any of its parameters, each with a new storage."""
    test = getattr(StorageContract(), name)
    with pytest.MonkeyPatch.context() as monkeypatch:
        _look_for_no_smaller_example(test, monkeypatch)
        return any(_fails(test, make(), parameters) for parameters in _parameters(test))


def _look_for_no_smaller_example(test: MethodType, monkeypatch: pytest.MonkeyPatch) -> None:
    given = getattr(test.__func__, SETTINGS, None)
    if given is not None:
        monkeypatch.setattr(test.__func__, SETTINGS, settings(given, database=None, phases=[Phase.generate]))


def _fails(test: Callable[..., None], storage: UnitOfWorkFactory, parameters: dict[str, Any]) -> bool:
    wanted = inspect.signature(test).parameters
    fixtures: dict[str, Any] = {"storage": storage, "second": storage, "world": storage}
    if "world" in wanted:
        with storage() as work:
            worlds.store(work, START)
    try:
        test(**{name: value for name, value in (fixtures | parameters).items() if name in wanted})
    except pytest.skip.Exception:
        return False
    except BaseException:  # noqa: BLE001 - some tests let KeyboardInterrupt through when they fail
        return True
    return False


def _parameters(test: Callable[..., None]) -> Iterator[dict[str, Any]]:
    """Yield what `pytest.mark.parametrize` gives, one dictionary for each run of the test."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    names = [mark.args[0] for mark in marks]
    for values in product(*(mark.args[1] for mark in marks)):
        yield dict(zip(names, values, strict=True))
