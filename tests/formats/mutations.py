"""Strategies that spoil a document: at random places, in random ways."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from formats.samples import Data, Place

#: Values that stand for every kind of mistake, and some that are right in many places.
_REPLACEMENTS = st.one_of(
    st.sampled_from(
        [
            None,
            True,
            False,
            0,
            1,
            -1,
            10**9,
            10**30,
            0.5,
            float("nan"),
            "",
            " ",
            "0",
            "1.00",
            "-1",
            "1e9",
            "x",
            "\ud800",
        ]
    ),
    st.sampled_from(["eggs", "hub", "farm", "amelie", "anna", "user:amelie", "EUR", "USD", "JPY", "none", "engine"]),
    st.sampled_from(["2026-03-02T12:00:00Z", "2026-03-09T12:00:00+01:00", "2026-03-02", "0999-12-31T23:59:59Z"]),
    st.builds(list),
    st.builds(dict),
    st.just([[]]),
    st.just({"amount": "1.00", "currency": "JPY"}),
    st.just({"kind": "flat_rate"}),
    st.text(max_size=3),
    st.integers(-5, 5),
)
_KEYS = st.sampled_from(["id", "kind", "version", "name", "price", "nmae", "a b", "total"]) | st.text(max_size=2)


def places(data: object, at: Place = ()) -> Iterator[Place]:
    """Yield every place in *data* but the whole."""
    entries: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*at, key)
        yield from places(value, (*at, key))


@st.composite
def spoilt(draw: st.DrawFn, data: Data, *, most: int = 3) -> Data:
    """Return *data* after one or more changes, each of which takes out, replaces, adds or repeats something."""
    result = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, most))):
        *way, last = draw(st.sampled_from(list(places(result))))
        holder: Any = result
        for step in way:
            holder = holder[step]
        _change(draw, holder, last)
    return result


def _change(draw: st.DrawFn, holder: Any, last: str | int) -> None:  # noqa: ANN401 - a list or an object
    # A copy, since a later change may go into it.
    replacement = copy.deepcopy(draw(_REPLACEMENTS))
    match draw(st.sampled_from(["take out", "replace", "replace", "add", "repeat"])):
        case "take out":
            del holder[last]
        case "replace":
            holder[last] = replacement
        case "add" if isinstance(holder, dict):
            holder[draw(_KEYS)] = replacement
        case _ if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[int(last)]))
        case _:
            holder[last] = copy.deepcopy([holder[last]])
