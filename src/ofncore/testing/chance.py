"""Chance that repeats itself."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws, always the same for the same seed."""

    def __init__(self, *seed: object) -> None:
        self._random = Random(repr(seed))  # noqa: S311 - a test draws no secrets

    def number(self, lowest: int, highest: int) -> int:
        """Draw a whole number; both ends may come."""
        return self._random.randint(lowest, highest)

    def once_in(self, times: int) -> bool:
        """Draw True once in so many times."""
        return self._random.randrange(times) == 0

    def one(self, of: Sequence[T]) -> T:
        """Draw one of several."""
        return self._random.choice(of)

    def some(self, of: Sequence[T], *, least: int = 0) -> list[T]:
        """Draw at least *least* of several, if there are as many, in the order in which they stand."""
        count = self.number(min(least, len(of)), len(of))
        return [of[place] for place in sorted(self._random.sample(range(len(of)), count))]
