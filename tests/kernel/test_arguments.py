"""What is given is of the type that is wanted, or told by its name."""

import pytest

from ofncore.kernel.actors import ENGINE, Actor, ActorKind
from ofncore.kernel.arguments import check_type


def test_what_is_of_the_type_passes() -> None:
    check_type(str, order="o1", variant="eggs")
    check_type(Actor, actor=ENGINE)


@pytest.mark.parametrize("wrong", [None, 7, b"joe", {}])
def test_what_is_of_another_type_is_told_by_its_name(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"^variant must be of type str, not "):
        check_type(str, order="o1", variant=wrong)


@pytest.mark.parametrize("kind", [ActorKind.USER, ActorKind.CUSTOMER])
@pytest.mark.parametrize(("wrong", "error"), [(None, TypeError), (7, TypeError), ("", ValueError)])
def test_a_user_or_a_customer_has_an_id(kind: ActorKind, wrong: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="id"):
        Actor(kind, wrong)


def test_the_engine_has_none() -> None:
    with pytest.raises(ValueError, match="no id"):
        Actor(ActorKind.ENGINE, "one")


@pytest.mark.parametrize("text", ["user:", "user", "engine:one", "nobody:x", ""])
def test_a_text_that_names_nobody_is_no_actor(text: str) -> None:
    with pytest.raises(ValueError, match=r"actor|ActorKind"):
        Actor.parse(text)
