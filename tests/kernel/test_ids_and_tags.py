"""Ids made of facts, actors, and tags."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor, ActorKind
from ofncore.kernel.ids import joined_id
from ofncore.kernel.tags import normal_tag, normal_tags

# Few signs, so that parts that could be mistaken for each other do come up.
tricky = st.text(alphabet="~/01a", max_size=6)
parts = st.lists(tricky | st.text(max_size=4), min_size=1, max_size=4)


@given(parts, parts)
@example(["a/b"], ["a", "b"])
@example(["~1"], ["/"])
@example(["", ""], [""])
def test_different_facts_give_different_ids(one: list[str], two: list[str]) -> None:
    assert (joined_id(*one) == joined_id(*two)) == (one == two)


def test_an_id_of_plain_parts_can_be_read() -> None:
    assert joined_id("order_placed", "o-1", "") == "order_placed/o-1/"


@given(st.text(min_size=1))
def test_an_actor_is_read_again_from_what_it_writes(key: str) -> None:
    for actor in (Actor.user(key), Actor.customer(key), ENGINE):
        assert Actor.parse(str(actor)) == actor


def test_actors_are_written_with_their_kind() -> None:
    assert str(Actor.user("amelie")) == "user:amelie"
    assert str(Actor.customer("c17")) == "customer:c17"
    assert str(ENGINE) == "engine"
    assert Actor.user("a:b") == Actor.parse("user:a:b")
    assert Actor.user("x").kind is ActorKind.USER
    assert Actor.user("x") != Actor.customer("x")


@pytest.mark.parametrize("text", ["", "amelie", "admin:amelie", "USER:amelie"])
def test_text_that_names_no_kind_of_actor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid ActorKind"):
        Actor.parse(text)


@given(st.lists(st.text(max_size=8), max_size=6))
def test_tags_are_trimmed_lower_case_distinct_and_sorted(texts: list[str]) -> None:
    """CYC-7 A4."""
    tags = normal_tags(texts)
    assert tags == tuple(sorted(set(tags)))
    assert all(tag == tag.strip() and tag for tag in tags)
    assert normal_tags(tags) == tags
    assert set(tags) == {normal_tag(text) for text in texts if normal_tag(text)}


def test_blank_tags_are_dropped() -> None:
    assert normal_tags([" Pro ", "PRO", "", "  ", "b"]) == ("b", "pro")
