"""Pairs that can be looked up from either side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, Generic, Self, TypeVar

import attrs

#: What can be looked up: ids, and tuples of ids.
L = TypeVar("L", bound="str | tuple[str, ...]")
R = TypeVar("R", bound="str | tuple[str, ...]")

_NONE: Final[Mapping[Any, None]] = {}


@attrs.frozen
class Pairs(Generic[L, R]):
    """A set of pairs of a left and a right. A look-up costs no more than what it returns, which comes sorted."""

    _rights: Mapping[L, Mapping[R, None]]
    _lefts: Mapping[R, Mapping[L, None]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[L, R]]) -> Self:
        """Index *pairs* once."""
        rights: defaultdict[L, dict[R, None]] = defaultdict(dict)
        lefts: defaultdict[R, dict[L, None]] = defaultdict(dict)
        for left, right in sorted(set(pairs)):
            rights[left][right] = None
            lefts[right][left] = None
        # Plain dictionaries: a look-up must not add a key.
        return cls(dict(rights), dict(lefts))

    def rights_of(self, left: L) -> AbstractSet[R]:
        """Return what *left* is paired with."""
        return self._rights.get(left, _NONE).keys()

    def lefts_of(self, right: R) -> AbstractSet[L]:
        """Return what *right* is paired with."""
        return self._lefts.get(right, _NONE).keys()

    @property
    def lefts(self) -> AbstractSet[L]:
        """All that are paired with something, sorted."""
        return self._rights.keys()

    @property
    def rights(self) -> AbstractSet[R]:
        """All that something is paired with."""
        return self._lefts.keys()

    def flipped(self) -> "Pairs[R, L]":
        """Return the same pairs with their sides changed."""
        return Pairs(self._lefts, self._rights)
