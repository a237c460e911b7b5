"""Whatever is read, the answer is a state that can be written, or a refusal that can be shown."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from formats.mutations import spoilt
from formats.samples import busy_state, state_data, world_data
from ofncore.formats.paths import DocumentOrder
from ofncore.formats.state import read_document, read_state, write_state
from ofncore.formats.world import read_world, write_world
from ofncore.kernel.refusals import Refusal
from ofncore.model.world import State, World

WORLD, STATE = world_data(), state_data()
TEXT = write_state(busy_state()).encode()

_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def check_answer(answer: State | Refusal, source: object) -> None:
    """Check that *answer* to *source* is whole."""
    if isinstance(answer, Refusal):
        assert all(each.path.startswith("$") for each in answer.problems)
        assert str(answer).encode()
        assert DocumentOrder(source).sorted(answer.problems) == answer.problems
    else:
        text = write_state(answer)
        again = read_state(text)
        assert isinstance(again, State), str(again)
        assert write_state(again) == text


@given(spoilt(STATE, most=4))
@settings(max_examples=250, deadline=None)
def test_a_spoilt_state_is_refused_or_read(data: dict[str, Any]) -> None:
    check_answer(read_state(data), data)


@given(spoilt(WORLD, most=4))
@settings(max_examples=250, deadline=None)
def test_a_spoilt_world_is_refused_or_read(data: dict[str, Any]) -> None:
    answer = read_world(data)
    if isinstance(answer, World):
        again = read_world(write_world(answer))
        assert isinstance(again, World), str(again)
        assert write_world(again) == write_world(answer)


@given(spoilt(STATE))
@settings(max_examples=100, deadline=None)
def test_text_and_parsed_data_get_the_same_answer(data: dict[str, Any]) -> None:
    """Codes and paths agree; what was found is shown as written, and NaN is reported as such only in a text."""
    text, parsed = read_state(json.dumps(data, allow_nan=True)), read_state(data)
    assert isinstance(text, Refusal) == isinstance(parsed, Refusal)
    if isinstance(text, Refusal) and isinstance(parsed, Refusal):
        assert {each.path for each in text.problems} >= {each.path for each in parsed.problems}
    else:
        assert text == parsed


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.binary(max_size=6) | st.sampled_from([b'"', b"{", b"]", b","]))
@settings(max_examples=250, deadline=None)
def test_cut_and_patched_text_is_refused_or_read(start: int, length: int, patch: bytes) -> None:
    answer = read_document(TEXT[:start] + patch + TEXT[start + length :])
    assert isinstance(answer, State | Refusal)
    assert not isinstance(answer, Refusal) or str(answer).encode()


@given(_junk | st.binary(max_size=30) | st.text(max_size=30))
def test_junk_is_refused(junk: object) -> None:
    assert isinstance(read_document(junk), Refusal)


@given(_junk, st.sampled_from(sorted(STATE)))
def test_junk_in_the_place_of_a_list_is_refused(junk: object, name: str) -> None:
    answer = read_document(STATE | {name: junk})
    if junk not in ([], STATE[name]) and name != "name":
        assert isinstance(answer, Refusal)
