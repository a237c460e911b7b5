"""Places in what somebody asks for."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ofncore.kernel.paths import keyed, steps

names = st.from_regex(r"[a-z_]{1,9}", fullmatch=True)
#: Those that could be taken for something else, and any.
ids = st.sampled_from(["farm", "12", "0", "a]b", 'a"b', "a].variants[b", "", "\\", "carrots-1kg", "$.x"]) | st.text()
places = st.lists(st.tuples(names, ids), min_size=1, max_size=3)


def place(parts: list[tuple[str, str]]) -> str:
    """Return the place of the last thing."""
    path = "$"
    for name, key in parts:
        path = keyed(f"{path}.{name}", key)
    return path


@given(places)
@example([("a", 'x"]'), ("b", "][")])
def test_a_path_is_read_as_it_was_written(parts: list[tuple[str, str]]) -> None:
    """Whatever brackets and quotes ids have: so no two places have one path."""
    assert steps(place(parts)) == tuple(step for part in parts for step in part)


@pytest.mark.parametrize("key", ["farm", "carrots-1kg", "3f2a", "A_b"])
def test_a_plain_id_stands_as_it_is(key: str) -> None:
    assert keyed("$.outgoing", key) == f"$.outgoing[{key}]"


@pytest.mark.parametrize("key", ["12", "a b", "a]", "é", "", "a\n", "1\n"])
def test_any_other_id_is_quoted(key: str) -> None:
    """A number without quotes would be a position."""
    assert keyed("$.outgoing", key) == f"$.outgoing[{json.dumps(key, ensure_ascii=False)}]"


def test_the_whole_has_no_steps() -> None:
    assert steps("$") == ()
