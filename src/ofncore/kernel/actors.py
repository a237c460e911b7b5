"""Who acts.

The person who acts and the customer an order is for are two things (ORD-B1). An `Actor` is the first.
"""

from enum import StrEnum
from typing import Final, Self

import attrs

from ofncore.kernel.choices import choice_of


class ActorKind(StrEnum):
    """What kind of party acts."""

    #: A user with an account: staff of an enterprise, an administrator, or a buyer who signed in.
    USER = "user"
    #: A customer without an account, acting through a secret link.
    CUSTOMER = "customer"
    #: The library itself, doing what is due.
    ENGINE = "engine"


@attrs.frozen
class Actor:
    """Who acts; written ``user:amelie``, ``customer:c17`` or ``engine``."""

    kind: ActorKind = attrs.field(validator=choice_of(ActorKind))
    #: Id of the user or of the customer; empty for the engine.
    id: str = ""

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
            ValueError: the text names no kind of actor.
        """
        kind, _, key = text.partition(":")
        return cls(ActorKind(kind), key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


ENGINE: Final = Actor(ActorKind.ENGINE)
