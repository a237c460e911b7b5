"""Who acts.

The person who acts and the customer an order is for are two things (ORD-B1). An `Actor` is the first.
"""

from enum import StrEnum
from typing import Any, Final, Self

import attrs

from ofncore.kernel.arguments import check_type
from ofncore.kernel.choices import choice_of


class ActorKind(StrEnum):
    """What kind of party acts."""

    #: A user with an account: staff of an enterprise, an administrator, or a buyer who signed in.
    USER = "user"
    #: A customer without an account, acting through a secret link.
    CUSTOMER = "customer"
    #: The library itself, doing what is due.
    ENGINE = "engine"


def _fits_kind(actor: "Actor", _attribute: "attrs.Attribute[Any]", value: object) -> None:
    check_type(str, id=value)
    if bool(value) is (actor.kind is ActorKind.ENGINE):
        message = f"an actor of kind {actor.kind.value!r} has {'no id' if value else 'an id'}, not {value!r}"
        raise ValueError(message)


@attrs.frozen
class Actor:
    """Who acts; written ``user:amelie``, ``customer:c17`` or ``engine``.

    Raises:
        TypeError: the id is no text.
        ValueError: there is no such kind, a user or a customer has no id, or the engine has one.
    """

    kind: ActorKind = attrs.field(validator=choice_of(ActorKind))
    #: Id of the user or of the customer; empty for the engine.
    id: str = attrs.field(default="", validator=_fits_kind)

    @classmethod
    def user(cls, user: str) -> Self:
        """Return the actor for a user's id."""
        return cls(ActorKind.USER, user)

    @classmethod
    def customer(cls, customer: str) -> Self:
        """Return the actor for the id of a customer without an account."""
        return cls(ActorKind.CUSTOMER, customer)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote.

        Raises:
            ValueError: the text names no kind of actor, or nobody of that kind.
        """
        kind, _, key = text.partition(":")
        return cls(ActorKind(kind), key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


ENGINE: Final = Actor(ActorKind.ENGINE)
