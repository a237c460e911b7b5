"""The contract of a storage calls every method that the ports promise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_origin, get_type_hints

import pytest

from adapters.runner import CONTRACT_TESTS, fails
from ofncore.adapters.memory import MemoryStorage
from ofncore.ports.unit_of_work import Settings, UnitOfWork

PARTS = [name for name in vars(UnitOfWork) if isinstance(vars(UnitOfWork)[name], property)]


def promised() -> set[tuple[str, str]]:
    """Return part and method of everything that a unit of work promises."""
    return {(part, method) for part in PARTS for method in _methods(getattr(UnitOfWork, part).fget)}


def _methods(part: object) -> set[str]:
    protocol = get_type_hints(part)["return"]
    protocol = get_origin(protocol) or protocol
    # A generic protocol has methods of `Generic` and `Protocol` too; they all begin with an underscore.
    return {name for name in dir(protocol) if not name.startswith("_")}


class Spy:
    """A part of a unit of work that notes which of its methods are used."""

    def __init__(self, part: str, inner: object, used: set[tuple[str, str]]) -> None:
        self._part, self._inner, self._used = part, inner, used

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 - whatever the part has
        self._used.add((self._part, method))
        return getattr(self._inner, method)


class SpiedStorage:
    """A memory storage that notes what is used of it."""

    def __init__(self, used: set[tuple[str, str]]) -> None:
        self._storage, self._used = MemoryStorage(), used

    @contextmanager
    def __call__(self) -> Iterator[Any]:
        with self._storage() as work:
            yield _SpiedWork(work, self._used)


class _SpiedWork:
    def __init__(self, work: UnitOfWork, used: set[tuple[str, str]]) -> None:
        for part in PARTS:
            setattr(self, part, Spy(part, getattr(work, part), used))


def test_every_method_is_exercised() -> None:
    """And no test of the contract fails on a storage without a fault."""
    used: set[tuple[str, str]] = set()
    unfit = [name for name in sorted(CONTRACT_TESTS) if fails(name, lambda: SpiedStorage(used))]
    assert unfit == []
    assert promised() - used == set()
    assert len(promised()) > len(PARTS)


def test_a_method_that_nobody_uses_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "forget", lambda _self: None, raising=False)
    assert ("settings", "forget") in promised()
