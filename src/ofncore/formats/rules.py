"""What some fields of documents take beyond their type, by the field's name."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from ofncore.formats import patterns
from ofncore.formats.dialect import Rule
from ofncore.formats.money import read_currency
from ofncore.formats.problems import refused
from ofncore.formats.scalars import read_text, whole_number_reader
from ofncore.formats.shown import shown
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import MINOR_DIGITS
from ofncore.orders.codes import ALPHABET, is_prefix

#: Longest time after a close for placing what could not be placed before: ten years.
_LONGEST_LATENESS: Final = 3660


@lru_cache(maxsize=1000)
def is_time_zone(name: str) -> bool:
    """Whether the IANA time zone database has *name*."""
    try:
        return re.fullmatch(patterns.TIME_ZONE, name) is not None and ZoneInfo(name) is not None
    except (LookupError, OSError, ValueError):
        return False  # a folder of the database, such as Europe, is an OSError on some systems


@lru_cache(maxsize=1000)
def is_locale(name: str) -> bool:
    """Whether there are words for the language of *name*, such as ``fr``, ``ca_ES`` or ``pt-BR``."""
    try:
        return re.fullmatch(patterns.LOCALE, name) is not None and Locale.parse(name, sep=_separator(name)) is not None
    except (UnknownLocaleError, LookupError, ValueError):
        return False


def _separator(name: str) -> str:
    return "-" if "-" in name else "_"


def _is_country(text: str) -> bool:
    return re.fullmatch(patterns.COUNTRY, text) is not None


def _text_reader(holds: Callable[[str], bool], code: Code) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = read_text(value)
        if not holds(text):
            raise refused(code, found=shown(text))
        return text

    return read


def _read_prefix(value: object) -> str | None:
    if value is None:
        return None
    text = read_text(value)
    if not is_prefix(text):
        raise refused(Code.BAD_PREFIX, found=shown(text), accepted=ALPHABET)
    return text


#: By name of field.
FIELD_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "currency": Rule(read=read_currency, schema={"enum": sorted(MINOR_DIGITS)}),
        "time_zone": Rule(
            read=_text_reader(is_time_zone, Code.BAD_TIME_ZONE),
            schema={"type": "string", "pattern": patterns.TIME_ZONE},
        ),
        "locale": Rule(
            read=_text_reader(is_locale, Code.BAD_LOCALE),
            schema={"type": "string", "pattern": patterns.LOCALE},
        ),
        "country": Rule(
            read=_text_reader(_is_country, Code.BAD_COUNTRY),
            schema={"type": "string", "pattern": patterns.COUNTRY},
        ),
        "order_code_prefix": Rule(
            read=_read_prefix,
            schema={"type": ["string", "null"], "pattern": f"^[{ALPHABET}]{{2,5}}$"},
        ),
        "late_placement_days": Rule(
            read=whole_number_reader(0, _LONGEST_LATENESS),
            schema={"type": "integer", "minimum": 0, "maximum": _LONGEST_LATENESS},
        ),
    }
)
