"""Column types that keep values exact on every database."""

import enum
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Generic, TypeVar

from sqlalchemy import CHAR, BigInteger, DateTime, Dialect, Text, TypeDecorator

from ofncore.kernel.actors import Actor
from ofncore.kernel.instants import as_instant

E = TypeVar("E", bound=enum.StrEnum)

#: Text that sorts by code point everywhere, as Python does; PostgreSQL would otherwise sort by the database's language.
PlainText: Final = Text().with_variant(Text(collation="C"), "postgresql")

#: Minor units of money, quantities and counters.
Whole: Final = BigInteger()

#: ISO 4217 code.
Currency: Final = CHAR(3)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC; a naive datetime is refused."""

    # SQLite drops the zone and keeps the wall time, so the value must be in UTC before it gets there.
    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return *value* in UTC."""
        return None if value is None else as_instant(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return *value* in UTC, with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number as text, digit for digit; `Numeric` is a float on SQLite."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the digits."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the number."""
        return None if value is None else Decimal(value)


class ExactRatio(TypeDecorator[Fraction]):
    """A ratio of whole numbers as text, such as ``1/3``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the ratio."""
        return None if value is None else Fraction(value)


class ActorText(TypeDecorator[Actor]):
    """Who acts, as ``user:amelie``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Actor | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Actor | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the actor."""
        return None if value is None else Actor.parse(value)


class Choice(TypeDecorator[E], Generic[E]):
    """A member of an enumeration, as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[E]) -> None:
        super().__init__()
        #: Also the cache key, so it is public.
        self.choices = choices

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the member."""
        return None if value is None else self.choices(value)
