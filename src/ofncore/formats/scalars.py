"""Readers and writers of single values. Each reader takes one exact form and refuses all others.

A reader raises `InvalidDocumentError` with one problem at ``$``.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, TypeVar

from ofncore.formats import patterns
from ofncore.formats.problems import refused
from ofncore.formats.shown import OddNumber, shown
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.instants import as_instant, iso
from ofncore.kernel.texts import is_storable

E = TypeVar("E", bound=Enum)

_DECIMAL: Final = re.compile(patterns.DECIMAL)
_RATIO: Final = re.compile(patterns.RATIO)
_INSTANT: Final = re.compile(patterns.INSTANT)
_ACTOR: Final = re.compile(patterns.ACTOR, re.DOTALL)
_DURATION: Final = re.compile(patterns.DURATION)
#: Where an instant would end if only its zone were missing.
_ZONE: Final = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$")
_LONGEST_DECIMAL: Final = 60


def read_text(value: object) -> str:
    """Return a text that every file, database and screen can take."""
    if not isinstance(value, str):
        raise refused(Code.NOT_TEXT, found=shown(value))
    if not is_storable(value):
        raise refused(Code.BAD_TEXT, found=shown(value))
    return value


def id_reader(longest: int) -> Callable[[object], str]:
    """Return a reader of ids of 1 to *longest* characters."""

    def read(value: object) -> str:
        text = read_text(value)
        if not 1 <= len(text) <= longest:
            raise refused(Code.BAD_LENGTH, length=len(text), lowest=1, highest=longest)
        return text

    return read


def read_bool(value: object) -> bool:
    """Return true or false; nothing else means either."""
    if not isinstance(value, bool):
        raise refused(Code.NOT_TRUE_OR_FALSE, found=shown(value))
    return value


def whole_number_reader(lowest: int, highest: int) -> Callable[[object], int]:
    """Return a reader of whole numbers from *lowest* to *highest*."""

    def read(value: object) -> int:
        if type(value) is not int and not _is_long_whole_number(value):
            raise refused(Code.NOT_WHOLE_NUMBER, found=shown(value))
        if not isinstance(value, int) or not lowest <= value <= highest:
            raise refused(Code.NUMBER_OUT_OF_RANGE, found=shown(value), lowest=lowest, highest=highest)
        return value

    return read


def _is_long_whole_number(value: object) -> bool:
    return isinstance(value, OddNumber) and value.text.removeprefix("-").isdecimal()


def read_decimal(value: object) -> Decimal:
    """Return an exact number from text such as ``"12.50"``; a JSON number may have been a float, so it is refused."""
    if isinstance(value, int | float | OddNumber) and not isinstance(value, bool):
        raise refused(Code.NUMBER_NOT_TEXT, found=shown(value))
    text = read_text(value)
    if len(text) > _LONGEST_DECIMAL or not _DECIMAL.fullmatch(text):
        raise refused(Code.BAD_DECIMAL, found=shown(text))
    return Decimal(text)


def write_decimal(value: Decimal) -> str:
    """Return *value* as text without exponent; zero has no sign.

    Raises:
        ValueError: it is not finite, or has more digits than a document takes.
    """
    text = format(value, "f").removeprefix("-" if not value else "") if value.is_finite() else str(value)
    if not _DECIMAL.fullmatch(text):
        message = f"a document takes numbers with 15 digits before the point and 30 after it, not {value}"
        raise ValueError(message)
    return text


def read_ratio(value: object) -> Fraction:
    """Return an exact number from text such as ``"1/3"`` or ``"2"``."""
    text = read_text(value)
    if not _RATIO.fullmatch(text):
        raise refused(Code.BAD_DECIMAL, found=shown(text))
    return Fraction(text)


def write_ratio(value: Fraction) -> str:
    """Return *value* as text, in lowest terms.

    Raises:
        ValueError: it has more than 30 digits above or below the line.
    """
    text = str(value)
    if not _RATIO.fullmatch(text):
        message = f"a document takes ratios of numbers with up to 30 digits, not {text}"
        raise ValueError(message)
    return text


def read_instant(value: object) -> datetime:
    """Return an instant in UTC from text such as ``2026-03-05T18:00:00Z``."""
    text = read_text(value)
    if not _INSTANT.fullmatch(text):
        code = Code.BAD_INSTANT if _ZONE.search(text) or not _INSTANT.fullmatch(text + "Z") else Code.NAIVE_INSTANT
        raise refused(code, found=shown(text))
    try:
        instant = as_instant(datetime.fromisoformat(text))
        write_instant(instant)  # its year may be another in UTC
    except ValueError:
        raise refused(Code.BAD_INSTANT, found=shown(text)) from None
    return instant


def write_instant(value: datetime) -> str:
    """Return *value* as text in UTC.

    Raises:
        NaiveInstantError: it has no time zone.
        ValueError: its year is not from 1000 to 2999.
    """
    text = iso(value)
    if not _INSTANT.fullmatch(text):
        message = f"a document takes instants of the years 1000 to 2999, not {text}"
        raise ValueError(message)
    return text


def read_duration(value: object) -> timedelta:
    """Return a length of time from text such as ``PT3600S``."""
    text = read_text(value)
    if not _DURATION.fullmatch(text):
        raise refused(Code.BAD_DURATION, found=shown(text))
    seconds, _, fraction = text.lstrip("-PT").removesuffix("S").partition(".")
    length = timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))
    return -length if text.startswith("-") else length


def write_duration(value: timedelta) -> str:
    """Return *value* in seconds, as ISO 8601 has it.

    Raises:
        ValueError: it has more than nine digits of seconds.
    """
    size = abs(value)
    seconds, fraction = size.days * 86400 + size.seconds, f".{size.microseconds:06}" if size.microseconds else ""
    text = f"{'-' if value < timedelta(0) else ''}PT{seconds}{fraction}S"
    if not _DURATION.fullmatch(text):
        message = f"a document takes lengths of time under 1000000000 seconds, not {value}"
        raise ValueError(message)
    return text


def read_actor(value: object) -> Actor:
    """Return who acts, from text such as ``user:amelie`` or ``engine``."""
    text = read_text(value)
    if not _ACTOR.fullmatch(text):
        raise refused(Code.BAD_ACTOR, found=shown(text))
    return Actor.parse(text)


def read_member(kind: type[E], value: object) -> E:
    """Return the member of the enumeration *kind* with this *value*, a text."""
    return kind(one_of(value, [str(each.value) for each in kind]))


def one_of(value: object, accepted: Iterable[str]) -> str:
    """Return *value* if it is one of the *accepted* texts."""
    names = tuple(accepted)
    if not isinstance(value, str) or value not in names:
        raise refused(Code.NOT_ACCEPTED, found=shown(value), accepted=names)
    return value
